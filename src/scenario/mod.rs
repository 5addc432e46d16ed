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
//! *In:* files and tables of overrides. *Out:* scenarios, for a case to take over. *Order:* a
//! `table` reads its header by `columns`, then a scenario a row.
//!
//! ```
//! use gaschain::scenario::{Reading, Scenario};
//! let text = "name = 'late'\nchain = 'amur'\n[set]\n'kovykta.flow' = '6 bcm/yr'\n";
//! let scenario = Scenario::parse(text, "late.toml", Reading::default())?;
//! let solved = gaschain::amur::chain().case().apply(&scenario)?.solve()?;
//! assert!(solved.inlet("kovykta").unwrap().stopped_by.is_fully_drawn());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod columns;
mod table;

pub use crate::fs::Access;
pub(crate) use columns::{Column, columns};
pub use table::{Table, header, parse_table};

use crate::chain::Chain;
use crate::digest::inputs_of;
use crate::document::{self, Node};
use crate::error::Error;
use crate::fault::{FaultKind, Faults, Place};
use crate::fs::read_text;
use crate::param::{ParameterId, Sum, Value, Values};
use std::cell::OnceCell;
use std::collections::HashMap;
use std::path::Path;

/// How strictly values are read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reading {
    /// Divide the shares of a composition by their sum, where it is off 1 by at most 1 %; the sum
    /// is then a warning of the result.
    pub normalise: bool,
}

impl Reading {
    /// How far sums of compositions may be off.
    pub(crate) const fn sum(self) -> Sum {
        if self.normalise { Sum::Rounded } else { Sum::Exact }
    }
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

    /// The same scenario, its values and its chain read as strictly as is said.
    #[must_use]
    pub const fn read_as(mut self, reading: Reading) -> Self {
        self.reading = reading;
        self
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

    /// Judges what it sets where other addresses vary on top of it: what belongs to those is judged
    /// with what they vary, by [`Sweep::prepare`](crate::sweep::Sweep::prepare).
    ///
    /// # Errors
    /// All unknown addresses and values that do not fit, with their places.
    pub fn check_beside(&self, chain: &Chain, varied: &[&str]) -> Result<(), Error> {
        let mut faults = Faults::default();
        let varies = |address: &str| {
            varied.iter().any(|other| chain.parameter(other) == chain.parameter(address))
        };
        self.judge_beside(chain, varies, &mut faults);
        Ok(faults.into_result(())?)
    }

    /// The values of this scenario for a chain, as far as they fit it; what does not is added to
    /// other faults.
    pub(crate) fn judge(&self, chain: &Chain, faults: &mut Faults) -> Values {
        self.judge_beside(chain, |_| false, faults)
    }

    /// The same where what is at some addresses varies on top of it.
    pub(crate) fn judge_beside(
        &self,
        chain: &Chain,
        varies: impl Fn(&str) -> bool,
        faults: &mut Faults,
    ) -> Values {
        let mut values = chain.values();
        self.apply_beside(chain, &mut values, varies, faults);
        values
    }

    pub(crate) fn apply(&self, chain: &Chain, values: &mut Values, faults: &mut Faults) {
        self.apply_beside(chain, values, |_| false, faults);
    }

    fn apply_beside(
        &self,
        chain: &Chain,
        values: &mut Values,
        varies: impl Fn(&str) -> bool,
        faults: &mut Faults,
    ) {
        for Override { address, value, place } in &self.overrides {
            chain.set_summing(values, address, value, self.reading.sum(), place, faults);
        }
        self.judge_names(chain, faults);
        let set: OnceCell<HashMap<ParameterId, &Place>> = OnceCell::new();
        let place = |address: &str| {
            let set = set.get_or_init(|| {
                let placed = |change: &'_ Override| chain.parameter(&change.address);
                let found =
                    self.overrides.iter().filter_map(|one| Some((placed(one)?, &one.place)));
                found.collect()
            });
            let place = chain.parameter(address).and_then(|found| set.get(&found).copied());
            place.cloned().unwrap_or_else(|| Place::address(address))
        };
        chain.judge_beside(values, place, varies, faults);
    }

    /// One file sets a parameter once, whatever names it knows it by: a share by the name and by
    /// the formula of its species.
    fn judge_names(&self, chain: &Chain, faults: &mut Faults) {
        let written = self.overrides.iter().filter(|change| change.place.file.is_some());
        let found = |change: &Override| chain.parameter(&change.address);
        let has_others = |change: &Override| {
            found(change).is_some_and(|found| chain.parameters[found].address != change.address)
        };
        if !written.clone().any(has_others) {
            return;
        }
        let mut seen: HashMap<(ParameterId, Option<&str>), &Override> = HashMap::new();
        for change in written {
            let Some(parameter) = found(change) else { continue };
            let first = *seen.entry((parameter, change.place.file.as_deref())).or_insert(change);
            // the same name twice is a fault of the file
            if first.address != change.address {
                let name = format!("{}, which is {} too", change.address, first.address);
                let first = Some(Box::new(Place { address: None, ..first.place.clone() }));
                let kind = FaultKind::Duplicate { what: "address", name, first };
                faults.push(Place { address: None, ..change.place.clone() }, kind);
            }
        }
    }

    /// Hash of everything that determines the result, as far as the scenario fits the chain: that
    /// of [`Solved::inputs`](crate::Solved::inputs).
    #[must_use]
    pub fn inputs(&self, chain: &Chain) -> String {
        inputs_of(chain, &self.judge(chain, &mut Faults::default()))
    }

    /// How strictly its values, and those of its chain, are read.
    pub(crate) const fn reading(&self) -> Reading {
        self.reading
    }
}

/// Reads a table of overrides, as under `[set]`: an address that is there already is a fault.
pub(crate) fn read_overrides(
    entries: Vec<(String, document::Entry)>,
    overrides: &mut Vec<Override>,
    faults: &mut Faults,
) {
    let mut seen: HashMap<String, Place> = HashMap::new();
    for old in overrides.iter() {
        seen.insert(old.address.clone(), old.place.clone());
    }
    for (address, entry) in flattened(entries) {
        let place = entry.place.clone().at_address(&address);
        if let Some(first) = seen.get(&address) {
            let first = Place { address: None, ..first.clone() };
            let first = Some(Box::new(first));
            let (what, name) = ("address", address);
            faults.push(entry.place, FaultKind::Duplicate { what, name, first });
            continue;
        }
        match crate::chain::value_of(&entry) {
            Ok(value) => {
                seen.insert(address.clone(), place.clone());
                overrides.push(Override { address, value, place });
            }
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
