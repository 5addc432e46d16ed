//! Linear recycles have their analytic solution: with a purge however small, nested, side by side,
//! at any size.

use crate::chain::rule::recycle::chains::{closes, exact, plant_with_purge, species};
use crate::support::chains::{Parts, build, chain_of, mol};
use crate::support::compare::agree;
use crate::support::solved::{bits, flow, flow_of, inlet, solve, solve_with};
use gaschain::chain::Builder;
use gaschain::stage::{Separate, Split};

#[test]
fn a_linear_recycle_has_its_analytic_solution() {
    let helium = 1e-9;
    let chain = plant_with_purge(&[("propane", 1.0 - helium), ("helium", helium)], 0.0);
    let solved = solve(&chain);
    let fresh = 100.0 * (1.0 - helium);
    // x = fresh + 0.9 * 0.6 x
    let x = fresh / (1.0 - 0.9 * 0.6);
    exact(flow_of(&solved, "reactor.feed", "propane"), x);
    exact(flow_of(&solved, "city.sold", "propylene"), 0.4 * x);
    exact(flow_of(&solved, "city.sold", "hydrogen"), 0.4 * x);
    exact(flow_of(&solved, "city.sold", "propane"), 0.1 * 0.6 * x);
    exact(flow_of(&solved, "purge.back", "propane"), 0.9 * 0.6 * x);
    // the trace: h = fresh + 0.3 h
    let h = 100.0 * helium / 0.7;
    exact(flow_of(&solved, "reactor.feed", "helium"), h);
    exact(flow_of(&solved, "city.sold", "helium"), 0.7 * h);
    closes(&solved, "helium", 1e-12);
    inlet(&solved, "field", 100.0, &[]);
    assert!(solved.worst_residual() < 1e-14);
}

#[test]
fn a_purge_lets_out_what_would_gather() {
    // nitrogen is recovered in full: only the purge lets it out
    for purge in [0.5, 0.02, 1e-4, 1e-6] {
        let parts = [("propane", 0.989), ("nitrogen", 0.01), ("helium", 0.001)];
        let chain = plant_with_purge(&parts, purge);
        let solved = chain.case().solve().unwrap();
        let back = 1.0 - purge;
        // one over a small difference: as exact as rounding leaves that difference
        let within = 4e-16 / purge + 1e-13;
        assert!(solved.worst_residual() < within);
        let nitrogen = flow_of(&solved, "hub.out", "nitrogen");
        assert!(agree(nitrogen, 1.0 / (1.0 - back), within), "{nitrogen:?}");
        assert!(agree(flow_of(&solved, "purge.vent", "nitrogen"), 1.0, within));
        exact(flow_of(&solved, "hub.out", "propane"), 98.9 / (1.0 - 0.54 * back));
        exact(flow_of(&solved, "hub.out", "helium"), 0.1 / (1.0 - 0.3 * back));
    }
}

#[test]
fn two_nested_loops() {
    // the inner loop returns a third of what leaves the mill; the outer one half of the rest
    let slate = species();
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "field", 60.0, &[("methane", 0.75), ("propane", 0.25)])
        .blend("outer", &["fresh", "back"])
        .blend("inner", &["fresh", "back"])
        .stage("mill", Split::new(["again"], "on"))
        .set("mill.again", 1.0 / 3.0)
        .stage(
            "sieve",
            Separate::new("product").recovering(&slate, "c", &["methane"], "back").unwrap(),
        )
        .set("sieve.c", 0.5)
        .market("city")
        .joined(&["field -> outer.fresh", "outer -> inner.fresh", "inner -> mill"])
        .joined(&["mill.again -> inner.back", "mill.on -> sieve", "sieve.back -> outer.back"])
        .connect("sieve.product -> city");
    let chain = build(chain);
    let solved = solve(&chain);
    // methane past the outer blend: m = 45 + 0.5 m; in the mill 1.5 times that
    exact(flow_of(&solved, "outer.out", "methane"), 90.0);
    exact(flow_of(&solved, "mill.feed", "methane"), 135.0);
    exact(flow_of(&solved, "mill.feed", "propane"), 22.5);
    exact(flow(&solved, "city.sold"), 60.0);
}

#[test]
fn a_loop_inside_a_chain_inside_a_loop() {
    let slate = species();
    let mut mill = Builder::new("mill", &slate);
    mill.inlets(&["feed"])
        .outlet("on")
        .blend("inner", &["fresh", "back"])
        .stage("roll", Split::new(["again"], "on"))
        .set("roll.again", 1.0 / 3.0)
        .joined(&["feed -> inner.fresh", "inner -> roll", "roll.again -> inner.back"])
        .connect("roll.on -> on");
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "field", 60.0, &[("methane", 0.75), ("propane", 0.25)])
        .blend("outer", &["fresh", "back"])
        .chain("mill", mill)
        .stage(
            "sieve",
            Separate::new("product").recovering(&slate, "c", &["methane"], "back").unwrap(),
        )
        .set("sieve.c", 0.5)
        .market("city")
        .joined(&["field -> outer.fresh", "outer -> mill", "mill.on -> sieve"])
        .joined(&["sieve.back -> outer.back", "sieve.product -> city"]);
    let chain = build(chain);
    let solved = solve(&chain);
    exact(flow_of(&solved, "mill.roll.feed", "methane"), 135.0);
    exact(flow_of(&solved, "mill.roll.feed", "propane"), 22.5);
    exact(flow(&solved, "city.sold"), 60.0);
}

#[test]
fn a_figure_of_eight() {
    // one blend, two ways back to it
    let slate = species();
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "field", 60.0, &[("methane", 1.0)])
        .blend("hub", &["fresh", "left", "right"])
        .stage("tee", Split::new(["left", "right"], "on"))
        .set("tee.left", 0.25)
        .set("tee.right", 0.35)
        .market("city")
        .joined(&["field -> hub.fresh", "hub -> tee", "tee.left -> hub.left"])
        .joined(&["tee.right -> hub.right", "tee.on -> city"]);
    let chain = build(chain);
    let solved = solve(&chain);
    exact(flow(&solved, "hub.out"), 150.0);
    exact(flow(&solved, "tee.right"), 52.5);
}

#[test]
fn a_loop_without_flow() {
    let chain = plant_with_purge(&[("propane", 1.0)], 0.1);
    let solved = solve_with(&chain, &[("field.flow", mol(0.0).into())]);
    assert_eq!(flow(&solved, "hub.out").to_bits(), 0.0_f64.to_bits());
    inlet(&solved, "field", 0.0, &[]);
}

#[test]
fn a_loop_scales_with_its_feed() {
    let chain = plant_with_purge(&[("propane", 0.9), ("nitrogen", 0.1)], 0.1);
    let whole = solve(&chain);
    for scale in [1e-9, 1e-6, 1e6] {
        let solved = solve_with(&chain, &[("field.flow", mol(100.0 * scale).into())]);
        for (one, other) in solved.links().zip(whole.links()) {
            for (&small, &large) in one.stream.flows.iter().zip(other.stream.flows) {
                exact(small, large * scale);
            }
        }
    }
}

#[test]
fn running_a_loop_twice_gives_identical_bits() {
    let chain = plant_with_purge(&[("propane", 0.9), ("nitrogen", 0.1)], 0.013);
    let mut case = chain.case();
    let first = bits(&case.solve().unwrap());
    case.set("purge.vent", 0.9).unwrap().solve().unwrap();
    assert_eq!(first, bits(&case.reset().solve().unwrap()));
}
