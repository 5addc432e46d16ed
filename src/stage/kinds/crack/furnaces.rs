//! What goes through the furnaces when some of it comes back.

use crate::scalar::Scalar;
use crate::stage::StageError;

/// Most feeds that one cracker recycles: that is solved in memory of this size.
pub(super) const MOST_RECYCLED: usize = 4;

/// What goes through the furnaces: `(I - R) u = f`, one row a recycled feed.
pub(super) struct Furnaces<S> {
    /// Rows of `I - R`.
    matrix: [[S; MOST_RECYCLED]; MOST_RECYCLED],
    /// What comes first through the furnaces, mol/s.
    fresh: [S; MOST_RECYCLED],
}

impl<S: Scalar> Furnaces<S> {
    pub fn new() -> Self {
        Self {
            matrix: [[S::zero(); MOST_RECYCLED]; MOST_RECYCLED],
            fresh: [S::zero(); MOST_RECYCLED],
        }
    }

    /// Feeds a recycled feed, from outside or as what a feed that is not recycled makes of it.
    pub fn feed(&mut self, place: usize, flow: S) {
        self.fresh[place] += flow;
    }

    /// A pass of the feed at `of` gives `part` of it as the feed at `row`.
    pub fn returns(&mut self, row: usize, of: usize, part: S) {
        self.matrix[row][of] -= part;
    }

    /// What each of the first `count` feeds sends through the furnaces, mol/s. `I - R` is an M-matrix (no yield is
    /// negative, and none of a pass sums to more than its feed), so that elimination needs no
    /// pivoting.
    pub fn through(mut self, count: usize) -> Result<[S; MOST_RECYCLED], StageError> {
        for (place, row) in self.matrix.iter_mut().enumerate().take(count) {
            row[place] += S::one();
        }
        for pivot in 0..count {
            let lead = self.matrix[pivot];
            // a feed that only ever becomes itself again has nowhere to go
            if (-lead[pivot]).exceeds(-f64::MIN_POSITIVE) {
                return Err(StageError::OutOfDomain {
                    what: "share of a recycled feed that its passes convert",
                    got: lead[pivot].value(),
                    allowed: "above 0",
                });
            }
            for row in pivot + 1..count {
                let factor = self.matrix[row][pivot] / lead[pivot];
                for (own, of_lead) in
                    self.matrix[row][pivot + 1..count].iter_mut().zip(&lead[pivot + 1..count])
                {
                    *own -= factor * *of_lead;
                }
                let fresh = self.fresh[pivot];
                self.fresh[row] -= factor * fresh;
            }
        }
        let mut through = [S::zero(); MOST_RECYCLED];
        for row in (0..count).rev() {
            let mut flow = self.fresh[row];
            for (part, known) in self.matrix[row].iter().zip(&through).take(count).skip(row + 1) {
                flow -= *part * *known;
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
    fn two<S: Scalar>(first: S) -> [S; MOST_RECYCLED] {
        let mut furnaces = Furnaces::new();
        furnaces.feed(0, first);
        furnaces.feed(1, S::from_f64(2.0));
        for (row, of, part) in [(0, 0, 0.1), (0, 1, 0.25), (1, 0, 0.2), (1, 1, 0.05)] {
            furnaces.returns(row, of, S::from_f64(part));
        }
        furnaces.through(2).expect("all of it leaves")
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
        let mut furnaces = Furnaces::new();
        furnaces.feed(0, 1.0);
        furnaces.returns(0, 0, 1.0);
        let error = furnaces.through(1).unwrap_err().to_string();
        let expected = "share of a recycled feed that its passes convert is 0; allowed: above 0";
        assert_eq!(error, expected);
    }
}
