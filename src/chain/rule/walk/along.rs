//! The walk along one group of a level: from event to event, to the first limit that stops it.

use super::bracket::{Crossing, hump, slopes};
use super::point::{NOTHING, Walk};
use crate::chain::error::SolveError;
use crate::chain::rule::plan::{Constraint, ConstraintId};
use crate::chain::rule::step::{Look, NEAR, PAST_EVENT};
use crate::ids::List;
use crate::scalar::Scalar;

/// Where the walk along one group ended.
pub(super) struct End {
    pub fraction: f64,
    /// The constraint that stopped it.
    pub stopped: Option<ConstraintId>,
    /// The slopes of all constraints there.
    pub slopes: List<Constraint, f64>,
    /// Whether the one that stopped it was broken before the group opened.
    pub broken_before: bool,
    pub falling: bool,
}

impl Walk<'_, '_> {
    pub(super) fn follow(&mut self) -> Result<End, SolveError> {
        let level = &self.run.prepared.levels[self.id];
        let constraints = level.constraints.ids();
        let throttles: List<Constraint, bool> =
            level.constraints.iter().map(|constraint| constraint.throttles[self.group]).collect();
        let mut here = self.point(0.0)?;
        let mut last = self.point(1.0)?;
        let tolerance: List<Constraint, f64> =
            constraints.iter().map(|index| last.tolerance(index)).collect();
        self.check_zero_flow(&here, &tolerance)?;
        // what other inlets have broken already may not get worse
        self.floor = here.of.iter().map(|seen| seen.slack.max(0.0)).collect();
        for look in [&mut last, &mut here] {
            for (seen, &floor) in look.of.iter_mut().zip(&self.floor) {
                seen.slack -= floor;
            }
        }
        let mut falls = List::filled(constraints, false);
        let watch = |look: &Look<f64>, falls: &mut List<Constraint, bool>| {
            for index in constraints.iter() {
                falls[index] |= look.of[index].slope < -tolerance[index].max(1e-300);
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
            let rises =
                |index: ConstraintId| throttles[index] && here.rises(index, tolerance[index]) > 0.0;
            let end = |(fraction, index, slopes): Crossing, falls: &List<Constraint, bool>| End {
                fraction: if fraction < NOTHING { 0.0 } else { fraction },
                stopped: Some(index),
                slopes,
                broken_before: floor[index] > 0.0,
                falling: falls[index] || last.of[index].slack < -tolerance[index],
            };
            // a limit that is reached and rising stops the group here
            let reached =
                constraints.iter().find(|&index| rises(index) && here.short(index) <= 0.0);
            if let Some(index) = reached {
                let slope = here.of[index].slope;
                let sure = clear && slope * here.event > 4.0 * tolerance[index];
                if sure && !level.kinked {
                    let exact = (here.at + here.distance(index)).clamp(0.0, 1.0);
                    return Ok(end((exact, index, slopes(&here, index, slope)), &falls));
                }
                let step = Look::beyond(here.at, slope, tolerance[index]);
                let beyond = self.point((here.at + step * stride).min(1.0))?;
                let broken = |other: ConstraintId| {
                    throttles[other] && beyond.passed(other, tolerance[other]) > 0.0
                };
                if broken(index) && stride <= 1.0 {
                    // what cannot open at all stays shut, not open by what rounding leaves
                    let exact = if here.at > 0.0 {
                        (here.at + here.distance(index)).clamp(0.0, 1.0)
                    } else {
                        0.0
                    };
                    return Ok(end((exact, index, slopes(&beyond, index, slope)), &falls));
                }
                if constraints.iter().any(broken) {
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
                let slopes = List::new();
                let (stopped, broken_before, falling) = (None, false, false);
                return Ok(End { fraction: 1.0, stopped, slopes, broken_before, falling });
            }
            // the nearest of: a limit on a straight line, an event, the full opening
            let mut target = here.farthest(level.wavy);
            for index in constraints.iter().filter(|&index| rises(index)) {
                target = target.min((here.at + here.distance(index)).max(here.next_opening()));
            }
            let event = here.at + here.event;
            clear = event * (1.0 - NEAR) > target;
            // where loads slide along a tolerance, one event comes right after another
            haste = if here.event > NEAR * here.at { 1.0 } else { 4.0 * haste };
            let past = 1.0 + PAST_EVENT * haste;
            if event * past < target {
                target = (event * past).max(here.at * past);
            }
            let mut there = if target >= 1.0 { last.clone() } else { self.point(target)? };
            // halve the step until nothing can have happened in it unseen
            loop {
                let broken = constraints
                    .iter()
                    .any(|index| throttles[index] && there.passed(index, tolerance[index]) > 0.0);
                if broken {
                    let crossing =
                        self.bracket((here.at, &here), &there, &throttles, &tolerance)?;
                    return Ok(end(crossing, &falls));
                }
                let hump = constraints
                    .iter()
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
    fn check_zero_flow(
        &self,
        zero: &Look<f64>,
        tolerance: &List<Constraint, f64>,
    ) -> Result<(), SolveError> {
        let level = &self.run.prepared.levels[self.id];
        let before = level.groups.iter().take(self.group.index());
        let nothing_yet = before.flatten().all(|&inlet| self.mine.fraction[inlet].value() == 0.0);
        for (index, constraint) in level.constraints.pairs() {
            let slack = zero.of[index].slack;
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
}
