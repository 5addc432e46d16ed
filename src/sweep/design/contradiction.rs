//! Correlations that no axes can have together: why, and how far the nearest are that they can.

use super::correlation::{rank_of, score_of};
use super::together::factor;
use crate::fault::FaultKind;
use nalgebra::DMatrix;
use std::collections::HashMap;
use std::fmt::Write;

/// Most axes for which it is worked out what would do instead: that takes many eigenvectors.
const MOST_MENDED: usize = 12;

/// What is off by no more than this is rounding.
const ROUNDING: f64 = 1e-9;

/// Correlations of axes that are joined, no two of which go together in full.
pub(super) struct Asked<'a> {
    pub names: Vec<&'a str>,
    /// How many of the first contradict one another.
    pub wrong: usize,
    /// Of the normal scores.
    pub matrix: DMatrix<f64>,
    /// By pair of axes, the first before the second, where somebody gave it.
    pub written: HashMap<(usize, usize), Written<'a>>,
}

/// How somebody wrote a correlation of two axes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Written<'a> {
    /// Of which axes: themselves, or some that go with them in full.
    pub between: [&'a str; 2],
    /// Whether of ranks.
    pub by_rank: bool,
    /// Whether one of the two is the mirror image of its axis.
    pub mirrored: bool,
}

impl Written<'_> {
    /// What would be written for a correlation of normal scores.
    fn of(self, score: f64) -> f64 {
        let score = if self.mirrored { -score } else { score };
        if self.by_rank { rank_of(score) } else { score }
    }

    /// The correlation of normal scores that is meant by what is written.
    fn meant(self, written: f64) -> f64 {
        let score = if self.by_rank { score_of(written) } else { written };
        if self.mirrored { -score } else { score }
    }
}

impl Asked<'_> {
    /// The fault that they are, which have no Cholesky factor.
    pub(super) fn contradiction(&self) -> FaultKind {
        let quoted = self.names[..self.wrong].iter().map(|name| format!("\"{name}\""));
        let quoted = quoted.collect::<Vec<String>>().join(", ");
        let wrong = self.matrix.view((0, 0), (self.wrong, self.wrong)).into_owned();
        let least = least_eigenvalue(&wrong);
        let mut inside = self.written.iter().filter(|((_, last), _)| *last < self.wrong);
        let by_rank = inside.any(|(_, written)| written.by_rank);
        let as_ranks = by_rank.then(|| least_eigenvalue(&wrong.map(rank_of)));
        let got = match as_ranks.filter(|least| *least > -ROUNDING) {
            Some(of_ranks) => format!(
                "rank correlations of {quoted} that are consistent as ranks (least eigenvalue \
                 {of_ranks:.4}), but as correlations of normal scores (2 sin(pi r / 6)), which join \
                 axes, contradict one another: least eigenvalue {least:.4}"
            ),
            None => format!(
                "correlations of {quoted} that contradict one another: least eigenvalue {least:.4}"
            ),
        };
        let mut allowed = "a positive semidefinite matrix".to_owned();
        if self.names.len() <= MOST_MENDED {
            if let Some((pair, value)) = self.one_pair() {
                let _ = write!(allowed, "; changing one pair: {}", self.change(pair, value));
            }
            let changes = self.nearest();
            let changes = changes.into_iter().map(|(pair, value)| self.change(pair, value));
            let changes: Vec<String> = changes.collect();
            if !changes.is_empty() {
                let _ = write!(allowed, "; nearest of all: {}", changes.join(", "));
            }
        }
        FaultKind::NotAllowed { got, allowed }
    }

    fn pairs(&self) -> impl Iterator<Item = (usize, usize)> + use<> {
        let size = self.names.len();
        (0..size).flat_map(move |i| (i + 1..size).map(move |j| (i, j)))
    }

    /// How a pair was written, or would be.
    fn written(&self, pair: (usize, usize)) -> Written<'_> {
        let between = [self.names[pair.0], self.names[pair.1]];
        let unwritten = Written { between, by_rank: false, mirrored: false };
        self.written.get(&pair).copied().unwrap_or(unwritten)
    }

    /// `"a" and "b": rank_coefficient = 0.5 instead of 0.6`.
    fn change(&self, pair: (usize, usize), value: f64) -> String {
        let written = self.written(pair);
        let [one, other] = written.between;
        let key = if written.by_rank { "rank_coefficient" } else { "coefficient" };
        let instead = (written.of(self.matrix[pair]) * 1e9).round() / 1e9;
        format!("\"{one}\" and \"{other}\": {key} = {value} instead of {instead}")
    }

    /// The same with other values of some pairs, as written.
    fn with(&self, changes: &[((usize, usize), f64)]) -> DMatrix<f64> {
        let mut matrix = self.matrix.clone();
        for &((i, j), written) in changes {
            let meant = self.written((i, j)).meant(written);
            (matrix[(i, j)], matrix[(j, i)]) = (meant, meant);
        }
        matrix
    }

    /// The pair that alone has to be moved the least, to four digits, and where to.
    ///
    /// With the other axes' matrix R, and a and b their correlations with the two of the pair, the
    /// whole is positive semidefinite where the pair has a' R^-1 b, more or less the root of
    /// (1 - a' R^-1 a) (1 - b' R^-1 b).
    fn one_pair(&self) -> Option<((usize, usize), f64)> {
        let size = self.names.len();
        let ends = self.pairs().filter_map(|(i, j)| {
            let written = self.written.get(&(i, j))?;
            let rest: Vec<usize> = (0..size).filter(|k| *k != i && *k != j).collect();
            let among =
                DMatrix::from_fn(size - 2, size - 2, |a, b| self.matrix[(rest[a], rest[b])]);
            let with = |k| DMatrix::from_fn(size - 2, 1, |a, _| self.matrix[(rest[a], k)]);
            let among = among.cholesky()?;
            let [a, b] = [with(i), with(j)];
            let [by_a, by_b] = [among.solve(&a), among.solve(&b)];
            let left = (1.0 - a.dot(&by_a)) * (1.0 - b.dot(&by_b));
            let (middle, reach) = (a.dot(&by_b), left.max(0.0).sqrt());
            let ends = [written.of(middle - reach), written.of(middle + reach)];
            let low = (ends[0].min(ends[1]) * 1e4).ceil() / 1e4;
            let high = (ends[0].max(ends[1]) * 1e4).floor() / 1e4;
            let now = written.of(self.matrix[(i, j)]);
            let to = if now < low { low } else { high };
            let holds = low <= high && factor(&self.with(&[((i, j), to)])).is_ok();
            holds.then_some(((i, j), to, (to - now).abs()))
        });
        let least = ends.min_by(|(.., one), (.., other)| one.total_cmp(other))?;
        Some((least.0, least.1))
    }

    /// The pairs of the nearest matrix that axes can have, as they would be written to four digits,
    /// where they differ: projected in turns on matrices without negative eigenvalues and on those
    /// with ones on the diagonal (N. J. Higham, IMA Journal of Numerical Analysis 22, 2002,
    /// 329-343), and drawn to the middle by as much as rounding needs.
    fn nearest(&self) -> Vec<((usize, usize), f64)> {
        const TURNS: usize = 1_000;
        let size = self.names.len();
        let mut nearest = self.matrix.clone();
        let mut correction = DMatrix::zeros(size, size);
        for _ in 0..TURNS {
            let from = &nearest - &correction;
            let mut parts = from.clone().symmetric_eigen();
            parts.eigenvalues.iter_mut().for_each(|value| *value = value.max(0.0));
            let above = parts.recompose();
            correction = &above - from;
            let before = std::mem::replace(&mut nearest, above);
            nearest.fill_diagonal(1.0);
            if (&nearest - before).amax() < ROUNDING {
                break;
            }
        }
        for drawn in [0.0, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2] {
            let changes: Vec<((usize, usize), f64)> = self
                .pairs()
                .filter_map(|pair| {
                    let written = self.written(pair);
                    let to = (written.of(nearest[pair] * (1.0 - drawn)) * 1e4).round() / 1e4;
                    let moved = (to - written.of(self.matrix[pair])).abs() > ROUNDING;
                    moved.then_some((pair, to))
                })
                .collect();
            if factor(&self.with(&changes)).is_ok() {
                return changes;
            }
        }
        Vec::new()
    }
}

fn least_eigenvalue(matrix: &DMatrix<f64>) -> f64 {
    matrix.clone().symmetric_eigenvalues().min()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of Higham (2002), section 5, to the four digits printed there.
    #[test]
    fn the_nearest_matrix_is_the_published_one() {
        let matrix = DMatrix::from_row_slice(3, 3, &[1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0]);
        let names = vec!["a", "b", "c"];
        let asked = Asked { names, wrong: 3, matrix, written: HashMap::new() };
        let expected = [((0, 1), 0.7607), ((0, 2), 0.1573), ((1, 2), 0.7607)];
        for ((pair, got), (of, expected)) in asked.nearest().into_iter().zip(expected) {
            // drawn to the middle by as much as rounding needs
            assert!(pair == of && (got - expected).abs() < 2e-4, "{pair:?}: {got}");
        }
    }
}
