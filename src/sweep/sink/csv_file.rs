//! Results as a CSV file that a run which was broken off can go on with.

use super::Sink;
use super::checkpoint::{Stamp, already_there};
use super::csv::{Csv, header};
use super::record::{Journal, Sums, hold};
use crate::error::Error;
use crate::fs::{Kept, fault};
use crate::sweep::block::{Block, Layout};
use crate::sweep::run::Progress;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, ErrorKind};
use std::path::Path;

/// Results as a CSV file ([`Csv`]), with what they were made of and what was written beside it
/// ([`Stamp`]).
///
/// It is sound at any moment but for its last rows: blocks are added at its end only, each by one
/// write, and then told to the stamp. A run that was broken off, killed or met a full disk goes on
/// with [`CsvFile::resume`] after the last complete block, so that no scenario is lost or there
/// twice and the file ends up byte for byte as if nothing had happened. A file that somebody takes
/// away, empties or replaces while it is written is an error.
#[derive(Debug)]
pub struct CsvFile {
    csv: Csv<File>,
    file: Kept,
    journal: Journal,
    stamp: Kept,
    /// Length of the blocks that are complete, with the header.
    sound: u64,
    before: Progress,
}

impl CsvFile {
    /// Starts a file.
    ///
    /// # Errors
    /// A file that is there already, which is left alone; one that cannot be written.
    pub fn create(path: &Path, layout: &Layout, stamp: &Stamp) -> Result<Self, Error> {
        if path.exists() {
            return Err(already_there(path));
        }
        // the stamp first: results without one could not be gone on with
        let journal = Journal::start(stamp, path)?;
        let file = OpenOptions::new().append(true).create_new(true).open(path);
        let file = file.map_err(|error| fault("write", path, &error))?;
        Self::start(file, path, layout, journal)
    }

    fn start(file: File, path: &Path, layout: &Layout, journal: Journal) -> Result<Self, Error> {
        let failed = |error: io::Error| fault("write", path, &error);
        let kept = Kept::of(&file, path).map_err(failed)?;
        let csv = Csv::new(file, layout).map_err(failed)?;
        let stamp = Kept::of(&journal.file, &Stamp::path(path)).map_err(failed)?;
        let (sound, before) = (header(layout).len() as u64, Progress::default());
        Ok(Self { csv, file: kept, journal, stamp, sound, before })
    }

    /// Goes on with a file, and says with which scenario; starts it where there is none. Every row
    /// is held against the stamp. What stands behind the last complete block is cut off. The range
    /// may end later than that of the run before.
    ///
    /// # Errors
    /// Results of another sweep, chain, range, format or version; a file that is not what such
    /// a run leaves, with the first line that is not; it is left alone.
    pub fn resume(path: &Path, layout: &Layout, stamp: &Stamp) -> Result<(Self, u64), Error> {
        let opened = OpenOptions::new().read(true).append(true).open(path);
        let file = match opened {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                if fs::exists(Stamp::path(path)).unwrap_or(false) {
                    stamp.check(path)?;
                }
                return Ok((Self::create(path, layout, stamp)?, stamp.first));
            }
            Err(error) => return Err(fault("write", path, &error)),
        };
        let mut there = stamp.check(path)?;
        let sound = hold(&mut BufReader::new(&file), path, "resume", &there, |_, _| Ok(()))?;
        there.blocks.truncate(sound.blocks);
        there.end = stamp.end;
        let failed = |error: io::Error| fault("write", path, &error);
        file.set_len(sound.bytes).map_err(failed)?;
        let journal = Journal::start(&there, path)?;
        if sound.bytes == 0 {
            return Ok((Self::start(file, path, layout, journal)?, sound.next));
        }
        let before = Progress::default();
        let before = there.blocks.iter().fold(before, |all, block| block.progress().after(&all));
        let kept = Kept::of(&file, path).map_err(failed)?;
        let stamp = Kept::of(&journal.file, &Stamp::path(path)).map_err(failed)?;
        let csv = Csv::continued(file, layout);
        Ok((Self { csv, file: kept, journal, stamp, sound: sound.bytes, before }, sound.next))
    }

    /// What the file held when it was gone on with: with it, a run ends as one that was never
    /// broken off would ([`Progress::after`]).
    #[must_use]
    pub const fn before(&self) -> &Progress {
        &self.before
    }

    /// Whether both files are what was written to them.
    fn check(&self) -> io::Result<()> {
        self.file.check(self.sound)?;
        self.stamp.check(self.journal.length())
    }
}

impl Sink for CsvFile {
    type Encoded = (Vec<u8>, Sums);

    fn encode(&self, block: &Block, (text, sums): &mut Self::Encoded) {
        self.csv.encode(block, text);
        *sums = Sums::of(text);
    }

    fn write(&mut self, block: &Block, (text, sums): &mut Self::Encoded) -> io::Result<()> {
        self.check()?;
        let written = self.csv.write(block, text).and_then(|()| {
            self.journal.add(&sums.written(block))?;
            self.sound += text.len() as u64;
            Ok(())
        });
        if written.is_err() {
            // a part of the block may be there
            Kept::shorten(&self.csv.writer, self.sound);
        }
        written
    }

    fn finish(&mut self) -> io::Result<()> {
        self.csv.writer.sync_all()?;
        self.check()
    }
}
