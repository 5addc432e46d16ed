//! Whatever the chain: every balance closes, and nothing is accepted that was not offered.

use crate::chain::rule::properties::solved;
use crate::engine::make::all_worlds;
use crate::engine::world::{Flows, SPECIES};
use crate::support::chains::build;
use crate::support::compare::agree;
use crate::support::seeds::{on_every_seed, on_every_seed_and};
use proptest::prelude::*;

#[test]
fn every_balance_closes_and_nothing_is_accepted_that_is_not_offered() {
    on_every_seed_and(&[119, 133], 25, &all_worlds(), |world| {
        let chain = build(world.builder(1.0));
        let Some(solved) = solved(&mut chain.case())? else { return Ok(()) };
        prop_assert!(
            solved.worst_residual() <= 1e-12,
            "{:?}",
            solved.balances().collect::<Vec<_>>()
        );
        for inlet in solved.inlets() {
            prop_assert!(inlet.accepted <= inlet.offered, "{inlet:?}");
            prop_assert!(inlet.accepted.is_sign_positive() && inlet.shut_in >= 0.0, "{inlet:?}");
            prop_assert!(agree(inlet.accepted + inlet.shut_in, inlet.offered, 1e-14), "{inlet:?}");
            let fraction = solved.accepted_fraction(inlet.inlet).unwrap();
            prop_assert!((0.0..=1.0).contains(&fraction), "{inlet:?}");
        }
        Ok(())
    });
}

#[test]
fn what_crosses_the_outermost_boundary_balances() {
    on_every_seed(25, &all_worlds(), |world| {
        // atoms of carbon, hydrogen, helium in methane, ethane, ethylene, hydrogen, helium
        const ATOMS: [[f64; 5]; 3] =
            [[1.0, 2.0, 2.0, 0.0, 0.0], [4.0, 6.0, 4.0, 2.0, 0.0], [0.0, 0.0, 0.0, 0.0, 1.0]];
        let chain = build(world.builder(1.0));
        let Some(solved) = solved(&mut chain.case())? else { return Ok(()) };
        let (mut inflow, mut outflow): (Flows, Flows) = ([0.0; 5], [0.0; 5]);
        let add = |sum: &mut Flows, flows: &[f64]| {
            for (sum, flow) in sum.iter_mut().zip(flows) {
                *sum += flow;
            }
        };
        for link in solved.links() {
            match (link.from, link.to) {
                (None, _) => add(&mut inflow, link.stream.flows),
                (_, None) => add(&mut outflow, link.stream.flows),
                _ => {}
            }
        }
        for import in solved.imports() {
            add(&mut inflow, import.stream.flows);
        }
        for atoms in ATOMS {
            let count = |flows: &Flows| flows.iter().zip(atoms).map(|(n, a)| n * a).sum::<f64>();
            prop_assert!(agree(count(&inflow), count(&outflow), 1e-12));
        }
        // methane and helium take part in no reaction
        for species in [0, 4] {
            prop_assert!(agree(inflow[species], outflow[species], 1e-12), "{}", SPECIES[species]);
        }
        Ok(())
    });
}
