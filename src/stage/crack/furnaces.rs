//! What goes through the furnaces when some of it comes back.

use crate::scalar::Scalar;
use crate::stage::StageError;

/// Most feeds of one cracker: its recycle is solved in memory of this size.
pub(super) const MOST_FEEDS: usize = 8;

/// What goes through the furnaces: `(I - R) u = f`, one row a feed.
pub(super) struct Furnaces<S> {
    count: usize,
    /// Rows of `I - R`.
    pub matrix: [[S; MOST_FEEDS]; MOST_FEEDS],
    /// Fresh feeds, mol/s.
    fresh: [S; MOST_FEEDS],
}

impl<S: Scalar> Furnaces<S> {
    pub fn fed(fresh: impl ExactSizeIterator<Item = S>) -> Self {
        let mut furnaces = Self {
            count: fresh.len(),
            matrix: [[S::zero(); MOST_FEEDS]; MOST_FEEDS],
            fresh: [S::zero(); MOST_FEEDS],
        };
        for (feed, flow) in fresh.enumerate() {
            furnaces.fresh[feed] = flow;
            furnaces.matrix[feed][feed] = S::one();
        }
        furnaces
    }

    /// What each feed sends through the furnaces, mol/s. `I - R` is an M-matrix (no yield is
    /// negative, and none of a pass sums to more than its feed), so that elimination needs no
    /// pivoting.
    pub fn through(mut self) -> Result<[S; MOST_FEEDS], StageError> {
        for pivot in 0..self.count {
            let lead = self.matrix[pivot];
            // a feed that only ever becomes itself again has nowhere to go
            if lead[pivot].value().is_nan() || lead[pivot].value() <= 0.0 {
                return Err(StageError::OutOfDomain {
                    what: "share of a recycled feed that its passes convert",
                    got: lead[pivot].value(),
                    allowed: "above 0",
                });
            }
            for row in pivot + 1..self.count {
                let factor = self.matrix[row][pivot] / lead[pivot];
                for (own, of_lead) in self.matrix[row][pivot + 1..self.count]
                    .iter_mut()
                    .zip(&lead[pivot + 1..self.count])
                {
                    *own -= factor * *of_lead;
                }
                let fresh = self.fresh[pivot];
                self.fresh[row] -= factor * fresh;
            }
        }
        let mut through = [S::zero(); MOST_FEEDS];
        for row in (0..self.count).rev() {
            let mut flow = self.fresh[row];
            for other in row + 1..self.count {
                flow -= self.matrix[row][other] * through[other];
            }
            through[row] = flow / self.matrix[row][row];
        }
        Ok(through)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scalar::Dual;

    /// Two feeds that make each other: u0 = 3 + 0.1 u0 + 0.25 u1, u1 = 2 + 0.2 u0 + 0.05 u1.
    fn two<S: Scalar>(first: S) -> [S; MOST_FEEDS] {
        let mut furnaces = Furnaces::fed([first, S::from_f64(2.0)].into_iter());
        let recycled = [[0.1, 0.25], [0.2, 0.05]];
        for (row, recycled) in furnaces.matrix.iter_mut().zip(recycled) {
            for (own, part) in row.iter_mut().zip(recycled) {
                *own -= S::from_f64(part);
            }
        }
        furnaces.through().expect("all of it leaves")
    }

    #[test]
    fn what_comes_back_is_solved_for() {
        // by Cramer's rule: determinant 0.9 * 0.95 - 0.25 * 0.2 = 0.805
        let through = two(3.0);
        assert!((through[0] - (3.0 * 0.95 + 2.0 * 0.25) / 0.805).abs() < 1e-14);
        assert!((through[1] - (3.0 * 0.2 + 2.0 * 0.9) / 0.805).abs() < 1e-14);
        let slope = two(Dual::variable(3.0));
        assert_eq!(slope[0].value().to_bits(), through[0].to_bits());
        assert!((slope[1].derivative() - 0.2 / 0.805).abs() < 1e-15);
    }

    #[test]
    fn what_is_never_converted_has_nowhere_to_go() {
        let mut furnaces = Furnaces::fed([1.0].into_iter());
        furnaces.matrix[0][0] -= 1.0;
        let error = furnaces.through().unwrap_err().to_string();
        let expected = "share of a recycled feed that its passes convert is 0; allowed: above 0";
        assert_eq!(error, expected);
    }
}
