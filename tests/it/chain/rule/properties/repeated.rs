//! Whatever the chain: the same answer to the bit, of what was accepted, at any size, and whatever
//! later inlets offer.

use crate::chain::rule::properties::{fractions, offered, stops, up_to, with_flows};
use crate::engine::make::worlds;
use crate::engine::world::{Middle, Node, Plant};
use crate::support::chains::build;
use crate::support::compare::agree;
use crate::support::seeds::on_every_seed;
use crate::support::solved::bits;
use crate::support::solved::first_stop;
use proptest::prelude::*;

#[test]
fn solving_twice_gives_identical_bits() {
    on_every_seed(25, &worlds(), |world| {
        let chain = build(world.builder(1.0));
        let mut solver = chain.solver();
        let half: Vec<f64> = (0..world.plant.inlets).map(|i| 0.5 * offered(&world, i)).collect();
        let other = with_flows(&chain, &half);
        let first = bits(&solver.solve(&chain.values()).unwrap());
        solver.solve(&other).unwrap();
        prop_assert_eq!(&first, &bits(&solver.solve(&chain.values()).unwrap()));
        prop_assert_eq!(&first, &bits(&chain.solve(&chain.values()).unwrap()));
        Ok(())
    });
}

#[test]
fn what_is_accepted_can_be_accepted_again() {
    on_every_seed(25, &worlds(), |world| {
        // with just what was accepted on offer, everything is fully drawn: no limit is broken
        // on the way
        let chain = build(world.builder(1.0));
        let mut solver = chain.solver();
        let whole = solver.solve(&chain.values()).unwrap();
        let accepted = fractions(&world, &whole);
        for share in [1.0, 0.7, 0.35] {
            let last = world.plant.order.len() - 1;
            let flows =
                up_to(&world, last, &accepted, |i| offered(&world, i) * accepted[i] * share);
            let solved = solver.solve(&with_flows(&chain, &flows)).unwrap();
            for (fraction, before) in fractions(&world, &solved).into_iter().zip(&accepted) {
                prop_assert!(
                    fraction >= 1.0 - 1e-9 || *before < 1e-9,
                    "{fraction} of the {before} that was accepted"
                );
            }
        }
        Ok(())
    });
}

#[test]
fn the_size_of_a_chain_does_not_matter() {
    on_every_seed(25, &worlds(), |world| {
        let chain = build(world.builder(1.0));
        let whole = chain.solve(&chain.values()).unwrap();
        // a duty is at most 100 GW
        for scale in [1e-6, if has_duty(&world.plant) { 1e2 } else { 1e6 }] {
            let chain = build(world.builder(scale));
            let solved = chain.solve(&chain.values()).unwrap();
            for (index, stop) in stops(&world, &solved).iter().enumerate() {
                // of two limits that are reached together, rounding chooses
                let name = first_stop(&whole, &format!("i{index}"));
                let reached = |name: &str| {
                    let Some(limit) = solved.limit(name) else { return true };
                    limit.load.is_none_or(|load| agree(load, limit.capacity.unwrap(), 1e-9))
                        || limit.load.is_some_and(|load| load < 1e-9 * scale)
                };
                prop_assert!(*stop == name || reached(&name), "{stop} at {scale}, {name} at 1");
            }
            for (one, other) in fractions(&world, &solved).iter().zip(fractions(&world, &whole)) {
                prop_assert!((one - other).abs() <= 1e-12, "{one} at {scale}, {other} at 1");
            }
        }
        Ok(())
    });
}

#[test]
fn what_later_inlets_offer_does_not_matter_to_earlier_ones() {
    on_every_seed(25, &worlds(), |world| {
        let chain = build(world.builder(1.0));
        let mut solver = chain.solver();
        let whole = solver.solve(&chain.values()).unwrap();
        let accepted = fractions(&world, &whole);
        for group in 0..world.plant.order.len() {
            let mut flows = vec![0.0; world.plant.inlets];
            let filled = world.plant.order[..=group].iter().flatten();
            for &inlet in filled.clone() {
                flows[inlet] = offered(&world, inlet);
            }
            let solved = solver.solve(&with_flows(&chain, &flows)).unwrap();
            let alone = fractions(&world, &solved);
            for &inlet in filled {
                prop_assert!((alone[inlet] - accepted[inlet]).abs() <= 1e-12);
            }
        }
        Ok(())
    });
}

/// Whether fuel is burned by duty anywhere.
fn has_duty(plant: &Plant) -> bool {
    plant.nodes.iter().any(|node| match node {
        Node::Duty(..) | Node::Loop { middle: Middle::Duty(_), .. } => true,
        Node::Chain { chain, .. } | Node::Loop { middle: Middle::Chain(chain), .. } => {
            has_duty(chain)
        }
        _ => false,
    })
}
