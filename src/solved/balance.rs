//! Balances: the only road from a run to a result.
//!
//! For every stage, and for the boundary of every chain, in + imports = out is held for every
//! species (where nothing reacts) and every element. Balances read only the streams at ports.
//! A residual is scaled by the throughput of that species or element at that stage, so that
//! 0.3 kg/s of helium counts as much as a tonne per second of methane; less than 1e-15 of all moles
//! there is what rounding leaves of the others.

use super::through::{FEW_DIGITS, Through, residual};
use crate::chain::{CLOSES_WITHIN, Chain, LevelId, SolveError, StageId};
use crate::ids::Ids;
use crate::param::Values;
use crate::stage::Streams;
use multiversion::multiversion;

/// Residuals up to this are those of rounding, whatever they are relative to.
const ROUNDING: f64 = 1e-13;

/// The worst balance of a stage or chain.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
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

/// The worst balance of a stage or chain, as a result keeps it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Closed {
    owner: Owner,
    of: Of,
    inflow: f64,
    outflow: f64,
    pub residual: f64,
}

#[derive(Debug, Clone, Copy)]
enum Owner {
    Stage(StageId),
    Level(LevelId),
}

#[derive(Debug, Clone, Copy)]
enum Of {
    Element(usize),
    Species(usize),
}

impl Owner {
    fn address(self, chain: &Chain) -> &str {
        match self {
            Self::Stage(id) => &chain.tree.stages[id].address,
            Self::Level(id) => &chain.tree.levels[id].name,
        }
    }
}

impl Closed {
    /// With its names.
    pub fn balance(self, chain: &Chain) -> Balance<'_> {
        let Self { owner, of, inflow, outflow, residual } = self;
        let of = match of {
            Of::Element(element) => chain.slate.elements().get(element).map_or("", String::as_str),
            Of::Species(species) => &chain.slate.get(species).name,
        };
        Balance { stage: owner.address(chain), of, inflow, outflow, residual }
    }
}

/// One stage's or chain's balance being added up.
struct Ledger<'a> {
    chain: &'a Chain,
    through: Through<f64>,
    /// By species, what is off relative to the larger of the two.
    residuals: Vec<f64>,
}

impl Ledger<'_> {
    /// Where nothing reacts, elements close as well as the species that they are in: each is off
    /// by no more than the sum of what those are off by.
    fn worst(&mut self, owner: Owner, reacts: bool, least: f64) -> Closed {
        let slate = &self.chain.slate;
        let none = Of::Element(0);
        let mut worst = Closed { owner, of: none, inflow: 0.0, outflow: 0.0, residual: 0.0 };
        if reacts {
            for element in 0..slate.elements().len() {
                let counts = slate.element_counts(element);
                let (inflow, outflow) = self.through.of_element(counts);
                let residual = residual(inflow, outflow, least);
                if residual > worst.residual {
                    let of = Of::Element(element);
                    worst = Closed { owner, of, inflow, outflow, residual };
                }
            }
        } else {
            let Through { inflow, outflow } = &self.through;
            let residual = residuals(inflow, outflow, least, &mut self.residuals);
            if residual > 0.0 {
                let same = |own: &f64| own.total_cmp(&residual).is_eq();
                let index = self.residuals.iter().position(same).unwrap_or_default();
                let (inflow, outflow) = (inflow[index], outflow[index]);
                worst = Closed { owner, of: Of::Species(index), inflow, outflow, residual };
            }
        }
        worst
    }

    /// The worst balance, if it closes.
    fn close(&mut self, owner: Owner, reacts: bool) -> Result<Closed, SolveError> {
        let mut worst = self.worst(owner, reacts, FEW_DIGITS);
        if worst.residual > ROUNDING {
            // it may be that of next to nothing
            worst = self.worst(owner, reacts, self.through.least());
        }
        if worst.residual <= CLOSES_WITHIN {
            Ok(worst)
        } else {
            let worst = worst.balance(self.chain);
            Err(SolveError::NotClosed {
                stage: worst.stage.to_owned(),
                of: worst.of.to_owned(),
                inflow: worst.inflow,
                outflow: worst.outflow,
                residual: worst.residual,
            })
        }
    }
}

/// Writes residuals by species, gives the largest.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx512dq", "x86_64+avx2", "aarch64+neon"))]
fn residuals(inflow: &[f64], outflow: &[f64], least: f64, residuals: &mut [f64]) -> f64 {
    let flows = inflow.iter().zip(outflow);
    for (own, (&inflow, &outflow)) in residuals.iter_mut().zip(flows) {
        *own = residual(inflow, outflow, least);
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

/// Closes all balances over the streams of a run.
///
/// # Errors
/// The first stage or chain that does not close, or gives a flow that cannot be.
pub(super) fn close(
    chain: &Chain,
    values: &Values,
    streams: &Streams<f64>,
) -> Result<Vec<Closed>, SolveError> {
    let tree = &chain.tree;
    let mut ledger =
        Ledger { chain, through: Through::new(tree.species), residuals: vec![0.0; tree.species] };
    let mut balances = Vec::with_capacity(tree.stages.len() + tree.levels.len());
    let all_possible = are_possible(streams.flows());
    for (id, placed) in tree.stages.pairs() {
        ledger.through.stage(placed, streams);
        let written = if all_possible { Ids::default() } else { placed.writes() };
        for stream in written.iter() {
            for (species, &flow) in streams[stream].iter().enumerate() {
                let Through { inflow, outflow } = &ledger.through;
                // what rounding leaves of a stream that is used up
                let is_rounding =
                    flow < 0.0 && -flow <= 1e-12 * inflow[species].max(outflow[species]);
                if !is_possible(flow) && !is_rounding {
                    return Err(SolveError::ImpossibleFlow {
                        stage: placed.address.clone(),
                        species: chain.slate.get(species).name.clone(),
                        flow,
                    });
                }
            }
        }
        balances.push(ledger.close(Owner::Stage(id), placed.stage.spec().is_reacting())?);
    }
    for (id, level) in tree.levels.pairs() {
        ledger.through.level(tree, level, values, streams);
        let reacts =
            tree.stages[level.stages].iter().any(|placed| placed.stage.spec().is_reacting());
        balances.push(ledger.close(Owner::Level(id), reacts)?);
    }
    Ok(balances)
}
