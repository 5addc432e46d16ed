//! Results as CSV text: a row a scenario.

use super::Sink;
use crate::document::csv::dialect::guarded;
use crate::sweep::block::{Block, Column, Layout, Row};
use std::io::{self, Write};

/// Writes a CSV row a scenario: its number (`scenario`), what each axis was set to, the outputs,
/// `worst_residual`, the limits that are `broken` (with semicolons between them) and `error`.
///
/// A column's header has its unit in brackets: `heihe.sales_gas.volume [bcm/yr]`. Numbers read
/// back as exactly what they were; a cell is empty where there is none. A scenario that failed
/// has its error in the last cell, on one line.
///
/// The text of shards is the text of one run, but for the header of each: whole blocks are
/// handed to `writer` at once, so it needs no buffer.
///
/// ```
/// use gaschain::sweep::{Csv, Layout};
/// let mut text = Vec::new();
/// let csv = Csv::new(&mut text, &Layout::default())?;
/// drop(csv);
/// assert_eq!(text, b"scenario,worst_residual,broken,error\n");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Csv<W> {
    pub(crate) writer: W,
    axes: Vec<Cells>,
    outputs: Vec<Cells>,
    broken: Broken,
}

/// How the cells of a column are written: numbers, or names ready to be put in.
#[derive(Debug)]
enum Cells {
    Numbers,
    Names(Vec<String>),
}

impl<W: Write + Sync> Csv<W> {
    /// Writes the header.
    ///
    /// # Errors
    /// What cannot be written.
    pub fn new(mut writer: W, layout: &Layout) -> io::Result<Self> {
        writer.write_all(header(layout).as_bytes())?;
        Ok(Self::continued(writer, layout))
    }

    /// Goes on after rows that are there.
    #[must_use]
    pub fn continued(writer: W, layout: &Layout) -> Self {
        let cells = |columns: &[Column]| columns.iter().map(Cells::of).collect();
        let (axes, outputs) = (cells(&layout.axes), cells(&layout.outputs));
        Self { writer, axes, outputs, broken: Broken::of(&layout.limits) }
    }
}

/// The header's line.
pub(crate) fn header(layout: &Layout) -> String {
    header_line(&layout.headers())
}

/// The header's line, of the names of all columns.
pub(crate) fn header_line(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| quoted(name)).collect();
    names.join(",") + "\n"
}

impl Cells {
    fn of(column: &Column) -> Self {
        match &column.names {
            Some(names) => Self::Names(names.iter().map(|name| quoted(name)).collect()),
            None => Self::Numbers,
        }
    }

    fn write(&self, text: &mut Vec<u8>, value: f64) {
        text.push(b',');
        match self {
            Self::Numbers => number(text, value),
            // an index was made from a whole number; not a number is none
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            Self::Names(names) if value >= 0.0 => {
                let name = names.get(value as usize).map_or("", String::as_str);
                text.extend_from_slice(name.as_bytes());
            }
            Self::Names(_) => {}
        }
    }
}

/// How the cell of broken limits is written: their names, ready to be put in.
#[derive(Debug)]
struct Broken {
    names: Vec<String>,
    /// Whether the cell has to stand in quotes.
    quotes: bool,
}

impl Broken {
    fn of(limits: &[String]) -> Self {
        let quotes = limits.iter().any(|name| quoted(name) != *name);
        let inner = |name: &String| match quoted(name).strip_prefix('"') {
            Some(inner) => inner.strip_suffix('"').unwrap_or(inner).to_owned(),
            None => quoted(name),
        };
        Self { names: limits.iter().map(inner).collect(), quotes }
    }

    fn write(&self, text: &mut Vec<u8>, row: &Row<'_>) {
        text.push(b',');
        let mut limits = row.broken().filter_map(|limit| self.names.get(limit)).peekable();
        let quote = if self.quotes && limits.peek().is_some() { "\"" } else { "" };
        text.extend_from_slice(quote.as_bytes());
        for (index, limit) in limits.enumerate() {
            text.extend_from_slice(if index > 0 { b"; " } else { b"" });
            text.extend_from_slice(limit.as_bytes());
        }
        text.extend_from_slice(quote.as_bytes());
    }
}

impl<W: Write + Sync> Sink for Csv<W> {
    type Encoded = Vec<u8>;

    fn encode(&self, block: &Block, text: &mut Vec<u8>) {
        text.clear();
        let count = block.count();
        let inputs = &block.inputs;
        let values = &block.results.values;
        for (lane, row) in block.rows().enumerate() {
            // writing into memory cannot fail
            let _ = write!(text, "{}", row.scenario());
            for (index, cells) in self.axes.iter().enumerate() {
                cells.write(text, inputs[index * count + lane]);
            }
            for (index, cells) in self.outputs.iter().enumerate() {
                cells.write(text, values[index * count + lane]);
            }
            Cells::Numbers.write(text, row.worst_residual());
            self.broken.write(text, &row);
            text.push(b',');
            if let Some(error) = row.error {
                error_cell(text, error);
            }
            text.push(b'\n');
        }
    }

    fn write(&mut self, _: &Block, text: &mut Vec<u8>) -> io::Result<()> {
        self.writer.write_all(text)
    }

    fn finish(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// A number with all its digits; nothing where there is none. (Numbers are most of a sweep's
/// text: the standard library's digits made a row take three times as long.)
fn number(text: &mut Vec<u8>, value: f64) {
    if value.is_finite() {
        text.extend_from_slice(ryu::Buffer::new().format_finite(value + 0.0).as_bytes());
    }
}

/// An error in quotes, several faults of it on one line: a row is one.
fn error_cell(text: &mut Vec<u8>, error: &str) {
    text.push(b'"');
    for byte in error.bytes() {
        match byte {
            b'"' => text.extend_from_slice(b"\"\""),
            b'\n' => text.extend_from_slice(b"; "),
            b'\r' => {}
            byte => text.push(byte),
        }
    }
    text.push(b'"');
}

/// A text as a cell: in quotes where it has to be, and on one line.
fn quoted(text: &str) -> String {
    let text = guarded(text).replace(['\n', '\r'], " ");
    if text.contains([',', '"']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::Unit;
    use crate::sweep::evaluate::Results;

    #[test]
    fn a_row_has_numbers_names_and_its_error_and_stays_on_one_line() {
        let number = |address: &str| Column {
            address: address.into(),
            unit: Some(Unit::BCM_PER_YEAR),
            names: None,
        };
        let names = Some(vec!["fully drawn".to_owned(), "a, \"b\"".to_owned()]);
        let layout = Layout {
            axes: vec![number("field.flow")],
            outputs: vec![Column { address: "field.stopped_by".into(), unit: None, names }],
            limits: vec!["field.feed".to_owned(), "field.heat, real".to_owned()],
        };
        let block = Block {
            first: 7,
            inputs: vec![1.0, 0.1 + 0.2, 1e-300],
            results: Results {
                count: 3,
                values: vec![0.0, 1.0, f64::NAN],
                residuals: vec![1e-16, 0.0, f64::NAN],
                broken: vec![0, 3, 0],
                failures: vec![(2, "a: \"x\"\nb".to_owned())],
                rerun: 3,
                checked: 0,
                disagreed: Vec::new(),
            },
        };
        let mut text = Vec::new();
        let mut csv = Csv::new(&mut text, &layout).unwrap();
        let mut encoded = b"old".to_vec();
        csv.encode(&block, &mut encoded);
        csv.write(&block, &mut encoded).unwrap();
        assert_eq!(
            String::from_utf8(text).unwrap(),
            "scenario,field.flow [bcm/yr],field.stopped_by,worst_residual,broken,error\n\
             7,1.0,fully drawn,1e-16,,\n\
             8,0.30000000000000004,\"a, \"\"b\"\"\",0.0,\"field.feed; field.heat, real\",\n\
             9,1e-300,,,,\"a: \"\"x\"\"; b\"\n"
        );
    }
}
