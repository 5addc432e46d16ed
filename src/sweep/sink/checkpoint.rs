//! What results were made of, written beside them, so that a run that was broken off can go on.

use crate::error::Error;
use crate::fault::{Fault, FaultKind, Faults, Place};
use crate::fs::{fault, replace};
use crate::sweep::block::{BLOCK, Layout};
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// What results were made of. It stands beside them as `<file>.sweep.json`; a run goes on with
/// results only where all of it is the same.
///
/// ```
/// use gaschain::sweep::{Layout, Stamp};
/// use std::path::Path;
/// let stamp = Stamp::new("sha256:0123", "csv", &(0..1_000), &Layout::default());
/// assert_eq!(Stamp::path(Path::new("out/all.csv")), Path::new("out/all.csv.sweep.json"));
/// assert_eq!(stamp.columns, ["scenario", "worst_residual", "error"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stamp {
    /// Version of this crate: another may compute other numbers.
    pub gaschain: String,
    /// Hash of the sweep's and the chain's files ([`Sweep::inputs`](crate::sweep::Sweep::inputs)).
    pub inputs: String,
    /// `csv`, `summary`, or `parquet` with the rows of a part.
    pub format: String,
    /// Number of the first scenario.
    pub first: u64,
    /// The number after the last scenario's.
    pub end: u64,
    /// Names of the columns.
    pub columns: Vec<String>,
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
        }
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
        let text = serde_json::to_string_pretty(self).unwrap_or_default() + "\n";
        replace(&path, text.as_bytes()).map_err(|error| fault("write", &path, &error))
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
    let why = "it exists; allowed: a new path, or to resume what is there";
    fault("write", path, &why)
}

/// How much of a CSV file of results is sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sound {
    /// Length of its complete blocks with the header; 0 where not even that is complete.
    pub bytes: u64,
    /// The scenario to go on with.
    pub next: u64,
}

/// First look at the end of a file: about a block of rows of twenty columns.
const FIRST_LOOK: u64 = 1 << 19;

/// Finds the end of the last complete block of a CSV file that a run of `range` left. Rows were
/// added at its end only, so all before the last complete one are there.
pub(crate) fn sound_part(
    file: &mut File,
    header: &str,
    range: &Range<u64>,
) -> Result<Sound, String> {
    let said = |error: io::Error| error.to_string();
    let len = file.seek(SeekFrom::End(0)).map_err(said)?;
    let head = header.len() as u64;
    let start = read_part(file, 0, len.min(head)).map_err(said)?;
    if !header.as_bytes().starts_with(&start) {
        return Err("its header is that of other results".to_owned());
    }
    if len < head {
        return Ok(Sound { bytes: 0, next: range.start });
    }
    let mut look = FIRST_LOOK;
    loop {
        let from = len.saturating_sub(look).max(head);
        let tail = read_part(file, from, len - from).map_err(said)?;
        if let Some(sound) = sound_tail(&tail, from, head, range)? {
            return Ok(sound);
        }
        look *= 4;
    }
}

fn read_part(file: &mut File, from: u64, count: u64) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(from))?;
    let mut part = Vec::new();
    file.take(count).read_to_end(&mut part)?;
    Ok(part)
}

/// The end of the last complete block in the tail of a file that starts at byte `from`; `None`
/// where the block began before it.
fn sound_tail(
    tail: &[u8],
    from: u64,
    head: u64,
    range: &Range<u64>,
) -> Result<Option<Sound>, String> {
    let whole = from == head;
    let ends = |byte: &u8| *byte == b'\n';
    let Some(last_end) = tail.iter().rposition(ends) else {
        return Ok(whole.then_some(Sound { bytes: head, next: range.start }));
    };
    // where rows begin, the last first; the first of a tail may have begun before it
    let mut begins = tail[..last_end]
        .iter()
        .enumerate()
        .rev()
        .filter_map(|(at, byte)| ends(byte).then_some(at + 1))
        .chain(whole.then_some(0));
    let Some(mut at) = begins.next() else { return Ok(None) };
    let last = scenario_at(&tail[at..])?;
    if !range.contains(&last) {
        return Err(format!("its last row is scenario {last}"));
    }
    let done = last + 1;
    let border = if done == range.end { done } else { (done / BLOCK * BLOCK).max(range.start) };
    if border == done {
        return Ok(Some(Sound { bytes: from + last_end as u64 + 1, next: done }));
    }
    for wanted in (border..done).rev() {
        let scenario = scenario_at(&tail[at..])?;
        if scenario != wanted {
            return Err(format!("scenario {scenario} stands where {wanted} should"));
        }
        if wanted == border {
            return Ok(Some(Sound { bytes: from + at as u64, next: border }));
        }
        match begins.next() {
            Some(earlier) => at = earlier,
            None if whole => return Err(format!("scenario {} is not there", wanted - 1)),
            None => return Ok(None),
        }
    }
    Ok(None)
}

/// The number of the scenario whose row begins here.
fn scenario_at(row: &[u8]) -> Result<u64, String> {
    let end = row.iter().position(|byte| *byte == b',').unwrap_or(row.len());
    let number = std::str::from_utf8(&row[..end]).ok().and_then(|text| text.parse().ok());
    number.ok_or_else(|| "a row does not begin with the number of a scenario".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tail(text: &str, from: u64, range: Range<u64>) -> Result<Option<Sound>, String> {
        sound_tail(text.as_bytes(), from, 10, &range)
    }

    #[test]
    fn the_last_complete_block_is_found() {
        let sound = |bytes, next| Ok(Some(Sound { bytes, next }));
        assert_eq!(tail("", 10, 0..5), sound(10, 0));
        assert_eq!(tail("0,a\n1,", 10, 0..5), sound(10, 0));
        assert_eq!(tail("0,a\n1,b\n", 10, 0..2), sound(18, 2));
        assert_eq!(tail("1023,a\n1024,b\n", 10, 1_023..9_999), sound(17, 1_024));
        assert_eq!(tail("1023,a\n1024,b\n10", 10, 1_023..1_025), sound(24, 1_025));
        assert_eq!(tail("23,a\n1024,b\n1025,c\n", 90, 0..9_999), sound(95, 1_024));
    }

    #[test]
    fn a_tail_that_is_too_short_says_so_and_a_foreign_one_is_refused() {
        assert_eq!(tail("no end", 90, 0..5), Ok(None));
        assert_eq!(tail("24,b\n1025,c\n", 90, 0..9_999), Ok(None));
        assert_eq!(tail("7,a\n", 10, 0..5), Err("its last row is scenario 7".into()));
        assert_eq!(tail("3,a\n", 10, 0..5), Err("scenario 2 is not there".into()));
        assert_eq!(tail("0,a\n3,a\n", 10, 0..5), Err("scenario 0 stands where 2 should".into()));
        assert!(tail("x,a\n", 10, 0..5).is_err());
    }
}
