//! Scenarios worked out one by one: those a program is not sure of, and those that check it.

use super::agree::Alone;
use super::broken;
use super::evaluator::{Evaluator, Results, Variable, Workspace, option_of};
use super::recorded::Plan;
use crate::error::Error;
use crate::fault::{Faults, Place};
use crate::param::Values;
use crate::solved::Solved;
use crate::sweep::block::BLOCK;
use std::ops::Range;
use std::sync::Arc;

impl Evaluator {
    /// Works out by themselves those of a run's scenarios that have to be: wanted ones that are in
    /// doubt, those that are checked, and where one of these is not what the program gave, all that
    /// are wanted of its block.
    pub(super) fn run_alone(
        &self,
        workspace: &mut Workspace,
        first: u64,
        inputs: &[f64],
        wanted: Range<usize>,
        results: &mut Results,
    ) {
        for lane in 0..results.count {
            if workspace.doubtful[lane] {
                if wanted.contains(&lane) {
                    self.rerun(workspace, inputs, lane, results);
                }
                continue;
            }
            let scenario = first + lane as u64;
            // what is asked of all of them has to be asked quickly
            let may_be = scenario < BLOCK || scenario.is_multiple_of(BLOCK);
            let is_checked = |plan: &Plan| plan.is_checked(scenario);
            if may_be
                && self.plan_of(inputs, results.count, lane).is_some_and(is_checked)
                && !self.check(workspace, inputs, lane, results)
            {
                results.disagreed.push(scenario);
            }
        }
        if results.disagreed.is_empty() {
            return;
        }
        for lane in wanted {
            let block = (first + lane as u64) / BLOCK;
            let untrue = results.disagreed.iter().any(|scenario| scenario / BLOCK == block);
            if untrue && !workspace.doubtful[lane] {
                self.rerun(workspace, inputs, lane, results);
            }
        }
        results.failures.sort_unstable_by_key(|(lane, _)| *lane);
    }

    /// Works one scenario of a block out by itself.
    fn rerun(&self, workspace: &mut Workspace, inputs: &[f64], lane: usize, results: &mut Results) {
        results.rerun += 1;
        let count = results.count;
        match self.solve(workspace, inputs, lane, results.count) {
            Ok(solved) => {
                for (index, output) in self.outputs.iter().enumerate() {
                    results.values[index * results.count + lane] = output.of(&solved);
                }
                results.residuals[lane] = solved.worst_residual();
                broken::of(&solved, |word, bits| results.broken[word * count + lane] = bits);
            }
            Err(error) => {
                for output in 0..self.outputs.len() {
                    results.values[output * results.count + lane] = f64::NAN;
                }
                results.residuals[lane] = f64::NAN;
                for word in results.broken.chunks_exact_mut(count) {
                    word[lane] = 0;
                }
                results.failures.push((lane, error.to_string()));
            }
        }
    }

    /// Holds a scenario of a program against the same worked out by itself; whether they agree.
    fn check(
        &self,
        workspace: &mut Workspace,
        inputs: &[f64],
        lane: usize,
        results: &mut Results,
    ) -> bool {
        results.checked += 1;
        match self.solve(workspace, inputs, lane, results.count) {
            Ok(solved) => {
                let residual = results.residuals[lane].max(solved.worst_residual());
                results.residuals[lane] = residual;
                let alone = Alone::new(&solved);
                let mut outputs = self.outputs.iter().enumerate();
                let count = results.count;
                let bit = |word: usize| results.broken.get(word * count + lane).copied();
                alone.agrees_on_broken(bit)
                    && outputs
                        .all(|(index, output)| alone.agrees(output, results.column(index)[lane]))
            }
            Err(_) => false,
        }
    }

    /// Works out one scenario of a block of `count` by itself, whatever programs give.
    pub(crate) fn solve(
        &self,
        workspace: &mut Workspace,
        inputs: &[f64],
        lane: usize,
        count: usize,
    ) -> Result<Solved, Error> {
        self.set(Arc::make_mut(&mut workspace.case.values), inputs, lane, count)?;
        workspace.case.solve()
    }

    /// Sets the variables to those of one scenario.
    fn set(
        &self,
        values: &mut Values,
        inputs: &[f64],
        lane: usize,
        count: usize,
    ) -> Result<(), Faults> {
        let mut faults = Faults::default();
        for (index, placed) in self.variables.iter().enumerate() {
            let value = inputs[index * count + lane];
            match &placed.variable {
                Variable::Number { address, .. } => {
                    let Some(varying) = placed.varying else { continue };
                    if !varying.allows(value) {
                        faults.push(Place::address(address), varying.refuse(value));
                    }
                    values.numbers[varying.place] = value;
                }
                Variable::Options { values: options, .. } => {
                    let option = option_of(value, options.len());
                    placed.choose(&self.chain, values, option, &mut faults);
                }
            }
        }
        if faults.is_empty() {
            self.chain.judge(values, |address| Place::address(address), &mut faults);
        }
        faults.into_result(())
    }
}
