//! Levels whose constraints are straight: a lexicographic linear programme over the openings.

use super::{Choice, ConstraintId, Equation, HOLDS_WITHIN, SHUT_BELOW, Sought};
use crate::chain::promise::Openings;
use crate::chain::rule::plan::Constraint;
use crate::ids::{Id, List};
use crate::programme::{Corner, Meeting, Programme};
use crate::scalar::Scalar;

/// What counts as some of a size of about 1.
const SOME: f64 = 1e-9;

/// Straight constraints: `slack = of x - at_most`, each divided by its scale.
#[derive(Debug, Clone, Default)]
pub(in crate::chain) struct Rows {
    pub of: List<Constraint, Vec<f64>>,
    pub at_most: List<Constraint, f64>,
    /// What each was divided by.
    pub scale: List<Constraint, f64>,
}

impl Rows {
    /// Adds a row, divided by its scale (by its largest coefficient where that is nothing).
    pub fn push(&mut self, mut of: Vec<f64>, mut at_most: f64, scale: f64) {
        let largest = of.iter().fold(at_most.abs(), |most, own| most.max(own.abs()));
        let scale = if scale > 0.0 { scale } else { largest };
        if scale > 0.0 {
            for own in &mut of {
                *own /= scale;
            }
            at_most /= scale;
        }
        self.of.push(of);
        self.at_most.push(at_most);
        self.scale.push(if scale > 0.0 { scale } else { 1.0 });
    }

    /// Load less capacity at some openings, relative to the scale.
    pub fn slack(&self, constraint: ConstraintId, at: &[f64]) -> f64 {
        let load: f64 = self.of[constraint].iter().zip(at).map(|(of, at)| of * at).sum();
        load - self.at_most[constraint]
    }

    /// Whether every row names every inlet that moves it.
    pub fn is_answered_for(&self, sought: &Sought) -> bool {
        self.of.pairs().all(|(constraint, of)| {
            sought.taking_part().all(|inlet| sought.names[constraint][inlet] || of[inlet] == 0.0)
        })
    }

    /// The programme of those rows that count.
    pub fn programme(&self, inlets: usize, counts: impl Fn(ConstraintId) -> bool) -> Programme {
        let mut programme = Programme::of_shares(inlets);
        for (constraint, of) in self.of.pairs() {
            if counts(constraint) {
                programme.row(of.clone(), self.at_most[constraint]);
            } else {
                // keeps its place
                programme.row(vec![0.0; inlets], 1.0);
            }
        }
        programme
    }
}

/// The best openings under rows; `None` where none are allowed.
pub(in crate::chain) fn choose_straight(rows: &Rows, sought: &Sought) -> Option<Choice> {
    if !rows.is_answered_for(sought) {
        return super::named::choose_rows(rows, sought);
    }
    choose_of(rows, sought, |_| true)
}

/// The best openings under those rows that count, which are answered for by all.
pub(super) fn choose_of(
    rows: &Rows,
    sought: &Sought,
    counts: impl Fn(&ConstraintId) -> bool,
) -> Option<Choice> {
    let mut programme = rows.programme(sought.inlets, |row| counts(&row));
    let mut equations = hold_what_takes_no_part(&mut programme, sought);
    if !programme.fits() {
        return None;
    }
    let mut corner = sought.all(0.0);
    for group in &sought.groups {
        greatest_of_group(&mut programme, group, &mut equations, &mut corner)?;
    }
    let at = settled(rows, sought, &mut equations, &corner);
    Some(Choice::new(at, equations, Openings::Exact))
}

/// The openings at which the largest excess is least, that excess, and what each row adds to it.
pub(in crate::chain) fn nearest(
    rows: &Rows,
    sought: &Sought,
    counts: impl Fn(ConstraintId) -> bool,
) -> (Vec<f64>, f64, List<Constraint, f64>) {
    let mut programme = rows.programme(sought.inlets, counts);
    hold_what_takes_no_part(&mut programme, sought);
    let count = programme.rows();
    let mut objective = vec![0.0; sought.inlets + 1];
    objective[sought.inlets] = -1.0;
    let mut shares: List<Constraint, f64> = rows.at_most.iter().map(|_| 0.0).collect();
    let Some(corner) = programme.with_excess().greatest(&objective) else {
        return (sought.all(1.0), 0.0, shares);
    };
    for &(meeting, worth) in &corner.meeting {
        if let Meeting::Row(row) = meeting
            && row < count
        {
            shares[Id::at(row)] = worth;
        }
    }
    let excess = corner.at[sought.inlets];
    (corner.at[..sought.inlets].to_vec(), excess, shares)
}

fn hold_what_takes_no_part(programme: &mut Programme, sought: &Sought) -> Vec<Equation> {
    let mut equations = Vec::new();
    for (inlet, at) in sought.all(0.0).into_iter().enumerate() {
        if at > 0.0 {
            programme.fix(inlet, 1.0);
            equations.push(Equation::Open(inlet));
        }
    }
    equations
}

/// Opens a group as far as it goes, its smallest opening first, and holds it there.
fn greatest_of_group(
    programme: &mut Programme,
    group: &[usize],
    equations: &mut Vec<Equation>,
    at: &mut [f64],
) -> Option<()> {
    let mut left = group.to_vec();
    while let [first, others @ ..] = &left[..] {
        if others.is_empty() {
            let mut objective = vec![0.0; programme.numbers()];
            objective[*first] = 1.0;
            let corner = programme.greatest(&objective)?;
            hold(programme, &corner, equations);
            at[*first] = corner.at[*first];
            programme.fix(*first, corner.at[*first]);
            return Some(());
        }
        let (level, held) = smallest_of(programme, &left, equations)?;
        for &inlet in &held {
            at[inlet] = level;
            programme.fix(inlet, level);
        }
        left.retain(|inlet| !held.contains(inlet));
    }
    Some(())
}

/// Makes the smallest opening of some inlets as large as it can be; gives it, and those that
/// cannot be above it.
fn smallest_of(
    programme: &mut Programme,
    inlets: &[usize],
    equations: &mut Vec<Equation>,
) -> Option<(f64, Vec<usize>)> {
    let numbers = programme.numbers();
    let rows = programme.rows();
    let with_level = programme.with_least(inlets);
    let mut objective = vec![0.0; numbers + 1];
    objective[numbers] = 1.0;
    let corner = with_level.greatest(&objective)?;
    let level = corner.at[numbers];
    let mut held: Vec<usize> = Vec::new();
    let mut full = false;
    for &(meeting, _) in corner.meeting.iter().filter(|(_, worth)| *worth > SOME) {
        match meeting {
            // the level cannot rise without this one
            Meeting::Row(row) if row >= rows => held.push(inlets[row - rows]),
            Meeting::High(number) if number == numbers => full = true,
            _ => {}
        }
    }
    if full {
        equations.extend(inlets.iter().map(|&inlet| Equation::Open(inlet)));
        return Some((level, inlets.to_vec()));
    }
    // rounding may hide who holds the level: then the one that is nearest to it
    if held.is_empty() {
        let nearest = |a: &&usize, b: &&usize| corner.at[**a].total_cmp(&corner.at[**b]);
        held.extend(inlets.iter().min_by(nearest));
    }
    let is_own = |meeting: Meeting| match meeting {
        Meeting::Row(row) => row < rows,
        Meeting::Low(number) | Meeting::High(number) => number < numbers,
    };
    let meeting = corner.meeting.into_iter().filter(|(meeting, _)| is_own(*meeting)).collect();
    hold(programme, &Corner { at: corner.at, meeting }, equations);
    equations.extend(held.iter().skip(1).map(|&inlet| Equation::Alike(held[0], inlet)));
    Some((level, held))
}

/// Holds what a corner gains by.
fn hold(programme: &mut Programme, corner: &Corner, equations: &mut Vec<Equation>) {
    for &(meeting, worth) in &corner.meeting {
        if worth <= SOME {
            continue;
        }
        let equation = match meeting {
            Meeting::Low(number) | Meeting::High(number) if programme.is_fixed(number) => continue,
            Meeting::Row(row) => Equation::Reached(Id::at(row)),
            Meeting::Low(number) => Equation::Shut(number),
            Meeting::High(number) => Equation::Open(number),
        };
        programme.hold(meeting);
        if !equations.contains(&equation) {
            equations.push(equation);
        }
    }
}

/// An opening that was worked out, as one.
pub(super) fn shut_or_open(opening: f64) -> f64 {
    let opening = opening.clamp(0.0, 1.0);
    if opening < SHUT_BELOW { 0.0 } else { opening }
}

/// How far the openings that equations give may lie from the corner that they were read off.
const SAME_CORNER: f64 = 1e-6;

/// The openings that equations give; those of the corner where they do not give it.
pub(super) fn settled(
    rows: &Rows,
    sought: &Sought,
    equations: &mut Vec<Equation>,
    corner: &[f64],
) -> Vec<f64> {
    let coefficients =
        |constraint: ConstraintId| (rows.of[constraint].clone(), rows.at_most[constraint]);
    let at = solve(sought.inlets, coefficients, corner, equations);
    let at: Vec<f64> = at.into_iter().map(shut_or_open).collect();
    // what is not given up holds
    let given_up = |row: ConstraintId| rows.slack(row, corner) > SAME_CORNER;
    let holds = |at: &[f64]| {
        rows.of.ids().iter().all(|row| rows.slack(row, at) <= HOLDS_WITHIN || given_up(row))
    };
    let same = at.iter().zip(corner).all(|(a, b)| (a - b).abs() <= SAME_CORNER);
    let mut at = if same && holds(&at) { at } else { corner.to_vec() };
    // an opening of one that is allowed is one
    for inlet in 0..at.len() {
        let before = at[inlet];
        if before < 1.0 && before > 1.0 - SAME_CORNER {
            at[inlet] = 1.0;
            if holds(&at) {
                equations.insert(0, Equation::Open(inlet));
            } else {
                at[inlet] = before;
            }
        }
    }
    at
}

/// Solves the equations that openings follow from: of all those found the first that are
/// independent, in numbers of any kind. Keeps those; an inlet that none decides stays where it is.
pub(in crate::chain) fn solve<S: Scalar>(
    inlets: usize,
    coefficients: impl Fn(ConstraintId) -> (Vec<S>, S),
    stays: &[f64],
    equations: &mut Vec<Equation>,
) -> Vec<S> {
    let mut matrix: Vec<Vec<S>> = Vec::with_capacity(inlets);
    let mut columns: Vec<usize> = Vec::with_capacity(inlets);
    equations.retain(|&equation| {
        if matrix.len() == inlets {
            return false;
        }
        let mut row = vec![S::zero(); inlets + 1];
        match equation {
            Equation::Reached(constraint) => {
                let (of, at_most) = coefficients(constraint);
                row[..inlets].copy_from_slice(&of);
                row[inlets] = at_most;
            }
            Equation::Shut(inlet) => row[inlet] = S::one(),
            Equation::Open(inlet) => (row[inlet], row[inlets]) = (S::one(), S::one()),
            Equation::Alike(one, other) => (row[one], row[other]) = (S::one(), -S::one()),
            Equation::Jump(inlet) => {
                (row[inlet], row[inlets]) = (S::one(), S::from_f64(stays[inlet]));
            }
        }
        let size = row[..inlets].iter().fold(0.0_f64, |most, own| most.max(own.value().abs()));
        for (lead, &column) in matrix.iter().zip(&columns) {
            let times = row[column] / lead[column];
            if times.value() != 0.0 {
                row.iter_mut().zip(lead).for_each(|(own, lead)| *own -= times * *lead);
                row[column] = S::zero();
            }
        }
        let largest =
            |a: &usize, b: &usize| row[*a].value().abs().total_cmp(&row[*b].value().abs());
        let Some(column) = (0..inlets).max_by(largest) else { return false };
        let pivot = row[column].value().abs();
        if pivot.is_nan() || pivot <= SOME * size {
            return false;
        }
        matrix.push(row);
        columns.push(column);
        true
    });
    let mut at: Vec<S> = stays.iter().map(|&own| S::from_f64(own)).collect();
    for (row, &column) in matrix.iter().zip(&columns).rev() {
        let others = (0..inlets).filter(|&other| other != column);
        let sum = others.fold(S::zero(), |sum, other| sum + row[other] * at[other]);
        at[column] = (row[inlets] - sum) / row[column];
    }
    at
}
