//! The shipped chain, built in: Power of Siberia pipeline, Amur gas processing plant, Amur gas
//! chemical complex.
//!
//! Everything about it is data, in `data/amur/`; this module only carries that folder along.

use crate::chain::{Chain, Folder};
use std::sync::OnceLock;

macro_rules! carried {
    ($($file:literal),* $(,)?) => {
        &[$(($file, include_bytes!(concat!("../data/amur/", $file)))),*]
    };
}

/// The files of the chain folder.
const FILES: &[(&str, &[u8])] = carried![
    "chain.toml",
    "gpp.toml",
    "helium.toml",
    "ethane_gate.toml",
    "gcc.toml",
    "pp.toml",
    "species.csv",
    "feeds.csv",
    "yields.csv",
    "announced.csv",
    "facts.csv",
];

/// The shipped chain's folder.
#[must_use]
pub fn folder() -> Folder {
    Folder {
        name: "amur".into(),
        files: FILES.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect(),
    }
}

/// The shipped chain, built once.
///
/// ```
/// let chain = gaschain::amur::chain();
/// assert_eq!(chain.name(), "amur");
/// ```
///
/// # Panics
/// Never in a released crate: a test builds the folder.
#[must_use]
pub fn chain() -> &'static Chain {
    static CHAIN: OnceLock<Chain> = OnceLock::new();
    CHAIN.get_or_init(|| match folder().chain() {
        Ok(chain) => chain,
        Err(faults) => unreachable!("the shipped chain has faults:\n{faults}"),
    })
}
