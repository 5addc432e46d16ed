//! `run`: one scenario, or a table of them.

mod rows;

use crate::failure::{Failure, sound};
use crate::open::{Asked, Chains, STANDARD_INPUT};
use crate::output;
use crate::tolerance::Tolerance;
use crate::words;
use gaschain::Older;
use gaschain::fault::Faults;
use gaschain::report::csv::ResultFolder;
use gaschain::report::text;
use gaschain::scenario::Override;
use rows::Rows;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

const MORE: &str = "\
A scenario that cannot be solved is exit code 1; in a table it is a row with its error, and the
others go on. Results that are in --out already are refused, or with --replace they go before
anything is run: what is there afterwards is of this run alone.

Examples:
  gaschain run nameplate
  gaschain run late.toml --set gpp.trains=5 --format json
  gaschain run many.csv --out results";

/// Run a scenario, or a table of them, and print what comes out and what stops it
#[derive(clap::Args)]
#[command(after_help = MORE)]
pub struct Run {
    /// A shipped scenario by name, a scenario file (.toml), a table (.csv: a row a scenario, a
    /// column an address; - reads one from standard input), a chain folder as it is, or a report
    /// (.json) to be run again
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
    /// Replace the results that are in --out
    #[arg(long, requires = "out")]
    replace: bool,
    #[command(flatten)]
    tolerance: Tolerance,
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
        Asked { chain: self.chain.as_deref(), changes, ..Asked::default() }
    }

    fn single(
        &self,
        chains: &Chains,
        changes: &[Override],
        format: Format,
        mut faults: Faults,
    ) -> Result<(), Failure> {
        let opened = chains.scenario(&self.what, &self.asked(changes), &mut faults)?;
        let tolerated = self.tolerance.read(&mut faults);
        let mut opened = sound(opened, faults)?;
        let folder = self.folder()?;
        let solved = opened.case.solve()?;
        output::note(solved.normalised(), &mut HashSet::new());
        if let Some(folder) = folder {
            folder.write(&solved).map_err(|error| Failure::Unsolved(error.to_string()))?;
        }
        match format {
            Format::Text => output::print(&text::scenario(&solved))?,
            Format::Json => output::print(&format!("{}\n", solved.report().to_json()))?,
        }
        if opened.made_of.is_some_and(|inputs| inputs != solved.inputs()) {
            output::say(&format!(
                "{}: made of other inputs than this run: its chain, or what reads it, is another\n",
                self.what
            ));
        }
        tolerated.counted(1, 0, u64::from(solved.broken().next().is_some()))
    }

    /// The folder for results, where one is wanted, with nothing in it.
    fn folder(&self) -> Result<Option<ResultFolder>, Failure> {
        let older = if self.replace { Older::Replaced } else { Older::Refused };
        let claim = |out: &PathBuf| ResultFolder::claim(out, older);
        Ok(self.out.as_ref().map(claim).transpose()?)
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
        let tolerated = self.tolerance.read(&mut faults);
        let table = sound(opened, faults)?;
        let folder = self.folder()?.map(ResultFolder::of_several).transpose()?;
        let rows = Rows { table: &table, changes, threads, folder };
        let counts = match format {
            Format::Text => rows.print()?,
            Format::Json => rows.print_reports()?,
        };
        tolerated.counted(table.len() as u64, counts.failed, counts.broken)
    }
}
