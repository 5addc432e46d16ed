//! Example 4: members of a group that a limit does not touch go on; each has its own stop.

use crate::chain::rule::chains::{METHANE, gases};
use crate::chain::rule::concept::{exact, in_order};
use crate::support::chains::{Parts, at_most, build, chain_of};
use crate::support::solved::inlet;
use gaschain::chain::Chain;

/// Three fields of 10: a and b through a pipe of 8, all to a demand of 14.
fn three_fields() -> Chain {
    let slate = gases();
    let mut chain = chain_of(&slate);
    for name in ["a", "b", "c"] {
        chain.field(&slate, name, 10.0, METHANE);
    }
    chain
        .blend("pipe_end", &["a", "b"])
        .blend("hub", &["pipe", "c"])
        .market("city")
        .joined(&["a -> pipe_end.a", "b -> pipe_end.b", "pipe_end -> hub.pipe", "c -> hub.c"])
        .connect("hub -> city")
        .limit(at_most("pipe", "pipe_end.out", 8.0))
        .limit(at_most("demand", "city", 14.0));
    build(chain)
}

#[test]
fn example_4_members_of_a_group_stop_one_by_one() {
    let chain = three_fields();
    for order in ["a + b + c", "c + b + a", "b + c + a"] {
        let solved = in_order(&chain, order);
        inlet(&solved, "a", 4.0, &["pipe"]);
        inlet(&solved, "b", 4.0, &["pipe"]);
        inlet(&solved, "c", 6.0, &["demand"]);
        exact(&solved);
    }
}

#[test]
fn a_group_before_and_after_others() {
    let chain = three_fields();
    // c takes 10 of the demand; the others share the 4 that are left, and the pipe has room
    let solved = in_order(&chain, "c > a + b");
    inlet(&solved, "c", 10.0, &[]);
    inlet(&solved, "a", 2.0, &["demand"]);
    inlet(&solved, "b", 2.0, &["demand"]);
    // a alone fills the pipe; b has nothing left of it
    let solved = in_order(&chain, "a > b + c");
    inlet(&solved, "a", 8.0, &["pipe"]);
    inlet(&solved, "b", 0.0, &["pipe"]);
    inlet(&solved, "c", 6.0, &["demand"]);
    exact(&solved);
}
