//! The first crossing of a limit between a point where all hold and one where some do not.

use super::point::{NOTHING, Walk};
use crate::chain::error::SolveError;
use crate::chain::rule::plan::{Constraint, ConstraintId};
use crate::chain::rule::step::Look;
use crate::chain::rule::workspace::HOLDS_WITHIN;
use crate::ids::List;

/// Where a limit was crossed: the opening, the constraint, the slopes of all constraints there.
pub(super) type Crossing = (f64, ConstraintId, List<Constraint, f64>);

impl Walk<'_, '_> {
    /// The first crossing between a point where all limits hold and one where some do not:
    /// Newton from the nearer side, kept inside the bracket.
    ///
    /// The good point may lie within the tolerance above a capacity that was reached `since` an
    /// opening before it: what stops the group stops it there.
    pub(super) fn bracket(
        &mut self,
        (since, good): (f64, &Look<f64>),
        bad: &Look<f64>,
        throttles: &List<Constraint, bool>,
        tolerance: &List<Constraint, f64>,
    ) -> Result<Crossing, SolveError> {
        let (mut low, mut high) = (good.clone(), bad.clone());
        let constraints = throttles.ids();
        let breaks = |look: &Look<f64>, index: ConstraintId| {
            throttles[index] && look.passed(index, tolerance[index]) > 0.0
        };
        let broken = |look: &Look<f64>| constraints.iter().any(|index| breaks(look, index));
        loop {
            // of the limits broken at the far end, the one that straight lines reach first; ties
            // go to the first declared
            let mut first: Option<(f64, ConstraintId)> = None;
            for index in constraints.iter().filter(|&index| breaks(&high, index)) {
                let (near, far) = (low.of[index].slack, high.of[index].slack);
                let from = |look: &Look<f64>| {
                    let at = look.at + look.distance(index);
                    (look.of[index].slope > 0.0 && at > low.at && at < high.at).then_some(at)
                };
                let newton = if -near < far {
                    from(&low).or_else(|| from(&high))
                } else {
                    from(&high).or_else(|| from(&low))
                };
                let share = (-near / (far - near)).clamp(0.0, 1.0);
                let at = newton.unwrap_or(low.at + (high.at - low.at) * share);
                if first.is_none_or(|(best, _)| at < best * (1.0 - HOLDS_WITHIN)) {
                    first = Some((at, index));
                }
            }
            let Some((guess, index)) = first else {
                return Err(SolveError::NotConverged {
                    place: self.run.tree.levels[self.id].name.clone(),
                });
            };
            let width = high.at - low.at;
            let secant = (high.of[index].slack - low.of[index].slack) / width;
            let further_on = high.of[index].slope.max(secant);
            let slope_at = |look: &Look<f64>| {
                let own = look.of[index].slope;
                if own > 0.0 { own } else { further_on }
            };
            if width <= 2.0 * f64::EPSILON * high.at || width < NOTHING {
                // back from the far edge of the tolerance to where the capacity is reached
                let (over, slope) = (low.of[index].slack, slope_at(&low));
                let back = if over > 0.0 && slope > 0.0 { over / slope } else { 0.0 };
                let at = (low.at - back).max(since);
                return Ok((at, index, slopes(&high, index, secant)));
            }
            let middle = low.at + 0.5 * width;
            let at = if guess <= low.at || guess >= high.at { middle } else { guess };
            let point = self.point(at)?;
            let shrunk = if broken(&point) {
                let moved = high.at - point.at;
                high = point;
                moved
            } else {
                let slack = point.of[index].slack;
                let moved = point.at - low.at;
                if point.short(index) <= 0.0 {
                    // reached: it stops here if it goes on rising
                    let slope = slope_at(&point);
                    let from = if slack > 0.0 { since } else { low.at };
                    let exact = (at - slack / slope).clamp(from, high.at);
                    let past = just_past(exact, slope, tolerance[index]);
                    // on a flat stretch a straight line says nothing of where it rises
                    let rises = point.of[index].slope > 0.0;
                    let near = past < high.at || rises;
                    let past = if near { past } else { just_past(exact, slope, 0.0) };
                    if past >= high.at {
                        return Ok((exact, index, slopes(&point, index, slope)));
                    }
                    let beyond = self.point(past)?;
                    if breaks(&beyond, index) {
                        return Ok((exact, index, slopes(&beyond, index, slope)));
                    }
                    if broken(&beyond) {
                        high = beyond;
                    } else {
                        low = if beyond.at > point.at { beyond } else { point };
                    }
                } else {
                    low = point;
                }
                moved
            };
            if shrunk < 0.5 * width
                && high.at - low.at > (2.0 * f64::EPSILON * high.at).max(NOTHING)
            {
                let point = self.point(low.at + 0.5 * (high.at - low.at))?;
                if broken(&point) { high = point } else { low = point }
            }
        }
    }
}

/// The slopes of all constraints at a point; of the one that stops, another where it is not
/// above zero.
pub(super) fn slopes(
    look: &Look<f64>,
    stopped: ConstraintId,
    otherwise: f64,
) -> List<Constraint, f64> {
    let mut slopes = look.of.iter().map(|seen| seen.slope).collect::<List<Constraint, f64>>();
    if slopes[stopped] <= 0.0 {
        slopes[stopped] = otherwise;
    }
    slopes
}

/// An opening at which a load that is at its capacity at `at`, and goes on rising with `slope`,
/// has left its tolerance behind.
fn just_past(at: f64, slope: f64, tolerance: f64) -> f64 {
    (at + Look::beyond(at, slope, tolerance)).min(1.0)
}

/// Where a load that rises from `here` and rises less, or falls, at `there` may have passed its
/// capacity in between: the meeting point of the two tangents, if it lies above.
pub(super) fn hump(
    here: &Look<f64>,
    there: &Look<f64>,
    index: ConstraintId,
    tolerance: f64,
) -> Option<f64> {
    let (rise, rise_there) = (here.of[index].slope, there.of[index].slope);
    let width = there.at - here.at;
    if rise <= 0.0 || rise_there >= rise || width <= 4.0 * f64::EPSILON * there.at {
        return None;
    }
    let step =
        (there.of[index].slack - rise_there * width - here.of[index].slack) / (rise - rise_there);
    let top = here.of[index].slack + rise * step;
    let inside = step > 1e-3 * width && step < (1.0 - 1e-3) * width;
    if top <= tolerance || !(step > 0.0 && step < width) {
        return None;
    }
    Some(here.at + if inside { step } else { 0.5 * width })
}
