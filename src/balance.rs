//! Balances: the only road from a run to a result.
//!
//! For every stage, and for the boundary of every chain, in + imports = out is held for every
//! species (where nothing reacts) and every element. Balances read only the streams at ports.
//! A residual is scaled by the throughput of that species or element at that stage, so that
//! 0.3 kg/s of helium counts as much as a tonne per second of methane.

use crate::chain::{CLOSES_WITHIN, Chain, SolveError};
use crate::param::Values;

/// The worst balance of a stage or chain.
#[derive(Debug, Clone, PartialEq)]
pub struct Balance<'a> {
    /// Address of the stage or chain (a chain's own name for the outermost).
    pub stage: &'a str,
    /// The species or element it closes worst in.
    pub of: &'a str,
    /// What goes in of it, with imports, mol/s.
    pub inflow: f64,
    /// What comes out of it, mol/s.
    pub outflow: f64,
    /// Difference relative to the larger of the two.
    pub residual: f64,
}

/// One stage's or chain's balance being added up.
struct Ledger<'a> {
    chain: &'a Chain,
    inflow: Vec<f64>,
    outflow: Vec<f64>,
    /// Atoms of each element in each species, species after species.
    atoms: Vec<f64>,
    /// What goes in and comes out of each element.
    elements: Vec<[f64; 2]>,
}

impl<'a> Ledger<'a> {
    fn new(chain: &'a Chain) -> Self {
        let (slate, n) = (&chain.slate, chain.tree.species);
        let count = slate.elements().len();
        let atoms = (0..n).flat_map(|species| {
            (0..count).map(move |element| slate.element_counts(element)[species])
        });
        Self {
            chain,
            inflow: vec![0.0; n],
            outflow: vec![0.0; n],
            atoms: atoms.collect(),
            elements: vec![[0.0; 2]; count],
        }
    }

    fn clear(&mut self) {
        self.inflow.fill(0.0);
        self.outflow.fill(0.0);
    }

    fn close(&mut self, stage: &'a str, reacts: bool) -> Result<Balance<'a>, SolveError> {
        self.elements.fill([0.0; 2]);
        let flows = self.inflow.iter().zip(&self.outflow);
        let atoms = self.atoms.chunks_exact(self.elements.len().max(1));
        for ((inflow, outflow), atoms) in flows.zip(atoms) {
            for (sums, count) in self.elements.iter_mut().zip(atoms) {
                *sums = [sums[0] + count * inflow, sums[1] + count * outflow];
            }
        }
        let slate = &self.chain.slate;
        let first = slate.elements().first().map_or("", String::as_str);
        let mut worst = Balance { stage, of: first, inflow: 0.0, outflow: 0.0, residual: 0.0 };
        let mut check = |of: &'a str, inflow: f64, outflow: f64| {
            let whole = inflow.max(outflow);
            let off = (inflow - outflow).abs();
            if off > worst.residual * whole || off.is_nan() {
                worst = Balance { stage, of, inflow, outflow, residual: off / whole };
            }
        };
        if !reacts {
            for (index, species) in slate.iter().enumerate() {
                check(&species.name, self.inflow[index], self.outflow[index]);
            }
        }
        for (name, &[inflow, outflow]) in slate.elements().iter().zip(&self.elements) {
            check(name, inflow, outflow);
        }
        if worst.residual <= CLOSES_WITHIN {
            Ok(worst)
        } else {
            Err(SolveError::NotClosed {
                stage: stage.to_owned(),
                of: worst.of.to_owned(),
                inflow: worst.inflow,
                outflow: worst.outflow,
                residual: worst.residual,
            })
        }
    }
}

fn add(sum: &mut [f64], stream: &[f64]) {
    for (sum, flow) in sum.iter_mut().zip(stream) {
        *sum += flow;
    }
}

/// Closes all balances over the streams of a run.
///
/// # Errors
/// The first stage or chain that does not close, or gives a flow that cannot be.
pub(crate) fn close<'a>(
    chain: &'a Chain,
    values: &Values,
    streams: &[f64],
) -> Result<Vec<Balance<'a>>, SolveError> {
    let tree = &chain.tree;
    let n = tree.species;
    let stream = |slot: usize| &streams[slot * n..(slot + 1) * n];
    let mut ledger = Ledger::new(chain);
    let mut balances = Vec::with_capacity(tree.stages.len() + tree.levels.len());
    for placed in &tree.stages {
        ledger.clear();
        for &inlet in &placed.inlets {
            add(&mut ledger.inflow, stream(inlet));
        }
        for import in 0..placed.import_names.len() {
            add(&mut ledger.inflow, stream(placed.import_slot(import)));
        }
        for outlet in 0..placed.outlets {
            add(&mut ledger.outflow, stream(placed.own + outlet));
        }
        for slot in placed.writes() {
            for (species, &flow) in stream(slot).iter().enumerate() {
                if !(0.0..f64::INFINITY).contains(&flow) {
                    let through = ledger.inflow[species].max(ledger.outflow[species]);
                    // what rounding leaves of a stream that is used up
                    if flow < 0.0 && -flow <= 1e-12 * through {
                        continue;
                    }
                    return Err(SolveError::ImpossibleFlow {
                        stage: placed.address.clone(),
                        species: chain.slate.get(species).name.clone(),
                        flow,
                    });
                }
            }
        }
        balances.push(ledger.close(&placed.address, placed.stage.reacts())?);
    }
    for level in &tree.levels {
        ledger.clear();
        for &inlet in &level.inlets {
            add(&mut ledger.inflow, stream(tree.inlets[inlet].accepted));
        }
        let stages = &tree.stages[level.stage_range.0..level.stage_range.1];
        for placed in stages {
            for import in 0..placed.import_names.len() {
                let own = level.slot_range.0..level.slot_range.1;
                let offer = placed.offer(import, &values.choices);
                if offer.is_none_or(|slot| !own.contains(&slot)) {
                    add(&mut ledger.inflow, stream(placed.import_slot(import)));
                }
            }
        }
        if level.parent.is_none() {
            for link in tree.links.iter().filter(|link| link.to.is_none()) {
                add(&mut ledger.outflow, stream(link.slot));
            }
        } else {
            for (_, slot) in &level.outlets {
                add(&mut ledger.outflow, stream(*slot));
            }
            // an inner inlet's surplus never enters; one inside this level that leaves by an
            // outlet is counted there
        }
        let reacts = stages.iter().any(|placed| placed.stage.reacts());
        balances.push(ledger.close(&level.name, reacts)?);
    }
    Ok(balances)
}
