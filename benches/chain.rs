//! What a user waits for: loading the shipped chain, solving one scenario, solving all of them.
//!
//! Run with `cargo bench`. Times depend on the machine and on who shares it: compare medians of
//! one run with each other, not with numbers from elsewhere.

use criterion::{Criterion, criterion_group, criterion_main};
use gaschain::amur;
use gaschain::param::Values;
use gaschain::scenario::Scenario;
use std::hint::black_box;

fn scenarios() -> Vec<Scenario> {
    amur::scenario_names()
        .map(|name| amur::scenario(name).expect("the shipped scenarios are there"))
        .collect()
}

fn load_and_build(criterion: &mut Criterion) {
    criterion.bench_function("load and build the shipped chain", |bencher| {
        bencher.iter(|| black_box(amur::folder()).chain().expect("the shipped chain is sound"));
    });
}

fn one_scenario(criterion: &mut Criterion) {
    let chain = amur::chain();
    let mut group = criterion.benchmark_group("solve and balance one scenario");
    for scenario in scenarios() {
        let values = scenario.values(chain).expect("the shipped scenarios are sound");
        let mut solver = chain.solver();
        group.bench_function(&scenario.name, |bencher| {
            bencher.iter(|| solver.solve(black_box(&values)).expect("it solves"));
        });
    }
    group.finish();
}

fn all_scenarios(criterion: &mut Criterion) {
    let chain = amur::chain();
    let all: Vec<Values> = scenarios()
        .iter()
        .map(|scenario| scenario.values(chain).expect("the shipped scenarios are sound"))
        .collect();
    let mut solver = chain.solver();
    criterion.bench_function("solve and balance all shipped scenarios", |bencher| {
        bencher.iter(|| {
            for values in &all {
                black_box(solver.solve(black_box(values)).expect("it solves"));
            }
        });
    });
}

criterion_group!(benches, load_and_build, one_scenario, all_scenarios);
criterion_main!(benches);
