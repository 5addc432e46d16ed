//! What a Parquet file of results says of itself, and whether its rows are what was written.

use super::super::checkpoint::Stamp;
use super::super::record::{Sums, Written};
use crate::error::Error;
use crate::fault::{Fault, FaultKind, Place};
use crate::fs::fault;
use crate::sweep::block::{Block, Column, LIMITS_PER_WORD, Layout, Row};
use ::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use ::parquet::file::metadata::KeyValue;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, UInt64Type};
use arrow_array::{Array, RecordBatch, StringArray};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs::File;
use std::ops::Range;
use std::path::Path;

/// What made the file, as its metadata says it.
#[derive(Debug, Clone, Serialize)]
struct MadeBy {
    gaschain: String,
    inputs: String,
    sweep: Vec<String>,
}

/// What all files of a folder say of themselves.
#[derive(Debug)]
pub(super) struct Kept {
    made_by: MadeBy,
    /// The names of columns, and of those that are names what they count.
    headers: Vec<String>,
    names: Vec<Option<Vec<String>>>,
    axes: usize,
    units: BTreeMap<String, String>,
    pub limits: Vec<String>,
}

/// Keys of the metadata.
const MADE_BY: &str = "made_by";
const UNITS: &str = "units";
const NAMES: &str = "names";
const AXES: &str = "axes";
const LIMITS: &str = "limits";
const BLOCKS: &str = "blocks";

impl Kept {
    pub fn new(stamp: &Stamp, layout: &Layout) -> Self {
        let headers = layout.headers();
        let columns = || layout.axes.iter().chain(&layout.outputs);
        let units = headers.iter().skip(1).zip(columns());
        let units = units.filter_map(|(name, of)| Some((name.clone(), of.unit?.to_string())));
        Self {
            made_by: MadeBy {
                gaschain: stamp.gaschain.clone(),
                inputs: stamp.inputs.clone(),
                sweep: stamp.sweep.clone(),
            },
            units: units.collect(),
            names: columns().map(|column| column.names.clone()).collect(),
            axes: layout.axes.len(),
            limits: layout.limits.clone(),
            headers,
        }
    }

    /// What a file with these blocks says of itself.
    pub fn metadata(&self, blocks: &[Written]) -> [KeyValue; 6] {
        // texts, numbers, lists and maps of them always serialise
        let json = |value: serde_json::Result<String>| value.unwrap_or_default();
        [
            (MADE_BY, json(serde_json::to_string(&self.made_by))),
            (UNITS, json(serde_json::to_string(&self.units))),
            (NAMES, json(serde_json::to_string(&self.names))),
            (AXES, self.axes.to_string()),
            (LIMITS, json(serde_json::to_string(&self.limits))),
            (BLOCKS, json(serde_json::to_string(blocks))),
        ]
        .map(|(key, value)| KeyValue::new(key.to_owned(), value))
    }

    /// The columns that a file says it has, under the names that a stamp gives them.
    pub fn layout(path: &Path, stamp: &Stamp) -> Result<Layout, Error> {
        let (metadata, _) = open(path, "merge")?;
        let names: Vec<Option<Vec<String>>> = read(&metadata, NAMES, path, "merge")?;
        let axes: usize = read(&metadata, AXES, path, "merge")?;
        let units: BTreeMap<String, String> = read(&metadata, UNITS, path, "merge")?;
        let columns = stamp.columns.iter().skip(1).zip(names).map(|(header, names)| {
            let unit = units.get(header).and_then(|unit| crate::quantity::Unit::read(unit).ok());
            let in_brackets = unit.map(|unit| format!(" [{unit}]")).unwrap_or_default();
            let address = header.strip_suffix(in_brackets.as_str()).unwrap_or(header).to_owned();
            Column { address, unit, names }
        });
        let mut columns: Vec<Column> = columns.collect();
        let outputs = columns.split_off(axes.min(columns.len()));
        let layout =
            Layout { axes: columns, outputs, limits: read(&metadata, LIMITS, path, "merge")? };
        if layout.headers() == stamp.columns {
            Ok(layout)
        } else {
            Err(fault("merge", path, &"its columns are those of other results"))
        }
    }

    /// Holds a file against what it says was written, row by row, and hands on what it holds.
    pub fn hold(
        &self,
        path: &Path,
        action: &'static str,
        range: Range<u64>,
        mut hand_on: impl FnMut(&[Written], &Block) -> Result<(), Error>,
    ) -> Result<Vec<Written>, Error> {
        let (metadata, builder) = open(path, action)?;
        let other = |what: &str| fault(action, path, &format!("its {what} are those of others"));
        let made_by: serde_json::Value = read(&metadata, MADE_BY, path, action)?;
        if made_by["inputs"] != self.made_by.inputs || made_by["gaschain"] != self.made_by.gaschain
        {
            return Err(other("inputs"));
        }
        let there = builder.schema().fields().iter().map(|field| field.name());
        if !there.eq(self.headers.iter()) {
            return Err(other("columns"));
        }
        let blocks: Vec<Written> = read(&metadata, BLOCKS, path, action)?;
        let mut held = Held { path, action, row: 0, blocks: &blocks, sums: Sums::default(), range };
        let failed = |error: &dyn std::fmt::Display| fault(action, path, error);
        let reader = builder.build().map_err(|error| failed(&error))?;
        for batch in reader {
            let batch = batch.map_err(|error| failed(&error))?;
            let (block, scenarios) = self.block(&batch).ok_or_else(|| other("columns or names"))?;
            held.take(&block, &scenarios)?;
            hand_on(&blocks, &block)?;
        }
        held.end()?;
        Ok(blocks)
    }

    /// A batch as a block; `None` where it does not hold what it should.
    fn block(&self, batch: &RecordBatch) -> Option<(Block, Vec<u64>)> {
        let rows = batch.num_rows();
        let columns = batch.columns();
        let scenarios = columns[0].as_primitive_opt::<UInt64Type>()?.values().to_vec();
        let mut block = Block { first: scenarios.first().copied()?, ..Block::default() };
        let last = columns.len() - 3;
        for (index, (column, names)) in columns[1..last].iter().zip(&self.names).enumerate() {
            let numbers =
                if index < self.axes { &mut block.inputs } else { &mut block.results.values };
            numbers.extend(column_of(column, names.as_deref())?);
        }
        let results = &mut block.results;
        results.count = rows;
        results.residuals.extend(column_of(&columns[last], None)?);
        results.broken.resize(self.limits.len().div_ceil(LIMITS_PER_WORD) * rows, 0);
        let (broken, errors) = (text(&columns[last + 1])?, text(&columns[last + 2])?);
        for lane in 0..rows {
            let limits = broken.is_valid(lane).then(|| broken.value(lane).split("; "));
            for limit in limits.into_iter().flatten() {
                let at = self.limits.iter().position(|known| known == limit)?;
                results.broken[at / LIMITS_PER_WORD * rows + lane] |= 1 << (at % LIMITS_PER_WORD);
            }
            if errors.is_valid(lane) {
                results.failures.push((lane, errors.value(lane).to_owned()));
            }
        }
        Some((block, scenarios))
    }
}

/// The metadata of a file, and what reads it.
fn open(
    path: &Path,
    action: &'static str,
) -> Result<(Vec<KeyValue>, ParquetRecordBatchReaderBuilder<File>), Error> {
    let failed = |error: &dyn std::fmt::Display| fault(action, path, error);
    let file = File::open(path).map_err(|error| failed(&error))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| failed(&error))?;
    let metadata = builder.metadata().file_metadata().key_value_metadata().cloned();
    Ok((metadata.unwrap_or_default(), builder))
}

/// What stands under a key.
fn read<T: for<'de> serde::Deserialize<'de>>(
    metadata: &[KeyValue],
    key: &str,
    path: &Path,
    action: &'static str,
) -> Result<T, Error> {
    let text =
        metadata.iter().find(|entry| entry.key == key).and_then(|entry| entry.value.as_ref());
    let value = text.and_then(|text| serde_json::from_str(text).ok());
    value.ok_or_else(|| fault(action, path, &format!("it does not say its \"{key}\"")))
}

fn text(column: &dyn Array) -> Option<&StringArray> {
    column.as_string_opt::<i32>()
}

/// The numbers of a column, or those that its names are counted by.
fn column_of(column: &dyn Array, names: Option<&[String]>) -> Option<Vec<f64>> {
    let Some(names) = names else {
        let numbers = column.as_primitive_opt::<Float64Type>()?;
        return Some(numbers.iter().map(|number| number.unwrap_or(f64::NAN)).collect());
    };
    let dictionary = column.as_dictionary_opt::<Int32Type>()?;
    let known = dictionary.downcast_dict::<StringArray>()?;
    let place = |name: Option<&str>| match name {
        None => Some(f64::NAN),
        Some(name) => names.iter().position(|other| other == name).map(|place| place as f64),
    };
    known.into_iter().map(place).collect()
}

/// Sums of the numbers, names and errors of a block, however they are laid out.
pub(super) fn sums_of(block: &Block) -> Sums {
    let (mut sums, mut bytes) = (Sums::default(), Vec::new());
    for row in block.rows() {
        bytes_of(&row, row.scenario(), &mut bytes);
        sums.take(&bytes);
    }
    sums
}

/// A row of a block as bytes: what does not exist is one and the same, and nothing is not less than
/// nothing.
fn bytes_of(row: &Row<'_>, scenario: u64, bytes: &mut Vec<u8>) {
    bytes.clear();
    bytes.extend_from_slice(&scenario.to_le_bytes());
    let residual = std::iter::once(row.worst_residual());
    for number in row.axes().chain(row.outputs()).chain(residual) {
        let number = if number.is_finite() { number + 0.0 } else { f64::NAN };
        bytes.extend_from_slice(&number.to_bits().to_le_bytes());
    }
    for limit in row.broken() {
        bytes.extend_from_slice(&(limit as u64).to_le_bytes());
    }
    bytes.extend_from_slice(row.error.unwrap_or_default().as_bytes());
}

/// A file as far as it was held against what it says.
struct Held<'a> {
    path: &'a Path,
    action: &'static str,
    /// Rows that were held.
    row: u64,
    /// Blocks that were not reached yet.
    blocks: &'a [Written],
    sums: Sums,
    range: Range<u64>,
}

impl Held<'_> {
    fn refuse(&self, why: String) -> Error {
        let name = self.path.display().to_string();
        let line = usize::try_from(self.row + 1).unwrap_or(usize::MAX);
        let kind = FaultKind::File { action: self.action, path: name.clone(), why };
        Fault { place: Place::file(name).at_line(line), kind }.into()
    }

    fn take(&mut self, block: &Block, scenarios: &[u64]) -> Result<(), Error> {
        let mut bytes = Vec::new();
        for (row, &scenario) in block.rows().zip(scenarios) {
            let number = self.range.start + self.row;
            if scenario != number || number >= self.range.end {
                return Err(
                    self.refuse(format!("scenario {scenario} stands where {number} should"))
                );
            }
            bytes_of(&row, scenario, &mut bytes);
            let sum = format!("{:02x}", self.sums.take(&bytes));
            let Some((written, rest)) = self.blocks.split_first() else {
                return Err(self.refuse(format!("scenario {number} was not written")));
            };
            let at = usize::try_from(number.saturating_sub(written.first)).unwrap_or(usize::MAX);
            if written.rows.get(2 * at..2 * at + 2) != Some(sum.as_str()) {
                let why = format!("the row of scenario {number} is not as it was written");
                return Err(self.refuse(why));
            }
            self.row += 1;
            if number + 1 == written.end {
                if self.sums.text() != written.sum {
                    let (first, end) = (written.first, written.end);
                    let why = format!("a row of scenarios {first}..{end} is not as it was written");
                    return Err(self.refuse(why));
                }
                (self.sums, self.blocks) = (Sums::default(), rest);
            }
        }
        Ok(())
    }

    fn end(&self) -> Result<(), Error> {
        let next = self.range.start + self.row;
        if next == self.range.end {
            return Ok(());
        }
        Err(self.refuse(format!("it ends before scenario {next}")))
    }
}
