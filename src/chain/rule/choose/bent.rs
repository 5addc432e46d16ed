//! Levels where loads bend: filling in order, and straight programmes followed from piece to piece.

use super::down::{End, down, with};
use super::straight::{Rows, choose_straight, nearest};
use super::{Choice, ConstraintId, Equation, FLAT, Feel, SHUT_BELOW, Sought, View, is_better};
use crate::chain::error::SolveError;
use crate::chain::promise::Openings;
use crate::chain::rule::plan::Constraint;
use crate::ids::List;

/// Most programmes that are followed from one start.
const MOST_PIECES: usize = 24;

/// From then on rows of pieces that were left again are kept.
const KEEPS_ROWS_FROM: usize = 8;

/// Openings that agree within this are the same.
const SETTLED: f64 = 1e-14;

/// Openings that gain less than this gain nothing.
const GAIN: f64 = 1e-11;

/// The best openings that are found; `None` where none are allowed.
pub(in crate::chain) fn choose_bent(
    feel: &mut impl Feel,
    sought: &Sought,
) -> Result<Option<Choice>, SolveError> {
    let answered;
    let sought = if sought.names_all() {
        sought
    } else {
        answered = named_where_felt(feel, sought)?;
        &answered
    };
    if !sought.names_all() {
        return super::named::choose_felt(feel, sought);
    }
    let open = sought.all(1.0);
    let still = vec![0.0; sought.inlets];
    if feel.look(&open, &still)?.holds() {
        let equations = (0..sought.inlets).map(Equation::Open).collect();
        let promise = Openings::Exact;
        return Ok(Some(Choice { at: open, equations, promise, jumps: Vec::new() }));
    }
    if sought.groups.is_empty() {
        return Ok(None);
    }
    let filled = fill(feel, sought)?;
    if let Some(choice) = &filled
        && is_open_but_the_last(&choice.at, sought)
    {
        return Ok(filled);
    }
    let mut best: Option<Choice> = filled;
    let mut take = |found: Option<Choice>| {
        if let Some(found) = found
            && best.as_ref().is_none_or(|best| is_better(&sought.groups, &found.at, &best.at))
        {
            best = Some(found);
        }
    };
    for start in starts(sought) {
        take(follow(feel, &start, sought)?);
    }
    let Some(mut best) = best else { return Ok(None) };
    improve(feel, sought, &mut best)?;
    best.promise = Openings::Local;
    Ok(Some(best))
}

/// The same, with inlets named by what does not feel them: that it names them changes nothing.
fn named_where_felt(feel: &mut impl Feel, sought: &Sought) -> Result<Sought, SolveError> {
    let mut felt = sought.clone();
    for inlet in sought.taking_part() {
        let mut moves: List<Constraint, bool> = sought.names.iter().map(|_| false).collect();
        for opening in [1.0, 0.5, 0.0] {
            let mut way = vec![0.0; sought.inlets];
            way[inlet] = if opening < 1.0 { 1.0 } else { -1.0 };
            let view = feel.look(&sought.all(opening), &way)?;
            for (moves, felt) in moves.iter_mut().zip(&view.of) {
                *moves |= felt.slope != 0.0;
            }
        }
        for (names, moves) in felt.names.iter_mut().zip(&moves) {
            names[inlet] |= !moves;
        }
    }
    Ok(felt)
}

/// The openings at which the largest excess is the least that is met, with that excess.
pub(in crate::chain) fn nearest_bent(
    feel: &mut impl Feel,
    sought: &Sought,
    counts: &dyn Fn(ConstraintId) -> bool,
) -> Result<(Vec<f64>, f64), SolveError> {
    let mut best: Option<(Vec<f64>, f64)> = None;
    for start in starts(sought) {
        let mut at = start;
        for _ in 0..MOST_PIECES {
            let (rows, view) = piece(feel, &at)?;
            let excess = view.of.pairs().filter(|(constraint, _)| counts(*constraint));
            let excess = excess.map(|(_, felt)| relative(felt.slack, felt.scale));
            let excess = excess.fold(0.0, f64::max);
            let gains = best.as_ref().is_none_or(|(_, least)| excess < least - GAIN);
            if gains {
                best = Some((at.clone(), excess));
            }
            let (next, ..) = nearest(&rows, sought, counts);
            if !gains || is_same(&next, &at) {
                break;
            }
            at = next;
        }
    }
    Ok(best.unwrap_or_else(|| (sought.all(1.0), 0.0)))
}

fn relative(slack: f64, scale: f64) -> f64 {
    if scale > 0.0 { slack / scale } else { slack }
}

/// Where programmes start: all open, all shut.
fn starts(sought: &Sought) -> [Vec<f64>; 2] {
    [sought.all(1.0), sought.all(0.0)]
}

/// Whether all inlets are open but those of the last group, and that is one: then no other openings
/// come before these.
fn is_open_but_the_last(at: &[f64], sought: &Sought) -> bool {
    let Some((last, before)) = sought.groups.split_last() else { return true };
    last.len() == 1 && before.iter().flatten().all(|&inlet| at[inlet] >= 1.0)
}

/// Fills in order, later groups shut; `None` where a group finds no allowed opening so.
fn fill(feel: &mut impl Feel, sought: &Sought) -> Result<Option<Choice>, SolveError> {
    let mut at = sought.all(0.0);
    let mut equations: Vec<Equation> = Vec::new();
    let part: Vec<usize> = sought.taking_part().collect();
    equations.extend((0..sought.inlets).filter(|i| !part.contains(i)).map(Equation::Open));
    let mut jumps = Vec::new();
    for group in &sought.groups {
        let mut left = group.clone();
        while !left.is_empty() {
            let (opening, held) = match down(feel, &at, &left, &|_| true)? {
                None => return Ok(None),
                Some(End::Open) => {
                    equations.extend(left.iter().map(|&inlet| Equation::Open(inlet)));
                    (1.0, left.clone())
                }
                Some(End::Reached(opening, index)) => {
                    let opening = if opening < SHUT_BELOW { 0.0 } else { opening };
                    let held = raised_by(feel, &with(&at, &left, opening), &left, index)?;
                    equations.push(Equation::Reached(index));
                    let alike = held.iter().skip(1).map(|&own| Equation::Alike(held[0], own));
                    equations.extend(alike);
                    (opening, held)
                }
                Some(End::Jump(opening, broken)) => {
                    equations.extend(left.iter().map(|&inlet| Equation::Jump(inlet)));
                    jumps.extend(left.iter().map(|&inlet| (inlet, broken.clone())));
                    (opening, left.clone())
                }
            };
            for &inlet in &left {
                at[inlet] = opening;
            }
            left.retain(|inlet| !held.contains(inlet));
        }
    }
    let promise = if feel.is_straight_between() { Openings::Exact } else { Openings::Converged };
    Ok(Some(Choice { at, equations, promise, jumps }))
}

/// Of some inlets, those that raise a constraint; all, where none seems to.
fn raised_by(
    feel: &mut impl Feel,
    at: &[f64],
    inlets: &[usize],
    index: ConstraintId,
) -> Result<Vec<usize>, SolveError> {
    if inlets.len() == 1 {
        return Ok(inlets.to_vec());
    }
    let mut raising = Vec::new();
    for &inlet in inlets {
        let mut way = vec![0.0; at.len()];
        way[inlet] = 1.0;
        let felt = feel.look(at, &way)?.of[index];
        if felt.slope > GAIN * felt.scale {
            raising.push(inlet);
        }
    }
    Ok(if raising.is_empty() { inlets.to_vec() } else { raising })
}

/// The straight rows that constraints are at some openings, and what is felt there.
fn piece(feel: &mut impl Feel, at: &[f64]) -> Result<(Rows, View), SolveError> {
    let (slopes, view) = feel.slopes_at(at, 0.0)?;
    let mut rows = Rows::default();
    for (felt, of) in view.of.iter().zip(slopes) {
        let here: f64 = of.iter().zip(at).map(|(of, at)| of * at).sum();
        // what is broken and flat here can only come to hold where it is not: it says nothing yet
        if felt.is_passed() && of.iter().all(|slope| slope.abs() <= FLAT * felt.scale) {
            rows.push(vec![0.0; at.len()], 1.0, 1.0);
        } else {
            rows.push(of, here - felt.slack, felt.scale);
        }
    }
    Ok((rows, view))
}

fn is_same(one: &[f64], other: &[f64]) -> bool {
    one.iter().zip(other).all(|(a, b)| (a - b).abs() <= SETTLED)
}

/// Follows programmes of the rows that constraints are where the one before led, until they lead
/// nowhere else; the best allowed openings met.
fn follow(
    feel: &mut impl Feel,
    start: &[f64],
    sought: &Sought,
) -> Result<Option<Choice>, SolveError> {
    let mut at = start.to_vec();
    let mut best: Option<Choice> = None;
    // rows of pieces that were left again, each of a constraint that was broken there
    let mut kept: Vec<(ConstraintId, Vec<f64>, f64)> = Vec::new();
    let mut arrived: Option<Choice> = None;
    for round in 0..MOST_PIECES {
        let (rows, view) = piece(feel, &at)?;
        if let Some(choice) = arrived.take()
            && view.holds()
            && best.as_ref().is_none_or(|best| is_better(&sought.groups, &choice.at, &best.at))
        {
            best = Some(choice);
        }
        let (mut more, mut wider) = (rows.clone(), sought.clone());
        for (constraint, of, at_most) in &kept {
            more.push(of.clone(), *at_most, 1.0);
            wider.names.push(sought.names[*constraint].clone());
        }
        let found = choose_straight(&more, &wider);
        let next = match &found {
            Some(choice) => choice.at.clone(),
            None => nearest(&more, &wider, |_| true).0,
        };
        if is_same(&next, &at) {
            break;
        }
        if round >= KEEPS_ROWS_FROM {
            for (constraint, _) in view.of.pairs().filter(|(_, felt)| felt.is_passed()) {
                kept.push((constraint, rows.of[constraint].clone(), rows.at_most[constraint]));
            }
        }
        let own = sought.names.ids();
        arrived = found.map(|mut choice| {
            choice.equations.retain(|equation| match equation {
                Equation::Reached(constraint) => own.contains(*constraint),
                _ => true,
            });
            choice
        });
        at = next;
    }
    Ok(best)
}

/// Opens one inlet after another as far as it goes with the others as they are, until none goes
/// any further.
fn improve(feel: &mut impl Feel, sought: &Sought, choice: &mut Choice) -> Result<(), SolveError> {
    for _ in 0..MOST_PIECES {
        let mut gained = false;
        for inlet in sought.taking_part() {
            if choice.at[inlet] >= 1.0 {
                continue;
            }
            let found = down(feel, &choice.at, &[inlet], &|_| true)?;
            let (opening, equation, jump) = match found {
                None => continue,
                Some(End::Open) => (1.0, Equation::Open(inlet), None),
                Some(End::Reached(opening, index)) => (opening, Equation::Reached(index), None),
                Some(End::Jump(opening, broken)) => (opening, Equation::Jump(inlet), Some(broken)),
            };
            if opening <= choice.at[inlet] + GAIN {
                continue;
            }
            gained = true;
            choice.at[inlet] = opening;
            choice.jumps.retain(|(other, _)| *other != inlet);
            choice.jumps.extend(jump.map(|broken| (inlet, broken)));
            choice.equations.retain(|old| match old {
                Equation::Shut(own) | Equation::Jump(own) => *own != inlet,
                Equation::Alike(one, other) => *one != inlet && *other != inlet,
                Equation::Reached(_) | Equation::Open(_) => true,
            });
            choice.equations.insert(0, equation);
        }
        if !gained {
            break;
        }
    }
    Ok(())
}
