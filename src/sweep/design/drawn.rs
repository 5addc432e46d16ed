//! Scenarios that are drawn: points of each axis, what ties axes together, and their distributions.

use super::latin::LatinAxis;
use super::marginal::Marginal;
use super::normal;
use super::philox::{Random, unit_interval};
use super::sobol::SobolAxis;
use super::together::Group;

/// Columns that are drawn.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::sweep) struct Drawn {
    columns: Vec<(Source, Marginal)>,
    groups: Vec<Group>,
    /// By column: whether what its distribution takes are normal scores, as a group mixed them.
    by_scores: Vec<bool>,
}

/// Where the points of a column come from.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::sweep) enum Source {
    /// From the design.
    Own(Points),
    /// From an earlier column that has points of its own, or a group's.
    Of(Leader),
}

/// The earlier column that a column goes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sweep) struct Leader {
    pub column: usize,
    /// Whether one is high where the other is low.
    pub mirrored: bool,
}

/// Where the points of an axis come from.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::sweep) enum Points {
    Random(Random),
    Latin(Box<LatinAxis>),
    Sobol(Box<SobolAxis>),
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

impl Drawn {
    /// Columns, of which groups mix some that have points of their own.
    pub(in crate::sweep) fn new(columns: Vec<(Source, Marginal)>, groups: Vec<Group>) -> Self {
        let mut by_scores = vec![false; columns.len()];
        for group in &groups {
            for (column, row) in group.axes.iter().zip(&group.rows) {
                by_scores[*column] = row.is_some();
            }
        }
        for (column, (source, _)) in columns.iter().enumerate() {
            if let Source::Of(leader) = source {
                by_scores[column] = by_scores[leader.column];
            }
        }
        Self { columns, groups, by_scores }
    }

    pub(super) const fn columns(&self) -> usize {
        self.columns.len()
    }

    /// Writes the columns of scenarios `first .. first + count`.
    pub(super) fn fill(
        &self,
        scores: &mut Vec<f64>,
        first: u64,
        count: usize,
        columns: &mut [f64],
    ) {
        for ((source, _), column) in self.columns.iter().zip(columns.chunks_exact_mut(count)) {
            if let Source::Own(points) = source {
                points.fill(first, column);
            }
        }
        for group in &self.groups {
            scores.clear();
            for axis in &group.axes {
                let points = &columns[axis * count..][..count];
                scores.extend(points.iter().map(|point| normal::score(*point)));
            }
            for (axis, row) in group.axes.iter().zip(&group.rows) {
                let Some(row) = row else { continue };
                let column = &mut columns[axis * count..][..count];
                column.fill(0.0);
                for (share, scores) in row.iter().zip(scores.chunks_exact(count)) {
                    for (score, part) in column.iter_mut().zip(scores) {
                        *score += share * part;
                    }
                }
            }
        }
        // before any distribution replaces points by numbers
        for (at, (source, _)) in self.columns.iter().enumerate() {
            let Source::Of(Leader { column: leader, mirrored }) = *source else { continue };
            columns.copy_within(leader * count..(leader + 1) * count, at * count);
            if mirrored {
                let whole = if self.by_scores[at] { 0.0 } else { 1.0 };
                for point in &mut columns[at * count..][..count] {
                    *point = whole - *point;
                }
            }
        }
        let numbers = self.columns.iter().zip(&self.by_scores).zip(columns.chunks_exact_mut(count));
        for (((_, marginal), by_scores), column) in numbers {
            if *by_scores {
                marginal.of_scores(column);
            } else {
                marginal.of_probabilities(column);
            }
        }
    }
}
