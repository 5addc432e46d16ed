//! Random networks of linear recycles against a plain elimination, and recycles through a plant that
//! refuses a part against algebra.

use crate::chain::rule::recycle::chains::species;
use crate::support::chains::{Parts, at_most, at_most_of, build, chain_of};
use crate::support::compare::agree;
use crate::support::seeds::{Random, seeds};
use crate::support::solved::{flow, flow_of, inlet, solve, solve_with};
use gaschain::chain::{Builder, Chain};
use gaschain::stage::{Separate, Split};

/// Networks of each seed.
const EACH: usize = 12;

/// A network: each node sends these shares of what passes it to the nodes; the rest leaves.
struct Network {
    shares: Vec<Vec<f64>>,
    fed: Vec<f64>,
}

impl Network {
    fn random(random: &mut Random) -> Self {
        let nodes = 1 + random.choose(5);
        let shares = (0..nodes)
            .map(|_| {
                // something leaves every node, now and then next to nothing
                let leaves = if random.chance(20) { 1e-7 } else { random.between(0.02, 0.9) };
                let to: Vec<f64> = (0..nodes)
                    .map(|_| if random.chance(60) { random.between(0.1, 1.0) } else { 0.0 })
                    .collect();
                let all: f64 = to.iter().sum();
                to.iter()
                    .map(|to| if all > 0.0 { to / all * (1.0 - leaves) } else { 0.0 })
                    .collect()
            })
            .collect();
        let fed = (0..nodes)
            .map(
                |node| {
                    if node == 0 || random.chance(30) { random.between(1.0, 100.0) } else { 0.0 }
                },
            )
            .collect();
        Self { shares, fed }
    }

    fn chain(&self) -> Chain {
        let slate = species();
        let mut chain = chain_of(&slate);
        for (node, fed) in self.fed.iter().enumerate() {
            let from: Vec<String> = (0..self.fed.len()).map(|from| format!("from{from}")).collect();
            let inlets: Vec<&str> =
                ["fresh"].into_iter().chain(from.iter().map(|s| &**s)).collect();
            chain
                .field(&slate, &format!("f{node}"), *fed, &[("methane", 0.75), ("helium", 0.25)])
                .blend(&format!("mix{node}"), &inlets)
                .stage(&format!("tee{node}"), {
                    let to: Vec<String> = (0..self.fed.len()).map(|to| format!("to{to}")).collect();
                    Split::new(to.iter().map(String::as_str), "out")
                })
                .connect(&format!("f{node} -> mix{node}.fresh"))
                .connect(&format!("mix{node} -> tee{node}"))
                .leaving_as_product(&format!("tee{node}.out"));
            for (to, share) in self.shares[node].iter().enumerate() {
                chain
                    .set(&format!("tee{node}.to{to}"), *share)
                    .connect(&format!("tee{node}.to{to} -> mix{to}.from{node}"));
            }
        }
        build(chain)
    }

    /// What passes each node: x = fed + shares' x, by Gauss and Jordan with pivots.
    fn passes(&self) -> Vec<f64> {
        let nodes = self.fed.len();
        let mut rows: Vec<Vec<f64>> = (0..nodes)
            .map(|to| {
                let entry = |from: usize| f64::from(u8::from(to == from)) - self.shares[from][to];
                (0..nodes).map(entry).chain([self.fed[to]]).collect()
            })
            .collect();
        for column in 0..nodes {
            let pivot = (column..nodes)
                .max_by(|&a, &b| rows[a][column].abs().total_cmp(&rows[b][column].abs()))
                .unwrap();
            rows.swap(column, pivot);
            let by = rows[column].clone();
            for (row, entries) in rows.iter_mut().enumerate() {
                if row != column {
                    let factor = entries[column] / by[column];
                    for (entry, of_pivot) in entries.iter_mut().zip(&by) {
                        *entry -= factor * of_pivot;
                    }
                }
            }
        }
        (0..nodes).map(|node| rows[node][nodes] / rows[node][node]).collect()
    }
}

#[test]
fn networks_of_recycles_carry_what_an_elimination_says() {
    for seed in seeds() {
        let mut random = Random::new(seed);
        for _ in 0..EACH {
            let network = Network::random(&mut random);
            let chain = network.chain();
            // a share of 1e-7 that leaves is known to 1e-9 of itself once it is one minus the rest
            let solved = solve(&chain);
            for (node, right) in network.passes().into_iter().enumerate() {
                let got = flow(&solved, &format!("mix{node}.out"));
                assert!(
                    agree(got, right, 1e-7),
                    "seed {seed}: {node} carries {got}, right {right}"
                );
                let helium = flow_of(&solved, &format!("mix{node}.out"), "helium");
                assert!(agree(helium, 0.25 * got, 1e-12), "seed {seed}: {helium} of {got}");
            }
            // everything that comes leaves
            let leaves =
                (0..network.fed.len()).map(|node| flow(&solved, &format!("tee{node}.out")));
            let (fed, leaves): (f64, f64) = (network.fed.iter().sum(), leaves.sum());
            assert!(agree(leaves, fed, 1e-12), "seed {seed}: {leaves} of {fed}");
        }
    }
}

/// A field into a plant of some size, of whose product a share goes back to its feed.
fn through_a_plant(field: f64, size: f64, back: f64) -> Builder {
    let slate = species();
    let mut plant = Builder::new("plant", &slate);
    plant
        .inlets(&["feed"])
        .outlet("out")
        .blend("work", &["in"])
        .joined(&["feed -> work", "work -> out"])
        .limit(at_most("size", "feed", size));
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "field", field, &[("methane", 1.0)])
        .blend("hub", &["fresh", "back"])
        .chain("plant", plant)
        .stage("tee", Split::new(["back"], "on"))
        .set("tee.back", back)
        .blend("flare", &["gas"])
        .market("city")
        .leaving_as_loss("flare.out")
        .joined(&["field -> hub.fresh", "hub -> plant.feed", "plant.out -> tee"])
        .joined(&["tee.back -> hub.back", "tee.on -> city"])
        .connect_by_switch("plant.feed.surplus -> flare", "flaring", true);
    chain
}

#[test]
fn recycles_pass_plants_that_refuse_a_part() {
    for seed in seeds() {
        let mut random = Random::new(seed);
        for _ in 0..EACH {
            let (field, back) = (random.between(1.0, 100.0), random.between(0.01, 0.95));
            let size = random.between(1.0, 200.0);
            let chain = build(through_a_plant(field, size, back));
            // all that is fed goes round 1 / (1 - back) times, as far as the plant takes it
            let taken = size.min(field / (1.0 - back));
            let stops: &[&str] = if size < field / (1.0 - back) { &["plant.size"] } else { &[] };
            let solved = solve(&chain);
            inlet(&solved, "field", field, &[]);
            inlet(&solved, "plant.feed", taken, stops);
            let flared = flow(&solved, "flare.out");
            let right = field + back * taken - taken;
            assert!((flared - right).abs() <= 1e-12 * (field + taken), "seed {seed}: {flared}");
            let closed = solve_with(&chain, &[("flaring.open", false.into())]);
            inlet(&closed, "field", taken * (1.0 - back), stops);
            inlet(&closed, "plant.feed", taken, &[]);
        }
    }
}

/// Three species of a field, their shares that go back, and a size on all of them or on one.
struct Returned {
    fed: [f64; 3],
    back: [f64; 3],
    size: f64,
    of: Option<usize>,
}

const RETURNED: [&str; 3] = ["methane", "propane", "nitrogen"];

impl Returned {
    fn random(random: &mut Random) -> Self {
        Self {
            fed: [(); 3].map(|()| random.between(1.0, 50.0)),
            back: [(); 3].map(|()| random.between(0.0, 0.9)),
            size: random.between(2.0, 200.0),
            of: random.chance(50).then(|| random.choose(3)),
        }
    }

    fn chain(&self) -> Chain {
        let slate = species();
        let limit = match self.of {
            None => at_most("size", "feed", self.size),
            Some(species) => at_most_of("size", "feed", RETURNED[species], self.size),
        };
        let mut plant = Builder::new("plant", &slate);
        plant
            .inlets(&["feed"])
            .outlet("out")
            .blend("work", &["in"])
            .joined(&["feed -> work", "work -> out"])
            .limit(limit);
        let all: f64 = self.fed.iter().sum();
        let parts: Vec<(&str, f64)> =
            RETURNED.iter().zip(self.fed).map(|(name, flow)| (*name, flow / all)).collect();
        let sieve = RETURNED.iter().fold(Separate::new("on"), |sieve, name| {
            sieve.recovering(&slate, name, &[name], "back").unwrap()
        });
        let mut chain = chain_of(&slate);
        chain
            .field(&slate, "field", all, &parts)
            .blend("hub", &["fresh", "back"])
            .chain("plant", plant)
            .stage("sieve", sieve)
            .blend("flare", &["gas"])
            .market("city")
            .leaving_as_loss("flare.out")
            .joined(&["field -> hub.fresh", "hub -> plant.feed", "plant.out -> sieve"])
            .joined(&["sieve.back -> hub.back", "sieve.on -> city"])
            .connect("plant.feed.surplus -> flare");
        for (name, back) in RETURNED.iter().zip(self.back) {
            chain.set(&format!("sieve.{name}"), back);
        }
        build(chain)
    }

    /// What the plant is offered, and the share it takes: round and round from nothing, which ends
    /// at the least there is.
    fn offered(&self) -> ([f64; 3], f64) {
        let (mut offered, mut taken) = (self.fed, 0.0);
        for _ in 0..3_000 {
            let load = self.of.map_or_else(|| offered.iter().sum(), |species| offered[species]);
            taken = (self.size / load).min(1.0);
            offered = std::array::from_fn(|i| self.fed[i] + self.back[i] * taken * offered[i]);
        }
        (offered, taken)
    }
}

#[test]
fn recycles_that_change_what_a_plant_is_offered() {
    let mut refused = 0;
    for seed in seeds() {
        let mut random = Random::new(seed);
        for _ in 0..EACH {
            let returned = Returned::random(&mut random);
            let (offered, taken) = returned.offered();
            let chain = returned.chain();
            let solved = solve(&chain);
            assert!(solved.inlet("field").unwrap().stopped_by.is_fully_drawn());
            for (name, right) in RETURNED.iter().zip(offered) {
                let got = flow_of(&solved, "hub.out", name);
                assert!(agree(got, right, 1e-9), "seed {seed}: {got} of {name}, right {right}");
            }
            let got = solved.accepted_fraction("plant.feed").unwrap();
            assert!(agree(got, taken, 1e-9), "seed {seed}: {got} is taken, right {taken}");
            refused += usize::from(taken < 1.0);
        }
    }
    assert!(refused > 0);
}
