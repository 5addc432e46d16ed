//! From a builder to a chain: names resolved, ports joined, everything checked, all faults kept.

use super::assembly::{Assembly, Item, Names, chain_name, join};
use super::builder::{Builder, NodeKind};
use super::connect::never_fed;
use super::draft::Draft;
use super::order;
use crate::chain::index::Index;
use crate::chain::model::{Chain, ProductAt};
use crate::chain::supplies::PerMole;
use crate::chain::tree::{Level, LevelId, Step};
use crate::error::Error;
use crate::fault::{FaultKind, Faults};
use crate::gas::GergSpecies;
use crate::ids::{All, Ids, List};
use crate::param::Slots;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

impl Builder {
    /// Checks everything and makes the chain.
    ///
    /// # Errors
    /// Every fault: unknown names, ports that are not joined or joined twice, limits on nothing,
    /// values that do not fit, recycles through an inner chain that may refuse part of them.
    pub fn build(self) -> Result<Chain, Error> {
        Ok(assemble(self)?)
    }
}

/// Makes a chain of a builder.
pub(in crate::chain) fn assemble(mut builder: Builder) -> Result<Chain, Faults> {
    let mut assembly = Assembly {
        slate: (*builder.slate).clone(),
        tree: Draft {
            species: builder.slate.len(),
            per_mole: PerMole::new(&builder.slate),
            gerg: Arc::new(GergSpecies::new(&builder.slate)),
            ..Draft::default()
        },
        parameters: All::new(),
        addresses: HashMap::new(),
        limited: HashSet::new(),
        slots: Slots::default(),
        declared: List::new(),
        settled: List::new(),
        broken: Vec::new(),
        own_outlets: List::new(),
        own_imports: List::new(),
        faults: std::mem::take(&mut builder.faults),
    };
    let (name, slate) = (builder.name.clone(), builder.slate.clone());
    let products = std::mem::take(&mut builder.products);
    assembly.level(builder, "", None);
    assembly.find_conditions();
    let values = assembly.settle();
    let products = products
        .into_iter()
        .filter_map(|(product, place)| match assembly.tree.port(&product.port) {
            Some(stream) => Some(ProductAt { product, stream }),
            None if assembly.is_excused(&product.port) => None,
            None => {
                let ports = assembly.tree.ports.iter().map(|(port, _)| port);
                let kind = FaultKind::unknown("port", &product.port, ports);
                assembly.faults.push(place, kind);
                None
            }
        })
        .collect();
    let Assembly { tree, parameters, faults, .. } = assembly;
    // an inlet that nothing is joined to is among them: where there is none, the tree is whole
    faults.into_result(())?;
    let tree = tree.finished().map_err(never_fed)?;
    Ok(Chain {
        name: name.into(),
        slate,
        index: Arc::new(Index::new(&tree, &parameters)),
        tree: Arc::new(tree),
        parameters: Arc::new(parameters),
        values: Arc::new(values),
        products: Arc::new(products),
        inputs: Arc::default(),
    })
}

impl Assembly {
    fn level(&mut self, mut builder: Builder, path: &str, parent: Option<LevelId>) -> LevelId {
        let (streams, stages) = (self.tree.streams, self.tree.stages.ids());
        self.faults.append(std::mem::take(&mut builder.faults));
        let id = self.tree.levels.push(Level {
            name: if path.is_empty() { builder.name.clone() } else { path.to_owned() },
            path: path.to_owned(),
            parent,
            inlets: Vec::new(),
            outlets: Vec::new(),
            imports: Vec::new(),
            limits: Vec::new(),
            steps: Vec::new(),
            order: None,
            stages: Ids::default(),
            streams: Ids::default(),
        });
        let mut names = Names {
            path: path.to_owned(),
            own_inlets: Vec::new(),
            own_outlets: builder.outlets.iter().map(|(name, _)| name.clone()).collect(),
            own_imports: builder.imports.iter().map(|(name, _)| name.clone()).collect(),
            items: Vec::new(),
            by_name: HashMap::new(),
            item_places: Vec::new(),
            inlet_places: Vec::new(),
        };
        self.own_outlets.push(names.own_outlets.clone());
        self.own_imports.push(names.own_imports.clone());
        self.broken.extend(builder.broken.iter().map(|name| join(path, name)));
        self.own_ports(&mut builder, path, parent.is_none());
        for port in &builder.inlets {
            if !self.check_new(&names, &port.name, &port.place) {
                self.broken.push(join(path, &port.name));
                continue;
            }
            let inlet = self.own_inlet(id, path, port);
            names.inlet_places.push(port.place.clone());
            names.own_inlets.push((port.name.clone(), inlet));
        }
        for own in builder.parameters {
            let address = join(path, &own.spec.name);
            let index = self.parameter(address, &own.spec, &own.place);
            self.give(index, &own.value, &own.provenance, own.place);
        }
        for node in builder.nodes {
            let address = join(path, &node.name);
            if !self.check_new(&names, &node.name, &node.place) {
                self.broken.push(address);
                continue;
            }
            let item = match node.kind {
                NodeKind::Stage(stage) => {
                    let is_supply = stage.spec().supply().is_some();
                    if is_supply && parent.is_some() {
                        let got = format!("supply \"{}\" inside {}", node.name, chain_name(path));
                        let allowed = "supplies in the outermost chain only".into();
                        self.faults.push(node.place, FaultKind::NotAllowed { got, allowed });
                        self.broken.push(address);
                        continue;
                    }
                    let stage = self.stage(stage, &address, &node.place);
                    if is_supply {
                        self.supply(id, stage, &address, &node.place);
                    }
                    Item::Stage(stage)
                }
                NodeKind::Chain(inner) => Item::Chain(self.level(*inner, &address, Some(id))),
            };
            names.by_name.insert(node.name.clone(), item);
            names.items.push((node.name, item));
            names.item_places.push(node.place);
        }
        self.order_parameter(id, path);
        let mut limits = HashSet::new();
        for (limit, _, place) in &builder.limits {
            let inside = self.limited.contains(&join(path, &limit.name));
            if limits.insert(limit.name.as_str()) && !inside {
                self.own_factor(path, limit, place);
            }
        }
        for setting in builder.settings {
            self.setting(path, setting);
        }
        let mut joined = self.connect(id, &names, &builder.connections);
        self.leave(&names, id, &mut joined, &builder.leaving);
        if !builder.connections_broken && !joined.unreadable {
            self.check_joined(&names, id, &builder.outlets, &builder.imports, &joined);
        }
        for (limit, place, _) in builder.limits {
            self.limit(id, &names, &limit, place);
        }
        for (name, parameter, place) in builder.exposed {
            self.expose(path, &name, &parameter, place);
        }
        if parent.is_some() && !builder.products.is_empty() {
            let got = format!("products listed by {}", chain_name(path));
            let allowed = "products listed by the outermost chain".into();
            let place = builder.products[0].1.clone();
            self.faults.push(place, FaultKind::NotAllowed { got, allowed });
        }
        let level = &mut self.tree.levels[id];
        level.stages = self.tree.stages.ids().since(stages);
        level.streams = self.tree.streams.since(streams);
        self.sort(id, &names);
        id
    }

    /// The ports of a chain of its own must be new, and of a chain inside another.
    fn own_ports(&mut self, builder: &mut Builder, path: &str, outermost: bool) {
        if outermost {
            let ports = builder.inlets.iter().map(|port| (&port.name, &port.place));
            let named = builder.outlets.iter().chain(&builder.imports);
            for (name, place) in ports.chain(named.map(|(name, place)| (name, place))) {
                let got = format!("port \"{name}\" of the outermost chain");
                let allowed = "supplies as inlets; outlets declared as products or losses; \
                               imports of stages as they are"
                    .into();
                self.faults.push(place.clone(), FaultKind::NotAllowed { got, allowed });
                self.broken.push(name.clone());
            }
            builder.inlets.clear();
            builder.outlets.clear();
            builder.imports.clear();
        }
        let named: Vec<_> = builder.outlets.iter().chain(&builder.imports).collect();
        for (index, (name, place)) in named.iter().enumerate() {
            let inlet = builder.inlets.iter().any(|port| port.name == *name);
            if inlet || named[..index].iter().any(|(other, _)| other == name) {
                let kind = FaultKind::Duplicate { what: "port", name: name.clone(), first: None };
                self.faults.push(place.clone(), kind);
                self.broken.push(join(path, name));
            }
        }
    }

    fn sort(&mut self, id: LevelId, names: &Names) {
        let nodes: Vec<Step> = names
            .items
            .iter()
            .map(|(_, item)| match item {
                Item::Stage(stage) => Step::Stage(*stage),
                Item::Chain(level) => Step::Chain(*level),
            })
            .collect();
        let labels: Vec<String> = names.items.iter().map(|(name, _)| name.clone()).collect();
        let level = self.tree.levels[id].clone();
        let steps = order::sort(&mut self.tree, &level, &nodes, &labels);
        self.tree.levels[id].steps = steps;
    }
}
