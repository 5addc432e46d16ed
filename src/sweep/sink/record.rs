//! What was written of a CSV file, block by block, so that it can be held against the file later.
//!
//! Each row has a sum of one byte, by which a row that is not as it was written is named, and each
//! block one of eight, which leaves no other change unseen. They tell damage and edits apart from
//! what was written; they are no seal against somebody who makes new ones.

use super::checkpoint::Stamp;
use crate::error::Error;
use crate::fault::{Fault, FaultKind, Place};
use crate::sweep::block::{BLOCK, Block};
use crate::sweep::run::Progress;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, Seek, SeekFrom, Write};
use std::path::Path;

/// A block of rows that was written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    /// Number of its first scenario, and the number after its last.
    pub first: u64,
    pub end: u64,
    /// Length of its rows.
    pub bytes: u64,
    /// How many of its scenarios failed, and how many were worked out one by one.
    pub failed: u64,
    pub rerun: u64,
    /// In how many some limit is broken.
    pub broken: u64,
    /// Scenarios by which it was found that its program cannot be trusted.
    pub disagreed: BTreeSet<u64>,
    /// A text, to come back bit for bit.
    pub worst_residual: String,
    /// Of all its rows, in hexadecimal.
    pub sum: String,
    /// Of each row, two digits.
    pub rows: String,
}

/// What stands behind the last block in a stamp.
pub(super) const fn end(is_empty: bool) -> &'static str {
    if is_empty { "]\n}\n" } else { "\n  ]\n}\n" }
}

impl Written {
    /// Starts with nothing.
    fn from(first: u64) -> Self {
        Self { first, end: first, worst_residual: "0.0".to_owned(), ..Self::default() }
    }

    /// Its line in a stamp.
    pub fn line(&self, is_first: bool) -> String {
        // whole numbers, texts and a list of them always serialise
        let line = serde_json::to_string(self).unwrap_or_default();
        format!("{}\n    {line}", if is_first { "" } else { "," })
    }

    /// What it says of its scenarios as a part of a run.
    pub fn progress(&self) -> Progress {
        let done = self.end - self.first;
        Progress {
            done,
            total: done,
            failed: self.failed,
            rerun: self.rerun,
            broken: self.broken,
            disagreed: self.disagreed.len() as u64,
            first_disagreed: self.disagreed.first().copied(),
            worst_residual: self.worst_residual.parse().unwrap_or(f64::NAN),
            ..Progress::default()
        }
    }

    /// Takes over what another block that lies in the same one by number says of its scenarios,
    /// but not their rows.
    fn take(&mut self, part: &Self) {
        self.failed += part.failed;
        self.rerun += part.rerun;
        self.broken += part.broken;
        self.disagreed.extend(&part.disagreed);
        let worst = |of: &Self| of.worst_residual.parse().unwrap_or(f64::NAN);
        self.worst_residual = format!("{:?}", f64::max(worst(self), worst(part)));
    }
}

/// Sums of rows, taken one after the other.
#[derive(Debug, Clone, Default)]
pub struct Sums {
    sum: u64,
    rows: Vec<u8>,
    bytes: u64,
}

impl Sums {
    /// Of some whole rows.
    pub fn of(text: &[u8]) -> Self {
        let mut sums = Self::default();
        for row in text.split_inclusive(|byte| *byte == b'\n') {
            sums.take(row);
        }
        sums
    }

    /// Takes a row; the byte that is kept of its sum.
    pub(super) fn take(&mut self, row: &[u8]) -> u8 {
        let sum = sum_of(row);
        self.sum = mixed(self.sum, sum);
        let [kept, ..] = sum.to_le_bytes();
        self.rows.push(kept);
        self.bytes += row.len() as u64;
        kept
    }

    /// The record of a block that has these.
    pub fn written(&self, block: &Block) -> Written {
        let results = &block.results;
        let worst = results.residuals.iter().copied().fold(0.0, f64::max);
        let mut written = Written {
            failed: results.failures.len() as u64,
            rerun: results.rerun as u64,
            broken: results.count_broken(),
            disagreed: results.disagreed.iter().copied().collect(),
            worst_residual: format!("{worst:?}"),
            ..Written::from(block.first)
        };
        self.finish(&mut written);
        written
    }

    /// The sum of all rows, as it is kept.
    pub(super) fn text(&self) -> String {
        format!("{:016x}", self.sum)
    }

    fn finish(&self, written: &mut Written) {
        written.end = written.first + self.rows.len() as u64;
        written.bytes = self.bytes;
        written.sum = self.text();
        written.rows = String::with_capacity(2 * self.rows.len());
        for row in &self.rows {
            // writing to a text cannot fail
            let _ = write!(written.rows, "{row:02x}");
        }
    }
}

/// An odd number whose bits look random: that of the golden ratio.
const MIXER: u64 = 0x9e37_79b9_7f4a_7c15;

const fn mixed(sum: u64, word: u64) -> u64 {
    let product = (sum.rotate_left(5) ^ word).wrapping_mul(MIXER);
    product ^ (product >> 29)
}

/// The sum of a row, eight bytes at a time.
fn sum_of(row: &[u8]) -> u64 {
    let (words, rest) = row.as_chunks::<8>();
    let sum =
        words.iter().fold(row.len() as u64, |sum, word| mixed(sum, u64::from_le_bytes(*word)));
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    mixed(mixed(sum, u64::from_le_bytes(last)), MIXER)
}

/// The file of a stamp, to which blocks are added as they are written.
#[derive(Debug)]
pub(super) struct Journal {
    pub file: File,
    /// Where the next block is added.
    at: u64,
    is_empty: bool,
}

impl Journal {
    /// Writes a stamp, and goes on from there.
    pub fn start(stamp: &Stamp, results: &Path) -> Result<Self, Error> {
        stamp.write(results)?;
        let path = Stamp::path(results);
        let opened = OpenOptions::new().write(true).open(&path);
        let file = opened.map_err(|error| crate::fs::fault("write", &path, &error))?;
        let is_empty = stamp.blocks.is_empty();
        let length = stamp.text().len() as u64;
        Ok(Self { file, at: length - end(is_empty).len() as u64, is_empty })
    }

    /// How long the file is.
    pub const fn length(&self) -> u64 {
        self.at + end(self.is_empty).len() as u64
    }

    /// Adds a block; where that fails, the file is as it was.
    pub fn add(&mut self, block: &Written) -> io::Result<()> {
        let line = block.line(self.is_empty);
        let written = self.put(&format!("{line}{}", end(false)));
        match written {
            Ok(()) => (self.at, self.is_empty) = (self.at + line.len() as u64, false),
            Err(_) => {
                // its room is there already
                let _ = self.put(end(self.is_empty));
                let _ = self.file.set_len(self.length());
            }
        }
        written
    }

    fn put(&mut self, text: &str) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(self.at))?;
        self.file.write_all(text.as_bytes())
    }
}

/// How much of a CSV file is as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sound {
    /// Length of its complete blocks with the header; 0 where not even that is complete.
    pub bytes: u64,
    /// The scenario to go on with.
    pub next: u64,
    /// How many blocks that are.
    pub blocks: usize,
}

/// Holds a CSV file against its stamp, row by row, and hands on the rows of complete blocks. What
/// stands behind them is no fault where it is what a run that was broken off may have left: rows
/// that go on where the blocks end.
pub(super) fn hold(
    file: &mut impl BufRead,
    path: &Path,
    action: &'static str,
    stamp: &Stamp,
    mut hand_on: impl FnMut(&Written, &[u8]) -> io::Result<()>,
) -> Result<Sound, Error> {
    let name = path.display().to_string();
    let refuse = |line: u64, why: String| -> Error {
        let place = Place::file(&name).at_line(usize::try_from(line).unwrap_or(usize::MAX));
        Fault { place, kind: FaultKind::File { action, path: name.clone(), why } }.into()
    };
    let failed = |error: io::Error| crate::fs::fault(action, path, &error);
    let mut row = Vec::new();
    let mut read = |row: &mut Vec<u8>| -> io::Result<bool> {
        row.clear();
        file.read_until(b'\n', row)?;
        Ok(row.ends_with(b"\n"))
    };
    let header = super::header_line(&stamp.columns);
    if !read(&mut row).map_err(failed)? {
        if header.as_bytes().starts_with(&row) {
            return Ok(Sound { bytes: 0, next: stamp.first, blocks: 0 });
        }
        return Err(refuse(1, "its header is that of other results".to_owned()));
    }
    if row != header.as_bytes() {
        return Err(refuse(1, "its header is that of other results".to_owned()));
    }
    let mut sound = Sound { bytes: header.len() as u64, next: stamp.first, blocks: 0 };
    let mut line = 1;
    let mut rows = Vec::new();
    for block in &stamp.blocks {
        let mut sums = Sums::default();
        rows.clear();
        for (number, expected) in (block.first..block.end).zip(block.rows.as_bytes().chunks(2)) {
            if !read(&mut row).map_err(failed)? {
                return Ok(sound);
            }
            line += 1;
            let sum = format!("{:02x}", sums.take(&row));
            if sum.as_bytes() != expected || scenario_of(&row) != Some(number) {
                return Err(refuse(line, what_is_there(&row, number)));
            }
            rows.extend_from_slice(&row);
        }
        if sums.text() != block.sum {
            let first = line + 1 - sums.rows.len() as u64;
            let why = format!("a row of lines {first} to {line} is not as it was written");
            return Err(refuse(first, why));
        }
        hand_on(block, &rows).map_err(failed)?;
        sound.bytes += sums.bytes;
        (sound.next, sound.blocks) = (block.end, sound.blocks + 1);
    }
    let mut number = sound.next;
    while read(&mut row).map_err(failed)? {
        line += 1;
        if number >= stamp.end || scenario_of(&row) != Some(number) {
            return Err(refuse(line, what_is_there(&row, number)));
        }
        number += 1;
    }
    Ok(sound)
}

/// What to say of a row that is not that of a scenario as it was written.
fn what_is_there(row: &[u8], number: u64) -> String {
    match scenario_of(row) {
        Some(other) if other == number => {
            format!("the row of scenario {number} is not as it was written")
        }
        Some(other) => format!("scenario {other} stands where {number} should"),
        None => format!("what stands where scenario {number} should is no row"),
    }
}

/// The number of the scenario whose row this is.
fn scenario_of(row: &[u8]) -> Option<u64> {
    let end = row.iter().position(|byte| *byte == b',')?;
    std::str::from_utf8(&row[..end]).ok()?.parse().ok()
}

/// Makes blocks by number of rows that come in order, wherever the parts they are of were cut.
#[derive(Debug, Default)]
pub(super) struct Regrouped {
    blocks: Vec<Written>,
    open: Option<(Written, Sums)>,
}

impl Regrouped {
    /// Takes the rows of a block of a part.
    pub fn take(&mut self, block: &Written, rows: &[u8]) {
        let is_of = |open: &Written| open.first / BLOCK == block.first / BLOCK;
        if self.open.as_ref().is_some_and(|(open, _)| !is_of(open)) {
            self.close();
        }
        let (open, sums) =
            self.open.get_or_insert_with(|| (Written::from(block.first), Sums::default()));
        open.take(block);
        for row in rows.split_inclusive(|byte| *byte == b'\n') {
            sums.take(row);
        }
    }

    fn close(&mut self) {
        if let Some((mut open, sums)) = self.open.take() {
            sums.finish(&mut open);
            self.blocks.push(open);
        }
    }

    /// All of them.
    pub fn finish(mut self) -> Vec<Written> {
        self.close();
        self.blocks
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sweep::block::Layout;

    fn stamp(text: &str) -> Stamp {
        let mut stamp = Stamp::new("sha256:0", "csv", &(5..1_030), &Layout::default());
        let rows: Vec<&str> = text.split_inclusive('\n').skip(1).collect();
        for block in [&rows[..1_019], &rows[1_019..]] {
            let mut written = Written::from(5 + 1_019 * stamp.blocks.len() as u64);
            Sums::of(block.concat().as_bytes()).finish(&mut written);
            stamp.blocks.push(written);
        }
        stamp
    }

    fn text() -> String {
        let header = super::super::header_line(&Layout::default().headers());
        (5..1_030).fold(header, |text, number| format!("{text}{number},0.0,,\n"))
    }

    fn held(stamp: &Stamp, text: &str) -> Result<Sound, String> {
        let hand_on = |_: &Written, _: &[u8]| Ok(());
        hold(&mut text.as_bytes(), Path::new("a.csv"), "merge", stamp, hand_on)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_row_that_was_lost_doubled_moved_or_changed_is_named_and_a_cut_end_is_not_sound() {
        let text = text();
        let stamp = stamp(&text);
        let whole = Sound { bytes: text.len() as u64, next: 1_030, blocks: 2 };
        assert_eq!(held(&stamp, &text), Ok(whole));
        let cut = held(&stamp, &text[..text.len() - 1]).unwrap();
        assert_eq!((cut.next, cut.blocks), (1_024, 1));
        for (from, to, why) in [
            (
                "\n70,0.0,,\n",
                "\n",
                ":67: cannot merge \"a.csv\": scenario 71 stands where 70 should",
            ),
            (
                "\n70,0.0,,\n",
                "\n70,0.0,,\n70,0.0,,\n",
                "a.csv:68: cannot merge \"a.csv\": scenario 70 stands where 71 should",
            ),
            (
                "\n70,0.0,,\n71,0.0,,\n",
                "\n71,0.0,,\n70,0.0,,\n",
                "a.csv:67: cannot merge \"a.csv\": scenario 71 stands where 70 should",
            ),
            (
                "\n70,0.0,,\n",
                "\n70,0.1,,\n",
                "a.csv:67: cannot merge \"a.csv\": the row of scenario 70 is not as it was written",
            ),
            (
                "\n1025,0.0,,\n",
                "\n1025,0.0,, \n",
                "the row of scenario 1025 is not as it was written",
            ),
            ("scenario,", "scenery,", "its header is that of other results"),
        ] {
            let changed = text.replacen(from, to, 1);
            assert_ne!(changed, text);
            let said = held(&stamp, &changed).unwrap_err();
            assert!(said.contains(why), "{said}");
        }
        let said = held(&stamp, &format!("{text}1030,0.0,,\n")).unwrap_err();
        assert!(said.contains("stands where") || said.contains("is not as"), "{said}");
    }

    #[test]
    fn a_stamp_reads_back_with_what_was_added_to_it() {
        let text = text();
        let stamp = stamp(&text);
        let read: Stamp = serde_json::from_str(&stamp.text()).unwrap();
        assert_eq!(read, stamp);
        let empty = Stamp { blocks: Vec::new(), ..stamp.clone() };
        assert_eq!(serde_json::from_str::<Stamp>(&empty.text()).unwrap(), empty);
    }
}
