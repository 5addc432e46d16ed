//! What the examples share: opening scenarios and chains, and ending with the right exit code.

#![allow(dead_code, reason = "not every example uses all of it")]

use gaschain::amur;
use gaschain::chain::{Chain, SolveError};
use gaschain::fault::{FaultKind, Faults, Place};
use gaschain::scenario::{Reading, Scenario};
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

/// How an example can fail.
pub enum Failure {
    /// Bad input: exit code 2.
    Input(Faults),
    /// Good input that could not be solved: exit code 1.
    Solve(String),
}

impl From<Faults> for Failure {
    fn from(faults: Faults) -> Self {
        Self::Input(faults)
    }
}

impl From<SolveError> for Failure {
    fn from(error: SolveError) -> Self {
        Self::Solve(error.to_string())
    }
}

impl From<lexopt::Error> for Failure {
    fn from(error: lexopt::Error) -> Self {
        Self::usage(&error.to_string())
    }
}

impl Failure {
    /// A mistake on the command line.
    pub fn usage(message: &str) -> Self {
        let mut faults = Faults::default();
        let kind = FaultKind::Syntax { message: message.to_owned() };
        faults.push(Place::file("command line"), kind);
        Self::Input(faults)
    }
}

/// Prints faults to standard error and gives the exit code.
pub fn end(outcome: Result<(), Failure>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Solve(message)) => {
            eprintln!("{message}");
            ExitCode::from(1)
        }
        Err(Failure::Input(faults)) => {
            eprintln!("{faults}");
            ExitCode::from(2)
        }
    }
}

/// Writes to standard output; a reader that went away is no error.
pub fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// A scenario by shipped name or file, with the chain it runs on.
pub fn open(name: &str, reading: Reading) -> Result<(Scenario, Chain), Failure> {
    let path = Path::new(name);
    if path.is_file() {
        let scenario = Scenario::read(path, reading)?;
        let chain = amur::open_chain(&scenario.chain, path.parent())?;
        return Ok((scenario, chain));
    }
    if path.extension().is_some() || name.contains('/') {
        // meant as a file: say that it cannot be read
        Scenario::read(path, reading)?;
    }
    let scenario = amur::scenario(name)?;
    let chain = amur::open_chain(&scenario.chain, None)?;
    Ok((scenario, chain))
}
