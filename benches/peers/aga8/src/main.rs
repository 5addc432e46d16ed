//! How long GERG-2008 takes by the crate aga8 and by ours, in pairs, one after the other.
//!
//! Each round times both contestants of each question, first one and then the other, and the other
//! way round in the next; printed are medians over the rounds and the median of their ratios. Both
//! are asked for the shipped feed `chayanda`, and before they are timed, that they agree.

use aga8::composition::Composition;
use aga8::gerg2008::Gerg2008 as Theirs;
use gaschain::gas::{Gerg2008, GergSpecies, NaturalGas};
use gaschain::species::Slate;
use std::hint::black_box;
use std::time::Instant;

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

/// Mole %.
const FEED: [f64; 12] = [85.5, 4.6, 1.5, 0.17, 0.4, 0.075, 0.075, 0.1, 6.95, 0.05, 0.5, 0.08];

/// Where a gas is tabulated: K, and mol/l.
const TEMPERATURES: [f64; 4] = [258.0, 277.0, 312.0, 345.0];
const DENSITIES: [f64; 5] = [0.22, 1.86, 4.5, 7.14, 8.78];

const ROUNDS: usize = 201;
const CALLS: usize = 200;

fn composition() -> Composition {
    let total: f64 = FEED.iter().sum();
    let [
        methane,
        ethane,
        propane,
        isobutane,
        n_butane,
        isopentane,
        n_pentane,
        hexane,
        nitrogen,
        carbon_dioxide,
        helium,
        hydrogen,
    ] = FEED.map(|share| share / total);
    Composition {
        methane,
        ethane,
        propane,
        isobutane,
        n_butane,
        isopentane,
        n_pentane,
        hexane,
        nitrogen,
        carbon_dioxide,
        helium,
        hydrogen,
        ..Composition::default()
    }
}

/// Z at 4 temperatures and 5 densities, as the crate once asked for them.
fn their_table(composition: &Composition) -> [f64; 20] {
    let mut numbers = [0.0; 20];
    let mut gerg = Theirs::new();
    gerg.set_composition(composition).expect("it sums to one");
    for (row, temperature) in numbers.chunks_exact_mut(5).zip(TEMPERATURES) {
        gerg.t = temperature;
        for (number, density) in row.iter_mut().zip(DENSITIES) {
            gerg.d = density;
            gerg.pressure();
            *number = gerg.z - 1.0;
        }
    }
    numbers
}

fn timed(call: &mut dyn FnMut()) -> f64 {
    let start = Instant::now();
    for _ in 0..CALLS {
        call();
    }
    start.elapsed().as_secs_f64() / CALLS as f64 * 1e6
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

fn pair(question: &str, mut theirs: impl FnMut(), mut ours: impl FnMut()) {
    let mut times = [Vec::new(), Vec::new(), Vec::new()];
    for round in 0..ROUNDS {
        let (one, other);
        if round % 2 == 0 {
            one = timed(&mut theirs);
            other = timed(&mut ours);
        } else {
            other = timed(&mut ours);
            one = timed(&mut theirs);
        }
        times[0].push(one);
        times[1].push(other);
        times[2].push(other / one);
    }
    let [theirs, ours, ratio] = times.map(median);
    println!("{question:<44} {theirs:>9.3} {ours:>9.3} {ratio:>9.3}");
}

fn main() {
    let species = GergSpecies::new(&Slate::shipped().chosen(SPECIES).expect("shipped species"));
    let composition = composition();
    let gas = Gerg2008::of(&species, &FEED).expect("a gas");
    let mut gerg = Theirs::new();
    gerg.set_composition(&composition).expect("it sums to one");

    (gerg.t, gerg.p) = (285.0, 9_800.0); // K, kPa
    gerg.density(0).expect("a density");
    gerg.properties();
    let density = gas.density(9.8e6, 285.0).expect("a density");
    let state = gas.properties(density, 285.0).expect("a state");
    for (theirs, ours) in [
        (gerg.d, density * 1e-3),
        (gerg.z, state.compressibility),
        (gerg.cp, state.isobaric_heat_capacity),
        (gerg.w, state.speed_of_sound),
        (gerg.h, state.enthalpy),
    ] {
        assert!((theirs / ours - 1.0).abs() < 1e-9, "{theirs} by aga8, {ours} by gaschain");
    }

    println!("{:<44} {:>9} {:>9} {:>9}", "microseconds, medians", "aga8", "ours", "ratio");
    pair(
        "one gas's table (ours: with its surface)",
        || {
            black_box(their_table(black_box(&composition)));
        },
        || {
            black_box(NaturalGas::gerg_2008(&species, black_box(&FEED)).expect("a gas"));
        },
    );
    pair(
        "every property, at another temperature",
        || {
            gerg.t = if gerg.t > 285.0 { 285.0 } else { 285.5 };
            gerg.properties();
            black_box(gerg.cp);
        },
        {
            let mut temperature = 285.0;
            move || {
                temperature = if temperature > 285.0 { 285.0 } else { 285.5 };
                black_box(gas.properties(density, black_box(temperature)).expect("a state"));
            }
        },
    );
    let mut gerg = Theirs::new();
    gerg.set_composition(&composition).expect("it sums to one");
    pair(
        "a density, at another temperature",
        || {
            gerg.t = if gerg.t > 285.0 { 285.0 } else { 285.5 };
            (gerg.p, gerg.d) = (9_800.0, 0.0);
            gerg.density(0).expect("a density");
            black_box(gerg.d);
        },
        {
            let mut temperature = 285.0;
            move || {
                temperature = if temperature > 285.0 { 285.0 } else { 285.5 };
                black_box(gas.density(9.8e6, black_box(temperature)).expect("a density"));
            }
        },
    );
}
