//! Scenarios that are run together, and the numbers of one of them.

use crate::tape::graph::ForeignMemory;
use crate::tape::program::{CallCode, Listing, Register};

/// What machine code runs over: scenarios of columns of inputs, and where results go.
#[cfg_attr(
    not(all(target_arch = "x86_64", feature = "machine-code")),
    allow(dead_code, reason = "only machine code reads them")
)]
pub(in crate::tape) struct Lanes<'b> {
    pub inputs: &'b [f64],
    pub stride: usize,
    pub first: usize,
    pub count: usize,
    /// Columns of `width` numbers.
    pub outputs: &'b mut [f64],
    pub width: usize,
    pub failed: &'b mut [f64],
    pub rounds_left: &'b mut [u32],
    pub numbers: &'b mut Numbers,
}

/// Numbers of one scenario, for calls.
#[derive(Debug, Default)]
pub(in crate::tape) struct Numbers {
    inputs: Vec<f64>,
    moves: Vec<f64>,
    outputs: Vec<f64>,
    memory: ForeignMemory,
}

impl Numbers {
    /// Room for all calls of a listing.
    pub fn new(code: &Listing) -> Self {
        let most = |of: fn(&CallCode) -> usize| code.calls.iter().map(of).max().unwrap_or(0);
        Self {
            inputs: vec![0.0; most(|call| call.inputs.len())],
            moves: vec![0.0; most(|call| call.moves.len())],
            outputs: vec![0.0; most(|call| call.outputs.len())],
            memory: ForeignMemory::default(),
        }
    }

    /// Reads what a call needs.
    pub fn take(&mut self, code: &CallCode, read: impl Fn(Register) -> f64) {
        for (number, &register) in self.inputs.iter_mut().zip(&code.inputs) {
            *number = read(register);
        }
        for (number, &register) in self.moves.iter_mut().zip(&code.moves) {
            *number = read(register);
        }
    }

    /// Calls; gives what to write.
    pub fn call(&mut self, code: &CallCode) -> impl Iterator<Item = (Register, f64)> {
        let inputs = &self.inputs[..code.inputs.len()];
        let outputs = &mut self.outputs[..code.outputs.len()];
        let function = &code.call.function;
        if code.call.moves.is_some() {
            let moves = &self.moves[..code.moves.len()];
            function.slopes(inputs, moves, outputs, &mut self.memory);
        } else {
            function.run(inputs, outputs);
        }
        let written = outputs.iter().zip(&code.outputs);
        written.filter_map(|(&number, &register)| Some((register?, number)))
    }
}
