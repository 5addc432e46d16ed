//! Running a program over a block of scenarios.
//!
//! *In:* a listing, columns of inputs. *Out:* columns of outputs. *Order:* machine code where it
//! could be made ([`native`](super::native)); else instruction by instruction, each over all
//! scenarios of the block.
//!
//! The loops over a block's scenarios are compiled for several instruction sets, of which the
//! best that the machine has is chosen at run time. Nothing is regrouped and no multiplication is
//! merged with an addition, so that all of them give the same bits.

#![allow(unsafe_code, reason = "registers of one allocation, read and written at the same time")]

use super::graph::small;
use super::native::{Frame, Native};
use super::program::{Instruction as I, Listing, Register};
use crate::math;
use crate::tape::lanes::{Lanes, Numbers, Registers};
use multiversion::multiversion;
use std::sync::Arc;

/// Scenarios that sums work on at a time: as many as fit in a few vector registers.
const STRIP: usize = 16;

/// How many bytes of registers should lie in first-level cache: most of what is there. A block is
/// never of fewer than 64 scenarios all the same: then it lies in second-level cache, which costs
/// less than to decode an instruction for a few scenarios.
const CACHE: usize = 24 * 1024;

/// Memory for running a program.
#[derive(Debug)]
pub(crate) struct Block {
    /// Registers, one after another, a number of each scenario. Machine code has registers of its
    /// own: then these are the outputs.
    registers: Vec<f64>,
    frame: Option<Frame>,
    /// Scenarios of a block.
    width: usize,
    /// Above zero in scenarios in which a loop did not end.
    failed: Vec<f64>,
    /// By loop: rounds that are left before it counts as never ending.
    rounds_left: Vec<u32>,
    numbers: Numbers,
}

impl Block {
    /// Memory for a program, with blocks as wide as cache holds.
    pub fn new(program: &Program) -> Self {
        if program.native.is_some() {
            return Self::with_width(program, 128);
        }
        let fits = CACHE / (8 * program.code.registers.max(1));
        let width = match fits {
            128.. => 128,
            _ => 64,
        };
        Self::with_width(program, width)
    }

    /// Memory for a program, with blocks of 64 or 128 scenarios.
    pub fn with_width(program: &Program, width: usize) -> Self {
        assert!(matches!(width, 64 | 128), "no loop is compiled for blocks of {width}");
        let code = &program.code;
        let mut registers = Vec::new();
        let frame = program.native.as_ref().map(|native| native.frame(code));
        if frame.is_some() {
            registers.resize(code.outputs.len() * width, 0.0);
        } else {
            registers.resize(code.registers * width, 0.0);
            for &(register, value) in &code.constants {
                let at = register as usize * width;
                registers[at..at + width].fill(value);
            }
        }
        Self {
            registers,
            frame,
            width,
            failed: vec![0.0; width],
            rounds_left: vec![0; code.loops.len()],
            numbers: Numbers::new(code),
        }
    }

    /// Scenarios of a block.
    pub const fn width(&self) -> usize {
        self.width
    }

    /// Whether a scenario of the block that ran last could not be worked out.
    pub fn has_failed(&self, lane: usize) -> bool {
        self.failed[lane] > 0.0
    }
}

/// What a graph compiles to, ready to run.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    pub(super) code: Listing,
    /// Its machine code, where it can be made.
    pub(super) native: Option<Arc<Native>>,
}

impl Program {
    /// With its machine code, where it can be made.
    pub(super) fn new(code: Listing) -> Self {
        let code = code.verified();
        let native = Native::new(&code).map(Arc::new);
        Self { code, native }
    }

    /// Operations on numbers that a scenario takes if every loop goes round once.
    pub const fn operations(&self) -> usize {
        self.code.operations
    }

    /// Whether it calls what only plain numbers can work out.
    pub fn has_calls(&self) -> bool {
        self.code.calls.iter().any(|call| call.callee.is_foreign())
    }

    /// Runs scenarios `first..first + count` (no more than a block) of columns of `stride`
    /// numbers each.
    pub fn run(
        &self,
        block: &mut Block,
        inputs: &[f64],
        stride: usize,
        first: usize,
        count: usize,
    ) {
        let width = block.width;
        if let (Some(native), Some(frame)) = (&self.native, &mut block.frame) {
            let mut lanes = Lanes {
                inputs,
                stride,
                first,
                count,
                outputs: &mut block.registers,
                width,
                failed: &mut block.failed,
                rounds_left: &mut block.rounds_left,
                numbers: &mut block.numbers,
            };
            native.run(&self.code, &mut lanes, frame);
            return;
        }
        for &(input, register) in &self.code.inputs {
            let from = &inputs[input * stride + first..][..count];
            let to = &mut block.registers[register as usize * width..][..width];
            to[..count].copy_from_slice(from);
            // what is left of the block repeats a scenario
            to[count..].fill(from[0]);
        }
        block.failed.fill(0.0);
        match width {
            64 => execute::<64>(&self.code, block),
            _ => execute::<128>(&self.code, block),
        }
    }

    /// The numbers of an output after a run.
    pub fn output<'b>(&self, block: &'b Block, output: usize) -> &'b [f64] {
        let column = match block.frame {
            Some(_) => output,
            None => self.code.outputs[output] as usize,
        };
        &block.registers[column * block.width..][..block.width]
    }
}

impl Listing {
    /// Panics unless every register exists, and no result lies in a register that its instruction
    /// reads: what running relies on.
    fn verified(self) -> Self {
        let count = small(self.registers);
        let check = |to: u32, reads: &[u32]| {
            assert!(to < count && reads.iter().all(|&read| read < count && read != to));
        };
        for &instruction in &self.instructions {
            match instruction {
                I::Add { to, a, b }
                | I::Sub { to, a, b }
                | I::Mul { to, a, b }
                | I::Div { to, a, b }
                | I::Min { to, a, b }
                | I::Max { to, a, b }
                | I::Pow { to, a, b } => check(to, &[a, b]),
                I::AddConstant { to, a, .. }
                | I::MulConstant { to, a, .. }
                | I::SubFrom { to, a, .. }
                | I::DivInto { to, a, .. }
                | I::Neg { to, a }
                | I::Abs { to, a }
                | I::Copy { to, a }
                | I::Sqrt { to, a }
                | I::Ln { to, a }
                | I::Exp { to, a } => check(to, &[a]),
                I::Select { to, c, a, b }
                | I::MulAdd { to, a, b, c }
                | I::MulSub { to, a, b, c } => {
                    check(to, &[a, b, c]);
                }
                I::MulConstantAdd { to, a, c, .. } | I::MulConstantSub { to, a, c, .. } => {
                    check(to, &[a, c]);
                }
                I::Sum { to, first, count } | I::Dot { to, first, count } => {
                    for (term, _) in &self.terms[first as usize..][..count as usize] {
                        check(to, &[*term]);
                    }
                }
                I::Loop { index } | I::Round { index } => {
                    let code = &self.loops[index as usize];
                    assert!(code.begin < code.end && code.end <= self.instructions.len());
                    let entry = code.entry.unwrap_or(code.done);
                    check(code.going, &[entry]);
                    for &(start, state, next) in &code.carried {
                        check(state, &[start, code.going, code.done]);
                        assert!(next < count);
                    }
                    check(code.going, &[code.done]);
                }
                I::Call { index } => {
                    let call = &self.calls[index as usize];
                    let given = call.inputs.iter().chain(&call.moves).copied();
                    let made = call.outputs.iter().flatten().copied();
                    assert!(given.chain(made).all(|register| register < count));
                }
            }
        }
        self
    }
}

/// All registers of a block, from the first on.
struct Columns<const L: usize>(*mut f64);

impl<const L: usize> Registers<L> for Columns<L> {
    fn of(&mut self, register: Register) -> &mut [f64; L] {
        // SAFETY: made only as a program runs, all of whose registers `Program::verified` has found
        // to be there; one is handed out at a time
        unsafe { &mut *self.0.add(register as usize * L).cast::<[f64; L]>() }
    }
}

/// `a` where `c` is above zero, else `b`. `nothing` is zero, which the optimiser must not know: it
/// would choose between the places of `a` and `b` in memory, scenario after scenario, instead of
/// choosing between the numbers of several scenarios at a time.
#[inline]
fn chosen(c: f64, a: f64, b: f64, nothing: u64) -> f64 {
    let a = f64::from_bits(a.to_bits().wrapping_add(nothing));
    if c > 0.0 { a } else { b }
}

#[multiversion(targets("x86_64+avx512f+avx512vl+avx512dq", "x86_64+avx2", "aarch64+neon"))]
fn execute<const L: usize>(program: &Listing, block: &mut Block) {
    let base = block.registers.as_mut_ptr();
    let nothing = std::hint::black_box(0);
    // SAFETY (of every read and write below): `Program::verified` has checked that registers
    // exist and that results lie in none that is read; each is `L` numbers long.
    let read = |register: u32| -> &[f64; L] {
        unsafe { &*base.add(register as usize * L).cast::<[f64; L]>() }
    };
    macro_rules! write {
        ($to:expr) => {
            unsafe { &mut *base.add($to as usize * L).cast::<[f64; L]>() }
        };
    }
    macro_rules! each {
        ($to:expr, [$($x:ident = $from:expr),+], $value:expr) => {{
            $(let $x = read($from);)+
            let out = write!($to);
            for lane in 0..L {
                $(let $x = $x[lane];)+
                out[lane] = $value;
            }
        }};
    }
    let mut at = 0;
    let instructions = &program.instructions[..];
    while let Some(&instruction) = instructions.get(at) {
        at += 1;
        match instruction {
            I::Add { to, a, b } => each!(to, [x = a, y = b], x + y),
            I::Sub { to, a, b } => each!(to, [x = a, y = b], x - y),
            I::Mul { to, a, b } => each!(to, [x = a, y = b], x * y),
            I::Div { to, a, b } => each!(to, [x = a, y = b], x / y),
            I::Min { to, a, b } => each!(to, [x = a, y = b], if y < x { y } else { x }),
            I::Max { to, a, b } => each!(to, [x = a, y = b], if y > x { y } else { x }),
            I::AddConstant { to, a, k } => each!(to, [x = a], x + k),
            I::MulConstant { to, a, k } => each!(to, [x = a], x * k),
            I::SubFrom { to, a, k } => each!(to, [x = a], k - x),
            I::DivInto { to, a, k } => each!(to, [x = a], k / x),
            I::Neg { to, a } => each!(to, [x = a], -x),
            I::Abs { to, a } => each!(to, [x = a], x.abs()),
            I::Copy { to, a } => each!(to, [x = a], x),
            I::Select { to, c, a, b } => {
                each!(to, [c = c, x = a, y = b], chosen(c, x, y, nothing));
            }
            I::Sqrt { to, a } => each!(to, [x = a], x.sqrt()),
            I::Ln { to, a } => each!(to, [x = a], math::ln(x)),
            I::Exp { to, a } => each!(to, [x = a], math::exp(x)),
            I::Pow { to, a, b } => each!(to, [x = a, y = b], math::pow(x, y)),
            I::MulAdd { to, a, b, c } => each!(to, [x = a, y = b, z = c], x * y + z),
            I::MulSub { to, a, b, c } => each!(to, [x = a, y = b, z = c], z - x * y),
            I::MulConstantAdd { to, a, k, c } => each!(to, [x = a, z = c], x * k + z),
            I::MulConstantSub { to, a, k, c } => each!(to, [x = a, z = c], z - x * k),
            I::Sum { to, first, count } => {
                let terms = &program.terms[first as usize..][..count as usize];
                let out = write!(to);
                for (strip, out) in out.chunks_exact_mut(STRIP).enumerate() {
                    let from = strip * STRIP;
                    let mut sum = [0.0; STRIP];
                    sum.copy_from_slice(&read(terms[0].0)[from..from + STRIP]);
                    for (term, _) in &terms[1..] {
                        let term = &read(*term)[from..from + STRIP];
                        for lane in 0..STRIP {
                            sum[lane] += term[lane];
                        }
                    }
                    out.copy_from_slice(&sum);
                }
            }
            I::Dot { to, first, count } => {
                let terms = &program.terms[first as usize..][..count as usize];
                let out = write!(to);
                for (strip, out) in out.chunks_exact_mut(STRIP).enumerate() {
                    let from = strip * STRIP;
                    let mut sum = [0.0; STRIP];
                    let (term, k) = terms[0];
                    let term = &read(term)[from..from + STRIP];
                    for lane in 0..STRIP {
                        sum[lane] = term[lane] * k;
                    }
                    for &(term, k) in &terms[1..] {
                        let term = &read(term)[from..from + STRIP];
                        for lane in 0..STRIP {
                            sum[lane] += term[lane] * k;
                        }
                    }
                    out.copy_from_slice(&sum);
                }
            }
            I::Loop { index } => {
                let code = &program.loops[index as usize];
                for &(start, state, _) in &code.carried {
                    each!(state, [x = start], x);
                }
                let going = write!(code.going);
                *going = [1.0; L];
                if let Some(entry) = code.entry {
                    let entry = read(entry);
                    let mut any = 0.0_f64;
                    for lane in 0..L {
                        let on = if entry[lane] > 0.0 { 1.0 } else { 0.0 };
                        going[lane] = on;
                        any += on;
                    }
                    if any == 0.0 {
                        at = code.end;
                    }
                }
                block.rounds_left[index as usize] = code.most;
            }
            I::Round { index } => {
                let code = &program.loops[index as usize];
                let left = &mut block.rounds_left[index as usize];
                *left -= 1;
                let going = *read(code.going);
                let done = read(code.done);
                let mut still = [0.0; L];
                let mut any = 0.0_f64;
                for lane in 0..L {
                    let on = if done[lane] > 0.0 { 0.0 } else { going[lane] };
                    still[lane] = on;
                    any += on;
                }
                for &(_, state, next) in &code.carried {
                    if next != state {
                        let next = read(next);
                        let state = write!(state);
                        for lane in 0..L {
                            state[lane] = chosen(going[lane], next[lane], state[lane], nothing);
                        }
                    }
                }
                *write!(code.going) = still;
                if any > 0.0 && *left > 0 {
                    at = code.begin;
                } else {
                    for (failed, on) in block.failed.iter_mut().zip(&still) {
                        *failed = failed.max(*on);
                    }
                }
            }
            I::Call { index } => {
                let mut registers = Columns::<L>(base);
                block.numbers.call(&program.calls[index as usize], index, &mut registers);
            }
        }
    }
}
