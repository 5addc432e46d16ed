//! Opening chains, scenarios and sweeps by the names and paths people give: the one place that
//! knows where a chain comes from.

use crate::failure::{Failure, keep};
use gaschain::chain::Folder;
use gaschain::fault::Faults;
use gaschain::scenario::{self, Override, Reading, Scenario};
use gaschain::stage::Kinds;
use gaschain::sweep::Sweep;
use gaschain::{Case, Chain, amur};
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
        self.beside(name.unwrap_or(amur::NAME), None, Reading::default())
    }

    /// A chain by its name or folder, relative to the folder of the file that names it.
    fn beside(
        &self,
        name: &str,
        folder: Option<&Path>,
        reading: Reading,
    ) -> Result<Chain, Failure> {
        Ok(amur::open_chain_with(name, folder, &self.kinds, reading)?)
    }

    /// The chain that lies in a folder.
    pub fn folder(&self, path: &Path, reading: Reading) -> Result<Chain, Failure> {
        Ok(Folder::open(path)?.chain_read_with(&self.kinds, reading)?)
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
            let chain = keep(self.folder(path, asked.reading), faults)?;
            return Ok(chain.map(|chain| {
                let scenario = Scenario::new(chain.name(), name);
                judged(scenario, &chain, asked, faults)
            }));
        }
        let is_file = path.is_file() || path.extension().is_some() || name.contains('/');
        let scenario = if is_file {
            Some(Scenario::gather(path, asked.reading, faults))
        } else {
            keep(amur::scenario(name), faults)?
        };
        let Some(scenario) = scenario else { return Ok(None) };
        let chain = match asked.chain {
            Some(chain) => self.beside(chain, None, asked.reading),
            // a file that names none, and was told so
            None if scenario.chain.is_empty() && !faults.is_empty() => return Ok(None),
            None => {
                let beside = path.parent().filter(|_| is_file);
                scenario.open_chain_with(beside, &self.kinds).map_err(Failure::from)
            }
        };
        Ok(keep(chain, faults)?.map(|chain| judged(scenario, &chain, asked, faults)))
    }

    /// A table of scenarios, each with these changes, and the chain they run on.
    pub fn table(
        &self,
        path: &Path,
        asked: &Asked<'_>,
        faults: &mut Faults,
    ) -> Result<Option<(Vec<Scenario>, Chain)>, Failure> {
        let name = asked.chain.unwrap_or(amur::NAME);
        let Some(chain) = keep(self.beside(name, None, asked.reading), faults)? else {
            return Ok(None);
        };
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
        let chain = self.beside(sweep.chain(), path.parent(), Reading::default())?;
        Ok((sweep, chain))
    }
}

fn judged(mut scenario: Scenario, chain: &Chain, asked: &Asked<'_>, faults: &mut Faults) -> Opened {
    scenario.overrides.extend(asked.changes.iter().cloned());
    let mut case = chain.case();
    if let Err(wrong) = case.apply(&scenario) {
        faults.append(wrong);
    }
    Opened { scenario, case }
}
