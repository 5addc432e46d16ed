//! Reading the tables of a sweep file, one by one.

use crate::document::csv::Table;
use crate::document::{Entry, Node};
use crate::fault::{FaultKind, Place};
use crate::fs::{self, Access};
use crate::stage::Config;
use std::path::{Path, PathBuf};

/// Reads one table of a sweep file.
pub(super) struct Reader<'a, 'b> {
    pub keys: Config<'a>,
    pub base_dir: Option<&'b Path>,
    /// Which files it may read.
    pub access: &'b Access,
}

impl<'b> Reader<'_, 'b> {
    /// Starts reading a table inside this one.
    pub(super) fn start(&mut self, place: Place, entries: Vec<(String, Entry)>) -> Reader<'_, 'b> {
        let (base_dir, access) = (self.base_dir, self.access);
        let keys = self.keys.inside(place, entries);
        Reader { keys, base_dir, access }
    }

    /// Ends the reading: what nobody asked for is an unknown key.
    pub(super) fn end(mut self) {
        self.keys.finish();
    }

    /// The tables of a list, `[[key]]`.
    pub(super) fn tables(&mut self, key: &str) -> Vec<(Place, Vec<(String, Entry)>)> {
        let Some(entry) = self.keys.take(key) else { return Vec::new() };
        let place = entry.place.clone();
        let Node::List(items) = entry.node else {
            let got = format!("{key} is {}", entry.node.describe());
            let allowed = format!("a list of tables, [[{key}]]");
            self.keys.faults.push(place, FaultKind::NotAllowed { got, allowed });
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in items {
            let place = item.place.clone();
            let entries = self.keys.as_table(&format!("an entry of {key}"), item);
            tables.extend(entries.map(|entries| (place, entries)));
        }
        tables
    }

    /// A whole number in a range.
    pub(super) fn whole(&mut self, key: &str, least: u64, most: u64) -> Option<u64> {
        let entry = self.keys.take(key)?;
        let got = match &entry.node {
            Node::Number(number) => {
                if number.fract() == 0.0 && (least as f64..=most as f64).contains(number) {
                    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                    return Some(*number as u64);
                }
                number.to_string()
            }
            node => node.describe().to_owned(),
        };
        let (got, allowed) =
            (format!("{key} is {got}"), format!("a whole number, {least} to {most}"));
        self.keys.faults.push(entry.place, FaultKind::NotAllowed { got, allowed });
        None
    }

    pub(super) fn flag(&mut self, key: &str) -> Option<bool> {
        let entry = self.keys.take(key)?;
        if let Node::Flag(flag) = entry.node {
            return Some(flag);
        }
        let got = format!("{key} is {}", entry.node.describe());
        let allowed = "true or false".to_owned();
        self.keys.faults.push(entry.place, FaultKind::NotAllowed { got, allowed });
        None
    }

    /// A number that has no unit.
    pub(super) fn bare(&mut self, key: &'static str) -> Option<f64> {
        let Some(entry) = self.keys.take(key) else {
            self.missing(key);
            return None;
        };
        self.as_number(key, &entry)
    }

    pub(super) fn as_number(&mut self, key: &str, entry: &Entry) -> Option<f64> {
        if let Node::Number(number) = entry.node {
            return Some(number);
        }
        let got = format!("{key} is {}", entry.node.describe());
        let allowed = "a number".to_owned();
        self.keys.faults.push(entry.place.clone(), FaultKind::NotAllowed { got, allowed });
        None
    }

    pub(super) fn list(&mut self, key: &str) -> Option<Vec<Entry>> {
        let entry = self.keys.take(key)?;
        if let Node::List(items) = entry.node {
            return Some(items);
        }
        let got = format!("{key} is {}", entry.node.describe());
        let allowed = "a list".to_owned();
        self.keys.faults.push(entry.place, FaultKind::NotAllowed { got, allowed });
        None
    }

    /// The path of a file that is named, which has to be one that may be read.
    pub(super) fn beside(&mut self, file: &str, place: Place) -> Option<PathBuf> {
        let path = self.base_dir.map_or_else(|| file.into(), |folder| folder.join(file));
        let judged = self.access.judge(&path, file);
        judged.map_err(|kind| self.keys.faults.push(place, kind)).ok().map(|()| path)
    }

    /// The CSV table under `file`.
    pub(super) fn csv(&mut self) -> Option<Table> {
        let (file, place) = self.keys.required_text("file")?;
        let path = self.beside(&file, place)?;
        let bytes = fs::read(&path, self.keys.faults)?;
        let name = path.display().to_string();
        Some(Table::read(bytes.as_slice(), &name, self.keys.faults))
    }

    /// A key that has to be there and is not.
    pub(super) fn missing(&mut self, key: &str) {
        self.keys.fault(FaultKind::Missing { what: "key", name: key.to_owned() });
    }
}
