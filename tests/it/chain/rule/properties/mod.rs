//! Properties of the operating rule on random chains: up to three levels of chains inside chains,
//! one to four supplies, recycles, limits of every kind, zero and unknown capacities.
//!
//! `programme` and `search` hold the library against what is right, found by other means; the
//! others against what the rule promises of every chain.

mod balances;
mod programme;
mod repeated;
mod same_again;
mod search;
mod some_inlets;
mod stops;
mod worth;

use crate::engine::world::World;
use crate::support::chains::mol;
use crate::support::solved::first_stop;
use gaschain::chain::Chain;
use gaschain::solved::Solved;
use gaschain::{Case, ErrorKind};
use proptest::prelude::*;

/// What is offered at a supply, mol/s.
pub fn offered(world: &World, supply: usize) -> f64 {
    world.supplies[supply].iter().sum()
}

/// A result; none where no openings are allowed.
pub fn solved(case: &mut Case) -> Result<Option<Solved>, TestCaseError> {
    match case.solve() {
        Ok(solved) => Ok(Some(solved)),
        Err(error) if error.kind() == ErrorKind::NoState => Ok(None),
        Err(error) => Err(TestCaseError::fail(error.to_string())),
    }
}

/// A case of a chain with these flows of its supplies instead of its own.
pub fn with_flows(chain: &Chain, flows: &[f64]) -> Case {
    let mut case = chain.case();
    for (index, &flow) in flows.iter().enumerate() {
        case.set(&format!("i{index}.flow"), mol(flow)).unwrap();
    }
    case
}

pub fn fractions(world: &World, solved: &Solved) -> Vec<f64> {
    (0..world.plant.inlets)
        .map(|index| solved.accepted_fraction(&format!("i{index}")).unwrap())
        .collect()
}

/// The first of what stops each outermost inlet.
pub fn stops(world: &World, solved: &Solved) -> Vec<String> {
    (0..world.plant.inlets).map(|index| first_stop(solved, &format!("i{index}"))).collect()
}

/// All that stops each outermost inlet.
pub fn all_stops(world: &World, solved: &Solved) -> Vec<Vec<String>> {
    let of = |index| solved.inlet(&format!("i{index}")).unwrap();
    (0..world.plant.inlets)
        .map(|index| of(index).stopped_by.limits().map(str::to_owned).collect())
        .collect()
}
