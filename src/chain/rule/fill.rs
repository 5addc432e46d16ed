//! Levels whose loads are sums of what each inlet brings, and where more gas only adds: they are
//! filled in order.

use super::choose::{HOLDS_WITHIN, REACHED_WITHIN, SHUT_BELOW};
use super::plan::{Constraint, Finding, Held};
use super::workspace::{Extent, Opening, Operates, Run, Space};
use crate::chain::error::SolveError;
use crate::chain::tree::{LevelId, Stop};
use crate::ids::List;
use crate::limit::Direction;
use crate::scalar::Dual;

impl Run<'_> {
    /// Finds how each constraint of a level responds to each inlet: what its slack gains when that
    /// one alone is open, with nothing that is there whatever flows.
    pub(super) fn respond<S: Operates>(
        &self,
        id: LevelId,
        space: &mut Space<S>,
        deeper: &mut [Space<Dual>],
    ) -> Result<(), SolveError> {
        let level = &self.prepared.levels[id];
        let steps = &self.tree.levels[id].steps;
        let events_before = space.events.clone();
        // each inlet is tried while all others are shut
        let inlets = 0..level.closed.len();
        let several = inlets.len() > 1;
        for inlet in inlets.clone().filter(|_| several) {
            self.accept(id, inlet, Opening::Shut, space);
        }
        for inlet in inlets {
            let responses = level.responses_to(inlet);
            if self.is_offered_nothing(id, inlet, space) {
                space.responses[responses].fill(S::zero());
                space.scales[responses].fill(S::zero());
                continue;
            }
            self.accept(id, inlet, Opening::Full, space);
            self.steps(steps, Some(&level.needed), Extent::Felt, space, deeper)?;
            for (at, constraint) in responses.iter().zip(&level.constraints) {
                let Held::Limit(limit) = constraint.held else { continue };
                let (load, allowed) = self.load_and_allowed(limit, space);
                // a share of what flows is judged by what flows
                let (response, scale) =
                    if self.has_constant(limit) { (load, load) } else { (load - allowed, allowed) };
                space.responses[at] = match self.tree.limits[limit].direction {
                    Direction::AtMost => response,
                    Direction::AtLeast => -response,
                };
                space.scales[at] = scale;
            }
            if several {
                self.accept(id, inlet, Opening::Shut, space);
            }
        }
        // trial openings are not events of the run
        space.events = events_before;
        Ok(())
    }

    /// What a constraint of a straight level allows, whatever flows.
    pub(super) fn constant<S: Operates>(&self, constraint: &Constraint, space: &Space<S>) -> S {
        match constraint.held {
            Held::Limit(limit) if self.has_constant(limit) => {
                match self.tree.limits[limit].direction {
                    Direction::AtMost => space.capacity[limit],
                    Direction::AtLeast => -space.capacity[limit],
                }
            }
            _ => S::zero(),
        }
    }

    /// Whether a straight level is just filled: gas of any inlet only adds, and no inlet brings
    /// anything to a constraint that does not name it.
    pub(super) fn only_fills<S: Operates>(&self, id: LevelId, space: &Space<S>) -> bool {
        let level = &self.prepared.levels[id];
        let adds = level.finding == Finding::Straight { only_fills: true };
        adds && !(0..level.closed.len()).any(|inlet| {
            let responses = level.responses_to(inlet).iter().zip(&level.constraints);
            responses
                .filter(|(_, constraint)| !constraint.names[inlet])
                .any(|(at, _)| !space.responses[at].is_nothing())
        })
    }

    /// Fills groups in order. Every load is a sum over inlets of opening times response, so a
    /// group's members go on together to where the first limit is reached that any of them raises:
    /// `(capacity - what is used) / response`; those that raise it stop there, the others go on.
    pub(super) fn fill<S: Operates>(&self, id: LevelId, space: &mut Space<S>) {
        let level = &self.prepared.levels[id];
        let mut used: List<Constraint, S> = List::filled(level.constraints.ids(), S::zero());
        for group in &level.groups {
            match group[..] {
                [only] => {
                    let (fraction, stop) = self.rise(id, group, &[S::one()], &used, space);
                    self.stop_at(id, only, (fraction, stop), space);
                    self.use_up(id, only, fraction, &mut used, space);
                }
                _ => self.fill_together(id, group, &mut used, space),
            }
        }
        for (constraint, &used) in level.constraints.iter().zip(&used) {
            let constant = self.constant(constraint, space);
            space.count_edge(id, || (used - constant).share_of(used.max(constant)));
        }
    }

    /// Opens the members of a group together; each stops where a limit that it raises is reached.
    fn fill_together<S: Operates>(
        &self,
        id: LevelId,
        group: &[usize],
        used: &mut List<Constraint, S>,
        space: &mut Space<S>,
    ) {
        let level = &self.prepared.levels[id];
        let (zero, one) = (S::zero(), S::one());
        let mut going: Vec<S> = vec![one; group.len()];
        let mut ends: Vec<(S, S)> = vec![(zero, zero); group.len()];
        for _ in group {
            let (fraction, stop) = self.rise(id, group, &going, used, space);
            for ((&inlet, going), end) in group.iter().zip(&mut going).zip(&mut ends) {
                // all stop where nothing does
                let mut stops = S::select(stop, zero, one);
                for (at, constraint) in level.responses_to(inlet).iter().zip(&level.constraints) {
                    if let Held::Limit(limit) = constraint.held {
                        let own = Stop::limit(limit).is(stop).min(space.responses[at]);
                        stops = stops.max(own);
                    }
                }
                let stops = S::select(*going, S::select(stops, one, zero), zero);
                *end = (S::select(stops, fraction, end.0), S::select(stops, stop, end.1));
                self.use_up(id, inlet, stops * fraction, used, space);
                *going -= stops;
            }
        }
        for (&inlet, end) in group.iter().zip(ends) {
            self.stop_at(id, inlet, end, space);
        }
    }

    /// Accepts what an inlet is filled to.
    fn stop_at<S: Operates>(
        &self,
        id: LevelId,
        inlet: usize,
        (fraction, stop): (S, S),
        space: &mut Space<S>,
    ) {
        self.accept(id, inlet, Opening::Part(fraction), space);
        space.stop[self.tree.levels[id].inlets[inlet]] = stop;
    }

    /// Counts what an inlet brings at an opening as used.
    fn use_up<S: Operates>(
        &self,
        id: LevelId,
        inlet: usize,
        fraction: S,
        used: &mut List<Constraint, S>,
        space: &Space<S>,
    ) {
        let responses = self.prepared.levels[id].responses_to(inlet);
        for (at, used) in responses.iter().zip(used.iter_mut()) {
            *used += fraction * space.responses[at];
        }
    }

    /// How far members of a group that still go on open together, and what stops them there: of
    /// limits that are reached together the first declared.
    fn rise<S: Operates>(
        &self,
        id: LevelId,
        group: &[usize],
        going: &[S],
        used: &List<Constraint, S>,
        space: &mut Space<S>,
    ) -> (S, S) {
        let level = &self.prepared.levels[id];
        let together = |place: usize| {
            let response = |inlet: usize| space.responses[level.responses_to(inlet).at(place)];
            match group[..] {
                [only] => response(only),
                _ => group
                    .iter()
                    .zip(going)
                    .fold(S::zero(), |sum, (&inlet, &going)| sum + going * response(inlet)),
            }
        };
        let mut felt: Vec<(S, S, S, S)> = Vec::with_capacity(level.constraints.len());
        let mut fraction: Option<S> = None;
        for (place, (constraint, &used)) in level.constraints.iter().zip(used).enumerate() {
            let (response, constant) = (together(place), self.constant(constraint, space));
            let full = used + response;
            let scale = full.max(constant);
            let stops = (full - constant - scale.scaled(HOLDS_WITHIN)).min(response);
            let guarded = S::select(stops, response, S::one());
            let reached = ((constant - used) / guarded).max(S::zero());
            let reached = S::select(stops, reached, S::one());
            fraction = Some(fraction.map_or(reached, |fraction| fraction.min(reached)));
            felt.push((response, constant, scale, stops));
        }
        let fraction = fraction.map_or_else(S::one, S::share);
        let fraction = S::select(fraction - S::from_f64(SHUT_BELOW), fraction, S::zero());
        let mut stop = S::from_f64(Stop::NOTHING.number());
        let mut from_the_start = S::one();
        for ((constraint, own), &used) in level.constraints.iter().zip(&felt).zip(used).rev() {
            let Held::Limit(limit) = constraint.held else { continue };
            let (response, constant, scale, stops) = *own;
            let load = used + fraction * response;
            let near = load - constant + scale.scaled(REACHED_WITHIN);
            stop = S::select(near.min(stops), S::from_f64(Stop::limit(limit).number()), stop);
        }
        // what stops the group changes where its limit no longer would, where it would from the
        // start, or where another limit is reached first
        for ((constraint, own), &used) in level.constraints.iter().zip(&felt).zip(used) {
            let Held::Limit(limit) = constraint.held else { continue };
            let (response, constant, scale, _) = *own;
            let stopping = Stop::limit(limit).is(stop);
            let load = S::select(stopping, response, fraction * response);
            // a limit stops once it is passed by more than its tolerance
            let allowed = constant + scale.scaled(HOLDS_WITHIN);
            space.note(used + load - allowed, fraction);
            from_the_start = S::select(stopping, used - constant, from_the_start);
        }
        space.note(from_the_start, fraction);
        (fraction, stop)
    }
}
