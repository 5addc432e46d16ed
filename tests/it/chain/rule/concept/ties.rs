//! Example 9, and two limits that bind at once: either alone stops, so both are named.

use crate::chain::rule::chains::{METHANE, field_and_plant, gases, plant};
use crate::chain::rule::concept::exact;
use crate::support::chains::{Parts, at_most, build, chain_of};
use crate::support::folders::folder;
use crate::support::solved::{inlet, solve};

#[test]
fn example_9_two_limits_in_series_of_the_same_size_are_both_named() {
    let slate = gases();
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "field", 20.0, METHANE)
        .blend("works", &["in"])
        .market("city")
        .joined(&["field -> works", "works -> city"])
        .limit(at_most("plant", "works.out", 10.0))
        .limit(at_most("demand", "city", 10.0));
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "field", 10.0, &["plant", "demand"]);
    for limit in ["plant", "demand"] {
        assert_eq!(solved.limit(limit).unwrap().stops, ["field"]);
    }
    exact(&solved);
}

#[test]
fn example_9_with_the_plant_an_inner_chain() {
    let mut chain = field_and_plant(20.0, plant(10.0));
    chain.limit(at_most("demand", "city", 10.0));
    let chain = build(chain);
    let solved = solve(&chain);
    let stopped_by = solved.inlet("field").unwrap().stopped_by;
    let mut named: Vec<&str> = stopped_by.limits().collect();
    named.sort_unstable();
    assert_eq!(named, ["demand", "plant.size"]);
    inlet(&solved, "plant.feed", 10.0, &[]);
    exact(&solved);
}

#[test]
fn a_tie_read_from_a_folder_names_both() {
    let chain = folder("chain/rule/concept/tie", "tie").chain().unwrap_or_else(|f| panic!("{f}"));
    let solved = solve(&chain);
    let field = solved.inlet("field").unwrap();
    assert!((field.accepted - 10.0).abs() <= 1e-11, "{}", field.accepted);
    assert_eq!(field.stopped_by, ["a.plant", "city.demand"]);
}
