//! Recycles that are a fault: what goes round may not be refused in part on the way.

use crate::chain::rule::recycle::chains::{exact, species};
use crate::support::between::light_gases;
use crate::support::chains::{Parts, at_most, build, chain_of, mol};
use crate::support::compare::same;
use crate::support::solved::{flow, inlet, solve};
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
fn a_recycle_through_a_chain_that_may_refuse_part_of_it_is_a_fault() {
    let mut plant = passing("plant");
    plant.limit(at_most("size", "feed", 150.0));
    for surplus in ["flare", "switch"] {
        let faults = recycle_through(plant.clone(), Some(surplus)).build().unwrap_err();
        assert_eq!(
            faults.to_string(),
            "plant.feed: the recycle hub -> plant -> tee -> hub goes through plant.feed, which limit \"plant.size\" may refuse in part; allowed: no limit on a recycle, or its surplus not joined"
        );
    }
    // no limit, or one that does not throttle
    let chain = build(recycle_through(passing("plant"), Some("flare")));
    exact(flow(&solve(&chain), "hub.out"), 200.0);
    let mut reported = passing("plant");
    reported.limit(at_most("size", "feed", 150.0).throttling([]));
    let chain = build(recycle_through(reported, Some("flare")));
    assert!(solve(&chain).limit("plant.size").unwrap().broken);
    // not joined: the refusal goes out, and the feed is stopped
    let chain = build(recycle_through(plant, None));
    let solved = solve(&chain);
    inlet(&solved, "field", 75.0, &["plant.size"]);
    same(flow(&solved, "plant.feed"), 150.0);
}

#[test]
fn a_recycle_through_a_chain_that_may_refuse_by_a_limit_further_in_is_a_fault() {
    let mut core = passing("core");
    core.limit(at_most("size", "feed", 150.0));
    let mut plant = Builder::new("plant", &species());
    plant
        .inlets(&["feed"])
        .outlet("out")
        .chain("core", core)
        .joined(&["feed -> core.feed", "core.out -> out"]);
    let faults = recycle_through(plant.clone(), Some("flare")).build().unwrap_err();
    assert_eq!(
        faults.to_string(),
        "plant.feed: the recycle hub -> plant -> tee -> hub goes through plant.feed, which limit \"plant.core.size\" may refuse in part; allowed: no limit on a recycle, or its surplus not joined"
    );
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
fn a_recycle_through_a_chain_further_in_that_may_refuse_part_of_it_is_a_fault() {
    let mut limited = passing("limited");
    limited.limit(at_most("size", "feed", 150.0));
    let mut chain = recycle_through(with_core(limited.clone(), passing("free")), None);
    chain.leaving_as_product("plant.side");
    assert_eq!(
        chain.build().unwrap_err().to_string(),
        "plant.core.feed: the recycle hub -> plant -> tee -> hub goes through plant.core.feed, which limit \"plant.core.size\" may refuse in part; allowed: no limit on a recycle, or its surplus not joined"
    );
    // one that lies beside the recycle is no fault
    let mut chain = recycle_through(with_core(passing("free"), limited), None);
    chain.leaving_as_product("plant.side").set("plant.polisher.size", mol(8.0));
    let chain = build(chain);
    let solved = solve(&chain);
    // 100 = what leaves: h = 100 + 0.45 h
    exact(flow(&solved, "hub.out"), 100.0 / 0.55);
    inlet(&solved, "plant.polisher.feed", 8.0, &["plant.polisher.size"]);
}

#[test]
fn a_quality_on_a_recycle_is_a_fault_if_the_chain_tells_it_to_throttle() {
    let quality = Measure::MoleFraction("helium".into());
    let limit = Limit::at_most("helium", "feed", quality, 0.01);
    let mut plant = passing("plant");
    plant.limit(limit.clone().throttling(["feed"]));
    let faults = recycle_through(plant, Some("flare")).build().unwrap_err();
    assert_eq!(
        faults.to_string(),
        "plant.feed: the recycle hub -> plant -> tee -> hub goes through plant.feed, which limit \"plant.helium\" may refuse in part; allowed: no limit on a recycle, or its surplus not joined"
    );
    let mut plant = passing("plant");
    plant.limit(limit);
    let chain = build(recycle_through(plant, Some("flare")));
    inlet(&solve(&chain), "field", 100.0, &[]);
}

#[test]
fn a_surplus_that_leads_back_to_its_own_inlet_is_a_fault() {
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
    assert_eq!(
        chain.build().unwrap_err().to_string(),
        "plant.feed: the recycle hub -> plant -> hub goes through plant.feed, which limit \"plant.size\" may refuse in part; allowed: no limit on a recycle, or its surplus not joined"
    );
}

#[test]
fn a_recycle_through_a_chain_that_may_refuse_is_a_fault() {
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
        .limit(Limit::at_most("capacity", "feed", Measure::Volume(None), "1 bcm/yr"));
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
    assert_eq!(
        builder.build().unwrap_err().to_string(),
        "plant.feed: the recycle mix -> plant -> mix goes through plant.feed, which limit \"plant.capacity\" may refuse in part; allowed: no limit on a recycle, or its surplus not joined"
    );
}
