//! Calls: what a graph does not hold as operations of its own.
//!
//! *In:* inputs, nodes of a graph. *Out:* outputs, which are nodes, too. *Order:* a callee is a
//! function of the tape, or what only plain numbers can work out, with its slopes.

use super::{Function, Id};
use crate::scalar::{Dual, Scalar};
use std::fmt;
use std::sync::Arc;

/// What only plain numbers can work out.
pub(crate) trait Foreign: fmt::Debug + Send + Sync {
    /// About how many operations it takes: of calls that were made, as many as the first took.
    fn operations(&self) -> usize;

    /// Works out the outputs. Where it cannot, one of them has to say so: what the others are then
    /// may be passed over by whatever reads them.
    fn run(&self, inputs: &[f64], outputs: &mut [f64]);

    /// Works out how the outputs move as the inputs move by `moves`.
    fn slopes(
        &self,
        inputs: &[f64],
        moves: &[f64],
        outputs: &mut [f64],
        memory: &mut ForeignMemory,
    );
}

/// Memory for a [`Foreign`] call, kept between calls.
#[derive(Debug, Default)]
pub(crate) struct ForeignMemory {
    inputs: Vec<Dual>,
    outputs: Vec<Dual>,
}

impl ForeignMemory {
    /// The slopes of equations that are run with derivatives: of inputs that move by `moves`.
    /// Derivatives of what has no numbers are none either.
    pub fn slopes(
        &mut self,
        (inputs, moves): (&[f64], &[f64]),
        outputs: &mut [f64],
        equations: impl FnOnce(&[Dual], &mut [Dual]),
    ) {
        let (own, found) = self.duals(inputs.len(), outputs.len());
        for ((dual, &value), &slope) in own.iter_mut().zip(inputs).zip(moves) {
            *dual = Dual::new(value, slope);
        }
        equations(own, found);
        for (output, dual) in outputs.iter_mut().zip(found.iter()) {
            let known = !dual.value().is_nan();
            *output = if known { dual.derivative() } else { f64::NAN };
        }
    }

    /// Room for so many inputs and outputs with derivatives.
    fn duals(&mut self, inputs: usize, outputs: usize) -> (&mut [Dual], &mut [Dual]) {
        self.inputs.resize(inputs, Dual::new(0.0, 0.0));
        self.outputs.resize(outputs, Dual::new(0.0, 0.0));
        (&mut self.inputs, &mut self.outputs)
    }
}

/// What is called.
#[derive(Debug, Clone)]
pub(crate) enum Callee {
    Foreign(Arc<dyn Foreign>),
    Function(Arc<Function>),
}

impl Callee {
    /// Whether it is this function.
    pub fn is(&self, function: &Arc<Function>) -> bool {
        matches!(self, Self::Function(own) if Arc::ptr_eq(own, function))
    }

    /// Whether both are the same.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Foreign(own), Self::Foreign(other)) => Arc::ptr_eq(own, other),
            (own, Self::Function(other)) => own.is(other),
            _ => false,
        }
    }

    /// Whether it is only worked out in plain numbers.
    pub const fn is_foreign(&self) -> bool {
        matches!(self, Self::Foreign(_))
    }
}

/// A call.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub callee: Callee,
    pub inputs: Vec<Id>,
    /// For slopes of a [`Foreign`]: how the inputs move.
    pub moves: Option<Vec<Id>>,
    pub outputs: usize,
    /// The call whose outputs are the first of its own.
    pub instead: Option<u32>,
    /// Loop that it lies in, plus 1.
    pub scope: u32,
}
