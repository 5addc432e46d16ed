//! Natural gas by GERG-2008: how near the tabulated gas is to the equation itself, its
//! derivatives, and what it refuses.

use gaschain::gas::{Gas, GasError, Gerg2008, GergSpecies, NaturalGas};
use gaschain::scalar::{Dual, Scalar};
use gaschain::species::Slate;
use std::ops::RangeInclusive;

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

fn gerg_species() -> GergSpecies {
    GergSpecies::new(&Slate::shipped().chosen(SPECIES).unwrap())
}

/// The feeds of the shipped chain, mol % of the species above.
fn feeds() -> (GergSpecies, Vec<Vec<f64>>) {
    let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/data/amur/feeds.csv"));
    let cells = |line: &'static str| line.split(',').skip(2).take(SPECIES.len());
    let mut lines = text.lines();
    assert!(cells(lines.next().unwrap()).eq(SPECIES));
    let numbers = |line| cells(line).map(|cell| cell.parse().unwrap()).collect();
    (gerg_species(), lines.map(numbers).collect())
}

/// Largest differences in Z, heat capacity and Joule-Thomson coefficient from GERG-2008
/// itself, from 1e5 to 12e6 Pa.
fn differences(gases: &[Vec<f64>], temperatures: RangeInclusive<u32>) -> [f64; 3] {
    let species = gerg_species();
    let mut largest = [0.0_f64; 3];
    for feed in gases {
        let gas = NaturalGas::gerg_2008(&species, feed).unwrap();
        let gerg = Gerg2008::of(&species, feed).unwrap();
        for temperature in temperatures.clone().step_by(7).map(f64::from) {
            for pressure in (100_000..=12_000_000).step_by(350_000).map(f64::from) {
                let density = gerg.density(pressure, temperature).unwrap();
                let there = gerg.properties(density, temperature).unwrap();
                let state = gas.state(pressure, temperature);
                let ours = [
                    state.compressibility / there.compressibility,
                    state.heat_capacity / there.isobaric_heat_capacity,
                    state.joule_thomson / there.joule_thomson,
                ];
                for (largest, ratio) in largest.iter_mut().zip(ours) {
                    *largest = largest.max((ratio - 1.0).abs());
                }
            }
        }
    }
    largest
}

fn within(differences: [f64; 3], allowed: [f64; 3]) {
    let inside = differences.iter().zip(&allowed).all(|(one, allowed)| one <= allowed);
    assert!(inside, "{differences:?} {allowed:?}");
}

#[test]
fn between_263_and_333_k_it_is_gerg_2008() {
    let (_, feeds) = feeds();
    assert_eq!(feeds.len(), 6);
    within(differences(&feeds, 263..=333), [5e-5, 2e-3, 2e-3]);
}

#[test]
fn between_255_and_350_k_it_is_near_gerg_2008() {
    let (_, feeds) = feeds();
    assert_eq!(feeds.len(), 6);
    within(differences(&feeds, 255..=350), [7e-5, 4e-3, 5e-3]);
}

#[test]
fn other_natural_gases_are_gerg_2008_too() {
    // the gases of AGA 8 part 2, mol %: Gulf Coast, Amarillo, Ekofisk, high nitrogen, high carbon
    // dioxide
    let gases = [
        [96.5222, 1.8186, 0.4596, 0.0977, 0.1007, 0.0473, 0.0324, 0.0664, 0.2595, 0.5956, 0.0, 0.0],
        [90.6724, 4.5279, 0.828, 0.1037, 0.1563, 0.0321, 0.0443, 0.0393, 3.1284, 0.4676, 0.0, 0.0],
        [85.9063, 8.4919, 2.3015, 0.3486, 0.3506, 0.0509, 0.048, 0.0, 1.0068, 1.4954, 0.0, 0.0],
        [81.441, 3.3, 0.605, 0.1, 0.104, 0.0, 0.0, 0.0, 13.465, 0.985, 0.0, 0.0],
        [81.212, 4.303, 0.895, 0.151, 0.152, 0.0, 0.0, 0.0, 5.702, 7.585, 0.0, 0.0],
    ]
    .map(Vec::from);
    within(differences(&gases, 273..=333), [5e-5, 1e-3, 1e-3]);
}

#[test]
fn what_is_covered_ends_where_the_table_ends() {
    let (species, feeds) = feeds();
    let gas = NaturalGas::gerg_2008(&species, &feeds[0]).unwrap();
    assert!(gas.covers(0.0, 300.0) && gas.covers(12e6, 263.0));
    for (pressure, temperature) in [(-1.0, 300.0), (1e6, 254.0), (1e6, 351.0), (2e7, 263.0)] {
        assert!(!gas.covers(pressure, temperature), "{pressure} {temperature}");
    }
}

#[test]
fn the_pressure_of_the_density_is_the_pressure_asked_for() {
    let (species, feeds) = feeds();
    let gas = NaturalGas::gerg_2008(&species, &feeds[1]).unwrap();
    for pressure in [1e-3, 1e3, 1e5, 4e6, 9.8e6, 12e6] {
        let z = gas.state(pressure, 280.0).compressibility;
        let density = gas.density(pressure, 280.0);
        let back = density * 8.314_472 * 280.0 * z;
        assert!((back / pressure - 1.0).abs() < 4e-15, "{pressure} {back}");
    }
}

#[test]
fn flows_and_fractions_make_the_same_gas_and_values_do_not_depend_on_the_scalar() {
    let (species, feeds) = feeds();
    let gas = NaturalGas::gerg_2008(&species, &feeds[2]).unwrap();
    let doubled: Vec<f64> = feeds[2].iter().map(|flow| flow * 2.0).collect();
    assert!(NaturalGas::gerg_2008(&species, &doubled).unwrap() == gas);
    let duals: Vec<Dual> = feeds[2].iter().map(|&flow| Dual::new(flow, 1.0 - flow)).collect();
    let dual = NaturalGas::gerg_2008(&species, &duals).unwrap();
    let state = dual.state(Dual::variable(8e6), Dual::from_f64(290.0));
    let plain = gas.state(8e6, 290.0);
    assert!(state.heat_capacity.value().to_bits() == plain.heat_capacity.to_bits());
    assert!(state.viscosity.value().to_bits() == plain.viscosity.to_bits());
}

fn numbers<S: Scalar>(gas: &NaturalGas<S>, pressure: S, temperature: S) -> [S; 5] {
    let state = gas.state(pressure, temperature);
    let (z, cp) = (state.compressibility, state.heat_capacity);
    [z, cp, state.joule_thomson, state.viscosity, gas.molar_mass()]
}

fn agree(slopes: [Dual; 5], above: [f64; 5], below: [f64; 5], step: f64, allowed: f64) {
    for (which, slope) in slopes.iter().enumerate() {
        let difference = (above[which] - below[which]) / (2.0 * step);
        let scale = difference.abs() + 1e-3 * slope.value().abs() / step.max(1.0);
        let off = (slope.derivative() - difference).abs() / scale;
        assert!(off < allowed, "{which}: {slope:?} {difference}");
    }
}

#[test]
fn slopes_with_pressure_and_temperature_are_those_of_differences() {
    let (species, feeds) = feeds();
    let gas = NaturalGas::gerg_2008(&species, &feeds[0]).unwrap();
    let duals: Vec<Dual> = feeds[0].iter().copied().map(Dual::from_f64).collect();
    let dual = NaturalGas::gerg_2008(&species, &duals).unwrap();
    for (pressure, temperature) in [(1e5, 300.0), (5e6, 270.0), (11e6, 330.0)] {
        let step = 1e-4 * pressure;
        let slopes = numbers(&dual, Dual::variable(pressure), Dual::from_f64(temperature));
        let above = numbers(&gas, pressure + step, temperature);
        agree(slopes, above, numbers(&gas, pressure - step, temperature), step, 1e-6);
        let step = 1e-2;
        let slopes = numbers(&dual, Dual::from_f64(pressure), Dual::variable(temperature));
        let above = numbers(&gas, pressure, temperature + step);
        agree(slopes, above, numbers(&gas, pressure, temperature - step), step, 1e-6);
    }
}

#[test]
fn slopes_with_composition_are_those_of_differences() {
    let (species, feeds) = feeds();
    let (pressure, temperature) = (9e6, 285.0);
    for moved in [0, 1, 7, 8, 10] {
        // methane, ethane, n-hexane, nitrogen, helium
        let step = 1e-2 * feeds[0][moved];
        let gas = |change: f64| {
            let mut feed = feeds[0].clone();
            feed[moved] += change;
            let gas = NaturalGas::gerg_2008(&species, &feed).unwrap();
            numbers(&gas, pressure, temperature)
        };
        let mut duals: Vec<Dual> = feeds[0].iter().copied().map(Dual::from_f64).collect();
        duals[moved] = Dual::variable(feeds[0][moved]);
        let gas_there = NaturalGas::gerg_2008(&species, &duals).unwrap();
        let slopes = numbers(&gas_there, Dual::from_f64(pressure), Dual::from_f64(temperature));
        agree(slopes, gas(step), gas(-step), step, 1e-4);
    }
}

#[test]
fn what_has_no_properties_is_an_error() {
    let slate = Slate::shipped().chosen(["methane", "ethylene", "hydrogen"]).unwrap();
    let species = GergSpecies::new(&slate);
    let error = |flows: &[f64]| NaturalGas::gerg_2008(&species, flows).unwrap_err();
    assert_eq!(
        error(&[3.0, 1.0, 0.0]).to_string(),
        "ethylene is 0.25 of the gas, and GERG-2008 does not know it"
    );
    assert_eq!(
        error(&[3.0, 0.0, -1.0]),
        GasError::NotAFlow { species: "hydrogen".into(), got: -1.0 }
    );
    assert!(matches!(error(&[f64::NAN, 0.0, 0.0]), GasError::NotAFlow { .. }));
    assert_eq!(error(&[0.0; 3]), GasError::Nothing);
    assert_eq!(error(&[1.0]), GasError::WrongLength { got: 1, allowed: 3 });
    assert_eq!(error(&[f64::MAX, 0.0, f64::MAX]), GasError::NoProperties);
    assert!(NaturalGas::gerg_2008(&species, &[1.0, 0.0, -1e-12]).is_ok()); // rounding
}
