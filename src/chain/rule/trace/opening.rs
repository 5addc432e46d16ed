//! Recording how a level opens: what fills is recorded as it is; where loads bend, the last inlet is
//! opened by a loop over plain values, followed by one step whose derivative is right.
//!
//! What is recorded are the openings of scenarios in which only the last inlet of a level's order is
//! not open: no others can come before them. All other scenarios are lost, and worked out one by
//! one.

use super::tangent::{self, Tangent};
use crate::chain::error::SolveError;
use crate::chain::rule::choose::{
    AT_EVENT, HOLDS_WITHIN, LONGEST_STEP, PAST_EVENT, REACHED_WITHIN,
};
use crate::chain::rule::felt::Measured;
use crate::chain::rule::plan::{Constraint, Held};
use crate::chain::rule::workspace::{Extent, Opening, Run, Space};
use crate::chain::tree::{LevelId, Stop};
use crate::ids::List;
use crate::scalar::{Dual, Scalar};
use crate::tape::{LoopRecording, Traced};

/// Most rounds along one inlet before a scenario counts as lost.
const MOST_ROUNDS: u32 = 60;

/// Load and capacity that agree within this of their scale are the same.
const SAME: f64 = 1e-13;

/// Opens a level whose loads are sums of what each inlet brings, once its responses are known.
pub(in crate::chain) fn straight(
    run: &Run<'_>,
    id: LevelId,
    space: &mut Space<Traced>,
    deeper: &mut [Space<Dual>],
) -> Result<(), SolveError> {
    if run.only_fills(id, space) {
        run.fill(id, space);
        return Ok(());
    }
    all_or_lost(run, id, space, deeper)
}

/// Opens a level where loads bend.
pub(in crate::chain) fn bent(
    run: &Run<'_>,
    id: LevelId,
    space: &mut Space<Traced>,
    deeper: &mut [Space<Dual>],
) -> Result<(), SolveError> {
    let sought = run.sought(id, space);
    let last = sought.groups.last().map(Vec::as_slice);
    let (Some(&[last]), true) = (last, sought.names_all()) else {
        return all_or_lost(run, id, space, deeper);
    };
    open_all(run, id, space);
    let inlet = run.tree.levels[id].inlets[last];
    let end = tangent::follow(run, (id, last), space, deeper)?;
    run.accept(id, last, Opening::Part(end.fraction), space);
    run.feel(id, space, deeper)?;
    // one Newton step: the value stays, the derivative is right
    let (mut slack, mut slope) = (Traced::zero(), Traced::one());
    let level = &run.prepared.levels[id];
    let measured: List<Constraint, Measured<Traced>> =
        level.constraints.iter().map(|own| run.measure(own.held, space)).collect();
    for ((index, measured), own) in measured.pairs().zip(&end.slopes) {
        let stopping = number_of(run, level.constraints[index].held).is(end.stop);
        slack = Traced::select(stopping, measured.slack, slack);
        slope = Traced::select(stopping, *own, slope);
    }
    let root = end.fraction.root(slack, slope);
    let fraction = Traced::select(end.stop, root, Traced::one());
    for ((index, measured), own) in measured.pairs().zip(&end.slopes) {
        let stopping = number_of(run, level.constraints[index].held).is(end.stop);
        // with what it does to the fraction
        let moved = measured.slack + (fraction - end.fraction) * *own;
        space.note(Traced::select(stopping, Traced::one(), moved), fraction);
    }
    space.note(Traced::select(end.stop, fraction - Traced::one(), Traced::one()), fraction);
    run.accept(id, last, Opening::Part(fraction), space);
    space.stop[inlet] = end.stop;
    Ok(())
}

/// What stands for a constraint among what stops inlets; nothing for what is named by what it
/// would be inside.
fn number_of(run: &Run<'_>, held: Held) -> Stop {
    match held {
        Held::Limit(limit) => Stop::limit(limit),
        Held::Draw { wanted, .. } => run.tree.stop_of_draw(wanted),
        Held::Refuses(_) | Held::State(_) => Stop::NOTHING,
    }
}

fn open_all(run: &Run<'_>, id: LevelId, space: &mut Space<Traced>) {
    for (place, &inlet) in run.tree.levels[id].inlets.iter().enumerate() {
        run.accept(id, place, Opening::Full, space);
        space.stop[inlet] = Traced::from_f64(Stop::NOTHING.number());
    }
}

/// Opens all inlets; scenarios in which that is not allowed are lost.
fn all_or_lost(
    run: &Run<'_>,
    id: LevelId,
    space: &mut Space<Traced>,
    deeper: &mut [Space<Dual>],
) -> Result<(), SolveError> {
    open_all(run, id, space);
    run.feel(id, space, deeper)?;
    for constraint in &run.prepared.levels[id].constraints {
        let Measured { slack, scale } = run.measure(constraint.held, space);
        (slack - scale.scaled(HOLDS_WITHIN)).lose();
    }
    Ok(())
}

/// Where the search along an inlet ended.
pub(super) struct End {
    pub fraction: Traced,
    pub stop: Traced,
    /// The slopes of all constraints there.
    pub slopes: List<Constraint, Traced>,
}

/// What a round sees at one opening of an inlet.
struct Look {
    /// Slack, slope and scale of each constraint.
    of: List<Constraint, [Traced; 3]>,
    /// How far down the nearest event is, at which slopes change.
    event: Traced,
    slacks: Vec<Traced>,
}

fn look(
    (run, id, inlet): (&Run<'_>, LevelId, usize),
    at: Traced,
    tangents: &[Tangent],
    space: &mut Space<Traced>,
    deeper: &mut [Space<Dual>],
    recording: &LoopRecording,
) -> Result<Look, SolveError> {
    let level = &run.prepared.levels[id];
    let events_before = std::mem::take(&mut space.events);
    run.accept(id, inlet, Opening::Part(at), space);
    for tangent in tangents {
        tangent.stand_in(at, space);
    }
    let steps = &run.tree.levels[id].steps;
    run.steps(steps, Some(&level.needed), Extent::Felt, space, deeper)?;
    let noted = std::mem::replace(&mut space.events, events_before);
    let measured: Vec<Measured<Traced>> =
        level.constraints.iter().map(|own| run.measure(own.held, space)).collect();
    let slack: Vec<Traced> = measured.iter().map(|own| own.slack).collect();
    let count = slack.len();
    // an inner inlet that no constraint feels changes nothing here
    let felt = Traced::felt_by(&slack);
    let events =
        noted.into_iter().filter(|(_, fraction)| felt(*fraction)).map(|(number, _)| number);
    let scale = measured.iter().map(|own| own.scale.max(own.slack));
    let exact: Vec<Traced> = slack.iter().copied().chain(scale).chain(events).collect();
    let numbers = recording.regrouped(&exact);
    let (slack, rest) = numbers.split_at(count);
    let (scale, events) = rest.split_at(count);
    let both: Vec<Traced> = slack.iter().chain(events).copied().collect();
    let mut slope = Traced::slopes(&both, at);
    let never = Traced::from_f64(f64::INFINITY);
    let mut event = never;
    for (&noted, slope) in events.iter().zip(slope.split_off(count)) {
        if slope.constant() != Some(0.0) {
            let steps = noted / slope;
            event = event.min(Traced::select(steps, steps, never));
        }
    }
    let of =
        slack.iter().zip(slope).zip(scale).map(|((&slack, slope), &scale)| [slack, slope, scale]);
    Ok(Look { of: of.collect(), event, slacks: slack.to_vec() })
}

/// The largest opening of an inlet that is allowed, looked for from open downwards: from where
/// something is broken to where straight lines say that all could hold again, or past the nearest
/// event; from where all hold with room, back up to the first capacity. Tangents stand for the
/// stages that they are of.
pub(super) fn walk(
    run: &Run<'_>,
    (id, inlet): (LevelId, usize),
    tangents: &[Tangent],
    space: &mut Space<Traced>,
    deeper: &mut [Space<Dual>],
) -> Result<End, SolveError> {
    let level = &run.prepared.levels[id];
    let number = Traced::from_f64;
    let (zero, one, never) = (number(0.0), number(1.0), number(f64::INFINITY));
    let select = Traced::select;

    let mut start = vec![one, one, zero];
    start.extend(vec![one; level.constraints.len()]);
    let (mut recording, carried) = LoopRecording::begin(&start, MOST_ROUNDS);
    let at = carried[0].within(0.0, 1.0);
    let look = look((run, id, inlet), at, tangents, space, deeper, &recording)?;
    recording.enter_unless_bounded(&look.slacks);

    let (mut broken, mut farthest) = (number(-1.0), zero);
    let (mut nearest, mut reached, mut nameless) = (never, zero, zero);
    let (mut stop, mut exact) = (zero, one);
    for (index, constraint) in level.constraints.pairs().rev() {
        let [slack, slope, scale] = look.of[index];
        let passed = slack - scale.scaled(HOLDS_WITHIN);
        broken = broken.max(passed);
        // down to where it holds again, up to where it would not
        let down = select(slope, slack / slope, never);
        farthest = farthest.max(select(passed, down, zero));
        nearest = nearest.min(select(slope, -slack / slope, never));
        let is_at = select(slack + scale.scaled(SAME), slope, zero);
        reached = reached.max(is_at);
        let near = select(slack + scale.scaled(REACHED_WITHIN), slope, zero);
        let own = number_of(run, constraint.held);
        if own == Stop::NOTHING {
            nameless = nameless.max(near);
        } else {
            stop = select(near, number(own.number()), stop);
            exact = select(is_at, at - slack / slope, exact);
        }
    }
    let past = look.event + at.scaled(PAST_EVENT);
    let step = select(farthest - look.event - number(AT_EVENT), past, farthest);
    let step = if level.wavy { step.min(number(LONGEST_STEP)) } else { step };
    let lower = (at - step).max(zero);
    let upper = (at + nearest.max(zero)).min(one);
    let is_open = select(one - at, zero, one);
    let ends_open = select(broken, zero, is_open);
    let ends_there = select(broken, zero, select(ends_open, zero, reached));
    // what holds nowhere; what is named by what would stop it inside
    let nowhere = select(at, zero, broken);
    select(ends_there, nameless, nowhere).lose();
    let done = ends_open.max(ends_there).max(nowhere);
    let mut next = vec![
        select(broken, lower, upper),
        select(ends_open, one, exact.max(zero).min(one)),
        select(ends_open, zero, stop),
    ];
    next.extend(look.of.iter().map(|[_, slope, _]| *slope));
    let ended = recording.end(&next, done);
    let safe = |slope: Traced| select(slope, slope, one);
    Ok(End {
        fraction: ended[1].within(0.0, 1.0),
        stop: ended[2],
        slopes: ended[3..].iter().copied().map(safe).collect(),
    })
}
