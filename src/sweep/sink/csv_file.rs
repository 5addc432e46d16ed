//! Results as a CSV file that a run which was broken off can go on with.

use super::Sink;
use super::checkpoint::{Sound, Stamp, already_there, sound_part};
use super::csv::{Csv, header};
use crate::error::Error;
use crate::fs::fault;
use crate::sweep::block::{Block, Layout};
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Seek, SeekFrom};
use std::path::Path;

/// Results as a CSV file ([`Csv`]), with what they were made of beside it ([`Stamp`]).
///
/// It is sound at any moment but for its last row: blocks are added at its end only, each by one
/// write. A run that was broken off, killed or met a full disk goes on with
/// [`CsvFile::resume`] after the last complete block, so that no scenario is lost or there twice
/// and the file ends up byte for byte as if nothing had happened.
#[derive(Debug)]
pub struct CsvFile {
    csv: Csv<File>,
    /// Length of the blocks that are complete, with the header.
    sound: u64,
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
        stamp.write(path)?;
        let file = OpenOptions::new().write(true).create_new(true).open(path);
        let file = file.map_err(|error| fault("write", path, &error))?;
        Self::start(file, path, layout)
    }

    fn start(file: File, path: &Path, layout: &Layout) -> Result<Self, Error> {
        let csv = Csv::new(file, layout).map_err(|error| fault("write", path, &error))?;
        Ok(Self { csv, sound: header(layout).len() as u64 })
    }

    /// Goes on with a file, and says with which scenario; starts it where there is none. What
    /// stands behind the last complete block is cut off. The range may end later than that of the
    /// run before.
    ///
    /// # Errors
    /// Results of another sweep, chain, range, format or version; a file that is not what such
    /// a run leaves, which is left alone.
    pub fn resume(path: &Path, layout: &Layout, stamp: &Stamp) -> Result<(Self, u64), Error> {
        let mut file = match OpenOptions::new().read(true).write(true).open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                if fs::exists(Stamp::path(path)).unwrap_or(false) {
                    stamp.check(path)?;
                }
                return Ok((Self::create(path, layout, stamp)?, stamp.first));
            }
            Err(error) => return Err(fault("write", path, &error)),
        };
        let there = stamp.check(path)?;
        let range = stamp.first..stamp.end;
        let Sound { bytes, next } = sound_part(&mut file, &header(layout), &range)
            .map_err(|why| fault("resume", path, &why))?;
        if there.end < stamp.end {
            stamp.write(path)?;
        }
        file.set_len(bytes)
            .and_then(|()| file.seek(SeekFrom::Start(bytes)))
            .map_err(|error| fault("write", path, &error))?;
        if bytes == 0 {
            return Ok((Self::start(file, path, layout)?, next));
        }
        Ok((Self { csv: Csv::continued(file, layout), sound: bytes }, next))
    }
}

impl Sink for CsvFile {
    type Encoded = Vec<u8>;

    fn encode(&self, block: &Block, text: &mut Vec<u8>) {
        self.csv.encode(block, text);
    }

    fn write(&mut self, block: &Block, text: &mut Vec<u8>) -> io::Result<()> {
        let written = self.csv.write(block, text);
        match written {
            Ok(()) => self.sound += text.len() as u64,
            // where even this fails, resuming does it
            Err(_) => drop(self.csv.writer.set_len(self.sound)),
        }
        written
    }

    fn finish(&mut self) -> io::Result<()> {
        self.csv.writer.sync_all()
    }
}
