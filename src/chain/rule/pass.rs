//! Running a chain: the operating rule, level by level, generic over the scalar.
//!
//! Each level accepts a fraction of what each of its groups of inlets is offered. Where every
//! limit that matters is linear in what is accepted, the fractions have a closed form; elsewhere
//! [`super::walk`] follows the limits along each group in turn. Then the stages run once with
//! those fractions.

use super::plan::{Finding, GroupId, Prepared};
use super::workspace::{Extent, Opening, Operates, Outcome, Run, Space};
use crate::chain::error::SolveError;
use crate::chain::model::Chain;
use crate::chain::promise::Openings;
use crate::chain::tree::{InletId, LevelId, LimitId, OUTERMOST, PlacedLoad, StageId, Step, Tree};
use crate::limit::Direction;
use crate::param::Values;
use crate::scalar::Dual;
use crate::stage::Call;

/// Memory of a solver.
#[derive(Debug)]
pub(crate) struct Memory {
    prepared: Prepared,
    plain: Space<f64>,
    /// One for each nesting of walks and recycles inside each other.
    deeper: Vec<Space<Dual>>,
}

impl Memory {
    pub fn new(tree: &Tree) -> Self {
        Self { prepared: Prepared::default(), plain: Space::new(tree), deeper: Vec::new() }
    }

    pub fn run(&mut self, chain: &Chain, values: &Values) -> Result<(), SolveError> {
        let tree = &chain.tree;
        self.prepared.update(tree, values);
        self.deeper.resize_with(self.prepared.depth, || Space::new(tree));
        let responses = self.prepared.responses;
        self.plain.load_values(values, responses);
        self.plain.load_capacities(tree);
        for space in &mut self.deeper {
            space.load_values(values, responses);
            space.load_capacities(tree);
        }
        let run = Run::new(chain, &self.prepared, values);
        run.offer(&mut self.plain);
        self.plain.falling.clear();
        run.level(OUTERMOST, Extent::All, &mut self.plain, &mut self.deeper)?;
        let objection = self.plain.objections.position(Option::is_some);
        match objection.and_then(|at| Some((at, self.plain.objections[at].take()?))) {
            None => Ok(()),
            Some((at, source)) => {
                Err(SolveError::Stage { stage: tree.stages[at].address.clone(), source })
            }
        }
    }

    pub fn outcome(&self) -> Outcome<'_> {
        Outcome {
            streams: &self.plain.streams,
            stated: &self.plain.stated,
            states: &self.prepared.states,
            fraction: &self.plain.fraction,
            stop: &self.plain.stop,
            falling: &self.plain.falling,
            openings: Openings::Exact,
        }
    }
}

impl Run<'_> {
    /// Writes what the supplies offer.
    pub fn offer<S: Operates>(&self, space: &mut Space<S>) {
        for inlet in &self.tree.inlets {
            let Some(supply) = inlet.supply else { continue };
            let flow = space.numbers[supply.flow];
            let shares = &space.numbers[supply.composition];
            for (own, &share) in space.streams[inlet.offered].iter_mut().zip(shares) {
                *own = flow * share;
            }
        }
    }

    /// Runs a level: finds the fractions its inlets are accepted at, then runs its stages, or
    /// those of them that the chain outside asks for.
    pub fn level<S: Operates>(
        &self,
        id: LevelId,
        extent: Extent,
        space: &mut Space<S>,
        deeper: &mut [Space<Dual>],
    ) -> Result<(), SolveError> {
        let level = &self.prepared.levels[id];
        // what a level that may refuse goes round is solved by itself
        let torn_are_known = self.torn_are_known && level.finding == Finding::Full;
        let run = Self { torn_are_known, ..*self };
        let mut left_over = Vec::new();
        match level.finding {
            Finding::Full => {
                for group in level.groups.ids().iter() {
                    self.accept(id, group, Opening::Full, S::zero(), space);
                }
            }
            Finding::ClosedForm => run.closed_form(id, extent, space, deeper)?,
            Finding::Walk => left_over = S::walk(&run, id, space, deeper)?,
        }
        let only = match extent {
            Extent::All => None,
            Extent::Felt => Some(&level.felt[..]),
            Extent::Bent(along) => Some(self.prepared.bent_steps(id, along)),
        };
        run.steps(&self.tree.levels[id].steps, only, extent, space, deeper)?;
        if level.is_forced() {
            // refusals are passed outside: leave the slacks there for the chain that takes them
            for constraint in level.constraints.iter().filter(|constraint| !constraint.passed_out) {
                self.measure(constraint.limit, space);
            }
            // a limit that is held at its capacity here is not passed by what rounding left
            for (limit, rounding) in left_over {
                space.slack[limit] -= rounding;
            }
        }
        Ok(())
    }

    /// Accepts a part of what a group of inlets is offered: sets its fraction, writes its
    /// accepted and surplus streams.
    pub fn accept<S: Operates>(
        &self,
        id: LevelId,
        group: GroupId,
        opening: Opening<S>,
        stop: S,
        space: &mut Space<S>,
    ) {
        for &index in &self.prepared.levels[id].groups[group] {
            let inlet = &self.tree.inlets[index];
            let streams = space.streams.around(inlet.own());
            let offered = streams.stream(inlet.offered);
            let (accepted, surplus) = streams.own.split_at_mut(self.tree.species);
            space.fraction[index] = match opening {
                Opening::Shut => {
                    accepted.fill(S::zero());
                    surplus.copy_from_slice(offered);
                    S::zero()
                }
                Opening::Full => {
                    accepted.copy_from_slice(offered);
                    if !space.is_full[index] {
                        surplus.fill(S::zero());
                    }
                    S::one()
                }
                Opening::Part(fraction) => {
                    for ((accepted, surplus), &offered) in
                        accepted.iter_mut().zip(surplus).zip(offered)
                    {
                        *accepted = offered * fraction;
                        *surplus = offered - *accepted;
                    }
                    fraction
                }
            };
            space.is_full[index] = matches!(opening, Opening::Full);
            space.stop[index] = stop;
        }
    }

    /// Runs steps in order; where `only` is given, those it marks. Of chains among them, as much
    /// as `extent` says.
    pub fn steps<S: Operates>(
        &self,
        steps: &[Step],
        only: Option<&[bool]>,
        extent: Extent,
        space: &mut Space<S>,
        deeper: &mut [Space<Dual>],
    ) -> Result<(), SolveError> {
        for (index, &step) in steps.iter().enumerate() {
            if only.is_some_and(|only| !only[index]) {
                continue;
            }
            match step {
                Step::Stage(stage) => S::stage(self, stage, space)?,
                Step::Chain(level) => self.level(level, extent, space, deeper)?,
                Step::Loop(cycle) if self.torn_are_known => {
                    let steps = &self.tree.loops[cycle].steps;
                    self.steps(steps, None, Extent::All, space, deeper)?;
                }
                Step::Loop(cycle) => S::recycle(self, cycle, space, deeper)?,
            }
        }
        Ok(())
    }

    /// Runs a stage.
    pub fn stage<S: Operates>(&self, id: StageId, space: &mut Space<S>) -> Result<(), SolveError> {
        let placed = &self.tree.stages[id];
        let streams = space.streams.around(placed.writes());
        streams.own.fill(S::zero());
        space.objections[id] = None;
        let mut call = Call {
            streams,
            inlets: &placed.inlets,
            demands: &self.prepared.demands[id],
            offers: &self.prepared.offers[id],
            outlet_count: placed.outlets.len(),
            slots: &placed.slots,
            numbers: space.numbers.as_slice(),
            choices: self.choices,
            constants: &self.prepared.constants[id],
            stated: &mut space.stated[placed.loads],
            objection: &mut space.objections[id],
        };
        S::run(&*placed.stage, &mut call)
            .map_err(|source| SolveError::Stage { stage: placed.address.clone(), source })
    }

    /// Writes slack and scale of a limit from the streams as they are.
    pub fn measure<S: Operates>(&self, limit: LimitId, space: &mut Space<S>) {
        let (load, allowed) = self.load_and_allowed(limit, space);
        space.slack[limit] = match self.tree.limits[limit].direction {
            Direction::AtMost => load - allowed,
            Direction::AtLeast => allowed - load,
        };
        space.scale[limit] = load.max(allowed);
    }

    pub(super) fn load_and_allowed<S: Operates>(&self, limit: LimitId, space: &Space<S>) -> (S, S) {
        let capacity = space.capacity[limit];
        let (load, whole) = match &self.tree.limits[limit].load {
            PlacedLoad::Port { stream, load } => load.load_and_whole(&space.streams[*stream]),
            PlacedLoad::Stated(load) => (space.stated[*load], S::one()),
        };
        (load, capacity * whole)
    }

    /// Whether a limit's capacity counts once, whatever flows (it does not for a fraction,
    /// which is a share of what flows).
    pub(super) fn has_constant(&self, limit: LimitId) -> bool {
        match &self.tree.limits[limit].load {
            PlacedLoad::Port { load, .. } => load.is_flow(),
            PlacedLoad::Stated(_) => true,
        }
    }

    /// What a limit allows, as far as it does not go with what flows.
    pub(super) fn constant<S: Operates>(&self, limit: LimitId, space: &Space<S>) -> S {
        if self.has_constant(limit) { space.capacity[limit] } else { S::zero() }
    }

    /// Whether nothing is offered to a group, so that no load of its level responds to it.
    pub(super) fn responds_by_nothing<S: Operates>(
        &self,
        id: LevelId,
        group: GroupId,
        space: &Space<S>,
    ) -> bool {
        let level = &self.prepared.levels[id];
        let offered = |&inlet: &InletId| &space.streams[self.tree.inlets[inlet].offered];
        level.constraints.iter().all(|constraint| !constraint.passed_out)
            && level.groups[group].iter().flat_map(offered).all(|flow| flow.is_nothing())
    }
}
