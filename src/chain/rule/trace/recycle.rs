//! Recording a recycle: one linear system where its stages are linear, Newton in a loop where not.

use crate::chain::error::SolveError;
use crate::chain::rule::plan::{Block, RoundId, nodes};
use crate::chain::rule::system::System;
use crate::chain::rule::workspace::{Run, Space, Take};
use crate::chain::tree::LoopId;
use crate::scalar::{Dual, Scalar};
use crate::stage::StreamId;
use crate::tape::{LoopRecording, Traced};
use std::collections::HashMap;

/// Most Newton steps before a scenario counts as lost.
const MOST_STEPS: u32 = 60;

/// Flows agree when a step moves none by more than this of the largest of them.
const AGREES_WITHIN: f64 = 1e-14;

pub(in crate::chain) fn recycle(
    run: &Run<'_>,
    cycle: LoopId,
    space: &mut Space<Traced>,
    deeper: &mut [Space<Dual>],
) -> Result<(), SolveError> {
    let nest = &run.prepared.nests[cycle];
    let events_before = space.events.clone();
    let mut system = System::default();
    run.probe(nest, &mut system, space)?;
    if nest.is_linear() {
        run.feed(nest, &mut system, &[], space, deeper)?;
        solve(run, cycle, &mut system)?;
    } else {
        settle(run, cycle, &mut system, space, deeper)?;
    }
    space.events = events_before;
    let largest = system.flows.iter().fold(Traced::zero(), |most, flow| most.max(*flow));
    for flow in &mut system.flows {
        (-*flow - largest.scaled(1e-13)).lose();
        *flow = flow.max(Traced::zero());
    }
    run.run_torn(cycle, &system.flows, space, deeper)
}

/// Newton steps in a loop over what comes to blocks that are not linear; then one more, whose
/// derivative is right.
fn settle(
    run: &Run<'_>,
    cycle: LoopId,
    system: &mut System<Traced>,
    space: &mut Space<Traced>,
    deeper: &mut [Space<Dual>],
) -> Result<(), SolveError> {
    let nest = &run.prepared.nests[cycle];
    let n = run.tree.species;
    let mut rounds: Vec<RoundId> = (nest.blocks.iter())
        .filter(|block| !block.linear)
        .flat_map(|block| block.receives().map(|(_, round, _)| round))
        .collect();
    rounds.sort_unstable();
    rounds.dedup();
    let at: Vec<usize> = rounds.iter().flat_map(|&round| nodes(round, n)).collect();
    let mut given = vec![Traced::zero(); nest.streams.len() * n];
    // where plain numbers start, too
    run.run_torn(cycle, &given, space, deeper)?;
    let mut start = Vec::with_capacity(at.len());
    for round in rounds {
        let is_torn = nest.tears.iter().any(|(_, torn)| *torn == round);
        let flows = space.streams[nest.streams[round]].iter();
        start.extend(flows.map(|&flow| if is_torn { Traced::zero() } else { flow }));
    }
    let mut spread = |flows: &[Traced]| {
        for (&node, &flow) in at.iter().zip(flows) {
            given[node] = flow;
        }
        given.clone()
    };
    let (recording, before) = LoopRecording::begin(&start, MOST_STEPS);
    run.feed(nest, system, &spread(&before), space, deeper)?;
    solve(run, cycle, system)?;
    let next: Vec<Traced> = at.iter().map(|&node| system.flows[node]).collect();
    let size_of = |flow: Traced| flow.max(-flow);
    let most = |flows: &mut dyn Iterator<Item = Traced>| {
        flows.fold(Traced::zero(), |most, flow| most.max(size_of(flow)))
    };
    let largest = most(&mut next.iter().copied());
    let moved = most(&mut next.iter().zip(&before).map(|(next, before)| *next - *before));
    let settled = largest.scaled(AGREES_WITHIN) - moved;
    let near = recording.end(&next, Traced::select(moved, settled, Traced::one()));
    run.feed(nest, system, &spread(&near), space, deeper)?;
    solve(run, cycle, system)
}

fn solve(run: &Run<'_>, cycle: LoopId, system: &mut System<Traced>) -> Result<(), SolveError> {
    let why = "nothing leaves it: what enters has nowhere to go";
    system.solve(run.molar_masses).map_err(|_| run.no_solution(cycle, why.into()))
}

/// How what a block has just made moves with each flow that goes round and comes to it: every such
/// flow is a number of its own there.
pub(super) fn slopes(run: &Run<'_>, block: &Block, space: &Space<Traced>, take: Take<'_, Traced>) {
    let n = run.tree.species;
    let written = block.writes.iter().flat_map(|&(stream, _)| &space.streams[stream]);
    let made: Vec<Traced> = written.copied().collect();
    let places: HashMap<StreamId, usize> =
        block.writes.iter().enumerate().map(|(place, &(stream, _))| (stream, place)).collect();
    for (stream, round, takes) in block.receives() {
        for (&flow, node) in space.streams[stream].iter().zip(nodes(round, n)) {
            let slopes = Traced::slopes(&made, flow);
            let of = |stream, species| slopes[places[&stream] * n + species];
            take((node, takes), &of);
        }
    }
}
