//! Gas quality by ISO 6976:2016: against its tables, against the additive measures, as results
//! and as limits.

mod common;

use common::{Parts, agree, at_most, build, chain_of, flow, inlet, same, slate, solve, solve_with};
use gaschain::chain::{Builder, Chain, SolveError};
use gaschain::gas::{Quality, QualityError};
use gaschain::limit::{Direction, Limit};
use gaschain::measure::{Measure, Property, References};
use gaschain::param::Value;
use gaschain::quantity::{ReferenceConditions, Unit};
use gaschain::report::text::addresses;
use gaschain::solved::FULLY_DRAWN;
use gaschain::species::{ReferenceTemperature, Slate};
use proptest::prelude::*;

const AT_0: ReferenceTemperature = ReferenceTemperature::At0DegC;
const AT_15: ReferenceTemperature = ReferenceTemperature::At15DegC;
const AT_20: ReferenceTemperature = ReferenceTemperature::At20DegC;
const AT_25: ReferenceTemperature = ReferenceTemperature::At25DegC;

fn gases() -> Slate {
    slate(&["methane", "ethane", "propane", "n-pentane", "nitrogen", "carbon dioxide", "helium"])
}

/// A measure of a stream of [`gases`], in the measure's unit.
fn measured(flows: &[f64], name: &str) -> f64 {
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
fn pure_methane_is_as_tabled() {
    let slate = Slate::shipped().chosen(["methane"]).unwrap();
    // ISO 6976:2016 tables 1 to 3: heat in kJ/mol where burned, summation factor where metered
    let heats = [(AT_0, 892.92), (AT_15, 891.51), (AT_20, 891.05), (AT_25, 890.58)];
    let condensing = [45.064, 44.431, 44.222, 44.013];
    let factors = [(AT_0, 0.04886), (AT_15, 0.04452), (AT_20, 0.04317)];
    for ((burned, heat), water) in heats.into_iter().zip(condensing) {
        for (metered, factor) in factors {
            let gas = Quality::of(&slate, &[2.0], burned, metered.conditions()).unwrap();
            same(gas.molar_mass, 0.016_042_46);
            same(gas.gross_heat_molar, heat * 1e3);
            same(gas.net_heat_molar, (heat - 2.0 * water) * 1e3);
            same(gas.compressibility, 1.0 - factor * factor);
            same(gas.real.density * gas.compressibility, gas.ideal.density);
            same(gas.gross_heat_mass, gas.real.gross_heat / gas.real.density);
            same(gas.real.net_wobbe, gas.real.net_heat / gas.real.relative_density.sqrt());
        }
    }
}

#[test]
fn pressure_moves_real_gas_as_the_standard_says() {
    let slate = Slate::shipped().chosen(["methane"]).unwrap();
    let mut high = ReferenceConditions::AT_15_DEGC;
    high.pressure_pascal = 1.05 * 101_325.0;
    let gas = Quality::of(&slate, &[1.0], AT_15, high).unwrap();
    same(gas.compressibility, 1.0 - 1.05 * 0.04452 * 0.04452);
    // air at its own compressibility, 1 - 1.05 (1 - 0.999595)
    let air = 1.0 - 1.05 * (1.0 - 0.999_595);
    same(gas.real.relative_density, gas.ideal.relative_density * air / gas.compressibility);
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
    same(petajoules(burned_at_25), measured(&flows, "gross_energy"));
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
    ] {
        assert_eq!(Measure::parse(name, &slate).unwrap().to_string(), name);
    }
    let spaced = Measure::parse("gross_wobbe @ 15 degC", &slate).unwrap();
    assert_eq!(spaced, Measure::Quality(Property::GrossWobbe, References::at(AT_15)));
    assert_eq!(spaced.unit().to_string(), "MJ/m3 @ 15 degC");
    let refused = |name: &str| Measure::parse(name, &slate).unwrap_err().to_string();
    assert_eq!(
        refused("density@25"),
        "\"density@25\" cannot be read; allowed: density, or density@15 (metered at 0, 15 or 20 degC)"
    );
    assert_eq!(
        refused("gross_heat_mass@25/0"),
        "\"gross_heat_mass@25/0\" cannot be read; allowed: gross_heat_mass, or gross_heat_mass@25 (burned at 0, 15, 20 or 25 degC)"
    );
    assert!(refused("gross_wobbe@25").contains("gross_wobbe@25/0"));
    assert!(refused("wobbe").contains("unknown quantity \"wobbe\""));
    for group in ["C0+", "C+", "C+5+", "C5", "c5+"] {
        assert!(refused(&format!("mole_fraction.{group}")).contains("unknown species"), "{group}");
    }
}

#[test]
fn addresses_list_every_quality() {
    let page = addresses(gaschain::amur::chain(), "heihe");
    let words: Vec<&str> = page.split_whitespace().collect();
    for property in Property::ALL {
        let name = format!(".{}", property.as_str());
        assert!(words.contains(&name.as_str()), "{name}");
    }
    for name in [".mole_fraction.C5+", ".gross_heat_real@15", ".gross_heat_real@25/0"] {
        assert!(words.contains(&name), "{name}");
    }
    assert!(page.contains("heihe.c5_plus"));
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

/// A clean field of 80 mol/s and one of much nitrogen, 80 mol/s, into one market with a limit.
fn two_fields(limit: Limit) -> Chain {
    let slate = gases();
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "clean", 80.0, &[("methane", 0.96), ("ethane", 0.03), ("nitrogen", 0.01)])
        .field(&slate, "dirty", 80.0, &[("methane", 0.85), ("ethane", 0.01), ("nitrogen", 0.14)])
        .blend("hub", &["clean", "dirty"])
        .market("city")
        .joined(&["clean -> hub.clean", "dirty -> hub.dirty", "hub -> city"])
        .limit(limit);
    build(chain)
}

/// Flows of 80 mol/s of the clean field and some of the dirty one.
fn mixed(dirty: f64) -> [f64; 7] {
    let share = |clean: f64, other: f64| 80.0 * clean + dirty * other;
    [share(0.96, 0.85), share(0.03, 0.01), 0.0, 0.0, share(0.01, 0.14), 0.0, 0.0]
}

/// Every property, with the side on which nitrogen breaks a limit on it.
fn sides() -> [(Property, Direction); 11] {
    Property::ALL.map(|property| {
        let heavier = matches!(
            property,
            Property::Compressibility | Property::Density | Property::RelativeDensity
        );
        (property, if heavier { Direction::AtMost } else { Direction::AtLeast })
    })
}

#[test]
fn limits_on_real_quality_throttle_to_their_bound() {
    for (property, direction) in sides() {
        for at in [References::AT_20_DEGC, References { combustion: AT_25, metering: AT_0 }] {
            let measure = Measure::Quality(property, at);
            let bound = measured(&mixed(20.0), &measure.to_string());
            let capacity = format!("{bound} {}", measure.unit());
            let limit = match direction {
                Direction::AtMost => Limit::at_most("quality", "city", measure, capacity),
                Direction::AtLeast => Limit::at_least("quality", "city", measure, capacity),
            };
            let chain = two_fields(limit);
            // untold, it is only reported
            let solved = solve(&chain);
            inlet(&solved, "dirty", 80.0, &[FULLY_DRAWN]);
            assert!(solved.limit("quality").unwrap().broken, "{property:?}");

            let told = [("quality.throttles", Value::Flag(true))];
            let solved = solve_with(&chain, &told);
            let dirty = solved.inlet("dirty").unwrap();
            assert_eq!(dirty.stopped_by, ["quality"], "{property:?}");
            inlet(&solved, "clean", 80.0, &[FULLY_DRAWN]);
            let result = solved.limit("quality").unwrap();
            assert!(agree(result.load.unwrap(), bound, 1e-9), "{property:?}: {:?}", result.load);
            assert!(!result.broken, "{property:?}");
            // a bound in the last digit moves the opening by more where the property is flat
            assert!(agree(dirty.accepted, 20.0, 1e-7), "{property:?}: {}", dirty.accepted);

            // first in order, nothing of it can be taken, from the very start
            let dirty_first = [told[0].clone(), ("order", "dirty > clean".into())];
            let solved = solve_with(&chain, &dirty_first);
            inlet(&solved, "dirty", 0.0, &["quality"]);
            inlet(&solved, "clean", 80.0, &[FULLY_DRAWN]);
        }
    }
}

#[test]
fn a_limit_on_quality_is_the_same_at_any_size() {
    let bound = measured(&mixed(20.0), "gross_wobbe");
    let measure = Measure::Quality(Property::GrossWobbe, References::AT_20_DEGC);
    let limit = Limit::at_least("quality", "city", measure, format!("{bound} MJ/m3"));
    let chain = two_fields(limit.throttling(["dirty"]));
    for size in [1e-9, 1e-3, 1e6] {
        let offered = Value::from(format!("{} mol/s", 80.0 * size));
        let set = [("clean.flow", offered.clone()), ("dirty.flow", offered)];
        let solved = solve_with(&chain, &set);
        assert!(agree(flow(&solved, "hub.dirty"), 20.0 * size, 1e-9), "{size}");
    }
    let nothing = [("clean.flow", "0 mol/s".into()), ("dirty.flow", "0 mol/s".into())];
    let solved = solve_with(&chain, &nothing);
    assert_eq!(solved.limit("quality").unwrap().load, None);
    assert!(!solved.limit("quality").unwrap().broken);
}

#[test]
fn a_refusal_by_quality_reaches_the_outer_chain_if_its_surplus_has_nowhere_to_go() {
    let slate = gases();
    let bound = measured(&mixed(20.0), "gross_wobbe");
    let measure = Measure::Quality(Property::GrossWobbe, References::AT_20_DEGC);
    let mut terminal = Builder::new("terminal", &slate);
    terminal
        .inlets(&["clean", "dirty"])
        .blend("hub", &["clean", "dirty"])
        .joined(&["clean -> hub.clean", "dirty -> hub.dirty", "hub -> gas"])
        .outlet("gas")
        .limit(
            Limit::at_least("wobbe", "gas", measure, format!("{bound} MJ/m3"))
                .throttling(["dirty"]),
        );
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "clean", 80.0, &[("methane", 0.96), ("ethane", 0.03), ("nitrogen", 0.01)])
        .field(&slate, "dirty", 80.0, &[("methane", 0.85), ("ethane", 0.01), ("nitrogen", 0.14)])
        .chain("terminal", terminal)
        .market("city")
        .joined(&["clean -> terminal.clean", "dirty -> terminal.dirty", "terminal.gas -> city"]);
    let chain = build(chain);
    let solved = solve(&chain);
    assert_eq!(solved.inlet("dirty").unwrap().stopped_by, ["terminal.wobbe"]);
    assert!(agree(solved.inlet("dirty").unwrap().accepted, 20.0, 1e-9));
    assert!(agree(solved.limit("terminal.wobbe").unwrap().load.unwrap(), bound, 1e-9));
}

#[test]
fn an_outer_limit_sees_through_a_refusal_by_quality() {
    let slate = gases();
    let bound = measured(&mixed(20.0), "gross_wobbe");
    let measure = Measure::Quality(Property::GrossWobbe, References::AT_20_DEGC);
    let mut terminal = Builder::new("terminal", &slate);
    terminal
        .inlets(&["clean", "dirty"])
        .blend("hub", &["clean", "dirty"])
        .joined(&["clean -> hub.clean", "dirty -> hub.dirty", "hub -> gas"])
        .outlet("gas")
        .limit(
            Limit::at_least("wobbe", "gas", measure, format!("{bound} MJ/m3"))
                .throttling(["dirty"]),
        );
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "clean", 80.0, &[("methane", 0.96), ("ethane", 0.03), ("nitrogen", 0.01)])
        .field(&slate, "dirty", 80.0, &[("methane", 0.85), ("ethane", 0.01), ("nitrogen", 0.14)])
        .chain("terminal", terminal)
        .market("city")
        .market("flare")
        .joined(&["clean -> terminal.clean", "dirty -> terminal.dirty", "terminal.gas -> city"])
        .joined(&["terminal.dirty.surplus -> flare"])
        .limit(at_most("flared", "flare", 5.0));
    // the terminal blends in 20, and may flare 5 more
    let chain = build(chain);
    let solved = solve(&chain);
    assert_eq!(solved.inlet("dirty").unwrap().stopped_by, ["flared"]);
    assert!(agree(solved.inlet("dirty").unwrap().accepted, 25.0, 1e-9));
    assert_eq!(solved.inlet("terminal.dirty").unwrap().stopped_by, ["terminal.wobbe"]);
    assert!(agree(solved.limit("terminal.wobbe").unwrap().load.unwrap(), bound, 1e-9));
}

#[test]
fn a_market_can_limit_pentanes_and_heavier() {
    let slate = gases();
    let heavy = Measure::parse("mole_fraction.C5+", &slate).unwrap();
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "dry", 90.0, &[("methane", 1.0)])
        .field(&slate, "wet", 90.0, &[("methane", 0.96), ("n-pentane", 0.04)])
        .blend("hub", &["dry", "wet"])
        .market("city")
        .joined(&["dry -> hub.dry", "wet -> hub.wet", "hub -> city"])
        .limit(Limit::at_most("c5_plus", "city", heavy, 0.01).throttling(["wet"]));
    // 0.04 x = 0.01 (90 + x)
    inlet(&solve(&build(chain)), "wet", 30.0, &["c5_plus"]);
}

#[test]
fn a_species_without_a_datum_is_named() {
    let own = Slate::read("species,formula,summation_factor_20C\noddity,C7H8,0.3\n", "own.csv");
    let slate = slate(&["methane"]).extended(own.unwrap()).unwrap();
    let at_20 = ReferenceConditions::AT_20_DEGC;
    let error = Quality::of(&slate, &[1.0, 0.01], AT_20, at_20).unwrap_err();
    assert_eq!(error.to_string(), "no gross heat at 20 degC of oddity is known");
    assert!(Quality::of(&slate, &[1.0, 0.0], AT_20, at_20).is_ok());

    let mut chain = chain_of(&slate);
    let measure = Measure::Quality(Property::GrossWobbe, References::AT_20_DEGC);
    chain
        .field(&slate, "field", 10.0, &[("methane", 0.99), ("oddity", 0.01)])
        .market("city")
        .connect("field -> city")
        .limit(Limit::at_least("wobbe", "city", measure, "40 MJ/m3"));
    let chain = build(chain);
    let solved = solve(&chain);
    assert_eq!(solved.get("city.sold.gross_wobbe").unwrap(), None);
    assert_eq!(solved.limit("wobbe").unwrap().load, None);
    // its summation factor at 20 degC is known, and density takes no heat
    assert!(solved.get("city.sold.density").unwrap().is_some());
    assert_eq!(solved.get("city.sold.density@15").unwrap(), None);
    // no inlet is stopped by a number that is none
    let mut values = chain.values();
    chain.set(&mut values, "wobbe.throttles", Value::Flag(true)).unwrap();
    let error = chain.solve(&values).unwrap_err();
    assert!(matches!(&error, SolveError::QualityUnknown { species, .. } if species == "oddity"));
    assert_eq!(
        error.to_string(),
        "limit wobbe is told to stop inlets by a quality that is not known: oddity in its stream lacks a datum"
    );
}

#[test]
fn what_the_standard_does_not_cover_is_refused() {
    let slate = slate(&["methane", "n-hexane"]);
    let at_15 = ReferenceConditions::AT_15_DEGC;
    let of = |flows: &[f64], metering| Quality::of(&slate, flows, AT_15, metering).unwrap_err();
    let warm = ReferenceConditions { temperature_kelvin: 298.15, ..at_15 };
    assert!(matches!(of(&[1.0, 0.0], warm), QualityError::MeteringTemperature { .. }));
    let low = ReferenceConditions { pressure_pascal: 80_000.0, ..at_15 };
    assert!(matches!(of(&[1.0, 0.0], low), QualityError::MeteringPressure { .. }));
    assert!(matches!(of(&[0.0, 0.0], at_15), QualityError::NoStream { .. }));
    assert!(matches!(of(&[1.0], at_15), QualityError::Flows { got: 1, allowed: 2 }));
    // hexane vapour at 0 degC: 1 - 0.3319^2 = 0.890
    let cold = Quality::of(&slate, &[0.0, 1.0], AT_0, ReferenceConditions::AT_0_DEGC);
    assert!(matches!(cold.unwrap_err(), QualityError::Compressibility { .. }));
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "field", 10.0, &[("n-hexane", 1.0)])
        .market("city")
        .connect("field -> city");
    let chain = build(chain);
    let solved = solve(&chain);
    assert_eq!(solved.get("city.sold.density@0").unwrap(), None);
    assert!(solved.get("city.sold.density").unwrap().is_some()); // 1 - 0.2907^2 = 0.915
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
            Limit::at_least("wobbe", "city", measure, "46 MJ/m3")
                .shown_in(Unit::MEGAJOULE_PER_CUBIC_METRE),
        );
    let faults = chain.build().unwrap_err().to_string();
    assert!(
        faults.contains("gross_wobbe@15 in MJ/m3; allowed: gross_wobbe@15 in MJ/m3 @ 15 degC"),
        "{faults}"
    );
}

/// Mole fractions that are anything.
fn composition() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(0.0_f64..1.0, 7).prop_map(|mut parts| {
        parts[0] += 0.1;
        let total: f64 = parts.iter().sum();
        parts.iter().map(|part| part / total).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_field_opens_until_quality_first_breaks(
        (base, added) in (composition(), composition()),
        property in prop::sample::select(Property::ALL.to_vec()),
        at in 0.05_f64..0.95,
    ) {
        let slate = gases();
        let measure = Measure::Quality(property, References::AT_20_DEGC);
        let value = |opening: f64| {
            let mixed = base.iter().zip(&added).map(|(base, added)| base + added * opening);
            let flows: Vec<f64> = mixed.collect();
            let gas = Quality::of(&slate, &flows, AT_20, AT_20.conditions()).unwrap();
            match property {
                Property::Compressibility => gas.compressibility,
                Property::Density => gas.real.density,
                Property::RelativeDensity => gas.real.relative_density,
                Property::GrossWobbe => gas.real.gross_wobbe / 1e6,
                Property::NetWobbe => gas.real.net_wobbe / 1e6,
                Property::GrossHeatReal => gas.real.gross_heat / 1e6,
                Property::NetHeatReal => gas.real.net_heat / 1e6,
                Property::GrossHeatMass => gas.gross_heat_mass / 1e6,
                Property::NetHeatMass => gas.net_heat_mass / 1e6,
                Property::GrossHeatMolar => gas.gross_heat_molar / 1e3,
                _ => gas.net_heat_molar / 1e3,
            }
        };
        let bound = value(at);
        // on the side where the base alone holds; how far on the wrong one, of the bound
        let most = value(0.0) < bound;
        let over = |opening: f64| (value(opening) - bound) * if most { 1.0 } else { -1.0 } / bound;
        prop_assume!(over(0.0) < -1e-6);
        let capacity = format!("{bound} {}", measure.unit());
        let limit = if most {
            Limit::at_most("quality", "city", measure, capacity)
        } else {
            Limit::at_least("quality", "city", measure, capacity)
        };
        let named = |parts: &[f64]| slate.names().zip(parts.iter().copied()).collect::<Vec<_>>();
        let mut chain = chain_of(&slate);
        chain
            .field(&slate, "base", 1.0, &named(&base))
            .field(&slate, "added", 1.0, &named(&added))
            .blend("hub", &["base", "added"])
            .market("city")
            .joined(&["base -> hub.base", "added -> hub.added", "hub -> city"])
            .limit(limit.throttling(["added"]));
        let chain = build(chain);
        let solved = solve(&chain);
        let opening = solved.accepted_fraction("added").unwrap();
        for step in 0..200 {
            let before = opening * f64::from(step) / 200.0;
            prop_assert!(over(before) < 1e-11, "broken by {:e} at {before}", over(before));
        }
        prop_assert!(over(opening) < 1e-11, "broken by {:e} at {opening}", over(opening));
        if opening < 1.0 {
            prop_assert!(over(opening) > -1e-9, "stopped {:e} short", -over(opening));
            prop_assert!(over((opening + 1e-3).min(1.0)) > 0.0, "not broken beyond {opening}");
        }
    }
}
