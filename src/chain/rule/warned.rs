//! What stages warn of: asked for once a run has ended, so that searches, derivatives and sweeps pay
//! nothing for it.

use super::plan::Prepared;
use super::workspace::{Run, Space};
use crate::chain::model::Chain;
use crate::chain::tree::StageId;
use crate::ids::List;
use crate::param::Values;
use crate::stage::{StageWarning, StatedLoad, Streams};

/// What the stages of a chain warn of where a run has left these streams and stated loads: each
/// stage runs once more on what comes to it. In the order of the stages.
pub(crate) fn warnings(
    chain: &Chain,
    values: &Values,
    streams: &Streams<f64>,
    stated: &List<StatedLoad, Option<f64>>,
) -> Vec<(StageId, StageWarning)> {
    let tree = &chain.tree;
    let mut prepared = Prepared::default();
    prepared.update(tree, values);
    let mut space = Space::new(tree);
    space.load_values(values, prepared.responses);
    tree.compose(&mut space.numbers, values, |_| {});
    let run = Run::new(chain, &prepared, values);
    run.make_gases(&mut space);
    space.streams = streams.clone();
    for (load, &was) in space.stated.iter_mut().zip(stated) {
        *load = was.unwrap_or_default();
    }
    let mut all = Vec::new();
    let mut warned = Vec::new();
    for stage in tree.stages.ids().iter() {
        // one that fails now has failed before, and there is no result to warn of
        if run.stage_heard(stage, &mut space, Some(&mut warned)).is_ok() {
            all.extend(warned.iter().map(|&warning| (stage, warning)));
        }
        warned.clear();
    }
    all
}
