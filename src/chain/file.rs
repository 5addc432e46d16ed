//! Chain files: stages, connections, ports, parameters, read into a builder.

use super::blueprint::{
    Builder, Connection, InletPort, Leaving, Node as Member, NodeKind, OwnParameter, Setting,
    Switch,
};
use super::file_limits::read_limit;
use super::file_products::read_products;
use super::file_values::{Entries, provenance, range, read_setting, table_under, unit, value};
use super::folder::Folder;
use crate::document::{self, Entry, Node};
use crate::fault::{FaultKind, Faults, Place};
use crate::param::{ParameterKind, ParameterSpec};
use crate::quantity::Dimension;
use crate::species::Slate;
use crate::stage::config::Config;
use crate::stage::kinds::KINDS;
use crate::table::Table;
use std::collections::BTreeMap;

pub(super) struct Reader<'a> {
    folder: &'a Folder,
    tables: &'a BTreeMap<String, Table>,
    faults: Faults,
    /// Chain files being read, outermost first.
    open: Vec<String>,
}

impl<'a> Reader<'a> {
    pub fn new(folder: &'a Folder, tables: &'a BTreeMap<String, Table>, faults: Faults) -> Self {
        Self { folder, tables, faults, open: Vec::new() }
    }

    /// Gives the faults found back.
    pub fn into_faults(self) -> Faults {
        self.faults
    }

    pub fn chain(&mut self, file: &str, slate: &Slate, entries: Entries) -> Builder {
        self.open.push(file.to_owned());
        let place = Place::file(self.folder.path_of(file));
        let mut faults = std::mem::take(&mut self.faults);
        let mut config = Config::new(slate, self.tables, place.clone(), entries, &mut faults);
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
        let Node::Table(entries) = entry.node else {
            let got = format!("stage {name} is {}", entry.node.describe());
            self.faults.push(place, FaultKind::NotAllowed { got, allowed: "a table".into() });
            return;
        };
        let tables = self.tables;
        let mut faults = std::mem::take(&mut self.faults);
        let at = place.clone().at_address(&name);
        let mut config = Config::new(slate, tables, at, entries, &mut faults);
        for (parameter, value) in table_under(&mut config, "set") {
            read_setting(&mut config, builder, format!("{name}.{parameter}"), value);
        }
        for (limit, entry) in table_under(&mut config, "limits") {
            read_limit(&mut config, builder, Some(&name), &limit, entry);
        }
        let inner = config.optional_text("chain");
        let kind = match inner {
            Some(file) => {
                config.finish();
                self.faults = faults;
                self.inner(slate, &file, &place).map(|inner| NodeKind::Chain(Box::new(inner)))
            }
            None => {
                let stage = config.text("kind").and_then(|kind| {
                    let found = KINDS.iter().find(|(name, _)| *name == kind);
                    if found.is_none() {
                        let names = KINDS.iter().map(|(name, _)| name);
                        config.fault(FaultKind::unknown("kind of stage", &kind, names));
                        config.take_rest();
                    }
                    found.and_then(|(_, read)| read(&mut config))
                });
                config.finish();
                self.faults = faults;
                stage.map(NodeKind::Stage)
            }
        };
        if let Some(kind) = kind {
            builder.nodes.push(Member { name, kind, place });
        }
    }

    fn inner(&mut self, slate: &Slate, file: &str, place: &Place) -> Option<Builder> {
        if self.open.iter().any(|open| open == file) {
            let got = format!("chain \"{file}\" inside itself");
            let allowed = "chains that do not contain themselves".into();
            self.faults.push(place.clone(), FaultKind::NotAllowed { got, allowed });
            return None;
        }
        if !self.folder.files.contains_key(file) {
            let files = self.folder.files.keys().filter(|file| file.ends_with(".toml"));
            self.faults.push(place.clone(), FaultKind::unknown("chain file", file, files));
            return None;
        }
        let text = self.folder.text(file, &mut self.faults)?;
        let entries = document::parse(&text, &self.folder.path_of(file), &mut self.faults);
        Some(self.chain(file, slate, entries))
    }
}

fn read_ports(config: &mut Config<'_>, builder: &mut Builder) {
    for (name, entry) in table_under(config, "inlets") {
        let place = entry.place.clone();
        let Some(text) = config.as_text(&name, entry) else { continue };
        if let Some(unit) = unit(config, &text, &place) {
            builder.inlets.push(InletPort { name, unit, place });
        }
    }
    builder.outlets = config.texts("outlets");
}

fn read_parameters(config: &mut Config<'_>, builder: &mut Builder) {
    for (name, entry) in table_under(config, "parameters") {
        let Node::Table(entries) = entry.node else { continue };
        let place = entry.place.clone();
        let read = config.inner(entry.place, entries, |inner| {
            let value_entry = inner.take("value");
            if value_entry.is_none() {
                inner.fault(FaultKind::Missing { what: "key", name: "value".into() });
            }
            let value_place = inner.place.clone();
            let unit_text = inner.optional_text("unit").unwrap_or_default();
            let unit = unit(inner, &unit_text, &value_place)?;
            let about = inner.optional_text("about").unwrap_or_default();
            let range = range(inner);
            let provenance = provenance(inner);
            let value = value(inner, &value_entry?)?;
            Some((unit, about, range, provenance, value))
        });
        let Some((unit, about, range, provenance, value)) = read else { continue };
        let kind = ParameterKind::Number {
            unit,
            low: 0.0,
            high: f64::INFINITY,
            may_be_unknown: unit.dimension() != Dimension::Fraction,
        };
        let spec = ParameterSpec { name: name.clone(), about, kind, default: None };
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
        return;
    };
    let Node::List(items) = entry.node else {
        let got = format!("connections is {}", entry.node.describe());
        let kind = FaultKind::NotAllowed { got, allowed: "a list of \"from -> to\"".into() };
        config.faults.push(entry.place, kind);
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
                    let Some(Node::Flag(open)) = open else {
                        inner.fault(FaultKind::NotAllowed {
                            got: "open without a value".into(),
                            allowed: "open = true or open = false".into(),
                        });
                        return None;
                    };
                    Some((text?, Switch { name: name?, open, provenance }))
                });
                if let Some((text, switch)) = read {
                    builder.connections.push(Connection { text, switch: Some(switch), place });
                }
            }
            node => {
                let got = format!("a connection is {}", node.describe());
                let allowed = "\"from -> to\" or { join = .., switch = .., open = .. }".into();
                config.faults.push(place, FaultKind::NotAllowed { got, allowed });
            }
        }
    }
}

fn read_leaving(config: &mut Config<'_>, builder: &mut Builder) {
    let Some(entry) = config.take("leaving") else { return };
    let Node::Table(entries) = entry.node else {
        let got = format!("leaving is {}", entry.node.describe());
        let allowed = "a table with products and losses".into();
        config.faults.push(entry.place, FaultKind::NotAllowed { got, allowed });
        return;
    };
    let read = config.inner(entry.place, entries, |inner| {
        [(Leaving::Product, inner.texts("products")), (Leaving::Loss, inner.texts("losses"))]
    });
    for (how, ports) in read {
        builder.leaving.extend(ports.into_iter().map(|(port, place)| (port, how, place)));
    }
}
