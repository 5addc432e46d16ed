//! Straight chains, against lexicographic linear programmes: fields through stages, tees, blends,
//! separators, loops and inner chains that may refuse nothing, with limits that hold at most and at
//! least, on flows and qualities, and groups in the order.
//!
//! A programme finds the greatest openings, and every smallest set of limits that stops an inlet is
//! found by trying all sets. Where no state is allowed what is named must not hold together, and
//! all but any one of it must.

use crate::chain::rule::properties::{all_stops, fractions};
use crate::engine::chosen::chosen;
use crate::engine::level::Engine;
use crate::engine::make::all_worlds;
use crate::engine::programme::{Row, greatest};
use crate::engine::world::World;
use crate::support::chains::build;
use crate::support::compare::agree;
use crate::support::seeds::on_every_seed;
use gaschain::ErrorKind;
use gaschain::chain::{CannotHold, Openings};
use proptest::prelude::*;
use std::cell::Cell;

#[test]
fn straight_chains_open_as_a_programme_says() {
    on_every_seed(60, &all_worlds().prop_map(World::straight), |world| {
        let chain = build(world.builder(1.0));
        match (chain.case().solve(), chosen(&world)) {
            (Ok(solved), Some(right)) => {
                let got = fractions(&world, &solved);
                for (inlet, (got, right)) in got.iter().zip(&right.openings).enumerate() {
                    let offered = world.supplies[inlet].iter().any(|flow| *flow > 0.0);
                    prop_assert!(
                        !offered || (got - right).abs() <= 1e-9,
                        "i{inlet} opened {got}, right {right}"
                    );
                }
                prop_assert_eq!(solved.openings(), Openings::Exact);
                let wrong = right.wrong(&all_stops(&world, &solved));
                prop_assert!(wrong.is_none(), "{wrong:?}");
                Ok(())
            }
            (Err(error), None) if error.kind() == ErrorKind::NoState => {
                smallest(&world, error.cannot_hold())
            }
            (Ok(_), None) => Err(TestCaseError::fail("there is no allowed state")),
            (Err(error), right) => {
                let right = right.map(|right| right.openings);
                Err(TestCaseError::fail(format!("{error}; right {right:?}")))
            }
        }
    });
}

/// What is said not to hold together does not, and does with any one of it left out.
fn smallest(world: &World, cannot_hold: &[CannotHold]) -> Result<(), TestCaseError> {
    let plant = &world.plant;
    let engine = Engine::new();
    let rows = engine.rows(plant, &world.supplies);
    let seen = engine.at(plant, &world.supplies, &vec![0.0; plant.inlets]).seen;
    let holds = |chosen: &[usize]| {
        let rows: Vec<Row> = chosen.iter().map(|&number| rows[number].clone()).collect();
        greatest(plant.inlets, &rows, &plant.order).is_some()
    };
    let mut numbers = Vec::new();
    for held in cannot_hold {
        let number = seen.iter().position(|seen| seen.address == held.limit);
        prop_assert!(number.is_some(), "{} is no limit that throttles", held.limit);
        numbers.extend(number);
        if let Some(bound) = plant.limits.iter().find(|bound| bound.name == held.limit) {
            prop_assert!(agree(held.capacity, bound.capacity.unwrap_or(f64::NAN), 1e-12));
        }
    }
    numbers.sort_unstable();
    prop_assert!(!holds(&numbers), "{cannot_hold:?} hold together");
    if !numbers.iter().all(|&number| seen[number].own) {
        return Ok(());
    }
    for left_out in 0..numbers.len() {
        let mut fewer = numbers.clone();
        fewer.remove(left_out);
        prop_assert!(holds(&fewer), "{cannot_hold:?} is not the smallest");
    }
    nearest(world, &numbers, &rows, cannot_hold)?;
    // found by leaving out, the last declared first
    if seen.iter().all(|seen| seen.own) {
        let mut kept: Vec<usize> = (0..rows.len()).collect();
        for number in (0..rows.len()).rev() {
            let fewer: Vec<usize> = kept.iter().copied().filter(|&other| other != number).collect();
            if !holds(&fewer) {
                kept = fewer;
            }
        }
        prop_assert_eq!(numbers, kept);
    }
    Ok(())
}

/// The loads shown are those of the state in which the largest excess of the limits, each relative
/// to its scale, is least; there all have the same.
fn nearest(
    world: &World,
    numbers: &[usize],
    rows: &[Row],
    cannot_hold: &[CannotHold],
) -> Result<(), TestCaseError> {
    let plant = &world.plant;
    let open = Engine::new().at(plant, &world.supplies, &vec![1.0; plant.inlets]).seen;
    if numbers.iter().any(|&number| open[number].amounts) {
        return Ok(());
    }
    let scale = |number: usize| open[number].allowed.abs().max(open[number].load.abs());
    // one more unknown, one less the excess, is made as large as it can be
    let with_excess: Vec<Row> = numbers
        .iter()
        .map(|&number| {
            let slopes = rows[number].slopes.iter().copied().chain([scale(number)]).collect();
            Row { slopes, at_most: rows[number].at_most + scale(number) }
        })
        .collect();
    let found = greatest(plant.inlets + 1, &with_excess, &[vec![plant.inlets]]);
    let excess = 1.0 - found.expect("a state nearest to allowed")[plant.inlets];
    for &number in numbers {
        let seen = &open[number];
        let held = cannot_hold.iter().find(|held| held.limit == seen.address);
        let held = held.expect("it is named");
        let over = if seen.at_least { -excess } else { excess } * scale(number);
        let (got, right) = (held.load.unwrap_or(f64::NAN), seen.allowed + over);
        prop_assert!((got - right).abs() <= 1e-8 * scale(number), "{held:?}, right load {right}");
    }
    Ok(())
}

#[test]
fn what_stops_an_inlet_is_enough_to_stop_it() {
    // with the limits alone that are said to stop an inlet, and those before it as they are, it
    // opens no further; and without any one of a smallest set it would
    let stopped = Cell::new([0, 0, 0]);
    on_every_seed(60, &all_worlds().prop_map(World::straight), |world| {
        let Some(right) = chosen(&world) else { return Ok(()) };
        let Some(stops) = &right.stops else { return Ok(()) };
        let rows = Engine::new().rows(&world.plant, &world.supplies);
        for (group, members) in world.plant.order.iter().enumerate() {
            for &inlet in members {
                let offered = world.supplies[inlet].iter().any(|flow| *flow > 0.0);
                let at = right.openings[inlet];
                if !offered || at > 1.0 - 1e-9 {
                    prop_assert!(stops[inlet].is_empty());
                    continue;
                }
                let mut counted = stopped.get();
                counted[stops[inlet].len().min(2)] += 1;
                stopped.set(counted);
                let mut kept: Vec<Row> = stops[inlet].iter().map(|&n| rows[n].clone()).collect();
                for other in 0..world.plant.inlets {
                    let before = world.plant.order[..group].iter().flatten().any(|o| *o == other);
                    let beside = members.contains(&other) && right.openings[other] <= at + 1e-9;
                    if other != inlet && (before || beside) {
                        for sign in [1.0, -1.0] {
                            let mut slopes = vec![0.0; world.plant.inlets];
                            slopes[other] = sign;
                            kept.push(Row {
                                slopes,
                                at_most: sign * right.openings[other] + 1e-13,
                            });
                        }
                    }
                }
                let alone = greatest(world.plant.inlets, &kept, &[vec![inlet]]);
                let alone = alone.map(|openings| openings[inlet]);
                prop_assert!(
                    alone.is_some_and(|alone| (alone - at).abs() <= 1e-6),
                    "i{inlet} at {at} would open to {alone:?} with {:?}",
                    stops[inlet]
                );
            }
        }
        Ok(())
    });
    let [by_none, by_one, by_more] = stopped.get();
    println!("{by_one} stopped by one limit, {by_more} by several");
    assert!(by_none == 0 && by_more * 20 > by_one);
}
