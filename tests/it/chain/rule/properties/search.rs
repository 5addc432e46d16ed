//! Chains whose inner chains pass on what they refuse, against a search of the definition itself:
//! openings on a grid, inner chains settled by programmes of their own.
//!
//! The state that is reported has to be allowed; and unless the result says that its openings are
//! the greatest only nearby, no state of the grid may be allowed and have greater openings. Of those
//! that say so, it is counted how many are not the greatest.

use crate::chain::rule::properties::fractions;
use crate::engine::chosen::{Chosen, chosen, compare};
use crate::engine::level::{Engine, Seen, State};
use crate::engine::make::all_worlds;
use crate::engine::world::{
    At, Bound, ETHANE, Flows, HYDROGEN, Node, Of, Plant, Source, Surplus, World,
};
use crate::support::chains::build;
use crate::support::seeds::{on_every_seed, on_every_seed_and};
use gaschain::ErrorKind;
use gaschain::chain::Openings;
use gaschain::solved::Solved;
use proptest::prelude::*;
use std::cell::Cell;
use std::cmp::Ordering;

/// Steps of the grid along an opening.
const STEPS: usize = 10;
/// By how much an opening has to be greater to count.
const GAIN: f64 = 1e-4;

/// A chain to be searched.
struct Search<'w> {
    world: &'w World,
    engine: Engine,
    open: State,
}

impl<'w> Search<'w> {
    fn new(world: &'w World) -> Self {
        let engine = Engine::new();
        let open = engine.at(&world.plant, &world.supplies, &vec![1.0; world.plant.inlets]);
        Self { world, engine, open }
    }

    /// The limits that do not hold at these openings; one that has no name is an inner chain
    /// without an allowed state.
    fn broken(&self, openings: &[f64], within: f64) -> Vec<String> {
        let state = self.engine.at(&self.world.plant, &self.world.supplies, openings);
        let over = |(number, seen): (usize, &Seen)| {
            let open = self.open.seen.get(number).map_or(0.0, |open| open.load.abs());
            let scale = seen.load.abs().max(seen.allowed.abs());
            // of a stream that is nothing but what rounding leaves, amounts are no more than that
            let scale = scale.max(if seen.amounts { 1e-6 * open } else { open });
            (seen.over() > within * scale).then(|| seen.address.clone())
        };
        let mut broken: Vec<String> = state.seen.iter().enumerate().filter_map(over).collect();
        broken.extend(state.dead.then(String::new));
        broken
    }

    /// Fails unless chains inside settled by their own rule, from what reaches them.
    fn inside(&self, solved: &Solved) -> Result<(), TestCaseError> {
        let plant = &self.world.plant;
        let openings = fractions(self.world, solved);
        let state = self.engine.at(plant, &self.world.supplies, &openings);
        // just below a jump rounding decides on which side they are
        if self.engine.unsure.get() || solved.inlets().any(|inlet| inlet.jump) {
            return Ok(());
        }
        for (index, feeds) in &state.settled {
            let Node::Chain { chain, .. } = &plant.nodes[*index] else { unreachable!() };
            let right = Chosen::of(chain, feeds);
            prop_assert!(right.is_some(), "n{index} has no allowed state");
            let Some(right) = right else { continue };
            let mut named = Vec::new();
            for (inlet, right) in right.openings.iter().enumerate() {
                let address = format!("n{index}.i{inlet}");
                let result = solved.inlet(&address).unwrap();
                let got = solved.accepted_fraction(&address).unwrap();
                prop_assert!(
                    result.offered <= 0.0 || (got - right).abs() <= 1e-7,
                    "{address} opened {got}, right {right}"
                );
                let within = format!("n{index}.");
                let names = result.stopped_by.limits().map(|name| name.replacen(&within, "", 1));
                named.push(names.collect());
            }
            let wrong = right.wrong(&named);
            prop_assert!(wrong.is_none(), "n{index}: {wrong:?}");
        }
        Ok(())
    }

    /// Fails if some small move opens an inlet further and raises none of what is said to stop it;
    /// later inlets, and those of its group that stand higher, may go either way.
    fn stays_stopped(&self, solved: &Solved) -> Result<(), TestCaseError> {
        const STEP: f64 = 1e-6;
        let plant = &self.world.plant;
        let openings = fractions(self.world, solved);
        let here = self.engine.at(plant, &self.world.supplies, &openings);
        for (group, members) in plant.order.iter().enumerate() {
            for &inlet in members {
                let result = solved.inlet(&format!("i{inlet}")).unwrap();
                let named: Vec<&str> = result.stopped_by.limits().collect();
                let limits: Vec<usize> = (0..here.seen.len())
                    .filter(|&number| named.contains(&here.seen[number].address.as_str()))
                    .collect();
                // one of a chain inside that passes on what it refuses is not seen from here
                if named.is_empty() || limits.len() < named.len() || result.jump {
                    continue;
                }
                let higher = |other: &usize| openings[*other] > openings[inlet] + 1e-9;
                let later = plant.order[group + 1..].iter().flatten();
                let beside = members.iter().filter(|other| higher(other));
                let others: Vec<usize> = later.chain(beside).copied().collect();
                let sizes = [0.0, 0.03, -0.03, 0.3, -0.3, 1.0, -1.0, 3.0, -3.0, 30.0, -30.0];
                let moves = sizes.len().pow(u32::try_from(others.len()).expect("a few"));
                for number in 0..moves {
                    let mut moved = openings.clone();
                    moved[inlet] += STEP;
                    let mut number = number;
                    for &other in &others {
                        moved[other] += STEP * sizes[number % sizes.len()];
                        number /= sizes.len();
                    }
                    if moved.iter().any(|opening| !(0.0..=1.0).contains(opening)) {
                        continue;
                    }
                    let there = self.engine.at(plant, &self.world.supplies, &moved);
                    let raised = limits.iter().any(|&limit| {
                        let (before, after) = (&here.seen[limit], &there.seen[limit]);
                        let scale = before.load.abs().max(before.allowed.abs());
                        after.over() - before.over() > -1e-13 * scale
                    });
                    prop_assert!(
                        raised || self.engine.unsure.get(),
                        "{result:?} would open from {openings:?} by way of {moved:?}"
                    );
                }
            }
        }
        Ok(())
    }

    /// An allowed state whose openings are greater than these; any, if there are none.
    fn greater(&self, than: Option<&[f64]>) -> Option<Vec<f64>> {
        let plant = &self.world.plant;
        let lines: Vec<Vec<f64>> = (0..plant.inlets)
            .map(|inlet| {
                let mut line: Vec<f64> =
                    (0..=STEPS).map(|step| step as f64 / STEPS as f64).collect();
                if let Some(openings) = than {
                    let near = [-0.02, -0.002, 0.0, 0.002, 0.02].map(|by| openings[inlet] + by);
                    line.extend(near.into_iter().filter(|opening| (0.0..=1.0).contains(opening)));
                }
                line
            })
            .collect();
        let mut at = vec![0; plant.inlets];
        loop {
            let openings: Vec<f64> = at.iter().zip(&lines).map(|(at, line)| line[*at]).collect();
            let is_greater = than.is_none_or(|than| {
                compare(&plant.order, &openings, than, GAIN) == Ordering::Greater
            });
            if is_greater && self.broken(&openings, 1e-12).is_empty() {
                return Some(openings);
            }
            let next = (0..at.len()).find(|&inlet| at[inlet] + 1 < lines[inlet].len())?;
            at[next] += 1;
            at[..next].fill(0);
        }
    }
}

#[test]
fn no_state_of_a_grid_is_better() {
    let (local, not_best) = (Cell::new(0), Cell::new(0));
    on_every_seed_and(
        &[16, 33, 38, 59, 67, 113, 135, 141, 147, 155, 162, 166],
        30,
        &all_worlds().prop_map(World::straight_inside),
        |world| {
            if world.plant.inlets > 3 {
                return Ok(());
            }
            let search = Search::new(&world);
            let chain = build(world.builder(1.0));
            let reported = match chain.case().solve() {
                Ok(solved) => {
                    search.inside(&solved)?;
                    search.stays_stopped(&solved)?;
                    Some((fractions(&world, &solved), solved.openings()))
                }
                Err(error) if error.kind() == ErrorKind::NoState => None,
                Err(error) => return Err(TestCaseError::fail(error.to_string())),
            };
            let Some((openings, promise)) = reported else {
                let allowed = search.greater(None);
                prop_assert!(allowed.is_none(), "no state is said to be allowed; {allowed:?} is");
                return Ok(());
            };
            let broken = search.broken(&openings, 1e-9);
            prop_assert!(broken.is_empty(), "{broken:?} are broken at {openings:?}");
            let greater = search.greater(Some(&openings));
            if promise == Openings::Local {
                local.set(local.get() + 1);
                not_best.set(not_best.get() + usize::from(greater.is_some()));
            } else {
                prop_assert!(
                    greater.is_none() || search.engine.unsure.get(),
                    "{openings:?} ({}) although {greater:?} is allowed",
                    promise.as_str()
                );
            }
            Ok(())
        },
    );
    println!("{} of {} local openings are not the greatest", not_best.get(), local.get());
}

/// The furnaces of the concept's examples 2 and 3, with hydrogen in the place of propane.
fn furnaces(supplies: Vec<Flows>, order: Vec<Vec<usize>>, past: Option<f64>) -> World {
    let at_most = |name: &str, source, of, capacity| Bound {
        name: name.into(),
        at: At::Stream(source),
        of,
        capacity,
        at_least: false,
        some: None,
    };
    let inner = Plant {
        inlets: 2,
        order: vec![vec![0], vec![1]],
        nodes: vec![Node::Blend(vec![Source::Inlet(0), Source::Inlet(1)])],
        outlets: vec![Source::Out(0, 0)],
        limits: vec![at_most("size", Source::Out(0, 0), Of::Moles, Some(40.0))],
    };
    let ethane = std::array::from_fn(|species| f64::from(u8::from(species == ETHANE)));
    let plant = Plant {
        inlets: supplies.len(),
        order,
        nodes: vec![
            Node::Blend((0..supplies.len()).map(Source::Inlet).collect()),
            Node::Separate(Source::Out(0, 0), ethane),
            Node::Chain {
                chain: inner,
                feeds: vec![Source::Out(1, 0), Source::Out(1, 1)],
                surplus: vec![Surplus::Joined, Surplus::Joined],
            },
            Node::Blend(vec![Source::Surplus(2, 0), Source::Surplus(2, 1)]),
        ],
        outlets: vec![Source::Out(2, 0), Source::Out(3, 0)],
        limits: vec![
            at_most("line", Source::Out(2, 0), Of::Species(HYDROGEN), Some(10.0)),
            at_most("past", Source::Out(3, 0), Of::Species(ETHANE), past),
        ],
    };
    World { plant, supplies, made_from: (1, Vec::new()) }
}

#[test]
fn the_search_knows_the_examples_of_the_concept() {
    let half = |flow: f64| [0.0, 0.5 * flow, 0.0, 0.5 * flow, 0.0];
    // one field: 20 of 50, all of 70 and of 100
    for (flow, right, wrong) in [(50.0, 0.4, 0.5), (70.0, 1.0, 0.5), (100.0, 1.0, 0.5)] {
        let world = furnaces(vec![half(flow)], vec![vec![0]], None);
        let search = Search::new(&world);
        assert_eq!(search.broken(&[right], 1e-12), [""; 0], "{flow}");
        assert_eq!(search.broken(&[wrong], 1e-9), ["line"], "{flow}");
        assert_eq!(search.greater(Some(&[right])), None, "{flow}");
        assert!(search.greater(Some(&[20.0 / flow * 0.9])).is_some(), "{flow}");
    }
    // rich 40 and lean 60: rich 40 and lean 50, not rich 20 and lean 60; in a group 0.875 both
    let supplies = vec![half(40.0), [0.0, 60.0, 0.0, 0.0, 0.0]];
    let world = furnaces(supplies.clone(), vec![vec![0], vec![1]], Some(30.0));
    let search = Search::new(&world);
    assert_eq!(search.broken(&[1.0, 50.0 / 60.0], 1e-12), [""; 0]);
    assert_eq!(search.greater(Some(&[1.0, 50.0 / 60.0])), None);
    assert!(search.greater(Some(&[0.5, 1.0])).is_some());
    let world = furnaces(supplies, vec![vec![0, 1]], Some(30.0));
    let search = Search::new(&world);
    assert_eq!(search.broken(&[0.875, 0.875], 1e-12), [""; 0]);
    assert_eq!(search.greater(Some(&[0.875, 0.875])), None);
    assert!(search.greater(Some(&[0.8, 0.8])).is_some());
}

#[test]
fn the_search_and_the_programmes_agree_on_straight_chains() {
    let (none, all) = (Cell::new(0), Cell::new(0));
    on_every_seed(25, &all_worlds().prop_map(World::straight), |world| {
        if world.plant.inlets > 3 {
            return Ok(());
        }
        all.set(all.get() + 1);
        let search = Search::new(&world);
        let Some(right) = chosen(&world) else {
            none.set(none.get() + 1);
            let allowed = search.greater(None);
            prop_assert!(allowed.is_none(), "a programme finds no state; {allowed:?} is allowed");
            return Ok(());
        };
        let broken = search.broken(&right.openings, 1e-11);
        prop_assert!(broken.is_empty(), "{broken:?} are broken at {:?}", right.openings);
        let greater = search.greater(Some(&right.openings));
        prop_assert!(greater.is_none(), "{:?} although {greater:?} is allowed", right.openings);
        Ok(())
    });
    assert!(none.get() * 50 > all.get(), "{} of {} without a state", none.get(), all.get());
}
