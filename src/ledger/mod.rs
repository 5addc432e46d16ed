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
//! let solved = chain.solve(&chain.values())?;
//!
//! let carbon = Carbon::of(&solved);
//! let whole = &carbon.chains[0];
//! assert!(whole.residual < 1e-9);
//! println!("{:.2} Mt of carbon dioxide a year", whole.carbon_dioxide / 1e6);
//!
//! let energy = Energy::of(&solved);
//! let line = energy.stages.iter().find(|stage| stage.stage == "trunk_line").unwrap();
//! assert!(line.residual.unwrap() < 1e-9); // heating value in = out + burned
//! # Ok::<(), gaschain::chain::SolveError>(())
//! ```

mod carbon;
mod energy;

pub use carbon::{Carbon, CarbonEnd, CarbonSource, ChainCarbon};
pub use energy::{Energy, StageEnergy};

use crate::chain::Chain;
use crate::solved::Solved;

/// Imports of the stages inside a level that come from outside it: their addresses and slots.
fn imports_of(solved: &Solved<'_>, level: usize) -> Vec<(String, usize)> {
    let tree = &solved.chain().tree;
    let level = &tree.levels[level];
    let own = level.slot_range.0..level.slot_range.1;
    let choices = &solved.values().choices;
    let inside = &tree.stages[level.stage_range.0..level.stage_range.1];
    let imports = inside.iter().flat_map(|placed| {
        placed.import_names.iter().enumerate().map(move |(import, name)| (placed, import, name))
    });
    imports
        .filter(|(placed, import, _)| {
            placed.offer(*import, choices).is_none_or(|slot| !own.contains(&slot))
        })
        .map(|(placed, import, name)| {
            (format!("{}.{name}", placed.address), placed.import_slot(import))
        })
        .collect()
}

/// By what streams leave a level: port, slot, and the port outside that it goes to (`None` where
/// it leaves the outermost chain).
fn exits_of(chain: &Chain, level: usize) -> Vec<(String, usize, Option<String>)> {
    let tree = &chain.tree;
    if level == 0 {
        let leaving = tree.links.iter().filter(|link| link.to.is_none());
        return leaving.filter_map(|link| Some((link.from.clone()?, link.slot, None))).collect();
    }
    let level = &tree.levels[level];
    level
        .outlets
        .iter()
        .map(|(name, slot)| {
            let port = format!("{}.{name}", level.path);
            let link = tree.links.iter().find(|link| link.from.as_deref() == Some(&port));
            (port, *slot, link.and_then(|link| link.to.clone()))
        })
        .collect()
}
