//! The table of kinds: the names chain files know, and what reads each.

use super::config::Config;
use super::{AnyStage, Blend, Compress, Crack, Draw, Fuel, Market, Pipeline, Polymerise, React};
use super::{Separate, Split, Supply};
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
