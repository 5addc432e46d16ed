//! Runs a scenario file, a table of scenarios, or a shipped scenario by name.
//!
//! ```sh
//! cargo run --release --example scenario -- four_trains
//! cargo run --release --example scenario -- late.toml --set gpp.trains=5 --format json
//! cargo run --release --example scenario -- many.csv --out results
//! ```
//!
//! Results go to standard output, faults to standard error. Exit code 0: solved; 1: could not be
//! solved; 2: bad input.

mod common;

use common::Failure;
use gaschain::amur;
use gaschain::chain::Chain;
use gaschain::fault::{FaultKind, Faults, Place};
use gaschain::report::table::TableWriter;
use gaschain::report::{csv, text};
use gaschain::scenario::{self, Override, Reading, Scenario};
use lexopt::prelude::*;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "\
Runs a scenario file (.toml), a table of scenarios (.csv), or a shipped scenario by name.

usage: scenario <file-or-name> [options]

  --set ADDRESS=VALUE   change a parameter (may be given several times)
  --format text|json    what to print (default: text; a table prints CSV)
  --out DIR             also write CSV and JSON files into this folder
  --chain NAME          chain of a table: shipped name or folder (default: amur)
  --normalise           divide mole fractions by their sum, however far it is off 1
  --list                names of the shipped scenarios, with their questions
";

#[derive(Clone, Copy, PartialEq)]
enum Format {
    Text,
    Json,
}

struct Arguments {
    what: String,
    changes: Vec<Override>,
    format: Format,
    out: Option<PathBuf>,
    chain: String,
    reading: Reading,
}

fn main() -> ExitCode {
    common::end(run())
}

fn run() -> Result<(), Failure> {
    let Some(arguments) = arguments()? else { return Ok(()) };
    if Path::new(&arguments.what).extension().is_some_and(|ending| ending == "csv") {
        table(&arguments)
    } else {
        single(&arguments)
    }
}

/// Reads the command line; `None` where it asked for help or the list.
fn arguments() -> Result<Option<Arguments>, Failure> {
    let mut parser = lexopt::Parser::from_env();
    let mut what = None;
    let mut arguments = Arguments {
        what: String::new(),
        changes: Vec::new(),
        format: Format::Text,
        out: None,
        chain: amur::NAME.to_owned(),
        reading: Reading::default(),
    };
    let mut faults = Faults::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("help") | Short('h') => {
                common::print(USAGE)?;
                return Ok(None);
            }
            Long("list") => {
                for name in amur::scenario_names() {
                    let question = amur::scenario(name)?.question.unwrap_or_default();
                    common::print(&format!("{name:<20} {question}\n"))?;
                }
                return Ok(None);
            }
            Long("set") => match common::change(&parser.value()?.string()?) {
                Ok(change) => arguments.changes.push(change),
                Err(more) => faults.append(more),
            },
            Long("format") => match parser.value()?.string()?.as_str() {
                "text" => arguments.format = Format::Text,
                "json" => arguments.format = Format::Json,
                other => faults.push(
                    Place::file("--format"),
                    FaultKind::unknown("format", other, ["text", "json"]),
                ),
            },
            Long("out") => arguments.out = Some(parser.value()?.into()),
            Long("chain") => arguments.chain = parser.value()?.string()?,
            Long("normalise") => arguments.reading.normalise = true,
            Value(name) if what.is_none() => what = Some(name.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    faults.into_result(())?;
    let Some(what) = what else {
        return Err(Failure::usage(&format!("which scenario?\n\n{USAGE}")));
    };
    arguments.what = what;
    Ok(Some(arguments))
}

fn single(arguments: &Arguments) -> Result<(), Failure> {
    let mut case = common::open(&arguments.what, arguments.reading, &arguments.changes)?;
    let solved = case.solve()?;
    if let Some(out) = &arguments.out {
        csv::write_folder(&solved, out)?;
    }
    match arguments.format {
        Format::Text => common::print(&text::scenario(&solved)),
        Format::Json => common::print(&format!("{}\n", solved.report().to_json())),
    }
}

/// A table: a row a scenario. One that fails is a row with its error, and the others go on.
fn table(arguments: &Arguments) -> Result<(), Failure> {
    let chain = amur::open_chain(&arguments.chain, None)?;
    let path = Path::new(&arguments.what);
    let mut scenarios = scenario::read_table(path, &chain, &arguments.chain, arguments.reading)?;
    let mut faults = Faults::default();
    for scenario in &mut scenarios {
        scenario.overrides.extend(arguments.changes.iter().cloned());
    }
    // what --set changes is the same in every row: judge it once
    if let Some(first) = scenarios.first()
        && let Err(wrong) = chain.case().apply(first)
    {
        faults.append(wrong);
    }
    faults.into_result(())?;
    let failed = match arguments.format {
        Format::Text => print_rows(&scenarios, &chain, arguments)?,
        Format::Json => print_reports(&scenarios, &chain, arguments)?,
    };
    if failed == 0 {
        return Ok(());
    }
    Err(Failure::Solve(format!("{failed} of {} scenarios could not be solved", scenarios.len())))
}

fn print_rows(
    scenarios: &[Scenario],
    chain: &Chain,
    arguments: &Arguments,
) -> Result<usize, Failure> {
    let mut writer = TableWriter::new(chain, std::io::stdout().lock(), "standard output")?;
    let mut case = chain.case();
    let mut failed = 0;
    for (index, scenario) in scenarios.iter().enumerate() {
        let outcome = case.reset().apply(scenario)?.solve();
        writer.row(&scenario.name, outcome.as_ref())?;
        match (&outcome, &arguments.out) {
            (Err(_), _) => failed += 1,
            (Ok(solved), Some(out)) => {
                let folder = out.join(folder_name(index, &scenario.name));
                csv::write_folder(solved, &folder)?;
            }
            (Ok(_), None) => {}
        }
    }
    Ok(failed)
}

fn print_reports(
    scenarios: &[Scenario],
    chain: &Chain,
    arguments: &Arguments,
) -> Result<usize, Failure> {
    let mut case = chain.case();
    let mut failed = 0;
    let mut separator = "[\n";
    for (index, scenario) in scenarios.iter().enumerate() {
        match case.reset().apply(scenario)?.solve() {
            Ok(solved) => {
                common::print(&format!("{separator}{}", solved.report().to_json()))?;
                separator = ",\n";
                if let Some(out) = &arguments.out {
                    let folder = out.join(folder_name(index, &scenario.name));
                    csv::write_folder(&solved, &folder)?;
                }
            }
            Err(error) => {
                // a scenario that fails is a row with its error
                let name = serde_json::json!(scenario.name);
                let error = serde_json::json!(error.to_string());
                common::print(&format!("{separator}{{\"scenario\": {name}, \"error\": {error}}}"))?;
                separator = ",\n";
                failed += 1;
            }
        }
    }
    common::print(if separator == "[\n" { "[]\n" } else { "\n]\n" })?;
    Ok(failed)
}

/// A scenario's name as a folder name, kept apart by its row.
fn folder_name(index: usize, name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|letter| if letter.is_alphanumeric() || letter == '-' { letter } else { '_' })
        .collect();
    format!("{:04}_{plain}", index + 1)
}
