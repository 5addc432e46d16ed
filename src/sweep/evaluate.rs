//! Working out blocks of scenarios.

use super::output::Output;
use crate::chain::Chain;
use crate::fault::{FaultKind, Faults, Place};
use crate::param::{ParameterKind, Slot, Value, Values};
use crate::solver::Solver;

/// A parameter that varies in a sweep.
#[derive(Debug, Clone, PartialEq)]
pub enum Variable {
    /// A number: its column holds values in SI.
    Number {
        /// Address of the parameter.
        address: String,
    },
    /// One of several values of any kind (a name, a flag, an order, a composition, unknown): its
    /// column holds indices into them.
    Options {
        /// Address of the parameter.
        address: String,
        /// The values, as written.
        values: Vec<Value>,
    },
}

impl Variable {
    /// Address of the parameter.
    #[must_use]
    pub fn address(&self) -> &str {
        match self {
            Self::Number { address } | Self::Options { address, .. } => address,
        }
    }
}

/// A variable with its place in the values.
#[derive(Debug, Clone)]
struct Placed {
    variable: Variable,
    slot: Slot,
    /// Range that its numbers may have, SI.
    low: f64,
    high: f64,
}

/// Works out scenarios of one chain in which the same parameters vary.
#[derive(Debug)]
pub struct Evaluator<'c> {
    chain: &'c Chain,
    base: Values,
    variables: Vec<Placed>,
    outputs: Vec<Output>,
}

/// Memory of one thread for an [`Evaluator`].
#[derive(Debug)]
pub struct Workspace<'c> {
    solver: Solver<'c>,
    values: Values,
}

/// What a block of scenarios gave. Reuse one: it allocates where a block is larger than any
/// before it, and for scenarios that fail.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Results {
    /// Number of scenarios.
    pub count: usize,
    /// Output after output, `count` numbers each, in the output's unit; not a number where it
    /// does not exist, as in a scenario that failed.
    pub values: Vec<f64>,
    /// Worst residual of each scenario.
    pub residuals: Vec<f64>,
    /// Scenarios that failed (counted within the block), with the error.
    pub failures: Vec<(usize, String)>,
    /// How many scenarios were worked out one by one.
    pub rerun: usize,
}

impl Results {
    /// The numbers of one output.
    #[must_use]
    pub fn column(&self, output: usize) -> &[f64] {
        &self.values[output * self.count..(output + 1) * self.count]
    }
}

impl<'c> Evaluator<'c> {
    /// Prepares a sweep: what varies on top of `base`, and the addresses that are asked for.
    ///
    /// # Errors
    /// Unknown addresses, with the nearest; a variable that is no number; values that do not fit.
    pub fn new(
        chain: &'c Chain,
        base: &Values,
        variables: &[Variable],
        outputs: &[String],
    ) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let mut placed = Vec::new();
        for variable in variables {
            let address = variable.address();
            let place = Place::address(address);
            let found = chain.parameters().iter().find(|other| other.address == address);
            let Some(parameter) = found else {
                let names = chain.parameters().iter().map(|parameter| &parameter.address);
                faults.push(place, FaultKind::unknown("parameter", address, names));
                continue;
            };
            let (low, high) = match (variable, &parameter.kind) {
                (Variable::Options { values, .. }, _) => {
                    let mut trial = base.clone();
                    for value in values {
                        chain.set_at(&mut trial, address, value, &place, &mut faults);
                    }
                    (f64::NEG_INFINITY, f64::INFINITY)
                }
                (Variable::Number { .. }, ParameterKind::Number { low, high, .. }) => (*low, *high),
                (Variable::Number { .. }, kind) => {
                    let got = format!("a range of {address}");
                    let allowed = format!("a list of values: {}", kind.allowed());
                    faults.push(place, FaultKind::NotAllowed { got, allowed });
                    continue;
                }
            };
            placed.push(Placed { variable: variable.clone(), slot: parameter.slot, low, high });
        }
        let mut found = Vec::new();
        for address in outputs {
            match Output::find(chain, address) {
                Ok(output) => found.push(output),
                Err(kind) => faults.push(Place::address(address), kind),
            }
        }
        let evaluator = Self { chain, base: base.clone(), variables: placed, outputs: found };
        faults.into_result(evaluator)
    }

    /// The outputs, in the order asked for.
    #[must_use]
    pub fn outputs(&self) -> &[Output] {
        &self.outputs
    }

    /// Memory for one thread.
    #[must_use]
    pub fn workspace(&self) -> Workspace<'c> {
        Workspace { solver: self.chain.solver(), values: self.base.clone() }
    }

    /// Works out `count` scenarios, the first of which is number `first` of the sweep. `inputs`
    /// holds variable after variable, `count` numbers each.
    ///
    /// # Panics
    /// Where `inputs` is not that long.
    pub fn run(
        &self,
        workspace: &mut Workspace<'c>,
        first: u64,
        inputs: &[f64],
        count: usize,
        results: &mut Results,
    ) {
        let _ = first;
        assert_eq!(inputs.len(), self.variables.len() * count);
        results.count = count;
        results.values.clear();
        results.values.resize(self.outputs.len() * count, f64::NAN);
        results.residuals.clear();
        results.residuals.resize(count, f64::NAN);
        results.failures.clear();
        results.rerun = 0;
        for lane in 0..count {
            self.rerun(workspace, inputs, lane, results);
        }
    }

    /// Works one scenario of a block out by itself.
    fn rerun(
        &self,
        workspace: &mut Workspace<'c>,
        inputs: &[f64],
        lane: usize,
        results: &mut Results,
    ) {
        results.rerun += 1;
        if let Err(message) = self.set(&mut workspace.values, inputs, lane, results.count) {
            results.failures.push((lane, message));
            return;
        }
        match workspace.solver.solve(&workspace.values) {
            Ok(solved) => {
                for (index, output) in self.outputs.iter().enumerate() {
                    results.values[index * results.count + lane] = output.of(&solved);
                }
                results.residuals[lane] = solved.worst_residual();
            }
            Err(error) => results.failures.push((lane, error.to_string())),
        }
    }

    /// Sets the variables to those of one scenario.
    fn set(
        &self,
        values: &mut Values,
        inputs: &[f64],
        lane: usize,
        count: usize,
    ) -> Result<(), String> {
        let mut faults = Faults::default();
        for (index, placed) in self.variables.iter().enumerate() {
            let value = inputs[index * count + lane];
            match &placed.variable {
                Variable::Number { address } => {
                    if !(placed.low..=placed.high).contains(&value) {
                        let got = format!("{value} (SI)");
                        let allowed = format!("{} to {} (SI)", placed.low, placed.high);
                        faults
                            .push(Place::address(address), FaultKind::NotAllowed { got, allowed });
                    }
                    values.numbers[placed.slot.at] = value;
                    values.known[placed.slot.at] = true;
                }
                Variable::Options { address, values: options } => {
                    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                    let option = &options[value as usize];
                    let place = Place::address(address);
                    self.chain.set_at(values, address, option, &place, &mut faults);
                }
            }
        }
        faults.into_result(()).map_err(|faults| faults.to_string())
    }
}
