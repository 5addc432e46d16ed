//! What the examples share: opening scenarios and chains, and ending with the right exit code.

#![allow(dead_code, reason = "not every example uses all of it")]

use gaschain::fault::{FaultKind, Faults, Place};
use gaschain::param::Value;
use gaschain::scenario::{Override, Reading, Scenario};
use gaschain::{Case, Error, amur};
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

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error.faults() {
            [] => Self::Solve(error.to_string()),
            faults => Self::Input(Faults(faults.to_vec())),
        }
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

/// `ADDRESS=VALUE` from the command line.
pub fn change(text: &str) -> Result<Override, Faults> {
    let mut faults = Faults::default();
    let Some((address, value)) = text.split_once('=') else {
        let kind = FaultKind::Unreadable { got: text.to_owned(), allowed: "address=value".into() };
        faults.push(Place::file("--set"), kind);
        return Err(faults);
    };
    Ok(Override {
        address: address.trim().to_owned(),
        value: Value::Text(value.trim().to_owned()),
        place: Place::file("--set").at_address(address.trim()),
    })
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

/// Writes to standard output; a reader that went away is no error, a full disk is.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            let mut faults = Faults::default();
            let (action, path, why) = ("write", "standard output".to_owned(), error.to_string());
            faults.push(Place::file(&path), FaultKind::File { action, path, why });
            Err(Failure::Input(faults))
        }
        _ => Ok(()),
    }
}

/// The case of a scenario by shipped name or file; all faults of the file, the chain, the addresses
/// and `changes` come together.
pub fn open(name: &str, reading: Reading, changes: &[Override]) -> Result<Case, Failure> {
    let path = Path::new(name);
    let is_file = path.is_file() || path.extension().is_some() || name.contains('/');
    let mut faults = Faults::default();
    let mut scenario =
        if is_file { Scenario::gather(path, reading, &mut faults) } else { amur::scenario(name)? };
    scenario.overrides.extend(changes.iter().cloned());
    let beside = if is_file { path.parent() } else { None };
    // without a chain there is nothing to judge addresses by
    let mut opened = None;
    if !scenario.chain.is_empty() {
        match scenario.open_chain(beside) {
            Ok(chain) => {
                let case = opened.insert(chain.case());
                if let Err(more) = case.apply(&scenario) {
                    faults.append(more);
                }
            }
            Err(more) => faults.append(more),
        }
    }
    faults.into_result(())?;
    opened.ok_or_else(|| Failure::usage("the scenario names no chain"))
}
