//! A chain laid out for running: streams in slots, stages and inner chains in running order.

use super::exit::Exit;
use crate::limit::Direction;
use crate::measure::PortLoad;
use crate::param::Slot;
use crate::quantity::Unit;
use crate::scalar::Scalar;
use crate::stage::AnyStage;
use std::sync::Arc;

/// The whole chain, its inner chains flattened into levels (0 is the outermost).
#[derive(Debug, Clone, Default)]
pub(crate) struct Tree {
    pub levels: Vec<Level>,
    pub stages: Vec<PlacedStage>,
    pub inlets: Vec<Inlet>,
    pub limits: Vec<PlacedLimit>,
    pub links: Vec<Link>,
    pub loops: Vec<Loop>,
    /// Port addresses and the slots their streams lie in.
    pub ports: Vec<(String, usize)>,
    /// Number of stream slots.
    pub slots: usize,
    /// Number of stated loads.
    pub stated: usize,
    pub species: usize,
    /// Parameter slot of every factor, by limit (parallel to `limits`).
    pub factor_slots: Vec<Vec<Slot>>,
}

/// A chain, or a chain inside a chain.
#[derive(Debug, Clone)]
pub(crate) struct Level {
    /// Full address; empty for the outermost.
    pub path: String,
    /// Name for reports: the path, or the chain's own name.
    pub name: String,
    pub parent: Option<usize>,
    /// Its inlets, in order of declaration.
    pub inlets: Vec<usize>,
    /// Names and slots of its outlets.
    pub outlets: Vec<(String, usize)>,
    /// Names of its imports, with the stage inside that takes each and as which of its imports.
    pub imports: Vec<(String, usize, usize)>,
    /// Its limits, in order of declaration.
    pub limits: Vec<usize>,
    pub steps: Vec<Step>,
    /// Order parameter, where there are several inlets.
    pub order: Option<usize>,
    /// Stages of this level and of those below it.
    pub stage_range: (usize, usize),
    /// Slots allocated by this level and those below it.
    pub slot_range: (usize, usize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Stage(usize),
    Chain(usize),
    Loop(usize),
}

/// Steps that depend on each other, and the slots to cut so that they do not.
#[derive(Debug, Clone)]
pub(crate) struct Loop {
    pub steps: Vec<Step>,
    pub tears: Vec<usize>,
    /// `reactor -> separator -> reactor`, for messages.
    pub path: String,
}

#[derive(Debug, Clone)]
pub(crate) struct PlacedStage {
    pub address: String,
    pub stage: Arc<dyn AnyStage>,
    pub inlets: Vec<usize>,
    /// First slot of its outlets; imports follow.
    pub own: usize,
    pub outlets: usize,
    pub import_names: Vec<String>,
    /// By outlet: the import that decides what flows there.
    pub demands: Vec<Option<Tie>>,
    /// By import: the stream that it takes from.
    pub offers: Vec<Option<Tie>>,
    /// Where its parameters lie.
    pub slots: Vec<Slot>,
    /// Which of them are choices, in order.
    pub choice_slots: Vec<usize>,
    /// First of its stated loads.
    pub stated: usize,
    pub stated_count: usize,
}

/// One side of an import joined to a drawn stream: what the other side reads of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tie {
    pub slot: usize,
    /// Choice slot of the switch that closes the connection.
    pub switch: Option<usize>,
}

impl Tie {
    fn is_open(&self, choices: &[usize]) -> bool {
        self.switch.is_none_or(|switch| choices[switch] == 1)
    }
}

impl PlacedStage {
    /// Slot of an import.
    pub const fn import_slot(&self, import: usize) -> usize {
        self.own + self.outlets + import
    }

    /// All slots it reads; given what was chosen, those by a connection that is open.
    pub fn reads(&self, choices: Option<&[usize]>) -> impl Iterator<Item = usize> {
        let ties = self.demands.iter().chain(&self.offers).flatten();
        let open = move |tie: &&Tie| choices.is_none_or(|choices| tie.is_open(choices));
        self.inlets.iter().copied().chain(ties.filter(open).map(|tie| tie.slot))
    }

    /// The stream that an import takes from, where it does not come from outside the chain.
    pub fn offer(&self, import: usize, choices: &[usize]) -> Option<usize> {
        self.offers[import].filter(|tie| tie.is_open(choices)).map(|tie| tie.slot)
    }

    /// The import that decides what flows at an outlet.
    pub fn demand(&self, outlet: usize, choices: &[usize]) -> Option<usize> {
        self.demands[outlet].filter(|tie| tie.is_open(choices)).map(|tie| tie.slot)
    }

    /// All slots it writes.
    pub const fn writes(&self) -> std::ops::Range<usize> {
        self.own..self.own + self.outlets + self.import_names.len()
    }
}

/// An inlet of a chain: what is offered, what is accepted, what is not.
#[derive(Debug, Clone)]
pub(crate) struct Inlet {
    /// Full address: `gpp.feed`, or the supply's name.
    pub address: String,
    pub level: usize,
    pub offered: usize,
    pub accepted: usize,
    pub surplus: usize,
    /// Whether the surplus is joined to anything.
    pub joined: bool,
    /// Choice slot of the switch that closes that connection.
    pub switch: Option<usize>,
    /// Unit it is shown in.
    pub unit: Unit,
    /// The supply that offers it.
    pub supply: Option<usize>,
}

#[derive(Debug, Clone)]
pub(crate) struct PlacedLimit {
    pub address: String,
    pub level: usize,
    pub direction: Direction,
    pub load: PlacedLoad,
    /// Parameters whose product is the capacity.
    pub factors: Vec<usize>,
    pub unit: Unit,
    /// Inlets (global) that it throttles when it throttles at all.
    pub throttles: Vec<usize>,
    /// Whether it throttles without being told.
    pub by_itself: bool,
    /// Choice slot of the parameter that tells it to.
    pub told: Option<usize>,
}

#[derive(Debug, Clone)]
pub(crate) enum PlacedLoad {
    Port { slot: usize, load: PortLoad },
    Stated(usize),
}

/// A connection, as results list it.
#[derive(Debug, Clone)]
pub(crate) struct Link {
    pub from: Option<String>,
    pub to: Option<String>,
    pub slot: usize,
    pub leaving: Option<Exit>,
    /// The stage and import that a chain's own import leads to: nothing flows there where the
    /// stage imports from outside.
    pub import: Option<(usize, usize)>,
}

/// What stopped an inlet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    FullyDrawn,
    Limit(usize),
}

impl Stop {
    /// A number for it, which scalars can choose between: 0 for fully drawn, 1 more than the
    /// index of a limit.
    pub const fn number(self) -> f64 {
        match self {
            Self::FullyDrawn => 0.0,
            Self::Limit(limit) => (limit + 1) as f64,
        }
    }

    /// Above zero where a number stands for this.
    pub fn is<S: Scalar>(self, number: S) -> S {
        let off = number - S::from_f64(self.number());
        S::from_f64(0.25) - off * off
    }

    /// What a number stands for.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small count")]
    pub const fn from_number(number: f64) -> Self {
        match number as usize {
            0 => Self::FullyDrawn,
            counted => Self::Limit(counted - 1),
        }
    }
}

impl Tree {
    pub fn port(&self, address: &str) -> Option<usize> {
        let find = |address: &str| self.ports.iter().find(|(port, _)| port == address);
        if let Some((_, slot)) = find(address) {
            return Some(*slot);
        }
        let chain = address.strip_suffix(".surplus")?;
        let level = self.levels.iter().find(|level| !chain.is_empty() && level.path == chain)?;
        match level.inlets[..] {
            [only] => Some(self.inlets[only].surplus),
            _ => None,
        }
    }

    pub fn inlets_outermost_first(&self) -> impl Iterator<Item = &Inlet> {
        let outer = self.inlets.iter().filter(|inlet| inlet.level == 0);
        outer.chain(self.inlets.iter().filter(|inlet| inlet.level != 0))
    }

    /// How a stream that leaves a chain in `slot` for the port `to` leaves the outermost one;
    /// `None` where it goes on to another stage.
    pub fn exit_of(&self, slot: usize, to: Option<&str>) -> Option<&Exit> {
        let leaving = |from: &str| {
            let link = self.links.iter().find(|link| link.from.as_deref() == Some(from))?;
            Some((link.to.as_deref(), link.leaving.as_ref()))
        };
        match to {
            None => {
                let links = self.links.iter().filter(|link| link.slot == slot);
                links.filter(|link| link.to.is_none()).find_map(|link| link.leaving.as_ref())
            }
            Some(port) => {
                // an outlet of the chain around it leads further out
                let (next, exit) = leaving(port)?;
                exit.or_else(|| next.and_then(|next| self.exit_of(slot, Some(next))))
            }
        }
    }

    /// Whether an inner inlet passes its refusals to the chain outside it.
    pub fn is_closed(&self, inlet: usize, choices: &[usize]) -> bool {
        let inlet = &self.inlets[inlet];
        inlet.level != 0
            && (!inlet.joined || inlet.switch.is_some_and(|switch| choices[switch] == 0))
    }

    /// Slots that a step reads from outside itself, and writes; given what was chosen, by
    /// connections that are open.
    pub fn traffic(&self, step: Step, choices: Option<&[usize]>) -> (Vec<usize>, Vec<usize>) {
        match step {
            Step::Stage(stage) => {
                let stage = &self.stages[stage];
                (stage.reads(choices).collect(), stage.writes().collect())
            }
            Step::Chain(level) => {
                let level = &self.levels[level];
                let own = level.slot_range.0..level.slot_range.1;
                let mut reads: Vec<usize> =
                    level.inlets.iter().map(|&inlet| self.inlets[inlet].offered).collect();
                let inside = &self.stages[level.stage_range.0..level.stage_range.1];
                let drawn = inside.iter().flat_map(|stage| stage.reads(choices));
                reads.extend(drawn.filter(|slot| !own.contains(slot)));
                (reads, own.collect())
            }
            Step::Loop(index) => {
                let mut reads = Vec::new();
                let mut writes = Vec::new();
                for &step in &self.loops[index].steps {
                    let (more_reads, more_writes) = self.traffic(step, choices);
                    reads.extend(more_reads);
                    writes.extend(more_writes);
                }
                reads.retain(|slot| !writes.contains(slot));
                (reads, writes)
            }
        }
    }
}
