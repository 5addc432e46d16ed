//! Scenario tables: read twice, to judge all rows and then to run them, and never held in memory.

use super::columns::{Column, NAME, columns};
use super::{Override, Reading, Scenario};
use crate::chain::Chain;
use crate::document::csv::{Row, Rows, without_rows};
use crate::error::Error;
use crate::fault::{Fault, FaultKind, Faults, Place};
use crate::fs;
use crate::param::cell_value;
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

/// A table of scenarios that fit their chain, each a row.
///
/// It has been read once and found sound; [`Table::scenarios`] reads it again, row after row. So a
/// table of any length takes little memory: some 50 bytes a row while it is judged, for its name.
///
/// ```
/// use gaschain::scenario::{Reading, Table};
///
/// let chain = gaschain::amur::chain();
/// let text = "name,gpp.trains,kovykta.flow [bcm/yr]\nfour trains,4,\nlate,,6\n";
/// let table = Table::parse(text, "runs.csv", chain, "amur", Reading::default())?;
/// assert_eq!(table.len(), 2);
/// for scenario in table.scenarios() {
///     let scenario = scenario?;
///     let solved = chain.case().apply(&scenario)?.solve()?;
///     println!("{}: {:.2} bcm/yr", scenario.name, solved.value("heihe.sales_gas.volume")?);
/// }
/// # Ok::<(), gaschain::Error>(())
/// ```
#[derive(Debug)]
pub struct Table {
    source: Source,
    name: String,
    chain: Chain,
    chain_name: String,
    reading: Reading,
    /// What is set on top of every row.
    changes: Vec<Override>,
    rows: usize,
}

#[derive(Debug)]
enum Source {
    Text(String),
    File(File),
}

impl Table {
    /// Opens the table of a file and judges all its rows against `chain`, with `changes` on top of
    /// each; `chain_name` is what the scenarios call it. What spreadsheets save is read: see the page of the
    /// [formats](crate::formats).
    ///
    /// # Errors
    /// A file that cannot be read, and all faults of the table: ragged rows, doubled and unknown
    /// columns, doubled names, values that do not fit, each with file, line and column.
    pub fn open(
        path: &Path,
        chain: &Chain,
        chain_name: &str,
        reading: Reading,
        changes: &[Override],
    ) -> Result<Self, Error> {
        let mut faults = Faults::default();
        let Some(file) = fs::open(path, &mut faults) else {
            sound(chain, reading, changes, &mut faults);
            return Err(faults.into());
        };
        Self::of_file(file, &path.display().to_string(), chain, chain_name, reading, changes)
    }

    /// Judges the table in a file that is open already, `name` is what messages call it; it is
    /// read from its start.
    ///
    /// # Errors
    /// As [`Table::open`].
    pub fn of_file(
        file: File,
        name: &str,
        chain: &Chain,
        chain_name: &str,
        reading: Reading,
        changes: &[Override],
    ) -> Result<Self, Error> {
        Self::judged(Source::File(file), name, (chain, chain_name), reading, changes)
    }

    /// Judges a table's text.
    ///
    /// # Errors
    /// As [`Table::open`].
    pub fn parse(
        text: &str,
        file: &str,
        chain: &Chain,
        chain_name: &str,
        reading: Reading,
    ) -> Result<Self, Error> {
        Self::judged(Source::Text(text.to_owned()), file, (chain, chain_name), reading, &[])
    }

    fn judged(
        source: Source,
        name: &str,
        (chain, chain_name): (&Chain, &str),
        reading: Reading,
        changes: &[Override],
    ) -> Result<Self, Error> {
        let mut faults = Faults::default();
        let mut table = Self {
            source,
            name: name.to_owned(),
            chain: chain.clone(),
            chain_name: chain_name.to_owned(),
            reading,
            changes: sound(chain, reading, changes, &mut faults),
            rows: 0,
        };
        table.rows = table.judge(&mut faults);
        Ok(faults.into_result(table)?)
    }

    /// Judges all rows; how many there are.
    fn judge(&self, faults: &mut Faults) -> usize {
        let mut rows = self.start(faults);
        let mut names = Names::default();
        let mut row = Row::default();
        let mut count = 0;
        // what is set on top of every row is at fault once
        let mut said: HashSet<String> = HashSet::new();
        while rows.rows.next(&mut row, faults) {
            count += 1;
            if let Some(at) = rows.name {
                let name = row.cell(at);
                if name.is_empty() {
                    let kind = FaultKind::Missing { what: "text in column", name: NAME.into() };
                    faults.push(rows.rows.place(row.line).at_column(NAME), kind);
                } else if let Some(first) = names.seen_before(name, row.line) {
                    let place = |line| rows.rows.place(line).at_column(NAME);
                    let (name, first) = (name.to_owned(), Some(Box::new(place(first))));
                    let kind = FaultKind::Duplicate { what: "scenario", name, first };
                    faults.push(place(row.line), kind);
                }
            }
            let mut scenario = rows.scenario(self, &row, faults);
            if self.changes.is_empty() {
                scenario.judge(&self.chain, faults);
                continue;
            }
            scenario.overrides.extend(self.changes.iter().cloned());
            let mut found = Faults::default();
            scenario.judge(&self.chain, &mut found);
            for Fault { place, kind } in found.iter() {
                let is_of_row = place.line == Some(row.line);
                if is_of_row || said.insert(format!("{place}: {kind}")) {
                    faults.push(place.clone(), kind.clone());
                }
            }
        }
        if count == 0 && rows.rows.complete && !rows.rows.header.is_empty() {
            let place = rows.rows.place(rows.rows.header_line);
            faults.push(place, without_rows("one scenario a row"));
        }
        count
    }

    /// Number of scenarios.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.rows
    }

    /// Whether there are none, which a table that could be opened never is.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// The chain that its scenarios were judged against.
    #[must_use]
    pub const fn chain(&self) -> &Chain {
        &self.chain
    }

    /// Its scenarios, read one after another. A file that changed since it was judged ends them
    /// with an error.
    pub fn scenarios(&self) -> impl Iterator<Item = Result<Scenario, Error>> + '_ {
        let mut faults = Faults::default();
        let mut rows = self.start(&mut faults);
        let mut row = Row::default();
        let mut left = Some(self.rows);
        std::iter::from_fn(move || {
            let expected = left?;
            let found = rows.rows.next(&mut row, &mut faults);
            let scenario = found.then(|| rows.scenario(self, &row, &mut faults));
            if !faults.is_empty() || found != (expected > 0) {
                left = None;
                return Some(Err(self.changed()));
            }
            left = Some(expected.saturating_sub(1));
            scenario.map(Ok)
        })
    }

    fn changed(&self) -> Error {
        let message = "changed since it was judged".to_owned();
        let place = Place::file(&self.name);
        Fault { place, kind: FaultKind::Syntax { message } }.into()
    }

    /// Starts reading it, header first.
    fn start(&self, faults: &mut Faults) -> Reader<'_> {
        let reader: Box<dyn BufRead + '_> = match &self.source {
            Source::Text(text) => Box::new(text.as_bytes()),
            Source::File(file) => Box::new(BufReader::with_capacity(1 << 16, At { file, at: 0 })),
        };
        let rows = Rows::open(reader, &self.name, faults);
        let place = rows.place(rows.header_line);
        let sound = !rows.header.is_empty() || rows.complete;
        let columns = if sound {
            columns(&rows.header, &place, &self.chain, &[NAME], faults)
        } else {
            Vec::new()
        };
        let name = rows.header.iter().position(|column| column == NAME);
        Reader { rows, columns, name }
    }
}

/// Judges each of some changes by itself; those that fit.
fn sound(
    chain: &Chain,
    reading: Reading,
    changes: &[Override],
    faults: &mut Faults,
) -> Vec<Override> {
    let mut values = chain.values();
    let fits = |change: &&Override| {
        let Override { address, value, place } = change;
        let before = faults.count();
        chain.set_summing(&mut values, address, value, reading.sum(), place, faults);
        faults.count() == before
    };
    changes.iter().filter(fits).cloned().collect()
}

/// Reads a scenario table's text into a list; see [`Table`].
///
/// # Errors
/// As [`Table::open`].
pub fn parse_table(
    text: &str,
    file: &str,
    chain: &Chain,
    chain_name: &str,
    reading: Reading,
) -> Result<Vec<Scenario>, Error> {
    Table::parse(text, file, chain, chain_name, reading)?.scenarios().collect()
}

/// The columns of a table, as far as its header can be read: to tell what sort of table it is.
#[must_use]
pub fn header(path: &Path) -> Vec<String> {
    let mut ignored = Faults::default();
    let file = fs::open(path, &mut ignored);
    file.map(|file| Rows::open(BufReader::new(file), "", &mut ignored).header).unwrap_or_default()
}

/// A table that is being read.
struct Reader<'t> {
    rows: Rows<Box<dyn BufRead + 't>>,
    columns: Vec<Column>,
    name: Option<usize>,
}

impl Reader<'_> {
    /// The scenario of a row.
    fn scenario(&self, table: &Table, row: &Row, faults: &mut Faults) -> Scenario {
        let name = self.name.map_or("", |at| row.cell(at));
        let mut scenario = Scenario::new(name, &table.chain_name);
        scenario.reading = table.reading;
        for column in &self.columns {
            let cell = row.cell(column.index);
            if cell.is_empty() {
                continue;
            }
            let parameter = &table.chain.parameters[column.parameter];
            let place = self.rows.place(row.line).at_column(&self.rows.header[column.index]);
            match cell_value(&parameter.kind, column.unit.as_deref(), cell) {
                Ok(value) => {
                    let address = parameter.address.clone();
                    scenario.overrides.push(Override { address, value, place });
                }
                Err(kind) => faults.push(place, kind),
            }
        }
        scenario
    }
}

/// Names of rows, each by two hashes of 64 bits, which no two names share: the names themselves
/// would take more memory than all else. Each has the line on which it stands first.
#[derive(Default)]
struct Names(HashMap<[u64; 2], usize>);

impl Names {
    /// The line on which a name stood before.
    fn seen_before(&mut self, name: &str, line: usize) -> Option<usize> {
        let hash = |salt: u8| {
            let mut hasher = DefaultHasher::new();
            (salt, name).hash(&mut hasher);
            hasher.finish()
        };
        let first = *self.0.entry([hash(0), hash(1)]).or_insert(line);
        (first != line).then_some(first)
    }
}

/// A file, read from a place of its own, so that several can read it.
struct At<'f> {
    file: &'f File,
    at: u64,
}

impl Read for At<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.seek(SeekFrom::Start(self.at))?;
        let read = self.file.read(buffer)?;
        self.at += read as u64;
        Ok(read)
    }
}
