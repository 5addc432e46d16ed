//! The examples of the concept (section 2, its table), row by row: openings to 1e-12, all that is
//! named, in its order.

mod furnaces;
mod groups;
mod jumps;
mod loops;
mod nitrogen;
mod no_state;
mod some_inlets;
mod ties;

use gaschain::chain::{Chain, Openings};
use gaschain::param::Value;
use gaschain::solved::Solved;

/// Solves with an order of the outermost inlets.
fn in_order(chain: &Chain, order: &str) -> Solved {
    crate::support::solved::solve_with(chain, &[("order", Value::from(order))])
}

/// Fails unless the openings of a result are said to be the greatest, to 1e-12.
#[track_caller]
fn exact(solved: &Solved) {
    assert_eq!(solved.openings(), Openings::Exact);
}
