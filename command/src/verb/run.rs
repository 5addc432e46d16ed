//! `run`: one scenario, or a table of them.

mod rows;

use crate::failure::{Failure, sound};
use crate::open::{Asked, Chains, STANDARD_INPUT};
use crate::output;
use crate::words;
use gaschain::fault::Faults;
use gaschain::report::{csv, text};
use gaschain::scenario::Override;
use rows::Rows;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

const MORE: &str = "\
A scenario that cannot be solved is exit code 1; in a table it is a row with its error, and the
others go on.

Examples:
  gaschain run nameplate
  gaschain run late.toml --set gpp.trains=5 --format json
  gaschain run many.csv --out results";

/// Run a scenario, or a table of them, and print what comes out and what stops it
#[derive(clap::Args)]
#[command(after_help = MORE)]
pub struct Run {
    /// A shipped scenario by name, a scenario file (.toml), a table (.csv: a row a scenario, a
    /// column an address; - reads one from standard input), or a chain folder as it is
    #[arg(value_name = "SCENARIO")]
    what: String,
    /// Change a parameter; may be given several times
    #[arg(long, value_name = "ADDRESS=VALUE")]
    set: Vec<String>,
    /// What to print: text or json; a table prints CSV instead of text
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: String,
    /// Also write CSV and JSON files into this folder, of a table one folder a row
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Run on this chain: shipped name or folder [default: what the scenario names, else amur]
    #[arg(long, value_name = "CHAIN")]
    chain: Option<String>,
    /// Threads that work out the rows of a table [default: all cores]
    #[arg(long, value_name = "N")]
    threads: Option<String>,
}

#[derive(Clone, Copy, PartialEq)]
enum Format {
    Text,
    Json,
}

const FORMATS: [(&str, Format); 2] = [("text", Format::Text), ("json", Format::Json)];

impl Run {
    pub fn run(&self, chains: &Chains) -> Result<(), Failure> {
        let mut faults = Faults::default();
        let changes = words::changes(&self.set, &mut faults);
        let format = words::one_of("--format", "format", &self.format, &FORMATS, &mut faults);
        let is_table = Path::new(&self.what).extension().is_some_and(|ending| ending == "csv");
        if is_table || self.what == STANDARD_INPUT {
            self.table(chains, &changes, format, faults)
        } else {
            self.single(chains, &changes, format, faults)
        }
    }

    fn asked<'a>(&'a self, changes: &'a [Override]) -> Asked<'a> {
        Asked { chain: self.chain.as_deref(), changes }
    }

    fn single(
        &self,
        chains: &Chains,
        changes: &[Override],
        format: Format,
        mut faults: Faults,
    ) -> Result<(), Failure> {
        let opened = chains.scenario(&self.what, &self.asked(changes), &mut faults)?;
        let solved = sound(opened, faults)?.case.solve()?;
        output::note(solved.normalised(), &mut HashSet::new());
        if let Some(out) = &self.out {
            csv::write_folder(&solved, out)?;
        }
        match format {
            Format::Text => output::print(&text::scenario(&solved)),
            Format::Json => output::print(&format!("{}\n", solved.report().to_json())),
        }
    }

    /// A table: a row a scenario. One that fails is a row with its error, and the others go on.
    fn table(
        &self,
        chains: &Chains,
        changes: &[Override],
        format: Format,
        mut faults: Faults,
    ) -> Result<(), Failure> {
        let threads = words::threads(self.threads.as_deref(), &mut faults);
        let opened = chains.table(Path::new(&self.what), &self.asked(changes), &mut faults)?;
        let table = sound(opened, faults)?;
        let rows = Rows { table: &table, changes, threads, out: self.out.as_deref() };
        let failed = match format {
            Format::Text => rows.print()?,
            Format::Json => rows.print_reports()?,
        };
        if failed == 0 {
            return Ok(());
        }
        let all = table.len();
        Err(Failure::Unsolved(format!("{failed} of {all} scenarios could not be solved")))
    }
}
