//! Chains inside chains: solved down to a depth that is said, refused beyond it.

use crate::support::chains::{Parts, at_most, build, chain_of, slate};
use crate::support::solved::{inlet, solve};
use gaschain::chain::Builder;
use gaschain::species::Slate;
use gaschain::stage::Market;

/// Chains inside each other, each of which has a limit of its own.
fn nested(slate: &Slate, depth: usize) -> Builder {
    let mut inside = Builder::new("innermost", slate);
    inside.inlets(&["feed"]).outlet("out").stage("pass", Market::new("sold"));
    inside.joined(&["feed -> pass", "pass.sold -> out"]);
    for level in 1..depth {
        let mut around = Builder::new("level", slate);
        around.inlets(&["feed"]).outlet("out").chain("core", inside);
        around.joined(&["feed -> core", "core.out -> out"]);
        around.limit(at_most("size", "core.out", 5.0 + level as f64));
        inside = around;
    }
    inside
}

fn with_a_field(slate: &Slate, plant: Builder) -> Builder {
    let mut chain = chain_of(slate);
    chain.field(slate, "field", 100.0, &[("methane", 1.0)]).chain("plant", plant).market("city");
    chain.joined(&["field -> plant", "plant.out -> city"]);
    chain
}

#[test]
fn the_deepest_chain_of_all_is_solved_by_all_its_limits() {
    let slate = slate(&["methane", "helium"]);
    let chain = build(with_a_field(&slate, nested(&slate, 99)));
    let innermost = format!("plant.{}size", "core.".repeat(97));
    inlet(&solve(&chain), "field", 6.0, &[&innermost]);
}

#[test]
fn chains_inside_each_other_beyond_that_are_refused() {
    let slate = slate(&["methane", "helium"]);
    let faults = with_a_field(&slate, nested(&slate, 100)).build().unwrap_err();
    assert_eq!(faults.to_string(), "plant: 101 chains inside each other; allowed: at most 100");
    // however deep: what is refused is not held
    let faults = with_a_field(&slate, nested(&slate, 20_000)).build().unwrap_err();
    assert!(faults.to_string().contains("chains inside each other; allowed: at most 100"));
}

#[test]
fn a_thousand_chains_side_by_side_are_solved_and_more_are_refused() {
    let slate = slate(&["methane", "helium"]);
    let in_a_row = |count: usize| {
        let mut chain = chain_of(&slate);
        chain.field(&slate, "field", 100.0, &[("methane", 1.0)]).market("city");
        let mut last = "field".to_owned();
        for index in 0..count {
            let name = format!("n{index}");
            chain.chain(&name, nested(&slate, 1)).connect(&format!("{last} -> {name}"));
            last = name;
        }
        chain.connect(&format!("{last} -> city"));
        chain
    };
    inlet(&solve(&build(in_a_row(999))), "field", 100.0, &[]);
    let faults = in_a_row(1_000).build().unwrap_err().to_string();
    assert!(faults.contains("n999: 1001 chains inside one; allowed: at most 1000"), "{faults}");
}
