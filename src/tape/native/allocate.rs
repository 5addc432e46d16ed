//! Machine code of a straight piece: which vector register holds what, and what lies in memory.
//!
//! Where registers run out, the value goes that is read again last. It is written to memory only
//! if it is not there yet. A value that is in memory is read from there by the instruction that
//! needs it, unless there is room to keep it for the next.

use super::assembler::{Arithmetic, Assembler, Level, Operand};
use super::lower::{Code, NONE, Operation, Origin, Piece, Value};
use super::order::{Placed, placed};
use crate::math;
use crate::tape::graph::small;
use crate::tape::program::Register;
use rustc_hash::FxHashMap as HashMap;

/// By how many places bits are shifted.
#[allow(clippy::cast_possible_truncation, reason = "52")]
const FRACTION: u8 = math::FRACTION as u8;

/// When a value is read that is not read again.
const NEVER: u32 = u32::MAX;

/// Places of vectors in the frame.
#[derive(Debug, Default)]
pub(super) struct Slots {
    by_register: HashMap<Register, u32>,
    /// Slots for what registers run out for.
    pub spares: Vec<u32>,
    pub count: u32,
}

impl Slots {
    /// Where a register of the program lies.
    pub fn of(&mut self, register: Register) -> u32 {
        *self.by_register.entry(register).or_insert_with(|| {
            self.count += 1;
            self.count - 1
        })
    }

    /// Where a register lies, if it does.
    pub fn find(&self, register: Register) -> Option<u32> {
        self.by_register.get(&register).copied()
    }

    fn spare(&mut self) -> u32 {
        self.count += 1;
        self.spares.push(self.count - 1);
        self.count - 1
    }
}

/// Constants that machine code reads.
#[derive(Debug, Default)]
pub(super) struct Constants {
    known: HashMap<u64, u32>,
    pub values: Vec<f64>,
}

impl Constants {
    fn of(&mut self, k: f64) -> u32 {
        *self.known.entry(k.to_bits()).or_insert_with(|| {
            self.values.push(k);
            small(self.values.len() - 1)
        })
    }
}

/// Where a value is.
#[derive(Debug, Clone, Copy)]
struct Held {
    register: Option<u8>,
    memory: Option<Operand>,
    /// Whether its place in memory is its own to give back.
    spare: bool,
    /// The operation that reads it next.
    next: u32,
}

/// Writes the code of pieces.
#[derive(Debug)]
pub(super) struct Writer {
    pub assembler: Assembler,
    pub slots: Slots,
    pub constants: Constants,
    level: Level,
}

impl Writer {
    pub fn new(level: Level) -> Self {
        Self {
            assembler: Assembler::new(level),
            slots: Slots::default(),
            constants: Constants::default(),
            level,
        }
    }

    /// Writes a piece of whose registers those are needed that `leaves` tells; gives where it
    /// begins.
    pub fn piece(&mut self, piece: &Piece, leaves: impl Fn(Register) -> bool) -> usize {
        let begin = self.assembler.align();
        let operations = placed(piece, self.level, leaves);
        // when what an operation reads is read again, and what it makes is read first
        let mut first = vec![NEVER; piece.origins.len()];
        let mut again = vec![[NEVER; 3]; operations.len()];
        for (at, placed) in operations.iter().enumerate().rev() {
            for (again, &value) in again[at].iter_mut().zip(&placed.operation.of) {
                if value != NONE {
                    *again = first[value as usize];
                }
            }
            for &value in placed.operation.of.iter().filter(|&&value| value != NONE) {
                first[value as usize] = small(at);
            }
        }
        let held = piece.origins.iter().zip(&first).map(|(origin, &next)| {
            let memory = match *origin {
                _ if next == NEVER => None,
                Origin::Enters(register) => Some(Operand::Slot(self.slots.of(register))),
                Origin::Constant(k) => Some(Operand::Constant(self.constants.of(k))),
                Origin::Made => None,
            };
            Held { register: None, memory, spare: false, next }
        });
        let mut emitter = Emitter {
            held: held.collect(),
            owners: vec![NONE; usize::from(self.level.registers())],
            free: (0..self.level.registers()).rev().collect(),
            spares: self.slots.spares.clone(),
            reading: [NONE; 3],
            entering: &piece.entering,
            level: self.level,
            writer: self,
        };
        for (placed, again) in operations.iter().zip(&again) {
            emitter.emit(placed, again);
        }
        if piece.gives.is_none() {
            self.assembler.end();
        }
        #[cfg(test)]
        super::tests::replay::Written {
            level: self.level,
            code: &self.assembler.code[begin..],
            piece,
            operations: &operations,
            slots: &self.slots,
            constants: &self.constants.values,
        }
        .check()
        .unwrap_or_else(|error| panic!("{:?}: {error}", self.level));
        begin
    }
}

struct Emitter<'w> {
    held: Vec<Held>,
    /// By vector register: the value that it holds.
    owners: Vec<Value>,
    free: Vec<u8>,
    /// Slots that are free for what registers run out for.
    spares: Vec<u32>,
    /// What the operation at hand reads.
    reading: [Value; 3],
    entering: &'w HashMap<Register, Value>,
    level: Level,
    writer: &'w mut Writer,
}

impl Emitter<'_> {
    fn emit(&mut self, placed: &Placed, again: &[u32; 3]) {
        let Operation { code, to, of } = placed.operation;
        self.reading = of;
        for (&value, &next) in of.iter().zip(again) {
            if value != NONE {
                self.held[value as usize].next = next;
            }
        }
        match code {
            Code::Arithmetic(Arithmetic::Sqrt) => {
                let a = self.operand(of[0]);
                let to = self.result(to);
                self.writer.assembler.sqrt(to, a);
            }
            Code::Arithmetic(op) => {
                let (mut a, mut b) = (of[0], of[1]);
                if op.commutes() && self.register(a).is_none() && self.register(b).is_some() {
                    (a, b) = (b, a);
                }
                let (a, b) = (self.bring(a), self.operand(b));
                let to = self.result(to);
                self.writer.assembler.arithmetic(op, to, a, b);
            }
            Code::Shift(shift) => {
                let a = self.bring(of[0]);
                let to = self.result(to);
                self.writer.assembler.shift(shift, to, a, FRACTION);
            }
            Code::Compare => {
                let (a, b) = (self.bring(of[0]), self.operand(of[1]));
                let to = match self.level {
                    Level::Avx2 => self.result(to),
                    Level::Avx512 => placed.mask,
                };
                self.writer.assembler.compare(to, a, b);
            }
            Code::Blend => {
                let mask = match self.level {
                    Level::Avx2 => self.bring(of[0]),
                    Level::Avx512 => placed.mask,
                };
                let (b, a) = (self.bring(of[2]), self.operand(of[1]));
                let to = self.result(to);
                self.writer.assembler.blend(to, mask, a, b);
            }
            Code::Leave(register) => self.leave(of[0], register),
            Code::Give => {
                let mask = match self.level {
                    Level::Avx2 => self.bring(of[0]),
                    Level::Avx512 => placed.mask,
                };
                self.writer.assembler.end_with(mask);
            }
        }
        for value in of.into_iter().filter(|&value| value != NONE) {
            self.forget_if_done(value);
        }
    }

    fn register(&self, value: Value) -> Option<u8> {
        self.held[value as usize].register
    }

    /// The register of a value, to which it is read unless it is there.
    fn bring(&mut self, value: Value) -> u8 {
        let held = self.held[value as usize];
        if let Some(register) = held.register {
            return register;
        }
        let register = self.room(true);
        if let Some(memory) = held.memory {
            self.writer.assembler.load(register, memory);
        }
        self.hold(value, register);
        register
    }

    /// Where an instruction reads a value: from memory unless there is room to keep it.
    fn operand(&mut self, value: Value) -> Operand {
        let held = self.held[value as usize];
        let memory = match (held.register, held.memory) {
            (Some(register), _) => return Operand::Register(register),
            (None, Some(memory)) => memory,
            (None, None) => return Operand::Register(self.bring(value)),
        };
        let keeps = held.next != NEVER
            && (!self.free.is_empty()
                || self.victim(true).is_some_and(|victim| {
                    let other = self.held[self.owners[victim as usize] as usize];
                    other.memory.is_some() && other.next > held.next
                }));
        if keeps { Operand::Register(self.bring(value)) } else { memory }
    }

    /// The register for what the operation at hand makes: one that it reads may do.
    fn result(&mut self, value: Value) -> u8 {
        for value in self.reading.into_iter().filter(|&value| value != NONE) {
            if self.held[value as usize].next == NEVER {
                self.release(value);
            }
        }
        let register = self.room(false);
        self.hold(value, register);
        register
    }

    fn hold(&mut self, value: Value, register: u8) {
        self.owners[register as usize] = value;
        self.held[value as usize].register = Some(register);
    }

    fn release(&mut self, value: Value) {
        if let Some(register) = self.held[value as usize].register.take() {
            self.owners[register as usize] = NONE;
            self.free.push(register);
        }
    }

    fn forget_if_done(&mut self, value: Value) {
        let held = self.held[value as usize];
        if held.next == NEVER {
            self.release(value);
            self.give_back(value);
        }
    }

    /// Gives back the slot that a value was written to as registers ran out.
    fn give_back(&mut self, value: Value) {
        let held = &mut self.held[value as usize];
        if held.spare
            && let Some(Operand::Slot(slot)) = held.memory.take()
        {
            held.spare = false;
            self.spares.push(slot);
        }
    }

    /// A register that is free, or made so.
    fn room(&mut self, keeps_read: bool) -> u8 {
        if let Some(register) = self.free.pop() {
            return register;
        }
        // an operation reads three values at most, far less than there are registers
        let register = self.victim(keeps_read).unwrap_or_default();
        let value = self.owners[register as usize];
        if self.held[value as usize].memory.is_none() {
            let slot = self.spares.pop().unwrap_or_else(|| self.writer.slots.spare());
            self.writer.assembler.store(slot, register);
            let held = &mut self.held[value as usize];
            (held.memory, held.spare) = (Some(Operand::Slot(slot)), true);
        }
        self.held[value as usize].register = None;
        self.owners[register as usize] = NONE;
        register
    }

    /// The register whose value is read again last.
    fn victim(&self, keeps_read: bool) -> Option<u8> {
        let owners = (0..).zip(&self.owners);
        owners
            .filter(|(_, value)| **value != NONE && !(keeps_read && self.reading.contains(value)))
            .max_by_key(|(_, value)| self.held[**value as usize].next)
            .map(|(register, _)| register)
    }

    /// Puts a value in a register of the program, after what was in it is out of the way.
    fn leave(&mut self, value: Value, register: Register) {
        let from = self.bring(value);
        let slot = self.writer.slots.of(register);
        if let Some(&before) = self.entering.get(&register)
            && before != value
            && self.held[before as usize].next != NEVER
            && self.held[before as usize].memory == Some(Operand::Slot(slot))
        {
            self.bring(before);
            self.held[before as usize].memory = None;
        }
        self.writer.assembler.store(slot, from);
        self.give_back(value);
        let held = &mut self.held[value as usize];
        if held.memory.is_none() {
            held.memory = Some(Operand::Slot(slot));
        }
    }
}
