//! A chain as a function: what a case gives, in the units asked for, and every fault at once.

use crate::support::between::{Leak, between};
use crate::support::chains::{Parts, at_most, build, chain_of, slate};
use gaschain::sweep::{Results, Slopes};
use gaschain::{ErrorKind, amur};

#[test]
fn a_point_is_what_a_case_gives() {
    let chain = amur::chain();
    let inputs = ["kovykta.flow [million m3/d]", "gpp.ngl.ethane"];
    let outputs = ["heihe.sales_gas.volume", "gcc.polyethylene.mass [kt/yr]"];
    let mut case = chain.case();
    case.set("bypass.open", true).unwrap();
    let mut function = case.function(inputs, outputs).unwrap();
    for (flow, recovery) in [(20.0, 90.0), (60.0, 97.5), (75.0, 0.0)] {
        let mut results = [0.0; 2];
        function.call(&[flow, recovery], &mut results).unwrap();
        case.set_in("kovykta.flow", flow, "million m3/d").unwrap();
        let solved = case.set_in("gpp.ngl.ethane", recovery, "%").unwrap().solve().unwrap();
        for (address, got) in outputs.iter().zip(results) {
            let expected = solved.value(address).unwrap();
            assert!((got - expected).abs() <= 1e-12 * expected, "{address}: {got}, {expected}");
        }
    }
}

#[test]
fn an_input_need_not_be_known_otherwise() {
    let chain = amur::chain();
    let mut function =
        chain.function(["trunk_line.capacity"], ["trunk_line.capacity.capacity"]).unwrap();
    let mut capacity = [0.0];
    function.call(&[30.0], &mut capacity).unwrap();
    assert!((capacity[0] - 30.0).abs() < 1e-9);
}

#[test]
fn columns_are_the_points_one_after_another_and_slopes_are_in_both_units() {
    let chain = amur::chain();
    let mut function = chain.function(["heihe.demand"], ["kovykta.accepted"]).unwrap();
    let demands = [30.0, 34.0, 38.0];
    let (mut results, mut slopes) = (Results::default(), Slopes::default());
    function.columns(&demands, &mut results).unwrap();
    function.gradient(0, &demands, &mut slopes).unwrap();
    let mut daily = chain
        .function(["heihe.demand [million m3/d]"], ["kovykta.accepted [million m3/yr]"])
        .unwrap();
    let mut of_daily = Slopes::default();
    daily.gradient(0, &demands.map(|demand| demand * 1e3 / 365.0), &mut of_daily).unwrap();
    let mut again = function.clone();
    for (point, demand) in demands.into_iter().enumerate() {
        let mut one = [0.0];
        again.call(&[demand], &mut one).unwrap();
        assert_eq!(one[0].to_bits(), results.column(0)[point].to_bits());
        assert_eq!(one[0].to_bits(), slopes.values[point].to_bits());
        let (slope, day) = (slopes.of(0)[point], of_daily.of(0)[point]);
        // million m3 a year for each million m3 a day
        assert!((day - 365.0 * slope).abs() <= 1e-9 * day.abs(), "{day} and {slope}");
    }
}

#[test]
fn all_that_is_wrong_with_its_addresses_is_said_at_once() {
    let inputs = ["gpp.trians", "gpp.trains", "gpp.trains [units]", "heihe.demand [km]"];
    let outputs = ["heihe.sale_gas.volume", "heihe.sales_gas.volume [kg/s]"];
    let error = amur::chain().function(inputs, outputs).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadInput);
    let places: Vec<&str> =
        error.faults().iter().filter_map(|fault| fault.place.address.as_deref()).collect();
    assert_eq!(
        places,
        [
            "gpp.trians",
            "gpp.trains [units]",
            "heihe.demand [km]",
            "heihe.sale_gas.volume",
            "heihe.sales_gas.volume [kg/s]"
        ]
    );
}

#[test]
fn a_point_that_cannot_be_has_the_error_of_its_case() {
    let slate = slate(&["methane"]);
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "field", 5.0, &[("methane", 1.0)])
        .market("city")
        .joined(&["field -> city"])
        .limit(at_most("demand", "city", 6.0));
    let mut function = build(chain).function(["field.flow [mol/s]"], ["city.sold.moles"]).unwrap();
    let mut results = [0.0];
    let error = function.call(&[-1.0], &mut results).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadInput);
    assert_eq!(error.faults()[0].place.address.as_deref(), Some("field.flow"));
    for (inputs, outputs) in [(&[1.0, 2.0][..], 1), (&[1.0][..], 2), (&[][..], 1)] {
        let error = function.call(inputs, &mut vec![0.0; outputs]).unwrap_err();
        assert!(error.is_bad_input(), "{error}");
    }

    let mut function = between(Leak::default())
        .build()
        .unwrap()
        .function(["field.flow"], ["plant.out.moles"])
        .unwrap();
    let error = function.call(&[1.0], &mut results).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotClosed);
}

#[test]
fn whole_numbers_are_whole_in_a_function_too() {
    let chain = amur::chain();
    let mut function =
        chain.function(["gpp.recompression.casings"], ["gpp.helium.volume"]).unwrap();
    let mut results = [0.0];
    function.call(&[3.0], &mut results).unwrap();
    let error = function.call(&[2.5], &mut results).unwrap_err().to_string();
    assert!(error.contains("\"2.5 units\" cannot be read; allowed: a whole number"), "{error}");
}

#[test]
fn one_input_may_be_of_several_parameters() {
    let chain = amur::chain();
    let [one, other] = ["kovykta_line.own_needs", "trunk_line.own_needs"];
    let sales = ["heihe.sales_gas.volume"];
    let mut case = chain.case();
    case.set("kovykta.flow", "6 bcm/yr").unwrap();
    let tied = format!("{one} = {other} [%/1000 km]");
    let mut tied = case.function([tied.as_str(), "kovykta.flow"], sales).unwrap();
    let mut apart = case.function([one, "kovykta.flow", other], sales).unwrap();
    assert_eq!(tied.inputs().next().unwrap().0, format!("{one} = {other}"));
    let (mut of_tied, mut of_apart) = (Slopes::default(), Slopes::default());
    tied.gradient(0, &[1.0, 2.0, 6.0, 7.0], &mut of_tied).unwrap();
    apart.gradient(0, &[1.0, 2.0, 6.0, 7.0, 1.0, 2.0], &mut of_apart).unwrap();
    assert_eq!(of_tied.values, of_apart.values);
    assert_eq!(of_tied.of(1), of_apart.of(1));
    assert_eq!(of_tied.slopes.len(), 4);
    for point in 0..2 {
        // the chain rule
        let sum = of_apart.of(0)[point] + of_apart.of(2)[point];
        assert_eq!(of_tied.of(0)[point].to_bits(), sum.to_bits());
        // and what a small step of both does
        let (mut before, mut after) = ([0.0], [0.0]);
        let [share, flow] = [[1.0, 6.0], [2.0, 7.0]][point];
        tied.call(&[share - 1e-5, flow], &mut before).unwrap();
        tied.call(&[share + 1e-5, flow], &mut after).unwrap();
        let slope = (after[0] - before[0]) / 2e-5;
        assert!((slope - sum).abs() < 1e-6 * sum.abs(), "{slope} {sum}");
    }
    let said = |input: &str| chain.function([input], sales).unwrap_err().to_string();
    assert_eq!(
        said("trunk_line.own_needs = trunk_line.own_needs"),
        "trunk_line.own_needs = trunk_line.own_needs: duplicate input \"trunk_line.own_needs\""
    );
    assert_eq!(
        said("trunk_line.own_needs = kovykta.flow"),
        "trunk_line.own_needs = kovykta.flow: \"kovykta.flow\" is a molar or gas volume flow; \
         allowed: a fraction per length, as trunk_line.own_needs is"
    );
}
