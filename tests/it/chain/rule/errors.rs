//! What only running finds, with the exact message: a stage that does not close, equations without
//! meaning, a limit that no openings make hold.

use crate::support::between::{Leak, between, light_gases};
use crate::support::chains::of;
use crate::support::through::{Powered, Through, powered, through};
use gaschain::ErrorKind;
use gaschain::chain::Builder;
use gaschain::limit::{Limit, Load};
use gaschain::scalar::Scalar;
use gaschain::stage::{Call, Outlet, Separate, Setting, Spec, Stage, StageError, Supply};
use gaschain::sweep::Results;

#[test]
fn a_stage_that_loses_a_little_helium_does_not_close() {
    let chain = between(Leak::default()).build().unwrap();
    let error = chain.case().solve().unwrap_err();
    // 1 bcm/yr at 20 degC and 101.325 kPa, a tenth of it helium
    let helium = 0.1 * 1e9 / (365.0 * 86_400.0) / (8.314_462_618 * 293.15 / 101_325.0);
    assert_eq!(error.kind(), ErrorKind::NotClosed);
    // the message carries the numbers, with all their digits
    let message = error.to_string();
    let numbers = message.split([' ', '(']).filter_map(|word| word.parse().ok());
    let [inflow, outflow, ..] = numbers.collect::<Vec<f64>>()[..] else { panic!("{message}") };
    assert!((inflow / helium - 1.0).abs() < 1e-14);
    assert!((outflow / helium - 1.0 + 1e-8).abs() < 1e-14);
    assert_eq!(
        message,
        format!(
            "plant does not close in helium: {inflow} mol/s in, {outflow} mol/s out (residual 1.000e-8; allowed: 1e-9 of the throughput)"
        )
    );
}

/// Passes all on, with a trace of butene that nothing brought.
#[derive(Debug)]
struct Trace(Through<1>, f64);

impl Stage for Trace {
    fn spec(&self) -> &Spec {
        &self.0.spec
    }
    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let feed = call.stream(self.0.feed);
        call.send(self.0.to[0]).copy_from_slice(feed);
        let butene = call.species() - 1;
        call.send(self.0.to[0])[butene] += S::from_f64(self.1);
        Ok(())
    }
}

#[test]
fn what_rounding_leaves_of_other_species_is_nothing() {
    // 1 bcm/yr is 1,318 mol/s, of which 1e-15 counts as nothing
    for (trace, flow, closes) in [
        (1e-302, "1 bcm/yr", true),
        (1e-310, "0 bcm/yr", true),
        (1e-22, "1 bcm/yr", true),
        (1e-20, "1 bcm/yr", false),
        // a chain at a millionth of the size gives the same answer
        (1e-28, "1e-6 bcm/yr", true),
        (1e-26, "1e-6 bcm/yr", false),
    ] {
        let mut chain = between(Trace(through("trace", ["out"]), trace));
        chain.set("field.flow", flow).set("field.composition", of(&[("methane", 1.0)]));
        let chain = chain.build().unwrap();
        assert_eq!(chain.case().solve().is_ok(), closes, "{trace} beside {flow}");
        let own = chain.case().get("field.flow").unwrap().unwrap();
        let mut function = chain.function(["field.flow"], ["plant.out.mass"]).unwrap();
        let mut results = Results::default();
        function.columns(&[own], &mut results).unwrap();
        assert_eq!(results.failures.is_empty(), closes, "{trace} beside {flow} in a sweep");
    }
}

/// Needs a megawatt whether anything flows or not.
#[derive(Debug)]
struct Hungry(Powered);

impl Stage for Hungry {
    fn spec(&self) -> &Spec {
        &self.0.ports.spec
    }
    fn linear(&self, _: Outlet, _: &Setting<'_>) -> bool {
        true
    }
    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let (feed, idle) = (call.stream(self.0.ports.feed), call.number(self.0.at_no_flow));
        call.send(self.0.ports.to[0]).copy_from_slice(feed);
        call.state(self.0.power, idle);
        Ok(())
    }
}

#[test]
fn a_limit_that_no_openings_make_hold() {
    let mut builder = between(Hungry(powered("hungry")));
    builder.limit(Limit::at_most("grid", Load::stated("plant.power"), "0.4 MW"));
    let chain = builder.build().unwrap();
    let error = chain.case().solve().unwrap_err();
    assert_eq!(
        error.to_string(),
        "no openings of the inlets are allowed: grid (1 MW, at most 0.4 MW) cannot hold"
    );
    assert_eq!(error.kind(), ErrorKind::NoState);
    // unknown is not broken
    let mut case = chain.case();
    case.set("grid", "unknown").unwrap();
    assert!(case.solve().is_ok());
}

#[test]
fn equations_without_meaning_name_stage_and_number() {
    let slate = light_gases();
    let split = Separate::new("gas")
        .recovering(&slate, "first", &["helium"], "helium")
        .unwrap()
        .recovering(&slate, "second", &["helium"], "helium")
        .unwrap();
    let mut builder = Builder::new("two cuts", &slate);
    builder
        .stage(
            "field",
            Supply::new(&slate).knowing("well", &[0.9, 0.0, 0.0, 0.1, 0.0, 0.0]).unwrap(),
        )
        .stage("plant", split)
        .set("field.flow", "1 bcm/yr")
        .set("field.composition", "well")
        .set("plant.first", "60 %")
        .set("plant.second", "70 %")
        .connect("field -> plant")
        .leaving_as_product("plant.gas")
        .leaving_as_product("plant.helium");
    let chain = builder.build().unwrap();
    assert_eq!(
        chain.case().solve().unwrap_err().to_string(),
        "plant: sum of the recoveries of a species is 1.3; allowed: at most 1"
    );
}
