//! Finding and setting the openings of a level, where they do not just fill.
//!
//! What is chosen is chosen on plain numbers; the openings are then solved again from what they
//! follow from, in numbers of any kind, so that a derivative is right.

use super::choose::{
    Choice, Equation, Feel, Felt, HOLDS_WITHIN, REACHED_WITHIN, Rows, Sought, View, choose_bent,
    choose_straight, nearest, nearest_bent, smallest_set, solve,
};
use super::plan::{Constraint, Finding, Held, Response};
use super::workspace::{Extent, Nearest, Opening, Operates, Run, Space};
use crate::chain::error::{CannotHold, SolveError};
use crate::chain::promise::Openings;
use crate::chain::tree::{LevelId, LimitId, OUTERMOST, PlacedLoad, Step};
use crate::ids::{Id, List};
use crate::limit::Direction;
use crate::scalar::{Dual, Scalar};

/// What a constraint is at: by how much its load passes its capacity (above zero: broken), the
/// larger of the two.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measured<S> {
    pub slack: S,
    pub scale: S,
}

impl Run<'_> {
    /// Measures a constraint from the streams as they are.
    pub(super) fn measure<S: Operates>(&self, held: Held, space: &Space<S>) -> Measured<S> {
        let total = |flows: &[S]| flows.iter().fold(S::zero(), |sum, flow| sum + *flow);
        match held {
            Held::Limit(limit) => {
                let (load, allowed) = self.load_and_allowed(limit, space);
                let slack = match self.tree.limits[limit].direction {
                    Direction::AtMost => load - allowed,
                    Direction::AtLeast => allowed - load,
                };
                // a share of what flows has the size of what it may be of that
                let scale = if self.has_constant(limit) { load.max(allowed) } else { allowed };
                Measured { slack, scale }
            }
            Held::Refuses(inlet) => {
                let offered = total(&space.streams[self.tree.inlets[inlet].offered]);
                let slack = (S::one() - space.fraction[inlet]) * offered;
                Measured { slack, scale: offered }
            }
            Held::Draw { wanted, from } => {
                let wanted = total(&space.streams[wanted]);
                let feeds = self.tree.stages[from].inlets.iter();
                let carried = feeds.fold(S::zero(), |sum, &feed| sum + total(&space.streams[feed]));
                Measured { slack: wanted - carried, scale: wanted.max(carried) }
            }
            Held::State(level) => Measured { slack: space.nowhere[level], scale: S::one() },
        }
    }

    /// What is sought at a level: inlets that are offered nothing take no part.
    pub(super) fn sought<S: Operates>(&self, id: LevelId, space: &Space<S>) -> Sought {
        let level = &self.prepared.levels[id];
        let takes_part = |inlet: &usize| !self.is_offered_nothing(id, *inlet, space);
        let groups = level
            .groups
            .iter()
            .map(|group| group.iter().copied().filter(takes_part).collect::<Vec<usize>>());
        Sought {
            groups: groups.filter(|group| !group.is_empty()).collect(),
            names: level.constraints.iter().map(|own| own.names.clone()).collect(),
            inlets: level.closed.len(),
        }
    }

    /// The rows of a straight level, from its responses.
    pub(super) fn rows<S: Operates>(&self, id: LevelId, space: &Space<S>) -> Rows {
        let level = &self.prepared.levels[id];
        let mut rows = Rows::default();
        for (place, constraint) in level.constraints.iter().enumerate() {
            let inlets = 0..level.closed.len();
            let at = |inlet: usize| level.responses_to(inlet).at(place);
            let of = inlets.clone().map(|inlet| space.responses[at(inlet)].value()).collect();
            let all: f64 = inlets.map(|inlet| space.scales[at(inlet)].value()).sum();
            let constant = self.constant(constraint, space).value();
            rows.push(of, constant, all.max(constant.abs()));
        }
        rows
    }

    /// Finds and sets the openings of a straight level, once its responses are known.
    pub(super) fn open_straight<S: Operates>(
        &self,
        id: LevelId,
        space: &mut Space<S>,
    ) -> Result<(), SolveError> {
        let level = &self.prepared.levels[id];
        space.nowhere[id] = S::zero();
        space.promise[id] = Openings::Exact;
        if level.finding == (Finding::Straight { only_fills: true })
            && !self.others_respond(id, space)
        {
            self.fill(id, space);
            return Ok(());
        }
        let (rows, sought) = (self.rows(id, space), self.sought(id, space));
        let row = |constraint: Id<Constraint>, space: &Space<S>| {
            let place = constraint.index();
            let of = |inlet: usize| space.responses[level.responses_to(inlet).at(place)];
            let of: Vec<S> = (0..level.closed.len()).map(of).collect();
            (of, self.constant(&level.constraints[constraint], space))
        };
        let openings: Vec<S> = match choose_straight(&rows, &sought) {
            Some(mut choice) => {
                let solved = solve(
                    sought.inlets,
                    |constraint| row(constraint, space),
                    &choice.at,
                    &mut choice.equations,
                );
                (choice.at.iter().zip(solved)).map(|(&at, solved)| settled_at(at, solved)).collect()
            }
            None if id == OUTERMOST => {
                return Err(self.cannot_hold_straight(id, &rows, &sought, space));
            }
            None => {
                let (at, _, shares) = nearest(&rows, &sought, |_| true);
                let at: Vec<S> = at.iter().map(|&at| S::from_f64(at)).collect();
                let mut excess = S::zero();
                for (constraint, &share) in shares.pairs().filter(|(_, share)| **share != 0.0) {
                    let (of, at_most) = row(constraint, space);
                    let load = of.iter().zip(&at).fold(S::zero(), |sum, (of, at)| sum + *of * *at);
                    excess += (load - at_most).scaled(share / rows.scale[constraint]);
                }
                space.nowhere[id] = excess;
                at
            }
        };
        for (inlet, &opening) in openings.iter().enumerate() {
            self.accept_at(id, inlet, opening, space);
            space.note(opening - S::one(), opening);
            space.note(opening, opening);
        }
        for constraint in level.constraints.ids().iter() {
            let (of, at_most) = row(constraint, space);
            let load = of.iter().zip(&openings).fold(S::zero(), |sum, (of, at)| sum + *of * *at);
            let slack = load - at_most;
            let tolerance = HOLDS_WITHIN * rows.scale[constraint];
            if slack.value().abs() > tolerance {
                space.note(slack, S::one());
            } else {
                space.note(slack - S::from_f64(tolerance), S::one());
            }
        }
        Ok(())
    }

    /// Accepts a part of what an inlet is offered; all or nothing where that is what it is.
    fn accept_at<S: Operates>(&self, id: LevelId, inlet: usize, opening: S, space: &mut Space<S>) {
        let opening = if opening.is_nothing() {
            Opening::Shut
        } else if (opening - S::one()).is_nothing() {
            Opening::Full
        } else {
            Opening::Part(opening)
        };
        self.accept(id, inlet, opening, space);
    }

    /// Finds and sets the openings of a level where loads bend.
    pub(in crate::chain) fn open_bent<S: Operates>(
        &self,
        id: LevelId,
        space: &mut Space<S>,
        deeper: &mut [Space<Dual>],
    ) -> Result<(), SolveError> {
        let Some((mine, rest)) = deeper.split_first_mut() else {
            return Err(SolveError::NotConverged { place: self.tree.levels[id].name.clone() });
        };
        let sought = self.sought(id, space);
        let mut level = FeltLevel::new(self, id, space, mine, rest);
        let found = choose_bent(&mut level, &sought)?;
        let none = found.is_none();
        let choice = match found {
            Some(choice) => choice,
            None if id == OUTERMOST => return Err(self.cannot_hold_bent(&mut level, &sought)),
            None => {
                let (at, _) = nearest_bent(&mut level, &sought, &|_| true)?;
                Choice { at, equations: Vec::new(), promise: Openings::Local, jumps: Vec::new() }
            }
        };
        let slopes = if S::DIFFERENTIATED { level.slopes(&choice)? } else { List::new() };
        self.open_as_chosen(&choice, &slopes, id, space, rest_of(deeper))?;
        space.nowhere[id] = S::zero();
        if none {
            self.feel(id, space, rest_of(deeper))?;
            for constraint in &self.prepared.levels[id].constraints {
                let Measured { slack, scale } = self.measure(constraint.held, space);
                space.nowhere[id] = space.nowhere[id].max(slack.share_of(scale));
            }
        }
        Ok(())
    }

    /// Sets openings that were chosen. Where numbers have derivatives, one Newton step in the outer
    /// variable: values stay, derivatives are right.
    fn open_as_chosen<S: Operates>(
        &self,
        choice: &Choice,
        slopes: &List<Constraint, Vec<f64>>,
        id: LevelId,
        space: &mut Space<S>,
        deeper: &mut [Space<Dual>],
    ) -> Result<(), SolveError> {
        let level = &self.prepared.levels[id];
        space.promise[id] = choice.promise;
        for (inlet, &opening) in choice.at.iter().enumerate() {
            self.accept_at(id, inlet, S::from_f64(opening), space);
        }
        for &inlet in &self.tree.levels[id].inlets {
            space.jumps[inlet].clear();
        }
        for (inlet, broken) in &choice.jumps {
            let own = &mut space.jumps[self.tree.levels[id].inlets[*inlet]];
            own.extend(broken.iter().map(|&constraint| level.constraints[constraint].held));
        }
        if !S::DIFFERENTIATED {
            return Ok(());
        }
        self.feel(id, space, deeper)?;
        let only_slope = |number: S| number - S::from_f64(number.value());
        let measured: List<Constraint, Measured<S>> =
            level.constraints.iter().map(|own| self.measure(own.held, space)).collect();
        let mut equations = choice.equations.clone();
        let moves = solve(
            choice.at.len(),
            |constraint: Id<Constraint>| {
                let of = slopes[constraint].iter().map(|&slope| S::from_f64(slope)).collect();
                (of, -only_slope(measured[constraint].slack))
            },
            &vec![0.0; choice.at.len()],
            &mut equations,
        );
        // numbers that stay have nothing to move by
        let openings: Vec<S> = (choice.at.iter().zip(&moves).enumerate())
            .map(|(inlet, (&at, &moved))| {
                let stays = choice.equations.iter().any(|own| {
                    matches!(own, Equation::Open(other) | Equation::Shut(other) | Equation::Jump(other)
                        if *other == inlet)
                });
                if stays { S::from_f64(at) } else { S::from_f64(at) + only_slope(moved) }
            })
            .collect();
        for (constraint, measured) in measured.pairs() {
            let reached = choice.equations.contains(&Equation::Reached(constraint));
            let moved = slopes[constraint].iter().zip(&openings).zip(&choice.at);
            let moved = moved.fold(S::zero(), |sum, ((&slope, &opening), &at)| {
                sum + (opening - S::from_f64(at)).scaled(slope)
            });
            if !reached {
                let tolerance = measured.scale.scaled(HOLDS_WITHIN);
                space.note(measured.slack + moved - tolerance, S::one());
            }
        }
        for (inlet, &opening) in openings.iter().enumerate() {
            space.note(opening - S::one(), opening);
            self.accept_at(id, inlet, opening, space);
        }
        Ok(())
    }

    /// Runs what the constraints of a level depend on, as it stands open. Openings are not final:
    /// nor is what happens further in.
    pub(in crate::chain) fn feel<S: Operates>(
        &self,
        id: LevelId,
        space: &mut Space<S>,
        deeper: &mut [Space<Dual>],
    ) -> Result<(), SolveError> {
        let events_before = space.events.clone();
        let level = &self.prepared.levels[id];
        let steps = &self.tree.levels[id].steps;
        self.steps(steps, Some(&level.needed), Extent::Felt, space, deeper)?;
        space.events = events_before;
        Ok(())
    }

    /// Why no openings of a straight level are allowed.
    fn cannot_hold_straight<S: Operates>(
        &self,
        id: LevelId,
        rows: &Rows,
        sought: &Sought,
        space: &Space<S>,
    ) -> SolveError {
        let all = rows.of.ids().iter().collect();
        let set = smallest_set(all, |some| {
            Ok(nearest(rows, sought, |constraint| some.contains(&constraint)).1 <= HOLDS_WITHIN)
        });
        let set = set.unwrap_or_default();
        let (at, ..) = nearest(rows, sought, |constraint| set.contains(&constraint));
        let level = &self.prepared.levels[id];
        let held = set.iter().filter_map(|&constraint| {
            let Held::Limit(limit) = level.constraints[constraint].held else { return None };
            let place = constraint.index();
            let sum = |list: &List<Response, S>| {
                let of = |(inlet, at): (usize, &f64)| {
                    list[level.responses_to(inlet).at(place)].value() * at
                };
                at.iter().enumerate().map(of).sum::<f64>()
            };
            let placed = &self.tree.limits[limit];
            let capacity = space.capacity[limit].value();
            let load = match placed.direction {
                Direction::AtMost => sum(&space.responses),
                Direction::AtLeast => -sum(&space.responses),
            };
            let load = if self.has_constant(limit) {
                Some(load)
            } else {
                // response and allowed amount, both of what flows
                let whole = sum(&space.scales) / capacity;
                (whole > 0.0).then(|| load / whole + capacity)
            };
            Some(self.broken(limit, load, capacity))
        });
        SolveError::NoState { cannot_hold: held.collect() }
    }

    /// A chain inside that has no allowed state, where nothing outside could know of it.
    pub(super) fn check_states(&self, space: &Space<f64>) -> Result<(), SolveError> {
        for (id, &nowhere) in space.nowhere.pairs() {
            if nowhere > HOLDS_WITHIN {
                let mut cannot_hold = Vec::new();
                self.name_reached(id, space, &mut cannot_hold);
                return Err(SolveError::NoState { cannot_hold });
            }
        }
        Ok(())
    }

    /// Why no openings of a bent level are allowed.
    fn cannot_hold_bent(&self, level: &mut FeltLevel<'_, '_>, sought: &Sought) -> SolveError {
        let prepared = &self.prepared.levels[level.id];
        let all = prepared.constraints.ids().iter().collect();
        let found = smallest_set(all, |some| {
            Ok(nearest_bent(level, sought, &|own| some.contains(&own))?.1 <= HOLDS_WITHIN)
        })
        .and_then(|set| {
            let (at, _) = nearest_bent(level, sought, &|own| set.contains(&own))?;
            level.look(&at, &vec![0.0; at.len()])?;
            Ok(set)
        });
        let set = match found {
            Ok(set) => set,
            Err(error) => return error,
        };
        let space = &*level.mine;
        let mut cannot_hold = Vec::new();
        for &constraint in &set {
            self.name_broken(prepared.constraints[constraint].held, space, &mut cannot_hold);
        }
        SolveError::NoState { cannot_hold }
    }

    /// Names what is broken where a constraint is: limits, of a chain inside its own.
    fn name_broken<S: Operates>(&self, held: Held, space: &Space<S>, named: &mut Vec<CannotHold>) {
        match held {
            Held::Limit(limit) => {
                let load = match &self.tree.limits[limit].load {
                    PlacedLoad::Port { stream, load } => {
                        let flows: Vec<f64> =
                            space.streams[*stream].iter().map(|flow| flow.value()).collect();
                        load.of(&flows)
                    }
                    PlacedLoad::Stated(load) => Some(space.stated[*load].value()),
                };
                named.push(self.broken(limit, load, space.capacity[limit].value()));
            }
            Held::Refuses(inlet) => {
                let level = self.tree.inlets[inlet].level;
                self.name_reached(level, space, named);
            }
            Held::State(level) => self.name_reached(level, space, named),
            Held::Draw { wanted, .. } => {
                let measured = self.measure(held, space);
                let wanted_moles: f64 = space.streams[wanted].iter().map(|flow| flow.value()).sum();
                named.push(CannotHold {
                    limit: (self.tree.stop_address(self.tree.stop_of_draw(wanted)))
                        .unwrap_or_default()
                        .to_owned(),
                    load: Some(wanted_moles),
                    capacity: wanted_moles - measured.slack.value(),
                    direction: Direction::AtMost,
                    unit: "mol/s".to_owned(),
                });
            }
        }
    }

    /// Names the limits of a chain inside that are at or beyond their capacity.
    fn name_reached<S: Operates>(
        &self,
        level: LevelId,
        space: &Space<S>,
        named: &mut Vec<CannotHold>,
    ) {
        for constraint in &self.prepared.levels[level].constraints {
            let measured = self.measure(constraint.held, space);
            let near = measured.slack.value() >= -REACHED_WITHIN * measured.scale.value();
            if let Held::Limit(limit) = constraint.held
                && named.iter().any(|own| own.limit == self.tree.limits[limit].address)
            {
                continue;
            }
            if near {
                self.name_broken(constraint.held, space, named);
            }
        }
    }

    fn broken(&self, limit: LimitId, load: Option<f64>, capacity: f64) -> CannotHold {
        let placed = &self.tree.limits[limit];
        CannotHold {
            limit: placed.address.clone(),
            load: load.map(|load| placed.unit.from_si(load)),
            capacity: placed.unit.from_si(capacity),
            direction: placed.direction,
            unit: placed.unit.to_string(),
        }
    }
}

/// How far beyond an opening a constraint is looked at that is flat just there.
const BEYOND: f64 = 1e-9;

/// All memory but the first.
fn rest_of(deeper: &mut [Space<Dual>]) -> &mut [Space<Dual>] {
    deeper.split_first_mut().map_or(&mut [], |(_, rest)| rest)
}

/// An opening that was solved for, exactly shut or open where it is.
fn settled_at<S: Scalar>(at: f64, solved: S) -> S {
    if at <= 0.0 || at >= 1.0 {
        S::from_f64(at)
    } else {
        S::from_f64(at) + solved - S::from_f64(solved.value())
    }
}

/// A level as it feels at openings that are tried.
pub(super) struct FeltLevel<'l, 'r> {
    run: &'l Run<'r>,
    id: LevelId,
    mine: &'l mut Space<Dual>,
    rest: &'l mut [Space<Dual>],
    /// By constraint: its load with all inlets open, where that has a size.
    all_open: List<Constraint, f64>,
}

impl<'l, 'r> FeltLevel<'l, 'r> {
    /// Of what a level is offered in a space.
    pub fn new<S: Operates>(
        run: &'l Run<'r>,
        id: LevelId,
        space: &Space<S>,
        mine: &'l mut Space<Dual>,
        rest: &'l mut [Space<Dual>],
    ) -> Self {
        let step = Step::Chain(id);
        let (reads, _) = run.tree.traffic(step, Some(run.choices));
        for stream in reads {
            for (own, outer) in mine.streams[stream].iter_mut().zip(&space.streams[stream]) {
                *own = Dual::from_f64(outer.value());
            }
        }
        let all_open = List::filled(run.prepared.levels[id].constraints.ids(), f64::NAN);
        Self { run, id, mine, rest, all_open }
    }

    /// What is felt at openings, once all open was looked at.
    pub fn look_from_open(&mut self, at: &[f64]) -> Result<View, SolveError> {
        let still = vec![0.0; at.len()];
        self.look(&vec![1.0; at.len()], &still)?;
        self.look(at, &still)
    }

    /// How the slack of each constraint moves with each inlet where openings were chosen. Where one
    /// that they follow from is flat, it rises just beyond.
    fn slopes(&mut self, choice: &Choice) -> Result<List<Constraint, Vec<f64>>, SolveError> {
        let mut slopes = self.slopes_beyond(&choice.at, 0.0)?;
        let is_flat = |(constraint, own): (Id<Constraint>, &Vec<f64>)| {
            choice.equations.contains(&Equation::Reached(constraint))
                && own.iter().all(|&slope| slope == 0.0)
        };
        if slopes.pairs().any(is_flat) {
            let beyond = self.slopes_beyond(&choice.at, BEYOND)?;
            for (own, beyond) in slopes.iter_mut().zip(beyond) {
                if own.iter().all(|&slope| slope == 0.0) {
                    *own = beyond;
                }
            }
        }
        Ok(slopes)
    }

    fn slopes_beyond(
        &mut self,
        at: &[f64],
        by: f64,
    ) -> Result<List<Constraint, Vec<f64>>, SolveError> {
        let constraints = self.run.prepared.levels[self.id].constraints.ids();
        let mut slopes: List<Constraint, Vec<f64>> = List::filled(constraints, Vec::new());
        for inlet in 0..at.len() {
            let side = if at[inlet] >= 1.0 { -1.0 } else { 1.0 };
            let (mut way, mut moved) = (vec![0.0; at.len()], at.to_vec());
            way[inlet] = side;
            moved[inlet] += side * by;
            let view = self.look(&moved, &way)?;
            for (own, felt) in slopes.iter_mut().zip(&view.of) {
                own.push(felt.slope * side);
            }
        }
        Ok(slopes)
    }
}

impl Feel for FeltLevel<'_, '_> {
    fn look(&mut self, at: &[f64], way: &[f64]) -> Result<View, SolveError> {
        let (run, id) = (self.run, self.id);
        let level = &run.prepared.levels[id];
        for (inlet, (&at, &way)) in at.iter().zip(way).enumerate() {
            run.accept_at(id, inlet, Dual::new(at, way), self.mine);
        }
        self.mine.events = Nearest::default();
        let steps = &run.tree.levels[id].steps;
        run.steps(steps, Some(&level.needed), Extent::Felt, self.mine, self.rest)?;
        let is_open = at.iter().all(|&at| at >= 1.0);
        let mut of = List::with_room_for(level.constraints.ids());
        for (index, constraint) in level.constraints.pairs() {
            let Measured { slack, scale } = run.measure(constraint.held, self.mine);
            let own = scale.value().abs();
            if is_open {
                self.all_open[index] = own;
            }
            // amounts of what flows are compared as they flow
            let by_amount = match constraint.held {
                Held::Limit(limit) => !run.has_constant(limit),
                Held::Refuses(_) | Held::Draw { .. } | Held::State(_) => false,
            };
            let scale = if by_amount { own } else { own.max(self.all_open[index]) };
            of.push(Felt { slack: slack.value(), slope: slack.derivative(), scale });
        }
        Ok(View { of, event: self.mine.events.0 })
    }

    fn is_straight_between(&self) -> bool {
        let finding = self.run.prepared.levels[self.id].finding;
        finding == Finding::Bent { only_inside: true }
    }

    fn oscillates(&self) -> bool {
        self.run.prepared.levels[self.id].wavy
    }

    fn lost(&self) -> SolveError {
        SolveError::NotConverged { place: self.run.tree.levels[self.id].name.clone() }
    }
}
