//! Recycles through chains that refuse a part of what goes round.

use crate::chain::rule::recycle::chains::{exact, species};
use crate::support::between::light_gases;
use crate::support::chains::{Parts, at_most, build, chain_of, mol, of};
use crate::support::compare::same;
use crate::support::solved::{flow, inlet, solve, solve_with};
use gaschain::ErrorKind;
use gaschain::chain::Builder;
use gaschain::limit::Limit;
use gaschain::measure::Measure;
use gaschain::stage::{Blend, Split, Supply};

/// A recycle through an inner chain: `surplus` says what is done with what it refuses.
fn recycle_through(plant: Builder, surplus: Option<&str>) -> Builder {
    let slate = species();
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "field", 100.0, &[("methane", 1.0)])
        .blend("hub", &["fresh", "back"])
        .chain("plant", plant)
        .stage("tee", Split::new(["back"], "on"))
        .set("tee.back", 0.5)
        .market("city")
        .joined(&["field -> hub.fresh", "hub -> plant.feed", "plant.out -> tee"])
        .joined(&["tee.back -> hub.back", "tee.on -> city"]);
    match surplus {
        Some("switch") => {
            chain.blend("flare", &["gas"]).leaving_as_loss("flare.out").connect_by_switch(
                "plant.feed.surplus -> flare",
                "flaring",
                false,
            );
        }
        Some(to) => {
            chain
                .blend("flare", &["gas"])
                .leaving_as_loss("flare.out")
                .connect(&format!("plant.feed.surplus -> {to}"));
        }
        None => {}
    }
    chain
}

fn passing(name: &str) -> Builder {
    let mut plant = Builder::new(name, &species());
    plant
        .inlets(&["feed"])
        .outlet("out")
        .blend("work", &["in"])
        .joined(&["feed -> work", "work -> out"]);
    plant
}

#[test]
fn a_recycle_may_pass_a_chain_that_refuses_a_part() {
    let mut plant = passing("plant");
    plant.limit(at_most("size", "feed", 150.0));
    // half of 150 goes back to the 100 that come: 175 are offered
    let chain = build(recycle_through(plant.clone(), Some("flare")));
    let solved = solve(&chain);
    inlet(&solved, "field", 100.0, &[]);
    inlet(&solved, "plant.feed", 150.0, &["plant.size"]);
    same(flow(&solved, "hub.out"), 175.0);
    same(flow(&solved, "flare.out"), 25.0);
    same(flow(&solved, "city.sold"), 75.0);
    // not joined, or closed by a switch: the refusal goes out, and the feed is stopped
    for surplus in [None, Some("switch")] {
        let chain = build(recycle_through(plant.clone(), surplus));
        let solved = solve(&chain);
        inlet(&solved, "field", 75.0, &["plant.size"]);
        same(flow(&solved, "plant.feed"), 150.0);
    }
    // no limit, or one that does not throttle
    let chain = build(recycle_through(passing("plant"), Some("flare")));
    exact(flow(&solve(&chain), "hub.out"), 200.0);
    let mut reported = passing("plant");
    reported.limit(at_most("size", "feed", 150.0).throttling([]));
    let chain = build(recycle_through(reported, Some("flare")));
    assert!(solve(&chain).limit("plant.size").unwrap().broken);
}

#[test]
fn a_recycle_may_pass_a_chain_that_refuses_by_a_limit_further_in() {
    let mut core = passing("core");
    core.limit(at_most("size", "feed", 150.0));
    let mut plant = Builder::new("plant", &species());
    plant
        .inlets(&["feed"])
        .outlet("out")
        .chain("core", core)
        .joined(&["feed -> core.feed", "core.out -> out"]);
    let chain = build(recycle_through(plant.clone(), Some("flare")));
    let solved = solve(&chain);
    inlet(&solved, "field", 100.0, &[]);
    inlet(&solved, "plant.feed", 150.0, &["plant.core.size"]);
    same(flow(&solved, "flare.out"), 25.0);
    let chain = build(recycle_through(plant, None));
    inlet(&solve(&chain), "field", 75.0, &["plant.core.size"]);
}

/// A plant that passes its feed on through a core whose surplus joins what the core gives; the
/// core's side stream (a tenth) is sold, past a polisher that sends its surplus round, too.
fn with_core(core: Builder, polisher: Builder) -> Builder {
    let slate = species();
    let mut plant = Builder::new("plant", &slate);
    plant
        .inlets(&["feed"])
        .outlet("out")
        .outlet("side")
        .chain("core", core)
        .blend("sum", &["core", "round"])
        .stage("tap", Split::new(["side"], "on"))
        .set("tap.side", 0.1)
        .chain("polisher", polisher)
        .blend("sold", &["polished", "round"])
        .joined(&["feed -> core.feed", "core.out -> sum.core", "core.feed.surplus -> sum.round"])
        .joined(&["sum -> tap", "tap.on -> out", "tap.side -> polisher.feed"])
        .joined(&["polisher.out -> sold.polished", "polisher.feed.surplus -> sold.round"])
        .connect("sold -> side");
    plant
}

#[test]
fn a_recycle_may_pass_a_chain_further_in_that_refuses_a_part() {
    // what the core refuses goes round it: 100 = what leaves: h = 100 + 0.45 h, whatever its size
    let mut limited = passing("limited");
    limited.limit(at_most("size", "feed", 150.0));
    let mut chain = recycle_through(with_core(limited.clone(), passing("free")), None);
    chain.leaving_as_product("plant.side");
    let chain = build(chain);
    let solved = solve(&chain);
    same(flow(&solved, "hub.out"), 100.0 / 0.55);
    inlet(&solved, "plant.core.feed", 150.0, &["plant.core.size"]);
    inlet(&solved, "field", 100.0, &[]);
    // one that lies beside the recycle
    let mut chain = recycle_through(with_core(passing("free"), limited), None);
    chain.leaving_as_product("plant.side").set("plant.polisher.size", mol(8.0));
    let chain = build(chain);
    let solved = solve(&chain);
    exact(flow(&solved, "hub.out"), 100.0 / 0.55);
    inlet(&solved, "plant.polisher.feed", 8.0, &["plant.polisher.size"]);
}

#[test]
fn a_quality_on_a_recycle_throttles_if_the_chain_tells_it_to() {
    let quality = Measure::MoleFraction("helium".into());
    let limit = Limit::at_most("helium", ("feed", quality), 0.01);
    for told in [true, false] {
        let mut plant = passing("plant");
        let limit = limit.clone();
        plant.limit(if told { limit.throttling(["feed"]) } else { limit });
        let chain = build(recycle_through(plant, Some("flare")));
        // no helium at all: nothing is refused
        let solved = solve(&chain);
        inlet(&solved, "field", 100.0, &[]);
        inlet(&solved, "plant.feed", 200.0, &[]);
        // too much: the plant takes nothing, and nothing comes back
        let helium = [("field.composition", of(&[("methane", 0.98), ("helium", 0.02)]))];
        let solved = solve_with(&chain, &helium);
        inlet(&solved, "field", 100.0, &[]);
        if told {
            inlet(&solved, "plant.feed", 0.0, &["plant.helium"]);
            same(flow(&solved, "flare.out"), 100.0);
        } else {
            inlet(&solved, "plant.feed", 200.0, &[]);
        }
    }
}

#[test]
fn a_surplus_that_leads_back_to_its_own_inlet() {
    let slate = species();
    let mut plant = passing("plant");
    plant.limit(at_most("size", "feed", 50.0));
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "field", 100.0, &[("methane", 1.0)])
        .blend("hub", &["fresh", "back"])
        .chain("plant", plant)
        .market("city")
        .joined(&["field -> hub.fresh", "hub -> plant.feed", "plant.out -> city"])
        .connect("plant.feed.surplus -> hub.back");
    let chain = build(chain);
    // what fits is never refused
    let solved = solve_with(&chain, &[("field.flow", mol(40.0).into())]);
    inlet(&solved, "field", 40.0, &[]);
    inlet(&solved, "plant.feed", 40.0, &[]);
    same(flow(&solved, "hub.back"), 0.0);
    // of 100 the plant takes 50, and the rest would go round for ever; that stops nothing
    let error = chain.case().solve().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoSolution, "{error}");
}

#[test]
fn a_recycle_through_a_chain_whose_surplus_leaves_the_chain() {
    let slate = light_gases();
    let mut inner = Builder::new("inner", &slate);
    inner
        .inlet("feed")
        .outlet("gas")
        .stage("part", Split::new(["gas"], "rest"))
        .outlet("rest")
        .set("part.gas", "50 %")
        .connect("feed -> part")
        .connect("part.gas -> gas")
        .connect("part.rest -> rest")
        .limit(Limit::at_most("capacity", ("feed", Measure::Volume(None)), "1 bcm/yr"));
    let mut builder = Builder::new("outer", &slate);
    builder
        .stage(
            "field",
            Supply::new(&slate).knowing("well", &[1.0, 0.0, 0.0, 0.0, 0.0, 0.0]).unwrap(),
        )
        .stage("mix", Blend::new(["fresh", "back"]))
        .chain("plant", inner)
        .set("field.flow", "1 bcm/yr")
        .set("field.composition", "well")
        .connect("field -> mix.fresh")
        .connect("mix -> plant")
        .connect("plant.rest -> mix.back")
        .leaving_as_product("plant.gas")
        .leaving_as_loss("plant.surplus");
    let chain = build(builder);
    let solved = solve(&chain);
    // half of the 1 that is taken goes back: 1.5 are offered
    let taken = solved.inlet("plant.feed").unwrap();
    same(taken.accepted, 1.0);
    same(taken.shut_in, 0.5);
    assert_eq!(taken.stopped_by, ["plant.capacity"]);
    assert!(solved.inlet("field").unwrap().stopped_by.is_fully_drawn());
}
