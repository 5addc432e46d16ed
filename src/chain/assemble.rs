//! From a builder to a chain: names resolved, ports joined, everything checked, all faults kept.

use super::blueprint::{Builder, Connection, Leaving, NodeKind, ends};
use super::tree::{Inlet, Level, Link, PlacedLimit, PlacedLoad, PlacedStage, Step, Tree};
use super::{Chain, ProductAt, order};
use crate::evidence::{Evidence, Provenance};
use crate::fault::{FaultKind, Faults, Place};
use crate::limit::{Direction, Factor, Limit, Load};
use crate::measure::Measure;
use crate::param::{Parameter, ParameterKind, ParameterSpec, Value, Values};
use crate::species::Slate;
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// Makes a chain of a builder.
pub(super) fn assemble(mut builder: Builder) -> Result<Chain, Faults> {
    let mut assembly = Assembly {
        slate: (*builder.slate).clone(),
        tree: Tree { species: builder.slate.len(), ..Tree::default() },
        parameters: Vec::new(),
        settled: Vec::new(),
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
    assembly.level(builder, String::new(), None);
    assembly.settle();
    let products = products
        .into_iter()
        .filter_map(|(product, place)| match assembly.tree.port(&product.port) {
            Some(slot) => Some(ProductAt { product, slot }),
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
    let inputs = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    faults.into_result(Chain { name, slate, tree, parameters, values, products, inputs })
}

struct Assembly {
    slate: Slate,
    tree: Tree,
    parameters: Vec<Parameter>,
    /// Place of each parameter's value, `None` while it has none.
    settled: Vec<Option<Place>>,
    values: Values,
    faults: Faults,
}

/// What a name of a level stands for.
#[derive(Clone, Copy)]
enum Item {
    Stage(usize),
    Chain(usize),
}

/// Names of a level, in order of declaration.
struct Names {
    path: String,
    own_inlets: Vec<(String, usize)>,
    own_outlets: Vec<String>,
    items: Vec<(String, Item)>,
}

/// Where a connection starts.
struct Source {
    slot: usize,
    address: String,
    surplus_of: Option<usize>,
    on_demand: Option<(usize, usize)>,
}

/// Where a connection ends.
enum Target {
    OwnOutlet(String),
    StageInlet(usize, usize),
    StageImport(usize, usize),
    ChainInlet(usize),
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// The chain a level is, in messages.
fn chain_name(path: &str) -> String {
    if path.is_empty() { "the outermost chain".into() } else { format!("chain {path}") }
}

impl Assembly {
    fn level(&mut self, builder: Builder, path: String, parent: Option<usize>) -> usize {
        let id = self.tree.levels.len();
        let first_slot = self.tree.slots;
        let first_stage = self.tree.stages.len();
        self.faults.append(builder.faults);
        self.tree.levels.push(Level {
            name: if path.is_empty() { builder.name.clone() } else { path.clone() },
            path: path.clone(),
            parent,
            inlets: Vec::new(),
            outlets: Vec::new(),
            limits: Vec::new(),
            steps: Vec::new(),
            order: None,
            stage_range: (first_stage, first_stage),
            slot_range: (first_slot, first_slot),
        });
        let mut names = Names {
            path: path.clone(),
            own_inlets: Vec::new(),
            own_outlets: builder.outlets.iter().map(|(name, _)| name.clone()).collect(),
            items: Vec::new(),
        };
        if parent.is_none() {
            let ports = builder.inlets.iter().map(|port| (&port.name, &port.place));
            for (name, place) in ports.chain(builder.outlets.iter().map(|(n, p)| (n, p))) {
                let got = format!("port \"{name}\" of the outermost chain");
                let allowed = "supplies as inlets; outlets declared as products or losses".into();
                self.faults.push(place.clone(), FaultKind::NotAllowed { got, allowed });
            }
        }
        for port in &builder.inlets {
            let address = join(&path, &port.name);
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
            self.check_new(&names, &port.name, &port.place);
            names.own_inlets.push((port.name.clone(), inlet));
        }
        for own in builder.parameters {
            let address = join(&path, &own.spec.name);
            let index = self.parameter(address, &own.spec, &own.place);
            self.give(index, &own.value, &own.provenance, own.place);
        }
        for node in builder.nodes {
            self.check_new(&names, &node.name, &node.place);
            let address = join(&path, &node.name);
            let item = match node.kind {
                NodeKind::Stage(stage) => {
                    let is_supply = stage.is_supply();
                    let stage = self.stage(stage, &address, &node.place);
                    if is_supply {
                        if parent.is_some() {
                            let got = format!("supply \"{}\" inside {}", node.name, chain_name(&path));
                            let allowed = "supplies in the outermost chain only".into();
                            self.faults.push(node.place, FaultKind::NotAllowed { got, allowed });
                        }
                        self.supply(id, stage, &address);
                    }
                    Item::Stage(stage)
                }
                NodeKind::Chain(inner) => Item::Chain(self.level(*inner, address, Some(id))),
            };
            names.items.push((node.name, item));
        }
        self.order_parameter(id, &path);
        for (limit, place) in &builder.limits {
            self.own_factor(&path, limit, place);
        }
        for setting in builder.settings {
            self.setting(&path, setting);
        }
        let outlets = self.connect(id, &names, &builder.connections);
        self.leave(&names, id, &outlets, &builder.leaving);
        self.check_joined(&names, id, &builder.outlets, &builder.leaving);
        for (limit, place) in builder.limits {
            self.limit(id, &names, &limit, place);
        }
        for (name, parameter, place) in builder.exposed {
            self.expose(&path, &name, &parameter, place);
        }
        if parent.is_some() && !builder.products.is_empty() {
            let got = format!("products listed by {}", chain_name(&path));
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
    fn check_new(&mut self, names: &Names, name: &str, place: &Place) {
        let taken = names.items.iter().any(|(other, _)| other == name)
            || names.own_inlets.iter().any(|(other, _)| other == name);
        if taken {
            let kind = FaultKind::Duplicate { what: "name", name: name.to_owned(), first: None };
            self.faults.push(place.clone(), kind);
        }
        if name.is_empty() || name.contains(['.', '>', '+']) || name.contains("->") {
            let got = format!("name \"{name}\"");
            let allowed = "a name without \".\", \"+\" or \">\"".into();
            self.faults.push(place.clone(), FaultKind::NotAllowed { got, allowed });
        }
    }

    fn stage(
        &mut self,
        stage: std::sync::Arc<dyn crate::stage::AnyStage>,
        address: &str,
        place: &Place,
    ) -> usize {
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
            .unwrap_or(crate::quantity::Unit::BCM_PER_YEAR);
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
        let link = Link { from: None, to: Some(port), slot: accepted, leaving: None, surplus_of: None };
        self.tree.links.push(link);
    }

    fn parameter(&mut self, address: String, spec: &ParameterSpec, place: &Place) -> usize {
        if self.parameters.iter().any(|other| other.address == address) {
            let kind = FaultKind::Duplicate { what: "parameter", name: address.clone(), first: None };
            self.faults.push(place.clone(), kind);
        }
        let slot = self.values.reserve(&spec.kind);
        self.parameters.push(Parameter {
            address,
            about: spec.about.clone(),
            kind: spec.kind.clone(),
            value: spec.default.clone().unwrap_or(Value::Text(String::new())),
            provenance: Provenance {
                evidence: Evidence::Assumed,
                source: "the kind's default".into(),
            },
            slot,
        });
        self.settled.push(spec.default.is_some().then(|| place.clone()));
        self.parameters.len() - 1
    }

    fn give(&mut self, index: usize, value: &Value, provenance: &Provenance, place: Place) {
        let parameter = &mut self.parameters[index];
        parameter.value = value.clone();
        parameter.provenance = provenance.clone();
        self.settled[index] = Some(place);
    }

    fn order_parameter(&mut self, level: usize, path: &str) {
        let inlets = &self.tree.levels[level].inlets;
        if inlets.len() < 2 {
            return;
        }
        let names: Vec<String> = inlets
            .iter()
            .map(|&inlet| {
                let address = &self.tree.inlets[inlet].address;
                address.rsplit('.').next().unwrap_or(address).to_owned()
            })
            .collect();
        let spec = ParameterSpec {
            name: "order".into(),
            about: format!("the order in which the inlets of {} are filled", chain_name(path)),
            default: Some(Value::Text(names.join(" > "))),
            kind: ParameterKind::Order { inlets: names },
        };
        let index = self.parameter(join(path, "order"), &spec, &Place::address(join(path, "order")));
        self.tree.levels[level].order = Some(self.parameters[index].slot.at);
    }

    /// A capacity that belongs to a limit is a parameter at the limit's own address.
    fn own_factor(&mut self, path: &str, limit: &Limit, place: &Place) {
        for factor in &limit.capacity {
            let Factor::Own { value, provenance } = factor else { continue };
            let high = match limit.unit.dimension() {
                crate::quantity::Dimension::Fraction => 1.0,
                _ => f64::INFINITY,
            };
            let spec = ParameterSpec {
                name: limit.name.clone(),
                about: format!("capacity of limit {}", join(path, &limit.name)),
                kind: ParameterKind::Number {
                    unit: limit.unit,
                    low: 0.0,
                    high,
                    may_be_unknown: true,
                },
                default: None,
            };
            let index = self.parameter(join(path, &limit.name), &spec, place);
            self.give(index, value, provenance, place.clone());
        }
    }

    fn setting(&mut self, path: &str, setting: super::blueprint::Setting) {
        let address = join(path, &setting.address);
        let Some(index) = self.parameters.iter().position(|other| other.address == address) else {
            let names = self.parameters.iter().map(|parameter| &parameter.address);
            self.faults.push(setting.place, FaultKind::unknown("parameter", &address, names));
            return;
        };
        if let Some((low, high)) = &setting.range {
            let accepted = (
                self.parameters[index].kind.accept(low),
                self.parameters[index].kind.accept(high),
            );
            match (accepted, &mut self.parameters[index].kind) {
                (
                    (
                        Ok(crate::param::Accepted::Number(Some(new_low))),
                        Ok(crate::param::Accepted::Number(Some(new_high))),
                    ),
                    ParameterKind::Number { low, high, .. },
                ) if new_low <= new_high => (*low, *high) = (new_low, new_high),
                _ => {
                    let got = format!("range {low} to {high}");
                    let allowed = self.parameters[index].kind.allowed();
                    let kind = FaultKind::NotAllowed { got, allowed };
                    self.faults.push(setting.place.clone(), kind);
                }
            }
        }
        self.give(index, &setting.value, &setting.provenance, setting.place);
    }

    fn expose(&mut self, path: &str, name: &str, parameter: &str, place: Place) {
        let (old, new) = (join(path, parameter), join(path, name));
        if self.parameters.iter().any(|other| other.address == new) {
            let kind = FaultKind::Duplicate { what: "parameter", name: new, first: None };
            self.faults.push(place, kind);
            return;
        }
        match self.parameters.iter_mut().find(|other| other.address == old) {
            Some(found) => found.address = new,
            None => {
                let names = self.parameters.iter().map(|parameter| &parameter.address);
                self.faults.push(place, FaultKind::unknown("parameter", &old, names));
            }
        }
    }

    /// Judges every value and stores it.
    fn settle(&mut self) {
        for (parameter, place) in self.parameters.iter().zip(&self.settled) {
            let Some(place) = place else {
                let name = parameter.address.clone();
                let kind = FaultKind::Missing { what: "value of parameter", name: name.clone() };
                self.faults.push(Place::address(name), kind);
                continue;
            };
            match parameter.kind.accept(&parameter.value) {
                Ok(accepted) => self.values.store(parameter.slot, &accepted),
                Err(kinds) => {
                    for kind in kinds {
                        let place = place.clone().at_address(&parameter.address);
                        self.faults.push(place, kind);
                    }
                }
            }
        }
    }

    /// Joins the ports of a level; the result maps each port that a connection starts from to
    /// that connection.
    fn connect(
        &mut self,
        level: usize,
        names: &Names,
        connections: &[Connection],
    ) -> HashMap<String, String> {
        let mut started: HashMap<String, String> = HashMap::new();
        let mut ended: HashMap<String, String> = HashMap::new();
        for connection in connections {
            let (from, to) = match ends(&connection.text) {
                Ok(ends) => ends,
                Err(kind) => {
                    self.faults.push(connection.place.clone(), kind);
                    continue;
                }
            };
            let source = self.source(names, from);
            let target = self.target(names, to);
            let (source, (target, target_address)) = match (source, target) {
                (Ok(source), Ok(target)) => (source, target),
                (source, target) => {
                    for kind in source.err().into_iter().chain(target.err()) {
                        self.faults.push(connection.place.clone(), kind);
                    }
                    continue;
                }
            };
            let mut twice = false;
            for (port, seen) in [(&source.address, &mut started), (&target_address, &mut ended)] {
                if let Some(first) = seen.get(port) {
                    twice = true;
                    let kind = FaultKind::JoinedTwice {
                        port: port.clone(),
                        first: first.clone(),
                        second: connection.text.clone(),
                    };
                    self.faults.push(connection.place.clone(), kind);
                } else {
                    seen.insert(port.clone(), connection.text.clone());
                }
            }
            if !twice {
                self.wire(level, connection, &source, &target, &target_address);
            }
        }
        // what a drawn stream is offered as: the stream that the draw taps
        for stage in 0..self.tree.stages.len() {
            for import in 0..self.tree.stages[stage].offers.len() {
                let Some(offer) = self.tree.stages[stage].offers[import] else { continue };
                if let Some(draw) = self.tree.stages.iter().find(|other| {
                    other.writes().contains(&offer) && other.stage.on_demand(offer - other.own)
                }) {
                    self.tree.stages[stage].offers[import] = Some(draw.inlets[0]);
                }
            }
        }
        started
    }

    fn wire(
        &mut self,
        level: usize,
        connection: &Connection,
        source: &Source,
        target: &Target,
        target_address: &str,
    ) {
        let place = &connection.place;
        if let (Some((stage, _)), false) =
            (source.on_demand, matches!(target, Target::StageImport(..)))
        {
            let got = format!("\"{}\" from {}", connection.text, self.tree.stages[stage].address);
            let allowed = "a drawn stream joined to an import".into();
            self.faults.push(place.clone(), FaultKind::NotAllowed { got, allowed });
        }
        match target {
            Target::OwnOutlet(name) => {
                let address = target_address.to_owned();
                self.tree.levels[level].outlets.push((name.clone(), source.slot));
                self.tree.ports.push((address, source.slot));
            }
            Target::StageInlet(stage, inlet) => {
                self.tree.stages[*stage].inlets[*inlet] = source.slot;
                self.tree.ports.push((target_address.to_owned(), source.slot));
            }
            Target::StageImport(stage, import) => {
                if let Some((draw, outlet)) = source.on_demand {
                    let slot = self.tree.stages[*stage].import_slot(*import);
                    self.tree.stages[draw].demands[outlet] = Some(slot);
                    self.tree.stages[*stage].offers[*import] = Some(source.slot);
                } else {
                    let got = format!("\"{}\" to an import", connection.text);
                    let allowed = "an import joined to the drawn stream of a draw".into();
                    self.faults.push(place.clone(), FaultKind::NotAllowed { got, allowed });
                }
            }
            Target::ChainInlet(inlet) => self.tree.inlets[*inlet].offered = source.slot,
        }
        if let Some(inlet) = source.surplus_of {
            self.tree.inlets[inlet].joined = true;
        }
        if let Some(switch) = &connection.switch {
            if let Some(inlet) = source.surplus_of {
                let spec = ParameterSpec {
                    name: format!("{}.open", switch.name),
                    about: format!("whether \"{}\" is open", connection.text),
                    kind: ParameterKind::Flag,
                    default: Some(Value::Flag(switch.open)),
                };
                let path = &self.tree.levels[level].path;
                let index = self.parameter(join(path, &spec.name), &spec, place);
                self.give(index, &Value::Flag(switch.open), &switch.provenance, place.clone());
                self.tree.inlets[inlet].switch = Some(self.parameters[index].slot.at);
            } else {
                let got = format!("a switch on \"{}\"", connection.text);
                let allowed = "a switch on a surplus".into();
                self.faults.push(place.clone(), FaultKind::NotAllowed { got, allowed });
            }
        }
        self.tree.links.push(Link {
            from: Some(source.address.clone()),
            to: Some(target_address.to_owned()),
            slot: source.slot,
            leaving: None,
            surplus_of: source.surplus_of,
        });
    }

    /// Finds the port a connection starts from.
    fn source(&self, names: &Names, text: &str) -> Result<Source, FaultKind> {
        if let Some((name, inlet)) = names.own_inlets.iter().find(|(name, _)| name == text) {
            let slot = self.tree.inlets[*inlet].accepted;
            let address = join(&names.path, name);
            return Ok(Source { slot, address, surplus_of: None, on_demand: None });
        }
        let (item, rest) = self.item(names, text)?;
        let plain = |slot, address| Source { slot, address, surplus_of: None, on_demand: None };
        match item {
            Item::Stage(stage) => {
                let placed = &self.tree.stages[stage];
                let ports = placed.stage.ports();
                let outlet = one_port(&placed.address, "outlet", &ports.outlets, rest)?;
                let address = join(&placed.address, &ports.outlets[outlet]);
                let mut source = plain(placed.own + outlet, address);
                source.on_demand = placed.stage.on_demand(outlet).then_some((stage, outlet));
                Ok(source)
            }
            Item::Chain(level) => {
                let inner = &self.tree.levels[level];
                let surplus = rest.and_then(|rest| {
                    let name = rest.strip_suffix("surplus")?;
                    Some(name.strip_suffix('.').unwrap_or(name))
                });
                if let Some(name) = surplus {
                    let inlets: Vec<String> =
                        inner.inlets.iter().map(|&i| self.inlet_name(i)).collect();
                    let name = (!name.is_empty()).then_some(name);
                    let index = one_port(&inner.path, "inlet", &inlets, name)?;
                    let inlet = inner.inlets[index];
                    let found = &self.tree.inlets[inlet];
                    let mut source = plain(found.surplus, format!("{}.surplus", found.address));
                    source.surplus_of = Some(inlet);
                    return Ok(source);
                }
                let outlets: Vec<String> =
                    inner.outlets.iter().map(|(name, _)| name.clone()).collect();
                let outlet = one_port(&inner.path, "outlet", &outlets, rest)?;
                let (name, slot) = &inner.outlets[outlet];
                Ok(plain(*slot, join(&inner.path, name)))
            }
        }
    }

    /// Finds the port a connection ends at, with its full address.
    fn target(&self, names: &Names, text: &str) -> Result<(Target, String), FaultKind> {
        if names.own_outlets.iter().any(|name| name == text) {
            return Ok((Target::OwnOutlet(text.to_owned()), join(&names.path, text)));
        }
        let (item, rest) = self.item(names, text)?;
        match item {
            Item::Stage(stage) => {
                let placed = &self.tree.stages[stage];
                let ports = placed.stage.ports();
                let import = rest.and_then(|rest| ports.imports.iter().position(|n| n == rest));
                if let Some(import) = import {
                    let address = join(&placed.address, &ports.imports[import]);
                    return Ok((Target::StageImport(stage, import), address));
                }
                let inlet = one_port(&placed.address, "inlet", &ports.inlets, rest)?;
                let address = join(&placed.address, &ports.inlets[inlet]);
                Ok((Target::StageInlet(stage, inlet), address))
            }
            Item::Chain(level) => {
                let inner = &self.tree.levels[level];
                let inlets: Vec<String> = inner.inlets.iter().map(|&i| self.inlet_name(i)).collect();
                let inlet = inner.inlets[one_port(&inner.path, "inlet", &inlets, rest)?];
                Ok((Target::ChainInlet(inlet), self.tree.inlets[inlet].address.clone()))
            }
        }
    }

    fn inlet_name(&self, inlet: usize) -> String {
        let address = &self.tree.inlets[inlet].address;
        address.rsplit('.').next().unwrap_or(address).to_owned()
    }

    /// Splits `stage.port` into the stage or inner chain and the rest.
    fn item<'t>(&self, names: &Names, text: &'t str) -> Result<(Item, Option<&'t str>), FaultKind> {
        let (head, rest) = match text.split_once('.') {
            Some((head, rest)) => (head, Some(rest)),
            None => (text, None),
        };
        let found = names.items.iter().find(|(name, _)| name == head);
        found.map(|(_, item)| (*item, rest)).ok_or_else(|| {
            let own = names.own_inlets.iter().map(|(name, _)| name.as_str());
            let own = own.chain(names.own_outlets.iter().map(String::as_str));
            let items = names.items.iter().map(|(name, _)| name.as_str());
            FaultKind::unknown("stage or port", head, items.chain(own))
        })
    }

    /// Declares what leaves the outermost chain.
    fn leave(
        &mut self,
        names: &Names,
        level: usize,
        started: &HashMap<String, String>,
        leaving: &[(String, Leaving, Place)],
    ) {
        for (port, how, place) in leaving {
            let mut fault = |kind| self.faults.push(place.clone(), kind);
            if level != 0 {
                let got = format!("\"{port}\" leaving from inside {}", chain_name(&names.path));
                let allowed = "products and losses declared by the outermost chain".into();
                fault(FaultKind::NotAllowed { got, allowed });
                continue;
            }
            let source = match self.source(names, port) {
                Ok(source) => source,
                Err(kind) => {
                    self.faults.push(place.clone(), kind);
                    continue;
                }
            };
            let again = self.tree.links.iter().find(|link| {
                link.to.is_none() && link.from.as_deref() == Some(source.address.as_str())
            });
            let first = started.get(&source.address).cloned();
            if let Some(first) = first.or_else(|| again.map(|_| format!("{port} leaving"))) {
                let second = format!("{port} leaving");
                let kind = FaultKind::JoinedTwice { port: source.address, first, second };
                self.faults.push(place.clone(), kind);
                continue;
            }
            if let Some(inlet) = source.surplus_of {
                self.tree.inlets[inlet].joined = true;
            }
            self.tree.links.push(Link {
                from: Some(source.address),
                to: None,
                slot: source.slot,
                leaving: Some(*how),
                surplus_of: source.surplus_of,
            });
        }
    }

    /// Every port of the level must be joined, surplus ports excepted.
    fn check_joined(
        &mut self,
        names: &Names,
        level: usize,
        own_outlets: &[(String, Place)],
        leaving: &[(String, Leaving, Place)],
    ) {
        let place = leaving.first().map_or_else(Place::default, |(.., place)| place.clone());
        let file = Place { address: None, line: None, ..place };
        let mut open_ends: Vec<FaultKind> = Vec::new();
        let mut unjoined = |port: String, state: &'static str, allowed: &'static str| {
            open_ends.push(FaultKind::NotJoined { port, state, allowed });
        };
        let goes = |address: &String| {
            self.tree.links.iter().any(|link| link.from.as_ref() == Some(address))
        };
        let nowhere = "neither joined nor declared a product or a loss";
        for (name, item) in &names.items {
            match item {
                Item::Stage(stage) => {
                    let placed = &self.tree.stages[*stage];
                    let ports = placed.stage.ports();
                    for (port, &slot) in ports.inlets.iter().zip(&placed.inlets) {
                        if slot == usize::MAX {
                            let port = join(&placed.address, port);
                            unjoined(port, "an inlet that is not joined", "one connection to it");
                        }
                    }
                    for port in &ports.outlets {
                        let port = join(&placed.address, port);
                        if !goes(&port) {
                            unjoined(port, nowhere, "one connection from it, or a declaration");
                        }
                    }
                }
                Item::Chain(inner) => {
                    let inner = &self.tree.levels[*inner];
                    for &inlet in &inner.inlets {
                        let inlet = &self.tree.inlets[inlet];
                        if inlet.offered == usize::MAX {
                            let port = inlet.address.clone();
                            unjoined(port, "an inlet that is not joined", "one connection to it");
                        }
                    }
                    for (port, _) in &inner.outlets {
                        let port = join(&join(&names.path, name), port);
                        if !goes(&port) {
                            unjoined(port, nowhere, "one connection from it, or a declaration");
                        }
                    }
                }
            }
        }
        for (name, _) in &names.own_inlets {
            let port = join(&names.path, name);
            if !goes(&port) {
                unjoined(port, "an inlet that leads nowhere", "one connection from it inside");
            }
        }
        for (name, _) in own_outlets {
            if !self.tree.levels[level].outlets.iter().any(|(other, _)| other == name) {
                let port = join(&names.path, name);
                unjoined(port, "an outlet that nothing leads to", "one connection to it inside");
            }
        }
        for kind in open_ends {
            let address = match &kind {
                FaultKind::NotJoined { port, .. } => port.clone(),
                _ => names.path.clone(),
            };
            self.faults.push(file.clone().at_address(address), kind);
        }
    }

    fn limit(&mut self, level: usize, names: &Names, limit: &Limit, place: Place) {
        let path = &names.path;
        let address = join(path, &limit.name);
        let nothing = |why: String, nearest: Vec<String>| FaultKind::LimitOnNothing {
            limit: address.clone(),
            why,
            nearest,
        };
        if self.tree.limits.iter().any(|other| other.address == address) {
            let kind = FaultKind::Duplicate { what: "limit", name: address, first: None };
            self.faults.push(place, kind);
            return;
        }
        let (load, dimension, quality) = match &limit.load {
            Load::Port { port, measure } => match self.limit_port(names, port) {
                Ok(slot) => {
                    let weights = measure.weights(&self.slate);
                    let load = PlacedLoad::Port { slot, weights };
                    (load, measure.dimension(), measure.is_quality())
                }
                Err(kind) => {
                    let (why, nearest) = match kind {
                        FaultKind::UnknownName { what, got, nearest } => {
                            (format!("unknown {what} \"{got}\""), nearest)
                        }
                        other => (other.to_string(), Vec::new()),
                    };
                    self.faults.push(place, nothing(why, nearest));
                    return;
                }
            },
            Load::Stated { load } => {
                let found = load.split_once('.').and_then(|(stage, load)| {
                    let (_, item) = names.items.iter().find(|(name, _)| name == stage)?;
                    let Item::Stage(stage) = item else { return None };
                    let placed = &self.tree.stages[*stage];
                    let loads = placed.stage.stated_loads();
                    let index = loads.iter().position(|stated| stated.name == load)?;
                    Some((placed.stated + index, loads[index].unit.dimension()))
                });
                let Some((index, dimension)) = found else {
                    let kind = nothing(format!("no stage states \"{load}\""), Vec::new());
                    self.faults.push(place, kind);
                    return;
                };
                (PlacedLoad::Stated(index), dimension, false)
            }
        };
        if limit.unit.dimension() != dimension {
            let kind = FaultKind::WrongDimension {
                got: limit.unit.to_string(),
                got_dimension: limit.unit.dimension().to_string(),
                allowed: dimension.to_string(),
            };
            self.faults.push(place.clone(), kind);
        }
        let mut factors = Vec::new();
        for factor in &limit.capacity {
            let name = match factor {
                Factor::Own { .. } => &limit.name,
                Factor::Parameter(name) => name,
            };
            let factor_address = join(path, name);
            match self.parameters.iter().position(|other| other.address == factor_address) {
                Some(index) => factors.push(index),
                None => {
                    let names = self.parameters.iter().map(|parameter| &parameter.address);
                    let kind = FaultKind::unknown("parameter", &factor_address, names);
                    self.faults.push(place.clone(), kind);
                }
            }
        }
        let all = self.tree.levels[level].inlets.clone();
        let throttles = match &limit.throttles {
            None => all.clone(),
            Some(inlets) => inlets
                .iter()
                .filter_map(|name| {
                    let found = all.iter().copied().find(|&i| self.inlet_name(i) == *name);
                    if found.is_none() {
                        let names: Vec<String> = all.iter().map(|&i| self.inlet_name(i)).collect();
                        let kind = FaultKind::unknown("inlet", name, names);
                        self.faults.push(place.clone(), kind);
                    }
                    found
                })
                .collect(),
        };
        let by_itself = limit.throttles.is_some()
            || (limit.direction == Direction::AtMost && !quality);
        // a quality throttles only when told to, by the file or by a scenario
        let told = quality.then(|| {
            let spec = ParameterSpec {
                name: format!("{}.throttles", limit.name),
                about: format!("whether limit {address} stops inlets"),
                kind: ParameterKind::Flag,
                default: Some(Value::Flag(limit.throttles.is_some())),
            };
            let index = self.parameter(join(path, &spec.name), &spec, &place);
            self.parameters[index].slot.at
        });
        self.tree.levels[level].limits.push(self.tree.limits.len());
        self.tree.limits.push(PlacedLimit {
            address,
            level,
            direction: limit.direction,
            load,
            factors,
            unit: limit.unit,
            throttles,
            by_itself,
            told,
        });
    }

    /// The slot a limit's port lies in: an own port, a port of a stage or of an inner chain.
    fn limit_port(&self, names: &Names, text: &str) -> Result<usize, FaultKind> {
        if let Some((_, inlet)) = names.own_inlets.iter().find(|(name, _)| name == text) {
            return Ok(self.tree.inlets[*inlet].accepted);
        }
        if let Some(slot) = self.tree.port(&join(&names.path, text)) {
            return Ok(slot);
        }
        let (item, rest) = self.item(names, text)?;
        let (inlets, address) = match item {
            Item::Stage(stage) => {
                let placed = &self.tree.stages[stage];
                (placed.stage.ports().inlets, &placed.address)
            }
            Item::Chain(level) => {
                let inner = &self.tree.levels[level];
                let inlets = inner.inlets.iter().map(|&i| self.inlet_name(i)).collect();
                (inlets, &inner.path)
            }
        };
        if let Some(port) = rest {
            let prefix = format!("{address}.");
            let ports = self.tree.ports.iter().filter_map(|(port, _)| port.strip_prefix(&prefix));
            return Err(FaultKind::unknown("port", port, ports));
        }
        let inlet = one_port(address, "inlet", &inlets, None)?;
        let port = join(address, &inlets[inlet]);
        self.tree.port(&port).ok_or_else(|| FaultKind::unknown("port", &port, [""; 0]))
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

    /// A recycle must not go through an inner chain that may refuse part of it.
    fn check_recycle(&mut self, index: usize) {
        let cycle = self.tree.loops[index].clone();
        let written: Vec<usize> =
            cycle.steps.iter().flat_map(|&step| self.tree.traffic(step).1).collect();
        for &step in &cycle.steps {
            let Step::Chain(level) = step else { continue };
            for &inlet in &self.tree.levels[level].inlets.clone() {
                let found = &self.tree.inlets[inlet];
                let limit = self.tree.limits.iter().find(|limit| {
                    limit.level == level && limit.by_itself && limit.throttles.contains(&inlet)
                });
                if let (true, true, Some(limit)) =
                    (written.contains(&found.offered), found.joined, limit)
                {
                    let kind = FaultKind::RecycleRefused {
                        path: cycle.path.clone(),
                        inlet: found.address.clone(),
                        limit: limit.address.clone(),
                    };
                    self.faults.push(Place::address(&found.address), kind);
                }
            }
        }
    }
}

/// Index of a named port, or of the only one where no name is given.
fn one_port(
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

/// A measure by name, for files.
pub(super) fn measure(text: &str, slate: &Slate) -> Result<Measure, FaultKind> {
    Measure::parse(text, slate)
}
