//! Recording a walk along the groups of a level: loops over plain values, then one step whose
//! derivative is right.
//!
//! Most scenarios go from one event to the next on straight lines, and stop where a line meets a
//! capacity: a first, short loop follows them. What it is not sure of goes to a second, which does
//! all that the walk of plain numbers does. Scenarios in which no limit can ever be reached
//! enter neither.

use crate::chain::error::SolveError;
use crate::chain::rule::plan::{Constraint, GroupId};
use crate::chain::rule::step::{Look, NEAR, PAST_EVENT, Seen};
use crate::chain::rule::workspace::{Extent, Opening, Run, Space};
use crate::chain::tree::{LevelId, LimitId, Stop};
use crate::ids::List;
use crate::scalar::{Dual, Scalar};
use crate::tape::{LoopRecording, Traced};

/// Most rounds along one group before a scenario counts as lost.
const MOST_ROUNDS: u32 = 60;

/// Most rounds on straight lines before there is doubt.
const MOST_LINES: u32 = 24;

pub(in crate::chain) fn walk(
    run: &Run<'_>,
    id: LevelId,
    space: &mut Space<Traced>,
    deeper: &mut [Space<Dual>],
) -> Result<Vec<(LimitId, Traced)>, SolveError> {
    let level = &run.prepared.levels[id];
    let (zero, one) = (Traced::zero(), Traced::one());
    let mut left_over = Vec::new();
    for group in level.groups.ids().iter() {
        run.accept(id, group, Opening::Shut, zero, space);
    }
    for group in level.groups.ids().iter() {
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
            space.note(Traced::select(stopping, one, moved), fraction);
            if level.is_forced() {
                let over = space.slack[limit].max(zero);
                left_over.push((limit, Traced::select(stopping, over, zero)));
            }
        }
        space.note(Traced::select(end.stop, fraction - one, one), fraction);
        run.accept(id, group, Opening::Part(fraction), end.stop, space);
    }
    Ok(left_over)
}

/// Where the walk along one group ended.
struct End {
    fraction: Traced,
    stop: Traced,
    /// The slopes of all constraints there.
    slopes: List<Constraint, Traced>,
}

/// What a round sees: runs a level with a group open to `at`; `regrouping` may take what does not change out of
/// its numbers.
fn look(
    (run, id, group): (&Run<'_>, LevelId, GroupId),
    at: Traced,
    space: &mut Space<Traced>,
    deeper: &mut [Space<Dual>],
    regrouping: impl FnOnce(&[Traced]) -> Vec<Traced>,
) -> Result<Look<Traced>, SolveError> {
    let level = &run.prepared.levels[id];
    let events_before = std::mem::take(&mut space.events);
    run.accept(id, group, Opening::Part(at), Traced::zero(), space);
    run.measure_all_noting(id, Extent::Felt, space, deeper)?;
    let noted = std::mem::replace(&mut space.events, events_before);
    let limits = || level.constraints.iter().map(|constraint| constraint.limit);
    let slack: Vec<Traced> = limits().map(|limit| space.slack[limit]).collect();
    let count = slack.len();
    let scale = limits().map(|limit| space.scale[limit].max(space.slack[limit]));
    // an inner inlet that no constraint feels changes nothing here
    let felt = Traced::felt_by(&slack);
    let events =
        noted.into_iter().filter(|(_, fraction)| felt(*fraction)).map(|(number, _)| number);
    let exact: Vec<Traced> = slack.iter().copied().chain(scale).chain(events).collect();
    let numbers = regrouping(&exact);
    let (slack, rest) = numbers.split_at(count);
    let (scale, events) = rest.split_at(count);
    let both: Vec<Traced> = slack.iter().chain(events).copied().collect();
    let mut slope = Traced::slopes(&both, at);
    let never = Traced::from_f64(f64::INFINITY);
    let mut event = never;
    for (&noted, slope) in events.iter().zip(slope.split_off(count)) {
        if slope.constant() != Some(0.0) {
            let steps = -noted / slope;
            event = event.min(Traced::select(steps, steps, never));
        }
    }
    let seen = slack.iter().zip(scale).zip(slope);
    let of = seen.map(|((&slack, &scale), slope)| Seen { slack, slope, scale }).collect();
    Ok(Look { at, of, event })
}

/// Walks along a group: from where all limits hold to the nearest of a limit on a straight line,
/// an event and the full opening.
fn follow(
    run: &Run<'_>,
    id: LevelId,
    group: GroupId,
    space: &mut Space<Traced>,
    deeper: &mut [Space<Dual>],
) -> Result<End, SolveError> {
    let level = &run.prepared.levels[id];
    let number = Traced::from_f64;
    let (zero, one, never) = (number(0.0), number(1.0), number(f64::INFINITY));
    let select = Traced::select;

    let mut start = vec![zero, zero, one, zero, zero];
    start.extend(vec![one; level.constraints.len()]);
    let (mut recording, carried) = LoopRecording::begin(&start, MOST_LINES);
    recording.may_break_off();
    let at = carried[0].within(0.0, 1.0);
    // above zero where the way here was a straight line that no event lies near
    let clear = carried[1];
    let look = look((run, id, group), at, space, deeper, |exact| recording.regrouped(exact))?;
    let slacks: Vec<Traced> = look.of.iter().map(|seen| seen.slack).collect();
    recording.enter_unless_bounded(&slacks);

    let farthest = look.farthest(level.wavy);
    let (mut broken, mut broken_at_first) = (number(-1.0), number(-1.0));
    // what is reached and goes on rising, and whether it leaves its tolerance before anything
    // changes; how far ahead a straight line reaches a limit
    let (mut stop, mut sure, mut distance) = (zero, zero, never);
    for (index, constraint) in level.constraints.pairs().rev() {
        let tolerance = look.tolerance(index);
        let passed = look.passed(index, tolerance);
        broken_at_first = broken_at_first.max(passed);
        if !constraint.throttles[group] {
            continue;
        }
        broken = broken.max(passed);
        let rising = look.rises(index, tolerance);
        distance = distance.min(select(rising, look.distance(index), never));
        let reached = (-look.short(index)).min(rising);
        let limit = Stop::Limit(constraint.limit);
        stop = select(reached, number(limit.number()), stop);
        sure = select(reached, look.of[index].slope * look.event - tolerance.scaled(4.0), sure);
    }
    let broken = select(at, broken, broken_at_first);
    let stop = select(broken, zero, stop);
    let target = farthest.min(at + distance);
    let event = at + look.event;
    let on_line = event.scaled(1.0 - NEAR) - target;
    let past = event.scaled(1.0 + PAST_EVENT);
    let ahead = select(on_line, target, past).max(look.next_opening()).min(one);
    // a curve rose faster than its tangent: back along the one from here
    let back = broken.min(clear).min(-distance);
    let next = select(back, (at + distance).max(zero), ahead);
    let on_line = select(back, one, on_line);
    let unsure = select(sure.min(clear), zero, stop);
    let doubt = select(back, zero, broken).max(unsure);
    let open = select(broken, zero, select(one - at, zero, one));
    let done = stop.max(doubt).max(open);
    let fraction = select(stop, (at + distance).max(zero).min(one), one);
    let doubt = select(done, doubt, one);
    let mut carried = vec![next, on_line, fraction, stop, doubt];
    carried.extend(look.of.iter().map(|seen| seen.slope));
    let ended = recording.end(&carried, done);
    let end =
        End { fraction: ended[2], stop: ended[3], slopes: ended[5..].iter().copied().collect() };
    let end = follow_carefully((run, id, group), ended[4], end, space, deeper)?;
    let safe = |slope: Traced| select(slope, slope, one);
    Ok(End {
        fraction: end.fraction.within(0.0, 1.0),
        stop: end.stop,
        slopes: end.slopes.into_iter().map(safe).collect(),
    })
}

/// Walks along a group where there is doubt, as the walk of plain numbers does: back again where
/// some limit turns out to be broken, and a step beyond where it is not clear that what is reached
/// goes on rising.
fn follow_carefully(
    (run, id, group): (&Run<'_>, LevelId, GroupId),
    doubt: Traced,
    otherwise: End,
    space: &mut Space<Traced>,
    deeper: &mut [Space<Dual>],
) -> Result<End, SolveError> {
    let level = &run.prepared.levels[id];
    let number = Traced::from_f64;
    let (zero, one, never) = (number(0.0), number(1.0), number(f64::INFINITY));
    let select = Traced::select;

    let End { fraction, stop, slopes } = otherwise;
    let mut start = vec![zero, zero, number(2.0), fraction, stop, zero, one, zero, zero];
    start.extend(slopes);
    let (mut recording, carried) = LoopRecording::begin(&start, MOST_ROUNDS);
    recording.enter_where(doubt);
    let at = carried[0].within(0.0, 1.0);
    let (low, high) = (carried[1], carried[2]);
    // above zero where the way here was a straight line that no event lies near
    let clear = carried[5];
    // a limit that was reached, to be confirmed by its being passed here, and where that was; how
    // far the step was that confirms it
    let (reach, pending, pending_at) = (carried[6], carried[7], carried[8]);
    let look = look((run, id, group), at, space, deeper, <[Traced]>::to_vec)?;

    // what is broken here, what is reached and goes on rising, what a straight line reaches
    let (mut broken, mut reached) = (number(-1.0), number(-1.0));
    let (mut stop, mut over, mut rise) = (zero, zero, one);
    let mut tight = zero;
    let mut back = never;
    let farthest = look.farthest(level.wavy);
    let mut broken_at_first = number(-1.0);
    let (mut line_target, mut confirmed) = (never, number(-1.0));
    for (index, constraint) in level.constraints.pairs().rev() {
        let tolerance = look.tolerance(index);
        let passed = look.passed(index, tolerance);
        broken_at_first = broken_at_first.max(passed);
        if !constraint.throttles[group] {
            continue;
        }
        broken = broken.max(passed);
        let rising = look.rises(index, tolerance);
        let own = select(look.short(index), zero, rising);
        reached = reached.max(own);
        let limit = Stop::Limit(constraint.limit);
        stop = select(own, number(limit.number()), stop);
        over = select(own, look.of[index].slack, over);
        rise = select(own, look.of[index].slope, rise);
        tight = select(own, tolerance, tight);
        let line = at + look.distance(index);
        let ahead = line.max(look.next_opening());
        line_target = line_target.min(select(rising, ahead, never));
        confirmed = select(limit.is(pending), passed, confirmed);
        // Newton from beyond the crossing, kept inside the bracket
        let inside = look.of[index].slope.min(line - low).min(at - line);
        let middle = (low + at).scaled(0.5);
        back = back.min(select(passed, select(inside, line, middle), never));
    }
    let past = (at + look.event).scaled(1.0 + PAST_EVENT);
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
    let step = Look::beyond(at, rise, tight);
    let confirming = select(pending, one, zero);
    let doubt = (step - look.event).max(confirming).max(select(clear, zero, one));
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
    next.extend(look.of.iter().map(|seen| seen.slope));
    let ended = recording.end(&next, done);
    Ok(End { fraction: ended[3], stop: ended[4], slopes: ended[9..].iter().copied().collect() })
}
