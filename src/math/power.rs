//! Powers: e^(y ln x), the logarithm as a sum of two numbers.
//!
//! An exponent of 700 takes ten bits from what its own error may be, so the logarithm is worked out
//! to 66 bits. With x = 2^k m, c the nearer of 1 and 1.5 to m, and s = (m - c) / (m + c) it is
//! k ln 2 + ln c + 2/3 s (3 + s^2 + s^4 P(s^2)), |s| up to 0.101. s is known in two parts, the first
//! of 26 bits, so that products of first parts are exact; what the rest adds is small enough for
//! plain products (the way of K. C. Ng's power in fdlibm; recalled). P is a polynomial of least
//! largest error, 2^-76 of the logarithm.

use super::exponential::{LEAST, MOST, of_sum};
use super::logarithm::split_below;
use super::{FRACTION, LN_2, More, Operations, Plain};

/// P(z) = 3/5 + 3/7 z + ..., on 0 to 0.01021.
const P: [f64; 4] =
    [0.6, 0.428_571_428_571_426_4, 0.333_333_333_336_786_8, 0.272_727_270_698_800_04];
const P_BEYOND: [f64; 3] =
    [0.230_769_797_721_671_47, 0.199_918_767_777_188_27, 0.182_222_679_780_533_9];

/// Where m is halved, and where it counts as nearer to 1.5 than to 1: the roots of 3 and of 3/2.
const HALVED_ABOVE: f64 = 1.732_050_807_568_877_2;
const NEARER_ABOVE: f64 = 1.224_744_871_391_589;

/// ln 1.5: a multiple of 2^-42, whose sums with those of ln 2 are exact, and the rest of it.
const LN_1_5: [f64; 2] =
    [f64::from_bits(0x3fd9_f323_ecbf_9000), f64::from_bits(0x3d40_97e5_6d1a_ecdf)];

/// 2/3: its first 26 bits, and the rest of it.
const TWO_THIRDS: [f64; 2] =
    [f64::from_bits(0x3fe5_5555_5000_0000), f64::from_bits(0x3e45_5555_5555_5555)];

/// No exponent needs to be farther from zero: each of these is even, and what is off from 1 by one
/// bit is infinite or nothing to their power.
const FARTHEST: f64 = 1e300;

/// The logarithm of a number above zero and below infinity, in two parts, the first of 26 bits.
#[inline(always)]
fn ln_in_two<O: Operations>(o: &mut O, x: O::Number) -> [O::Number; 2] {
    let [m, k] = split_below(o, x, HALVED_ABOVE);
    let (zero, one, other) = (o.constant(0.0), o.constant(1.0), o.constant(1.5));
    let nearer = o.constant(NEARER_ABOVE);
    let c = o.where_above(m, nearer, other, one);
    let ln_c = LN_1_5.map(|part| {
        let part = o.constant(part);
        o.where_above(m, nearer, part, zero)
    });
    let main = o.scaled(k, LN_2[0]);
    let main = o.add(main, ln_c[0]);
    // s = f / (m + c) in two parts
    let f = o.sub(m, c);
    let sum = o.add(m, c);
    let inverse = o.div(one, sum);
    let s = o.mul(f, inverse);
    let s1 = o.upper(s);
    let sum1 = o.upper(sum);
    let sum2 = o.sub(sum1, c);
    let sum2 = o.sub(m, sum2);
    let product = o.mul(s1, sum1);
    let left = o.sub(f, product);
    let product = o.mul(s1, sum2);
    let left = o.sub(left, product);
    let s2 = o.mul(left, inverse);
    // t = 3 + s^2 + s^4 P in two parts
    let z = o.mul(s, s);
    let z2 = o.mul(z, z);
    let z4 = o.mul(z2, z2);
    let p = o.four(z, z2, P);
    let beyond = o.three(z, z2, P_BEYOND);
    let beyond = o.mul(beyond, z4);
    let p = o.add(p, beyond);
    let p = o.mul(p, z2);
    let both = o.add(s1, s);
    let rest = o.mul(s2, both);
    let rest = o.add(p, rest);
    let square = o.mul(s1, s1);
    let t = o.plus(square, 3.0);
    let t = o.add(t, rest);
    let t1 = o.upper(t);
    let t2 = o.plus(t1, -3.0);
    let t2 = o.sub(t2, square);
    let t2 = o.sub(rest, t2);
    // s t in two parts
    let u = o.mul(s1, t1);
    let v = o.mul(s2, t1);
    let w = o.mul(t2, s);
    let v = o.add(v, w);
    let st = o.add(u, v);
    let st1 = o.upper(st);
    let st2 = o.sub(st1, u);
    let st2 = o.sub(v, st2);
    // times 2/3
    let a = o.scaled(st1, TWO_THIRDS[0]);
    let b = o.scaled(st1, TWO_THIRDS[1]);
    let c = o.scaled(st2, TWO_THIRDS[0] + TWO_THIRDS[1]);
    let b = o.add(b, c);
    // plus k ln 2 + ln c
    let sum = o.add(a, b);
    let sum = o.add(sum, main);
    let first = o.upper(sum);
    let second = o.sub(first, main);
    let second = o.sub(second, a);
    let second = o.sub(b, second);
    let rest = o.scaled(k, LN_2[1]);
    let rest = o.add(rest, ln_c[1]);
    [first, o.add(second, rest)]
}

/// How far a number of zero or more is from the nearest whole one.
#[inline(always)]
fn off_whole<O: Operations>(o: &mut O, x: O::Number) -> O::Number {
    let all_whole = (1_u64 << FRACTION) as f64;
    let shifted = o.plus(x, all_whole);
    let whole = o.plus(shifted, -all_whole);
    let off = o.sub(x, whole);
    let off = o.size(off);
    let (bound, zero) = (o.constant(all_whole - 0.5), o.constant(0.0));
    o.where_above(x, bound, zero, off)
}

/// A number above zero and below infinity to the power of one that is not farther than
/// [`FARTHEST`] from zero: y ln x, and e to the power of that.
#[inline(always)]
fn usual<O: Operations>(o: &mut O, x: O::Number, y: O::Number) -> [O::Number; 2] {
    // y ln x in two parts
    let [ln1, ln2] = ln_in_two(o, x);
    let y1 = o.upper(y);
    let y2 = o.sub(y, y1);
    let high = o.mul(y1, ln1);
    let a = o.mul(y2, ln1);
    let b = o.mul(y, ln2);
    let low = o.add(a, b);
    let product = o.add(high, low);
    [product, of_sum(o, product, high, low)]
}

/// The power of plain numbers: those that are nothing special skip what is asked of all others,
/// which would choose the same.
#[inline(always)]
pub(crate) fn pow_of_numbers(x: f64, y: f64) -> f64 {
    if x > 0.0 && x < f64::INFINITY && y.abs() < FARTHEST {
        let [product, power] = usual(&mut Plain, x, y);
        if product < MOST && product > LEAST {
            return power;
        }
    }
    pow(&mut Plain, x, y)
}

/// `x` to the power of `y`.
#[inline(always)]
pub(crate) fn pow<O: Operations>(o: &mut O, x: O::Number, y: O::Number) -> O::Number {
    let (zero, one) = (o.constant(0.0), o.constant(1.0));
    let (infinity, none) = (o.constant(f64::INFINITY), o.constant(f64::NAN));
    let (most, least) = (o.constant(FARTHEST), o.constant(-FARTHEST));
    let near = o.min(y, most);
    let near = o.max(near, least);

    let size = o.size(x);
    let [product, usual] = usual(o, size, near);
    // logarithms that are infinite
    let infinite = o.scaled(near, f64::NEG_INFINITY);
    let product = o.where_above(size, zero, product, infinite);
    let infinite = o.scaled(near, f64::INFINITY);
    let product = o.where_above(infinity, size, product, infinite);
    let (most, least) = (o.constant(MOST), o.constant(LEAST));
    let of_size = o.where_above(product, most, infinity, usual);
    let of_size = o.where_above(least, product, zero, of_size);

    // below zero: of whole exponents only, with the sign of odd ones; zero and infinity have all
    let steps = o.size(near);
    let half = o.scaled(steps, 0.5);
    let (off, odd) = (off_whole(o, steps), off_whole(o, half));
    let sign = o.constant(-0.0);
    let less = o.or(of_size, sign);
    let whole = o.where_above(odd, zero, less, of_size);
    let outside = o.where_above(infinity, size, none, of_size);
    let outside = o.where_above(size, zero, outside, of_size);
    let of_negative = o.where_above(off, zero, outside, whole);
    let sign = o.and(x, sign);
    let sign = o.or(sign, one);
    let of_both = o.where_above(zero, sign, of_negative, of_size);

    // what is no number has powers that are none; but the power of 0 is 1, and so are all of 1
    let (below_all, two) = (o.constant(-1.0), o.constant(2.0));
    let known = o.where_above(size, below_all, of_both, x);
    let exponent = o.size(y);
    let of_zero = o.plus(y, 1.0);
    let known = o.where_above(exponent, zero, known, of_zero);
    let other = o.where_above(size, below_all, x, two);
    let off_one = o.plus(other, -1.0);
    let off_one = o.size(off_one);
    o.where_above(off_one, zero, known, one)
}
