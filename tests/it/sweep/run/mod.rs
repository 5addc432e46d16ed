//! Running sweeps: the same results on any number of threads and in any parts, files that go on
//! after a run was broken off, parts that merge.

mod bytes;
#[cfg(unix)]
mod killed;
mod merge;
mod resume;
mod runner;

use crate::support::squares::Squares;
use gaschain::sweep::{Csv, CsvFile, Runner, Source, Stamp, Summary};
use std::ops::{ControlFlow, Range};
use std::path::Path;

/// What a run of some scenarios writes.
pub fn csv(source: &Squares, threads: usize, range: Range<u64>) -> String {
    let mut text = Vec::new();
    let mut sink = Csv::new(&mut text, &source.layout()).unwrap();
    let runner = Runner::new().threads(threads).range(range);
    let run = runner.run(source, &mut sink, |_| ControlFlow::Continue(())).unwrap();
    assert!(run.is_complete());
    String::from_utf8(text).unwrap()
}

/// The summary of a run of some scenarios.
pub fn summary(source: &Squares, threads: usize, range: Range<u64>) -> Summary {
    let mut summary = Summary::new("sha256:0", &source.layout());
    let runner = Runner::new().threads(threads).range(range);
    runner.run(source, &mut summary, |_| ControlFlow::Continue(())).unwrap();
    summary
}

/// A run into a file that is broken off after some calls of `progress`, if ever.
fn into_file(source: &Squares, path: &Path, resume: bool, range: Range<u64>, calls: usize) -> u64 {
    let layout = source.layout();
    let stamp = Stamp::new("sha256:0", "csv", &range, &layout);
    let (mut sink, next) = if resume {
        CsvFile::resume(path, &layout, &stamp).unwrap()
    } else {
        (CsvFile::create(path, &layout, &stamp).unwrap(), range.start)
    };
    let mut left = calls;
    let runner = Runner::new().threads(1).range(next..range.end);
    let run = runner.run(source, &mut sink, |_| {
        left -= 1;
        if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    next + run.unwrap().done
}
