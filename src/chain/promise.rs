//! What is promised of the openings that the operating rule found.

use serde::{Deserialize, Serialize};

/// How far the openings of a result are the greatest that are allowed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Openings {
    /// The greatest, to 1e-12.
    #[default]
    Exact,
    /// The greatest, where loads bend as their slopes say: found by steps that close in on it.
    Converged,
    /// Allowed, and stopped by what is named; that no far other state is better is not promised.
    Local,
}

impl Openings {
    /// All of them, from the strongest promise to the weakest.
    pub(crate) const ALL: [Self; 3] = [Self::Exact, Self::Converged, Self::Local];

    /// As results spell it: `exact`, `converged`, `local`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Converged => "converged",
            Self::Local => "local",
        }
    }
}
