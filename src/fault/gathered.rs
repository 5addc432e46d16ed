//! Faults as they are gathered: file by file, of each so many as a person reads, the rest counted.

use super::nearest::visible;
use super::{Fault, FaultKind, Place};
use std::collections::{BTreeMap, HashMap};
use std::fmt;

/// Faults of one file that are kept and shown; the rest is counted by kind.
pub(crate) const SHOWN: usize = 1_000;

/// All faults of one reading, file by file in the order of first mention.
///
/// Of one file the first 1,000 by line are kept, the rest counted by kind, so that a file of a
/// million faults costs no more memory than one of a few.
#[derive(Debug, Clone, Default, PartialEq, thiserror::Error)]
pub struct Faults {
    files: Vec<OfFile>,
    index: HashMap<Option<String>, usize>,
    count: usize,
}

/// The faults of one file.
#[derive(Debug, Clone, Default, PartialEq)]
struct OfFile {
    kept: Vec<Fault>,
    /// How many there are beyond those, by kind.
    more: BTreeMap<String, u64>,
    /// The last line of those that are kept, once some are not; 0 where that is none.
    last: Option<usize>,
}

impl OfFile {
    fn is_beyond(&self, place: &Place) -> bool {
        self.last.is_some_and(|last| place.line.unwrap_or(0) >= last)
    }

    fn push(&mut self, fault: Fault) {
        if self.is_beyond(&fault.place) {
            *self.more.entry(fault.kind.group()).or_default() += 1;
            return;
        }
        self.kept.push(fault);
        // a sort for every thousand: readers may go through a file column by column
        if self.kept.len() >= 2 * SHOWN {
            self.cut();
        }
    }

    /// Counts what is not among the first.
    fn cut(&mut self) {
        self.sort();
        if self.kept.len() > SHOWN {
            for fault in self.kept.drain(SHOWN..) {
                *self.more.entry(fault.kind.group()).or_default() += 1;
            }
            self.last = self.kept.last().map(|fault| fault.place.line.unwrap_or(0));
        }
    }

    /// By line, and what two readers of the file both found once.
    fn sort(&mut self) {
        self.kept.sort_by_key(|fault| fault.place.line);
        let mut once: Vec<Fault> = Vec::with_capacity(self.kept.len());
        for fault in self.kept.drain(..) {
            let same_line = |other: &&Fault| other.place.line == fault.place.line;
            if !once.iter().rev().take_while(same_line).any(|other| *other == fault) {
                once.push(fault);
            }
        }
        self.kept = once;
    }

    /// How many more there are, in words.
    fn rest(&self) -> Option<String> {
        let all: u64 = self.more.values().sum();
        let of: Vec<String> = self.more.iter().map(|(kind, n)| format!("{n} {kind}")).collect();
        (all > 0).then(|| format!("{all} faults more: {}", of.join(", ")))
    }
}

impl Faults {
    /// Adds a fault.
    pub fn push(&mut self, place: Place, kind: FaultKind) {
        self.count += 1;
        self.of_file(place.file.as_deref()).push(Fault { place, kind });
    }

    /// Adds an unknown name with the nearest of the `valid` ones, which are not looked for where
    /// the fault would only be counted.
    pub(crate) fn push_unknown<I>(&mut self, place: Place, what: &'static str, got: &str, valid: I)
    where
        I: IntoIterator,
        I::Item: AsRef<str>,
    {
        let known = self.index.get(&place.file);
        let kind = if known.is_some_and(|&at| self.files[at].is_beyond(&place)) {
            FaultKind::unknown(what, got, [""; 0])
        } else {
            FaultKind::unknown(what, got, valid)
        };
        self.push(place, kind);
    }

    /// Takes over the faults of another reading.
    pub fn append(&mut self, other: impl Into<Self>) {
        let other = other.into();
        self.count += other.count;
        let names = other.names();
        for (name, file) in names.into_iter().zip(other.files) {
            let own = self.of_file(name.as_deref());
            for (kind, count) in file.more {
                *own.more.entry(kind).or_default() += count;
            }
            file.kept.into_iter().for_each(|fault| own.push(fault));
            own.last = match (own.last, file.last) {
                (Some(one), Some(other)) => Some(one.min(other)),
                (one, other) => one.or(other),
            };
        }
    }

    /// Takes back a fault that turned out to be none, if it is among them.
    pub(crate) fn take_back(&mut self, fault: &Fault) {
        if let Some(&at) = self.index.get(&fault.place.file) {
            let kept = &mut self.files[at].kept;
            let before = kept.len();
            kept.retain(|other| other != fault);
            self.count -= before - kept.len();
        }
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// How many there are, with those that are only counted.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.count
    }

    /// Those that are kept, file by file.
    pub fn iter(&self) -> impl Iterator<Item = &Fault> {
        self.files.iter().flat_map(|file| &file.kept)
    }

    /// `value` where there is no fault, all faults in file order otherwise.
    ///
    /// # Errors
    /// The faults, sorted by file (in order of first mention) and line; what two readers of one
    /// file both found is there once.
    pub fn into_result<T>(self, value: T) -> Result<T, Self> {
        if self.is_empty() { Ok(value) } else { Err(self.in_order()) }
    }

    /// The faults in file order, each once.
    pub(crate) fn in_order(mut self) -> Self {
        self.files.iter_mut().for_each(OfFile::sort);
        self.files.iter_mut().for_each(OfFile::cut);
        self
    }

    /// The same faults with those of these files first, file by file.
    pub(crate) fn starting_with(self, files: &[String]) -> Self {
        let rank: HashMap<&String, usize> = files.iter().zip(0..).collect();
        let mut named: Vec<(Option<String>, OfFile)> =
            self.names().into_iter().zip(self.files).collect();
        named.sort_by_key(|(name, _)| {
            name.as_ref().and_then(|name| rank.get(name).copied()).unwrap_or(files.len())
        });
        let index = named.iter().zip(0..).map(|((name, _), at)| (name.clone(), at)).collect();
        let files = named.into_iter().map(|(_, file)| file).collect();
        Self { files, index, count: self.count }
    }

    fn of_file(&mut self, name: Option<&str>) -> &mut OfFile {
        let name = name.map(str::to_owned);
        let next = self.files.len();
        let at = *self.index.entry(name).or_insert(next);
        if at == next {
            self.files.push(OfFile::default());
        }
        &mut self.files[at]
    }

    /// The files, by their places.
    fn names(&self) -> Vec<Option<String>> {
        let mut names = vec![None; self.files.len()];
        for (name, &at) in &self.index {
            names[at].clone_from(name);
        }
        names
    }
}

fn counted(place: &Place, rest: &str) -> String {
    if *place == Place::default() { rest.to_owned() } else { format!("{place}: {rest}") }
}

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Self {
        let mut faults = Self::default();
        faults.push(fault.place, fault.kind);
        faults
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.names();
        let mut separator = "";
        for (name, file) in names.into_iter().zip(&self.files) {
            for fault in &file.kept {
                write!(f, "{separator}{fault}")?;
                separator = "\n";
            }
            if let Some(rest) = file.rest() {
                let place = Place { file: name, ..Place::default() };
                write!(f, "{separator}{}", visible(&counted(&place, &rest)))?;
                separator = "\n";
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing(name: &str) -> FaultKind {
        FaultKind::Missing { what: "key", name: name.into() }
    }

    #[test]
    fn faults_come_out_in_file_order() {
        let mut faults = Faults::default();
        faults.push(Place::file("a.toml").at_line(9), missing("late"));
        faults.push(Place::file("b.toml").at_line(1), missing("other"));
        faults.push(Place::file("a.toml").at_line(2), missing("early"));
        let faults = faults.into_result(()).unwrap_err();
        assert_eq!(
            faults.to_string(),
            "a.toml:2: key \"early\" is missing\na.toml:9: key \"late\" is missing\nb.toml:1: key \"other\" is missing"
        );
    }

    #[test]
    fn of_one_file_the_first_thousand_lines_are_kept_whatever_the_order_they_are_found_in() {
        let mut faults = Faults::default();
        // column by column, as some readers go
        for column in 0..5 {
            for line in (1..=3_000).rev() {
                let kind = if column == 0 {
                    missing("x")
                } else {
                    FaultKind::unknown("column", &format!("c{column}"), [""; 0])
                };
                faults.push(Place::file("t.csv").at_line(line), kind);
            }
        }
        faults.push(Place::file("other.csv").at_line(1), missing("y"));
        let mut taken = Faults::default();
        taken.append(faults);
        let faults = taken;
        assert_eq!(faults.count(), 15_001);
        let faults = faults.into_result(()).unwrap_err();
        let lines: Vec<usize> = faults.iter().filter_map(|fault| fault.place.line).collect();
        assert_eq!(lines.len(), SHOWN + 1);
        assert_eq!((lines[0], lines[4], lines[5], lines[SHOWN - 1]), (1, 1, 2, 200));
        let text = faults.to_string();
        let rest = "t.csv: 14000 faults more: 2800 missing key, 11200 unknown column";
        assert_eq!(text.lines().nth(SHOWN), Some(rest));
        assert_eq!(text.lines().last(), Some("other.csv:1: key \"y\" is missing"));
    }
}
