//! `run`: one scenario, or a table of them.

use crate::failure::{Failure, sound};
use crate::interrupt::Interrupt;
use crate::open::{Asked, Chains};
use crate::output::{self, Printed, STANDARD_OUTPUT};
use crate::tolerance::Tolerance;
use crate::words;
use gaschain::fault::Faults;
use gaschain::report::csv::ResultFolder;
use gaschain::report::table::TableWriter;
use gaschain::report::text;
use gaschain::scenario::{Override, Reading, Scenario};
use gaschain::{Chain, Older, Solved};
use std::io::Write;
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
    /// column an address), a chain folder as it is, or a report (.json) to be run again
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
    /// Replace the results that are in --out
    #[arg(long, requires = "out")]
    replace: bool,
    #[command(flatten)]
    tolerance: Tolerance,
    /// Divide mole fractions by their sum, however far it is off 1
    #[arg(long)]
    normalise: bool,
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
        if Path::new(&self.what).extension().is_some_and(|ending| ending == "csv") {
            self.table(chains, &changes, format, faults)
        } else {
            self.single(chains, &changes, format, faults)
        }
    }

    fn asked<'a>(&'a self, changes: &'a [Override]) -> Asked<'a> {
        let reading = Reading { normalise: self.normalise };
        Asked { chain: self.chain.as_deref(), reading, changes }
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
        let opened = chains.table(Path::new(&self.what), &self.asked(changes), &mut faults)?;
        let tolerated = self.tolerance.read(&mut faults);
        let (scenarios, chain) = sound(opened, faults)?;
        let mut folder = self.folder()?.map(ResultFolder::of_several).transpose()?;
        let mut counts = Counts::default();
        match format {
            Format::Text => self.rows(&scenarios, &chain, &mut folder, &mut counts)?,
            Format::Json => self.reports(&scenarios, &chain, &mut folder, &mut counts)?,
        }
        if let Some(folder) = folder {
            folder.finish().map_err(|error| Failure::Unsolved(error.to_string()))?;
        }
        tolerated.counted(scenarios.len() as u64, counts.failed, counts.broken)
    }

    /// A CSV row a scenario.
    fn rows(
        &self,
        scenarios: &[Scenario],
        chain: &Chain,
        folder: &mut Option<ResultFolder>,
        counts: &mut Counts,
    ) -> Result<(), Failure> {
        let out = Printed::default();
        let mut writer = TableWriter::new(chain, out.clone(), STANDARD_OUTPUT)?;
        let interrupt = Interrupt::listen()?;
        let mut case = chain.case();
        for (index, scenario) in scenarios.iter().enumerate() {
            let outcome = case.reset().apply(scenario)?.solve();
            writer.row(&scenario.name, outcome.as_ref())?;
            match &outcome {
                Ok(solved) => counts.solved(index, &scenario.name, solved, folder)?,
                Err(_) => counts.failed += 1,
            }
            if self.ends_after(index, scenarios, &out, &interrupt)? {
                return Ok(());
            }
        }
        Ok(())
    }

    /// A JSON report a scenario.
    fn reports(
        &self,
        scenarios: &[Scenario],
        chain: &Chain,
        folder: &mut Option<ResultFolder>,
        counts: &mut Counts,
    ) -> Result<(), Failure> {
        let mut out = Printed::default();
        let interrupt = Interrupt::listen()?;
        let mut case = chain.case();
        let mut before = "[\n";
        for (index, scenario) in scenarios.iter().enumerate() {
            let report = match case.reset().apply(scenario)?.solve() {
                Ok(solved) => {
                    counts.solved(index, &scenario.name, &solved, folder)?;
                    solved.report().to_json()
                }
                Err(error) => {
                    counts.failed += 1;
                    let name = serde_json::json!(scenario.name);
                    let error = serde_json::json!(error.to_string());
                    format!("{{\"scenario\": {name}, \"error\": {error}}}")
                }
            };
            write(&mut out, &format!("{before}{report}"))?;
            before = ",\n";
            match self.ends_after(index, scenarios, &out, &interrupt) {
                Ok(false) => {}
                Ok(true) => return Ok(()),
                Err(interrupted) => {
                    write(&mut out, "\n]\n")?;
                    return Err(interrupted);
                }
            }
        }
        write(&mut out, if scenarios.is_empty() { "[]\n" } else { "\n]\n" })
    }

    /// Whether a row is the last, because nobody reads on and no files are wanted either; an error
    /// where somebody asked for the end.
    fn ends_after(
        &self,
        index: usize,
        scenarios: &[Scenario],
        out: &Printed,
        interrupt: &Interrupt,
    ) -> Result<bool, Failure> {
        let left = scenarios.len() - index - 1;
        if left > 0 && interrupt.came() {
            return Err(Failure::Interrupted(format!("broken off, {left} scenarios left")));
        }
        Ok(self.out.is_none() && out.reader_is_gone())
    }
}

/// What came of the scenarios of a table.
#[derive(Default)]
struct Counts {
    failed: u64,
    /// In how many some limit is broken.
    broken: u64,
}

impl Counts {
    /// One was solved: its files are written, where they are asked for.
    fn solved(
        &mut self,
        index: usize,
        scenario: &str,
        solved: &Solved,
        folder: &mut Option<ResultFolder>,
    ) -> Result<(), Failure> {
        self.broken += u64::from(solved.broken().next().is_some());
        let Some(folder) = folder else { return Ok(()) };
        let written = folder.write_one(&folder_name(index, scenario), solved);
        written.map_err(|error| Failure::Unsolved(error.to_string()))
    }
}

fn write(out: &mut Printed, text: &str) -> Result<(), Failure> {
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|error| Failure::unwritten(STANDARD_OUTPUT, &error))
}

/// A scenario's name as a folder name, kept apart by its row.
fn folder_name(index: usize, name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|letter| if letter.is_alphanumeric() || letter == '-' { letter } else { '_' })
        .collect();
    format!("{:04}_{plain}", index + 1)
}
