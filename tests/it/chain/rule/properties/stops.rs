//! Whatever the chain: every inlet is fully drawn or has limits named that are reached, and no
//! limit that throttles all inlets of its chain is broken.

use crate::chain::rule::properties::solved;
use crate::engine::make::all_worlds;
use crate::engine::world::{Bound, Middle, Node, Plant};
use crate::support::chains::build;
use crate::support::seeds::on_every_seed;
use gaschain::limit::Direction;
use proptest::prelude::*;
use std::collections::BTreeMap;

#[test]
fn no_limit_that_throttles_all_inlets_of_its_chain_is_broken() {
    on_every_seed(25, &all_worlds(), |world| {
        let chain = build(world.builder(1.0));
        let Some(solved) = solved(&mut chain.case())? else { return Ok(()) };
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
fn every_inlet_is_fully_drawn_or_stopped_by_limits_that_are_reached() {
    on_every_seed(25, &all_worlds(), |world| {
        let chain = build(world.builder(1.0));
        let Some(solved) = solved(&mut chain.case())? else { return Ok(()) };
        // the scale of a load is what it is with all inlets open, too
        let mut free = chain.case();
        for limit in chain.limits() {
            free.set(limit.address, "unknown").unwrap();
        }
        let open = free.solve().map_err(|error| TestCaseError::fail(error.to_string()))?;
        let loads: BTreeMap<&str, f64> =
            open.limits().map(|limit| (limit.limit, limit.load.unwrap_or(0.0))).collect();
        for inlet in solved.inlets() {
            let drawn = inlet.offered <= 0.0
                || solved.accepted_fraction(inlet.inlet).unwrap().to_bits() == 1.0_f64.to_bits();
            prop_assert_eq!(inlet.stopped_by.is_fully_drawn(), drawn, "{:?}", inlet);
            for name in inlet.stopped_by.limits() {
                let Ok(limit) = solved.limit(name) else { continue };
                prop_assert!(
                    limit.stops.contains(&inlet.inlet),
                    "{limit:?} does not stop {inlet:?}"
                );
                // a quality of nothing has no value
                let (Some(load), Some(capacity)) = (limit.load, limit.capacity) else { continue };
                let over = match limit.direction {
                    Direction::AtMost => load - capacity,
                    Direction::AtLeast => capacity - load,
                };
                let scale = load.abs().max(capacity.abs()).max(loads[name].abs());
                prop_assert!(inlet.jump || over >= -1e-9 * scale, "{inlet:?}: {limit:?} has room");
            }
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
