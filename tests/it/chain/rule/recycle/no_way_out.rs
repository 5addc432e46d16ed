//! Recycles that something cannot leave have no solution, and say so; what never comes need not
//! leave.

use crate::chain::rule::recycle::chains::{exact, plant_with_purge, species};
use crate::support::between::light_gases;
use crate::support::chains::{Parts, build, chain_of};
use crate::support::compare::agree;
use crate::support::solved::{flow, flow_of, solve, solve_with};
use gaschain::ErrorKind;
use gaschain::chain::Builder;
use gaschain::stage::{Blend, Market, Split, Supply};

#[test]
fn a_recycle_that_nothing_leaves_has_no_solution() {
    let slate = species();
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "field", 10.0, &[("methane", 1.0)])
        .blend("hub", &["fresh", "back"])
        .stage("tee", Split::new(["back"], "on"))
        .set("tee.back", 1.0)
        .market("city")
        .joined(&["field -> hub.fresh", "hub -> tee", "tee.back -> hub.back", "tee.on -> city"]);
    let chain = build(chain);
    let error = chain.case().solve().unwrap_err();
    assert_eq!(
        error.to_string(),
        "the recycle hub -> tee -> hub has no solution: nothing leaves it: what enters has nowhere to go"
    );
    assert_eq!(error.kind(), ErrorKind::NoSolution);
    let solved = solve_with(&chain, &[("tee.back", 0.999.into())]);
    assert!(agree(flow(&solved, "hub.out"), 10_000.0, 1e-12));
}

#[test]
fn one_species_that_cannot_leave_is_enough() {
    // nitrogen is recovered in full, and there is no purge
    let chain = plant_with_purge(&[("propane", 0.99), ("nitrogen", 0.01)], 0.0);
    let error = chain.case().solve().unwrap_err();
    assert_eq!(
        error.to_string(),
        "the recycle hub -> reactor -> recovery -> purge -> hub has no solution: nothing leaves it: what enters has nowhere to go"
    );
}

#[test]
fn a_species_that_never_comes_need_not_be_able_to_leave() {
    // the same plant without nitrogen in its feed
    let chain = plant_with_purge(&[("propane", 1.0)], 0.0);
    let solved = solve(&chain);
    exact(flow_of(&solved, "reactor.feed", "propane"), 100.0 / 0.46);
    assert_eq!(flow_of(&solved, "reactor.feed", "nitrogen").to_bits(), 0.0_f64.to_bits());
}

/// A feed that goes round a split without a way out.
fn round(share: &str) -> Builder {
    let slate = light_gases();
    let mut builder = Builder::new("round", &slate);
    builder
        .stage(
            "field",
            Supply::new(&slate).knowing("well", &[1.0, 0.0, 0.0, 0.0, 0.0, 0.0]).unwrap(),
        )
        .stage("mix", Blend::new(["fresh", "back"]))
        .stage("part", Split::new(["back"], "on"))
        .stage("city", Market::new("gas_sold"))
        .set("field.flow", "1 bcm/yr")
        .set("field.composition", "well")
        .set("part.back", share)
        .connect("field -> mix.fresh")
        .connect("mix -> part")
        .connect("part.back -> mix.back")
        .connect("part.on -> city")
        .leaving_as_product("city.gas_sold");
    builder
}

#[test]
fn a_recycle_without_a_way_out_has_no_solution() {
    let chain = round("100 %").build().unwrap();
    assert_eq!(
        chain.case().solve().unwrap_err().to_string(),
        "the recycle mix -> part -> mix has no solution: nothing leaves it: what enters has nowhere to go"
    );
    let chain = round("75 %").build().unwrap();
    let solved = chain.case().solve().unwrap();
    let (in_, round) =
        (solved.get("mix.fresh.volume").unwrap(), solved.get("mix.out.volume").unwrap());
    assert!((round.unwrap() / in_.unwrap() - 4.0).abs() < 1e-12);
}
