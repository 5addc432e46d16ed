//! Compressors by either efficiency, against the casings put together by hand.

use crate::support::compare::close;
use gaschain::chain::Builder;
use gaschain::flow::{CompressorEfficiency, compress};
use gaschain::gas::{GergSpecies, NaturalGas};
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
