//! The error of everything that reads a chain, sets its values, runs it and reads its results.

use crate::chain::{CannotHold, SolveError};
use crate::fault::{Fault, FaultKind, Faults, Place};
use std::fmt;

/// Why something could not be done.
///
/// Its message says where it is, what was got, what is allowed and, for names, the nearest valid
/// ones, one line a fault; `{:?}` reads the same, so that a `main` that returns it prints it as
/// people read, and `{:#?}` shows what it is made of.
///
/// ```
/// use gaschain::ErrorKind;
///
/// let mut case = gaschain::amur::chain().case();
/// let error = case.set("gpp.trians", 4.0).unwrap_err();
/// assert!(error.is_bad_input());
/// assert_eq!(error.faults()[0].place.address.as_deref(), Some("gpp.trians"));
/// assert!(format!("{error:?}").ends_with("nearest: \"gpp.trains\", \"gpp.train_size\""));
///
/// let solved = case.solve()?;
/// let error = solved.value("trunk_line.capacity.margin").unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::NoValue); // what the line could carry is not known
/// # Ok::<(), gaschain::Error>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct Error(Box<Cause>);

#[derive(Debug, Clone, PartialEq)]
enum Cause {
    /// All of them, and in one list those that are kept.
    Faults(Faults, Vec<Fault>),
    Solve(SolveError),
}

/// What sort of error it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Something a person wrote is not allowed: found by reading, before anything is computed.
    BadInput,
    /// No openings of the inlets are allowed.
    NoState,
    /// A stage or chain does not close, or gives a flow that cannot be.
    NotClosed,
    /// The operating rule did not converge.
    NotConverged,
    /// A recycle has no solution.
    NoSolution,
    /// Equations have no meaning for what came in, or a limit stops by what cannot be known.
    OutOfDomain,
    /// A number that was asked for does not exist.
    NoValue,
    /// An output of another chain.
    OtherChain,
    /// A file that could not be read or written.
    Io,
}

impl Error {
    /// What sort of error it is; of several faults that of the first, and bad input where they
    /// differ.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match &*self.0 {
            Cause::Faults(_, faults) => {
                let mut kinds = faults.iter().map(|fault| kind_of(&fault.kind));
                let first = kinds.next().unwrap_or(ErrorKind::BadInput);
                if kinds.all(|kind| kind == first) { first } else { ErrorKind::BadInput }
            }
            Cause::Solve(error) => match error {
                SolveError::NotClosed { .. } | SolveError::ImpossibleFlow { .. } => {
                    ErrorKind::NotClosed
                }
                SolveError::Stage { .. } | SolveError::QualityUnknown { .. } => {
                    ErrorKind::OutOfDomain
                }
                SolveError::NoState { .. } => ErrorKind::NoState,
                SolveError::Recycle { .. } => ErrorKind::NoSolution,
                SolveError::NotConverged { .. } => ErrorKind::NotConverged,
            },
        }
    }

    /// Whether it was found by reading what a person wrote, before anything was computed.
    #[must_use]
    pub fn is_bad_input(&self) -> bool {
        self.kind() == ErrorKind::BadInput
    }

    /// All faults, each with its place; none where it was found by running. Of one file the first
    /// 1,000; its message says how many more there are.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        match &*self.0 {
            Cause::Faults(_, faults) => faults,
            Cause::Solve(_) => &[],
        }
    }

    /// Where no openings are allowed: a smallest set of limits that cannot hold together.
    #[must_use]
    pub fn cannot_hold(&self) -> &[CannotHold] {
        match &*self.0 {
            Cause::Solve(SolveError::NoState { cannot_hold }) => cannot_hold,
            _ => &[],
        }
    }
}

fn kind_of(fault: &FaultKind) -> ErrorKind {
    match fault {
        FaultKind::NoValue { .. } => ErrorKind::NoValue,
        FaultKind::OutputOfAnotherChain { .. } => ErrorKind::OtherChain,
        FaultKind::File { .. } | FaultKind::NotWritten { .. } => ErrorKind::Io,
        _ => ErrorKind::BadInput,
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Cause::Faults(faults, _) => faults.fmt(f),
            Cause::Solve(error) => error.fmt(f),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if f.alternate() { self.0.fmt(f) } else { fmt::Display::fmt(self, f) }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &*self.0 {
            Cause::Faults(_, faults) => faults.first().map(|fault| fault as _),
            Cause::Solve(error) => Some(error),
        }
    }
}

impl From<Faults> for Error {
    fn from(faults: Faults) -> Self {
        let list = faults.iter().cloned().collect();
        Self(Box::new(Cause::Faults(faults, list)))
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Faults::from(fault).into()
    }
}

impl From<FaultKind> for Error {
    fn from(kind: FaultKind) -> Self {
        Fault { place: Place::default(), kind }.into()
    }
}

impl From<Error> for Faults {
    /// Its faults; one of its own where it was found by running.
    fn from(error: Error) -> Self {
        match *error.0 {
            Cause::Faults(faults, _) => faults,
            Cause::Solve(error) => {
                let kind = FaultKind::NotSolved { why: error.to_string() };
                Fault { place: Place::default(), kind }.into()
            }
        }
    }
}

impl From<SolveError> for Error {
    fn from(error: SolveError) -> Self {
        Self(Box::new(Cause::Solve(error)))
    }
}
