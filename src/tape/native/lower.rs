//! Cutting a program into straight pieces, and each piece into operations on values that are made
//! once.

use super::assembler::{Arithmetic, Shift};
use crate::math::{self, Operations};
use crate::tape::graph::small;
use crate::tape::program::{Instruction as I, Listing, Register};
use rustc_hash::FxHashMap as HashMap;

/// A value of a piece, by number.
pub(super) type Value = u32;

/// No value.
pub(super) const NONE: Value = Value::MAX;

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Origin {
    /// It is in a register of the program when the piece begins.
    Enters(Register),
    Constant(f64),
    Made,
}

/// What is done with values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Code {
    /// Of the first two, or of the first alone.
    Arithmetic(Arithmetic),
    /// All bits of the first, by as many as a number has behind its exponent.
    Shift(Shift),
    /// The first where it is above the second.
    Compare,
    /// The second where the mask of the first is set, else the third.
    Blend,
    /// Puts the first in a register of the program.
    Leave(Register),
    /// Ends with the mask of the first.
    Give,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation {
    pub code: Code,
    pub to: Value,
    pub of: [Value; 3],
}

/// A straight piece of a program.
#[derive(Debug, Default)]
pub(super) struct Piece {
    pub origins: Vec<Origin>,
    pub operations: Vec<Operation>,
    /// By register: the value that it has when the piece begins, where it is read.
    pub entering: HashMap<Register, Value>,
    /// By register: the value that it has when the piece ends, where it is written.
    pub leaving: HashMap<Register, Value>,
    /// The mask that it gives.
    pub gives: Option<Value>,
    constants: HashMap<u64, Value>,
    masks: HashMap<(Value, Value), Value>,
}

/// What a program does, one after another.
#[derive(Debug)]
pub(super) enum Step {
    Piece(Box<Piece>),
    Call(u32),
    /// Begins a loop, whose start is the last of the piece before; where that gives a mask of no
    /// scenario, goes on at a step behind it.
    Begin {
        index: u32,
        end: usize,
    },
    /// Ends a round of a loop, as the mask that the piece before gives says, or goes on at a step.
    Round {
        index: u32,
        back: usize,
    },
}

/// Cuts a program.
pub(super) fn steps(program: &Listing) -> Vec<Step> {
    let constants: HashMap<Register, f64> = program.constants.iter().copied().collect();
    let mut steps = Vec::new();
    let mut begun = Vec::new();
    let mut piece = Piece::default();
    let close = |piece: &mut Piece, steps: &mut Vec<Step>| {
        let done = std::mem::take(piece);
        if !done.leaving.is_empty() {
            steps.push(Step::Piece(Box::new(done)));
        }
    };
    for &instruction in &program.instructions {
        match instruction {
            I::Loop { index } => {
                Lowering { program, constants: &constants, piece: &mut piece }.begin(index);
                close(&mut piece, &mut steps);
                steps.push(Step::Begin { index, end: 0 });
                begun.push(steps.len());
            }
            I::Round { index } => {
                Lowering { program, constants: &constants, piece: &mut piece }.round(index);
                close(&mut piece, &mut steps);
                let back = begun.pop().unwrap_or(0);
                steps.push(Step::Round { index, back });
                let behind = steps.len();
                if let Some(Step::Begin { end, .. }) = steps.get_mut(back - 1) {
                    *end = behind;
                }
            }
            I::Call { index } => {
                close(&mut piece, &mut steps);
                steps.push(Step::Call(index));
            }
            _ => Lowering { program, constants: &constants, piece: &mut piece }.add(instruction),
        }
    }
    close(&mut piece, &mut steps);
    steps
}

impl Piece {
    fn value(&mut self, origin: Origin) -> Value {
        self.origins.push(origin);
        small(self.origins.len() - 1)
    }

    fn constant(&mut self, k: f64) -> Value {
        if let Some(&value) = self.constants.get(&k.to_bits()) {
            return value;
        }
        let value = self.value(Origin::Constant(k));
        self.constants.insert(k.to_bits(), value);
        value
    }

    fn operation(&mut self, code: Code, of: [Value; 3]) -> Value {
        let to = self.value(Origin::Made);
        self.operations.push(Operation { code, to, of });
        to
    }

    fn arithmetic(&mut self, op: Arithmetic, a: Value, b: Value) -> Value {
        self.operation(Code::Arithmetic(op), [a, b, NONE])
    }

    /// Where a value is above another.
    fn mask(&mut self, value: Value, other: Value) -> Value {
        if let Some(&mask) = self.masks.get(&(value, other)) {
            return mask;
        }
        let mask = self.operation(Code::Compare, [value, other, NONE]);
        self.masks.insert((value, other), mask);
        mask
    }

    /// Where a value is above zero.
    fn above_zero(&mut self, value: Value) -> Value {
        let zero = self.constant(0.0);
        self.mask(value, zero)
    }

    /// Registers that it reads as they are when it begins.
    pub fn reads(&self) -> impl Iterator<Item = Register> {
        self.entering.keys().copied()
    }

    fn select(&mut self, c: Value, a: Value, b: Value) -> Value {
        let mask = self.above_zero(c);
        self.operation(Code::Blend, [mask, a, b])
    }
}

/// Functions are written into a piece step by step.
impl Operations for Piece {
    type Number = Value;

    fn constant(&mut self, value: f64) -> Value {
        Piece::constant(self, value)
    }

    fn add(&mut self, a: Value, b: Value) -> Value {
        self.arithmetic(Arithmetic::Add, a, b)
    }

    fn sub(&mut self, a: Value, b: Value) -> Value {
        self.arithmetic(Arithmetic::Sub, a, b)
    }

    fn mul(&mut self, a: Value, b: Value) -> Value {
        self.arithmetic(Arithmetic::Mul, a, b)
    }

    fn div(&mut self, a: Value, b: Value) -> Value {
        self.arithmetic(Arithmetic::Div, a, b)
    }

    fn and(&mut self, a: Value, b: Value) -> Value {
        self.arithmetic(Arithmetic::And, a, b)
    }

    fn or(&mut self, a: Value, b: Value) -> Value {
        self.arithmetic(Arithmetic::Or, a, b)
    }

    fn bits_up(&mut self, a: Value) -> Value {
        self.operation(Code::Shift(Shift::Left), [a, NONE, NONE])
    }

    fn bits_down(&mut self, a: Value) -> Value {
        self.operation(Code::Shift(Shift::Right), [a, NONE, NONE])
    }

    fn where_above(&mut self, a: Value, b: Value, yes: Value, no: Value) -> Value {
        let mask = self.mask(a, b);
        self.operation(Code::Blend, [mask, yes, no])
    }

    // the machine gives its second unless the first is smaller
    fn min(&mut self, a: Value, b: Value) -> Value {
        self.arithmetic(Arithmetic::Min, b, a)
    }

    fn max(&mut self, a: Value, b: Value) -> Value {
        self.arithmetic(Arithmetic::Max, b, a)
    }
}

struct Lowering<'p> {
    program: &'p Listing,
    constants: &'p HashMap<Register, f64>,
    piece: &'p mut Piece,
}

impl Lowering<'_> {
    fn read(&mut self, register: Register) -> Value {
        if let Some(&k) = self.constants.get(&register) {
            return self.piece.constant(k);
        }
        let known = self.piece.leaving.get(&register).or(self.piece.entering.get(&register));
        if let Some(&value) = known {
            return value;
        }
        let value = self.piece.value(Origin::Enters(register));
        self.piece.entering.insert(register, value);
        value
    }

    fn write(&mut self, register: Register, value: Value) {
        self.piece.leaving.insert(register, value);
    }

    fn add(&mut self, instruction: I) {
        use Arithmetic::{Add, And, Div, Max, Min, Mul, Sqrt, Sub, Xor};
        let (to, value) = match instruction {
            I::Add { to, a, b } => (to, self.two(Add, a, b)),
            I::Sub { to, a, b } => (to, self.two(Sub, a, b)),
            I::Mul { to, a, b } => (to, self.two(Mul, a, b)),
            I::Div { to, a, b } => (to, self.two(Div, a, b)),
            // the machine gives its second unless the first is smaller
            I::Min { to, a, b } => (to, self.two(Min, b, a)),
            I::Max { to, a, b } => (to, self.two(Max, b, a)),
            I::AddConstant { to, a, k } => (to, self.with(Add, a, k)),
            I::MulConstant { to, a, k } => (to, self.with(Mul, a, k)),
            I::SubFrom { to, a, k } => (to, self.of(Sub, k, a)),
            I::DivInto { to, a, k } => (to, self.of(Div, k, a)),
            I::Neg { to, a } => (to, self.with(Xor, a, -0.0)),
            I::Abs { to, a } => (to, self.with(And, a, f64::from_bits(!(1 << 63)))),
            I::Copy { to, a } => (to, self.read(a)),
            I::Sqrt { to, a } => {
                let a = self.read(a);
                (to, self.piece.arithmetic(Sqrt, a, NONE))
            }
            I::Ln { to, a } => {
                let a = self.read(a);
                (to, math::ln_in(self.piece, a))
            }
            I::Exp { to, a } => {
                let a = self.read(a);
                (to, math::exp_in(self.piece, a))
            }
            I::Pow { to, a, b } => {
                let (a, b) = (self.read(a), self.read(b));
                (to, math::pow_in(self.piece, a, b))
            }
            I::Select { to, c, a, b } => {
                let (c, a, b) = (self.read(c), self.read(a), self.read(b));
                (to, self.piece.select(c, a, b))
            }
            I::MulAdd { to, a, b, c } => {
                let product = self.two(Mul, a, b);
                let c = self.read(c);
                (to, self.piece.arithmetic(Add, product, c))
            }
            I::MulSub { to, a, b, c } => {
                let product = self.two(Mul, a, b);
                let c = self.read(c);
                (to, self.piece.arithmetic(Sub, c, product))
            }
            I::MulConstantAdd { to, a, k, c } => {
                let product = self.with(Mul, a, k);
                let c = self.read(c);
                (to, self.piece.arithmetic(Add, product, c))
            }
            I::MulConstantSub { to, a, k, c } => {
                let product = self.with(Mul, a, k);
                let c = self.read(c);
                (to, self.piece.arithmetic(Sub, c, product))
            }
            I::Sum { to, first, count } | I::Dot { to, first, count } => {
                (to, self.sum(first, count))
            }
            // these end pieces
            I::Loop { .. } | I::Round { .. } | I::Call { .. } => return,
        };
        self.write(to, value);
    }

    fn two(&mut self, op: Arithmetic, a: Register, b: Register) -> Value {
        let (a, b) = (self.read(a), self.read(b));
        self.piece.arithmetic(op, a, b)
    }

    fn with(&mut self, op: Arithmetic, a: Register, k: f64) -> Value {
        let (a, k) = (self.read(a), self.piece.constant(k));
        self.piece.arithmetic(op, a, k)
    }

    fn of(&mut self, op: Arithmetic, k: f64, a: Register) -> Value {
        let (a, k) = (self.read(a), self.piece.constant(k));
        self.piece.arithmetic(op, k, a)
    }

    /// A sum of terms; those of plain sums are times 1.
    fn sum(&mut self, first: u32, count: u32) -> Value {
        let mut sum = None;
        for &(register, k) in &self.program.terms[first as usize..][..count as usize] {
            let one = k.to_bits() == 1.0_f64.to_bits();
            let term =
                if one { self.read(register) } else { self.with(Arithmetic::Mul, register, k) };
            sum = Some(match sum {
                Some(sum) => self.piece.arithmetic(Arithmetic::Add, sum, term),
                None => term,
            });
        }
        sum.unwrap_or_else(|| self.piece.constant(0.0))
    }

    fn begin(&mut self, index: u32) {
        let code = &self.program.loops[index as usize];
        for &(start, state, _) in &code.carried {
            let start = self.read(start);
            self.write(state, start);
        }
        let (zero, one) = (self.piece.constant(0.0), self.piece.constant(1.0));
        let going = match code.entry {
            Some(entry) => {
                let entry = self.read(entry);
                self.piece.select(entry, one, zero)
            }
            None => one,
        };
        self.write(code.going, going);
        self.piece.gives = Some(self.piece.above_zero(going));
    }

    fn round(&mut self, index: u32) {
        let code = &self.program.loops[index as usize];
        let (going, done) = (self.read(code.going), self.read(code.done));
        let zero = self.piece.constant(0.0);
        let still = self.piece.select(done, zero, going);
        for &(_, state, next) in &code.carried {
            if next != state {
                let (next, before) = (self.read(next), self.read(state));
                let after = self.piece.select(going, next, before);
                self.write(state, after);
            }
        }
        self.write(code.going, still);
        self.piece.gives = Some(self.piece.above_zero(still));
    }
}
