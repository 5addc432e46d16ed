//! The operating rule where loads bend: walking along one group of inlets after another.
//!
//! A group is accepted up to the end of the interval starting at 0 on which all limits that
//! throttle it hold. The walk goes along that interval with derivatives: from a point it knows
//! every limit's slack and slope, where the nearest limit would be reached on a straight line,
//! and where the nearest inner refusal would begin or end (an event, where slopes change). It
//! steps to the nearest of those, so that loads which are straight between events are followed
//! exactly, flat stretches included. Where they are curved, what happened between two points is
//! bounded by the tangents, and a bracketed Newton iteration finds the crossing.

use super::error::SolveError;
use super::space::{Extent, HOLDS_WITHIN, Nearest, Opening, Operates, Run, Space};
use super::tree::Stop;
use crate::scalar::{Dual, Scalar};

/// Most evaluations along one group before the walk gives up.
const MOST_POINTS: usize = 500;

/// Longest step where a stage says it is wavy: what rises and falls again between two points is
/// seen only if one of them feels it.
const LONGEST_STEP: f64 = 1.0 / 16.0;

/// An opening too small to tell from none.
const NOTHING: f64 = 1e-20;

/// How near to its capacity, relative to it, a load counts as having reached it.
const REACHED_WITHIN: f64 = 1e-14;

/// How near to an event, relative to its place, slopes are not taken for granted.
const NEAR: f64 = 1e-9;

/// How far past an event the walk lands, relative to its place.
const PAST_EVENT: f64 = 1e-13;

/// What is known of the constraints at one opening of the group.
#[derive(Debug, Clone)]
struct Point {
    at: f64,
    /// Slack of each constraint (above zero: broken), with its slope.
    slack: Vec<Dual>,
    scale: Vec<f64>,
    /// Distance to the nearest event.
    next_event: f64,
}

/// Where the walk along one group ended.
struct End {
    fraction: f64,
    /// The constraint that stopped it.
    stopped: Option<usize>,
    /// The slopes of all constraints there.
    slopes: Vec<f64>,
    /// Whether the one that stopped it was broken before the group opened.
    broken_before: bool,
    falling: bool,
}

/// Where a limit was crossed: the opening, the constraint, the slopes of all constraints there.
type Crossing = (f64, usize, Vec<f64>);

impl Run<'_> {
    /// Finds and sets the fractions of a level's groups.
    ///
    /// Where the level passes limits out, gives back by how much each that stopped a group here
    /// comes out above its capacity. A stream may be nothing but what rounding leaves at the
    /// place where it begins (gas beyond a duty that is just met): then that is no small part of
    /// the load, and would stop the chain outside, where nothing rises any more.
    pub(super) fn walk<S: Operates>(
        &self,
        id: usize,
        space: &mut Space<S>,
        deeper: &mut [Space<Dual>],
    ) -> Result<Vec<(usize, S)>, SolveError> {
        let run = self;
        let Some((mine, rest)) = deeper.split_first_mut() else {
            return Err(SolveError::NotConverged { place: run.tree.levels[id].name.clone() });
        };
        let level = &run.prepared.levels[id];
        let mut left_over = Vec::new();
        let n = run.tree.species;
        for &inlet in &run.tree.levels[id].inlets {
            let at = run.tree.inlets[inlet].offered * n;
            for species in at..at + n {
                mine.streams[species] = Dual::from_f64(space.streams[species].value());
            }
        }
        for group in 0..level.groups.len() {
            run.accept(id, group, Opening::Shut, Dual::zero(), mine);
            run.accept(id, group, Opening::Shut, S::zero(), space);
        }
        for group in 0..level.groups.len() {
            let throttled = level.constraints.iter().any(|constraint| constraint.throttles[group]);
            if level.forced[group] || !throttled {
                run.accept(id, group, Opening::Full, Dual::zero(), mine);
                run.accept(id, group, Opening::Full, S::zero(), space);
                continue;
            }
            let (mine, rest) = (&mut *mine, &mut *rest);
            let (floor, lines) = (Vec::new(), None);
            let mut walk = Walk { run, id, group, mine, rest, floor, lines, points: 0 };
            let end = walk.follow()?;
            let Some(stopped) = end.stopped else {
                run.accept(id, group, Opening::Full, Dual::zero(), mine);
                run.accept(id, group, Opening::Full, S::zero(), space);
                if S::DIFFERENTIATED {
                    run.measure_all(id, space, rest)?;
                    for constraint in &level.constraints {
                        let limit = constraint.limit;
                        // it stops once it is passed by more than its tolerance
                        let tolerance = space.scale[limit].scaled(HOLDS_WITHIN);
                        space.note(space.slack[limit] - tolerance, S::one());
                    }
                }
                continue;
            };
            let limit = level.constraints[stopped].limit;
            let stop = Stop::Limit(limit).number();
            let fraction = Dual::from_f64(end.fraction);
            run.accept(id, group, Opening::Part(fraction), Dual::from_f64(stop), mine);
            let mut fraction = S::from_f64(end.fraction);
            run.accept(id, group, Opening::Part(fraction), S::from_f64(stop), space);
            if S::DIFFERENTIATED {
                // one Newton step in the outer variable: the value stays, the derivative is right
                run.measure_all(id, space, rest)?;
                let slack = space.slack[limit];
                let only_slope = slack - S::from_f64(slack.value());
                fraction -= only_slope / S::from_f64(end.slopes[stopped]);
                let only_slope = fraction - S::from_f64(end.fraction);
                for (index, constraint) in level.constraints.iter().enumerate() {
                    if index != stopped {
                        // with what it does to the fraction
                        let slope = only_slope * S::from_f64(end.slopes[index]);
                        space.note(space.slack[constraint.limit] + slope, fraction);
                    }
                }
                space.note(fraction - S::one(), fraction);
                run.accept(id, group, Opening::Part(fraction), S::from_f64(stop), space);
            }
            if level.forced.contains(&true) && !end.broken_before {
                run.measure_all(id, space, rest)?;
                left_over.push((limit, space.slack[limit].max(S::zero())));
            }
            if end.falling && !space.falling.contains(&limit) {
                space.falling.push(limit);
            }
        }
        Ok(left_over)
    }

    /// Runs a level as it stands open and measures all its constraints.
    pub(super) fn measure_all<S: Operates>(
        &self,
        id: usize,
        space: &mut Space<S>,
        deeper: &mut [Space<Dual>],
    ) -> Result<(), SolveError> {
        // the fractions are not final: nor is what happens further in
        let events_before = space.events.clone();
        self.measure_all_noting(id, Extent::Felt, space, deeper)?;
        space.events = events_before;
        Ok(())
    }

    /// The same, keeping the events of what lies further in; as much as `extent` says.
    pub(super) fn measure_all_noting<S: Operates>(
        &self,
        id: usize,
        extent: Extent,
        space: &mut Space<S>,
        deeper: &mut [Space<Dual>],
    ) -> Result<(), SolveError> {
        let level = &self.prepared.levels[id];
        let only = match extent {
            Extent::All | Extent::Felt => &level.needed,
            Extent::Bent(along) => &self.prepared.levels[along].straight.run[id],
        };
        self.steps(&self.tree.levels[id].steps, Some(only), extent, space, deeper)?;
        for constraint in level.constraints.iter().filter(|constraint| !constraint.passed_out) {
            self.measure(constraint.limit, space);
        }
        Ok(())
    }
}

/// The walk along one group of a level.
struct Walk<'w, 'r> {
    run: &'w Run<'r>,
    id: usize,
    group: usize,
    mine: &'w mut Space<Dual>,
    rest: &'w mut [Space<Dual>],
    /// By how much each constraint was broken before the group opened.
    floor: Vec<f64>,
    /// What follows straight lines, once that is known.
    lines: Option<Lines>,
    points: usize,
}

/// Where straight lines begin, and where they lead.
struct Lines {
    streams: Vec<Dual>,
    responses: Vec<Dual>,
}

impl Walk<'_, '_> {
    /// Evaluates the level with this group open to `at`.
    fn point(&mut self, at: f64) -> Result<Point, SolveError> {
        self.points += 1;
        if self.points > MOST_POINTS {
            let place = self.run.tree.levels[self.id].name.clone();
            return Err(SolveError::NotConverged { place });
        }
        let level = &self.run.prepared.levels[self.id];
        let opening = Opening::Part(Dual::variable(at));
        self.run.accept(self.id, self.group, opening, Dual::zero(), self.mine);
        self.mine.events = Nearest::default();
        let extent = if self.go_along_lines(at) { Extent::Bent(self.id) } else { Extent::Felt };
        self.run.measure_all_noting(self.id, extent, self.mine, self.rest)?;
        if self.lines.is_none() && at == 0.0 {
            self.lines = Some(self.lines());
        }
        let mut point = Point {
            at,
            slack: Vec::with_capacity(level.constraints.len()),
            scale: Vec::with_capacity(level.constraints.len()),
            next_event: self.mine.events.0,
        };
        for constraint in &level.constraints {
            let slack = self.mine.slack[constraint.limit];
            // the level's own slacks are not events of its own walk
            let floor = self.floor.get(point.slack.len()).copied().unwrap_or(0.0);
            point.slack.push(slack - Dual::from_f64(floor));
            point.scale.push(self.scale(constraint.limit, slack));
        }
        Ok(point)
    }

    /// What follows straight lines, from where the group is shut and all has been run.
    fn lines(&self) -> Lines {
        let straight = &self.run.prepared.levels[self.id].straight;
        let n = self.run.tree.species;
        let flows = straight.slots.iter().flat_map(|slot| &self.mine.streams[slot * n..][..n]);
        let responses = straight.responses.iter().map(|&place| self.mine.responses[place]);
        Lines { streams: flows.copied().collect(), responses: responses.collect() }
    }

    /// Writes what follows straight lines at an opening; says whether that is known.
    fn go_along_lines(&mut self, at: f64) -> bool {
        let Some(lines) = &self.lines else { return false };
        let straight = &self.run.prepared.levels[self.id].straight;
        let n = self.run.tree.species;
        let reached = |from: &Dual| {
            let slope = from.derivative();
            Dual::new(from.value() + at * slope, slope)
        };
        for (slot, from) in straight.slots.iter().zip(lines.streams.chunks_exact(n)) {
            for (flow, from) in self.mine.streams[slot * n..][..n].iter_mut().zip(from) {
                *flow = reached(from);
            }
        }
        for (&place, from) in straight.responses.iter().zip(&lines.responses) {
            self.mine.responses[place] = reached(from);
        }
        true
    }

    fn scale(&self, limit: usize, slack: Dual) -> f64 {
        f64::max(self.mine.scale[limit].value(), slack.value())
    }

    fn follow(&mut self) -> Result<End, SolveError> {
        let level = &self.run.prepared.levels[self.id];
        let count = level.constraints.len();
        let throttles: Vec<bool> =
            level.constraints.iter().map(|constraint| constraint.throttles[self.group]).collect();
        let mut here = self.point(0.0)?;
        let mut last = self.point(1.0)?;
        let tolerance: Vec<f64> = last.scale.iter().map(|scale| HOLDS_WITHIN * scale).collect();
        self.check_zero_flow(&here, &tolerance)?;
        // what other inlets have broken already may not get worse
        self.floor = here.slack.iter().map(|slack| slack.value().max(0.0)).collect();
        for point in [&mut last, &mut here] {
            for (slack, &floor) in point.slack.iter_mut().zip(&self.floor) {
                *slack -= Dual::from_f64(floor);
            }
        }
        let mut falls = vec![false; count];
        let watch = |point: &Point, falls: &mut Vec<bool>| {
            for index in 0..count {
                falls[index] |= point.slack[index].derivative() < -tolerance[index].max(1e-300);
            }
        };
        watch(&last, &mut falls);
        let floor = self.floor.clone();
        let mut stride = 1.0;
        // where the limits that are reached at this place were reached first
        let mut since = here.at;
        // whether the way here was a straight line that no event lies near
        let mut clear = false;
        let mut haste = 1.0;
        loop {
            if stride <= 1.0 {
                since = here.at;
            }
            watch(&here, &mut falls);
            let rises = |point: &Point, index: usize| {
                throttles[index]
                    && point.slack[index].derivative() * (1.0 - point.at) > tolerance[index]
            };
            let end = |(fraction, index, slopes): Crossing, falls: &[bool]| End {
                fraction: if fraction < NOTHING { 0.0 } else { fraction },
                stopped: Some(index),
                slopes,
                broken_before: floor[index] > 0.0,
                falling: falls[index] || last.slack[index].value() < -tolerance[index],
            };
            // a limit that is reached and rising stops the group here
            let reached = (0..count).find(|&index| {
                rises(&here, index)
                    && here.slack[index].value() >= -REACHED_WITHIN * here.scale[index]
            });
            if let Some(index) = reached {
                let slope = here.slack[index].derivative();
                let sure = clear && slope * here.next_event > 4.0 * tolerance[index];
                if sure && !level.kinked {
                    let exact = (here.at - here.slack[index].value() / slope).clamp(0.0, 1.0);
                    return Ok(end((exact, index, slopes(&here, index, slope)), &falls));
                }
                let step = just_past(here.at, slope, tolerance[index]) - here.at;
                let beyond = self.point((here.at + step * stride).min(1.0))?;
                let broken = |other: usize| {
                    throttles[other] && beyond.slack[other].value() > tolerance[other]
                };
                if broken(index) && stride <= 1.0 {
                    // what cannot open at all stays shut, not open by what rounding leaves
                    let exact = if here.at > 0.0 {
                        (here.at - here.slack[index].value() / slope).clamp(0.0, 1.0)
                    } else {
                        0.0
                    };
                    return Ok(end((exact, index, slopes(&beyond, index, slope)), &falls));
                }
                if (0..count).any(broken) {
                    let crossing = self.bracket((since, &here), &beyond, &throttles, &tolerance)?;
                    return Ok(end(crossing, &falls));
                }
                // it does not rise after all: what it limits turns flat just here, or moves by
                // less than rounding
                here = beyond;
                clear = false;
                stride *= 4.0;
                continue;
            }
            stride = 1.0;
            if here.at >= 1.0 {
                let slopes = Vec::new();
                let (stopped, broken_before, falling) = (None, false, false);
                return Ok(End { fraction: 1.0, stopped, slopes, broken_before, falling });
            }
            // the nearest of: a limit on a straight line, an event, the full opening
            let mut target: f64 = if level.wavy { here.at + LONGEST_STEP } else { 1.0 };
            for index in (0..count).filter(|&index| rises(&here, index)) {
                let slack = here.slack[index];
                let at = here.at - slack.value() / slack.derivative();
                target = target.min(at.max(here.at * (1.0 + f64::EPSILON)));
            }
            let event = here.at + here.next_event;
            clear = event * (1.0 - NEAR) > target;
            // where loads slide along a tolerance, one event comes right after another
            haste = if here.next_event > NEAR * here.at { 1.0 } else { 4.0 * haste };
            let past = 1.0 + PAST_EVENT * haste;
            if event * past < target {
                target = (event * past).max(here.at * past);
            }
            let mut there = if target >= 1.0 { last.clone() } else { self.point(target)? };
            // halve the step until nothing can have happened in it unseen
            loop {
                let broken = (0..count)
                    .any(|index| throttles[index] && there.slack[index].value() > tolerance[index]);
                if broken {
                    let crossing =
                        self.bracket((here.at, &here), &there, &throttles, &tolerance)?;
                    return Ok(end(crossing, &falls));
                }
                let hump = (0..count)
                    .filter(|&index| throttles[index])
                    .filter_map(|index| hump(&here, &there, index, tolerance[index]))
                    .min_by(f64::total_cmp);
                match hump {
                    Some(at) => (there, clear) = (self.point(at)?, false),
                    None => break,
                }
            }
            watch(&there, &mut falls);
            here = there;
        }
    }

    /// A limit that is broken before anything is accepted has no solution.
    fn check_zero_flow(&self, zero: &Point, tolerance: &[f64]) -> Result<(), SolveError> {
        let level = &self.run.prepared.levels[self.id];
        let nothing_yet = (0..self.group).all(|group| {
            level.groups[group].iter().all(|&inlet| self.mine.fraction[inlet].value() == 0.0)
        });
        for (index, constraint) in level.constraints.iter().enumerate() {
            let slack = zero.slack[index].value();
            if nothing_yet && slack > tolerance[index] {
                return Err(SolveError::BrokenAtZeroFlow {
                    limit: self.run.tree.limits[constraint.limit].address.clone(),
                    over: self.run.tree.limits[constraint.limit].unit.from_si(slack),
                    unit: self.run.tree.limits[constraint.limit].unit.to_string(),
                });
            }
        }
        Ok(())
    }

    /// The first crossing between a point where all limits hold and one where some do not:
    /// Newton from the nearer side, kept inside the bracket.
    ///
    /// The good point may lie within the tolerance above a capacity that was reached `since` an
    /// opening before it: what stops the group stops it there.
    fn bracket(
        &mut self,
        (since, good): (f64, &Point),
        bad: &Point,
        throttles: &[bool],
        tolerance: &[f64],
    ) -> Result<Crossing, SolveError> {
        let (mut low, mut high) = (good.clone(), bad.clone());
        let breaks = |point: &Point, index: usize| {
            throttles[index] && point.slack[index].value() > tolerance[index]
        };
        let broken = |point: &Point| (0..point.slack.len()).any(|index| breaks(point, index));
        loop {
            // of the limits broken at the far end, the one that straight lines reach first; ties
            // go to the first declared
            let mut first: Option<(f64, usize)> = None;
            for index in (0..high.slack.len()).filter(|&index| breaks(&high, index)) {
                let (near, far) = (low.slack[index], high.slack[index]);
                let from = |point: &Point, slack: Dual| {
                    let at = point.at - slack.value() / slack.derivative();
                    (slack.derivative() > 0.0 && at > low.at && at < high.at).then_some(at)
                };
                let newton = if -near.value() < far.value() {
                    from(&low, near).or_else(|| from(&high, far))
                } else {
                    from(&high, far).or_else(|| from(&low, near))
                };
                let share = (-near.value() / (far.value() - near.value())).clamp(0.0, 1.0);
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
            let secant = (high.slack[index].value() - low.slack[index].value()) / width;
            let further_on = high.slack[index].derivative().max(secant);
            let slope_at = |point: &Point| {
                let own = point.slack[index].derivative();
                if own > 0.0 { own } else { further_on }
            };
            if width <= 2.0 * f64::EPSILON * high.at || width < NOTHING {
                // back from the far edge of the tolerance to where the capacity is reached
                let (over, slope) = (low.slack[index].value(), slope_at(&low));
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
                let slack = point.slack[index].value();
                let moved = point.at - low.at;
                if slack >= -REACHED_WITHIN * point.scale[index] {
                    // reached: it stops here if it goes on rising
                    let slope = slope_at(&point);
                    let from = if slack > 0.0 { since } else { low.at };
                    let exact = (at - slack / slope).clamp(from, high.at);
                    let past = just_past(exact, slope, tolerance[index]);
                    // on a flat stretch a straight line says nothing of where it rises
                    let rises = point.slack[index].derivative() > 0.0;
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
fn slopes(point: &Point, stopped: usize, otherwise: f64) -> Vec<f64> {
    let mut slopes: Vec<f64> = point.slack.iter().map(|slack| slack.derivative()).collect();
    if slopes[stopped] <= 0.0 {
        slopes[stopped] = otherwise;
    }
    slopes
}

/// An opening at which a load that is at its capacity at `at`, and goes on rising with `slope`,
/// has left its tolerance behind.
fn just_past(at: f64, slope: f64, tolerance: f64) -> f64 {
    let step = (4.0 * tolerance / slope).max(8.0 * f64::EPSILON * at);
    (at + if step > 0.0 { step } else { HOLDS_WITHIN }).min(1.0)
}

/// Where a load that rises from `here` and rises less, or falls, at `there` may have passed its
/// capacity in between: the meeting point of the two tangents, if it lies above.
fn hump(here: &Point, there: &Point, index: usize, tolerance: f64) -> Option<f64> {
    let (a, b) = (here.slack[index], there.slack[index]);
    let width = there.at - here.at;
    if a.derivative() <= 0.0
        || b.derivative() >= a.derivative()
        || width <= 4.0 * f64::EPSILON * there.at
    {
        return None;
    }
    let step = (b.value() - b.derivative() * width - a.value()) / (a.derivative() - b.derivative());
    let top = a.value() + a.derivative() * step;
    let inside = step > 1e-3 * width && step < (1.0 - 1e-3) * width;
    if top <= tolerance || !(step > 0.0 && step < width) {
        return None;
    }
    Some(here.at + if inside { step } else { 0.5 * width })
}
