//! What a run writes: streams, fractions, slacks, for one kind of scalar.

use super::choose::{Choice, REACHED_WITHIN, Sought};
use super::gases::{Gases, HeldGas};
use super::plan::{Block, Constraint, Held, Prepared, Response};
use super::system::System;
use crate::chain::error::SolveError;
use crate::chain::model::Chain;
use crate::chain::promise::Openings;
use crate::chain::tree::{
    Inlet, Level, LevelId, Loop, LoopId, PlacedLimit, PlacedStage, StageId, Stop, Tree,
};
use crate::gas::GergSpecies;
use crate::ids::{Ids, List};
use crate::param::{Choices, Number, NumberAt, Values};
use crate::scalar::{Dual, Scalar};
use crate::stage::{Runs, StageError, StatedLoad, StreamId, Streams};
use std::collections::VecDeque;
use std::fmt::Debug;
use std::sync::Arc;

/// What a block makes of one more mole that comes to it: moles by stream and species.
pub(in crate::chain) type Made<'a, S> = &'a dyn Fn(StreamId, usize) -> S;

/// Takes what a block makes of one more mole of a node, given with whether the block takes it.
pub(in crate::chain) type Take<'a, S> = &'a mut dyn FnMut((usize, bool), Made<'_, S>);

/// A scalar that a chain can be run with.
pub(in crate::chain) trait Operates: Runs {
    /// Whether it carries a derivative that what is found by looking at values has to get right.
    const DIFFERENTIATED: bool;

    /// What is known of the places at which what stops an inner inlet may change.
    type Events: Debug + Clone + Default;

    /// The same number, which is known to be a share, 0 to 1.
    #[must_use]
    fn share(self) -> Self {
        self
    }

    /// Whether it is zero, and stays so.
    fn is_nothing(self) -> bool;

    /// Notes a number that changes sign where what stops an inner inlet changes, and with it how
    /// the inlet's fraction goes on.
    fn note(events: &mut Self::Events, number: Self, fraction: Self);

    /// Counts a share of its scale that a constraint is passed by, where that is within its
    /// tolerance and openings outside are looked for.
    fn count_edge(_: &mut Self, _: impl FnOnce() -> Self) {}

    /// The gas of whatever sources are blended to, by their mole fractions; `None` where they have
    /// none.
    fn blended(species: &Arc<GergSpecies>, sources: &[Vec<Self>]) -> Option<HeldGas<Self>> {
        let plain = |source: &Vec<Self>| source.iter().map(|flow| flow.value()).collect();
        let sources: Vec<Vec<f64>> = sources.iter().map(plain).collect();
        HeldGas::of_constants(species, &sources)
    }

    /// Runs a stage.
    fn stage(run: &Run<'_>, stage: StageId, space: &mut Space<Self>) -> Result<(), SolveError> {
        run.stage(stage, space)
    }

    /// Opens a level whose loads are sums of what each inlet brings, once its responses are known.
    fn open_straight(
        run: &Run<'_>,
        level: LevelId,
        space: &mut Space<Self>,
        _: &mut [Space<Dual>],
    ) -> Result<(), SolveError> {
        run.open_straight(level, space)
    }

    /// Opens a level where loads bend.
    fn open_bent(
        run: &Run<'_>,
        level: LevelId,
        space: &mut Space<Self>,
        deeper: &mut [Space<Dual>],
    ) -> Result<(), SolveError> {
        run.open_bent(level, space, deeper)
    }

    /// Runs the stages of a loop so that each torn stream comes out as it went in.
    fn recycle(
        run: &Run<'_>,
        cycle: LoopId,
        space: &mut Space<Self>,
        deeper: &mut [Space<Dual>],
    ) -> Result<(), SolveError> {
        run.recycle(cycle, space, deeper)
    }

    /// How what a block has just made moves with each flow that goes round and comes to it.
    fn slopes(
        run: &Run<'_>,
        block: &Block,
        space: &Space<Self>,
        deeper: &mut [Space<Dual>],
        take: Take<'_, Self>,
    ) -> Result<(), SolveError> {
        run.slopes(block, space, deeper, take)
    }
}

impl Operates for f64 {
    const DIFFERENTIATED: bool = false;

    type Events = ();

    fn is_nothing(self) -> bool {
        self == 0.0
    }

    fn note((): &mut Self::Events, _: Self, _: Self) {}
}

/// How far along the variable the nearest event is.
#[derive(Debug, Clone, Copy)]
pub(in crate::chain) struct Nearest(pub f64);

impl Default for Nearest {
    fn default() -> Self {
        Self(f64::INFINITY)
    }
}

impl Operates for Dual {
    const DIFFERENTIATED: bool = true;

    type Events = Nearest;

    fn is_nothing(self) -> bool {
        self == Self::zero()
    }

    fn note(events: &mut Nearest, number: Self, _: Self) {
        if let Some(steps) = number.steps_to_zero() {
            events.0 = events.0.min(steps);
        }
    }

    fn count_edge(edge: &mut Self, share: impl FnOnce() -> Self) {
        let share = share();
        if share.value() > 0.0 && share.value() <= REACHED_WITHIN {
            *edge = edge.max(share);
        }
    }
}

/// Openings that were found, for what was given.
#[derive(Debug, Clone)]
pub(in crate::chain) struct Found {
    /// All flows that the level is offered or draws from, and what it takes over.
    pub given: Vec<f64>,
    /// The inlets that take part, in groups.
    pub groups: Vec<Vec<usize>>,
    pub choice: Choice,
    /// How the slack of each constraint moves with each inlet.
    pub slopes: List<Constraint, Vec<f64>>,
    /// Whether none are allowed, and these are the nearest.
    pub is_nearest: bool,
    /// By constraint: its load with all inlets open.
    pub all_open: List<Constraint, f64>,
}

/// Everything a run writes, for one kind of scalar.
#[derive(Debug, Clone)]
pub(in crate::chain) struct Space<S: Operates> {
    pub streams: Streams<S>,
    /// All parameter numbers.
    pub numbers: List<Number, S>,
    /// Gases that stages ask for.
    pub gases: Gases<S>,
    /// By limit: its capacity.
    pub capacity: List<PlacedLimit, S>,
    pub stated: List<StatedLoad, S>,
    /// By stage: what it has against what came in when it ran last.
    pub objections: List<PlacedStage, Option<StageError>>,
    /// Accepted fraction of each inlet.
    pub fraction: List<Inlet, S>,
    /// Whether an inlet was last opened in full: its surplus is then zero.
    pub is_full: List<Inlet, bool>,
    /// By inlet: what stopped it first of all, as [`Stop::number`](crate::chain::tree::Stop::number)
    /// counts it, where it was filled.
    pub stop: List<Inlet, S>,
    /// By inlet: what would break at once if it opened any further.
    pub jumps: List<Inlet, Vec<Held>>,
    /// By level: by how much what has to hold there is passed at the best, where no openings are
    /// allowed.
    pub nowhere: List<Level, S>,
    /// By level: by how much of its scale a constraint is passed within its tolerance, where openings
    /// outside are looked for.
    pub edge: List<Level, S>,
    /// By level: what is promised of its openings.
    pub promise: List<Level, Openings>,
    /// Responses of constraints to inlets, level by level.
    pub responses: List<Response, S>,
    /// The larger of load and capacity that goes with each response.
    pub scales: List<Response, S>,
    /// Where what stops an inner inlet may change.
    pub events: S::Events,
    /// By level: the openings found last while looking in this memory, the newest first.
    pub found: List<Level, VecDeque<Arc<Found>>>,
    /// By stage: what it writes and states, where that is not worked out by its equations for now.
    pub stand_ins: List<PlacedStage, Option<Vec<S>>>,
    /// By loop: what goes on where of what goes round.
    pub systems: List<Loop, System<S>>,
}

impl<S: Operates> Space<S> {
    pub fn new(tree: &Tree) -> Self {
        let inlets = tree.inlets.ids();
        Self {
            streams: Streams::of_nothing(tree.streams, tree.species),
            gases: Gases::default(),
            numbers: List::new(),
            capacity: List::new(),
            stated: List::filled(tree.loads, S::zero()),
            objections: List::filled(tree.stages.ids(), None),
            fraction: List::filled(inlets, S::one()),
            is_full: List::filled(inlets, false),
            stop: List::filled(inlets, S::zero()),
            jumps: List::filled(inlets, Vec::new()),
            nowhere: List::filled(tree.levels.ids(), S::zero()),
            edge: List::filled(tree.levels.ids(), S::zero()),
            promise: List::filled(tree.levels.ids(), Openings::Exact),
            responses: List::new(),
            scales: List::new(),
            events: S::Events::default(),
            found: List::filled(tree.levels.ids(), VecDeque::new()),
            stand_ins: List::filled(tree.stages.ids(), None),
            systems: List::filled(tree.loops.ids(), System::default()),
        }
    }

    pub fn load_values(&mut self, values: &Values, responses: Ids<Response>) {
        self.numbers.clear();
        self.numbers.extend(values.numbers.iter().map(|&number| S::from_f64(number)));
        for list in [&mut self.responses, &mut self.scales] {
            list.clear();
            list.extend(responses.iter().map(|_| S::zero()));
        }
        for system in self.systems.iter_mut() {
            system.known = false;
        }
        self.found.iter_mut().for_each(VecDeque::clear);
    }

    /// Openings of a level that were found in this memory for what it is given.
    pub fn found_again(&self, id: LevelId, given: &[f64], sought: &Sought) -> Option<Arc<Found>> {
        let is_same = |found: &&Arc<Found>| found.given == given && found.groups == sought.groups;
        self.found[id].iter().find(is_same).cloned()
    }

    /// Works out capacities, once all numbers are there.
    pub fn load_capacities(&mut self, tree: &Tree, values: &Values) {
        let number = |product: S, &at: &NumberAt| product * self.numbers[at];
        let capacity = |limit: &PlacedLimit| limit.numbers(values).iter().fold(S::one(), number);
        self.capacity.clear();
        self.capacity.extend(tree.limits.iter().map(capacity));
    }

    /// Counts a share of its scale that a constraint of a level is passed by, where that is within
    /// its tolerance.
    pub fn count_edge(&mut self, id: LevelId, share: impl FnOnce() -> S) {
        S::count_edge(&mut self.edge[id], share);
    }

    /// Notes a number that changes sign where what stops an inner inlet of this fraction changes.
    pub fn note(&mut self, number: S, fraction: S) {
        S::note(&mut self.events, number, fraction);
    }
}

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Outcome<'a> {
    pub streams: &'a Streams<f64>,
    pub stated: &'a List<StatedLoad, f64>,
    /// By stated load: whether its stage states it.
    pub states: &'a List<StatedLoad, bool>,
    pub fraction: &'a List<Inlet, f64>,
    /// What stopped each inlet.
    pub stops: &'a List<Inlet, Vec<Stop>>,
    /// By inlet: whether something breaks at once if it opens any further.
    pub jumps: &'a List<Inlet, bool>,
    pub openings: Openings,
}

/// How far an inlet is opened.
#[derive(Debug, Clone, Copy)]
pub(in crate::chain) enum Opening<S> {
    Shut,
    Full,
    Part(S),
}

/// How much of a level is run.
#[derive(Debug, Clone, Copy)]
pub(in crate::chain) enum Extent {
    All,
    /// What limits of the chains outside feel.
    Felt,
}

/// One run of a chain.
#[derive(Debug, Clone, Copy)]
pub(in crate::chain) struct Run<'a> {
    pub tree: &'a Tree,
    pub prepared: &'a Prepared,
    pub choices: &'a Choices,
    /// By species, kg/mol.
    pub molar_masses: &'a [f64],
    /// Whether the torn streams of recycles are those that come out: their steps are then run once.
    pub torn_are_known: bool,
}

impl<'a> Run<'a> {
    pub fn new(chain: &'a Chain, prepared: &'a Prepared, values: &'a Values) -> Self {
        let (tree, choices) = (&chain.tree, &values.choices);
        let molar_masses = chain.slate.molar_masses();
        Self { tree, prepared, choices, molar_masses, torn_are_known: false }
    }
}
