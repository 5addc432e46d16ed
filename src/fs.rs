//! Files: which may be read, read whole, written whole or not at all, and what is said where that
//! fails.

use crate::document::text;
use crate::error::Error;
use crate::fault::{Fault, FaultKind, Faults, Place};
use std::fmt::Display;
use std::fs::File;
use std::io::Read;
use std::path::{Component, Path, PathBuf};
use std::{fs, io};

/// Largest file that is read whole.
const LARGEST: u64 = 1 << 28;

/// Which files may be read because another one names them: those in the folder of the file that was
/// given by a person, wherever links lead, and in folders that were opened by one.
///
/// A file that somebody else wrote can name any file of a machine, and messages show what stands
/// in files; so what lies elsewhere is not even looked at.
///
/// ```
/// use gaschain::scenario::Access;
///
/// let mut access = Access::beside("runs/late.toml".as_ref());
/// assert!(access.allow("no/such/folder".as_ref()).is_err());
/// access.allow(".".as_ref())?;
/// # Ok::<(), gaschain::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Access {
    /// Where they really are.
    folders: Vec<PathBuf>,
}

impl Access {
    /// Files in the folder of a file.
    #[must_use]
    pub fn beside(file: &Path) -> Self {
        Self::default().and_beside(file)
    }

    /// The same files, and those in the folder of one more.
    #[must_use]
    pub fn and_beside(mut self, file: &Path) -> Self {
        self.folders.push(resolved(file.parent().unwrap_or_else(|| Path::new(""))));
        self
    }

    /// Opens one more folder.
    ///
    /// # Errors
    /// A folder that is not there.
    pub fn allow(&mut self, folder: &Path) -> Result<&mut Self, Error> {
        let real = fs::canonicalize(folder).map_err(|error| fault("read", folder, &error))?;
        if !real.is_dir() {
            return Err(fault("read", folder, &"it is no folder"));
        }
        self.folders.push(real);
        Ok(self)
    }

    /// Refuses a file or folder that `named` stands for and that may not be read.
    pub(crate) fn judge(&self, path: &Path, named: &str) -> Result<(), FaultKind> {
        let real = resolved(path);
        let inside = |path: &Path| self.folders.iter().any(|folder| path.starts_with(folder));
        let leaves = real.components().any(|part| part == Component::ParentDir);
        if !leaves && inside(&real) {
            return Ok(());
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let mut folder = folder.unwrap_or_else(|| Path::new("."));
        if real.is_dir() {
            folder = path;
        } else if let Some(target) = real.parent().filter(|_| inside(&resolved(folder))) {
            // a link that leads elsewhere
            folder = target;
        }
        Err(FaultKind::NotAllowed {
            got: format!("\"{named}\", which lies outside the folder of the file that is run"),
            allowed: format!(
                "files in that folder, or with --allow {} also this one",
                folder.display()
            ),
        })
    }
}

/// Where a path really leads: links followed and `..` gone, as far as there is something.
fn resolved(path: &Path) -> PathBuf {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    for start in path.ancestors() {
        let there = if start.as_os_str().is_empty() { Path::new(".") } else { start };
        if let Ok(real) = fs::canonicalize(there) {
            let rest = path.strip_prefix(start).unwrap_or(path);
            return if rest.as_os_str().is_empty() { real } else { real.join(rest) };
        }
    }
    path.to_owned()
}

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

/// Opens a file to be read; what is none, and so may have no end, is a fault.
pub(crate) fn open(path: &Path, faults: &mut Faults) -> Option<File> {
    let opened = fs::metadata(path).and_then(|found| {
        if found.is_file() {
            return File::open(path);
        }
        let why = if found.is_dir() { "it is a folder" } else { "it is a pipe or a device" };
        Err(io::Error::other(why))
    });
    opened.map_err(|error| faults.append(fault("read", path, &error))).ok()
}

/// Bytes of a file that is read whole.
pub(crate) fn read(path: &Path, faults: &mut Faults) -> Option<Vec<u8>> {
    let file = open(path, faults)?;
    let mut bytes = Vec::new();
    let read = file.take(LARGEST + 1).read_to_end(&mut bytes).and_then(|read| {
        let why = format!("it is larger than {} MiB", LARGEST >> 20);
        if read as u64 <= LARGEST { Ok(()) } else { Err(io::Error::other(why)) }
    });
    read.map_err(|error| faults.append(fault("read", path, &error))).ok()?;
    Some(bytes)
}

/// Text of a file; one that cannot be read or is no text is a fault.
pub(crate) fn read_text(path: &Path, faults: &mut Faults) -> Option<String> {
    let bytes = read(path, faults)?;
    text::decode(&bytes, &path.display().to_string(), faults)
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
