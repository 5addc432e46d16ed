//! Fractions in closed form, where every limit that matters is linear in what is accepted.

use super::workspace::{Extent, HOLDS_WITHIN, Opening, Operates, Run, Space};
use crate::chain::error::SolveError;
use crate::chain::tree::{LevelId, Stop};
use crate::scalar::Dual;

impl Run<'_> {
    /// Fractions in closed form. Every load is a sum over groups of fraction times response, so
    /// each group's fraction is where the first of its limits is reached:
    /// `(capacity - sum over earlier groups) / response`.
    pub(super) fn closed_form<S: Operates>(
        &self,
        id: LevelId,
        extent: Extent,
        space: &mut Space<S>,
        deeper: &mut [Space<Dual>],
    ) -> Result<(), SolveError> {
        let level = &self.prepared.levels[id];
        let steps = &self.tree.levels[id].steps;
        let events_before = space.events.clone();
        let falling_before = space.falling.len();
        // each group is tried while all others are shut
        let several = level.groups.len() > 1;
        for group in level.groups.ids().iter().filter(|_| several) {
            self.accept(id, group, Opening::Shut, S::zero(), space);
        }
        let on_lines = match extent {
            Extent::Bent(along) => Some(&self.prepared.levels[along].straight.groups[id]),
            Extent::All | Extent::Felt => None,
        };
        for group in level.groups.ids().iter() {
            let responses = level.responses_to(group);
            let written = on_lines.and_then(|on_lines| on_lines.get(group)) == Some(&true);
            let is_known = written || self.responds_by_nothing(id, group, space);
            if is_known && !written {
                space.responses[responses].fill(S::zero());
            }
            if is_known {
                for (at, constraint) in responses.iter().zip(&level.constraints) {
                    let response = space.responses[at];
                    space.scales[at] = response.max(self.constant(constraint.limit, space));
                }
                continue;
            }
            self.accept(id, group, Opening::Full, S::zero(), space);
            self.steps(steps, Some(&level.needed), Extent::Felt, space, deeper)?;
            for (at, constraint) in responses.iter().zip(&level.constraints) {
                let limit = constraint.limit;
                if constraint.passed_out {
                    space.responses[at] = space.slack[limit] + self.constant(limit, space);
                    space.scales[at] = space.scale[limit];
                    continue;
                }
                let (load, allowed) = self.load_and_allowed(limit, space);
                space.responses[at] = if self.has_constant(limit) { load } else { load - allowed };
                space.scales[at] = load.max(allowed);
            }
            if several {
                self.accept(id, group, Opening::Shut, S::zero(), space);
            }
        }
        // trial openings are not events of the run, and stop nothing
        space.events = events_before;
        space.falling.truncate(falling_before);

        // from here on slacks hold what counts against constants of the groups filled so far
        for constraint in &level.constraints {
            space.slack[constraint.limit] = S::zero();
            space.scale[constraint.limit] = S::zero();
        }
        for group in level.groups.ids().iter() {
            let responses = level.responses_to(group);
            let mut fraction: Option<S> = None;
            let mut stop = S::from_f64(Stop::FullyDrawn.number());
            let throttled = responses.iter().zip(&level.constraints);
            let throttled = throttled.filter(|(_, constraint)| constraint.throttles[group]);
            if !level.forced[group] {
                for (at, constraint) in throttled.clone() {
                    let limit = constraint.limit;
                    let (used, response) = (space.slack[limit], space.responses[at]);
                    let (full, constant) = (used + response, self.constant(limit, space));
                    // a share of what flows is judged by what flows
                    let scale = if self.has_constant(limit) {
                        full.max(constant)
                    } else {
                        space.scale[limit] + space.scales[at]
                    };
                    let stops = (full - constant - scale.scaled(HOLDS_WITHIN)).min(response);
                    let guarded = S::select(stops, response, S::one());
                    let reached = ((constant - used) / guarded).max(S::zero());
                    let reached = S::select(stops, reached, S::one());
                    let number = S::from_f64(Stop::Limit(limit).number());
                    let Some(so_far) = fraction else {
                        (stop, fraction) = (S::select(stops, number, stop), Some(reached));
                        continue;
                    };
                    // ties go to the first declared
                    let sooner = so_far.scaled(1.0 - HOLDS_WITHIN) - reached;
                    let first = S::select(stop, sooner, S::one());
                    let first = S::select(stops, first, S::zero());
                    stop = S::select(first, number, stop);
                    fraction = Some(so_far.min(reached));
                }
            }
            let fraction = fraction.map_or(S::one(), S::share);
            if !level.forced[group] {
                // what stops the group changes where its limit no longer would, where it would
                // from the start, or where another limit is reached first
                let mut from_the_start = S::one();
                for (at, constraint) in throttled {
                    let limit = constraint.limit;
                    let (used, response) = (space.slack[limit], space.responses[at]);
                    let constant = self.constant(limit, space);
                    let stopping = Stop::Limit(limit).is(stop);
                    let load = S::select(stopping, response, fraction * response);
                    // a limit stops once it is passed by more than its tolerance
                    let size = if self.has_constant(limit) {
                        constant
                    } else {
                        space.scale[limit] + space.scales[at]
                    };
                    let allowed = constant + size.scaled(HOLDS_WITHIN);
                    space.note(used + load - allowed, fraction);
                    from_the_start = S::select(stopping, used - constant, from_the_start);
                }
                space.note(from_the_start, fraction);
            }
            self.accept(id, group, Opening::Part(fraction), stop, space);
            for (at, constraint) in responses.iter().zip(&level.constraints) {
                let limit = constraint.limit;
                space.slack[limit] += fraction * space.responses[at];
                space.scale[limit] += fraction * space.scales[at];
            }
        }
        Ok(())
    }
}
