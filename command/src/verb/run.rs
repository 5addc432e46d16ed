//! `run`: one scenario, or a table of them.

use crate::failure::{Failure, sound};
use crate::interrupt::Interrupt;
use crate::open::{Asked, Chains};
use crate::output::{self, Printed, STANDARD_OUTPUT};
use crate::words;
use gaschain::fault::Faults;
use gaschain::report::table::TableWriter;
use gaschain::report::{csv, text};
use gaschain::scenario::{Override, Reading, Scenario};
use gaschain::{Chain, Solved};
use std::io::Write;
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
    /// column an address), or a chain folder as it is
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
    /// Divide the shares of compositions, of the chain's feeds too, by a sum that is at most 1 %
    /// off; the sum is said
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
        let solved = sound(opened, faults)?.case.solve()?;
        say_normalised(&solved, &mut Vec::new());
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
        let opened = chains.table(Path::new(&self.what), &self.asked(changes), &mut faults)?;
        let (scenarios, chain) = sound(opened, faults)?;
        let failed = match format {
            Format::Text => self.rows(&scenarios, &chain)?,
            Format::Json => self.reports(&scenarios, &chain)?,
        };
        if failed == 0 {
            return Ok(());
        }
        let all = scenarios.len();
        Err(Failure::Unsolved(format!("{failed} of {all} scenarios could not be solved")))
    }

    /// A CSV row a scenario; how many failed.
    fn rows(&self, scenarios: &[Scenario], chain: &Chain) -> Result<usize, Failure> {
        let out = Printed::default();
        let mut writer = TableWriter::new(chain, out.clone(), STANDARD_OUTPUT)?;
        let interrupt = Interrupt::listen()?;
        let mut case = chain.case();
        let (mut failed, mut said) = (0, Vec::new());
        for (index, scenario) in scenarios.iter().enumerate() {
            let outcome = case.reset().apply(scenario)?.solve();
            writer.row(&scenario.name, outcome.as_ref())?;
            match &outcome {
                Ok(solved) => {
                    say_normalised(solved, &mut said);
                    self.write_row(index, &scenario.name, solved)?;
                }
                Err(_) => failed += 1,
            }
            if self.ends_after(index, scenarios, &out, &interrupt)? {
                return Ok(0);
            }
        }
        Ok(failed)
    }

    /// A JSON report a scenario; how many failed.
    fn reports(&self, scenarios: &[Scenario], chain: &Chain) -> Result<usize, Failure> {
        let mut out = Printed::default();
        let interrupt = Interrupt::listen()?;
        let mut case = chain.case();
        let (mut failed, mut said) = (0, Vec::new());
        let mut before = "[\n";
        for (index, scenario) in scenarios.iter().enumerate() {
            let report = match case.reset().apply(scenario)?.solve() {
                Ok(solved) => {
                    say_normalised(&solved, &mut said);
                    self.write_row(index, &scenario.name, &solved)?;
                    solved.report().to_json()
                }
                Err(error) => {
                    failed += 1;
                    let name = serde_json::json!(scenario.name);
                    let error = serde_json::json!(error.to_string());
                    format!("{{\"scenario\": {name}, \"error\": {error}}}")
                }
            };
            write(&mut out, &format!("{before}{report}"))?;
            before = ",\n";
            match self.ends_after(index, scenarios, &out, &interrupt) {
                Ok(false) => {}
                Ok(true) => return Ok(0),
                Err(interrupted) => {
                    write(&mut out, "\n]\n")?;
                    return Err(interrupted);
                }
            }
        }
        write(&mut out, if scenarios.is_empty() { "[]\n" } else { "\n]\n" })?;
        Ok(failed)
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

    /// The files of one row of a table, where files are asked for.
    fn write_row(&self, index: usize, scenario: &str, solved: &Solved) -> Result<(), Failure> {
        let Some(out) = &self.out else { return Ok(()) };
        Ok(csv::write_folder(solved, &out.join(folder_name(index, scenario)))?)
    }
}

/// Says what was corrected of compositions because it was asked for, each once.
fn say_normalised(solved: &Solved, said: &mut Vec<String>) {
    for note in solved.normalised() {
        if !said.contains(&note) {
            output::say(&format!("note: {note}\n"));
            said.push(note);
        }
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
