//! Examples 2, 3 and 3b: a load that rises above its capacity and falls below it again does not
//! stop there: furnaces take ethane before propane, so that more gas displaces propane.

use crate::chain::rule::chains::{ETHANE_AND_PROPANE, cracker};
use crate::chain::rule::concept::in_order;
use crate::support::chains::{at_most, at_most_of, build, mol};
use crate::support::compare::same;
use crate::support::solved::{inlet, solve_with};
use gaschain::chain::Chain;

#[test]
fn example_2_the_largest_allowed_opening_counts() {
    // propane taken is min(x / 2, 40 - x / 2): at most 10 up to x = 20 and from x = 60 on
    let mut chain = cracker(&[("field", 50.0, ETHANE_AND_PROPANE)], 40.0);
    chain.limit(at_most("propane_line", "furnaces.propane", 10.0));
    let chain = build(chain);
    let offered = |flow: f64| solve_with(&chain, &[("field.flow", mol(flow).into())]);
    let solved = offered(50.0);
    inlet(&solved, "field", 20.0, &["propane_line"]);
    inlet(&solved, "furnaces.propane", 10.0, &[]);
    let solved = offered(70.0);
    inlet(&solved, "field", 70.0, &[]);
    inlet(&solved, "furnaces.propane", 5.0, &["furnaces.coils.size"]);
    let solved = offered(100.0);
    inlet(&solved, "field", 100.0, &[]);
    inlet(&solved, "furnaces.ethane", 40.0, &["furnaces.coils.size"]);
    inlet(&solved, "furnaces.propane", 0.0, &["furnaces.coils.size"]);
    assert!(solved.warnings().is_empty(), "{:?}", solved.warnings());
    // at 60 both ends of the gap meet what is offered: 30 of ethane leave room for 10 of propane
    inlet(&offered(60.0), "field", 60.0, &[]);
    inlet(&offered(59.9), "field", 20.0, &["propane_line"]);
}

/// A field of half ethane, half propane and one of ethane; propane into the furnaces at most 10,
/// ethane past them at most 30.
fn rich_and_lean() -> Chain {
    let mut chain =
        cracker(&[("rich", 40.0, ETHANE_AND_PROPANE), ("lean", 60.0, &[("ethane", 1.0)])], 40.0);
    chain.limit(at_most("propane_line", "furnaces.propane", 10.0)).limit(at_most_of(
        "ethane_past",
        "city",
        "ethane",
        30.0,
    ));
    build(chain)
}

#[test]
fn example_3_a_later_inlet_opens_so_that_an_earlier_one_may() {
    // all of rich brings 20 and 20; 50 of lean make 70 of ethane, 30 of it past the furnaces
    let chain = rich_and_lean();
    let solved = in_order(&chain, "rich > lean");
    inlet(&solved, "rich", 40.0, &[]);
    inlet(&solved, "lean", 50.0, &["ethane_past"]);
    inlet(&solved, "furnaces.ethane", 40.0, &["furnaces.coils.size"]);
    inlet(&solved, "furnaces.propane", 0.0, &["furnaces.coils.size"]);
}

#[test]
fn example_3b_the_same_in_a_group() {
    // 20 x + 60 x = 70 of ethane: x = 0.875
    let chain = rich_and_lean();
    let solved = in_order(&chain, "rich + lean");
    inlet(&solved, "rich", 35.0, &["ethane_past"]);
    inlet(&solved, "lean", 52.5, &["ethane_past"]);
    same(solved.accepted_fraction("rich").unwrap(), 0.875);
    same(solved.accepted_fraction("lean").unwrap(), 0.875);
}
