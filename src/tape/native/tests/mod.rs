//! Machine code gives the bits that interpreting gives, on random programs; each instruction is
//! the one that was asked for (`decode`), and reads what it should (`replay`).

mod decode;
mod functions;
pub(in crate::tape) mod replay;

use super::allocate::Slots;
use super::assembler::Level;
use super::*;
use crate::scalar::Scalar;
use crate::tape::graph::{Foreign, ForeignMemory, Graph, Id};
use crate::tape::interpret::{Block, Program};
use crate::tape::program::Instruction;
use crate::tape::traced::{LoopRecording, Traced, record};
use std::sync::Arc;

const INPUTS: usize = 6;
const SCENARIOS: usize = 300;

struct Random(u64);

impl Random {
    fn below(&mut self, count: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % count
    }

    fn number(&mut self) -> f64 {
        self.below(4001) as f64 / 1000.0 - 2.0
    }

    fn of<T: Copy>(&mut self, pool: &[T]) -> T {
        // what was made last half of the time, so that some live long and others do not
        let recent = if self.below(2) == 0 { pool.len().min(8) } else { pool.len() };
        pool[pool.len() - 1 - self.below(recent)]
    }
}

/// What plain numbers only can work out, and not for all.
#[derive(Debug)]
struct Twist;

impl Foreign for Twist {
    fn operations(&self) -> usize {
        1
    }

    fn run(&self, inputs: &[f64], outputs: &mut [f64]) {
        outputs[0] = if inputs[0] < 1.5 { inputs[0] - 2.0 * inputs[1] } else { f64::NAN };
        outputs[1] = inputs[1].sin();
    }

    fn slopes(&self, _: &[f64], _: &[f64], outputs: &mut [f64], _: &mut ForeignMemory) {
        outputs.fill(f64::NAN);
    }
}

/// Records random operations on top of a pool of numbers.
fn grow(random: &mut Random, pool: &mut Vec<Traced>, count: usize, depth: usize) {
    for _ in 0..count {
        let (a, b, c) = (random.of(pool), random.of(pool), random.of(pool));
        let k = Traced::from_f64(random.number());
        let one = Traced::from_f64(1.0);
        match random.below(35) {
            0..=3 => pool.push(a + b),
            4..=6 => pool.push(a - b),
            7..=8 => pool.push(a * b),
            9 => pool.push(a / b),
            10 => pool.push(a / (one + b * b)),
            11..=12 => pool.push(a.min(b)),
            13..=14 => pool.push(a.max(b)),
            15 => pool.push(Traced::select(a, b, c)),
            // conditions that are read again and again
            16..=17 => {
                let condition = pool[random.below(pool.len().min(14))];
                pool.push(Traced::select(condition, b, c));
            }
            18 => pool.push(-a),
            19 => pool.push(a.max(-a).sqrt()),
            20 => pool.push(a + k),
            21 => pool.push(k - a),
            22 => pool.push(k / a),
            23 => pool.push(k * a),
            24 => pool.push(a * b + c),
            25 => pool.push(c - a * b),
            26 => pool.push(a * k + c),
            27 => pool.push(c - k * a),
            28 => pool.push(a + b + c + k * a + b),
            29 => pool.push(a + b * k - Traced::select(k, k, a)),
            30 if random.below(4) == 0 => pool.push((one + a * a).ln()),
            31 if random.below(4) == 0 => pool.push(a.min(one).exp()),
            34 if random.below(4) == 0 => pool.push((a * a).pow(b.max(-one).min(one))),
            32 if random.below(8) == 0 => {
                pool.extend(Traced::call(Arc::new(Twist), &[a, b], 2));
            }
            33 if depth < 3 && random.below(3) == 0 => {
                let many = 1 + random.below(5);
                let start: Vec<Traced> = (0..many).map(|_| random.of(pool)).collect();
                let most = u32::try_from(1 + random.below(6)).unwrap_or(1);
                let (mut recording, states) = LoopRecording::begin(&start, most);
                if random.below(2) == 0 {
                    recording.enter_where(random.of(pool));
                }
                let mut inner = pool.clone();
                inner.extend(states);
                grow(random, &mut inner, count / 3, depth + 1);
                let next: Vec<Traced> = (0..many).map(|_| random.of(&inner)).collect();
                // never itself something that is carried
                let done = random.of(&inner) * Traced::from_f64(1.5) - k;
                pool.extend(recording.end(&next, done));
            }
            _ if depth < 3 && random.below(300) == 0 => {
                let inputs = pool.clone();
                pool.extend(Traced::apart(|| {
                    let mut inner = inputs;
                    grow(random, &mut inner, 220, 3);
                    [0; 6].map(|_| random.of(&inner))
                }));
            }
            _ => {}
        }
    }
}

fn program(random: &mut Random, count: usize) -> Program {
    let any = (f64::NEG_INFINITY, f64::INFINITY);
    let (graph, outputs) = record(Graph::new(&[any; INPUTS]), || {
        let mut pool: Vec<Traced> = (0..INPUTS).map(Traced::input).collect();
        pool.push(Traced::from_f64(0.75));
        grow(random, &mut pool, count, 0);
        // what reads everything in the end keeps many numbers alive
        let mut whole = pool[0];
        for &number in &pool {
            whole = whole.max(number);
        }
        pool.push(whole);
        pool.iter().rev().take(20).map(|number| number.id()).collect::<Vec<Id>>()
    });
    let mut program = graph.compile(&outputs);
    program.native = None;
    for instruction in &mut program.code.instructions {
        if let Instruction::Neg { to, a } = *instruction
            && random.below(2) == 0
        {
            *instruction = Instruction::Abs { to, a };
        }
    }
    program
}

fn bits(number: f64) -> u64 {
    if number.is_nan() { f64::NAN.to_bits() } else { number.to_bits() }
}

/// Checks that both give the same over blocks of so many scenarios; gives how much was compared,
/// and how much of it are numbers.
fn compare(
    interpreted: &Program,
    native: &Program,
    inputs: &[f64],
    lanes: usize,
    width: usize,
) -> (usize, usize) {
    let (mut compared, mut numbers) = (0, 0);
    let mut one = Block::with_width(interpreted, 64);
    let mut other = Block::with_width(native, 128);
    for first in (0..SCENARIOS).step_by(width) {
        let count = width.min(SCENARIOS - first);
        native.run(&mut other, inputs, SCENARIOS, first, count);
        // a loop goes on for the scenarios that lie in a vector: those are interpreted together
        for begin in (0..count).step_by(lanes) {
            let few = lanes.min(count - begin);
            interpreted.run(&mut one, inputs, SCENARIOS, first + begin, few);
            for lane in 0..few {
                assert_eq!(one.has_failed(lane), other.has_failed(begin + lane));
                for output in 0..interpreted.code.outputs.len() {
                    let expected = interpreted.output(&one, output)[lane];
                    let got = native.output(&other, output)[begin + lane];
                    assert_eq!(bits(got), bits(expected), "{got} for {expected}");
                    compared += 1;
                    numbers += usize::from(expected.is_finite());
                }
            }
        }
    }
    (compared, numbers)
}

#[test]
fn random_programs_give_the_same_bits() {
    let mut random = Random(7);
    let (mut compared, mut numbers) = (0, 0);
    for round in 0..60 {
        let interpreted = program(&mut random, [10, 40, 150, 600][round % 4]);
        let inputs: Vec<f64> = (0..INPUTS * SCENARIOS)
            .map(|_| match random.below(40) {
                0 => f64::NAN,
                1 => f64::INFINITY,
                2 => -0.0,
                _ => random.number(),
            })
            .collect();
        for level in [Level::Avx2, Level::Avx512].into_iter().filter(|level| level.is_here()) {
            let mut native = interpreted.clone();
            native.native = Native::with_level(&native.code, level).map(Arc::new);
            assert!(native.native.is_some());
            for width in [128, 61, 7, 1] {
                let (all, some) = compare(&interpreted, &native, &inputs, level.lanes(), width);
                compared += all;
                numbers += some;
            }
        }
    }
    assert!(numbers * 3 > compared, "{numbers} of {compared} are numbers");
}

#[test]
fn registers_change_places() {
    // more than there are vector registers, each with what the next had
    const MANY: u32 = 50;
    let mut instructions = vec![Instruction::Copy { to: MANY, a: 0 }];
    instructions.extend((1..MANY).map(|at| Instruction::Copy { to: at - 1, a: at }));
    instructions.push(Instruction::Copy { to: MANY - 1, a: MANY });
    let code = Listing {
        instructions,
        terms: Vec::new(),
        loops: Vec::new(),
        calls: Vec::new(),
        registers: MANY as usize + 1,
        constants: Vec::new(),
        inputs: (0..MANY).map(|at| (at as usize, at)).collect(),
        outputs: (0..MANY).collect(),
        operations: 0,
    };
    let interpreted = Program { code, native: None };
    let inputs: Vec<f64> = (0..MANY as usize * SCENARIOS).map(|at| at as f64).collect();
    for level in [Level::Avx2, Level::Avx512].into_iter().filter(|level| level.is_here()) {
        let mut native = interpreted.clone();
        native.native = Native::with_level(&native.code, level).map(Arc::new);
        compare(&interpreted, &native, &inputs, level.lanes(), 128);
    }
}

/// Code in which any bit is wrong that changes an instruction is objected to.
#[test]
fn a_wrong_bit_of_a_program_is_seen() {
    let mut random = Random(15);
    let mut seen = 0;
    for level in [Level::Avx2, Level::Avx512] {
        for _ in 0..4 {
            let code = program(&mut random, 60).code;
            for step in lower::steps(&code) {
                let Step::Piece(piece) = step else { continue };
                let mut writer = Writer::new(level);
                writer.piece(&piece, |_| true);
                let operations = order::placed(&piece, level, |_| true);
                let check = |code: &[u8]| {
                    let (slots, constants) = (&writer.slots, &writer.constants.values[..]);
                    let (piece, operations) = (&*piece, &operations[..]);
                    replay::Written { level, code, piece, operations, slots, constants }.check()
                };
                let right = &writer.assembler.code;
                check(right).unwrap();
                let instructions = replay::decoded(right).unwrap();
                for _ in 0..200 {
                    let bit = random.below(8 * right.len());
                    let mut wrong = right.clone();
                    wrong[bit / 8] ^= 1 << (bit % 8);
                    // some bits are ignored
                    if replay::decoded(&wrong).is_ok_and(|others| others == instructions) {
                        continue;
                    }
                    assert!(check(&wrong).is_err(), "{level:?}: bit {bit} changes nothing");
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 1000, "only {seen} bits were turned");
}
