//! What the addresses of a chain name, to be looked up.

use super::tree::{InletId, LimitId, LoadId, Tree};
use crate::ids::All;
use crate::param::{ParameterId, PlacedParameter};
use crate::quantity::Unit;
use crate::stage::StreamId;
use std::collections::HashMap;

/// By address: parameters, limits, inlets, loads that stages state, ports.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Index {
    parameters: HashMap<String, ParameterId>,
    limits: HashMap<String, LimitId>,
    inlets: HashMap<String, InletId>,
    loads: HashMap<String, (LoadId, Unit)>,
    ports: HashMap<String, StreamId>,
}

impl Index {
    pub fn new(tree: &Tree, parameters: &All<PlacedParameter>) -> Self {
        let mut index = Self::default();
        for (id, parameter) in parameters.pairs() {
            index.parameters.entry(parameter.address.clone()).or_insert(id);
        }
        for (id, limit) in tree.limits.pairs() {
            index.limits.entry(limit.address.clone()).or_insert(id);
        }
        for (id, inlet) in tree.inlets.pairs() {
            index.inlets.entry(inlet.address.clone()).or_insert(id);
        }
        for placed in &tree.stages {
            for (id, load) in placed.loads.iter().zip(placed.stage.spec().loads()) {
                let address = format!("{}.{}", placed.address, load.name);
                index.loads.entry(address).or_insert((id, load.unit));
            }
        }
        for (address, stream) in &tree.ports {
            index.ports.entry(address.clone()).or_insert(*stream);
        }
        for level in tree.levels.iter().filter(|level| !level.path.is_empty()) {
            if let Some(surplus) = tree.only_surplus(level) {
                index.ports.entry(format!("{}.surplus", level.path)).or_insert(surplus);
            }
        }
        index
    }

    pub fn parameter(&self, address: &str) -> Option<ParameterId> {
        self.parameters.get(address).copied()
    }

    pub fn limit(&self, address: &str) -> Option<LimitId> {
        self.limits.get(address).copied()
    }

    pub fn inlet(&self, address: &str) -> Option<InletId> {
        self.inlets.get(address).copied()
    }

    /// A load that a stage states, with its unit.
    pub fn load(&self, address: &str) -> Option<(LoadId, Unit)> {
        self.loads.get(address).copied()
    }

    /// The stream at a port; `chain.surplus` stands for the surplus of a chain's only inlet.
    pub fn port(&self, address: &str) -> Option<StreamId> {
        self.ports.get(address).copied()
    }
}
