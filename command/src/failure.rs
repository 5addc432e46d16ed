//! How the command can fail, with which exit code, and what errors of the library become.

use crate::output;
use gaschain::fault::{FaultKind, Faults, Place};
use std::process::ExitCode;

/// How a verb can fail.
#[derive(Debug)]
pub enum Failure {
    /// Bad input, all of it: exit code 2.
    Input(Faults),
    /// Arguments that make no command, in the words of who reads them: exit code 2.
    Usage(String),
    /// Good input that could not be solved, or whose results could not be written: exit code 1.
    Unsolved(String),
    /// Broken off by Ctrl-C, or by whoever ends processes: exit code 130.
    Interrupted(String),
}

impl Failure {
    /// Something that was to be written and could not be.
    pub fn unwritten(path: &str, error: &std::io::Error) -> Self {
        let mut faults = Faults::default();
        let (action, path, why) = ("write", path.to_owned(), error.to_string());
        faults.push(Place::file(&path), FaultKind::File { action, path, why });
        Self::Input(faults)
    }

    const fn code(&self) -> u8 {
        match self {
            Self::Unsolved(_) => 1,
            Self::Input(_) | Self::Usage(_) => 2,
            Self::Interrupted(_) => 130,
        }
    }
}

impl From<Faults> for Failure {
    fn from(faults: Faults) -> Self {
        Self::Input(faults)
    }
}

impl From<gaschain::Error> for Failure {
    fn from(error: gaschain::Error) -> Self {
        match error.faults() {
            [] => Self::Unsolved(error.to_string()),
            _ => Self::Input(error.into()),
        }
    }
}

/// What a reading gave, where it gave anything; its faults are kept with those of others, so that
/// all are told together.
pub fn keep<T>(
    read: Result<T, impl Into<Failure>>,
    faults: &mut Faults,
) -> Result<Option<T>, Failure> {
    match read.map_err(Into::into) {
        Ok(value) => Ok(Some(value)),
        Err(Failure::Input(more)) => {
            faults.append(more);
            Ok(None)
        }
        Err(other) => Err(other),
    }
}

/// What was read, where nothing was wrong with anything.
pub fn sound<T>(read: Option<T>, faults: Faults) -> Result<T, Failure> {
    match read {
        Some(value) if faults.is_empty() => Ok(value),
        _ => Err(Failure::Input(faults.into_result(()).err().unwrap_or_default())),
    }
}

/// Says on standard error what went wrong, if anything did, and gives the exit code.
pub fn end(outcome: Result<(), Failure>) -> ExitCode {
    let Err(failure) = outcome else { return ExitCode::SUCCESS };
    match &failure {
        Failure::Input(faults) => output::say(&format!("{faults}\n")),
        Failure::Usage(message) => output::say(message),
        Failure::Unsolved(message) | Failure::Interrupted(message) => {
            output::say(&format!("{message}\n"));
        }
    }
    ExitCode::from(failure.code())
}
