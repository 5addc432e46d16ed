//! The front door: a case is set, run and read, and everything that goes wrong says why.

use crate::support::chains::{Parts, at_most, build, slate};
use crate::support::solved::bits;
use gaschain::amur;
use gaschain::chain::{Builder, Folder};
use gaschain::evidence::Evidence;
use gaschain::fault::FaultKind;
use gaschain::limit::Limit;
use gaschain::measure::Measure;
use gaschain::scenario::Scenario;
use gaschain::sweep::Results;
use gaschain::{Case, Chain, Error, ErrorKind, Function, Output, Report, Solved};
use std::path::Path;

#[test]
fn what_a_program_passes_around_can_go_anywhere() {
    fn goes<T: Clone + Send + 'static>() {}
    fn is_shared<T: Sync>() {}
    goes::<Chain>();
    goes::<Case>();
    goes::<Function>();
    goes::<Solved>();
    goes::<Report>();
    goes::<Output>();
    goes::<Error>();
    goes::<ErrorKind>();
    is_shared::<Chain>();
    is_shared::<Solved>();
    is_shared::<Report>();
    is_shared::<Output>();
    is_shared::<Error>();
    is_shared::<ErrorKind>();
}

#[test]
fn a_result_outlives_its_case_and_what_it_was_read_from() {
    let solved = {
        let chain = build(field_and_market("kept"));
        chain.case().set("field.flow", "4 mol/s").unwrap().solve().unwrap()
    };
    assert!((solved.value("city.gas.moles").unwrap() - 4.0).abs() < 1e-12);
    assert_eq!(solved.chain().name(), "kept");
}

#[test]
fn a_case_is_set_and_reset() {
    let chain = amur::chain();
    let mut case = chain.case();
    let own = bits(&case.solve().unwrap());
    let four = bits(&case.set("gpp.trains", 4.0).unwrap().solve().unwrap());
    assert_ne!(own, four);
    assert_eq!(four, bits(&case.clone().solve().unwrap()));
    assert_eq!(own, bits(&case.reset().solve().unwrap()));
    let scenario = Scenario::new("fewer", "amur").setting("gpp.trains", 4.0);
    assert_eq!(four, bits(&case.apply(&scenario).unwrap().solve().unwrap()));
}

#[test]
fn of_several_values_all_are_set_or_none() {
    let mut case = amur::chain().case();
    let own = bits(&case.solve().unwrap());
    let error = case
        .set_all([("gpp.trains", "4"), ("gpp.trians", "4"), ("heihe.demand", "4 kg/s")])
        .unwrap_err();
    let at = |index: usize| error.faults()[index].place.address.as_deref();
    assert_eq!((error.faults().len(), at(0), at(1)), (2, Some("gpp.trians"), Some("heihe.demand")));
    assert!(error.is_bad_input());
    assert_eq!(own, bits(&case.solve().unwrap()));
    let scenario = Scenario::new("half", "amur").setting("gpp.trains", 4.0).setting("gpp.x", 1.0);
    assert_eq!(case.apply(&scenario).unwrap_err().faults().len(), 1);
    assert_eq!(own, bits(&case.solve().unwrap()));
}

#[test]
fn a_number_of_a_unit_is_that_of_the_text() {
    let mut case = amur::chain().case();
    let text = bits(&case.set("heihe.demand", "31.5 million m3/d").unwrap().solve().unwrap());
    let number = case.reset().set_in("heihe.demand", 31.5, "million m3/d").unwrap().solve();
    assert_eq!(text, bits(&number.unwrap()));
    let error = case.set_in("heihe.demand", 1.0, "bcm/year").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadInput);
    assert_eq!(error.faults()[0].place.address.as_deref(), Some("heihe.demand"));
    assert!(matches!(&error.faults()[0].kind, FaultKind::UnknownName { nearest, .. }
        if nearest.contains(&"bcm/yr".to_owned())));
    let error = case.set_in("heihe.demand", f64::NAN, "bcm/yr").unwrap_err();
    assert!(error.is_bad_input());
}

#[test]
fn trains_in_service_may_be_a_mean_over_the_year() {
    let chain = amur::chain();
    let mut case = chain.case();
    let mean = case.set("gpp.trains", 5.33).unwrap().solve().unwrap();
    assert!((mean.value("gpp.feed.capacity").unwrap() - 5.33 * 7.0).abs() < 1e-12);
    // casings in series, or the pieces of a calculation, may not
    for whole in ["gpp.recompression.casings", "trunk_line.segments"] {
        let error = case.set(whole, 1.5).unwrap_err().to_string();
        assert!(error.ends_with("\"1.5\" cannot be read; allowed: a whole number"), "{error}");
    }

    // as an axis, in a sweep, what a case gives
    let mut function = chain.function(["gpp.trains"], ["heihe.sales_gas.volume"]).unwrap();
    let mut results = Results::default();
    function.columns(&[4.25, 5.33], &mut results).unwrap();
    let fewer = case.set("gpp.trains", 4.25).unwrap().solve().unwrap();
    for (solved, got) in [&fewer, &mean].into_iter().zip(results.column(0)) {
        let expected = solved.value("heihe.sales_gas.volume").unwrap();
        assert!((got - expected).abs() <= 1e-12 * expected);
    }
}

#[test]
fn results_are_read_in_any_unit_that_measures_the_same() {
    let chain = amur::chain();
    let solved = chain.case().solve().unwrap();
    let year = solved.value("heihe.sales_gas.volume").unwrap();
    let day = solved.value("heihe.sales_gas.volume [million m3/d]").unwrap();
    assert!((day * 365.0 / 1e3 - year).abs() < 1e-12 * year);
    let same = solved.value_in("heihe.sales_gas.volume", "million m3/d").unwrap();
    assert_eq!(day.to_bits(), same.to_bits());
    // the same gas takes less room when it is colder
    let cold = solved.value("heihe.sales_gas.volume [bcm/yr @ 0 degC]").unwrap();
    assert!((cold / year - 273.15 / 293.15).abs() < 1e-12);
    for address in ["gpp.feed.margin", "kovykta.accepted", "gpp.recompression.power"] {
        let output = chain.output(address).unwrap();
        let unit = output.unit().unwrap();
        assert_eq!(solved.get(address).unwrap(), solved.at(&output).unwrap());
        assert_eq!(solved.get(&format!("{address} [{unit}]")), solved.get(address));
    }
    // what a cubic metre burns to at one temperature does not follow from another by the ideal gas
    let wobbe = "heihe.sales_gas.gross_wobbe@15 [MJ/m3 @ 0 degC]";
    let (kilograms, cubits) = ("heihe.sales_gas.volume [kg/s]", "heihe.sales_gas.volume [cubits]");
    for wrong in [kilograms, cubits, wobbe] {
        assert!(solved.get(wrong).unwrap_err().is_bad_input(), "{wrong}");
        assert!(chain.output(wrong).unwrap_err().is_bad_input(), "{wrong}");
    }
    let mut real = field_and_market("real");
    let wobbe = Measure::parse("gross_wobbe@15", &slate(&["methane", "ethane"])).unwrap();
    real.limit(Limit::at_least("quality", ("city", wobbe), "40 MJ/m3 @ 15 degC"));
    let real = build(real).case().solve().unwrap();
    let (load, thousands) =
        (real.value("quality.load"), real.value("quality.load [kJ/m3 @ 15 degC]"));
    assert!((load.unwrap() * 1e3 - thousands.unwrap()).abs() < 1e-6);
    assert!(real.get("quality.load [MJ/m3 @ 0 degC]").unwrap_err().is_bad_input());
    assert!(chain.output("kovykta.stopped_by [bcm/yr]").unwrap_err().is_bad_input());
    assert!(solved.get("kovykta.stopped_by").unwrap_err().is_bad_input());
}

#[test]
fn a_sweep_gives_numbers_in_the_unit_that_was_asked_for() {
    let chain = amur::chain();
    let outputs = ["heihe.sales_gas.volume", "trunk_line.capacity.margin", "gpp.feed.load"];
    let asked: Vec<String> = (outputs.iter().map(ToString::to_string))
        .chain(outputs.iter().map(|output| format!("{output} [million m3/d]")))
        .collect();
    let mut function = chain.function(["heihe.demand"], &asked).unwrap();
    let mut case = chain.case();
    let demands = [30.0, 36.0];
    let mut results = Results::default();
    function.columns(&demands, &mut results).unwrap();
    assert!(results.failures.is_empty() && results.rerun == 0);
    for index in 0..outputs.len() {
        assert_eq!(function.outputs()[index + 3].address(), outputs[index]);
        for (lane, &demand) in demands.iter().enumerate() {
            let (year, day) = (results.column(index)[lane], results.column(index + 3)[lane]);
            let solved = case.set_in("heihe.demand", demand, "bcm/yr").unwrap().solve().unwrap();
            match solved.get(&asked[index + 3]).unwrap() {
                None => assert!(year.is_nan() && day.is_nan()),
                Some(expected) => {
                    assert!((day - expected).abs() <= 1e-12 * expected.abs());
                    assert!((day * 365.0 / 1e3 - year).abs() <= 1e-12 * year.abs());
                }
            }
        }
    }
}

#[test]
fn names_that_do_not_exist_are_answered_by_the_nearest() {
    let solved = amur::chain().case().solve().unwrap();
    let nearest = |error: Error| match &error.faults()[0].kind {
        FaultKind::UnknownName { what, nearest, .. } => (*what, nearest[0].clone()),
        other => panic!("{other}"),
    };
    let expected = |what, name: &str| (what, name.to_owned());
    assert_eq!(nearest(solved.inlet("kovikta").unwrap_err()), expected("inlet", "kovykta"));
    assert_eq!(nearest(solved.limit("gpp.fed").unwrap_err()), expected("limit", "gpp.feed"));
    let port = nearest(solved.stream("heihe.sale_gas").map(|_| ()).unwrap_err());
    assert_eq!(port, expected("port", "heihe.sales_gas"));
    assert_eq!(nearest(solved.product("helum").unwrap_err()), expected("product", "helium"));
    let result = nearest(solved.value("heihe.sale_gas.volume").unwrap_err());
    assert_eq!(result, expected("result", "heihe.sales_gas.volume"));
}

#[test]
fn outputs_know_their_chain() {
    let (one, other) = (build(field_and_market("one")), amur::chain());
    let solved = one.case().solve().unwrap();
    let of_other = other.output("heihe.sales_gas.volume").unwrap();
    let error = solved.at(&of_other).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OtherChain);
    assert!(error.to_string().contains("\"amur\"") && error.to_string().contains("\"one\""));
    // the same chain built again has the same addresses
    let again = build(field_and_market("again"));
    let moles = again.output("city.gas.moles").unwrap();
    assert_eq!(solved.at(&moles).unwrap(), Some(5.0));
}

#[test]
fn a_folder_read_twice_is_one_chain() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/amur");
    let read = Folder::open(&folder).unwrap().chain().unwrap();
    let one = amur::chain().case().set("gpp.trains", 4.0).unwrap().solve().unwrap();
    let other = read.case().set("gpp.trains", 4.0).unwrap().solve().unwrap();
    assert_eq!(bits(&one), bits(&other));
    let sales = read.output("heihe.sales_gas.volume").unwrap();
    assert_eq!(one.at(&sales), other.at(&sales));
    // the shipped chain is what its folder holds, and known by the same hash
    assert_eq!(one.report(), other.report());
}

#[test]
fn an_error_reads_the_same_for_people_wherever_it_is_printed() {
    let mut case = amur::chain().case();
    let error = case.set_all([("gpp.trians", 4.0), ("gpp.trains", -1.0)]).unwrap_err();
    assert_eq!(format!("{error:?}"), error.to_string());
    assert_eq!(error.to_string().lines().count(), error.faults().len());
    assert!(format!("{error:#?}").contains("UnknownName"));
    assert!(std::error::Error::source(&error).is_some());

    // less than the market has to have
    let mut chain = field_and_market("torn");
    let floor = Limit::at_least("floor", ("city", Measure::Moles(None)), "7 mol/s");
    chain.limit(floor.throttling(["field"]));
    let error = build(chain).case().solve().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoState);
    assert!(error.faults().is_empty() && !error.is_bad_input());
    let limits: Vec<&str> = error.cannot_hold().iter().map(|held| held.limit.as_str()).collect();
    assert_eq!(limits, ["floor"]);
    assert!(error.to_string().contains("floor"));
}

/// A field of 5 mol/s and a market that takes 6.
fn field_and_market(name: &str) -> Builder {
    let slate = slate(&["methane", "ethane"]);
    let mut chain = Builder::new(name, &slate);
    chain
        .field(&slate, "field", 5.0, &[("methane", 0.9), ("ethane", 0.1)])
        .market("city")
        .joined(&["field -> city"])
        .limit(at_most("demand", "city", 6.0));
    chain
}

#[test]
fn a_capacity_that_is_made_of_factors_can_be_set_as_a_whole() {
    let chain = amur::chain();
    let mut case = chain.case();
    let made = case.solve().unwrap();
    let limit = made.limit("gpp.feed").unwrap();
    let factors: Vec<&str> = limit.factors.iter().map(|factor| factor.parameter).collect();
    assert_eq!(factors, ["gpp.trains", "gpp.train_size", "gpp.availability"]);
    let product: f64 =
        limit.factors.iter().map(|factor| factor.unit.to_si(factor.value.unwrap())).product();
    assert!((limit.unit.from_si(product) - limit.capacity.unwrap()).abs() < 1e-12 * 42.0);

    let whole = case.set("gpp.feed", "44 bcm/yr").unwrap().solve().unwrap();
    let limit = whole.limit("gpp.feed").unwrap();
    assert!((limit.capacity.unwrap() - 44.0).abs() < 1e-12);
    assert_eq!(limit.factors.len(), 1);
    assert_eq!(limit.factors[0].parameter, "gpp.feed");
    assert_eq!(limit.provenance.evidence, Evidence::Scenario);
    // its factors do nothing while it is, and count again when it is not
    let fewer = case.set("gpp.trains", 1.0).unwrap().solve().unwrap();
    let sales = |solved: &Solved| solved.value("heihe.sales_gas.volume").unwrap().to_bits();
    assert_eq!(sales(&whole), sales(&fewer));
    case.set_all([("gpp.feed", "by its factors"), ("gpp.trains", "6")]).unwrap();
    assert!(bits(&made) == bits(&case.solve().unwrap()));

    // a limit that stops is not removed by calling it unknown
    let error = case.set("gpp.feed", "unknown").unwrap_err();
    assert!(error.is_bad_input());

    // an axis of it, beside one of a factor
    let outputs = ["gpp.feed.capacity", "heihe.sales_gas.volume"];
    let mut function = case.function(["gpp.feed", "gpp.trains"], outputs).unwrap();
    let mut results = Results::default();
    function.columns(&[30.0, 30.0, 4.0, 6.0], &mut results).unwrap();
    let thirty = case.set("gpp.feed", "30 bcm/yr").unwrap().solve().unwrap();
    for (output, address) in outputs.iter().enumerate() {
        let expected = thirty.value(address).unwrap();
        for got in results.column(output) {
            assert!((got - expected).abs() <= 1e-12 * expected, "{address}: {got}");
        }
    }
}
