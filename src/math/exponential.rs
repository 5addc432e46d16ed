//! The exponential.
//!
//! x = n ln 2 + r with |r| up to half of ln 2, ln 2 in two parts so that r is known beyond its last
//! bit, and e^r = 1 + (r + r^2 Q(r)), where 1 + r is added with what it rounds off. Q is a polynomial
//! of least largest error, 2^-62. 2^n is made of its bits, in two halves, so that results with few
//! bits left are rounded once.

use super::{BIAS, LN_2, More, Operations, WHOLE};
use std::f64::consts::LOG2_E;

/// Q(r) = 1/2 + r/6 + ..., for |r| up to half of ln 2.
const Q: [f64; 8] = [
    0.5,
    0.166_666_666_666_666_7,
    0.041_666_666_666_666_67,
    0.008_333_333_333_326_141,
    0.001_388_888_888_888_375_2,
    0.000_198_412_698_748_004_93,
    2.480_158_732_553_336_3e-5,
    2.755_725_542_574_619_8e-6,
];
const Q_BEYOND: [f64; 3] =
    [2.755_727_366_134_847e-7, 2.510_520_637_405_601e-8, 2.091_467_937_665_463_4e-9];

/// Above it, and below it, the exponential is infinite and zero.
pub(super) const MOST: f64 = 710.0;
pub(super) const LEAST: f64 = -746.0;

/// Exponential.
#[inline(always)]
pub(crate) fn exp<O: Operations>(o: &mut O, x: O::Number) -> O::Number {
    let (most, least) = (o.constant(MOST), o.constant(LEAST));
    let x = o.min(x, most);
    let x = o.max(x, least);
    let zero = o.constant(0.0);
    of_sum(o, x, x, zero)
}

/// Exponential of `high + low`, which is about `x` and between [`LEAST`] and [`MOST`].
#[inline(always)]
pub(super) fn of_sum<O: Operations>(
    o: &mut O,
    x: O::Number,
    high: O::Number,
    low: O::Number,
) -> O::Number {
    let shifted = o.scaled(x, LOG2_E);
    let n = round(o, shifted);
    // exact: n has 11 bits, this part of ln 2 has 42, and the difference is small
    let main = o.scaled(n, LN_2[0]);
    let high = o.sub(high, main);
    let rest = o.scaled(n, LN_2[1]);
    let low = o.sub(low, rest);
    let r = o.add(high, low);
    let off = o.sub(high, r);
    let off = o.add(off, low);

    let r2 = o.mul(r, r);
    let r4 = o.mul(r2, r2);
    let r8 = o.mul(r4, r4);
    let q = o.eight(r, r2, r4, Q);
    let beyond = o.three(r, r2, Q_BEYOND);
    let beyond = o.mul(beyond, r8);
    let q = o.add(q, beyond);
    let q = o.mul(q, r2);

    let one = o.constant(1.0);
    let sum = o.add(one, r);
    let rounded_off = o.sub(one, sum);
    let rounded_off = o.add(rounded_off, r);
    // what r rounds off counts e^r times
    let off = o.mul(off, sum);
    let q = o.add(q, off);
    let tail = o.add(rounded_off, q);
    let value = o.add(sum, tail);

    let half = o.scaled(n, 0.5);
    let half = round(o, half);
    let other = o.sub(n, half);
    let (half, other) = (two_to(o, half), two_to(o, other));
    let value = o.mul(value, half);
    o.mul(value, other)
}

/// The nearest whole number.
#[inline(always)]
fn round<O: Operations>(o: &mut O, x: O::Number) -> O::Number {
    let shifted = o.plus(x, WHOLE);
    o.plus(shifted, -WHOLE)
}

/// 2 to the power of a whole number between -1022 and 1023.
#[inline(always)]
fn two_to<O: Operations>(o: &mut O, whole: O::Number) -> O::Number {
    let bits = o.plus(whole, WHOLE + BIAS);
    o.bits_up(bits)
}
