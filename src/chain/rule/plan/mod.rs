//! The structure of a run: what is the same as long as names, switches and orders are.
//!
//! *In:* a tree and the choices of its values. *Out:* for each level what has to hold there, which
//! inlets answer for it, and by which way openings are found; which recycles are solved as one.
//! *Order:* `prepare` finds that from the innermost level out, with what each level has to `hold`;
//! then each `nest` of recycles, and which `sources` can reach the stages that ask.

mod hold;
mod nest;
mod prepare;
mod sources;

pub(in crate::chain) use hold::Held;
pub(in crate::chain) use nest::{Block, Nest, RoundId, nodes};
pub(in crate::chain) use sources::{GasAt, Material, Sources};

use crate::chain::error::SolveError;
use crate::chain::tree::{Level, LoadId, Loop, PlacedStage, StageId, Tree};
use crate::ids::{All, Ids, List};
use crate::param::{Choices, Number, Order};
use crate::stage::{StageError, StatedLoad, Stream, StreamId};

/// What a constraint of a level feels of an inlet that is open.
#[derive(Debug)]
pub(in crate::chain) enum Response {}

/// Which streams bend.
type Bent = List<Stream, bool>;

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
    /// By stated load: whether it is nothing where nothing comes.
    pub idle: List<StatedLoad, bool>,
    /// By stage: whether the flow at each outlet is linear in the flows at the inlets.
    pub linear: List<PlacedStage, Vec<bool>>,
    /// Which sources can reach the stages that ask for the gas of whatever comes.
    pub sources: Sources,
    /// What the claims of a stage named by a handle of another stage's spec.
    pub misused: Option<(StageId, &'static str)>,
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

/// How the openings of a level are found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::chain) enum Finding {
    /// Nothing has to hold here, or all is for the chain outside to hold: all is accepted.
    #[default]
    Full,
    /// Every load is a sum of what each inlet brings.
    Straight {
        /// Whether more gas of any inlet never lowers a load, and all loads have a most.
        only_fills: bool,
    },
    /// Somewhere loads bend.
    Bent {
        /// Whether only where what stops an inner inlet changes.
        only_inside: bool,
    },
}

/// The structure of one level; its inlets are counted in order of declaration.
#[derive(Debug, Clone, Default)]
pub(in crate::chain) struct PreparedLevel {
    /// The inlets of each group, in filling order.
    pub groups: Vec<Vec<usize>>,
    /// By inlet: whether it must refuse nothing, for it has nowhere to refuse to.
    pub closed: Vec<bool>,
    /// Whether all inlets are closed: what has to hold here is for the chain outside to hold.
    pub is_passed_out: bool,
    /// What has to hold.
    pub constraints: All<Constraint>,
    /// How its openings are found.
    pub finding: Finding,
    /// Whether it may have no allowed state.
    pub may_have_none: bool,
    /// Whether a stage that a constraint depends on is wavy.
    pub wavy: bool,
    /// What it reads of streams and stated loads from outside.
    pub reads: Vec<StreamId>,
    pub lent: Vec<LoadId>,
    /// For each step, whether any constraint depends on it.
    pub needed: Vec<bool>,
    /// For each step, whether a constraint of any chain outside depends on it.
    pub felt: Vec<bool>,
    /// Responses of its constraints, inlet after inlet.
    pub responses: Ids<Response>,
}

/// What has to hold at a level.
#[derive(Debug, Clone)]
pub(in crate::chain) struct Constraint {
    pub held: Held,
    /// By inlet: whether it answers for it.
    pub names: Vec<bool>,
}

impl Prepared {
    /// Whether the claims of all stages named what is their own.
    pub fn check_handles(&self, tree: &Tree) -> Result<(), SolveError> {
        let Some((stage, what)) = self.misused else { return Ok(()) };
        let source = StageError::OfAnotherSpec { what };
        Err(SolveError::Stage { stage: tree.stages[stage].address.clone(), source })
    }
}

impl PreparedLevel {
    /// Whether constraints are straight between events, where loads bend.
    pub fn is_straight_between(&self) -> bool {
        let may_be_lost = self.constraints.iter().any(|own| matches!(own.held, Held::State(_)));
        self.finding == Finding::Bent { only_inside: true } && !may_be_lost
    }

    /// Responses of its constraints to an inlet.
    pub fn responses_to(&self, inlet: usize) -> Ids<Response> {
        self.responses.part(inlet, self.constraints.len())
    }
}
