//! Recording a stage: its equations as they are, or one call where they look at values.

use crate::chain::error::SolveError;
use crate::chain::rule::workspace::{Run, Space};
use crate::chain::tree::StageId;
use crate::ids::{Id, Ids};
use crate::param::{Choices, Number, Slot};
use crate::scalar::{Dual, Scalar};
use crate::stage::{AnyStage, Around, Call, Runs, StreamId};
use crate::tape::{Foreign, ForeignMemory, Traced};
use std::cell::Cell;
use std::sync::Arc;

/// Records a stage.
pub(in crate::chain) fn stage(
    run: &Run<'_>,
    id: StageId,
    space: &mut Space<Traced>,
) -> Result<(), SolveError> {
    Traced::looked();
    let guards = Traced::guards();
    let result = run.stage(id, space);
    if Traced::looked() {
        Traced::forget_guards(guards);
        space.objections[id] = None;
        call(run, id, space);
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
    /// Where the streams that it reads lie: behind its own, as if there were no others.
    inlets: Vec<StreamId>,
    demands: Vec<Option<StreamId>>,
    offers: Vec<Option<StreamId>>,
    /// Where its parameters lie among the numbers of the call, or among all choices.
    slots: Vec<Slot>,
    /// How many streams it reads.
    reads: usize,
    choices: Choices,
    constants: Vec<f64>,
    stated: usize,
}

/// What a call says beside what its stage writes: above zero where its equations end in an error,
/// and where they object to what came in.
const SAYS: usize = 2;

/// Puts a call of a stage in place of its equations. Whether it has an answer is judged whatever is
/// asked for: an error counts wherever the stage is run, an objection where the run ends.
fn call(run: &Run<'_>, id: StageId, space: &mut Space<Traced>) {
    let placed = &run.tree.stages[id];
    let own = placed.writes();
    let mut reads: Vec<StreamId> = Vec::new();
    let mut seen = |stream: StreamId| {
        let known = reads.iter().position(|&other| other == stream);
        let at = known.unwrap_or_else(|| {
            reads.push(stream);
            reads.len() - 1
        });
        Id::at(own.len() + at)
    };
    let inlets: Vec<StreamId> = placed.inlets.iter().map(|&stream| seen(stream)).collect();
    let demands: Vec<Option<StreamId>> =
        run.prepared.demands[id].iter().map(|stream| stream.map(&mut seen)).collect();
    let offers: Vec<Option<StreamId>> =
        run.prepared.offers[id].iter().map(|stream| stream.map(&mut seen)).collect();
    let mut inputs: Vec<Traced> = Vec::new();
    for &stream in &reads {
        inputs.extend(&space.streams[stream]);
    }
    let mut numbers: Ids<Number> = Ids::default();
    let slots = placed.slots.iter().map(|&slot| match slot {
        Slot::Number(at) => {
            inputs.push(space.numbers[at]);
            Slot::Number(numbers.more(1).first())
        }
        Slot::Composition(at) => {
            inputs.extend(&space.numbers[at]);
            Slot::Composition(numbers.more(at.len()))
        }
        Slot::Choice(_) | Slot::Order(_) => slot,
    });
    let slots = slots.collect();
    let function = StageCall {
        stage: Arc::clone(&placed.stage),
        species: run.tree.species,
        outlets: placed.outlets.len(),
        own: own.len(),
        inlets,
        demands,
        offers,
        slots,
        reads: reads.len(),
        choices: run.choices.clone(),
        constants: run.prepared.constants[id].clone(),
        stated: placed.loads.len(),
    };
    let streams = own.len() * run.tree.species;
    let written = streams + placed.loads.len();
    let outputs = Traced::call(Arc::new(function), &inputs, written + SAYS);
    let (written, says) = outputs.split_at(written);
    says[0].lose();
    says[1].object();
    let (streams, stated) = written.split_at(streams);
    space.streams[own].copy_from_slice(streams);
    space.stated[placed.loads].copy_from_slice(stated);
}

impl StageCall {
    fn with<S: Runs>(&self, inputs: &[S], outputs: &mut [S]) {
        let (streams, numbers) = inputs.split_at(self.reads * self.species);
        let (own, stated) = outputs.split_at_mut(self.own * self.species);
        let (stated, says) = stated.split_at_mut(self.stated);
        own.fill(S::zero());
        stated.fill(S::zero());
        let mut objection = None;
        let mut call = Call {
            spec: self.stage.spec().id(),
            streams: Around { before: &[], own, after: streams, species: self.species },
            inlets: &self.inlets,
            demands: &self.demands,
            offers: &self.offers,
            outlet_count: self.outlets,
            slots: &self.slots,
            numbers,
            choices: &self.choices,
            constants: &self.constants,
            stated: &mut *stated,
            objection: &mut objection,
            misused: Cell::new(None),
            spare: Vec::new(),
        };
        let fails = S::run(&*self.stage, &mut call).is_err();
        if fails {
            own.fill(S::from_f64(f64::NAN));
            stated.fill(S::from_f64(f64::NAN));
        }
        let say = |so| if so { S::one() } else { S::zero() };
        says.copy_from_slice(&[say(fails), say(objection.is_some())]);
    }
}

impl Foreign for StageCall {
    fn run(&self, inputs: &[f64], outputs: &mut [f64]) {
        self.with(inputs, outputs);
    }

    fn slopes(
        &self,
        inputs: &[f64],
        moves: &[f64],
        outputs: &mut [f64],
        memory: &mut ForeignMemory,
    ) {
        let (own, found) = memory.duals(inputs.len(), outputs.len());
        for ((dual, &value), &slope) in own.iter_mut().zip(inputs).zip(moves) {
            *dual = Dual::new(value, slope);
        }
        self.with(own, found);
        // derivatives of what has no numbers are none either
        for (output, dual) in outputs.iter_mut().zip(found.iter()) {
            let known = !dual.value().is_nan();
            *output = if known { dual.derivative() } else { f64::NAN };
        }
    }
}
