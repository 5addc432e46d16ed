//! Whatever the chain: what is declared where does not matter, nor what is never reached; and more
//! of an own capacity never gives smaller openings.

use crate::chain::rule::properties::{all_stops, fractions, offered, solved};
use crate::engine::chosen::compare;
use crate::engine::make::all_worlds;
use crate::engine::world::{At, Bound, Of, Source, World};
use crate::support::chains::{build, mol};
use crate::support::seeds::on_every_seed_and;
use gaschain::chain::Openings;
use gaschain::param::Value;
use proptest::prelude::*;
use std::cmp::Ordering;

/// Fails unless two chains have the same openings and stops, but for the order of names.
fn same(
    world: &World,
    one: gaschain::chain::Builder,
    other: gaschain::chain::Builder,
    only_shuffled: bool,
) -> Result<(), TestCaseError> {
    let (one, other) = (build(one), build(other));
    let (one, other) = (solved(&mut one.case())?, solved(&mut other.case())?);
    let (Some(one), Some(other)) = (&one, &other) else {
        prop_assert_eq!(one.is_some(), other.is_some(), "only one has an allowed state");
        return Ok(());
    };
    if only_shuffled {
        prop_assert_eq!(one.openings(), other.openings());
    }
    for (a, b) in fractions(world, one).into_iter().zip(fractions(world, other)) {
        prop_assert!((a - b).abs() <= 1e-11, "{a} and {b}");
    }
    let (mut one, mut other) = (all_stops(world, one), all_stops(world, other));
    if only_shuffled {
        one.iter_mut().chain(&mut other).for_each(|names| names.sort());
    }
    prop_assert_eq!(one, other);
    Ok(())
}

#[test]
fn shuffling_stages_connections_and_limits_changes_nothing_but_the_listing_of_ties() {
    on_every_seed_and(&[186], 15, &(all_worlds(), any::<u64>()), |(world, seed)| {
        same(&world, world.builder(1.0), world.shuffled(seed), true)
    });
}

#[test]
fn a_limit_that_is_never_reached_changes_nothing() {
    on_every_seed_and(
        &[111, 162],
        15,
        &(all_worlds(), any::<prop::sample::Index>()),
        |(world, at)| {
            let mut sources: Vec<Source> = (0..world.plant.inlets).map(Source::Inlet).collect();
            sources.extend(world.plant.outlets.iter().copied());
            let all: f64 = (0..world.plant.inlets).map(|inlet| offered(&world, inlet)).sum();
            let ample = Bound {
                name: "ample".into(),
                at: At::Stream(*at.get(&sources)),
                of: Of::Moles,
                capacity: Some(1e3 * all + 1.0),
                at_least: false,
                some: None,
            };
            for place in [0, world.plant.limits.len()] {
                let mut more = world.clone();
                more.plant.limits.insert(place, ample.clone());
                same(&world, world.builder(1.0), more.builder(1.0), false)?;
            }
            Ok(())
        },
    );
}

#[test]
fn a_wider_own_capacity_never_gives_smaller_openings() {
    // a limit that names some may be broken sooner when another lets later inlets open
    let worlds = all_worlds().prop_map(World::naming_all);
    on_every_seed_and(&[147], 15, &(worlds, 1.0_f64..3.0), |(world, by)| {
        let chain = build(world.builder(1.0));
        let Some(before) = solved(&mut chain.case())? else { return Ok(()) };
        let openings = fractions(&world, &before);
        for bound in world.plant.limits.iter().filter(|bound| bound.throttles(0)) {
            let Some(capacity) = bound.capacity else { continue };
            let wider = if bound.at_least { capacity / by } else { capacity * by };
            let value: Value = match bound.of {
                Of::Fraction(_) => wider.min(1.0).into(),
                Of::Mass => format!("{wider} kg/s").into(),
                _ => mol(wider).into(),
            };
            let mut case = chain.case();
            case.set(&bound.name, value).unwrap();
            let after = solved(&mut case)?;
            let Some(after) = after else {
                return Err(TestCaseError::fail(format!("no state with a wider {}", bound.name)));
            };
            if [before.openings(), after.openings()].contains(&Openings::Local) {
                continue;
            }
            let wider = fractions(&world, &after);
            prop_assert!(
                compare(&world.plant.order, &wider, &openings, 1e-9) != Ordering::Less,
                "{}: {openings:?}, with more {wider:?}",
                bound.name
            );
        }
        Ok(())
    });
}
