//! Files: written whole or not at all, and what is said where that fails.

use crate::error::Error;
use crate::fault::{Fault, FaultKind, Place};
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::{fs, io};

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
