//! What can be wrong, each kind with its message.

use super::Place;
use super::nearest::{names_text, nearest_names, range_text, shown, sum_text};

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
    #[error("mole fractions sum to {sum}; allowed: {}", sum_text(*sum))]
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
    #[error(
        "the row has {got} fields; allowed: {allowed}, as in the header{}",
        hint.map(|hint| format!(" ({hint})")).unwrap_or_default()
    )]
    Ragged {
        /// Fields in the row.
        got: u64,
        /// Fields in the header.
        allowed: u64,
        /// What may have happened to it.
        hint: Option<&'static str>,
    },
    /// A file that is not UTF-8.
    #[error(
        "not UTF-8 text: byte {byte} (offset {offset}){}; allowed: UTF-8",
        looks_like.map(|other| format!(", perhaps {other}")).unwrap_or_default()
    )]
    Encoding {
        /// The offending byte, in hexadecimal.
        byte: String,
        /// Its offset in the file, from 0.
        offset: usize,
        /// The encoding that it most likely has.
        looks_like: Option<&'static str>,
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
    /// An output that was found in a chain with other addresses.
    #[error(
        "an output of chain \"{}\"; this is a result of chain \"{}\", whose addresses are others; allowed: outputs of its own",
        shown(of),
        shown(chain)
    )]
    OutputOfAnotherChain {
        /// Name of the chain it was found in.
        of: String,
        /// Name of the chain that the result is of.
        chain: String,
    },
    /// A number that does not exist: a share of a stream of nothing, a capacity that is not known.
    #[error("{address} has no value here")]
    NoValue {
        /// The address that was asked for.
        address: String,
    },
    /// Results of a sweep that could not be written. What was written before stays.
    #[error("results from scenario {next} on cannot be written: {why}")]
    NotWritten {
        /// The first scenario that was not written.
        next: u64,
        /// What sort of failure it is: a pipe that nobody reads any more, a full disk.
        how: std::io::ErrorKind,
        /// What the operating system said.
        why: String,
    },
    /// A chain that could not be solved, where that is one of several faults.
    #[error("{why}")]
    NotSolved {
        /// Why.
        why: String,
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

    /// What a fault is counted as where it is not shown.
    pub(super) fn group(&self) -> String {
        match self {
            Self::UnknownName { what, .. } => format!("unknown {what}"),
            Self::Missing { what, .. } => format!("missing {what}"),
            Self::Duplicate { what, .. } => format!("duplicate {what}"),
            Self::Unreadable { .. } => "cannot be read".to_owned(),
            Self::WrongDimension { .. } => "of another dimension".to_owned(),
            Self::OutOfRange { .. } => "out of range".to_owned(),
            Self::CompositionSum { .. } => "that do not sum to 1".to_owned(),
            Self::Ragged { .. } => "with too many or too few fields".to_owned(),
            _ => "not allowed".to_owned(),
        }
    }

    /// The name that an unknown one most likely stands for.
    pub(crate) fn likely(&self) -> Option<&str> {
        match self {
            Self::UnknownName { nearest, .. } => nearest.first().map(String::as_str),
            _ => None,
        }
    }
}
