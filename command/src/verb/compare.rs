//! `compare`: two or more scenarios side by side.

use crate::failure::Failure;
use crate::open::{Asked, Chains};
use crate::output;
use gaschain::fault::Faults;
use gaschain::report::text;
use std::collections::HashSet;

const MORE: &str = "\
Example:
  gaschain compare nameplate four_trains four_trains_bypass";

/// Solve two or more scenarios and print them side by side, differences marked
#[derive(clap::Args)]
#[command(after_help = MORE)]
pub struct Compare {
    /// Shipped scenarios by name, scenario files (.toml), or chain folders
    #[arg(value_name = "SCENARIO", required = true, num_args = 2..)]
    scenarios: Vec<String>,
    /// Run all of them on this chain: shipped name or folder [default: what each names]
    #[arg(long, value_name = "CHAIN")]
    chain: Option<String>,
}

impl Compare {
    pub fn run(&self, chains: &Chains) -> Result<(), Failure> {
        let mut faults = Faults::default();
        let asked = Asked { chain: self.chain.as_deref(), ..Asked::default() };
        let mut opened = Vec::new();
        for name in &self.scenarios {
            opened.extend(chains.scenario(name, &asked, &mut faults)?);
        }
        faults.into_result(())?;
        let (mut reports, mut said) = (Vec::new(), HashSet::new());
        for one in &mut opened {
            output::note(one.case.normalised(), &mut said);
            reports.push(one.case.solve()?.report());
        }
        output::show(&text::compare(&reports))
    }
}
