//! The operating rule where loads bend: walking along one group of inlets after another.
//!
//! *In:* a level whose groups are offered streams. *Out:* the opening of each, and what stopped it.
//! *Order:* `point` looks at one opening, `along` goes from event to event until a limit is
//! reached, `bracket` finds the crossing where it was passed.
//!
//! A group is accepted up to the end of the interval starting at 0 on which all limits that
//! throttle it hold. The walk goes along that interval with derivatives: from a point it knows
//! every limit's slack and slope, where the nearest limit would be reached on a straight line,
//! and where the nearest inner refusal would begin or end (an event, where slopes change). It
//! steps to the nearest of those, so that loads which are straight between events are followed
//! exactly, flat stretches included. Where they are curved, what happened between two points is
//! bounded by the tangents, and a bracketed Newton iteration finds the crossing.

mod along;
mod bracket;
mod point;

use self::point::Walk;
use super::workspace::{Extent, HOLDS_WITHIN, Opening, Operates, Run, Space};
use crate::chain::error::SolveError;
use crate::chain::tree::{LevelId, LimitId, Stop};
use crate::ids::List;
use crate::scalar::{Dual, Scalar};

impl Run<'_> {
    /// Finds and sets the fractions of a level's groups.
    ///
    /// Where the level passes limits out, gives back by how much each that stopped a group here
    /// comes out above its capacity. A stream may be nothing but what rounding leaves at the
    /// place where it begins (gas beyond a duty that is just met): then that is no small part of
    /// the load, and would stop the chain outside, where nothing rises any more.
    pub(in crate::chain) fn walk<S: Operates>(
        &self,
        id: LevelId,
        space: &mut Space<S>,
        deeper: &mut [Space<Dual>],
    ) -> Result<Vec<(LimitId, S)>, SolveError> {
        let run = self;
        let Some((mine, rest)) = deeper.split_first_mut() else {
            return Err(SolveError::NotConverged { place: run.tree.levels[id].name.clone() });
        };
        let level = &run.prepared.levels[id];
        let mut left_over = Vec::new();
        for &inlet in &run.tree.levels[id].inlets {
            let offered = run.tree.inlets[inlet].offered;
            for (own, outer) in mine.streams[offered].iter_mut().zip(&space.streams[offered]) {
                *own = Dual::from_f64(outer.value());
            }
        }
        for group in level.groups.ids().iter() {
            run.accept(id, group, Opening::Shut, Dual::zero(), mine);
            run.accept(id, group, Opening::Shut, S::zero(), space);
        }
        for group in level.groups.ids().iter() {
            let throttled = level.constraints.iter().any(|constraint| constraint.throttles[group]);
            if level.forced[group] || !throttled {
                run.accept(id, group, Opening::Full, Dual::zero(), mine);
                run.accept(id, group, Opening::Full, S::zero(), space);
                continue;
            }
            let (mine, rest) = (&mut *mine, &mut *rest);
            let (floor, lines) = (List::new(), None);
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
                for (index, constraint) in level.constraints.pairs() {
                    if index != stopped {
                        // with what it does to the fraction
                        let slope = only_slope * S::from_f64(end.slopes[index]);
                        space.note(space.slack[constraint.limit] + slope, fraction);
                    }
                }
                space.note(fraction - S::one(), fraction);
                run.accept(id, group, Opening::Part(fraction), S::from_f64(stop), space);
            }
            if level.is_forced() && !end.broken_before {
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
    pub(in crate::chain) fn measure_all<S: Operates>(
        &self,
        id: LevelId,
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
    pub(in crate::chain) fn measure_all_noting<S: Operates>(
        &self,
        id: LevelId,
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
