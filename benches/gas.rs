//! What a line pays for real gas: a gas made of its composition, or of a blend of known sources, and
//! one state of it.
//!
//! Run with `cargo bench --bench gas`. The first is paid once a composition, the second in its place
//! where it is known what can be blended, and for that a polynomial once a set of sources; the last
//! hundreds of times a line. Ethane is held against the equation when its gas is made; by the equation itself
//! a state costs what a density and a temperature of it do.

use criterion::{Criterion, criterion_group, criterion_main};
use gaschain::gas::{BlendedGas, EquationGas, Gas, GergSpecies, NaturalGas};
use gaschain::scalar::{Dual, Scalar};
use gaschain::species::Slate;
use std::hint::black_box;

const SPECIES: [&str; 12] = [
    "methane",
    "ethane",
    "propane",
    "isobutane",
    "n-butane",
    "isopentane",
    "n-pentane",
    "n-hexane",
    "nitrogen",
    "carbon dioxide",
    "helium",
    "hydrogen",
];

/// The shipped feed `chayanda`, mol %.
const FEED: [f64; 12] = [85.5, 4.6, 1.5, 0.17, 0.4, 0.075, 0.075, 0.1, 6.95, 0.05, 0.5, 0.08];

/// The shipped feed `kovykta`, mol %.
const OTHER_FEED: [f64; 12] =
    [91.4, 4.9, 0.95, 0.14, 0.2, 0.05, 0.05, 0.05, 1.86, 0.06, 0.28, 0.06];

fn species() -> GergSpecies {
    GergSpecies::new(&Slate::shipped().chosen(SPECIES).expect("the shipped slate has them"))
}

fn gas_of_a_composition(criterion: &mut Criterion) {
    let species = species();
    let moving = FEED.map(|flow| Dual::new(flow, 1.0 - flow));
    let mut group = criterion.benchmark_group("make a gas of its composition");
    group.bench_function("plain", |bencher| {
        bencher.iter(|| NaturalGas::gerg_2008(&species, black_box(&FEED)).expect("a gas"));
    });
    group.bench_function("with derivatives", |bencher| {
        bencher.iter(|| NaturalGas::gerg_2008(&species, black_box(&moving)).expect("a gas"));
    });
    let mut ethane = [0.0; 12];
    (ethane[0], ethane[1]) = (1.0, 99.0);
    group.bench_function("plain, ethane", |bencher| {
        bencher.iter(|| NaturalGas::gerg_2008(&species, black_box(&ethane)).expect("a gas"));
    });
    group.finish();
}

fn state(criterion: &mut Criterion) {
    let species = species();
    let plain = NaturalGas::gerg_2008(&species, &FEED).expect("a gas");
    let duals = FEED.map(Dual::from_f64);
    let differentiated = NaturalGas::gerg_2008(&species, &duals).expect("a gas");
    let mut group = criterion.benchmark_group("one state of a gas");
    for megapascal in [0.1, 5.0, 9.8] {
        group.bench_function(format!("plain, {megapascal} MPa"), |bencher| {
            bencher.iter(|| plain.state(black_box(megapascal * 1e6), black_box(285.0)));
        });
    }
    let equation = EquationGas::gerg_2008(&species, &FEED).expect("a gas");
    group.bench_function("plain, by the equation, 9.8 MPa", |bencher| {
        bencher.iter(|| equation.state(black_box(9.8e6), black_box(285.0)));
    });
    group.bench_function("with derivatives, 9.8 MPa", |bencher| {
        bencher
            .iter(|| differentiated.state(black_box(Dual::variable(9.8e6)), Dual::from_f64(285.0)));
    });
    group.finish();
}

fn gas_of_a_blend(criterion: &mut Criterion) {
    let species = species();
    let blended = BlendedGas::of(&species, &[&FEED, &OTHER_FEED]).expect("natural gases");
    let mixed: [f64; 12] = std::array::from_fn(|at| FEED[at] + OTHER_FEED[at]);
    let moving: [Dual; 12] = std::array::from_fn(|at| Dual::new(mixed[at], FEED[at]));
    let mut group = criterion.benchmark_group("make a gas of a blend");
    group.bench_function("plain", |bencher| bencher.iter(|| blended.gas(black_box(&mixed))));
    group.bench_function("with derivatives", |bencher| {
        bencher.iter(|| blended.gas(black_box(&moving)));
    });
    group.bench_function("the polynomial, of two sources", |bencher| {
        bencher.iter(|| BlendedGas::of(&species, &[black_box(&FEED), &OTHER_FEED]));
    });
    group.finish();
}

criterion_group!(benches, gas_of_a_composition, gas_of_a_blend, state);
criterion_main!(benches);
