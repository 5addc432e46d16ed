//! Recording a run of a chain: the operating rule, recycles and stages on numbers that stand for
//! many scenarios at once.
//!
//! *In:* a chain, values, the places at which they vary. *Out:* all streams and stops as nodes of
//! the tape. *Order:* a pass as any other; in it `stage`, `opening` and `recycle` do what a run of
//! plain numbers does by looking at values; `tangent` spares stages that are dear.
//!
//! Stages, acceptance and filling are those of any other scalar. What a search along an inlet
//! ([`trace_opening`]) or a recycle ([`self::recycle`]) does by looking at values is recorded
//! as a loop over plain values, followed by one step whose derivative is right. What the loop
//! cannot be sure of it marks as lost: such scenarios are worked out one by one.

mod gas;
mod opening;
mod recycle;
mod stage;
mod tangent;

use self::{opening as trace_opening, stage as trace_stage};
use super::gases::HeldGas;
use super::plan::{Block, Finding, Prepared};
use super::workspace::{Extent, Operates, Run, Space, Take};
use crate::chain::error::SolveError;
use crate::chain::model::Chain;
use crate::chain::promise::Openings;
use crate::chain::tree::{Inlet, LevelId, LoopId, OUTERMOST, StageId};
use crate::gas::GergSpecies;
use crate::ids::List;
use crate::param::{Number, NumberAt, Values};
use crate::scalar::{Dual, Scalar};
use crate::stage::{StatedLoad, Streams};
use crate::tape::Traced;
use std::sync::Arc;

/// A run that was recorded.
#[derive(Debug)]
pub(crate) struct Recorded {
    pub streams: Streams<Traced>,
    pub stated: List<StatedLoad, Traced>,
    /// By stated load: whether its stage states it.
    pub states: List<StatedLoad, bool>,
    /// All parameter numbers.
    pub numbers: List<Number, Traced>,
    pub fraction: List<Inlet, Traced>,
    /// As [`Stop::number`](crate::chain::tree::Stop::number) counts it.
    pub stop: List<Inlet, Traced>,
    /// What is promised of its openings, by its place among [`Openings::ALL`].
    pub openings: Traced,
}

/// Records a run of a chain in which the numbers at some places of the values vary: place and
/// input.
///
/// # Errors
/// What fails in every scenario.
pub(crate) fn record_run(
    chain: &Chain,
    values: &Values,
    varying: &[(NumberAt, usize)],
) -> Result<Recorded, SolveError> {
    let tree = &chain.tree;
    let mut prepared = Prepared::default();
    prepared.update(tree, values);
    prepared.check_handles(tree)?;
    let mut space: Space<Traced> = Space::new(tree);
    space.load_values(values, prepared.responses);
    for &(place, input) in varying {
        space.numbers[place] = Traced::input(input);
    }
    tree.compose(&mut space.numbers, values, Traced::guard);
    space.load_capacities(tree, values);
    let run = Run::new(chain, &prepared, values);
    run.make_gases(&mut space);
    run.offer(&mut space);
    run.level(OUTERMOST, Extent::All, &mut space, &mut [])?;
    let openings = run.recorded_promise(&space);
    let mut objections = tree.stages.iter().zip(space.objections);
    if let Some((placed, source)) = objections.find_map(|(placed, own)| Some((placed, own?))) {
        return Err(SolveError::Stage { stage: placed.address.clone(), source });
    }
    Ok(Recorded {
        openings,
        streams: space.streams,
        stated: space.stated,
        states: prepared.states,
        numbers: space.numbers,
        fraction: space.fraction,
        stop: space.stop,
    })
}

impl Run<'_> {
    /// What is promised of openings that are recorded: exact where all is open or loads are straight
    /// between events, and else as near as the search closes in.
    fn recorded_promise(&self, space: &Space<Traced>) -> Traced {
        let bent = self.prepared.levels.pairs().filter(|(_, level)| {
            matches!(level.finding, Finding::Bent { .. }) && !level.is_straight_between()
        });
        let inlets = bent.flat_map(|(id, _)| &self.tree.levels[id].inlets);
        let [exact, converged] = [Openings::Exact, Openings::Converged]
            .map(|promise| Traced::from_f64(f64::from(promise as u8)));
        inlets.fold(exact, |weakest, &inlet| {
            let refused = Traced::one() - space.fraction[inlet];
            Traced::select(refused, converged, weakest)
        })
    }
}

impl Operates for Traced {
    const DIFFERENTIATED: bool = true;

    fn share(self) -> Self {
        self.within(0.0, 1.0)
    }

    fn is_nothing(self) -> bool {
        self.constant() == Some(0.0)
    }

    /// With the fraction that each belongs to.
    type Events = Vec<(Self, Self)>;

    fn note(events: &mut Self::Events, number: Self, fraction: Self) {
        if number.constant().is_none() {
            events.push((number, fraction));
        }
    }

    fn blended(species: &Arc<GergSpecies>, sources: &[Vec<Self>]) -> Option<HeldGas<Self>> {
        gas::blended(species, sources)
    }

    fn stage(run: &Run<'_>, stage: StageId, space: &mut Space<Self>) -> Result<(), SolveError> {
        trace_stage::stage(run, stage, space)
    }

    fn open_straight(
        run: &Run<'_>,
        level: LevelId,
        space: &mut Space<Self>,
        deeper: &mut [Space<Dual>],
    ) -> Result<(), SolveError> {
        trace_opening::straight(run, level, space, deeper)
    }

    fn open_bent(
        run: &Run<'_>,
        level: LevelId,
        space: &mut Space<Self>,
        deeper: &mut [Space<Dual>],
    ) -> Result<(), SolveError> {
        trace_opening::bent(run, level, space, deeper)
    }

    fn slopes(
        run: &Run<'_>,
        block: &Block,
        space: &Space<Self>,
        _: &mut [Space<Dual>],
        take: Take<'_, Self>,
    ) -> Result<(), SolveError> {
        recycle::slopes(run, block, space, take);
        Ok(())
    }

    fn recycle(
        run: &Run<'_>,
        cycle: LoopId,
        space: &mut Space<Self>,
        deeper: &mut [Space<Dual>],
    ) -> Result<(), SolveError> {
        self::recycle::recycle(run, cycle, space, deeper)
    }
}
