//! CSV tables that know where each cell stands, so that faults have file, line and column name.

use crate::fault::{FaultKind, Faults, Place};

/// A CSV table: a header and rows of cells, trimmed.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The file, as the user named it.
    pub file: String,
    /// Column names.
    pub header: Vec<String>,
    /// Rows as wide as the header.
    pub rows: Vec<Row>,
    /// Whether all rows of the file are among them.
    pub complete: bool,
}

/// A row of a [`Table`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Line of the file, from 1.
    pub line: usize,
    cells: Vec<String>,
}

const OPEN_QUOTE: &str = "a quote that is not closed before the end of the file";

/// Lines of a text, counted as its rows are read.
struct LineOf<'a> {
    text: &'a str,
    at: usize,
    line: usize,
}

impl LineOf<'_> {
    /// The line of the row that starts at a byte, or after the blank lines there.
    fn of_row_after(&mut self, start: usize) -> usize {
        let bytes = self.text.as_bytes();
        let blank = |byte: &&u8| matches!(**byte, b'\n' | b'\r');
        let start = start.min(bytes.len());
        let start = start + bytes[start..].iter().take_while(blank).count();
        let passed = bytes.get(self.at..start).unwrap_or_default();
        self.line += passed.split(|byte| *byte == b'\n').count() - 1;
        self.at = start.max(self.at);
        self.line
    }

    /// The line of the last row, where a quote stays open to the end.
    fn open_quote(&self) -> Option<usize> {
        let quotes = self.text.bytes().skip(self.at).filter(|byte| *byte == b'"').count();
        (quotes % 2 == 1).then_some(self.line)
    }
}

impl Table {
    /// Reads a table; ragged rows, doubled and empty column names are faults.
    pub fn parse(text: &str, file: &str, faults: &mut Faults) -> Self {
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let place = |line: usize| Place::file(file).at_line(line);
        let header: Vec<String> = match reader.headers() {
            Ok(header) => header.iter().map(str::to_owned).collect(),
            Err(error) => {
                faults.push(place(1), FaultKind::Syntax { message: error.to_string() });
                Vec::new()
            }
        };
        for (index, name) in header.iter().enumerate() {
            if name.is_empty() {
                let name = format!("number {}", index + 1);
                faults.push(place(1), FaultKind::Missing { what: "name of column", name });
            } else if header[..index].contains(name) {
                let name = name.clone();
                faults.push(place(1), FaultKind::Duplicate { what: "column", name, first: None });
            }
        }
        let mut rows = Vec::new();
        let mut complete = true;
        let mut lines = LineOf { text, at: 0, line: 1 };
        for record in reader.records() {
            match record {
                Ok(record) => {
                    let start = record.position().map_or(0, csv::Position::byte);
                    let line = lines.of_row_after(usize::try_from(start).unwrap_or(usize::MAX));
                    if record.len() == header.len() {
                        rows.push(Row { line, cells: record.iter().map(str::to_owned).collect() });
                    } else {
                        let (got, allowed) = (record.len() as u64, header.len() as u64);
                        faults.push(place(line), FaultKind::Ragged { got, allowed });
                        complete = false;
                    }
                }
                Err(error) => {
                    faults.push(place(1), FaultKind::Syntax { message: error.to_string() });
                }
            }
        }
        if let Some(line) = lines.open_quote() {
            faults.push(place(line), FaultKind::Syntax { message: OPEN_QUOTE.to_owned() });
            complete = false;
        }
        Self { file: file.to_owned(), header, rows, complete }
    }

    /// A file that is there and cannot be read: nothing more is found wrong with it.
    #[must_use]
    pub fn unreadable(file: &str) -> Self {
        Self { file: file.to_owned(), header: Vec::new(), rows: Vec::new(), complete: false }
    }

    /// Index of a column.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|column| column == name)
    }

    /// The place of a cell.
    #[must_use]
    pub fn place(&self, row: usize, column: usize) -> Place {
        Place::file(&self.file).at_line(self.rows[row].line).at_column(&self.header[column])
    }

    /// The text of a cell.
    #[must_use]
    pub fn text(&self, row: usize, column: usize) -> &str {
        &self.rows[row].cells[column]
    }

    /// The number in a cell; `None` where it is empty or, with a fault, not a finite number.
    pub fn number(&self, row: usize, column: usize, faults: &mut Faults) -> Option<f64> {
        let text = self.text(row, column);
        if text.is_empty() {
            return None;
        }
        let number = text.parse().ok().filter(|number: &f64| number.is_finite());
        if number.is_none() {
            let (got, allowed) = (text.to_owned(), "a finite number".to_owned());
            faults.push(self.place(row, column), FaultKind::Unreadable { got, allowed });
        }
        number
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
        let place = Place::file(&self.file).at_line(1);
        let mut unknown = Vec::new();
        for name in &self.header {
            if !name.is_empty()
                && !required.contains(&name.as_str())
                && !optional.contains(&name.as_str())
            {
                let valid = required.iter().chain(optional);
                unknown.push(FaultKind::unknown("column", name, valid));
            }
        }
        for name in required {
            // a column that is misspelt is not missing as well
            let misspelt = unknown.iter().any(|kind| kind.likely() == Some(name));
            if self.column(name).is_none() && !misspelt {
                let name = (*name).to_owned();
                faults.push(place.clone(), FaultKind::Missing { what: "column", name });
            }
        }
        for kind in unknown {
            faults.push(place.clone(), kind);
        }
    }
}

/// Text of a file's bytes: UTF-8, with or without a byte order mark.
pub fn decode(bytes: &[u8], file: &str, faults: &mut Faults) -> Option<String> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text.strip_prefix('\u{feff}').unwrap_or(text).to_owned()),
        Err(error) => {
            let offset = error.valid_up_to();
            let line = bytes[..offset].split(|byte| *byte == b'\n').count();
            let byte = bytes.get(offset).map_or_else(String::new, |byte| format!("0x{byte:02X}"));
            let place = Place::file(file).at_line(line);
            faults.push(place, FaultKind::Encoding { byte, offset });
            None
        }
    }
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

    #[test]
    fn text_in_another_encoding_is_a_fault_with_its_place() {
        let mut faults = Faults::default();
        assert_eq!(decode(b"name\nGasf\xf6rderung", "latin.csv", &mut faults), None);
        assert_eq!(
            faults.to_string(),
            "latin.csv:2: not UTF-8 text: byte 0xF6 (offset 9); allowed: UTF-8"
        );
        assert_eq!(decode(b"\xef\xbb\xbfa", "bom.csv", &mut faults).as_deref(), Some("a"));
    }
}
