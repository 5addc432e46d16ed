//! What can be measured of a stream by name: qualities of real gas, groups of species, and what
//! becomes of them in the ideal limit.

use crate::support::chains::{Parts, build, chain_of, slate};
use crate::support::compare::{agree, same};
use crate::support::solved::solve;
use gaschain::gas::Quality;
use gaschain::limit::Limit;
use gaschain::measure::{Measure, Property, References};
use gaschain::quantity::Unit;
use gaschain::species::{ReferenceTemperature, Slate};

pub const AT_0: ReferenceTemperature = ReferenceTemperature::At0DegC;
pub const AT_15: ReferenceTemperature = ReferenceTemperature::At15DegC;
pub const AT_20: ReferenceTemperature = ReferenceTemperature::At20DegC;
pub const AT_25: ReferenceTemperature = ReferenceTemperature::At25DegC;

pub fn gases() -> Slate {
    slate(&["methane", "ethane", "propane", "n-pentane", "nitrogen", "carbon dioxide", "helium"])
}

/// A measure of a stream of [`gases`], in the measure's unit.
pub fn measured(flows: &[f64], name: &str) -> f64 {
    let slate = gases();
    let parts: Vec<(&str, f64)> = slate.names().zip(flows.iter().copied()).collect();
    let total: f64 = flows.iter().sum();
    let shares: Vec<(&str, f64)> = parts.iter().map(|(n, f)| (*n, f / total)).collect();
    let mut chain = chain_of(&slate);
    chain.field(&slate, "field", total, &shares).market("city").connect("field -> city");
    let chain = build(chain);
    solve(&chain).get(&format!("city.sold.{name}")).unwrap().unwrap()
}

#[test]
fn in_the_ideal_limit_quality_is_what_is_measured_additively() {
    let slate = gases();
    let flows = [90.0, 5.0, 1.5, 0.2, 2.5, 0.5, 0.3];
    let gas = Quality::of(&slate, &flows, AT_20, AT_20.conditions()).unwrap();
    // the standard's gas constant differs from the crate's in the eighth digit
    assert!(agree(gas.ideal.gross_heat / 1e6, measured(&flows, "gross_heat"), 1e-7));
    assert!(agree(gas.ideal.net_heat / 1e6, measured(&flows, "net_heat"), 1e-7));
    let kg_per_s = measured(&flows, "mass") * 1e9 / (365.0 * 86_400.0);
    let cubic_metres_per_s = measured(&flows, "volume") * 1e9 / (365.0 * 86_400.0);
    assert!(agree(gas.ideal.density, kg_per_s / cubic_metres_per_s, 1e-7));
    let petajoules = |gas: Quality<f64>| gas.gross_heat_mass * kg_per_s * 365.0 * 86_400.0 / 1e15;
    let burned_at_25 = Quality::of(&slate, &flows, AT_25, AT_20.conditions()).unwrap();
    same(petajoules(burned_at_25), measured(&flows, "energy_gross"));
}

#[test]
fn every_quality_of_a_port_is_that_of_the_stream_there() {
    let slate = gases();
    let flows = [90.0, 5.0, 1.5, 0.2, 2.5, 0.5, 0.3];
    for (suffix, burned, metered) in
        [("", AT_20, AT_20), ("@15", AT_15, AT_15), ("@0", AT_0, AT_0), ("@25/0", AT_25, AT_0)]
    {
        let gas = Quality::of(&slate, &flows, burned, metered.conditions()).unwrap();
        for (name, expected) in [
            ("gross_heat_real", gas.real.gross_heat / 1e6),
            ("net_heat_real", gas.real.net_heat / 1e6),
            ("gross_wobbe", gas.real.gross_wobbe / 1e6),
            ("net_wobbe", gas.real.net_wobbe / 1e6),
        ] {
            same(measured(&flows, &format!("{name}{suffix}")), expected);
        }
        if !suffix.contains('/') {
            same(measured(&flows, &format!("compressibility{suffix}")), gas.compressibility);
            same(measured(&flows, &format!("density{suffix}")), gas.real.density);
            let relative = measured(&flows, &format!("relative_density{suffix}"));
            same(relative, gas.real.relative_density);
        }
    }
    let gas = Quality::of(&slate, &flows, AT_25, AT_20.conditions()).unwrap();
    same(measured(&flows, "gross_heat_mass@25"), gas.gross_heat_mass / 1e6);
    same(measured(&flows, "net_heat_mass@25"), gas.net_heat_mass / 1e6);
    same(measured(&flows, "gross_heat_molar@25"), gas.gross_heat_molar / 1e3);
    same(measured(&flows, "net_heat_molar@25"), gas.net_heat_molar / 1e3);
}

#[test]
fn names_of_qualities_are_read_as_they_are_written() {
    let slate = gases();
    for name in [
        "compressibility",
        "density@15",
        "relative_density@0",
        "gross_wobbe",
        "net_wobbe@15",
        "gross_heat_real@25/0",
        "net_heat_real@0/15",
        "gross_heat_mass@25",
        "net_heat_molar",
        "mole_fraction.C5+",
        "mass.C3+",
        "gross_wobbe@60 degF",
        "net_heat_real@25/60 degF",
        "liquid_volume.methane",
    ] {
        assert_eq!(Measure::parse(name, &slate).unwrap().to_string(), name);
    }
    let spaced = Measure::parse("gross_wobbe @ 15 degC", &slate).unwrap();
    assert_eq!(spaced, Measure::Quality(Property::GrossWobbe, References::at(AT_15)));
    assert_eq!(spaced.unit().to_string(), "MJ/m3 @ 15 degC");
    let refused = |name: &str| Measure::parse(name, &slate).unwrap_err().to_string();
    assert_eq!(
        refused("density@25"),
        "\"density@25\" cannot be read; allowed: density, or density@15 (metered at 0, 15 or 20 degC, or at 60 degF)"
    );
    assert_eq!(
        refused("gross_heat_mass@25/0"),
        "\"gross_heat_mass@25/0\" cannot be read; allowed: gross_heat_mass, or gross_heat_mass@25 (burned at 0, 15, 20 or 25 degC, or at 60 degF)"
    );
    assert!(refused("gross_wobbe@25").contains("gross_wobbe@25/0"));
    assert!(refused("wobbe").contains("unknown quantity \"wobbe\""));
    for group in ["C0+", "C+", "C+5+", "C5", "c5+"] {
        assert!(refused(&format!("mole_fraction.{group}")).contains("unknown species"), "{group}");
    }
}

#[test]
fn a_group_counts_its_species() {
    let flows = [90.0, 5.0, 1.5, 0.25, 2.5, 0.5, 0.25];
    same(measured(&flows, "mole_fraction.C5+"), 0.0025);
    same(measured(&flows, "mole_fraction.C3+"), 0.0175);
    let names = ["propane", "n-pentane"];
    let apart: f64 = names.iter().map(|name| measured(&flows, &format!("mass.{name}"))).sum();
    same(measured(&flows, "mass.C3+"), apart);
    same(measured(&flows, "mole_fraction.C6+"), 0.0);
}

#[test]
fn real_cubic_metres_at_one_temperature_are_not_shown_at_another() {
    let slate = gases();
    let mut chain = chain_of(&slate);
    let measure = Measure::Quality(Property::GrossWobbe, References::at(AT_15));
    chain
        .field(&slate, "field", 10.0, &[("methane", 1.0)])
        .market("city")
        .connect("field -> city")
        .limit(
            Limit::at_least("wobbe", ("city", measure), "46 MJ/m3")
                .shown_in(Unit::MEGAJOULE_PER_CUBIC_METRE),
        );
    let faults = chain.build().unwrap_err().to_string();
    assert!(
        faults.contains("gross_wobbe@15 in MJ/m3; allowed: gross_wobbe@15 in MJ/m3 @ 15 degC"),
        "{faults}"
    );
}
