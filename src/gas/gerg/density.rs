//! The density that has a pressure at a temperature.
//!
//! At low density a gas is compressed as if it were ideal, and where it condenses its pressure
//! bends down until it falls; a liquid's rises ever more steeply. So Newton's method from the ideal
//! gas upwards, and from a density above all liquids downwards, each comes to its own phase. Between
//! both the equation falls and rises and falls again, and means nothing: a density counts that is
//! reached from one side by pressures that rise all the way, and where Newton's method has stepped
//! over it, it is looked for in short strides.

use super::isotherm::Isotherm;
use crate::scalar::Scalar;

/// Reduced density above all liquids: the densest of GERG-2008's range has 3.5 (propane at 90 K).
const ABOVE_ALL: f64 = 3.7;

/// Densities that are looked at.
const HIGHEST: f64 = 1.5 * ABOVE_ALL;

/// How far apart pressures are asked for rising: the equation's loops between the phases are some 1
/// wide.
const STRIDE: f64 = 0.2;

/// Temperature over the reducing one above which a gas has no loops: what two searches from both
/// sides agree on is then believed.
const HOT: f64 = 1.1;

/// As near as the same, as a share.
const THE_SAME: f64 = 1e-8;

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
/// is one, at a temperature so many times the reducing one. It is found on plain numbers; one step
/// more carries derivatives.
pub(super) fn solve<S: Scalar, const ORDERS: usize>(
    isotherm: &Isotherm<S, ORDERS>,
    ideal: S,
    reduced_temperature: f64,
) -> Option<S> {
    let target = ideal.value();
    if target <= 0.0 {
        // as thin as an ideal gas, whose density rises with its pressure
        return (target >= 0.0).then_some(ideal);
    }
    let plain = isotherm.first_of_plain();
    let gas = search(&plain, target, target.min(ABOVE_ALL), [0.0, HIGHEST], false);
    let liquid = search(&plain, target, ABOVE_ALL, [0.0, HIGHEST], false);
    let found = match (gas, liquid) {
        (Some(gas), Some(liquid))
            if reduced_temperature > HOT && (gas - liquid).abs() <= THE_SAME * gas =>
        {
            gas
        }
        _ => stable(&plain, target, gas, liquid)?,
    };
    let found = S::from_f64(found);
    let (reached, slope) = isotherm.pressed(found);
    Some(found - (reached - ideal) / slope)
}

/// Which of what searches from both sides have found is a density of its phase, and of two the
/// stable one.
fn stable(
    isotherm: &Isotherm<f64, 1>,
    target: f64,
    gas: Option<f64>,
    liquid: Option<f64>,
) -> Option<f64> {
    let gas = gas
        .filter(|&delta| rises(isotherm, 0.0, delta))
        .or_else(|| first_from(isotherm, target, 0.0));
    let liquid = liquid
        .filter(|&delta| rises(isotherm, delta, ABOVE_ALL))
        .or_else(|| first_from(isotherm, target, ABOVE_ALL));
    match (gas, liquid) {
        (Some(gas), Some(liquid)) if isotherm.gibbs(liquid) < isotherm.gibbs(gas) => Some(liquid),
        (gas, liquid) => gas.or(liquid),
    }
}

/// Newton's method from a density; gives up where the pressure does not rise or a step leaves what
/// is known to hold the answer, or halves that instead.
fn search(
    isotherm: &Isotherm<f64, 1>,
    target: f64,
    from: f64,
    [mut low, mut high]: [f64; 2],
    halves: bool,
) -> Option<f64> {
    let mut delta = from;
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

/// Whether the pressure rises all the way between two densities.
fn rises(isotherm: &Isotherm<f64, 1>, low: f64, high: f64) -> bool {
    let mut left = high;
    while left > low {
        let (_, slope) = isotherm.pressed(left);
        if slope <= 0.0 || slope.is_nan() {
            return false;
        }
        left -= STRIDE;
    }
    true
}

/// The first density with the pressure on the way from none upwards, or from above all liquids down,
/// as long as the pressure rises.
fn first_from(isotherm: &Isotherm<f64, 1>, target: f64, from: f64) -> Option<f64> {
    let stride = if from > 0.0 { -STRIDE } else { STRIDE };
    let mut here = from;
    while (0.0..=ABOVE_ALL).contains(&here) {
        let there = here + stride;
        let (reached, slope) = isotherm.pressed(there);
        if (reached >= target) == (stride > 0.0) {
            let between = [here.min(there).max(0.0), here.max(there)];
            let middle = 0.5 * (between[0] + between[1]);
            return search(isotherm, target, middle, between, true);
        }
        if slope <= 0.0 || slope.is_nan() {
            return None;
        }
        here = there;
    }
    None
}
