//! What a user waits for: loading the shipped chain, solving one scenario, solving all of them,
//! reading a result.
//!
//! Run with `cargo bench`. Times depend on the machine and on who shares it: compare medians of
//! one run with each other, not with numbers from elsewhere.

use criterion::{Criterion, criterion_group, criterion_main};
use gaschain::scenario::Scenario;
use gaschain::{Case, amur};
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
        let mut case = chain.case();
        case.apply(&scenario).expect("the shipped scenarios are sound");
        group.bench_function(&scenario.name, |bencher| {
            bencher.iter(|| black_box(&mut case).solve().expect("it solves"));
        });
    }
    group.finish();
}

fn all_scenarios(criterion: &mut Criterion) {
    let chain = amur::chain();
    let all = scenarios().into_iter().map(|scenario| {
        let mut case = chain.case();
        case.apply(&scenario).expect("the shipped scenarios are sound");
        case
    });
    let mut all: Vec<Case> = all.collect();
    criterion.bench_function("solve and balance all shipped scenarios", |bencher| {
        bencher.iter(|| {
            for case in &mut all {
                black_box(black_box(case).solve().expect("it solves"));
            }
        });
    });
}

fn reading(criterion: &mut Criterion) {
    let chain = amur::chain();
    let solved = chain.case().solve().expect("it solves");
    let mut group = criterion.benchmark_group("read a result");
    for address in ["gpp.helium.volume", "gpp.feed.utilisation", "heihe.sales_gas.gross_wobbe"] {
        group.bench_function(address, |bencher| {
            bencher.iter(|| solved.get(black_box(address)).expect("it is there"));
        });
        let output = chain.output(address).expect("it is there");
        group.bench_function(format!("{address}, found before"), |bencher| {
            bencher.iter(|| solved.at(black_box(&output)).expect("it is of this chain"));
        });
    }
    group.finish();
}

criterion_group!(benches, load_and_build, one_scenario, all_scenarios, reading);
criterion_main!(benches);
