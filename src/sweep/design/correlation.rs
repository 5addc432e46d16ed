//! A correlation of two axes, as somebody asks for it.

use crate::fault::Place;
use crate::math;
use std::f64::consts::PI;

/// A correlation of the normal scores of two axes: a Gaussian copula.
///
/// Each axis k has a normal score `z_k`, the inverse normal of its point in (0, 1). With R the matrix
/// of correlations and R = L L^T (Cholesky), the scores y = L z are normal with correlations R, and
/// the axis takes the value that its distribution does not exceed with probability `Phi(y_k)`: each
/// keeps its own distribution, whatever that is (R. B. Nelsen, An introduction to copulas, 2006;
/// recalled). Two normal axes have this linear correlation. Others have one that is nearer to 0 in
/// general; all, where no value comes twice, have rank correlation 6/pi asin(coefficient / 2).
///
/// A coefficient of 1 or -1 is full: both axes stand at the same point of their distributions, or
/// at opposite ones, whatever design draws it. What is then left unsaid of the later axis follows
/// from the earlier one. Parameters that always have the same value are better one axis
/// ([`Axis::tied_to`](crate::sweep::Axis::tied_to)). R may be singular: an axis may be made of others.
///
/// **What it does to stratification.** L is lower triangular, so `y_k` depends on axis k and on the
/// correlated axes declared before it. An axis without correlation to any declared before it keeps
/// its points as they are: exactly one in each stratum of a Latin hypercube and in each interval of
/// a Sobol' sequence. The others keep their distribution, and not their strata. A mean over y is
/// the mean over z of another function, as smooth as the first, so that means still gain over
/// random points; declare first the axis that matters most. Rearranging whole columns (R. L. Iman
/// and W. J. Conover, 1982) would keep the strata of all axes, but no scenario could then be found
/// without all others.
///
/// ```
/// use gaschain::sweep::Correlation;
/// let both_fields = Correlation::new("chayanda.flow", "kovykta.flow", 0.5);
/// let by_rank = Correlation::by_rank("chayanda.flow", "kovykta.flow", 0.5);
/// assert!((by_rank.coefficient - 0.517_638).abs() < 1e-6);
/// assert!(both_fields.coefficient < by_rank.coefficient);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Correlation {
    /// Addresses of the two parameters.
    pub between: [String; 2],
    /// Correlation of the normal scores, -1 to 1.
    pub coefficient: f64,
    /// Whether it was given as that of ranks.
    pub(in crate::sweep) by_rank: bool,
    /// Where it stands.
    pub(in crate::sweep) place: Place,
}

impl Correlation {
    /// A correlation of normal scores.
    #[must_use]
    pub fn new(one: &str, other: &str, coefficient: f64) -> Self {
        let between = [one, other].map(str::to_owned);
        Self { between, coefficient, by_rank: false, place: Place::address("correlation") }
    }

    /// The correlation that gives this rank correlation (Spearman's): 2 sin(pi / 6 rank).
    #[must_use]
    pub fn by_rank(one: &str, other: &str, rank: f64) -> Self {
        Self { by_rank: true, ..Self::new(one, other, score_of(rank)) }
    }
}

/// The rank correlation (Spearman's) of axes whose normal scores have a correlation.
#[expect(clippy::disallowed_methods, reason = "a message shows a few digits of it")]
pub(super) fn rank_of(score: f64) -> f64 {
    6.0 / PI * (score / 2.0).asin()
}

/// The correlation of normal scores that gives a rank correlation.
pub(super) fn score_of(rank: f64) -> f64 {
    // outside -1 to 1 there is none, and the sine would hide that; at the ends it rounds
    if rank.abs() < 1.0 { 2.0 * math::sin(PI / 6.0 * rank) } else { rank }
}
