//! The tightest limit stops, at its capacity and not within its tolerance of it; what is
//! said of limits that stop nothing.

use crate::chain::rule::chains::{
    ETHANE_AND_PROPANE, METHANE, cracker, field_and_plant, fields, gases, plant,
};
use crate::support::chains::{Parts, at_most, at_most_of, build, chain_of, mol};
use crate::support::compare::same;
use crate::support::solved::{first_stop, flow, inlet, solve, solve_with};
use gaschain::limit::Limit;
use gaschain::measure::Measure;
use gaschain::param::Parameter;
use gaschain::quantity::Unit;
use gaschain::solved::FULLY_DRAWN;
use gaschain::stage::Split;

#[test]
fn the_tightest_of_several_limits_stops() {
    let mut chain = fields(&[("a", 50.0), ("b", 50.0)]);
    chain
        .limit(at_most("deliver", "city", 38.0))
        .limit(at_most("process", "hub.out", 42.0))
        .limit(at_most("a.potential", "a.gas", 30.0));
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "a", 30.0, &["a.potential"]);
    inlet(&solved, "b", 8.0, &["deliver"]);
    let solved = solve_with(&chain, &[("process", mol(35.0).into())]);
    inlet(&solved, "b", 5.0, &["process"]);
    assert!(!solved.limits().any(|limit| limit.broken));
}

#[test]
fn a_tie_names_both_by_declaration() {
    for (first, second) in [("one", "two"), ("two", "one")] {
        let mut chain = fields(&[("a", 30.0), ("b", 30.0)]);
        chain.limit(at_most(first, "city", 40.0)).limit(at_most(second, "hub.out", 40.0));
        let chain = build(chain);
        let solved = solve(&chain);
        inlet(&solved, "a", 30.0, &[]);
        // relieving either alone would let in nothing more
        inlet(&solved, "b", 10.0, &[first, second]);
        for limit in [first, second] {
            assert_eq!(solved.limit(limit).unwrap().stops, ["b"]);
            let wider = solve_with(&chain, &[(limit, mol(45.0).into())]);
            let other = if limit == first { second } else { first };
            inlet(&wider, "b", 10.0, &[other]);
        }
        // where a plant that may send gas round bends the loads, too
        let mut chain = field_and_plant(100.0, plant(60.0));
        chain
            .blend("flare", &["gas"])
            .connect("plant.feed.surplus -> flare")
            .leaving_as_loss("flare.out")
            .limit(at_most(first, "plant.out", 40.0))
            .limit(at_most(second, "city", 40.0));
        let chain = build(chain);
        inlet(&solve(&chain), "field", 40.0, &[first, second]);
    }
}

#[test]
fn a_limit_reached_exactly_does_not_stop() {
    let mut chain = fields(&[("a", 10.0), ("b", 30.0)]);
    chain.limit(at_most("demand", "city", 40.0));
    let chain = build(chain);
    let stops_at = |demand: f64| {
        let solved = solve_with(&chain, &[("demand", mol(demand).into())]);
        let stopped = first_stop(&solved, "b");
        (stopped, solved.limit("demand").unwrap().broken)
    };
    assert_eq!(stops_at(40.0), (FULLY_DRAWN.to_owned(), false));
    assert_eq!(stops_at(40.0 * (1.0 - 0.9e-12)), (FULLY_DRAWN.to_owned(), false));
    assert_eq!(stops_at(40.0 * (1.0 - 1.2e-12)), ("demand".to_owned(), false));
}

#[test]
fn a_limit_reached_exactly_does_not_stop_by_the_walk() {
    let mut chain = field_and_plant(40.0, plant(60.0));
    chain
        .blend("flare", &["gas"])
        .connect("plant.feed.surplus -> flare")
        .leaving_as_loss("flare.out")
        .limit(at_most("demand", "plant.out", 40.0));
    let chain = build(chain);
    let stopped = |demand: f64| {
        let solved = solve_with(&chain, &[("demand", mol(demand).into())]);
        first_stop(&solved, "field")
    };
    assert_eq!(stopped(40.0), FULLY_DRAWN);
    assert_eq!(stopped(40.0 * (1.0 - 0.9e-12)), FULLY_DRAWN);
    assert_eq!(stopped(40.0 * (1.0 - 1.2e-12)), "demand");
}

#[test]
fn at_least_limits_are_reported_and_do_not_stop() {
    let mut chain = fields(&[("a", 10.0)]);
    chain
        .limit(Limit::at_least("turndown", ("city", Measure::Moles(None)), mol(12.0)))
        .limit(Limit::at_least("easy", ("city", Measure::Moles(None)), mol(4.0)));
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "a", 10.0, &[]);
    let turndown = solved.limit("turndown").unwrap();
    assert!(turndown.broken && turndown.stops.is_empty());
    same(turndown.margin.unwrap(), -2.0);
    let easy = solved.limit("easy").unwrap();
    assert!(!easy.broken);
    same(easy.margin.unwrap(), 6.0);
    same(easy.utilisation.unwrap(), 0.4);
    assert_eq!(solved.warnings(), ["turndown is broken: 10 mol/s, at least 12 mol/s"]);
}

#[test]
fn two_inlets_share_one_limit() {
    let slate = gases();
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "a", 10.0, &[("methane", 0.5), ("ethane", 0.5)])
        .field(&slate, "b", 10.0, &[("methane", 0.2), ("ethane", 0.8)])
        .blend("hub", &["a", "b"])
        .market("city")
        .joined(&["a -> hub.a", "b -> hub.b", "hub -> city"])
        .limit(at_most_of("ethane", "city", "ethane", 9.0));
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "a", 10.0, &[]);
    inlet(&solved, "b", 5.0, &["ethane"]);
    let solved = solve_with(&chain, &[("ethane", mol(4.0).into())]);
    inlet(&solved, "a", 8.0, &["ethane"]);
    inlet(&solved, "b", 0.0, &["ethane"]);
    assert_eq!(solved.limit("ethane").unwrap().stops, ["a", "b"]);
}

#[test]
fn what_is_split_off_and_limited_stops_by_its_share() {
    let slate = gases();
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "field", 100.0, METHANE)
        .stage("tee", Split::new(["side"], "main"))
        .set("tee.side", 0.2)
        .market("city")
        .market("town")
        .joined(&["field -> tee", "tee.main -> city", "tee.side -> town"])
        .limit(at_most("town.demand", "town", 5.0))
        .limit(at_most("city.demand", "city", 60.0));
    let chain = build(chain);
    inlet(&solve(&chain), "field", 25.0, &["town.demand"]);
    let solved = solve_with(&chain, &[("tee.side", 0.05.into())]);
    inlet(&solved, "field", 60.0 / 0.95, &["city.demand"]);
}

#[test]
fn zero_capacity_lets_exactly_nothing_in() {
    let mut chain = fields(&[("a", 10.0), ("b", 10.0)]);
    chain.limit(at_most("closed", "a.gas", 0.0)).limit(at_most("demand", "city", 5.0));
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "a", 0.0, &["closed"]);
    assert_eq!(solved.accepted_fraction("a").unwrap().to_bits(), 0.0_f64.to_bits());
    assert_eq!(solved.inlet("a").unwrap().accepted.to_bits(), 0.0_f64.to_bits());
    inlet(&solved, "b", 5.0, &["demand"]);
    assert_eq!(solved.limit("closed").unwrap().utilisation, None);
    same(solved.limit("closed").unwrap().margin.unwrap(), 0.0);
    let nothing = [("demand", mol(0.0).into()), ("closed", "unknown".into())];
    let solved = solve_with(&chain, &nothing);
    for name in ["a", "b"] {
        inlet(&solved, name, 0.0, &["demand"]);
        assert_eq!(solved.accepted_fraction(name).unwrap().to_bits(), 0.0_f64.to_bits());
        assert_eq!(solved.inlet(name).unwrap().accepted.to_bits(), 0.0_f64.to_bits());
    }
}

#[test]
fn zero_capacity_lets_exactly_nothing_in_by_the_walk() {
    let mut chain = field_and_plant(100.0, plant(60.0));
    chain
        .blend("flare", &["gas"])
        .connect("plant.feed.surplus -> flare")
        .leaving_as_loss("flare.out")
        .limit(at_most("demand", "plant.out", 0.0));
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "field", 0.0, &["demand"]);
    assert_eq!(solved.inlet("field").unwrap().accepted.to_bits(), 0.0_f64.to_bits());
    // and the plant's own: everything goes round it
    let set = [("demand", "unknown".into()), ("plant.size", mol(0.0).into())];
    let solved = solve_with(&chain, &set);
    inlet(&solved, "field", 100.0, &[]);
    inlet(&solved, "plant.feed", 0.0, &["plant.size"]);
    same(flow(&solved, "flare.out"), 100.0);
}

#[test]
fn an_unknown_capacity_never_stops_and_is_never_used_to_any_share() {
    let mut chain = fields(&[("a", 10.0)]);
    chain.limit(Limit::at_most("demand", ("city", Measure::Moles(None)), "unknown"));
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "a", 10.0, &[]);
    let demand = solved.limit("demand").unwrap();
    same(demand.load.unwrap(), 10.0);
    assert_eq!((demand.capacity, demand.utilisation, demand.margin), (None, None, None));
    assert!(!demand.broken);
    // an unknown factor makes an unknown capacity
    let mut chain = fields(&[("a", 10.0)]);
    let trains = Parameter::number("trains", "trains", Unit::parse("units").unwrap(), 0.0, 9.0);
    let demand = Limit::at_most("demand", ("city", Measure::Moles(None)), "unknown");
    chain.parameter(trains, 2.0).limit(demand.times(["trains"]));
    let chain = build(chain);
    assert_eq!(solve(&chain).limit("demand").unwrap().capacity, None);
    let solved = solve_with(&chain, &[("demand", mol(3.0).into())]);
    inlet(&solved, "a", 6.0, &["demand"]);
}

#[test]
fn an_inlet_that_cannot_open_at_all_is_stopped_at_zero() {
    let mut chain = fields(&[("a", 10.0), ("b", 10.0)]);
    chain.limit(at_most("demand", "city", 10.0));
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "a", 10.0, &[]);
    inlet(&solved, "b", 0.0, &["demand"]);
    same(solved.inlet("b").unwrap().shut_in, 10.0);
    // where the first inlet is itself stopped, too, whatever rounding leaves
    for capacity in [0.1, 0.3, 0.7, 3.3, 7.7, 9.9] {
        let solved = solve_with(&chain, &[("demand", mol(capacity).into())]);
        inlet(&solved, "a", capacity, &["demand"]);
        assert!(solved.accepted_fraction("b").unwrap() < 1e-15);
        assert_eq!(solved.inlet("b").unwrap().stopped_by, ["demand"]);
    }
}

#[test]
fn utilisation_and_signed_margins() {
    let mut chain = fields(&[("a", 30.0)]);
    chain
        .limit(at_most("roomy", "city", 40.0))
        .limit(at_most("broken", "city", 24.0).throttling([]))
        .limit(Limit::at_least("least", ("city", Measure::Moles(None)), mol(60.0)))
        .limit(
            Limit::at_most("mass", ("city", Measure::Mass(None)), "1 kg/s")
                .shown_in(Unit::KILOGRAM_PER_SECOND),
        );
    let chain = build(chain);
    let solved = solve(&chain);
    let get = |address: &str| solved.get(address).unwrap().unwrap();
    same(get("roomy.utilisation"), 0.75);
    same(get("roomy.margin"), 10.0);
    same(get("broken.utilisation"), 1.25);
    same(get("broken.margin"), -6.0);
    same(get("least.utilisation"), 2.0);
    same(get("least.margin"), -30.0);
    same(get("mass.load"), 30.0 * 0.016_042_46);
    same(get("mass.margin"), 1.0 - 30.0 * 0.016_042_46);
    same(get("a.accepted"), 30.0);
    assert_eq!(
        solved.limits().map(|limit| limit.broken).collect::<Vec<_>>(),
        [false, true, true, false]
    );
}

#[test]
fn the_result_names_what_stopped_every_inlet() {
    let mut chain = cracker(
        &[("rich", 100.0, ETHANE_AND_PROPANE), ("lean", 100.0, METHANE), ("last", 10.0, METHANE)],
        40.0,
    );
    chain.limit(at_most_of("methane", "city", "methane", 60.0)).limit(at_most(
        "rich.potential",
        "rich.gas",
        70.0,
    ));
    let chain = build(chain);
    let solved = solve(&chain);
    let stops: Vec<(&str, String)> =
        solved.inlets().map(|inlet| (inlet.inlet, inlet.stopped_by.to_string())).collect();
    assert_eq!(
        stops,
        [
            ("rich", "rich.potential".into()),
            ("lean", "methane".into()),
            ("last", "methane".into()),
            ("furnaces.ethane", FULLY_DRAWN.into()),
            ("furnaces.propane", "furnaces.coils.size".into()),
        ]
    );
}
