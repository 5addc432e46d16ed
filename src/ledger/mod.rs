//! Ledgers over a result: where the carbon ends, and what becomes of the heat.
//!
//! *In:* a [`Solved`] chain. *Out:* sums by stage, chain and way out, closed
//! as balances are. *Order:* `carbon` and `energy` stand side by side.
//!
//! Both are read off the streams at ports, as balances are, and close as balances do. Every
//! ledger is kept for each chain: the outermost one and those inside it.
//!
//! ```
//! use gaschain::ledger::{Carbon, Energy};
//! let chain = gaschain::amur::chain();
//! let solved = chain.case().solve()?;
//!
//! let carbon = Carbon::of(&solved);
//! let whole = &carbon.chains[0];
//! assert!(whole.residual < 1e-9);
//! println!("{:.2} Mt of carbon dioxide a year", whole.carbon_dioxide / 1e6);
//!
//! let energy = Energy::of(&solved);
//! let line = energy.stages.iter().find(|stage| stage.stage == "trunk_line").unwrap();
//! assert!(line.residual.unwrap() < 1e-9); // heating value in = out + burned
//! # Ok::<(), gaschain::Error>(())
//! ```

mod carbon;
mod energy;

pub use carbon::{Carbon, CarbonEnd, CarbonSource, ChainCarbon};
pub use energy::{Energy, StageEnergy};

use crate::chain::{Chain, LevelId, OUTERMOST};
use crate::solved::Solved;
use crate::stage::StreamId;

/// Imports of the stages inside a level that come from outside it: their addresses and streams.
fn imports_of(solved: &Solved, level: LevelId) -> Vec<(String, StreamId)> {
    let tree = &solved.chain().tree;
    let level = &tree.levels[level];
    let choices = &solved.values().choices;
    let inside = &tree.stages[level.stages];
    let imports = inside.iter().flat_map(|placed| {
        placed.import_names.iter().enumerate().map(move |(import, name)| (placed, import, name))
    });
    imports
        .filter(|(placed, import, _)| {
            let offer = placed.offer(*import, choices);
            offer.is_none_or(|stream| !level.streams.contains(stream))
        })
        .map(|(placed, import, name)| {
            (format!("{}.{name}", placed.address), placed.imports.at(import))
        })
        .collect()
}

/// By what streams leave a level: port, stream, and the port outside that it goes to (`None` where
/// it leaves the outermost chain).
fn exits_of(chain: &Chain, level: LevelId) -> Vec<(String, StreamId, Option<String>)> {
    let tree = &chain.tree;
    if level == OUTERMOST {
        let leaving = tree.links.iter().filter(|link| link.to.is_none());
        return leaving.filter_map(|link| Some((link.from.clone()?, link.stream, None))).collect();
    }
    let level = &tree.levels[level];
    level
        .outlets
        .iter()
        .map(|(name, stream)| {
            let port = format!("{}.{name}", level.path);
            let link = tree.links.iter().find(|link| link.from.as_deref() == Some(&port));
            (port, *stream, link.and_then(|link| link.to.clone()))
        })
        .collect()
}
