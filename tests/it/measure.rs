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
pub const AT_60: ReferenceTemperature = ReferenceTemperature::At60DegF;
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
        "real_volume@15",
        "real_molar_volume@60 degF",
        "ideal_molar_volume",
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

#[test]
fn real_and_ideal_volumes_stand_side_by_side() {
    let slate = gases();
    let flows = [90.0, 5.0, 1.5, 0.2, 2.5, 0.5, 0.3];
    let moles: f64 = flows.iter().sum();
    for (suffix, at) in [("", AT_20), ("@15", AT_15), ("@0", AT_0), ("@60 degF", AT_60)] {
        let gas = Quality::of(&slate, &flows, at, at.conditions()).unwrap();
        let real = measured(&flows, &format!("real_volume{suffix}"));
        let unit = Measure::parse(&format!("real_volume{suffix}"), &slate).unwrap().unit();
        let ideal = measured(&flows, &format!("ideal_volume [{unit}]"));
        same(ideal, measured(&flows, &format!("volume [{unit}]")));
        same(real, ideal * gas.compressibility);
        // what a meter counts of natural gas is less by some thousandths
        assert!((0.0015..0.004).contains(&(1.0 - real / ideal)), "{suffix}: {}", real / ideal);
        let molar = |kind: &str| measured(&flows, &format!("{kind}_molar_volume{suffix}"));
        same(molar("ideal"), at.conditions().molar_volume() * 1e3);
        same(molar("real"), molar("ideal") * gas.compressibility);
        same(unit.to_si(real) * at.conditions().molar_volume(), moles * molar("real") * 1e-3);
        // the standard's gas constant differs from the crate's in the eighth digit
        assert!(agree(gas.real.molar_volume * 1e3, molar("real"), 1e-7));
        assert!(agree(gas.ideal.molar_volume * 1e3, molar("ideal"), 1e-7));
        let density = measured(&flows, &format!("density{suffix}"));
        assert!(agree(density * molar("real") * 1e-3, gas.molar_mass, 1e-7));
    }
    for (written, name) in [
        ("volume_real@15", "real_volume@15"),
        ("molar_volume_real", "real_molar_volume"),
        ("molar_volume_ideal@0", "ideal_molar_volume@0"),
        ("volume_ideal.helium", "volume.helium"),
        ("ideal_volume", "volume"),
    ] {
        assert_eq!(Measure::parse(written, &slate).unwrap().to_string(), name);
    }
    let refused = |name: &str| Measure::parse(name, &slate).unwrap_err().to_string();
    for name in ["real_volume.methane", "volume_real.methane", "density.methane"] {
        assert!(refused(name).contains("metered at 0, 15 or 20 degC"), "{}", refused(name));
    }
    assert!(refused("real_volume@25").contains("real_volume@15"));
    // what has no conditions of its own is answered with what it is called, not with another
    for (name, allowed) in [
        ("ideal_volume@15", "volume in a unit at 15 degC, such as bcm/yr @ 15 degC"),
        ("volume@60 degF", "volume in a unit at 60 degF, such as bcm/yr @ 60 degF"),
        ("volume_ideal.helium @ 0", "volume.helium in a unit at 0 degC, such as bcm/yr @ 0 degC"),
        ("volume@here", "volume in a unit at 15 degC, such as bcm/yr @ 15 degC"),
        ("mass.methane@15", "mass.methane without conditions"),
        ("gross_energy@15", "energy_gross without conditions"),
    ] {
        assert_eq!(refused(name), format!("{name}; allowed: {allowed}"));
    }
}

#[test]
fn a_real_volume_is_a_flow_that_a_limit_holds() {
    let slate = gases();
    let measure = Measure::Quality(Property::RealVolume, References::AT_20_DEGC);
    let two = |capacity: &str| {
        let mut chain = chain_of(&slate);
        chain
            .field(&slate, "first", 2_000.0, &[("methane", 0.9), ("propane", 0.1)])
            .field(&slate, "second", 2_000.0, &[("methane", 0.96), ("nitrogen", 0.04)])
            .blend("hub", &["first", "second"])
            .market("city")
            .joined(&["first -> hub.first", "second -> hub.second", "hub -> city"])
            .limit(Limit::at_most("meter", ("city", measure.clone()), capacity));
        build(chain)
    };
    // it throttles without being told, as all flows do, and at the metered volume
    let solved = solve(&two("2 bcm/yr"));
    let meter = solved.limit("meter").unwrap();
    assert!(agree(meter.load.unwrap(), 2.0, 1e-10), "{:?}", meter.load);
    assert_eq!(solved.inlet("second").unwrap().stopped_by, ["meter"]);
    same(solved.value("city.sold.real_volume").unwrap(), meter.load.unwrap());
    let ideal = solved.value("city.sold.volume").unwrap();
    assert!(ideal > 2.003 && ideal < 2.02, "{ideal}");

    // of nothing it is nothing, and not unknown
    let chain = two("2 bcm/yr");
    let mut case = chain.case();
    case.set("first.flow", "0 mol/s").unwrap().set("second.flow", "0 mol/s").unwrap();
    let solved = case.solve().unwrap();
    assert_eq!(solved.get("city.sold.real_volume").unwrap(), Some(0.0));
    assert_eq!(solved.get("city.sold.real_molar_volume").unwrap(), None);
    assert_eq!(solved.limit("meter").unwrap().load, Some(0.0));

    // recorded, it is the same
    let outputs = ["city.sold.real_volume@15", "city.sold.volume", "city.sold.real_molar_volume"];
    let chain = two("unknown");
    let mut function = chain.function(["first.flow", "second.flow"], outputs).unwrap();
    for flows in [[1_000.0, 500.0], [0.0, 300.0], [700.0, 0.0]] {
        let mut found = [0.0; 3];
        function.call(&flows, &mut found).unwrap();
        let mut case = chain.case();
        for (name, flow) in ["first.flow", "second.flow"].into_iter().zip(flows) {
            case.set(name, format!("{flow} mol/s")).unwrap();
        }
        let solved = case.solve().unwrap();
        for (found, output) in found.into_iter().zip(outputs) {
            assert!(agree(found, solved.value(output).unwrap(), 1e-12), "{output}");
        }
    }
}

#[test]
fn a_real_volume_is_not_known_of_what_has_no_summation_factor() {
    let own = Slate::read("species,formula\nwax,C20H42\n", "own.csv").unwrap();
    let slate = Slate::shipped().extended(own).unwrap().chosen(["methane", "wax"]).unwrap();
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "field", 10.0, &[("methane", 0.9), ("wax", 0.1)])
        .market("city")
        .connect("field -> city");
    let chain = build(chain);
    let solved = solve(&chain);
    assert_eq!(solved.get("city.sold.real_volume").unwrap(), None);
    assert_eq!(solved.get("city.sold.real_molar_volume").unwrap(), None);
    assert!(solved.get("city.sold.volume").unwrap().is_some());
    assert!(solved.get("city.sold.ideal_molar_volume").unwrap().is_some());
    // nor is a volume at one temperature, or moles, what is metered at another
    let fault = chain.output("city.sold.real_volume@15 [bcm/yr]").unwrap_err().to_string();
    assert!(fault.contains("city.sold.real_volume@15 [bcm/yr @ 15 degC]"), "{fault}");
    let fault = chain.output("city.sold.real_volume [mol/s]").unwrap_err().to_string();
    assert!(fault.contains("another unit at the same conditions"), "{fault}");
    let fault = chain.output("city.sold.ideal_volume@15").unwrap_err().to_string();
    assert!(fault.contains("volume in a unit at 15 degC"), "{fault}");
    assert!(!fault.contains("real_volume"), "{fault}");
    assert!(chain.output("city.sold.real_volume@0 [million Nm3/d]").is_ok());
    assert!(chain.output("city.sold.real_volume@15 [Sm3/h]").is_ok());
}
