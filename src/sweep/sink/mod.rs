//! Where the results of a sweep go: files, memory, a summary, a function of your own.
//!
//! *In:* blocks of results, in order. *Out:* what each sink makes of them; a new sink is a file
//! here. *Order:* `csv` (rows), `csv_file` and `parquet` (files that a run may go on with, by a
//! `checkpoint` that has a `record` of what was written), `columns` (memory), `summary`; `merge` puts parts together.

mod checkpoint;
mod columns;
mod csv;
mod csv_file;
mod merge;
#[cfg(feature = "parquet")]
mod parquet;
mod record;
mod summary;

pub use checkpoint::Stamp;
pub use columns::Columns;
pub use csv::Csv;
pub(super) use csv::header_line;
pub use csv_file::CsvFile;
pub use merge::merge_results;
#[cfg(feature = "parquet")]
pub use parquet::ParquetFolder;
pub use summary::{
    HISTOGRAM_PARTS, OutputSummary, QUANTILE_ERROR, QUANTILES, Statistics, Summary, SummaryFile,
};

use super::block::{Block, Row};
use crate::error::Error;
use crate::fs::fault;
use std::fs;
use std::io;
use std::path::Path;

/// Removes the results of a sweep, with what was written beside them: a CSV file or a folder of
/// Parquet files that has a [`Stamp`], or a summary. Where there are none, nothing is done.
///
/// # Errors
/// Something else, which is left alone; what cannot be removed.
pub fn remove_results(results: &Path) -> Result<(), Error> {
    let stamp = Stamp::path(results);
    if results.exists() && !stamp.exists() && Summary::read(results).is_err() {
        let why = "it is no result of a sweep, with its stamp beside it";
        return Err(fault("replace", results, &why));
    }
    remove(results)?;
    if stamp.exists() {
        fs::remove_file(&stamp).map_err(|error| fault("remove", &stamp, &error))?;
    }
    Ok(())
}

/// Removes a file, or a folder of Parquet files that holds nothing else.
fn remove(results: &Path) -> Result<(), Error> {
    let failed = |path: &Path, error: &io::Error| fault("remove", path, error);
    if !results.is_dir() {
        return match fs::remove_file(results) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed.map_err(|error| failed(results, &error)),
        };
    }
    let entries = fs::read_dir(results).map_err(|error| failed(results, &error))?;
    let entries = entries.collect::<Result<Vec<_>, _>>();
    let entries = entries.map_err(|error| failed(results, &error))?;
    let is_part = |name: &str| name.ends_with(".parquet") || name.ends_with(".unfinished");
    for entry in &entries {
        if !is_part(&entry.file_name().to_string_lossy()) {
            return Err(fault(
                "replace",
                &entry.path(),
                &"it is no part of the results of a sweep",
            ));
        }
    }
    for entry in entries {
        fs::remove_file(entry.path()).map_err(|error| failed(&entry.path(), &error))?;
    }
    fs::remove_dir(results).map_err(|error| failed(results, &error))
}

/// Takes the results of a sweep, block by block.
///
/// What is costly and can be done for each block alone (numbers into digits, sums) belongs into
/// [`encode`](Sink::encode), which threads run side by side; [`write`](Sink::write) is called by
/// one thread, in the order of the scenarios. Two sinks are one: `(csv, summary)`.
pub trait Sink: Sync {
    /// What becomes of a block before it is written; used again for later blocks.
    type Encoded: Default + Send;

    /// Whether it reads the axes of a block. Where no sink does, they are not put in their units.
    fn reads_axes(&self) -> bool {
        true
    }

    /// Prepares a block. What `encoded` holds from an earlier one has to go.
    fn encode(&self, block: &Block, encoded: &mut Self::Encoded);

    /// Takes a block, in the order of the scenarios.
    ///
    /// # Errors
    /// What cannot be written. What was taken before has to stay sound.
    fn write(&mut self, block: &Block, encoded: &mut Self::Encoded) -> io::Result<()>;

    /// Called once, after the last block, also of a run that was broken off.
    ///
    /// # Errors
    /// What cannot be written.
    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<S: Sink> Sink for &mut S {
    type Encoded = S::Encoded;

    fn reads_axes(&self) -> bool {
        (**self).reads_axes()
    }

    fn encode(&self, block: &Block, encoded: &mut Self::Encoded) {
        (**self).encode(block, encoded);
    }

    fn write(&mut self, block: &Block, encoded: &mut Self::Encoded) -> io::Result<()> {
        (**self).write(block, encoded)
    }

    fn finish(&mut self) -> io::Result<()> {
        (**self).finish()
    }
}

/// Both take every block; the first goes first.
impl<A: Sink, B: Sink> Sink for (A, B) {
    type Encoded = (A::Encoded, B::Encoded);

    fn reads_axes(&self) -> bool {
        self.0.reads_axes() || self.1.reads_axes()
    }

    fn encode(&self, block: &Block, encoded: &mut Self::Encoded) {
        self.0.encode(block, &mut encoded.0);
        self.1.encode(block, &mut encoded.1);
    }

    fn write(&mut self, block: &Block, encoded: &mut Self::Encoded) -> io::Result<()> {
        self.0.write(block, &mut encoded.0)?;
        self.1.write(block, &mut encoded.1)
    }

    fn finish(&mut self) -> io::Result<()> {
        self.0.finish()?;
        self.1.finish()
    }
}

/// Takes nothing: for measuring, or where [`Progress`](super::Progress) says all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Discard;

impl Sink for Discard {
    type Encoded = ();

    fn reads_axes(&self) -> bool {
        false
    }

    fn encode(&self, _: &Block, (): &mut ()) {}

    fn write(&mut self, _: &Block, (): &mut ()) -> io::Result<()> {
        Ok(())
    }
}

/// Calls a function for each scenario, in order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Each<F>(pub F);

impl<F: FnMut(Row<'_>) + Sync> Sink for Each<F> {
    type Encoded = ();

    fn encode(&self, _: &Block, (): &mut ()) {}

    fn write(&mut self, block: &Block, (): &mut ()) -> io::Result<()> {
        block.rows().for_each(&mut self.0);
        Ok(())
    }
}
