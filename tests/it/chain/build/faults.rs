//! Faults of chains built in Rust, with the exact message: they name addresses, there being no file
//! and no line to name.

use crate::chain::rule::recycle::chains::species;
use crate::support::between::between;
use crate::support::chains::{Parts, chain_of};
use crate::support::folders::good;
use gaschain::chain::Builder;
use gaschain::limit::Limit;
use gaschain::measure::Measure;
use gaschain::param::Parameter;
use gaschain::quantity::{Quantity, Unit};
use gaschain::scalar::Scalar;
use gaschain::species::Slate;
use gaschain::stage::{Blend, Call, Draw, Spec, Split, Stage, StageError, Supply};

#[test]
fn a_chain_built_in_rust_names_addresses() {
    let mut builder = between(Blend::new(["feed"]));
    builder
        .stage("plant", Draw::new())
        .stage("a.b", Draw::new())
        .set("field.flw", "2 bcm/yr")
        .connect("plnt -> city")
        .limit(Limit::at_most("cap", ("nowhere", Measure::Volume(None)), "1 bcm/yr"))
        .limit(Limit::at_most(
            "low",
            ("city", Measure::Volume(None)),
            Quantity::new(f64::NAN, Unit::BCM_PER_YEAR),
        ))
        .limit(Limit::at_most(
            "high",
            ("city", Measure::Volume(None)),
            Quantity::new(f64::INFINITY, Unit::BCM_PER_YEAR),
        ));
    assert_eq!(
        builder.build().unwrap_err().to_string(),
        "plant: duplicate name \"plant\"\n\
         a.b: name \"a.b\"; allowed: a name that is not empty, without \".\", \"+\" or \">\"\n\
         field.flw: unknown parameter \"field.flw\"; nearest: \"field.flow\"\n\
         plnt -> city: unknown stage or port \"plnt\"; nearest: \"plant\"\n\
         cap: limit \"cap\" is on nothing: unknown stage or port \"nowhere\"; allowed: \"field\", \"plant\", \"city\"\n\
         low: NaN bcm/yr is outside the allowed range: at least 0 bcm/yr\n\
         high: inf bcm/yr is outside the allowed range: at least 0 bcm/yr"
    );
    let mut builder = between(Split::new(["side"], "rest"));
    builder.set("plant.side", 0.5);
    assert_eq!(
        builder.build().unwrap_err().to_string(),
        "plant -> city: \"plant\" without a port, with 2 outlets; allowed: one of side, rest"
    );
}

#[test]
fn a_chain_built_in_rust_refuses_the_units_that_files_refuse() {
    let slate = species();
    for (unit, dimension) in [("kg/s", "a mass flow"), ("degC", "a temperature")] {
        let mut builder = chain_of(&slate);
        builder.stage("field", Supply::new(&slate).shown_in(Unit::parse(unit).unwrap()));
        let faults = builder.build().unwrap_err().to_string();
        let fault =
            format!("field.flow: \"{unit}\" is {dimension}; allowed: a molar or gas volume flow");
        assert!(faults.contains(&fault), "{faults}");
    }
    let mut plant = Builder::new("plant", &slate);
    plant.inlet_in("oil", Unit::PERCENT).outlet("out").connect("oil -> out");
    let mut builder = chain_of(&slate);
    builder.chain("plant", plant);
    let faults = builder.build().unwrap_err().to_string();
    let fault = "oil: \"%\" is a fraction; allowed: a unit of molar, gas volume or mass flow";
    assert!(faults.contains(fault), "{faults}");
    let mut builder = between(Blend::new(["feed"]));
    builder
        .limit(Limit::at_most("cap", ("city", Measure::Volume(None)), "1 bcm/yr").capacity_of([]))
        .product("gas", "city.gas_sold", Measure::Volume(None), Unit::parse("Mt/yr").unwrap())
        .product("gas", "city.gas_sold", Measure::Volume(None), Unit::BCM_PER_YEAR)
        .product(
            "cold",
            "city.gas_sold",
            Measure::parse("gross_wobbe@15", &slate).unwrap(),
            Unit::parse("MJ/m3 @ 0 degC").unwrap(),
        );
    let faults = builder.build().unwrap_err().to_string();
    assert_eq!(
        faults,
        "gas: \"Mt/yr\" is a mass flow; allowed: a molar or gas volume flow\n\
         gas: duplicate product \"gas\"\n\
         cold: gross_wobbe@15 in MJ/m3 @ 0 degC; allowed: gross_wobbe@15 in MJ/m3 @ 15 degC, or another unit at the same conditions\n\
         cap: parameter that makes the capacity of limit \"cap\" is missing"
    );
}

#[test]
fn nothing_but_finite_numbers_gets_into_values() {
    let chain = good().chain().unwrap();
    let mut case = chain.case();
    for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, -1.0] {
        let quantity = Quantity::new(number, Unit::BCM_PER_YEAR);
        assert!(case.set("field.flow", quantity).is_err(), "{number}");
        assert!(case.set("plant.nitrogen", number).is_err(), "{number}");
    }
    let own = |address: &str| chain.case().get(address);
    for address in ["field.flow", "plant.nitrogen"] {
        assert_eq!(case.get(address), own(address), "a refused value changes nothing");
    }
}

#[test]
fn an_import_of_a_chain_leads_to_one_of_a_stage() {
    let slate = species();
    let mut inner = Builder::new("plant", &slate);
    inner
        .inlet("gas")
        .outlet("out")
        .import("fuel")
        .import("steam")
        .stage("blend", Blend::new(["gas", "fuel"]))
        .joined(&["gas -> blend.gas", "fuel -> blend.fuel", "blend -> out"]);
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "gas", 80.0, &[("methane", 1.0)])
        .market("city")
        .chain("plant", inner)
        .joined(&["gas -> plant", "plant -> city"]);
    let faults = chain.build().unwrap_err().to_string();
    assert_eq!(
        faults.lines().collect::<Vec<_>>(),
        [
            "fuel -> blend.fuel: \"fuel -> blend.fuel\" from import fuel; allowed: an import of the chain joined to an import of a stage",
            "plant.steam: an import that leads nowhere; allowed: one connection from it to an import inside",
        ]
    );
}

#[test]
fn a_drawn_stream_goes_to_an_import_only() {
    let slate = species();
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "gas", 80.0, &[("methane", 1.0)])
        .stage("tap", Draw::new())
        .market("city")
        .market("town")
        .joined(&["gas -> tap", "tap.rest -> city", "tap.drawn -> town"]);
    assert_eq!(
        chain.build().unwrap_err().to_string(),
        "tap.drawn -> town: \"tap.drawn -> town\" from tap; allowed: a drawn stream joined to an import"
    );
}

/// A supply that says nothing of what it offers.
#[derive(Debug)]
struct Silent(Spec);

impl Stage for Silent {
    fn spec(&self) -> &Spec {
        &self.0
    }
    fn run<S: Scalar>(&self, _: &mut Call<'_, S>) -> Result<(), StageError> {
        Ok(())
    }
}

#[test]
fn a_supply_that_offers_nothing_is_a_fault() {
    let mut chain = chain_of(&species());
    let other = Slate::shipped().chosen(["helium"]).unwrap();
    let mut spec = Spec::new("silent");
    let (inlet, _) = (spec.inlet("supply"), spec.outlet("gas"));
    let flow = Parameter::number("flow", "", Unit::BCM_PER_YEAR, 0.0, 1.0);
    let (flow, composition) =
        (spec.number(flow), spec.composition(Parameter::composition("composition", "", &other)));
    spec.supplies(inlet, flow, composition);
    chain.stage("field", Silent(spec)).leaving_as_product("field.gas");
    assert_eq!(
        chain.build().unwrap_err().to_string(),
        "field: supply \"field\" of other species; allowed: a composition of all species of the \
         chain"
    );
}
