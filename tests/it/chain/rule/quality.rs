//! Limits on the quality of real gas, of all the limits the ones that bend most: they throttle to
//! their bound when told to, through inner chains, at any size.

use crate::measure::{AT_0, AT_20, AT_25, gases, measured};
use crate::support::chains::{Parts, at_most, build, chain_of, slate};
use crate::support::compare::agree;
use crate::support::seeds::on_every_seed;
use crate::support::solved::{flow, inlet, solve, solve_with};
use gaschain::ErrorKind;
use gaschain::chain::{Builder, Chain};
use gaschain::gas::Quality;
use gaschain::limit::{Direction, Limit};
use gaschain::measure::{Measure, Property, References};
use gaschain::param::Value;
use gaschain::quantity::ReferenceConditions;
use gaschain::species::Slate;
use proptest::prelude::*;

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

/// Every quality that nitrogen moves, with the side on which it breaks a limit on it.
fn sides() -> impl Iterator<Item = (Property, Direction)> {
    let moved = |property: &Property| {
        !property.is_flow() && *property != Property::IdealMolarVolume // one volume for every gas
    };
    Property::ALL.into_iter().filter(moved).map(|property| {
        let heavier = matches!(
            property,
            Property::RealMolarVolume
                | Property::Compressibility
                | Property::Density
                | Property::RelativeDensity
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
                Direction::AtMost => Limit::at_most("quality", ("city", measure), capacity),
                _ => Limit::at_least("quality", ("city", measure), capacity),
            };
            let chain = two_fields(limit);
            // untold, it is only reported
            let solved = solve(&chain);
            inlet(&solved, "dirty", 80.0, &[]);
            assert!(solved.limit("quality").unwrap().broken, "{property:?}");

            let told = [("quality.throttles", Value::Flag(true))];
            let solved = solve_with(&chain, &told);
            let dirty = solved.inlet("dirty").unwrap();
            assert_eq!(dirty.stopped_by, ["quality"], "{property:?}");
            inlet(&solved, "clean", 80.0, &[]);
            let result = solved.limit("quality").unwrap();
            assert!(agree(result.load.unwrap(), bound, 1e-9), "{property:?}: {:?}", result.load);
            assert!(!result.broken, "{property:?}");
            // a bound in the last digit moves the opening by more where the property is flat
            assert!(agree(dirty.accepted, 20.0, 1e-7), "{property:?}: {}", dirty.accepted);

            // first in order, as much of it is taken as all of the clean field makes room for
            let dirty_first = [told[0].clone(), ("order", "dirty > clean".into())];
            let solved = solve_with(&chain, &dirty_first);
            inlet(&solved, "clean", 80.0, &[]);
            let dirty = solved.inlet("dirty").unwrap();
            assert_eq!(dirty.stopped_by, ["quality"], "{property:?}");
            assert!(agree(dirty.accepted, 20.0, 1e-7), "{property:?}: {}", dirty.accepted);
            assert!(!solved.limit("quality").unwrap().broken, "{property:?}");
        }
    }
}

#[test]
fn a_limit_on_quality_is_the_same_at_any_size() {
    let bound = measured(&mixed(20.0), "gross_wobbe");
    let measure = Measure::Quality(Property::GrossWobbe, References::AT_20_DEGC);
    let limit = Limit::at_least("quality", ("city", measure), format!("{bound} MJ/m3"));
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
            Limit::at_least("wobbe", ("gas", measure), format!("{bound} MJ/m3"))
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
            Limit::at_least("wobbe", ("gas", measure), format!("{bound} MJ/m3"))
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
        .limit(Limit::at_most("c5_plus", ("city", heavy), 0.01).throttling(["wet"]));
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
        .limit(Limit::at_least("wobbe", ("city", measure), "40 MJ/m3"));
    let chain = build(chain);
    let solved = solve(&chain);
    assert_eq!(solved.get("city.sold.gross_wobbe").unwrap(), None);
    assert_eq!(solved.limit("wobbe").unwrap().load, None);
    // its summation factor at 20 degC is known, and density takes no heat
    assert!(solved.get("city.sold.density").unwrap().is_some());
    assert_eq!(solved.get("city.sold.density@15").unwrap(), None);
    // no inlet is stopped by a number that is none
    let mut case = chain.case();
    case.set("wobbe.throttles", Value::Flag(true)).unwrap();
    let error = case.solve().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutOfDomain);
    assert_eq!(
        error.to_string(),
        "limit wobbe is told to stop inlets by a quality that is not known: oddity in its stream lacks a datum"
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

#[test]
fn a_field_opens_as_far_as_quality_holds() {
    let (moved, _): (Vec<Property>, Vec<Direction>) = sides().unzip();
    let properties = prop::sample::select(moved);
    let drawn = (composition(), composition(), properties, 0.05_f64..0.95);
    on_every_seed(25, &drawn, |(base, added, property, at)| {
        let slate = gases();
        let measure = Measure::Quality(property, References::AT_20_DEGC);
        let value = |opening: f64| {
            let mixed = base.iter().zip(&added).map(|(base, added)| base + added * opening);
            let flows: Vec<f64> = mixed.collect();
            let gas = Quality::of(&slate, &flows, AT_20, AT_20.conditions()).unwrap();
            match property {
                Property::RealMolarVolume => {
                    gas.compressibility * AT_20.conditions().molar_volume() * 1e3
                }
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
            Limit::at_most("quality", ("city", measure), capacity)
        } else {
            Limit::at_least("quality", ("city", measure), capacity)
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
        prop_assert!(over(opening) < 1e-11, "broken by {:e} at {opening}", over(opening));
        if opening < 1.0 {
            prop_assert!(over(opening) > -1e-9, "stopped {:e} short", -over(opening));
        }
        for step in 0..200 {
            let beyond = opening + 1e-3 + (1.0 - opening) * f64::from(step) / 200.0;
            if beyond <= 1.0 {
                prop_assert!(over(beyond) > 0.0, "{opening}, although {beyond} holds");
            }
        }
        Ok(())
    });
}
