//! Properties of the operating rule on random chains: up to three levels of chains inside
//! chains, one to four supplies, recycles, limits of every kind, zero and unknown capacities.

mod common;
#[path = "common/random.rs"]
mod random;

use common::{agree, bits, build, mol};
use gaschain::chain::{Chain, SolveError};
use gaschain::param::{Value, Values};
use gaschain::solved::{FULLY_DRAWN, Solved};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use random::{Bound, Flows, Node, Of, Plain, Plant, SPECIES, Source, Surplus, World};

/// A random chain, simpler as its tape gets shorter and smaller.
fn worlds() -> impl Strategy<Value = World> {
    (0_usize..=3, prop::collection::vec(any::<u16>(), 0..260))
        .prop_map(|(depth, numbers)| World::random(depth, numbers))
}

/// The same chains in every run, so that a red run can be had again; `GASCHAIN_SEED` asks for
/// others.
fn cases(count: u32) -> ProptestConfig {
    let seed = std::env::var("GASCHAIN_SEED").ok().and_then(|seed| seed.parse().ok());
    let rng_seed = RngSeed::Fixed(seed.unwrap_or(2019));
    ProptestConfig {
        cases: count,
        failure_persistence: None,
        rng_seed,
        ..ProptestConfig::default()
    }
}

/// What is offered at a supply, mol/s.
fn offered(world: &World, supply: usize) -> f64 {
    world.supplies[supply].iter().sum()
}

/// The chain's own values with these flows of its supplies instead.
fn with_flows(chain: &Chain, flows: &[f64]) -> Values {
    let mut values = chain.values();
    for (index, &flow) in flows.iter().enumerate() {
        chain.set(&mut values, &format!("i{index}.flow"), mol(flow)).unwrap();
    }
    values
}

fn fractions(world: &World, solved: &Solved<'_>) -> Vec<f64> {
    (0..world.plant.inlets)
        .map(|index| solved.accepted_fraction(&format!("i{index}")).unwrap())
        .collect()
}

fn stops(world: &World, solved: &Solved<'_>) -> Vec<String> {
    (0..world.plant.inlets)
        .map(|index| solved.inlet(&format!("i{index}")).unwrap().stopped_by[0].to_owned())
        .collect()
}

/// The flows offered where groups before number `group` offer what they accepted, the group
/// itself what `of_group` says, and later ones nothing.
fn up_to(
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

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn every_balance_closes_and_nothing_is_accepted_that_is_not_offered(world in worlds()) {
        let chain = build(world.builder(1.0));
        let solved = chain.solve(&chain.values()).map_err(|e| TestCaseError::fail(e.to_string()))?;
        prop_assert!(solved.worst_residual() <= 1e-12, "{:?}", solved.balances());
        for inlet in solved.inlets() {
            prop_assert!(inlet.accepted <= inlet.offered, "{inlet:?}");
            prop_assert!(inlet.accepted.is_sign_positive() && inlet.shut_in >= 0.0, "{inlet:?}");
            prop_assert!(agree(inlet.accepted + inlet.shut_in, inlet.offered, 1e-14), "{inlet:?}");
            let fraction = solved.accepted_fraction(inlet.inlet).unwrap();
            prop_assert!((0.0..=1.0).contains(&fraction), "{inlet:?}");
        }
    }

    #[test]
    fn what_crosses_the_outermost_boundary_balances(world in worlds()) {
        // atoms of carbon, hydrogen, helium in methane, ethane, ethylene, hydrogen, helium
        const ATOMS: [[f64; 5]; 3] =
            [[1.0, 2.0, 2.0, 0.0, 0.0], [4.0, 6.0, 4.0, 2.0, 0.0], [0.0, 0.0, 0.0, 0.0, 1.0]];
        let chain = build(world.builder(1.0));
        let solved = chain.solve(&chain.values()).unwrap();
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
    }

    #[test]
    fn no_limit_that_throttles_all_inlets_of_its_chain_is_broken(world in worlds()) {
        let chain = build(world.builder(1.0));
        let solved = chain.solve(&chain.values()).unwrap();
        let mut wrong = Vec::new();
        for_each_limit(&world.plant, "", &mut |plant: &Plant, bound: &Bound, address: &str| {
            let all = (0..plant.inlets).all(|inlet| bound.throttles(inlet));
            let limit = solved.limit(address).unwrap();
            let unknown = (limit.capacity, limit.utilisation, limit.margin) == (None, None, None);
            if (all && limit.broken) || (bound.capacity.is_none() != unknown && limit.load.is_some())
            {
                wrong.push(format!("{limit:?}"));
            }
        });
        prop_assert!(wrong.is_empty(), "{wrong:?}");
    }

    #[test]
    fn solving_twice_gives_identical_bits(world in worlds()) {
        let chain = build(world.builder(1.0));
        let mut solver = chain.solver();
        let half: Vec<f64> = (0..world.plant.inlets).map(|i| 0.5 * offered(&world, i)).collect();
        let other = with_flows(&chain, &half);
        let first = bits(&solver.solve(&chain.values()).unwrap());
        solver.solve(&other).unwrap();
        prop_assert_eq!(&first, &bits(&solver.solve(&chain.values()).unwrap()));
        prop_assert_eq!(&first, &bits(&chain.solve(&chain.values()).unwrap()));
    }

    #[test]
    fn a_stopped_inlet_is_stopped_by_a_limit_at_its_capacity(world in worlds()) {
        let chain = build(world.builder(1.0));
        let mut solver = chain.solver();
        let whole = solver.solve(&chain.values()).unwrap();
        let accepted = fractions(&world, &whole);
        for group in 0..world.plant.order.len() {
            // as it was when this group was filled: later ones still shut
            let flows = up_to(&world, group, &accepted, |inlet| offered(&world, inlet));
            let solved = solver.solve(&with_flows(&chain, &flows)).unwrap();
            for &inlet in &world.plant.order[group] {
                let result = solved.inlet(&format!("i{inlet}")).unwrap();
                let stopped_by = result.stopped_by[0];
                if stopped_by == FULLY_DRAWN {
                    prop_assert!(accepted[inlet] >= 1.0 - 1e-9);
                    continue;
                }
                let limit = solved.limit(stopped_by).unwrap();
                prop_assert!(limit.stops.contains(&result.inlet));
                // a quality of nothing has no value
                let Some(load) = limit.load else { continue };
                // one that does not throttle all may be broken already
                let capacity = limit.capacity.unwrap();
                prop_assert!(agree(load, capacity, 1e-9) || load > capacity, "{limit:?}");
            }
        }
    }

    #[test]
    fn opening_a_stopped_inlet_further_breaks_what_stopped_it(world in worlds()) {
        let chain = build(world.builder(1.0));
        let mut solver = chain.solver();
        let whole = solver.solve(&chain.values()).unwrap();
        let accepted = fractions(&world, &whole);
        let stopped_by = stops(&world, &whole);
        for (group, members) in world.plant.order.iter().enumerate() {
            let first = members[0];
            if stopped_by[first] == FULLY_DRAWN {
                continue;
            }
            // it is offered a little more than it accepted, and again accepts what it did
            let more = |inlet: usize| offered(&world, inlet) * (accepted[inlet] * (1.0 + 1e-6) + 1e-7).min(1.0);
            let flows = up_to(&world, group, &accepted, more);
            let solved = solver.solve(&with_flows(&chain, &flows)).unwrap();
            for &inlet in members {
                let result = solved.inlet(&format!("i{inlet}")).unwrap();
                let expected = offered(&world, inlet) * accepted[inlet];
                prop_assert!(
                    (result.accepted - expected).abs() <= 1e-9 * offered(&world, inlet),
                    "{:?}, accepted {} before", result, expected
                );
            }
        }
    }

    #[test]
    fn what_is_accepted_can_be_accepted_again(world in worlds()) {
        // with just what was accepted on offer, everything is fully drawn: no limit is broken
        // on the way
        let chain = build(world.builder(1.0));
        let mut solver = chain.solver();
        let whole = solver.solve(&chain.values()).unwrap();
        let accepted = fractions(&world, &whole);
        for share in [1.0, 0.7, 0.35] {
            let last = world.plant.order.len() - 1;
            let flows = up_to(&world, last, &accepted, |i| offered(&world, i) * accepted[i] * share);
            let solved = solver.solve(&with_flows(&chain, &flows)).unwrap();
            for (fraction, before) in fractions(&world, &solved).into_iter().zip(&accepted) {
                prop_assert!(
                    fraction >= 1.0 - 1e-9 || *before < 1e-9,
                    "{fraction} of the {before} that was accepted"
                );
            }
        }
    }

    #[test]
    fn more_capacity_never_lowers_what_the_first_inlet_accepts(world in worlds(), by in 1.0_f64..3.0) {
        let chain = build(world.builder(1.0));
        let mut solver = chain.solver();
        let before = fractions(&world, &solver.solve(&chain.values()).unwrap());
        let first = world.plant.order[0][0];
        for bound in &world.plant.limits {
            // limits of the outermost chain: an inner one that refuses less sends more on
            let Some(capacity) = bound.capacity else { continue };
            let raised: Value = match bound.of {
                Of::Fraction(_) => (capacity * by).min(1.0).into(),
                Of::Mass => format!("{} kg/s", capacity * by + 0.01).into(),
                _ => mol(capacity * by + 1.0).into(),
            };
            let mut values = chain.values();
            chain.set(&mut values, &bound.name, raised).unwrap();
            let after = fractions(&world, &solver.solve(&values).unwrap());
            prop_assert!(after[first] >= before[first] * (1.0 - 1e-12), "{}", bound.name);
        }
    }

    #[test]
    fn the_size_of_a_chain_does_not_matter(world in worlds()) {
        let chain = build(world.builder(1.0));
        let whole = chain.solve(&chain.values()).unwrap();
        // a duty is at most 100 GW
        for scale in [1e-6, if has_duty(&world.plant) { 1e2 } else { 1e6 }] {
            let chain = build(world.builder(scale));
            let solved = chain.solve(&chain.values()).unwrap();
            for (index, stop) in stops(&world, &solved).iter().enumerate() {
                // of two limits that are reached together, rounding chooses
                let name = whole.inlet(&format!("i{index}")).unwrap().stopped_by[0];
                let reached = |name: &str| {
                    let Some(limit) = solved.limit(name) else { return true };
                    limit.load.is_none_or(|load| agree(load, limit.capacity.unwrap(), 1e-9))
                        || limit.load.is_some_and(|load| load < 1e-9 * scale)
                };
                prop_assert!(stop == name || reached(name), "{stop} at {scale}, {name} at 1");
            }
            for (one, other) in fractions(&world, &solved).iter().zip(fractions(&world, &whole)) {
                prop_assert!((one - other).abs() <= 1e-12, "{one} at {scale}, {other} at 1");
            }
        }
    }

    #[test]
    fn what_later_inlets_offer_does_not_matter_to_earlier_ones(world in worlds()) {
        let chain = build(world.builder(1.0));
        let mut solver = chain.solver();
        let whole = solver.solve(&chain.values()).unwrap();
        let accepted = fractions(&world, &whole);
        for group in 0..world.plant.order.len() {
            let mut flows = vec![0.0; world.plant.inlets];
            let filled = world.plant.order[..=group].iter().flatten();
            for &inlet in filled.clone() {
                flows[inlet] = offered(&world, inlet);
            }
            let solved = solver.solve(&with_flows(&chain, &flows)).unwrap();
            let alone = fractions(&world, &solved);
            for &inlet in filled {
                prop_assert!((alone[inlet] - accepted[inlet]).abs() <= 1e-12);
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn a_second_engine_that_only_looks_finds_the_same(world in worlds()) {
        let plain = Plain::patient(6_000);
        let ran = plain.world(&world);
        if plain.gave_up() {
            return Ok(());
        }
        let chain = build(world.builder(1.0));
        let solved = chain.solve(&chain.values()).unwrap();
        let accepted = fractions(&world, &solved);
        let mut shares = vec![0.0; world.plant.inlets];
        for members in &world.plant.order {
            let first = members[0];
            let (got, expected) = (accepted[first], ran.fractions[first]);
            if got < expected - 1e-7 {
                // it may have looked past a peak: then a limit is broken just above
                for &inlet in members {
                    shares[inlet] = got + 1e-7;
                }
                let broken = plain.limits_at(&world, &shares).into_iter()
                    .any(|(_, load, allowed)| load - allowed > 1e-12 * load.max(allowed));
                prop_assert!(broken, "i{first}: accepted {got}, expected {expected}");
                return Ok(());
            }
            if got > expected + 1e-7 {
                // it may take what rounding leaves of nothing for something
                let size: f64 = (0..world.plant.inlets).map(|inlet| offered(&world, inlet)).sum();
                let clearly_broken = (0..=8).any(|step| {
                    let share = expected + (got - expected - 1e-9) * (f64::from(step) / 8.0);
                    for &inlet in members {
                        shares[inlet] = share;
                    }
                    plain.limits_at(&world, &shares).into_iter()
                        .any(|(_, load, allowed)| load - allowed > 1e-9 * size)
                });
                prop_assert!(!clearly_broken, "i{first}: accepted {got}, expected {expected}");
                return Ok(());
            }
            for &inlet in members {
                shares[inlet] = got;
                let named = solved.inlet(&format!("i{inlet}")).unwrap().stopped_by[0];
                if expected < 1.0 - 1e-7 && offered(&world, inlet) > 0.0 {
                    prop_assert!(
                        ran.stopped_by[inlet].iter().any(|name| name == named),
                        "i{}: {} is named, expected one of {:?}", inlet, named, ran.stopped_by[inlet]
                    );
                }
            }
        }
        // and so do all products
        let size: f64 = (0..world.plant.inlets).map(|inlet| offered(&world, inlet)).sum();
        let products = solved.links().filter(|link| link.to.is_none());
        for (product, expected) in products.zip(&ran.outlets) {
            for (got, expected) in product.stream.flows.iter().zip(expected) {
                prop_assert!((got - expected).abs() <= 1e-6 * size, "{got} {expected}");
            }
        }
    }
}

#[test]
fn the_second_engine_opens_an_inlet_while_one_further_in_is_full() {
    // further in, a limit is kept at a capacity that is small beside what is offered there; it
    // must be left at that capacity, or it counts as broken for the chain outside
    let full = Bound {
        name: "limit0".into(),
        at: random::At::Stream(Source::Out(0, 0)),
        of: Of::Moles,
        capacity: Some(0.5),
        at_least: false,
        some: None,
    };
    let inner = Plant {
        inlets: 2,
        order: vec![vec![0], vec![1]],
        nodes: vec![Node::Blend(vec![Source::Inlet(1)])],
        outlets: vec![Source::Inlet(0), Source::Out(0, 0)],
        limits: vec![full],
    };
    let plant = Plant {
        inlets: 1,
        order: vec![vec![0]],
        nodes: vec![
            Node::Split(Source::Inlet(0), 0.1),
            Node::Chain {
                chain: inner,
                feeds: vec![Source::Out(0, 0), Source::Out(0, 1)],
                surplus: vec![Surplus::Unjoined, Surplus::Joined],
            },
            Node::Blend(vec![Source::Surplus(1, 1)]),
        ],
        outlets: vec![Source::Out(1, 0), Source::Out(1, 1), Source::Out(2, 0)],
        limits: Vec::new(),
    };
    let supplies = vec![[100.0, 0.0, 0.0, 0.0, 0.0]];
    let world = World { plant, supplies, made_from: (1, Vec::new()) };
    let ran = Plain::patient(6_000).world(&world);
    let chain = build(world.builder(1.0));
    let solved = chain.solve(&chain.values()).unwrap();
    assert_eq!(fractions(&world, &solved), [1.0]);
    assert!(ran.fractions == [1.0], "{:?} stopped by {:?}", ran.fractions, ran.stopped_by);
}

/// Calls back for every limit of a chain and the chains in it, with its full address.
fn for_each_limit(plant: &Plant, path: &str, call: &mut impl FnMut(&Plant, &Bound, &str)) {
    for bound in &plant.limits {
        call(plant, bound, &format!("{path}{}", bound.name));
    }
    for (index, node) in plant.nodes.iter().enumerate() {
        match node {
            Node::Chain { chain, .. } => for_each_limit(chain, &format!("{path}n{index}."), call),
            Node::Loop { middle: random::Middle::Chain(chain), .. } => {
                for_each_limit(chain, &format!("{path}n{index}_mid."), call);
            }
            _ => {}
        }
    }
}

/// Whether fuel is burned by duty anywhere.
fn has_duty(plant: &Plant) -> bool {
    plant.nodes.iter().any(|node| match node {
        Node::Duty(..) | Node::Loop { middle: random::Middle::Duty(_), .. } => true,
        Node::Chain { chain, .. } | Node::Loop { middle: random::Middle::Chain(chain), .. } => {
            has_duty(chain)
        }
        _ => false,
    })
}

/// Depth of chains inside chains.
fn depth(plant: &Plant) -> usize {
    let inner = plant.nodes.iter().map(|node| match node {
        Node::Chain { chain, .. } | Node::Loop { middle: random::Middle::Chain(chain), .. } => {
            1 + depth(chain)
        }
        _ => 0,
    });
    inner.max().unwrap_or(0)
}

/// Whether an inner chain may send part of what it is offered elsewhere.
fn bends(plant: &Plant) -> bool {
    plant.nodes.iter().any(|node| match node {
        Node::Duty(..) | Node::Loop { middle: random::Middle::Duty(_), .. } => true,
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
    let strategy = worlds();
    let count = 500;
    let [mut stopped, mut refused, mut bent, mut looped, mut deep, mut passed, mut falling] =
        [0; 7];
    for _ in 0..count {
        let world = strategy.new_tree(&mut runner).unwrap().current();
        let chain = build(world.builder(1.0));
        let solved = match chain.solve(&chain.values()) {
            Ok(solved) => solved,
            Err(error @ SolveError::NotConverged { .. }) => panic!("{error}: {world:#?}"),
            Err(error) => panic!("{error}"),
        };
        let outer = stops(&world, &solved);
        stopped += usize::from(outer.iter().any(|name| name != FULLY_DRAWN));
        passed += usize::from(outer.iter().any(|name| name.contains('.')));
        let inner = solved.inlets().skip(world.plant.inlets);
        refused += usize::from(inner.into_iter().any(|inlet| inlet.stopped_by[0] != FULLY_DRAWN));
        let throttled = world.plant.limits.iter().any(|limit| limit.capacity.is_some());
        bent += usize::from(throttled && bends(&world.plant));
        looped +=
            usize::from(world.plant.nodes.iter().any(|node| matches!(node, Node::Loop { .. })));
        deep += usize::from(depth(&world.plant) >= 2);
        falling += usize::from(solved.warnings().iter().any(|text| text.contains("falls")));
    }
    println!(
        "of {count}: {stopped} with a stopped supply ({passed} by an inner limit), {refused} with an \
         inner refusal, {bent} bent, {looped} with a recycle, {deep} two or more levels deep, \
         {falling} stopped by a load that falls"
    );
    assert!(stopped * 2 > count && refused * 6 > count && bent * 5 > count);
    assert!(looped * 6 > count && deep * 6 > count && passed * 12 > count && falling > 0);
}
