//! Logarithm, exponential and powers, with the same bits on every machine.
//!
//! *In:* numbers, or what stands for them. *Out:* functions of them. *Order:* what they are made of
//! is here ([`Operations`]); `logarithm`, `exponential` and `power` are written in it, once, for
//! plain numbers and for the tape's machine code.
//!
//! A platform's own functions differ from machine to machine in the last bit, one and the same
//! library even between processors with and without a fused multiply-add. Here every step is one
//! that IEEE 754 rounds alike everywhere: addition, subtraction, multiplication, division, a
//! comparison, and what moves exponents and splits numbers in their bits. No table is looked up and
//! nothing branches, so that the lanes of a vector go one way. Each is off by less than one unit
//! in the last place.
//!
//! What only a design's distributions need ([`ln_1p`] and the like) comes from `libm`, which is
//! written in such steps too, and calls no platform's library.

#![allow(
    clippy::inline_always,
    reason = "a loop over scenarios becomes one over vectors only with the whole function in it"
)]
#![allow(
    clippy::many_single_char_names,
    reason = "the symbols of the formulas above each function"
)]

mod exponential;
mod logarithm;
mod power;
#[cfg(test)]
mod tests;

pub(crate) use exponential::exp as exp_in;
pub(crate) use libm::cos;
pub(crate) use libm::{erfc, lgamma as ln_gamma, log1p as ln_1p, sin};
pub(crate) use logarithm::ln as ln_in;
#[cfg(all(target_arch = "x86_64", feature = "machine-code"))]
pub(crate) use power::pow as pow_in;

/// Steps that every machine rounds alike, on what stands for a number.
pub(crate) trait Operations {
    /// What stands for a number.
    type Number: Copy;

    fn constant(&mut self, value: f64) -> Self::Number;
    fn add(&mut self, a: Self::Number, b: Self::Number) -> Self::Number;
    fn sub(&mut self, a: Self::Number, b: Self::Number) -> Self::Number;
    fn mul(&mut self, a: Self::Number, b: Self::Number) -> Self::Number;
    fn div(&mut self, a: Self::Number, b: Self::Number) -> Self::Number;
    /// The bits that both have.
    fn and(&mut self, a: Self::Number, b: Self::Number) -> Self::Number;
    /// The bits that either has.
    fn or(&mut self, a: Self::Number, b: Self::Number) -> Self::Number;
    /// The lowest bits as an exponent: all bits, [`FRACTION`] places up.
    fn bits_up(&mut self, a: Self::Number) -> Self::Number;
    /// The exponent as the lowest bits: all bits, [`FRACTION`] places down.
    fn bits_down(&mut self, a: Self::Number) -> Self::Number;
    /// `yes` where `a` is above `b`, else `no`: also where either is no number.
    fn where_above(
        &mut self,
        a: Self::Number,
        b: Self::Number,
        yes: Self::Number,
        no: Self::Number,
    ) -> Self::Number;

    /// The second where it is smaller, else the first.
    fn min(&mut self, a: Self::Number, b: Self::Number) -> Self::Number;
    /// The second where it is larger, else the first.
    fn max(&mut self, a: Self::Number, b: Self::Number) -> Self::Number;
}

/// Bits of a number behind its exponent.
pub(crate) const FRACTION: u32 = 52;

/// Added to a number below 2^51 and taken off again, rounds it to a whole one; added, leaves that
/// whole number in the lowest bits.
const WHOLE: f64 = 6_755_399_441_055_744.0; // 1.5 * 2^52

/// What is added to an exponent to be kept.
const BIAS: f64 = 1023.0;

/// The first 42 bits of ln 2, whose product with an exponent is exact, and the rest of it.
const LN_2: [f64; 2] =
    [f64::from_bits(0x3fe6_2e42_fefa_3800), f64::from_bits(0x3d2e_f357_93c7_6730)];

/// Numbers, worked out one by one.
pub(crate) struct Plain;

impl Operations for Plain {
    type Number = f64;

    #[inline(always)]
    fn constant(&mut self, value: f64) -> f64 {
        value
    }

    #[inline(always)]
    fn add(&mut self, a: f64, b: f64) -> f64 {
        a + b
    }

    #[inline(always)]
    fn sub(&mut self, a: f64, b: f64) -> f64 {
        a - b
    }

    #[inline(always)]
    fn mul(&mut self, a: f64, b: f64) -> f64 {
        a * b
    }

    #[inline(always)]
    fn div(&mut self, a: f64, b: f64) -> f64 {
        a / b
    }

    #[inline(always)]
    fn and(&mut self, a: f64, b: f64) -> f64 {
        f64::from_bits(a.to_bits() & b.to_bits())
    }

    #[inline(always)]
    fn or(&mut self, a: f64, b: f64) -> f64 {
        f64::from_bits(a.to_bits() | b.to_bits())
    }

    #[inline(always)]
    fn bits_up(&mut self, a: f64) -> f64 {
        f64::from_bits(a.to_bits() << FRACTION)
    }

    #[inline(always)]
    fn bits_down(&mut self, a: f64) -> f64 {
        f64::from_bits(a.to_bits() >> FRACTION)
    }

    #[inline(always)]
    fn where_above(&mut self, a: f64, b: f64, yes: f64, no: f64) -> f64 {
        if a > b { yes } else { no }
    }

    #[inline(always)]
    fn min(&mut self, a: f64, b: f64) -> f64 {
        if b < a { b } else { a }
    }

    #[inline(always)]
    fn max(&mut self, a: f64, b: f64) -> f64 {
        if b > a { b } else { a }
    }
}

/// Natural logarithm: minus infinity of either zero, no number below.
#[inline(always)]
pub(crate) fn ln(x: f64) -> f64 {
    ln_in(&mut Plain, x)
}

/// Exponential.
#[inline(always)]
pub(crate) fn exp(x: f64) -> f64 {
    exp_in(&mut Plain, x)
}

/// `base` to the power of `exponent`, with all of IEEE 754's special cases: 1 to the power of 0 and
/// of 1 to any power, whole powers of numbers below zero, no number for their other powers.
#[inline(always)]
pub(crate) fn pow(base: f64, exponent: f64) -> f64 {
    power::pow_of_numbers(base, exponent)
}

/// Two to a power from -1074 to 1023.
pub(crate) fn power_of_two(exponent: i32) -> f64 {
    const LEAST_NORMAL: i32 = -1022;
    let below = (LEAST_NORMAL - exponent).max(0).unsigned_abs();
    let kept = exponent.max(LEAST_NORMAL) + 1023;
    // one bit: the exponent's, or one of the fraction where the exponent has reached its end
    f64::from_bits(match below {
        0 => u64::from(kept.unsigned_abs()) << FRACTION,
        _ => 1 << (FRACTION - below),
    })
}

/// The splits and sums that several functions are made of.
trait More: Operations {
    /// `a` times a constant.
    #[inline(always)]
    fn scaled(&mut self, a: Self::Number, constant: f64) -> Self::Number {
        let constant = self.constant(constant);
        self.mul(a, constant)
    }

    /// `a` plus a constant.
    #[inline(always)]
    fn plus(&mut self, a: Self::Number, constant: f64) -> Self::Number {
        let constant = self.constant(constant);
        self.add(a, constant)
    }

    /// The first 26 bits of a number: products of two such are exact.
    #[inline(always)]
    fn upper(&mut self, a: Self::Number) -> Self::Number {
        let mask = self.constant(f64::from_bits(!0 << 27));
        self.and(a, mask)
    }

    /// How large a number is.
    #[inline(always)]
    fn size(&mut self, a: Self::Number) -> Self::Number {
        let mask = self.constant(f64::from_bits(!0 >> 1));
        self.and(a, mask)
    }

    /// The polynomial with these three coefficients, by rising power.
    #[inline(always)]
    fn three(&mut self, x: Self::Number, square: Self::Number, c: [f64; 3]) -> Self::Number {
        let low = self.scaled(x, c[1]);
        let low = self.plus(low, c[0]);
        let high = self.scaled(square, c[2]);
        self.add(low, high)
    }

    /// The same of four, in pairs: short chains of steps that wait for each other.
    #[inline(always)]
    fn four(&mut self, x: Self::Number, square: Self::Number, c: [f64; 4]) -> Self::Number {
        let low = self.scaled(x, c[1]);
        let low = self.plus(low, c[0]);
        let high = self.scaled(x, c[3]);
        let high = self.plus(high, c[2]);
        let high = self.mul(high, square);
        self.add(low, high)
    }

    /// The same of eight.
    #[inline(always)]
    fn eight(
        &mut self,
        x: Self::Number,
        square: Self::Number,
        fourth: Self::Number,
        c: [f64; 8],
    ) -> Self::Number {
        let low = self.four(x, square, [c[0], c[1], c[2], c[3]]);
        let high = self.four(x, square, [c[4], c[5], c[6], c[7]]);
        let high = self.mul(high, fourth);
        self.add(low, high)
    }
}

impl<T: Operations> More for T {}
