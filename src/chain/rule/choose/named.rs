//! Levels with constraints that name only some inlets: each inlet is opened as far as what names it
//! holds in the end, the later ones settled by the same rule.
//!
//! Where rows are straight and few inlets come later, an opening at which anything changes is where
//! some rows and bounds meet: all of those are tried. Elsewhere the later inlets' answer to one that
//! opens is found with its slope, so that the search along one inlet goes on straight lines as any
//! other does.

use super::down::{End, down, down_with_looks, with};
use super::straight::{Rows, choose_of, settled};
use super::{
    Choice, ConstraintId, FLAT, Feel, Felt, HOLDS_WITHIN, SAME, SHUT_BELOW, Sought, View, equations,
};
use crate::chain::error::SolveError;
use crate::chain::promise::Openings;

/// Openings that are this close are as good as one; how far below a jump openings are put.
const CLOSE: f64 = 1e-12;

/// Of more later inlets, or more rows, not all corners are tried.
const MOST_LATER: usize = 2;
const MOST_ROWS: usize = 12;

/// What is felt of all constraints at openings, moving along a way.
type Look<'s> = &'s mut dyn FnMut(&[f64], &[f64]) -> Result<View, SolveError>;

/// Of rows.
pub(super) fn choose_rows(rows: &Rows, sought: &Sought) -> Option<Choice> {
    // where what names only some holds anyway, the rule is that of what names all
    let for_all = |row: &ConstraintId| sought.is_for_all(*row);
    if let Some(choice) = choose_of(rows, sought, for_all)
        && rows.of.ids().iter().all(|row| rows.slack(row, &choice.at) <= HOLDS_WITHIN)
    {
        return Some(choice);
    }
    let mut look = |at: &[f64], way: &[f64]| {
        let felt = |row: ConstraintId| Felt {
            slack: rows.slack(row, at),
            slope: rows.of[row].iter().zip(way).map(|(of, way)| of * way).sum(),
            scale: 1.0,
        };
        Ok(View { of: rows.of.ids().iter().map(felt).collect(), event: f64::INFINITY })
    };
    let mut choice = choose(&mut look, Some(rows), sought).ok().flatten()?;
    choice.at = settled(rows, sought, &mut choice.equations, &choice.at);
    choice.promise = Openings::Exact;
    Some(choice)
}

/// Of constraints that are felt.
pub(super) fn choose_felt(
    feel: &mut impl Feel,
    sought: &Sought,
) -> Result<Option<Choice>, SolveError> {
    choose(&mut |at, way| feel.look(at, way), None, sought)
}

fn choose(
    look: Look<'_>,
    rows: Option<&Rows>,
    sought: &Sought,
) -> Result<Option<Choice>, SolveError> {
    let mut at = sought.all(0.0);
    let mut way = vec![0.0; at.len()];
    let classes = classes(sought);
    let mut settling = Settling { look, rows, sought, classes };
    settling.settle(0, &mut at, &mut way)?;
    let view = (settling.look)(&at, &way)?;
    let broken =
        view.of.pairs().any(|(constraint, felt)| sought.is_for_all(constraint) && felt.is_passed());
    if broken {
        return Ok(None);
    }
    let equations = equations(&at, &view, &settling.classes);
    Ok(Some(Choice::new(at, equations, Openings::Local)))
}

/// Groups, each in parts that are named alike: the named, then the others.
fn classes(sought: &Sought) -> Vec<Vec<usize>> {
    let mut classes = sought.groups.clone();
    for names in &sought.names {
        classes = classes
            .into_iter()
            .flat_map(|class| {
                let (named, others): (Vec<usize>, Vec<usize>) =
                    class.into_iter().partition(|&inlet| names[inlet]);
                [named, others]
            })
            .filter(|class| !class.is_empty())
            .collect();
    }
    classes
}

struct Settling<'s> {
    look: Look<'s>,
    rows: Option<&'s Rows>,
    sought: &'s Sought,
    classes: Vec<Vec<usize>>,
}

/// A level as it feels with all classes settled that come later.
struct Later<'l, 's> {
    settling: &'l mut Settling<'s>,
    class: usize,
}

impl Later<'_, '_> {
    /// The largest opening of some inlets at which those constraints hold that count.
    fn greatest(
        &mut self,
        at: &[f64],
        moved: &[usize],
        counts: &[ConstraintId],
        corners: Option<&[f64]>,
    ) -> Result<Option<End>, SolveError> {
        let Some(corners) = corners else {
            let counts = |own| counts.contains(&own);
            // where looks are cheap, and not too many lie inside each other
            let later: usize = self.settling.classes[self.class + 1..].iter().map(Vec::len).sum();
            return if self.settling.rows.is_some() && later <= MOST_LATER + 1 {
                down_with_looks(self, at, moved, &counts)
            } else {
                down(self, at, moved, &counts)
            };
        };
        let still = vec![0.0; at.len()];
        let mut view_at = |opening: f64| self.look(&with(at, moved, opening), &still);
        let holds = |view: &View| counts.iter().all(|&own| !view.of[own].is_passed());
        if holds(&view_at(1.0)?) {
            return Ok(Some(End::Open));
        }
        let mut above = 1.0;
        for &corner in corners {
            // between two corners nothing begins to hold or to be broken
            let middle = view_at(0.5 * (above + corner))?;
            if above - corner > CLOSE && holds(&middle) {
                let broken = view_at(above)?;
                let broken = counts.iter().copied().filter(|&own| broken.of[own].is_passed());
                // later inlets may feel what jumps within its tolerance
                let (mut below, mut by) = ((above - CLOSE).max(corner), CLOSE);
                while !holds(&view_at(below)?) && by < above - corner {
                    by *= 4.0;
                    below = (above - by).max(0.5 * (above + corner));
                }
                return Ok(Some(End::Jump(below, broken.collect())));
            }
            let view = view_at(corner)?;
            if holds(&view) {
                let nearest = |a: &&ConstraintId, b: &&ConstraintId| {
                    view.of[**a].slack.total_cmp(&view.of[**b].slack).then(b.cmp(a))
                };
                return Ok(counts.iter().max_by(nearest).map(|&own| End::Reached(corner, own)));
            }
            above = corner;
        }
        Ok(None)
    }
}

impl Feel for Later<'_, '_> {
    fn look(&mut self, at: &[f64], way: &[f64]) -> Result<View, SolveError> {
        let (mut at, mut way) = (at.to_vec(), way.to_vec());
        self.settling.settle(self.class + 1, &mut at, &mut way)?;
        (self.settling.look)(&at, &way)
    }

    fn is_straight_between(&self) -> bool {
        false
    }

    fn oscillates(&self) -> bool {
        false
    }

    fn has_sides(&self) -> bool {
        true
    }

    fn lost(&self) -> SolveError {
        SolveError::NotConverged { place: "limits that name only some inlets".to_owned() }
    }
}

impl Settling<'_> {
    /// Opens a class and all later ones, given the earlier and how they move.
    fn settle(
        &mut self,
        class: usize,
        at: &mut Vec<f64>,
        way: &mut Vec<f64>,
    ) -> Result<(), SolveError> {
        let Some(members) = self.classes.get(class).cloned() else { return Ok(()) };
        for &inlet in &members {
            (at[inlet], way[inlet]) = (0.0, 0.0);
        }
        self.open(class, &members, at, way)?;
        let together = members.iter().map(|&inlet| at[inlet]).fold(1.0, f64::min);
        if members.len() > 1 && together < 1.0 {
            for &inlet in &members {
                let (mut own, mut own_way) = (at.clone(), way.clone());
                self.open(class, &[inlet], &mut own, &mut own_way)?;
                if own[inlet] > together * (1.0 + HOLDS_WITHIN) {
                    (*at, *way) = (own, own_way);
                }
            }
        }
        self.settle(class + 1, at, way)
    }

    /// All openings of some inlets at which rows and the bounds of later inlets meet, from the
    /// largest down to none; nothing where there are no rows, or too many meet.
    fn corners(&self, class: usize, moved: &[usize], at: &[f64]) -> Option<Vec<f64>> {
        let rows = self.rows?;
        let later: Vec<usize> = self.classes[class + 1..].iter().flatten().copied().collect();
        if later.len() > MOST_LATER || rows.of.len() > MOST_ROWS {
            return None;
        }
        // of all that moves: these first, then later ones
        let mut meeting: Vec<Vec<f64>> = Vec::new();
        for (row, of) in rows.of.pairs() {
            let mut own = vec![moved.iter().map(|&inlet| of[inlet]).sum()];
            own.extend(later.iter().map(|&inlet| of[inlet]));
            let stays =
                (0..at.len()).filter(|inlet| !moved.contains(inlet) && !later.contains(inlet));
            own.push(rows.at_most[row] - stays.map(|inlet| of[inlet] * at[inlet]).sum::<f64>());
            meeting.push(own);
        }
        for place in 0..later.len() {
            for bound in [0.0, 1.0] {
                let mut own = vec![0.0; later.len() + 2];
                (own[place + 1], own[later.len() + 1]) = (1.0, bound);
                meeting.push(own);
            }
        }
        let mut found = vec![0.0];
        let mut set: Vec<usize> = (0..=later.len()).collect();
        if meeting.len() >= set.len() {
            loop {
                let own = set.iter().map(|&place| meeting[place].clone()).collect();
                found.extend(first_of(own).filter(|corner| *corner > 0.0 && *corner < 1.0));
                let room = |place: &usize| set[*place] + set.len() - place < meeting.len();
                let Some(place) = (0..set.len()).rev().find(room) else { break };
                let next = set[place] + 1;
                for (step, own) in set[place..].iter_mut().enumerate() {
                    *own = next + step;
                }
            }
        }
        found.sort_by(|a, b| b.total_cmp(a));
        found.dedup_by(|a, b| (*a - *b).abs() <= SAME);
        Some(found)
    }

    /// Opens some inlets of a class together, as far as all holds in the end that names them; finds
    /// how they move with the earlier.
    fn open(
        &mut self,
        class: usize,
        moved: &[usize],
        at: &mut Vec<f64>,
        way: &mut Vec<f64>,
    ) -> Result<(), SolveError> {
        let names = |constraint: &ConstraintId| {
            moved.iter().any(|&inlet| self.sought.names[*constraint][inlet])
        };
        let mut counts: Vec<ConstraintId> = self.sought.names.ids().iter().filter(names).collect();
        let corners = self.corners(class, moved, at);
        let mut later = Later { settling: self, class };
        let still = vec![0.0; at.len()];
        let mut end = later.greatest(at, moved, &counts, corners.as_deref())?;
        if end.is_none() && class == 0 {
            // what names some only, and no opening of these makes hold, is given up; what of that
            // they raise keeps them shut; later ones without an opening are shut anyhow
            let (mut shut, mut shut_way) = (with(at, moved, 0.0), still.clone());
            later.settling.settle(class + 1, &mut shut, &mut shut_way)?;
            let shut = (later.settling.look)(&shut, &with(&still, moved, 1.0))?;
            let sought = later.settling.sought;
            let keeps = |own: &ConstraintId| {
                let felt = &shut.of[*own];
                felt.is_passed() && (sought.is_for_all(*own) || felt.slope > FLAT * felt.scale)
            };
            if !counts.iter().any(keeps) {
                counts.retain(|own| !shut.of[*own].is_passed());
                end = later.greatest(at, moved, &counts, corners.as_deref())?;
            }
        }
        let (opening, reached) = match end {
            None => (0.0, None),
            Some(End::Open) => (1.0, None),
            Some(End::Reached(opening, index)) => (opening, Some(index)),
            Some(End::Jump(opening, _)) => (opening, None),
        };
        let opening = if opening < SHUT_BELOW { 0.0 } else { opening };
        *at = with(at, moved, opening);
        *way = with(way, moved, 0.0);
        let moves = way.iter().any(|&way| way != 0.0);
        if !moves {
            return Ok(());
        }
        let by_others = later.look(at, way)?;
        // what is open may have to close on the way
        let at_capacity = |own: &&ConstraintId| {
            let felt = &by_others.of[**own];
            felt.slack >= -SAME * felt.scale && felt.slope > FLAT * felt.scale
        };
        let reached =
            if opening < 1.0 { reached } else { counts.iter().find(at_capacity).copied() };
        if let Some(index) = reached {
            let by_these = later.look(at, &with(&still, moved, -1.0))?.of[index].slope;
            let moves = by_others.of[index].slope / by_these;
            // what is shut can only open, what is open only close
            let can = (opening > 0.0 || moves > 0.0) && (opening < 1.0 || moves < 0.0);
            if by_these != 0.0 && can {
                *way = with(way, moved, moves);
            }
        }
        Ok(())
    }
}

/// The first unknown of as many equations, each its coefficients and its right side; nothing where
/// they leave it open.
fn first_of(mut rows: Vec<Vec<f64>>) -> Option<f64> {
    let count = rows.len();
    // the first unknown last, so that it is what is left
    for (step, column) in (0..count).rev().enumerate() {
        let largest =
            |a: &usize, b: &usize| rows[*a][column].abs().total_cmp(&rows[*b][column].abs());
        let pivot = (step..count).max_by(largest)?;
        rows.swap(step, pivot);
        if rows[step][column].abs() <= SAME {
            return None;
        }
        let lead = rows[step].clone();
        for row in &mut rows[step + 1..] {
            let times = row[column] / lead[column];
            row.iter_mut().zip(&lead).for_each(|(own, lead)| *own -= times * lead);
        }
    }
    let last = rows.last()?;
    Some(last[count] / last[0])
}
