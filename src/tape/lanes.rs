//! Scenarios that are run together, and the numbers that calls are given of them.

use crate::tape::graph::{Callee, ForeignMemory, Function};
use crate::tape::interpret::Block;
use crate::tape::program::{CallCode, Listing, Register};
use std::sync::Arc;

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

/// Numbers of calls.
#[derive(Debug, Default)]
pub(in crate::tape) struct Numbers {
    inputs: Vec<f64>,
    moves: Vec<f64>,
    outputs: Vec<f64>,
    memory: ForeignMemory,
    /// By call: where its function runs, if it is one.
    runs: Vec<Option<usize>>,
    functions: Vec<FunctionRun>,
}

/// Memory of one function.
#[derive(Debug)]
struct FunctionRun {
    function: Arc<Function>,
    block: Block,
    /// Inputs, a column of each.
    columns: Vec<f64>,
}

/// Scenarios of a function's run; no caller has more at a time.
const WIDTH: usize = 128;

impl Numbers {
    /// Room for all calls of a listing.
    pub fn new(code: &Listing) -> Self {
        let most = |of: fn(&CallCode) -> usize| code.calls.iter().map(of).max().unwrap_or(0);
        let mut functions: Vec<FunctionRun> = Vec::new();
        let run_of = |call: &CallCode| {
            let Callee::Function(function) = &call.callee else { return None };
            let known = functions.iter().position(|run| Arc::ptr_eq(&run.function, function));
            Some(known.unwrap_or_else(|| {
                functions.push(FunctionRun {
                    function: Arc::clone(function),
                    block: Block::with_width(function.program(), WIDTH),
                    columns: vec![0.0; call.inputs.len() * WIDTH],
                });
                functions.len() - 1
            }))
        };
        Self {
            inputs: vec![0.0; most(|call| call.inputs.len())],
            moves: vec![0.0; most(|call| call.moves.len())],
            outputs: vec![0.0; most(|call| call.outputs.len())],
            memory: ForeignMemory::default(),
            runs: code.calls.iter().map(run_of).collect(),
            functions,
        }
    }

    /// Calls what a listing calls by this number, for `L` scenarios of `registers`.
    pub fn call<const L: usize>(
        &mut self,
        code: &CallCode,
        index: u32,
        registers: &mut impl Registers<L>,
    ) {
        match &code.callee {
            Callee::Foreign(function) => {
                let inputs = &mut self.inputs[..code.inputs.len()];
                let moves = &mut self.moves[..code.moves.len()];
                let outputs = &mut self.outputs[..code.outputs.len()];
                for lane in 0..L {
                    for (number, &register) in inputs.iter_mut().zip(&code.inputs) {
                        *number = registers.of(register)[lane];
                    }
                    for (number, &register) in moves.iter_mut().zip(&code.moves) {
                        *number = registers.of(register)[lane];
                    }
                    if moves.is_empty() {
                        function.run(inputs, outputs);
                    } else {
                        function.slopes(inputs, moves, outputs, &mut self.memory);
                    }
                    for (&number, &register) in outputs.iter().zip(&code.outputs) {
                        if let Some(register) = register {
                            registers.of(register)[lane] = number;
                        }
                    }
                }
            }
            Callee::Function(function) => {
                let Some(run) = self.runs[index as usize].map(|at| &mut self.functions[at]) else {
                    return;
                };
                for (column, &register) in run.columns.chunks_exact_mut(L).zip(&code.inputs) {
                    column.copy_from_slice(registers.of(register));
                }
                let program = function.program();
                program.run(&mut run.block, &run.columns, L, 0, L);
                for (output, &register) in code.outputs.iter().enumerate() {
                    if let Some(register) = register {
                        let numbers = program.output(&run.block, output);
                        registers.of(register).copy_from_slice(&numbers[..L]);
                    }
                }
            }
        }
    }
}

/// Registers of a program, `L` scenarios of each.
pub(in crate::tape) trait Registers<const L: usize> {
    /// The numbers of one.
    fn of(&mut self, register: Register) -> &mut [f64; L];
}
