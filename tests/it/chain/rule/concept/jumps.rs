//! Rule 2, where the greatest opening is approached and not reached: an inner chain changes its state
//! at once there.

use crate::chain::rule::chains::{ETHANE_AND_PROPANE, furnaces, gases};
use crate::support::chains::{Parts, at_most, build, chain_of, mol};
use crate::support::solved::{inlet, solve_with};
use gaschain::chain::{Builder, Chain};
use gaschain::stage::Separate;

/// Works that separate ethane from propane for furnaces of 40, with at most 10 of propane into
/// them: of x offered they take all up to 20 and from 60 on, and 20 in between.
fn works() -> Builder {
    let slate = gases();
    let separate = Separate::new("rest")
        .recovering(&slate, "ethane", &["ethane"], "ethane")
        .and_then(|stage| stage.recovering(&slate, "propane", &["propane"], "propane"))
        .unwrap();
    let mut works = Builder::new("works", &slate);
    works
        .inlets(&["feed"])
        .outlet("gas")
        .outlet("cracked")
        .stage("ngl", separate)
        .set("ngl.ethane", 1.0)
        .set("ngl.propane", 1.0)
        .chain("furnaces", furnaces(40.0))
        .blend("sum", &["rest", "ethane", "propane"])
        .joined(&["feed -> ngl", "ngl.ethane -> furnaces.ethane", "ngl.rest -> sum.rest"])
        .joined(&["ngl.propane -> furnaces.propane", "furnaces.ethane.surplus -> sum.ethane"])
        .joined(&["furnaces.propane.surplus -> sum.propane", "sum -> gas"])
        .joined(&["furnaces.cracked -> cracked"])
        .limit(at_most("propane_line", "furnaces.propane", 10.0));
    works
}

/// A field into the works, what they refuse flared, and a limit on what is cracked.
fn field_and_works(flow: f64, cracked: f64) -> Chain {
    let slate = gases();
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "field", flow, ETHANE_AND_PROPANE)
        .chain("works", works())
        .blend("flare", &["gas"])
        .market("city")
        .market("olefins")
        .leaving_as_loss("flare.out")
        .joined(&["field -> works.feed", "works.feed.surplus -> flare"])
        .joined(&["works.gas -> city", "works.cracked -> olefins"])
        .limit(at_most("olefins.demand", "olefins", cracked));
    build(chain)
}

#[test]
fn an_inner_chain_opens_to_its_largest_allowed_opening() {
    let chain = field_and_works(100.0, 50.0);
    let offered = |flow: f64| solve_with(&chain, &[("field.flow", mol(flow).into())]);
    for (flow, taken) in [(15.0, 15.0), (50.0, 20.0), (59.0, 20.0), (61.0, 61.0), (100.0, 100.0)] {
        let solved = offered(flow);
        inlet(&solved, "field", flow, &[]);
        let stops: &[&str] = if taken < flow { &["works.propane_line"] } else { &[] };
        inlet(&solved, "works.feed", taken, stops);
    }
}

#[test]
fn an_opening_just_below_a_jump_counts_and_says_so() {
    // from 60 on the works crack 40 at once: of at most 30 that is too much, and below it is 20
    let chain = field_and_works(100.0, 30.0);
    let solved = chain.case().solve().unwrap_or_else(|error| panic!("{error}"));
    let field = solved.inlet("field").unwrap();
    assert!(field.accepted < 60.0 && field.accepted > 60.0 * (1.0 - 1e-10), "{}", field.accepted);
    assert_eq!(field.stopped_by, ["olefins.demand"]);
    assert!(field.jump);
    assert!((solved.limit("olefins.demand").unwrap().load.unwrap() - 20.0).abs() <= 1e-9);
    // where it is reached there is no jump
    let solved = solve_with(&chain, &[("olefins.demand", mol(12.0).into())]);
    inlet(&solved, "field", 12.0, &["olefins.demand"]);
    assert!(!solved.inlet("field").unwrap().jump);
}
