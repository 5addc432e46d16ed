//! Recording a stage: its equations as they are, or one call where they look at values.

use crate::chain::error::SolveError;
use crate::chain::rule::apart::Apart;
use crate::chain::rule::workspace::{Run, Space};
use crate::chain::tree::StageId;
use crate::scalar::{Dual, Scalar};
use crate::stage::{Alone, AnyStage, Runs};
use crate::tape::{Foreign, ForeignMemory, Traced};
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

/// A stage to be called.
#[derive(Debug)]
struct StageCall {
    stage: Arc<dyn AnyStage>,
    alone: Alone,
}

/// What a call says beside what its stage writes: above zero where its equations end in an error,
/// and where they object to what came in.
const SAYS: usize = 2;

/// Puts a call of a stage in place of its equations. Whether it has an answer is judged whatever is
/// asked for: an error counts wherever the stage is run, an objection where the run ends.
fn call(run: &Run<'_>, id: StageId, space: &mut Space<Traced>) {
    let placed = &run.tree.stages[id];
    let own = placed.writes();
    let apart = Apart::of(run, id, space);
    let mut inputs: Vec<Traced> = Vec::new();
    apart.gather(space, &mut inputs);
    let alone = apart.alone;
    let written = alone.outputs();
    let function = StageCall { stage: Arc::clone(&placed.stage), alone };
    let streams = own.len() * run.tree.species;
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
        let (written, says) = outputs.split_at_mut(self.alone.outputs());
        let outcome = self.alone.run(&*self.stage, inputs, written, S::zero());
        if outcome.is_err() {
            written.fill(S::from_f64(f64::NAN));
        }
        let say = |so| if so { S::one() } else { S::zero() };
        let objects = matches!(outcome, Ok(Some(_)));
        says.copy_from_slice(&[say(outcome.is_err()), say(objects)]);
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
