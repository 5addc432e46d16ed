//! The shipped chain, built in: Power of Siberia pipeline, Amur gas processing plant, Amur gas
//! chemical complex.
//!
//! Everything about it is data, in `data/amur/`; this module only carries that folder along.

use crate::chain::{Chain, Folder};
use crate::document::csv::Table;
use crate::document::text;
use crate::error::Error;
use crate::fault::{FaultKind, Faults, Place};
use crate::fs::Access;
use crate::scenario::{Reading, Scenario};
use crate::stage::Kinds;
use crate::sweep::{Axis, DesignKind, Sweep};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

macro_rules! carried {
    ($($file:literal),* $(,)?) => {
        &[$(($file, include_bytes!(concat!("../data/amur/", $file)))),*]
    };
}

/// The name that scenario files call the shipped chain by.
pub const NAME: &str = "amur";

/// The files of the chain folder.
const FILES: &[(&str, &[u8])] = carried![
    "chain.toml",
    "gpp.toml",
    "helium.toml",
    "ethane_gate.toml",
    "gcc.toml",
    "pp.toml",
    "species.csv",
    "feeds.csv",
    "yields.csv",
    "announced.csv",
    "facts.csv",
];

/// The shipped chain's folder.
#[must_use]
pub fn folder() -> Folder {
    Folder {
        name: "amur".into(),
        files: FILES.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect(),
        ..Folder::default()
    }
}

/// The shipped chain, built once.
///
/// ```
/// let chain = gaschain::amur::chain();
/// assert_eq!(chain.name(), "amur");
/// ```
///
/// # Panics
/// Never in a released crate: a test builds the folder.
#[must_use]
pub fn chain() -> &'static Chain {
    static CHAIN: OnceLock<Chain> = OnceLock::new();
    CHAIN.get_or_init(|| match folder().chain() {
        Ok(chain) => chain,
        Err(faults) => unreachable!("the shipped chain has faults:\n{faults}"),
    })
}

/// The shipped scenarios: name and text of each file in `data/amur/scenarios/`.
const SCENARIOS: &[(&str, &[u8])] = carried![
    "scenarios/nameplate.toml",
    "scenarios/supply_38.toml",
    "scenarios/kovykta_phase_1.toml",
    "scenarios/four_trains.toml",
    "scenarios/four_trains_bypass.toml",
    "scenarios/helium_off.toml",
    "scenarios/gcc_off.toml",
    "scenarios/lean_gas.toml",
    "scenarios/rich_gas.toml",
    "scenarios/nitrogen_rejected.toml",
    "scenarios/ethane_only.toml",
    "scenarios/ethane_2_4.toml",
    "scenarios/own_fuel.toml",
    "scenarios/hydraulic.toml",
    "scenarios/lpg_first.toml",
    "scenarios/expansion_44.toml",
    "scenarios/expansion_44_bypass.toml",
];

/// Names of the shipped scenarios, in the order of the questions they answer.
pub fn scenario_names() -> impl Iterator<Item = &'static str> {
    SCENARIOS.iter().map(|(file, _)| short(file))
}

/// A shipped scenario by name.
///
/// # Errors
/// A name that is none of them, with the nearest.
///
/// ```
/// let scenario = gaschain::amur::scenario("four_trains")?;
/// assert_eq!(scenario.overrides[0].address, "gpp.trains");
/// let faults = gaschain::amur::scenario("for_trains").unwrap_err();
/// assert_eq!(
///     faults.to_string(),
///     "for_trains: unknown scenario \"for_trains\"; nearest: \"four_trains\""
/// );
/// # Ok::<(), gaschain::Error>(())
/// ```
pub fn scenario(name: &str) -> Result<Scenario, Error> {
    let mut faults = Faults::default();
    let Some((file, bytes)) = SCENARIOS.iter().find(|(file, _)| short(file) == name) else {
        let kind = FaultKind::unknown("scenario", name, scenario_names());
        faults.push(Place::address(name), kind);
        return Err(faults.into());
    };
    let text = text::decode(bytes, file, &mut faults).unwrap_or_default();
    faults.into_result(())?;
    Scenario::parse(&text, file, Reading::default())
}

/// Opens a chain: the shipped one by its name, or a folder. One beside a file, in `beside`, is one
/// that the file names, and has to lie there.
///
/// # Errors
/// A name that is neither, and all faults of the folder.
pub fn open_chain(name: &str, beside: Option<&Path>) -> Result<Chain, Error> {
    let access = beside.map(|folder| Access::beside(&folder.join("chain")));
    let (kinds, reading) = (Kinds::shipped(), Reading::default());
    open_at(name, beside, &kinds, access.as_ref(), reading, &Place::address("chain"))
}

fn open_at(
    name: &str,
    beside: Option<&Path>,
    kinds: &Kinds,
    access: Option<&Access>,
    reading: Reading,
    place: &Place,
) -> Result<Chain, Error> {
    if name == NAME {
        return Ok(chain().clone());
    }
    let mut faults = Faults::default();
    let near = beside.map(|folder| folder.join(name)).filter(|path| path.is_dir());
    let path = near.unwrap_or_else(|| PathBuf::from(name));
    // a name that is no folder anywhere is told so, wherever it points
    if let (true, Some(access)) = (path.is_dir(), access)
        && let Err(kind) = access.judge(&path, name)
    {
        faults.push(place.clone(), kind);
        return Err(faults.into());
    }
    if path.is_dir() {
        let access = access.cloned().unwrap_or_default();
        return Folder::open_with(&path, &access)?.chain_read_with(kinds, reading);
    }
    let got = format!("\"{name}\", which is no chain");
    let allowed = format!("\"{NAME}\", or the path of a chain folder");
    faults.push(place.clone(), FaultKind::NotAllowed { got, allowed });
    Err(faults.into())
}

impl Scenario {
    /// Opens the chain that the scenario names: the shipped one, or a folder (relative to
    /// `beside`).
    ///
    /// # Errors
    /// A name that is neither, and all faults of the folder.
    pub fn open_chain(&self, beside: Option<&Path>) -> Result<Chain, Error> {
        self.open_chain_with(beside, &Kinds::shipped(), &Access::default())
    }

    /// Opens the chain that the scenario names, as [`Scenario::open_chain`], a folder with these
    /// kinds of stages that lies in `beside` or in folders that were opened.
    ///
    /// # Errors
    /// As [`Scenario::open_chain`], and a folder that may not be read.
    pub fn open_chain_with(
        &self,
        beside: Option<&Path>,
        kinds: &Kinds,
        access: &Access,
    ) -> Result<Chain, Error> {
        let access = beside.map(|folder| access.clone().and_beside(&folder.join("scenario")));
        open_at(&self.chain, beside, kinds, access.as_ref(), self.reading(), &self.chain_place)
    }
}

impl Sweep {
    /// Opens the chain that the sweep names, as [`Scenario::open_chain_with`].
    ///
    /// # Errors
    /// As [`Scenario::open_chain_with`].
    pub fn open_chain_with(
        &self,
        beside: Option<&Path>,
        kinds: &Kinds,
        access: &Access,
    ) -> Result<Chain, Error> {
        self.base.open_chain_with(beside, kinds, access)
    }
}

/// What could vary in the shipped chain, and between what: the text of `sweeps/axes.csv`.
const AXES: &str = include_str!("../data/amur/sweeps/axes.csv");

/// What [`throughput`] asks of each scenario.
const MEASURED: [&str; 9] = [
    "heihe.sales_gas.volume",
    "gpp.helium.volume",
    "gpp.c5_c6.mass",
    "rail.lpg.mass",
    "gcc.polyethylene.mass",
    "gcc.polypropylene.mass",
    "gpp.feed.utilisation",
    "kovykta.accepted",
    "kovykta.stopped_by",
];

/// The sweep that throughput is measured with: nine results at points of a scrambled Sobol'
/// sequence in the first `axes` of `data/amur/sweeps/axes.csv` (all of them, where there are no
/// more), every value between their ends alike.
///
/// ```
/// use gaschain::amur;
///
/// let prepared = amur::throughput(3, 1_024).prepare(amur::chain())?;
/// assert_eq!((prepared.axes.len(), prepared.design.len()), (3, 1_024));
/// let all = amur::throughput(usize::MAX, 1_024).prepare(amur::chain())?;
/// assert_eq!(all.axes.len(), 47);
/// # Ok::<(), gaschain::fault::Faults>(())
/// ```
#[must_use]
pub fn throughput(axes: usize, samples: u64) -> Sweep {
    let mut faults = Faults::default();
    let table = Table::parse(AXES, "data/amur/sweeps/axes.csv", &mut faults);
    let kind = DesignKind::Sobol { samples, seed: 1, scrambled: true };
    let mut sweep = Sweep::new("throughput", NAME, kind);
    for row in 0..axes.min(table.len()) {
        let [parameter, low, high] = [0, 1, 2].map(|column| table.text(row, column));
        sweep = sweep.axis(Axis::between(parameter, low, high));
    }
    MEASURED.iter().fold(sweep, |sweep, output| sweep.output(output))
}

fn short(file: &'static str) -> &'static str {
    file.trim_start_matches("scenarios/").trim_end_matches(".toml")
}
