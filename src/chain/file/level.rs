//! Chain files: stages, connections, ports, parameters, read into a builder.

use super::folder::{Documents, Folder};
use super::limits::read_limit;
use super::products::read_products;
use super::values::{Entries, provenance, range, read_setting, table_under, unit, value};
use crate::chain::build::{
    Builder, Connection, InletPort, Nesting, Node as Member, NodeKind, OwnParameter, Setting,
    Switch, unfit_inlet,
};
use crate::chain::exit::{Exit, Leaving};
use crate::document::csv::Tables;
use crate::document::{Entry, Node};
use crate::fault::{FaultKind, Faults, Place};
use crate::param::{Parameter, ParameterKind, UNKNOWN};
use crate::param::{Sense, Sum};
use crate::quantity::{Dimension, Unit};
use crate::species::Slate;
use crate::stage::Config;
use crate::stage::{AnyStage, Kinds};
use std::sync::Arc;

pub(in crate::chain) struct Reader<'a> {
    folder: &'a Folder,
    kinds: &'a Kinds,
    tables: &'a Tables,
    documents: &'a Documents,
    faults: Faults,
    /// Chain files being read, outermost first.
    open: Vec<String>,
    /// Chain files in the order they were read, as messages call them.
    read: Vec<String>,
    /// Whether there were more than may be.
    too_many: bool,
    /// How far sums of compositions may be off.
    pub sum: Sum,
}

impl<'a> Reader<'a> {
    pub fn new(
        folder: &'a Folder,
        kinds: &'a Kinds,
        tables: &'a Tables,
        documents: &'a Documents,
        faults: Faults,
    ) -> Self {
        Self {
            folder,
            kinds,
            tables,
            documents,
            faults,
            open: Vec::new(),
            read: Vec::new(),
            too_many: false,
            sum: Sum::Exact,
        }
    }

    /// Gives back the faults found, and the files in the order they were read.
    pub fn finish(self) -> (Faults, Vec<String>) {
        (self.faults, self.read)
    }

    pub fn chain(&mut self, file: &str, slate: &Slate, entries: Entries) -> Builder {
        self.open.push(file.to_owned());
        let place = Place::file(self.folder.path_of(file));
        self.read.extend(place.file.clone());
        let mut faults = std::mem::take(&mut self.faults);
        let mut config = Config::new(slate, self.tables, place.clone(), entries, &mut faults);
        config.sum = self.sum;
        if self.open.len() == 1 {
            // read already, and known to those who misspell it
            config.take("species");
        }
        let name = config.text("name").unwrap_or_default();
        let mut builder = Builder::new(&name, slate);
        builder.place = place;
        read_ports(&mut config, &mut builder);
        read_parameters(&mut config, &mut builder);
        let stages = table_under(&mut config, "stages");
        read_connections(&mut config, &mut builder);
        for (name, limit) in table_under(&mut config, "limits") {
            read_limit(&mut config, &mut builder, None, &name, limit);
        }
        for (address, value) in table_under(&mut config, "set") {
            read_setting(&mut config, &mut builder, address, value);
        }
        for (name, parameter) in table_under(&mut config, "expose") {
            let place = parameter.place.clone();
            if let Some(parameter) = config.as_text(&name, parameter) {
                builder.exposed.push((name, parameter, place));
            }
        }
        read_leaving(&mut config, &mut builder);
        read_products(&mut config, &mut builder);
        config.finish();
        self.faults = faults;
        for (name, entry) in stages {
            self.stage(slate, &mut builder, name, entry);
        }
        self.open.pop();
        builder
    }

    fn stage(&mut self, slate: &Slate, builder: &mut Builder, name: String, entry: Entry) {
        let place = entry.place.clone();
        let tables = self.tables;
        let mut faults = std::mem::take(&mut self.faults);
        let at = place.clone().at_address(&name);
        let mut config = Config::new(slate, tables, at, Vec::new(), &mut faults);
        let Some(entries) = config.as_table(&format!("stage {name}"), entry) else {
            self.faults = faults;
            builder.broken.push(name);
            return;
        };
        let mut config = Config::new(slate, tables, config.place, entries, &mut faults);
        config.sum = self.sum;
        #[cfg(test)]
        config.stands_under("stages");
        for (parameter, value) in table_under(&mut config, "set") {
            read_setting(&mut config, builder, format!("{name}.{parameter}"), value);
        }
        for (limit, entry) in table_under(&mut config, "limits") {
            read_limit(&mut config, builder, Some(&name), &limit, entry);
        }
        if let Some(entry) = config.take("chain") {
            let at = entry.place.clone();
            let file = config.as_text("chain", entry);
            config.finish();
            self.faults = faults;
            match file.and_then(|file| self.inner(slate, &file, &at)) {
                Some(inner) => builder.hold(name, inner, place),
                None => builder.broken.push(name),
            }
        } else {
            let stage = read_stage(&mut config, self.kinds);
            config.finish();
            if stage.is_none() && faults.is_empty() {
                // a kind of somebody's own that says nothing of what it cannot read
                let got = "a table that its kind does not read".to_owned();
                let allowed = "one that makes a stage".to_owned();
                let place = place.clone().at_address(&name);
                faults.push(place, FaultKind::NotAllowed { got, allowed });
            }
            self.faults = faults;
            match stage.map(NodeKind::Stage) {
                Some(kind) => builder.nodes.push(Member { name, kind, place }),
                None => builder.broken.push(name),
            }
        }
    }

    fn inner(&mut self, slate: &Slate, file: &str, place: &Place) -> Option<Builder> {
        if self.open.iter().any(|open| open == file) {
            let got = format!("chain \"{file}\" inside itself");
            let allowed = "chains that do not contain themselves".into();
            self.faults.push(place.clone(), FaultKind::NotAllowed { got, allowed });
            return None;
        }
        // where there are too many, the first one too many is the fault
        let nesting = Nesting { deep: self.open.len() + 1, in_all: self.read.len() + 1 };
        if let Some(kind) = nesting.fault() {
            if !std::mem::replace(&mut self.too_many, true) {
                self.faults.push(place.clone(), kind);
            }
            return None;
        }
        let Some(entries) = self.documents.get(file) else {
            let files = self.folder.names(".toml");
            self.faults.push(place.clone(), FaultKind::unknown("chain file", file, files));
            return None;
        };
        let entries = entries.clone()?;
        Some(self.chain(file, slate, entries))
    }
}

/// A stage by its kind; `None` where its ports cannot be known.
pub(in crate::chain) fn read_stage(
    config: &mut Config<'_>,
    kinds: &Kinds,
) -> Option<Arc<dyn AnyStage>> {
    let named = config.take("kind");
    let Some(entry) = named else {
        config.fault(FaultKind::NotAllowed {
            got: "a stage without a kind".into(),
            allowed: "kind = \"..\", or chain = \"..\" for an inner chain".into(),
        });
        config.take_rest();
        return None;
    };
    let place = entry.place.clone();
    let found = config
        .as_text("kind", entry)
        .and_then(|kind| kinds.reader(&kind).map_err(|kind| config.faults.push(place, kind)).ok());
    match found {
        Some(read) => read(config),
        None => {
            // its keys are those of a kind that is not known
            config.take_rest();
            None
        }
    }
}

fn read_ports(config: &mut Config<'_>, builder: &mut Builder) {
    for (name, entry) in table_under(config, "inlets") {
        let place = entry.place.clone();
        let text = config.as_text(&name, entry);
        let unit = text.and_then(|text| unit(config, &text, &place));
        if let Some(kind) = unit.and_then(unfit_inlet) {
            config.faults.push(place.clone(), kind);
        }
        let unit = unit.unwrap_or(Unit::BCM_PER_YEAR);
        builder.inlets.push(InletPort { name, unit, place });
    }
    builder.outlets = config.texts("outlets");
    builder.imports = config.texts("imports");
}

fn read_parameters(config: &mut Config<'_>, builder: &mut Builder) {
    for (name, entry) in table_under(config, "parameters") {
        let place = entry.place.clone();
        let Some(entries) = config.as_table(&format!("parameter {name}"), entry) else {
            builder.broken.push(name);
            continue;
        };
        let read = config.inner(place, entries, |inner| {
            let value_entry = inner.take("value");
            if value_entry.is_none() {
                inner.fault(FaultKind::Missing { what: "key", name: "value".into() });
            }
            let unit = match inner.take("unit") {
                None => Some(Unit::BARE),
                Some(entry) => {
                    let place = entry.place.clone();
                    inner.as_text("unit", entry).and_then(|text| unit(inner, &text, &place))
                }
            };
            let about = inner.optional_text("about").unwrap_or_default();
            let range = range(inner, &name);
            let provenance = provenance(inner);
            let value_entry = value_entry?;
            let value = value(inner, &value_entry, &name)?;
            Some((unit?, about, range, provenance, value, value_entry.place))
        });
        let Some((unit, about, range, provenance, value, place)) = read else {
            builder.broken.push(name);
            continue;
        };
        let kind = ParameterKind::Number {
            unit,
            low: 0.0,
            high: f64::INFINITY,
            none: (unit.dimension() != Dimension::Fraction).then_some(UNKNOWN),
            whole: false,
            sense: Sense::Plain,
        };
        let spec = Parameter::of(&name, &about, kind);
        builder.parameters.push(OwnParameter {
            spec,
            value: value.clone(),
            provenance: provenance.clone(),
            place: place.clone(),
        });
        if range.is_some() {
            builder.settings.push(Setting { address: name, value, provenance, range, place });
        }
    }
}

fn read_connections(config: &mut Config<'_>, builder: &mut Builder) {
    let Some(entry) = config.take("connections") else {
        config.fault(FaultKind::Missing { what: "key", name: "connections".into() });
        builder.connections_broken = true;
        return;
    };
    let Node::List(items) = entry.node else {
        let got = format!("connections is {}", entry.node.describe());
        let kind = FaultKind::NotAllowed { got, allowed: "a list of \"from -> to\"".into() };
        config.faults.push(entry.place, kind);
        builder.connections_broken = true;
        return;
    };
    for item in items {
        let place = item.place.clone();
        match item.node {
            Node::Text(text) => {
                // "a -> b -> c" is two connections
                let ends: Vec<&str> = text.split("->").map(str::trim).collect();
                if ends.len() > 2 {
                    for pair in ends.windows(2) {
                        let text = format!("{} -> {}", pair[0], pair[1]);
                        let place = place.clone();
                        builder.connections.push(Connection { text, switch: None, place });
                    }
                } else {
                    builder.connections.push(Connection { text, switch: None, place });
                }
            }
            Node::Table(entries) => {
                let read = config.inner(item.place, entries, |inner| {
                    let text = inner.text("join");
                    let name = inner.text("switch");
                    let open = inner.take("open").map(|entry| entry.node);
                    let provenance = provenance(inner);
                    let open = match open {
                        Some(Node::Flag(open)) => open,
                        Some(node) => {
                            let got = format!("open is {}", node.describe());
                            let allowed = "true or false".into();
                            inner.fault(FaultKind::NotAllowed { got, allowed });
                            return None;
                        }
                        None => {
                            inner.fault(FaultKind::Missing { what: "key", name: "open".into() });
                            return None;
                        }
                    };
                    Some((text?, Switch { name: name?, open, provenance }))
                });
                match read {
                    Some((text, switch)) => {
                        let switch = Some(switch);
                        builder.connections.push(Connection { text, switch, place });
                    }
                    None => builder.connections_broken = true,
                }
            }
            node => {
                let got = format!("a connection is {}", node.describe());
                let allowed = "\"from -> to\" or { join = .., switch = .., open = .. }".into();
                config.faults.push(place, FaultKind::NotAllowed { got, allowed });
                builder.connections_broken = true;
            }
        }
    }
}

fn read_leaving(config: &mut Config<'_>, builder: &mut Builder) {
    let Some(entry) = config.take("leaving") else { return };
    let Node::Table(entries) = entry.node else {
        let got = format!("leaving is {}", entry.node.describe());
        let allowed = "a table with products, burned, flared, vented, reinjected and losses".into();
        config.faults.push(entry.place, FaultKind::NotAllowed { got, allowed });
        builder.connections_broken = true;
        return;
    };
    let before = config.faults.count();
    let exits = config.inner(entry.place, entries, |inner| {
        let mut exits = read_products_leaving(inner);
        for (key, how) in Leaving::KEYS {
            let ports = inner.texts(key).into_iter();
            exits.extend(ports.map(|(port, at)| (port, Exit { how, class: None }, at)));
        }
        exits
    });
    // what leaves by a list that could not be read is not known
    builder.connections_broken |= config.faults.count() > before;
    builder.leaving.extend(exits);
}

/// Ports that leave as products: a list, or lists by class,
/// `products = { polymers = ["gcc.polyethylene"], .. }`.
fn read_products_leaving(config: &mut Config<'_>) -> Vec<(String, Exit, Place)> {
    let Some(entry) = config.take("products") else { return Vec::new() };
    let exits = |class: Option<&str>, ports: Vec<(String, Place)>| {
        let exit = Exit { how: Leaving::Product, class: class.map(str::to_owned) };
        ports.into_iter().map(move |(port, at)| (port, exit.clone(), at)).collect()
    };
    match entry.node {
        Node::Table(classes) => config.inner(entry.place, classes, |inner| {
            let classes = inner.take_rest().into_iter();
            let read = classes.map(|(class, ports)| {
                let ports = inner.list_of_texts(&class, ports);
                exits(Some(&class), ports)
            });
            read.collect::<Vec<Vec<_>>>().concat()
        }),
        node => {
            let ports = config.list_of_texts("products", Entry { node, place: entry.place });
            exits(None, ports)
        }
    }
}
