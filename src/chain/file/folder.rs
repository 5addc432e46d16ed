//! The files of a chain folder, on disk or built in.

use crate::document::{self, Entry, Node, text};
use crate::error::Error;
use crate::fault::{FaultKind, Faults, Place};
use crate::fs::{self, Access};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The files of a chain folder, read from disk or built in ([their keys](crate::formats)).
#[derive(Debug, Clone, Default)]
pub struct Folder {
    /// What messages call it.
    pub name: String,
    /// File names with their contents. Of these the chain is made of `chain.toml`, the chain files
    /// and tables that are named from there on, and `species.csv`.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Names of files that lie beside them and were not read, because no file names them.
    pub others: BTreeSet<String>,
}

/// The file a chain folder starts from.
pub const CHAIN_FILE: &str = "chain.toml";

/// The table of a chain's own species, which is read without being named.
pub(super) const SPECIES_FILE: &str = "species.csv";

/// What stands in a chain file.
type Entries = Vec<(String, Entry)>;

/// Chain files that were read, each with what stands in it, where that could be read.
pub(super) type Documents = BTreeMap<String, Option<Entries>>;

impl Folder {
    /// Reads a chain folder: `chain.toml`, and from there on what is named.
    ///
    /// # Errors
    /// Files that cannot be read, or that links lead to outside of the folder.
    pub fn open(path: &Path) -> Result<Self, Error> {
        Self::open_with(path, &Access::default())
    }

    /// Reads a chain folder whose files may be links into folders that were opened.
    ///
    /// # Errors
    /// As [`Folder::open`].
    pub fn open_with(path: &Path, access: &Access) -> Result<Self, Error> {
        let mut faults = Faults::default();
        let access = access.clone().and_beside(&path.join(CHAIN_FILE));
        let mut folder = Self { name: path.display().to_string(), ..Self::default() };
        match std::fs::read_dir(path) {
            Err(error) => faults.append(fs::fault("read", path, &error)),
            Ok(entries) => {
                let names = entries.flatten().map(|entry| entry.file_name().into_string());
                folder.others = names.flatten().filter(|name| is_ours(name)).collect();
            }
        }
        let mut wanted = vec![CHAIN_FILE.to_owned(), SPECIES_FILE.to_owned()];
        while let Some(name) = wanted.pop() {
            if !folder.others.remove(&name) {
                continue;
            }
            let file = path.join(&name);
            if let Err(kind) = access.judge(&file, &name) {
                faults.push(Place::file(file.display().to_string()), kind);
                continue;
            }
            let Some(bytes) = fs::read(&file, &mut faults) else { continue };
            folder.files.insert(name.clone(), bytes);
            if name.ends_with(".toml") {
                // what is wrong with it is said when it is read as a chain
                let entries = folder.entries(&name, &mut Faults::default());
                wanted.extend(names_in(entries.as_deref().unwrap_or_default()));
            }
        }
        Ok(faults.into_result(folder)?)
    }

    /// The chain files from `chain.toml` on, and the names of the tables that the chain is made of.
    pub(super) fn named(&self, faults: &mut Faults) -> (Documents, BTreeSet<String>) {
        let mut documents = Documents::new();
        let mut tables = BTreeSet::from([SPECIES_FILE.to_owned()]);
        let mut wanted = vec![CHAIN_FILE.to_owned()];
        while let Some(name) = wanted.pop() {
            if documents.contains_key(&name) || !self.files.contains_key(&name) {
                continue;
            }
            let entries = self.entries(&name, faults);
            for named in names_in(entries.as_deref().unwrap_or_default()) {
                if named.ends_with(".csv") {
                    tables.insert(named);
                } else {
                    wanted.push(named);
                }
            }
            documents.insert(name, entries);
        }
        tables.retain(|name| self.files.contains_key(name));
        (documents, tables)
    }

    fn entries(&self, file: &str, faults: &mut Faults) -> Option<Entries> {
        let text = self.text(file, faults)?;
        document::parse(&text, &self.path_of(file), faults)
    }

    /// Names of files with an ending, for those who look for one.
    pub(super) fn names(&self, ending: &str) -> impl Iterator<Item = &String> {
        self.files.keys().chain(&self.others).filter(move |name| name.ends_with(ending))
    }

    /// What messages call a file of this folder.
    pub(in crate::chain) fn path_of(&self, file: &str) -> String {
        if self.name.is_empty() { file.to_owned() } else { format!("{}/{file}", self.name) }
    }

    pub(in crate::chain) fn text(&self, file: &str, faults: &mut Faults) -> Option<String> {
        let path = self.path_of(file);
        match self.files.get(file) {
            Some(bytes) => text::decode(bytes, &path, faults),
            None => {
                let kind = FaultKind::Missing { what: "file", name: file.to_owned() };
                faults.push(Place::file(path), kind);
                None
            }
        }
    }
}

fn is_ours(name: &str) -> bool {
    name.ends_with(".toml") || name.ends_with(".csv")
}

/// Names of files in a chain file: inner chains under `chain`, and tables, whatever key of
/// whatever kind names them.
fn names_in(entries: &[(String, Entry)]) -> Vec<String> {
    let mut names = Vec::new();
    let mut left: Vec<(&str, &Entry)> =
        entries.iter().map(|(key, entry)| (key.as_str(), entry)).collect();
    while let Some((key, entry)) = left.pop() {
        match &entry.node {
            Node::Text(text) if text.ends_with(".csv") || key == "chain" => {
                names.push(text.clone());
            }
            Node::List(items) => left.extend(items.iter().map(|item| ("", item))),
            Node::Table(inner) => {
                left.extend(inner.iter().map(|(key, entry)| (key.as_str(), entry)));
            }
            _ => {}
        }
    }
    names
}
