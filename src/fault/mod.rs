//! What is wrong with something a person wrote: every fault with its place, what was got, what is
//! allowed and, for names, the nearest valid ones.
//!
//! *In:* what a reader found, where. *Out:* one text of all faults, in the order they were pushed.
//! *Order:* `kind` (what can be wrong) is worded with `nearest` (names close to a misspelt one).
//!
//! Reading a chain, a scenario or a table never stops at the first fault. Readers push into a
//! [`Faults`] and go on; at the end [`Faults::into_result`] says whether there is anything to
//! compute with. What a reader gives back is the one [`Error`](crate::Error), which shows them.
//!
//! ```
//! use gaschain::fault::{FaultKind, Faults, Place};
//!
//! let mut faults = Faults::default();
//! faults.push(
//!     Place::file("late.toml").at_line(5).at_address("gpp.trians"),
//!     FaultKind::unknown("parameter", "gpp.trians", ["gpp.trains", "gpp.feed"]),
//! );
//! assert_eq!(
//!     faults.to_string(),
//!     "late.toml:5: gpp.trians: unknown parameter \"gpp.trians\"; nearest: \"gpp.trains\""
//! );
//! assert!(faults.into_result(()).is_err());
//! ```

mod kind;
mod nearest;

pub use kind::FaultKind;
pub use nearest::nearest_names;
pub(crate) use nearest::{NORMALISED_WITHIN, sum_text};

use std::fmt;

/// Where a fault is: a file, a line of it, a column name of a table, an address of a chain.
///
/// Any part may be absent: a chain built in Rust has addresses and no files.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file as the user named it.
    pub file: Option<String>,
    /// Line in the file, counted from 1.
    pub line: Option<usize>,
    /// Name of the column of a CSV table.
    pub column: Option<String>,
    /// Address in the chain: `gpp.ngl.ethane`.
    pub address: Option<String>,
}

impl Place {
    /// A place in a file.
    pub fn file(file: impl Into<String>) -> Self {
        Self { file: Some(file.into()), ..Self::default() }
    }

    /// A place that is an address of a chain.
    pub fn address(address: impl Into<String>) -> Self {
        Self { address: Some(address.into()), ..Self::default() }
    }

    /// The same place, on a line of its file (counted from 1).
    #[must_use]
    pub fn at_line(mut self, line: usize) -> Self {
        self.line = Some(line);
        self
    }

    /// The same place, in a column of its table.
    #[must_use]
    pub fn at_column(mut self, column: impl Into<String>) -> Self {
        self.column = Some(column.into());
        self
    }

    /// The same place, at an address of the chain.
    #[must_use]
    pub fn at_address(mut self, address: impl Into<String>) -> Self {
        self.address = Some(address.into());
        self
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        if let Some(file) = &self.file {
            write!(f, "{file}")?;
            if let Some(line) = self.line {
                write!(f, ":{line}")?;
            }
            separator = ": ";
        }
        if let Some(column) = &self.column {
            write!(f, "{separator}column \"{column}\"")?;
            separator = ": ";
        }
        if let Some(address) = &self.address {
            write!(f, "{separator}{address}")?;
        }
        Ok(())
    }
}

/// One fault: where, and what.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{}{kind}", if *place == Place::default() { String::new() } else { format!("{place}: ") })]
pub struct Fault {
    /// Where it is.
    pub place: Place,
    /// What it is.
    pub kind: FaultKind,
}

/// All faults of one reading, in the order of the files.
#[derive(Debug, Clone, Default, PartialEq, thiserror::Error)]
pub struct Faults(pub Vec<Fault>);

impl Faults {
    /// Adds a fault.
    pub fn push(&mut self, place: Place, kind: FaultKind) {
        self.0.push(Fault { place, kind });
    }

    /// Takes over the faults of another reading.
    pub fn append(&mut self, other: impl Into<Self>) {
        self.0.append(&mut other.into().0);
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `value` where there is no fault, all faults in file order otherwise.
    ///
    /// # Errors
    /// The faults, sorted by file (in order of first mention) and line; what two readers of one
    /// file both found is there once.
    pub fn into_result<T>(self, value: T) -> Result<T, Self> {
        if self.is_empty() { Ok(value) } else { Err(self.in_order()) }
    }

    /// The same faults with those of these files first, file by file.
    pub(crate) fn starting_with(mut self, files: &[String]) -> Self {
        self.0.sort_by_key(|fault| {
            let file = fault.place.file.as_ref();
            files.iter().position(|known| Some(known) == file).unwrap_or(files.len())
        });
        self
    }

    /// The faults in file order, each once.
    pub(crate) fn in_order(mut self) -> Self {
        let mut files: Vec<Option<String>> = Vec::new();
        for fault in &self.0 {
            if !files.contains(&fault.place.file) {
                files.push(fault.place.file.clone());
            }
        }
        self.0.sort_by_key(|fault| {
            (files.iter().position(|file| *file == fault.place.file), fault.place.line)
        });
        let mut once: Vec<Fault> = Vec::with_capacity(self.0.len());
        for fault in self.0 {
            let same_line = |other: &&Fault| {
                (&other.place.file, other.place.line) == (&fault.place.file, fault.place.line)
            };
            if !once.iter().rev().take_while(same_line).any(|other| *other == fault) {
                once.push(fault);
            }
        }
        Self(once)
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.0.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{fault}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_comes_first_and_strangers_stay_away() {
        let names = ["gpp.trains", "gpp.train_size", "heihe.demand"];
        assert_eq!(nearest_names("gpp.trians", names), ["gpp.trains", "gpp.train_size"]);
        assert!(nearest_names("xyz", names).is_empty());
    }

    #[test]
    fn what_was_written_is_shown_on_one_line_and_not_at_any_length() {
        let long = FaultKind::unknown("key", &"x".repeat(1_000_000), ["name"]).to_string();
        assert!(long.len() < 200 && long.ends_with("... (1000000 letters)\"; allowed: \"name\""));
        assert_eq!(
            FaultKind::unknown("key", "a\n\tb", [""; 0]).to_string(),
            "unknown key \"a\\n\\tb\""
        );
    }

    #[test]
    fn faults_come_out_in_file_order() {
        let mut faults = Faults::default();
        let kind = |name: &str| FaultKind::Missing { what: "key", name: name.into() };
        faults.push(Place::file("a.toml").at_line(9), kind("late"));
        faults.push(Place::file("b.toml").at_line(1), kind("other"));
        faults.push(Place::file("a.toml").at_line(2), kind("early"));
        let faults = faults.into_result(()).unwrap_err();
        assert_eq!(
            faults.to_string(),
            "a.toml:2: key \"early\" is missing\na.toml:9: key \"late\" is missing\nb.toml:1: key \"other\" is missing"
        );
    }
}
