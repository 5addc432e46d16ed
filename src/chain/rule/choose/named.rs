//! Levels with constraints that name only some inlets: each inlet is opened as far as what names it
//! holds in the end, the later ones settled by the same rule.
//!
//! The later inlets' answer to one that opens is found with its slope, so that the search along one
//! inlet goes on straight lines as any other does.

use super::down::{End, down, with};
use super::straight::{Rows, settled};
use super::{
    Choice, ConstraintId, Equation, Feel, Felt, HOLDS_WITHIN, REACHED_WITHIN, SHUT_BELOW, Sought,
    View,
};
use crate::chain::error::SolveError;
use crate::chain::promise::Openings;

/// What is felt of all constraints at openings, moving along a way.
type Look<'s> = &'s mut dyn FnMut(&[f64], &[f64]) -> Result<View, SolveError>;

/// Of rows.
pub(super) fn choose_rows(rows: &Rows, sought: &Sought) -> Option<Choice> {
    let mut look = |at: &[f64], way: &[f64]| {
        let felt = |row: ConstraintId| Felt {
            slack: rows.slack(row, at),
            slope: rows.of[row].iter().zip(way).map(|(of, way)| of * way).sum(),
            scale: 1.0,
        };
        Ok(View { of: rows.of.ids().iter().map(felt).collect(), event: f64::INFINITY })
    };
    let mut choice = choose(&mut look, sought).ok().flatten()?;
    choice.at = settled(rows, sought, &mut choice.equations, choice.at);
    choice.promise = Openings::Exact;
    Some(choice)
}

/// Of constraints that are felt.
pub(super) fn choose_felt(
    feel: &mut impl Feel,
    sought: &Sought,
) -> Result<Option<Choice>, SolveError> {
    choose(&mut |at, way| feel.look(at, way), sought)
}

fn choose(look: Look<'_>, sought: &Sought) -> Result<Option<Choice>, SolveError> {
    let mut at = sought.all(0.0);
    let mut way = vec![0.0; at.len()];
    let classes = classes(sought);
    let mut settling = Settling { look, sought, classes };
    settling.settle(0, &mut at, &mut way)?;
    let view = (settling.look)(&at, &way)?;
    let broken =
        view.of.pairs().any(|(constraint, felt)| sought.is_for_all(constraint) && felt.is_passed());
    if broken {
        return Ok(None);
    }
    let mut equations: Vec<Equation> = Vec::new();
    for (inlet, &at) in at.iter().enumerate() {
        if at >= 1.0 {
            equations.push(Equation::Open(inlet));
        } else if at <= 0.0 {
            equations.push(Equation::Shut(inlet));
        }
    }
    for (constraint, felt) in view.of.pairs() {
        if felt.slack.abs() <= REACHED_WITHIN * felt.scale {
            equations.push(Equation::Reached(constraint));
        }
    }
    for class in &settling.classes {
        for pair in class.windows(2) {
            if (at[pair[0]] - at[pair[1]]).abs() <= REACHED_WITHIN {
                equations.push(Equation::Alike(pair[0], pair[1]));
            }
        }
    }
    Ok(Some(Choice { at, equations, promise: Openings::Local, jumps: Vec::new() }))
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
    sought: &'s Sought,
    classes: Vec<Vec<usize>>,
}

/// A level as it feels with all classes settled that come later.
struct Later<'l, 's> {
    settling: &'l mut Settling<'s>,
    class: usize,
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
        let mut later = Later { settling: self, class };
        let still = vec![0.0; at.len()];
        let mut end = down(&mut later, at, moved, &|own| counts.contains(&own))?;
        if end.is_none() {
            // what no opening of these makes hold is given up; what of that they raise keeps them
            // shut
            let shut = later.look(&with(at, moved, 0.0), &still)?;
            let open = later.look(&with(at, moved, 1.0), &still)?;
            let raised = |own: &ConstraintId| {
                shut.of[*own].is_passed() && open.of[*own].slack > shut.of[*own].slack
            };
            if !counts.iter().any(raised) {
                counts.retain(|own| !shut.of[*own].is_passed());
                end = down(&mut later, at, moved, &|own| counts.contains(&own))?;
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
        if let (Some(index), true) = (reached, moves && opening > 0.0) {
            let by_others = later.look(at, way)?.of[index].slope;
            let by_these = later.look(at, &with(&still, moved, -1.0))?.of[index].slope;
            if by_these != 0.0 {
                *way = with(way, moved, by_others / by_these);
            }
        }
        Ok(())
    }
}
