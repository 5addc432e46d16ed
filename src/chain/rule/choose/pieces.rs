//! Straight programmes followed from piece to piece: on each piece constraints are straight rows.

use super::straight::{Rows, choose_straight, nearest};
use super::{Choice, ConstraintId, Equation, FLAT, Feel, GAIN, MOST_PIECES, Sought, View};
use crate::chain::error::SolveError;

/// From then on rows of pieces that were left again are kept.
const KEEPS_ROWS_FROM: usize = 8;

/// Openings that agree within this are the same.
const SETTLED: f64 = 1e-14;

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

pub(super) fn relative(slack: f64, scale: f64) -> f64 {
    if scale > 0.0 { slack / scale } else { slack }
}

/// Where programmes start: all open, all shut.
pub(super) fn starts(sought: &Sought) -> [Vec<f64>; 2] {
    [sought.all(1.0), sought.all(0.0)]
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
///
/// No farther than so much from some openings, where that is said.
pub(super) fn follow(
    feel: &mut impl Feel,
    start: &[f64],
    sought: &Sought,
    nearby: Option<(&[f64], f64)>,
) -> Result<Option<Choice>, SolveError> {
    let mut at = start.to_vec();
    let mut best: Option<Choice> = None;
    // rows of pieces that were left again, each of a constraint that was broken there
    let mut kept: Vec<(ConstraintId, Vec<f64>, f64)> = Vec::new();
    let mut arrived: Option<Choice> = None;
    for round in 0..MOST_PIECES {
        let (rows, view) = piece(feel, &at)?;
        if let Some(choice) = arrived.take().filter(|_| view.holds()) {
            choice.improves(&mut best, &sought.groups);
        }
        let (mut more, mut wider) = (rows.clone(), sought.clone());
        for (constraint, of, at_most) in &kept {
            more.push(of.clone(), *at_most, 1.0);
            wider.names.push(sought.names[*constraint].clone());
        }
        if let Some((centre, radius)) = nearby {
            for inlet in sought.taking_part() {
                for side in [1.0, -1.0] {
                    let mut row = vec![0.0; centre.len()];
                    row[inlet] = side;
                    more.push(row, side * centre[inlet] + radius, 1.0);
                    wider.names.push(vec![true; centre.len()]);
                }
            }
        }
        // rows that are kept, and how near it is, are nothing that openings follow from
        let own = sought.names.ids();
        let found = choose_straight(&more, &wider).map(|mut choice| {
            choice.equations.retain(|equation| match equation {
                Equation::Reached(constraint) => own.contains(*constraint),
                _ => true,
            });
            choice
        });
        let next = match &found {
            Some(choice) => choice.at.clone(),
            None => nearest(&more, &wider, |_| true).0,
        };
        if is_same(&next, &at) {
            // rounding decides whether what just holds does
            if !view.holds()
                && let Some(choice) = found
                && feel.look_at(&next)?.holds()
            {
                choice.improves(&mut best, &sought.groups);
            }
            break;
        }
        if round >= KEEPS_ROWS_FROM {
            for (constraint, _) in view.of.pairs().filter(|(_, felt)| felt.is_passed()) {
                kept.push((constraint, rows.of[constraint].clone(), rows.at_most[constraint]));
            }
        }
        arrived = found;
        at = next;
    }
    Ok(best)
}
