//! Balances: the only road from a run to a result.
//!
//! For every stage, and for the boundary of every chain, in + imports = out is held for every
//! species (where nothing reacts) and every element. Balances read only the streams at ports.
//! A residual is scaled by the throughput of that species or element at that stage, so that
//! 0.3 kg/s of helium counts as much as a tonne per second of methane.

use crate::chain::{CLOSES_WITHIN, Chain, SolveError};
use crate::ids::Ids;
use crate::param::Values;
use crate::stage::Streams;
use multiversion::multiversion;

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
    /// By species, what is off relative to the larger of the two.
    residuals: Vec<f64>,
}

impl<'a> Ledger<'a> {
    fn new(chain: &'a Chain) -> Self {
        let n = chain.tree.species;
        Self { chain, inflow: vec![0.0; n], outflow: vec![0.0; n], residuals: vec![0.0; n] }
    }

    fn clear(&mut self) {
        self.inflow.fill(0.0);
        self.outflow.fill(0.0);
    }

    /// Where nothing reacts, elements close as well as the species that they are in: each is off
    /// by no more than the sum of what those are off by.
    fn close(&mut self, stage: &'a str, reacts: bool) -> Result<Balance<'a>, SolveError> {
        let slate = &self.chain.slate;
        let first = slate.elements().first().map_or("", String::as_str);
        let mut worst = Balance { stage, of: first, inflow: 0.0, outflow: 0.0, residual: 0.0 };
        if reacts {
            for (element, name) in slate.elements().iter().enumerate() {
                let counts = slate.element_counts(element);
                let (inflow, outflow) = (sum(counts, &self.inflow), sum(counts, &self.outflow));
                let residual = residual(inflow, outflow);
                if residual > worst.residual {
                    worst = Balance { stage, of: name, inflow, outflow, residual };
                }
            }
        } else {
            let residual = residuals(&self.inflow, &self.outflow, &mut self.residuals);
            if residual > 0.0 {
                let same = |own: &f64| own.total_cmp(&residual).is_eq();
                let index = self.residuals.iter().position(same).unwrap_or_default();
                let (inflow, outflow) = (self.inflow[index], self.outflow[index]);
                worst = Balance { stage, of: &slate.get(index).name, inflow, outflow, residual };
            }
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

/// Atoms of an element in a flow.
fn sum(counts: &[f64], flow: &[f64]) -> f64 {
    counts.iter().zip(flow).fold(0.0, |sum, (count, flow)| sum + count * flow)
}

/// What is off relative to the larger of the two; infinite where that is no number.
#[inline]
fn residual(inflow: f64, outflow: f64) -> f64 {
    let off = (inflow - outflow).abs();
    let share = off / inflow.max(outflow);
    let share = if share.is_nan() { f64::INFINITY } else { share };
    if off == 0.0 { 0.0 } else { share }
}

/// Writes residuals by species, gives the largest.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx512dq", "x86_64+avx2", "aarch64+neon"))]
fn residuals(inflow: &[f64], outflow: &[f64], residuals: &mut [f64]) -> f64 {
    let flows = inflow.iter().zip(outflow);
    for (own, (&inflow, &outflow)) in residuals.iter_mut().zip(flows) {
        *own = residual(inflow, outflow);
    }
    residuals.iter().fold(0.0, |worst, &own| if own > worst { own } else { worst })
}

/// Whether all flows can be: not below zero, and finite.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx512dq", "x86_64+avx2", "aarch64+neon"))]
fn are_possible(flows: &[f64]) -> bool {
    flows.iter().fold(true, |all, &flow| all & is_possible(flow))
}

#[inline]
fn is_possible(flow: f64) -> bool {
    (0.0..f64::INFINITY).contains(&flow)
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
    streams: &Streams<f64>,
) -> Result<Vec<Balance<'a>>, SolveError> {
    let tree = &chain.tree;
    let mut ledger = Ledger::new(chain);
    let mut balances = Vec::with_capacity(tree.stages.len() + tree.levels.len());
    let all_possible = are_possible(streams.flows());
    for placed in &tree.stages {
        ledger.clear();
        for &inlet in &placed.inlets {
            add(&mut ledger.inflow, &streams[inlet]);
        }
        for import in placed.imports.iter() {
            add(&mut ledger.inflow, &streams[import]);
        }
        for outlet in placed.outlets.iter() {
            add(&mut ledger.outflow, &streams[outlet]);
        }
        let written = if all_possible { Ids::default() } else { placed.writes() };
        for stream in written.iter() {
            for (species, &flow) in streams[stream].iter().enumerate() {
                let through = ledger.inflow[species].max(ledger.outflow[species]);
                // what rounding leaves of a stream that is used up
                let is_rounding = flow < 0.0 && -flow <= 1e-12 * through;
                if !is_possible(flow) && !is_rounding {
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
            add(&mut ledger.inflow, &streams[tree.inlets[inlet].accepted]);
        }
        let stages = &tree.stages[level.stages];
        for placed in stages {
            for (index, import) in placed.imports.iter().enumerate() {
                let offer = placed.offer(index, &values.choices);
                if offer.is_none_or(|stream| !level.streams.contains(stream)) {
                    add(&mut ledger.inflow, &streams[import]);
                }
            }
        }
        if level.parent.is_none() {
            for link in tree.links.iter().filter(|link| link.to.is_none()) {
                add(&mut ledger.outflow, &streams[link.stream]);
            }
        } else {
            for (_, stream) in &level.outlets {
                add(&mut ledger.outflow, &streams[*stream]);
            }
            // an inner inlet's surplus never enters; one inside this level that leaves by an
            // outlet is counted there
        }
        let reacts = stages.iter().any(|placed| placed.stage.reacts());
        balances.push(ledger.close(&level.name, reacts)?);
    }
    Ok(balances)
}
