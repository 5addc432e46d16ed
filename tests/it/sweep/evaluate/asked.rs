//! Whatever is asked for, a sweep gives what its scenarios give by themselves: random chains, axes
//! that lead where nothing can be solved, and few outputs drawn among all.

use super::alike::{Compared, Scenarios, all_outputs};
use super::judged::Beyond;
use crate::engine::world::World;
use crate::support::chains::{Parts, at_most, chain_of, slate};
use crate::support::seeds::{Random, seeds};
use gaschain::Case;
use gaschain::chain::Chain;
use gaschain::param::{ParameterKind, Value};
use gaschain::quantity::{Dimension, Quantity};
use gaschain::stage::{Fuel, Separate, Split};

/// Scenarios that are compared at a time.
const LANES: usize = 12;

/// Columns of random numbers around their values for some of a chain's parameters, now and then
/// exactly those.
fn columns(
    random: &mut Random,
    chain: &Chain,
    base: &Case,
    (low, high): (f64, f64),
    most: usize,
) -> Vec<(String, Vec<f64>)> {
    let mut found: Vec<(String, f64, f64, f64)> = (chain.parameters().iter())
        .filter_map(|parameter| {
            let ParameterKind::Number { unit, low, high, .. } = parameter.kind else { return None };
            let value = unit.to_si(base.get(&parameter.address).unwrap()?);
            (unit.dimension() != Dimension::Count && value > 0.0)
                .then(|| (parameter.address.clone(), value, low, high))
        })
        .collect();
    let count = (1 + random.choose(most)).min(found.len());
    (0..count)
        .map(|_| {
            let (address, value, least, greatest) = found.swap_remove(random.choose(found.len()));
            let mut number = || {
                let share = if random.chance(20) { 1.0 } else { random.between(low, high) };
                (value * share).clamp(least, greatest)
            };
            (address, (0..LANES).map(|_| number()).collect())
        })
        .collect()
}

/// One output most of the time, or a few of all that can be asked for.
fn asked(random: &mut Random, chain: &Chain) -> Vec<String> {
    let mut all = all_outputs(chain);
    let count = if random.chance(60) { 1 } else { 1 + random.choose(6) };
    (0..count.min(all.len())).map(|_| all.swap_remove(random.choose(all.len()))).collect()
}

/// Compares a chain with random axes, asking for random outputs, several times over.
fn compare(
    random: &mut Random,
    chain: &Chain,
    base: &[(String, Value)],
    range: (f64, f64),
) -> Result<Compared, String> {
    let mut case = chain.case();
    case.set_all(base.iter().cloned()).unwrap();
    let columns = columns(random, chain, &case, range, 5);
    let mut scenarios = Scenarios::new(chain, base, &columns);
    // a capacity that is known in some scenarios, and is an axis of no other kind
    let varies = |address: &str| columns.iter().any(|(other, _)| other == address);
    let mut limits = chain.limits().map(|limit| limit.address);
    if let Some(limit) = limits.find(|address| random.chance(40) && !varies(address))
        && let Some(parameter) = chain.parameters().iter().find(|other| other.address == limit)
        && let ParameterKind::Number { unit, .. } = parameter.kind
        && unit.dimension() != Dimension::Count
        && let Some(capacity) = case.get(limit).unwrap()
    {
        let capacities = [0.5, 1.0].map(|part| Quantity::new(part * capacity, unit).into());
        let options: Vec<Value> = capacities.into_iter().chain(["unknown".into()]).collect();
        let picks: Vec<usize> = (0..LANES).map(|_| random.choose(options.len())).collect();
        scenarios.choosing(limit, &options, &picks);
    }
    let mut compared = Compared::default();
    for _ in 0..4 {
        let outputs = asked(random, chain);
        let names: Vec<&str> = columns.iter().map(|(address, _)| address.as_str()).collect();
        compared += scenarios.compare(&outputs).map_err(|why| format!("along {names:?}: {why}"))?;
    }
    Ok(compared)
}

/// A line of stages that have no answer everywhere, with a limit here and there. Where openings are
/// tried, stages object and go on; that one ends in an error, or gives no numbers, is an end to
/// whatever tries it, and which openings are tried is nobody's business: those stand alone.
fn troubled(random: &mut Random) -> Chain {
    let limited = random.chance(60);
    let stages: Vec<Beyond> =
        Beyond::ALL.into_iter().filter(|stage| !limited || stage.goes_on()).collect();
    let slate = slate(&["methane", "ethane", "helium"]);
    let mut chain = chain_of(&slate);
    let parts = [("methane", 0.8), ("ethane", 0.15), ("helium", 0.05)];
    chain.field(&slate, "a", random.between(2.0, 20.0), &parts);
    chain.field(&slate, "b", random.between(2.0, 20.0), &parts);
    chain.blend("hub", &["a", "b"]).joined(&["a -> hub.a", "b -> hub.b"]);
    let mut from = "hub".to_owned();
    for index in 0..=random.choose(4) {
        let name = format!("n{index}");
        let next = match random.choose(6) {
            0 => {
                let share = random.between(0.1, 0.9);
                chain.stage(&name, Split::new(["side"], "out"));
                chain.set(&format!("{name}.side"), share);
                format!("{name}.out")
            }
            1 => {
                let stage = Separate::new("out").recovering(&slate, "helium", &["helium"], "side");
                chain.stage(&name, stage.unwrap()).set(&format!("{name}.helium"), 0.9);
                format!("{name}.out")
            }
            2 => {
                let duty = format!("{} MW", random.between(0.5, 8.0));
                chain.stage(&name, Fuel::by_duty(&slate)).set(&format!("{name}.duty"), duty);
                format!("{name}.gas")
            }
            _ => {
                chain.stage(&name, stages[random.choose(stages.len())].stage());
                format!("{name}.out")
            }
        };
        let side = if next.ends_with(".gas") { "burned" } else { "side" };
        chain.connect(&format!("{from} -> {name}")).leaving_as_loss(&format!("{name}.{side}"));
        if limited && random.chance(30) {
            let capacity = random.between(2.0, 25.0);
            chain.limit(at_most(&format!("limit{index}"), &next, capacity));
        }
        from = next;
    }
    chain.market("city").connect(&format!("{from} -> city"));
    if limited && random.chance(80) {
        chain.limit(at_most("demand", "city", random.between(2.0, 30.0)));
    }
    crate::support::chains::build(chain)
}

#[test]
fn random_lines_of_stages_that_have_no_answer_everywhere() {
    let mut all = Compared::default();
    for seed in seeds() {
        for round in 0..12 {
            let mut random = Random::new(seed * 1_000 + round);
            let chain = troubled(&mut random);
            let compared = compare(&mut random, &chain, &[], (0.0, 2.5));
            all += compared.unwrap_or_else(|why| panic!("seed {seed}, round {round}: {why}"));
        }
    }
    assert!(all.failed * 20 > all.scenarios, "only {} of {} fail", all.failed, all.scenarios);
    assert!(all.failed < all.scenarios, "all fail");
}

#[test]
fn random_chains_far_from_where_they_were_made_for() {
    let mut all = Compared::default();
    for seed in seeds() {
        for round in 0..3 {
            let mut random = Random::new(77 + seed * 1_000 + round);
            let depth = random.choose(4);
            let count = random.choose(260);
            let numbers =
                (0..count).map(|_| u16::try_from(random.choose(65_536)).unwrap()).collect();
            let world = World::random(depth, random.chance(50), numbers);
            let Ok(chain) = world.builder(1.0).build() else { continue };
            let compared = compare(&mut random, &chain, &[], (0.0, 3.0));
            all += compared.unwrap_or_else(|why| panic!("seed {seed}, round {round}: {why}"));
        }
    }
    assert!(all.failed > 0 && all.failed < all.scenarios, "{all:?}");
}

// it runs a line by hydraulics
#[test]
fn the_shipped_chain_by_hydraulics() {
    let chain = gaschain::amur::chain();
    let scenario = gaschain::amur::scenario("hydraulic").unwrap();
    let base = scenario.overrides.iter().map(|set| (set.address.clone(), set.value.clone()));
    let base: Vec<(String, Value)> = base.collect();
    let mut all = Compared::default();
    // each of them records the line four times
    for seed in seeds().step_by(3) {
        let mut random = Random::new(5_000 + seed);
        let compared = compare(&mut random, chain, &base, (0.6, 1.6));
        all += compared.unwrap_or_else(|why| panic!("seed {seed}: {why}"));
    }
    assert!(all.failed < all.scenarios, "{all:?}");
}
