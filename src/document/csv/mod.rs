//! CSV tables that know where each cell stands, so that faults have file, line and column name.
//!
//! *In:* bytes as spreadsheets save them. *Out:* rows of cells, all of one width. *Order:* the
//! `dialect` says what parts fields, `rows` come one after another, a [`Table`] holds all of them;
//! what numbers and flags in cells mean says `number`. Everything that reads a table goes this way.

pub mod dialect;
pub mod number;
mod rows;

pub use rows::{Row, Rows};

use crate::fault::{FaultKind, Faults, Place};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io::BufRead;

/// A CSV table: a header and rows of cells, trimmed.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The file, as the user named it.
    pub file: String,
    /// Column names.
    pub header: Vec<String>,
    /// Whether all rows of the file are among them.
    pub complete: bool,
    header_line: usize,
    columns: HashMap<String, usize>,
    /// The text of all cells, row after row, and where each ends.
    text: String,
    ends: Vec<usize>,
    /// Line of each row.
    lines: Vec<usize>,
}

/// The fault of a table that has a header and no rows.
pub(crate) fn without_rows(allowed: &str) -> FaultKind {
    let (got, allowed) = ("a table without rows".to_owned(), allowed.to_owned());
    FaultKind::NotAllowed { got, allowed }
}

impl Table {
    /// Reads a table's text; ragged rows, doubled and empty column names are faults.
    pub fn parse(text: &str, file: &str, faults: &mut Faults) -> Self {
        Self::read(text.as_bytes(), file, faults)
    }

    /// Reads a table in any form that spreadsheets save; what cannot be read is a fault.
    pub(crate) fn read(reader: impl BufRead, file: &str, faults: &mut Faults) -> Self {
        let mut rows = Rows::open(reader, file, faults);
        let mut table = Self {
            header_line: rows.header_line,
            columns: HashMap::with_capacity(rows.header.len()),
            ..Self::unreadable(file)
        };
        for (name, index) in rows.header.iter().zip(0..) {
            table.columns.entry(name.clone()).or_insert(index);
        }
        let mut row = Row::default();
        while rows.next(&mut row, faults) {
            for cell in row.cells().take(rows.header.len()) {
                table.text.push_str(cell);
                table.ends.push(table.text.len());
            }
            table.lines.push(row.line);
        }
        Self { header: rows.header, complete: rows.complete, ..table }
    }

    /// A file that is there and cannot be read: nothing more is found wrong with it.
    #[must_use]
    pub fn unreadable(file: &str) -> Self {
        Self {
            file: file.to_owned(),
            header: Vec::new(),
            complete: false,
            header_line: 1,
            columns: HashMap::new(),
            text: String::new(),
            ends: Vec::new(),
            lines: Vec::new(),
        }
    }

    /// Number of rows.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there are no rows.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Index of a column.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.get(name).copied()
    }

    /// The place of the header.
    #[must_use]
    pub fn header_place(&self) -> Place {
        Place::file(&self.file).at_line(self.header_line)
    }

    /// The place of a cell.
    #[must_use]
    pub fn place(&self, row: usize, column: usize) -> Place {
        Place::file(&self.file).at_line(self.lines[row]).at_column(&self.header[column])
    }

    /// The text of a cell.
    #[must_use]
    pub fn text(&self, row: usize, column: usize) -> &str {
        let at = row * self.header.len() + column;
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.text[start..self.ends[at]]
    }

    /// The number in a cell; `None` where it is empty or, with a fault, not a finite number.
    pub fn number(&self, row: usize, column: usize, faults: &mut Faults) -> Option<f64> {
        self.number_or(row, column, "a finite number", faults)
    }

    /// The same of a column in which a word may stand for a number: what is allowed, in words.
    pub(crate) fn number_or(
        &self,
        row: usize,
        column: usize,
        allowed: &str,
        faults: &mut Faults,
    ) -> Option<f64> {
        let text = self.text(row, column);
        if text.is_empty() {
            return None;
        }
        let plain = match number::plain(text) {
            Ok(plain) => plain,
            Err(kind) => {
                faults.push(self.place(row, column), kind);
                return None;
            }
        };
        let number = plain.parse().ok().filter(|number: &f64| number.is_finite());
        if number.is_none() {
            let (got, allowed) = (text.to_owned(), allowed.to_owned());
            faults.push(self.place(row, column), FaultKind::Unreadable { got, allowed });
        }
        number
    }

    /// A table without a row says nothing: a fault, where it is not that no row could be read.
    pub(crate) fn check_rows(&self, allowed: &str, faults: &mut Faults) {
        if self.is_empty() && self.complete && !self.header.is_empty() {
            faults.push(self.header_place(), without_rows(allowed));
        }
    }

    /// Checks that all required columns are there, and no others than these and the optional.
    pub fn check_columns(&self, required: &[&str], optional: &[&str], faults: &mut Faults) {
        #[cfg(test)]
        for column in required.iter().chain(optional) {
            crate::formats::asked::note(format!("{}: {column}", self.file));
        }
        if self.header.is_empty() && !self.complete {
            return;
        }
        check_columns(&self.header, &self.header_place(), required, optional, faults);
    }
}

/// The tables beside a file, by name, and the names of those that were not read.
#[derive(Debug, Clone, Default)]
pub struct Tables {
    read: BTreeMap<String, Table>,
    /// Names of all there are.
    names: BTreeSet<String>,
}

impl Tables {
    /// No tables, where there are some of these names.
    pub fn named(names: impl IntoIterator<Item = String>) -> Self {
        Self { read: BTreeMap::new(), names: names.into_iter().collect() }
    }

    /// Adds one that was read.
    pub fn insert(&mut self, name: String, table: Table) {
        self.names.insert(name.clone());
        self.read.insert(name, table);
    }

    /// A table.
    pub fn get(&self, name: &str) -> Option<&Table> {
        self.read.get(name)
    }

    /// Names of all there are.
    pub fn keys(&self) -> impl Iterator<Item = &String> {
        self.names.iter()
    }
}

/// Checks that all required columns are in a header, and no others than these and the optional.
pub(crate) fn check_columns(
    header: &[String],
    place: &Place,
    required: &[&str],
    optional: &[&str],
    faults: &mut Faults,
) {
    let allowed: HashSet<&str> = required.iter().chain(optional).copied().collect();
    let mut unknown = Faults::default();
    for name in header.iter().filter(|name| !name.is_empty() && !allowed.contains(name.as_str())) {
        let valid = required.iter().chain(optional);
        unknown.push_unknown(place.clone(), "column", name, valid);
    }
    for name in required {
        // a column that is misspelt is not missing as well
        let misspelt = unknown.iter().any(|fault| fault.kind.likely() == Some(name));
        if !misspelt && !header.iter().any(|column| column == name) {
            let name = (*name).to_owned();
            faults.push(place.clone(), FaultKind::Missing { what: "column", name });
        }
    }
    faults.append(unknown);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_faults_of_a_table_come_out_together_with_line_and_column() {
        let mut faults = Faults::default();
        let table = Table::parse("a,b,b,\n1,x,3,4\n\n5,6\n", "t.csv", &mut faults);
        table.number(0, 1, &mut faults);
        table.check_columns(&["a", "c"], &[], &mut faults);
        assert_eq!(
            faults.into_result(()).unwrap_err().to_string(),
            "t.csv:1: duplicate column \"b\"\n\
             t.csv:1: name of column \"number 4\" is missing\n\
             t.csv:1: column \"c\" is missing\n\
             t.csv:1: unknown column \"b\"; allowed: \"a\", \"c\"\n\
             t.csv:2: column \"b\": \"x\" cannot be read; allowed: a finite number\n\
             t.csv:4: the row has 2 fields; allowed: 4, as in the header"
        );
    }
}
