//! Programs as machine code.
//!
//! *In:* a listing. *Out:* executable memory that does what it says, bit for bit. *Order:* `order`
//! cuts the listing into straight pieces, `allocate` gives vector registers, `lower` writes each
//! instruction by the `assembler`, `memory` makes it executable.
//!
//! A program is cut where loops begin and end a round and where functions are called. The
//! straight pieces between become machine code for as many scenarios as a vector register holds,
//! with values in vector registers and the rest in a frame that lies in first-level cache. What
//! comes between is done here. All of it gives the bits that interpreting gives.

#![allow(unsafe_code, reason = "machine code is called")]

mod allocate;
mod assembler;
mod lower;
mod memory;
mod order;
#[cfg(test)]
mod tests;

use super::graph::small;
use super::program::{Listing, Register};
use crate::tape::lanes::{Lanes, Numbers, Registers};
use allocate::Writer;
use assembler::{Level, SLOTS_BEFORE};
use lower::Step;
use memory::Executable;
use multiversion::multiversion;
use rustc_hash::FxHashSet as HashSet;
use std::array;

/// How many pieces were replayed so far.
#[cfg(test)]
pub(super) fn replayed() -> usize {
    tests::replay::REPLAYED.load(std::sync::atomic::Ordering::Relaxed)
}

/// A program as machine code.
#[derive(Debug)]
pub(super) struct Native {
    memory: Executable,
    level: Level,
    steps: Vec<Act>,
    constants: Vec<f64>,
    /// Slots of a frame.
    slots: usize,
    /// Inputs with their slots.
    inputs: Vec<(usize, u32)>,
    /// Slots of outputs.
    outputs: Vec<u32>,
    /// By register of the program: its slot, where it has one.
    slot_of: Vec<Option<u32>>,
}

/// A step.
#[derive(Debug)]
enum Act {
    /// Machine code that begins at a place.
    Run(usize),
    Call(u32),
    /// Begins a loop, or goes on at a step behind it.
    Begin {
        index: u32,
        end: usize,
    },
    /// Ends a round, or goes on at a step.
    Round {
        index: u32,
        back: usize,
    },
}

/// Numbers that lie as vectors do.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(64))]
struct Line(#[allow(dead_code, reason = "read and written as slots")] [f64; Self::NUMBERS]);

impl Line {
    const NUMBERS: usize = 8;
}

/// What a program's machine code works on: a vector for each slot.
#[derive(Debug)]
pub(super) struct Frame {
    lines: Vec<Line>,
    lanes: usize,
}

impl Frame {
    fn new(slots: usize, lanes: usize) -> Self {
        Self {
            lines: vec![Line([0.0; Line::NUMBERS]); (slots * lanes).div_ceil(Line::NUMBERS)],
            lanes,
        }
    }

    /// Its numbers by slot, `MANY` of each.
    fn slots<const MANY: usize>(&mut self) -> &mut [[f64; MANY]] {
        assert!(self.lanes == MANY && Line::NUMBERS.is_multiple_of(MANY));
        let count = self.lines.len() * Line::NUMBERS / MANY;
        // SAFETY: lines lie one behind the other and are nothing but their numbers
        unsafe { std::slice::from_raw_parts_mut(self.lines.as_mut_ptr().cast(), count) }
    }
}

/// The slots of a frame, by register.
struct Slots<'f, const MANY: usize> {
    native: &'f Native,
    slots: &'f mut [[f64; MANY]],
}

impl<const MANY: usize> Registers<MANY> for Slots<'_, MANY> {
    fn of(&mut self, register: Register) -> &mut [f64; MANY] {
        &mut self.slots[self.native.slot(register)]
    }
}

impl Native {
    /// `None` where the machine has no such instructions, or does not let us write code.
    pub fn new(program: &Listing) -> Option<Self> {
        // in tests all programs are written for both, so that both are checked
        #[cfg(test)]
        for level in [Level::Avx2, Level::Avx512] {
            if Some(level) != Level::best() {
                Self::with_level(program, level);
            }
        }
        Self::with_level(program, Level::best()?)
    }

    fn with_level(program: &Listing, level: Level) -> Option<Self> {
        let steps = lower::steps(program);
        let live = live_after(&steps, program);
        let mut writer = Writer::new(level);
        for &(_, register) in &program.inputs {
            writer.slots.of(register);
        }
        for &register in &program.outputs {
            writer.slots.of(register);
        }
        let mut acts = Vec::new();
        for (step, live) in steps.iter().zip(&live) {
            acts.push(match *step {
                Step::Piece(ref piece) => {
                    Act::Run(writer.piece(piece, |register| live.contains(&register)))
                }
                Step::Call(index) => {
                    let code = &program.calls[index as usize];
                    let outputs = code.outputs.iter().flatten();
                    for &register in code.inputs.iter().chain(&code.moves).chain(outputs) {
                        writer.slots.of(register);
                    }
                    Act::Call(index)
                }
                Step::Begin { index, end } => Act::Begin { index, end },
                Step::Round { index, back } => Act::Round { index, back },
            });
        }
        let inputs = program.inputs.iter().map(|&(input, to)| (input, writer.slots.of(to)));
        let inputs = inputs.collect();
        let outputs = program.outputs.iter().map(|&from| writer.slots.of(from)).collect();
        let Writer { assembler, slots, constants, .. } = writer;
        let spread = |&k: &f64| std::iter::repeat_n(k, level.copies());
        Some(Self {
            memory: Executable::new(&assembler.code)?,
            level,
            steps: acts,
            constants: constants.values.iter().flat_map(spread).collect(),
            slots: slots.count as usize,
            inputs,
            outputs,
            slot_of: (0..small(program.registers)).map(|register| slots.find(register)).collect(),
        })
    }

    /// Memory for running.
    pub fn frame(&self, program: &Listing) -> Frame {
        match self.level.lanes() {
            8 => self.frame_of::<8>(program),
            _ => self.frame_of::<4>(program),
        }
    }

    fn frame_of<const MANY: usize>(&self, program: &Listing) -> Frame {
        let mut frame = Frame::new(self.slots, MANY);
        for &(register, k) in &program.constants {
            if let Some(slot) = self.slot_of[register as usize] {
                frame.slots::<MANY>()[slot as usize] = [k; MANY];
            }
        }
        frame
    }

    fn slot(&self, register: Register) -> usize {
        // every register that is asked for got a slot as the code was written
        self.slot_of[register as usize].unwrap_or_default() as usize
    }

    /// Runs scenarios of columns of inputs; the numbers of outputs go to columns of the block.
    pub fn run(&self, program: &Listing, lanes: &mut Lanes<'_>, frame: &mut Frame) {
        match self.level.lanes() {
            8 => self.run_chunks::<8>(program, lanes, frame),
            _ => self.run_chunks::<4>(program, lanes, frame),
        }
    }

    /// The same, so many at a time.
    fn run_chunks<const MANY: usize>(
        &self,
        program: &Listing,
        lanes: &mut Lanes<'_>,
        frame: &mut Frame,
    ) {
        assert!(frame.lines.len() * Line::NUMBERS >= self.slots * MANY && frame.lanes == MANY);
        for begin in (0..lanes.count).step_by(MANY) {
            take(&self.inputs, lanes, begin, frame.slots::<MANY>());
            let failed = self.chunk::<MANY>(program, frame, lanes.rounds_left, lanes.numbers);
            let to = &mut lanes.failed[begin..][..MANY];
            if failed == 0 {
                to.copy_from_slice(&[0.0; MANY]);
            } else {
                to.copy_from_slice(&array::from_fn::<_, MANY, _>(|lane| {
                    f64::from(failed >> lane & 1)
                }));
            }
            give(&self.outputs, lanes, begin, frame.slots::<MANY>());
        }
    }

    /// Runs what is in a frame; gives the scenarios in which a loop did not end.
    fn chunk<const MANY: usize>(
        &self,
        program: &Listing,
        frame: &mut Frame,
        rounds_left: &mut [u32],
        numbers: &mut Numbers,
    ) -> u32 {
        let (mut going, mut failed, mut at) = (0, 0, 0);
        while let Some(act) = self.steps.get(at) {
            at += 1;
            match *act {
                Act::Run(place) => {
                    let before = SLOTS_BEFORE * MANY;
                    let pointer = frame.lines.as_mut_ptr().cast::<f64>().wrapping_add(before);
                    // SAFETY: a piece begins there, which was written to end with a return and to
                    // read and write slots of this program, all of which `run` has found in the
                    // frame, and to read constants of this program
                    going = unsafe { self.memory.call(place, pointer, self.constants.as_ptr()) };
                }
                Act::Call(index) => {
                    let mut slots = Slots { native: self, slots: frame.slots::<MANY>() };
                    numbers.call(&program.calls[index as usize], index, &mut slots);
                }
                Act::Begin { index, end } => {
                    rounds_left[index as usize] = program.loops[index as usize].most;
                    if going == 0 {
                        at = end;
                    }
                }
                Act::Round { index, back } => {
                    let left = &mut rounds_left[index as usize];
                    *left -= 1;
                    if going != 0 && *left > 0 {
                        at = back;
                    } else {
                        failed |= going;
                    }
                }
            }
        }
        failed
    }
}

/// Copies inputs, each with its slot, of the scenarios from `begin` on. What there is too little
/// of is filled up by a scenario repeated.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx512dq", "x86_64+avx2", "aarch64+neon"))]
fn take<const MANY: usize>(
    inputs: &[(usize, u32)],
    lanes: &Lanes<'_>,
    begin: usize,
    slots: &mut [[f64; MANY]],
) {
    let count = MANY.min(lanes.count - begin);
    for &(input, slot) in inputs {
        let from = &lanes.inputs[input * lanes.stride + lanes.first + begin..][..count];
        let to = &mut slots[slot as usize];
        match from.first_chunk::<MANY>() {
            Some(whole) => *to = *whole,
            None => *to = array::from_fn(|lane| from[lane.min(count - 1)]),
        }
    }
}

/// Copies outputs, by slot, of the scenarios from `begin` on.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx512dq", "x86_64+avx2", "aarch64+neon"))]
fn give<const MANY: usize>(
    outputs: &[u32],
    lanes: &mut Lanes<'_>,
    begin: usize,
    slots: &[[f64; MANY]],
) {
    let columns = lanes.outputs.chunks_exact_mut(lanes.width);
    for (column, &slot) in columns.zip(outputs) {
        column[begin..begin + MANY].copy_from_slice(&slots[slot as usize]);
    }
}

/// Registers that are read after each step before they are written.
fn live_after(steps: &[Step], program: &Listing) -> Vec<HashSet<Register>> {
    let mut before = vec![HashSet::default(); steps.len() + 1];
    let mut after = vec![HashSet::default(); steps.len()];
    before[steps.len()] = program.outputs.iter().copied().collect();
    loop {
        let mut changed = false;
        for (at, step) in steps.iter().enumerate().rev() {
            let mut live: HashSet<Register> = before[at + 1].clone();
            if let Step::Round { back: other, .. } | Step::Begin { end: other, .. } = *step {
                live.extend(&before[other]);
            }
            after[at].clone_from(&live);
            match step {
                Step::Piece(piece) => {
                    live.retain(|register| !piece.leaving.contains_key(register));
                    live.extend(piece.reads());
                }
                Step::Call(index) => {
                    let code = &program.calls[*index as usize];
                    code.outputs.iter().flatten().for_each(|register| {
                        live.remove(register);
                    });
                    live.extend(code.inputs.iter().chain(&code.moves));
                }
                Step::Begin { .. } | Step::Round { .. } => {}
            }
            if live != before[at] {
                before[at] = live;
                changed = true;
            }
        }
        if !changed {
            return after;
        }
    }
}
