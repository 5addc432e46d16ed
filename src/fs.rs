//! Files: written whole or not at all, and what is said where that fails.

use crate::error::Error;
use crate::fault::{Fault, FaultKind, Place};
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// What becomes of results that are where new ones are to be written. They are never mixed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Older {
    /// They are left alone, and nothing is written.
    #[default]
    Refused,
    /// They go, all of them, before anything new is there; what is no result of ours is left alone,
    /// and nothing is written.
    Replaced,
}

/// The error that a file is which cannot be read, written, gone on with ...
pub(crate) fn fault(action: &'static str, path: &Path, why: &dyn Display) -> Error {
    let path = path.display().to_string();
    let kind = FaultKind::File { action, path: path.clone(), why: why.to_string() };
    Fault { place: Place::file(path), kind }.into()
}

/// Writes a file whole or not at all: under another name beside, and renamed when complete.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}.part", std::process::id()));
    let beside = PathBuf::from(beside);
    let written = fs::write(&beside, bytes).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // it may never have come to be
        let _ = fs::remove_file(&beside);
    }
    written
}

/// A file that is being written and has to stay where it is: what it is known by.
#[derive(Debug)]
pub(crate) struct Kept {
    path: PathBuf,
    identity: Identity,
}

#[cfg(unix)]
type Identity = (u64, u64);

/// Where files have no numbers, the length alone tells.
#[cfg(not(unix))]
type Identity = ();

#[cfg(unix)]
fn identity(file: &fs::Metadata) -> Identity {
    use std::os::unix::fs::MetadataExt;
    (file.dev(), file.ino())
}

#[cfg(not(unix))]
fn identity(_: &fs::Metadata) -> Identity {}

impl Kept {
    /// A file that was opened by a path.
    pub fn of(file: &fs::File, path: &Path) -> io::Result<Self> {
        Ok(Self { path: path.to_owned(), identity: identity(&file.metadata()?) })
    }

    /// Whether the path still leads to the file, and that is as long as what was written.
    pub fn check(&self, length: u64) -> io::Result<()> {
        let what = match fs::metadata(&self.path) {
            Ok(there) if identity(&there) == self.identity && there.len() == length => {
                return Ok(());
            }
            Ok(there) if identity(&there) == self.identity => "changed by somebody else",
            Ok(_) => "replaced",
            Err(_) => "taken away",
        };
        let path = self.path.display();
        Err(io::Error::other(format!("\"{path}\" was {what} while it was being written")))
    }

    /// Cuts off what is longer than what was written; a file that is shorter stays as it is.
    pub fn shorten(file: &fs::File, length: u64) {
        if file.metadata().is_ok_and(|there| there.len() > length) {
            // where even this fails, who reads the file next does it
            let _ = file.set_len(length);
        }
    }
}
