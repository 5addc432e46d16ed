//! Chain folders: `chain.toml`, the files of inner chains and the CSV tables beside it.
//!
//! ```toml
//! name = "Helium from a small field"
//! species = ["methane", "nitrogen", "helium"]     # of the shipped ones and species.csv; all if left out
//! connections = ["field -> membrane", "membrane.gas -> city"]
//!
//! [stages.field]
//! kind = "supply"
//! feeds = "feeds.csv"
//! set.flow = { value = "2 bcm/yr", evidence = "assumed" }
//! set.composition = "field"
//!
//! [stages.membrane]
//! kind = "separate"
//! remainder = "gas"
//! recover.helium = { species = ["helium"], to = "helium" }
//! set.helium = { value = "90 %", range = ["50 %", "99 %"], evidence = "assumed", source = "..." }
//!
//! [stages.city]
//! kind = "market"
//! product = "sales_gas"
//! limits.demand = { of = "volume", at_most = "1.5 bcm/yr", unit = "bcm/yr", evidence = "published" }
//!
//! [leaving]
//! products = ["city.sales_gas", "membrane.helium"]
//! losses = []
//!
//! [[products]]
//! name = "sales gas"
//! at = "city.sales_gas"
//! of = "volume"
//! unit = "bcm/yr"
//! ```
//!
//! An inner chain is a stage with `chain = "file.toml"` in place of a kind; its file has
//! `inlets`, `outlets`, `[parameters]`, `[limits]` and `[expose]` of its own.

use super::blueprint::{
    Announced, Builder, Connection, InletPort, Leaving, Node as Member, NodeKind, OwnParameter,
    Product, Setting, Switch,
};
use super::Chain;
use crate::document::{self, Entry, Node};
use crate::evidence::{Evidence, Provenance};
use crate::fault::{FaultKind, Faults, Place};
use crate::limit::{Direction, Factor, Limit, Load};
use crate::measure::Measure;
use crate::param::{ParameterKind, ParameterSpec, Value};
use crate::quantity::{Quantity, Unit};
use crate::species::Slate;
use crate::stage::config::Config;
use crate::stage::kinds::KINDS;
use crate::table::{self, Table};
use std::collections::BTreeMap;
use std::path::Path;

/// The files of a chain folder, read from disk or built in.
#[derive(Debug, Clone, Default)]
pub struct Folder {
    /// What messages call it.
    pub name: String,
    /// File names with their contents.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// The file a chain folder starts from.
pub const CHAIN_FILE: &str = "chain.toml";

impl Folder {
    /// Reads the `.toml` and `.csv` files of a folder.
    ///
    /// # Errors
    /// Files that cannot be read.
    pub fn open(path: &Path) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let mut folder = Self { name: path.display().to_string(), files: BTreeMap::new() };
        let mut fault = |path: &Path, error: &std::io::Error| {
            let place = Place::file(path.display().to_string());
            let path = path.display().to_string();
            faults.push(place, FaultKind::File { action: "read", path, why: error.to_string() });
        };
        match std::fs::read_dir(path) {
            Err(error) => fault(path, &error),
            Ok(entries) => {
                for file in entries.flatten().map(|entry| entry.path()) {
                    let wanted = file
                        .extension()
                        .is_some_and(|ending| ending == "toml" || ending == "csv");
                    if !wanted || !file.is_file() {
                        continue;
                    }
                    let name = file.file_name().map(|name| name.to_string_lossy().into_owned());
                    match (std::fs::read(&file), name) {
                        (Ok(bytes), Some(name)) => {
                            folder.files.insert(name, bytes);
                        }
                        (Err(error), _) => fault(&file, &error),
                        (Ok(_), None) => {}
                    }
                }
            }
        }
        faults.into_result(folder)
    }

    /// What messages call a file of this folder.
    fn path_of(&self, file: &str) -> String {
        if self.name.is_empty() { file.to_owned() } else { format!("{}/{file}", self.name) }
    }

    fn text(&self, file: &str, faults: &mut Faults) -> Option<String> {
        let path = self.path_of(file);
        match self.files.get(file) {
            Some(bytes) => table::decode(bytes, &path, faults),
            None => {
                let kind = FaultKind::Missing { what: "file", name: file.to_owned() };
                faults.push(Place::file(path), kind);
                None
            }
        }
    }

    /// Builds the chain that the folder describes.
    ///
    /// # Errors
    /// All faults of all its files.
    pub fn chain(&self) -> Result<Chain, Faults> {
        let mut faults = Faults::default();
        let mut tables = BTreeMap::new();
        for file in self.files.keys().filter(|file| file.ends_with(".csv")) {
            if let Some(text) = self.text(file, &mut faults) {
                tables.insert(file.clone(), Table::parse(&text, &self.path_of(file), &mut faults));
            }
        }
        let mut entries = self
            .text(CHAIN_FILE, &mut faults)
            .map(|text| document::parse(&text, &self.path_of(CHAIN_FILE), &mut faults))
            .unwrap_or_default();
        let slate = self.slate(&mut entries, &tables, &mut faults);
        let mut reader = Reader { folder: self, tables: &tables, faults, open: Vec::new() };
        let mut builder = reader.chain(CHAIN_FILE, &slate, entries);
        builder.inputs =
            self.files.iter().map(|(name, bytes)| (name.clone(), bytes.clone())).collect();
        builder.faults = reader.faults;
        builder.build()
    }

    /// The species: the shipped ones and the folder's own, of which `species` chooses.
    fn slate(
        &self,
        entries: &mut Vec<(String, Entry)>,
        tables: &BTreeMap<String, Table>,
        faults: &mut Faults,
    ) -> Slate {
        let mut slate = Slate::shipped();
        if let Some(table) = tables.get("species.csv") {
            let own = Slate::from_table(table, faults);
            match slate.clone().extended(own) {
                Ok(extended) => slate = extended,
                Err(doubled) => {
                    for fault in doubled.0 {
                        faults.push(Place::file(&table.file), fault.kind);
                    }
                }
            }
        }
        let Some(at) = entries.iter().position(|(key, _)| key == "species") else { return slate };
        let (_, entry) = entries.remove(at);
        let tables = BTreeMap::new();
        let mut config = Config::new(&slate, &tables, entry.place.clone(), Vec::new(), faults);
        let names = config.list_of_texts("species", entry);
        let mut chosen: Vec<&str> = Vec::new();
        for (name, place) in &names {
            if config.species_named(name, place.clone()).is_some() {
                if chosen.contains(&name.as_str()) {
                    let kind =
                        FaultKind::Duplicate { what: "species", name: name.clone(), first: None };
                    faults.push(place.clone(), kind);
                    return slate;
                }
                chosen.push(name);
            } else {
                return slate;
            }
            config = Config::new(&slate, &tables, place.clone(), Vec::new(), faults);
        }
        slate.chosen(chosen).unwrap_or(slate)
    }
}

impl Chain {
    /// Reads a chain folder.
    ///
    /// # Errors
    /// All faults of all its files.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Faults> {
        Folder::open(path.as_ref())?.chain()
    }
}

struct Reader<'a> {
    folder: &'a Folder,
    tables: &'a BTreeMap<String, Table>,
    faults: Faults,
    /// Chain files being read, outermost first.
    open: Vec<String>,
}

type Entries = Vec<(String, Entry)>;

impl Reader<'_> {
    fn chain(&mut self, file: &str, slate: &Slate, entries: Entries) -> Builder {
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

/// The entries of a table under `key`; none where it is absent.
fn table_under(config: &mut Config<'_>, key: &str) -> Entries {
    let Some(entry) = config.take(key) else { return Vec::new() };
    match entry.node {
        Node::Table(entries) => entries,
        node => {
            let got = format!("{key} is {}", node.describe());
            let kind = FaultKind::NotAllowed { got, allowed: "a table".into() };
            config.faults.push(entry.place, kind);
            Vec::new()
        }
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

fn unit(config: &mut Config<'_>, text: &str, place: &Place) -> Option<Unit> {
    match Unit::parse(text) {
        Ok(unit) => Some(unit),
        Err(error) => {
            let kind = crate::param::unit_fault(text, &error);
            config.faults.push(place.clone(), kind);
            None
        }
    }
}

/// `evidence` and `source` of a table; assumed where nothing is said.
fn provenance(config: &mut Config<'_>) -> Provenance {
    let evidence = config.optional_text("evidence").map(|text| text.parse::<Evidence>());
    let source = config.optional_text("source").unwrap_or_default();
    let evidence = match evidence {
        Some(Ok(evidence)) => evidence,
        Some(Err(kind)) => {
            config.fault(kind);
            Evidence::Assumed
        }
        None => Evidence::Assumed,
    };
    Provenance { evidence, source }
}

/// A value as files write it.
pub(crate) fn value_of(entry: &Entry) -> Result<Value, FaultKind> {
    match &entry.node {
        Node::Text(text) => Ok(Value::Text(text.clone())),
        Node::Number(number) => Ok(Value::Quantity(Quantity::fraction(*number))),
        Node::Flag(flag) => Ok(Value::Flag(*flag)),
        Node::Table(parts) => {
            let mut shares = Vec::new();
            for (species, share) in parts {
                let fraction = match &share.node {
                    Node::Number(number) => Some(*number),
                    Node::Text(text) => text.parse::<Quantity>().ok().map(Quantity::si),
                    _ => None,
                };
                let Some(fraction) = fraction else {
                    return Err(FaultKind::NotAllowed {
                        got: format!("{species} is {}", share.node.describe()),
                        allowed: "a mole fraction, such as 0.92 or \"92 %\"".into(),
                    });
                };
                shares.push((species.clone(), fraction));
            }
            Ok(Value::Composition(shares))
        }
        Node::List(_) => Err(FaultKind::NotAllowed {
            got: "a list".into(),
            allowed: "a text, a number, true or false, or mole fractions by species".into(),
        }),
    }
}

fn value(config: &mut Config<'_>, entry: &Entry) -> Option<Value> {
    value_of(entry).map_err(|kind| config.faults.push(entry.place.clone(), kind)).ok()
}

/// `[low, high]` under `range`.
fn range(config: &mut Config<'_>) -> Option<(Value, Value)> {
    let entry = config.take("range")?;
    let Node::List(ends) = &entry.node else {
        let got = format!("range is {}", entry.node.describe());
        let kind = FaultKind::NotAllowed { got, allowed: "[low, high]".into() };
        config.faults.push(entry.place, kind);
        return None;
    };
    let [low, high] = &ends[..] else {
        let got = format!("range of {} values", ends.len());
        let kind = FaultKind::NotAllowed { got, allowed: "[low, high]".into() };
        config.faults.push(entry.place, kind);
        return None;
    };
    Some((value(config, low)?, value(config, high)?))
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
            may_be_unknown: unit.dimension() != crate::quantity::Dimension::Fraction,
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

/// `address = value`, or `address = { value, range, evidence, source }`.
fn read_setting(config: &mut Config<'_>, builder: &mut Builder, address: String, entry: Entry) {
    let place = entry.place.clone();
    let detailed = matches!(&entry.node, Node::Table(entries)
        if entries.iter().any(|(key, _)| key == "value"));
    let setting = if let (true, Node::Table(entries)) = (detailed, entry.node.clone()) {
        config.inner(entry.place, entries, |inner| {
            let value_entry = inner.take("value")?;
            let range = range(inner);
            let provenance = provenance(inner);
            Some((value(inner, &value_entry)?, range, provenance))
        })
    } else {
        value(config, &entry).map(|value| (value, None, Provenance::assumed()))
    };
    if let Some((value, range, provenance)) = setting {
        builder.settings.push(Setting { address, value, provenance, range, place });
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

fn read_limit(
    config: &mut Config<'_>,
    builder: &mut Builder,
    stage: Option<&str>,
    name: &str,
    entry: Entry,
) {
    let place = entry.place.clone();
    let Node::Table(entries) = entry.node else {
        let got = format!("limit {name} is {}", entry.node.describe());
        config.faults.push(place, FaultKind::NotAllowed { got, allowed: "a table".into() });
        return;
    };
    let full = stage.map_or_else(|| name.to_owned(), |stage| format!("{stage}.{name}"));
    let slate = config.slate;
    let limit = config.inner(entry.place, entries, |inner| {
        let at = inner.optional_text("at");
        let stated = inner.optional_text("states");
        let of = inner.optional_text("of");
        let load = match (stated, of) {
            (Some(load), None) => {
                let load = stage.map_or_else(|| load.clone(), |stage| format!("{stage}.{load}"));
                Some(Load::Stated { load })
            }
            (None, Some(of)) => match Measure::parse(&of, slate) {
                Ok(measure) => {
                    let port = match (stage, at) {
                        (Some(stage), Some(at)) => format!("{stage}.{at}"),
                        (Some(stage), None) => stage.to_owned(),
                        (None, at) => at.unwrap_or_else(|| name.to_owned()),
                    };
                    Some(Load::Port { port, measure })
                }
                Err(kind) => {
                    inner.fault(kind);
                    None
                }
            },
            _ => {
                inner.fault(FaultKind::NotAllowed {
                    got: format!("limit {full}"),
                    allowed: "either \"of\" (a measure of a port) or \"states\" (a load a stage states)"
                        .into(),
                });
                None
            }
        };
        let (most, least) = (inner.take("at_most"), inner.take("at_least"));
        let (direction, capacity) = match (most, least) {
            (Some(capacity), None) => (Direction::AtMost, capacity),
            (None, Some(capacity)) => (Direction::AtLeast, capacity),
            _ => {
                inner.fault(FaultKind::NotAllowed {
                    got: format!("limit {full}"),
                    allowed: "either at_most or at_least".into(),
                });
                return None;
            }
        };
        let unit_place = inner.place.clone();
        let unit_text = inner.optional_text("unit");
        let unit = match (&unit_text, &load) {
            (Some(text), _) => unit(inner, text, &unit_place),
            (None, Some(Load::Port { measure, .. })) => Some(measure.unit()),
            _ => {
                inner.fault(FaultKind::Missing { what: "key", name: "unit".into() });
                None
            }
        };
        let provenance = provenance(inner);
        let times = inner.texts("times");
        let throttles = inner.take("throttles").map(|entry| inner.list_of_texts("throttles", entry));
        let mut factors = match &capacity.node {
            Node::List(_) => inner
                .list_of_texts("at_most", capacity)
                .into_iter()
                .map(|(name, _)| Factor::Parameter(name))
                .collect(),
            _ => vec![Factor::Own { value: value(inner, &capacity)?, provenance }],
        };
        factors.extend(times.into_iter().map(|(name, _)| Factor::Parameter(name)));
        Some(Limit {
            name: full,
            direction,
            load: load?,
            capacity: factors,
            unit: unit?,
            throttles: throttles.map(|names| names.into_iter().map(|(name, _)| name).collect()),
        })
    });
    builder.limits.extend(limit.map(|limit| (limit, place)));
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

fn read_products(config: &mut Config<'_>, builder: &mut Builder) {
    let slate = config.slate;
    for (place, entries) in config.tables_under("products") {
        let product = config.inner(place.clone(), entries, |inner| {
            let name = inner.text("name");
            let port = inner.text("at");
            let of = inner.text("of");
            let unit_text = inner.text("unit");
            let group = inner.optional_text("group").unwrap_or_default();
            let agreement = inner.take("agreement").and_then(|entry| match entry.node {
                Node::Table(entries) => Some(inner.inner(entry.place, entries, provenance)),
                node => {
                    inner.fault(FaultKind::NotAllowed {
                        got: format!("agreement is {}", node.describe()),
                        allowed: "{ evidence = .., source = .. }".into(),
                    });
                    None
                }
            });
            let unit = unit(inner, &unit_text?, &place)?;
            let measure = Measure::parse(&of?, slate).map_err(|kind| inner.fault(kind)).ok()?;
            if unit.dimension() != measure.dimension() {
                inner.fault(FaultKind::WrongDimension {
                    got: unit.to_string(),
                    got_dimension: unit.dimension().to_string(),
                    allowed: measure.dimension().to_string(),
                });
            }
            let (name, port, announced) = (name?, port?, None);
            Some(Product { name, port, measure, unit, group, announced, agreement })
        });
        if let Some(product) = product {
            if builder.products.iter().any(|(other, _)| other.name == product.name) {
                let name = product.name;
                let kind = FaultKind::Duplicate { what: "product", name, first: None };
                config.faults.push(place, kind);
            } else {
                builder.products.push((product, place));
            }
        }
    }
    if let Some(file) = config.optional_text("announced") {
        let tables = config.tables;
        match tables.get(&file) {
            Some(table) => read_announced(config, builder, table),
            None => config.fault(FaultKind::unknown("table", &file, tables.keys())),
        }
    }
}

/// Announced figures: the rows of status `current` stand beside the product of their name.
fn read_announced(config: &mut Config<'_>, builder: &mut Builder, table: &Table) {
    let required = ["product", "status", "value", "unit", "evidence", "source"];
    let optional = ["plant", "value_low", "value_high", "condition", "note"];
    table.check_columns(&required, &optional, config.faults);
    let columns = required.map(|name| table.column(name));
    let [Some(product), Some(status), Some(value), Some(unit), Some(evidence), Some(source)] =
        columns
    else {
        return;
    };
    for row in 0..table.rows.len() {
        let statuses = ["current", "alternative", "context"];
        let state = table.text(row, status);
        if !statuses.contains(&state) {
            let kind = FaultKind::unknown("status", state, statuses);
            config.faults.push(table.place(row, status), kind);
        }
        let name = table.text(row, product);
        let Some((found, _)) = builder.products.iter_mut().find(|(p, _)| p.name == name) else {
            continue;
        };
        if state != "current" {
            continue;
        }
        let place = table.place(row, unit);
        let text = table.text(row, unit);
        let faults = &mut *config.faults;
        let announced_unit = match Unit::parse(text) {
            Ok(unit) if unit.dimension() == found.unit.dimension() => unit,
            Ok(other) => {
                faults.push(
                    place,
                    FaultKind::WrongDimension {
                        got: text.to_owned(),
                        got_dimension: other.dimension().to_string(),
                        allowed: found.unit.dimension().to_string(),
                    },
                );
                continue;
            }
            Err(error) => {
                faults.push(place, crate::param::unit_fault(text, &error));
                continue;
            }
        };
        let evidence = match table.text(row, evidence).parse::<Evidence>() {
            Ok(evidence) => evidence,
            Err(kind) => {
                faults.push(table.place(row, evidence), kind);
                continue;
            }
        };
        let Some(figure) = table.number(row, value, faults) else { continue };
        let figure = if announced_unit == found.unit {
            figure
        } else {
            found.unit.from_si(announced_unit.to_si(figure))
        };
        let provenance = Provenance { evidence, source: table.text(row, source).to_owned() };
        found.announced = Some(Announced { value: figure, provenance });
    }
}
