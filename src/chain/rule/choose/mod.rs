//! Which openings a level takes: of all that are allowed, those that come first in its order.
//!
//! *In:* the level's groups of inlets, what its constraints name, and a way to feel the constraints
//! at any openings. *Out:* openings, what they follow from, what is promised of them. *Order:*
//! `straight` where constraints are straight rows; elsewhere `bent`, which looks `down` along one
//! opening at a time, follows straight rows over `pieces`, moves inlets `together` and puts all at
//! `capacity`; `named`, where some constraints name only some inlets; `stops` says what stops each
//! inlet, `nowhere` what cannot hold.
//!
//! Nothing here knows of chains: openings are numbers between 0 and 1, constraints are slacks.

mod bent;
mod capacity;
mod down;
mod named;
mod nowhere;
mod pieces;
mod stops;
mod straight;
mod together;

pub(in crate::chain) use bent::choose_bent;
pub(in crate::chain) use nowhere::smallest_set;
pub(in crate::chain) use pieces::nearest_bent;
pub(in crate::chain) use stops::{Slopes, stops};
pub(in crate::chain) use straight::{Rows, choose_straight, nearest, solve};

use super::plan::Constraint;
use crate::chain::error::SolveError;
use crate::chain::promise::Openings;
use crate::ids::{Id, List};

/// The place of a constraint in its level.
type ConstraintId = Id<Constraint>;

/// By how much of its scale a constraint may be passed and still hold.
pub(in crate::chain) const HOLDS_WITHIN: f64 = 1e-12;

/// How near to its capacity, relative to its scale, a constraint counts as reached.
pub(in crate::chain) const REACHED_WITHIN: f64 = 1e-9;

/// An opening smaller than this is none.
pub(in crate::chain) const SHUT_BELOW: f64 = 1e-15;

/// Longest step where loads may oscillate.
pub(in crate::chain) const LONGEST_STEP: f64 = 1.0 / 16.0;

/// How far past an event a step lands, relative to its place.
pub(in crate::chain) const PAST_EVENT: f64 = 1e-13;

/// What lies less than this past an event is at it: a constraint holds a little beyond its capacity.
pub(in crate::chain) const AT_EVENT: f64 = 1e-11;

/// Load and capacity that agree within this of their scale are the same.
const SAME: f64 = 1e-14;

/// Openings that gain less than this gain nothing.
const GAIN: f64 = 1e-11;

/// Most programmes that are followed from one start.
const MOST_PIECES: usize = 24;

/// Slopes below this, relative to the scale, are none.
const FLAT: f64 = 1e-12;

/// What is sought: inlets by their places in the level.
#[derive(Debug, Clone, Default)]
pub(in crate::chain) struct Sought {
    /// Inlets in groups, in order; those that are offered nothing are in none.
    pub groups: Vec<Vec<usize>>,
    /// By constraint and inlet: whether it names the inlet.
    pub names: List<Constraint, Vec<bool>>,
    /// How many inlets there are.
    pub inlets: usize,
}

impl Sought {
    /// Openings with all inlets that take part at one, and others, which are offered nothing, open.
    pub fn all(&self, opening: f64) -> Vec<f64> {
        let mut at = vec![1.0; self.inlets];
        for inlet in self.taking_part() {
            at[inlet] = opening;
        }
        at
    }

    /// The inlets that are offered anything, in order.
    pub fn taking_part(&self) -> impl Iterator<Item = usize> + '_ {
        self.groups.iter().flatten().copied()
    }

    /// Whether every constraint names every inlet that takes part.
    pub fn names_all(&self) -> bool {
        self.names.ids().iter().all(|constraint| self.is_for_all(constraint))
    }

    /// Whether a constraint names every inlet that takes part.
    pub fn is_for_all(&self, constraint: ConstraintId) -> bool {
        self.taking_part().all(|inlet| self.names[constraint][inlet])
    }
}

/// What is felt of one constraint.
#[derive(Debug, Clone, Copy)]
pub(in crate::chain) struct Felt {
    /// Load less capacity; above zero: broken.
    pub slack: f64,
    /// How the slack moves along the way.
    pub slope: f64,
    /// The largest of capacity, load, and load with all inlets open.
    pub scale: f64,
}

impl Felt {
    /// Whether it is passed by more than a constraint may be.
    pub fn is_passed(&self) -> bool {
        self.slack > HOLDS_WITHIN * self.scale
    }
}

/// What is felt at some openings, and along a way from them.
#[derive(Debug, Clone)]
pub(in crate::chain) struct View {
    pub of: List<Constraint, Felt>,
    /// How far along the way slopes change.
    pub event: f64,
}

impl View {
    /// Whether all constraints hold.
    pub fn holds(&self) -> bool {
        self.of.iter().all(|felt| !felt.is_passed())
    }
}

/// A level that can be looked at.
pub(in crate::chain) trait Feel {
    /// What is felt at openings, moving along a way.
    fn look(&mut self, at: &[f64], way: &[f64]) -> Result<View, SolveError>;

    /// What is felt at openings as they are.
    fn look_at(&mut self, at: &[f64]) -> Result<View, SolveError> {
        self.look(at, &vec![0.0; at.len()])
    }

    /// How the slack of each constraint moves with each inlet, to the side that the inlet can go to,
    /// `by` so much beyond; with what is felt there last.
    fn slopes_at(
        &mut self,
        at: &[f64],
        by: f64,
    ) -> Result<(List<Constraint, Vec<f64>>, View), SolveError> {
        let mut seen: Option<(List<Constraint, Vec<f64>>, View)> = None;
        for inlet in 0..at.len() {
            let side = if at[inlet] >= 1.0 { -1.0 } else { 1.0 };
            let (mut way, mut moved) = (vec![0.0; at.len()], at.to_vec());
            way[inlet] = side;
            moved[inlet] += side * by;
            let view = self.look(&moved, &way)?;
            let before = seen.take().map(|(slopes, _)| slopes);
            let mut slopes = before.unwrap_or_else(|| view.of.iter().map(|_| Vec::new()).collect());
            for (own, felt) in slopes.iter_mut().zip(&view.of) {
                own.push(felt.slope * side);
            }
            seen = Some((slopes, view));
        }
        seen.ok_or_else(|| self.lost())
    }

    /// Whether constraints are straight between events.
    fn is_straight_between(&self) -> bool;

    /// Whether a load may rise and fall again within a short way.
    fn oscillates(&self) -> bool;

    /// Whether no search of another level lies around this one.
    fn is_outermost(&self) -> bool {
        false
    }

    /// Whether slopes at one place may differ with the side that the way leads to.
    fn has_sides(&self) -> bool {
        false
    }

    /// What could not be found, for messages.
    fn lost(&self) -> SolveError;
}

/// What an opening follows from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::chain) enum Equation {
    /// A constraint is just at its capacity.
    Reached(ConstraintId),
    /// An inlet is shut.
    Shut(usize),
    /// An inlet is open.
    Open(usize),
    /// Two inlets of a group are open alike.
    Alike(usize, usize),
    /// An inlet is open as far as a jump lets it.
    Jump(usize),
}

/// The openings taken.
#[derive(Debug, Clone)]
pub(in crate::chain) struct Choice {
    /// By inlet.
    pub at: Vec<f64>,
    /// What the openings are the solution of.
    pub equations: Vec<Equation>,
    pub promise: Openings,
    /// Inlets that could open further but for a jump, with what breaks there.
    pub jumps: Vec<(usize, Vec<ConstraintId>)>,
    /// What is felt there, where that was looked at last.
    pub felt: Option<View>,
}

impl Choice {
    /// Openings that nothing jumps at.
    pub fn new(at: Vec<f64>, equations: Vec<Equation>, promise: Openings) -> Self {
        Self { at, equations, promise, jumps: Vec::new(), felt: None }
    }

    /// Takes the place of one that it comes before, or of none.
    fn improves(self, best: &mut Option<Self>, groups: &[Vec<usize>]) {
        if best.as_ref().is_none_or(|best| is_better(groups, &self.at, &best.at)) {
            *best = Some(self);
        }
    }
}

/// What openings follow from where they stand: inlets that are open or shut, constraints that are
/// reached, members of groups that are open alike.
fn equations(at: &[f64], view: &View, groups: &[Vec<usize>]) -> Vec<Equation> {
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
    for group in groups {
        for pair in group.windows(2) {
            if (at[pair[0]] - at[pair[1]]).abs() <= REACHED_WITHIN {
                equations.push(Equation::Alike(pair[0], pair[1]));
            }
        }
    }
    equations
}

/// Whether one choice of openings comes before another: within each group the smallest is compared
/// first; then the first declared.
pub(in crate::chain) fn is_better(groups: &[Vec<usize>], one: &[f64], other: &[f64]) -> bool {
    const SAME: f64 = 1e-12;
    for group in groups {
        let sorted = |at: &[f64]| {
            let mut own: Vec<f64> = group.iter().map(|&inlet| at[inlet]).collect();
            own.sort_by(f64::total_cmp);
            own
        };
        let declared = |at: &[f64]| group.iter().map(|&inlet| at[inlet]).collect::<Vec<f64>>();
        let pairs = sorted(one).into_iter().zip(sorted(other));
        let pairs = pairs.chain(declared(one).into_iter().zip(declared(other)));
        for (one, other) in pairs {
            if (one - other).abs() > SAME {
                return one > other;
            }
        }
    }
    false
}
