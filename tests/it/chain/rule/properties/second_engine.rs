//! Whatever the chain: a second engine that shares nothing with the first accepts the same, names
//! the same limits, and makes the same products.

use crate::chain::rule::properties::{fractions, offered};
use crate::engine::brute_force::BruteForce;
use crate::engine::make::{cases, worlds};
use crate::engine::world::{At, Bound, Node, Of, Plant, Source, Surplus, World};
use crate::support::chains::build;
use crate::support::solved::first_stop;
use proptest::prelude::*;

proptest! {
    #![proptest_config(cases(200, 2019))]

    #[test]
    fn a_second_engine_that_only_looks_finds_the_same(world in worlds()) {
        let plain = BruteForce::patient(6_000);
        let ran = plain.world(&world);
        if plain.gave_up() {
            return Ok(());
        }
        let chain = build(world.builder(1.0));
        let solved = chain.solve(&chain.values()).unwrap();
        let accepted = fractions(&world, &solved);
        let mut shares = vec![0.0; world.plant.inlets];
        for members in &world.plant.order {
            let first = members[0];
            let (got, expected) = (accepted[first], ran.fractions[first]);
            if got < expected - 1e-7 {
                // it may have looked past a peak: then a limit is broken just above
                for &inlet in members {
                    shares[inlet] = got + 1e-7;
                }
                let broken = plain.limits_at(&world, &shares).into_iter()
                    .any(|(_, load, allowed)| load - allowed > 1e-12 * load.max(allowed));
                prop_assert!(broken, "i{first}: accepted {got}, expected {expected}");
                return Ok(());
            }
            if got > expected + 1e-7 {
                // it may take what rounding leaves of nothing for something
                let size: f64 = (0..world.plant.inlets).map(|inlet| offered(&world, inlet)).sum();
                let clearly_broken = (0..=8).any(|step| {
                    let share = expected + (got - expected - 1e-9) * (f64::from(step) / 8.0);
                    for &inlet in members {
                        shares[inlet] = share;
                    }
                    plain.limits_at(&world, &shares).into_iter()
                        .any(|(_, load, allowed)| load - allowed > 1e-9 * size)
                });
                prop_assert!(!clearly_broken, "i{first}: accepted {got}, expected {expected}");
                return Ok(());
            }
            for &inlet in members {
                shares[inlet] = got;
                let named = first_stop(&solved, &format!("i{inlet}"));
                if expected < 1.0 - 1e-7 && offered(&world, inlet) > 0.0 {
                    prop_assert!(
                        ran.stopped_by[inlet].contains(&named),
                        "i{}: {} is named, expected one of {:?}", inlet, named, ran.stopped_by[inlet]
                    );
                }
            }
        }
        // and so do all products
        let size: f64 = (0..world.plant.inlets).map(|inlet| offered(&world, inlet)).sum();
        let products = solved.links().filter(|link| link.to.is_none());
        for (product, expected) in products.zip(&ran.outlets) {
            for (got, expected) in product.stream.flows.iter().zip(expected) {
                prop_assert!((got - expected).abs() <= 1e-6 * size, "{got} {expected}");
            }
        }
    }
}

#[test]
fn the_second_engine_opens_an_inlet_while_one_further_in_is_full() {
    // further in, a limit is kept at a capacity that is small beside what is offered there; it
    // must be left at that capacity, or it counts as broken for the chain outside
    let full = Bound {
        name: "limit0".into(),
        at: At::Stream(Source::Out(0, 0)),
        of: Of::Moles,
        capacity: Some(0.5),
        at_least: false,
        some: None,
    };
    let inner = Plant {
        inlets: 2,
        order: vec![vec![0], vec![1]],
        nodes: vec![Node::Blend(vec![Source::Inlet(1)])],
        outlets: vec![Source::Inlet(0), Source::Out(0, 0)],
        limits: vec![full],
    };
    let plant = Plant {
        inlets: 1,
        order: vec![vec![0]],
        nodes: vec![
            Node::Split(Source::Inlet(0), 0.1),
            Node::Chain {
                chain: inner,
                feeds: vec![Source::Out(0, 0), Source::Out(0, 1)],
                surplus: vec![Surplus::Unjoined, Surplus::Joined],
            },
            Node::Blend(vec![Source::Surplus(1, 1)]),
        ],
        outlets: vec![Source::Out(1, 0), Source::Out(1, 1), Source::Out(2, 0)],
        limits: Vec::new(),
    };
    let supplies = vec![[100.0, 0.0, 0.0, 0.0, 0.0]];
    let world = World { plant, supplies, made_from: (1, Vec::new()) };
    let ran = BruteForce::patient(6_000).world(&world);
    let chain = build(world.builder(1.0));
    let solved = chain.solve(&chain.values()).unwrap();
    assert_eq!(fractions(&world, &solved), [1.0]);
    assert!(ran.fractions == [1.0], "{:?} stopped by {:?}", ran.fractions, ran.stopped_by);
}
