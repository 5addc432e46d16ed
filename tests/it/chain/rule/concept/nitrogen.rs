//! Examples 1 to 1e: a field with much nitrogen is opened as far as a clean one, filled after it,
//! makes room for it.

use crate::chain::rule::chains::gases;
use crate::chain::rule::concept::{exact, in_order};
use crate::support::chains::{Parts, at_most, build, chain_of};
use crate::support::compare::same;
use crate::support::solved::{inlet, load};
use gaschain::chain::Chain;
use gaschain::limit::Limit;
use gaschain::measure::Measure;

/// A field of 80 with 12 % nitrogen and one of 80 with 2 %, joined; nitrogen and demand at most.
pub fn two_fields(nitrogen: f64, names: &[&str], demand: f64) -> Chain {
    let slate = gases();
    let share = Measure::MoleFraction("nitrogen".into());
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "dirty", 80.0, &[("methane", 0.88), ("nitrogen", 0.12)])
        .field(&slate, "clean", 80.0, &[("methane", 0.98), ("nitrogen", 0.02)])
        .blend("hub", &["dirty", "clean"])
        .market("city")
        .joined(&["dirty -> hub.dirty", "clean -> hub.clean", "hub -> city"])
        .limit(
            Limit::at_most("nitrogen", ("city", share), nitrogen).throttling(names.iter().copied()),
        )
        .limit(at_most("demand", "city", demand));
    build(chain)
}

const BOTH: &[&str] = &["dirty", "clean"];

#[test]
fn example_1_the_first_inlet_opens_as_far_as_any_opening_of_the_second_allows() {
    // 0.08 d <= 0.02 c and d + c <= 50: d = 10, c = 40
    let chain = two_fields(0.04, BOTH, 50.0);
    let solved = in_order(&chain, "dirty > clean");
    inlet(&solved, "dirty", 10.0, &["nitrogen", "demand"]);
    inlet(&solved, "clean", 40.0, &["demand"]);
    same(load(&solved, "nitrogen").unwrap(), 0.04);
    exact(&solved);
}

#[test]
fn example_1b_the_clean_field_first_takes_all_the_demand() {
    let chain = two_fields(0.04, BOTH, 50.0);
    let solved = in_order(&chain, "clean > dirty");
    inlet(&solved, "clean", 50.0, &["demand"]);
    inlet(&solved, "dirty", 0.0, &["demand"]);
    same(load(&solved, "nitrogen").unwrap(), 0.02);
    exact(&solved);
}

#[test]
fn example_1c_in_a_group_the_clean_field_opens_as_far_as_the_dirty_one_needs_it() {
    let chain = two_fields(0.04, BOTH, 50.0);
    for order in ["dirty + clean", "clean + dirty"] {
        let solved = in_order(&chain, order);
        inlet(&solved, "dirty", 10.0, &["nitrogen", "demand"]);
        inlet(&solved, "clean", 40.0, &["demand"]);
        same(solved.accepted_fraction("dirty").unwrap(), 0.125);
        same(solved.accepted_fraction("clean").unwrap(), 0.5);
        exact(&solved);
    }
}

#[test]
fn example_1d_with_demand_to_spare_nitrogen_alone_stops_the_dirty_field() {
    // 0.08 d = 0.02 * 80
    let chain = two_fields(0.04, BOTH, 200.0);
    for order in ["dirty > clean", "dirty + clean", "clean > dirty"] {
        let solved = in_order(&chain, order);
        inlet(&solved, "dirty", 20.0, &["nitrogen"]);
        inlet(&solved, "clean", 80.0, &[]);
        exact(&solved);
    }
}

#[test]
fn example_1e_a_wider_limit_may_take_from_a_later_inlet() {
    // 0.07 d <= 0.03 c and d + c <= 50: d = 15, c = 35
    let chain = two_fields(0.05, BOTH, 50.0);
    let solved = in_order(&chain, "dirty > clean");
    inlet(&solved, "dirty", 15.0, &["nitrogen", "demand"]);
    inlet(&solved, "clean", 35.0, &["demand"]);
    exact(&solved);
}

#[test]
fn a_limit_that_nothing_flows_by_is_reached_and_may_be_named() {
    // no demand: nothing flows, nitrogen of nothing holds, and demand is what stops both
    let chain = two_fields(0.04, BOTH, 0.0);
    let solved = in_order(&chain, "dirty > clean");
    inlet(&solved, "clean", 0.0, &["demand"]);
    let stopped_by = solved.inlet("dirty").unwrap().stopped_by;
    let dirty: Vec<&str> = stopped_by.limits().collect();
    // demand alone stops it; nitrogen alone does not, as clean gas could make room
    assert_eq!(dirty, ["demand"]);
    assert_eq!(load(&solved, "nitrogen"), None);
    assert_eq!(solved.limit("nitrogen").unwrap().utilisation, None);
}
