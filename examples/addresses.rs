//! Every parameter, limit, inlet and result of a chain by its address, with unit, value, range
//! and evidence.
//!
//! ```sh
//! cargo run --release --example addresses                 # of the shipped chain
//! cargo run --release --example addresses -- --chain my_chain gpp.helium
//! ```

mod common;

use common::Failure;
use gaschain::amur;
use gaschain::report::text;
use lexopt::prelude::*;
use std::process::ExitCode;

const USAGE: &str = "\
usage: addresses [--chain NAME-OR-FOLDER] [TEXT]

Lists the addresses that contain TEXT (all, if it is left out).
";

fn main() -> ExitCode {
    common::end(run())
}

fn run() -> Result<(), Failure> {
    let mut parser = lexopt::Parser::from_env();
    let mut name = amur::NAME.to_owned();
    let mut filter = String::new();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("help") | Short('h') => {
                common::print(USAGE)?;
                return Ok(());
            }
            Long("chain") => name = parser.value()?.string()?,
            Value(text) if filter.is_empty() => filter = text.string()?,
            other => return Err(other.unexpected().into()),
        }
    }
    let chain = amur::open_chain(&name, None)?;
    common::print(&text::addresses(&chain, &filter))?;
    Ok(())
}
