//! The table of kinds: the names chain files know, and what reads each.
//!
//! *In:* the table of a stage in a chain file, as a [`Config`]. *Out:* a stage. *Order:* one file a
//! kind, a folder where one is not enough; a new kind is a file here and a line in [`KINDS`].

mod blend;
mod compress;
mod crack;
mod draw;
mod fuel;
mod market;
mod pipeline;
mod polymerise;
mod react;
mod separate;
mod split;
mod supply;

pub use blend::Blend;
pub use compress::Compress;
pub use crack::{Crack, CrackFeed, LARGEST_SHIFT, YieldBasis, YieldFamily, YieldSet};
pub use draw::Draw;
pub use fuel::Fuel;
pub use market::Market;
pub use pipeline::{Hydraulics, Pipeline, StationSite};
pub use polymerise::{Comonomer, Line, Polymerise};
pub use react::{Parallel, React, Reaction};
pub use separate::{Cut, Separate};
pub use split::Split;
pub use supply::Supply;

use super::AnyStage;
use super::config::Config;
use std::sync::Arc;

/// Reads a stage of one kind from a chain file; `None` where there were faults.
pub type Reader = fn(&mut Config<'_>) -> Option<Arc<dyn AnyStage>>;

/// Every kind of stage that chain files can name.
pub const KINDS: &[(&str, Reader)] = &[
    ("supply", |config| Supply::read(config).map(erased)),
    ("blend", |config| Blend::read(config).map(erased)),
    ("split", |config| Split::read(config).map(erased)),
    ("separate", |config| Separate::read(config).map(erased)),
    ("react", |config| React::read(config).map(erased)),
    ("crack", |config| Crack::read(config).map(erased)),
    ("polymerise", |config| Polymerise::read(config).map(erased)),
    ("fuel", |config| Fuel::read(config).map(erased)),
    ("pipeline", |config| Pipeline::read(config).map(erased)),
    ("compress", |config| Compress::read(config).map(erased)),
    ("market", |config| Market::read(config).map(erased)),
    ("draw", |config| Draw::read(config).map(erased)),
];

fn erased<T: AnyStage + 'static>(stage: T) -> Arc<dyn AnyStage> {
    Arc::new(stage)
}
