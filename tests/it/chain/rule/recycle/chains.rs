//! A dehydrogenation plant with a recycle and a purge, and what several tests ask of recycles.

use crate::support::chains::{Parts, build, chain_of, slate};
use crate::support::compare::agree;
use gaschain::chain::{Builder, Chain};
use gaschain::solved::Solved;
use gaschain::species::Slate;
use gaschain::stage::{React, Reaction, Separate, Split};

pub fn species() -> Slate {
    let own = Slate::read("species,formula\nPE,C2H4\nPB,C4H8\n", "own.csv").unwrap();
    slate(&[
        "methane",
        "propane",
        "propylene",
        "hydrogen",
        "nitrogen",
        "helium",
        "ethylene",
        "1-butene",
    ])
    .extended(own)
    .unwrap()
}

fn dehydrogenation(slate: &Slate) -> React {
    let reaction =
        Reaction::new(slate, "conversion", "propane -> propylene + hydrogen", "propane").unwrap();
    React::new(slate, vec![reaction], "out")
}

/// Recovers propane, nitrogen and helium back to the reactor, each by its own share.
fn recovery(slate: &Slate) -> Separate {
    ["propane", "nitrogen", "helium"].iter().fold(Separate::new("product"), |stage, name| {
        stage.recovering(slate, name, &[name], "back").unwrap()
    })
}

/// Feed and recycle meet, react, and are separated; what is recovered goes back, less a purge.
pub fn dehydrogenation_plant(slate: &Slate, chain: &mut Builder, purge: f64) {
    chain
        .blend("hub", &["fresh", "back"])
        .stage("reactor", dehydrogenation(slate))
        .set("reactor.conversion", 0.4)
        .stage("recovery", recovery(slate))
        .set("recovery.propane", 0.9)
        .set("recovery.nitrogen", 1.0)
        .set("recovery.helium", 0.3)
        .stage("purge", Split::new(["vent"], "back"))
        .set("purge.vent", purge)
        .joined(&["hub -> reactor", "reactor -> recovery", "recovery.back -> purge"])
        .connect("purge.back -> hub.back");
}

pub fn plant_with_purge(parts: &[(&str, f64)], purge: f64) -> Chain {
    let slate = species();
    let mut chain = chain_of(&slate);
    chain.field(&slate, "field", 100.0, parts);
    dehydrogenation_plant(&slate, &mut chain, purge);
    chain
        .market("city")
        .joined(&["field -> hub.fresh", "recovery.product -> city"])
        .leaving_as_loss("purge.vent");
    build(chain)
}

/// Fails unless in = out of one species over the outermost boundary, relative to itself.
#[track_caller]
pub fn closes(solved: &Solved, species: &str, within: f64) {
    let index = solved.chain().slate().index(species).unwrap();
    let (mut inflow, mut outflow) = (0.0, 0.0);
    for link in solved.links() {
        if link.from.is_none() {
            inflow += link.stream.flows[index];
        }
        if link.to.is_none() {
            outflow += link.stream.flows[index];
        }
    }
    for import in solved.imports() {
        inflow += import.stream.flows[index];
    }
    assert!(agree(outflow, inflow, within), "{species}: {inflow:?} in, {outflow:?} out");
}

#[track_caller]
pub fn exact(got: f64, expected: f64) {
    assert!(agree(got, expected, 1e-13), "got {got:?}, expected {expected:?}");
}
