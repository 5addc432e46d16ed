//! The ideal part of the Helmholtz energy: what a gas would be without forces between its molecules.

use super::constants::Ideal;
use crate::scalar::Scalar;

/// Molar gas constant of GERG-2008, J/(mol K): the equation's pressures hold with this one, not
/// with the value fixed in 2019.
pub(in crate::gas) const GAS_CONSTANT: f64 = 8.314_472;

/// The one that the ideal parts were fitted with, J/(mol K).
const FITTED_WITH: f64 = 8.314_51;

/// State at which the pure ideal gases have neither enthalpy nor entropy: K, Pa.
pub(super) const REFERENCE_TEMPERATURE: f64 = 298.15;
pub(super) const REFERENCE_PRESSURE: f64 = 101_325.0;

/// The ideal part of one component at a temperature, but for the logarithm of its density over
/// that of the reference state.
#[derive(Debug, Clone, Copy)]
pub(super) struct IdealPart<S> {
    /// Itself.
    pub value: S,
    /// Times tau, its derivative with tau: internal energy over R T.
    pub energy: S,
    /// Heat capacity at constant volume over R.
    pub capacity: S,
}

impl Ideal {
    pub(super) fn at<S: Scalar>(&self, inverse: S, logarithm: S) -> IdealPart<S> {
        let fitted = FITTED_WITH / GAS_CONSTANT;
        let Self { n1, n2, n3, waves } = *self;
        // what belongs to p v = R T in the enthalpy of the reference state was not fitted
        let n2 = fitted * (n2 + REFERENCE_TEMPERATURE) - REFERENCE_TEMPERATURE;
        let steady = fitted * (n3 - 1.0);
        let linear = inverse.scaled(n2);
        let mut part = IdealPart {
            value: S::from_f64(fitted * n1) + linear - logarithm.scaled(steady),
            energy: S::from_f64(steady) + linear,
            capacity: S::from_f64(steady),
        };
        for (place, (n, theta)) in waves.into_iter().enumerate() {
            if theta <= 0.0 {
                continue;
            }
            let u = inverse.scaled(theta);
            // sinh and cosh by e^-u, which nothing overflows
            let small = (-u).exp();
            let square = small * small;
            let (one, sign) = (S::one(), if place % 2 == 0 { 1.0 } else { -1.0 });
            let (with, against) = (one - square.scaled(sign), one + square.scaled(sign));
            let n = fitted * n;
            part.value += (u + with.scaled(0.5).ln()).scaled(sign * n);
            part.energy += (u * against / with).scaled(sign * n);
            let wave = u * small / with;
            part.capacity += (wave * wave).scaled(4.0 * n);
        }
        part
    }
}
