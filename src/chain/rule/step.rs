//! One step of a walk along a group of inlets, whatever numbers it is taken with: what is seen at an
//! opening, what is reached there, and how far the next step may go.

use super::plan::{Constraint, ConstraintId};
use super::workspace::HOLDS_WITHIN;
use crate::ids::List;
use crate::scalar::Scalar;

/// Longest step where a stage says it is wavy: what rises and falls again between two points is
/// seen only if one of them feels it.
pub(super) const LONGEST_STEP: f64 = 1.0 / 16.0;

/// How near to its capacity, relative to it, a load counts as having reached it.
const REACHED_WITHIN: f64 = 1e-14;

/// How near to an event, relative to its place, slopes are not taken for granted.
pub(super) const NEAR: f64 = 1e-9;

/// How far past an event a step lands, relative to its place.
pub(super) const PAST_EVENT: f64 = 1e-13;

/// What is seen of the constraints at one opening of a group.
#[derive(Debug, Clone)]
pub(super) struct Look<S> {
    pub at: S,
    pub of: List<Constraint, Seen<S>>,
    /// How far ahead the nearest event is, at which slopes change.
    pub event: S,
}

/// What is seen of one constraint.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen<S> {
    /// Load less capacity; above zero: broken.
    pub slack: S,
    pub slope: S,
    /// The larger of load and capacity.
    pub scale: S,
}

impl<S: Scalar> Look<S> {
    /// By how much a load may pass its capacity and still hold.
    pub fn tolerance(&self, index: ConstraintId) -> S {
        self.of[index].scale.scaled(HOLDS_WITHIN)
    }

    /// Above zero where a load has passed its capacity by more than a tolerance.
    pub fn passed(&self, index: ConstraintId, tolerance: S) -> S {
        self.of[index].slack - tolerance
    }

    /// Above zero where a load rises by more than a tolerance on the way to the full opening.
    pub fn rises(&self, index: ConstraintId, tolerance: S) -> S {
        self.of[index].slope * (S::one() - self.at) - tolerance
    }

    /// Above zero by how much a load falls short of its capacity; not above zero where it has
    /// reached it.
    pub fn short(&self, index: ConstraintId) -> S {
        -(self.of[index].slack + self.of[index].scale.scaled(REACHED_WITHIN))
    }

    /// How far ahead a load reaches its capacity on a straight line.
    pub fn distance(&self, index: ConstraintId) -> S {
        -self.of[index].slack / self.of[index].slope
    }

    /// The farthest that a step may lead.
    pub fn farthest(&self, wavy: bool) -> S {
        if wavy { S::one().min(self.at + S::from_f64(LONGEST_STEP)) } else { S::one() }
    }

    /// The least opening that lies beyond this one.
    pub fn next_opening(&self) -> S {
        self.at.scaled(1.0 + f64::EPSILON)
    }

    /// A step after which a load that is at its capacity here, and goes on rising with `slope`, has
    /// left its tolerance behind.
    pub fn beyond(at: S, slope: S, tolerance: S) -> S {
        let step = (tolerance / slope).scaled(4.0).max(at.scaled(8.0 * f64::EPSILON));
        S::select(step, step, S::from_f64(HOLDS_WITHIN))
    }
}
