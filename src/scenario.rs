//! Scenarios: files and tables of overrides, and running them.
//!
//! ```toml
//! name  = "Kovykta two years late"
//! chain = "amur"                         # the shipped chain, or a path to a chain folder
//! [set]
//! "kovykta.flow"  = "6 bcm/yr"
//! "gpp.trains"    = 4
//! ```
//!
//! A table is a CSV with a `name` column and a column an address; a blank cell changes nothing.
//!
//! ```
//! use gaschain::scenario::{Reading, Scenario};
//! let text = "name = 'late'\nchain = 'amur'\n[set]\n'kovykta.flow' = '6 bcm/yr'\n";
//! let scenario = Scenario::parse(text, "late.toml", Reading::default())?;
//! let solved = gaschain::amur::chain().case().apply(&scenario)?.solve()?;
//! assert!(solved.inlet("kovykta").unwrap().stopped_by.is_fully_drawn());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use crate::chain::Chain;
use crate::digest::inputs_of;
use crate::document::csv::Table;
use crate::document::{self, Node, csv as table};
use crate::error::Error;
use crate::fault::{FaultKind, Faults, Place};
use crate::param::{Value, Values};
use std::path::Path;

/// How strictly values are read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reading {
    /// Divide mole fractions by their sum, however far it is off 1.
    pub normalise: bool,
}

/// An override: a value for a parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Override {
    /// Address of the parameter.
    pub address: String,
    /// The value as written.
    pub value: Value,
    /// Where it is written.
    pub place: Place,
}

/// A scenario: a chain, and what is different in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// Its name.
    pub name: String,
    /// The shipped chain's name, or a path to a chain folder.
    pub chain: String,
    /// The question it answers, where the file says.
    pub question: Option<String>,
    /// What is different.
    pub overrides: Vec<Override>,
    reading: Reading,
    /// Where the chain is named.
    pub(crate) chain_place: Place,
}

/// Keys a scenario file may hold.
pub(crate) const KEYS: [&str; 4] = ["name", "chain", "question", "set"];

impl Scenario {
    /// A scenario without overrides.
    #[must_use]
    pub fn new(name: &str, chain: &str) -> Self {
        Self {
            name: name.to_owned(),
            chain: chain.to_owned(),
            question: None,
            overrides: Vec::new(),
            reading: Reading::default(),
            chain_place: Place::address("chain"),
        }
    }

    /// Reads a scenario file's text; addresses and values are judged by
    /// [`Case::apply`](crate::Case::apply).
    ///
    /// # Errors
    /// Every fault of the file's form: syntax, unknown keys, missing keys, values of no kind.
    pub fn parse(text: &str, file: &str, reading: Reading) -> Result<Self, Error> {
        let mut faults = Faults::default();
        let scenario = Self::parse_into(text, file, reading, &mut faults);
        Ok(faults.into_result(scenario)?)
    }

    fn parse_into(text: &str, file: &str, reading: Reading, faults: &mut Faults) -> Self {
        let mut scenario = Self::new("", "");
        scenario.reading = reading;
        let start = Place::file(file);
        let mut seen = Vec::new();
        let Some(entries) = document::parse(text, file, faults) else { return scenario };
        for (key, entry) in entries {
            match (key.as_str(), entry.node) {
                ("name", Node::Text(name)) => scenario.name = name,
                ("chain", Node::Text(chain)) => {
                    scenario.chain = chain;
                    scenario.chain_place = entry.place;
                }
                ("question", Node::Text(question)) => scenario.question = Some(question),
                ("set", Node::Table(entries)) => {
                    read_overrides(entries, &mut scenario.overrides, faults);
                }
                (known, node) if KEYS.contains(&known) => {
                    let got = format!("{known} is {}", node.describe());
                    let allowed = if known == "set" { "a table" } else { "a text" };
                    let allowed = allowed.to_owned();
                    faults.push(entry.place, FaultKind::NotAllowed { got, allowed });
                }
                (other, _) => {
                    let kind = FaultKind::unknown("key", other, KEYS);
                    // a key that is misspelt is not missing as well
                    seen.extend(kind.likely().map(str::to_owned));
                    faults.push(entry.place, kind);
                }
            }
            seen.push(key);
        }
        for key in ["name", "chain"] {
            if !seen.iter().any(|other| other == key) {
                let name = key.to_owned();
                faults.push(start.clone(), FaultKind::Missing { what: "key", name });
            }
        }
        scenario
    }

    /// Reads a scenario file.
    ///
    /// # Errors
    /// A file that cannot be read or is not UTF-8, and all faults of [`Scenario::parse`].
    pub fn read(path: &Path, reading: Reading) -> Result<Self, Error> {
        let mut faults = Faults::default();
        let text = read_text(path, &mut faults).unwrap_or_default();
        faults.into_result(())?;
        Self::parse(&text, &path.display().to_string(), reading)
    }

    /// Reads a scenario file as far as it can be read, adding its faults to others: the rest can
    /// then be judged with [`Case::apply`](crate::Case::apply), and everything reported together.
    pub fn gather(path: &Path, reading: Reading, faults: &mut Faults) -> Self {
        match read_text(path, faults) {
            Some(text) => Self::parse_into(&text, &path.display().to_string(), reading, faults),
            None => Self::new("", ""),
        }
    }

    /// The same scenario with one more override, from a program or a command line.
    #[must_use]
    pub fn setting(mut self, address: &str, value: impl Into<Value>) -> Self {
        self.overrides.push(Override {
            address: address.to_owned(),
            value: value.into(),
            place: Place::address(address),
        });
        self
    }

    /// The values of this scenario for a chain, as far as they fit it; what does not is added to
    /// other faults.
    pub(crate) fn judge(&self, chain: &Chain, faults: &mut Faults) -> Values {
        let mut values = chain.values();
        self.apply(chain, &mut values, faults);
        values
    }

    pub(crate) fn apply(&self, chain: &Chain, values: &mut Values, faults: &mut Faults) {
        for change in &self.overrides {
            let value = match (&change.value, self.reading.normalise) {
                (Value::Composition(parts), true) => {
                    let sum: f64 = parts.iter().map(|(_, share)| share).sum();
                    let scale = if sum > 0.0 { 1.0 / sum } else { 1.0 };
                    let scaled = parts.iter().map(|(name, share)| (name.clone(), share * scale));
                    Value::Composition(scaled.collect())
                }
                (value, _) => value.clone(),
            };
            chain.set_at(values, &change.address, &value, &change.place, faults);
        }
    }

    /// Hash of everything that determines the result, as far as the scenario fits the chain: that
    /// of [`Solved::inputs`](crate::Solved::inputs).
    #[must_use]
    pub fn inputs(&self, chain: &Chain) -> String {
        inputs_of(chain, &self.judge(chain, &mut Faults::default()))
    }
}

/// Reads a table of overrides, as under `[set]`: an address that is there already is a fault.
pub(crate) fn read_overrides(
    entries: Vec<(String, document::Entry)>,
    overrides: &mut Vec<Override>,
    faults: &mut Faults,
) {
    for (address, entry) in flattened(entries) {
        let place = entry.place.clone().at_address(&address);
        let doubled = |other: &&Override| other.address == address;
        if let Some(first) = overrides.iter().find(doubled) {
            let first = Place { address: None, ..first.place.clone() };
            let first = Some(Box::new(first));
            let (what, name) = ("address", address);
            faults.push(entry.place, FaultKind::Duplicate { what, name, first });
            continue;
        }
        match crate::chain::value_of(&entry) {
            Ok(value) => overrides.push(Override { address, value, place }),
            Err(kind) => faults.push(place, kind),
        }
    }
}

/// Quoted and unquoted addresses mean the same: `"gpp.trains" = 4` and `gpp.trains = 4`. Mole
/// fractions by species, under a parameter called `composition`, are one value.
fn flattened(entries: Vec<(String, document::Entry)>) -> Vec<(String, document::Entry)> {
    let mut flat = Vec::new();
    for (key, entry) in entries {
        match entry.node {
            Node::Table(inner) if key.rsplit('.').next() != Some("composition") => {
                let inner = flattened(inner).into_iter();
                flat.extend(inner.map(|(rest, entry)| (format!("{key}.{rest}"), entry)));
            }
            node => flat.push((key, document::Entry { node, place: entry.place })),
        }
    }
    flat
}

/// Text of a file; one that cannot be read or is not UTF-8 is a fault.
pub(crate) fn read_text(path: &Path, faults: &mut Faults) -> Option<String> {
    let name = path.display().to_string();
    match std::fs::read(path) {
        Ok(bytes) => table::decode(&bytes, &name, faults),
        Err(error) => {
            let why = error.to_string();
            let kind = FaultKind::File { action: "read", path: name.clone(), why };
            faults.push(Place::file(name), kind);
            None
        }
    }
}

/// Reads a scenario table: a `name` column, and a column an address.
///
/// All scenarios are judged against `chain`; `chain_name` is what they call it.
///
/// # Errors
/// All faults of the table: ragged rows, doubled and unknown columns, doubled names, values that
/// do not fit, each with file, line and column.
pub fn read_table(
    path: &Path,
    chain: &Chain,
    chain_name: &str,
    reading: Reading,
) -> Result<Vec<Scenario>, Error> {
    let mut faults = Faults::default();
    let text = read_text(path, &mut faults).unwrap_or_default();
    faults.into_result(())?;
    parse_table(&text, &path.display().to_string(), chain, chain_name, reading)
}

/// Reads a scenario table's text; see [`read_table`].
///
/// # Errors
/// As [`read_table`].
pub fn parse_table(
    text: &str,
    file: &str,
    chain: &Chain,
    chain_name: &str,
    reading: Reading,
) -> Result<Vec<Scenario>, Error> {
    let mut faults = Faults::default();
    let table = Table::parse(text, file, &mut faults);
    let addresses: Vec<&str> =
        chain.parameters().iter().map(|parameter| parameter.address.as_str()).collect();
    table.check_columns(&["name"], &addresses, &mut faults);
    let mut scenarios: Vec<Scenario> = Vec::new();
    let Some(name_column) = table.column("name") else { return Err(faults.in_order().into()) };
    for row in 0..table.rows.len() {
        let name = table.text(row, name_column).to_owned();
        let place = table.place(row, name_column);
        if name.is_empty() {
            let kind = FaultKind::Missing { what: "text in column", name: "name".into() };
            faults.push(place, kind);
        } else if let Some(first) = scenarios.iter().position(|other| other.name == name) {
            let first = Some(Box::new(table.place(first, name_column)));
            let kind = FaultKind::Duplicate { what: "scenario", name: name.clone(), first };
            faults.push(place, kind);
        }
        let mut scenario = Scenario::new(&name, chain_name);
        scenario.reading = reading;
        for (column, address) in table.header.iter().enumerate() {
            let cell = table.text(row, column);
            if column != name_column && !cell.is_empty() && addresses.contains(&address.as_str()) {
                scenario.overrides.push(Override {
                    address: address.clone(),
                    value: Value::Text(cell.to_owned()),
                    place: table.place(row, column),
                });
            }
        }
        scenario.judge(chain, &mut faults);
        scenarios.push(scenario);
    }
    Ok(faults.into_result(scenarios)?)
}
