//! Elementary functions have the same bits in plain numbers, interpreted, and in machine code of
//! each width, whatever they are asked.

use super::{bits, compare};
use crate::math;
use crate::scalar::Scalar;
use crate::tape::graph::{Graph, Id};
use crate::tape::interpret::{Block, Program};
use crate::tape::native::Native;
use crate::tape::native::assembler::Level;
use crate::tape::traced::{Traced, record};
use std::sync::Arc;

/// Arguments of a seed.
const SCENARIOS: usize = super::SCENARIOS * 20;

/// Two numbers to ask with.
fn arguments(state: &mut u64) -> [f64; 2] {
    let mut next = || {
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    };
    let unit = |number: u64| (number >> 11) as f64 / (1_u64 << 53) as f64;
    let odd = [0.0, -0.0, 1.0, -1.0, 2.0, -3.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 0.5];
    let kind = next() % 8;
    [next(), next()].map(|number| match kind {
        // any number there is, and what is none
        0 | 1 => f64::from_bits(number),
        2 => 2.0 * unit(number),
        3 => 1_500.0 * unit(number) - 750.0,
        // near one
        4 => {
            1.0 + (unit(number) - 0.5)
                * math::power_of_two(-i32::try_from(number % 53).unwrap_or(0))
        }
        // too small to have all their bits
        5 => f64::from_bits(number >> (12 + number % 52)),
        6 => (20.0 * unit(number)).floor() - 10.0,
        _ => odd[usize::try_from(number % 10).unwrap_or(0)],
    })
}

fn functions<S: Scalar>(x: S, y: S) -> [S; 3] {
    [x.ln(), x.exp(), x.pow(y)]
}

/// How many seeds: eight, unless the environment says otherwise.
fn seeds() -> u64 {
    let asked = std::env::var("GASCHAIN_SEEDS").ok();
    asked.map_or(8, |text| text.parse().expect("GASCHAIN_SEEDS is a whole number"))
}

#[test]
fn functions_have_the_same_bits_however_they_are_run() {
    let any = (f64::NEG_INFINITY, f64::INFINITY);
    let (graph, outputs) = record(Graph::new(&[any; 2]), || {
        functions(Traced::input(0), Traced::input(1)).map(Traced::id)
    });
    let outputs: Vec<Id> = outputs.to_vec();
    let mut interpreted: Program = graph.compile(&outputs);
    interpreted.native = None;
    let mut block = Block::with_width(&interpreted, 128);
    for seed in 0..seeds() {
        let mut state = seed;
        let pairs: Vec<[f64; 2]> = (0..SCENARIOS).map(|_| arguments(&mut state)).collect();
        let columns = [0, 1].map(|which| pairs.iter().map(|pair| pair[which]).collect::<Vec<_>>());
        let inputs = columns.concat();
        for first in (0..SCENARIOS).step_by(128) {
            let count = 128.min(SCENARIOS - first);
            interpreted.run(&mut block, &inputs, SCENARIOS, first, count);
            for lane in 0..count {
                let [x, y] = pairs[first + lane];
                for (output, due) in functions(x, y).into_iter().enumerate() {
                    let got = interpreted.output(&block, output)[lane];
                    assert_eq!(bits(got), bits(due), "function {output} of {x:e} and {y:e}");
                }
            }
        }
        for level in [Level::Avx2, Level::Avx512].into_iter().filter(|level| level.is_here()) {
            let mut native = interpreted.clone();
            native.native = Native::with_level(&native.code, level).map(Arc::new);
            assert!(native.native.is_some());
            for part in inputs_of(&pairs) {
                compare(&interpreted, &native, &part, level.lanes(), 128);
            }
        }
    }
}

/// The arguments as columns of as many scenarios as are compared at a time.
fn inputs_of(pairs: &[[f64; 2]]) -> impl Iterator<Item = Vec<f64>> {
    pairs.chunks_exact(super::SCENARIOS).map(|part| {
        [0, 1].iter().flat_map(|&which| part.iter().map(move |pair| pair[which])).collect()
    })
}
