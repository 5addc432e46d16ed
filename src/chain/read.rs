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

use super::file::Reader;
use super::folder::{CHAIN_FILE, Folder};
use super::model::Chain;
use crate::document::{self, Entry};
use crate::fault::{FaultKind, Faults, Place};
use crate::species::Slate;
use crate::stage::config::Config;
use crate::table::Table;
use std::collections::BTreeMap;
use std::path::Path;

impl Folder {
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
        let slate = species(&mut entries, &tables, &mut faults);
        let mut reader = Reader::new(self, &tables, faults);
        let mut builder = reader.chain(CHAIN_FILE, &slate, entries);
        builder.inputs =
            self.files.iter().map(|(name, bytes)| (name.clone(), bytes.clone())).collect();
        builder.faults = reader.into_faults();
        builder.build()
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

/// The species: the shipped ones and the folder's own, of which `species` chooses.
fn species(
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
    let no_tables = BTreeMap::new();
    let mut config = Config::new(&slate, &no_tables, entry.place.clone(), Vec::new(), faults);
    let names = config.list_of_texts("species", entry);
    let mut chosen: Vec<String> = Vec::new();
    for (name, place) in names {
        if chosen.contains(&name) {
            let kind = FaultKind::Duplicate { what: "species", name, first: None };
            config.faults.push(place, kind);
        } else if config.species_named(&name, place).is_some() {
            chosen.push(name);
        }
    }
    slate.chosen(&chosen).unwrap_or(slate)
}
