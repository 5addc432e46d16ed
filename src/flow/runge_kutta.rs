//! The steps by which paths of a gas are followed: of a let-down, of a compression.

use crate::scalar::Scalar;

/// Follows numbers from a point over a length by their slopes there, which are asked for by the
/// quarters of steps gone: in Runge-Kutta steps of fifth order and six stages (J. C. Butcher, J.
/// Aust. Math. Soc. 4 (1964) 179; recalled), whose weights are those of Boole's rule, so that what
/// is only summed up on the way is right to seventh order.
pub(super) fn follow<S: Scalar, const N: usize>(
    steps: u8,
    length: S,
    start: [S; N],
    mut slopes: impl FnMut(u8, [S; N]) -> [S; N],
) -> [S; N] {
    let step = length.scaled(1.0 / f64::from(steps));
    let mut at = start;
    for taken in 0..steps {
        // the numbers after a step of slopes so weighed
        let along = |weighed: &[([S; N], f64)]| {
            std::array::from_fn(|of| {
                let parts = weighed.iter().map(|(slopes, weight)| slopes[of].scaled(*weight));
                at[of] + step * parts.reduce(|sum, part| sum + part).unwrap_or_else(S::zero)
            })
        };
        let from = 4 * taken;
        let one = slopes(from, at);
        let two = slopes(from + 1, along(&[(one, 0.25)]));
        let three = slopes(from + 1, along(&[(one, 0.125), (two, 0.125)]));
        let four = slopes(from + 2, along(&[(two, -0.5), (three, 1.0)]));
        let five = slopes(from + 3, along(&[(one, 3.0 / 16.0), (four, 9.0 / 16.0)]));
        let last = [
            (one, -3.0 / 7.0),
            (two, 2.0 / 7.0),
            (three, 12.0 / 7.0),
            (four, -12.0 / 7.0),
            (five, 8.0 / 7.0),
        ];
        let six = slopes(from + 4, along(&last));
        let [ends, mids, middle] = [7.0 / 90.0, 32.0 / 90.0, 12.0 / 90.0];
        at = along(&[(one, ends), (three, mids), (four, middle), (five, mids), (six, ends)]);
    }
    at
}
