//! A chain being assembled: what its names stand for, where its ports lie.

use super::draft::Draft;
use crate::chain::tree::{InletId, Level, LevelId, StageId};
use crate::fault::{FaultKind, Faults, Place};
use crate::ids::{All, List};
use crate::param::{ChoiceAt, ParameterId, PlacedParameter, Slots};
use crate::species::Slate;
use crate::stage::StreamId;
use std::collections::{HashMap, HashSet};

pub(in crate::chain) struct Assembly {
    pub slate: Slate,
    pub tree: Draft,
    pub parameters: All<PlacedParameter>,
    /// The same by address.
    pub addresses: HashMap<String, ParameterId>,
    /// Addresses of the limits.
    pub limited: HashSet<String>,
    /// Where their values will lie.
    pub slots: Slots,
    /// Place of what has each parameter.
    pub declared: List<PlacedParameter, Place>,
    /// Place of each parameter's value, `None` while it has none.
    pub settled: List<PlacedParameter, Option<Place>>,
    /// Full addresses of what has faults of its own: mentioning one is no further fault.
    pub broken: Vec<String>,
    /// Names of the outlets that each level declares.
    pub own_outlets: List<Level, Vec<String>>,
    /// Names of the imports that each level declares.
    pub own_imports: List<Level, Vec<String>>,
    pub faults: Faults,
}

/// What a name of a level stands for.
#[derive(Clone, Copy)]
pub(in crate::chain) enum Item {
    Stage(StageId),
    Chain(LevelId),
}

/// Names of a level, in order of declaration.
pub(in crate::chain) struct Names {
    pub path: String,
    pub own_inlets: Vec<(String, InletId)>,
    pub own_outlets: Vec<String>,
    pub own_imports: Vec<String>,
    pub items: Vec<(String, Item)>,
    /// The same by name.
    pub by_name: HashMap<String, Item>,
    /// Places of the items, and of the inlets.
    pub item_places: Vec<Place>,
    pub inlet_places: Vec<Place>,
}

/// Where a connection starts: a port with its full address.
pub(in crate::chain) struct Source {
    pub address: String,
    pub origin: Origin,
}

/// What a connection starts from.
pub(in crate::chain) enum Origin {
    Outlet(StreamId),
    /// The surplus of an inner chain's inlet.
    Surplus(StreamId, InletId),
    /// An outlet by which a stage gives what an import takes, counted among its outlets.
    Drawn(StreamId, StageId, usize),
    /// The chain's own import, by name.
    Import(String),
}

/// Where a connection ends.
pub(in crate::chain) enum Target {
    OwnOutlet(String),
    StageInlet(StageId, usize),
    StageImport(StageId, usize),
    ChainInlet(InletId),
}

pub(in crate::chain) fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// The chain a level is, in messages.
pub(in crate::chain) fn chain_name(path: &str) -> String {
    if path.is_empty() { "the outermost chain".into() } else { format!("chain {path}") }
}

/// Index of a named port, or of the only one where no name is given.
pub(in crate::chain) fn one_port(
    owner: &str,
    what: &'static str,
    ports: &[String],
    name: Option<&str>,
) -> Result<usize, FaultKind> {
    match name {
        Some(name) => ports.iter().position(|port| port == name).ok_or_else(|| {
            let what = if what == "inlet" { "inlet port" } else { "outlet port" };
            let full = ports.iter().map(|port| join(owner, port));
            FaultKind::unknown(what, &join(owner, name), full)
        }),
        None if ports.len() == 1 => Ok(0),
        None => Err(FaultKind::NotAllowed {
            got: format!("\"{owner}\" without a port, with {} {what}s", ports.len()),
            allowed: if ports.is_empty() {
                format!("a stage that has an {what}")
            } else {
                format!("one of {}", ports.join(", "))
            },
        }),
    }
}

/// Why the end of a connection was not found; `None` where it is in something that has faults
/// of its own.
pub(in crate::chain) type Lost = Option<FaultKind>;

/// Full addresses that connections start from and end at, those included that a connection with
/// a fault most likely meant: a port among them does not count as forgotten.
#[derive(Default)]
pub(in crate::chain) struct Joined {
    /// With the connection that starts there.
    pub from: HashMap<String, String>,
    pub to: HashMap<String, String>,
    pub meant_from: Vec<String>,
    pub meant_to: Vec<String>,
    /// Imports that take of a drawn stream.
    pub drawn: Vec<Drawn>,
    /// Whether there is a connection that does not say what it joins.
    pub unreadable: bool,
}

/// An import that takes of the stream that a draw taps.
pub(in crate::chain) struct Drawn {
    pub draw: StageId,
    pub stage: StageId,
    pub import: usize,
    pub switch: Option<ChoiceAt>,
}

/// The addresses that the end of a connection most likely stands for, where it was not found.
pub(in crate::chain) fn meant(path: &str, text: &str, lost: &Lost) -> Vec<String> {
    let likely = lost.as_ref().and_then(FaultKind::likely);
    let likely = likely.into_iter().flat_map(|name| [name.to_owned(), join(path, name)]);
    likely.chain([join(path, text)]).collect()
}

impl Assembly {
    /// Whether an address belongs to something that has faults of its own.
    pub(in crate::chain) fn is_broken(&self, address: &str) -> bool {
        self.broken.iter().any(|broken| {
            address
                .strip_prefix(broken.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }

    /// Whether an address that is not there is excused by a fault that is reported already: of
    /// what has it, or as an outlet that is declared and nothing leads to.
    pub(in crate::chain) fn is_excused(&self, address: &str) -> bool {
        let declared = |(level, outlets): (&Level, &Vec<String>)| {
            outlets.iter().any(|outlet| join(&level.path, outlet) == address)
        };
        self.is_broken(address) || self.tree.levels.iter().zip(&self.own_outlets).any(declared)
    }
}
