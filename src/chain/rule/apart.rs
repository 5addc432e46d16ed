//! A stage taken out of its chain: what it reads there, to be run by itself.

use super::plan::GasAt;
use super::workspace::{Operates, Run, Space};
use crate::chain::tree::StageId;
use crate::ids::{Id, Ids};
use crate::param::{Number, Slot};
use crate::stage::{Alone, StreamId};

/// A stage with the places of all that it reads.
#[derive(Debug, Clone)]
pub(in crate::chain) struct Apart {
    pub alone: Alone,
    reads: Vec<StreamId>,
    numbers: Vec<Ids<Number>>,
    gas: Option<GasAt>,
}

impl Apart {
    /// Takes a stage out, joined and set as it is.
    pub fn of<S: Operates>(run: &Run<'_>, id: StageId, space: &Space<S>) -> Self {
        let Run { tree, prepared, choices, .. } = *run;
        let placed = &tree.stages[id];
        let own = placed.writes().len();
        let mut reads: Vec<StreamId> = Vec::new();
        let mut seen = |stream: StreamId| {
            let known = reads.iter().position(|&other| other == stream);
            let at = known.unwrap_or_else(|| {
                reads.push(stream);
                reads.len() - 1
            });
            Id::at(own + at)
        };
        let inlets = placed.inlets.iter().map(|&stream| seen(stream)).collect();
        let mut joined = |ties: &[Option<StreamId>]| -> Vec<Option<StreamId>> {
            ties.iter().map(|stream| stream.map(&mut seen)).collect()
        };
        let demands = joined(&prepared.demands[id]);
        let offers = joined(&prepared.offers[id]);
        let mut numbers = Vec::new();
        let mut count: Ids<Number> = Ids::default();
        let slots = placed.slots.iter().map(|&slot| match slot {
            Slot::Number(at) => {
                numbers.push(Ids::starting(at, 1));
                Slot::Number(count.more(1).first())
            }
            Slot::Composition(at, balance) => {
                numbers.push(at);
                Slot::Composition(count.more(at.len()), balance)
            }
            Slot::Choice(_) | Slot::Order(_) => slot,
        });
        let slots = slots.collect();
        let gas = prepared.sources.gas(id);
        let alone = Alone {
            spec: placed.stage.spec().id(),
            species: tree.species,
            outlets: placed.outlets.len(),
            own,
            inlets,
            demands,
            offers,
            slots,
            reads: reads.len(),
            choices: choices.clone(),
            constants: prepared.constants[id].clone(),
            loads: placed.loads.len(),
            gas: gas.and_then(|gas| space.gases.alone(gas)),
        };
        Self { alone, reads, numbers, gas }
    }

    /// Gathers what it reads.
    pub fn gather<S: Operates>(&self, space: &Space<S>, inputs: &mut Vec<S>) {
        inputs.clear();
        for &stream in &self.reads {
            inputs.extend(&space.streams[stream]);
        }
        for &numbers in &self.numbers {
            inputs.extend(&space.numbers[numbers]);
        }
        inputs.extend(self.gas.into_iter().flat_map(|gas| space.gases.own_numbers(gas)));
    }
}
