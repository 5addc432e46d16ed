//! The density of a gas at a pressure, on an isotherm of its surface.
//!
//! *In:* the isotherm, g of Z = 1 + x g(x) by powers of x, and the density of the ideal gas. *Out:*
//! the density; both are shares of the highest. *Order:* so many of Halley's steps, whatever they
//! come to.

use super::polynomial::horner;
use crate::scalar::Scalar;

/// Share of the highest density at which density is held.
const DENSEST: f64 = 1.1;

/// Smallest slope dp/dd over R T that a step of Newton's method trusts. The shipped feeds stay
/// over 0.48 from 255 K and up to 12e6 Pa; a gas that condenses has slopes down to nothing and
/// below.
pub(super) const FLATTEST: f64 = 0.05;

/// Halley's steps to a density from that of the second virial coefficient alone: each leaves about
/// the third power of what was off, so that a gas far above its critical point is there after four.
const STEPS: usize = 6;

/// Steps from a density that is a few per cent off, as that of a state nearby is.
const STEPS_NEAR: usize = 2;

/// What the steps may at least shorten and at most lengthen Newton's by where a gas is hard to
/// press: two times.
const LEAST_BEND: f64 = 0.5;

/// Density of the ideal gas over the highest density up to which there is a solution to look for.
const DENSEST_IDEAL: f64 = 10.0;

/// Least compressibility factor that a search starts from.
const LEAST_COMPRESSIBILITY: f64 = 0.05;

/// Least of what is under the root in the density of a gas of its second virial coefficient alone,
/// which has none where it condenses.
const LEAST_ROOT: f64 = 0.01;

/// Share of a pressure that its solution may be off by.
const SOLVED: f64 = 1e-9;

/// Solves x (1 + x g(x)) = ideal for x, from what the second virial coefficient alone would say.
pub(super) fn share_of_density<S: Scalar, const N: usize>(isotherm: &[S; N], ideal: S) -> S {
    let ideal = ideal.min(S::from_f64(DENSEST_IDEAL));
    let under = S::one() + (isotherm[0] * ideal).scaled(4.0);
    let root = under.max(S::from_f64(LEAST_ROOT)).sqrt();
    let start = ideal.scaled(2.0) / (S::one() + root);
    (0..STEPS).fold(within(start), |x, _| closer(isotherm, ideal, x))
}

/// The same from a compressibility factor that is near the one there is.
#[inline]
pub(super) fn share_near<S: Scalar, const N: usize>(
    isotherm: &[S; N],
    ideal: S,
    compressibility: S,
) -> S {
    let ideal = ideal.min(S::from_f64(DENSEST_IDEAL));
    let start = ideal / compressibility.max(S::from_f64(LEAST_COMPRESSIBILITY));
    (0..STEPS_NEAR).fold(within(start), |x, _| closer(isotherm, ideal, x))
}

/// One step of Halley's method, kept within what the polynomial is good for.
#[inline]
fn closer<S: Scalar, const N: usize>(isotherm: &[S; N], ideal: S, x: S) -> S {
    let [g, g_x, half_g_xx] = horner(isotherm, x);
    let (x_g, square) = (x * g, x * x);
    let reached = x + x * x_g;
    let square_g_x = square * g_x;
    let slope = (S::one() + x_g.scaled(2.0) + square_g_x).max(S::from_f64(FLATTEST));
    let half_curvature = g + (x * g_x).scaled(2.0) + square * half_g_xx;
    let per_slope = S::one() / slope;
    let newton = (reached - ideal) * per_slope;
    let bend = S::one() - newton * half_curvature * per_slope;
    within(x - newton / bend.max(S::from_f64(LEAST_BEND)))
}

/// The same where it is a solution: it has the pressure, the pressure rises with it, and nothing
/// was held on the way.
pub(super) fn solved_share<const N: usize>(isotherm: &[f64; N], ideal: f64) -> Option<f64> {
    let x = share_of_density(isotherm, ideal);
    let (reached, slope) = pressed(isotherm, x);
    let solves = (reached - ideal).abs() <= SOLVED * ideal;
    (solves && slope > FLATTEST && x <= 1.0).then_some(x)
}

/// x Z at x, and how it rises with x.
fn pressed<const N: usize>(isotherm: &[f64; N], x: f64) -> (f64, f64) {
    let [g, g_x, _] = horner(isotherm, x);
    let z = 1.0 + x * g;
    (x * z, z + x * (g + x * g_x))
}

fn within<S: Scalar>(x: S) -> S {
    x.max(S::zero()).min(S::from_f64(DENSEST))
}
