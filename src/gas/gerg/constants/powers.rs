//! Powers of tau that the terms have, split so that few of them are worked out.
//!
//! Every exponent is a whole number from -1 to 30 and a fraction in twentieths or eighths. Eighths
//! are square roots, twentieths the powers of one exponential; whole powers are products.

use crate::scalar::Scalar;

/// An exponent of tau.
#[derive(Debug, Clone, Copy)]
pub(in crate::gas::gerg) struct Power {
    /// As it is written.
    pub exponent: f64,
    whole: usize,
    fraction: usize,
}

/// Whole powers from the lowest up.
const WHOLES: usize = 32;
const LOWEST: f64 = -1.0;

const TWENTIETHS: usize = 20;
const FRACTIONS: usize = TWENTIETHS + 4;

/// The exponent as it is written, split.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "worked out by the compiler, which judges it here"
)]
pub(super) const fn power(exponent: f64) -> Power {
    let fortieths = (exponent - LOWEST) * 40.0;
    let steps = (fortieths + 0.5) as usize;
    assert!((steps as f64 - fortieths).abs() < 1e-9, "an exponent that is not split");
    let (whole, rest) = (steps / 40, steps % 40);
    assert!(whole < WHOLES && (rest % 2 == 0 || rest % 5 == 0), "an exponent that is not split");
    let fraction = if rest % 2 == 0 { rest / 2 } else { TWENTIETHS + rest / 10 };
    Power { exponent, whole, fraction }
}

/// What all powers of one tau are products of.
#[derive(Debug)]
pub(in crate::gas::gerg) struct Powers<S> {
    wholes: [S; WHOLES],
    fractions: [S; FRACTIONS],
}

impl<S: Scalar> Powers<S> {
    pub fn of(tau: S) -> Self {
        let mut wholes = [S::one(); WHOLES];
        // the lowest is -1, so that tau itself is the third
        (wholes[0], wholes[2]) = (S::one() / tau, tau);
        for place in 3..WHOLES {
            let whole = place - 1;
            wholes[place] = wholes[whole / 2 + 1] * wholes[whole - whole / 2 + 1];
        }
        let half = tau.sqrt();
        let quarter = half.sqrt();
        let eighth = quarter.sqrt();
        let quarters = [S::one(), quarter, half, half * quarter];
        let step = tau.ln().scaled(1.0 / TWENTIETHS as f64).exp();
        let mut fractions = [S::one(); FRACTIONS];
        let mut steps = S::one();
        for twentieth in 0..5 {
            for (place, quarter) in quarters.into_iter().enumerate() {
                fractions[5 * place + twentieth] = quarter * steps;
            }
            steps *= step;
        }
        for (place, quarter) in quarters.into_iter().enumerate() {
            fractions[TWENTIETHS + place] = quarter * eighth;
        }
        Self { wholes, fractions }
    }

    /// tau to a power.
    #[inline]
    pub fn get(&self, power: Power) -> S {
        self.wholes[power.whole] * self.fractions[power.fraction]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_are_powers() {
        let powers = Powers::of(0.7_f64);
        for fortieths in (-40..=1200).filter(|n| n % 2 == 0 || n % 5 == 0) {
            let exponent = f64::from(fortieths) / 40.0;
            let expected = 0.7_f64.powf(exponent);
            let got = powers.get(power(exponent));
            assert!((got / expected - 1.0).abs() < 1e-14, "{exponent}: {got} {expected}");
        }
    }
}
