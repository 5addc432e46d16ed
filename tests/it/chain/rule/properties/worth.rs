//! The random chains have in them what makes the rule hard: refusals, recycles, depth, loads that
//! bend and fall.

use crate::chain::rule::properties::{all_stops, stops};
use crate::engine::make::all_worlds;
use crate::engine::world::{Middle, Node, Plant, Surplus};
use crate::support::chains::build;
use gaschain::ErrorKind;
use gaschain::chain::Openings;
use gaschain::solved::FULLY_DRAWN;
use proptest::prelude::*;

/// Depth of chains inside chains.
pub fn depth(plant: &Plant) -> usize {
    let inner = plant.nodes.iter().map(|node| match node {
        Node::Chain { chain, .. } | Node::Loop { middle: Middle::Chain(chain), .. } => {
            1 + depth(chain)
        }
        _ => 0,
    });
    inner.max().unwrap_or(0)
}

/// Whether an inner chain may send part of what it is offered elsewhere.
fn bends(plant: &Plant) -> bool {
    plant.nodes.iter().any(|node| match node {
        Node::Duty(..) | Node::Loop { middle: Middle::Duty(_), .. } => true,
        Node::Chain { chain, surplus, .. } => {
            bends(chain)
                || (surplus.iter().any(|s| matches!(s, Surplus::Joined | Surplus::Switch(true)))
                    && chain.limits.iter().any(|limit| limit.capacity.is_some()))
        }
        _ => false,
    })
}

#[test]
fn the_random_chains_are_worth_running() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let strategy = all_worlds();
    let count = 500;
    let [mut stopped, mut refused, mut bent, mut looped, mut deep, mut passed] = [0; 6];
    let [mut several, mut none, mut straight] = [0; 3];
    for _ in 0..count {
        let world = strategy.new_tree(&mut runner).unwrap().current();
        let chain = build(world.builder(1.0));
        let solved = match chain.case().solve() {
            Ok(solved) => solved,
            Err(error) if error.kind() == ErrorKind::NoState => {
                none += 1;
                continue;
            }
            Err(error) => panic!("{error}: {world:#?}"),
        };
        let outer = stops(&world, &solved);
        stopped += usize::from(outer.iter().any(|name| name != FULLY_DRAWN));
        passed += usize::from(outer.iter().any(|name| name.contains('.')));
        let inner = solved.inlets().skip(world.plant.inlets);
        refused += usize::from(inner.into_iter().any(|inlet| !inlet.stopped_by.is_fully_drawn()));
        let throttled = world.plant.limits.iter().any(|limit| limit.capacity.is_some());
        bent += usize::from(throttled && bends(&world.plant));
        looped +=
            usize::from(world.plant.nodes.iter().any(|node| matches!(node, Node::Loop { .. })));
        deep += usize::from(depth(&world.plant) >= 2);
        let listed = |names: Vec<String>| names.len() > 1;
        several += usize::from(all_stops(&world, &solved).into_iter().any(listed));
        straight += usize::from(solved.openings() == Openings::Exact);
    }
    println!(
        "of {count}: {stopped} with a stopped supply ({passed} by an inner limit), {refused} with an \
         inner refusal, {bent} bent, {looped} with a recycle, {deep} two or more levels deep, \
         {several} stopped by several limits, {none} without an allowed state, {straight} exact"
    );
    assert!(stopped * 5 > count * 2 && refused * 8 > count && bent * 6 > count);
    assert!(looped * 6 > count && deep * 8 > count && passed * 15 > count);
    assert!(several * 50 > count && none * 100 > count && none * 5 < count);
    assert!(straight * 10 > count && straight < count);
}
