//! Recycles through stages that are not linear, against a bisection.

use crate::chain::rule::recycle::chains::{closes, species};
use crate::support::chains::{Parts, at_most_of, build, chain_of};
use crate::support::compare::same;
use crate::support::solved::{flow, flow_of, inlet, solve, solve_with};
use crate::support::through::{Through, through};
use gaschain::chain::{Builder, Chain};
use gaschain::param::Parameter;
use gaschain::quantity::Unit;
use gaschain::scalar::Scalar;
use gaschain::species::Slate;
use gaschain::stage::{Call, Fuel, Number, Separate, Spec, Stage, StageError};

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
    ports: Through<1>,
    rate: Number,
    ethylene: usize,
    butene: usize,
}

impl Stage for Dimeriser {
    fn spec(&self) -> &Spec {
        &self.ports.spec
    }
    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let (feed, rate) = (call.stream(self.ports.feed), call.number(self.rate));
        let x = feed[self.ethylene];
        let turned = (rate * x * x).min(x);
        let out = call.send(self.ports.to[0]);
        out.copy_from_slice(feed);
        out[self.ethylene] = x - turned;
        out[self.butene] += turned * S::from_f64(0.5);
        Ok(())
    }
}

fn dimeriser_plant(slate: &Slate, chain: &mut Builder) {
    let mut ports = through("dimeriser", ["out"]);
    ports.spec.reacts();
    let rate = Parameter::number("rate", "turnover per square of flow", Unit::BARE, 0.0, 1.0);
    let dimeriser = Dimeriser {
        rate: ports.spec.number(rate),
        ports,
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
