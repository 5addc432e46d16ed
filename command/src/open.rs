//! Opening chains, scenarios and sweeps by the names and paths people give: the one place that
//! knows where a chain comes from.

use crate::failure::{Failure, keep};
use crate::sort::{Sort, sort_of};
use gaschain::chain::Folder;
use gaschain::fault::{Faults, Place};
use gaschain::scenario::{self, Override, Reading, Scenario};
use gaschain::stage::Kinds;
use gaschain::sweep::Sweep;
use gaschain::{Case, Chain, Report, amur};
use std::path::Path;

/// The chains the command can open: the shipped one, and folders with these kinds of stages.
#[derive(Debug)]
pub struct Chains {
    pub kinds: Kinds,
}

/// A scenario, and the case it makes of the chain it runs on.
#[derive(Debug)]
pub struct Opened {
    pub scenario: Scenario,
    pub case: Case,
    /// Of a saved report: the hash of what it was made of.
    pub made_of: Option<String>,
}

/// How a scenario is to be read.
#[derive(Debug, Default)]
pub struct Asked<'a> {
    /// The chain to run it on, in place of the one it names.
    pub chain: Option<&'a str>,
    pub reading: Reading,
    /// Changed after all that it changes itself.
    pub changes: &'a [Override],
}

impl Chains {
    /// A chain by its name or folder; the shipped one where none is named.
    pub fn named(&self, name: Option<&str>) -> Result<Chain, Failure> {
        self.beside(name.unwrap_or(amur::NAME), None)
    }

    /// A chain by its name or folder, relative to the folder of the file that names it.
    fn beside(&self, name: &str, folder: Option<&Path>) -> Result<Chain, Failure> {
        Ok(amur::open_chain_with(name, folder, &self.kinds)?)
    }

    /// The chain that lies in a folder.
    pub fn folder(&self, path: &Path) -> Result<Chain, Failure> {
        Ok(Folder::open(path)?.chain_with(&self.kinds)?)
    }

    /// A scenario by its shipped name or file, or a chain folder as it is. All faults of the file,
    /// the chain, the addresses and the changes are added to others; nothing where no chain could
    /// be opened.
    pub fn scenario(
        &self,
        name: &str,
        asked: &Asked<'_>,
        faults: &mut Faults,
    ) -> Result<Option<Opened>, Failure> {
        let path = Path::new(name);
        let is_shipped = amur::scenario_names().any(|shipped| shipped == name);
        if path.is_dir() && !is_shipped {
            let chain = keep(self.folder(path), faults)?;
            return Ok(chain.map(|chain| {
                let scenario = Scenario::new(chain.name(), name);
                judged(scenario, &chain, asked, faults)
            }));
        }
        let is_file = path.is_file() || path.extension().is_some() || name.contains('/');
        let mut made_of = None;
        let scenario = if is_file && sort_of(path) == Sort::Report {
            let report = keep(Report::read(path), faults)?;
            report.map(|report| {
                made_of = Some(report.made_by.inputs.clone());
                again(&report, name)
            })
        } else if is_file {
            Some(Scenario::gather(path, asked.reading, faults))
        } else {
            keep(amur::scenario(name), faults)?
        };
        let Some(scenario) = scenario else { return Ok(None) };
        let chain = match asked.chain {
            Some(chain) => self.named(Some(chain)),
            // a file that names none, and was told so
            None if scenario.chain.is_empty() && !faults.is_empty() => return Ok(None),
            None => {
                let beside = path.parent().filter(|_| is_file);
                scenario.open_chain_with(beside, &self.kinds).map_err(Failure::from)
            }
        };
        Ok(keep(chain, faults)?
            .map(|chain| Opened { made_of, ..judged(scenario, &chain, asked, faults) }))
    }

    /// A table of scenarios, each with these changes, and the chain they run on.
    pub fn table(
        &self,
        path: &Path,
        asked: &Asked<'_>,
        faults: &mut Faults,
    ) -> Result<Option<(Vec<Scenario>, Chain)>, Failure> {
        let name = asked.chain.unwrap_or(amur::NAME);
        let Some(chain) = keep(self.named(asked.chain), faults)? else { return Ok(None) };
        let read = scenario::read_table(path, &chain, name, asked.reading);
        // what is changed is the same in every row: judged once, without a row
        let mut of_all = Scenario::new("", name);
        of_all.overrides = asked.changes.to_vec();
        if let Err(wrong) = chain.case().apply(&of_all) {
            faults.append(wrong);
        }
        let Some(mut scenarios) = keep(read, faults)? else { return Ok(None) };
        for scenario in &mut scenarios {
            scenario.overrides.extend(asked.changes.iter().cloned());
        }
        Ok(Some((scenarios, chain)))
    }

    /// A sweep file and the chain it runs on.
    pub fn sweep(&self, path: &Path) -> Result<(Sweep, Chain), Failure> {
        let sweep = Sweep::read(path)?;
        let chain = self.beside(sweep.chain(), path.parent())?;
        Ok((sweep, chain))
    }
}

/// The scenario of a report, its values where they stand.
fn again(report: &Report, name: &str) -> Scenario {
    let mut scenario = report.made_by.scenario(&report.scenario);
    for change in &mut scenario.overrides {
        let address = format!("made_by.overrides.{}", change.address);
        change.place = Place::file(name).at_address(&address);
    }
    scenario
}

fn judged(mut scenario: Scenario, chain: &Chain, asked: &Asked<'_>, faults: &mut Faults) -> Opened {
    scenario.overrides.extend(asked.changes.iter().cloned());
    let mut case = chain.case();
    if let Err(wrong) = case.apply(&scenario) {
        faults.append(wrong);
    }
    Opened { scenario, case, made_of: None }
}
