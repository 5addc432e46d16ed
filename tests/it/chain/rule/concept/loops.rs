//! Examples 7 and 8: what is drawn is judged in the end state; a recycle passes a chain that
//! refuses a part of what it is offered.

use crate::chain::rule::chains::{METHANE, gases};
use crate::chain::rule::recycle::draws::drawn_from_the_last;
use crate::support::chains::{Parts, at_most, build, chain_of, mol};
use crate::support::compare::same;
use crate::support::solved::{flow, inlet, solve, solve_with};
use gaschain::chain::{Builder, Chain};
use gaschain::stage::Split;

/// Fields a and b; the fuel of a burner of both is drawn from b's gas before it joins a's. The
/// burner is fed a + b less the fuel, a ninth of that: so the fuel is (a + b) / 10.
fn drawn_from_b(b: f64) -> Chain {
    build(drawn_from_the_last(&[10.0, b], 1.0 / 9.0))
}

#[test]
fn example_7_a_draw_is_judged_in_the_end_state_only() {
    // before b opens its tap holds nothing, and a's gas wants a tenth of it
    let chain = drawn_from_b(10.0);
    for order in ["f0 > f1", "f1 > f0", "f0 + f1"] {
        let solved = solve_with(&chain, &[("order", order.into())]);
        inlet(&solved, "f0", 10.0, &[]);
        inlet(&solved, "f1", 10.0, &[]);
        same(flow(&solved, "tap.drawn"), 2.0);
    }
}

#[test]
fn a_draw_that_takes_all_there_is_stops_by_its_address() {
    // (a + 1) / 10 = 1
    let chain = drawn_from_b(1.0);
    for order in ["f0 > f1", "f1 > f0"] {
        let solved = solve_with(&chain, &[("order", order.into())]);
        inlet(&solved, "f0", 9.0, &["burner.fuel"]);
        inlet(&solved, "f1", 1.0, &[]);
        same(flow(&solved, "city.sold"), 9.0);
    }
    // nothing demanded of nothing holds; something does not
    let solved = solve_with(&chain, &[("f1.flow", mol(0.0).into())]);
    inlet(&solved, "f0", 0.0, &["burner.fuel"]);
}

/// A field of 10 into a plant of 8, whose product goes half back to its feed.
fn half_back() -> Builder {
    let slate = gases();
    let mut plant = Builder::new("plant", &slate);
    plant
        .inlets(&["feed"])
        .outlet("out")
        .blend("work", &["in"])
        .joined(&["feed -> work", "work -> out"])
        .limit(at_most("feed", "feed", 8.0));
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "field", 10.0, METHANE)
        .blend("hub", &["fresh", "back"])
        .chain("plant", plant)
        .stage("tee", Split::new(["back"], "on"))
        .set("tee.back", 0.5)
        .market("city")
        .joined(&["field -> hub.fresh", "hub -> plant.feed", "plant.out -> tee"])
        .joined(&["tee.back -> hub.back", "tee.on -> city"]);
    chain
}

#[test]
fn example_8_a_recycle_through_a_chain_that_refuses_a_part() {
    let mut chain = half_back();
    chain
        .blend("flare", &["gas"])
        .connect("plant.feed.surplus -> flare")
        .leaving_as_loss("flare.out");
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "field", 10.0, &[]);
    inlet(&solved, "plant.feed", 8.0, &["plant.feed"]);
    same(solved.inlet("plant.feed").unwrap().offered, 14.0);
    same(flow(&solved, "tee.back"), 4.0);
    same(flow(&solved, "flare.out"), 6.0);
    same(flow(&solved, "city.sold"), 4.0);
    // a field that fits: 3 + 3
    let solved = solve_with(&chain, &[("field.flow", mol(3.0).into())]);
    inlet(&solved, "plant.feed", 6.0, &[]);
    same(flow(&solved, "flare.out"), 0.0);
}

#[test]
fn example_8_with_the_surplus_closed_the_field_is_stopped() {
    let chain = build(half_back());
    let solved = solve(&chain);
    inlet(&solved, "field", 4.0, &["plant.feed"]);
    inlet(&solved, "plant.feed", 8.0, &[]);
    same(flow(&solved, "city.sold"), 4.0);
}
