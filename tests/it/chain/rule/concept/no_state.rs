//! Example 5: a limit that holds at least may have its state away from shut; where there is none
//! the limits that cannot hold together are named.

use crate::chain::rule::chains::{field_and_plant, fields, plant};
use crate::chain::rule::concept::exact;
use crate::support::chains::{Parts, at_most, build, mol};
use crate::support::compare::{agree, same};
use crate::support::solved::{inlet, solve_with};
use gaschain::ErrorKind;
use gaschain::chain::{Builder, Chain};
use gaschain::limit::{Direction, Limit};
use gaschain::measure::Measure;
use gaschain::param::Value;

/// One field, at least 4 of it taken, and a demand.
fn at_least_four() -> Builder {
    let mut chain = fields(&[("field", 10.0)]);
    let least = Limit::at_least("least", ("city", Measure::Moles(None)), mol(4.0));
    let demand = Limit::at_most("demand", ("city", Measure::Moles(None)), "unknown");
    chain.limit(least.throttling(["field"])).limit(demand);
    chain
}

/// What is said not to hold: names, loads, capacities, directions.
fn cannot_hold(chain: &Chain, set: &[(&str, Value)]) -> Vec<(String, f64, f64, Direction)> {
    let mut case = chain.case();
    for (address, value) in set {
        case.set(address, value.clone()).unwrap();
    }
    let error = case.solve().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoState, "{error}");
    let mut all: Vec<_> = error
        .cannot_hold()
        .iter()
        .map(|held| {
            assert_eq!(held.unit, "mol/s");
            (held.limit.clone(), held.load.unwrap(), held.capacity, held.direction)
        })
        .collect();
    all.sort_by(|one, other| one.0.cmp(&other.0));
    all
}

#[test]
fn example_5_the_allowed_states_need_not_reach_down_to_shut() {
    let chain = build(at_least_four());
    let solved = solve_with(&chain, &[("field.flow", mol(10.0).into())]);
    inlet(&solved, "field", 10.0, &[]);
    exact(&solved);
    // between 4 and a demand of 6 the greatest counts
    let solved = solve_with(&chain, &[("demand", mol(6.0).into())]);
    inlet(&solved, "field", 6.0, &["demand"]);
    assert!(!solved.limit("least").unwrap().broken);
    exact(&solved);
    // one state only
    let solved = solve_with(&chain, &[("demand", mol(4.0).into())]);
    same(solved.inlet("field").unwrap().accepted, 4.0);
}

#[test]
fn example_5_less_offered_than_is_needed_has_no_state() {
    let chain = build(at_least_four());
    let named = cannot_hold(&chain, &[("field.flow", mol(3.0).into())]);
    assert_eq!(named.len(), 1, "{named:?}");
    let (limit, load, capacity, direction) = &named[0];
    assert_eq!((limit.as_str(), *direction), ("least", Direction::AtLeast));
    // nearest to allowed is all that is offered
    same(*load, 3.0);
    same(*capacity, 4.0);
}

#[test]
fn example_5_two_limits_that_cannot_hold_together_are_both_named() {
    let chain = build(at_least_four());
    let named = cannot_hold(&chain, &[("demand", mol(3.0).into())]);
    let names: Vec<&str> = named.iter().map(|held| held.0.as_str()).collect();
    assert_eq!(names, ["demand", "least"]);
    // both have the scale of what they carry with everything open, so the nearest state passes
    // each by the same half
    for (_, load, ..) in &named {
        assert!(agree(*load, 3.5, 1e-9), "{load}");
    }
    // a third that holds wherever the two are is not named
    let mut chain = at_least_four();
    chain.limit(at_most("roomy", "field.gas", 9.0));
    let named = cannot_hold(&build(chain), &[("demand", mol(3.0).into())]);
    let names: Vec<&str> = named.iter().map(|held| held.0.as_str()).collect();
    assert_eq!(names, ["demand", "least"]);
}

/// A field of 10 into a plant of 8 that needs at least 4; what it refuses is flared.
fn plant_that_needs_four() -> Builder {
    let mut plant = plant(8.0);
    let least = Limit::at_least("least", ("feed", Measure::Moles(None)), mol(4.0));
    plant.limit(least.throttling(["feed"]));
    let mut chain = field_and_plant(10.0, plant);
    chain
        .blend("flare", &["gas"])
        .connect("plant.feed.surplus -> flare")
        .leaving_as_loss("flare.out")
        .limit(Limit::at_most("demand", ("city", Measure::Moles(None)), "unknown"))
        .limit(Limit::at_most("flaring", ("flare", Measure::Moles(None)), "unknown"));
    chain
}

#[test]
fn openings_that_leave_an_inner_chain_without_a_state_are_not_allowed() {
    let chain = build(plant_that_needs_four());
    // the plant takes 8 of 10
    let solved = solve_with(&chain, &[]);
    inlet(&solved, "field", 10.0, &[]);
    inlet(&solved, "plant.feed", 8.0, &["plant.size"]);
    // of a demand of 6 it is offered 6, which it takes
    let solved = solve_with(&chain, &[("demand", mol(6.0).into())]);
    inlet(&solved, "field", 6.0, &["demand"]);
    inlet(&solved, "plant.feed", 6.0, &[]);
    // no flaring: 8 are offered
    let solved = solve_with(&chain, &[("flaring", mol(0.0).into())]);
    inlet(&solved, "field", 8.0, &["flaring"]);
    // 3 of demand are less than the plant needs, and it cannot be shut
    let mut case = chain.case();
    case.set("demand", mol(3.0)).unwrap();
    let error = case.solve().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoState, "{error}");
    // and 3 that are offered
    let mut case = chain.case();
    case.set("field.flow", mol(3.0)).unwrap();
    let error = case.solve().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoState, "{error}");
}
