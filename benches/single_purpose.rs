//! What generality costs: a kernel written by hand for the shipped chain with ten parameters
//! varying, beside which the crate's own sweep can be held.
//!
//! `cargo bench --bench single_purpose` times it; with `-- --reference <folder>` it writes the
//! crate's results for the peers in `benches/peers` to agree with, and with `-- --rate` it prints
//! scenarios a second, as they do. `tests/it/sweep/evaluate/by_hand.rs` holds it against the crate.

#[path = "single_purpose/kernel.rs"]
mod kernel;
#[path = "single_purpose/reference.rs"]
mod reference;
#[path = "single_purpose/scenarios.rs"]
mod scenarios;

use criterion::{Criterion, Throughput};
use gaschain::amur;
use kernel::{AXES, Inputs, Kernel, LANES, OUTPUTS, Outputs};
use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

/// Scenarios that are worked out in one go, as many as the peers': the last-level cache holds them.
const SCENARIOS: usize = 1 << 16;
/// How often they are worked out where the rate is asked for.
const REPEATS: usize = 64;

/// Inputs of many blocks, with room for their outputs.
fn blocks() -> Vec<(Inputs, Outputs)> {
    let axes = scenarios::axes(amur::chain(), AXES);
    let inputs = scenarios::random(&axes, SCENARIOS);
    let block = |block: usize| {
        let column = |axis| {
            let at = axis * SCENARIOS + block * LANES;
            std::array::from_fn(|lane| inputs[at + lane])
        };
        (std::array::from_fn(column), [[0.0; LANES]; OUTPUTS])
    };
    (0..SCENARIOS / LANES).map(block).collect()
}

/// Works out all blocks.
fn run(kernel: &Kernel, blocks: &mut [(Inputs, Outputs)]) {
    for (inputs, outputs) in blocks {
        assert!(kernel.run(black_box(inputs), outputs), "chayanda alone is never stopped");
        black_box(&outputs);
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let kernel = Kernel::new(amur::chain());
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["--reference", folder, ..] => {
            if let Err(error) = reference::write(folder.as_ref()) {
                eprintln!("{folder}: {error}");
                return ExitCode::FAILURE;
            }
        }
        ["--rate", ..] => {
            let mut blocks = blocks();
            run(&kernel, &mut blocks);
            let mut seconds: Vec<f64> = (0..REPEATS)
                .map(|_| {
                    let start = Instant::now();
                    run(&kernel, &mut blocks);
                    start.elapsed().as_secs_f64()
                })
                .collect();
            seconds.sort_by(f64::total_cmp);
            let rate = SCENARIOS as f64 / seconds[REPEATS / 2];
            println!("{{\"axes\": \"10\", \"scenarios_per_second\": {rate}, \"block\": {LANES}}}");
        }
        _ => {
            let mut criterion = Criterion::default().configure_from_args();
            let mut group = criterion.benchmark_group("single purpose, ten axes");
            let mut blocks = blocks();
            group.throughput(Throughput::Elements(LANES as u64));
            group.bench_function("one block in the first-level cache", |bencher| {
                bencher.iter(|| run(&kernel, black_box(&mut blocks[..1])));
            });
            group.throughput(Throughput::Elements(SCENARIOS as u64));
            group.bench_function("scenarios from the last-level cache", |bencher| {
                bencher.iter(|| run(&kernel, &mut blocks));
            });
            group.finish();
            criterion.final_summary();
        }
    }
    ExitCode::SUCCESS
}
