//! A sweep: the chain, what is asked for, the axes and the design.

use super::design::{AxisColumn, Design};
use super::evaluate::Evaluator;
use crate::chain::Chain;
use crate::fault::{FaultKind, Faults, Place};
use std::path::Path;

/// A sweep as a person or program asks for it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sweep {
    /// Its name.
    pub name: String,
    chain: String,
    outputs: Vec<String>,
}

/// A sweep that fits its chain.
#[derive(Debug)]
pub struct Prepared<'c> {
    /// Works out its scenarios.
    pub evaluator: Evaluator<'c>,
    /// Where its scenarios lie.
    pub design: Design,
    /// How the numbers of its axes are shown.
    pub axes: Vec<AxisColumn>,
}

impl Sweep {
    /// The shipped chain's name, or a path to a chain folder.
    #[must_use]
    pub fn chain(&self) -> &str {
        &self.chain
    }

    /// Reads a sweep file's text; files that it names are beside `base_dir`.
    ///
    /// # Errors
    /// Every fault of the file's form.
    pub fn parse(text: &str, file: &str, base_dir: Option<&Path>) -> Result<Self, Faults> {
        let _ = (text, file, base_dir);
        Ok(Self::default())
    }

    /// Reads a sweep file.
    ///
    /// # Errors
    /// A file that cannot be read, and all faults of [`Sweep::parse`].
    pub fn read(path: &Path) -> Result<Self, Faults> {
        let name = path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text, &name, path.parent()),
            Err(error) => {
                let mut faults = Faults::default();
                let why = error.to_string();
                let kind = FaultKind::File { action: "read", path: name.clone(), why };
                faults.push(Place::file(name), kind);
                Err(faults)
            }
        }
    }

    /// Judges the sweep against its chain.
    ///
    /// # Errors
    /// Everything in it that does not fit the chain.
    pub fn prepare<'c>(&self, chain: &'c Chain) -> Result<Prepared<'c>, Faults> {
        let evaluator = Evaluator::new(chain, &chain.values(), &[], &self.outputs)?;
        Ok(Prepared { evaluator, design: Design::default(), axes: Vec::new() })
    }

    /// Hash of everything that determines the results: the chain's files, the sweep's and those
    /// it names.
    #[must_use]
    pub fn inputs(&self, chain: &Chain) -> String {
        chain.inputs().to_owned()
    }
}
