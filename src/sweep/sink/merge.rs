//! Making one of the results of several ranges of a sweep, run on several machines.

use super::checkpoint::{Stamp, already_there, sound_part};
use super::{Summary, header_line};
use crate::error::Error;
use crate::fault::{FaultKind, Faults, Place};
use crate::fs::{fault, replace};
use std::fs::{self, File};
use std::io::{self, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// Makes one file of CSV files, or of summaries, of ranges of one sweep: byte for byte the file
/// that one run of all of them would have made. Parquet parts need none of this: folders whose
/// ranges are cut between parts are one when their files lie together.
///
/// CSV files have to be complete, to lie beside their stamps ([`Stamp`]) and to have no gap
/// between them; in any order. A file is taken for a summary where it has no stamp.
///
/// # Errors
/// Every part that cannot be read, that is of another sweep, not complete, overlaps or leaves a
/// gap; an `out` that is there already or cannot be written.
pub fn merge_results(parts: &[PathBuf], out: &Path) -> Result<(), Error> {
    let mut faults = Faults::default();
    if out.exists() {
        faults.append(already_there(out));
    }
    let Some(first) = parts.first() else {
        let kind = FaultKind::Missing { what: "part", name: "to merge".into() };
        faults.push(Place::default(), kind);
        return Err(faults.into());
    };
    if Stamp::path(first).exists() {
        merge_csv(parts, out, faults)
    } else {
        merge_summaries(parts, out, faults)
    }
}

fn merge_summaries(parts: &[PathBuf], out: &Path, mut faults: Faults) -> Result<(), Error> {
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
    let text = all.map(|summary| summary.to_json()).unwrap_or_default();
    replace(out, text.as_bytes()).map_err(|error| fault("write", out, &error))
}

fn merge_csv(parts: &[PathBuf], out: &Path, mut faults: Faults) -> Result<(), Error> {
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
        let place = || Place::file(path.display().to_string());
        match &mut whole {
            None => whole = Some(stamp.clone()),
            Some(whole) => {
                if stamp.first != whole.end {
                    let got = format!("scenarios {}..{}", stamp.first, stamp.end);
                    let allowed = format!("from {} on, where another part ends", whole.end);
                    faults.push(place(), FaultKind::NotAllowed { got, allowed });
                }
                whole.end = whole.end.max(stamp.end);
                let alike = Stamp { first: stamp.first, end: stamp.end, ..whole.clone() };
                if let Err(more) = alike.check(path) {
                    faults.append(more);
                }
            }
        }
        let header = header_line(&stamp.columns);
        let range = stamp.first..stamp.end;
        let sound = File::open(path)
            .map_err(|error| error.to_string())
            .and_then(|mut file| sound_part(&mut file, &header, &range));
        match sound {
            Ok(sound) if sound.next == stamp.end => {}
            Ok(sound) => {
                let got = format!("results that end before scenario {}", sound.next);
                let allowed = format!("all of {}..{}: resume it", stamp.first, stamp.end);
                faults.push(place(), FaultKind::NotAllowed { got, allowed });
            }
            Err(why) => faults.append(fault("merge", path, &why)),
        }
    }
    faults.into_result(())?;
    let Some(whole) = whole else { return Ok(()) };
    let header = header_line(&whole.columns);
    let copied = copy(&header, stamps.iter().map(|(_, path)| path.as_path()), out);
    copied.map_err(|error| {
        // what is there of it would pass for results
        let _ = fs::remove_file(out);
        fault("write", out, &error)
    })?;
    whole.write(out)
}

fn copy<'p>(header: &str, parts: impl Iterator<Item = &'p Path>, out: &Path) -> io::Result<()> {
    let mut whole = File::create_new(out)?;
    io::copy(&mut header.as_bytes(), &mut whole)?;
    for path in parts {
        let mut part = File::open(path)?;
        part.seek(SeekFrom::Start(header.len() as u64))?;
        io::copy(&mut part, &mut whole)?;
    }
    whole.sync_all()
}
