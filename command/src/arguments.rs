//! The arguments of the command: which verb, with what. Values are read as texts and judged by the
//! verbs, so that all that is wrong with them is told together.

use crate::failure::{Failure, keep};
use crate::output;
use crate::verb::Verb;
use clap::error::{ContextKind, ContextValue};
use clap::{CommandFactory, Parser};
use gaschain::fault::{FaultKind, Faults, Place};
use gaschain::scenario::{Access, Reading};
use std::path::PathBuf;

/// Columns that help is set in.
const WIDTH: usize = 100;

#[derive(Parser)]
#[command(
    name = "gaschain",
    version,
    about = "What comes out of a gas-to-polymer chain, where the mass goes, which limit stops it.",
    after_help = "Example:\n  gaschain run nameplate\n\n\
                  Exit codes: 0 solved, 1 could not be solved, 2 bad input, 130 interrupted.",
    override_usage = "gaschain <COMMAND>",
    term_width = WIDTH,
    arg_required_else_help = true,
    disable_help_subcommand = true
)]
struct Command {
    #[command(subcommand)]
    verb: Verb,
    /// Also read files in this folder that other files name; may be given several times
    #[arg(long, value_name = "DIR", global = true)]
    allow: Vec<PathBuf>,
    /// Divide the shares of compositions, of the chain's feeds too, by a sum that is at most 1 %
    /// off; the sum is said
    #[arg(long, global = true)]
    normalise: bool,
}

/// Reads the arguments of this process: what is asked for, which folders it opens, and how strictly
/// values are read; `None` where they asked for help, which is then printed.
pub fn read() -> Result<Option<(Verb, Access, Reading)>, Failure> {
    match Command::try_parse() {
        Ok(command) => {
            let mut access = Access::default();
            let mut faults = Faults::default();
            for folder in &command.allow {
                keep(access.allow(folder).map(drop), &mut faults)?;
            }
            faults.into_result(())?;
            let reading = Reading { normalise: command.normalise };
            Ok(Some((command.verb, access, reading)))
        }
        Err(error) if error.use_stderr() => Err(refused(&error)),
        Err(help) => output::print(&help.render().to_string()).map(|()| None),
    }
}

/// A verb that does not exist is answered as any other name; all else in the words of the reader.
fn refused(error: &clap::Error) -> Failure {
    let Some(ContextValue::String(got)) = error.get(ContextKind::InvalidSubcommand) else {
        return Failure::Usage(error.render().to_string());
    };
    let command = Command::command();
    let verbs = command.get_subcommands().map(clap::Command::get_name);
    let mut faults = Faults::default();
    faults.push(Place::file("command line"), FaultKind::unknown("verb", got, verbs));
    Failure::Input(faults)
}
