//! What goes through the furnaces when some of it comes back.

use crate::linear::Pattern;
use crate::scalar::Scalar;
use crate::stage::StageError;

/// Most feeds that one cracker recycles: that is solved in memory of this size.
pub(super) const MOST_RECYCLED: usize = 4;

/// Most ways from a recycled feed to another.
const WAYS: usize = MOST_RECYCLED * (MOST_RECYCLED - 1);

/// What goes through the furnaces, by mass: passes make and lose none.
pub(super) struct Furnaces<'p, S> {
    pattern: &'p Pattern,
    /// What comes first through the furnaces, kg/s.
    fresh: [S; MOST_RECYCLED],
    shares: [S; WAYS],
    /// The part of each feed that a pass turns into what is not cracked again.
    leaving: [S; MOST_RECYCLED],
}

impl<'p, S: Scalar> Furnaces<'p, S> {
    /// Each of so many recycled feeds may make each other.
    pub fn pattern(count: usize) -> Pattern {
        Pattern::new(count, (0..count).flat_map(|from| (0..count).map(move |to| (from, to))))
    }

    pub fn new(pattern: &'p Pattern) -> Self {
        let zeros = [S::zero(); MOST_RECYCLED];
        Self { pattern, fresh: zeros, shares: [S::zero(); WAYS], leaving: zeros }
    }

    /// Feeds a recycled feed, from outside or as what a feed that is not recycled makes of it.
    pub fn feed(&mut self, place: usize, flow: S) {
        self.fresh[place] += flow;
    }

    /// A pass of the feed at `from` makes this part of it the feed at `to`.
    pub fn makes(&mut self, from: usize, to: usize, part: S) {
        if let Some(at) = self.pattern.share(from, to) {
            self.shares[at] += part;
        }
    }

    /// A pass of the feed at `from` makes this part of it something that is not cracked again.
    pub fn leaves(&mut self, from: usize, part: S) {
        self.leaving[from] += part;
    }

    /// What each feed sends through the furnaces, kg/s.
    pub fn through(mut self) -> Result<[S; MOST_RECYCLED], StageError> {
        self.pattern.eliminate(&mut self.shares, &mut self.leaving);
        self.check()?;
        // every feed is converted: nothing is trapped
        let _ = self.pattern.solve(&self.shares, &self.leaving, &mut self.fresh);
        Ok(self.fresh)
    }

    /// The same where what passes make is known beforehand ([`Furnaces::known`]).
    pub fn through_known(mut self, known: &[f64]) -> Result<[S; MOST_RECYCLED], StageError> {
        let (shares, pivots) = known.split_at(WAYS);
        for (own, pivot) in self.leaving.iter_mut().zip(pivots) {
            *own = S::from_f64(*pivot);
        }
        self.check()?;
        let _ = self.pattern.solve_plain(shares, pivots, &mut self.fresh);
        Ok(self.fresh)
    }

    /// A feed that only ever becomes itself again has nowhere to go.
    fn check(&self) -> Result<(), StageError> {
        let mut pivots = self.leaving[..self.pattern.nodes()].iter();
        match pivots.find(|pivot| (-**pivot).exceeds(-f64::MIN_POSITIVE)) {
            None => Ok(()),
            Some(pivot) => Err(StageError::OutOfDomain {
                what: "share of a recycled feed that its passes convert",
                got: pivot.value(),
                allowed: "above 0",
            }),
        }
    }
}

impl Furnaces<'_, f64> {
    /// What passes make, eliminated: shares, then pivots.
    pub fn known(mut self) -> Vec<f64> {
        self.pattern.eliminate(&mut self.shares, &mut self.leaving);
        self.shares.into_iter().chain(self.leaving).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_never_converted_has_nowhere_to_go() {
        let pattern = Furnaces::<f64>::pattern(1);
        let mut furnaces = Furnaces::new(&pattern);
        furnaces.feed(0, 1.0);
        furnaces.makes(0, 0, 1.0);
        let error = furnaces.through().unwrap_err().to_string();
        let expected = "share of a recycled feed that its passes convert is 0; allowed: above 0";
        assert_eq!(error, expected);
    }

    #[test]
    fn a_conversion_of_any_size_is_enough() {
        let pattern = Furnaces::<f64>::pattern(2);
        for conversion in [0.65, 1e-9, 1e-200] {
            let mut furnaces = Furnaces::new(&pattern);
            furnaces.feed(0, 3.0);
            furnaces.makes(0, 1, 1.0);
            furnaces.makes(1, 0, 1.0 - conversion);
            furnaces.leaves(1, conversion);
            let through = furnaces.through().unwrap();
            assert!((through[0] * conversion / 3.0 - 1.0).abs() < 1e-14);
        }
    }
}
