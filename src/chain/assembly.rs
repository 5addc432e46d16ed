//! A chain being assembled: what its names stand for, where its ports lie.

use super::tree::Tree;
use crate::fault::{FaultKind, Faults, Place};
use crate::param::{Parameter, Values};
use crate::species::Slate;

pub(super) struct Assembly {
    pub slate: Slate,
    pub tree: Tree,
    pub parameters: Vec<Parameter>,
    /// Place of each parameter's value, `None` while it has none.
    pub settled: Vec<Option<Place>>,
    pub values: Values,
    pub faults: Faults,
}

/// What a name of a level stands for.
#[derive(Clone, Copy)]
pub(super) enum Item {
    Stage(usize),
    Chain(usize),
}

/// Names of a level, in order of declaration.
pub(super) struct Names {
    pub path: String,
    pub own_inlets: Vec<(String, usize)>,
    pub own_outlets: Vec<String>,
    pub items: Vec<(String, Item)>,
}

/// Where a connection starts.
pub(super) struct Source {
    pub slot: usize,
    pub address: String,
    pub surplus_of: Option<usize>,
    pub on_demand: Option<(usize, usize)>,
}

/// Where a connection ends.
pub(super) enum Target {
    OwnOutlet(String),
    StageInlet(usize, usize),
    StageImport(usize, usize),
    ChainInlet(usize),
}

pub(super) fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// The chain a level is, in messages.
pub(super) fn chain_name(path: &str) -> String {
    if path.is_empty() { "the outermost chain".into() } else { format!("chain {path}") }
}

/// Index of a named port, or of the only one where no name is given.
pub(super) fn one_port(
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
