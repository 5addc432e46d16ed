//! Polynomials by their coefficients: through values at nodes, and what they are at a place.

use crate::math;
use crate::scalar::Scalar;
use std::f64::consts::PI;

/// Coefficients of the mean of a polynomial from 0 to x.
pub(super) fn integrated<S: Scalar, const N: usize>(coefficients: &[S; N]) -> [S; N] {
    std::array::from_fn(|power| coefficients[power].scaled(1.0 / (power as f64 + 1.0)))
}

/// A polynomial by its coefficients, its slope and half its curvature: Horner's rule three times
/// over, each with what the one before leaves.
#[inline]
pub(super) fn horner<S: Scalar, const N: usize>(coefficients: &[S; N], x: S) -> [S; 3] {
    let mut left = *coefficients;
    let mut found = [S::zero(); 3];
    for (taken, found) in found.iter_mut().enumerate() {
        for power in (taken + 1..N).rev() {
            left[power - 1] = left[power] * x + left[power - 1];
        }
        *found = left[taken];
    }
    found
}

/// Chebyshev nodes on [-1, 1]: the zeros of the polynomial of degree N.
pub(super) fn chebyshev<const N: usize>() -> [f64; N] {
    std::array::from_fn(|node| math::cos(PI * (node as f64 + 0.5) / N as f64))
}

/// Coefficients, by rising power, of the polynomial through values at nodes: Newton's divided
/// differences, multiplied out.
pub(super) fn polynomial<S: Scalar, const N: usize>(values: [S; N], nodes: [f64; N]) -> [S; N] {
    let mut differences = values;
    for order in 1..N {
        for node in (order..N).rev() {
            differences[node] = (differences[node] - differences[node - 1])
                .scaled(1.0 / (nodes[node] - nodes[node - order]));
        }
    }
    let mut coefficients = [S::zero(); N];
    for (&difference, node) in differences.iter().zip(nodes).rev() {
        for power in (1..N).rev() {
            coefficients[power] = coefficients[power - 1] - coefficients[power].scaled(node);
        }
        coefficients[0] = difference - coefficients[0].scaled(node);
    }
    coefficients
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_polynomial_goes_through_its_nodes() {
        let nodes = chebyshev::<5>();
        let cubic = |x: f64| 1.0 - 2.0 * x + 0.5 * x * x * x;
        let found = polynomial(nodes.map(cubic), nodes);
        for (coefficient, expected) in found.iter().zip([1.0, -2.0, 0.0, 0.5, 0.0]) {
            assert!((coefficient - expected).abs() < 1e-14);
        }
    }
}
