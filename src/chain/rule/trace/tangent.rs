//! Following an inlet by tangents: a stage that is dear to run, a line by pressures, is run once a
//! round, and all else is walked on how it goes on along a straight line from there.
//!
//! Each round is a step of Newton's method for what such stages do, and a whole walk for what is
//! cheap: events of chains inside, and which limit comes first. Where rounds no longer move, the
//! straight lines touch.

use super::opening::{End, walk};
use crate::chain::error::SolveError;
use crate::chain::rule::workspace::{Opening, Run, Space};
use crate::chain::tree::{LevelId, StageId, Step};
use crate::ids::List;
use crate::scalar::{Dual, Scalar};
use crate::stage::StreamId;
use crate::tape::{LoopRecording, Traced};
use std::collections::HashSet;

/// Most rounds before a scenario counts as lost.
const MOST_ROUNDS: u32 = 16;

/// A round that moves the opening by less is the last: the next would by the square of it.
const NEAR: f64 = 1e-8;

/// What a stage writes and states, and how that goes on from an opening.
#[derive(Debug)]
pub(super) struct Tangent {
    stage: StageId,
    /// The opening.
    at: Traced,
    values: Vec<Traced>,
    slopes: Vec<Traced>,
}

impl Tangent {
    /// Has it stand for its stage at an opening.
    pub fn stand_in(&self, at: Traced, space: &mut Space<Traced>) {
        let beyond = at - self.at;
        let ahead = self.values.iter().zip(&self.slopes);
        space.stand_ins[self.stage] =
            Some(ahead.map(|(&value, &slope)| value + slope * beyond).collect());
    }
}

/// The largest opening of an inlet that is allowed, looked for from open downwards.
pub(super) fn follow(
    run: &Run<'_>,
    (id, inlet): (LevelId, usize),
    space: &mut Space<Traced>,
    deeper: &mut [Space<Dual>],
) -> Result<End, SolveError> {
    // outside of any loop, to know what is dear before one begins
    let open = Traced::one().given();
    let dear = run_dear(run, (id, inlet), open, space)?;
    if dear.is_empty() {
        return walk(run, (id, inlet), &[], space, deeper);
    }
    let constraints = &run.prepared.levels[id].constraints;
    let (zero, one) = (Traced::zero(), Traced::one());
    let mut start = vec![one, zero];
    start.extend(vec![one; constraints.len()]);
    let (recording, carried) = LoopRecording::begin(&start, MOST_ROUNDS);
    let at = carried[0].within(0.0, 1.0);
    let tangents: Vec<Tangent> = run_dear(run, (id, inlet), at, space)?
        .into_iter()
        .map(|(stage, values)| {
            let slopes = Traced::slopes(&values, at);
            Tangent { stage, at, values, slopes }
        })
        .collect();
    let losses = Traced::losses();
    let end = walk(run, (id, inlet), &tangents, space, deeper)?;
    for tangent in &tangents {
        space.stand_ins[tangent.stage] = None;
    }
    // where a straight line leads astray, the next begins nearer to shut
    let lost = Traced::take_losses(losses);
    let moved = end.fraction - at;
    let far = moved.max(-moved) - Traced::from_f64(NEAR);
    let done = Traced::select(lost, zero, Traced::select(far, zero, one));
    let mut next = vec![Traced::select(lost, at.scaled(0.5), end.fraction), end.stop];
    next.extend(&end.slopes);
    let ended = recording.end(&next, done);
    let slopes: List<_, Traced> = ended[2..].iter().copied().collect();
    Ok(End { fraction: ended[0].within(0.0, 1.0), stop: ended[1], slopes })
}

/// Runs the stages of a level at an opening of an inlet, as far as they come before chains inside and
/// recycles; gives those that are dear, with what they write and state.
fn run_dear(
    run: &Run<'_>,
    (id, inlet): (LevelId, usize),
    at: Traced,
    space: &mut Space<Traced>,
) -> Result<Vec<(StageId, Vec<Traced>)>, SolveError> {
    let (so_far, losses) = (Traced::so_far(), Traced::losses());
    run.accept(id, inlet, Opening::Part(at), space);
    let mut unknown: HashSet<StreamId> = HashSet::new();
    let mut dear = Vec::new();
    let steps = run.tree.levels[id].steps.iter().zip(&run.prepared.levels[id].needed);
    for (&step, _) in steps.filter(|(_, needed)| **needed) {
        let (reads, writes) = run.tree.traffic(step, Some(run.choices));
        let is_known = !reads.iter().any(|stream| unknown.contains(stream));
        let Step::Stage(stage) = step else {
            unknown.extend(writes);
            continue;
        };
        if !is_known {
            unknown.extend(writes);
            continue;
        }
        let calls = Traced::calls();
        super::stage::stage(run, stage, space)?;
        if Traced::calls() > calls {
            let placed = &run.tree.stages[stage];
            let streams = space.streams[placed.writes()].iter();
            let values = streams.chain(&space.stated[placed.loads]).copied().collect();
            dear.push((stage, values));
        }
    }
    Traced::go_back_to(so_far);
    Traced::take_losses(losses);
    Ok(dear)
}
