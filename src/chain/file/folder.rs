//! The files of a chain folder, on disk or built in.

use crate::document::csv as table;
use crate::error::Error;
use crate::fault::{FaultKind, Faults, Place};
use std::collections::BTreeMap;
use std::path::Path;

/// The files of a chain folder, read from disk or built in ([their keys](crate::formats)).
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
    pub fn open(path: &Path) -> Result<Self, Error> {
        let mut faults = Faults::default();
        let mut folder = Self { name: path.display().to_string(), ..Self::default() };
        let mut fault = |path: &Path, error: &std::io::Error| {
            let place = Place::file(path.display().to_string());
            let path = path.display().to_string();
            faults.push(place, FaultKind::File { action: "read", path, why: error.to_string() });
        };
        match std::fs::read_dir(path) {
            Err(error) => fault(path, &error),
            Ok(entries) => {
                for file in entries.flatten().map(|entry| entry.path()) {
                    let wanted =
                        file.extension().is_some_and(|ending| ending == "toml" || ending == "csv");
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
        Ok(faults.into_result(folder)?)
    }

    /// What messages call a file of this folder.
    pub(in crate::chain) fn path_of(&self, file: &str) -> String {
        if self.name.is_empty() { file.to_owned() } else { format!("{}/{file}", self.name) }
    }

    pub(in crate::chain) fn text(&self, file: &str, faults: &mut Faults) -> Option<String> {
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
}
