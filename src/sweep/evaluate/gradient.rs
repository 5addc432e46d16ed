//! Derivatives of an output with respect to everything that varies, by the tape run backwards.

use super::column;
use super::evaluator::Evaluator;
use super::recorded::{OWN_OUTPUTS, Plan};
use crate::chain::Stop;
use crate::fault::FaultKind;
use crate::tape::{Block, Program};

/// The derivatives of one output of an [`Evaluator`] with respect to all its variables, with the
/// memory of one thread.
#[derive(Debug)]
pub(crate) struct Gradient {
    program: Program,
    block: Block,
}

/// Derivatives of an output at some points ([`Function::gradient`](crate::Function::gradient)).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Slopes {
    /// Number of points.
    pub count: usize,
    /// The output itself, in its unit; not a number where it does not exist.
    pub values: Vec<f64>,
    /// Input after input, `count` numbers each: how the output moves with the input, each in its
    /// unit. Not a number at points that the recording is not sure of.
    pub slopes: Vec<f64>,
    /// Inlet after inlet: what stopped it, counted as an output `stopped_by` counts it.
    stops: Vec<f64>,
    /// Points at a kink, with the place among [`Chain::limits`](crate::Chain::limits) of a limit
    /// that is just at its capacity: their derivatives are one-sided.
    pub kinks: Vec<(usize, usize)>,
}

impl Slopes {
    /// The derivatives with respect to one input.
    #[must_use]
    pub fn of(&self, input: usize) -> &[f64] {
        &self.slopes[input * self.count..(input + 1) * self.count]
    }

    /// What stopped an inlet at a point, where that is known.
    pub(crate) fn stop(&self, inlet: usize, point: usize) -> Option<Stop> {
        let point = (point < self.count).then_some(point)?;
        let number = *self.stops.get(inlet * self.count + point)?;
        (!number.is_nan()).then(|| Stop::from_number(number))
    }

    /// Makes room for points of which nothing is known yet.
    fn start(&mut self, count: usize, variables: usize, inlets: usize) {
        self.count = count;
        self.kinks.clear();
        for (column, length) in [
            (&mut self.values, count),
            (&mut self.slopes, count * variables),
            (&mut self.stops, count * inlets),
        ] {
            column.clear();
            column.resize(length, f64::NAN);
        }
    }

    /// Adds the derivatives up of inputs that are of several variables, so many each.
    pub(crate) fn add_up(&mut self, each: impl Iterator<Item = usize>) {
        let count = self.count;
        let (mut to, mut from) = (0, 0);
        for variables in each {
            self.slopes.copy_within(from * count..(from + 1) * count, to * count);
            for variable in from + 1..from + variables {
                for point in 0..count {
                    self.slopes[to * count + point] += self.slopes[variable * count + point];
                }
            }
            (to, from) = (to + 1, from + variables);
        }
        self.slopes.truncate(to * count);
    }

    /// Nothing is known of any of them.
    pub(crate) fn forget(&mut self) {
        self.kinks.clear();
        for column in [&mut self.values, &mut self.slopes, &mut self.stops] {
            column.fill(f64::NAN);
        }
    }
}

impl Gradient {
    /// Prepares the derivatives of an output of `evaluator`, counted as in
    /// [`Evaluator::outputs`].
    ///
    /// # Errors
    /// An output that there is not; a chain that cannot be recorded: there is nothing to
    /// differentiate.
    pub fn new(evaluator: &Evaluator, output: usize) -> Result<Self, FaultKind> {
        if output >= evaluator.outputs().len() {
            let allowed = format!("0 to {}", evaluator.outputs().len().saturating_sub(1));
            return Err(FaultKind::NotAllowed { got: format!("output {output}"), allowed });
        }
        let plan = evaluator.only_plan().ok_or_else(|| FaultKind::NotAllowed {
            got: "the gradient of a chain that cannot be recorded".to_owned(),
            allowed: "one of a chain that can".to_owned(),
        })?;
        let program = plan.gradient(output, evaluator.variable_count());
        Ok(Self { block: Block::new(&program), program })
    }

    /// Works out `count` scenarios. `inputs` holds variable after variable, `count` numbers each,
    /// SI.
    pub fn run(
        &mut self,
        evaluator: &Evaluator,
        inputs: &[f64],
        count: usize,
        slopes: &mut Slopes,
    ) {
        let Some(plan) = evaluator.only_plan() else { return };
        let (variables, inlets) = (evaluator.variable_count(), plan.inlets());
        slopes.start(count, variables, inlets);
        let block = &mut self.block;
        for first in (0..count).step_by(block.width()) {
            let width = block.width().min(count - first);
            self.program.run(block, inputs, count, first, width);
            for lane in 0..width {
                if evaluator.is_out_of_range(inputs, count, first + lane)
                    || Plan::is_in_doubt(&self.program, block, lane)
                {
                    continue;
                }
                let number = |output: usize| self.program.output(block, OWN_OUTPUTS + output)[lane];
                let at = first + lane;
                slopes.values[at] = column::shown(number(0));
                for variable in 0..variables {
                    slopes.slopes[variable * count + at] = number(1 + variable);
                }
                for inlet in 0..inlets {
                    slopes.stops[inlet * count + at] = number(1 + variables + inlet);
                }
                for (index, limit) in plan.limits().enumerate() {
                    if number(1 + variables + inlets + index) > 0.0 {
                        slopes.kinks.push((at, limit.index()));
                    }
                }
            }
        }
    }
}
