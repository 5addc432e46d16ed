//! Compressors by either efficiency, against the casings put together by hand.

use crate::support::compare::close;
use gaschain::chain::Builder;
use gaschain::flow::{CompressorEfficiency, compress};
use gaschain::gas::{Gerg2008, GergSpecies, NaturalGas};
use gaschain::param::Value;
use gaschain::quantity::Unit;
use gaschain::species::Slate;
use gaschain::stage::{Compress, Supply};

fn booster(slate: &Slate) -> Builder {
    let mut chain = Builder::new("booster", slate);
    chain.stage("well", Supply::new(slate).shown_in(Unit::MOL_PER_SECOND));
    chain.set("well.flow", "1000 mol/s");
    let shares = vec![("methane".into(), 0.95), ("ethane".into(), 0.05)];
    chain.set("well.composition", Value::Composition(shares));
    chain.stage("booster", Compress::new(slate)).set("booster.mode", "stated");
    chain.set("booster.suction_pressure", "4 MPa").set("booster.discharge_pressure", "9 MPa");
    chain.set("booster.suction_temperature", "20 degC").set("booster.cooled_to", "30 degC");
    chain.set("booster.casings", 2.0).set("booster.mechanical_efficiency", "99 %");
    chain.set("booster.driver_efficiency", "36 %");
    chain.connect("well -> booster").leaving_as_product("booster.gas");
    chain.leaving_as_loss("booster.burned");
    chain
}

#[test]
fn each_efficiency_is_the_one_that_is_named() {
    let slate = Slate::shipped().chosen(["methane", "ethane"]).unwrap();
    let gas = NaturalGas::gerg_2008(&GergSpecies::new(&slate), &[0.95, 0.05]).unwrap();
    for (name, efficiency) in [
        ("polytropic", CompressorEfficiency::Polytropic(0.8)),
        ("isentropic", CompressorEfficiency::Isentropic(0.8)),
    ] {
        let mut chain = booster(&slate);
        chain.set("booster.efficiency", name);
        chain.set(&format!("booster.{name}_efficiency"), "80 %");
        let solved = chain.build().unwrap().case().solve().unwrap();
        let first = compress(&gas, 4e6, 293.15, 6e6, efficiency);
        let second = compress(&gas, 6e6, first.discharge_temperature.min(303.15), 9e6, efficiency);
        let power = (first.work + second.work) * 1e3 / 0.99 / 1e6;
        close(solved.value("booster.power").unwrap(), power, 1e-9);
        let hottest = first.discharge_temperature.max(second.discharge_temperature) - 273.15;
        close(solved.value("booster.discharge_temperature").unwrap(), hottest, 1e-9);
    }
}

#[test]
fn the_efficiency_that_is_named_is_given_and_no_other() {
    let slate = Slate::shipped().chosen(["methane", "ethane"]).unwrap();
    let message = |chain: &Builder| chain.clone().build().unwrap_err().to_string();
    let mut chain = booster(&slate);
    assert_eq!(message(&chain), "value of parameter \"booster.polytropic_efficiency\" is missing");
    chain.set("booster.isentropic_efficiency", "80 %");
    assert_eq!(
        message(&chain),
        "value of parameter \"booster.polytropic_efficiency\" is missing\n\
         booster.isentropic_efficiency: 80 % with booster.efficiency = \"polytropic\"; allowed: a \
         value with \"isentropic\" only"
    );
    chain.set("booster.efficiency", "isentropic");
    assert!(chain.build().is_ok());
}

#[test]
fn a_gas_that_would_condense_behind_a_cooler_is_warned_of() {
    let slate = Slate::shipped().chosen(["methane", "ethane", "n-pentane"]).unwrap();
    let warned = |pentane: f64| {
        let mut chain = booster(&slate);
        let shares = [("methane".into(), 1.0 - pentane), ("n-pentane".into(), pentane)];
        chain.set("well.composition", Value::Composition(shares.into()));
        chain.set("booster.suction_pressure", "0.9 MPa").set("booster.discharge_pressure", "4 MPa");
        chain.set("booster.casings", 3.0).set("booster.polytropic_efficiency", "80 %");
        chain.build().unwrap().case().solve().unwrap().warnings()
    };
    let said = warned(0.06);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(
        said[0].starts_with("booster: a gas without liquid is outside its range: temperature 30")
    );
    assert!(warned(0.01).is_empty());
}

/// Ethane, which no table serves near its critical point, raised from 20 degC.
fn ethane(changes: &[(&str, &str)]) -> Builder {
    let slate = Slate::shipped().chosen(["methane", "ethane"]).unwrap();
    let mut chain = booster(&slate);
    chain.set("well.composition", Value::Composition(vec![("ethane".into(), 1.0)]));
    chain.set("booster.suction_pressure", "2.5 MPa").set("booster.discharge_pressure", "5.5 MPa");
    chain.set("booster.casings", 1.0).set("booster.mechanical_efficiency", "100 %");
    chain.set("booster.efficiency", "isentropic").set("booster.isentropic_efficiency", "100 %");
    for (address, value) in changes {
        chain.set(&format!("booster.{address}"), *value);
    }
    chain
}

#[test]
fn a_gas_that_no_table_serves_is_refused_by_what_is_at_fault_with_the_way_out() {
    let way_out = "gas_properties = \"equation\" goes further";
    for changes in [
        &[][..],
        &[("discharge_pressure", "20 MPa"), ("suction_temperature", "-15 degC")],
        &[("suction_pressure", "6 MPa"), ("discharge_pressure", "7 MPa")],
    ] {
        let solved = ethane(changes).build().unwrap().case().solve();
        let said = solved.unwrap_err().to_string();
        let begins = "booster: pressure at an end of a casing, MPa is ";
        assert!(said.lines().all(|line| line.starts_with(begins)), "{said}");
        assert!(said.ends_with(way_out), "{said}");
    }
    // what is too hot is said to be
    let mut hot = ethane(&[("suction_temperature", "70 degC")]);
    hot.set("well.composition", Value::Composition(vec![("methane".into(), 1.0)]));
    let said = hot.build().unwrap().case().solve().unwrap_err().to_string();
    assert!(said.starts_with("booster: temperature at an end of a casing, K is "), "{said}");
    assert!(said.ends_with(way_out), "{said}");
}

#[test]
fn ethane_by_the_equation_gains_the_enthalpy_of_the_equation_at_its_entropy() {
    let slate = Slate::shipped().chosen(["methane", "ethane"]).unwrap();
    let gas = Gerg2008::of(&GergSpecies::new(&slate), &[0.0, 1.0]).unwrap();
    let properties = |pressure: f64, temperature: f64| {
        let density = gas.density(pressure, temperature).unwrap();
        gas.properties(density, temperature).unwrap()
    };
    for (from, to) in [("2.5 MPa", 5.5e6), ("3 MPa", 4.5e6)] {
        let mut chain = ethane(&[("gas_properties", "equation"), ("suction_pressure", from)]);
        chain.set("booster.discharge_pressure", format!("{to} Pa"));
        let solved = chain.build().unwrap().case().solve().unwrap();
        let hot = solved.value("booster.discharge_temperature").unwrap() + 273.15;
        let suction: f64 = from.trim_end_matches(" MPa").parse().unwrap();
        let (start, end) = (properties(suction * 1e6, 293.15), properties(to, hot));
        // in kelvins of the discharge
        let entropy = (end.entropy - start.entropy) * hot / end.isobaric_heat_capacity;
        assert!(entropy.abs() < 0.01, "{entropy} K");
        let work = solved.value("booster.power").unwrap() * 1e6 / 1e3; // J/mol of 1,000 mol/s
        close(work, end.enthalpy - start.enthalpy, 1e-4);
    }
}
