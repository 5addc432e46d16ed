//! Making one of the results of several ranges of a sweep, run on several machines.

use super::checkpoint::{Stamp, already_there};
use super::record::{Regrouped, hold};
use super::{Summary, header_line, remove};
use crate::error::Error;
use crate::fault::{FaultKind, Faults, Place};
use crate::fs::{Kept, Older, fault, replace};
use crate::sweep::run::Progress;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Makes one file of CSV files, or of summaries, or one folder of Parquet folders, of ranges of one
/// sweep: byte for byte what one run of all of them would have made. Gives what that run would have
/// said: how many failed, whether any came out otherwise when worked out by themselves.
///
/// Files and folders have to be complete, to lie beside their stamps ([`Stamp`]) and to have no gap
/// between them; in any order. Every row is held against what was written. A file is taken for a
/// summary where it has no stamp.
///
/// # Errors
/// Every part that cannot be read, that is of another sweep, not complete, not as it was written,
/// overlaps or leaves a gap; an `out` that is there already, if it is not to be replaced, or cannot
/// be written.
pub fn merge_results(parts: &[PathBuf], out: &Path, older: Older) -> Result<Progress, Error> {
    let mut faults = Faults::default();
    let resolved = |path: &Path| fs::canonicalize(path).ok();
    let is_part = |part: &PathBuf| resolved(part).is_some() && resolved(part) == resolved(out);
    if out.exists() && (older == Older::Refused || parts.iter().any(is_part)) {
        faults.append(already_there(out));
    }
    let Some(first) = parts.first() else {
        let kind = FaultKind::Missing { what: "part", name: "to merge".into() };
        faults.push(Place::default(), kind);
        return Err(faults.into());
    };
    if !Stamp::path(first).exists() {
        return merge_summaries(parts, out, faults);
    }
    let (whole, parts) = in_order(parts, &mut faults);
    if first.is_dir() {
        return folders(whole, &parts, out, faults);
    }
    merge_csv(whole, &parts, out, faults)
}

#[cfg(feature = "parquet")]
use super::parquet::merge as folders;

#[cfg(not(feature = "parquet"))]
fn folders(
    _: Option<Stamp>,
    parts: &[(Stamp, &PathBuf)],
    _: &Path,
    mut faults: Faults,
) -> Result<Progress, Error> {
    for (_, path) in parts {
        let got = "a folder of Parquet files, without the feature \"parquet\"".to_owned();
        let allowed = "CSV files, or summaries".to_owned();
        let place = Place::file(path.display().to_string());
        faults.push(place, FaultKind::NotAllowed { got, allowed });
    }
    Err(faults.into())
}

fn merge_summaries(parts: &[PathBuf], out: &Path, mut faults: Faults) -> Result<Progress, Error> {
    let mut all: Option<Summary> = None;
    for path in parts {
        let name = path.display().to_string();
        let text = fs::read_to_string(path).map_err(|error| fault("read", path, &error));
        match text.and_then(|text| Summary::read_json(&text, &name)) {
            Err(more) => faults.append(more),
            Ok(part) => match &mut all {
                None => all = Some(part),
                Some(all) => {
                    if let Err(kind) = all.take(&part) {
                        faults.push(Place::file(name), kind);
                    }
                }
            },
        }
    }
    faults.into_result(())?;
    let Some(all) = all else { return Ok(Progress::default()) };
    remove(out)?;
    replace(out, all.to_json().as_bytes()).map_err(|error| fault("write", out, &error))?;
    Ok(all.progress())
}

/// The parts in the order of their scenarios, and what they are together.
fn in_order<'p>(
    parts: &'p [PathBuf],
    faults: &mut Faults,
) -> (Option<Stamp>, Vec<(Stamp, &'p PathBuf)>) {
    let mut stamps: Vec<(Stamp, &PathBuf)> = Vec::new();
    for path in parts {
        match Stamp::read(path) {
            Ok(stamp) => stamps.push((stamp, path)),
            Err(more) => faults.append(more),
        }
    }
    stamps.sort_by_key(|(stamp, _)| (stamp.first, stamp.end));
    let mut whole: Option<Stamp> = None;
    for (stamp, path) in &stamps {
        match &mut whole {
            None => whole = Some(Stamp { blocks: Vec::new(), ..stamp.clone() }),
            Some(whole) => {
                if stamp.first != whole.end {
                    let got = format!("scenarios {}..{}", stamp.first, stamp.end);
                    let allowed = format!("from {} on, where another part ends", whole.end);
                    let place = Place::file(path.display().to_string());
                    faults.push(place, FaultKind::NotAllowed { got, allowed });
                }
                whole.end = whole.end.max(stamp.end);
                let alike = Stamp { first: stamp.first, end: stamp.end, ..whole.clone() };
                if let Err(more) = alike.check(path) {
                    faults.append(more);
                }
            }
        }
    }
    (whole, stamps)
}

/// The fault of a part that a run was broken off in.
pub(super) fn incomplete(path: &Path, stamp: &Stamp, next: u64, faults: &mut Faults) {
    let got = format!("results that end before scenario {next}");
    let allowed = format!("all of {}..{}: resume it", stamp.first, stamp.end);
    let place = Place::file(path.display().to_string());
    faults.push(place, FaultKind::NotAllowed { got, allowed });
}

/// Copies rows as they are found to be as they were written; what is there under another name takes
/// its own when all are.
fn merge_csv(
    whole: Option<Stamp>,
    parts: &[(Stamp, &PathBuf)],
    out: &Path,
    mut faults: Faults,
) -> Result<Progress, Error> {
    let Some(mut whole) = whole else { return Err(faults.into()) };
    let failed = |error: io::Error| fault("write", out, &error);
    let mut beside = out.as_os_str().to_owned();
    beside.push(format!(".{}.part", std::process::id()));
    let beside = PathBuf::from(beside);
    let mut copy = None;
    if faults.is_empty() {
        copy = Some(File::create_new(&beside).map_err(failed)?);
    }
    let mut length = 0;
    let merged = copy_parts(&whole, parts, copy.as_ref(), &mut length, &mut faults);
    let ended = faults.into_result(()).map_err(Error::from).and_then(|()| {
        let Some(copy) = copy else { return Ok(Progress::default()) };
        let kept = Kept::of(&copy, &beside).map_err(failed)?;
        copy.sync_all().and_then(|()| kept.check(length)).map_err(failed)?;
        whole.blocks = merged.finish();
        remove(out)?;
        whole.write(out)?;
        fs::rename(&beside, out).map_err(failed)?;
        let blocks = whole.blocks.iter();
        Ok(blocks.fold(Progress::default(), |all, block| block.progress().after(&all)))
    });
    if ended.is_err() {
        // what is there of it would pass for results
        let _ = fs::remove_file(&beside);
    }
    ended
}

fn copy_parts(
    whole: &Stamp,
    parts: &[(Stamp, &PathBuf)],
    copy: Option<&File>,
    length: &mut u64,
    faults: &mut Faults,
) -> Regrouped {
    let mut copy = copy.map(BufWriter::new);
    let mut merged = Regrouped::default();
    let mut put = |text: &[u8], length: &mut u64| match &mut copy {
        Some(copy) => {
            *length += text.len() as u64;
            copy.write_all(text)
        }
        None => Ok(()),
    };
    let mut not_written = put(header_line(&whole.columns).as_bytes(), length).err();
    for (stamp, path) in parts {
        let held = File::open(path).map_err(|error| fault("read", path, &error)).and_then(|file| {
            let mut file = BufReader::new(file);
            hold(&mut file, path, "merge", stamp, |block, rows| {
                merged.take(block, rows);
                if not_written.is_none() {
                    not_written = put(rows, length).err();
                }
                Ok(())
            })
        });
        match held {
            Ok(sound) if sound.next == stamp.end => {}
            Ok(sound) => incomplete(path, stamp, sound.next, faults),
            Err(more) => faults.append(more),
        }
    }
    let flushed = copy.as_mut().map_or(Ok(()), Write::flush).err();
    if let Some(error) = not_written.or(flushed) {
        faults.append(fault("write", Path::new("the merged file"), &error));
    }
    merged
}
