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
    let mut cases = Vec::new();
    for name in &names {
        cases.push(common::open(name, Reading::default(), &[])?);
    }
    let mut reports = Vec::new();
    for case in &mut cases {
        reports.push(case.solve()?.report());
    }
    common::print(&text::compare(&reports))
}
