//! A stage by itself: all that a run of it needs but numbers.

use super::handle::SpecId;
use super::{AnyStage, Around, Call, Runs, StageError, StreamId};
use crate::gas::{BlendedGas, BlendedGasRead};
use crate::param::{Choices, Slot};
use crate::scalar::Scalar;
use crate::scalar::vector::{dot, take_out};
use std::cell::Cell;
use std::sync::Arc;

/// How a stage is joined and set, for runs of it away from its chain.
///
/// Its inputs are the streams that it reads, one after another, then the numbers of its
/// parameters and those of the gas that it asks for, where they are not constants; its outputs are
/// its outlets, its imports, and the loads it states.
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
    /// The gas that it asks for, where it is known.
    pub gas: Option<AloneGas>,
}

/// Where the gas of whatever can come to a stage is, for runs of it away from its chain.
#[derive(Debug, Clone)]
pub(crate) enum AloneGas {
    Constants(Arc<BlendedGas>),
    /// At the end of the inputs: so many numbers, of so many coordinates.
    Inputs {
        count: usize,
        rank: usize,
    },
}

impl AloneGas {
    fn read<'a, S: Scalar>(&'a self, species: usize, inputs: &'a [S]) -> BlendedGasRead<'a, S> {
        match self {
            Self::Constants(gas) => gas.polynomials(),
            &Self::Inputs { count, rank } => {
                let (_, own) = inputs.split_at(inputs.len() - count);
                BlendedGasRead::own(species, rank, own)
            }
        }
    }
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
            gas: self.gas.as_ref().map(|gas| gas.read(self.species, numbers)),
            stated,
            objection: &mut objection,
            warnings: None,
            misused: Cell::new(None),
        };
        S::run(stage, &mut call)?;
        Ok(objection)
    }

    /// An outlet among the outputs of a run.
    pub fn outlet<'o, S>(&self, outputs: &'o [S], outlet: usize) -> &'o [S] {
        &outputs[outlet * self.species..(outlet + 1) * self.species]
    }

    /// The first claim that is false at an outlet: of being linear, or of what comes being blended or
    /// parted only.
    pub fn false_claim(
        &self,
        stage: &dyn AnyStage,
        inputs: &[f64],
        linear: &[bool],
    ) -> Option<StageError> {
        let linear = || self.falsely_linear(stage, inputs, linear);
        self.falsely_kept(stage, inputs).or_else(linear)
    }

    /// The first outlet that is falsely claimed to keep what comes: what leaves there is to be a
    /// sum of shares of the inlets' streams, each species to 1e-9 of all that leaves there and to
    /// what rounding may leave of all that comes.
    fn falsely_kept(&self, stage: &dyn AnyStage, inputs: &[f64]) -> Option<StageError> {
        let spec = stage.spec();
        let kept: Vec<usize> = (0..self.outlets).filter(|&at| spec.is_kept(at)).collect();
        if kept.is_empty() {
            return None;
        }
        let mut outputs = vec![0.0; self.outputs()];
        if !matches!(self.run(stage, inputs, &mut outputs, 0.0), Ok(None)) {
            return None;
        }
        let stream = |at: &StreamId| {
            let place = (at.index() - self.own) * self.species;
            inputs[place..place + self.species].to_vec()
        };
        let flows = &inputs[..self.reads * self.species];
        let rounding = 1e-13 * flows.iter().sum::<f64>();
        // directions of the inlets' streams, each without those before it
        let mut directions: Vec<Vec<f64>> = Vec::new();
        for mut left in self.inlets.iter().map(stream) {
            let whole = dot(&left, &left).sqrt();
            without(&mut left, &directions);
            let rest = dot(&left, &left).sqrt();
            if rest > 1e-12 * whole {
                for part in &mut left {
                    *part /= rest;
                }
                directions.push(left);
            }
        }
        kept.into_iter().find_map(|at| {
            let mut left = self.outlet(&outputs, at).to_vec();
            let whole: f64 = left.iter().map(|flow| flow.abs()).sum();
            without(&mut left, &directions);
            let off = left.iter().fold(0.0, |most: f64, part| most.max(part.abs()));
            let name = &spec.outlets()[at];
            (off > 1e-9 * whole + rounding).then(|| StageError::FalseClaim {
                claim: format!("what leaves at {name} is what comes, blended or parted"),
                got: format!("{off} mol/s of a species there are of no such blend"),
            })
        })
    }

    /// The first outlet that is falsely claimed to be linear: the stage is fed with what it
    /// reads, with that made up differently, and with both together. Each species of both together
    /// is to be the sum of what it gives of each, to 1e-9 of it and to what rounding may leave of
    /// all that comes.
    fn falsely_linear(
        &self,
        stage: &dyn AnyStage,
        inputs: &[f64],
        linear: &[bool],
    ) -> Option<StageError> {
        let flows = self.reads * self.species;
        // where the equations have no meaning, the claim cannot be judged
        let run = |times: &dyn Fn(usize) -> f64| {
            let mut fed = inputs.to_vec();
            for (place, flow) in fed[..flows].iter_mut().enumerate() {
                *flow *= times(place);
            }
            let mut outputs = vec![0.0; self.outputs()];
            let outcome = self.run(stage, &fed, &mut outputs, 0.0);
            matches!(outcome, Ok(None)).then_some(outputs)
        };
        let other_than_fed = |place: usize| uneven(place + 3);
        let one = run(&|_| 1.0)?;
        let other = run(&other_than_fed)?;
        let both = run(&|place| 1.0 + other_than_fed(place))?;
        let rounding = 1e-13 * inputs[..flows].iter().sum::<f64>();
        let off = |at: usize| {
            let [one, other, both] = [&one, &other, &both].map(|outputs| self.outlet(outputs, at));
            let sums = one.iter().zip(other).map(|(one, other)| one + other);
            let within = |sum: f64, both: f64| 1e-9 * sum.abs().max(both.abs()) + rounding;
            let mut pairs = sums.zip(both.iter().copied());
            pairs.find(|&(sum, both)| (sum - both).abs() > within(sum, both))
        };
        let claimed = linear.iter().enumerate().filter(|(_, claimed)| **claimed);
        let (at, (sum, both)) = claimed.map(|(at, _)| at).find_map(|at| Some((at, off(at)?)))?;
        let name = &stage.spec().outlets()[at];
        Some(StageError::FalseClaim {
            claim: format!("what flows at {name} is linear in what comes"),
            got: format!("two feeds together give {both} mol/s, one by one {sum} mol/s"),
        })
    }
}

/// Takes directions out of a stream, twice for what rounding leaves of them.
fn without(stream: &mut [f64], directions: &[Vec<f64>]) {
    for direction in directions.iter().chain(directions) {
        take_out(stream, direction);
    }
}

/// Weights by which flows are made up differently: between 0.1 and 1.9, no two alike.
pub(super) fn uneven(place: usize) -> f64 {
    // steps of the golden section never meet
    0.1 + 1.8 * (place as f64 * 0.618_033_988_749_895).fract()
}
