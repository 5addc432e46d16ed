//! Every rewrite against the equation as it is written: what is folded, merged, fused and left out
//! changes no bit, derivatives are those of dual numbers, and regrouped sums stay the same but for
//! roundings.

use super::graph::{Call, Callee, Function, Graph, Id, Op};
use super::interpret::{Block, Program};
use super::traced::{LoopRecording, Traced, record};
use crate::scalar::{Dual, Scalar};
use std::ops::Range;
use std::sync::Arc;

/// What inputs lie between: shares, flows, and what may be below zero.
const RANGES: [(f64, f64); 6] =
    [(0.0, 1.0), (0.0, 1.0), (0.0, 5.0), (0.0, 5.0), (-2.0, 2.0), (-2.0, 2.0)];

/// Beyond it, numbers run away.
const LARGEST: f64 = 1e60;

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.next() % count as u64).unwrap()
    }

    fn between(&mut self, (low, high): (f64, f64)) -> f64 {
        low + (high - low) * ((self.next() >> 11) as f64 / (1_u64 << 53) as f64)
    }
}

/// How many seeds: so many, or as many as the environment says.
fn seeds(unless_asked: u64) -> Range<u64> {
    let asked = std::env::var("GASCHAIN_SEEDS").ok();
    0..asked.map_or(unless_asked, |text| text.parse().expect("GASCHAIN_SEEDS is a whole number"))
}

/// An equation drawn by a seed: the same operations in every scalar. Much of it is what rewrites
/// look for: constants that change nothing, parts of wholes, choices among constants.
fn equation<S: Scalar>(seed: u64, inputs: &[S], count: usize) -> Vec<S> {
    let mut random = Random(seed);
    let mut pool = inputs.to_vec();
    let constant = |random: &mut Random| {
        let odd = [0.0, 1.0, -1.0, 2.0, 0.5];
        let k =
            if random.below(2) == 0 { odd[random.below(5)] } else { random.between((-2.0, 2.0)) };
        S::from_f64(k)
    };
    for _ in 0..count {
        let recent = if random.below(2) == 0 { pool.len().min(8) } else { pool.len() };
        let mut of = || pool[pool.len() - 1 - random.below(recent)];
        let (a, b, c) = (of(), of(), of());
        let share = inputs[random.below(2)];
        let (k, other) = (constant(&mut random), constant(&mut random));
        let (one, zero) = (S::one(), S::zero());
        let guarded = one + b * b;
        pool.push(match random.below(32) {
            0 => a + b,
            1 => a - b,
            2 => a * b,
            3 => a / guarded,
            4 => a.min(b),
            5 => a.max(b),
            6 => S::select(a, b, c),
            7 => -a,
            8 => a.max(-a),
            // at zero its slope is infinite
            9 => (one + a.max(-a)).sqrt(),
            10 => a + k,
            11 => k - a,
            12 => a * k,
            13 => k / guarded,
            14 => a - a * share,
            15 => (a - a * share).min(a),
            16 => a.max(zero) - a.max(zero).min(b.max(zero)),
            17 => S::select(a, k, other),
            18 => S::select(a, k, other) * b,
            19 => S::select(S::select(a, one, zero), b, c),
            20 => S::select(a, one, zero) * k + other,
            21 => a.share_of(b.max(zero)),
            22 => a * b + c,
            23 => c - a * b,
            24 => a + b + c * k + b,
            25 => (a - b).max(b - a),
            26 => guarded.ln(),
            27 => a.min(one).exp(),
            28 => guarded.pow(a.min(one)),
            29 => a.powi(2) * k,
            30 => S::select(a, S::select(a, b, c), k),
            _ => {
                let same = a;
                (a - same) + b * one
            }
        });
    }
    pool.split_off(inputs.len())
}

/// An equation recorded, and some numbers of it.
pub(in crate::tape) fn random_graph(seed: u64, count: usize) -> (Graph, Vec<Id>) {
    let (graph, ids) = record(Graph::new(&RANGES), || {
        let inputs = [0, 1, 2, 3, 4, 5].map(Traced::input);
        let numbers = equation(seed, &inputs, count);
        numbers.into_iter().map(Traced::id).collect::<Vec<_>>()
    });
    (graph, ids.into_iter().rev().step_by(3).collect())
}

fn points(seed: u64, count: usize) -> Vec<[f64; 6]> {
    let mut random = Random(!seed);
    (0..count).map(|_| RANGES.map(|range| random.between(range))).collect()
}

/// What a program makes of some points: outputs by point.
fn run(program: &Program, points: &[[f64; 6]], outputs: usize) -> Vec<Vec<f64>> {
    let inputs: Vec<f64> =
        (0..6).flat_map(|which| points.iter().map(move |point| point[which])).collect();
    let mut block = Block::with_width(program, 64);
    program.run(&mut block, &inputs, points.len(), 0, points.len());
    let of = |lane| (0..outputs).map(|at| program.output(&block, at)[lane]).collect();
    (0..points.len()).map(of).collect()
}

/// Whether no number of an equation runs away, so that no rule about zero or equal numbers is asked
/// about infinity.
fn is_tame(numbers: &[f64]) -> bool {
    numbers.iter().all(|number| number.abs() < LARGEST)
}

/// Compares a program with the equation that it was recorded of: how many points have been
/// compared, or where it differs. Zeros of either sign are the same number.
fn compared(program: &Program, seed: u64, count: usize) -> Result<usize, String> {
    let points = points(seed, 64);
    let outputs = count.div_ceil(3);
    let got = run(program, &points, outputs);
    let mut compared = 0;
    for (point, got) in points.iter().zip(got) {
        let whole = equation(seed, point, count);
        if !is_tame(&whole) {
            continue;
        }
        for (got, &due) in got.iter().zip(whole.iter().rev().step_by(3)) {
            if got.to_bits() != due.to_bits() && !(*got == 0.0 && due == 0.0) {
                return Err(format!("seed {seed}: {got} for {due}"));
            }
        }
        compared += 1;
    }
    Ok(compared)
}

#[test]
fn what_is_folded_has_the_bits_of_what_is_written() {
    let (mut all, mut some, mut asked, mut left) = (0, 0, 0, 0);
    for seed in seeds(60) {
        for count in [12, 60] {
            let (graph, outputs) = random_graph(seed, count);
            let mut program = graph.compile(&outputs);
            some += compared(&program, seed, count).unwrap();
            program.native = None;
            compared(&program, seed, count).unwrap();
            all += 64;
            asked += graph.asked;
            left += program.operations();
        }
    }
    assert!(some * 2 > all, "{some} of {all} points were compared");
    assert!(left * 10 < asked * 9, "{left} of {asked} operations are left: nothing was folded");
}

#[test]
fn a_wrong_rewrite_is_seen() {
    let mut seen = 0;
    let mut turned = 0;
    for seed in 0..40 {
        let (graph, outputs) = random_graph(seed, 30);
        let needed = graph.needed(&outputs);
        for at in (0..graph.ops.len()).filter(|&at| needed[at]) {
            let mut wrong = graph.clone();
            wrong.ops[at] = match wrong.ops[at] {
                Op::Add(a, b) => Op::Sub(a, b),
                Op::Min(a, b) => Op::Max(a, b),
                Op::Select(c, a, b) => Op::Select(c, b, a),
                _ => continue,
            };
            turned += 1;
            seen += usize::from(compared(&wrong.compile(&outputs), seed, 30).is_err());
        }
    }
    // some make no difference where they stand
    assert!(turned > 100 && seen * 10 > turned * 7, "{seen} of {turned} were seen");
}

#[test]
fn what_is_written_twice_is_one() {
    for seed in seeds(20) {
        let (graph, (once, again, between)) = record(Graph::new(&RANGES), || {
            let inputs = [0, 1, 2, 3, 4, 5].map(Traced::input);
            let ids =
                |numbers: Vec<Traced>| numbers.into_iter().map(Traced::id).collect::<Vec<_>>();
            let once = ids(equation(seed, &inputs, 50));
            let before = Traced::from_f64(0.123).id();
            (once, ids(equation(seed, &inputs, 50)), before)
        });
        assert_eq!(once, again);
        assert_eq!(graph.ops.len(), between.index() + 1, "seed {seed}: nodes were made again");
    }
}

#[test]
fn what_no_output_needs_costs_nothing_and_changes_nothing() {
    for seed in seeds(20) {
        let (whole, outputs) = random_graph(seed, 60);
        let all = run(&whole.compile(&outputs), &points(seed, 64), outputs.len());
        for (at, &id) in outputs.iter().enumerate() {
            let program = whole.compile(&[id]);
            let needed = whole.needed(&[id]);
            let is_done = |op: &Op| !matches!(op, Op::Constant(_) | Op::Input(_));
            let nodes =
                whole.ops.iter().zip(&needed).filter(|(op, needed)| **needed && is_done(op));
            assert_eq!(program.operations(), nodes.count(), "seed {seed}");
            for (alone, all) in run(&program, &points(seed, 64), 1).iter().zip(&all) {
                assert!(alone[0].to_bits() == all[at].to_bits() || all[at].is_nan());
            }
        }
    }
}

#[test]
fn derivatives_are_those_of_dual_numbers() {
    const COUNT: usize = 25;
    let (mut all, mut some) = (0, 0);
    for seed in seeds(60) {
        let (mut graph, outputs) = random_graph(seed, COUNT);
        let output = outputs[0];
        let inputs: Vec<Id> = (0..6).map(|which| graph.input(which)).collect();
        let mut slopes = graph.backward(output, &inputs);
        for &input in &inputs {
            slopes.extend(graph.forward(&[output], input));
        }
        let points = points(seed, 64);
        let got = run(&graph.compile(&slopes), &points, 12);
        for (point, got) in points.iter().zip(got) {
            all += 1;
            if !is_tame(&equation(seed, point, COUNT)) {
                continue;
            }
            some += 1;
            for along in 0..6 {
                let duals: Vec<Dual> = (0..6)
                    .map(|which| Dual::new(point[which], f64::from(u8::from(which == along))))
                    .collect();
                let numbers = equation(seed, &duals, COUNT);
                // sums of slopes that cancel keep the roundings of the largest
                let largest = numbers.iter().map(|number| number.derivative().abs());
                let scale = largest.fold(1.0, f64::max);
                let due = numbers[COUNT - 1].derivative();
                for got in [got[along], got[6 + along]] {
                    let off = (got - due).abs();
                    assert!(
                        off <= 1e-11 * scale || !due.is_finite(),
                        "seed {seed}: {got} for {due}"
                    );
                }
            }
        }
    }
    assert!(some * 2 > all, "{some} of {all} points were compared");
}

/// A round of a loop that mixes what it carries: shares are taken of flows, and flows added.
fn round<S: Scalar>(seed: u64, shares: [S; 2], carried: &[S; 3], flows: [S; 2]) -> Vec<S> {
    let mut random = Random(seed);
    let mut pool = carried.to_vec();
    pool.extend(flows);
    for _ in 0..8 {
        let mut of = |pool: &[S]| pool[random.below(pool.len())];
        let (a, b) = (of(&pool), of(&pool));
        let share = shares[random.below(2)];
        pool.push(match random.below(5) {
            0 => a + b,
            1 => a * share,
            2 => a - a * share,
            3 => a.scaled(0.7) + b * share,
            _ => (a + b) / (flows[0] + S::one()),
        });
    }
    pool.split_off(pool.len() - 3)
}

/// By how much of the flows that begin, up to 10, regrouped sums may differ: a few roundings.
const REGROUPED_WITHIN: f64 = 1e-14;

#[test]
fn regrouped_sums_are_the_same_but_for_roundings() {
    let (mut compared, mut differ) = (0, 0);
    for seed in seeds(60) {
        let (graph, outputs) = record(Graph::new(&RANGES), || {
            let inputs = [0, 1, 2, 3, 4, 5].map(Traced::input);
            // what is carried, and room for what it comes to when it is regrouped
            let start = [inputs[2], inputs[3], inputs[2] + inputs[3]];
            let room = [Traced::from_f64(0.0); 3];
            let (recording, states) = LoopRecording::begin(&[start, room].concat(), 4);
            let carried = [states[0], states[1], states[2]];
            let shares = [inputs[0], inputs[1]];
            let numbers = round(seed, shares, &carried, [inputs[2], inputs[3]]);
            let regrouped = recording.regrouped(&numbers);
            let next = [numbers, regrouped].concat();
            // one round is the last
            let ends = recording.end(&next, inputs[2] + Traced::from_f64(1.0));
            ends.into_iter().map(Traced::id).collect::<Vec<_>>()
        });
        let points = points(seed, 64);
        for numbers in run(&graph.compile(&outputs), &points, 6) {
            for (plain, regrouped) in numbers[..3].iter().zip(&numbers[3..]) {
                let off = (plain - regrouped).abs();
                let scale = plain.abs() + 10.0;
                assert!(off <= REGROUPED_WITHIN * scale, "seed {seed}: {regrouped} for {plain}");
                differ += usize::from(off > 0.0);
                compared += 1;
            }
        }
    }
    assert!(differ * 100 > compared, "{differ} of {compared} differ: nothing was regrouped");
}

/// What stays between -1 and 1 of any number.
fn squashed<S: Scalar>(number: S) -> S {
    number / (S::one() + number.max(-number))
}

/// The function that a call is of.
fn called(call: &Call) -> Option<&Arc<Function>> {
    match &call.callee {
        Callee::Function(function) => Some(function),
        Callee::Foreign(_) => None,
    }
}

/// An equation of parts one behind the other that differ in a constant only.
fn in_parts<S: Scalar>(seed: u64, inputs: &[S; 6], parts: usize) -> Vec<S> {
    let mut state = [inputs[2], inputs[3], inputs[4]];
    for part in 0..parts {
        let own = S::from_f64(0.31 + 0.1 * part as f64);
        state = S::apart(|| {
            let [a, b, c] = state;
            let numbers = equation(seed, &[inputs[0], inputs[1], a, b, c, own.given()], 260);
            let mut last = numbers.iter().rev().step_by(40);
            [a, b, c]
                .map(|before| squashed(before.scaled(0.5) + last.next().copied().unwrap_or(before)))
        });
    }
    state.to_vec()
}

#[test]
fn parts_that_come_up_again_are_one_function_with_the_bits_and_slopes_of_all() {
    let (mut compared, mut alike) = (0, 0);
    for seed in seeds(30) {
        let (mut graph, outputs) = record(Graph::new(&RANGES), || {
            let inputs = [0, 1, 2, 3, 4, 5].map(Traced::input);
            let numbers = in_parts(seed, &inputs, 5);
            numbers.into_iter().map(Traced::id).collect::<Vec<_>>()
        });
        // the first is given inputs, and all behind it what it gives
        let mut functions: Vec<&Arc<Function>> = graph.calls.iter().filter_map(called).collect();
        functions.dedup_by(|one, other| Arc::ptr_eq(one, other));
        alike += usize::from((1..=2).contains(&functions.len()));
        let inputs: Vec<Id> = (0..6).map(|which| graph.input(which)).collect();
        let mut asked = outputs.clone();
        for &output in &outputs {
            asked.extend(graph.backward(output, &inputs));
        }
        for &input in &inputs {
            asked.extend(graph.forward(&outputs, input));
        }
        let mut program = graph.compile(&asked);
        let points = points(seed, 64);
        let by_code = run(&program, &points, asked.len());
        program.native = None;
        let interpreted = run(&program, &points, asked.len());
        for ((point, got), same) in points.iter().zip(&by_code).zip(&interpreted) {
            let bits = |numbers: &[f64]| numbers.iter().map(|of| of.to_bits()).collect::<Vec<_>>();
            assert!(bits(got) == bits(same) || got.iter().any(|number| number.is_nan()));
            for (along, which) in (0..6).zip(0..) {
                let duals: [Dual; 6] = std::array::from_fn(|input| {
                    Dual::new(point[input], f64::from(u8::from(input == which)))
                });
                for (at, due) in in_parts(seed, &duals, 5).into_iter().enumerate() {
                    if !due.derivative().is_finite() || due.derivative().abs() > 1e6 {
                        continue;
                    }
                    // zeros of either sign are the same number
                    let bits = |number: f64| (number + 0.0).to_bits();
                    assert_eq!(bits(got[at]), bits(due.value()));
                    let [back, forth] = [3 + 6 * at + along, 3 + 18 + 3 * along + at];
                    for slope in [got[back], got[forth]] {
                        let off = (slope - due.derivative()).abs();
                        let scale = 1.0_f64.max(due.derivative().abs());
                        assert!(off <= 1e-7 * scale, "seed {seed}: {slope} for {due:?}");
                    }
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 20_000, "{compared} numbers were compared");
    assert!(alike > 20, "in {alike} of 30 were parts one function");
}
