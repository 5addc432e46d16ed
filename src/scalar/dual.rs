//! A value with its derivative with respect to one variable (forward mode).

use super::Scalar;
use crate::math;
use std::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Sub, SubAssign};

/// A value and its derivative with respect to one variable.
///
/// The value is computed by exactly the operations an `f64` run does, so both give the same bits.
/// Where a function has a kink, the derivative is that of the branch the value is on.
///
/// ```
/// use gaschain::scalar::{Dual, Scalar};
/// let x = Dual::variable(3.0);
/// let y = x * x + Dual::from_f64(1.0);
/// assert_eq!((y.value(), y.derivative()), (10.0, 6.0));
/// assert_eq!(y.steps_to_zero(), None); // above zero and rising: it never gets there
/// assert_eq!((Dual::from_f64(9.0) - x).steps_to_zero(), Some(6.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dual {
    value: f64,
    derivative: f64,
}

impl Dual {
    /// A value with its derivative.
    #[must_use]
    pub const fn new(value: f64, derivative: f64) -> Self {
        Self { value, derivative }
    }

    /// The variable itself: derivative 1.
    #[must_use]
    pub const fn variable(value: f64) -> Self {
        Self::new(value, 1.0)
    }

    /// Derivative with respect to the variable.
    #[must_use]
    pub const fn derivative(self) -> f64 {
        self.derivative
    }

    /// How far along its variable it reaches zero if it keeps its slope: `None` where it moves
    /// away from zero, or stays where it is.
    #[must_use]
    pub fn steps_to_zero(self) -> Option<f64> {
        let steps = -self.value / self.derivative;
        (steps > 0.0 && steps.is_finite()).then_some(steps)
    }
}

impl Scalar for Dual {
    #[inline]
    fn from_f64(value: f64) -> Self {
        Self::new(value, 0.0)
    }

    #[inline]
    fn value(self) -> f64 {
        self.value
    }

    #[inline]
    fn min(self, other: Self) -> Self {
        if other.value < self.value { other } else { self }
    }

    #[inline]
    fn max(self, other: Self) -> Self {
        if other.value > self.value { other } else { self }
    }

    #[inline]
    fn select(condition: Self, positive: Self, otherwise: Self) -> Self {
        if condition.value > 0.0 { positive } else { otherwise }
    }

    #[inline]
    fn scaled(self, constant: f64) -> Self {
        Self::new(self.value * constant, self.derivative * constant)
    }

    #[inline]
    fn sqrt(self) -> Self {
        let root = self.value.sqrt();
        let slope = if self.derivative == 0.0 { 0.0 } else { self.derivative / (2.0 * root) };
        Self::new(root, slope)
    }

    #[inline]
    fn ln(self) -> Self {
        let slope = if self.derivative == 0.0 { 0.0 } else { self.derivative / self.value };
        Self::new(math::ln(self.value), slope)
    }

    #[inline]
    fn exp(self) -> Self {
        let value = math::exp(self.value);
        let slope = if self.derivative == 0.0 { 0.0 } else { value * self.derivative };
        Self::new(value, slope)
    }

    #[inline]
    fn pow(self, exponent: Self) -> Self {
        let value = math::pow(self.value, exponent.value);
        let mut slope = 0.0;
        // y x^(y - 1), which of a base of zero is not y x^y / x
        if self.derivative != 0.0 && exponent.value.abs() > 0.0 {
            let less = if self.value.abs() > 0.0 && value.is_normal() {
                value / self.value
            } else {
                math::pow(self.value, exponent.value - 1.0)
            };
            slope = less * exponent.value * self.derivative;
        }
        // x^y ln x, and nothing of a base of zero
        if exponent.derivative != 0.0 && self.value > 0.0 {
            slope += value * math::ln(self.value) * exponent.derivative;
        }
        Self::new(value, slope)
    }

    fn carrying<const PARTS: usize>(
        self,
        parts: [Self; PARTS],
        quality: impl Fn([Self; PARTS]) -> Self,
    ) -> Self {
        if self.value > 0.0 {
            return self * quality(parts.map(|part| part / self));
        }
        if self.derivative == 0.0 {
            return Self::from_f64(0.0);
        }
        // the shares that the first of the flow has
        let shares = parts.map(|part| Self::from_f64(part.derivative / self.derivative));
        Self::new(0.0, self.derivative * quality(shares).value)
    }
}

impl Add for Dual {
    type Output = Self;
    #[inline]
    fn add(self, other: Self) -> Self {
        Self::new(self.value + other.value, self.derivative + other.derivative)
    }
}

impl Sub for Dual {
    type Output = Self;
    #[inline]
    fn sub(self, other: Self) -> Self {
        Self::new(self.value - other.value, self.derivative - other.derivative)
    }
}

impl Mul for Dual {
    type Output = Self;
    #[inline]
    fn mul(self, other: Self) -> Self {
        Self::new(
            self.value * other.value,
            self.derivative * other.value + self.value * other.derivative,
        )
    }
}

impl Div for Dual {
    type Output = Self;
    #[inline]
    fn div(self, other: Self) -> Self {
        let value = self.value / other.value;
        Self::new(value, (self.derivative - value * other.derivative) / other.value)
    }
}

impl Neg for Dual {
    type Output = Self;
    #[inline]
    fn neg(self) -> Self {
        Self::new(-self.value, -self.derivative)
    }
}

impl AddAssign for Dual {
    #[inline]
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for Dual {
    #[inline]
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl MulAssign for Dual {
    #[inline]
    fn mul_assign(&mut self, other: Self) {
        *self = *self * other;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_flow_opens_with_the_quality_of_what_comes_first() {
        // the square of a part's share in the flow, which is no ratio of sums
        let quality = |[share]: [Dual; 1]| share * share;
        let opening = Dual::variable(0.0).carrying([Dual::new(0.0, 0.25)], quality);
        assert_eq!(opening, Dual::new(0.0, 0.0625));
        let open = Dual::variable(2.0).carrying([Dual::new(0.5, 0.25)], quality);
        assert_eq!(open, Dual::new(0.125, 0.0625));
        assert_eq!(open.value().to_bits(), 2.0.carrying([0.5], |[x]| x * x).to_bits());
        assert_eq!(0.0.carrying([0.0], |[x]| x / 0.0).to_bits(), 0.0_f64.to_bits());
        assert_eq!(Dual::zero().carrying([Dual::zero()], quality), Dual::zero());
    }

    fn formula<S: Scalar>(x: S) -> S {
        let two = S::from_f64(2.0);
        (x * x + two).sqrt() / (x + two) - x.max(two).ln() + (x / two).min(two).exp() - -x
    }

    proptest! {
        #[test]
        fn value_is_that_of_plain_numbers_and_slope_that_of_differences(x in 0.01_f64..10.0) {
            let dual = formula(Dual::variable(x));
            prop_assert_eq!(dual.value().to_bits(), formula(x).to_bits());
            // away from the kinks of the formula at x = 2 and x = 4
            prop_assume!((x - 2.0).abs() > 1e-3 && (x - 4.0).abs() > 1e-3);
            let h = 1e-6;
            let difference = (formula(x + h) - formula(x - h)) / (2.0 * h);
            prop_assert!((dual.derivative() - difference).abs() < 1e-6 * difference.abs().max(1.0));
        }
    }
}
