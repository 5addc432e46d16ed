//! The gas of what sources are blended to: how near it is to the table of each blend's own
//! composition, what is refused, and its derivatives.

use crate::support::seeds::{Random, seeds};
use gaschain::gas::{BlendedGas, Gas, GergSpecies, NaturalGas};
use gaschain::scalar::{Dual, Scalar};
use gaschain::species::Slate;

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

/// Blends that every set of sources is tried at.
const BLENDS: usize = 1_000;

/// By how much Z, viscosity, heat capacity and Joule-Thomson coefficient may differ from those of a
/// blend's own table.
const ALLOWED: [f64; 4] = [1e-5, 2e-4, 1e-3, 1e-3];

fn species() -> GergSpecies {
    GergSpecies::new(&Slate::shipped().chosen(SPECIES).unwrap())
}

fn feeds() -> Vec<Vec<f64>> {
    let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/data/amur/feeds.csv"));
    let numbers = |line: &str| -> Vec<f64> {
        let cells = line.split(',').skip(2).take(SPECIES.len());
        cells.map(|cell| cell.parse().unwrap()).collect()
    };
    text.lines().skip(1).map(numbers).collect()
}

fn blended(species: &GergSpecies, sources: &[Vec<f64>]) -> Option<BlendedGas> {
    let sources: Vec<&[f64]> = sources.iter().map(Vec::as_slice).collect();
    BlendedGas::of(species, &sources)
}

fn mixed(sources: &[Vec<f64>], shares: &[f64]) -> Vec<f64> {
    let mut sum = vec![0.0; SPECIES.len()];
    for (source, share) in sources.iter().zip(shares) {
        let total: f64 = source.iter().sum();
        for (sum, flow) in sum.iter_mut().zip(source) {
            *sum += share * flow / total;
        }
    }
    sum
}

/// Largest relative differences from own tables over random blends and states.
fn off(random: &mut Random, gas: &BlendedGas, sources: &[Vec<f64>]) -> [f64; 4] {
    let species = species();
    let mut largest = [0.0_f64; 4];
    for _ in 0..BLENDS {
        let shares: Vec<f64> = sources
            .iter()
            .map(|_| if random.chance(15) { 0.0 } else { random.between(0.0, 1.0).powi(2) })
            .collect();
        if shares.iter().sum::<f64>() <= 0.0 {
            continue;
        }
        let composition = mixed(sources, &shares);
        let (ours, own) =
            (gas.gas(&composition), NaturalGas::gerg_2008(&species, &composition).unwrap());
        // sources that are all but alike count as one
        assert!((ours.molar_mass() / own.molar_mass() - 1.0).abs() < 1e-7);
        let (pressure, temperature) = (random.between(1e5, 12e6), random.between(263.0, 333.0));
        assert_eq!(ours.covers(pressure, temperature), own.covers(pressure, temperature));
        let [ours, own] = [ours, own].map(|gas| gas.state(pressure, temperature));
        let cooling = (ours.joule_thomson - own.joule_thomson) / own.joule_thomson.abs().max(5e-7);
        let differences = [
            ours.compressibility / own.compressibility - 1.0,
            ours.viscosity / own.viscosity - 1.0,
            ours.heat_capacity / own.heat_capacity - 1.0,
            cooling,
        ];
        for (largest, difference) in largest.iter_mut().zip(differences) {
            *largest = largest.max(difference.abs());
        }
    }
    largest
}

/// Sources as fields and plants give them: natural gas lean and rich, with nitrogen, carbon dioxide,
/// helium or hydrogen; now and then all but alike, or a blend of others.
fn sources(random: &mut Random) -> Vec<Vec<f64>> {
    let count = 1 + random.choose(5);
    let mut sources: Vec<Vec<f64>> = Vec::new();
    for _ in 0..count {
        if sources.len() > 1 && random.chance(15) {
            let shares: Vec<f64> = sources.iter().map(|_| random.between(0.0, 1.0)).collect();
            sources.push(mixed(&sources, &shares));
            continue;
        }
        if let Some(last) = sources.last()
            && random.chance(15)
        {
            let by = [0.0, 1e-12, 1e-7, 1e-3][random.choose(4)];
            let moved = last.iter().map(|flow| flow * (1.0 + by * random.between(-1.0, 1.0)));
            sources.push(moved.collect());
            continue;
        }
        let mut one = vec![0.0; SPECIES.len()];
        one[0] = random.between(60.0, 99.0);
        let richness = random.between(0.0, 1.0);
        let heavier = [12.0, 4.0, 0.7, 0.9, 0.3, 0.3, 0.2];
        for (flow, most) in one[1..8].iter_mut().zip(heavier) {
            *flow = random.between(0.0, most) * richness;
        }
        for (at, most) in [(8, 15.0), (9, 5.0), (10, 2.0), (11, 10.0)] {
            if random.chance(50) {
                one[at] = random.between(0.0, most) * random.between(0.0, 1.0);
            }
        }
        sources.push(one);
    }
    sources
}

#[test]
fn what_is_accepted_is_near_the_table_of_every_blend() {
    let species = species();
    let (mut accepted, mut refused) = (0, 0);
    let mut worst = [0.0_f64; 4];
    for seed in seeds() {
        let random = &mut Random::new(seed);
        let sources = sources(random);
        let Some(gas) = blended(&species, &sources) else {
            refused += 1;
            continue;
        };
        accepted += 1;
        let largest = off(random, &gas, &sources);
        let inside = largest.iter().zip(ALLOWED).all(|(one, allowed)| *one <= allowed);
        assert!(inside, "seed {seed}: {largest:?} of {sources:?}");
        for (worst, own) in worst.iter_mut().zip(largest) {
            *worst = worst.max(own);
        }
    }
    println!("{accepted} accepted, {refused} refused, off by {worst:?}");
}

#[test]
fn the_shipped_sources_are_near_the_table_of_every_blend() {
    let (species, feeds) = (species(), feeds());
    let mut worst = [0.0_f64; 4];
    for one in 0..feeds.len() {
        for other in one + 1..feeds.len() {
            let pair = [feeds[one].clone(), feeds[other].clone()];
            let gas = blended(&species, &pair).expect("natural gases");
            let largest = off(&mut Random::new(17), &gas, &pair);
            for (worst, own) in worst.iter_mut().zip(largest) {
                *worst = worst.max(own);
            }
        }
    }
    println!("{worst:?}");
    let allowed = [1e-6, 1e-6, 2e-6, 3e-6];
    assert!(worst.iter().zip(allowed).all(|(one, allowed)| *one <= allowed), "{worst:?}");
}

#[test]
fn a_source_is_its_own_table() {
    let (species, feeds) = (species(), feeds());
    let close = |one: f64, other: f64| (one - other).abs() <= 1e-12 * other.abs();
    let all = blended(&species, &feeds[..3]).expect("natural gases");
    for feed in &feeds[..3] {
        let alone = blended(&species, std::slice::from_ref(feed)).expect("a natural gas");
        let own = NaturalGas::gerg_2008(&species, feed).unwrap();
        for gas in [alone.gas(feed), all.gas(feed)] {
            let [ours, table] = [gas, own].map(|gas| gas.state(7e6, 280.0));
            assert!(close(ours.compressibility, table.compressibility));
            assert!(close(ours.heat_capacity, table.heat_capacity));
            assert!(close(ours.viscosity, table.viscosity));
        }
    }
}

#[test]
fn sources_whose_blends_are_far_from_their_tables_are_refused() {
    let species = species();
    let pure = |at: usize| -> Vec<f64> {
        (0..SPECIES.len()).map(|own| if own == at { 1.0 } else { 0.0 }).collect()
    };
    assert!(blended(&species, &[pure(0), pure(11)]).is_none(), "hydrogen");
    assert!(blended(&species, &[pure(1)]).is_none(), "ethane, near its critical point");
    assert!(blended(&species, &[vec![0.0; SPECIES.len()]]).is_none(), "nothing");
    assert!(blended(&species, &[]).is_none(), "none");
    let mut below = pure(0);
    below[1] = -0.1;
    assert!(blended(&species, &[below]).is_none(), "less than nothing");
    let unknown = GergSpecies::new(&Slate::shipped().chosen(["methane", "ethylene"]).unwrap());
    assert!(BlendedGas::of(&unknown, &[&[0.5, 0.5]]).is_none(), "ethylene");
    assert!(BlendedGas::of(&unknown, &[&[0.5, 0.0]]).is_some());
}

#[test]
fn nothing_has_a_gas_that_is_finite() {
    let (species, feeds) = (species(), feeds());
    let gas = blended(&species, &feeds[..2]).expect("natural gases").gas(&[0.0; SPECIES.len()]);
    let state = gas.state(7e6, 280.0);
    assert!(gas.molar_mass() > 0.01 && state.compressibility > 0.5 && state.viscosity > 1e-6);
}

#[test]
fn derivatives_are_those_of_differences() {
    let (species, feeds) = (species(), feeds());
    let gas = blended(&species, &feeds[..2]).expect("natural gases");
    let at = |share: f64| gas.gas(&mixed(&feeds, &[share, 1.0 - share])).state(8e6, 285.0);
    let step = 1e-5;
    let (above, below) = (at(0.4 + step), at(0.4 - step));
    let here = mixed(&feeds, &[0.4, 0.6]);
    let way: Vec<f64> = {
        let [one, other] = [mixed(&feeds, &[1.0, 0.0]), mixed(&feeds, &[0.0, 1.0])];
        one.iter().zip(other).map(|(one, other)| one - other).collect()
    };
    let duals: Vec<Dual> = here.iter().zip(way).map(|(n, d)| Dual::new(*n, d)).collect();
    let state = gas.gas(&duals).state(Dual::from_f64(8e6), Dual::from_f64(285.0));
    assert_eq!(state.compressibility.value().to_bits(), at(0.4).compressibility.to_bits());
    for (dual, above, below) in [
        (state.compressibility, above.compressibility, below.compressibility),
        (state.heat_capacity, above.heat_capacity, below.heat_capacity),
        (state.viscosity, above.viscosity, below.viscosity),
    ] {
        let difference = (above - below) / (2.0 * step);
        assert!((dual.derivative() / difference - 1.0).abs() < 1e-5, "{dual:?} {difference}");
    }
}
