//! Inlets open in the order, those of a group together as far as they can.

use crate::chain::rule::chains::{cracker, fields};
use crate::support::chains::{at_most, build, mol};
use crate::support::compare::same;
use crate::support::solved::{flow, flow_of, inlet, solve, solve_with};

#[test]
fn inlets_are_filled_in_order_of_declaration() {
    let mut chain = fields(&[("a", 10.0), ("b", 10.0), ("c", 10.0)]);
    chain.limit(at_most("demand", "city", 15.0));
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "a", 10.0, &[]);
    inlet(&solved, "b", 5.0, &["demand"]);
    inlet(&solved, "c", 0.0, &["demand"]);
    same(flow(&solved, "city.sold"), 15.0);
    assert_eq!(solved.limit("demand").unwrap().stops, ["b", "c"]);
    same(solved.accepted_fraction("b").unwrap(), 0.5);
}

#[test]
fn the_order_is_a_parameter() {
    let mut chain = fields(&[("a", 10.0), ("b", 10.0), ("c", 10.0)]);
    chain.limit(at_most("demand", "city", 15.0));
    let chain = build(chain);
    let solved = solve_with(&chain, &[("order", "c > a > b".into())]);
    inlet(&solved, "c", 10.0, &[]);
    inlet(&solved, "a", 5.0, &["demand"]);
    inlet(&solved, "b", 0.0, &["demand"]);
}

#[test]
fn a_group_is_filled_by_one_common_fraction() {
    let mut chain = fields(&[("a", 10.0), ("b", 10.0), ("c", 30.0)]);
    chain.limit(at_most("demand", "city", 20.0)).set("order", "a > b + c");
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "a", 10.0, &[]);
    inlet(&solved, "b", 2.5, &["demand"]);
    inlet(&solved, "c", 7.5, &["demand"]);
    let solved = solve_with(&chain, &[("order", "b + c > a".into())]);
    inlet(&solved, "b", 5.0, &["demand"]);
    inlet(&solved, "c", 15.0, &["demand"]);
    inlet(&solved, "a", 0.0, &["demand"]);
    let solved = solve_with(&chain, &[("order", "a + b + c".into())]);
    inlet(&solved, "a", 4.0, &["demand"]);
    inlet(&solved, "b", 4.0, &["demand"]);
    inlet(&solved, "c", 12.0, &["demand"]);
}

#[test]
fn an_inner_chain_has_an_order_of_its_own() {
    let chain = cracker(&[("field", 100.0, &[("ethane", 0.3), ("propane", 0.7)])], 60.0);
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "field", 100.0, &[]);
    inlet(&solved, "furnaces.ethane", 30.0, &[]);
    inlet(&solved, "furnaces.propane", 30.0, &["furnaces.coils.size"]);
    same(flow_of(&solved, "city.sold", "propane"), 40.0);
    let solved = solve_with(&chain, &[("furnaces.order", "propane > ethane".into())]);
    inlet(&solved, "furnaces.propane", 60.0, &["furnaces.coils.size"]);
    inlet(&solved, "furnaces.ethane", 0.0, &["furnaces.coils.size"]);
    let solved = solve_with(&chain, &[("furnaces.order", "propane + ethane".into())]);
    inlet(&solved, "furnaces.propane", 42.0, &["furnaces.coils.size"]);
    inlet(&solved, "furnaces.ethane", 18.0, &["furnaces.coils.size"]);
}

#[test]
fn an_inlet_offered_nothing_is_fully_drawn() {
    let mut chain = fields(&[("a", 0.0), ("b", 10.0), ("c", 0.0)]);
    chain.limit(at_most("demand", "city", 5.0));
    let chain = build(chain);
    for order in ["a > b > c", "a + c > b", "b > a + c"] {
        let solved = solve_with(&chain, &[("order", order.into())]);
        inlet(&solved, "a", 0.0, &[]);
        inlet(&solved, "b", 5.0, &["demand"]);
        inlet(&solved, "c", 0.0, &[]);
    }
    // nor does a limit that nothing may pass stop what is not there
    let solved = solve_with(&chain, &[("demand", mol(0.0).into())]);
    inlet(&solved, "a", 0.0, &[]);
    inlet(&solved, "b", 0.0, &["demand"]);
}

#[test]
fn a_group_with_a_member_that_offers_nothing_is_filled_by_the_others() {
    let mut chain = fields(&[("a", 0.0), ("b", 10.0)]);
    chain.limit(at_most("demand", "city", 5.0)).set("order", "a + b");
    let chain = build(chain);
    let solved = solve(&chain);
    same(solved.inlet("b").unwrap().accepted, 5.0);
    same(solved.inlet("a").unwrap().accepted, 0.0);
}
