//! The shipped chain: what its parts do, against arithmetic that shares nothing with the crate.

mod complex;
mod data;
mod plant;
mod recompression;
mod scenarios;
mod trunk_line;

use gaschain::amur;
use gaschain::param::Value;
use gaschain::solved::Solved;

/// A shipped scenario, solved.
fn scenario(name: &str) -> Solved {
    let chain = amur::chain();
    let scenario = amur::scenario(name).expect("a shipped scenario");
    chain.case().apply(&scenario).expect("sound values").solve().expect("it solves")
}

/// The shipped chain with some values set, solved.
fn with(set: &[(&str, Value)]) -> Solved {
    let chain = amur::chain();
    let mut case = chain.case();
    for (address, value) in set {
        case.set(address, value.clone()).unwrap_or_else(|faults| panic!("{faults}"));
    }
    case.solve().unwrap_or_else(|error| panic!("{error}"))
}
