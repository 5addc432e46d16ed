//! What stops each inlet: smallest sets of reached constraints that no small move gets round.

use super::{ConstraintId, Sought};
use crate::chain::rule::plan::Constraint;
use crate::ids::List;
use crate::programme::Programme;

/// Slopes below this, relative to the scale, are none.
const FLAT: f64 = 1e-9;

/// Openings that differ by less than this stand alike.
const ALIKE: f64 = 1e-10;

/// How far others may move for one that opens.
const FAR: f64 = 1e6;

/// Of more reached constraints than this all are named that the inlet raises.
const MOST_REACHED: usize = 12;

/// How the slack of each constraint moves with each inlet, relative to its scale.
#[derive(Debug, Clone, Default)]
pub(in crate::chain) struct Slopes {
    /// Where the inlet opens further.
    pub opening: List<Constraint, Vec<f64>>,
    /// Where it closes: what the slack gains by one that closes.
    pub closing: List<Constraint, Vec<f64>>,
}

/// How an inlet may move for another to open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum May {
    Stay,
    Open,
    Close,
    Either,
}

/// What stops an inlet, of the constraints that are reached, and of those of them that are broken:
/// those that its own opening raises come first.
pub(in crate::chain) fn stops(
    inlet: usize,
    at: &[f64],
    sought: &Sought,
    reached: &[ConstraintId],
    broken: &[ConstraintId],
    slopes: &Slopes,
) -> Vec<ConstraintId> {
    let raises = |constraint: ConstraintId| slopes.opening[constraint][inlet] > FLAT;
    let mut found: Vec<Vec<ConstraintId>> = Vec::new();
    // what is given up keeps those shut that it names and that would raise it
    let keeps = |own: &&ConstraintId| sought.names[**own][inlet] && raises(**own);
    found.extend(broken.iter().filter(keeps).map(|&own| vec![own]));
    if reached.len() > MOST_REACHED {
        found.extend(reached.iter().filter(|&&own| raises(own)).map(|&own| vec![own]));
    } else {
        let mut sets: Vec<u32> = (1..1_u32 << reached.len()).collect();
        sets.sort_by_key(|set| set.count_ones());
        let mut smallest: Vec<u32> = Vec::new();
        for set in sets {
            if smallest.iter().any(|small| set & small == *small) {
                continue;
            }
            let own: Vec<ConstraintId> = (0..reached.len())
                .filter(|place| set >> place & 1 == 1)
                .map(|place| reached[place])
                .collect();
            let named = own.iter().any(|&constraint| sought.names[constraint][inlet]);
            if named
                && own.iter().any(|&own| raises(own))
                && is_stuck(inlet, at, sought, &own, slopes)
            {
                smallest.push(set);
                found.push(own);
            }
        }
    }
    let mut all: Vec<ConstraintId> = found.into_iter().flatten().collect();
    all.sort_by_key(|&constraint| (!raises(constraint), constraint));
    all.dedup();
    all
}

/// How each inlet may move for one to open, past some constraints.
fn ways(inlet: usize, at: &[f64], sought: &Sought, set: &[ConstraintId]) -> Vec<May> {
    let mut may = vec![May::Stay; at.len()];
    let mut later = false;
    for group in &sought.groups {
        let own = group.contains(&inlet);
        for &other in group {
            let free = later || (own && at[other] > at[inlet] + ALIKE);
            if !free || other == inlet {
                continue;
            }
            let gives_way = set.iter().any(|&constraint| sought.names[constraint][other]);
            let (up, down) = (at[other] < 1.0, gives_way && at[other] > 0.0);
            may[other] = match (up, down) {
                (true, true) => May::Either,
                (true, false) => May::Open,
                (false, true) => May::Close,
                (false, false) => May::Stay,
            };
        }
        later |= own;
    }
    may
}

/// Whether no small move opens an inlet without raising one of some constraints.
fn is_stuck(
    inlet: usize,
    at: &[f64],
    sought: &Sought,
    set: &[ConstraintId],
    slopes: &Slopes,
) -> bool {
    let steep = |slope: f64| if slope.abs() <= FLAT { 0.0 } else { slope };
    let may = ways(inlet, at, sought, set);
    // numbers: how far each other opens, or closes
    let mut moves: Vec<(usize, bool)> = Vec::new();
    for (other, may) in may.iter().enumerate() {
        if matches!(may, May::Open | May::Either) {
            moves.push((other, true));
        }
        if matches!(may, May::Close | May::Either) {
            moves.push((other, false));
        }
    }
    let mut programme = Programme::new(vec![(0.0, FAR); moves.len()]);
    for &constraint in set {
        let own = steep(slopes.opening[constraint][inlet]);
        let of: Vec<f64> = moves
            .iter()
            .map(|&(other, opens)| {
                let side = if opens { &slopes.opening } else { &slopes.closing };
                steep(side[constraint][other])
            })
            .collect();
        let size = of.iter().fold(own.abs(), |most, of| most.max(of.abs()));
        if size == 0.0 {
            continue;
        }
        if own > 0.0 && of.iter().all(|&of| of >= 0.0) {
            return true;
        }
        programme.row(of.iter().map(|of| of / size).collect(), -own / size);
    }
    !programme.fits()
}
