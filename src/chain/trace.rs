//! Recording a run of a chain: the operating rule, recycles and stages on numbers that stand for
//! many scenarios at once.
//!
//! Stages, acceptance and closed forms are those of any other scalar. What a walk or a recycle
//! does by looking at values is recorded here as a loop over plain values, followed by one step
//! whose derivative is right. What the loop cannot be sure of it marks as lost: such scenarios
//! are worked out one by one.

use super::error::SolveError;
use super::model::Chain;
use super::prepare::Prepared;
use super::space::{HOLDS_WITHIN, Opening, Operates, Run, Space};
use super::trace_stage;
use super::tree::Stop;
use crate::param::Values;
use crate::scalar::tape::LoopRecording;
use crate::scalar::{Dual, Scalar, Traced};

/// Most rounds along one group before a scenario counts as lost.
const MOST_ROUNDS: u32 = 60;

/// Longest step where a stage says it is wavy, as in the walk of plain numbers.
const LONGEST_STEP: f64 = 1.0 / 16.0;

/// How near to its capacity, relative to it, a load counts as having reached it.
const REACHED_WITHIN: f64 = 1e-14;

/// How near to an event, relative to its place, slopes are not taken for granted.
const NEAR: f64 = 1e-9;

/// How far past an event a round lands, relative to its place.
const PAST_EVENT: f64 = 1e-13;

/// A run that was recorded.
#[derive(Debug)]
pub(crate) struct Recorded {
    /// All streams, slot after slot.
    pub streams: Vec<Traced>,
    pub stated: Vec<Traced>,
    /// By stated load: whether its stage states it.
    pub states: Vec<bool>,
    /// All parameter numbers.
    pub numbers: Vec<Traced>,
    pub fraction: Vec<Traced>,
    /// As [`Stop::number`] counts it.
    pub stop: Vec<Traced>,
}

/// Records a run of a chain in which the numbers at some places of the values vary: place and
/// input.
///
/// # Errors
/// What fails in every scenario.
pub(crate) fn record_run(
    chain: &Chain,
    values: &Values,
    varying: &[(usize, usize)],
) -> Result<Recorded, SolveError> {
    let tree = &chain.tree;
    let mut prepared = Prepared::default();
    prepared.update(tree, values);
    let mut space: Space<Traced> = Space::new(tree);
    space.load_values(values, prepared.scratch_len());
    for &(place, input) in varying {
        space.numbers[place] = Traced::input(input);
    }
    let run = Run { tree, prepared: &prepared, choices: &values.choices };
    run.offer(&mut space);
    run.level(0, &mut space, &mut [])?;
    if let Some((at, source)) =
        space.objections.iter_mut().enumerate().find_map(|(at, own)| Some((at, own.take()?)))
    {
        return Err(SolveError::Stage { stage: tree.stages[at].address.clone(), source });
    }
    Ok(Recorded {
        streams: space.streams,
        stated: space.stated,
        states: prepared.states,
        numbers: space.numbers,
        fraction: space.fraction,
        stop: space.stop,
    })
}

impl Operates for Traced {
    const DIFFERENTIATED: bool = true;

    type Events = Vec<Self>;

    fn note(events: &mut Vec<Self>, number: Self) {
        if number.constant().is_none() {
            events.push(number);
        }
    }

    fn stage(run: &Run<'_>, index: usize, space: &mut Space<Self>) -> Result<(), SolveError> {
        trace_stage::stage(run, index, space)
    }

    fn walk(
        run: &Run<'_>,
        level: usize,
        space: &mut Space<Self>,
        deeper: &mut [Space<Dual>],
    ) -> Result<Vec<(usize, Self)>, SolveError> {
        walk(run, level, space, deeper)
    }

    fn recycle(
        run: &Run<'_>,
        cycle: usize,
        space: &mut Space<Self>,
        deeper: &mut [Space<Dual>],
    ) -> Result<(), SolveError> {
        super::trace_recycle::recycle(run, cycle, space, deeper)
    }
}

fn walk(
    run: &Run<'_>,
    id: usize,
    space: &mut Space<Traced>,
    deeper: &mut [Space<Dual>],
) -> Result<Vec<(usize, Traced)>, SolveError> {
    let level = &run.prepared.levels[id];
    let (zero, one) = (Traced::zero(), Traced::one());
    let mut left_over = Vec::new();
    for group in 0..level.groups.len() {
        run.accept(id, group, Opening::Shut, zero, space);
    }
    for group in 0..level.groups.len() {
        let throttled = level.constraints.iter().any(|constraint| constraint.throttles[group]);
        if level.forced[group] || !throttled {
            run.accept(id, group, Opening::Full, zero, space);
            continue;
        }
        let end = follow(run, id, group, space, deeper)?;
        // one Newton step: the value stays, the derivative is right
        run.accept(id, group, Opening::Part(end.fraction), end.stop, space);
        run.measure_all(id, space, deeper)?;
        let (mut slack, mut slope) = (zero, one);
        for (constraint, own) in level.constraints.iter().zip(&end.slopes) {
            let stopping = Stop::Limit(constraint.limit).is(end.stop);
            slack = Traced::select(stopping, space.slack[constraint.limit], slack);
            slope = Traced::select(stopping, *own, slope);
        }
        let root = end.fraction.root(slack, slope);
        let fraction = Traced::select(end.stop, root, one);
        for (constraint, own) in level.constraints.iter().zip(&end.slopes) {
            let limit = constraint.limit;
            let stopping = Stop::Limit(limit).is(end.stop);
            // with what it does to the fraction
            let moved = space.slack[limit] + (fraction - end.fraction) * *own;
            space.note(Traced::select(stopping, one, moved));
            if level.forced.contains(&true) {
                let over = space.slack[limit].max(zero);
                left_over.push((limit, Traced::select(stopping, over, zero)));
            }
        }
        space.note(Traced::select(end.stop, fraction - one, one));
        run.accept(id, group, Opening::Part(fraction), end.stop, space);
    }
    Ok(left_over)
}

/// Where the walk along one group ended.
struct End {
    fraction: Traced,
    stop: Traced,
    /// The slopes of all constraints there.
    slopes: Vec<Traced>,
}

/// Walks along a group, as the walk of plain numbers does: from where all limits hold to the
/// nearest of a limit on a straight line, an event and the full opening; back again where some
/// limit turns out to be broken.
fn follow(
    run: &Run<'_>,
    id: usize,
    group: usize,
    space: &mut Space<Traced>,
    deeper: &mut [Space<Dual>],
) -> Result<End, SolveError> {
    let level = &run.prepared.levels[id];
    let number = Traced::from_f64;
    let (zero, one, never) = (number(0.0), number(1.0), number(f64::INFINITY));
    let select = Traced::select;
    let count = level.constraints.len();

    let mut start = vec![zero, zero, number(2.0), one, zero, zero, one, zero, zero];
    start.extend(vec![one; count]);
    let (recording, carried) = LoopRecording::begin(&start, MOST_ROUNDS);
    let at = carried[0].within(0.0, 1.0);
    let (low, high) = (carried[1], carried[2]);
    // above zero where the way here was a straight line that no event lies near
    let clear = carried[5];
    // a limit that was reached, to be confirmed by its being passed here, and where that was; how
    // far the step was that confirms it
    let (reach, pending, pending_at) = (carried[6], carried[7], carried[8]);

    let events_before = std::mem::take(&mut space.events);
    run.accept(id, group, Opening::Part(at), zero, space);
    run.measure_all_noting(id, space, deeper)?;
    let events = std::mem::replace(&mut space.events, events_before);
    let slack: Vec<Traced> =
        level.constraints.iter().map(|constraint| space.slack[constraint.limit]).collect();
    let scale: Vec<Traced> = level
        .constraints
        .iter()
        .map(|constraint| space.scale[constraint.limit].max(space.slack[constraint.limit]))
        .collect();
    let both: Vec<Traced> = slack.iter().chain(&events).copied().collect();
    let moves = Traced::slopes(&both, at);
    let (slope, event_slope) = moves.split_at(count);

    // the nearest event ahead
    let mut event = never;
    for (noted, slope) in events.iter().zip(event_slope) {
        if slope.constant() != Some(0.0) {
            let steps = -*noted / *slope;
            event = event.min(select(steps, steps, never));
        }
    }
    // what is broken here, what is reached and goes on rising, what a straight line reaches
    let (mut broken, mut reached) = (number(-1.0), number(-1.0));
    let (mut stop, mut over, mut rise) = (zero, zero, one);
    let mut tight = zero;
    let mut back = never;
    let farthest = if level.wavy { one.min(at + number(LONGEST_STEP)) } else { one };
    let mut broken_at_first = number(-1.0);
    let (mut line_target, mut confirmed) = (never, number(-1.0));
    for index in (0..count).rev() {
        let tolerance = scale[index].scaled(HOLDS_WITHIN);
        let passed = slack[index] - tolerance;
        broken_at_first = broken_at_first.max(passed);
        if !level.constraints[index].throttles[group] {
            continue;
        }
        broken = broken.max(passed);
        let rising = slope[index] * (one - at) - tolerance;
        let short = -(slack[index] + scale[index].scaled(REACHED_WITHIN));
        let own = select(short, zero, rising);
        reached = reached.max(own);
        let limit = Stop::Limit(level.constraints[index].limit);
        stop = select(own, number(limit.number()), stop);
        over = select(own, slack[index], over);
        rise = select(own, slope[index], rise);
        tight = select(own, tolerance, tight);
        let line = at - slack[index] / slope[index];
        let ahead = line.max(at.scaled(1.0 + f64::EPSILON));
        line_target = line_target.min(select(rising, ahead, never));
        confirmed = select(limit.is(pending), passed, confirmed);
        // Newton from beyond the crossing, kept inside the bracket
        let inside = slope[index].min(line - low).min(at - line);
        let middle = (low + at).scaled(0.5);
        back = back.min(select(passed, select(inside, line, middle), never));
    }
    let past = (at + event).scaled(1.0 + PAST_EVENT);
    let past_event = past.max(at.scaled(1.0 + PAST_EVENT));
    let on_line = past.scaled(1.0 - NEAR) - line_target;
    let target = farthest.min(line_target);
    let mut target = select(target - past, past_event, target).min(farthest);
    // between what holds and what does not
    let inside = select(high - target, target, (at + high).scaled(0.5));
    target = select(number(1.5) - high, inside, target);

    let first = select(at, zero, one);
    let holds = select(broken, zero, one);
    let stops = holds.min(reached);
    // what is reached near an event may turn flat there: a step beyond has to pass the capacity
    let step = (tight / rise).scaled(4.0).max(at.scaled(8.0 * f64::EPSILON));
    let step = select(step, step, number(HOLDS_WITHIN));
    let confirming = select(pending, one, zero);
    let doubt = (step - event).max(confirming).max(select(clear, zero, one));
    let tried = stops.min(doubt);
    let stops = select(tried, zero, stops);
    let confirmed = select(number(5.0) - reach, confirmed, zero).min(confirming);
    let beyond = (at + step * reach).min(one);
    // what stops at a jump, or somewhere in a longer step, is not known
    let unclear = select(confirmed, zero, broken.min(confirming));
    let narrow = select(number(1.5) - high, at.scaled(4.0 * f64::EPSILON) - (high - low), zero);
    let narrow = select(stops.max(tried).max(confirmed), zero, narrow);
    let lost = unclear.max(first.min(broken_at_first)).max(narrow);
    lost.lose();
    let ends_open = holds.min(select(one - at, zero, one));
    let done = stops.max(confirmed).max(ends_open).max(lost);
    // what cannot open at all stays shut
    let exact = (at - over / rise).max(zero).min(one);
    let exact = select(at, exact, zero);
    let mut next = vec![
        select(broken, back, select(tried, beyond, target)),
        select(broken, low, at),
        select(broken, at, high),
        select(confirmed, pending_at, select(stops, exact, one)),
        select(confirmed, pending, select(stops, stop, zero)),
        select(broken, clear, on_line),
        select(tried, reach.scaled(4.0), one),
        select(tried, stop, zero),
        exact,
    ];
    next.extend(slope.iter().copied());
    let ended = recording.end(&next, done);
    let safe = |slope: Traced| select(slope, slope, one);
    Ok(End {
        fraction: ended[3].within(0.0, 1.0),
        stop: ended[4],
        slopes: ended[9..].iter().map(|&slope| safe(slope)).collect(),
    })
}
