//! What is wrong with something a person wrote: every fault with its place, what was got, what is
//! allowed and, for names, the nearest valid ones.
//!
//! Reading a chain, a scenario or a table never stops at the first fault. Readers push into a
//! [`Faults`] and go on; at the end [`Faults::into_result`] says whether there is anything to
//! compute with.
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

/// What is wrong at a [`Place`].
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FaultKind {
    /// A name that does not exist: key, stage, port, species, parameter, unit, scenario ...
    #[error("unknown {what} \"{}\"{}", shown(got), names_text(nearest, allowed))]
    UnknownName {
        /// What kind of name was expected.
        what: &'static str,
        /// The name as written.
        got: String,
        /// Valid names that look like it, nearest first (at most three).
        nearest: Vec<String>,
        /// All valid names, where none looks like it and they are few.
        allowed: Vec<String>,
    },
    /// A required name, key or column is absent.
    #[error("{what} \"{name}\" is missing")]
    Missing {
        /// What kind of thing is absent.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// A text that is not a quantity, an order, a connection ... of the form asked for.
    #[error("\"{}\" cannot be read; allowed: {allowed}", shown(got))]
    Unreadable {
        /// The text as written.
        got: String,
        /// The form it should have, with an example.
        allowed: String,
    },
    /// A quantity of another dimension than the parameter's.
    #[error("\"{}\" is {got_dimension}; allowed: {allowed}", shown(got))]
    WrongDimension {
        /// The text as written.
        got: String,
        /// What it measures: `a length`.
        got_dimension: String,
        /// What the parameter measures, with an example.
        allowed: String,
    },
    /// A number outside the range of its parameter (NaN and infinity are outside every range).
    #[error("{} is {}", shown(got), range_text(low, high.as_deref()))]
    OutOfRange {
        /// The value as written.
        got: String,
        /// Lowest allowed value, with unit.
        low: String,
        /// Highest allowed value, with unit; `None` where there is none.
        high: Option<String>,
    },
    /// A composition whose mole fractions do not sum to 1.
    #[error("mole fractions sum to {sum}; allowed: 1 within 1e-6 (or ask for normalising)")]
    CompositionSum {
        /// The sum that was got.
        sum: f64,
    },
    /// An inlet or import port that nothing is joined to, or an outlet that goes nowhere.
    #[error("{state}; allowed: {allowed}")]
    NotJoined {
        /// The port's full address, which is also the fault's.
        port: String,
        /// `an inlet that is not joined`, `an outlet that goes nowhere`.
        state: &'static str,
        /// What would mend it.
        allowed: &'static str,
    },
    /// A port with two connections.
    #[error(
        "{port} is joined twice: by \"{first}\" and by \"{second}\"; allowed: one connection a port"
    )]
    JoinedTwice {
        /// The port's full address.
        port: String,
        /// The connection that came first.
        first: String,
        /// The one that joins it again.
        second: String,
    },
    /// A limit on a port, a stated load or a parameter that does not exist.
    #[error("limit \"{limit}\" is on nothing: {why}{}", names_text(nearest, &[]))]
    LimitOnNothing {
        /// The limit's full address.
        limit: String,
        /// What could not be found.
        why: String,
        /// Valid names that look like it.
        nearest: Vec<String>,
    },
    /// A reaction whose two sides do not hold the same atoms.
    #[error("reaction \"{reaction}\" is not balanced in {element}: {left} atoms in, {right} out")]
    UnbalancedReaction {
        /// The equation as written.
        reaction: String,
        /// The element that does not balance.
        element: String,
        /// Atoms on the left side.
        left: f64,
        /// Atoms on the right side.
        right: f64,
    },
    /// A name, row or column that is there twice.
    #[error("duplicate {what} \"{}\"{}", shown(name), first.as_ref().map(|p| format!(" (first at {p})")).unwrap_or_default())]
    Duplicate {
        /// What kind of thing is doubled.
        what: &'static str,
        /// Its name.
        name: String,
        /// Where it stood first.
        first: Option<Box<Place>>,
    },
    /// A table row with more or fewer fields than the header.
    #[error("the row has {got} fields; allowed: {allowed}, as in the header")]
    Ragged {
        /// Fields in the row.
        got: u64,
        /// Fields in the header.
        allowed: u64,
    },
    /// A file that is not UTF-8.
    #[error("not UTF-8 text: byte {byte} (offset {offset}); allowed: UTF-8")]
    Encoding {
        /// The offending byte, in hexadecimal.
        byte: String,
        /// Its offset in the file, from 0.
        offset: usize,
    },
    /// A file that cannot be opened, read or written.
    #[error("cannot {action} \"{path}\": {why}")]
    File {
        /// `read` or `write`.
        action: &'static str,
        /// The path as given.
        path: String,
        /// What the operating system said.
        why: String,
    },
    /// A text that breaks the rules of its format (TOML, CSV).
    #[error("{message}")]
    Syntax {
        /// What the format's parser said.
        message: String,
    },
    /// A yield set that cannot be closed to carbon and hydrogen without shifting too much.
    #[error(
        "yield set \"{set}\" of {feed} is refused: closing it to carbon and hydrogen shifts a yield by {:.2} % of feed; allowed: at most {:.0} %",
        shift * 100.0, allowed * 100.0
    )]
    YieldSetRefused {
        /// Name of the set.
        set: String,
        /// The feed it is for.
        feed: String,
        /// Largest shift, mass fraction of the feed.
        shift: f64,
        /// Largest shift allowed, mass fraction of the feed.
        allowed: f64,
    },
    /// A recycle that goes through a chain which may refuse part of it.
    #[error(
        "the recycle {path} goes through {inlet}, which limit \"{limit}\" may refuse in part; allowed: no limit on a recycle, or its surplus not joined"
    )]
    RecycleRefused {
        /// The stages of the loop.
        path: String,
        /// The inlet that may refuse.
        inlet: String,
        /// The limit that would refuse.
        limit: String,
    },
    /// Anything that is not allowed where it stands.
    #[error("{got}; allowed: {allowed}")]
    NotAllowed {
        /// What was got.
        got: String,
        /// What is allowed.
        allowed: String,
    },
}

/// How many valid names are listed where none is near.
const FEW: usize = 8;

impl FaultKind {
    /// An unknown name, with the nearest of the `valid` ones (all of them where none is near and
    /// they are few).
    pub fn unknown<I>(what: &'static str, got: &str, valid: I) -> Self
    where
        I: IntoIterator,
        I::Item: AsRef<str>,
    {
        let valid: Vec<String> = valid.into_iter().map(|name| name.as_ref().to_owned()).collect();
        let nearest = nearest_names(got, &valid);
        let few = nearest.is_empty() && valid.len() <= FEW;
        let allowed = if few { valid } else { Vec::new() };
        Self::UnknownName { what, got: got.to_owned(), nearest, allowed }
    }

    /// The name that an unknown one most likely stands for.
    pub(crate) fn likely(&self) -> Option<&str> {
        match self {
            Self::UnknownName { nearest, .. } => nearest.first().map(String::as_str),
            _ => None,
        }
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
    pub fn append(&mut self, mut other: Self) {
        self.0.append(&mut other.0);
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

/// Least similarity of a name that counts as near, 0 to 1.
const NEAR: f64 = 0.6;

/// Most letters of a text that messages show.
const LONGEST_SHOWN: usize = 120;

/// The valid names that look most like `got`, nearest first: at most three, none that shares
/// too little with it. A name that goes on where `got` ends is near: `bcm/yr` to `bcm`.
pub fn nearest_names<I>(got: &str, valid: I) -> Vec<String>
where
    I: IntoIterator,
    I::Item: AsRef<str>,
{
    if got.len() > LONGEST_SHOWN {
        return Vec::new();
    }
    let wanted = got.to_lowercase();
    let mut scored: Vec<(f64, String)> = valid
        .into_iter()
        .map(|name| {
            let (name, lower) = (name.as_ref(), name.as_ref().to_lowercase());
            let score = strsim::normalized_damerau_levenshtein(&wanted, &lower);
            let begun = wanted.len() >= 2 && lower.starts_with(&wanted);
            (if begun { score.max(NEAR) } else { score }, name.to_owned())
        })
        .filter(|(score, _)| *score >= NEAR)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    scored.dedup();
    scored.truncate(3);
    scored.into_iter().map(|(_, name)| name).collect()
}

fn names_text(nearest: &[String], allowed: &[String]) -> String {
    let quoted = |names: &[String]| -> String {
        let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
        quoted.join(", ")
    };
    match (nearest, allowed) {
        ([], []) => String::new(),
        ([], allowed) => format!("; allowed: {}", quoted(allowed)),
        (nearest, _) => format!("; nearest: {}", quoted(nearest)),
    }
}

fn range_text(low: &str, high: Option<&str>) -> String {
    match high {
        Some(high) => format!("outside the allowed range {low} to {high}"),
        None => format!("outside the allowed range: at least {low}"),
    }
}

/// A text as messages show it: on one line, and not longer than a reader wants.
fn shown(text: &str) -> String {
    let line = |text: &str| -> String {
        text.chars()
            .flat_map(|letter| {
                let escaped = letter.is_control().then(|| letter.escape_default());
                let plain = (!letter.is_control()).then_some(letter);
                escaped.into_iter().flatten().chain(plain)
            })
            .collect()
    };
    match text.char_indices().nth(LONGEST_SHOWN) {
        Some((end, _)) => format!("{}... ({} letters)", line(&text[..end]), text.chars().count()),
        None => line(text),
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
