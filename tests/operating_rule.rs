//! The operating rule, point by point (concept, section 2), on chains small enough to work out
//! by hand. All flows are in mol/s; numbers agree to 1e-12.

mod common;

use common::*;
use gaschain::chain::{Builder, Chain, SolveError};
use gaschain::limit::{Limit, Load};
use gaschain::measure::Measure;
use gaschain::param::{ParameterSpec, Value};
use gaschain::quantity::Unit;
use gaschain::scalar::Scalar;
use gaschain::solved::{FULLY_DRAWN, Solved};
use gaschain::species::Slate;
use gaschain::stage::{
    Call, Comonomer, Fuel, Polymerise, Ports, React, Reaction, Separate, Setting, Split, Stage,
    StageError, StatedLoad,
};

const METHANE: &[(&str, f64)] = &[("methane", 1.0)];

fn gases() -> Slate {
    slate(&["methane", "ethane", "propane", "nitrogen"])
}

/// Supplies of methane that meet in one blend and go to one market.
fn fields(flows: &[(&str, f64)]) -> Builder {
    let slate = gases();
    let mut chain = chain_of(&slate);
    let names: Vec<&str> = flows.iter().map(|(name, _)| *name).collect();
    for (name, flow) in flows {
        chain.field(&slate, name, *flow, METHANE);
    }
    chain.blend("hub", &names).market("city").connect("hub -> city");
    for name in names {
        chain.connect(&format!("{name} -> hub.{name}"));
    }
    chain
}

/// A plant that takes at most `capacity` and passes it on.
fn plant(capacity: f64) -> Builder {
    let mut plant = Builder::new("plant", &gases());
    plant
        .inlets(&["feed"])
        .outlet("out")
        .blend("work", &["in"])
        .joined(&["feed -> work", "work -> out"])
        .limit(at_most("size", "feed", capacity));
    plant
}

/// One field into a plant.
fn field_and_plant(flow: f64, plant: Builder) -> Builder {
    let slate = gases();
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "field", flow, METHANE)
        .chain("plant", plant)
        .market("city")
        .joined(&["field -> plant", "plant.out -> city"]);
    chain
}

/// Furnaces that take ethane before propane, in all at most `capacity`.
fn furnaces(capacity: f64) -> Builder {
    let mut furnaces = Builder::new("furnaces", &gases());
    furnaces
        .inlets(&["ethane", "propane"])
        .outlet("cracked")
        .blend("coils", &["ethane", "propane"])
        .joined(&["ethane -> coils.ethane", "propane -> coils.propane", "coils -> cracked"])
        .limit(at_most("coils.size", "coils.out", capacity));
    furnaces
}

/// A field: its name, its flow in mol/s, mole fractions by species.
type Field<'a> = (&'a str, f64, &'a [(&'a str, f64)]);

/// A field of ethane and propane, separated, into furnaces; what they refuse is sold as gas.
fn cracker(fields: &[Field<'_>], capacity: f64) -> Builder {
    let slate = gases();
    let mut chain = chain_of(&slate);
    let names: Vec<&str> = fields.iter().map(|(name, ..)| *name).collect();
    for (name, flow, parts) in fields {
        chain.field(&slate, name, *flow, parts).connect(&format!("{name} -> hub.{name}"));
    }
    let separate = Separate::new("rest")
        .recovering(&slate, "ethane", &["ethane"], "ethane")
        .and_then(|stage| stage.recovering(&slate, "propane", &["propane"], "propane"))
        .unwrap();
    chain
        .blend("hub", &names)
        .stage("ngl", separate)
        .set("ngl.ethane", 1.0)
        .set("ngl.propane", 1.0)
        .chain("furnaces", furnaces(capacity))
        .blend("gas", &["rest", "ethane", "propane"])
        .market("city")
        .market("olefins")
        .joined(&[
            "hub -> ngl",
            "ngl.ethane -> furnaces.ethane",
            "ngl.propane -> furnaces.propane",
            "furnaces.ethane.surplus -> gas.ethane",
            "furnaces.propane.surplus -> gas.propane",
            "ngl.rest -> gas.rest",
            "gas -> city",
            "furnaces.cracked -> olefins",
        ]);
    chain
}

/// A stage of the user's own that passes its feed on and states a load of it, `x` being the feed
/// over 100 mol/s.
#[derive(Debug)]
struct Gauge(Shape);

#[derive(Debug, Clone, Copy)]
enum Shape {
    /// `4 x (1 - x)`: rises to 1 at one half and falls to 0 again.
    Parabola,
    /// `16 x^2 (1 - x)^2`: the same, flat at both ends.
    Bump,
    /// `x^2`.
    Square,
}

impl Stage for Gauge {
    fn kind(&self) -> &'static str {
        "gauge"
    }

    fn ports(&self) -> Ports {
        Ports::new(["feed"], ["out"])
    }

    fn stated_loads(&self) -> Vec<StatedLoad> {
        let (name, about) = ("power".to_owned(), "a load of its own".to_owned());
        vec![StatedLoad { name, about, unit: Unit::MEGAWATT }]
    }

    fn wavy(&self) -> bool {
        matches!(self.0, Shape::Bump)
    }

    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let feed = call.inlet(0);
        call.outlet(0).copy_from_slice(feed);
        let x = feed.iter().fold(S::zero(), |sum, flow| sum + *flow) / S::from_f64(100.0);
        let hill = x * (S::one() - x);
        let megawatts = match self.0 {
            Shape::Parabola => S::from_f64(4.0) * hill,
            Shape::Bump => S::from_f64(16.0) * hill * hill,
            Shape::Square => x * x,
        };
        call.state(0, megawatts * S::from_f64(1e6));
        Ok(())
    }
}

/// A limit on the load that a gauge states.
fn power_at_most(capacity_in_megawatts: f64) -> Limit {
    Limit {
        load: Load::Stated { load: "gauge.power".into() },
        ..Limit::at_most("power", "", Measure::Energy, format!("{capacity_in_megawatts} MW"))
            .shown_in(Unit::MEGAWATT)
    }
}

fn gauged(shape: Shape, flow: f64, capacity: f64) -> Chain {
    let slate = gases();
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "field", flow, METHANE)
        .stage("gauge", Gauge(shape))
        .market("city")
        .joined(&["field -> gauge", "gauge -> city"])
        .limit(power_at_most(capacity));
    build(chain)
}

fn load(solved: &Solved<'_>, limit: &str) -> f64 {
    solved.limit(limit).unwrap().load.unwrap()
}

// -- points 1 and 6: order and groups ------------------------------------------------------------

#[test]
fn inlets_are_filled_in_order_of_declaration() {
    let mut chain = fields(&[("a", 10.0), ("b", 10.0), ("c", 10.0)]);
    chain.limit(at_most("demand", "city", 15.0));
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "a", 10.0, &[FULLY_DRAWN]);
    inlet(&solved, "b", 5.0, &["demand"]);
    inlet(&solved, "c", 0.0, &["demand"]);
    same(flow(&solved, "city.sold"), 15.0);
    assert_eq!(solved.limit("demand").unwrap().stops, ["b", "c"]);
    same(solved.accepted_fraction("b").unwrap(), 0.5);
}

#[test]
fn the_order_is_a_parameter() {
    let mut chain = fields(&[("a", 10.0), ("b", 10.0), ("c", 10.0)]);
    chain.limit(at_most("demand", "city", 15.0));
    let chain = build(chain);
    let solved = solve_with(&chain, &[("order", "c > a > b".into())]);
    inlet(&solved, "c", 10.0, &[FULLY_DRAWN]);
    inlet(&solved, "a", 5.0, &["demand"]);
    inlet(&solved, "b", 0.0, &["demand"]);
}

#[test]
fn a_group_is_filled_by_one_common_fraction() {
    let mut chain = fields(&[("a", 10.0), ("b", 10.0), ("c", 30.0)]);
    chain.limit(at_most("demand", "city", 20.0)).set("order", "a > b + c");
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "a", 10.0, &[FULLY_DRAWN]);
    inlet(&solved, "b", 2.5, &["demand"]);
    inlet(&solved, "c", 7.5, &["demand"]);
    let solved = solve_with(&chain, &[("order", "b + c > a".into())]);
    inlet(&solved, "b", 5.0, &["demand"]);
    inlet(&solved, "c", 15.0, &["demand"]);
    inlet(&solved, "a", 0.0, &["demand"]);
    let solved = solve_with(&chain, &[("order", "a + b + c".into())]);
    inlet(&solved, "a", 4.0, &["demand"]);
    inlet(&solved, "b", 4.0, &["demand"]);
    inlet(&solved, "c", 12.0, &["demand"]);
}

#[test]
fn an_inner_chain_has_an_order_of_its_own() {
    let chain = cracker(&[("field", 100.0, &[("ethane", 0.3), ("propane", 0.7)])], 60.0);
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "field", 100.0, &[FULLY_DRAWN]);
    inlet(&solved, "furnaces.ethane", 30.0, &[FULLY_DRAWN]);
    inlet(&solved, "furnaces.propane", 30.0, &["furnaces.coils.size"]);
    same(flow_of(&solved, "city.sold", "propane"), 40.0);
    let solved = solve_with(&chain, &[("furnaces.order", "propane > ethane".into())]);
    inlet(&solved, "furnaces.propane", 60.0, &["furnaces.coils.size"]);
    inlet(&solved, "furnaces.ethane", 0.0, &["furnaces.coils.size"]);
    let solved = solve_with(&chain, &[("furnaces.order", "propane + ethane".into())]);
    inlet(&solved, "furnaces.propane", 42.0, &["furnaces.coils.size"]);
    inlet(&solved, "furnaces.ethane", 18.0, &["furnaces.coils.size"]);
}

#[test]
fn an_inlet_offered_nothing_is_fully_drawn() {
    let mut chain = fields(&[("a", 0.0), ("b", 10.0), ("c", 0.0)]);
    chain.limit(at_most("demand", "city", 5.0));
    let chain = build(chain);
    for order in ["a > b > c", "a + c > b", "b > a + c"] {
        let solved = solve_with(&chain, &[("order", order.into())]);
        inlet(&solved, "a", 0.0, &[FULLY_DRAWN]);
        inlet(&solved, "b", 5.0, &["demand"]);
        inlet(&solved, "c", 0.0, &[FULLY_DRAWN]);
    }
    // nor does a limit that nothing may pass stop what is not there
    let solved = solve_with(&chain, &[("demand", mol(0.0).into())]);
    inlet(&solved, "a", 0.0, &[FULLY_DRAWN]);
    inlet(&solved, "b", 0.0, &["demand"]);
}

#[test]
fn a_group_with_a_member_that_offers_nothing_is_filled_by_the_others() {
    let mut chain = fields(&[("a", 0.0), ("b", 10.0)]);
    chain.limit(at_most("demand", "city", 5.0)).set("order", "a + b");
    let chain = build(chain);
    let solved = solve(&chain);
    same(solved.inlet("b").unwrap().accepted, 5.0);
    same(solved.inlet("a").unwrap().accepted, 0.0);
}

// -- point 2: limits, tolerance, ties, throttling ------------------------------------------------

#[test]
fn the_tightest_of_several_limits_stops() {
    let mut chain = fields(&[("a", 50.0), ("b", 50.0)]);
    chain
        .limit(at_most("deliver", "city", 38.0))
        .limit(at_most("process", "hub.out", 42.0))
        .limit(at_most("a.potential", "a.gas", 30.0));
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "a", 30.0, &["a.potential"]);
    inlet(&solved, "b", 8.0, &["deliver"]);
    let solved = solve_with(&chain, &[("process", mol(35.0).into())]);
    inlet(&solved, "b", 5.0, &["process"]);
    assert!(!solved.limits().any(|limit| limit.broken));
}

#[test]
fn a_tie_goes_to_the_first_declared() {
    for (first, second) in [("one", "two"), ("two", "one")] {
        let mut chain = fields(&[("a", 30.0), ("b", 30.0)]);
        chain.limit(at_most(first, "city", 40.0)).limit(at_most(second, "hub.out", 40.0));
        let chain = build(chain);
        let solved = solve(&chain);
        inlet(&solved, "a", 30.0, &[FULLY_DRAWN]);
        inlet(&solved, "b", 10.0, &[first]);
        // by the walk, too: a plant that may send gas round bends the loads
        let mut chain = field_and_plant(100.0, plant(60.0));
        chain
            .blend("flare", &["gas"])
            .connect("plant.feed.surplus -> flare")
            .leaving_as_loss("flare.out")
            .limit(at_most(first, "plant.out", 40.0))
            .limit(at_most(second, "city", 40.0));
        let chain = build(chain);
        inlet(&solve(&chain), "field", 40.0, &[first]);
    }
}

#[test]
fn a_limit_reached_exactly_does_not_stop() {
    let mut chain = fields(&[("a", 10.0), ("b", 30.0)]);
    chain.limit(at_most("demand", "city", 40.0));
    let chain = build(chain);
    let stops_at = |demand: f64| {
        let solved = solve_with(&chain, &[("demand", mol(demand).into())]);
        let stopped = solved.inlet("b").unwrap().stopped_by[0].to_owned();
        (stopped, solved.limit("demand").unwrap().broken)
    };
    assert_eq!(stops_at(40.0), (FULLY_DRAWN.to_owned(), false));
    assert_eq!(stops_at(40.0 * (1.0 - 0.9e-12)), (FULLY_DRAWN.to_owned(), false));
    assert_eq!(stops_at(40.0 * (1.0 - 1.2e-12)), ("demand".to_owned(), false));
}

#[test]
fn a_limit_reached_exactly_does_not_stop_by_the_walk() {
    let mut chain = field_and_plant(40.0, plant(60.0));
    chain
        .blend("flare", &["gas"])
        .connect("plant.feed.surplus -> flare")
        .leaving_as_loss("flare.out")
        .limit(at_most("demand", "plant.out", 40.0));
    let chain = build(chain);
    let stopped = |demand: f64| {
        let solved = solve_with(&chain, &[("demand", mol(demand).into())]);
        solved.inlet("field").unwrap().stopped_by[0].to_owned()
    };
    assert_eq!(stopped(40.0), FULLY_DRAWN);
    assert_eq!(stopped(40.0 * (1.0 - 0.9e-12)), FULLY_DRAWN);
    assert_eq!(stopped(40.0 * (1.0 - 1.2e-12)), "demand");
}

#[test]
fn a_limit_may_throttle_some_inlets_only() {
    let mut chain = fields(&[("a", 30.0), ("b", 30.0)]);
    chain.limit(at_most("demand", "city", 40.0).throttling(["a"]));
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "a", 30.0, &[FULLY_DRAWN]);
    inlet(&solved, "b", 30.0, &[FULLY_DRAWN]);
    let demand = solved.limit("demand").unwrap();
    assert!(demand.broken);
    same(demand.margin.unwrap(), -20.0);
    assert_eq!(solved.warnings(), ["demand is broken: 60 mol/s, at most 40 mol/s"]);
    drop(solved);
    let solved = solve_with(&chain, &[("order", "b > a".into())]);
    inlet(&solved, "b", 30.0, &[FULLY_DRAWN]);
    inlet(&solved, "a", 10.0, &["demand"]);
}

#[test]
fn a_group_is_throttled_if_one_of_its_members_is() {
    let mut chain = fields(&[("a", 30.0), ("b", 30.0)]);
    chain.limit(at_most("demand", "city", 40.0).throttling(["a"])).set("order", "a + b");
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "a", 20.0, &["demand"]);
    inlet(&solved, "b", 20.0, &["demand"]);
}

#[test]
fn an_inner_limit_may_throttle_some_inlets_only() {
    let slate = gases();
    let mut inner = Builder::new("inner", &slate);
    inner
        .inlets(&["a", "b"])
        .outlet("out")
        .blend("work", &["a", "b"])
        .joined(&["a -> work.a", "b -> work.b", "work -> out"])
        .limit(at_most("size", "work.out", 40.0).throttling(["b"]));
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "x", 50.0, METHANE)
        .field(&slate, "y", 50.0, METHANE)
        .chain("inner", inner)
        .blend("round", &["a", "b"])
        .market("city")
        .leaving_as_loss("round.out")
        .joined(&["x -> inner.a", "y -> inner.b", "inner.out -> city"])
        .joined(&["inner.a.surplus -> round.a", "inner.b.surplus -> round.b"]);
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "inner.a", 50.0, &[FULLY_DRAWN]);
    inlet(&solved, "inner.b", 0.0, &["inner.size"]);
    assert!(solved.limit("inner.size").unwrap().broken);
    let solved = solve_with(&chain, &[("inner.order", "b > a".into())]);
    inlet(&solved, "inner.b", 40.0, &["inner.size"]);
    inlet(&solved, "inner.a", 50.0, &[FULLY_DRAWN]);
}

#[test]
fn at_least_limits_are_reported_and_do_not_stop() {
    let mut chain = fields(&[("a", 10.0)]);
    chain
        .limit(Limit::at_least("turndown", "city", Measure::Moles(None), mol(12.0)))
        .limit(Limit::at_least("easy", "city", Measure::Moles(None), mol(4.0)));
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "a", 10.0, &[FULLY_DRAWN]);
    let turndown = solved.limit("turndown").unwrap();
    assert!(turndown.broken && turndown.stops.is_empty());
    same(turndown.margin.unwrap(), -2.0);
    let easy = solved.limit("easy").unwrap();
    assert!(!easy.broken);
    same(easy.margin.unwrap(), 6.0);
    same(easy.utilisation.unwrap(), 2.5);
    assert_eq!(solved.warnings(), ["turndown is broken: 10 mol/s, at least 12 mol/s"]);
}

#[test]
fn an_at_least_limit_told_to_throttle_is_broken_at_zero_flow() {
    let mut chain = fields(&[("a", 10.0)]);
    let turndown = Limit::at_least("turndown", "city", Measure::Moles(None), mol(12.0));
    chain.limit(turndown.throttling(["a"]));
    let chain = build(chain);
    let error = chain.solve(&chain.values()).unwrap_err();
    assert_eq!(error.to_string(), "limit turndown is broken at zero flow, by 12 mol/s");
    assert!(matches!(error, SolveError::BrokenAtZeroFlow { .. }));
}

/// A clean field (2 % nitrogen) and a dirty one (12 %).
fn two_qualities(limit: Limit) -> Chain {
    let slate = gases();
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "clean", 80.0, &[("methane", 0.98), ("nitrogen", 0.02)])
        .field(&slate, "dirty", 80.0, &[("methane", 0.88), ("nitrogen", 0.12)])
        .blend("hub", &["clean", "dirty"])
        .market("city")
        .joined(&["clean -> hub.clean", "dirty -> hub.dirty", "hub -> city"])
        .limit(limit);
    build(chain)
}

#[test]
fn a_quality_limit_throttles_only_when_told() {
    let nitrogen = Measure::MoleFraction("nitrogen".into());
    let chain = two_qualities(Limit::at_most("nitrogen", "city", nitrogen.clone(), 0.04));
    let solved = solve(&chain);
    inlet(&solved, "clean", 80.0, &[FULLY_DRAWN]);
    inlet(&solved, "dirty", 80.0, &[FULLY_DRAWN]);
    let limit = solved.limit("nitrogen").unwrap();
    assert!(limit.broken);
    same(limit.load.unwrap(), 0.07);
    same(limit.margin.unwrap(), 0.04 - 0.07);
    // (1.6 + 0.12 x) = 0.04 (80 + x): x = 1.6 / 0.08 = 20
    let told = [("nitrogen.throttles", Value::Flag(true))];
    let solved = solve_with(&chain, &told);
    inlet(&solved, "clean", 80.0, &[FULLY_DRAWN]);
    inlet(&solved, "dirty", 20.0, &["nitrogen"]);
    same(load(&solved, "nitrogen"), 0.04);
    assert!(!solved.limit("nitrogen").unwrap().broken);
    // the dirty field first: nothing of it can be taken, and the clean one then can
    let dirty_first = [told[0].clone(), ("order", "dirty > clean".into())];
    let solved = solve_with(&chain, &dirty_first);
    inlet(&solved, "dirty", 0.0, &["nitrogen"]);
    inlet(&solved, "clean", 80.0, &[FULLY_DRAWN]);
    // told by the chain itself, to throttle the dirty field only
    let limit = Limit::at_most("nitrogen", "city", nitrogen, 0.04).throttling(["dirty"]);
    let chain = two_qualities(limit);
    inlet(&solve(&chain), "dirty", 20.0, &["nitrogen"]);
    let untold = [("nitrogen.throttles", Value::Flag(false))];
    inlet(&solve_with(&chain, &untold), "dirty", 80.0, &[FULLY_DRAWN]);
}

#[test]
fn an_at_least_quality_throttles_when_told() {
    let methane = Measure::MoleFraction("methane".into());
    let chain = two_qualities(Limit::at_least("methane", "city", methane, 0.96));
    let solved = solve(&chain);
    inlet(&solved, "dirty", 80.0, &[FULLY_DRAWN]);
    assert!(solved.limit("methane").unwrap().broken);
    // (78.4 + 0.88 x) = 0.96 (80 + x): x = 1.6 / 0.08 = 20
    let solved = solve_with(&chain, &[("methane.throttles", Value::Flag(true))]);
    inlet(&solved, "clean", 80.0, &[FULLY_DRAWN]);
    inlet(&solved, "dirty", 20.0, &["methane"]);
    same(solved.limit("methane").unwrap().margin.unwrap() + 0.96, 0.96);
}

#[test]
fn a_quality_reached_exactly_does_not_stop() {
    for share in [0.02, 0.1, 0.3, 0.7, 0.9, 0.93, 0.97] {
        let slate = gases();
        let mut chain = chain_of(&slate);
        let nitrogen = Measure::MoleFraction("nitrogen".into());
        chain
            .field(&slate, "field", 7.3, &[("methane", 1.0 - share), ("nitrogen", share)])
            .market("city")
            .connect("field -> city")
            .limit(Limit::at_most("nitrogen", "city", nitrogen, share).throttling(["field"]));
        let chain = build(chain);
        inlet(&solve(&chain), "field", 7.3, &[FULLY_DRAWN]);
    }
}

#[test]
fn a_quality_of_nothing_has_no_value() {
    let nitrogen = Measure::MoleFraction("nitrogen".into());
    let chain = two_qualities(Limit::at_most("nitrogen", "city", nitrogen, 0.04));
    let set = [("clean.flow", mol(0.0).into()), ("dirty.flow", mol(0.0).into())];
    let solved = solve_with(&chain, &set);
    let limit = solved.limit("nitrogen").unwrap();
    assert_eq!((limit.load, limit.utilisation, limit.margin), (None, None, None));
    assert!(!limit.broken);
}

#[test]
fn two_inlets_share_one_limit() {
    let slate = gases();
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "a", 10.0, &[("methane", 0.5), ("ethane", 0.5)])
        .field(&slate, "b", 10.0, &[("methane", 0.2), ("ethane", 0.8)])
        .blend("hub", &["a", "b"])
        .market("city")
        .joined(&["a -> hub.a", "b -> hub.b", "hub -> city"])
        .limit(at_most_of("ethane", "city", "ethane", 9.0));
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "a", 10.0, &[FULLY_DRAWN]);
    inlet(&solved, "b", 5.0, &["ethane"]);
    let solved = solve_with(&chain, &[("ethane", mol(4.0).into())]);
    inlet(&solved, "a", 8.0, &["ethane"]);
    inlet(&solved, "b", 0.0, &["ethane"]);
    assert_eq!(solved.limit("ethane").unwrap().stops, ["a", "b"]);
}

#[test]
fn zero_capacity_lets_exactly_nothing_in() {
    let mut chain = fields(&[("a", 10.0), ("b", 10.0)]);
    chain.limit(at_most("closed", "a.gas", 0.0)).limit(at_most("demand", "city", 5.0));
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "a", 0.0, &["closed"]);
    assert_eq!(solved.accepted_fraction("a").unwrap().to_bits(), 0.0_f64.to_bits());
    assert_eq!(solved.inlet("a").unwrap().accepted.to_bits(), 0.0_f64.to_bits());
    inlet(&solved, "b", 5.0, &["demand"]);
    assert_eq!(solved.limit("closed").unwrap().utilisation, None);
    same(solved.limit("closed").unwrap().margin.unwrap(), 0.0);
    let nothing = [("demand", mol(0.0).into()), ("closed", "unknown".into())];
    let solved = solve_with(&chain, &nothing);
    for name in ["a", "b"] {
        inlet(&solved, name, 0.0, &["demand"]);
        assert_eq!(solved.accepted_fraction(name).unwrap().to_bits(), 0.0_f64.to_bits());
        assert_eq!(solved.inlet(name).unwrap().accepted.to_bits(), 0.0_f64.to_bits());
    }
}

#[test]
fn zero_capacity_lets_exactly_nothing_in_by_the_walk() {
    let mut chain = field_and_plant(100.0, plant(60.0));
    chain
        .blend("flare", &["gas"])
        .connect("plant.feed.surplus -> flare")
        .leaving_as_loss("flare.out")
        .limit(at_most("demand", "plant.out", 0.0));
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "field", 0.0, &["demand"]);
    assert_eq!(solved.inlet("field").unwrap().accepted.to_bits(), 0.0_f64.to_bits());
    // and the plant's own: everything goes round it
    let set = [("demand", "unknown".into()), ("plant.size", mol(0.0).into())];
    let solved = solve_with(&chain, &set);
    inlet(&solved, "field", 100.0, &[FULLY_DRAWN]);
    inlet(&solved, "plant.feed", 0.0, &["plant.size"]);
    same(flow(&solved, "flare.out"), 100.0);
}

#[test]
fn an_unknown_capacity_never_stops_and_is_never_used_to_any_share() {
    let mut chain = fields(&[("a", 10.0)]);
    chain.limit(Limit::at_most("demand", "city", Measure::Moles(None), "unknown"));
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "a", 10.0, &[FULLY_DRAWN]);
    let demand = solved.limit("demand").unwrap();
    same(demand.load.unwrap(), 10.0);
    assert_eq!((demand.capacity, demand.utilisation, demand.margin), (None, None, None));
    assert!(!demand.broken);
    // an unknown factor makes an unknown capacity
    let mut chain = fields(&[("a", 10.0)]);
    let trains = ParameterSpec::number("trains", "trains", Unit::parse("units").unwrap(), 0.0, 9.0);
    let demand = Limit::at_most("demand", "city", Measure::Moles(None), "unknown");
    chain.parameter(trains, 2.0).limit(demand.times(["trains"]));
    let chain = build(chain);
    assert_eq!(solve(&chain).limit("demand").unwrap().capacity, None);
    let solved = solve_with(&chain, &[("demand", mol(3.0).into())]);
    inlet(&solved, "a", 6.0, &["demand"]);
}

#[test]
fn an_inlet_that_cannot_open_at_all_is_stopped_at_zero() {
    let mut chain = fields(&[("a", 10.0), ("b", 10.0)]);
    chain.limit(at_most("demand", "city", 10.0));
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "a", 10.0, &[FULLY_DRAWN]);
    inlet(&solved, "b", 0.0, &["demand"]);
    same(solved.inlet("b").unwrap().shut_in, 10.0);
    // where the first inlet is itself stopped, too, whatever rounding leaves
    for capacity in [0.1, 0.3, 0.7, 3.3, 7.7, 9.9] {
        let solved = solve_with(&chain, &[("demand", mol(capacity).into())]);
        inlet(&solved, "a", capacity, &["demand"]);
        assert!(solved.accepted_fraction("b").unwrap() < 1e-15);
        assert_eq!(solved.inlet("b").unwrap().stopped_by, ["demand"]);
    }
}

#[test]
fn utilisation_and_signed_margins() {
    let mut chain = fields(&[("a", 30.0)]);
    chain
        .limit(at_most("roomy", "city", 40.0))
        .limit(at_most("broken", "city", 24.0).throttling([]))
        .limit(Limit::at_least("least", "city", Measure::Moles(None), mol(60.0)))
        .limit(
            Limit::at_most("mass", "city", Measure::Mass(None), "1 kg/s")
                .shown_in(Unit::KILOGRAM_PER_SECOND),
        );
    let chain = build(chain);
    let solved = solve(&chain);
    let get = |address: &str| solved.get(address).unwrap().unwrap();
    same(get("roomy.utilisation"), 0.75);
    same(get("roomy.margin"), 10.0);
    same(get("broken.utilisation"), 1.25);
    same(get("broken.margin"), -6.0);
    same(get("least.utilisation"), 0.5);
    same(get("least.margin"), -30.0);
    same(get("mass.load"), 30.0 * 0.016_042_46);
    same(get("mass.margin"), 1.0 - 30.0 * 0.016_042_46);
    same(get("a.accepted"), 30.0);
    assert_eq!(
        solved.limits().map(|limit| limit.broken).collect::<Vec<_>>(),
        [false, true, true, false]
    );
}

// -- points 3 and 4: surplus ---------------------------------------------------------------------

#[test]
fn a_joined_surplus_flows_on() {
    let mut chain = field_and_plant(100.0, plant(60.0));
    chain
        .blend("flare", &["gas"])
        .connect("plant.feed.surplus -> flare")
        .leaving_as_loss("flare.out");
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "field", 100.0, &[FULLY_DRAWN]);
    inlet(&solved, "plant.feed", 60.0, &["plant.size"]);
    let feed = solved.inlet("plant.feed").unwrap();
    same(feed.offered, 100.0);
    same(feed.shut_in, 40.0);
    same(flow(&solved, "flare.out"), 40.0);
    same(flow(&solved, "city.sold"), 60.0);
}

#[test]
fn an_unjoined_surplus_stops_the_outer_inlet_and_names_the_inner_limit() {
    let chain = build(field_and_plant(100.0, plant(60.0)));
    let solved = solve(&chain);
    inlet(&solved, "field", 60.0, &["plant.size"]);
    inlet(&solved, "plant.feed", 60.0, &[FULLY_DRAWN]);
    same(solved.inlet("field").unwrap().shut_in, 40.0);
    same(flow(&solved, "plant.feed.surplus"), 0.0);
    assert_eq!(solved.limit("plant.size").unwrap().stops, ["field"]);
}

#[test]
fn a_switch_closes_a_joined_surplus() {
    let mut chain = field_and_plant(100.0, plant(60.0));
    chain
        .blend("flare", &["gas"])
        .connect_by_switch("plant.feed.surplus -> flare", "bypass", true)
        .leaving_as_loss("flare.out");
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "field", 100.0, &[FULLY_DRAWN]);
    inlet(&solved, "plant.feed", 60.0, &["plant.size"]);
    let solved = solve_with(&chain, &[("bypass.open", Value::Flag(false))]);
    inlet(&solved, "field", 60.0, &["plant.size"]);
    inlet(&solved, "plant.feed", 60.0, &[FULLY_DRAWN]);
    same(flow(&solved, "flare.out"), 0.0);
    // one solver, switched to and fro
    let mut solver = chain.solver();
    let (open, mut closed) = (chain.values(), chain.values());
    chain.set(&mut closed, "bypass.open", false).unwrap();
    for _ in 0..2 {
        inlet(&solver.solve(&open).unwrap(), "field", 100.0, &[FULLY_DRAWN]);
        inlet(&solver.solve(&closed).unwrap(), "field", 60.0, &["plant.size"]);
    }
}

/// A plant inside a site inside a region; `joined` says at which level the surplus is joined.
fn three_levels(joined: Option<usize>) -> Builder {
    let slate = gases();
    let mut site = Builder::new("site", &slate);
    site.inlets(&["feed"]).outlet("out").chain("plant", plant(60.0));
    site.blend("sum", if joined == Some(1) { &["through", "round"] } else { &["through"] });
    site.joined(&["feed -> plant.feed", "plant.out -> sum.through", "sum -> out"]);
    if joined == Some(1) {
        site.connect("plant.feed.surplus -> sum.round");
    }
    let mut region = Builder::new("region", &slate);
    region.inlets(&["feed"]).outlet("out").chain("site", site);
    region.blend("sum", if joined == Some(2) { &["through", "round"] } else { &["through"] });
    region.joined(&["feed -> site.feed", "site.out -> sum.through", "sum -> out"]);
    if joined == Some(2) {
        region.connect("site.feed.surplus -> sum.round");
    }
    let mut chain = chain_of(&slate);
    chain.field(&slate, "field", 100.0, METHANE).chain("region", region).market("city");
    chain.joined(&["field -> region.feed", "region.out -> city"]);
    chain
}

#[test]
fn a_refusal_goes_out_through_three_levels_to_where_it_is_joined() {
    let chain = build(three_levels(None));
    let solved = solve(&chain);
    inlet(&solved, "field", 60.0, &["region.site.plant.size"]);
    for address in ["region.feed", "region.site.feed", "region.site.plant.feed"] {
        inlet(&solved, address, 60.0, &[FULLY_DRAWN]);
    }
    // joined inside the region: the site's inlet is what is stopped
    let chain = build(three_levels(Some(2)));
    let solved = solve(&chain);
    inlet(&solved, "field", 100.0, &[FULLY_DRAWN]);
    inlet(&solved, "region.feed", 100.0, &[FULLY_DRAWN]);
    inlet(&solved, "region.site.feed", 60.0, &["region.site.plant.size"]);
    inlet(&solved, "region.site.plant.feed", 60.0, &[FULLY_DRAWN]);
    same(flow(&solved, "region.site.feed.surplus"), 40.0);
    same(flow(&solved, "city.sold"), 100.0);
    // joined inside the site
    let chain = build(three_levels(Some(1)));
    let solved = solve(&chain);
    inlet(&solved, "region.site.feed", 100.0, &[FULLY_DRAWN]);
    inlet(&solved, "region.site.plant.feed", 60.0, &["region.site.plant.size"]);
    same(flow(&solved, "region.site.plant.feed.surplus"), 40.0);
}

#[test]
fn two_levels_of_refusal_with_limits_at_both() {
    let slate = gases();
    let mut site = Builder::new("site", &slate);
    site.inlets(&["feed"])
        .outlet("out")
        .chain("plant", plant(60.0))
        .joined(&["feed -> plant.feed", "plant.out -> out"])
        .limit(at_most("gate", "feed", 50.0));
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "field", 100.0, METHANE)
        .chain("site", site)
        .market("city")
        .joined(&["field -> site.feed", "site.out -> city"])
        .limit(at_most("demand", "city", 70.0));
    let chain = build(chain);
    inlet(&solve(&chain), "field", 50.0, &["site.gate"]);
    let solved = solve_with(&chain, &[("site.gate", mol(65.0).into())]);
    inlet(&solved, "field", 60.0, &["site.plant.size"]);
    let solved = solve_with(&chain, &[("demand", mol(45.0).into())]);
    inlet(&solved, "field", 45.0, &["demand"]);
}

#[test]
fn an_inlet_stopped_just_where_one_further_in_begins_to_refuse() {
    // the site's second plant takes nothing of what goes round its first: what the site accepts
    // hangs on the edge of what the first tolerates, however far the field opens
    let slate = gases();
    let mut closed = Builder::new("closed", &slate);
    closed.inlets(&["feed"]).outlet("out").blend("through", &["gas"]);
    closed.joined(&["feed -> through", "through -> out"]).limit(at_most("size", "through", 0.0));
    let mut site = Builder::new("site", &slate);
    site.inlets(&["feed"])
        .outlet("out")
        .outlet("past")
        .chain("plant", plant(60.0))
        .chain("closed", closed)
        .joined(&["feed -> plant.feed", "plant.out -> out", "plant.feed.surplus -> closed.feed"])
        .joined(&["closed.out -> past"]);
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "field", 100.0, METHANE)
        .chain("site", site)
        .blend("round", &["gas"])
        .market("city")
        .joined(&["field -> site.feed", "site.out -> city", "site.feed.surplus -> round"])
        .leaving_as_loss("site.past")
        .leaving_as_loss("round.out")
        .limit(at_most("rounds", "round", 35.0));
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "field", 95.0, &["rounds"]);
    inlet(&solved, "site.feed", 60.0, &["site.closed.size"]);
}

#[test]
fn a_limit_is_protected_by_the_inlets_of_its_own_chain() {
    // the outer demand stops the field, not the plant's inlet, whose surplus is joined
    let mut chain = field_and_plant(100.0, plant(60.0));
    chain
        .blend("flare", &["gas"])
        .connect("plant.feed.surplus -> flare")
        .leaving_as_loss("flare.out")
        .limit(at_most("demand", "city", 30.0));
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "field", 30.0, &["demand"]);
    inlet(&solved, "plant.feed", 30.0, &[FULLY_DRAWN]);
    same(flow(&solved, "flare.out"), 0.0);
}

#[test]
fn an_inner_chain_refuses_each_of_two_outer_inlets() {
    let slate = gases();
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "a", 40.0, METHANE)
        .field(&slate, "b", 40.0, METHANE)
        .blend("hub", &["a", "b"])
        .chain("plant", plant(60.0))
        .market("city")
        .joined(&["a -> hub.a", "b -> hub.b", "hub -> plant", "plant.out -> city"]);
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "a", 40.0, &[FULLY_DRAWN]);
    inlet(&solved, "b", 20.0, &["plant.size"]);
    assert_eq!(solved.limit("plant.size").unwrap().stops, ["b"]);
}

#[test]
fn an_inner_limit_shared_by_a_joined_and_an_unjoined_inlet() {
    // a (joined) gives way to b (not joined) only as far as the order says
    let slate = gases();
    let mut inner = Builder::new("inner", &slate);
    inner
        .inlets(&["b", "a"])
        .outlet("out")
        .blend("work", &["a", "b"])
        .joined(&["a -> work.a", "b -> work.b", "work -> out"])
        .limit(at_most("size", "work.out", 60.0));
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "x", 50.0, METHANE)
        .field(&slate, "y", 80.0, METHANE)
        .chain("inner", inner)
        .blend("flare", &["gas"])
        .market("city")
        .leaving_as_loss("flare.out")
        .joined(&["x -> inner.a", "y -> inner.b", "inner.out -> city"])
        .connect("inner.a.surplus -> flare");
    let chain = build(chain);
    // b first inside: it displaces a, and is refused only by itself
    let solved = solve(&chain);
    inlet(&solved, "x", 50.0, &[FULLY_DRAWN]);
    inlet(&solved, "y", 60.0, &["inner.size"]);
    inlet(&solved, "inner.a", 0.0, &["inner.size"]);
    // a first inside: what a takes is lost to b
    let solved = solve_with(&chain, &[("inner.order", "a > b".into())]);
    inlet(&solved, "x", 50.0, &[FULLY_DRAWN]);
    inlet(&solved, "y", 10.0, &["inner.size"]);
    inlet(&solved, "inner.a", 50.0, &[FULLY_DRAWN]);
}

// -- point 5: loads that fall, stay flat, bend ---------------------------------------------------

const ETHANE_AND_PROPANE: &[(&str, f64)] = &[("ethane", 0.5), ("propane", 0.5)];

#[test]
fn a_load_that_falls_while_an_inlet_opens_is_legitimate() {
    // propane is taken until the furnaces are full, and then displaced by ethane
    let mut chain = cracker(&[("field", 100.0, ETHANE_AND_PROPANE)], 40.0);
    chain.limit(at_most("propane_line", "furnaces.propane", 25.0));
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "field", 100.0, &[FULLY_DRAWN]);
    inlet(&solved, "furnaces.ethane", 40.0, &["furnaces.coils.size"]);
    inlet(&solved, "furnaces.propane", 0.0, &["furnaces.coils.size"]);
    assert!(solved.warnings().is_empty());
}

#[test]
fn the_first_crossing_stops_even_if_the_load_falls_below_its_capacity_again() {
    let mut chain = cracker(&[("field", 100.0, ETHANE_AND_PROPANE)], 40.0);
    chain.limit(at_most("propane_line", "furnaces.propane", 10.0));
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "field", 20.0, &["propane_line"]);
    assert_eq!(
        solved.warnings(),
        [
            "propane_line stops an inlet although its load falls while that inlet opens further: a larger opening might hold"
        ]
    );
}

#[test]
fn a_load_that_has_fallen_may_rise_again_and_stop_without_having_been_broken() {
    // the first field fills the furnaces half with propane; the second, all ethane, displaces it
    let mut chain =
        cracker(&[("rich", 40.0, ETHANE_AND_PROPANE), ("lean", 60.0, &[("ethane", 1.0)])], 40.0);
    chain.limit(at_most("propane_line", "furnaces.propane", 20.0)).limit(at_most_of(
        "ethane_in_gas",
        "city",
        "ethane",
        30.0,
    ));
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "rich", 40.0, &[FULLY_DRAWN]);
    // 20 displace propane, 30 more go into the gas
    inlet(&solved, "lean", 50.0, &["ethane_in_gas"]);
    inlet(&solved, "furnaces.propane", 0.0, &["furnaces.coils.size"]);
    assert!(solved.warnings().is_empty(), "{:?}", solved.warnings());
}

#[test]
fn the_warning_is_about_limits_that_stop_in_the_end() {
    // at full opening the propane line would stop the propane; the demand keeps it from that
    let slate = gases();
    let mut works = cracker_inside(10.0, 40.0);
    works.set("order", "feed > other");
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "field", 100.0, ETHANE_AND_PROPANE)
        .field(&slate, "other", 5.0, METHANE)
        .chain("works", works)
        .blend("round", &["feed"])
        .market("city")
        .market("town")
        .market("olefins")
        .leaving_as_loss("round.out")
        .joined(&["field -> works.feed", "other -> works.other", "works.feed.surplus -> round"])
        .joined(&["works.gas -> city", "works.cracked -> olefins", "works.past -> town"])
        .limit(at_most("town.demand", "town", 4.0))
        .limit(at_most("field.potential", "field.gas", 10.0));
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "field", 10.0, &["field.potential"]);
    inlet(&solved, "works.feed", 10.0, &[FULLY_DRAWN]);
    assert!(solved.warnings().is_empty(), "{:?}", solved.warnings());
}

/// A cracker as an inner chain, with a limit on the propane it takes, and a second inlet that
/// passes it by.
fn cracker_inside(propane_line: f64, coils: f64) -> Builder {
    let slate = gases();
    let separate = Separate::new("rest")
        .recovering(&slate, "ethane", &["ethane"], "ethane")
        .and_then(|stage| stage.recovering(&slate, "propane", &["propane"], "propane"))
        .unwrap();
    let mut works = Builder::new("works", &slate);
    works
        .inlets(&["feed", "other"])
        .outlet("gas")
        .outlet("cracked")
        .outlet("past")
        .blend("by", &["other"])
        .stage("ngl", separate)
        .set("ngl.ethane", 1.0)
        .set("ngl.propane", 1.0)
        .chain("furnaces", furnaces(coils))
        .blend("sum", &["rest", "ethane", "propane"])
        .joined(&[
            "feed -> ngl",
            "ngl.ethane -> furnaces.ethane",
            "ngl.propane -> furnaces.propane",
            "furnaces.ethane.surplus -> sum.ethane",
            "furnaces.propane.surplus -> sum.propane",
            "ngl.rest -> sum.rest",
            "sum -> gas",
            "furnaces.cracked -> cracked",
            "other -> by",
            "by -> past",
        ])
        .limit(at_most("propane_line", "furnaces.propane", propane_line).throttling(["feed"]));
    works
}

#[test]
fn a_load_flat_until_an_inner_limit_refuses_then_rising() {
    let mut chain = field_and_plant(100.0, plant(30.0));
    chain
        .blend("flare", &["gas"])
        .connect("plant.feed.surplus -> flare")
        .leaving_as_loss("flare.out")
        .limit(at_most("flaring", "flare", 20.0));
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "field", 50.0, &["flaring"]);
    inlet(&solved, "plant.feed", 30.0, &["plant.size"]);
    // no flaring at all: the field is held where the plant is full
    let solved = solve_with(&chain, &[("flaring", mol(0.0).into())]);
    inlet(&solved, "field", 30.0, &["flaring"]);
}

#[test]
fn a_load_rising_then_flat_then_rising() {
    // plant one takes 30; two takes 20 of what one refuses; what two refuses joins one's product
    let slate = gases();
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "field", 100.0, METHANE)
        .chain("one", plant(30.0))
        .chain("two", plant(20.0))
        .blend("hub", &["one", "round"])
        .market("city")
        .market("town")
        .joined(&["field -> one", "one.feed.surplus -> two", "two.feed.surplus -> hub.round"])
        .joined(&["one.out -> hub.one", "hub -> city", "two.out -> town"])
        .limit(at_most("demand", "city", 40.0));
    let chain = build(chain);
    let demand = |capacity: f64| [("demand", Value::from(mol(capacity)))];
    let solved = solve(&chain);
    inlet(&solved, "field", 60.0, &["demand"]);
    inlet(&solved, "two.feed", 20.0, &["two.size"]);
    inlet(&solve_with(&chain, &demand(29.0)), "field", 29.0, &["demand"]);
    // as high as the flat stretch: it holds to the end of it
    inlet(&solve_with(&chain, &demand(30.0)), "field", 50.0, &["demand"]);
    inlet(&solve_with(&chain, &demand(80.0)), "field", 100.0, &[FULLY_DRAWN]);
}

#[test]
fn a_limit_at_the_height_of_a_flat_stretch_does_not_stop() {
    // the plant takes what the demand is for, and sends the rest round
    for size in [60.0, 42.0, 33.3, 0.1] {
        let mut chain = field_and_plant(100.0, plant(size));
        chain
            .blend("flare", &["gas"])
            .connect("plant.feed.surplus -> flare")
            .leaving_as_loss("flare.out")
            .limit(at_most("demand", "plant.out", size));
        let chain = build(chain);
        let solved = solve(&chain);
        inlet(&solved, "field", 100.0, &[FULLY_DRAWN]);
        inlet(&solved, "plant.feed", size, &["plant.size"]);
    }
}

#[test]
fn a_limit_at_the_height_of_a_flat_stretch_that_begins_at_zero_does_not_stop() {
    let slate = gases();
    let build_with = |first: f64, size: f64| {
        let mut chain = chain_of(&slate);
        chain
            .field(&slate, "first", first, METHANE)
            .field(&slate, "second", 50.0, METHANE)
            .blend("hub", &["first", "second"])
            .chain("plant", plant(size))
            .blend("flare", &["gas"])
            .market("city")
            .leaving_as_loss("flare.out")
            .joined(&["first -> hub.first", "second -> hub.second", "hub -> plant"])
            .joined(&["plant.out -> city", "plant.feed.surplus -> flare"])
            .limit(at_most("demand", "city", size));
        build(chain)
    };
    // the first supply fills the plant exactly; what the second brings goes round
    let chain = build_with(60.0, 60.0);
    let solved = solve(&chain);
    inlet(&solved, "first", 60.0, &[FULLY_DRAWN]);
    inlet(&solved, "second", 50.0, &[FULLY_DRAWN]);
    // a plant of no size sends everything round, and the demand for nothing is met
    let chain = build_with(60.0, 0.0);
    let solved = solve(&chain);
    inlet(&solved, "first", 60.0, &[FULLY_DRAWN]);
    inlet(&solved, "second", 50.0, &[FULLY_DRAWN]);
    inlet(&solved, "plant.feed", 0.0, &["plant.size"]);
}

#[test]
fn a_limit_that_an_inner_inlet_keeps_at_its_capacity_stops_nothing_outside() {
    // the capacity is a small part of what the inner inlet is offered, and the limit is passed
    // out by the other inlet: it is at its capacity from a tenth of the opening on, never past it
    let slate = gases();
    for size in [9.0, 0.9, 1e-3] {
        let mut inner = Builder::new("inner", &slate);
        inner
            .inlets(&["through", "spare"])
            .outlet("out")
            .outlet("used")
            .blend("work", &["spare"])
            .joined(&["through -> out", "spare -> work", "work -> used"])
            .limit(at_most("size", "work.out", size));
        let mut chain = chain_of(&slate);
        chain
            .field(&slate, "field", 100.0, METHANE)
            .stage("tee", Split::new(["through"], "spare"))
            .set("tee.through", 0.1)
            .chain("inner", inner)
            .blend("flare", &["gas"])
            .market("city")
            .market("works")
            .leaving_as_loss("flare.out")
            .joined(&["field -> tee", "tee.through -> inner.through", "tee.spare -> inner.spare"])
            .joined(&["inner.out -> city", "inner.used -> works", "inner.spare.surplus -> flare"]);
        let chain = build(chain);
        let solved = solve(&chain);
        inlet(&solved, "field", 100.0, &[FULLY_DRAWN]);
        inlet(&solved, "inner.through", 10.0, &[FULLY_DRAWN]);
        inlet(&solved, "inner.spare", size, &["inner.size"]);
    }
}

#[test]
fn a_load_flat_at_its_capacity_up_to_just_below_the_full_opening() {
    // gas that is too poor comes only beyond the duty: however little that is, the field is
    // accepted up to there, not to somewhere on the flat stretch before
    let slate = gases();
    let met = 5e6 / slate.get(0).net_heat_25().unwrap() / 0.7;
    for more in [1e-2, 1e-4, 1e-6, 3e-8] {
        let mut chain = chain_of(&slate);
        chain
            .field(&slate, "field", met * (1.0 + more), &[("methane", 0.7), ("nitrogen", 0.3)])
            .stage("fuel", Fuel::by_duty(&slate))
            .set("fuel.duty", "5 MW")
            .market("city")
            .leaving_as_loss("fuel.burned")
            .joined(&["field -> fuel", "fuel.gas -> city"])
            .limit(
                Limit::at_most("purity", "city", Measure::MoleFraction("nitrogen".into()), 0.1)
                    .throttling(["field"]),
            );
        let chain = build(chain);
        let solved = solve(&chain);
        let result = solved.inlet("field").unwrap();
        assert!(agree(result.accepted, met, 1e-11), "{more}: {} of {met}", result.accepted);
        assert_eq!(result.stopped_by, ["purity"]);
    }
}

#[test]
fn a_limit_of_nothing_stops_where_something_begins() {
    // a plant refuses what it has no room for, and there is no other room: the field is stopped
    // where refusal begins, not where a tolerance of all that is offered is used up
    for size in [5.7246, 30.1, 0.0] {
        let mut chain = field_and_plant(29.059, plant(size));
        chain
            .blend("flare", &["gas"])
            .connect("plant.feed.surplus -> flare")
            .leaving_as_loss("flare.out")
            .limit(at_most("flaring", "flare.out", 0.0));
        let chain = build(chain);
        let solved = solve(&chain);
        assert!(flow(&solved, "flare.out") <= 1e-14, "{:?}", flow(&solved, "flare.out"));
        let limit = solved.limit("flaring").unwrap();
        assert!(!limit.broken, "{limit:?}");
        same(solved.inlet("field").unwrap().accepted, size.min(29.059));
    }
}

#[test]
fn what_rounding_leaves_beyond_a_duty_just_met_stops_nothing_outside() {
    // the heater takes gas until its duty is met: the first gas beyond it is too poor. What it
    // refuses flows on, so nothing of what it limits rises outside
    let slate = gases();
    let mut heater = Builder::new("heater", &slate);
    heater
        .inlets(&["gas", "other"])
        .outlet("beyond")
        .outlet("burned")
        .outlet("other_out")
        .stage("fuel", Fuel::by_duty(&slate))
        .set("fuel.duty", "1 MW")
        .joined(&["gas -> fuel", "fuel.gas -> beyond", "fuel.burned -> burned"])
        .joined(&["other -> other_out"])
        .limit(
            Limit::at_most("purity", "fuel.gas", Measure::MoleFraction("nitrogen".into()), 0.01)
                .throttling(["gas", "other"]),
        );
    let mut works = Builder::new("works", &slate);
    works
        .inlets(&["feed"])
        .outlet("burned")
        .outlet("gas")
        .stage("tee", Split::new(["other"], "gas"))
        .set("tee.other", 0.77)
        .chain("heater", heater)
        .blend("rest", &["other", "refused", "beyond"])
        .joined(&["feed -> tee", "tee.gas -> heater.gas", "tee.other -> heater.other"])
        .joined(&["heater.burned -> burned", "heater.beyond -> rest.beyond"])
        .joined(&["heater.other_out -> rest.other", "heater.gas.surplus -> rest.refused"])
        .connect("rest -> gas");
    let heat = slate.get(0).net_heat_25().unwrap();
    for flow in 0..40 {
        let flow = 30.0 + 7.3 * f64::from(flow);
        for nitrogen in [0.1, 0.37, 0.6] {
            let parts = [("methane", 1.0 - nitrogen), ("nitrogen", nitrogen)];
            let mut chain = chain_of(&slate);
            chain
                .field(&slate, "field", flow, &parts)
                .chain("works", works.clone())
                .blend("flare", &["gas"])
                .market("city")
                .leaving_as_loss("flare.out")
                .leaving_as_loss("works.burned")
                .joined(&["field -> works", "works.gas -> city", "works.feed.surplus -> flare"]);
            let chain = build(chain);
            let solved = solve(&chain);
            inlet(&solved, "works.feed", flow, &[FULLY_DRAWN]);
            let met = 1e6 / heat / (1.0 - nitrogen);
            let accepted = solved.inlet("works.heater.gas").unwrap().accepted;
            assert!(agree(accepted, met.min(0.23 * flow), 1e-11), "{flow} {accepted}");
        }
    }
}

/// A lean and a rich field into a plant of 100 mol/s that sends its surplus round, with a limit
/// on the ethane in its product: `ethane = 100 (10 + 0.5 x) / (100 + x)` once it is full.
fn curved(ethane: f64) -> Chain {
    let slate = gases();
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "lean", 100.0, &[("methane", 0.9), ("ethane", 0.1)])
        .field(&slate, "rich", 200.0, &[("methane", 0.5), ("ethane", 0.5)])
        .blend("hub", &["lean", "rich"])
        .chain("plant", plant(100.0))
        .blend("round", &["gas"])
        .market("city")
        .leaving_as_loss("round.out")
        .joined(&["lean -> hub.lean", "rich -> hub.rich", "hub -> plant"])
        .joined(&["plant.out -> city", "plant.feed.surplus -> round"])
        .limit(at_most_of("ethane", "city", "ethane", ethane));
    build(chain)
}

#[test]
fn a_curved_load_is_stopped_where_it_equals_its_capacity() {
    for capacity in [10.5, 12.0, 20.0, 33.3, 36.0] {
        let chain = curved(capacity);
        let solved = solve(&chain);
        let accepted = (100.0 * capacity - 1000.0) / (50.0 - capacity);
        inlet(&solved, "lean", 100.0, &[FULLY_DRAWN]);
        inlet(&solved, "rich", accepted, &["ethane"]);
        same(load(&solved, "ethane"), capacity);
        let more = [
            ("rich.flow", Value::from(mol(accepted * (1.0 + 1e-9)))),
            ("ethane", "unknown".into()),
        ];
        assert!(load(&solve_with(&chain, &more), "ethane") > capacity * (1.0 + 1e-11));
    }
    let chain = curved(36.7);
    // 100 (10 + 100) / 300 = 36.67
    inlet(&solve(&chain), "rich", 200.0, &[FULLY_DRAWN]);
}

#[test]
fn a_smooth_load_that_falls_again_stops_at_its_first_crossing() {
    // 4 x (1 - x) = 0.75 at x = 1/4
    let chain = gauged(Shape::Parabola, 100.0, 0.75);
    let solved = solve(&chain);
    inlet(&solved, "field", 25.0, &["power"]);
    same(load(&solved, "power"), 0.75);
    assert_eq!(solved.warnings().len(), 1);
    assert!(solved.warnings()[0].starts_with("power stops an inlet although its load falls"));
    // never reached: 1.01; touched from below only: 1
    inlet(&solve(&gauged(Shape::Parabola, 100.0, 1.01)), "field", 100.0, &[FULLY_DRAWN]);
    inlet(&solve(&gauged(Shape::Parabola, 100.0, 1.0)), "field", 100.0, &[FULLY_DRAWN]);
    // close to the top: x = (1 - sqrt(0.001)) / 2
    let chain = gauged(Shape::Parabola, 100.0, 0.999);
    let solved = solve(&chain);
    assert!(agree(solved.inlet("field").unwrap().accepted, 50.0 * (1.0 - 0.001_f64.sqrt()), 1e-11));
    assert_eq!(solved.inlet("field").unwrap().stopped_by, ["power"]);
}

#[test]
fn a_load_that_starts_and_ends_flat_stops_at_its_first_crossing() {
    // 16 (x (1 - x))^2 = 1/4 at x (1 - x) = 1/8
    let chain = gauged(Shape::Bump, 100.0, 0.25);
    let solved = solve(&chain);
    inlet(&solved, "field", 50.0 * (1.0 - 0.5_f64.sqrt()), &["power"]);
}

#[test]
fn a_square_load() {
    let chain = gauged(Shape::Square, 100.0, 0.25);
    let solved = solve(&chain);
    inlet(&solved, "field", 50.0, &["power"]);
    same(load(&solved, "power"), 0.25);
    // no capacity: x^2 holds within 1e-12 of what it is at x = 1, so up to x = 1e-6
    let chain = gauged(Shape::Square, 100.0, 0.0);
    let solved = solve(&chain);
    assert!(solved.inlet("field").unwrap().accepted <= 100.0 * 1e-6);
    assert_eq!(solved.inlet("field").unwrap().stopped_by, ["power"]);
    inlet(&solve(&gauged(Shape::Square, 100.0, 1.0)), "field", 100.0, &[FULLY_DRAWN]);
}

#[test]
fn fuel_by_duty_leaves_nothing_until_the_duty_is_met() {
    let slate = gases();
    let heat = slate.get(0).net_heat_25().unwrap();
    let duty = 30.0 * heat / 1e6;
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "field", 100.0, METHANE)
        .stage("fuel", Fuel::by_duty(&slate))
        .set("fuel.duty", format!("{duty} MW"))
        .market("city")
        .leaving_as_loss("fuel.burned")
        .joined(&["field -> fuel", "fuel.gas -> city"])
        .limit(at_most("demand", "city", 50.0));
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "field", 80.0, &["demand"]);
    same(flow(&solved, "fuel.burned"), 30.0);
    // no demand at all: the plant still runs on its own fuel
    let solved = solve_with(&chain, &[("demand", mol(0.0).into())]);
    inlet(&solved, "field", 30.0, &["demand"]);
}

// -- point 8: imports ----------------------------------------------------------------------------

/// Ethylene into polyethylene with 1-butene.
fn polymers() -> Slate {
    let own = Slate::read("species,formula\nPE,C2H4\nPB,C4H8\n", "own.csv").unwrap();
    slate(&["ethylene", "1-butene", "ethane", "hydrogen", "acetylene"]).extended(own).unwrap()
}

fn line(slate: &Slate) -> Polymerise {
    let comonomer = Comonomer { species: "1-butene", unit: "PB" };
    Polymerise::new(slate, "ethylene", "PE", Some(comonomer)).unwrap()
}

#[test]
fn an_import_comes_out_of_the_equations_and_counts_in_every_balance() {
    let slate = polymers();
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "ethylene", 100.0, &[("ethylene", 1.0)])
        .stage("line", line(&slate))
        .set("line.monomer_use", 1.25)
        .set("line.comonomer", 0.05)
        .leaving_as_product("line.polymer")
        .leaving_as_loss("line.purge")
        .connect("ethylene -> line")
        .limit(Limit::at_most("butene", "line.comonomer", Measure::Moles(None), "unknown"));
    let chain = build(chain);
    let solved = solve(&chain);
    // 1-butene is two ethylenes: 5 % of the mass is half of 5/95 in moles
    let taken = 100.0 * 0.5 * 0.05 / 0.95;
    let imports: Vec<_> = solved.imports().collect();
    assert_eq!(imports.len(), 1);
    assert_eq!((imports[0].stage, imports[0].import), ("line", "comonomer"));
    same(imports[0].stream.mol_per_s(), taken);
    same(flow_of(&solved, "line.polymer", "PB"), taken / 1.25);
    same(flow_of(&solved, "line.polymer", "PE"), 80.0);
    same(flow_of(&solved, "line.purge", "1-butene"), taken - taken / 1.25);
    let polymer = solved.stream("line.polymer").unwrap().kg_per_s();
    let butene = taken / 1.25 * slate.molar_masses()[1];
    same(butene / polymer, 0.05);
    // the balance of the line counts the import: carbon in is 2 * 100 + 4 * taken
    for name in ["line", "chain"] {
        let balance = solved.balances().iter().find(|balance| balance.stage == name).unwrap();
        assert!(balance.residual < 1e-13, "{balance:?}");
    }
    // a limit on the import stops the monomer
    let solved = solve_with(&chain, &[("butene", mol(taken / 4.0).into())]);
    inlet(&solved, "ethylene", 25.0, &["butene"]);
}

#[test]
fn an_import_inside_two_chains_is_listed_by_its_full_address_and_its_limit_goes_out() {
    let slate = polymers();
    let mut works = Builder::new("works", &slate);
    works
        .inlets(&["ethylene"])
        .outlet("polymer")
        .outlet("purge")
        .stage("line", line(&slate))
        .set("line.monomer_use", 1.0)
        .set("line.comonomer", 0.05)
        .joined(&["ethylene -> line", "line.polymer -> polymer", "line.purge -> purge"])
        .limit(at_most("butene", "line.comonomer", 1.0));
    let mut site = Builder::new("site", &slate);
    site.inlets(&["ethylene"]).outlet("polymer").outlet("purge").chain("works", works).joined(&[
        "ethylene -> works",
        "works.polymer -> polymer",
        "works.purge -> purge",
    ]);
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "ethylene", 100.0, &[("ethylene", 1.0)])
        .chain("site", site)
        .connect("ethylene -> site")
        .leaving_as_product("site.polymer")
        .leaving_as_loss("site.purge");
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "ethylene", 2.0 * 0.95 / 0.05, &["site.works.butene"]);
    let import = solved.imports().next().unwrap();
    assert_eq!((import.stage, import.import), ("site.works.line", "comonomer"));
    same(import.stream.mol_per_s(), 1.0);
}

/// Heats its feed: what the ethane in it does not give is imported.
#[derive(Debug)]
struct Heater;

impl Stage for Heater {
    fn kind(&self) -> &'static str {
        "heater"
    }

    fn ports(&self) -> Ports {
        Ports::new(["feed"], ["out", "burned"]).importing(["fuel"])
    }

    fn linear(&self, _: usize, _: &Setting<'_>) -> bool {
        false
    }

    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        // a mole of ethylene needs a mole of ethane burned; species 0 is ethylene, 2 ethane
        let feed = call.inlet(0);
        let own = feed[0].min(feed[2]);
        let bought = feed[0] - own;
        call.outlet(0).copy_from_slice(feed);
        call.outlet(0)[2] = feed[2] - own;
        call.outlet(1)[2] = own + bought;
        call.import(0)[2] = bought;
        Ok(())
    }
}

#[test]
fn a_limit_on_an_import_that_bends() {
    // ethane first (own fuel), then ethylene: what is bought is ethylene less ethane
    let slate = polymers();
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "ethane", 30.0, &[("ethane", 1.0)])
        .field(&slate, "ethylene", 100.0, &[("ethylene", 1.0)])
        .blend("hub", &["ethane", "ethylene"])
        .stage("heater", Heater)
        .market("city")
        .leaving_as_loss("heater.burned")
        .joined(&["ethane -> hub.ethane", "ethylene -> hub.ethylene", "hub -> heater"])
        .connect("heater.out -> city")
        .limit(at_most("bought", "heater.fuel", 20.0));
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "ethane", 30.0, &[FULLY_DRAWN]);
    inlet(&solved, "ethylene", 50.0, &["bought"]);
}

#[test]
fn a_limit_on_an_import_of_what_another_reaction_makes() {
    // ethane gives off the hydrogen that acetylene takes up: only the difference is imported
    let slate = polymers();
    let reactions = vec![
        Reaction::new(&slate, "cracked", "ethane -> ethylene + hydrogen", "ethane").unwrap(),
        Reaction::new(&slate, "hydrogenated", "acetylene + hydrogen -> ethylene", "acetylene")
            .unwrap(),
    ];
    let react =
        React::new(&slate, reactions, "out").importing(&slate, "hydrogen", "hydrogen").unwrap();
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "ethane", 30.0, &[("ethane", 1.0)])
        .field(&slate, "acetylene", 100.0, &[("acetylene", 1.0)])
        .blend("hub", &["ethane", "acetylene"])
        .stage("reactor", react)
        .set("reactor.cracked", 1.0)
        .set("reactor.hydrogenated", 1.0)
        .market("city")
        .joined(&["ethane -> hub.ethane", "acetylene -> hub.acetylene", "hub -> reactor"])
        .connect("reactor.out -> city")
        .limit(at_most("hydrogen", "reactor.hydrogen", 20.0));
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "ethane", 30.0, &[FULLY_DRAWN]);
    inlet(&solved, "acetylene", 50.0, &["hydrogen"]);
}

// -- point 7, and running twice ------------------------------------------------------------------

#[test]
fn the_result_names_what_stopped_every_inlet() {
    let mut chain = cracker(
        &[("rich", 100.0, ETHANE_AND_PROPANE), ("lean", 100.0, METHANE), ("last", 10.0, METHANE)],
        40.0,
    );
    chain.limit(at_most_of("methane", "city", "methane", 60.0)).limit(at_most(
        "rich.potential",
        "rich.gas",
        70.0,
    ));
    let chain = build(chain);
    let solved = solve(&chain);
    let stops: Vec<(&str, Vec<&str>)> =
        solved.inlets().map(|inlet| (inlet.inlet, inlet.stopped_by)).collect();
    assert_eq!(
        stops,
        [
            ("rich", vec!["rich.potential"]),
            ("lean", vec!["methane"]),
            ("last", vec!["methane"]),
            ("furnaces.ethane", vec![FULLY_DRAWN]),
            ("furnaces.propane", vec!["furnaces.coils.size"]),
        ]
    );
}

#[test]
fn running_twice_gives_identical_bits() {
    for chain in [curved(33.3), gauged(Shape::Parabola, 100.0, 0.999), {
        let mut chain = cracker(&[("field", 100.0, ETHANE_AND_PROPANE)], 40.0);
        chain.limit(at_most("propane_line", "furnaces.propane", 10.0));
        build(chain)
    }] {
        let first = bits(&solve(&chain));
        assert_eq!(first, bits(&solve(&chain)));
        // and with one solver that ran something else in between
        let mut solver = chain.solver();
        let field = chain.inlets().next().unwrap().to_owned();
        let mut other = chain.values();
        chain.set(&mut other, &format!("{field}.flow"), mol(3.7)).unwrap();
        for _ in 0..2 {
            assert_eq!(first, bits(&solver.solve(&chain.values()).unwrap()));
            solver.solve(&other).unwrap();
        }
    }
}

#[test]
fn a_chain_a_millionth_or_a_million_times_the_size_gives_the_same_answer() {
    let chain = curved(33.3);
    let whole = solve(&chain);
    for scale in [1e-6, 1e6] {
        let set = [
            ("lean.flow", Value::from(mol(100.0 * scale))),
            ("rich.flow", mol(200.0 * scale).into()),
            ("plant.size", mol(100.0 * scale).into()),
            ("ethane", mol(33.3 * scale).into()),
        ];
        let solved = solve_with(&chain, &set);
        for name in ["lean", "rich", "plant.feed"] {
            same(solved.accepted_fraction(name).unwrap(), whole.accepted_fraction(name).unwrap());
            assert_eq!(
                solved.inlet(name).unwrap().stopped_by,
                whole.inlet(name).unwrap().stopped_by
            );
        }
    }
}

#[test]
fn what_is_split_off_and_limited_stops_by_its_share() {
    let slate = gases();
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "field", 100.0, METHANE)
        .stage("tee", Split::new(["side"], "main"))
        .set("tee.side", 0.2)
        .market("city")
        .market("town")
        .joined(&["field -> tee", "tee.main -> city", "tee.side -> town"])
        .limit(at_most("town.demand", "town", 5.0))
        .limit(at_most("city.demand", "city", 60.0));
    let chain = build(chain);
    inlet(&solve(&chain), "field", 25.0, &["town.demand"]);
    let solved = solve_with(&chain, &[("tee.side", 0.05.into())]);
    inlet(&solved, "field", 60.0 / 0.95, &["city.demand"]);
}
