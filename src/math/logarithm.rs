//! The natural logarithm, and a number as a fraction times a power of two.
//!
//! x = 2^k m with m between the roots of 1/2 and 2, and with f = m - 1, s = f / (2 + f):
//! ln x = k ln 2 + 2 artanh s, where 2 artanh s = f - f^2/2 + s (f^2/2 + R(s^2)), so that f itself,
//! which is exact, carries most of it (P. T. P. Tang, ACM Transactions on Mathematical Software 16
//! (1990) 378, and K. C. Ng's logarithm in fdlibm go this way; recalled). R is a polynomial of least
//! largest error, 2^-64.

use super::{BIAS, FRACTION, LN_2, More, Operations};
use std::f64::consts::SQRT_2;

/// R(z) / z = 2/3 + 2/5 z + ..., on 0 to 0.02944.
const R: [f64; 8] = [
    0.666_666_666_666_666_6,
    0.400_000_000_000_008_8,
    0.285_714_285_708_036_14,
    0.222_222_223_917_139_17,
    0.181_817_956_401_329_06,
    0.153_862_398_027_146_64,
    0.132_687_731_386_567_61,
    0.130_866_261_478_413_82,
];

/// A number above zero as m and k: it is m 2^k, m from 1 to below 2.
#[inline(always)]
fn split<O: Operations>(o: &mut O, x: O::Number) -> [O::Number; 2] {
    const SCALE: u32 = 54;
    const FRACTION_BITS: u64 = (1 << FRACTION) - 1;
    let whole = (1_u64 << FRACTION) as f64;
    // what is too small to have all its bits is scaled up first
    let least = o.constant(f64::MIN_POSITIVE);
    let up = o.scaled(x, (1_u64 << SCALE) as f64);
    let (small, usual) = (o.constant(whole + BIAS + f64::from(SCALE)), o.constant(whole + BIAS));
    let bias = o.where_above(least, x, small, usual);
    let x = o.where_above(least, x, up, x);
    let exponent = o.bits_down(x);
    let bits = o.constant(whole);
    let exponent = o.or(exponent, bits);
    let k = o.sub(exponent, bias);
    let fraction = o.constant(f64::from_bits(FRACTION_BITS));
    let m = o.and(x, fraction);
    let one = o.constant(1.0);
    [o.or(m, one), k]
}

/// The same, with m halved where it is above a bound.
#[inline(always)]
pub(super) fn split_below<O: Operations>(o: &mut O, x: O::Number, bound: f64) -> [O::Number; 2] {
    let [m, k] = split(o, x);
    let bound = o.constant(bound);
    let (half, next) = (o.scaled(m, 0.5), o.plus(k, 1.0));
    [o.where_above(m, bound, half, m), o.where_above(m, bound, next, k)]
}

/// Natural logarithm.
#[inline(always)]
pub(crate) fn ln<O: Operations>(o: &mut O, x: O::Number) -> O::Number {
    let [m, k] = split_below(o, x, SQRT_2);
    let f = o.plus(m, -1.0);
    let sum = o.plus(m, 1.0);
    let s = o.div(f, sum);
    let z = o.mul(s, s);
    let z2 = o.mul(z, z);
    let z4 = o.mul(z2, z2);
    let r = o.eight(z, z2, z4, R);
    let r = o.mul(r, z);
    let half = o.scaled(f, 0.5);
    let half_square = o.mul(half, f);
    // what k ln 2 + f rounds off, which is exact
    let main = o.scaled(k, LN_2[0]);
    let high = o.add(main, f);
    let off = o.sub(main, high);
    let off = o.add(off, f);
    let inner = o.add(half_square, r);
    let inner = o.mul(s, inner);
    let rest = o.scaled(k, LN_2[1]);
    let inner = o.add(inner, rest);
    let inner = o.sub(half_square, inner);
    let low = o.sub(off, inner);
    let usual = o.add(high, low);

    let (infinity, zero) = (o.constant(f64::INFINITY), o.constant(0.0));
    let (none, least) = (o.constant(f64::NAN), o.constant(f64::NEG_INFINITY));
    // infinity, and what is no number, is its own logarithm
    let above = o.where_above(infinity, x, usual, x);
    let below = o.where_above(zero, x, none, least);
    let below = o.add(x, below);
    o.where_above(x, zero, above, below)
}
