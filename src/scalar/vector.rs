//! Numbers side by side as vectors.

use super::Scalar;

/// The sum of products.
pub(crate) fn dot<S: Scalar>(one: &[S], other: &[S]) -> S {
    one.iter().zip(other).fold(S::zero(), |sum, (&one, &other)| sum + one * other)
}

/// Takes out what lies along a direction, which has the length 1.
pub(crate) fn take_out<S: Scalar>(from: &mut [S], direction: &[S]) {
    let along = dot(from, direction);
    for (part, &direction) in from.iter_mut().zip(direction) {
        *part -= along * direction;
    }
}
