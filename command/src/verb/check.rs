//! `check`: judges files without running them.

use crate::failure::{Failure, keep};
use crate::open::{Asked, Chains};
use crate::output;
use crate::sort::{Sort, sort_of};
use crate::verb::sweep::warnings;
use gaschain::Report;
use gaschain::fault::{FaultKind, Faults, Place, visible};
use gaschain::sweep::Source;
use std::collections::HashSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

const MORE: &str = "\
A file of a chain folder is judged with its folder, once for all that are named of it.

Examples:
  gaschain check my_chain late.toml axes.toml many.csv
  gaschain check --chain my_chain many.csv";

/// Judge files without running them: a line for each sound one, all faults of all others
#[derive(clap::Args)]
#[command(after_help = MORE)]
pub struct Check {
    /// Chain folders, or files of theirs; scenarios (.toml), sweeps (.toml), tables of scenarios
    /// (.csv); reports (.json)
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    /// Chain of tables and scenarios: shipped name or folder [default: what they name, else amur]
    #[arg(long, value_name = "CHAIN")]
    chain: Option<String>,
}

impl Check {
    pub fn run(&self, chains: &Chains) -> Result<(), Failure> {
        let mut faults = Faults::default();
        let mut sound = String::new();
        let mut folders: Vec<PathBuf> = Vec::new();
        for path in &self.paths {
            let sort = sort_of(path);
            let folder = match sort {
                Sort::Folder => Some(path.clone()),
                Sort::Chain | Sort::ChainTable => Some(folder_of(path)),
                _ => None,
            };
            let judged = match folder {
                Some(folder) if folders.contains(&folder) => None,
                Some(folder) => {
                    let judged = chain(&folder, chains, &mut faults)?;
                    folders.push(folder);
                    judged
                }
                None => self.file(path, sort, chains, &mut faults)?,
            };
            if let Some((path, what)) = judged {
                let _ = writeln!(sound, "{}", visible(&format!("{path}: {what}")));
            }
        }
        output::show(&sound)?;
        Ok(faults.into_result(())?)
    }

    /// What a file is, where it is sound.
    fn file(
        &self,
        path: &Path,
        sort: Sort,
        chains: &Chains,
        faults: &mut Faults,
    ) -> Result<Option<(String, String)>, Failure> {
        let name = path.display().to_string();
        let asked = Asked { chain: self.chain.as_deref(), ..Asked::default() };
        let before = faults.count();
        let what = match sort {
            Sort::Scenario => chains.scenario(&name, &asked, faults)?.map(|opened| {
                output::note(opened.case.normalised(), &mut HashSet::new());
                let changes = opened.scenario.overrides.len();
                format!("a scenario of {}, {changes} changes", opened.case.chain().name())
            }),
            Sort::Table => chains.table(path, &asked, faults)?.map(|table| {
                output::note(table.chain().case().normalised(), &mut HashSet::new());
                format!("a table of {}, {} scenarios", table.chain().name(), table.len())
            }),
            Sort::Sweep => match keep(chains.sweep(path), faults)? {
                Some((sweep, chain)) => keep(sweep.prepare(&chain), faults)?.map(|prepared| {
                    output::note(prepared.normalised().to_vec(), &mut HashSet::new());
                    output::say(&warnings(&prepared));
                    let (axes, scenarios) = (prepared.axes.len(), prepared.scenarios());
                    format!("a sweep of {}, {axes} axes, {scenarios} scenarios", chain.name())
                }),
                None => None,
            },
            Sort::Report => keep(Report::read(path), faults)?
                .map(|report| format!("a report of {}", report.scenario)),
            Sort::Folder | Sort::Chain | Sort::ChainTable | Sort::Other => {
                let got = format!("\"{name}\"");
                let allowed = "a chain folder, a .toml, a .csv or a .json file".to_owned();
                faults.push(Place::file(&name), FaultKind::NotAllowed { got, allowed });
                None
            }
        };
        let is_sound = faults.count() == before;
        Ok(what.filter(|_| is_sound).map(|what| (name, what)))
    }
}

/// What a chain folder holds, where it is sound.
fn chain(
    folder: &Path,
    chains: &Chains,
    faults: &mut Faults,
) -> Result<Option<(String, String)>, Failure> {
    let read = keep(chains.folder(folder), faults)?;
    Ok(read.map(|chain| {
        output::note(chain.case().normalised(), &mut HashSet::new());
        let (parameters, limits) = (chain.parameters().len(), chain.limits().count());
        let what = format!("the chain {}, {parameters} parameters, {limits} limits", chain.name());
        (folder.display().to_string(), what)
    }))
}

/// The folder of a chain's file.
fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}
