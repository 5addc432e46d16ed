//! Machine code replayed symbolically: what every instruction reads is what the piece says.
//!
//! The bytes of a piece are decoded by a decoder nobody here wrote (`iced-x86`), and run on values
//! instead of numbers: each register and slot holds the name of a value, moves move names, and an
//! instruction that works something out has to be the next operation of the piece, on the values
//! that it reads, wherever they were spilled to. In tests this is done for every piece that is
//! written, of random programs and of those recorded of chains, with the registers of each level.

use super::super::assembler::{Arithmetic, Level, SLOTS_BEFORE, Shift};
use super::super::lower::{Code, NONE, Operation, Origin, Piece, Value};
use super::super::order::Placed;
use super::Slots;
use crate::math;
use crate::tape::graph::small;
use iced_x86::{Decoder, DecoderOptions, Instruction, Mnemonic, OpKind, Register, RoundingControl};
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The comparison that is no error where a number is none.
const ABOVE_QUIETLY: u64 = 0x1e;

/// How many pieces were replayed by all tests so far.
pub(in crate::tape) static REPLAYED: AtomicUsize = AtomicUsize::new(0);

/// What a written piece was written from.
pub(in crate::tape::native) struct Written<'w> {
    pub level: Level,
    pub code: &'w [u8],
    pub piece: &'w Piece,
    pub operations: &'w [Placed],
    pub slots: &'w Slots,
    pub constants: &'w [f64],
}

/// The instructions of some code, all of its bytes.
pub(super) fn decoded(code: &[u8]) -> Result<Vec<Instruction>, String> {
    let mut instructions = Vec::new();
    let mut decoder = Decoder::new(64, code, DecoderOptions::NONE);
    while decoder.can_decode() {
        let instruction = decoder.decode();
        if instruction.is_invalid() {
            return Err(format!("no instruction {} bytes from the front", instruction.ip()));
        }
        instructions.push(instruction);
    }
    Ok(instructions)
}

/// Where a number lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum At {
    Vector(usize),
    Mask(usize),
    Slot(u32),
    Constant(u32),
}

/// What lies there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    Value(Value),
    /// What was in a slot when the piece began, and no value of it.
    Before(u32),
}

struct Replay<'w> {
    written: &'w Written<'w>,
    holds: HashMap<At, Holds>,
    stored: Vec<u32>,
    /// What each choice of the piece reads, its mask too.
    choices: HashMap<Value, [Value; 3]>,
}

impl Written<'_> {
    /// Replays the code; says where it does not do what the piece says.
    pub fn check(&self) -> Result<(), String> {
        REPLAYED.fetch_add(1, Ordering::Relaxed);
        let choices = self.piece.operations.iter().filter(|done| done.code == Code::Blend);
        let mut replay = Replay {
            written: self,
            holds: HashMap::new(),
            stored: Vec::new(),
            choices: choices.map(|choice| (choice.to, choice.of)).collect(),
        };
        replay.enter();
        let work = |placed: &&Placed| !matches!(placed.operation.code, Code::Leave(_));
        let mut left = self.operations.iter().filter(work);
        let instructions = decoded(self.code)?;
        let mut done = 0;
        for instruction in &instructions {
            if instruction.mnemonic() == Mnemonic::Ret {
                break;
            }
            let said = |error: String| format!("{}: {error}", shown(instruction));
            replay.step(instruction, &mut left).map_err(said)?;
            done += 1;
        }
        let ends: Vec<Mnemonic> =
            instructions.iter().skip(done).map(Instruction::mnemonic).collect();
        if ends != [Mnemonic::Ret] || done == 0 {
            return Err(format!("it ends with {ends:?}"));
        }
        if instructions[done - 1].mnemonic() != Mnemonic::Vzeroupper {
            return Err("it leaves the upper halves of registers behind".to_owned());
        }
        if let Some(missing) = left.next() {
            return Err(format!("{:?} is not done", missing.operation));
        }
        replay.leave()
    }
}

impl Replay<'_> {
    fn enter(&mut self) {
        let Written { piece, slots, constants, .. } = self.written;
        for slot in 0..slots.count {
            self.holds.insert(At::Slot(slot), Holds::Before(slot));
        }
        for (&register, &value) in &piece.entering {
            if let Some(slot) = slots.find(register) {
                self.holds.insert(At::Slot(slot), Holds::Value(value));
            }
        }
        let places: HashMap<u64, u32> =
            constants.iter().zip(0..).map(|(k, at)| (k.to_bits(), at)).collect();
        for (value, origin) in piece.origins.iter().enumerate() {
            if let Origin::Constant(k) = origin
                && let Some(&at) = places.get(&k.to_bits())
            {
                self.holds.insert(At::Constant(at), Holds::Value(small(value)));
            }
        }
    }

    /// What is left in slots in the end, and that no other slot was touched.
    fn leave(&self) -> Result<(), String> {
        let Written { operations, slots, .. } = self.written;
        let mut may = slots.spares.clone();
        for placed in *operations {
            if let Code::Leave(register) = placed.operation.code {
                let slot = slots.find(register).ok_or("what leaves has no slot")?;
                may.push(slot);
                let (got, due) = (self.at(At::Slot(slot))?, Holds::Value(placed.operation.of[0]));
                if got != due {
                    return Err(format!("register {register} leaves with {got:?} for {due:?}"));
                }
            }
        }
        match self.stored.iter().find(|slot| !may.contains(slot)) {
            Some(slot) => Err(format!("slot {slot} is written over")),
            None => Ok(()),
        }
    }

    fn at(&self, at: At) -> Result<Holds, String> {
        self.holds.get(&at).copied().ok_or_else(|| format!("nothing known is in {at:?}"))
    }

    fn step<'p>(
        &mut self,
        instruction: &Instruction,
        left: &mut impl Iterator<Item = &'p Placed>,
    ) -> Result<(), String> {
        if instruction.zeroing_masking()
            || instruction.rounding_control() != RoundingControl::None
            || instruction.suppress_all_exceptions()
        {
            return Err("it rounds in a way of its own".to_owned());
        }
        match instruction.mnemonic() {
            Mnemonic::Vzeroupper => return Ok(()),
            Mnemonic::Vmovupd | Mnemonic::Vbroadcastsd => {
                let (to, from) = (self.operand(instruction, 0)?, self.operand(instruction, 1)?);
                // a single number of memory fills a vector only if it is spread
                let spreads = instruction.mnemonic() == Mnemonic::Vbroadcastsd;
                let single = matches!(from, At::Constant(_)) && self.written.level.copies() == 1;
                if spreads != single || instruction.has_op_mask() {
                    return Err("a vector is read where there is one number, or the reverse".into());
                }
                if let At::Slot(slot) = to {
                    self.stored.push(slot);
                }
                let value = self.at(from)?;
                self.holds.insert(to, value);
                return Ok(());
            }
            _ => {}
        }
        let placed = left.next().ok_or("one operation too many")?;
        let chooses = placed.operation.code == Code::Blend;
        if instruction.has_op_mask() && !chooses {
            return Err("it leaves some scenarios out".to_owned());
        }
        let Operation { code, to, of } = placed.operation;
        let wrong = || format!("for {:?}", placed.operation);
        let due = |mnemonic: Mnemonic| (instruction.mnemonic() == mnemonic).then_some(());
        let reads = |replay: &Self, from: u32| replay.at(replay.operand(instruction, from)?);
        let made = match code {
            Code::Arithmetic(op) => {
                due(mnemonic(op)).ok_or_else(wrong)?;
                let got = match op {
                    Arithmetic::Sqrt => [reads(self, 1)?, Holds::Value(NONE)],
                    _ => [reads(self, 1)?, reads(self, 2)?],
                };
                let [a, b] = [of[0], of[1]].map(Holds::Value);
                let swapped = op.commutes() && got == [b, a];
                (got == [a, b] || swapped).then_some(()).ok_or_else(wrong)?;
                self.operand(instruction, 0)?
            }
            Code::Shift(shift) => {
                due(match shift {
                    Shift::Left => Mnemonic::Vpsllq,
                    Shift::Right => Mnemonic::Vpsrlq,
                })
                .ok_or_else(wrong)?;
                let same = reads(self, 1)? == Holds::Value(of[0])
                    && instruction.immediate(2) == u64::from(math::FRACTION);
                same.then_some(()).ok_or_else(wrong)?;
                self.operand(instruction, 0)?
            }
            Code::Compare => {
                due(Mnemonic::Vcmppd).ok_or_else(wrong)?;
                let same = [reads(self, 1)?, reads(self, 2)?] == [of[0], of[1]].map(Holds::Value)
                    && instruction.immediate(3) == ABOVE_QUIETLY;
                same.then_some(()).ok_or_else(wrong)?;
                self.operand(instruction, 0)?
            }
            Code::Blend => {
                // under AVX-512 only the piece still says by which mask
                let whole = self.choices.get(&to).ok_or_else(wrong)?;
                let mask = match self.written.level {
                    Level::Avx2 => {
                        due(Mnemonic::Vblendvpd).ok_or_else(wrong)?;
                        reads(self, 3)?
                    }
                    Level::Avx512 => {
                        due(Mnemonic::Vblendmpd).ok_or_else(wrong)?;
                        self.at(At::Mask(instruction.op_mask().number()))?
                    }
                };
                // the second where the mask is set
                let got = [mask, reads(self, 2)?, reads(self, 1)?];
                (got == whole.map(Holds::Value)).then_some(()).ok_or_else(wrong)?;
                self.operand(instruction, 0)?
            }
            Code::Give => {
                due(match self.written.level {
                    Level::Avx2 => Mnemonic::Vmovmskpd,
                    Level::Avx512 => Mnemonic::Kmovb,
                })
                .ok_or_else(wrong)?;
                let same = instruction.op0_register() == Register::EAX
                    && Some(reads(self, 1)?) == self.written.piece.gives.map(Holds::Value);
                return same.then_some(()).ok_or_else(wrong);
            }
            Code::Leave(_) => return Err(wrong()),
        };
        self.holds.insert(made, Holds::Value(to));
        Ok(())
    }

    /// Where an instruction finds an operand or puts its result; it has to take all of a vector.
    fn operand(&self, instruction: &Instruction, which: u32) -> Result<At, String> {
        let level = self.written.level;
        match instruction.op_kind(which) {
            OpKind::Register => {
                let register = instruction.op_register(which);
                let whole = match level {
                    Level::Avx2 => register.is_ymm(),
                    Level::Avx512 => register.is_zmm(),
                };
                if whole {
                    Ok(At::Vector(register.number()))
                } else if register.is_k() {
                    Ok(At::Mask(register.number()))
                } else {
                    Err(format!("{register:?} is no vector"))
                }
            }
            OpKind::Memory => {
                if instruction.memory_index() != Register::None {
                    return Err("memory is indexed".to_owned());
                }
                let distance = instruction.memory_displacement64().cast_signed();
                let spread =
                    instruction.is_broadcast() || instruction.mnemonic() == Mnemonic::Vbroadcastsd;
                let (bytes, before, spreads) = match instruction.memory_base() {
                    Register::RDI => (8 * level.lanes(), SLOTS_BEFORE, false),
                    Register::RSI => (8 * level.copies(), 0, level.copies() == 1),
                    other => return Err(format!("{other:?} points nowhere")),
                };
                let (bytes, before) = (i64::from(small(bytes)), i64::from(small(before)));
                if distance % bytes != 0 || spread != spreads {
                    return Err(format!("{distance} bytes lie between vectors"));
                }
                let index = u32::try_from(distance / bytes + before).map_err(|e| e.to_string())?;
                Ok(match instruction.memory_base() {
                    Register::RDI => At::Slot(index),
                    _ => At::Constant(index),
                })
            }
            other => Err(format!("an operand is {other:?}")),
        }
    }
}

/// The name that the manuals have for an operation.
pub(super) fn mnemonic(op: Arithmetic) -> Mnemonic {
    match op {
        Arithmetic::Sqrt => Mnemonic::Vsqrtpd,
        Arithmetic::And => Mnemonic::Vandpd,
        Arithmetic::Or => Mnemonic::Vorpd,
        Arithmetic::Xor => Mnemonic::Vxorpd,
        Arithmetic::Add => Mnemonic::Vaddpd,
        Arithmetic::Mul => Mnemonic::Vmulpd,
        Arithmetic::Sub => Mnemonic::Vsubpd,
        Arithmetic::Min => Mnemonic::Vminpd,
        Arithmetic::Div => Mnemonic::Vdivpd,
        Arithmetic::Max => Mnemonic::Vmaxpd,
    }
}

fn shown(instruction: &Instruction) -> String {
    format!("{:?} at {}", instruction.mnemonic(), instruction.ip())
}
