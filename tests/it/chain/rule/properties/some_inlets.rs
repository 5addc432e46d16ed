//! Straight chains with limits that name some inlets, against the rule for those word by word: an
//! opening is the largest from which, the later inlets settled by the same rule, every limit that
//! names the inlet holds in the end.

use crate::chain::rule::properties::fractions;
use crate::engine::chosen::chosen;
use crate::engine::level::Engine;
use crate::engine::make::all_worlds;
use crate::engine::programme::Row;
use crate::engine::world::{Bound, World};
use crate::support::chains::build;
use crate::support::seeds::{Random, on_every_seed, on_every_seed_and};
use gaschain::chain::Openings;
use proptest::prelude::*;
use std::cell::Cell;

/// Limits along the openings, and which inlets each names.
struct Rule {
    rows: Vec<Row>,
    names: Vec<Vec<bool>>,
    order: Vec<usize>,
}

impl Rule {
    /// The row of one of a chain's own limits: those that throttle come first, by declaration.
    fn row(&self, world: &World, name: &str) -> &Row {
        let throttles = |bound: &&Bound| {
            bound.capacity.is_some() && (0..world.plant.inlets).any(|i| bound.throttles(i))
        };
        let mut own = world.plant.limits.iter().filter(throttles);
        &self.rows[own.position(|bound| bound.name == name).expect("a limit that throttles")]
    }

    fn over(&self, limit: usize, openings: &[f64]) -> f64 {
        let row = &self.rows[limit];
        let terms = row.slopes.iter().zip(openings).map(|(slope, at)| slope * at);
        let size = row.slopes.iter().fold(row.at_most.abs(), |size, slope| size.max(slope.abs()));
        (terms.sum::<f64>() - row.at_most) / size.max(1e-300)
    }

    /// Whether every limit that names an inlet holds.
    fn holds(&self, inlet: usize, openings: &[f64]) -> bool {
        (0..self.rows.len())
            .filter(|&limit| self.names[limit][inlet])
            .all(|limit| self.over(limit, openings) <= 1e-11)
    }

    /// Opens an inlet this far, and those after it as they then settle.
    fn try_at(&self, place: usize, opening: f64, openings: &mut [f64]) -> bool {
        let inlet = self.order[place];
        openings[inlet] = opening;
        self.settle(place + 1, openings);
        self.holds(inlet, openings)
    }

    /// Opens the inlets from this place of the order on; whether the first of them found an opening.
    fn settle(&self, place: usize, openings: &mut [f64]) -> bool {
        if place == self.order.len() || self.try_at(place, 1.0, openings) {
            return true;
        }
        if place + 1 == self.order.len() {
            return self.settle_last(openings);
        }
        for opening in self.candidates(place, openings) {
            // a later inlet may change its state at once there: then just below it counts
            for below in [0.0, 1e-9] {
                if self.try_at(place, opening - below, openings) {
                    return true;
                }
            }
        }
        self.try_at(place, 0.0, openings);
        false
    }

    /// Where the opening of an inlet may end, the greatest first: at corners of what limits and
    /// full or shut later inlets leave it.
    fn candidates(&self, place: usize, openings: &[f64]) -> Vec<f64> {
        let free = &self.order[place..];
        let mut planes: Vec<(Vec<f64>, f64)> = Vec::new();
        for row in &self.rows {
            let fixed =
                self.order[..place].iter().map(|&inlet| row.slopes[inlet] * openings[inlet]);
            let slopes: Vec<f64> = free.iter().map(|&inlet| row.slopes[inlet]).collect();
            if slopes.iter().any(|slope| slope.abs() > 1e-12) {
                planes.push((slopes, row.at_most - fixed.sum::<f64>()));
            }
        }
        for later in 1..free.len() {
            let slopes: Vec<f64> =
                (0..free.len()).map(|i| f64::from(u8::from(i == later))).collect();
            planes.push((slopes.clone(), 0.0));
            planes.push((slopes, 1.0));
        }
        let mut found: Vec<f64> = Vec::new();
        let mut chosen: Vec<usize> = (0..free.len()).collect();
        while *chosen.last().expect("inlets") < planes.len() {
            let corner = solve(chosen.iter().map(|&plane| planes[plane].clone()).collect());
            found.extend(corner.filter(|at| (0.0..=1.0).contains(at)));
            // the next choice of so many planes
            let count = chosen.len();
            let moves = (0..count).rev().find(|&i| chosen[i] + count - i < planes.len());
            let Some(moves) = moves else { break };
            chosen[moves] += 1;
            for after in moves + 1..count {
                chosen[after] = chosen[after - 1] + 1;
            }
        }
        found.sort_by(|one, other| other.total_cmp(one));
        found.dedup_by(|one, other| (*one - *other).abs() < 1e-15);
        found
    }

    /// Opens the last inlet: between what each limit that names it allows.
    fn settle_last(&self, openings: &mut [f64]) -> bool {
        let inlet = *self.order.last().expect("inlets");
        openings[inlet] = 0.0;
        let (mut low, mut high) = (0.0_f64, 1.0_f64);
        for (limit, row) in self.rows.iter().enumerate().filter(|(n, _)| self.names[*n][inlet]) {
            let terms = row.slopes.iter().zip(&*openings).map(|(slope, at)| slope * at);
            let (room, slope) = (row.at_most - terms.sum::<f64>(), row.slopes[inlet]);
            if slope > 0.0 {
                high = high.min(room / slope);
            } else if slope < 0.0 {
                low = low.max(room / slope);
            } else if self.over(limit, openings) > 1e-11 {
                return false;
            }
        }
        openings[inlet] = if low <= high + 1e-11 { high.max(low).clamp(0.0, 1.0) } else { 0.0 };
        self.holds(inlet, openings)
    }

    /// What is wrong with openings, taken in order; nothing if they are what the rule gives.
    fn wrong(&self, got: &[f64]) -> Option<String> {
        let mut openings = vec![0.0; got.len()];
        for place in 0..self.order.len() {
            let inlet = self.order[place];
            if !self.settle(place, &mut openings) {
                // given up: that is judged elsewhere
                return None;
            }
            let right = openings[inlet];
            if (got[inlet] - right).abs() > 1e-7 {
                return Some(format!("i{inlet} opened {}, right {right}", got[inlet]));
            }
            openings[inlet] = got[inlet];
        }
        None
    }
}

/// The first unknown of so many equations; none where they leave it open.
fn solve(mut rows: Vec<(Vec<f64>, f64)>) -> Option<f64> {
    for column in (0..rows.len()).rev() {
        let pivot = (0..=column)
            .max_by(|&a, &b| rows[a].0[column].abs().total_cmp(&rows[b].0[column].abs()))?;
        rows.swap(column, pivot);
        let (slopes, right) = rows[column].clone();
        if slopes[column].abs() < 1e-12 {
            return None;
        }
        for row in &mut rows[..column] {
            let factor = row.0[column] / slopes[column];
            for (slope, of_pivot) in row.0.iter_mut().zip(&slopes) {
                *slope -= factor * of_pivot;
            }
            row.1 -= factor * right;
        }
    }
    let (slopes, right) = rows.first()?;
    Some(right / slopes[0])
}

/// A straight chain of up to three inlets one after the other, whose own limits at most name some.
fn naming_some(mut world: World, seed: u64) -> World {
    let random = &mut Random::new(seed);
    let inlets = world.plant.inlets;
    for bound in &mut world.plant.limits {
        let throttles = (0..inlets).any(|inlet| bound.throttles(inlet));
        if bound.at_least {
            bound.some = None;
        } else if throttles && random.chance(60) {
            let first = random.choose(inlets);
            let some = (0..inlets).filter(|&inlet| inlet == first || random.chance(30));
            bound.some = Some(some.collect());
        }
    }
    world.plant.order = world.plant.order.iter().flatten().map(|&inlet| vec![inlet]).collect();
    world
}

fn rule(world: &World) -> Rule {
    let plant = &world.plant;
    let engine = Engine::new();
    let rows = engine.rows(plant, &world.supplies);
    let seen = engine.at(plant, &world.supplies, &vec![0.0; plant.inlets]).seen;
    let of = |address: &str| plant.limits.iter().find(|bound| bound.name == address);
    let names = |own: bool, address: &str| {
        let bound = of(address).filter(|_| own);
        (0..plant.inlets).map(|inlet| bound.is_none_or(|bound| bound.throttles(inlet))).collect()
    };
    let names = seen.iter().map(|seen| names(seen.own, &seen.address)).collect();
    Rule { rows, names, order: plant.order.iter().flatten().copied().collect() }
}

#[test]
fn limits_that_name_some_inlets_are_kept_by_those() {
    let (some, given_up) = (Cell::new(0), Cell::new(0));
    let worlds = (all_worlds().prop_map(World::straight), any::<u64>());
    on_every_seed_and(&[165], 40, &worlds, |(world, seed)| {
        if world.plant.inlets > 3 {
            return Ok(());
        }
        let world = naming_some(world, seed);
        let chain = build(world.builder(1.0));
        let solved = chain.case().solve();
        let rule = rule(&world);
        let Ok(solved) = solved else {
            // what all answer for may have no state: an inner limit that holds at least
            let all = rule.names.iter().any(|names| names.iter().all(|named| *named));
            prop_assert!(all, "{}", solved.unwrap_err());
            return Ok(());
        };
        let got = fractions(&world, &solved);
        let mut all_hold = true;
        for bound in &world.plant.limits {
            let inlets = (0..world.plant.inlets).filter(|&inlet| bound.throttles(inlet));
            let inlets: Vec<usize> = inlets.collect();
            if inlets.is_empty() || !solved.limit(&bound.name).unwrap().broken {
                continue;
            }
            // it is given up: those it names that would raise it stay shut, stopped by it
            prop_assert!(inlets.len() < world.plant.inlets, "{} names all", bound.name);
            let row = rule.row(&world, &bound.name);
            for inlet in inlets.into_iter().filter(|&inlet| row.slopes[inlet] > 1e-12) {
                let result = solved.inlet(&format!("i{inlet}")).unwrap();
                let named = result.stopped_by.limits().any(|name| name == bound.name);
                prop_assert!(got[inlet] <= 0.0 && named, "{result:?} although {} is", bound.name);
            }
            all_hold = false;
        }
        if !all_hold {
            given_up.set(given_up.get() + 1);
            return Ok(());
        }
        prop_assert_eq!(solved.openings(), Openings::Exact);
        let partial = rule.names.iter().any(|names| names.iter().any(|named| !named));
        some.set(some.get() + usize::from(partial));
        if let Some(wrong) = rule.wrong(&got) {
            return Err(TestCaseError::fail(format!("{wrong}; {got:?}")));
        }
        Ok(())
    });
    println!("{} with limits that name some, {} given up", some.get(), given_up.get());
}

#[test]
fn the_rule_word_by_word_knows_the_examples_of_the_concept() {
    let settled = |rows: &[([f64; 2], f64)], names: &[[bool; 2]], order: [usize; 2]| {
        let rows =
            rows.iter().map(|(slopes, at_most)| Row { slopes: slopes.to_vec(), at_most: *at_most });
        let names = names.iter().map(|names| names.to_vec()).collect();
        let rule = Rule { rows: rows.collect(), names, order: order.to_vec() };
        let mut openings = vec![0.0; 2];
        rule.settle(0, &mut openings);
        assert_eq!(rule.wrong(&openings), None);
        openings
    };
    let near = |got: Vec<f64>, expected: [f64; 2]| {
        assert!(got.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-9), "{got:?}");
    };
    // 6: a 30 and b 50, size 40 names b
    for order in [[1, 0], [0, 1]] {
        near(settled(&[([30.0, 50.0], 40.0)], &[[false, true]], order), [1.0, 0.2]);
    }
    // 6b: nitrogen names the dirty field, demand both
    let rows = [([6.4, -1.6], 0.0), ([80.0, 80.0], 50.0)];
    near(settled(&rows, &[[true, false], [true, true]], [0, 1]), [0.125, 0.5]);
    // 6c, the group taken as two: demand 40 names a
    near(settled(&[([30.0, 30.0], 40.0)], &[[true, false]], [0, 1]), [1.0 / 3.0, 1.0]);
    // 1 and 1b: all name both
    near(settled(&rows, &[[true, true], [true, true]], [0, 1]), [0.125, 0.5]);
    near(settled(&rows, &[[true, true], [true, true]], [1, 0]), [0.0, 0.625]);
    // wrong answers are known
    let rule = Rule {
        rows: rows
            .iter()
            .map(|(s, at_most)| Row { slopes: s.to_vec(), at_most: *at_most })
            .collect(),
        names: vec![vec![true, false], vec![true, true]],
        order: vec![0, 1],
    };
    assert!(rule.wrong(&[0.0, 0.625]).is_some());
    assert!(rule.wrong(&[0.15, 0.475]).is_some());
}

#[test]
fn where_limits_name_all_the_rule_word_by_word_agrees_with_programmes() {
    let found = Cell::new(0);
    on_every_seed(40, &all_worlds().prop_map(World::straight), |mut world| {
        if world.plant.inlets > 3 {
            return Ok(());
        }
        world.plant.order = world.plant.order.iter().flatten().map(|&inlet| vec![inlet]).collect();
        let rule = rule(&world);
        let mut openings = vec![0.0; world.plant.inlets];
        let Some(right) = chosen(&world) else {
            prop_assert!(!rule.settle(0, &mut openings), "{openings:?}, though there is no state");
            return Ok(());
        };
        let wrong = rule.wrong(&right.openings);
        prop_assert!(wrong.is_none(), "{wrong:?}; {:?}", right.openings);
        prop_assert!(rule.settle(0, &mut openings), "nothing, though {:?}", right.openings);
        found.set(found.get() + 1);
        Ok(())
    });
    assert!(found.get() > 0);
}
