//! Where the scenarios of a sweep lie: any of them, by its index alone.
//!
//! *In:* a scenario's index. *Out:* a number for each axis. *Order:* points in the unit cube
//! (`sobol`, `latin`, or `philox`, which all draw from) become scores that each
//! `correlation` ties `together` (or a `contradiction` says how far from any that can be had they
//! are), and those, through the `marginal` of each axis (`normal`, `beta`), its numbers: `drawn`.

mod beta;
mod contradiction;
mod correlation;
mod drawn;
mod latin;
mod marginal;
mod normal;
mod philox;
mod sobol;
mod together;

pub(super) use beta::{Beta, SHAPES};
pub use correlation::Correlation;
pub(super) use drawn::{Drawn, Leader, Source};
pub(super) use marginal::{LEAST, Marginal, Part, Within};
pub(super) use sobol::DIMENSIONS;
pub(super) use together::{Together, together};

use self::drawn::Points;
use self::latin::LatinAxis;
use self::philox::Random;
use self::sobol::SobolAxis;
use crate::document::csv::Table;
use crate::quantity::Unit;

/// What kind of design a sweep has.
///
/// In those that draw, scenario i depends on the seed and on i alone, so that any scenario can be
/// worked out by itself, in any order and on any machine. (Distributions that need exponentials
/// and logarithms may differ in the last digit where the platform's own do.)
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum DesignKind {
    /// Every combination of the axes' steps; the last axis varies fastest.
    Grid,
    /// The base scenario, then each axis through its steps with all others as in the base.
    OneAtATime,
    /// A Latin hypercube: of n scenarios, one in each of n intervals of equal probability of each
    /// axis (correlated axes: see [`Correlation`](super::Correlation)).
    LatinHypercube {
        /// Number of scenarios.
        samples: u64,
        /// Seed.
        seed: u64,
    },
    /// A Sobol' sequence: the most even points for up to 256 axes; evenest where the number of
    /// scenarios is a power of two. Scrambled, or up to the next power of two, the first scenarios
    /// of a longer one are those of a shorter.
    Sobol {
        /// Number of scenarios.
        samples: u64,
        /// Seed of the scrambling.
        seed: u64,
        /// Whether points are scrambled, which makes means free of bias; only without are they
        /// those of published tables, each moved to the middle of the interval of width 2^-k that
        /// it begins in a design of up to 2^k: the first would be 0, which is minus infinity of a
        /// normal distribution.
        scrambled: bool,
    },
    /// Independent random points: the first of more are those of fewer.
    MonteCarlo {
        /// Number of scenarios.
        samples: u64,
        /// Seed.
        seed: u64,
    },
    /// A table: one scenario a row, one address a column; a blank cell is as in the base scenario.
    /// A column `name` is for the reader.
    Table(Table),
}

/// Name of the design that moves one axis at a time.
pub(super) const ONE_AT_A_TIME: &str = "one_at_a_time";

/// Most scenarios of a design: where points of a Latin hypercube still have three digits of their
/// own within a stratum.
pub(super) const MOST_SCENARIOS: u64 = 1 << 48;

impl DesignKind {
    /// The names that sweep files call them by.
    pub const NAMES: [&'static str; 6] =
        ["grid", ONE_AT_A_TIME, "latin_hypercube", "sobol", "monte_carlo", "table"];

    /// The name that sweep files call it by.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Grid => "grid",
            Self::OneAtATime => ONE_AT_A_TIME,
            Self::LatinHypercube { .. } => "latin_hypercube",
            Self::Sobol { .. } => "sobol",
            Self::MonteCarlo { .. } => "monte_carlo",
            Self::Table(_) => "table",
        }
    }

    /// Number of scenarios that are drawn; `None` where none is.
    pub(super) const fn samples(&self) -> Option<u64> {
        match self {
            Self::LatinHypercube { samples, .. }
            | Self::Sobol { samples, .. }
            | Self::MonteCarlo { samples, .. } => Some(*samples),
            Self::Grid | Self::OneAtATime | Self::Table(_) => None,
        }
    }

    /// Points of an axis; `None` where the design draws none, or has no such axis.
    pub(super) fn points(&self, axis: usize) -> Option<Points> {
        match self {
            Self::LatinHypercube { samples, seed } => {
                Some(Points::Latin(Box::new(LatinAxis::new(*seed, axis, *samples))))
            }
            Self::Sobol { samples, seed, scrambled } => {
                let sobol = SobolAxis::new(axis, scrambled.then_some(*seed), *samples)?;
                Some(Points::Sobol(Box::new(sobol)))
            }
            Self::MonteCarlo { seed, .. } => {
                let purpose = self::philox::Purpose::Points;
                Some(Points::Random(Random::new(*seed, axis, purpose)))
            }
            Self::Grid | Self::OneAtATime | Self::Table(_) => None,
        }
    }
}

/// How the numbers of an axis are shown.
#[derive(Debug, Clone, PartialEq)]
pub struct AxisColumn {
    /// Address of the parameter.
    pub address: String,
    /// Unit in which its SI numbers are shown; `None` where they are indices into names.
    pub unit: Option<Unit>,
    /// What its numbers count; `None` where they are numbers.
    pub names: Option<Vec<String>>,
}

/// The scenarios of a sweep, each found by its index.
#[derive(Debug, Clone, PartialEq)]
pub struct Design {
    len: u64,
    layout: Layout,
}

/// How scenarios are found.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Layout {
    /// Steps of each column, the last axis fastest.
    Grid(Vec<Steps>),
    /// Base and steps of each column.
    OneAtATime(Vec<(f64, Steps)>),
    /// Columns.
    Table(Vec<Vec<f64>>),
    /// Points and distribution of each column, and those that are correlated.
    Drawn(Drawn),
}

/// The numbers that a column goes through.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Steps {
    pub numbers: Vec<f64>,
    /// Whether it goes with the column before it: another parameter of the same axis.
    pub tied: bool,
}

/// Memory of one thread for [`Design::fill`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DesignScratch {
    /// Normal scores of a group of correlated axes, axis after axis.
    scores: Vec<f64>,
}

impl Design {
    /// How its scenarios are found, whatever their number.
    pub(super) const fn layout(&self) -> &Layout {
        &self.layout
    }

    pub(super) const fn new(len: u64, layout: Layout) -> Self {
        Self { len, layout }
    }

    /// Number of scenarios.
    #[must_use]
    pub const fn len(&self) -> u64 {
        self.len
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Number of columns: of an axis with several parameters, one for each.
    #[must_use]
    pub fn axes(&self) -> usize {
        match &self.layout {
            Layout::Grid(axes) => axes.len(),
            Layout::Table(axes) => axes.len(),
            Layout::OneAtATime(axes) => axes.len(),
            Layout::Drawn(drawn) => drawn.columns(),
        }
    }

    /// Memory for one thread.
    #[must_use]
    pub fn scratch(&self) -> DesignScratch {
        DesignScratch::default()
    }

    /// The columns of some scenarios, spread over all there are.
    pub(super) fn some_scenarios(&self, most: u64) -> Vec<Vec<f64>> {
        let count = self.len.min(most);
        // the first that are drawn are as even as any, and every so many of an even design are
        // not; steps of a grid come back after as many, so that a golden section leaves none out
        let is_drawn = matches!(self.layout, Layout::Drawn(_));
        let step = if is_drawn || count == self.len { 1 } else { self.len * 618 / 1_000 };
        let mut scratch = self.scratch();
        let mut columns = vec![Vec::new(); self.axes()];
        let mut one = vec![0.0; self.axes()];
        for at in 0..count {
            self.fill(&mut scratch, at * step % self.len, 1, &mut one);
            for (column, number) in columns.iter_mut().zip(&one) {
                column.push(*number);
            }
        }
        columns
    }

    /// Some of the numbers that each column has, as many of each, the ends among them: of those
    /// that are drawn, by what `scenarios` have.
    pub(super) fn some_numbers(&self, most: usize, scenarios: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let some = |numbers: &[f64]| {
            let mut rising = numbers.to_vec();
            rising.sort_by(f64::total_cmp);
            (0..most).map(|at| rising[at * (rising.len() - 1) / (most - 1).max(1)]).collect()
        };
        match &self.layout {
            Layout::Grid(axes) => axes.iter().map(|steps| some(&steps.numbers)).collect(),
            Layout::OneAtATime(axes) => {
                axes.iter().map(|(_, steps)| some(&steps.numbers)).collect()
            }
            Layout::Table(_) | Layout::Drawn(_) => {
                scenarios.iter().map(|column| some(column)).collect()
            }
        }
    }

    /// Writes the axes of scenarios `first .. first + count`, axis after axis, `count` numbers
    /// each: SI, or indices into the values of an axis. Nothing is allocated where `scratch` has
    /// served a block as large before.
    ///
    /// # Panics
    /// Where `columns` is not that long, or the design has no such scenarios.
    pub fn fill(&self, scratch: &mut DesignScratch, first: u64, count: usize, columns: &mut [f64]) {
        assert_eq!(columns.len(), self.axes() * count);
        assert!(first <= self.len && count as u64 <= self.len - first);
        if count == 0 {
            return;
        }
        match &self.layout {
            Layout::Grid(axes) => grid(axes, first, count, columns),
            Layout::OneAtATime(axes) => one_at_a_time(axes, first, count, columns),
            Layout::Table(axes) => {
                for (axis, column) in axes.iter().zip(columns.chunks_exact_mut(count)) {
                    // a table lies in memory, so its rows are counted by usize
                    let start = usize::try_from(first).unwrap_or(usize::MAX);
                    column.copy_from_slice(&axis[start..start + count]);
                }
            }
            Layout::Drawn(drawn) => drawn.fill(&mut scratch.scores, first, count, columns),
        }
    }
}

fn grid(axes: &[Steps], first: u64, count: usize, columns: &mut [f64]) {
    // how often each step of an axis is repeated while the axes after it vary
    let mut repeats = 1;
    for (axis, column) in axes.iter().zip(columns.chunks_exact_mut(count)).rev() {
        let Steps { numbers, tied } = axis;
        let steps = numbers.len() as u64;
        let mut step = usize::try_from(first / repeats % steps).unwrap_or(0);
        let mut repeat = first % repeats;
        for number in column {
            *number = numbers[step];
            repeat += 1;
            if repeat == repeats {
                repeat = 0;
                step = if step + 1 == numbers.len() { 0 } else { step + 1 };
            }
        }
        // the column before a tied one has the same step
        if !tied {
            repeats *= steps;
        }
    }
}

fn one_at_a_time(axes: &[(f64, Steps)], first: u64, count: usize, columns: &mut [f64]) {
    // the first scenario that moves an axis, and that after its last; scenario 0 is the base
    let (mut start, mut end) = (1, 1);
    for ((base, steps), column) in axes.iter().zip(columns.chunks_exact_mut(count)) {
        column.fill(*base);
        if !steps.tied {
            (start, end) = (end, end + steps.numbers.len() as u64);
        }
        let from = first.max(start);
        let until = (first + count as u64).min(end);
        for scenario in from..until {
            let at = usize::try_from(scenario - first).unwrap_or(0);
            let step = usize::try_from(scenario - start).unwrap_or(0);
            column[at] = steps.numbers[step];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(design: &Design) -> Vec<Vec<f64>> {
        let count = usize::try_from(design.len()).unwrap();
        let mut columns = vec![0.0; design.axes() * count];
        design.fill(&mut design.scratch(), 0, count, &mut columns);
        (0..count).map(|at| columns[at..].iter().step_by(count).copied().collect()).collect()
    }

    fn steps<const N: usize>(numbers: [f64; N]) -> Steps {
        Steps { numbers: numbers.to_vec(), tied: false }
    }

    fn tied<const N: usize>(numbers: [f64; N]) -> Steps {
        Steps { numbers: numbers.to_vec(), tied: true }
    }

    #[test]
    fn the_last_axis_of_a_grid_varies_fastest() {
        let design =
            Design::new(6, Layout::Grid(vec![steps([1.0, 2.0]), steps([10.0, 20.0, 30.0])]));
        let expected =
            [[1.0, 10.0], [1.0, 20.0], [1.0, 30.0], [2.0, 10.0], [2.0, 20.0], [2.0, 30.0]];
        assert_eq!(rows(&design), expected);
    }

    #[test]
    fn columns_of_one_axis_move_together_in_a_grid() {
        let axes =
            vec![steps([1.0, 2.0]), tied([-1.0, -2.0]), steps([10.0, 20.0]), tied([0.1, 0.2])];
        let design = Design::new(4, Layout::Grid(axes));
        let expected = [
            [1.0, -1.0, 10.0, 0.1],
            [1.0, -1.0, 20.0, 0.2],
            [2.0, -2.0, 10.0, 0.1],
            [2.0, -2.0, 20.0, 0.2],
        ];
        assert_eq!(rows(&design), expected);
    }

    #[test]
    fn one_axis_moves_at_a_time_after_the_base_scenario() {
        let axes = vec![(5.0, steps([1.0, 2.0])), (7.0, tied([3.0, 4.0])), (50.0, steps([10.0]))];
        let design = Design::new(4, Layout::OneAtATime(axes));
        let expected = [[5.0, 7.0, 50.0], [1.0, 3.0, 50.0], [2.0, 4.0, 50.0], [5.0, 7.0, 10.0]];
        assert_eq!(rows(&design), expected);
    }
}
