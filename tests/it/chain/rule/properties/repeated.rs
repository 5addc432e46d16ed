//! Whatever the chain: the same answer to the bit, of what was accepted, and at any size.

use crate::chain::rule::properties::{fractions, offered, solved, stops, with_flows};
use crate::engine::make::all_worlds;
use crate::engine::world::{Middle, Node, Plant};
use crate::support::chains::{build, mol};
use crate::support::compare::agree;
use crate::support::seeds::{on_every_seed, on_every_seed_and};
use crate::support::solved::{bits, first_stop};
use proptest::prelude::*;

#[test]
fn solving_twice_gives_identical_bits() {
    on_every_seed(25, &all_worlds(), |world| {
        let chain = build(world.builder(1.0));
        let mut case = chain.case();
        let half: Vec<f64> = (0..world.plant.inlets).map(|i| 0.5 * offered(&world, i)).collect();
        let first = case.solve().map(|solved| bits(&solved));
        let apart = chain.case().solve().map(|solved| bits(&solved));
        prop_assert_eq!(&first, &apart);
        for (supply, flow) in half.into_iter().enumerate() {
            case.set(&format!("i{supply}.flow"), mol(flow)).unwrap();
        }
        let _ = case.solve();
        let again = case.reset().solve().map(|solved| bits(&solved));
        prop_assert_eq!(&first, &again);
        Ok(())
    });
}

#[test]
fn what_is_accepted_can_be_accepted_again() {
    // with just what was accepted on offer, everything is fully drawn: that is the same state
    on_every_seed_and(&[155], 25, &all_worlds(), |world| {
        let chain = build(world.builder(1.0));
        let Some(whole) = solved(&mut chain.case())? else { return Ok(()) };
        let accepted = fractions(&world, &whole);
        let flows: Vec<f64> =
            (0..world.plant.inlets).map(|i| offered(&world, i) * accepted[i]).collect();
        let again = with_flows(&chain, &flows).solve();
        let again = again.map_err(|error| TestCaseError::fail(error.to_string()))?;
        for (fraction, before) in fractions(&world, &again).into_iter().zip(&accepted) {
            prop_assert!(
                fraction >= 1.0 - 1e-9 || *before < 1e-9,
                "{fraction} of the {before} that was accepted"
            );
        }
        Ok(())
    });
}

#[test]
fn the_size_of_a_chain_does_not_matter() {
    on_every_seed_and(&[33, 35, 47, 59, 129], 25, &all_worlds(), |world| {
        let chain = build(world.builder(1.0));
        let whole = solved(&mut chain.case())?;
        // a duty is at most 100 GW
        for scale in [1e-6, if has_duty(&world.plant) { 1e2 } else { 1e6 }] {
            let chain = build(world.builder(scale));
            let solved = solved(&mut chain.case())?;
            let (Some(whole), Some(solved)) = (&whole, &solved) else {
                prop_assert_eq!(whole.is_some(), solved.is_some(), "at {}", scale);
                continue;
            };
            for (index, stop) in stops(&world, solved).iter().enumerate() {
                // of what is at the edge of being reached, rounding chooses
                let name = first_stop(whole, &format!("i{index}"));
                let reached = |name: &str| {
                    let Ok(limit) = solved.limit(name) else { return true };
                    limit.load.is_none_or(|load| agree(load, limit.capacity.unwrap(), 1e-8))
                        || limit.load.is_some_and(|load| load < 1e-9 * scale)
                };
                prop_assert!(*stop == name || reached(&name), "{stop} at {scale}, {name} at 1");
            }
            for (one, other) in fractions(&world, solved).iter().zip(fractions(&world, whole)) {
                prop_assert!((one - other).abs() <= 1e-12, "{one} at {scale}, {other} at 1");
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
