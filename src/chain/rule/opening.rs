//! Finding and setting the openings of a level, where they do not just fill.
//!
//! What is chosen is chosen on plain numbers; the openings are then solved again from what they
//! follow from, in numbers of any kind, so that a derivative is right.

use super::choose::{
    Choice, Equation, HOLDS_WITHIN, Rows, Sought, choose_bent, choose_straight, nearest,
    nearest_bent, solve,
};
use super::felt::{FeltLevel, Measured};
use super::plan::Constraint;
use super::workspace::{Extent, Found, Opening, Operates, Run, Space};
use crate::chain::error::SolveError;
use crate::chain::promise::Openings;
use crate::chain::tree::{LevelId, OUTERMOST};
use crate::ids::{Id, List};
use crate::scalar::{Dual, Scalar};
use std::sync::Arc;

/// How many openings of a level are kept to be found again.
const MOST_FOUND: usize = 16;

impl Run<'_> {
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
        space.edge[id] = S::zero();
        space.promise[id] = Openings::Exact;
        if self.only_fills(id, space) {
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
        let none = space.nowhere[id].value() > 0.0;
        for (inlet, &opening) in openings.iter().enumerate() {
            self.accept_at(id, inlet, opening, space);
            if !none {
                space.note(opening - S::one(), opening);
                space.note(opening, opening);
            }
        }
        // where none are allowed, the nearest go on moving: nothing straight says when that ends
        if none {
            return Ok(());
        }
        for constraint in level.constraints.ids().iter() {
            let (of, at_most) = row(constraint, space);
            let load = of.iter().zip(&openings).fold(S::zero(), |sum, (of, at)| sum + *of * *at);
            let slack = load - at_most;
            let tolerance = HOLDS_WITHIN * rows.scale[constraint];
            let event = if slack.value().abs() > tolerance {
                slack
            } else {
                slack - S::from_f64(tolerance)
            };
            space.note(event, S::one());
            space.count_edge(id, || slack.scaled(1.0 / rows.scale[constraint]));
        }
        Ok(())
    }

    /// Accepts a part of what an inlet is offered; all or nothing where that is what it is.
    pub(super) fn accept_at<S: Operates>(
        &self,
        id: LevelId,
        inlet: usize,
        opening: S,
        space: &mut Space<S>,
    ) {
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
        let found = self.found(id, space, mine, rest)?;
        let events_before = space.events.clone();
        (space.nowhere[id], space.edge[id]) = (S::zero(), S::zero());
        self.open_as_chosen(&found.choice, &found.slopes, id, space, rest_of(deeper))?;
        if found.is_nearest {
            // the nearest go on moving: nothing straight says when that ends
            space.events = events_before;
            self.feel(id, space, rest_of(deeper))?;
            for constraint in &self.prepared.levels[id].constraints {
                let Measured { slack, scale } = self.measure(constraint.held, space);
                space.nowhere[id] = space.nowhere[id].max(slack.share_of(scale));
            }
        }
        Ok(())
    }

    /// All flows that a level is offered or draws from, and what it takes over of stages outside.
    pub(super) fn given<S: Operates>(&self, id: LevelId, space: &Space<S>) -> Vec<f64> {
        let level = &self.prepared.levels[id];
        let flows = level.reads.iter().flat_map(|&stream| &space.streams[stream]);
        let lent = level.lent.iter().map(|&load| &space.stated[load]);
        flows.chain(lent).map(|number| number.value()).collect()
    }

    /// Finds the openings of a level where loads bend, or finds them again: within one solve they
    /// follow from what the level is given, whatever derivatives that has.
    fn found<S: Operates>(
        &self,
        id: LevelId,
        space: &Space<S>,
        mine: &mut Space<Dual>,
        rest: &mut [Space<Dual>],
    ) -> Result<Arc<Found>, SolveError> {
        let given = self.given(id, space);
        let sought = self.sought(id, space);
        if let Some(found) = mine.found_again(id, &given, &sought) {
            return Ok(found);
        }
        let mut level = FeltLevel::new(self, id, space, mine, rest);
        let chosen = choose_bent(&mut level, &sought)?;
        let is_nearest = chosen.is_none();
        let choice = match chosen {
            Some(choice) => choice,
            None if id == OUTERMOST => return Err(self.cannot_hold_bent(&mut level, &sought)),
            None => {
                let (at, _) = nearest_bent(&mut level, &sought, &|_| true)?;
                Choice::new(at, Vec::new(), Openings::Local)
            }
        };
        // of one kind are all spaces that are looked from into this memory
        let slopes = if S::DIFFERENTIATED { level.slopes(&choice)? } else { List::new() };
        let all_open = level.all_open;
        let groups = sought.groups;
        let found = Arc::new(Found { given, groups, choice, slopes, is_nearest, all_open });
        let kept = &mut mine.found[id];
        if kept.len() >= MOST_FOUND {
            kept.pop_back();
        }
        kept.push_front(Arc::clone(&found));
        Ok(found)
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
            let slack = measured.slack + moved;
            if !reached {
                space.note(slack - measured.scale.scaled(HOLDS_WITHIN), S::one());
            }
            space.count_edge(id, || slack.share_of(measured.scale));
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
}

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
