//! Sums without rounding, which therefore do not depend on the order of what is added.

use crate::math;
use std::fmt::Write;

/// Bits of a limb.
const LIMB: u32 = 32;
const MASK: i64 = (1 << LIMB) - 1;
/// Additions after which carries are passed on: each adds less than 2^32 to a limb of 64 bits.
const PATIENCE: u32 = 1 << 30;

/// A sum of finite numbers, or of their squares, as a whole number of the smallest unit that can
/// occur: 2^-1074 for numbers, 2^-2148 for squares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Exact {
    /// Two's complement, the lowest first, with carries not yet passed on.
    limbs: Vec<i64>,
    /// Exponent of the smallest unit.
    unit: i32,
    pending: u32,
}

/// A number's mantissa and its exponent over 2^-1074.
fn parts(value: f64) -> (u64, u32) {
    let bits = value.to_bits();
    let exponent = (bits >> 52) & 0x7ff;
    let fraction = bits & ((1 << 52) - 1);
    let mantissa = if exponent == 0 { fraction } else { fraction | (1 << 52) };
    // eleven bits
    #[allow(clippy::cast_possible_truncation)]
    (mantissa, exponent.max(1) as u32 - 1)
}

impl Exact {
    /// For numbers: 2^1024 with a head of 2^64 of them.
    pub fn of_numbers() -> Self {
        Self { limbs: vec![0; 69], unit: -1_074, pending: 0 }
    }

    /// For squares.
    pub fn of_squares() -> Self {
        Self { limbs: vec![0; 136], unit: -2_148, pending: 0 }
    }

    pub fn clear(&mut self) {
        self.limbs.fill(0);
        self.pending = 0;
    }

    /// Adds a finite number.
    pub fn add(&mut self, value: f64) {
        let (mantissa, exponent) = parts(value);
        self.add_at(mantissa, exponent, value < 0.0);
        self.patience(1);
    }

    /// Adds the square of a finite number.
    pub fn add_square(&mut self, value: f64) {
        let (mantissa, exponent) = parts(value);
        let square = u128::from(mantissa) * u128::from(mantissa);
        // the two halves of 128 bits
        #[allow(clippy::cast_possible_truncation)]
        let (low, high) = (square as u64, (square >> 64) as u64);
        self.add_at(low, 2 * exponent, false);
        self.add_at(high, 2 * exponent + 64, false);
        self.patience(2);
    }

    fn add_at(&mut self, mantissa: u64, exponent: u32, negative: bool) {
        let mut rest = u128::from(mantissa) << (exponent % LIMB);
        let sign = if negative { -1 } else { 1 };
        for limb in &mut self.limbs[(exponent / LIMB) as usize..][..3] {
            // 32 bits
            #[allow(clippy::cast_possible_truncation)]
            let part = (rest as i64) & MASK;
            *limb += sign * part;
            rest >>= LIMB;
        }
    }

    fn patience(&mut self, additions: u32) {
        self.pending += additions;
        if self.pending >= PATIENCE {
            self.carry();
        }
    }

    /// Passes carries on: all limbs but the highest within 0 .. 2^32, which is one form for one
    /// number.
    fn carry(&mut self) {
        let mut carry = 0;
        let last = self.limbs.len() - 1;
        for limb in &mut self.limbs[..last] {
            let whole = *limb + carry;
            *limb = whole & MASK;
            carry = whole >> LIMB;
        }
        self.limbs[last] += carry;
        self.pending = 0;
    }

    /// Adds another sum of the same kind.
    pub fn merge(&mut self, other: &Self) {
        // both below 2^62: this one's carries are passed on, the other's never wait for long
        self.carry();
        for (limb, more) in self.limbs.iter_mut().zip(&other.limbs) {
            *limb += more;
        }
        self.carry();
    }

    /// Its size and whether it is negative.
    pub fn magnitude(&self) -> (Natural, bool) {
        let mut sum = self.clone();
        sum.carry();
        let negative = sum.limbs[sum.limbs.len() - 1] < 0;
        if negative {
            for limb in &mut sum.limbs {
                *limb = -*limb;
            }
            sum.carry();
        }
        // within 32 bits, the highest too: no 2^64 numbers were added
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let limbs = sum.limbs.iter().map(|limb| *limb as u32).collect();
        (Natural::new(limbs, self.unit), negative)
    }

    /// As text, exact, one for one number: `-0x1a2bp-1056`, sign, whole number and power of two,
    /// as C and Python (`float.fromhex`) write them.
    pub fn to_text(&self) -> String {
        let (size, negative) = self.magnitude();
        let mut text = if negative { "-0x".to_owned() } else { "0x".to_owned() };
        match size.limbs.split_last() {
            None => return "0x0p0".to_owned(),
            Some((highest, lower)) => {
                // writing to a text cannot fail
                let _ = write!(text, "{highest:x}");
                for limb in lower.iter().rev() {
                    let _ = write!(text, "{limb:08x}");
                }
            }
        }
        let _ = write!(text, "p{}", size.exponent);
        text
    }

    /// Takes in what [`to_text`](Self::to_text) wrote; `None` where it is something else.
    pub fn read(mut self, text: &str) -> Option<Self> {
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (digits, exponent) = rest.strip_prefix("0x")?.split_once('p')?;
        if digits == "0" {
            return Some(self);
        }
        let exponent: i32 = exponent.parse().ok()?;
        let above = usize::try_from(exponent.checked_sub(self.unit)?).ok()?;
        if digits.is_empty() || !above.is_multiple_of(LIMB as usize) {
            return None;
        }
        let places = above / LIMB as usize..;
        for (at, limb) in places.zip(digits.as_bytes().rchunks(8)) {
            let digits = std::str::from_utf8(limb).ok()?;
            *self.limbs.get_mut(at)? = i64::from(u32::from_str_radix(digits, 16).ok()?);
        }
        if negative {
            for limb in &mut self.limbs {
                *limb = -*limb;
            }
            self.carry();
        }
        Some(self)
    }
}

/// A number that is not negative: limbs, the lowest first, times a power of two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Natural {
    limbs: Vec<u32>,
    exponent: i32,
}

impl Natural {
    /// Without zeros at either end.
    fn new(mut limbs: Vec<u32>, mut exponent: i32) -> Self {
        while limbs.last() == Some(&0) {
            limbs.pop();
        }
        let zeros = limbs.iter().take_while(|limb| **limb == 0).count();
        limbs.drain(..zeros);
        // there are at most a few hundred limbs
        exponent += 32 * i32::try_from(zeros).unwrap_or(i32::MAX / 64);
        Self { limbs, exponent }
    }

    pub fn times(&self, other: &Self) -> Self {
        let mut limbs = vec![0_u32; self.limbs.len() + other.limbs.len()];
        for (i, a) in self.limbs.iter().enumerate() {
            let mut carry = 0_u64;
            for (j, b) in other.limbs.iter().enumerate() {
                let sum = u64::from(limbs[i + j]) + u64::from(*a) * u64::from(*b) + carry;
                // low and high half
                #[allow(clippy::cast_possible_truncation)]
                let low = sum as u32;
                limbs[i + j] = low;
                carry = sum >> LIMB;
            }
            #[allow(clippy::cast_possible_truncation)]
            let last = carry as u32;
            limbs[i + other.limbs.len()] = last;
        }
        Self::new(limbs, self.exponent + other.exponent)
    }

    pub fn of(count: u64) -> Self {
        // low and high half
        #[allow(clippy::cast_possible_truncation)]
        let halves = vec![count as u32, (count >> LIMB) as u32];
        Self::new(halves, 0)
    }

    /// Less another; nothing where that is larger.
    pub fn minus(&self, other: &Self) -> Self {
        if other.limbs.is_empty() {
            return self.clone();
        }
        let unit = self.exponent.min(other.exponent);
        let aligned = |number: &Self| {
            // exponents differ by whole limbs, since all come from the same two units
            let zeros = usize::try_from((number.exponent - unit) / 32).unwrap_or(0);
            let mut limbs = vec![0; zeros];
            limbs.extend_from_slice(&number.limbs);
            limbs
        };
        let (mut left, mut right) = (aligned(self), aligned(other));
        let len = left.len().max(right.len());
        left.resize(len, 0);
        right.resize(len, 0);
        let mut borrow = false;
        for (a, b) in left.iter_mut().zip(right) {
            let (once, first) = a.overflowing_sub(b);
            let (twice, second) = once.overflowing_sub(u32::from(borrow));
            (*a, borrow) = (twice, first || second);
        }
        if borrow { Self::new(Vec::new(), 0) } else { Self::new(left, unit) }
    }

    /// As mantissa and power of two, the mantissa rounded to the nearest.
    pub fn rounded(&self) -> (f64, i32) {
        let mut top = 0_u128;
        let shown = self.limbs.len().min(4);
        for limb in self.limbs.iter().rev().take(shown) {
            top = top << LIMB | u128::from(*limb);
        }
        let below = &self.limbs[..self.limbs.len() - shown];
        if below.iter().any(|limb| *limb != 0) {
            // what lies below can only turn a tie
            top |= 1;
        }
        let skipped = 32 * i32::try_from(below.len()).unwrap_or(0);
        (top as f64, self.exponent + skipped)
    }
}

/// A mantissa times a power of two, both within the range of what was added.
pub(super) fn scaled(mantissa: f64, exponent: i32) -> f64 {
    let half = exponent / 2;
    mantissa * math::power_of_two(half) * math::power_of_two(exponent - half)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(values: &[f64]) -> Exact {
        let mut sum = Exact::of_numbers();
        for value in values {
            sum.add(*value);
        }
        sum
    }

    fn value(sum: &Exact) -> f64 {
        let (size, negative) = sum.magnitude();
        let (mantissa, exponent) = size.rounded();
        scaled(if negative { -mantissa } else { mantissa }, exponent)
    }

    #[test]
    fn what_cancels_leaves_what_is_left() {
        let total = value(&sum(&[1e300, 1.0, -1e300, 1e-300, -1.0]));
        assert_eq!(total.to_bits(), 1e-300_f64.to_bits());
        for one in [0.0, 0.1, -0.1, f64::MAX, f64::MIN_POSITIVE, -5e-324, 38.0] {
            assert_eq!(value(&sum(&[one])).to_bits(), one.to_bits(), "{one}");
        }
    }

    #[test]
    fn a_sum_reads_back_from_its_text() {
        for values in [&[0.0][..], &[-1.5], &[1e-320, 3.0], &[1e300, -2e-5, 7.0], &[-1e9, 0.1]] {
            let sum = sum(values);
            let text = sum.to_text();
            let read = Exact::of_numbers().read(&text).unwrap();
            assert_eq!((read.to_text(), value(&read)), (text, value(&sum)));
        }
        assert_eq!(sum(&[-1.5]).to_text(), "-0x60000p-18");
        for wrong in ["", "1", "0x1", "0xp0", "0x1p-9999", "0x1p-1", "0x1p9999", "0xzzp0"] {
            assert_eq!(Exact::of_numbers().read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn squares_are_exact() {
        let mut squares = Exact::of_squares();
        for value in [3.0, -4.0, 1e-200, f64::MAX] {
            squares.add_square(value);
        }
        let mut others = Exact::of_squares();
        others.add_square(f64::MAX);
        let (left, _) = squares.magnitude();
        let (right, _) = others.magnitude();
        let (mantissa, exponent) = left.minus(&right).rounded();
        assert_eq!(scaled(mantissa, exponent).to_bits(), 25.0_f64.to_bits());
        let nine = Natural::of(3).times(&Natural::of(3));
        assert_eq!(nine, Natural::of(9));
        assert_eq!(nine.minus(&Natural::of(10)), Natural::new(Vec::new(), 0));
    }
}
