//! The energy ledger: heating value in = out + burned, for every stage that does not react.
//!
//! Heats are net heats of combustion at 25 degC (ISO 6976:2016), `E = sum n_i H_i`. A stage that
//! reacts takes heat up or gives it off: there, `out + burned - in` is the heat of its reactions
//! in terms of combustion (above zero: taken up, as a cracker does). Where a species has no known
//! heat (a pseudo-component, a repeat unit of a polymer) and flows, the ledger says `None`
//! rather than count it as nothing.

use super::{exits_of, imports_of};
use crate::measure::Measure;
use crate::solved::Solved;
use crate::stage::StreamId;
use serde::{Deserialize, Serialize};

/// What becomes of the heating value that enters each stage and each chain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Energy {
    /// Unit of all its numbers: `PJ/yr`.
    pub unit: String,
    /// What they are.
    pub of: String,
    /// Stages, then chains, in the order of their balances.
    pub stages: Vec<StageEnergy>,
}

/// The heating value through one stage or chain, PJ/yr, net at 25 degC.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct StageEnergy {
    /// Address of the stage or chain; a chain's own name for the outermost.
    pub stage: String,
    /// At its inlets.
    #[serde(rename = "in")]
    pub inflow: Option<f64>,
    /// Imported.
    pub imported: Option<f64>,
    /// At its outlets, but for what is burned.
    #[serde(rename = "out")]
    pub outflow: Option<f64>,
    /// At the outlets by which fuel leaves to be burned, or gas to a flare: of a stage those that
    /// it says burn, of a chain those that leave the outermost one as burned or flared.
    pub burned: Option<f64>,
    /// `outflow + burned - inflow - imported`, where the stage reacts: heat its reactions take up.
    pub reaction: Option<f64>,
    /// The same difference relative to what goes through, where nothing reacts.
    pub residual: Option<f64>,
}

/// What flows in several streams, PJ/yr; `None` where the heat of one is not known.
fn sum(solved: &Solved, streams: impl IntoIterator<Item = StreamId>) -> Option<f64> {
    let heat = |stream| match solved.view(stream) {
        stream if stream.mol_per_s() == 0.0 => Some(0.0),
        stream => stream.measure(&Measure::Energy),
    };
    streams.into_iter().map(heat).sum()
}

impl Energy {
    /// The ledger of a result.
    #[must_use]
    pub fn of(solved: &Solved) -> Self {
        let tree = &solved.chain().tree;
        let stages = tree.stages.iter().map(|placed| {
            let (burned, out): (Vec<_>, Vec<_>) = placed
                .outlets
                .iter()
                .enumerate()
                .partition(|&(at, _)| placed.stage.spec().is_burned(at));
            let stream = |(_, stream): (usize, StreamId)| stream;
            StageEnergy::new(
                placed.address.clone(),
                placed.stage.spec().is_reacting(),
                sum(solved, placed.inlets.iter().copied()),
                sum(solved, placed.imports.iter()),
                sum(solved, out.into_iter().map(stream)),
                sum(solved, burned.into_iter().map(stream)),
            )
        });
        let chains = tree.levels.pairs().map(|(id, level)| {
            let inside = &tree.stages[level.stages];
            let burned = |(_, stream, to): &(String, StreamId, Option<String>)| {
                let exit = tree.exit_of(*stream, to.as_deref());
                exit.is_some_and(|exit| exit.how.is_combustion())
            };
            let (burned, out): (Vec<_>, Vec<_>) =
                exits_of(solved.chain(), id).into_iter().partition(burned);
            let stream = |(_, stream, _): (String, StreamId, Option<String>)| stream;
            StageEnergy::new(
                level.name.clone(),
                inside.iter().any(|placed| placed.stage.spec().is_reacting()),
                sum(solved, level.inlets.iter().map(|&inlet| tree.inlets[inlet].accepted)),
                sum(solved, imports_of(solved, id).into_iter().map(|(_, stream)| stream)),
                sum(solved, out.into_iter().map(stream)),
                sum(solved, burned.into_iter().map(stream)),
            )
        });
        Self {
            unit: "PJ/yr".to_owned(),
            of: "net heat of combustion at 25 degC".to_owned(),
            stages: stages.chain(chains).collect(),
        }
    }

    /// The heating value through one stage or chain by its address.
    #[must_use]
    pub fn stage(&self, address: &str) -> Option<&StageEnergy> {
        self.stages.iter().find(|stage| stage.stage == address)
    }
}

impl StageEnergy {
    fn new(
        stage: String,
        reacts: bool,
        inflow: Option<f64>,
        imported: Option<f64>,
        outflow: Option<f64>,
        burned: Option<f64>,
    ) -> Self {
        let ends = inflow.zip(imported).zip(outflow.zip(burned));
        let both =
            ends.map(|((inflow, imported), (out, burned))| (inflow + imported, out + burned));
        let off = both.map(|(entering, leaving)| leaving - entering);
        let relative = both.map(|(entering, leaving)| {
            let whole = entering.max(leaving);
            if whole > 0.0 { (leaving - entering).abs() / whole } else { 0.0 }
        });
        Self {
            stage,
            inflow,
            imported,
            outflow,
            burned,
            reaction: off.filter(|_| reacts),
            residual: relative.filter(|_| !reacts),
        }
    }
}
