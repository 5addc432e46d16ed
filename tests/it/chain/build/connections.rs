//! Connections: what they join does not depend on where they stand.

use crate::support::chains::{Parts, build, chain_of, slate};
use crate::support::solved::{flow, solve};
use gaschain::chain::Chain;
use gaschain::species::Slate;
use gaschain::stage::{Comonomer, Draw, Polymerise};

/// A line that draws its comonomer from a stream of butene.
fn drawing(connections: &[&str]) -> Chain {
    let own = Slate::read("species,formula\nPE,C2H4\nPB,C4H8\n", "own.csv").unwrap();
    let slate = slate(&["ethylene", "1-butene"]).extended(own).unwrap();
    let comonomer = Comonomer { species: "1-butene", unit: "PB" };
    let line = Polymerise::new(&slate, "ethylene", "PE", Some(comonomer)).unwrap();
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "butene", 10.0, &[("1-butene", 1.0)])
        .field(&slate, "ethylene", 100.0, &[("ethylene", 1.0)])
        .stage("tap", Draw::new())
        .stage("line", line)
        .set("line.monomer_use", 1.02)
        .set("line.comonomer", 0.04)
        .market("city")
        .leaving_as_product("line.polymer")
        .leaving_as_loss("line.purge")
        .joined(connections);
    build(chain)
}

#[test]
fn a_drawn_stream_may_be_joined_before_what_it_is_drawn_from() {
    let connections =
        ["butene -> tap", "ethylene -> line", "tap.rest -> city", "tap.drawn -> line.comonomer"];
    let chain = drawing(&connections);
    let drawn = solve(&chain);
    assert!(flow(&drawn, "tap.drawn") > 1.0);
    for first in 0..connections.len() {
        let mut turned = connections;
        turned.rotate_left(first);
        let (turned, back) = (drawing(&turned), drawing(&[3, 2, 1, 0].map(|at| turned[at])));
        for other in [&turned, &back] {
            let other = solve(other);
            for port in chain.ports() {
                assert_eq!(flow(&other, port).to_bits(), flow(&drawn, port).to_bits(), "{port}");
            }
        }
    }
}
