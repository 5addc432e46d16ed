//! Recording a stage: its equations as they are, or one call where they look at values.

use crate::chain::error::SolveError;
use crate::chain::rule::apart::Apart;
use crate::chain::rule::workspace::{Run, Space};
use crate::chain::tree::StageId;
use crate::scalar::Scalar;
use crate::stage::{Alone, AnyStage, Runs};
use crate::tape::{Foreign, ForeignMemory, Graph, Traced, record};
use std::sync::{Arc, OnceLock};

/// Records a stage, or what stands for it.
pub(in crate::chain) fn stage(
    run: &Run<'_>,
    id: StageId,
    space: &mut Space<Traced>,
) -> Result<(), SolveError> {
    if let Some(stand_in) = space.stand_ins[id].clone() {
        let placed = &run.tree.stages[id];
        let (streams, stated) = stand_in.split_at(stand_in.len() - placed.loads.len());
        space.streams[placed.writes()].copy_from_slice(streams);
        space.stated[placed.loads].copy_from_slice(stated);
        return Ok(());
    }
    Traced::looked();
    let so_far = Traced::so_far();
    let result = run.stage(id, space);
    if Traced::looked() {
        Traced::go_back_to(so_far);
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
    /// How many operations its equations took when it was called first.
    operations: OnceLock<usize>,
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
    let function =
        StageCall { stage: Arc::clone(&placed.stage), alone, operations: OnceLock::new() };
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
    /// How many operations its equations take: recorded with numbers that are all known, they look
    /// at them as plain ones do, and leave nothing but their count.
    fn counted(&self, inputs: &[f64]) -> usize {
        let (graph, ()) = record(Graph::new(&[]), || {
            let inputs: Vec<Traced> = inputs.iter().copied().map(Traced::from_f64).collect();
            self.with(&inputs, &mut vec![Traced::zero(); self.alone.outputs() + SAYS]);
        });
        graph.asked()
    }

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
    fn operations(&self) -> usize {
        self.operations.get().copied().unwrap_or_default()
    }

    fn run(&self, inputs: &[f64], outputs: &mut [f64]) {
        self.operations.get_or_init(|| self.counted(inputs));
        self.with(inputs, outputs);
    }

    fn slopes(
        &self,
        inputs: &[f64],
        moves: &[f64],
        outputs: &mut [f64],
        memory: &mut ForeignMemory,
    ) {
        memory.slopes((inputs, moves), outputs, |own, found| self.with(own, found));
    }
}
