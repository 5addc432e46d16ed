//! What is felt of a level's constraints, as it stands open and at openings that are tried.

use super::choose::{Choice, Equation, Feel, Felt, LONGEST_STEP, View};
use super::plan::{Constraint, Held};
use super::workspace::{Extent, Nearest, Operates, Run, Space};
use crate::chain::error::SolveError;
use crate::chain::tree::{LevelId, OUTERMOST};
use crate::ids::{Id, List};
use crate::limit::Direction;
use crate::scalar::{Dual, Scalar};

/// How far beyond an opening a constraint is looked at that is flat just there.
const BEYOND: f64 = 1e-9;

/// A refusal is judged by this part of what is offered there: a chain inside that jumps refuses
/// 1e-12 of it, which is some.
const REFUSAL: f64 = 0.1;

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
                let refused = S::one() - space.fraction[inlet];
                // what is accepted within a tolerance further in is on its way to be refused
                let slack = refused.max(space.edge[self.tree.inlets[inlet].level]) * offered;
                Measured { slack, scale: offered.scaled(REFUSAL) }
            }
            Held::Draw { wanted, from } => {
                let wanted = total(&space.streams[wanted]);
                let feeds = self.tree.stages[from].inlets.iter();
                let carried = feeds.fold(S::zero(), |sum, &feed| sum + total(&space.streams[feed]));
                Measured { slack: wanted - carried, scale: wanted.max(carried) }
            }
            Held::State(level) => {
                let slack = space.nowhere[level].max(space.edge[level]);
                Measured { slack, scale: S::one() }
            }
        }
    }
}

/// A level as it feels at openings that are tried.
pub(super) struct FeltLevel<'l, 'r> {
    run: &'l Run<'r>,
    pub id: LevelId,
    /// What is written while it is looked at.
    pub mine: &'l mut Space<Dual>,
    rest: &'l mut [Space<Dual>],
    /// By constraint: its load with all inlets open, where that has a size.
    pub all_open: List<Constraint, f64>,
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
        let level = &run.prepared.levels[id];
        for &stream in &level.reads {
            for (own, outer) in mine.streams[stream].iter_mut().zip(&space.streams[stream]) {
                *own = Dual::from_f64(outer.value());
            }
        }
        for &load in &level.lent {
            mine.stated[load] = Dual::from_f64(space.stated[load].value());
        }
        let all_open = List::filled(level.constraints.ids(), f64::NAN);
        Self { run, id, mine, rest, all_open }
    }

    /// What is felt at openings, once all open was looked at.
    pub fn look_from_open(&mut self, at: &[f64]) -> Result<View, SolveError> {
        self.look_at(&vec![1.0; at.len()])?;
        self.look_at(at)
    }

    /// How the slack of each constraint moves with each inlet where openings were chosen. Where one
    /// that they follow from is flat, it rises just beyond.
    pub fn slopes(&mut self, choice: &Choice) -> Result<List<Constraint, Vec<f64>>, SolveError> {
        let mut slopes = self.slopes_at(&choice.at, 0.0)?.0;
        let is_flat = |(constraint, own): (Id<Constraint>, &Vec<f64>)| {
            choice.equations.contains(&Equation::Reached(constraint))
                && own.iter().all(|&slope| slope == 0.0)
        };
        if slopes.pairs().any(is_flat) {
            let beyond = self.slopes_at(&choice.at, BEYOND)?.0;
            for (own, beyond) in slopes.iter_mut().zip(beyond) {
                if own.iter().all(|&slope| slope == 0.0) {
                    *own = beyond;
                }
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
                Held::Refuses(_) => true,
                Held::Draw { .. } | Held::State(_) => false,
            };
            let scale = if by_amount { own } else { own.max(self.all_open[index]) };
            of.push(Felt { slack: slack.value(), slope: slack.derivative(), scale });
        }
        // how far it is from an allowed state inside is no straight line
        let lost = |(_, own): (_, &Constraint)| match own.held {
            Held::State(inner) => self.mine.nowhere[inner].value() > 0.0,
            _ => false,
        };
        let longest =
            if level.constraints.pairs().any(lost) { LONGEST_STEP } else { f64::INFINITY };
        Ok(View { of, event: self.mine.events.0.min(longest) })
    }

    fn is_straight_between(&self) -> bool {
        self.run.prepared.levels[self.id].is_straight_between()
    }

    fn is_outermost(&self) -> bool {
        self.id == OUTERMOST
    }

    fn oscillates(&self) -> bool {
        self.run.prepared.levels[self.id].wavy
    }

    fn lost(&self) -> SolveError {
        SolveError::NotConverged { place: self.run.tree.levels[self.id].name.clone() }
    }
}
