//! Running a chain: the operating rule, level by level, generic over the scalar.
//!
//! Each level accepts a fraction of what each of its inlets is offered; how far each opens, it finds
//! first. Then the stages run once with those openings.

use super::plan::{Finding, Prepared};
use super::workspace::{Extent, Opening, Operates, Outcome, Run, Space};
use crate::chain::error::SolveError;
use crate::chain::model::Chain;
use crate::chain::promise::Openings;
use crate::chain::tree::{
    Inlet, LevelId, LimitId, OUTERMOST, PlacedLoad, StageId, Step, Stop, Tree,
};
use crate::ids::List;
use crate::param::Values;
use crate::scalar::Dual;
use crate::stage::{Call, StageWarning};
use std::cell::Cell;

/// Memory of a solver.
#[derive(Debug, Clone)]
pub(crate) struct Memory {
    prepared: Prepared,
    plain: Space<f64>,
    /// One for each nesting of searches and recycles inside each other.
    deeper: Vec<Space<Dual>>,
    /// What stopped each inlet.
    stops: List<Inlet, Vec<Stop>>,
    /// By inlet: whether something breaks at once if it opens any further.
    jumps: List<Inlet, bool>,
    openings: Openings,
}

impl Memory {
    pub fn new(tree: &Tree) -> Self {
        Self {
            prepared: Prepared::default(),
            plain: Space::new(tree),
            deeper: Vec::new(),
            stops: List::filled(tree.inlets.ids(), Vec::new()),
            jumps: List::filled(tree.inlets.ids(), false),
            openings: Openings::Exact,
        }
    }

    pub fn run(&mut self, chain: &Chain, values: &Values) -> Result<(), SolveError> {
        let tree = &chain.tree;
        self.prepared.update(tree, values);
        self.prepared.check_handles(tree)?;
        self.deeper.resize_with(self.prepared.depth, || Space::new(tree));
        let responses = self.prepared.responses;
        self.plain.load_values(values, responses);
        tree.compose(&mut self.plain.numbers, values, |_| {});
        self.plain.load_capacities(tree, values);
        for space in &mut self.deeper {
            space.load_values(values, responses);
            tree.compose(&mut space.numbers, values, |_| {});
            space.load_capacities(tree, values);
        }
        let run = Run::new(chain, &self.prepared, values);
        run.make_gases(&mut self.plain);
        for space in &mut self.deeper {
            space.gases.copy(&self.plain.gases);
        }
        run.offer(&mut self.plain);
        run.level(OUTERMOST, Extent::All, &mut self.plain, &mut self.deeper)?;
        let objection = self.plain.objections.position(Option::is_some);
        if let Some(at) = objection
            && let Some(source) = self.plain.objections[at].take()
        {
            return Err(SolveError::Stage { stage: tree.stages[at].address.clone(), source });
        }
        run.check_states(&self.plain)?;
        run.check_straight_lines(&self.plain)?;
        run.check_blends(&self.plain)?;
        self.openings = run.promise(&self.plain);
        for (jump, broken) in self.jumps.iter_mut().zip(&self.plain.jumps) {
            *jump = !broken.is_empty();
        }
        run.name_stops(&mut self.stops, &self.plain, &mut self.deeper)
    }

    /// The claim of a stage that is false where the run ended, if there is any: then whatever else
    /// is the matter follows from it.
    pub fn false_claim(&self, chain: &Chain, values: &Values) -> Option<SolveError> {
        Run::new(chain, &self.prepared, values).false_claim(&self.plain)
    }

    pub fn outcome(&self) -> Outcome<'_> {
        Outcome {
            streams: &self.plain.streams,
            stated: &self.plain.stated,
            states: &self.prepared.states,
            fraction: &self.plain.fraction,
            stops: &self.stops,
            jumps: &self.jumps,
            openings: self.openings,
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
        match level.finding {
            Finding::Full => {
                for inlet in 0..level.closed.len() {
                    self.accept(id, inlet, Opening::Full, space);
                }
            }
            Finding::Straight { .. } => {
                run.respond(id, space, deeper)?;
                S::open_straight(&run, id, space, deeper)?;
            }
            Finding::Bent { .. } => S::open_bent(&run, id, space, deeper)?,
        }
        let only = match extent {
            Extent::All => None,
            Extent::Felt => Some(&level.felt[..]),
        };
        run.steps(&self.tree.levels[id].steps, only, extent, space, deeper)
    }

    /// Accepts a part of what an inlet is offered: sets its fraction, writes its accepted and
    /// surplus streams.
    pub fn accept<S: Operates>(
        &self,
        id: LevelId,
        inlet: usize,
        opening: Opening<S>,
        space: &mut Space<S>,
    ) {
        let index = self.tree.levels[id].inlets[inlet];
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
                for ((accepted, surplus), &offered) in accepted.iter_mut().zip(surplus).zip(offered)
                {
                    *accepted = offered * fraction;
                    *surplus = offered - *accepted;
                }
                fraction
            }
        };
        space.is_full[index] = matches!(opening, Opening::Full);
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
        self.stage_heard(id, space, None)
    }

    /// Runs a stage, and keeps what it warns of where that is asked for.
    pub fn stage_heard<S: Operates>(
        &self,
        id: StageId,
        space: &mut Space<S>,
        warnings: Option<&mut Vec<StageWarning>>,
    ) -> Result<(), SolveError> {
        let placed = &self.tree.stages[id];
        if let Some(taken) = &placed.takes {
            taken.take(self.choices, &mut space.numbers, &space.stated);
        }
        let streams = space.streams.around(placed.writes());
        streams.own.fill(S::zero());
        space.objections[id] = None;
        let mut call = Call {
            spec: placed.stage.spec().id(),
            streams,
            inlets: &placed.inlets,
            demands: &self.prepared.demands[id],
            offers: &self.prepared.offers[id],
            outlet_count: placed.outlets.len(),
            slots: &placed.slots,
            numbers: space.numbers.as_slice(),
            choices: self.choices,
            constants: &self.prepared.constants[id],
            gas: self.prepared.sources.gas(id).and_then(|gas| space.gases.read(gas)),
            stated: &mut space.stated[placed.loads],
            objection: &mut space.objections[id],
            warnings,
            misused: Cell::new(None),
        };
        S::run(&*placed.stage, &mut call)
            .map_err(|source| SolveError::Stage { stage: placed.address.clone(), source })
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

    /// Whether an inlet is offered nothing, so that no load of its level responds to it.
    pub(super) fn is_offered_nothing<S: Operates>(
        &self,
        id: LevelId,
        inlet: usize,
        space: &Space<S>,
    ) -> bool {
        let offered = self.tree.inlets[self.tree.levels[id].inlets[inlet]].offered;
        space.streams[offered].iter().all(|flow| flow.is_nothing())
    }

    /// What is promised of the openings of a run: the weakest of all levels that are offered
    /// anything.
    fn promise(&self, space: &Space<f64>) -> Openings {
        let levels = self.prepared.levels.pairs().filter(|(id, level)| {
            level.finding != Finding::Full
                && (0..level.closed.len()).any(|inlet| !self.is_offered_nothing(*id, inlet, space))
        });
        levels.map(|(id, _)| space.promise[id]).max().unwrap_or_default()
    }
}
