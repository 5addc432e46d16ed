//! Examples 6 to 6c: a limit that names some inlets is kept by those alone, in the end state.

use crate::chain::rule::chains::fields;
use crate::chain::rule::concept::nitrogen::two_fields;
use crate::chain::rule::concept::{exact, in_order};
use crate::support::chains::{at_most, build, mol};
use crate::support::compare::same;
use crate::support::solved::{inlet, load, solve_with};

#[test]
fn example_6_an_inlet_that_is_named_makes_room_for_a_later_one_that_is_not() {
    // a is settled as if the size were not there: 30; b leaves it room
    let mut chain = fields(&[("a", 30.0), ("b", 50.0)]);
    chain.limit(at_most("size", "city", 40.0).throttling(["b"]));
    let chain = build(chain);
    for order in ["b > a", "a > b"] {
        let solved = in_order(&chain, order);
        inlet(&solved, "a", 30.0, &[]);
        inlet(&solved, "b", 10.0, &["size"]);
        assert!(!solved.limit("size").unwrap().broken);
        exact(&solved);
    }
}

#[test]
fn example_6b_a_later_inlet_that_is_not_named_may_still_help() {
    // the clean field fills what demand is left, whatever nitrogen does; so the dirty one opens to
    // where that holds: 0.08 d = 0.02 (50 - d)
    let chain = two_fields(0.04, &["dirty"], 50.0);
    let solved = in_order(&chain, "dirty > clean");
    inlet(&solved, "dirty", 10.0, &["nitrogen", "demand"]);
    inlet(&solved, "clean", 40.0, &["demand"]);
    same(load(&solved, "nitrogen").unwrap(), 0.04);
    exact(&solved);
}

#[test]
fn example_6c_a_group_of_which_a_limit_names_some_is_taken_as_two() {
    let mut chain = fields(&[("a", 30.0), ("b", 30.0)]);
    chain.limit(at_most("demand", "city", 40.0).throttling(["a"]));
    let chain = build(chain);
    for order in ["a + b", "b + a"] {
        let solved = in_order(&chain, order);
        inlet(&solved, "a", 10.0, &["demand"]);
        inlet(&solved, "b", 30.0, &[]);
        exact(&solved);
    }
}

#[test]
fn a_limit_that_no_opening_of_those_it_names_makes_hold_is_given_up() {
    // b alone is more than the size: a, which would raise it, stays shut, stopped by it
    let mut chain = fields(&[("a", 30.0), ("b", 50.0)]);
    chain.limit(at_most("size", "city", 40.0).throttling(["a"]));
    let chain = build(chain);
    for order in ["a > b", "b > a", "a + b"] {
        let solved = in_order(&chain, order);
        inlet(&solved, "a", 0.0, &["size"]);
        inlet(&solved, "b", 50.0, &[]);
        let size = solved.limit("size").unwrap();
        assert!(size.broken);
        same(size.margin.unwrap(), -10.0);
    }
}

#[test]
fn a_wider_limit_of_all_may_take_from_an_inlet_that_another_limit_names() {
    // b does not give way to the size, so that more of it leaves a less
    let mut chain = fields(&[("a", 50.0), ("b", 50.0)]);
    chain.limit(at_most("size", "city", 40.0).throttling(["a"])).limit(at_most(
        "b.potential",
        "b.gas",
        10.0,
    ));
    let chain = build(chain);
    for (potential, left) in [(10.0, 30.0), (20.0, 20.0)] {
        let set = [("order", "a > b".into()), ("b.potential", mol(potential).into())];
        let solved = solve_with(&chain, &set);
        inlet(&solved, "a", left, &["size"]);
        inlet(&solved, "b", potential, &["b.potential"]);
        exact(&solved);
    }
}
