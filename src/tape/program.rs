//! What a graph compiles to: a flat list of instructions over registers.

use super::graph::Callee;

/// A register: a number of every scenario of a block.
pub(super) type Register = u32;

/// An instruction. Its result never lies in a register that it reads.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Instruction {
    Add {
        to: Register,
        a: Register,
        b: Register,
    },
    Sub {
        to: Register,
        a: Register,
        b: Register,
    },
    Mul {
        to: Register,
        a: Register,
        b: Register,
    },
    Div {
        to: Register,
        a: Register,
        b: Register,
    },
    Min {
        to: Register,
        a: Register,
        b: Register,
    },
    Max {
        to: Register,
        a: Register,
        b: Register,
    },
    AddConstant {
        to: Register,
        a: Register,
        k: f64,
    },
    MulConstant {
        to: Register,
        a: Register,
        k: f64,
    },
    /// `k - a`
    SubFrom {
        to: Register,
        a: Register,
        k: f64,
    },
    /// `k / a`
    DivInto {
        to: Register,
        a: Register,
        k: f64,
    },
    Neg {
        to: Register,
        a: Register,
    },
    Abs {
        to: Register,
        a: Register,
    },
    Copy {
        to: Register,
        a: Register,
    },
    Select {
        to: Register,
        c: Register,
        a: Register,
        b: Register,
    },
    Sqrt {
        to: Register,
        a: Register,
    },
    Ln {
        to: Register,
        a: Register,
    },
    Exp {
        to: Register,
        a: Register,
    },
    /// `a` to the power of `b`
    Pow {
        to: Register,
        a: Register,
        b: Register,
    },
    /// `a * b + c`, rounded twice.
    MulAdd {
        to: Register,
        a: Register,
        b: Register,
        c: Register,
    },
    /// `c - a * b`, rounded twice.
    MulSub {
        to: Register,
        a: Register,
        b: Register,
        c: Register,
    },
    /// `a * k + c`, rounded twice.
    MulConstantAdd {
        to: Register,
        a: Register,
        k: f64,
        c: Register,
    },
    /// `c - a * k`, rounded twice.
    MulConstantSub {
        to: Register,
        a: Register,
        k: f64,
        c: Register,
    },
    /// The sum of several registers, first to last.
    Sum {
        to: Register,
        first: u32,
        count: u32,
    },
    /// The sum of several registers times a constant each, first to last.
    Dot {
        to: Register,
        first: u32,
        count: u32,
    },
    /// Begins a loop; see [`LoopCode`].
    Loop {
        index: u32,
    },
    /// Ends a round of a loop, and begins another while any scenario goes on.
    Round {
        index: u32,
    },
    /// Calls what only plain numbers can work out; see [`CallCode`].
    Call {
        index: u32,
    },
}

/// A loop.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct LoopCode {
    /// First of its instructions.
    pub begin: usize,
    /// The instruction behind it.
    pub end: usize,
    /// Above zero in scenarios that enter it; all do where there is none.
    pub entry: Option<Register>,
    /// Start, register and next of everything it carries.
    pub carried: Vec<(Register, Register, Register)>,
    pub done: Register,
    /// Above zero in scenarios that go on.
    pub going: Register,
    pub most: u32,
}

/// A call.
#[derive(Debug, Clone)]
pub(super) struct CallCode {
    pub callee: Callee,
    pub inputs: Vec<Register>,
    /// For slopes: how the inputs move.
    pub moves: Vec<Register>,
    /// Registers of the outputs that are needed.
    pub outputs: Vec<Option<Register>>,
}

/// A graph's outputs as instructions over registers.
#[derive(Debug, Clone)]
pub(super) struct Listing {
    pub instructions: Vec<Instruction>,
    /// Terms of sums.
    pub terms: Vec<(Register, f64)>,
    pub loops: Vec<LoopCode>,
    pub calls: Vec<CallCode>,
    pub registers: usize,
    /// Registers that hold constants, never written.
    pub constants: Vec<(Register, f64)>,
    /// Registers that inputs are put in, by input.
    pub inputs: Vec<(usize, Register)>,
    /// Registers that outputs are found in.
    pub outputs: Vec<Register>,
    /// Operations on numbers.
    pub operations: usize,
}
