//! What stages warn of: listed once for each stage and kind, in the order of stages, wherever a
//! result goes; heard of where a run ends only.

use crate::support::between::light_gases;
use crate::support::through::{Through, through};
use gaschain::chain::{Builder, Chain};
use gaschain::limit::Limit;
use gaschain::measure::Measure;
use gaschain::quantity::Unit;
use gaschain::report::text;
use gaschain::scalar::Scalar;
use gaschain::stage::{
    Call, Market, Outlet, Setting, Spec, Stage, StageError, StageWarning, Supply,
};
use gaschain::{Report, Solved};

/// A fan whose law was measured up to 100 mol/s; it looks at the flow three times, and once at
/// something that is within its range.
#[derive(Debug)]
struct Fan(Through<1>);

/// The law at a share of the flow.
fn law(got: f64) -> StageWarning {
    StageWarning {
        correlation: "pressure by the fan's law",
        quantity: "flow",
        got,
        fitted: [0.0, 100.0],
        unit: Unit::MOL_PER_SECOND,
        source: "its maker",
    }
}

impl Stage for Fan {
    fn spec(&self) -> &Spec {
        &self.0.spec
    }
    fn linear(&self, _: Outlet, _: &Setting<'_>) -> bool {
        true
    }
    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let feed = call.stream(self.0.feed);
        let total = feed.iter().fold(S::zero(), |sum, &flow| sum + flow).value();
        for share in [0.5, 1.0, 0.8] {
            call.warn(|| law(total * share));
        }
        call.warn(|| StageWarning { quantity: "nothing", ..law(0.0) });
        if call.hears_warnings() {
            call.warn(|| StageWarning { correlation: "noise by the fan's law", ..law(total) });
        }
        call.send(self.0.to[0]).copy_from_slice(feed);
        Ok(())
    }
}

/// A field of 500 mol/s, two fans in series, a market that takes so much.
fn fans(demand: f64) -> Chain {
    let slate = light_gases();
    let supply = Supply::new(&slate).knowing("well", &[0.9, 0.0, 0.0, 0.1, 0.0, 0.0]).unwrap();
    let mut chain = Builder::new("fans", &slate);
    // declared against the flow, listed as declared
    chain.stage("second", Fan(through("fan", ["out"])));
    chain.stage("first", Fan(through("fan", ["out"])));
    chain.stage("field", supply).stage("city", Market::new("gas_sold"));
    chain.set("field.flow", "500 mol/s").set("field.composition", "well");
    chain.connect("field -> first").connect("first -> second").connect("second -> city");
    chain.leaving_as_product("city.gas_sold");
    let taken = ("city.gas", Measure::Moles(None));
    chain.limit(Limit::at_most("demand", taken, format!("{demand} mol/s").as_str()));
    chain.build().unwrap_or_else(|faults| panic!("{faults}"))
}

fn said(solved: &Solved) -> Vec<String> {
    solved.stage_warnings().map(|warned| warned.to_string()).collect()
}

#[test]
fn the_worst_of_each_stage_and_kind_is_listed_where_the_run_ends() {
    // with the inlet open there would be 500 mol/s; the run ends at 200
    let expected =
        ["second: pressure", "second: noise", "first: pressure", "first: noise"].map(|start| {
            format!(
                "{start} by the fan's law is outside its range: flow 200, good for 0 to 100 \
                 mol/s (its maker)"
            )
        });
    let solved = fans(200.0).case().solve().unwrap();
    let first = solved.stage_warnings().next().unwrap();
    assert_eq!((first.stage, first.warning), ("second", law(200.0)));
    assert_eq!(said(&solved), expected);
    // a result within the range says nothing, whatever was tried on the way
    assert!(said(&fans(99.0).case().solve().unwrap()).is_empty());
}

#[test]
fn a_case_that_runs_on_warns_of_its_last_run_only() {
    let mut case = fans(200.0).case();
    for (demand, count) in [("300 mol/s", 4), ("50 mol/s", 0), ("150 mol/s", 4)] {
        let solved = case.set("demand", demand).unwrap().solve().unwrap();
        assert_eq!(solved.stage_warnings().len(), count, "{demand}");
    }
}

#[test]
fn page_and_report_say_it_and_a_saved_report_says_it_again() {
    let solved = fans(200.0).case().solve().unwrap();
    let warnings = solved.warnings();
    assert_eq!(warnings, said(&solved));
    let page = text::scenario(&solved).replace("\n    ", " ");
    for warning in &warnings {
        assert!(page.contains(&format!("  ! {warning}")), "{page}");
    }
    let report = solved.report();
    assert_eq!(report.warnings, warnings);
    assert_eq!(Report::from_json(&report.to_json()).unwrap().warnings, warnings);
}

#[test]
fn sweeps_and_derivatives_go_on_without_it() {
    let chain = fans(200.0);
    let mut function = chain.function(["demand [mol/s]"], ["city.gas_sold.moles"]).unwrap();
    let mut moles = [0.0];
    for demand in [50.0, 200.0, 499.0] {
        function.call(&[demand], &mut moles).unwrap();
        assert!((moles[0] - demand).abs() < 1e-9 * demand);
    }
}
