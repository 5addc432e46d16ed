//! Scenarios worked out one by one: those a program is not sure of, and those that check it.

use super::evaluator::{Evaluator, Results, Variable, Workspace, option_of};
use super::output::Source;
use super::recorded::Varying;
use crate::fault::{FaultKind, Faults, Place};
use crate::param::Values;
use crate::solved::Solved;

/// By how much of the larger a program's number may differ from that of a scenario worked out by
/// itself.
const AGREES_WITHIN: f64 = 1e-9;

impl<'c> Evaluator<'c> {
    /// Works one scenario of a block out by itself.
    pub(super) fn rerun(
        &self,
        workspace: &mut Workspace<'c>,
        inputs: &[f64],
        lane: usize,
        results: &mut Results,
    ) {
        match self.solve(workspace, inputs, lane, results.count) {
            Ok(solved) => {
                for (index, output) in self.outputs.iter().enumerate() {
                    results.values[index * results.count + lane] = output.of(&solved);
                }
                results.residuals[lane] = solved.worst_residual();
            }
            Err(message) => {
                for output in 0..self.outputs.len() {
                    results.values[output * results.count + lane] = f64::NAN;
                }
                results.residuals[lane] = f64::NAN;
                results.failures.push((lane, message));
            }
        }
    }

    /// Holds a scenario of a program against the same worked out by itself.
    pub(super) fn check(
        &self,
        workspace: &mut Workspace<'c>,
        inputs: &[f64],
        lane: usize,
        results: &mut Results,
    ) {
        results.checked += 1;
        let agrees = match self.solve(workspace, inputs, lane, results.count) {
            Ok(solved) => {
                results.residuals[lane] = results.residuals[lane].max(solved.worst_residual());
                self.outputs.iter().enumerate().all(|(index, output)| {
                    // a residual is rounding: both are small, and that is all
                    let (a, b) = (output.of(&solved), results.column(index)[lane]);
                    let size = a.abs().max(b.abs());
                    output.source == Source::WorstResidual
                        || (a.is_nan() && b.is_nan())
                        || (a - b).abs() <= AGREES_WITHIN * size.max(AGREES_WITHIN)
                })
            }
            Err(_) => false,
        };
        if !agrees {
            results.disagreed += 1;
            self.rerun(workspace, inputs, lane, results);
        }
    }

    fn solve(
        &self,
        workspace: &mut Workspace<'c>,
        inputs: &[f64],
        lane: usize,
        count: usize,
    ) -> Result<Solved<'c>, String> {
        self.set(&mut workspace.values, inputs, lane, count)?;
        workspace.solver.solve(&workspace.values).map_err(|error| error.to_string())
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
                    let Some(varying) = placed.varying else { continue };
                    if !varying.allows(value) {
                        let Varying { low, high, .. } = varying;
                        let got = format!("{value} (SI)");
                        let allowed = format!("{low} to {high} (SI)");
                        let kind = FaultKind::NotAllowed { got, allowed };
                        faults.push(Place::address(address), kind);
                    }
                    values.numbers[varying.place] = value;
                }
                Variable::Options { address, values: options } => {
                    let option = &options[option_of(value, options.len())];
                    let place = Place::address(address);
                    self.chain.set_at(values, address, option, &place, &mut faults);
                }
            }
        }
        faults.into_result(()).map_err(|faults| faults.to_string())
    }
}
