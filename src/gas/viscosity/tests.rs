//! Viscosity against reference equations of pure gases, kinetic theory of mixtures, and itself.

use super::components::{ALL, Component};
use super::dilute::chapman_enskog;
use super::*;
use crate::scalar::Dual;

/// What reference equations give: component, temperature (K), density (mol/m3), viscosity (1e-6
/// Pa s). By `CoolProp` 8.0.0, from the equations named; pressures of 1e5, 3e6, 7e6 and 12e6 Pa, where
/// the gas is no denser than 9 mol/l and does not condense.
const REFERENCE: [(usize, f64, f64, f64); 73] = [
    // methane: S. E. Quinones-Cisneros and U. K. Deiters, J. Phys. Chem. B 110 (2006) 12820
    (0, 255.0, 47.3, 9.787),
    (0, 255.0, 4_188.2, 11.883),
    (0, 255.0, 8_333.8, 15.705),
    (0, 288.15, 41.8, 10.877),
    (0, 288.15, 3_353.2, 12.469),
    (0, 288.15, 6_206.1, 14.69),
    (0, 350.0, 34.4, 12.794),
    (0, 350.0, 2_543.3, 13.986),
    (0, 350.0, 4_466.8, 15.28),
    // nitrogen: E. W. Lemmon and R. T Jacobsen, Int. J. Thermophys. 25 (2004) 21
    (1, 255.0, 47.2, 15.747),
    (1, 255.0, 3_413.5, 17.438),
    (1, 255.0, 5_846.0, 19.339),
    (1, 288.15, 41.8, 17.339),
    (1, 288.15, 2_944.3, 18.714),
    (1, 288.15, 4_992.2, 20.19),
    (1, 350.0, 34.4, 20.117),
    (1, 350.0, 2_368.2, 21.128),
    (1, 350.0, 3_981.2, 22.161),
    // carbon dioxide: A. Laesecke and C. D. Muzny, J. Phys. Chem. Ref. Data 46 (2017) 013107
    (2, 255.0, 47.6, 12.826),
    (2, 288.15, 42.0, 14.434),
    (2, 288.15, 1_555.2, 14.982),
    (2, 350.0, 34.5, 17.359),
    (2, 350.0, 3_108.8, 19.419),
    (2, 350.0, 7_037.0, 25.276),
    // ethane: D. G. Friend et al., J. Phys. Chem. Ref. Data 20 (1991) 275
    (3, 255.0, 47.7, 8.065),
    (3, 288.15, 42.1, 9.059),
    (3, 288.15, 1_887.0, 10.654),
    (3, 350.0, 34.5, 10.842),
    (3, 350.0, 3_909.5, 15.831),
    (3, 350.0, 8_807.4, 30.316),
    // propane: E. Vogel et al., J. Phys. Chem. Ref. Data 27 (1998) 947
    (4, 255.0, 48.5, 6.973),
    (4, 288.15, 42.5, 7.876),
    (4, 350.0, 34.7, 9.525),
    // isobutane: E. Vogel et al., Int. J. Thermophys. 21 (2000) 343
    (5, 288.15, 43.0, 7.251),
    (5, 350.0, 34.9, 8.754),
    // n-butane: E. Vogel et al., High Temp. High Press. 31 (1999) 279
    (6, 288.15, 43.2, 7.153),
    (6, 350.0, 35.0, 8.691),
    // hydrogen: C. D. Muzny et al., J. Chem. Eng. Data 58 (2013) 969
    (14, 255.0, 47.1, 7.988),
    (14, 255.0, 3_156.7, 8.091),
    (14, 255.0, 5_238.2, 8.21),
    (14, 288.15, 41.7, 8.693),
    (14, 288.15, 2_802.2, 8.77),
    (14, 288.15, 4_662.5, 8.864),
    (14, 350.0, 34.3, 9.945),
    (14, 350.0, 2_319.1, 9.991),
    (14, 350.0, 3_874.8, 10.054),
    // oxygen: Lemmon and Jacobsen
    (15, 255.0, 47.2, 18.09),
    (15, 255.0, 3_593.1, 19.993),
    (15, 255.0, 6_444.7, 22.202),
    (15, 288.15, 41.8, 19.993),
    (15, 288.15, 3_060.9, 21.68),
    (15, 288.15, 5_359.2, 23.337),
    (15, 350.0, 34.4, 23.324),
    (15, 350.0, 2_432.7, 24.761),
    (15, 350.0, 4_174.0, 25.967),
    // helium: V. D. Arp et al., NIST Technical Note 1334 (1998)
    (19, 255.0, 47.1, 17.841),
    (19, 255.0, 3_176.6, 18.181),
    (19, 255.0, 5_304.3, 18.408),
    (19, 288.15, 41.7, 19.388),
    (19, 288.15, 2_824.5, 19.647),
    (19, 288.15, 4_731.0, 19.822),
    (19, 350.0, 34.3, 22.154),
    (19, 350.0, 2_340.5, 22.353),
    (19, 350.0, 3_937.3, 22.489),
    // argon: Lemmon and Jacobsen
    (20, 255.0, 47.2, 19.817),
    (20, 255.0, 3_579.5, 22.099),
    (20, 255.0, 6_399.1, 24.928),
    (20, 288.15, 41.8, 21.987),
    (20, 288.15, 3_054.9, 23.836),
    (20, 288.15, 5_339.4, 25.965),
    (20, 350.0, 34.4, 25.806),
    (20, 350.0, 2_431.7, 27.169),
    (20, 350.0, 4_169.7, 28.62),
];

fn pure(component: usize) -> Viscosity<f64> {
    let mut shares = [0.0; COMPONENTS];
    shares[component] = 1.0;
    Viscosity::of_gas(&shares)
}

/// By component: the largest difference that is allowed, relative.
const fn allowed(component: usize) -> f64 {
    match component {
        HYDROGEN => 0.01,
        HELIUM => 0.025,
        CARBON_DIOXIDE => 0.045,
        _ => 0.035,
    }
}

const METHANE: usize = 0;
const NITROGEN: usize = 1;
const CARBON_DIOXIDE: usize = 2;
const ETHANE: usize = 3;
const HYDROGEN: usize = 14;
const HELIUM: usize = 19;

#[test]
fn pure_gases_are_near_their_reference_equations() {
    for (component, temperature, density, reference) in REFERENCE {
        let ours = pure(component).at(density, temperature) * 1e6;
        let off = (ours / reference - 1.0).abs();
        assert!(
            off < allowed(component),
            "{component} at {temperature} K, {density}: {ours} {reference}"
        );
    }
}

/// First-order theory of Chapman and Enskog of a binary mixture without density, with A* = 1.1 and
/// the usual means for unlike molecules (Hirschfelder, Curtiss and Bird, section 8.2).
fn kinetic(one: Component, other: Component, share: f64, temperature: f64) -> f64 {
    let [alike, others] = [one, other].map(|component| chapman_enskog(component, temperature));
    let masses = [one.molar_mass, other.molar_mass];
    let unlike = chapman_enskog(
        Component {
            molar_mass: 2.0 * masses[0] * masses[1] / (masses[0] + masses[1]),
            diameter: f64::midpoint(one.diameter, other.diameter),
            energy: (one.energy * other.energy).sqrt(),
            ..one
        },
        temperature,
    );
    let shares = [share, 1.0 - share];
    let squares = [share * share, 2.0 * shares[0] * shares[1], shares[1] * shares[1]];
    let [light, heavy] = [masses[0] / masses[1], masses[1] / masses[0]];
    let means = (2.0 + light + heavy) / 4.0; // (m1 + m2)^2 / (4 m1 m2)
    let first = squares[0] / alike + squares[1] / unlike + squares[2] / others;
    let second = squares[0] / alike * light
        + squares[1] / unlike * means * unlike * unlike / (alike * others)
        + squares[2] / others * heavy;
    let third = squares[0] * light
        + squares[1] * (means * (unlike / alike + unlike / others) - 1.0)
        + squares[2] * heavy;
    let six_tenths = 0.6 * 1.1;
    (1.0 + six_tenths * third) / (first + six_tenths * second)
}

#[test]
fn mixtures_are_near_what_kinetic_theory_gives() {
    let pairs = [
        (HYDROGEN, METHANE, 0.025),
        (HYDROGEN, NITROGEN, 0.025),
        (HYDROGEN, CARBON_DIOXIDE, 0.025),
        (HYDROGEN, ETHANE, 0.025),
        (HELIUM, METHANE, 0.05),
        (HELIUM, NITROGEN, 0.025),
        (METHANE, NITROGEN, 0.025),
        (METHANE, CARBON_DIOXIDE, 0.025),
        (METHANE, ETHANE, 0.025),
    ];
    for (one, other, allowed) in pairs {
        for share in [0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0] {
            let mut shares = [0.0; COMPONENTS];
            (shares[one], shares[other]) = (share, 1.0 - share);
            for temperature in [260.0, 293.15, 340.0] {
                let ours = Viscosity::of_gas(&shares).at(0.0, temperature);
                let theory = kinetic(ALL[one], ALL[other], share, temperature);
                let off = (ours / theory - 1.0).abs();
                assert!(off < allowed, "{one} in {other}, {share}: {ours} {theory}");
            }
        }
    }
}

#[test]
fn the_polynomial_is_what_it_goes_through() {
    for (at, &component) in ALL.iter().enumerate() {
        for step in 0_u8..=25 {
            let temperature = 200.0 + 10.0 * f64::from(step);
            let exact = chapman_enskog(component, temperature);
            let ours = pure(at).at(0.0, temperature);
            assert!((ours / exact - 1.0).abs() < 3e-4, "{at} at {temperature}: {ours} {exact}");
        }
    }
}

#[test]
fn it_is_held_beyond_the_polynomial_and_finite_everywhere() {
    let gas = pure(METHANE);
    assert!(gas.at(100.0, 10.0).to_bits() == gas.at(100.0, 200.0).to_bits());
    assert!(gas.at(100.0, 1e9).to_bits() == gas.at(100.0, 450.0).to_bits());
    for density in [-1.0, 0.0, 1e4] {
        assert!(gas.at(density, f64::INFINITY).is_finite());
    }
}

#[test]
fn a_share_of_a_component_enters_smoothly() {
    // as hydrogen comes to methane: no jump from none to a little, and the slope is that of there
    let mut shares = [Dual::from_f64(0.0); COMPONENTS];
    (shares[METHANE], shares[HYDROGEN]) = (Dual::new(1.0, -1.0), Dual::new(0.0, 1.0));
    let slope = Viscosity::of_gas(&shares).at(Dual::from_f64(3e3), Dual::from_f64(290.0));
    let at = |share: f64| {
        let mut shares = [0.0; COMPONENTS];
        (shares[METHANE], shares[HYDROGEN]) = (1.0 - share, share);
        Viscosity::of_gas(&shares).at(3e3, 290.0)
    };
    let difference = (at(1e-5) - at(0.0)) / 1e-5;
    assert!((slope.derivative() / difference - 1.0).abs() < 1e-4, "{slope:?} {difference}");
    assert!(slope.value().to_bits() == at(0.0).to_bits());
}

#[test]
fn slopes_are_those_of_differences() {
    let natural_gas = |by: f64| {
        let mut shares = [0.0; COMPONENTS];
        shares[..5].copy_from_slice(&[0.85, 0.06 + by, 0.01, 0.05, 0.02]);
        (shares[HYDROGEN], shares[HELIUM]) = (0.005, 0.005 - by);
        shares
    };
    let at = |[by, density, temperature]: [f64; 3]| {
        Viscosity::of_gas(&natural_gas(by)).at(density, temperature)
    };
    let here = [0.0, 4e3, 283.15];
    for (moved, step) in [1e-6, 1e-2, 1e-3].into_iter().enumerate() {
        let (mut above, mut below) = (here, here);
        above[moved] += step;
        below[moved] -= step;
        let difference = (at(above) - at(below)) / (2.0 * step);
        let mut duals = here.map(Dual::from_f64);
        duals[moved] = Dual::variable(here[moved]);
        let mut shares = natural_gas(0.0).map(Dual::from_f64);
        shares[NITROGEN] += duals[0];
        shares[HELIUM] -= duals[0];
        let slope = Viscosity::of_gas(&shares).at(duals[1], duals[2]).derivative();
        assert!((slope / difference - 1.0).abs() < 1e-6, "{moved}: {slope} {difference}");
    }
}
