//! Running the command.

use std::process::{Command, Output};

/// The command, to be given arguments and started.
pub fn command() -> Command {
    Command::new(env!("CARGO_BIN_EXE_gaschain"))
}

/// Runs the command to its end.
pub fn gaschain(arguments: &[&str]) -> Output {
    command().args(arguments).output().expect("it runs")
}

/// What it printed.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("the command prints UTF-8")
}
