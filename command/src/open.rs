//! Opening chains, scenarios and sweeps by the names and paths people give: the one place that
//! knows where a chain comes from.

use crate::failure::{Failure, keep};
use crate::sort::{Sort, sort_of};
use gaschain::chain::Folder;
use gaschain::fault::{FaultKind, Faults, Place};
use gaschain::param::{BY_FACTORS, Value};
use gaschain::scenario::{Access, Override, Reading, Scenario, Table};
use gaschain::stage::Kinds;
use gaschain::sweep::Sweep;
use gaschain::{Case, Chain, Report, amur};
use std::collections::HashMap;
use std::fs::File;
use std::path::Path;

/// What stands for standard input in place of a path.
pub const STANDARD_INPUT: &str = "-";

/// The chains the command can open: the shipped one, and folders with these kinds of stages.
#[derive(Debug)]
pub struct Chains {
    pub kinds: Kinds,
    /// Folders that were opened, for files that other files name.
    pub access: Access,
    /// How strictly values are read.
    pub reading: Reading,
}

/// A scenario, and the case it makes of the chain it runs on.
#[derive(Debug)]
pub struct Opened {
    pub scenario: Scenario,
    pub case: Case,
    /// Of a saved report: the hash of what it was made of.
    pub made_of: Option<String>,
}

/// How a scenario is to be run.
#[derive(Debug, Default)]
pub struct Asked<'a> {
    /// The chain to run it on, in place of the one it names.
    pub chain: Option<&'a str>,
    /// Changed after all that it changes itself.
    pub changes: &'a [Override],
    /// What varies on top of that.
    pub varied: &'a [&'a str],
}

impl Chains {
    /// A chain by its name or folder; the shipped one where none is named.
    pub fn named(&self, name: Option<&str>) -> Result<Chain, Failure> {
        let scenario = Scenario::new("", name.unwrap_or(amur::NAME)).read_as(self.reading);
        Ok(scenario.open_chain_with(None, &self.kinds, &self.access)?)
    }

    /// The chain that lies in a folder.
    pub fn folder(&self, path: &Path) -> Result<Chain, Failure> {
        Ok(Folder::open_with(path, &self.access)?.chain_read_with(&self.kinds, self.reading)?)
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
                let scenario = Scenario::new(chain.name(), name).read_as(self.reading);
                judged(scenario, &chain, asked, faults)
            }));
        }
        let is_file = path.is_file() || path.extension().is_some() || name.contains('/');
        let mut made_of = None;
        let scenario = if is_file && sort_of(path) == Sort::Report {
            let report = keep(Report::read(path), faults)?;
            report.map(|report| {
                made_of = Some(report.made_by.inputs.clone());
                again(&report, name).read_as(self.reading)
            })
        } else if is_file {
            Some(Scenario::gather(path, self.reading, faults))
        } else {
            keep(amur::scenario(name), faults)?.map(|scenario| scenario.read_as(self.reading))
        };
        let Some(scenario) = scenario else { return Ok(None) };
        let chain = match asked.chain {
            Some(chain) => self.named(Some(chain)),
            // a file that names none, and was told so
            None if scenario.chain.is_empty() && !faults.is_empty() => return Ok(None),
            None => {
                let beside = path.parent().filter(|_| is_file);
                scenario.open_chain_with(beside, &self.kinds, &self.access).map_err(Failure::from)
            }
        };
        Ok(keep(chain, faults)?
            .map(|chain| Opened { made_of, ..judged(scenario, &chain, asked, faults) }))
    }

    /// A table of scenarios, `-` for standard input, judged with these changes.
    pub fn table(
        &self,
        path: &Path,
        asked: &Asked<'_>,
        faults: &mut Faults,
    ) -> Result<Option<Table>, Failure> {
        let name = asked.chain.unwrap_or(amur::NAME);
        let Some(chain) = keep(self.named(asked.chain), faults)? else { return Ok(None) };
        let read = if path == Path::new(STANDARD_INPUT) {
            Table::of_file(spooled()?, "standard input", &chain, name, self.reading, asked.changes)
        } else {
            Table::open(path, &chain, name, self.reading, asked.changes)
        };
        whole_and_by_factor(&chain, asked.changes, faults);
        keep(read, faults)
    }

    /// A sweep file and the chain it runs on.
    pub fn sweep(&self, path: &Path) -> Result<(Sweep, Chain), Failure> {
        let sweep = Sweep::read_with(path, &self.access)?.read_as(self.reading);
        let chain = sweep.open_chain_with(path.parent(), &self.kinds, &self.access)?;
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
    let fits = if asked.varied.is_empty() {
        case.apply(&scenario).map(drop)
    } else {
        scenario.check_beside(chain, asked.varied)
    };
    if let Err(wrong) = fits {
        faults.append(wrong);
    }
    whole_and_by_factor(chain, asked.changes, faults);
    Opened { scenario, case, made_of: None }
}

/// A limit that is set as a whole does not ask what its factors are set to: who sets both means
/// something else.
fn whole_and_by_factor(chain: &Chain, changes: &[Override], faults: &mut Faults) {
    let set: HashMap<&str, &Override> =
        changes.iter().map(|change| (change.address.as_str(), change)).collect();
    if set.len() < 2 {
        return;
    }
    let by_factors = Value::from(BY_FACTORS);
    for limit in chain.limits() {
        let whole = set.get(limit.address).filter(|change| change.value != by_factors);
        let Some(whole) = whole else { continue };
        for factor in limit.factors.into_iter().filter(|factor| *factor != limit.address) {
            if let Some(change) = set.get(factor) {
                let got = format!("{factor} beside {}, which is set as a whole", whole.address);
                let allowed = "the limit as a whole, or its factors".to_owned();
                faults.push(change.place.clone(), FaultKind::NotAllowed { got, allowed });
            }
        }
    }
}

/// Standard input as a file that can be read twice; it is gone when nobody reads it any more.
fn spooled() -> Result<File, Failure> {
    let spool = || {
        let mut file = tempfile::tempfile()?;
        std::io::copy(&mut std::io::stdin().lock(), &mut file)?;
        Ok(file)
    };
    spool().map_err(|error: std::io::Error| {
        Failure::Unsolved(format!("standard input cannot be kept in a temporary file: {error}"))
    })
}
