//! Two or more scenarios side by side, differences marked.
//!
//! ```sh
//! cargo run --release --example compare -- nameplate four_trains four_trains_bypass
//! ```

mod common;

use common::Failure;
use gaschain::report::text;
use gaschain::scenario::Reading;
use std::process::ExitCode;

fn main() -> ExitCode {
    common::end(run())
}

fn run() -> Result<(), Failure> {
    let names: Vec<String> = std::env::args().skip(1).collect();
    if names.len() < 2 {
        return Err(Failure::usage(
            "which scenarios? usage: compare <file-or-name> <file-or-name> ..",
        ));
    }
    let mut opened = Vec::new();
    for name in &names {
        opened.push(common::open(name, Reading::default(), &[])?);
    }
    let mut solved = Vec::new();
    for (scenario, chain, values) in &opened {
        solved.push((scenario.name.as_str(), chain.solve(values)?));
    }
    let columns: Vec<_> = solved.iter().map(|(name, solved)| (*name, solved)).collect();
    common::print(&text::compare(&columns))?;
    Ok(())
}
