//! `compare`: two or more scenarios side by side.

use crate::failure::{Failure, keep};
use crate::open::{Asked, Chains, Opened};
use crate::output;
use crate::sort::{Sort, sort_of};
use gaschain::Report;
use gaschain::fault::Faults;
use gaschain::report::text;
use std::collections::HashSet;
use std::path::Path;

const MORE: &str = "\
Examples:
  gaschain compare nameplate four_trains four_trains_bypass
  gaschain compare last_year/result.json late.toml";

/// Print two or more scenarios or saved reports side by side, differences marked
#[derive(clap::Args)]
#[command(after_help = MORE)]
pub struct Compare {
    /// Shipped scenarios by name, scenario files (.toml), chain folders, or saved reports (.json),
    /// which are taken as they are
    #[arg(value_name = "SCENARIO", required = true, num_args = 2..)]
    scenarios: Vec<String>,
    /// Run all of them on this chain: shipped name or folder [default: what each names]
    #[arg(long, value_name = "CHAIN")]
    chain: Option<String>,
}

/// What is compared: a report that was saved, or a scenario that is to be run.
enum One {
    Report(Box<Report>),
    Scenario(Box<Opened>),
}

impl Compare {
    pub fn run(&self, chains: &Chains) -> Result<(), Failure> {
        let mut faults = Faults::default();
        let asked = Asked { chain: self.chain.as_deref(), ..Asked::default() };
        let mut opened = Vec::new();
        for name in &self.scenarios {
            let path = Path::new(name);
            if sort_of(path) == Sort::Report && self.chain.is_none() {
                opened.extend(
                    keep(Report::read(path), &mut faults)?
                        .map(|report| One::Report(Box::new(report))),
                );
            } else {
                let scenario = chains.scenario(name, &asked, &mut faults)?;
                opened.extend(scenario.map(|opened| One::Scenario(Box::new(opened))));
            }
        }
        faults.into_result(())?;
        let (mut reports, mut said) = (Vec::new(), HashSet::new());
        for one in opened {
            reports.push(match one {
                One::Report(report) => *report,
                One::Scenario(mut opened) => {
                    output::note(opened.case.normalised(), &mut said);
                    let solved = opened.case.solve()?;
                    let name = solved.scenario();
                    let warned = solved.stage_warnings().map(|warned| format!("{name}: {warned}"));
                    output::warn(warned, &mut said);
                    solved.report()
                }
            });
        }
        output::show(&text::compare(&reports))
    }
}
