//! What an inlet refuses flows on where its surplus is joined, and stops the chain outside where it
//! is not.

use crate::chain::rule::chains::{METHANE, field_and_plant, gases, plant};
use crate::support::chains::{Parts, at_most, build, chain_of, mol};
use crate::support::compare::same;
use crate::support::solved::{flow, inlet, solve, solve_with};
use gaschain::chain::Builder;
use gaschain::param::Value;

#[test]
fn a_joined_surplus_flows_on() {
    let mut chain = field_and_plant(100.0, plant(60.0));
    chain
        .blend("flare", &["gas"])
        .connect("plant.feed.surplus -> flare")
        .leaving_as_loss("flare.out");
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "field", 100.0, &[]);
    inlet(&solved, "plant.feed", 60.0, &["plant.size"]);
    let feed = solved.inlet("plant.feed").unwrap();
    same(feed.offered, 100.0);
    same(feed.shut_in, 40.0);
    same(flow(&solved, "flare.out"), 40.0);
    same(flow(&solved, "city.sold"), 60.0);
}

#[test]
fn an_unjoined_surplus_stops_the_outer_inlet_and_names_the_inner_limit() {
    let chain = build(field_and_plant(100.0, plant(60.0)));
    let solved = solve(&chain);
    inlet(&solved, "field", 60.0, &["plant.size"]);
    inlet(&solved, "plant.feed", 60.0, &[]);
    same(solved.inlet("field").unwrap().shut_in, 40.0);
    same(flow(&solved, "plant.feed.surplus"), 0.0);
    assert_eq!(solved.limit("plant.size").unwrap().stops, ["field"]);
}

#[test]
fn a_switch_closes_a_joined_surplus() {
    let mut chain = field_and_plant(100.0, plant(60.0));
    chain
        .blend("flare", &["gas"])
        .connect_by_switch("plant.feed.surplus -> flare", "bypass", true)
        .leaving_as_loss("flare.out");
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "field", 100.0, &[]);
    inlet(&solved, "plant.feed", 60.0, &["plant.size"]);
    let solved = solve_with(&chain, &[("bypass.open", Value::Flag(false))]);
    inlet(&solved, "field", 60.0, &["plant.size"]);
    inlet(&solved, "plant.feed", 60.0, &[]);
    same(flow(&solved, "flare.out"), 0.0);
    // one case, switched to and fro
    let mut case = chain.case();
    for _ in 0..2 {
        let open = case.set("bypass.open", true).unwrap().solve().unwrap();
        inlet(&open, "field", 100.0, &[]);
        let closed = case.set("bypass.open", false).unwrap().solve().unwrap();
        inlet(&closed, "field", 60.0, &["plant.size"]);
    }
}

/// A plant inside a site inside a region; `joined` says at which level the surplus is joined.
fn three_levels(joined: Option<usize>) -> Builder {
    let slate = gases();
    let mut site = Builder::new("site", &slate);
    site.inlets(&["feed"]).outlet("out").chain("plant", plant(60.0));
    site.blend("sum", if joined == Some(1) { &["through", "round"] } else { &["through"] });
    site.joined(&["feed -> plant.feed", "plant.out -> sum.through", "sum -> out"]);
    if joined == Some(1) {
        site.connect("plant.feed.surplus -> sum.round");
    }
    let mut region = Builder::new("region", &slate);
    region.inlets(&["feed"]).outlet("out").chain("site", site);
    region.blend("sum", if joined == Some(2) { &["through", "round"] } else { &["through"] });
    region.joined(&["feed -> site.feed", "site.out -> sum.through", "sum -> out"]);
    if joined == Some(2) {
        region.connect("site.feed.surplus -> sum.round");
    }
    let mut chain = chain_of(&slate);
    chain.field(&slate, "field", 100.0, METHANE).chain("region", region).market("city");
    chain.joined(&["field -> region.feed", "region.out -> city"]);
    chain
}

#[test]
fn a_refusal_goes_out_through_three_levels_to_where_it_is_joined() {
    let chain = build(three_levels(None));
    let solved = solve(&chain);
    inlet(&solved, "field", 60.0, &["region.site.plant.size"]);
    for address in ["region.feed", "region.site.feed", "region.site.plant.feed"] {
        inlet(&solved, address, 60.0, &[]);
    }
    // joined inside the region: the site's inlet is what is stopped
    let chain = build(three_levels(Some(2)));
    let solved = solve(&chain);
    inlet(&solved, "field", 100.0, &[]);
    inlet(&solved, "region.feed", 100.0, &[]);
    inlet(&solved, "region.site.feed", 60.0, &["region.site.plant.size"]);
    inlet(&solved, "region.site.plant.feed", 60.0, &[]);
    same(flow(&solved, "region.site.feed.surplus"), 40.0);
    same(flow(&solved, "city.sold"), 100.0);
    // joined inside the site
    let chain = build(three_levels(Some(1)));
    let solved = solve(&chain);
    inlet(&solved, "region.site.feed", 100.0, &[]);
    inlet(&solved, "region.site.plant.feed", 60.0, &["region.site.plant.size"]);
    same(flow(&solved, "region.site.plant.feed.surplus"), 40.0);
}

#[test]
fn two_levels_of_refusal_with_limits_at_both() {
    let slate = gases();
    let mut site = Builder::new("site", &slate);
    site.inlets(&["feed"])
        .outlet("out")
        .chain("plant", plant(60.0))
        .joined(&["feed -> plant.feed", "plant.out -> out"])
        .limit(at_most("gate", "feed", 50.0));
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "field", 100.0, METHANE)
        .chain("site", site)
        .market("city")
        .joined(&["field -> site.feed", "site.out -> city"])
        .limit(at_most("demand", "city", 70.0));
    let chain = build(chain);
    inlet(&solve(&chain), "field", 50.0, &["site.gate"]);
    let solved = solve_with(&chain, &[("site.gate", mol(65.0).into())]);
    inlet(&solved, "field", 60.0, &["site.plant.size"]);
    let solved = solve_with(&chain, &[("demand", mol(45.0).into())]);
    inlet(&solved, "field", 45.0, &["demand"]);
}

#[test]
fn an_inlet_stopped_just_where_one_further_in_begins_to_refuse() {
    // the site's second plant takes nothing of what goes round its first: what the site accepts
    // hangs on the edge of what the first tolerates, however far the field opens
    let slate = gases();
    let mut closed = Builder::new("closed", &slate);
    closed.inlets(&["feed"]).outlet("out").blend("through", &["gas"]);
    closed.joined(&["feed -> through", "through -> out"]).limit(at_most("size", "through", 0.0));
    let mut site = Builder::new("site", &slate);
    site.inlets(&["feed"])
        .outlet("out")
        .outlet("past")
        .chain("plant", plant(60.0))
        .chain("closed", closed)
        .joined(&["feed -> plant.feed", "plant.out -> out", "plant.feed.surplus -> closed.feed"])
        .joined(&["closed.out -> past"]);
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "field", 100.0, METHANE)
        .chain("site", site)
        .blend("round", &["gas"])
        .market("city")
        .joined(&["field -> site.feed", "site.out -> city", "site.feed.surplus -> round"])
        .leaving_as_loss("site.past")
        .leaving_as_loss("round.out")
        .limit(at_most("rounds", "round", 35.0));
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "field", 95.0, &["rounds"]);
    inlet(&solved, "site.feed", 60.0, &["site.closed.size"]);
}

#[test]
fn a_limit_is_protected_by_the_inlets_of_its_own_chain() {
    // the outer demand stops the field, not the plant's inlet, whose surplus is joined
    let mut chain = field_and_plant(100.0, plant(60.0));
    chain
        .blend("flare", &["gas"])
        .connect("plant.feed.surplus -> flare")
        .leaving_as_loss("flare.out")
        .limit(at_most("demand", "city", 30.0));
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "field", 30.0, &["demand"]);
    inlet(&solved, "plant.feed", 30.0, &[]);
    same(flow(&solved, "flare.out"), 0.0);
}

#[test]
fn an_inner_chain_refuses_each_of_two_outer_inlets() {
    let slate = gases();
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "a", 40.0, METHANE)
        .field(&slate, "b", 40.0, METHANE)
        .blend("hub", &["a", "b"])
        .chain("plant", plant(60.0))
        .market("city")
        .joined(&["a -> hub.a", "b -> hub.b", "hub -> plant", "plant.out -> city"]);
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "a", 40.0, &[]);
    inlet(&solved, "b", 20.0, &["plant.size"]);
    assert_eq!(solved.limit("plant.size").unwrap().stops, ["b"]);
}

#[test]
fn an_inner_limit_shared_by_a_joined_and_an_unjoined_inlet() {
    // a (joined) gives way to b (not joined) only as far as the order says
    let slate = gases();
    let mut inner = Builder::new("inner", &slate);
    inner
        .inlets(&["b", "a"])
        .outlet("out")
        .blend("work", &["a", "b"])
        .joined(&["a -> work.a", "b -> work.b", "work -> out"])
        .limit(at_most("size", "work.out", 60.0));
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "x", 50.0, METHANE)
        .field(&slate, "y", 80.0, METHANE)
        .chain("inner", inner)
        .blend("flare", &["gas"])
        .market("city")
        .leaving_as_loss("flare.out")
        .joined(&["x -> inner.a", "y -> inner.b", "inner.out -> city"])
        .connect("inner.a.surplus -> flare");
    let chain = build(chain);
    // b first inside: it displaces a, and is refused only by itself
    let solved = solve(&chain);
    inlet(&solved, "x", 50.0, &[]);
    inlet(&solved, "y", 60.0, &["inner.size"]);
    inlet(&solved, "inner.a", 0.0, &["inner.size"]);
    // a first inside: what a takes is lost to b
    let solved = solve_with(&chain, &[("inner.order", "a > b".into())]);
    inlet(&solved, "x", 50.0, &[]);
    inlet(&solved, "y", 10.0, &["inner.size"]);
    inlet(&solved, "inner.a", 50.0, &[]);
}
