//! What no programme from all open or all shut and no inlet alone leads to: looks from afar where
//! nothing allowed is met, small moves of several inlets where they bend.

use super::bent::improve;
use super::down::{down, with};
use super::pieces::follow;
use super::{Choice, Feel, Felt, REACHED_WITHIN, Sought, equations, is_better};
use crate::chain::error::SolveError;
use crate::chain::promise::Openings;
use crate::chain::rule::plan::Constraint;
use crate::ids::List;

/// How far around openings inlets are moved together.
const NEARBY: f64 = 1e-6;

/// How many times as far they are moved next where that gains.
const FURTHER: f64 = 8.0;

/// How many times they are moved by a step before a longer one, that gained nothing, is tried again.
const MOVES_UNTIL_FURTHER: usize = 8;

/// How many times they are moved together at the most.
const MOST_MOVES: usize = 200;

/// The smallest steps, where only those gain.
const NEAREST: f64 = 1e-13;

/// Slopes that change by more than this of the scale within that are those of two pieces.
const BENDS_ABOVE: f64 = 1e-3;

/// Of more inlets, not all are moved beside one that opens.
const MOST_BESIDE: usize = 2;

/// Of more inlets, not all corners of a box are looked at.
const MOST_IN_CORNERS: usize = 4;

/// Where programmes from all open and all shut meet nothing allowed: the best of what is met from
/// where all inlets, or one alone, open as far as they may; of the outermost level, which is asked
/// once and not at every step of another's search, from the other corners and the middle, too.
pub(super) fn from_afar(
    feel: &mut impl Feel,
    sought: &Sought,
) -> Result<Option<Choice>, SolveError> {
    let part: Vec<usize> = sought.taking_part().collect();
    let mut starts = if feel.is_outermost() { all_over(sought) } else { Vec::new() };
    let shut = sought.all(0.0);
    let alone = part.iter().map(|&inlet| vec![inlet]);
    for moved in std::iter::once(part.clone()).chain(alone) {
        let found = down(feel, &shut, &moved, &|_| true)?;
        starts.extend(found.map(|end| with(&shut, &moved, end.opening())));
    }
    let mut best: Option<Choice> = None;
    for start in starts {
        let standing = standing(feel, &start, sought)?;
        for found in standing.into_iter().chain(follow(feel, &start, sought, None)?) {
            found.improves(&mut best, &sought.groups);
        }
    }
    Ok(best)
}

/// Whether something is broken at all corners and in the middle: it is taken to be so everywhere.
pub(super) fn is_broken_everywhere(
    feel: &mut impl Feel,
    sought: &Sought,
) -> Result<bool, SolveError> {
    let mut always: Option<List<Constraint, bool>> = None;
    for start in all_over(sought) {
        let view = feel.look_at(&start)?;
        let passed: List<Constraint, bool> = view.of.iter().map(Felt::is_passed).collect();
        let before = always.take().unwrap_or_else(|| passed.clone());
        let both = before.iter().zip(&passed).map(|(before, passed)| *before && *passed);
        let both: List<Constraint, bool> = both.collect();
        if both.iter().all(|always| !always) {
            return Ok(false);
        }
        always = Some(both);
    }
    Ok(true)
}

/// All corners of what inlets may be opened to, and the middle.
fn all_over(sought: &Sought) -> Vec<Vec<f64>> {
    let mut places = around(sought.taking_part(), &sought.all(0.5), 0.5);
    places.push(sought.all(0.5));
    places
}

/// Openings as they are, with what they follow from; `None` where they are not allowed.
fn standing(
    feel: &mut impl Feel,
    at: &[f64],
    sought: &Sought,
) -> Result<Option<Choice>, SolveError> {
    let view = feel.look_at(at)?;
    let equations = || equations(at, &view, &sought.groups);
    Ok(view.holds().then(|| Choice::new(at.to_vec(), equations(), Openings::Local)))
}

/// The corners of a box around openings, of some inlets.
fn around(inlets: impl Iterator<Item = usize>, at: &[f64], radius: f64) -> Vec<Vec<f64>> {
    let mut corners = vec![at.to_vec()];
    for inlet in inlets.take(MOST_IN_CORNERS) {
        let sides = [-radius, radius].map(|by| (at[inlet] + by).clamp(0.0, 1.0));
        corners = corners
            .iter()
            .flat_map(|corner| sides.map(|side| with(corner, &[inlet], side)))
            .collect();
    }
    corners
}

/// Moves inlets together a little way, as the pieces around openings allow, and on from there as
/// far as it goes: what opens one may be that others move.
pub(super) fn move_together(
    feel: &mut impl Feel,
    sought: &Sought,
    best: &mut Choice,
) -> Result<(), SolveError> {
    if sought.taking_part().nth(1).is_none() {
        return Ok(());
    }
    let (mut radius, mut nearest) = (NEARBY, NEARBY);
    let mut moves_until_further = 0;
    for _ in 0..MOST_MOVES {
        let mut better: Option<Choice> = None;
        let bends = bends_at(feel, sought, &best.at)?;
        let mut starts = around(bends.into_iter(), &best.at, radius);
        starts.push(best.at.clone());
        for corner in starts {
            let Some(found) = follow(feel, &corner, sought, Some((&best.at, radius)))? else {
                continue;
            };
            if is_better(&sought.groups, &found.at, &best.at) {
                better = Some(found);
                break;
            }
        }
        if better.is_none() && feel.is_outermost() {
            better = step_together(feel, sought, &best.at, radius)?;
            if better.is_some() {
                nearest = NEAREST;
            }
        }
        let Some(mut better) = better else {
            if radius <= nearest {
                break;
            }
            radius = (radius / FURTHER).max(nearest);
            moves_until_further = MOVES_UNTIL_FURTHER;
            continue;
        };
        if let Some(found) = follow(feel, &better.at, sought, None)?
            && is_better(&sought.groups, &found.at, &better.at)
        {
            better = found;
        }
        improve(feel, sought, &mut better)?;
        // what held them nearby is nothing that they follow from
        if let Some(standing) = standing(feel, &better.at, sought)? {
            better.equations.extend(standing.equations);
        }
        *best = better;
        // what gained nothing at a longer step is not asked again at once
        if moves_until_further > 0 {
            moves_until_further -= 1;
        } else {
            radius = (radius * FURTHER).min(1.0);
        }
    }
    Ok(())
}

/// Openings a step away that are allowed and better: one inlet opens by a radius, those that come
/// later or stand higher move by multiples of it. Finds what lies along an edge past which something
/// breaks at once, as no slope tells.
fn step_together(
    feel: &mut impl Feel,
    sought: &Sought,
    at: &[f64],
    radius: f64,
) -> Result<Option<Choice>, SolveError> {
    const STEPS: [f64; 9] = [0.0, 0.1, -0.1, 1.0, -1.0, 5.0, -5.0, 30.0, -30.0];
    for (place, group) in sought.groups.iter().enumerate() {
        for &inlet in group.iter().filter(|&&inlet| at[inlet] < 1.0) {
            let beside = group.iter().filter(|&&other| at[other] > at[inlet] + REACHED_WITHIN);
            let later = sought.groups[place + 1..].iter().flatten();
            let others: Vec<usize> = beside.chain(later).copied().take(MOST_BESIDE).collect();
            let moves = others.iter().fold(1, |moves, _| moves * STEPS.len());
            for mut number in 0..moves {
                let mut moved = at.to_vec();
                moved[inlet] += radius;
                for &other in &others {
                    moved[other] += radius * STEPS[number % STEPS.len()];
                    number /= STEPS.len();
                }
                if moved.iter().all(|opening| (0.0..=1.0).contains(opening))
                    && let Some(found) = standing(feel, &moved, sought)?
                    && is_better(&sought.groups, &found.at, at)
                {
                    return Ok(Some(found));
                }
            }
        }
    }
    Ok(None)
}

/// The inlets along which slopes change at some openings.
fn bends_at(feel: &mut impl Feel, sought: &Sought, at: &[f64]) -> Result<Vec<usize>, SolveError> {
    let mut found = Vec::new();
    for inlet in sought.taking_part() {
        let mut way = vec![0.0; at.len()];
        way[inlet] = 1.0;
        let sides = [-NEARBY, NEARBY].map(|by| (at[inlet] + by).clamp(0.0, 1.0));
        let [below, above] = sides.map(|side| feel.look(&with(at, &[inlet], side), &way));
        let (below, above) = (below?, above?);
        let bends = below.of.iter().zip(&above.of).any(|(below, above)| {
            (below.slope - above.slope).abs() > BENDS_ABOVE * below.scale.max(above.scale)
        });
        if bends {
            found.push(inlet);
        }
    }
    Ok(found)
}
