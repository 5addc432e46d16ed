//! `merge`: one file of the results of several ranges of a sweep.

use crate::failure::Failure;
use crate::tolerance::Tolerance;
use gaschain::Older;
use gaschain::fault::Faults;
use gaschain::sweep::merge_results;
use std::path::PathBuf;

const MORE: &str = "\
What comes out has the bytes that one run of all of them would have written. The parts may be
given in any order; one that is incomplete, not as it was written or of another sweep, or a gap
between them, is refused. Exit code 1: as of that one run.

Example:
  gaschain sweep all.toml --out a.csv --range 0..32768
  gaschain sweep all.toml --out b.csv --range 32768..65536
  gaschain merge a.csv b.csv --out all.csv";

/// Make one of the CSV files, summaries or Parquet folders that several ranges of a sweep wrote
#[derive(clap::Args)]
#[command(after_help = MORE)]
pub struct Merge {
    /// What `gaschain sweep --range` wrote
    #[arg(value_name = "PART", required = true)]
    parts: Vec<PathBuf>,
    /// Where to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Replace the results that are in --out
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    tolerance: Tolerance,
}

impl Merge {
    pub fn run(&self) -> Result<(), Failure> {
        let mut faults = Faults::default();
        let tolerated = self.tolerance.read(&mut faults);
        faults.into_result(())?;
        let older = if self.replace { Older::Replaced } else { Older::Refused };
        let merged = merge_results(&self.parts, &self.out, older)?;
        tolerated.judge(&merged)
    }
}
