//! Whether programs are worth having: where solving one by one is no slower, a sweep does that.
//!
//! What decides are counts of operations, and how many of a few of the sweep's scenarios a program
//! leaves in doubt: never the clock, the threads, or the part of a sweep that is run. So a scenario
//! has the same bits whoever works it out, and in a sweep that is gone on with.

use super::evaluator::Evaluator;
use super::results::Results;
use crate::sweep::block::BLOCK;
use crate::sweep::design::Design;

/// As many scenarios are worked out by themselves in the time that one program is recorded and
/// compiled in, about.
const RECORDED_IN: u64 = 128;

/// In how many scenarios of a sweep its programs are tried.
const TRIED: u64 = 64;

/// How a sweep is worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sweep) enum Way {
    /// All scenarios one by one.
    OneByOne(Why),
    /// By programs, but for the scenarios before this one.
    Programs { from: u64 },
}

/// Why all scenarios of a sweep are worked out one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sweep) enum Why {
    /// It ends before the first scenario that a program would give.
    Few(u64),
    /// Its options make more combinations than programs are kept for.
    Combinations,
    /// No program that it came to when tried is quicker.
    Slower,
}

impl Evaluator {
    /// How the scenarios of a design are worked out. The first of a sweep are worked out by
    /// themselves whatever comes after them, as many as programs have to make good for: so what a
    /// scenario gives follows from its number, and not from how many others there are.
    pub(in crate::sweep) fn way(&self, design: &Design) -> Way {
        if self.plans.is_empty() {
            return Way::OneByOne(Why::Combinations);
        }
        let from = (RECORDED_IN * self.plans.len() as u64).next_multiple_of(BLOCK);
        if design.len() <= from {
            return Way::OneByOne(Why::Few(from));
        }
        let worth = self.worth.get_or_init(|| self.tried(&design.some_scenarios(TRIED).concat()));
        if worth.contains(&true) { Way::Programs { from } } else { Way::OneByOne(Why::Slower) }
    }

    /// By combination of options, whether its program is quicker than working scenarios out by
    /// themselves, as far as some scenarios show.
    fn tried(&self, inputs: &[f64]) -> Vec<bool> {
        let count = inputs.len() / self.variable_count().max(1);
        let (mut workspace, mut results) = (self.workspace(), Results::default());
        let mut combinations = vec![(0, 0); self.plans.len()];
        self.run_programs(&mut workspace, inputs, count, &mut results);
        for (lane, &doubtful) in workspace.doubtful.iter().enumerate() {
            let (all, lost) = &mut combinations[self.combination(inputs, count, lane)];
            *all += 1;
            *lost += usize::from(doubtful);
        }
        let is_worth = |(combination, &(all, lost)): (usize, &(usize, usize))| {
            let plan = if all == 0 { return true } else { self.plan(combination) };
            plan.is_some_and(|plan| plan.is_worth(all, lost))
        };
        combinations.iter().enumerate().map(is_worth).collect()
    }

    /// Whether scenarios of a combination of options are left to its program.
    pub(super) fn is_worth(&self, combination: usize) -> bool {
        self.worth.get().is_none_or(|worth| worth[combination])
    }
}

impl Way {
    /// What to say of a sweep that is worked out one by one.
    pub fn note(self) -> Option<String> {
        let Self::OneByOne(why) = self else { return None };
        let why = match why {
            Why::Few(from) => format!("up to {from} of them are not worth a program"),
            Why::Combinations => "its options make too many combinations for programs".to_owned(),
            Why::Slower => "a program would be no quicker".to_owned(),
        };
        Some(format!("all scenarios are worked out one by one: {why}"))
    }
}
