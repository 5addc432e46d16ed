//! The structure of a run: what is the same as long as names, switches and orders are.
//!
//! *In:* a tree and the choices of its values. *Out:* for each level which limits stop which groups
//! of inlets, and by which way; which recycles are solved as one. *Order:* `prepare` finds that from
//! the innermost level out, then each `nest` of recycles; `straight` what a walk need not work out
//! again.

mod nest;
mod prepare;
mod straight;

pub(in crate::chain) use nest::{Block, Nest, RoundId, nodes};

use crate::chain::tree::{InletId, Level, LevelId, LimitId, Loop, PlacedStage};
use crate::ids::{All, Id, Ids, List};
use crate::param::{Choices, Number, Order};
use crate::stage::{StatedLoad, Stream, StreamId};

/// Inlets of a level that are filled together.
#[derive(Debug)]
pub(in crate::chain) enum Group {}

/// What a constraint of a level feels of a group that is open.
#[derive(Debug)]
pub(in crate::chain) enum Response {}

/// Which streams bend.
type Bent = List<Stream, bool>;

/// The place of a group in its level, in filling order.
pub(in crate::chain) type GroupId = Id<Group>;

/// The place of a constraint in its level.
pub(in crate::chain) type ConstraintId = Id<Constraint>;

/// The place of a response among those of all levels.
pub(in crate::chain) type ResponseId = Id<Response>;

/// The structure of a run.
#[derive(Debug, Clone, Default)]
pub(in crate::chain) struct Prepared {
    pub levels: List<Level, PreparedLevel>,
    /// By stage and outlet: the import that decides what flows there.
    pub demands: List<PlacedStage, Vec<Option<StreamId>>>,
    /// By stage and import: the stream that it takes from.
    pub offers: List<PlacedStage, Vec<Option<StreamId>>>,
    /// Constants of each stage.
    pub constants: List<PlacedStage, Vec<f64>>,
    /// By stated load: whether its stage states it as it is set.
    pub states: List<StatedLoad, bool>,
    /// By stage: whether the flow at each outlet is linear in the flows at the inlets.
    pub linear: List<PlacedStage, Vec<bool>>,
    /// Responses of all levels.
    pub responses: Ids<Response>,
    /// By loop; empty where it lies in another's nest.
    pub nests: List<Loop, Nest>,
    /// How many walks and recycles may lie inside each other.
    pub depth: usize,
    /// The choices, orders and known capacities that this was worked out for.
    pub key: Option<Key>,
}

/// What the structure follows from.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::chain) struct Key {
    pub choices: Choices,
    pub orders: List<Order, Vec<Vec<usize>>>,
    pub known: List<Number, bool>,
}

/// How the fractions that a level accepts are found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::chain) enum Finding {
    /// No group can be stopped here.
    #[default]
    Full,
    /// Every constraint is linear in the accepted streams.
    ClosedForm,
    /// Somewhere loads bend.
    Walk,
}

/// The structure of one level.
#[derive(Debug, Clone, Default)]
pub(in crate::chain) struct PreparedLevel {
    /// The inlets of each group, in filling order.
    pub groups: List<Group, Vec<InletId>>,
    /// Whether a group passes its refusals to the chain outside: it is then always accepted in
    /// full, and the limits that would stop it are constraints of the chain outside.
    pub forced: List<Group, bool>,
    /// What can stop the groups.
    pub constraints: All<Constraint>,
    /// How its groups' fractions are found.
    pub finding: Finding,
    /// Whether a stage that a constraint depends on is wavy.
    pub wavy: bool,
    /// Whether a constraint may bend anywhere but where what stops an inner inlet changes.
    pub kinked: bool,
    /// For each step, whether any constraint depends on it.
    pub needed: Vec<bool>,
    /// For each step, whether a constraint of any chain outside depends on it.
    pub felt: Vec<bool>,
    /// Responses of its constraints, group after group.
    pub responses: Ids<Response>,
    /// What follows straight lines along its groups, where they are walked along.
    pub straight: Straight,
}

/// A limit that can stop groups of a level: its own, or one that an inner chain passes out.
#[derive(Debug, Clone)]
pub(in crate::chain) struct Constraint {
    pub limit: LimitId,
    pub throttles: List<Group, bool>,
    /// Whether an inner chain passes it out: its slack is then left by that chain's run.
    pub passed_out: bool,
}

/// What follows straight lines along the groups of a level that is walked.
#[derive(Debug, Clone, Default)]
pub(in crate::chain) struct Straight {
    /// For each step of a level, whether it has to be run at every opening; empty where all that
    /// is felt has.
    pub run: List<Level, Vec<bool>>,
    /// For each group of a level, whether what it is offered, and with it its responses, follow
    /// lines; empty where none do.
    pub groups: List<Level, List<Group, bool>>,
    /// Streams on lines that something is worked out from which is not.
    pub streams: Vec<StreamId>,
    /// Responses on lines.
    pub responses: Vec<ResponseId>,
}

impl PreparedLevel {
    /// Whether any of its groups passes its refusals to the chain outside.
    pub fn is_forced(&self) -> bool {
        self.forced.iter().any(|&forced| forced)
    }

    /// Responses of its constraints to a group.
    pub fn responses_to(&self, group: GroupId) -> Ids<Response> {
        self.responses.part(group.index(), self.constraints.len())
    }
}

impl Prepared {
    /// Steps of a level that have to be run at every opening of the groups of level `along`.
    pub fn bent_steps(&self, id: LevelId, along: LevelId) -> &[bool] {
        let own = &self.levels[along].straight.run[id];
        if own.is_empty() { &self.levels[id].felt } else { own }
    }
}
