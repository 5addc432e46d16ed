//! The density that has a pressure at a temperature.
//!
//! At low density a gas is compressed as if it were ideal, and where it condenses its pressure
//! bends down until it falls; a liquid's rises ever more steeply. So Newton's method from the ideal
//! gas upwards, and from a density above all liquids downwards, each comes to its own phase without
//! passing it, or to where the pressure no longer rises, and then that phase does not have the
//! pressure. Near the critical point either may step over what it looks for: where both fail, the
//! interval between what is too thin and too dense is narrowed instead.

use super::isotherm::Isotherm;
use crate::scalar::Scalar;

/// Reduced density above all liquids: the densest of GERG-2008's range has 3.5 (propane at 90 K).
const ABOVE_ALL: f64 = 3.7;

/// Most steps of a search.
const STEPS: usize = 100;

/// A step of this share of the density is the last but one: Newton's method squares what it
/// leaves, so less than rounding is left.
const SHORT_STEP: f64 = 1e-9;

impl<S: Scalar, const ORDERS: usize> Isotherm<S, ORDERS> {
    /// Z - 1 at a reduced density.
    pub fn departure(&self, delta: S) -> S {
        let [_, a_d] = self.derivatives::<2>(0, &self.factors(delta));
        delta * a_d
    }

    /// delta Z, and how it rises with delta.
    fn pressed(&self, delta: S) -> (S, S) {
        let [_, a_d, a_dd] = self.derivatives::<3>(0, &self.factors(delta));
        let z = S::one() + delta * a_d;
        (delta * z, z + delta * a_dd)
    }

    /// Gibbs energy over R T at a reduced density, but for what is the same at all.
    fn gibbs(&self, delta: S) -> S {
        let [a, a_d] = self.derivatives::<2>(0, &self.factors(delta));
        delta.ln() + delta * (a + a_d)
    }
}

/// The reduced density whose delta Z is that of an ideal gas of reduced density `ideal`, if there
/// is one. It is found on plain numbers; one step more carries derivatives.
pub(super) fn solve<S: Scalar>(isotherm: &Isotherm<S, 1>, ideal: S) -> Option<S> {
    let target = ideal.value();
    if target <= 0.0 {
        // as thin as an ideal gas, whose density rises with its pressure
        return (target >= 0.0).then_some(ideal);
    }
    let plain = isotherm.plain();
    let from_below = search(&plain, target, target.min(ABOVE_ALL), false);
    let from_above = search(&plain, target, ABOVE_ALL, false);
    let found = match (from_below, from_above) {
        (Some(gas), Some(liquid)) if plain.gibbs(liquid) < plain.gibbs(gas) => liquid,
        (Some(delta), _) | (None, Some(delta)) => delta,
        (None, None) => search(&plain, target, target.min(ABOVE_ALL), true)?,
    };
    let found = S::from_f64(found);
    let (reached, slope) = isotherm.pressed(found);
    Some(found - (reached - ideal) / slope)
}

/// Newton's method from a density; gives up where the pressure does not rise or a step leaves what
/// is known to hold the answer, or halves that instead.
fn search(isotherm: &Isotherm<f64, 1>, target: f64, from: f64, halves: bool) -> Option<f64> {
    let (mut low, mut high, mut delta) = (0.0, 1.5 * ABOVE_ALL, from);
    for _ in 0..STEPS {
        let (reached, slope) = isotherm.pressed(delta);
        if reached < target {
            low = delta;
        } else {
            high = delta;
        }
        let mut next = delta - (reached - target) / slope;
        let good = slope > 0.0 && low <= next && next <= high;
        if !good {
            if !halves {
                return None;
            }
            next = 0.5 * (low + high);
        }
        let step = (next - delta).abs();
        delta = next;
        if good && step <= SHORT_STEP * delta {
            return Some(delta);
        }
    }
    None
}
