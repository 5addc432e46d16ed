//! Limits on a stream of a recycle stop its feed, also where the recycle is in an inner chain.

use crate::chain::rule::recycle::chains::{dehydrogenation_plant, species};
use crate::support::chains::{Parts, at_most, build, chain_of};
use crate::support::compare::same;
use crate::support::solved::{flow, inlet, solve, solve_with};
use gaschain::chain::Builder;
use gaschain::species::Slate;

#[test]
fn a_limit_on_a_stream_of_the_loop_stops_the_feed() {
    let slate = species();
    let mut chain = chain_of(&slate);
    chain.field(&slate, "field", 100.0, &[("propane", 1.0)]);
    dehydrogenation_plant(&slate, &mut chain, 0.1);
    chain
        .market("city")
        .joined(&["field -> hub.fresh", "recovery.product -> city"])
        .leaving_as_loss("purge.vent")
        .limit(at_most("reactor.size", "reactor", 120.0));
    let chain = build(chain);
    let solved = solve(&chain);
    let back = 0.9 * 0.9 * 0.6;
    inlet(&solved, "field", 120.0 * (1.0 - back), &["reactor.size"]);
    same(flow(&solved, "reactor.feed"), 120.0);
}

/// The dehydrogenation plant as an inner chain with a limit on its reactor.
fn limited_plant(slate: &Slate) -> Builder {
    let mut plant = Builder::new("plant", slate);
    plant.inlets(&["feed"]).outlet("product").outlet("vent");
    dehydrogenation_plant(slate, &mut plant, 0.1);
    plant
        .joined(&["feed -> hub.fresh", "recovery.product -> product", "purge.vent -> vent"])
        .limit(at_most("reactor.size", "reactor", 120.0));
    plant
}

#[test]
fn a_loop_inside_a_chain_that_refuses() {
    let slate = species();
    let back = 0.9 * 0.9 * 0.6;
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "field", 100.0, &[("propane", 1.0)])
        .chain("plant", limited_plant(&slate))
        .blend("round", &["gas"])
        .market("city")
        .leaving_as_loss("plant.vent")
        .leaving_as_loss("round.out")
        .joined(&["field -> plant.feed", "plant.product -> city"])
        .connect_by_switch("plant.feed.surplus -> round", "bypass", true)
        .limit(at_most("rounds", "round", 30.0));
    let chain = build(chain);
    let refused = 100.0 - 120.0 * (1.0 - back);
    let solved = solve(&chain);
    inlet(&solved, "plant.feed", 120.0 * (1.0 - back), &["plant.reactor.size"]);
    inlet(&solved, "field", 100.0 - (refused - 30.0), &["rounds"]);
    let solved = solve_with(&chain, &[("bypass.open", false.into())]);
    inlet(&solved, "field", 120.0 * (1.0 - back), &["plant.reactor.size"]);
}

#[test]
fn two_supplies_one_loop_and_its_limit() {
    let slate = species();
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "pure", 30.0, &[("propane", 1.0)])
        .field(&slate, "inert", 60.0, &[("propane", 0.9), ("nitrogen", 0.1)])
        .blend("feeds", &["pure", "inert"]);
    dehydrogenation_plant(&slate, &mut chain, 0.2);
    chain
        .market("city")
        .joined(&["pure -> feeds.pure", "inert -> feeds.inert", "feeds -> hub.fresh"])
        .joined(&["recovery.product -> city"])
        .leaving_as_loss("purge.vent")
        .limit(at_most("reactor.size", "reactor", 120.0));
    let chain = build(chain);
    let solved = solve(&chain);
    // per mole of fresh: propane 1 / (1 - 0.54 * 0.8), nitrogen 1 / (1 - 0.8)
    let (propane, nitrogen) = (1.0 / (1.0 - 0.54 * 0.8), 5.0);
    let accepted = (120.0 - 30.0 * propane) / (0.9 * propane + 0.1 * nitrogen);
    inlet(&solved, "pure", 30.0, &[]);
    inlet(&solved, "inert", accepted, &["reactor.size"]);
}
