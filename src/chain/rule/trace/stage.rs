//! Recording a stage: its equations as they are, or one call where they look at values.

use crate::chain::error::SolveError;
use crate::chain::rule::workspace::{Run, Space};
use crate::param::{ParameterKind, Slot};
use crate::scalar::Dual;
use crate::stage::{AnyStage, Call, Runs, Streams};
use crate::tape::{Foreign, ForeignMemory, Traced};
use std::sync::Arc;

/// Records a stage.
pub(in crate::chain) fn stage(
    run: &Run<'_>,
    index: usize,
    space: &mut Space<Traced>,
) -> Result<(), SolveError> {
    Traced::looked();
    let result = run.stage(index, space);
    if Traced::looked() {
        space.objections[index] = None;
        call(run, index, space);
        return Ok(());
    }
    result
}

/// A stage with all that a run of it needs but numbers.
#[derive(Debug)]
struct StageCall {
    stage: Arc<dyn AnyStage>,
    species: usize,
    outlets: usize,
    /// Streams that it writes: outlets and imports.
    own: usize,
    inlets: Vec<usize>,
    demands: Vec<Option<usize>>,
    offers: Vec<Option<usize>>,
    /// Where its parameters lie among the numbers of the call, or among all choices.
    slots: Vec<Slot>,
    /// How many streams it reads.
    reads: usize,
    choices: Vec<usize>,
    constants: Vec<f64>,
    stated: usize,
}

/// Puts a call of a stage in place of its equations.
fn call(run: &Run<'_>, index: usize, space: &mut Space<Traced>) {
    let n = run.tree.species;
    let placed = &run.tree.stages[index];
    let own = placed.writes();
    let mut reads: Vec<usize> = Vec::new();
    let mut seen = |slot: usize| {
        own.len()
            + reads.iter().position(|&other| other == slot).unwrap_or_else(|| {
                reads.push(slot);
                reads.len() - 1
            })
    };
    let inlets: Vec<usize> = placed.inlets.iter().map(|&slot| seen(slot)).collect();
    let demands: Vec<Option<usize>> =
        run.prepared.demands[index].iter().map(|slot| slot.map(&mut seen)).collect();
    let offers: Vec<Option<usize>> =
        run.prepared.offers[index].iter().map(|slot| slot.map(&mut seen)).collect();
    let mut inputs: Vec<Traced> = Vec::new();
    for &slot in &reads {
        inputs.extend(&space.streams[slot * n..(slot + 1) * n]);
    }
    let before = inputs.len();
    let specs = placed.stage.parameters();
    let slots = placed
        .slots
        .iter()
        .zip(&specs)
        .map(|(&slot, spec)| match spec.kind {
            ParameterKind::Number { .. } | ParameterKind::Composition { .. } => {
                let at = inputs.len() - before;
                inputs.extend(&space.numbers[slot.at..slot.at + slot.len]);
                Slot { at, len: slot.len }
            }
            _ => slot,
        })
        .collect();
    let function = StageCall {
        stage: Arc::clone(&placed.stage),
        species: n,
        outlets: placed.outlets,
        own: own.len(),
        inlets,
        demands,
        offers,
        slots,
        reads: reads.len(),
        choices: run.choices.to_vec(),
        constants: run.prepared.constants[index].clone(),
        stated: placed.stated_count,
    };
    let count = own.len() * n + placed.stated_count;
    let outputs = Traced::call(Arc::new(function), &inputs, count);
    let (streams, stated) = outputs.split_at(own.len() * n);
    space.streams[own.start * n..own.end * n].copy_from_slice(streams);
    space.stated[placed.stated..placed.stated + placed.stated_count].copy_from_slice(stated);
}

impl StageCall {
    fn with<S: Runs>(&self, inputs: &[S], outputs: &mut [S]) -> bool {
        let (streams, numbers) = inputs.split_at(self.reads * self.species);
        let (own, stated) = outputs.split_at_mut(self.own * self.species);
        own.fill(S::zero());
        let mut objection = None;
        let mut call = Call {
            streams: Streams { before: &[], own, after: streams },
            inlets: &self.inlets,
            demands: &self.demands,
            offers: &self.offers,
            outlet_count: self.outlets,
            species: self.species,
            slots: &self.slots,
            numbers,
            choices: &self.choices,
            constants: &self.constants,
            stated: &mut stated[..self.stated],
            objection: &mut objection,
        };
        let result = S::run(&*self.stage, &mut call);
        result.is_ok() && objection.is_none()
    }
}

impl Foreign for StageCall {
    fn run(&self, inputs: &[f64], outputs: &mut [f64]) -> bool {
        self.with(inputs, outputs)
    }

    fn slopes(
        &self,
        inputs: &[f64],
        moves: &[f64],
        outputs: &mut [f64],
        memory: &mut ForeignMemory,
    ) -> bool {
        let (own, found) = memory.duals(inputs.len(), outputs.len());
        for ((dual, &value), &slope) in own.iter_mut().zip(inputs).zip(moves) {
            *dual = Dual::new(value, slope);
        }
        let known = self.with(own, found);
        for (output, dual) in outputs.iter_mut().zip(found.iter()) {
            *output = dual.derivative();
        }
        known
    }
}
