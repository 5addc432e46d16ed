//! What is wrong with something a person wrote: every fault with its place, what was got, what is
//! allowed and, for names, the nearest valid ones.
//!
//! *In:* what a reader found, where. *Out:* one text of all faults, file by file. *Order:* `kind`
//! (what can be wrong) is worded with `nearest` (names close to a misspelt one); `gathered` are all
//! of a reading.
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

mod gathered;
mod kind;
mod nearest;

pub use gathered::Faults;
pub use kind::FaultKind;
pub(crate) use nearest::{NORMALISED_WITHIN, sum_text, visible_but};
pub use nearest::{nearest_names, visible, visible_lines};

use std::fmt;

/// A number of a message to a tenth or, where that is hardly a digit or more than a dozen, to four
/// significant digits.
pub(crate) fn significant(value: f64) -> String {
    let is_plain = value == 0.0 || !value.is_finite() || (10.0..1e9).contains(&value.abs());
    if is_plain { format!("{value:.1}") } else { format!("{value:.3e}") }
}

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
#[error("{}", self.line())]
pub struct Fault {
    /// Where it is.
    pub place: Place,
    /// What it is.
    pub kind: FaultKind,
}

impl Fault {
    /// On one line, whatever stands in the names of files, columns and keys.
    fn line(&self) -> String {
        let Self { place, kind } = self;
        let text =
            if *place == Place::default() { kind.to_string() } else { format!("{place}: {kind}") };
        visible(&text)
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
}
