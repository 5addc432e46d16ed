//! A stage by itself: all that a run of it needs but numbers.

use super::handle::SpecId;
use super::{AnyStage, Around, Call, Runs, StageError, StreamId};
use crate::param::{Choices, Slot};
use std::cell::Cell;

/// How a stage is joined and set, for runs of it away from its chain.
///
/// Its inputs are the streams that it reads, one after another, then the numbers of its
/// parameters; its outputs are its outlets, its imports, and the loads it states.
#[derive(Debug, Clone)]
pub(crate) struct Alone {
    pub spec: SpecId,
    pub species: usize,
    pub outlets: usize,
    /// Streams that it writes: outlets and imports.
    pub own: usize,
    /// Where the streams that it reads lie: behind its own, as if there were no others.
    pub inlets: Vec<StreamId>,
    pub demands: Vec<Option<StreamId>>,
    pub offers: Vec<Option<StreamId>>,
    /// Where its parameters lie among the numbers of a run, or among all choices.
    pub slots: Vec<Slot>,
    /// How many streams it reads.
    pub reads: usize,
    pub choices: Choices,
    pub constants: Vec<f64>,
    pub loads: usize,
}

impl Alone {
    /// How many numbers a run writes.
    pub fn outputs(&self) -> usize {
        self.own * self.species + self.loads
    }

    /// Runs a stage: gives what it objects to. Loads that it does not state are `unstated`.
    pub fn run<S: Runs>(
        &self,
        stage: &dyn AnyStage,
        inputs: &[S],
        outputs: &mut [S],
        unstated: S,
    ) -> Result<Option<StageError>, StageError> {
        let (streams, numbers) = inputs.split_at(self.reads * self.species);
        let (own, stated) = outputs.split_at_mut(self.own * self.species);
        own.fill(S::zero());
        stated.fill(unstated);
        let mut objection = None;
        let mut call = Call {
            spec: self.spec,
            streams: Around { before: &[], own, after: streams, species: self.species },
            inlets: &self.inlets,
            demands: &self.demands,
            offers: &self.offers,
            outlet_count: self.outlets,
            slots: &self.slots,
            numbers,
            choices: &self.choices,
            constants: &self.constants,
            stated,
            objection: &mut objection,
            misused: Cell::new(None),
        };
        S::run(stage, &mut call)?;
        Ok(objection)
    }

    /// An outlet among the outputs of a run.
    pub fn outlet<'o, S>(&self, outputs: &'o [S], outlet: usize) -> &'o [S] {
        &outputs[outlet * self.species..(outlet + 1) * self.species]
    }
}

/// Weights of flows by which a claim of being linear is tried: between 0.1 and 1.9, no two alike.
pub(crate) fn uneven(place: usize) -> f64 {
    // steps of the golden section never meet
    0.1 + 1.8 * (place as f64 * 0.618_033_988_749_895).fract()
}

/// Whether an outlet adds up: of two feeds together, what it gives of each. The flows claimed to be
/// linear are judged so, to 1e-9 of each species; of all that comes to the stage, `through`, roundings
/// may be left.
pub(crate) fn adds_up(
    one: &[f64],
    other: &[f64],
    both: &[f64],
    through: f64,
) -> Option<(f64, f64)> {
    let sums = one.iter().zip(other).map(|(one, other)| one + other);
    let within = |sum: f64, both: f64| 1e-9 * sum.abs().max(both.abs()) + 1e-13 * through;
    sums.zip(both.iter().copied()).find(|&(sum, both)| (sum - both).abs() > within(sum, both))
}
