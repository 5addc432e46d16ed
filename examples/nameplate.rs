//! The main job: the shipped chain run at its announced nameplate.
//!
//! ```sh
//! cargo run --release --example nameplate
//! ```

mod common;

use common::Failure;
use gaschain::amur;
use gaschain::report::{Run, text};
use std::process::ExitCode;

fn main() -> ExitCode {
    common::end(run())
}

fn run() -> Result<(), Failure> {
    let chain = amur::chain();
    let scenario = amur::scenario("nameplate")?;
    let solved = chain.solve(&scenario.values(chain)?)?;
    let run = Run::of(&scenario, chain);
    common::print(&text::scenario(&solved, &run, scenario.question.as_deref()))?;
    Ok(())
}
