//! What results were made of, written beside them, so that a run that was broken off can go on.

use super::record::{self, Written};
use crate::error::Error;
use crate::fault::{Fault, FaultKind, Faults, Place};
use crate::fs::{fault, replace};
use crate::sweep::block::Layout;
use serde::{Deserialize, Serialize};
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// What results were made of. It stands beside them as `<file>.sweep.json`; a run goes on with
/// results only where all of it is the same.
///
/// Under `blocks` it holds what was written of a CSV file, block by block: which scenarios, how many
/// of them failed, came out otherwise when worked out by themselves, and sums of their rows. Whoever
/// goes on with the file or merges it holds every row against these, so that one that was lost,
/// doubled, moved or changed since is refused by its line. A file is whole where they reach to `end`.
///
/// ```
/// use gaschain::sweep::{Layout, Stamp};
/// use std::path::Path;
/// let stamp = Stamp::new("sha256:0123", "csv", &(0..1_000), &Layout::default());
/// assert_eq!(Stamp::path(Path::new("out/all.csv")), Path::new("out/all.csv.sweep.json"));
/// assert_eq!(stamp.columns, ["scenario", "worst_residual", "broken", "error"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stamp {
    /// Version of this crate: another may compute other numbers.
    pub gaschain: String,
    /// Hash of all that determines the results
    /// ([`Prepared::inputs`](crate::sweep::Prepared::inputs)).
    pub inputs: String,
    /// `csv`, `summary`, or `parquet` with the rows of a part.
    pub format: String,
    /// Number of the first scenario.
    pub first: u64,
    /// The number after the last scenario's.
    pub end: u64,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// What the sweep is, in lines ([`Sweep::provenance`](crate::sweep::Sweep::provenance)), with
    /// how its axes are known: for the reader, and nothing that is compared.
    pub sweep: Vec<String>,
    /// What was written.
    pub(super) blocks: Vec<Written>,
}

impl Stamp {
    /// What a run is about to make.
    #[must_use]
    pub fn new(inputs: &str, format: &str, range: &Range<u64>, layout: &Layout) -> Self {
        Self {
            gaschain: env!("CARGO_PKG_VERSION").to_owned(),
            inputs: inputs.to_owned(),
            format: format.to_owned(),
            first: range.start,
            end: range.end,
            columns: layout.headers(),
            sweep: Vec::new(),
            blocks: Vec::new(),
        }
    }

    /// The same with what the sweep is, in words.
    #[must_use]
    pub fn of_sweep(mut self, provenance: &str) -> Self {
        self.sweep = provenance.lines().map(str::to_owned).collect();
        self
    }

    /// Where the stamp of some results stands.
    #[must_use]
    pub fn path(results: &Path) -> PathBuf {
        // a folder may be named with a slash behind it
        let mut name = results.components().collect::<PathBuf>().into_os_string();
        name.push(".sweep.json");
        PathBuf::from(name)
    }

    /// Writes it beside its results.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn write(&self, results: &Path) -> Result<(), Error> {
        let path = Self::path(results);
        replace(&path, self.text().as_bytes()).map_err(|error| fault("write", &path, &error))
    }

    /// As its file holds it: a line a block at its end, so that one more can be added there.
    pub(super) fn text(&self) -> String {
        let empty = Self { blocks: Vec::new(), ..self.clone() };
        let text = serde_json::to_string_pretty(&empty).unwrap_or_default();
        let mut text = text.strip_suffix("]\n}").unwrap_or(&text).to_owned();
        for (index, block) in self.blocks.iter().enumerate() {
            text.push_str(&block.line(index == 0));
        }
        text + record::end(self.blocks.is_empty())
    }

    /// Reads the stamp that stands beside some results.
    ///
    /// # Errors
    /// A file that cannot be read, or is no stamp.
    pub fn read(results: &Path) -> Result<Self, Error> {
        let path = Self::path(results);
        let text = fs::read_to_string(&path).map_err(|error| fault("read", &path, &error))?;
        serde_json::from_str(&text).map_err(|error| {
            let place = Place::file(path.display().to_string()).at_line(error.line());
            Fault { place, kind: FaultKind::Syntax { message: error.to_string() } }.into()
        })
    }

    /// Holds the stamp that stands beside `results` against this one, and gives it. It may end
    /// earlier: those are results that can be gone on with.
    ///
    /// # Errors
    /// A stamp that cannot be read, and everything else in which it is another.
    pub fn check(&self, results: &Path) -> Result<Self, Error> {
        let stamp = Self::read(results)?;
        let name = Self::path(results).display().to_string();
        let mut faults = Faults::default();
        let range = |stamp: &Self| format!("{}..{}", stamp.first, stamp.end);
        let extended = Self { end: stamp.end.min(self.end), ..self.clone() };
        let pairs = [
            ("gaschain", stamp.gaschain.clone(), self.gaschain.clone()),
            ("inputs", stamp.inputs.clone(), self.inputs.clone()),
            ("format", stamp.format.clone(), self.format.clone()),
            ("range", range(&stamp), range(&extended)),
            ("columns", stamp.columns.join(", "), self.columns.join(", ")),
        ];
        for (what, there, now) in pairs {
            if there != now {
                let got = format!("results made with {what} {there}");
                let allowed = format!("{now}, as now, to go on with them; or a new file");
                let kind = FaultKind::NotAllowed { got, allowed };
                faults.push(Place::file(&name).at_address(what), kind);
            }
        }
        Ok(faults.into_result(stamp)?)
    }
}

/// The fault of results that are there already.
pub(crate) fn already_there(path: &Path) -> Error {
    let why = "it exists; allowed: a new path, to resume what is there, or to replace it";
    fault("write", path, &why)
}
