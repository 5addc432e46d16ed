//! Looking for the number that makes a pressure what it is asked to be.
//!
//! First in plain numbers, between two that lie on either side; then two of Newton's steps with a
//! plain slope, whose residual carries all derivatives: what such a step leaves of an error, in
//! value and in derivatives alike, is the share by which the slope is off.

use crate::fault::significant;
use crate::math;
use crate::scalar::Scalar;

/// Highest inlet pressure that is tried, Pa.
pub(super) const HIGHEST_PRESSURE: f64 = 1e9;

/// Why no side of a segment or line makes its end what it is asked to be.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SizingError {
    /// Flow asks for more pressure than there is, or nothing makes it lose so much.
    #[error(
        "no {sought} makes the outlet pressure {asked} Pa; the nearest is {nearest} Pa, at {at}"
    )]
    OutOfReach {
        /// What was looked for, with its unit.
        sought: &'static str,
        /// Outlet pressure that was asked for, Pa.
        asked: f64,
        /// The outlet pressure that is possible and nearest to it, Pa.
        nearest: f64,
        /// The value of what was looked for that gives this.
        at: f64,
    },
    /// What is found would make the gas faster than sound, which steady flow in a pipe does not
    /// pass.
    #[error(
        "{sought} would be {at}: velocity of the gas is {velocity} m/s; allowed: up to the speed of \
         sound there, {speed_of_sound} m/s",
        velocity = significant(*velocity),
        speed_of_sound = significant(*speed_of_sound)
    )]
    Supersonic {
        /// What was looked for, with its unit.
        sought: &'static str,
        /// The value of it that the equations give.
        at: f64,
        /// Velocity of the gas with it, m/s, where that passes the speed of sound.
        velocity: f64,
        /// Speed of sound in the gas there, m/s.
        speed_of_sound: f64,
    },
    /// What is given has no meaning there.
    #[error("{what} is {got}; allowed: {allowed}")]
    OutOfDomain {
        /// Which quantity, with its unit.
        what: &'static str,
        /// Its value.
        got: f64,
        /// What is allowed.
        allowed: &'static str,
    },
}

/// What is looked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sought {
    /// With its unit.
    pub name: &'static str,
    /// Where the search begins.
    pub start: f64,
    /// Lowest and highest that is tried, above 0.
    pub between: [f64; 2],
    /// Whether the outlet pressure rises with it.
    pub rises: bool,
}

/// What a trial gave.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trial<S> {
    /// Square of the outlet pressure, also below that of the floor and below zero, Pa².
    pub squared: S,
    /// The outlet pressure, Pa.
    pub pressure: S,
}

/// Both sides of what is looked for are this near when steps take over, relative.
const NEAR: f64 = 1e-9;
/// Ratio of each number to the one before, until what is looked for is passed.
const STEP: f64 = 1.5;
/// Trials after which the search ends in any case.
const MOST_TRIALS: usize = 200;
/// Share by which a slope is looked for on both sides: a part in 1e10 of the curve, of which
/// rounding leaves a part in 1e9.
const ASIDE: f64 = 1e-5;
/// Steps that carry derivatives.
const STEPS: usize = 2;

/// Solves for an outlet pressure (Pa).
pub(super) fn solve<S: Scalar>(
    sought: &Sought,
    asked: S,
    mut trial: impl FnMut(S) -> Trial<S>,
) -> Result<S, SizingError> {
    let square = asked * asked;
    let mut excess = |x: f64| {
        let got = trial(S::from_f64(x));
        (got.squared.value() / square.value() - 1.0, got.pressure.value())
    };
    let found = between(sought, asked.value(), &mut excess)?;
    let slope =
        (excess(found * (1.0 + ASIDE)).0 - excess(found * (1.0 - ASIDE)).0) / (2.0 * ASIDE * found);
    let mut at = S::from_f64(found);
    for _ in 0..STEPS {
        at -= (trial(at).squared / square - S::one()).scaled(1.0 / slope);
    }
    Ok(at)
}

/// The number itself, to [`NEAR`].
fn between(
    sought: &Sought,
    asked: f64,
    excess: &mut impl FnMut(f64) -> (f64, f64),
) -> Result<f64, SizingError> {
    let start = sought.start.max(sought.between[0]).min(sought.between[1]);
    let first = (start, excess(start));
    let up = (first.1.0 < 0.0) == sought.rises;
    // where heat and height outweigh friction pressure may at first go the other way
    let passed = match passed(sought, asked, first, up, excess) {
        Err(beyond) => passed(sought, asked, first, !up, excess).map_err(|_| beyond),
        found => found,
    };
    let mut ends = passed?.map(|(x, excess)| (math::ln(x), excess));
    // by secants of the logarithm, an end that stays has its excess halved (Illinois)
    let mut stayed = None;
    for _ in 0..MOST_TRIALS {
        let [(one, at_one), (other, at_other)] = ends;
        if (one - other).abs() <= NEAR || at_one == 0.0 {
            break;
        }
        let secant = (one * at_other - other * at_one) / (at_other - at_one);
        let inside = secant > one.min(other) && secant < one.max(other);
        let next = if inside { secant } else { 0.5 * (one + other) };
        let (at_next, pressure) = excess(math::exp(next));
        if at_next.is_nan() {
            let what = "outlet pressure on the way, Pa";
            return Err(SizingError::OutOfDomain { what, got: pressure, allowed: "a number" });
        }
        let replaced = usize::from((at_next < 0.0) == (at_other < 0.0));
        let moved = (next - ends[replaced].0).abs();
        ends[replaced] = (next, at_next);
        if at_next == 0.0 || moved <= NEAR {
            return Ok(math::exp(next));
        }
        if stayed == Some(1 - replaced) {
            ends[1 - replaced].1 *= 0.5;
        }
        stayed = Some(1 - replaced);
    }
    let [(one, at_one), (other, at_other)] = ends;
    Ok(math::exp(if at_one.abs() < at_other.abs() { one } else { other }))
}

/// A number, its excess and its outlet pressure.
type Tried = (f64, (f64, f64));

/// The first two numbers between which what is looked for lies, from the start on upwards or
/// downwards; in short steps, so that no gas is tried far from where it is known.
fn passed(
    sought: &Sought,
    asked: f64,
    start: Tried,
    up: bool,
    excess: &mut impl FnMut(f64) -> (f64, f64),
) -> Result<[(f64, f64); 2], SizingError> {
    let Sought { name, between: [lowest, highest], .. } = *sought;
    let mut last = start;
    loop {
        let x = if up { last.0 * STEP } else { last.0 / STEP }.max(lowest).min(highest);
        let next: Tried = (x, excess(x));
        if next.1.0.is_nan() {
            let what = "outlet pressure on the way, Pa";
            return Err(SizingError::OutOfDomain { what, got: next.1.1, allowed: "a number" });
        }
        if (next.1.0 < 0.0) != (last.1.0 < 0.0) || next.1.0 == 0.0 {
            return Ok([(x, next.1.0), (last.0, last.1.0)]);
        }
        let ends = if up { x >= highest } else { x <= lowest };
        if ends {
            return Err(SizingError::OutOfReach { sought: name, asked, nearest: next.1.1, at: x });
        }
        last = next;
    }
}

/// The outlet pressure that is asked for, if a segment with this floor can have it.
pub(super) fn judged<S: Scalar>(asked: S, floor: S) -> Result<S, SizingError> {
    let got = asked.value();
    if got >= floor.value() && got.is_finite() {
        return Ok(asked);
    }
    let what = "outlet pressure asked for, Pa";
    Err(SizingError::OutOfDomain { what, got, allowed: "a number not below the pressure floor" })
}

/// A flow, if gas goes from the start to the end.
pub(super) fn forward<S: Scalar>(molar_flow: S) -> Result<S, SizingError> {
    let got = molar_flow.value();
    if got > 0.0 && got.is_finite() {
        return Ok(molar_flow);
    }
    Err(SizingError::OutOfDomain { what: "molar flow, mol/s", got, allowed: "above 0" })
}
