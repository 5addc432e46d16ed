//! Axes that vary together: a Gaussian copula, and the groups of axes that it joins.

use crate::fault::{FaultKind, Faults, Place};
use crate::math;
use nalgebra::{Cholesky, DMatrix};
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
    /// Correlation of the normal scores, between -1 and 1, both excluded.
    pub coefficient: f64,
    /// Where it stands.
    pub(in crate::sweep) place: Place,
}

impl Correlation {
    /// A correlation of normal scores.
    #[must_use]
    pub fn new(one: &str, other: &str, coefficient: f64) -> Self {
        let between = [one, other].map(str::to_owned);
        Self { between, coefficient, place: Place::address("correlation") }
    }

    /// The correlation that gives this rank correlation (Spearman's): 2 sin(pi / 6 rank).
    #[must_use]
    pub fn by_rank(one: &str, other: &str, rank: f64) -> Self {
        // outside -1 to 1 there is none, and the sine would hide that
        let coefficient = if rank.abs() <= 1.0 { 2.0 * math::sin(PI / 6.0 * rank) } else { rank };
        Self::new(one, other, coefficient)
    }
}

/// Least diagonal of the Cholesky factor that counts as positive: a millionth of a score's spread.
const LEAST_OWN_SHARE: f64 = 1e-6;

/// Axes that depend on one another, with the rows of their Cholesky factor.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::sweep) struct Group {
    /// Indices of the axes, in their order.
    pub axes: Vec<usize>,
    /// For each axis, the share of each axis up to itself; `None` where it is only itself.
    pub rows: Vec<Option<Vec<f64>>>,
}

/// The groups of correlated axes; what contradicts itself is a fault.
pub(in crate::sweep) fn groups(
    correlations: &[Correlation],
    axes: &[&str],
    faults: &mut Faults,
) -> Vec<Group> {
    let mut matrix = DMatrix::<f64>::identity(axes.len(), axes.len());
    let mut first: Vec<(usize, usize, &Place)> = Vec::new();
    let before = faults.0.len();
    for correlation in correlations {
        let place = &correlation.place;
        let [one, other] = correlation.between.each_ref().map(|address| {
            let found = axes.iter().position(|axis| axis == address);
            if found.is_none() {
                faults.push(place.clone(), FaultKind::unknown("axis", address, axes));
            }
            found
        });
        let coefficient = correlation.coefficient;
        if coefficient.is_nan() || coefficient.abs() >= 1.0 {
            let got = format!("coefficient {coefficient}");
            let allowed = "between -1 and 1, both excluded".to_owned();
            faults.push(place.clone(), FaultKind::NotAllowed { got, allowed });
        }
        let (Some(one), Some(other)) = (one, other) else { continue };
        let (one, other) = (one.min(other), one.max(other));
        if one == other {
            let got = format!("a correlation of \"{}\" with itself", axes[one]);
            let allowed = "two axes".to_owned();
            faults.push(place.clone(), FaultKind::NotAllowed { got, allowed });
        } else if let Some((.., first)) = first.iter().find(|(a, b, _)| (*a, *b) == (one, other)) {
            let name = format!("{}\" and \"{}", axes[one], axes[other]);
            let kind = FaultKind::Duplicate {
                what: "correlation between",
                name,
                first: (first.file.is_some()).then(|| Box::new((*first).clone())),
            };
            faults.push(place.clone(), kind);
        } else {
            first.push((one, other, place));
            matrix[(one, other)] = coefficient;
            matrix[(other, one)] = coefficient;
        }
    }
    if faults.0.len() > before {
        return Vec::new();
    }
    let mut groups = Vec::new();
    for members in connected(&matrix) {
        match factor(&matrix, &members) {
            Ok(group) => groups.push(group),
            Err((size, least)) => {
                let names: Vec<String> =
                    members[..size].iter().map(|axis| format!("\"{}\"", axes[*axis])).collect();
                let got = format!(
                    "correlations of {} that contradict one another: least eigenvalue {:.4}",
                    names.join(", "),
                    least
                );
                let allowed = "a positive definite matrix".to_owned();
                // the last one among them is what completes the contradiction
                let inside = |axis: &usize| members[..size].contains(axis);
                let last = first.iter().rev().find(|(a, b, _)| inside(a) && inside(b));
                let place = last.map_or_else(Place::default, |(.., place)| (*place).clone());
                faults.push(place, FaultKind::NotAllowed { got, allowed });
            }
        }
    }
    groups
}

/// Axes that are correlated with one another, directly or through others.
fn connected(matrix: &DMatrix<f64>) -> Vec<Vec<usize>> {
    let mut seen = vec![false; matrix.nrows()];
    let mut groups = Vec::new();
    for start in 0..matrix.nrows() {
        let mut members = Vec::new();
        let mut open = vec![start];
        while let Some(axis) = open.pop() {
            if std::mem::replace(&mut seen[axis], true) {
                continue;
            }
            members.push(axis);
            open.extend((0..matrix.nrows()).filter(|other| matrix[(axis, *other)] != 0.0));
        }
        if members.len() > 1 {
            members.sort_unstable();
            groups.push(members);
        }
    }
    groups
}

/// The Cholesky factor of a group; how many of its axes contradict one another, and the least
/// eigenvalue of their matrix, where there is none.
fn factor(matrix: &DMatrix<f64>, members: &[usize]) -> Result<Group, (usize, f64)> {
    let leading = |size| DMatrix::from_fn(size, size, |i, j| matrix[(members[i], members[j])]);
    let lower = |size| {
        let factor = leading(size).cholesky().map(Cholesky::unpack);
        factor.filter(|lower| lower.diagonal().iter().all(|own| *own > LEAST_OWN_SHARE))
    };
    let Some(lower) = lower(members.len()) else {
        let size = (1..members.len()).find(|size| lower(*size).is_none());
        let size = size.unwrap_or(members.len());
        return Err((size, leading(size).symmetric_eigenvalues().min()));
    };
    let row = |k: usize| {
        let shares: Vec<f64> = (0..=k).map(|j| lower[(k, j)]).collect();
        shares[..k].iter().any(|share| *share != 0.0).then_some(shares)
    };
    Ok(Group { axes: members.to_vec(), rows: (0..members.len()).map(row).collect() })
}

impl Group {
    /// Whether the points of an axis are mixed with those of others.
    pub(in crate::sweep) fn mixes(&self, axis: usize) -> bool {
        let member = self.axes.iter().position(|other| *other == axis);
        member.is_some_and(|member| self.rows[member].is_some())
    }
}
