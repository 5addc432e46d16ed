//! The command `gaschain`: runs, sweeps, maps, lists, compares and checks chains from a terminal.
//!
//! *In:* the arguments of a process. *Out:* text for people, or JSON and CSV for programs, on
//! standard output; faults and progress on standard error; and an exit code: 0 for what was asked
//! and done, 1 for good input that could not be solved, 2 for bad input, 130 for a run that was
//! interrupted. *Order:* the `arguments` are read (`words` are what stands in one of them), the
//! `verb` opens what it needs (`open`, after `sort` where it has to know what a file is) and prints
//! (`output`); what goes wrong on the way is a `failure`, `tolerance` says how
//! much of it is none, and `interrupt` hears of Ctrl-C.

mod arguments;
mod failure;
mod interrupt;
mod open;
mod output;
mod sort;
mod tolerance;
mod verb;
mod words;

use gaschain::stage::Kinds;
use std::process::ExitCode;

/// Runs the command with the arguments of this process.
///
/// A program of its own needs one line:
///
/// ```no_run
/// fn main() -> std::process::ExitCode {
///     gaschain_cli::main()
/// }
/// ```
#[must_use]
pub fn main() -> ExitCode {
    main_with(Kinds::shipped())
}

/// Runs the command with the arguments of this process, with stages of one's own: chain folders
/// may name every kind there is among these.
///
/// ```no_run
/// use gaschain::stage::{Config, Kinds, Split};
///
/// /// `kind = "tee"`: a split with one share.
/// fn tee(_: &mut Config<'_>) -> Option<Split> {
///     Some(Split::new(["side"], "rest"))
/// }
///
/// fn main() -> std::process::ExitCode {
///     gaschain_cli::main_with(Kinds::shipped().with("tee", tee))
/// }
/// ```
#[must_use]
pub fn main_with(kinds: Kinds) -> ExitCode {
    failure::end(arguments::read().and_then(|verb| match verb {
        Some((verb, access, reading)) => verb.run(&open::Chains { kinds, access, reading }),
        None => Ok(()),
    }))
}
