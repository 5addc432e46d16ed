//! A summary as a file that is written anew from time to time, and can be gone on with.

use super::Summary;
use super::numbers::BlockNumbers;
use crate::error::Error;
use crate::fault::{FaultKind, Faults, Place};
use crate::fs::{fault, replace};
use crate::sweep::block::{Block, Layout};
use crate::sweep::run::Progress;
use crate::sweep::sink::Sink;
use crate::sweep::sink::checkpoint::{Stamp, already_there};
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Time between two writings.
const BETWEEN: Duration = Duration::from_secs(10);

/// A [`Summary`] as a JSON file.
///
/// The file is whole at any moment: it is replaced every ten seconds, and when a run ends or is
/// broken off. What was worked out after the last writing is worked out again by a run that goes
/// on after it was killed.
#[derive(Debug)]
pub struct SummaryFile {
    /// The summary so far.
    pub summary: Summary,
    path: PathBuf,
    written: Instant,
    before: Progress,
}

impl SummaryFile {
    /// Starts a file.
    ///
    /// # Errors
    /// A file that is there already, which is left alone; one that cannot be written.
    pub fn create(path: &Path, layout: &Layout, stamp: &Stamp) -> Result<Self, Error> {
        if path.exists() {
            return Err(already_there(path));
        }
        let summary = Summary::new(&stamp.inputs, layout);
        let file = Self::new(summary, path, Progress::default());
        // a path that cannot be written shows before the work is done
        file.save().map_err(|error| fault("write", path, &error))?;
        Ok(file)
    }

    /// Goes on with a file, and says with which scenario; starts it where there is none.
    ///
    /// # Errors
    /// A summary of another sweep, chain, version or range; a file that is none.
    pub fn resume(path: &Path, layout: &Layout, stamp: &Stamp) -> Result<(Self, u64), Error> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Ok((Self::create(path, layout, stamp)?, stamp.first));
            }
            Err(error) => return Err(fault("read", path, &error)),
        };
        let name = path.display().to_string();
        let mut summary = Summary::new(&stamp.inputs, layout);
        let there = Summary::read_json(&text, &name)?;
        let mut faults = Faults::default();
        if let Err(kind) = summary.take(&there) {
            faults.push(Place::file(&name), kind);
        }
        let next = match there.scenarios.as_slice() {
            [] => stamp.first,
            [range] if range.start == stamp.first && range.end <= stamp.end => range.end,
            ranges => {
                let got = format!("a summary of scenarios {ranges:?}");
                let allowed = format!("a first part of {}..{}", stamp.first, stamp.end);
                faults.push(Place::file(&name), FaultKind::NotAllowed { got, allowed });
                stamp.first
            }
        };
        let file = Self::new(summary, path, there.progress());
        Ok(faults.into_result((file, next))?)
    }

    fn new(summary: Summary, path: &Path, before: Progress) -> Self {
        Self { summary, path: path.to_owned(), written: Instant::now(), before }
    }

    /// What the summary held when it was gone on with: with it, a run ends as one that was never
    /// broken off would ([`Progress::after`]).
    #[must_use]
    pub const fn before(&self) -> &Progress {
        &self.before
    }

    fn save(&self) -> io::Result<()> {
        replace(&self.path, self.summary.to_json().as_bytes())
    }
}

impl Sink for SummaryFile {
    type Encoded = Vec<BlockNumbers>;

    fn reads_axes(&self) -> bool {
        false
    }

    fn encode(&self, block: &Block, encoded: &mut Self::Encoded) {
        self.summary.encode(block, encoded);
    }

    fn write(&mut self, block: &Block, encoded: &mut Self::Encoded) -> io::Result<()> {
        self.summary.write(block, encoded)?;
        if self.written.elapsed() >= BETWEEN {
            self.save()?;
            self.written = Instant::now();
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.save()
    }
}
