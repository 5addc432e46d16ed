//! The energy ledger: heating value in + heat of reaction = out + burned, for every stage and chain.
//!
//! Heats are heats of combustion at 25 degC, net in one half of the ledger and gross in the other,
//! `E = sum n_i H_i`: of gases those of ISO 6976:2016, of pseudo-species what the slate has for them.
//! A stage that reacts takes heat up or gives it off: there, `out + burned - in` is the heat of its
//! reactions in terms of combustion (above zero: taken up, as a cracker does). The reactions of a
//! chain are those of its stages, so that its own ends close against the sum of all that happens
//! inside. Where a species has no known heat and flows, the ledger says `None` rather than count it
//! as nothing.

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
    /// What those of `stages` are.
    pub of: String,
    /// Stages, then chains, in the order of their balances, by net heat.
    pub stages: Vec<StageEnergy>,
    /// The same by gross heat.
    pub gross: Vec<StageEnergy>,
}

/// The heating value through one stage or chain, PJ/yr at 25 degC.
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
    /// Heat that reactions take up: of a stage that reacts `outflow + burned - inflow - imported`, of
    /// a chain the sum over its stages; `None` where nothing reacts.
    pub reaction: Option<f64>,
    /// `outflow + burned - inflow - imported - reaction`, relative to what goes through; `None` of a
    /// stage that reacts, whose reactions are this difference.
    pub residual: Option<f64>,
}

impl Energy {
    /// The ledger of a result.
    #[must_use]
    pub fn of(solved: &Solved) -> Self {
        Self {
            unit: "PJ/yr".to_owned(),
            of: "net heat of combustion at 25 degC".to_owned(),
            stages: half(solved, &Measure::Energy),
            gross: half(solved, &Measure::GrossEnergy),
        }
    }

    /// The net heating value through one stage or chain by its address.
    #[must_use]
    pub fn stage(&self, address: &str) -> Option<&StageEnergy> {
        self.stages.iter().find(|stage| stage.stage == address)
    }
}

/// Stages, then chains, by net or by gross heat.
fn half(solved: &Solved, heat: &Measure) -> Vec<StageEnergy> {
    let tree = &solved.chain().tree;
    let mut stages: Vec<StageEnergy> = Vec::new();
    for placed in &tree.stages {
        let spec = placed.stage.spec();
        let (burned, out): (Vec<_>, Vec<_>) =
            placed.outlets.iter().enumerate().partition(|&(at, _)| spec.is_burned(at));
        let stream = |(_, stream): (usize, StreamId)| stream;
        let ends = Ends {
            inflow: sum(solved, heat, placed.inlets.iter().copied()),
            imported: sum(solved, heat, placed.imports.iter()),
            outflow: sum(solved, heat, out.into_iter().map(stream)),
            burned: sum(solved, heat, burned.into_iter().map(stream)),
        };
        stages.push(ends.of_stage(&placed.address, spec.is_reacting()));
    }
    let chains = tree.levels.pairs().map(|(id, level)| {
        let burned = |(_, stream, to): &(String, StreamId, Option<String>)| {
            let exit = tree.exit_of(*stream, to.as_deref());
            exit.is_some_and(|exit| exit.how.is_combustion())
        };
        let (burned, out): (Vec<_>, Vec<_>) =
            exits_of(solved.chain(), id).into_iter().partition(burned);
        let stream = |(_, stream, _): (String, StreamId, Option<String>)| stream;
        let accepted = level.inlets.iter().map(|&inlet| tree.inlets[inlet].accepted);
        let imports = imports_of(solved, id).into_iter().map(|(_, stream)| stream);
        let ends = Ends {
            inflow: sum(solved, heat, accepted),
            imported: sum(solved, heat, imports),
            outflow: sum(solved, heat, out.into_iter().map(stream)),
            burned: sum(solved, heat, burned.into_iter().map(stream)),
        };
        let inside = tree.stages[level.stages].iter().zip(&stages[level.stages.range()]);
        let reactions: Vec<Option<f64>> = inside
            .filter(|(placed, _)| placed.stage.spec().is_reacting())
            .map(|(_, stage)| stage.reaction)
            .collect();
        ends.of_chain(&level.name, &reactions)
    });
    let chains: Vec<StageEnergy> = chains.collect();
    stages.extend(chains);
    stages
}

/// What flows in several streams, PJ/yr; `None` where the heat of one is not known.
fn sum(
    solved: &Solved,
    heat: &Measure,
    streams: impl IntoIterator<Item = StreamId>,
) -> Option<f64> {
    let heat = |stream| match solved.view(stream) {
        stream if stream.mol_per_s() == 0.0 => Some(0.0),
        stream => stream.measure(heat),
    };
    streams.into_iter().map(heat).sum()
}

/// The heating value at the ends of a stage or chain, PJ/yr.
#[derive(Debug, Clone, Copy)]
struct Ends {
    inflow: Option<f64>,
    imported: Option<f64>,
    outflow: Option<f64>,
    burned: Option<f64>,
}

impl Ends {
    /// What enters and what leaves.
    fn both(self) -> Option<(f64, f64)> {
        let (entering, leaving) = (self.inflow.zip(self.imported), self.outflow.zip(self.burned));
        let both = entering.zip(leaving);
        both.map(|((inflow, imported), (out, burned))| (inflow + imported, out + burned))
    }

    fn of_stage(self, address: &str, reacts: bool) -> StageEnergy {
        if reacts {
            let reaction = self.both().map(|(entering, leaving)| leaving - entering);
            self.named(address, reaction, None)
        } else {
            self.named(address, None, self.residual(0.0))
        }
    }

    fn of_chain(self, address: &str, reactions: &[Option<f64>]) -> StageEnergy {
        let reaction: Option<f64> = reactions.iter().copied().sum();
        let residual = reaction.and_then(|reaction| self.residual(reaction));
        self.named(address, reaction.filter(|_| !reactions.is_empty()), residual)
    }

    /// What is left of the difference when reactions are taken off, relative to what goes through.
    fn residual(self, reaction: f64) -> Option<f64> {
        self.both().map(|(entering, leaving)| {
            let whole = entering.max(leaving);
            if whole > 0.0 { (leaving - entering - reaction).abs() / whole } else { 0.0 }
        })
    }

    fn named(self, address: &str, reaction: Option<f64>, residual: Option<f64>) -> StageEnergy {
        let Self { inflow, imported, outflow, burned } = self;
        let stage = address.to_owned();
        StageEnergy { stage, inflow, imported, outflow, burned, reaction, residual }
    }
}
