//! Scenarios worked out one by one: those a program is not sure of, and those that check it.

use super::agree::Alone;
use super::broken;
use super::evaluator::{Evaluator, Variable, Workspace, option_of};
use super::results::Results;
use crate::error::Error;
use crate::fault::{Faults, Place};
use crate::param::Values;
use crate::solved::Solved;
use crate::sweep::block::BLOCK;
use std::ops::Range;
use std::sync::Arc;

impl Evaluator {
    /// Works out by themselves those of a run's scenarios that have to be: wanted ones that are in
    /// doubt or come before the one `from` which programs answer, those that are checked, and where
    /// one of these is not what the program gave, all that are wanted of its block.
    pub(super) fn run_alone(
        &self,
        workspace: &mut Workspace,
        (first, from): (u64, u64),
        inputs: &[f64],
        wanted: Range<usize>,
        results: &mut Results,
    ) {
        let count = results.count;
        for lane in 0..count {
            let scenario = first + lane as u64;
            let is_doubtful = workspace.doubtful[lane];
            // what is asked of all of them has to be asked quickly
            let may_be = scenario < BLOCK || scenario.is_multiple_of(BLOCK);
            let is_checked = !is_doubtful
                && may_be
                && self.plan_of(inputs, count, lane).is_some_and(|plan| plan.is_checked(scenario));
            let is_answered = (is_doubtful || scenario < from) && wanted.contains(&lane);
            if !is_checked && !is_answered {
                continue;
            }
            let solved = self.solve(workspace, inputs, lane, count);
            if is_checked && !self.check(&solved, lane, results) {
                results.disagreed.push(scenario);
            }
            if is_answered {
                self.answer(&solved, lane, results);
            }
        }
        if results.disagreed.is_empty() {
            return;
        }
        for lane in wanted {
            let scenario = first + lane as u64;
            let is_same = |other: &u64| other / BLOCK == scenario / BLOCK;
            let untrue = results.disagreed.iter().any(is_same);
            if untrue && !workspace.doubtful[lane] && scenario >= from {
                let solved = self.solve(workspace, inputs, lane, count);
                self.answer(&solved, lane, results);
            }
        }
        results.failures.sort_unstable_by_key(|(lane, _)| *lane);
    }

    /// Answers a scenario of a block by what it gave when worked out by itself.
    fn answer(&self, solved: &Result<Solved, Error>, lane: usize, results: &mut Results) {
        results.rerun += 1;
        let count = results.count;
        match solved {
            Ok(solved) => {
                for (index, output) in self.outputs.iter().enumerate() {
                    results.values[index * count + lane] = output.of(solved);
                }
                results.residuals[lane] = solved.worst_residual();
                broken::of(solved, |word, bits| results.broken[word * count + lane] = bits);
            }
            Err(error) => {
                for output in 0..self.outputs.len() {
                    results.values[output * count + lane] = f64::NAN;
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
    fn check(&self, solved: &Result<Solved, Error>, lane: usize, results: &mut Results) -> bool {
        results.checked += 1;
        let Ok(solved) = solved else { return false };
        let residual = results.residuals[lane].max(solved.worst_residual());
        results.residuals[lane] = residual;
        let alone = Alone::new(solved);
        let mut outputs = self.outputs.iter().enumerate();
        let count = results.count;
        let bit = |word: usize| results.broken.get(word * count + lane).copied();
        alone.agrees_on_broken(bit)
            && outputs.all(|(index, output)| alone.agrees(output, results.column(index)[lane]))
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
