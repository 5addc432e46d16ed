//! The verbs of the command, a file each: its arguments with their help, and what it does.

mod check;
mod compare;
mod list;
mod map;
mod merge;
mod run;
mod sweep;

use crate::failure::Failure;
use crate::open::Chains;
use clap::Subcommand;

/// What the command is asked to do.
#[derive(Subcommand)]
pub enum Verb {
    Run(run::Run),
    Compare(compare::Compare),
    Sweep(sweep::Sweep),
    Merge(merge::Merge),
    Map(map::Map),
    List(list::List),
    Check(check::Check),
}

impl Verb {
    /// Does it, with chains that can be opened.
    pub fn run(&self, chains: &Chains) -> Result<(), Failure> {
        match self {
            Self::Run(run) => run.run(chains),
            Self::Compare(compare) => compare.run(chains),
            Self::Sweep(sweep) => sweep.run(chains),
            Self::Merge(merge) => merge.run(),
            Self::Map(map) => map.run(chains),
            Self::List(list) => list.run(chains),
            Self::Check(check) => check.run(chains),
        }
    }
}
