//! What a run writes: streams, fractions, slacks, for one kind of scalar.

use super::prepare::Prepared;
use super::tree::{Stop, Tree};
use crate::param::Values;
use crate::scalar::Scalar;
use crate::stage::StageError;

/// By how much of the larger of its capacity and its load a limit may be passed and still hold.
pub(super) const HOLDS_WITHIN: f64 = 1e-12;

/// Everything a run writes, for one kind of scalar.
#[derive(Debug, Clone)]
pub(super) struct Space<S> {
    /// All streams, slot after slot.
    pub streams: Vec<S>,
    /// All parameter numbers.
    pub numbers: Vec<S>,
    pub stated: Vec<S>,
    /// By stage: what it has against what came in when it ran last.
    pub objections: Vec<Option<StageError>>,
    /// Accepted fraction of each inlet.
    pub fraction: Vec<S>,
    pub stop: Vec<Stop>,
    /// By limit: load less capacity (above zero where broken), for limits that throttle.
    pub slack: Vec<S>,
    /// By limit: the larger of load and capacity.
    pub scale: Vec<f64>,
    /// Responses of constraints to groups, level by level.
    pub responses: Vec<S>,
    /// The larger of load and capacity that goes with each response.
    pub scales: Vec<f64>,
    /// How far along the variable the nearest change of what stops an inner inlet is.
    pub next_event: f64,
    /// Limits that stopped an inlet although their load falls while it opens.
    pub falling: Vec<usize>,
}

impl<S: Scalar> Space<S> {
    pub fn new(tree: &Tree) -> Self {
        Self {
            streams: vec![S::zero(); tree.slots * tree.species],
            numbers: Vec::new(),
            stated: vec![S::zero(); tree.stated],
            objections: vec![None; tree.stages.len()],
            fraction: vec![S::one(); tree.inlets.len()],
            stop: vec![Stop::FullyDrawn; tree.inlets.len()],
            slack: vec![S::zero(); tree.limits.len()],
            scale: vec![0.0; tree.limits.len()],
            responses: Vec::new(),
            scales: Vec::new(),
            next_event: f64::INFINITY,
            falling: Vec::new(),
        }
    }

    pub fn load_values(&mut self, values: &Values, scratch: usize) {
        self.numbers.clear();
        self.numbers.extend(values.numbers.iter().map(|&number| S::from_f64(number)));
        self.responses.clear();
        self.responses.resize(scratch, S::zero());
        self.scales.clear();
        self.scales.resize(scratch, 0.0);
    }

    /// Notes where a number reaches zero along the variable: what stops an inner inlet may
    /// change there.
    pub fn note(&mut self, number: S) {
        if let Some(steps) = number.steps_to_zero() {
            self.next_event = self.next_event.min(steps);
        }
    }
}

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Outcome<'a> {
    pub streams: &'a [f64],
    pub stated: &'a [f64],
    /// By stated load: whether its stage states it.
    pub states: &'a [bool],
    pub fraction: &'a [f64],
    pub stop: &'a [Stop],
    pub falling: &'a [usize],
}

/// How far a group of inlets is opened.
#[derive(Debug, Clone, Copy)]
pub(super) enum Opening<S> {
    Shut,
    Full,
    Part(S),
}

/// One run of a chain.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run<'a> {
    pub tree: &'a Tree,
    pub prepared: &'a Prepared,
    pub choices: &'a [usize],
}
