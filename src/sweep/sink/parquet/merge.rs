//! Making one folder of Parquet files of several, row by row: as one run would have made it.

use super::super::checkpoint::Stamp;
use super::super::merge::incomplete;
use super::super::record::Written;
use super::super::{Sink, remove};
use super::ParquetFolder;
use super::part::Kept;
use crate::error::Error;
use crate::fault::Faults;
use crate::fs::fault;
use crate::sweep::block::{BLOCK, Block, Layout};
use crate::sweep::run::Progress;
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Makes one folder of the parts, which are in order.
pub(in crate::sweep::sink) fn merge(
    whole: Option<Stamp>,
    parts: &[(Stamp, &PathBuf)],
    out: &Path,
    faults: Faults,
) -> Result<Progress, Error> {
    faults.into_result(())?;
    let Some((whole, (first, folder))) = whole.zip(parts.first()) else {
        return Ok(Progress::default());
    };
    let rows = rows_per_part(&whole, folder)?;
    let layout = Kept::layout(&part(folder, first.first, rows), first)?;
    let mut name = out.components().collect::<PathBuf>().into_os_string();
    name.push(format!(".{}.part", std::process::id()));
    let beside = PathBuf::from(name);
    let merged = into(&beside, &whole, parts, &layout, rows);
    let failed = |error: io::Error| fault("write", out, &error);
    let ended = merged.and_then(|progress| {
        remove(out)?;
        fs::rename(Stamp::path(&beside), Stamp::path(out)).map_err(failed)?;
        fs::rename(&beside, out).map_err(failed)?;
        Ok(progress)
    });
    if ended.is_err() {
        // what is there of it would pass for results
        let _ = fs::remove_dir_all(&beside);
        let _ = fs::remove_file(Stamp::path(&beside));
    }
    ended
}

/// The rows of a part, which the format of a folder tells.
fn rows_per_part(stamp: &Stamp, folder: &Path) -> Result<u64, Error> {
    let rows = stamp.format.split(' ').nth(1).and_then(|rows| rows.parse().ok());
    let why = "its stamp does not say how many rows a part has";
    rows.filter(|rows| *rows > 0).ok_or_else(|| fault("merge", folder, &why))
}

fn part(folder: &Path, scenario: u64, rows: u64) -> PathBuf {
    folder.join(format!("part-{:05}.parquet", scenario / rows))
}

fn into(
    beside: &Path,
    whole: &Stamp,
    parts: &[(Stamp, &PathBuf)],
    layout: &Layout,
    rows: u64,
) -> Result<Progress, Error> {
    let asked = Stamp { format: "parquet".to_owned(), ..whole.clone() };
    let sink = ParquetFolder::create(beside, layout, &asked, rows)?;
    let mut joined = Joined { sink, open: Rows::new(layout), progress: Progress::default() };
    let mut faults = Faults::default();
    for (stamp, folder) in parts {
        let mut next = stamp.first;
        while next < stamp.end {
            let path = part(folder, next, rows);
            let end = ((next / rows + 1) * rows).min(stamp.end);
            if !path.exists() {
                incomplete(folder, stamp, next, &mut faults);
                break;
            }
            let kept = Kept::new(stamp, layout);
            let held = kept.hold(&path, "merge", next..end, |blocks, block| {
                joined.take(blocks, block).map_err(|error| fault("write", beside, &error))
            });
            if let Err(more) = held {
                faults.append(more);
            }
            next = end;
        }
    }
    faults.into_result(())?;
    joined.finish().map_err(|error| fault("write", beside, &error))
}

/// Rows of one block by number, column by column.
struct Rows {
    first: u64,
    axes: Vec<Vec<f64>>,
    outputs: Vec<Vec<f64>>,
    words: Vec<Vec<u64>>,
    residuals: Vec<f64>,
    failures: Vec<(usize, String)>,
    /// What was written of it in parts, each taken once.
    rerun: u64,
    disagreed: BTreeSet<u64>,
}

impl Rows {
    fn new(layout: &Layout) -> Self {
        let words = layout.limits.len().div_ceil(crate::sweep::block::LIMITS_PER_WORD);
        Self {
            first: 0,
            axes: vec![Vec::new(); layout.axes.len()],
            outputs: vec![Vec::new(); layout.outputs.len()],
            words: vec![Vec::new(); words],
            residuals: Vec::new(),
            failures: Vec::new(),
            rerun: 0,
            disagreed: BTreeSet::new(),
        }
    }
}

/// A folder that rows are joined in.
struct Joined {
    sink: ParquetFolder,
    open: Rows,
    progress: Progress,
}

impl Joined {
    /// Takes the rows of a batch; blocks that are complete are written.
    fn take(&mut self, written: &[Written], batch: &Block) -> io::Result<()> {
        let count = batch.count();
        for (lane, row) in batch.rows().enumerate() {
            let number = row.scenario();
            if self.open.residuals.is_empty() {
                self.open.first = number;
            }
            let open = &mut self.open;
            let columns = open.axes.iter_mut().zip(row.axes());
            columns.for_each(|(column, number)| column.push(number));
            let columns = open.outputs.iter_mut().zip(row.outputs());
            columns.for_each(|(column, number)| column.push(number));
            for (index, column) in open.words.iter_mut().enumerate() {
                column.push(batch.results.broken[index * count + lane]);
            }
            if let Some(error) = row.error {
                open.failures.push((open.residuals.len(), error.to_owned()));
            }
            open.residuals.push(row.worst_residual());
            if let Some(record) = written.iter().find(|record| record.first == number) {
                open.rerun += record.rerun;
                open.disagreed.extend(&record.disagreed);
            }
            if (number + 1).is_multiple_of(BLOCK) {
                self.close()?;
            }
        }
        Ok(())
    }

    fn close(&mut self) -> io::Result<()> {
        let open = &mut self.open;
        let mut block = Block { first: open.first, ..Block::default() };
        let results = &mut block.results;
        results.count = open.residuals.len();
        if results.count == 0 {
            return Ok(());
        }
        open.axes.iter_mut().for_each(|column| block.inputs.append(column));
        open.outputs.iter_mut().for_each(|column| results.values.append(column));
        open.words.iter_mut().for_each(|column| results.broken.append(column));
        results.residuals.append(&mut open.residuals);
        results.failures.append(&mut open.failures);
        results.rerun = usize::try_from(std::mem::take(&mut open.rerun)).unwrap_or(usize::MAX);
        results.disagreed.extend(std::mem::take(&mut open.disagreed));
        self.progress.count(&block);
        let mut encoded = None;
        self.sink.encode(&block, &mut encoded);
        self.sink.write(&block, &mut encoded)
    }

    fn finish(mut self) -> io::Result<Progress> {
        self.close()?;
        self.sink.finish()?;
        let total = self.progress.done;
        Ok(Progress { total, ..self.progress })
    }
}
