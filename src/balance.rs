//! Balances: the only road from a run to a result.
//!
//! For every stage, and for the boundary of every chain, in + imports = out is held for every
//! species (where nothing reacts) and every element. Balances read only the streams at ports.
//! A residual is scaled by the throughput of that species or element at that stage, so that
//! 0.3 kg/s of helium counts as much as a tonne per second of methane.

use crate::chain::Chain;
use crate::stage::StageError;

/// Largest residual that counts as closed, relative to the throughput of the species or element.
pub const CLOSES_WITHIN: f64 = 1e-9;

/// Why a chain could not be solved.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SolveError {
    /// A stage or chain does not close.
    #[error(
        "{stage} does not close in {of}: {inflow} mol/s in, {outflow} mol/s out (residual {residual:.3e}; allowed: {CLOSES_WITHIN:e} of the throughput)"
    )]
    NotClosed {
        /// Address of the stage or chain.
        stage: String,
        /// The species or element.
        of: String,
        /// What goes in, with imports, mol/s.
        inflow: f64,
        /// What comes out, mol/s.
        outflow: f64,
        /// Difference relative to the larger of the two.
        residual: f64,
    },
    /// A flow that is negative or not a number.
    #[error("{stage} gives a flow of {flow} mol/s of {species}; allowed: 0 and more")]
    ImpossibleFlow {
        /// Address of the stage.
        stage: String,
        /// The species.
        species: String,
        /// The flow, mol/s.
        flow: f64,
    },
    /// A stage's equations have no meaning for what came in.
    #[error("{stage}: {source}")]
    Stage {
        /// Address of the stage.
        stage: String,
        /// What it cannot do.
        source: StageError,
    },
    /// A limit that is broken before anything is accepted.
    #[error("limit {limit} is broken at zero flow, by {over} {unit}")]
    BrokenAtZeroFlow {
        /// Address of the limit.
        limit: String,
        /// By how much, in `unit`.
        over: f64,
        /// Unit of the limit.
        unit: String,
    },
    /// A recycle that has no solution.
    #[error("the recycle {path} has no solution: {why}")]
    Recycle {
        /// Its stages.
        path: String,
        /// Why.
        why: String,
    },
    /// The operating rule did not converge.
    #[error("the operating rule did not converge in {place}")]
    NotConverged {
        /// Name of the chain.
        place: String,
    },
}

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
}

impl<'a> Ledger<'a> {
    fn clear(&mut self) {
        self.inflow.fill(0.0);
        self.outflow.fill(0.0);
    }

    fn close(&self, stage: &'a str, reacts: bool) -> Result<Balance<'a>, SolveError> {
        let slate = &self.chain.slate;
        let first = slate.elements().first().map_or("", String::as_str);
        let mut worst = Balance { stage, of: first, inflow: 0.0, outflow: 0.0, residual: 0.0 };
        let mut check = |of: &'a str, inflow: f64, outflow: f64| {
            let whole = inflow.max(outflow);
            let off = (inflow - outflow).abs();
            // not above, which a NaN is not either
            if !(off <= worst.residual * whole) {
                worst = Balance { stage, of, inflow, outflow, residual: off / whole };
            }
        };
        if !reacts {
            for (index, species) in slate.iter().enumerate() {
                check(&species.name, self.inflow[index], self.outflow[index]);
            }
        }
        for (element, name) in slate.elements().iter().enumerate() {
            let count = |flows: &[f64]| -> f64 {
                slate.element_counts(element).iter().zip(flows).map(|(a, n)| a * n).sum()
            };
            check(name, count(&self.inflow), count(&self.outflow));
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
    streams: &[f64],
) -> Result<Vec<Balance<'a>>, SolveError> {
    let tree = &chain.tree;
    let n = tree.species;
    let stream = |slot: usize| &streams[slot * n..(slot + 1) * n];
    let mut ledger = Ledger { chain, inflow: vec![0.0; n], outflow: vec![0.0; n] };
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
                if !(flow >= 0.0 && flow < f64::INFINITY) {
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
            for (import, offer) in placed.offers.iter().enumerate() {
                if offer.is_none() {
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
