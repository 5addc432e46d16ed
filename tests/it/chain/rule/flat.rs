//! Loads that stay flat over a stretch of the opening. A limit at the height of that stretch is not
//! passed on it.

use crate::chain::rule::chains::{METHANE, field_and_plant, gases, plant};
use crate::support::chains::{Parts, at_most, build, chain_of, mol};
use crate::support::compare::{agree, same};
use crate::support::solved::{flow, inlet, solve, solve_with};
use gaschain::chain::Builder;
use gaschain::limit::Limit;
use gaschain::measure::Measure;
use gaschain::param::Value;
use gaschain::stage::{Fuel, Split};

#[test]
fn a_load_flat_until_an_inner_limit_refuses_then_rising() {
    let mut chain = field_and_plant(100.0, plant(30.0));
    chain
        .blend("flare", &["gas"])
        .connect("plant.feed.surplus -> flare")
        .leaving_as_loss("flare.out")
        .limit(at_most("flaring", "flare", 20.0));
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "field", 50.0, &["flaring"]);
    inlet(&solved, "plant.feed", 30.0, &["plant.size"]);
    // no flaring at all: the field is held where the plant is full
    let solved = solve_with(&chain, &[("flaring", mol(0.0).into())]);
    inlet(&solved, "field", 30.0, &["flaring"]);
}

#[test]
fn a_load_rising_then_flat_then_rising() {
    // plant one takes 30; two takes 20 of what one refuses; what two refuses joins one's product
    let slate = gases();
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "field", 100.0, METHANE)
        .chain("one", plant(30.0))
        .chain("two", plant(20.0))
        .blend("hub", &["one", "round"])
        .market("city")
        .market("town")
        .joined(&["field -> one", "one.feed.surplus -> two", "two.feed.surplus -> hub.round"])
        .joined(&["one.out -> hub.one", "hub -> city", "two.out -> town"])
        .limit(at_most("demand", "city", 40.0));
    let chain = build(chain);
    let demand = |capacity: f64| [("demand", Value::from(mol(capacity)))];
    let solved = solve(&chain);
    inlet(&solved, "field", 60.0, &["demand"]);
    inlet(&solved, "two.feed", 20.0, &["two.size"]);
    inlet(&solve_with(&chain, &demand(29.0)), "field", 29.0, &["demand"]);
    // as high as the flat stretch: it holds to the end of it
    inlet(&solve_with(&chain, &demand(30.0)), "field", 50.0, &["demand"]);
    inlet(&solve_with(&chain, &demand(80.0)), "field", 100.0, &[]);
}

#[test]
fn a_limit_at_the_height_of_a_flat_stretch_does_not_stop() {
    // the plant takes what the demand is for, and sends the rest round
    for size in [60.0, 42.0, 33.3, 0.1] {
        let mut chain = field_and_plant(100.0, plant(size));
        chain
            .blend("flare", &["gas"])
            .connect("plant.feed.surplus -> flare")
            .leaving_as_loss("flare.out")
            .limit(at_most("demand", "plant.out", size));
        let chain = build(chain);
        let solved = solve(&chain);
        inlet(&solved, "field", 100.0, &[]);
        inlet(&solved, "plant.feed", size, &["plant.size"]);
    }
}

#[test]
fn a_limit_at_the_height_of_a_flat_stretch_that_begins_at_zero_does_not_stop() {
    let slate = gases();
    let build_with = |first: f64, size: f64| {
        let mut chain = chain_of(&slate);
        chain
            .field(&slate, "first", first, METHANE)
            .field(&slate, "second", 50.0, METHANE)
            .blend("hub", &["first", "second"])
            .chain("plant", plant(size))
            .blend("flare", &["gas"])
            .market("city")
            .leaving_as_loss("flare.out")
            .joined(&["first -> hub.first", "second -> hub.second", "hub -> plant"])
            .joined(&["plant.out -> city", "plant.feed.surplus -> flare"])
            .limit(at_most("demand", "city", size));
        build(chain)
    };
    // the first supply fills the plant exactly; what the second brings goes round
    let chain = build_with(60.0, 60.0);
    let solved = solve(&chain);
    inlet(&solved, "first", 60.0, &[]);
    inlet(&solved, "second", 50.0, &[]);
    // a plant of no size sends everything round, and the demand for nothing is met
    let chain = build_with(60.0, 0.0);
    let solved = solve(&chain);
    inlet(&solved, "first", 60.0, &[]);
    inlet(&solved, "second", 50.0, &[]);
    inlet(&solved, "plant.feed", 0.0, &["plant.size"]);
}

#[test]
fn a_limit_that_an_inner_inlet_keeps_at_its_capacity_stops_nothing_outside() {
    // the capacity is a small part of what the inner inlet is offered, and the limit is passed
    // out by the other inlet: it is at its capacity from a tenth of the opening on, never past it
    let slate = gases();
    for size in [9.0, 0.9, 1e-3] {
        let mut inner = Builder::new("inner", &slate);
        inner
            .inlets(&["through", "spare"])
            .outlet("out")
            .outlet("used")
            .blend("work", &["spare"])
            .joined(&["through -> out", "spare -> work", "work -> used"])
            .limit(at_most("size", "work.out", size));
        let mut chain = chain_of(&slate);
        chain
            .field(&slate, "field", 100.0, METHANE)
            .stage("tee", Split::new(["through"], "spare"))
            .set("tee.through", 0.1)
            .chain("inner", inner)
            .blend("flare", &["gas"])
            .market("city")
            .market("works")
            .leaving_as_loss("flare.out")
            .joined(&["field -> tee", "tee.through -> inner.through", "tee.spare -> inner.spare"])
            .joined(&["inner.out -> city", "inner.used -> works", "inner.spare.surplus -> flare"]);
        let chain = build(chain);
        let solved = solve(&chain);
        inlet(&solved, "field", 100.0, &[]);
        inlet(&solved, "inner.through", 10.0, &[]);
        inlet(&solved, "inner.spare", size, &["inner.size"]);
    }
}

#[test]
fn a_load_flat_at_its_capacity_up_to_just_below_the_full_opening() {
    // gas that is too poor comes only beyond the duty: however little that is, the field is
    // accepted up to there, not to somewhere on the flat stretch before
    let slate = gases();
    let met = 5e6 / slate.get(0).net_heat_25().unwrap() / 0.7;
    for more in [1e-2, 1e-4, 1e-6, 3e-8] {
        let mut chain = chain_of(&slate);
        chain
            .field(&slate, "field", met * (1.0 + more), &[("methane", 0.7), ("nitrogen", 0.3)])
            .stage("fuel", Fuel::by_duty(&slate))
            .set("fuel.duty", "5 MW")
            .market("city")
            .leaving_as_loss("fuel.burned")
            .joined(&["field -> fuel", "fuel.gas -> city"])
            .limit(
                Limit::at_most("purity", ("city", Measure::MoleFraction("nitrogen".into())), 0.1)
                    .throttling(["field"]),
            );
        let chain = build(chain);
        let solved = solve(&chain);
        let result = solved.inlet("field").unwrap();
        assert!(agree(result.accepted, met, 1e-11), "{more}: {} of {met}", result.accepted);
        assert_eq!(result.stopped_by, ["purity"]);
    }
}

#[test]
fn a_limit_of_nothing_stops_where_something_begins() {
    // a plant refuses what it has no room for, and there is no other room: the field is stopped
    // where refusal begins, not where a tolerance of all that is offered is used up
    for size in [5.7246, 30.1, 0.0] {
        let mut chain = field_and_plant(29.059, plant(size));
        chain
            .blend("flare", &["gas"])
            .connect("plant.feed.surplus -> flare")
            .leaving_as_loss("flare.out")
            .limit(at_most("flaring", "flare.out", 0.0));
        let chain = build(chain);
        let solved = solve(&chain);
        assert!(flow(&solved, "flare.out") <= 1e-14, "{:?}", flow(&solved, "flare.out"));
        let limit = solved.limit("flaring").unwrap();
        assert!(!limit.broken, "{limit:?}");
        same(solved.inlet("field").unwrap().accepted, size.min(29.059));
    }
}

#[test]
fn what_rounding_leaves_beyond_a_duty_just_met_stops_nothing_outside() {
    // the heater takes gas until its duty is met: the first gas beyond it is too poor. What it
    // refuses flows on, so nothing of what it limits rises outside
    let slate = gases();
    let mut heater = Builder::new("heater", &slate);
    heater
        .inlets(&["gas", "other"])
        .outlet("beyond")
        .outlet("burned")
        .outlet("other_out")
        .stage("fuel", Fuel::by_duty(&slate))
        .set("fuel.duty", "1 MW")
        .joined(&["gas -> fuel", "fuel.gas -> beyond", "fuel.burned -> burned"])
        .joined(&["other -> other_out"])
        .limit(
            Limit::at_most("purity", ("fuel.gas", Measure::MoleFraction("nitrogen".into())), 0.01)
                .throttling(["gas", "other"]),
        );
    let mut works = Builder::new("works", &slate);
    works
        .inlets(&["feed"])
        .outlet("burned")
        .outlet("gas")
        .stage("tee", Split::new(["other"], "gas"))
        .set("tee.other", 0.77)
        .chain("heater", heater)
        .blend("rest", &["other", "refused", "beyond"])
        .joined(&["feed -> tee", "tee.gas -> heater.gas", "tee.other -> heater.other"])
        .joined(&["heater.burned -> burned", "heater.beyond -> rest.beyond"])
        .joined(&["heater.other_out -> rest.other", "heater.gas.surplus -> rest.refused"])
        .connect("rest -> gas");
    let heat = slate.get(0).net_heat_25().unwrap();
    for flow in 0..40 {
        let flow = 30.0 + 7.3 * f64::from(flow);
        for nitrogen in [0.1, 0.37, 0.6] {
            let parts = [("methane", 1.0 - nitrogen), ("nitrogen", nitrogen)];
            let mut chain = chain_of(&slate);
            chain
                .field(&slate, "field", flow, &parts)
                .chain("works", works.clone())
                .blend("flare", &["gas"])
                .market("city")
                .leaving_as_loss("flare.out")
                .leaving_as_loss("works.burned")
                .joined(&["field -> works", "works.gas -> city", "works.feed.surplus -> flare"]);
            let chain = build(chain);
            let solved = solve(&chain);
            inlet(&solved, "works.feed", flow, &[]);
            let met = 1e6 / heat / (1.0 - nitrogen);
            let accepted = solved.inlet("works.heater.gas").unwrap().accepted;
            assert!(agree(accepted, met.min(0.23 * flow), 1e-11), "{flow} {accepted}");
        }
    }
}
