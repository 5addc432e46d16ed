//! From a builder to a chain: names resolved, ports joined, everything checked, all faults kept.

use super::assembly::{Assembly, Item, Names, chain_name, join};
use super::builder::{Builder, NodeKind};
use super::order;
use crate::chain::model::{Chain, ProductAt};
use crate::chain::tree::{Inlet, Level, Link, PlacedLimit, PlacedStage, Step, Tree};
use crate::fault::{FaultKind, Faults, Place};
use crate::param::{ParameterKind, Values};
use crate::quantity::Unit;
use crate::stage::AnyStage;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::sync::Arc;

impl Builder {
    /// Checks everything and makes the chain.
    ///
    /// # Errors
    /// Every fault: unknown names, ports that are not joined or joined twice, limits on nothing,
    /// values that do not fit, recycles through an inner chain that may refuse part of them.
    pub fn build(self) -> Result<Chain, Faults> {
        assemble(self)
    }
}

/// Makes a chain of a builder.
fn assemble(mut builder: Builder) -> Result<Chain, Faults> {
    let mut assembly = Assembly {
        slate: (*builder.slate).clone(),
        tree: Tree { species: builder.slate.len(), ..Tree::default() },
        parameters: Vec::new(),
        declared: Vec::new(),
        settled: Vec::new(),
        broken: Vec::new(),
        own_outlets: Vec::new(),
        own_imports: Vec::new(),
        values: Values::empty(),
        faults: std::mem::take(&mut builder.faults),
    };
    let (name, slate) = (builder.name.clone(), builder.slate.clone());
    let products = std::mem::take(&mut builder.products);
    let mut hash = Sha256::new();
    for (file, bytes) in &builder.inputs {
        hash.update(file.as_bytes());
        hash.update([0]);
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    }
    assembly.level(builder, "", None);
    assembly.settle();
    let products = products
        .into_iter()
        .filter_map(|(product, place)| match assembly.tree.port(&product.port) {
            Some(slot) => Some(ProductAt { product, slot }),
            None if assembly.is_excused(&product.port) => None,
            None => {
                let ports = assembly.tree.ports.iter().map(|(port, _)| port);
                let kind = FaultKind::unknown("port", &product.port, ports);
                assembly.faults.push(place, kind);
                None
            }
        })
        .collect();
    let Assembly { mut tree, parameters, values, faults, .. } = assembly;
    tree.factor_slots = tree
        .limits
        .iter()
        .map(|limit| limit.factors.iter().map(|&index| parameters[index].slot).collect())
        .collect();
    let inputs = hexadecimal(&hash.finalize());
    faults.into_result(Chain { name, slate, tree, parameters, values, products, inputs })
}

/// Bytes in hexadecimal.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // writing to a text cannot fail
        let _ = write!(text, "{byte:02x}");
        text
    })
}

impl Assembly {
    fn level(&mut self, mut builder: Builder, path: &str, parent: Option<usize>) -> usize {
        let id = self.tree.levels.len();
        let first_slot = self.tree.slots;
        let first_stage = self.tree.stages.len();
        self.faults.append(std::mem::take(&mut builder.faults));
        self.tree.levels.push(Level {
            name: if path.is_empty() { builder.name.clone() } else { path.to_owned() },
            path: path.to_owned(),
            parent,
            inlets: Vec::new(),
            outlets: Vec::new(),
            imports: Vec::new(),
            limits: Vec::new(),
            steps: Vec::new(),
            order: None,
            stage_range: (first_stage, first_stage),
            slot_range: (first_slot, first_slot),
        });
        let mut names = Names {
            path: path.to_owned(),
            own_inlets: Vec::new(),
            own_outlets: builder.outlets.iter().map(|(name, _)| name.clone()).collect(),
            own_imports: builder.imports.iter().map(|(name, _)| name.clone()).collect(),
            items: Vec::new(),
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
            let address = join(path, &port.name);
            let (accepted, surplus) = (self.slot(), self.slot());
            self.tree.ports.push((address.clone(), accepted));
            self.tree.ports.push((format!("{address}.surplus"), surplus));
            let inlet = self.inlet(Inlet {
                address,
                level: id,
                offered: usize::MAX,
                accepted,
                surplus,
                joined: false,
                switch: None,
                unit: port.unit,
                supply: None,
            });
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
                    let is_supply = stage.is_supply();
                    if is_supply && parent.is_some() {
                        let got = format!("supply \"{}\" inside {}", node.name, chain_name(path));
                        let allowed = "supplies in the outermost chain only".into();
                        self.faults.push(node.place, FaultKind::NotAllowed { got, allowed });
                        self.broken.push(address);
                        continue;
                    }
                    let stage = self.stage(stage, &address, &node.place);
                    if is_supply {
                        self.supply(id, stage, &address);
                    }
                    Item::Stage(stage)
                }
                NodeKind::Chain(inner) => Item::Chain(self.level(*inner, &address, Some(id))),
            };
            names.items.push((node.name, item));
            names.item_places.push(node.place);
        }
        self.order_parameter(id, path);
        for (index, (limit, _, place)) in builder.limits.iter().enumerate() {
            let address = join(path, &limit.name);
            let inside = self.tree.limits.iter().any(|other| other.address == address);
            if !inside && builder.limits[..index].iter().all(|(other, ..)| other.name != limit.name)
            {
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
        level.stage_range.1 = self.tree.stages.len();
        level.slot_range.1 = self.tree.slots;
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

    fn slot(&mut self) -> usize {
        self.tree.slots += 1;
        self.tree.slots - 1
    }

    fn inlet(&mut self, inlet: Inlet) -> usize {
        let index = self.tree.inlets.len();
        self.tree.levels[inlet.level].inlets.push(index);
        self.tree.inlets.push(inlet);
        index
    }

    /// A new name must not be that of another stage, chain or inlet of the level.
    fn check_new(&mut self, names: &Names, name: &str, place: &Place) -> bool {
        let taken = names.items.iter().any(|(other, _)| other == name)
            || names.own_inlets.iter().any(|(other, _)| other == name);
        if taken {
            let kind = FaultKind::Duplicate { what: "name", name: name.to_owned(), first: None };
            self.faults.push(place.clone(), kind);
        }
        let unfit = name.is_empty() || name.contains(['.', '>', '+']);
        if unfit {
            let got = format!("name \"{name}\"");
            let allowed = "a name that is not empty, without \".\", \"+\" or \">\"".into();
            self.faults.push(place.clone(), FaultKind::NotAllowed { got, allowed });
        }
        !taken && !unfit
    }

    fn stage(&mut self, stage: Arc<dyn AnyStage>, address: &str, place: &Place) -> usize {
        let ports = stage.ports();
        let own = self.tree.slots;
        self.tree.slots += ports.outlets.len() + ports.imports.len();
        for (index, name) in ports.outlets.iter().chain(&ports.imports).enumerate() {
            self.tree.ports.push((join(address, name), own + index));
        }
        let doubled = ports.inlets.iter().chain(&ports.outlets).chain(&ports.imports);
        let all: Vec<&String> = doubled.collect();
        for (index, name) in all.iter().enumerate() {
            if all[..index].contains(name) {
                self.broken.push(join(address, name));
                let name = (*name).clone();
                let kind = FaultKind::Duplicate { what: "port", name, first: None };
                self.faults.push(place.clone(), kind);
            }
        }
        let mut slots = Vec::new();
        let mut choice_slots = Vec::new();
        for spec in stage.parameters() {
            let index = self.parameter(join(address, &spec.name), &spec, place);
            let slot = self.parameters[index].slot;
            if matches!(spec.kind, ParameterKind::Choice { .. } | ParameterKind::Flag) {
                choice_slots.push(slot.at);
            }
            slots.push(slot);
        }
        let stated_loads = stage.stated_loads().len();
        let stated = self.tree.stated;
        self.tree.stated += stated_loads;
        self.tree.stages.push(PlacedStage {
            address: address.to_owned(),
            inlets: vec![usize::MAX; ports.inlets.len()],
            own,
            outlets: ports.outlets.len(),
            demands: vec![None; ports.outlets.len()],
            offers: vec![None; ports.imports.len()],
            import_names: ports.imports,
            slots,
            choice_slots,
            stated,
            stated_count: stated_loads,
            stage,
        });
        self.tree.stages.len() - 1
    }

    /// A supply's inlet is an inlet of the outermost chain.
    fn supply(&mut self, level: usize, stage: usize, address: &str) {
        let (offered, accepted, surplus) = (self.slot(), self.slot(), self.slot());
        self.tree.stages[stage].inlets[0] = accepted;
        let port = join(address, &self.tree.stages[stage].stage.ports().inlets[0]);
        self.tree.ports.push((port.clone(), accepted));
        let flow = &self.parameters;
        let unit = flow
            .iter()
            .find(|parameter| parameter.address == join(address, "flow"))
            .and_then(|parameter| match parameter.kind {
                ParameterKind::Number { unit, .. } => Some(unit),
                _ => None,
            })
            .unwrap_or(Unit::BCM_PER_YEAR);
        self.inlet(Inlet {
            address: address.to_owned(),
            level,
            offered,
            accepted,
            surplus,
            joined: false,
            switch: None,
            unit,
            supply: Some(stage),
        });
        let link = Link { from: None, to: Some(port), slot: accepted, leaving: None, import: None };
        self.tree.links.push(link);
    }

    fn sort(&mut self, id: usize, names: &Names) {
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
        let first_loop = self.tree.loops.len();
        let steps = order::sort(&mut self.tree, &level, &nodes, &labels);
        self.tree.levels[id].steps = steps;
        for index in first_loop..self.tree.loops.len() {
            self.check_recycle(index);
        }
    }

    /// A limit that may refuse part of what an inlet is offered: one of its own chain, or one
    /// that a chain further in passes out.
    fn refusing(&self, level: usize, inlet: usize) -> Option<&PlacedLimit> {
        let own = self.tree.limits.iter().find(|limit| {
            limit.level == level && limit.by_itself && limit.throttles.contains(&inlet)
        });
        own.or_else(|| {
            let further_in = |inner: usize| {
                self.tree.levels[inner].inlets.iter().find_map(|&inlet| {
                    let found = &self.tree.inlets[inlet];
                    let passes_out = !found.joined || found.switch.is_some();
                    passes_out.then(|| self.refusing(inner, inlet)).flatten()
                })
            };
            (0..self.tree.levels.len())
                .filter(|&inner| self.tree.levels[inner].parent == Some(level))
                .find_map(further_in)
        })
    }

    /// A recycle must not go through an inner chain that may refuse part of it.
    fn check_recycle(&mut self, index: usize) {
        let cycle = self.tree.loops[index].clone();
        let round = self.downstream(&cycle.tears);
        for inlet in 0..self.tree.inlets.len() {
            let found = &self.tree.inlets[inlet];
            if !found.joined || !round.get(found.offered).is_some_and(|&reached| reached) {
                continue;
            }
            let after = self.downstream(&[found.accepted, found.surplus]);
            let comes_back = cycle.tears.iter().any(|&tear| after[tear]);
            if let (true, Some(limit)) = (comes_back, self.refusing(found.level, inlet)) {
                let kind = FaultKind::RecycleRefused {
                    path: cycle.path.clone(),
                    inlet: found.address.clone(),
                    limit: limit.address.clone(),
                };
                self.faults.push(Place::address(&found.address), kind);
            }
        }
    }

    /// The slots that flows in some slots get to, at any level, these included.
    fn downstream(&self, from: &[usize]) -> Vec<bool> {
        let mut reached = vec![false; self.tree.slots];
        for &slot in from {
            reached[slot] = true;
        }
        loop {
            let before = reached.iter().filter(|&&slot| slot).count();
            let is = |reached: &[bool], slot: usize| reached.get(slot).is_some_and(|&slot| slot);
            for stage in &self.tree.stages {
                if stage.reads(None).any(|slot| is(&reached, slot)) {
                    reached[stage.writes()].fill(true);
                }
            }
            for inlet in &self.tree.inlets {
                if is(&reached, inlet.offered) {
                    reached[inlet.accepted] = true;
                    reached[inlet.surplus] = true;
                }
            }
            if reached.iter().filter(|&&slot| slot).count() == before {
                return reached;
            }
        }
    }
}
