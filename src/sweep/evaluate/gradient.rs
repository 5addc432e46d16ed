//! Derivatives of an output with respect to everything that varies, by the tape run backwards.

use super::column;
use super::evaluator::Evaluator;
use super::recorded::{OWN_OUTPUTS, Plan};
use crate::fault::{FaultKind, Faults, Place};
use crate::tape::{Block, Program};

/// The derivatives of one output of an [`Evaluator`] with respect to all its variables.
///
/// What a limit stops moves with the limit: the derivative of a flow that `heihe.demand` stops
/// with respect to `kovykta.flow` is zero, and that with respect to `heihe.demand` is not. Where
/// a limit that stops nothing is just at its capacity, or one that stops an inlet just begins to,
/// the output has a kink there, and the derivative is that of one side; such limits are named
/// ([`Slopes::kinks`]).
///
/// ```
/// use gaschain::sweep::{Evaluator, Gradient, Slopes, Variable};
/// let chain = gaschain::amur::chain();
/// let variables = ["heihe.demand", "kovykta.flow"]
///     .map(|address| Variable::Number { address: address.to_owned() });
/// let outputs = ["kovykta.accepted".to_owned()];
/// let evaluator = Evaluator::new(chain, &chain.values(), &variables, &outputs)?;
/// let gradient = Gradient::new(&evaluator, 0)?;
/// // one scenario: demand and flow in mol/s
/// let inputs = [50_000.0, 37_000.0];
/// let mut slopes = Slopes::default();
/// gradient.run(&mut gradient.workspace(), &inputs, 1, &mut slopes);
/// // bcm/yr that Kovykta brings more for each mol/s that the border takes more
/// assert!(slopes.of(0)[0] > 7e-4);
/// assert!(slopes.of(1)[0].abs() < 1e-12);
/// assert_eq!(gradient.stopped_by(&slopes, "kovykta", 0), Some("heihe.demand"));
/// # Ok::<(), gaschain::fault::Faults>(())
/// ```
#[derive(Debug)]
pub struct Gradient<'e> {
    evaluator: &'e Evaluator,
    plan: &'e Plan,
    program: Program,
    variables: usize,
}

/// Memory of one thread for a [`Gradient`].
#[derive(Debug)]
pub struct GradientWorkspace(Block);

/// Derivatives in a block of scenarios.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Slopes {
    /// Number of scenarios.
    pub count: usize,
    /// The output itself, in its unit; not a number where it does not exist.
    pub values: Vec<f64>,
    /// Variable after variable, `count` numbers each: how the output (in its unit) moves with the
    /// variable (in SI). Not a number in scenarios that the tape is not sure of.
    pub slopes: Vec<f64>,
    /// Inlet after inlet: what stopped it, counted as an output `stopped_by` counts it.
    stops: Vec<f64>,
    /// Scenarios (counted within the block) at a kink, with the index of a limit that is just at
    /// its capacity: their derivatives are one-sided.
    pub kinks: Vec<(usize, usize)>,
}

impl Slopes {
    /// The derivatives with respect to one variable.
    #[must_use]
    pub fn of(&self, variable: usize) -> &[f64] {
        &self.slopes[variable * self.count..(variable + 1) * self.count]
    }
}

impl<'e> Gradient<'e> {
    /// Prepares the derivatives of an output of `evaluator`, counted as in
    /// [`Evaluator::outputs`].
    ///
    /// # Errors
    /// An output that there is not; variables that are options, or a chain that cannot be
    /// recorded: there is nothing to differentiate.
    pub fn new(evaluator: &'e Evaluator, output: usize) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let mut refuse = |got: String, allowed: &str| {
            let allowed = allowed.to_owned();
            faults.push(Place::address("gradient"), FaultKind::NotAllowed { got, allowed });
        };
        if output >= evaluator.outputs().len() {
            let allowed = format!("0 to {}", evaluator.outputs().len().saturating_sub(1));
            refuse(format!("output {output}"), &allowed);
        }
        for address in evaluator.options() {
            refuse(format!("options of {address}"), "variables that are numbers");
        }
        let plan = evaluator.only_plan();
        if plan.is_none() {
            refuse("a chain that cannot be recorded".into(), "one that can");
        }
        faults.into_result(())?;
        let variables = evaluator.variable_count();
        let Some(plan) = plan else { return Err(Faults::default()) };
        Ok(Self { evaluator, plan, program: plan.gradient(output, variables), variables })
    }

    /// Memory for one thread.
    #[must_use]
    pub fn workspace(&self) -> GradientWorkspace {
        GradientWorkspace(Block::new(&self.program))
    }

    /// Operations on numbers that a scenario takes, if every loop goes round once.
    #[must_use]
    pub fn operations(&self) -> usize {
        self.program.operations()
    }

    /// Works out `count` scenarios. `inputs` holds variable after variable, `count` numbers each,
    /// as for [`Evaluator::run`].
    ///
    /// # Panics
    /// Where `inputs` is not that long.
    pub fn run(
        &self,
        workspace: &mut GradientWorkspace,
        inputs: &[f64],
        count: usize,
        slopes: &mut Slopes,
    ) {
        assert_eq!(inputs.len(), self.variables * count);
        let inlets = self.plan.inlets();
        slopes.count = count;
        slopes.kinks.clear();
        for (column, length) in [
            (&mut slopes.values, count),
            (&mut slopes.slopes, count * self.variables),
            (&mut slopes.stops, count * inlets),
        ] {
            column.clear();
            column.resize(length, f64::NAN);
        }
        let block = &mut workspace.0;
        for first in (0..count).step_by(block.width()) {
            let width = block.width().min(count - first);
            self.program.run(block, inputs, count, first, width);
            for lane in 0..width {
                if self.evaluator.is_out_of_range(inputs, count, first + lane)
                    || Plan::is_in_doubt(&self.program, block, lane)
                {
                    continue;
                }
                let number = |output: usize| self.program.output(block, OWN_OUTPUTS + output)[lane];
                let at = first + lane;
                slopes.values[at] = column::shown(number(0));
                for variable in 0..self.variables {
                    slopes.slopes[variable * count + at] = number(1 + variable);
                }
                for inlet in 0..inlets {
                    slopes.stops[inlet * count + at] = number(1 + self.variables + inlet);
                }
                for (index, limit) in self.plan.limits().enumerate() {
                    if number(1 + self.variables + inlets + index) > 0.0 {
                        slopes.kinks.push((at, limit.index()));
                    }
                }
            }
        }
    }

    /// The limit that stopped an inlet in a scenario of the block, or `fully drawn`.
    #[must_use]
    pub fn stopped_by(&self, slopes: &Slopes, inlet: &str, scenario: usize) -> Option<&'e str> {
        let tree = &self.evaluator.chain().tree;
        let inlet = tree.inlets.position(|other| other.address == inlet)?;
        let number = *slopes.stops.get(inlet.index() * slopes.count + scenario)?;
        if number.is_nan() {
            return None;
        }
        let stop = crate::chain::Stop::from_number(number);
        Some(tree.stop_address(stop).unwrap_or(crate::solved::FULLY_DRAWN))
    }
}
