//! Evidence: how much a number can be trusted, kept with it from the data file to the report.

use crate::error::Error;
use crate::fault::FaultKind;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// How a number is known, from strongest to weakest.
///
/// A product of numbers has the weakest evidence of its factors:
///
/// ```
/// use gaschain::evidence::Evidence;
/// let capacity = [Evidence::Published, Evidence::Assumed].into_iter().max();
/// assert_eq!(capacity, Some(Evidence::Assumed));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Evidence {
    /// In a named source with a date.
    Published,
    /// Reported of a source that was not seen itself.
    SecondHand,
    /// Computed from other numbers.
    Derived,
    /// From memory of standard literature.
    Recalled,
    /// A choice without a source.
    Assumed,
    /// Chosen to meet an announced figure: agreement with that figure proves nothing.
    Imposed,
    /// Set by a scenario.
    Scenario,
}

impl Evidence {
    /// All kinds, from strongest to weakest.
    pub const ALL: [Self; 7] = [
        Self::Published,
        Self::SecondHand,
        Self::Derived,
        Self::Recalled,
        Self::Assumed,
        Self::Imposed,
        Self::Scenario,
    ];

    /// As files and reports spell it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::SecondHand => "second-hand",
            Self::Derived => "derived",
            Self::Recalled => "recalled",
            Self::Assumed => "assumed",
            Self::Imposed => "imposed",
            Self::Scenario => "scenario",
        }
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Evidence {
    pub(crate) fn read(text: &str) -> Result<Self, FaultKind> {
        Self::ALL
            .into_iter()
            .find(|evidence| evidence.as_str() == text)
            .ok_or_else(|| FaultKind::unknown("evidence", text, Self::ALL.map(Self::as_str)))
    }
}

impl FromStr for Evidence {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Ok(Self::read(text)?)
    }
}

/// Where a number comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// How it is known.
    pub evidence: Evidence,
    /// Its source, in words or as a row of a facts table.
    pub source: String,
}

impl Provenance {
    /// A choice without a source.
    #[must_use]
    pub const fn assumed() -> Self {
        Self { evidence: Evidence::Assumed, source: String::new() }
    }
}
