//! `merge`: one file of the results of several ranges of a sweep.

use crate::failure::Failure;
use gaschain::sweep::merge_results;
use std::path::PathBuf;

const MORE: &str = "\
What comes out has the bytes that one run of all of them would have written. The parts may be
given in any order; one that is incomplete or of another sweep, or a gap between them, is
refused.

Example:
  gaschain sweep all.toml --out a.csv --range 0..32768
  gaschain sweep all.toml --out b.csv --range 32768..65536
  gaschain merge a.csv b.csv --out all.csv";

/// Make one file of the CSV files or summaries that several ranges of a sweep wrote
#[derive(clap::Args)]
#[command(after_help = MORE)]
pub struct Merge {
    /// Files that `gaschain sweep --range` wrote
    #[arg(value_name = "PART", required = true)]
    parts: Vec<PathBuf>,
    /// Where to write; must not be there yet
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

impl Merge {
    pub fn run(&self) -> Result<(), Failure> {
        Ok(merge_results(&self.parts, &self.out)?)
    }
}
