//! The structure of a run: what is the same as long as names, switches and orders are.
//!
//! *In:* a tree and the choices of its values. *Out:* for each level which limits stop which groups
//! of inlets, and by which way; which recycles are solved as one. *Order:* `prepare` finds that from
//! the innermost level out, then each `nest` of recycles; `straight` what a walk need not work out
//! again.

mod nest;
mod prepare;
mod straight;

pub(in crate::chain) use nest::{Block, Nest};

/// The structure of a run.
#[derive(Debug, Clone, Default)]
pub(in crate::chain) struct Prepared {
    /// By level.
    pub levels: Vec<PreparedLevel>,
    /// By stage and outlet: the import that decides what flows there.
    pub demands: Vec<Vec<Option<usize>>>,
    /// By stage and import: the stream that it takes from.
    pub offers: Vec<Vec<Option<usize>>>,
    /// Constants of each stage.
    pub constants: Vec<Vec<f64>>,
    /// By stated load: whether its stage states it as it is set.
    pub states: Vec<bool>,
    /// By stage: whether the flow at each outlet is linear in the flows at the inlets.
    pub linear: Vec<Vec<bool>>,
    /// By loop; empty where it lies in another's nest.
    pub nests: Vec<Nest>,
    /// How many walks and recycles may lie inside each other.
    pub depth: usize,
    /// The choices, orders and known capacities that this was worked out for.
    pub key: Option<Key>,
}

/// What the structure follows from.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::chain) struct Key {
    pub choices: Vec<usize>,
    pub orders: Vec<Vec<Vec<usize>>>,
    pub known: Vec<bool>,
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
    /// Inlets (global) in the groups that are filled together, in filling order.
    pub groups: Vec<Vec<usize>>,
    /// Whether a group passes its refusals to the chain outside: it is then always accepted in
    /// full, and the limits that would stop it are constraints of the chain outside.
    pub forced: Vec<bool>,
    /// What can stop the groups.
    pub constraints: Vec<Constraint>,
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
    /// Where this level's responses lie in the memory's scratch.
    pub scratch: usize,
    /// What follows straight lines along its groups, where they are walked along.
    pub straight: Straight,
}

/// A limit that can stop groups of a level: its own, or one that an inner chain passes out.
#[derive(Debug, Clone)]
pub(in crate::chain) struct Constraint {
    pub limit: usize,
    /// By group.
    pub throttles: Vec<bool>,
    /// Whether an inner chain passes it out: its slack is then left by that chain's run.
    pub passed_out: bool,
}

/// What follows straight lines along the groups of a level that is walked.
#[derive(Debug, Clone, Default)]
pub(in crate::chain) struct Straight {
    /// By level, for each step whether it has to be run at every opening; empty where all that is
    /// felt has.
    pub run: Vec<Vec<bool>>,
    /// By level, for each group whether what it is offered, and with it its responses, follow
    /// lines; empty where none do.
    pub groups: Vec<Vec<bool>>,
    /// Slots on lines that something is worked out from which is not.
    pub slots: Vec<usize>,
    /// Places in the memory's scratch of the responses on lines.
    pub responses: Vec<usize>,
}

impl Prepared {
    /// Length of the scratch all levels need together.
    pub fn scratch_len(&self) -> usize {
        self.levels
            .last()
            .map_or(0, |level| level.scratch + level.groups.len() * level.constraints.len())
    }

    /// Steps of a level that have to be run at every opening of the groups of level `along`.
    pub fn bent_steps(&self, id: usize, along: usize) -> &[bool] {
        let own = &self.levels[along].straight.run[id];
        if own.is_empty() { &self.levels[id].felt } else { own }
    }
}
