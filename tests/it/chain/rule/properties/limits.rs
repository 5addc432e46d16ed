//! Whatever the chain: what stops an inlet is at its capacity, opening further breaks it, and no
//! limit that throttles all inlets is broken.

use crate::chain::rule::properties::{fractions, offered, stops, up_to, with_flows};
use crate::engine::make::worlds;
use crate::engine::world::{Bound, Middle, Node, Of, Plant};
use crate::support::chains::{build, mol};
use crate::support::compare::agree;
use crate::support::seeds::on_every_seed;
use gaschain::param::Value;
use gaschain::solved::FULLY_DRAWN;
use proptest::prelude::*;

#[test]
fn no_limit_that_throttles_all_inlets_of_its_chain_is_broken() {
    on_every_seed(25, &worlds(), |world| {
        let chain = build(world.builder(1.0));
        let solved = chain.solve(&chain.values()).unwrap();
        let mut wrong = Vec::new();
        for_each_limit(&world.plant, "", &mut |plant: &Plant, bound: &Bound, address: &str| {
            let all = (0..plant.inlets).all(|inlet| bound.throttles(inlet));
            let limit = solved.limit(address).unwrap();
            let unknown = (limit.capacity, limit.utilisation, limit.margin) == (None, None, None);
            if (all && limit.broken)
                || (bound.capacity.is_none() != unknown && limit.load.is_some())
            {
                wrong.push(format!("{limit:?}"));
            }
        });
        prop_assert!(wrong.is_empty(), "{wrong:?}");
        Ok(())
    });
}

#[test]
fn a_stopped_inlet_is_stopped_by_a_limit_at_its_capacity() {
    on_every_seed(25, &worlds(), |world| {
        let chain = build(world.builder(1.0));
        let mut solver = chain.solver();
        let whole = solver.solve(&chain.values()).unwrap();
        let accepted = fractions(&world, &whole);
        for group in 0..world.plant.order.len() {
            // as it was when this group was filled: later ones still shut
            let flows = up_to(&world, group, &accepted, |inlet| offered(&world, inlet));
            let solved = solver.solve(&with_flows(&chain, &flows)).unwrap();
            for &inlet in &world.plant.order[group] {
                let result = solved.inlet(&format!("i{inlet}")).unwrap();
                let Some(stopped_by) = result.stopped_by.limits().next() else {
                    prop_assert!(accepted[inlet] >= 1.0 - 1e-9);
                    continue;
                };
                let limit = solved.limit(stopped_by).unwrap();
                prop_assert!(limit.stops.contains(&result.inlet));
                // a quality of nothing has no value
                let Some(load) = limit.load else { continue };
                // one that does not throttle all may be broken already
                let capacity = limit.capacity.unwrap();
                prop_assert!(agree(load, capacity, 1e-9) || load > capacity, "{limit:?}");
            }
        }
        Ok(())
    });
}

#[test]
fn opening_a_stopped_inlet_further_breaks_what_stopped_it() {
    on_every_seed(25, &worlds(), |world| {
        let chain = build(world.builder(1.0));
        let mut solver = chain.solver();
        let whole = solver.solve(&chain.values()).unwrap();
        let accepted = fractions(&world, &whole);
        let stopped_by = stops(&world, &whole);
        for (group, members) in world.plant.order.iter().enumerate() {
            let first = members[0];
            if stopped_by[first] == FULLY_DRAWN {
                continue;
            }
            // it is offered a little more than it accepted, and again accepts what it did
            let more = |inlet: usize| {
                offered(&world, inlet) * (accepted[inlet] * (1.0 + 1e-6) + 1e-7).min(1.0)
            };
            let flows = up_to(&world, group, &accepted, more);
            let solved = solver.solve(&with_flows(&chain, &flows)).unwrap();
            for &inlet in members {
                let result = solved.inlet(&format!("i{inlet}")).unwrap();
                let expected = offered(&world, inlet) * accepted[inlet];
                prop_assert!(
                    (result.accepted - expected).abs() <= 1e-9 * offered(&world, inlet),
                    "{:?}, accepted {} before",
                    result,
                    expected
                );
            }
        }
        Ok(())
    });
}

#[test]
fn more_capacity_never_lowers_what_the_first_inlet_accepts() {
    on_every_seed(25, &(worlds(), 1.0_f64..3.0), |(world, by)| {
        let chain = build(world.builder(1.0));
        let mut solver = chain.solver();
        let before = fractions(&world, &solver.solve(&chain.values()).unwrap());
        let first = world.plant.order[0][0];
        for bound in &world.plant.limits {
            // limits of the outermost chain: an inner one that refuses less sends more on
            let Some(capacity) = bound.capacity else { continue };
            let raised: Value = match bound.of {
                Of::Fraction(_) => (capacity * by).min(1.0).into(),
                Of::Mass => format!("{} kg/s", capacity * by + 0.01).into(),
                _ => mol(capacity * by + 1.0).into(),
            };
            let mut values = chain.values();
            chain.set(&mut values, &bound.name, raised).unwrap();
            let after = fractions(&world, &solver.solve(&values).unwrap());
            prop_assert!(after[first] >= before[first] * (1.0 - 1e-12), "{}", bound.name);
        }
        Ok(())
    });
}

/// Calls back for every limit of a chain and the chains in it, with its full address.
fn for_each_limit(plant: &Plant, path: &str, call: &mut impl FnMut(&Plant, &Bound, &str)) {
    for bound in &plant.limits {
        call(plant, bound, &format!("{path}{}", bound.name));
    }
    for (index, node) in plant.nodes.iter().enumerate() {
        match node {
            Node::Chain { chain, .. } => for_each_limit(chain, &format!("{path}n{index}."), call),
            Node::Loop { middle: Middle::Chain(chain), .. } => {
                for_each_limit(chain, &format!("{path}n{index}_mid."), call);
            }
            _ => {}
        }
    }
}
