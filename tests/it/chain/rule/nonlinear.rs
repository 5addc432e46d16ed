//! Loads that fall while an inlet opens, and loads that curve: the largest allowed opening counts,
//! whatever is broken on the way to it.

use crate::chain::rule::chains::{
    ETHANE_AND_PROPANE, METHANE, Shape, cracker, curved, furnaces, gases, gauged,
};
use crate::support::chains::{Parts, at_most, at_most_of, build, chain_of, mol};
use crate::support::compare::{agree, same};
use crate::support::solved::{flow, inlet, load, solve, solve_with};
use gaschain::chain::Builder;
use gaschain::param::Value;
use gaschain::stage::{Fuel, Separate};

#[test]
fn a_load_that_falls_while_an_inlet_opens_is_legitimate() {
    // propane is taken until the furnaces are full, and then displaced by ethane
    let mut chain = cracker(&[("field", 100.0, ETHANE_AND_PROPANE)], 40.0);
    chain.limit(at_most("propane_line", "furnaces.propane", 25.0));
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "field", 100.0, &[]);
    inlet(&solved, "furnaces.ethane", 40.0, &["furnaces.coils.size"]);
    inlet(&solved, "furnaces.propane", 0.0, &["furnaces.coils.size"]);
    assert!(solved.warnings().is_empty());
}

#[test]
fn a_load_above_its_capacity_on_the_way_does_not_stop() {
    // propane to the furnaces is min(x / 2, 40 - x / 2): above 10 from x = 20 to x = 60
    let mut chain = cracker(&[("field", 100.0, ETHANE_AND_PROPANE)], 40.0);
    chain
        .limit(at_most("propane_line", "furnaces.propane", 10.0))
        .limit(at_most("demand", "city", 100.0));
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "field", 100.0, &[]);
    assert!(solved.warnings().is_empty(), "{:?}", solved.warnings());
    // x - 40 goes to the city: with 30 of demand it opens to 70, past the gap
    let solved = solve_with(&chain, &[("demand", mol(30.0).into())]);
    inlet(&solved, "field", 70.0, &["demand"]);
    // with 15 it would open to 55, in the gap: below it, the propane line stops it
    let solved = solve_with(&chain, &[("demand", mol(15.0).into())]);
    inlet(&solved, "field", 20.0, &["propane_line"]);
    assert!(solved.warnings().is_empty(), "{:?}", solved.warnings());
}

#[test]
fn a_load_that_has_fallen_may_rise_again_and_stop_without_having_been_broken() {
    // the first field fills the furnaces half with propane; the second, all ethane, displaces it
    let mut chain =
        cracker(&[("rich", 40.0, ETHANE_AND_PROPANE), ("lean", 60.0, &[("ethane", 1.0)])], 40.0);
    chain.limit(at_most("propane_line", "furnaces.propane", 20.0)).limit(at_most_of(
        "ethane_in_gas",
        "city",
        "ethane",
        30.0,
    ));
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "rich", 40.0, &[]);
    // 20 displace propane, 30 more go into the gas
    inlet(&solved, "lean", 50.0, &["ethane_in_gas"]);
    inlet(&solved, "furnaces.propane", 0.0, &["furnaces.coils.size"]);
    assert!(solved.warnings().is_empty(), "{:?}", solved.warnings());
}

#[test]
fn a_limit_that_would_stop_at_full_opening_is_not_named_where_another_keeps_it_from_that() {
    // at full opening the propane line would stop the propane; the demand keeps it from that
    let slate = gases();
    let mut works = cracker_inside(10.0, 40.0);
    works.set("order", "feed > other");
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "field", 100.0, ETHANE_AND_PROPANE)
        .field(&slate, "other", 5.0, METHANE)
        .chain("works", works)
        .blend("round", &["feed"])
        .market("city")
        .market("town")
        .market("olefins")
        .leaving_as_loss("round.out")
        .joined(&["field -> works.feed", "other -> works.other", "works.feed.surplus -> round"])
        .joined(&["works.gas -> city", "works.cracked -> olefins", "works.past -> town"])
        .limit(at_most("town.demand", "town", 4.0))
        .limit(at_most("field.potential", "field.gas", 10.0));
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "field", 10.0, &["field.potential"]);
    inlet(&solved, "works.feed", 10.0, &[]);
    assert!(solved.warnings().is_empty(), "{:?}", solved.warnings());
}

/// A cracker as an inner chain, with a limit on the propane it takes, and a second inlet that
/// passes it by.
fn cracker_inside(propane_line: f64, coils: f64) -> Builder {
    let slate = gases();
    let separate = Separate::new("rest")
        .recovering(&slate, "ethane", &["ethane"], "ethane")
        .and_then(|stage| stage.recovering(&slate, "propane", &["propane"], "propane"))
        .unwrap();
    let mut works = Builder::new("works", &slate);
    works
        .inlets(&["feed", "other"])
        .outlet("gas")
        .outlet("cracked")
        .outlet("past")
        .blend("by", &["other"])
        .stage("ngl", separate)
        .set("ngl.ethane", 1.0)
        .set("ngl.propane", 1.0)
        .chain("furnaces", furnaces(coils))
        .blend("sum", &["rest", "ethane", "propane"])
        .joined(&[
            "feed -> ngl",
            "ngl.ethane -> furnaces.ethane",
            "ngl.propane -> furnaces.propane",
            "furnaces.ethane.surplus -> sum.ethane",
            "furnaces.propane.surplus -> sum.propane",
            "ngl.rest -> sum.rest",
            "sum -> gas",
            "furnaces.cracked -> cracked",
            "other -> by",
            "by -> past",
        ])
        .limit(at_most("propane_line", "furnaces.propane", propane_line).throttling(["feed"]));
    works
}

#[test]
fn a_curved_load_is_stopped_where_it_equals_its_capacity() {
    for capacity in [10.5, 12.0, 20.0, 33.3, 36.0] {
        let chain = curved(capacity);
        let solved = solve(&chain);
        let accepted = (100.0 * capacity - 1000.0) / (50.0 - capacity);
        inlet(&solved, "lean", 100.0, &[]);
        inlet(&solved, "rich", accepted, &["ethane"]);
        same(load(&solved, "ethane").unwrap(), capacity);
        let more = [
            ("rich.flow", Value::from(mol(accepted * (1.0 + 1e-9)))),
            ("ethane", "unknown".into()),
        ];
        assert!(load(&solve_with(&chain, &more), "ethane").unwrap() > capacity * (1.0 + 1e-11));
    }
    let chain = curved(36.7);
    // 100 (10 + 100) / 300 = 36.67
    inlet(&solve(&chain), "rich", 200.0, &[]);
}

#[test]
fn a_smooth_load_that_falls_again_stops_below_its_top_only() {
    // 4 x (1 - x) = 0.75 at x = 1/4 and at x = 3/4
    for (flow, accepted) in
        [(20.0, 20.0), (25.0, 25.0), (60.0, 25.0), (74.0, 25.0), (76.0, 76.0), (100.0, 100.0)]
    {
        let chain = gauged(Shape::Parabola, flow, 0.75);
        let solved = solve(&chain);
        let stops: &[&str] = if accepted < flow { &["power"] } else { &[] };
        inlet(&solved, "field", accepted, stops);
        assert!(solved.warnings().is_empty(), "{:?}", solved.warnings());
    }
    same(load(&solve(&gauged(Shape::Parabola, 60.0, 0.75)), "power").unwrap(), 0.75);
    // never reached: 1.01; touched from below only: 1
    inlet(&solve(&gauged(Shape::Parabola, 60.0, 1.01)), "field", 60.0, &[]);
    inlet(&solve(&gauged(Shape::Parabola, 60.0, 1.0)), "field", 60.0, &[]);
    // close to the top: x = (1 - sqrt(0.001)) / 2
    let chain = gauged(Shape::Parabola, 50.5, 0.999);
    let solved = solve(&chain);
    assert!(agree(solved.inlet("field").unwrap().accepted, 50.0 * (1.0 - 0.001_f64.sqrt()), 1e-11));
    assert_eq!(solved.inlet("field").unwrap().stopped_by, ["power"]);
}

#[test]
fn a_load_that_starts_and_ends_flat_stops_below_its_top_only() {
    // 16 (x (1 - x))^2 = 1/4 at x (1 - x) = 1/8: at 14.6 and 85.4 of 100
    let low = 50.0 * (1.0 - 0.5_f64.sqrt());
    inlet(&solve(&gauged(Shape::Bump, 50.0, 0.25)), "field", low, &["power"]);
    inlet(&solve(&gauged(Shape::Bump, 85.0, 0.25)), "field", low, &["power"]);
    inlet(&solve(&gauged(Shape::Bump, 86.0, 0.25)), "field", 86.0, &[]);
    inlet(&solve(&gauged(Shape::Bump, 100.0, 0.25)), "field", 100.0, &[]);
}

#[test]
fn a_square_load() {
    let chain = gauged(Shape::Square, 100.0, 0.25);
    let solved = solve(&chain);
    inlet(&solved, "field", 50.0, &["power"]);
    same(load(&solved, "power").unwrap(), 0.25);
    // no capacity: x^2 holds within 1e-12 of what it is at x = 1, so up to x = 1e-6
    let chain = gauged(Shape::Square, 100.0, 0.0);
    let solved = solve(&chain);
    assert!(solved.inlet("field").unwrap().accepted <= 100.0 * 1e-6);
    assert_eq!(solved.inlet("field").unwrap().stopped_by, ["power"]);
    inlet(&solve(&gauged(Shape::Square, 100.0, 1.0)), "field", 100.0, &[]);
}

#[test]
fn fuel_by_duty_leaves_nothing_until_the_duty_is_met() {
    let slate = gases();
    let heat = slate.get(0).net_heat_25().unwrap();
    let duty = 30.0 * heat / 1e6;
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "field", 100.0, METHANE)
        .stage("fuel", Fuel::by_duty(&slate))
        .set("fuel.duty", format!("{duty} MW"))
        .market("city")
        .leaving_as_loss("fuel.burned")
        .joined(&["field -> fuel", "fuel.gas -> city"])
        .limit(at_most("demand", "city", 50.0));
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "field", 80.0, &["demand"]);
    same(flow(&solved, "fuel.burned"), 30.0);
    // no demand at all: the plant still runs on its own fuel
    let solved = solve_with(&chain, &[("demand", mol(0.0).into())]);
    inlet(&solved, "field", 30.0, &["demand"]);
}
