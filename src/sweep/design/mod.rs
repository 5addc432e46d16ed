//! Where the scenarios of a sweep lie: any of them, by its index alone.
//!
//! *In:* a scenario's index. *Out:* a number for each axis. *Order:* points in the unit cube
//! (`sobol`, `latin`, or `philox`, which all draw from) become scores that `correlation` ties
//! together, and those, through the `marginal` of each axis (`normal`, `beta`), its numbers.

mod beta;
mod correlation;
mod latin;
mod marginal;
mod normal;
mod philox;
mod sobol;

pub(super) use beta::{Beta, SHAPES};
pub use correlation::Correlation;
pub(super) use correlation::{Group, groups};
pub(super) use marginal::{Marginal, Truncated};
pub(super) use sobol::DIMENSIONS;

use self::latin::LatinAxis;
use self::philox::{Random, unit_interval};
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
    /// scenarios is a power of two.
    Sobol {
        /// Number of scenarios.
        samples: u64,
        /// Seed of the scrambling.
        seed: u64,
        /// Whether points are scrambled, which makes means free of bias; only without are they
        /// those of published tables.
        scrambled: bool,
    },
    /// Independent random points.
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
            Self::Sobol { seed, scrambled, .. } => {
                let sobol = SobolAxis::new(axis, scrambled.then_some(*seed))?;
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
    /// Steps of each axis, the last fastest.
    Grid(Vec<Vec<f64>>),
    /// Base and steps of each axis.
    OneAtATime(Vec<(f64, Vec<f64>)>),
    /// Columns.
    Table(Vec<Vec<f64>>),
    /// Points and distribution of each axis, and those that are correlated.
    Drawn(Vec<(Points, Marginal)>, Vec<Group>),
}

/// Where the points of an axis come from.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Points {
    Random(Random),
    Latin(Box<LatinAxis>),
    Sobol(Box<SobolAxis>),
}

/// Memory of one thread for [`Design::fill`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DesignScratch {
    /// Normal scores of a group of correlated axes, axis after axis.
    scores: Vec<f64>,
}

impl Design {
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

    /// Number of axes.
    #[must_use]
    pub fn axes(&self) -> usize {
        match &self.layout {
            Layout::Grid(axes) | Layout::Table(axes) => axes.len(),
            Layout::OneAtATime(axes) => axes.len(),
            Layout::Drawn(axes, _) => axes.len(),
        }
    }

    /// Memory for one thread.
    #[must_use]
    pub fn scratch(&self) -> DesignScratch {
        DesignScratch::default()
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
            Layout::Drawn(axes, groups) => drawn(axes, groups, scratch, first, count, columns),
        }
    }
}

fn grid(axes: &[Vec<f64>], first: u64, count: usize, columns: &mut [f64]) {
    // how often each step of an axis is repeated while the axes after it vary
    let mut repeats = 1;
    for (axis, column) in axes.iter().zip(columns.chunks_exact_mut(count)).rev() {
        let steps = axis.len() as u64;
        let mut step = usize::try_from(first / repeats % steps).unwrap_or(0);
        let mut repeat = first % repeats;
        for number in column {
            *number = axis[step];
            repeat += 1;
            if repeat == repeats {
                repeat = 0;
                step = if step + 1 == axis.len() { 0 } else { step + 1 };
            }
        }
        repeats *= steps;
    }
}

fn one_at_a_time(axes: &[(f64, Vec<f64>)], first: u64, count: usize, columns: &mut [f64]) {
    // the first scenario that moves an axis; scenario 0 is the base
    let mut start = 1;
    for ((base, steps), column) in axes.iter().zip(columns.chunks_exact_mut(count)) {
        column.fill(*base);
        let end = start + steps.len() as u64;
        let from = first.max(start);
        let until = (first + count as u64).min(end);
        for scenario in from..until {
            let at = usize::try_from(scenario - first).unwrap_or(0);
            let step = usize::try_from(scenario - start).unwrap_or(0);
            column[at] = steps[step];
        }
        start = end;
    }
}

fn drawn(
    axes: &[(Points, Marginal)],
    groups: &[Group],
    scratch: &mut DesignScratch,
    first: u64,
    count: usize,
    columns: &mut [f64],
) {
    for ((points, _), column) in axes.iter().zip(columns.chunks_exact_mut(count)) {
        points.fill(first, column);
    }
    for group in groups {
        scratch.scores.clear();
        for axis in &group.axes {
            let points = &columns[axis * count..][..count];
            scratch.scores.extend(points.iter().map(|point| normal::score(*point)));
        }
        for (axis, row) in group.axes.iter().zip(&group.rows) {
            let Some(row) = row else { continue };
            let column = &mut columns[axis * count..][..count];
            column.fill(0.0);
            for (share, scores) in row.iter().zip(scratch.scores.chunks_exact(count)) {
                for (score, part) in column.iter_mut().zip(scores) {
                    *score += share * part;
                }
            }
            axes[*axis].1.of_scores(column);
        }
    }
    for (axis, (_, marginal)) in axes.iter().enumerate() {
        if !groups.iter().any(|group| group.mixes(axis)) {
            marginal.of_probabilities(&mut columns[axis * count..][..count]);
        }
    }
}

impl Points {
    fn fill(&self, first: u64, column: &mut [f64]) {
        match self {
            Self::Random(random) => random.for_each(first, column.len(), |at, bits| {
                column[at] = unit_interval(bits);
            }),
            Self::Latin(latin) => latin.fill(first, column),
            Self::Sobol(sobol) => sobol.fill(first, column),
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

    #[test]
    fn the_last_axis_of_a_grid_varies_fastest() {
        let design = Design::new(6, Layout::Grid(vec![vec![1.0, 2.0], vec![10.0, 20.0, 30.0]]));
        let expected =
            [[1.0, 10.0], [1.0, 20.0], [1.0, 30.0], [2.0, 10.0], [2.0, 20.0], [2.0, 30.0]];
        assert_eq!(rows(&design), expected);
    }

    #[test]
    fn one_axis_moves_at_a_time_after_the_base_scenario() {
        let axes = vec![(5.0, vec![1.0, 2.0]), (50.0, vec![10.0])];
        let design = Design::new(4, Layout::OneAtATime(axes));
        assert_eq!(rows(&design), [[5.0, 50.0], [1.0, 50.0], [2.0, 50.0], [5.0, 10.0]]);
    }
}
