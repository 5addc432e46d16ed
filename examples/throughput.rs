//! How many scenarios of the shipped chain are worked out in a second: random points of the first
//! 3, the first 10 or all axes of `data/amur/sweeps/axes.csv`, nine results of each.
//!
//! ```sh
//! cargo run --release --example throughput -- --axes 10 --scenarios 1000000 --threads 1
//! ```
//!
//! Prints JSON. The time is that of the run alone: points, results and balances, from the first
//! scenario to the last, without reading and preparing the chain, and without writing results.

#[path = "common/axes.rs"]
mod axes;
mod common;

use common::Failure;
use gaschain::amur;
use gaschain::fault::{FaultKind, Faults, Place};
use gaschain::sweep::{Discard, Runner};
use lexopt::prelude::*;
use serde::Serialize;
use std::ops::ControlFlow;
use std::process::ExitCode;

const USAGE: &str = "\
Measures how many scenarios of the shipped chain are worked out in a second.

usage: throughput [--axes 3|10|all] [--scenarios N] [--threads N]

  --axes 3|10|all   how many parameters vary (default: 10)
  --scenarios N     how many scenarios (default: 100000)
  --threads N       threads (default: 1)
";

/// What was measured.
#[derive(Serialize)]
struct Measured {
    axes: usize,
    scenarios: u64,
    threads: usize,
    seconds: f64,
    scenarios_per_second: f64,
    /// `null` where scenarios are worked out one by one.
    operations_per_scenario: Option<u64>,
    /// Share of scenarios that were worked out one by one.
    fallback_share: f64,
    worst_residual: f64,
}

struct Arguments {
    /// `None` for all.
    axes: Option<usize>,
    scenarios: u64,
    threads: usize,
}

fn main() -> ExitCode {
    common::end(run())
}

fn run() -> Result<(), Failure> {
    let Some(arguments) = arguments()? else { return Ok(()) };
    let sweep = axes::sweep(arguments.axes, arguments.scenarios)?;
    let chain = amur::chain();
    let prepared = sweep.prepare(chain)?;
    let runner = Runner::new().threads(arguments.threads);
    let ran = runner
        .run(&prepared, &mut Discard, |_| ControlFlow::Continue(()))
        .map_err(|error| Failure::Solve(error.to_string()))?;
    let measured = Measured {
        axes: prepared.axes.len(),
        scenarios: ran.done,
        threads: arguments.threads,
        seconds: ran.seconds,
        scenarios_per_second: ran.done as f64 / ran.seconds,
        operations_per_scenario: prepared.operations().map(|count| count as u64),
        fallback_share: ran.rerun as f64 / ran.done as f64,
        worst_residual: ran.worst_residual,
    };
    let json = serde_json::to_string_pretty(&measured)
        .map_err(|error| Failure::Solve(error.to_string()))?;
    common::print(&(json + "\n"))?;
    if let Some(message) = ran.disagreement() {
        return Err(Failure::Solve(message));
    }
    if ran.failed > 0 {
        let message = format!("{} of {} scenarios could not be solved", ran.failed, ran.done);
        return Err(Failure::Solve(message));
    }
    Ok(())
}

/// Reads the command line; `None` where it asked for help.
fn arguments() -> Result<Option<Arguments>, Failure> {
    let mut parser = lexopt::Parser::from_env();
    let mut arguments = Arguments { axes: Some(10), scenarios: 100_000, threads: 1 };
    let mut faults = Faults::default();
    let mut unreadable = |option: &str, got: String, allowed: &str| {
        let kind = FaultKind::Unreadable { got, allowed: allowed.to_owned() };
        faults.push(Place::file(option), kind);
    };
    while let Some(argument) = parser.next()? {
        match argument {
            Long("help") | Short('h') => {
                common::print(USAGE)?;
                return Ok(None);
            }
            Long("axes") => match parser.value()?.string()?.as_str() {
                "3" => arguments.axes = Some(3),
                "10" => arguments.axes = Some(10),
                "all" => arguments.axes = None,
                other => unreadable("--axes", other.to_owned(), "3, 10 or all"),
            },
            Long("scenarios") => {
                let text = parser.value()?.string()?;
                match text.parse().ok().filter(|scenarios| *scenarios > 0) {
                    Some(scenarios) => arguments.scenarios = scenarios,
                    None => unreadable("--scenarios", text, "a number from 1 on"),
                }
            }
            Long("threads") => {
                let text = parser.value()?.string()?;
                match text.parse().ok().filter(|threads| *threads > 0) {
                    Some(threads) => arguments.threads = threads,
                    None => unreadable("--threads", text, "a number from 1 on"),
                }
            }
            other => return Err(other.unexpected().into()),
        }
    }
    faults.into_result(())?;
    Ok(Some(arguments))
}
