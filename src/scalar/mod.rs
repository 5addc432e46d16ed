//! The numbers that equations are written in.
//!
//! *In:* an equation, generic over [`Scalar`]. *Out:* the same equation in plain numbers, in
//! [`Dual`] numbers that carry a derivative, or in the tape's, which stand for many scenarios.
//! *Order:* the trait and `f64` are here, `dual` beside it; `tape` is a room of its
//! own.
//!
//! Every physical relation of the crate is written once, generic over [`Scalar`], and run with
//! whichever scalar the question needs: `f64` for one scenario, [`Dual`] where a derivative with
//! respect to one variable is wanted (the operating rule walks along an inlet with it, recycles
//! take their Newton matrix from it). No equation branches on a scalar's value except through
//! [`Scalar::min`], [`Scalar::max`] and [`Scalar::select`].
//!
//! ```
//! use gaschain::scalar::{Dual, Scalar};
//!
//! /// Fuel burned by a line, written once.
//! fn burned<S: Scalar>(inlet: S, share_per_km: S, length_km: f64) -> S {
//!     inlet * share_per_km * S::from_f64(length_km)
//! }
//!
//! assert!((burned(1000.0, 1.46e-5, 803.5) - 11.7311).abs() < 1e-9);
//! let open = burned(Dual::variable(1000.0), Dual::from_f64(1.46e-5), 803.5);
//! assert!((open.derivative() - 0.0117311).abs() < 1e-12);
//! ```

mod dual;
pub(crate) mod vector;

pub use dual::Dual;

use crate::math;
use std::fmt::Debug;
use std::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Sub, SubAssign};

/// What may be a scalar: those of this crate, which chains know how to run.
mod sealed {
    pub trait Sealed {}
    impl Sealed for f64 {}
    impl Sealed for super::Dual {}
    impl Sealed for crate::tape::Traced {}
}

/// A number that equations can be run with: a plain one, one with a derivative, or one that is
/// being recorded. Others cannot be made.
///
/// Implementations agree on the value: the same equation gives the same bits in every scalar's
/// [`Scalar::value`].
pub trait Scalar:
    sealed::Sealed
    + Copy
    + Debug
    + PartialEq
    + Send
    + Sync
    + 'static
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
{
    /// A constant.
    fn from_f64(value: f64) -> Self;

    /// The plain value.
    fn value(self) -> f64;

    /// Whether it lies above a bound, or is no number: to be asked only about what is an error.
    /// A scalar that stands for many scenarios says no and remembers the bound; scenarios that
    /// pass it are worked out one by one.
    #[must_use]
    fn exceeds(self, bound: f64) -> bool {
        let value = self.value();
        value > bound || value.is_nan()
    }

    /// Whether it lies above zero, or is no number, where that is to be objected to: what follows
    /// has no meaning in the end, and may be passed on the way there. A scalar that stands for many
    /// scenarios says no and remembers the number; scenarios that end with it above zero are worked
    /// out one by one. So it may be asked of a bound that is on the safe side, and the question
    /// itself be left to plain numbers.
    #[must_use]
    fn objects(self) -> bool {
        self.exceeds(0.0)
    }

    /// Its plain value where it is the same in all scenarios: what equations may branch on. Where
    /// there is none, they choose by [`Scalar::select`].
    #[must_use]
    fn known(self) -> Option<f64> {
        Some(self.value())
    }

    /// Runs a part of equations that comes up several times with other numbers, as the sections of a
    /// line do. A scalar that records does so once for all parts that are alike, whatever they are
    /// given; constants in which they differ have to be [`Scalar::given`] to count as that.
    #[must_use]
    fn apart<const N: usize>(equations: impl FnOnce() -> [Self; N]) -> [Self; N] {
        equations()
    }

    /// The same number, as one that a part of equations is given, a constant too: see
    /// [`Scalar::apart`].
    #[must_use]
    fn given(self) -> Self {
        self
    }

    /// The smaller of two numbers (`self` where they are equal).
    #[must_use]
    fn min(self, other: Self) -> Self;

    /// The larger of two numbers (`self` where they are equal).
    #[must_use]
    fn max(self, other: Self) -> Self;

    /// `positive` where `condition` is above zero, `otherwise` elsewhere.
    #[must_use]
    fn select(condition: Self, positive: Self, otherwise: Self) -> Self;

    /// This number times a constant.
    #[must_use]
    fn scaled(self, constant: f64) -> Self {
        self * Self::from_f64(constant)
    }

    /// Square root.
    #[must_use]
    fn sqrt(self) -> Self;

    /// Natural logarithm, to less than one unit in the last place and with the same bits on every
    /// machine, as [`Scalar::exp`] and [`Scalar::pow`] are.
    #[must_use]
    fn ln(self) -> Self;

    /// Exponential.
    #[must_use]
    fn exp(self) -> Self;

    /// This number to a power: e to the power of `exponent` times the logarithm, which is carried
    /// as a sum of two numbers. Special cases are those of IEEE 754: whole powers of numbers below
    /// zero have their sign, other powers of them are no number, and the power of 0 is 1.
    ///
    /// ```
    /// use gaschain::scalar::{Dual, Scalar};
    /// assert_eq!(9.0.pow(1.5), 27.0);
    /// assert_eq!((-2.0).pow(3.0), -8.0);
    /// let cube = Dual::variable(2.0).pow(Dual::from_f64(3.0));
    /// assert_eq!((cube.value(), cube.derivative()), (8.0, 12.0));
    /// ```
    #[must_use]
    fn pow(self, exponent: Self) -> Self;

    /// This number to a whole power, by squaring: the product, from the lowest bit of the exponent
    /// up, of the squares of squares whose bits are set; of an exponent below zero, one divided by
    /// the power of the opposite.
    #[must_use]
    fn powi(self, exponent: i32) -> Self {
        let mut left = exponent.unsigned_abs();
        let (mut product, mut square) = (None, self);
        while left > 0 {
            if left & 1 == 1 {
                product = Some(product.map_or(square, |product: Self| product * square));
            }
            left >>= 1;
            if left > 0 {
                square = square * square;
            }
        }
        let product = product.unwrap_or_else(Self::one);
        if exponent < 0 { Self::one() / product } else { product }
    }

    /// What a flow carries of a quality of it: `self` times `quality` of the shares that `parts`
    /// have in it, and zero of a zero flow, with the slope that it opens with.
    ///
    /// A zero flow has no composition, but one that opens has that of what comes first; a product
    /// of a flow and its quality written out would lose it.
    #[must_use]
    fn carrying<const PARTS: usize>(
        self,
        parts: [Self; PARTS],
        quality: impl Fn([Self; PARTS]) -> Self,
    ) -> Self;

    /// Zero.
    #[must_use]
    fn zero() -> Self {
        Self::from_f64(0.0)
    }

    /// One.
    #[must_use]
    fn one() -> Self {
        Self::from_f64(1.0)
    }

    /// `self / whole`, and zero where the whole is zero: a share of nothing is nothing.
    #[must_use]
    fn share_of(self, whole: Self) -> Self {
        let guarded = Self::select(whole, whole, Self::one());
        Self::select(whole, self / guarded, Self::zero())
    }
}

impl Scalar for f64 {
    #[inline]
    fn from_f64(value: f64) -> Self {
        value
    }

    #[inline]
    fn value(self) -> f64 {
        self
    }

    #[inline]
    fn min(self, other: Self) -> Self {
        if other < self { other } else { self }
    }

    #[inline]
    fn max(self, other: Self) -> Self {
        if other > self { other } else { self }
    }

    #[inline]
    fn select(condition: Self, positive: Self, otherwise: Self) -> Self {
        if condition > 0.0 { positive } else { otherwise }
    }

    #[inline]
    fn sqrt(self) -> Self {
        f64::sqrt(self)
    }

    #[inline]
    fn ln(self) -> Self {
        math::ln(self)
    }

    #[inline]
    fn exp(self) -> Self {
        math::exp(self)
    }

    #[inline]
    fn pow(self, exponent: Self) -> Self {
        math::pow(self, exponent)
    }

    #[inline]
    fn carrying<const PARTS: usize>(
        self,
        parts: [Self; PARTS],
        quality: impl Fn([Self; PARTS]) -> Self,
    ) -> Self {
        if self > 0.0 { self * quality(parts.map(|part| part / self)) } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_nothing_is_nothing() {
        assert_eq!(0.0_f64.share_of(0.0).to_bits(), 0.0_f64.to_bits());
        assert_eq!(3.0_f64.share_of(4.0).to_bits(), 0.75_f64.to_bits());
        assert_eq!(Dual::variable(0.0).share_of(Dual::zero()).value().to_bits(), 0.0_f64.to_bits());
    }

    #[test]
    fn equal_numbers_give_the_first() {
        let first = Dual::new(1.0, 5.0);
        let second = Dual::new(1.0, 7.0);
        assert!((first.min(second).derivative() - 5.0).abs() < f64::EPSILON);
        assert!((first.max(second).derivative() - 5.0).abs() < f64::EPSILON);
    }
}
