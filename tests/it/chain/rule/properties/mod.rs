//! Properties of the operating rule on random chains: up to three levels of chains inside chains,
//! one to four supplies, recycles, limits of every kind, zero and unknown capacities.

mod balances;
mod limits;
mod repeated;
mod worth;

use crate::engine::world::World;
use crate::support::chains::mol;
use crate::support::solved::first_stop;
use gaschain::chain::Chain;
use gaschain::param::Values;
use gaschain::solved::Solved;

/// What is offered at a supply, mol/s.
pub fn offered(world: &World, supply: usize) -> f64 {
    world.supplies[supply].iter().sum()
}

/// The chain's own values with these flows of its supplies instead.
pub fn with_flows(chain: &Chain, flows: &[f64]) -> Values {
    let mut values = chain.values();
    for (index, &flow) in flows.iter().enumerate() {
        chain.set(&mut values, &format!("i{index}.flow"), mol(flow)).unwrap();
    }
    values
}

pub fn fractions(world: &World, solved: &Solved<'_>) -> Vec<f64> {
    (0..world.plant.inlets)
        .map(|index| solved.accepted_fraction(&format!("i{index}")).unwrap())
        .collect()
}

pub fn stops(world: &World, solved: &Solved<'_>) -> Vec<String> {
    (0..world.plant.inlets).map(|index| first_stop(solved, &format!("i{index}"))).collect()
}

/// The flows offered where groups before number `group` offer what they accepted, the group
/// itself what `of_group` says, and later ones nothing.
pub fn up_to(
    world: &World,
    group: usize,
    accepted: &[f64],
    of_group: impl Fn(usize) -> f64,
) -> Vec<f64> {
    let mut flows = vec![0.0; world.plant.inlets];
    for (number, members) in world.plant.order.iter().enumerate() {
        for &inlet in members {
            flows[inlet] = match number.cmp(&group) {
                std::cmp::Ordering::Less => offered(world, inlet) * accepted[inlet],
                std::cmp::Ordering::Equal => of_group(inlet),
                std::cmp::Ordering::Greater => 0.0,
            };
        }
    }
    flows
}
