//! Every instruction that can be written is the one that was asked for: so a decoder reads it that
//! nobody here wrote (`iced-x86`), for all operations, registers and ways to memory.

use super::super::assembler::{Arithmetic, Assembler, Level, Operand, SLOTS_BEFORE, Shift};
use super::replay::{decoded, mnemonic};
use iced_x86::{Instruction, Mnemonic, OpKind, Register};

const OPERATIONS: [Arithmetic; 10] = [
    Arithmetic::Sqrt,
    Arithmetic::And,
    Arithmetic::Or,
    Arithmetic::Xor,
    Arithmetic::Add,
    Arithmetic::Mul,
    Arithmetic::Sub,
    Arithmetic::Min,
    Arithmetic::Div,
    Arithmetic::Max,
];

/// Slots and constants on both sides of where a byte reaches no farther, and far beyond.
const PLACES: [u32; 16] =
    [0, 1, 3, 4, 15, 16, 64, 124, 127, 128, 129, 131, 132, 255, 256, 1_000_000];

fn vector(level: Level, number: u8) -> Register {
    match level {
        Level::Avx2 => Register::YMM0 + u32::from(number),
        Level::Avx512 => Register::ZMM0 + u32::from(number),
    }
}

/// Whether an operand of an instruction is the one that was asked for.
fn is(level: Level, instruction: &Instruction, which: u32, operand: Operand) -> bool {
    let memory = |base, index: u32, copies: usize, before: usize, spread| {
        let bytes = 8 * i64::try_from(copies).unwrap();
        let distance = (i64::from(index) - i64::try_from(before).unwrap()) * bytes;
        let spreads =
            instruction.is_broadcast() || instruction.mnemonic() == Mnemonic::Vbroadcastsd;
        instruction.op_kind(which) == OpKind::Memory
            && instruction.memory_base() == base
            && instruction.memory_index() == Register::None
            && instruction.memory_displacement64().cast_signed() == distance
            && spreads == spread
    };
    match operand {
        Operand::Register(number) => instruction.op_register(which) == vector(level, number),
        Operand::Slot(slot) => memory(Register::RDI, slot, level.lanes(), SLOTS_BEFORE, false),
        Operand::Constant(index) => {
            memory(Register::RSI, index, level.copies(), 0, level.copies() == 1)
        }
    }
}

/// Writes one instruction and more of it, and gives what a decoder reads.
fn written(level: Level, write: impl Fn(&mut Assembler)) -> Vec<Instruction> {
    let mut assembler = Assembler::new(level);
    write(&mut assembler);
    decoded(&assembler.code).unwrap_or_else(|error| panic!("{error}: {:x?}", assembler.code))
}

fn one(level: Level, write: impl Fn(&mut Assembler)) -> Instruction {
    match &written(level, write)[..] {
        [one] => *one,
        other => panic!("{} instructions for one", other.len()),
    }
}

fn operands(level: Level) -> impl Iterator<Item = Operand> {
    let registers = (0..level.registers()).map(Operand::Register);
    let places = PLACES.into_iter().flat_map(|at| [Operand::Slot(at), Operand::Constant(at)]);
    registers.chain(places)
}

/// Calls it with registers such that each meets each of the others in any two of the places.
fn pairs(level: Level, mut each: impl FnMut(u8, u8, Operand)) {
    let count = level.registers();
    for to in 0..count {
        for (step, second) in (0..).zip(operands(level)) {
            each(to, (to + step) % count, second);
            each((to + step) % count, to, second);
        }
    }
}

fn on_each_level(test: impl Fn(Level)) {
    [Level::Avx2, Level::Avx512].into_iter().for_each(test);
}

#[test]
fn arithmetic_is_what_was_asked_for() {
    on_each_level(|level| {
        for op in OPERATIONS {
            pairs(level, |to, a, b| {
                let got = one(level, |code| match op {
                    Arithmetic::Sqrt => code.sqrt(to, b),
                    _ => code.arithmetic(op, to, a, b),
                });
                assert_eq!(got.mnemonic(), mnemonic(op));
                assert!(is(level, &got, 0, Operand::Register(to)), "{op:?} {to} {a} {b:?}");
                let second = match op {
                    Arithmetic::Sqrt => 1,
                    _ => {
                        assert!(is(level, &got, 1, Operand::Register(a)), "{op:?} {to} {a} {b:?}");
                        2
                    }
                };
                assert!(is(level, &got, second, b), "{op:?} {to} {a} {b:?}");
                assert_eq!(got.op_count(), second + 1);
                assert!(!got.has_op_mask() && !got.zeroing_masking());
            });
        }
    });
}

#[test]
fn comparisons_and_choices_are_what_was_asked_for() {
    on_each_level(|level| {
        let masks = match level {
            Level::Avx2 => 16,
            Level::Avx512 => 8,
        };
        let mask_of = |mask: u8| match level {
            Level::Avx2 => Register::YMM0 + u32::from(mask),
            Level::Avx512 => Register::K0 + u32::from(mask),
        };
        for mask in 0..masks {
            pairs(level, |to, a, b| {
                let got = one(level, |code| code.compare(mask, a, b));
                assert_eq!(got.mnemonic(), Mnemonic::Vcmppd);
                assert_eq!(got.op0_register(), mask_of(mask));
                assert!(is(level, &got, 1, Operand::Register(a)) && is(level, &got, 2, b));
                assert_eq!(got.immediate(3), 0x1e); // greater than, ordered, quiet

                if level == Level::Avx512 && mask == 0 {
                    return; // chooses nothing
                }
                let got = one(level, |code| code.blend(to, mask, b, a));
                let (name, chooses) = match level {
                    Level::Avx2 => (Mnemonic::Vblendvpd, got.op_register(3)),
                    Level::Avx512 => (Mnemonic::Vblendmpd, got.op_mask()),
                };
                assert_eq!((got.mnemonic(), chooses), (name, mask_of(mask)));
                assert!(is(level, &got, 0, Operand::Register(to)) && !got.zeroing_masking());
                assert!(is(level, &got, 1, Operand::Register(a)) && is(level, &got, 2, b));
            });
            let ends = written(level, |code| code.end_with(mask));
            let names: Vec<Mnemonic> = ends.iter().map(Instruction::mnemonic).collect();
            let give = match level {
                Level::Avx2 => Mnemonic::Vmovmskpd,
                Level::Avx512 => Mnemonic::Kmovb,
            };
            assert_eq!(names, [give, Mnemonic::Vzeroupper, Mnemonic::Ret]);
            assert_eq!(ends[0].op0_register(), Register::EAX);
            assert_eq!(ends[0].op1_register(), mask_of(mask));
        }
    });
}

#[test]
fn moves_and_shifts_are_what_was_asked_for() {
    on_each_level(|level| {
        pairs(level, |to, a, b| {
            for (shift, name) in [(Shift::Left, Mnemonic::Vpsllq), (Shift::Right, Mnemonic::Vpsrlq)]
            {
                let got = one(level, |code| code.shift(shift, to, a, 52));
                assert_eq!((got.mnemonic(), got.immediate(2)), (name, 52));
                assert!(is(level, &got, 0, Operand::Register(to)));
                assert!(is(level, &got, 1, Operand::Register(a)));
            }
            let got = one(level, |code| code.load(to, b));
            let spread = level == Level::Avx512 && matches!(b, Operand::Constant(_));
            let name = if spread { Mnemonic::Vbroadcastsd } else { Mnemonic::Vmovupd };
            assert_eq!(got.mnemonic(), name);
            assert!(is(level, &got, 0, Operand::Register(to)) && is(level, &got, 1, b));
            if let Operand::Slot(slot) = b {
                let got = one(level, |code| code.store(slot, to));
                assert_eq!(got.mnemonic(), Mnemonic::Vmovupd);
                assert!(is(level, &got, 0, b) && is(level, &got, 1, Operand::Register(to)));
            }
        });
    });
}

#[test]
fn a_wrong_bit_is_seen() {
    let mut assembler = Assembler::new(Level::Avx512);
    assembler.arithmetic(Arithmetic::Add, 31, 17, Operand::Slot(300));
    let whole = |code: &[u8]| {
        let read = decoded(code).ok().filter(|read| read.len() == 1)?;
        let got = read[0];
        (got.mnemonic() == Mnemonic::Vaddpd
            && is(Level::Avx512, &got, 0, Operand::Register(31))
            && is(Level::Avx512, &got, 1, Operand::Register(17))
            && is(Level::Avx512, &got, 2, Operand::Slot(300))
            && !got.has_op_mask()
            && !got.zeroing_masking())
        .then_some(())
    };
    let code = assembler.code;
    assert!(whole(&code).is_some());
    let mut ignored = 0;
    for bit in 0..8 * code.len() {
        let mut wrong = code.clone();
        wrong[bit / 8] ^= 1 << (bit % 8);
        // one bit is that of an index register, where there is none
        if decoded(&wrong).is_ok_and(|read| read == decoded(&code).unwrap()) {
            ignored += 1;
            continue;
        }
        assert!(whole(&wrong).is_none(), "bit {bit} of {code:x?} tells nothing");
    }
    assert_eq!(ignored, 1);
}
