//! Recycles: solved exactly, against answers worked out by hand or by bisection here.

mod common;

use common::*;
use gaschain::chain::{Builder, Chain, SolveError};
use gaschain::limit::Limit;
use gaschain::measure::Measure;
use gaschain::param::ParameterSpec;
use gaschain::quantity::Unit;
use gaschain::scalar::Scalar;
use gaschain::solved::{FULLY_DRAWN, Solved};
use gaschain::species::Slate;
use gaschain::stage::{
    Blend, Call, Comonomer, Draw, Fuel, Polymerise, Ports, React, Reaction, Separate, Setting,
    Split, Stage, StageError,
};

fn species() -> Slate {
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
fn dehydrogenation_plant(slate: &Slate, chain: &mut Builder, purge: f64) {
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

fn plant_with_purge(parts: &[(&str, f64)], purge: f64) -> Chain {
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
fn closes(solved: &Solved<'_>, species: &str, within: f64) {
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
fn exact(got: f64, expected: f64) {
    assert!(agree(got, expected, 1e-13), "got {got:?}, expected {expected:?}");
}

// -- linear --------------------------------------------------------------------------------------

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
    inlet(&solved, "field", 100.0, &[FULLY_DRAWN]);
    assert!(solved.worst_residual() < 1e-14);
}

#[test]
fn a_purge_lets_out_what_would_gather() {
    // nitrogen is recovered in full: only the purge lets it out
    for purge in [0.5, 0.02, 1e-4, 1e-6] {
        let parts = [("propane", 0.989), ("nitrogen", 0.01), ("helium", 0.001)];
        let chain = plant_with_purge(&parts, purge);
        let solved = chain.solve(&chain.values()).unwrap();
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
    inlet(&solved, "field", 0.0, &[FULLY_DRAWN]);
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
    let mut solver = chain.solver();
    let mut other = chain.values();
    chain.set(&mut other, "purge.vent", 0.9).unwrap();
    let first = bits(&solver.solve(&chain.values()).unwrap());
    solver.solve(&other).unwrap();
    assert_eq!(first, bits(&solver.solve(&chain.values()).unwrap()));
}

// -- not linear ----------------------------------------------------------------------------------

/// Where a function that rises through zero between `low` and `high` is zero.
fn bisect(mut low: f64, mut high: f64, rising: impl Fn(f64) -> f64) -> f64 {
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if rising(middle) > 0.0 { high = middle } else { low = middle }
    }
    0.5 * (low + high)
}

fn fuel_loop(flow: f64, duty: f64) -> Chain {
    let slate = species();
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "field", flow, &[("methane", 0.5), ("propane", 0.3), ("nitrogen", 0.2)])
        .blend("hub", &["fresh", "back"])
        .stage("fuel", Fuel::by_duty(&slate))
        .set("fuel.duty", format!("{duty} MW"))
        .stage("sieve", {
            let sieve = Separate::new("product").recovering(&slate, "c", &["methane"], "back");
            sieve.and_then(|sieve| sieve.recovering(&slate, "n", &["nitrogen"], "back")).unwrap()
        })
        .set("sieve.c", 0.3)
        .set("sieve.n", 0.8)
        .market("city")
        .leaving_as_loss("fuel.burned")
        .joined(&["field -> hub.fresh", "hub -> fuel", "fuel.gas -> sieve"])
        .joined(&["sieve.back -> hub.back", "sieve.product -> city"]);
    build(chain)
}

#[test]
fn fuel_by_duty_inside_a_loop() {
    let slate = species();
    let heat = |index: usize| slate.get(index).net_heat_25().unwrap() / 1e6;
    let duty = 20.0;
    let chain = fuel_loop(100.0, duty);
    let solved = solve(&chain);
    // with a share s burned: methane 50 / (1 - 0.3 (1 - s)), nitrogen 20 / (1 - 0.8 (1 - s))
    let methane = |s: f64| 50.0 / (1.0 - 0.3 * (1.0 - s));
    let share = bisect(0.0, 1.0, |s| s * (heat(0) * methane(s) + heat(1) * 30.0) - duty);
    same(flow_of(&solved, "hub.out", "methane"), methane(share));
    same(flow_of(&solved, "hub.out", "nitrogen"), 20.0 / (1.0 - 0.8 * (1.0 - share)));
    same(flow_of(&solved, "fuel.burned", "propane"), 30.0 * share);
    for name in ["methane", "propane", "nitrogen"] {
        closes(&solved, name, 1e-13);
    }
    // a duty that burns everything: nothing goes round
    let solved = solve_with(&chain, &[("fuel.duty", "2000 MW".into())]);
    same(flow(&solved, "fuel.burned"), 100.0);
    same(flow(&solved, "sieve.back"), 0.0);
}

/// Two ethylenes make a 1-butene; the turnover is `rate x^2`, x being the ethylene that comes.
#[derive(Debug)]
struct Dimeriser {
    ethylene: usize,
    butene: usize,
}

impl Stage for Dimeriser {
    fn kind(&self) -> &'static str {
        "dimeriser"
    }

    fn ports(&self) -> Ports {
        Ports::new(["feed"], ["out"])
    }

    fn parameters(&self) -> Vec<ParameterSpec> {
        vec![ParameterSpec::number("rate", "turnover per square of flow", Unit::BARE, 0.0, 1.0)]
    }

    fn reacts(&self) -> bool {
        true
    }

    fn linear(&self, _: usize, _: &Setting<'_>) -> bool {
        false
    }

    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let (feed, rate) = (call.inlet(0), call.number(0));
        let x = feed[self.ethylene];
        let turned = (rate * x * x).min(x);
        let out = call.outlet(0);
        out.copy_from_slice(feed);
        out[self.ethylene] = x - turned;
        out[self.butene] += turned * S::from_f64(0.5);
        Ok(())
    }
}

fn dimeriser_plant(slate: &Slate, chain: &mut Builder) {
    let dimeriser = Dimeriser {
        ethylene: slate.index("ethylene").unwrap(),
        butene: slate.index("1-butene").unwrap(),
    };
    chain
        .blend("hub", &["fresh", "back"])
        .stage("reactor", dimeriser)
        .set("reactor.rate", 0.004)
        .stage("sieve", Separate::new("on").recovering(slate, "c", &["ethylene"], "back").unwrap())
        .set("sieve.c", 0.9)
        .joined(&["hub -> reactor", "reactor -> sieve", "sieve.back -> hub.back"]);
}

fn dimeriser(flow: f64) -> Builder {
    let slate = species();
    let mut chain = chain_of(&slate);
    chain.field(&slate, "field", flow, &[("ethylene", 0.999_999), ("helium", 1e-6)]);
    dimeriser_plant(&slate, &mut chain);
    chain.market("city").joined(&["field -> hub.fresh", "sieve.on -> city"]);
    chain
}

#[test]
fn a_quadratic_stage_inside_a_loop() {
    for flow in [1.0, 20.0, 80.0, 200.0] {
        let chain = build(dimeriser(flow));
        let solved = solve(&chain);
        let fresh = flow * 0.999_999;
        // x = fresh + 0.9 (x - 0.004 x^2)
        let out = |x: f64| x - (0.004 * x * x).min(x);
        let x = bisect(fresh, 20.0 * fresh, |x| x - fresh - 0.9 * out(x));
        same(flow_of(&solved, "reactor.feed", "ethylene"), x);
        closes(&solved, "helium", 1e-13);
        let carbon = 2.0 * flow_of(&solved, "city.sold", "ethylene")
            + 4.0 * flow_of(&solved, "city.sold", "1-butene");
        same(carbon, 2.0 * fresh);
    }
}

// -- loops and limits ----------------------------------------------------------------------------

#[test]
fn a_limit_on_a_stream_of_the_loop_stops_the_feed() {
    let slate = species();
    let mut chain = chain_of(&slate);
    chain.field(&slate, "field", 100.0, &[("propane", 1.0)]);
    dehydrogenation_plant(&slate, &mut chain, 0.1);
    chain
        .market("city")
        .joined(&["field -> hub.fresh", "recovery.product -> city"])
        .leaving_as_loss("purge.vent")
        .limit(at_most("reactor.size", "reactor", 120.0));
    let chain = build(chain);
    let solved = solve(&chain);
    let back = 0.9 * 0.9 * 0.6;
    inlet(&solved, "field", 120.0 * (1.0 - back), &["reactor.size"]);
    same(flow(&solved, "reactor.feed"), 120.0);
}

/// The dehydrogenation plant as an inner chain with a limit on its reactor.
fn limited_plant(slate: &Slate) -> Builder {
    let mut plant = Builder::new("plant", slate);
    plant.inlets(&["feed"]).outlet("product").outlet("vent");
    dehydrogenation_plant(slate, &mut plant, 0.1);
    plant
        .joined(&["feed -> hub.fresh", "recovery.product -> product", "purge.vent -> vent"])
        .limit(at_most("reactor.size", "reactor", 120.0));
    plant
}

#[test]
fn a_loop_inside_a_chain_that_refuses() {
    let slate = species();
    let back = 0.9 * 0.9 * 0.6;
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "field", 100.0, &[("propane", 1.0)])
        .chain("plant", limited_plant(&slate))
        .blend("round", &["gas"])
        .market("city")
        .leaving_as_loss("plant.vent")
        .leaving_as_loss("round.out")
        .joined(&["field -> plant.feed", "plant.product -> city"])
        .connect_by_switch("plant.feed.surplus -> round", "bypass", true)
        .limit(at_most("rounds", "round", 30.0));
    let chain = build(chain);
    let refused = 100.0 - 120.0 * (1.0 - back);
    let solved = solve(&chain);
    inlet(&solved, "plant.feed", 120.0 * (1.0 - back), &["plant.reactor.size"]);
    inlet(&solved, "field", 100.0 - (refused - 30.0), &["rounds"]);
    let solved = solve_with(&chain, &[("bypass.open", false.into())]);
    inlet(&solved, "field", 120.0 * (1.0 - back), &["plant.reactor.size"]);
}

#[test]
fn a_loop_that_is_not_linear_and_a_limit_on_it() {
    let mut chain = dimeriser(200.0);
    chain.limit(at_most_of("reactor.size", "reactor", "ethylene", 150.0));
    let chain = build(chain);
    let solved = solve(&chain);
    // fresh = x - 0.9 (x - 0.004 x^2) at x = 150
    inlet(&solved, "field", (150.0 - 0.9 * (150.0 - 90.0)) / 0.999_999, &["reactor.size"]);
    same(flow_of(&solved, "reactor.feed", "ethylene"), 150.0);
}

#[test]
fn a_loop_that_is_not_linear_inside_a_chain_that_refuses() {
    // the outer limit is on butene, of which the inner chain makes less than in proportion
    let slate = species();
    let mut plant = Builder::new("plant", &slate);
    plant.inlets(&["feed"]).outlet("product");
    dimeriser_plant(&slate, &mut plant);
    plant.joined(&["feed -> hub.fresh", "sieve.on -> product"]).limit(at_most_of(
        "reactor.size",
        "reactor",
        "ethylene",
        150.0,
    ));
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "field", 200.0, &[("ethylene", 1.0)])
        .chain("plant", plant)
        .blend("gas", &["product", "round"])
        .market("city")
        .joined(&["field -> plant.feed", "plant.product -> gas.product"])
        .joined(&["plant.feed.surplus -> gas.round", "gas -> city"])
        .limit(at_most_of("butene", "city", "1-butene", 30.0))
        .limit(at_most_of("ethylene", "city", "ethylene", 50.0));
    let chain = build(chain);
    let solved = solve(&chain);
    // 0.002 x^2 = 30 at x = 122.47, before the reactor is full
    let x = 15_000.0_f64.sqrt();
    inlet(&solved, "field", x - 0.9 * (x - 60.0), &["butene"]);
    // the reactor is full with 96: 6 of ethylene pass, and what it refuses
    let solved = solve_with(&chain, &[("butene", "unknown".into())]);
    inlet(&solved, "plant.feed", 96.0, &["plant.reactor.size"]);
    inlet(&solved, "field", 96.0 + 44.0, &["ethylene"]);
}

#[test]
fn two_supplies_one_loop_and_its_limit() {
    let slate = species();
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "pure", 30.0, &[("propane", 1.0)])
        .field(&slate, "inert", 60.0, &[("propane", 0.9), ("nitrogen", 0.1)])
        .blend("feeds", &["pure", "inert"]);
    dehydrogenation_plant(&slate, &mut chain, 0.2);
    chain
        .market("city")
        .joined(&["pure -> feeds.pure", "inert -> feeds.inert", "feeds -> hub.fresh"])
        .joined(&["recovery.product -> city"])
        .leaving_as_loss("purge.vent")
        .limit(at_most("reactor.size", "reactor", 120.0));
    let chain = build(chain);
    let solved = solve(&chain);
    // per mole of fresh: propane 1 / (1 - 0.54 * 0.8), nitrogen 1 / (1 - 0.8)
    let (propane, nitrogen) = (1.0 / (1.0 - 0.54 * 0.8), 5.0);
    let accepted = (120.0 - 30.0 * propane) / (0.9 * propane + 0.1 * nitrogen);
    inlet(&solved, "pure", 30.0, &[FULLY_DRAWN]);
    inlet(&solved, "inert", accepted, &["reactor.size"]);
}

// -- no solution, and faults ---------------------------------------------------------------------

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
    let error = chain.solve(&chain.values()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the recycle hub -> tee -> hub has no solution: nothing leaves it: what enters has nowhere to go"
    );
    assert!(matches!(error, SolveError::Recycle { .. }));
    let solved = solve_with(&chain, &[("tee.back", 0.999.into())]);
    assert!(agree(flow(&solved, "hub.out"), 10_000.0, 1e-12));
}

#[test]
fn one_species_that_cannot_leave_is_enough() {
    // nitrogen is recovered in full, and there is no purge
    let chain = plant_with_purge(&[("propane", 0.99), ("nitrogen", 0.01)], 0.0);
    let error = chain.solve(&chain.values()).unwrap_err();
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
    inlet(&solve(&chain), "field", 100.0, &[FULLY_DRAWN]);
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

// -- imports joined to a draw --------------------------------------------------------------------

fn line(slate: &Slate) -> Polymerise {
    let comonomer = Comonomer { species: "1-butene", unit: "PB" };
    Polymerise::new(slate, "ethylene", "PE", Some(comonomer)).unwrap()
}

fn comonomer_drawn(butene: &[(&str, f64)], butene_flow: f64) -> Builder {
    let slate = species();
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "butene", butene_flow, butene)
        .field(&slate, "ethylene", 100.0, &[("ethylene", 1.0)])
        .stage("tap", Draw)
        .stage("line", line(&slate))
        .set("line.monomer_use", 1.02)
        .set("line.comonomer", 0.04)
        .market("city")
        .leaving_as_product("line.polymer")
        .leaving_as_loss("line.purge")
        .joined(&["butene -> tap", "ethylene -> line", "tap.rest -> city"])
        .connect("tap.drawn -> line.comonomer");
    chain
}

#[test]
fn comonomer_drawn_from_another_stream() {
    let mut chain = comonomer_drawn(&[("1-butene", 1.0)], 10.0);
    chain.limit(at_most("butene_use", "line.comonomer", 1.0));
    let chain = build(chain);
    let taken = 100.0 * 0.5 * 0.04 / 0.96;
    let solved = solve_with(&chain, &[("butene_use", "unknown".into())]);
    same(flow(&solved, "tap.drawn"), taken);
    same(flow(&solved, "city.sold"), 10.0 - taken);
    same(flow_of(&solved, "line.polymer", "PB"), taken / 1.02);
    assert_eq!(solved.imports().count(), 0, "it does not come from outside");
    let carbon = |name: &str, atoms: f64, port: &str| atoms * flow_of(&solved, port, name);
    let inflow = carbon("1-butene", 4.0, "butene.gas") + carbon("ethylene", 2.0, "ethylene.gas");
    let outflow = carbon("1-butene", 4.0, "city.sold")
        + carbon("PB", 4.0, "line.polymer")
        + carbon("PE", 2.0, "line.polymer")
        + carbon("1-butene", 4.0, "line.purge")
        + carbon("ethylene", 2.0, "line.purge");
    same(outflow, inflow);
    assert!(solved.worst_residual() < 1e-13);
    // a limit on it stops the monomer
    let solved = solve(&chain);
    inlet(&solved, "butene", 10.0, &[FULLY_DRAWN]);
    inlet(&solved, "ethylene", 1.0 / (0.5 * 0.04 / 0.96), &["butene_use"]);
}

#[test]
fn an_import_that_takes_more_than_there_is() {
    let chain = build(comonomer_drawn(&[("1-butene", 1.0)], 1.0));
    let error = chain.solve(&chain.values()).unwrap_err();
    let SolveError::Stage { stage, source } = &error else { panic!("{error}") };
    assert_eq!(stage, "tap");
    let StageError::OutOfDomain { got, .. } = source else { panic!("{error}") };
    same(*got, 100.0 * 0.5 * 0.04 / 0.96);
}

#[test]
fn a_drawn_stream_of_another_composition_than_the_import_does_not_close() {
    // the line takes pure butene; the tap gives half of it as propylene
    let chain = build(comonomer_drawn(&[("1-butene", 0.5), ("propylene", 0.5)], 10.0));
    let error = chain.solve(&chain.values()).unwrap_err();
    assert!(matches!(error, SolveError::NotClosed { .. }), "{error}");
}

/// Burns as much of what it is offered as its feed needs: a mole of methane's heat a mole of feed.
#[derive(Debug)]
struct Furnace(Vec<f64>);

impl Stage for Furnace {
    fn kind(&self) -> &'static str {
        "furnace"
    }

    fn ports(&self) -> Ports {
        Ports::new(["feed"], ["out", "burned"]).importing(["fuel"])
    }

    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let feed = call.inlet(0);
        call.outlet(0).copy_from_slice(feed);
        let moles = feed.iter().fold(S::zero(), |sum, flow| sum + *flow);
        let heat = moles * S::from_f64(self.0[0] * 0.1);
        match call.offer(0) {
            Some(offer) => {
                let mut energy = S::zero();
                for (flow, heat) in offer.iter().zip(&self.0) {
                    energy += *flow * S::from_f64(*heat);
                }
                let share = heat.share_of(energy);
                for (species, &flow) in offer.iter().enumerate() {
                    call.import(0)[species] = flow * share;
                    call.outlet(1)[species] = flow * share;
                }
            }
            None => {
                let fuel = heat / S::from_f64(self.0[0]);
                call.import(0)[0] = fuel;
                call.outlet(1)[0] = fuel;
            }
        }
        Ok(())
    }
}

fn heats(slate: &Slate) -> Vec<f64> {
    slate.iter().map(|species| species.net_heat_25().unwrap_or(0.0)).collect()
}

#[test]
fn fuel_drawn_from_the_sales_gas() {
    let slate = species();
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "propane", 50.0, &[("propane", 1.0)])
        .field(&slate, "gas", 80.0, &[("methane", 0.8), ("nitrogen", 0.15), ("helium", 0.05)])
        .stage("tap", Draw)
        .stage("furnace", Furnace(heats(&slate)))
        .market("city")
        .market("olefins")
        .leaving_as_loss("furnace.burned")
        .joined(&["propane -> furnace", "gas -> tap", "tap.rest -> city"])
        .joined(&["furnace.out -> olefins", "tap.drawn -> furnace.fuel"]);
    let chain = build(chain);
    let solved = solve(&chain);
    // 5 mol/s of methane's heat is in 6.25 mol/s of the gas
    same(flow(&solved, "tap.drawn"), 6.25);
    same(flow_of(&solved, "furnace.burned", "helium"), 6.25 * 0.05);
    same(flow(&solved, "city.sold"), 80.0 - 6.25);
    for name in ["methane", "nitrogen", "helium", "propane"] {
        closes(&solved, name, 1e-12);
    }
}

#[test]
fn fuel_drawn_from_the_plants_own_gas() {
    // the furnace's feed leaves methane behind, of which its fuel is drawn: a loop through both
    let slate = species();
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "field", 100.0, &[("methane", 0.6), ("propane", 0.4)])
        .blend("hub", &["fresh", "back"])
        .stage("furnace", Furnace(heats(&slate)))
        .stage(
            "sieve",
            Separate::new("heavy").recovering(&slate, "c", &["methane"], "light").unwrap(),
        )
        .set("sieve.c", 0.95)
        .stage("tap", Draw)
        .stage("tee", Split::new(["back"], "on"))
        .set("tee.back", 0.25)
        .market("city")
        .market("olefins")
        .leaving_as_loss("furnace.burned")
        .joined(&["field -> hub.fresh", "hub -> furnace", "furnace.out -> sieve"])
        .joined(&["sieve.light -> tap", "tap.drawn -> furnace.fuel", "tap.rest -> tee"])
        .joined(&["tee.back -> hub.back", "tee.on -> city", "sieve.heavy -> olefins"])
        .limit(at_most("furnace.size", "furnace", 50.0));
    let chain = build(chain);
    // methane through the furnace: m = 60 + (0.95 m - 0.1 (m + 40)) / 4
    let m = (60.0 - 1.0) / (1.0 - 0.85 / 4.0);
    let solved = solve_with(&chain, &[("furnace.size", "unknown".into())]);
    same(flow_of(&solved, "furnace.feed", "methane"), m);
    same(flow(&solved, "tap.drawn"), 0.1 * (m + 40.0));
    closes(&solved, "methane", 1e-12);
    // it is linear in what is accepted: half as much fits
    let solved = solve(&chain);
    inlet(&solved, "field", 100.0 * 50.0 / (m + 40.0), &["furnace.size"]);
}

/// A furnace inside a plant of its own, its fuel an import of the plant's: drawn from the sales
/// gas outside while the switch is open.
fn plant_with_drawn_fuel() -> Builder {
    let slate = species();
    let mut plant = Builder::new("plant", &slate);
    plant
        .inlet("propane")
        .outlet("out")
        .outlet("burned")
        .import("fuel")
        .stage("furnace", Furnace(heats(&slate)))
        .joined(&["propane -> furnace", "fuel -> furnace.fuel"])
        .joined(&["furnace.out -> out", "furnace.burned -> burned"])
        .limit(at_most("size", "propane", 40.0));
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "propane", 50.0, &[("propane", 1.0)])
        .field(&slate, "gas", 80.0, &[("methane", 0.8), ("nitrogen", 0.15), ("helium", 0.05)])
        .stage("tap", Draw)
        .market("city")
        .market("olefins")
        .chain("plant", plant)
        .leaving_as_loss("plant.burned")
        .joined(&["propane -> plant", "gas -> tap", "tap.rest -> city", "plant.out -> olefins"])
        .connect_by_switch("tap.drawn -> plant.fuel", "own_fuel", true);
    chain
}

#[test]
fn the_fuel_of_an_inner_chain_is_drawn_outside_it() {
    let chain = build(plant_with_drawn_fuel());
    let solved = solve(&chain);
    inlet(&solved, "propane", 40.0, &["plant.size"]);
    // 4 mol/s of methane's heat is in 5 mol/s of the gas
    same(flow(&solved, "tap.drawn"), 5.0);
    same(flow(&solved, "plant.fuel"), 5.0);
    same(flow_of(&solved, "plant.burned", "helium"), 5.0 * 0.05);
    same(flow(&solved, "city.sold"), 75.0);
    assert_eq!(solved.imports().count(), 0);
    closes(&solved, "methane", 1e-12);

    let shut = solve_with(&chain, &[("own_fuel.open", false.into())]);
    inlet(&shut, "propane", 40.0, &["plant.size"]);
    same(flow(&shut, "tap.drawn"), 0.0);
    same(flow(&shut, "city.sold"), 80.0);
    let imports: Vec<_> = shut.imports().collect();
    assert_eq!((imports[0].stage, imports[0].import), ("plant.furnace", "fuel"));
    same(imports[0].stream.mol_per_s(), 4.0);
}

#[test]
fn the_demand_outside_binds_with_what_is_drawn_inside() {
    // the city takes 70: at 80 offered and 5 drawn, 75 of the gas is accepted
    let mut chain = plant_with_drawn_fuel();
    chain.limit(at_most("city.demand", "city", 70.0));
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "propane", 40.0, &["plant.size"]);
    inlet(&solved, "gas", 75.0, &["city.demand"]);
    let shut = solve_with(&chain, &[("own_fuel.open", false.into())]);
    inlet(&shut, "gas", 70.0, &["city.demand"]);
}

#[test]
fn an_import_of_a_chain_leads_to_one_of_a_stage() {
    let slate = species();
    let mut inner = Builder::new("plant", &slate);
    inner
        .inlet("gas")
        .outlet("out")
        .import("fuel")
        .import("steam")
        .stage("blend", Blend::new(["gas", "fuel"]))
        .joined(&["gas -> blend.gas", "fuel -> blend.fuel", "blend -> out"]);
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "gas", 80.0, &[("methane", 1.0)])
        .market("city")
        .chain("plant", inner)
        .joined(&["gas -> plant", "plant -> city"]);
    let faults = chain.build().unwrap_err().to_string();
    assert_eq!(
        faults.lines().collect::<Vec<_>>(),
        [
            "fuel -> blend.fuel: \"fuel -> blend.fuel\" from import fuel; allowed: an import of the chain joined to an import of a stage",
            "plant.steam: an import that leads nowhere; allowed: one connection from it to an import inside",
        ]
    );
}

#[test]
fn a_drawn_stream_goes_to_an_import_only() {
    let slate = species();
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "gas", 80.0, &[("methane", 1.0)])
        .stage("tap", Draw)
        .market("city")
        .market("town")
        .joined(&["gas -> tap", "tap.rest -> city", "tap.drawn -> town"]);
    assert_eq!(
        chain.build().unwrap_err().to_string(),
        "tap.drawn -> town: \"tap.drawn -> town\" from tap; allowed: a drawn stream joined to an import"
    );
}
