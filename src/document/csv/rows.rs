//! Rows of a table, read one after another, so that a table of any length takes no memory.

use super::dialect;
use crate::document::text::{Lines, NoText};
use crate::fault::{FaultKind, Faults, Place};
use std::collections::HashSet;
use std::io::BufRead;

/// A row: its cells, trimmed, and the line on which it starts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// Line of the file, from 1.
    pub line: usize,
    text: String,
    /// Where each cell ends in `text`.
    ends: Vec<usize>,
}

impl Row {
    /// How many cells there are.
    pub const fn len(&self) -> usize {
        self.ends.len()
    }

    /// The text of a cell; nothing where there is none.
    pub fn cell(&self, index: usize) -> &str {
        let start = if index == 0 { 0 } else { self.ends.get(index - 1).copied().unwrap_or(0) };
        let end = self.ends.get(index).copied().unwrap_or(start);
        &self.text[start..end]
    }

    /// Its cells.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|index| self.cell(index))
    }

    fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    /// Ends the cell that was begun at `start`.
    fn end_cell(&mut self) {
        let start = self.ends.last().copied().unwrap_or(0);
        let cell = self.text[start..].trim();
        let cell = dialect::unguarded(cell);
        let from = cell.as_ptr() as usize - self.text.as_ptr() as usize;
        let to = from + cell.len();
        self.text.truncate(to);
        self.text.drain(start..from);
        self.ends.push(self.text.len());
    }
}

/// A table that is being read: its header first, then row after row.
#[derive(Debug)]
pub struct Rows<R> {
    /// The file, as the user named it.
    pub file: String,
    /// Column names, without the blank ones at the end.
    pub header: Vec<String>,
    /// The line of the header.
    pub header_line: usize,
    /// Whether all that was read so far could be.
    pub complete: bool,
    /// How many fields the header's line has.
    fields: usize,
    lines: Lines<R>,
    separator: Option<char>,
    ended: bool,
    /// The line of a quote that stays open to the end.
    unclosed: Option<usize>,
    /// Whether a cell under a column without a name was told of.
    told: bool,
}

fn open_quote() -> FaultKind {
    let message = "a quote that is not closed before the end of the file".to_owned();
    FaultKind::Syntax { message }
}

/// Longest row that is read, with the line breaks in its quotes.
const LONGEST_ROW: usize = 1 << 26;

impl<R: BufRead> Rows<R> {
    /// Starts reading a table with its header; doubled and empty column names are faults.
    pub fn open(reader: R, file: &str, faults: &mut Faults) -> Self {
        let mut rows = Self {
            file: file.to_owned(),
            header: Vec::new(),
            header_line: 1,
            complete: true,
            fields: 0,
            lines: Lines::new(reader),
            separator: None,
            ended: false,
            unclosed: None,
            told: false,
        };
        let mut row = Row::default();
        if rows.record(&mut row, faults) {
            rows.header_line = row.line;
            rows.fields = row.len();
            rows.header = row.cells().map(str::to_owned).collect();
            let named = rows.header.iter().rposition(|name| !name.is_empty());
            rows.header.truncate(named.map_or(0, |last| last + 1));
            rows.judge_header(faults);
        }
        rows
    }

    fn judge_header(&self, faults: &mut Faults) {
        let mut seen: HashSet<&str> = HashSet::new();
        for (index, name) in self.header.iter().enumerate() {
            if name.is_empty() {
                self.unnamed(index, faults);
            } else if !seen.insert(name) {
                let name = name.clone();
                let kind = FaultKind::Duplicate { what: "column", name, first: None };
                faults.push(self.place(self.header_line), kind);
            }
        }
    }

    fn unnamed(&self, index: usize, faults: &mut Faults) {
        let name = format!("number {}", index + 1);
        let kind = FaultKind::Missing { what: "name of column", name };
        faults.push(self.place(self.header_line), kind);
    }

    /// The place of a line.
    pub fn place(&self, line: usize) -> Place {
        Place::file(&self.file).at_line(line)
    }

    /// Reads the next row that is as wide as the header; others are faults, blank ones nothing.
    pub fn next(&mut self, row: &mut Row, faults: &mut Faults) -> bool {
        let width = self.header.len();
        while self.record(row, faults) {
            if row.cells().all(str::is_empty) {
                continue;
            }
            let blank_rest = (width..row.len()).all(|index| row.cell(index).is_empty());
            if row.len() >= width && blank_rest {
                return true;
            }
            if row.len() == self.fields {
                // cells under a column without a name
                let unnamed = (width..row.len()).find(|&index| !row.cell(index).is_empty());
                if !std::mem::replace(&mut self.told, true) {
                    self.unnamed(unnamed.unwrap_or(width), faults);
                }
                return true;
            }
            self.complete = false;
            let hint = if self.separator == Some(',') && row.len() > self.fields {
                decimal_comma(row)
            } else {
                None
            };
            let (got, allowed) = (row.len() as u64, self.fields as u64);
            faults.push(self.place(row.line), FaultKind::Ragged { got, allowed, hint });
        }
        false
    }

    /// Reads a record: lines, as long as a quote is open.
    fn record(&mut self, row: &mut Row, faults: &mut Faults) -> bool {
        row.clear();
        if self.ended {
            if let Some(line) = self.unclosed.take() {
                faults.push(self.place(line), open_quote());
            }
            return false;
        }
        let mut quoted = Quoted::Outside;
        let mut any = false;
        loop {
            let number = self.lines.number() + 1;
            match self.lines.next() {
                Ok(Some((line, ending))) => {
                    if !any && line.is_empty() {
                        continue;
                    }
                    if let (1, Some(told)) = (number, dialect::told(line)) {
                        self.separator = Some(told);
                        continue;
                    }
                    if !std::mem::replace(&mut any, true) {
                        row.line = number;
                    }
                    let separator = *self.separator.get_or_insert_with(|| dialect::of_header(line));
                    quoted = split(line, separator, quoted, row);
                    if quoted != Quoted::Inside {
                        row.end_cell();
                        return true;
                    }
                    row.text.push_str(ending);
                    if row.text.len() > LONGEST_ROW {
                        return self.end(open_quote(), row.line, faults);
                    }
                }
                Ok(None) if any => {
                    // said after what is wrong with the row itself
                    row.end_cell();
                    self.unclosed = Some(row.line);
                    (self.ended, self.complete) = (true, false);
                    return true;
                }
                Ok(None) => {
                    self.ended = true;
                    return false;
                }
                Err(NoText::Fault(kind)) => {
                    let line = self.lines.number();
                    return self.end(kind, line, faults);
                }
                Err(NoText::Io(error)) => {
                    let line = self.lines.number();
                    let kind = FaultKind::Syntax { message: error.to_string() };
                    return self.end(kind, line, faults);
                }
            }
        }
    }

    /// Nothing more is read.
    fn end(&mut self, kind: FaultKind, line: usize, faults: &mut Faults) -> bool {
        faults.push(self.place(line), kind);
        self.complete = false;
        self.ended = true;
        false
    }
}

/// Where in a field a line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quoted {
    Outside,
    Inside,
}

/// Splits a line into cells, the last of which is not ended yet. A quote opens at the start of a
/// field, and two of them inside stand for one.
fn split(line: &str, separator: char, mut quoted: Quoted, row: &mut Row) -> Quoted {
    let mut rest = line;
    let mut at_start = quoted == Quoted::Outside;
    loop {
        if quoted == Quoted::Inside {
            let Some(end) = rest.find('"') else {
                row.text.push_str(rest);
                return quoted;
            };
            row.text.push_str(&rest[..end]);
            rest = &rest[end + 1..];
            if let Some(after) = rest.strip_prefix('"') {
                row.text.push('"');
                rest = after;
            } else {
                quoted = Quoted::Outside;
            }
        } else if let (true, Some(after)) = (at_start, rest.strip_prefix('"')) {
            (quoted, rest, at_start) = (Quoted::Inside, after, false);
        } else {
            let Some(end) = rest.find(separator) else {
                row.text.push_str(rest);
                return quoted;
            };
            row.text.push_str(&rest[..end]);
            row.end_cell();
            (rest, at_start) = (&rest[end + separator.len_utf8()..], true);
        }
    }
}

/// Why a row has too many fields, where one of them looks like the end of a number.
fn decimal_comma(row: &Row) -> Option<&'static str> {
    let digits = |cell: &str| !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit());
    // with its unit: a cell too many may be a number
    let begins = |cell: &str| {
        cell.starts_with(|first: char| first.is_ascii_digit()) && cell.contains(char::is_alphabetic)
    };
    let parted = (1..row.len()).any(|index| digits(row.cell(index - 1)) && begins(row.cell(index)));
    parted.then_some(
        "a decimal comma parts fields too: put such cells in quotes, or part fields by semicolons",
    )
}
