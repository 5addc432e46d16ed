//! Which inlets a limit throttles, and what becomes of the others; a quality none unless it is told
//! to.

use crate::chain::rule::chains::{METHANE, fields, gases};
use crate::support::chains::{Parts, at_most, build, chain_of, mol};
use crate::support::compare::same;
use crate::support::solved::{inlet, load, solve, solve_with};
use gaschain::ErrorKind;
use gaschain::chain::{Builder, Chain};
use gaschain::limit::Limit;
use gaschain::measure::Measure;
use gaschain::param::Value;

#[test]
fn a_limit_may_throttle_some_inlets_only() {
    // b is settled as if the demand were not there; a opens as far as it holds in the end
    let mut chain = fields(&[("a", 30.0), ("b", 30.0)]);
    chain.limit(at_most("demand", "city", 40.0).throttling(["a"]));
    let chain = build(chain);
    for order in ["a > b", "b > a"] {
        let solved = solve_with(&chain, &[("order", order.into())]);
        inlet(&solved, "a", 10.0, &["demand"]);
        inlet(&solved, "b", 30.0, &[]);
        assert!(!solved.limit("demand").unwrap().broken);
    }
    // no opening of a makes up for 50 of b: the demand is given up, and a stays shut for it
    for order in ["a > b", "b > a"] {
        let more = [("order", order.into()), ("b.flow", mol(50.0).into())];
        let solved = solve_with(&chain, &more);
        inlet(&solved, "a", 0.0, &["demand"]);
        inlet(&solved, "b", 50.0, &[]);
        let demand = solved.limit("demand").unwrap();
        assert!(demand.broken);
        same(demand.margin.unwrap(), -10.0);
        assert_eq!(solved.warnings(), ["demand is broken: 50 mol/s, at most 40 mol/s"]);
    }
}

#[test]
fn a_group_of_which_some_are_throttled_is_taken_as_two() {
    let mut chain = fields(&[("a", 30.0), ("b", 30.0)]);
    chain.limit(at_most("demand", "city", 40.0).throttling(["a"])).set("order", "a + b");
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "a", 10.0, &["demand"]);
    inlet(&solved, "b", 30.0, &[]);
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
    for order in ["a > b", "b > a"] {
        // 50 of a are more than the size, which does not name it
        let solved = solve_with(&chain, &[("inner.order", order.into())]);
        inlet(&solved, "inner.a", 50.0, &[]);
        inlet(&solved, "inner.b", 0.0, &["inner.size"]);
        assert!(solved.limit("inner.size").unwrap().broken);
        // 30 of it leave room for 10 of b
        let less = [("inner.order", order.into()), ("x.flow", mol(30.0).into())];
        let solved = solve_with(&chain, &less);
        inlet(&solved, "inner.a", 30.0, &[]);
        inlet(&solved, "inner.b", 10.0, &["inner.size"]);
        assert!(!solved.limit("inner.size").unwrap().broken);
        inlet(&solved, "x", 30.0, &[]);
        inlet(&solved, "y", 50.0, &[]);
    }
}

#[test]
fn an_at_least_limit_told_to_throttle_holds_where_enough_flows() {
    let mut chain = fields(&[("a", 10.0)]);
    let turndown = Limit::at_least("turndown", ("city", Measure::Moles(None)), mol(12.0));
    chain.limit(turndown.throttling(["a"]));
    let chain = build(chain);
    // not of what is offered
    let error = chain.case().solve().unwrap_err();
    assert_eq!(
        error.to_string(),
        "no openings of the inlets are allowed: turndown (10 mol/s, at least 12 mol/s) cannot hold"
    );
    assert_eq!(error.kind(), ErrorKind::NoState);
    // shut it is broken, and open it is not
    let solved = solve_with(&chain, &[("a.flow", mol(20.0).into())]);
    inlet(&solved, "a", 20.0, &[]);
    assert!(!solved.limit("turndown").unwrap().broken);
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
    let chain = two_qualities(Limit::at_most("nitrogen", ("city", nitrogen.clone()), 0.04));
    let solved = solve(&chain);
    inlet(&solved, "clean", 80.0, &[]);
    inlet(&solved, "dirty", 80.0, &[]);
    let limit = solved.limit("nitrogen").unwrap();
    assert!(limit.broken);
    same(limit.load.unwrap(), 0.07);
    same(limit.margin.unwrap(), 0.04 - 0.07);
    // (1.6 + 0.12 x) = 0.04 (80 + x): x = 1.6 / 0.08 = 20
    let told = [("nitrogen.throttles", Value::Flag(true))];
    let solved = solve_with(&chain, &told);
    inlet(&solved, "clean", 80.0, &[]);
    inlet(&solved, "dirty", 20.0, &["nitrogen"]);
    same(load(&solved, "nitrogen").unwrap(), 0.04);
    assert!(!solved.limit("nitrogen").unwrap().broken);
    // the dirty field first: as much of it as all of the clean one makes room for
    let dirty_first = [told[0].clone(), ("order", "dirty > clean".into())];
    let solved = solve_with(&chain, &dirty_first);
    inlet(&solved, "dirty", 20.0, &["nitrogen"]);
    inlet(&solved, "clean", 80.0, &[]);
    // told by the chain itself, to throttle the dirty field only
    let limit = Limit::at_most("nitrogen", ("city", nitrogen), 0.04).throttling(["dirty"]);
    let chain = two_qualities(limit);
    inlet(&solve(&chain), "dirty", 20.0, &["nitrogen"]);
    let untold = [("nitrogen.throttles", Value::Flag(false))];
    inlet(&solve_with(&chain, &untold), "dirty", 80.0, &[]);
}

#[test]
fn an_at_least_quality_throttles_when_told() {
    let methane = Measure::MoleFraction("methane".into());
    let chain = two_qualities(Limit::at_least("methane", ("city", methane), 0.96));
    let solved = solve(&chain);
    inlet(&solved, "dirty", 80.0, &[]);
    assert!(solved.limit("methane").unwrap().broken);
    // (78.4 + 0.88 x) = 0.96 (80 + x): x = 1.6 / 0.08 = 20
    let solved = solve_with(&chain, &[("methane.throttles", Value::Flag(true))]);
    inlet(&solved, "clean", 80.0, &[]);
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
            .limit(Limit::at_most("nitrogen", ("city", nitrogen), share).throttling(["field"]));
        let chain = build(chain);
        inlet(&solve(&chain), "field", 7.3, &[]);
    }
}

#[test]
fn a_quality_of_nothing_has_no_value() {
    let nitrogen = Measure::MoleFraction("nitrogen".into());
    let chain = two_qualities(Limit::at_most("nitrogen", ("city", nitrogen), 0.04));
    let set = [("clean.flow", mol(0.0).into()), ("dirty.flow", mol(0.0).into())];
    let solved = solve_with(&chain, &set);
    let limit = solved.limit("nitrogen").unwrap();
    assert_eq!((limit.load, limit.utilisation, limit.margin), (None, None, None));
    assert!(!limit.broken);
}
