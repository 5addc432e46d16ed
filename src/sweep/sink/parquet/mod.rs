//! Results as a folder of Parquet files, each there only when it is complete.
//!
//! *In:* blocks of results, in order. *Out:* files that tell what made them. *Order:* rows are written
//! here; `part` is what a file says of itself, and holds its rows against that; `merge` makes one
//! folder of several.

mod merge;
mod part;

pub(super) use merge::merge;

use self::part::{Kept, sums_of};

use super::Sink;
use super::checkpoint::{Stamp, already_there};
use super::record::Written;
use crate::error::Error;
use crate::fs::fault;
use crate::sweep::block::{BLOCK, Block, Column, Layout, Row};
use crate::sweep::run::Progress;
use ::parquet::arrow::ArrowWriter;
use ::parquet::basic::{Compression, ZstdLevel};
use ::parquet::errors::ParquetError;
use ::parquet::file::properties::WriterProperties;
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, DictionaryArray, Float64Array, Int32Array, RecordBatch, StringArray, UInt64Array,
};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use std::fs::{self, File};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Rows of a row group: what is in memory before it goes to the file.
const ROWS_PER_GROUP: usize = 1 << 16;

/// Results as a folder of Parquet files, with what they were made of beside it ([`Stamp`]).
///
/// Columns are those of [`Csv`](super::Csv), under the same names: numbers as 64-bit floats
/// (null where there is none), names as dictionaries of texts, `scenario` as an unsigned 64-bit
/// number, `broken` and `error` as texts, null where no limit is broken and where a scenario did
/// not fail. `pandas.read_parquet("out")`,
/// `DuckDB`'s `'out/*.parquet'` and Polars' `scan_parquet("out/*.parquet")` read the folder.
///
/// Files are called `part-00000.parquet` and so on: part k holds the scenarios from k times the
/// rows of a part on, whatever range is run, so that parts of several machines can lie in one
/// folder where ranges are cut between them. A part is written under another name and takes its
/// own when it is complete; a run that was broken off goes on with the first that is not there.
///
/// Each file says in its key-value metadata what made it (`made_by`: version, hash of the inputs, the
/// sweep with how its axes are known), the `units` and `names` of its columns, the `limits` that may
/// be broken, and under `blocks` what was written, by which whoever goes on with the folder or merges
/// it finds rows that are not as they were.
#[derive(Debug)]
pub struct ParquetFolder {
    folder: PathBuf,
    range: Range<u64>,
    rows_per_part: u64,
    schema: SchemaRef,
    axes: Vec<Cells>,
    outputs: Vec<Cells>,
    kept: Kept,
    /// Files of this run, with their lengths.
    written: Vec<(PathBuf, u64)>,
    /// Threads read the columns while no part is written: this is never waited for.
    part: Mutex<Option<Part>>,
    before: Progress,
}

/// How the cells of a column are made: numbers, or names.
#[derive(Debug)]
enum Cells {
    Numbers,
    Names(Arc<StringArray>),
}

/// A part that is not complete yet.
#[derive(Debug)]
struct Part {
    writer: ArrowWriter<File>,
    blocks: Vec<Written>,
    beside: PathBuf,
    target: PathBuf,
}

/// Ending of the names of parts that are not complete; readers pass over names with a dot before.
const UNFINISHED: &str = ".unfinished";

impl ParquetFolder {
    /// Rows of a part where nobody chooses: 2^20.
    pub const ROWS_PER_PART: u64 = 1 << 20;

    /// Starts a folder with so many rows a part (whole blocks: rounded up to a multiple of
    /// [`BLOCK`]).
    ///
    /// # Errors
    /// A folder in which there is something already; one that cannot be written.
    pub fn create(
        folder: &Path,
        layout: &Layout,
        stamp: &Stamp,
        rows_per_part: u64,
    ) -> Result<Self, Error> {
        let failed = |error: io::Error| fault("write", folder, &error);
        fs::create_dir_all(folder).map_err(failed)?;
        if fs::read_dir(folder).map_err(failed)?.next().is_some() {
            return Err(already_there(folder));
        }
        let sink = Self::new(folder, layout, stamp, rows_per_part);
        sink.stamp(stamp).write(folder)?;
        Ok(sink)
    }

    /// Goes on with a folder, and says with which scenario; starts it where there is none. The range
    /// may end later than that of the run before.
    ///
    /// # Errors
    /// Results of another sweep, chain, range, version or rows a part.
    pub fn resume(
        folder: &Path,
        layout: &Layout,
        stamp: &Stamp,
        rows_per_part: u64,
    ) -> Result<(Self, u64), Error> {
        let sink = Self::new(folder, layout, stamp, rows_per_part);
        if !fs::exists(Stamp::path(folder)).unwrap_or(false) {
            return Ok((Self::create(folder, layout, stamp, rows_per_part)?, stamp.first));
        }
        let there = sink.stamp(stamp).check(folder)?;
        let failed = |error: io::Error| fault("write", folder, &error);
        fs::create_dir_all(folder).map_err(failed)?;
        for entry in fs::read_dir(folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if path.to_string_lossy().ends_with(UNFINISHED) {
                fs::remove_file(&path).map_err(|error| fault("write", &path, &error))?;
            }
        }
        if there.end < stamp.end {
            // a part that the shorter range ended in is made anew
            let last = sink.part_path(there.end.saturating_sub(1));
            if sink.part_end(there.end.saturating_sub(1)) > there.end && last.exists() {
                fs::remove_file(&last).map_err(|error| fault("write", &last, &error))?;
            }
            sink.stamp(stamp).write(folder)?;
        }
        let mut next = stamp.first;
        let mut sink = sink;
        while next < stamp.end && sink.part_path(next).exists() {
            let (path, end) = (sink.part_path(next), sink.part_end(next));
            let blocks = sink.kept.hold(&path, "resume", next..end, |_, _| Ok(()))?;
            let all = blocks.iter().map(Written::progress);
            sink.before = all.fold(sink.before, |before, block| block.after(&before));
            next = end;
        }
        Ok((sink, next))
    }

    fn new(folder: &Path, layout: &Layout, stamp: &Stamp, rows_per_part: u64) -> Self {
        let columns = layout.axes.iter().chain(&layout.outputs);
        let mut kinds = vec![DataType::UInt64];
        kinds.extend(columns.map(|column| match column.names {
            Some(_) => DataType::Dictionary(DataType::Int32.into(), DataType::Utf8.into()),
            None => DataType::Float64,
        }));
        kinds.extend([DataType::Float64, DataType::Utf8, DataType::Utf8]);
        let fields = layout.headers().into_iter().zip(kinds);
        let fields = fields.enumerate().map(|(index, (name, kind))| {
            // every row has a number, and nothing else for sure
            Field::new(name, kind, index > 0)
        });
        let cells = |columns: &[Column]| columns.iter().map(Cells::of).collect();
        Self {
            folder: folder.to_owned(),
            range: stamp.first..stamp.end,
            rows_per_part: rows_per_part.max(1).next_multiple_of(BLOCK),
            schema: Arc::new(Schema::new(fields.collect::<Vec<_>>())),
            axes: cells(&layout.axes),
            outputs: cells(&layout.outputs),
            kept: Kept::new(stamp, layout),
            written: Vec::new(),
            part: Mutex::new(None),
            before: Progress::default(),
        }
    }

    /// What the folder held when it was gone on with: with it, a run ends as one that was never
    /// broken off would ([`Progress::after`]).
    #[must_use]
    pub const fn before(&self) -> &Progress {
        &self.before
    }

    /// The stamp with the rows of a part: they decide what a part is.
    fn stamp(&self, stamp: &Stamp) -> Stamp {
        let format = format!("{}, {} rows a part", stamp.format, self.rows_per_part);
        Stamp { format, ..stamp.clone() }
    }

    fn part_path(&self, scenario: u64) -> PathBuf {
        self.folder.join(format!("part-{:05}.parquet", scenario / self.rows_per_part))
    }

    /// The scenario after the last of the part that holds this one.
    fn part_end(&self, scenario: u64) -> u64 {
        let part = scenario / self.rows_per_part;
        (part + 1).saturating_mul(self.rows_per_part).min(self.range.end)
    }

    fn open(&self, scenario: u64) -> io::Result<Part> {
        let target = self.part_path(scenario);
        let name = target.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let beside = self.folder.join(format!(".{name}.{}{UNFINISHED}", std::process::id()));
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(ROWS_PER_GROUP))
            .build();
        let file = File::create(&beside)?;
        let writer = ArrowWriter::try_new(file, Arc::clone(&self.schema), Some(properties))
            .map_err(parquet_error)?;
        Ok(Part { writer, blocks: Vec::new(), beside, target })
    }

    /// The limits that a scenario breaks; none where all hold.
    fn broken(&self, row: &Row<'_>) -> Option<String> {
        let limits = row.broken().filter_map(|limit| self.kept.limits.get(limit));
        limits.cloned().reduce(|all, limit| all + "; " + &limit)
    }

    /// Numbers as floats, and names as indices into a dictionary.
    fn batch(&self, block: &Block) -> Result<RecordBatch, ArrowError> {
        let count = block.count() as u64;
        let mut columns: Vec<ArrayRef> = Vec::with_capacity(self.schema.fields().len());
        columns.push(Arc::new(UInt64Array::from_iter_values(block.first..block.first + count)));
        for (index, cells) in self.axes.iter().enumerate() {
            columns.push(cells.array(block.axis(index))?);
        }
        for (index, cells) in self.outputs.iter().enumerate() {
            columns.push(cells.array(block.results.column(index))?);
        }
        columns.push(Cells::Numbers.array(&block.results.residuals)?);
        columns.push(Arc::new(block.rows().map(|row| self.broken(&row)).collect::<StringArray>()));
        columns.push(Arc::new(block.rows().map(|row| row.error).collect::<StringArray>()));
        RecordBatch::try_new(Arc::clone(&self.schema), columns)
    }
}

impl Cells {
    fn of(column: &Column) -> Self {
        match &column.names {
            Some(names) => Self::Names(Arc::new(StringArray::from_iter_values(names))),
            None => Self::Numbers,
        }
    }

    fn array(&self, values: &[f64]) -> Result<ArrayRef, ArrowError> {
        let values = values.iter();
        Ok(match self {
            Self::Numbers => {
                let numbers = values.map(|value| value.is_finite().then_some(*value + 0.0));
                Arc::new(numbers.collect::<Float64Array>())
            }
            Self::Names(names) => {
                // an index that was made from a whole number
                #[allow(clippy::cast_possible_truncation)]
                let keys = values.map(|value| (*value >= 0.0).then_some(*value as i32));
                let keys: Int32Array = keys.collect();
                let names: ArrayRef = Arc::<StringArray>::clone(names);
                Arc::new(DictionaryArray::<Int32Type>::try_new(keys, names)?)
            }
        })
    }
}

impl Part {
    /// Completes it, and gives it its name.
    fn close(mut self, kept: &Kept) -> io::Result<(PathBuf, u64)> {
        for entry in kept.metadata(&self.blocks) {
            self.writer.append_key_value_metadata(entry);
        }
        self.writer.finish().map_err(parquet_error)?;
        self.writer.inner().sync_all()?;
        let length = self.writer.inner().metadata()?.len();
        fs::rename(&self.beside, &self.target)?;
        Ok((self.target, length))
    }
}

fn parquet_error(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(error) => io::Error::other(error.to_string()),
        other => io::Error::other(other),
    }
}

impl Sink for ParquetFolder {
    type Encoded = Option<(Result<RecordBatch, ArrowError>, Written)>;

    fn encode(&self, block: &Block, encoded: &mut Self::Encoded) {
        let sums = sums_of(block);
        *encoded = Some((self.batch(block), sums.written(block)));
    }

    fn write(&mut self, block: &Block, encoded: &mut Self::Encoded) -> io::Result<()> {
        let Some((batch, record)) = encoded.take() else { return Ok(()) };
        let batch = batch.map_err(io::Error::other)?;
        let mut part = match self.part.get_mut().unwrap_or_else(PoisonError::into_inner).take() {
            Some(part) => part,
            None => self.open(block.first)?,
        };
        let beside = part.beside.clone();
        let complete = block.first + block.count() as u64 == self.part_end(block.first);
        let written = part.writer.write(&batch).map_err(parquet_error);
        part.blocks.push(record);
        let written = match written {
            Ok(()) if complete => part.close(&self.kept).map(|part| self.written.push(part)),
            Ok(()) => {
                self.part = Mutex::new(Some(part));
                return Ok(());
            }
            Err(error) => Err(error),
        };
        if written.is_err() {
            // resuming removes it where this cannot
            let _ = fs::remove_file(beside);
        }
        written
    }

    /// A part that is not complete is not kept: a run that goes on makes it anew.
    fn finish(&mut self) -> io::Result<()> {
        for (path, length) in &self.written {
            if !fs::metadata(path).is_ok_and(|there| there.len() == *length) {
                let path = path.display();
                let why = format!("\"{path}\" was taken away or changed while others were written");
                return Err(io::Error::other(why));
            }
        }
        match self.part.get_mut().unwrap_or_else(PoisonError::into_inner).take() {
            Some(part) => fs::remove_file(part.beside),
            None => Ok(()),
        }
    }
}
