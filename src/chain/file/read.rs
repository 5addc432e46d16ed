//! Chain folders: `chain.toml`, the files of inner chains and the CSV tables that they name.
//!
//! Their keys are those of the page of the [formats](crate::formats).

use super::folder::{CHAIN_FILE, Folder, SPECIES_FILE};
use super::level::Reader;
use crate::chain::build::assemble;
use crate::chain::model::Chain;
use crate::document::Entry;
use crate::document::csv::{Table, Tables};
use crate::error::Error;
use crate::fault::{FaultKind, Faults};
use crate::scenario::Reading;
use crate::species::Slate;
use crate::stage::Config;
use crate::stage::Kinds;
use std::path::Path;

impl Folder {
    /// Builds the chain that the folder describes, of the shipped kinds of stages.
    ///
    /// # Errors
    /// All faults of all its files.
    pub fn chain(&self) -> Result<Chain, Error> {
        self.chain_with(&Kinds::shipped())
    }

    /// Builds the chain that the folder describes, of these kinds of stages.
    ///
    /// # Errors
    /// All faults of all its files.
    pub fn chain_with(&self, kinds: &Kinds) -> Result<Chain, Error> {
        self.chain_read_with(kinds, Reading::default())
    }

    /// The same, its tables of feeds and its compositions read as strictly as is said.
    ///
    /// # Errors
    /// All faults of all its files.
    pub fn chain_read_with(&self, kinds: &Kinds, reading: Reading) -> Result<Chain, Error> {
        let mut faults = Faults::default();
        let mut tables = Tables::named(self.names(".csv").cloned());
        let mut of_documents = Faults::default();
        let (mut documents, named) = self.named(&mut of_documents);
        for file in &named {
            let path = self.path_of(file);
            let bytes = self.files.get(file).map(Vec::as_slice).unwrap_or_default();
            tables.insert(file.clone(), Table::read(bytes, &path, &mut faults));
        }
        if !self.files.contains_key(CHAIN_FILE) {
            self.text(CHAIN_FILE, &mut faults);
        }
        faults.append(of_documents);
        let entries = documents.remove(CHAIN_FILE).flatten();
        let Some(mut entries) = entries else { return Err(faults.in_order().into()) };
        let slate = species(&mut entries, &tables, &mut faults);
        let mut reader = Reader::new(self, kinds, &tables, &documents, faults);
        reader.sum = reading.sum();
        let mut builder = reader.chain(CHAIN_FILE, &slate, entries);
        let (faults, read) = reader.finish();
        builder.faults = faults;
        Ok(assemble(builder).map_err(|faults| faults.starting_with(&read))?)
    }
}

impl Chain {
    /// Reads a chain folder.
    ///
    /// # Errors
    /// All faults of all its files.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Error> {
        Folder::open(path.as_ref())?.chain()
    }
}

/// The species: the shipped ones and the folder's own, of which `species` chooses.
fn species(entries: &mut Vec<(String, Entry)>, tables: &Tables, faults: &mut Faults) -> Slate {
    let mut slate = Slate::shipped();
    if let Some(table) = tables.get(SPECIES_FILE) {
        let own = Slate::from_table(table, faults);
        match slate.clone().extended(own) {
            Ok(extended) => slate = extended,
            Err(doubled) => {
                let column = table.column("species").unwrap_or_default();
                for fault in Faults::from(doubled).iter() {
                    let named = |row: &usize| {
                        fault.place.address.as_deref() == Some(table.text(*row, column))
                    };
                    let row = (0..table.len()).find(named).unwrap_or_default();
                    faults.push(table.place(row, column), fault.kind.clone());
                }
            }
        }
    }
    let Some(at) = entries.iter().position(|(key, _)| key == "species") else { return slate };
    let (_, entry) = entries.remove(at);
    let no_tables = Tables::default();
    let (place, before) = (entry.place.clone(), faults.count());
    let mut config = Config::new(&slate, &no_tables, place.clone(), Vec::new(), faults);
    let names = config.list_of_texts("species", entry);
    let mut chosen: Vec<String> = Vec::new();
    for (name, place) in names {
        let Some(index) = config.species_named(&name, place.clone()) else { continue };
        let full = config.slate.get(index).name.clone();
        if chosen.contains(&full) {
            let kind = FaultKind::Duplicate { what: "species", name, first: None };
            config.faults.push(place, kind);
        } else {
            chosen.push(full);
        }
    }
    if faults.count() == before && chosen.is_empty() {
        let got = "an empty list of species".into();
        let allowed = "names of species, or no such key for all of them".into();
        faults.push(place, FaultKind::NotAllowed { got, allowed });
    }
    if faults.count() > before {
        return slate;
    }
    slate.chosen(&chosen).unwrap_or(slate)
}
