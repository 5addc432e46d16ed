//! Draws as constraints, on random chains: the fuel of what all fields bring is drawn from the gas of
//! one of them, so that the others open as far as that one can feed them, against programmes.

use crate::chain::rule::chains::{METHANE, gases};
use crate::engine::chosen::stops;
use crate::engine::programme::{Row, greatest};
use crate::support::chains::{Parts, at_most, build, chain_of};
use crate::support::seeds::{Random, seeds};
use crate::support::through::{Through, through};
use gaschain::chain::{Builder, Chain};
use gaschain::scalar::Scalar;
use gaschain::stage::{Call, Draw, Import, Outlet, Setting, Spec, Stage, StageError};

/// Passes its feed on and burns so many moles of methane a mole of it, taken from outside.
#[derive(Debug)]
pub struct Burner {
    ports: Through<2>,
    fuel: Import,
    share: f64,
}

impl Burner {
    pub fn new(share: f64) -> Self {
        let mut ports = through("burner", ["out", "burned"]);
        Self { fuel: ports.spec.import("fuel"), ports, share }
    }
}

impl Stage for Burner {
    fn spec(&self) -> &Spec {
        &self.ports.spec
    }
    fn linear(&self, _: Outlet, _: &Setting<'_>) -> bool {
        true
    }
    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let feed = call.stream(self.ports.feed);
        let [out, burned] = self.ports.to;
        call.send(out).copy_from_slice(feed);
        let moles = feed.iter().fold(S::zero(), |sum, flow| sum + *flow);
        let fuel = moles * S::from_f64(self.share);
        call.take(self.fuel)[0] = fuel;
        call.send(burned)[0] = fuel;
        Ok(())
    }
}

/// Fields that meet before a burner, whose fuel is drawn from the gas of the last of them before it
/// joins the others.
pub fn drawn_from_the_last(flows: &[f64], fuel: f64) -> Builder {
    let slate = gases();
    let mut chain = chain_of(&slate);
    let names: Vec<String> = (0..flows.len()).map(|field| format!("f{field}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let last = flows.len() - 1;
    for (field, flow) in flows.iter().enumerate() {
        chain.field(&slate, names[field], *flow, METHANE);
        let from = if field == last { "tap.rest" } else { names[field] };
        chain.connect(&format!("{from} -> hub.{}", names[field]));
    }
    chain
        .stage("tap", Draw::new())
        .blend("hub", &names)
        .stage("burner", Burner::new(fuel))
        .market("city")
        .leaving_as_loss("burner.burned")
        .connect(&format!("{} -> tap", names[last]))
        .joined(&["hub -> burner", "tap.drawn -> burner.fuel", "burner.out -> city"]);
    chain
}

/// What is drawn is so much of all that comes: d = fuel (all - d).
fn built(flows: &[f64], fuel: f64, demand: f64, order: &str) -> Chain {
    let mut chain = drawn_from_the_last(flows, fuel);
    chain.limit(at_most("demand", "city", demand)).set("order", order);
    build(chain)
}

#[test]
fn fields_open_as_far_as_their_fuel_can_be_drawn() {
    let mut drained = 0;
    for seed in seeds() {
        let mut random = Random::new(seed);
        for _ in 0..12 {
            let fields = 2 + random.choose(3);
            let mut flows: Vec<f64> = (0..fields).map(|_| random.between(10.0, 100.0)).collect();
            flows[fields - 1] = random.between(0.5, 20.0);
            let (fuel, demand) = (random.between(0.02, 0.5), random.between(10.0, 300.0));
            let mut left: Vec<usize> = (0..fields).collect();
            random.shuffle(&mut left);
            let mut order: Vec<Vec<usize>> = Vec::new();
            for field in left {
                match order.last_mut() {
                    Some(group) if random.chance(30) => group.push(field),
                    _ => order.push(vec![field]),
                }
            }
            let group = |group: &Vec<usize>| {
                group.iter().map(|field| format!("f{field}")).collect::<Vec<_>>().join(" + ")
            };
            let text = order.iter().map(group).collect::<Vec<_>>().join(" > ");
            let share = fuel / (1.0 + fuel);
            let drawn = Row {
                slopes: (0..fields)
                    .map(|field| {
                        let own = if field + 1 == fields { flows[field] } else { 0.0 };
                        share * flows[field] - own
                    })
                    .collect(),
                at_most: 0.0,
            };
            let sold = Row {
                slopes: flows.iter().map(|flow| (1.0 - share) * flow).collect(),
                at_most: demand,
            };
            let rows = [sold, drawn];
            let right = greatest(fields, &rows, &order).expect("openings");
            let over = |row: &Row| {
                let load: f64 = row.slopes.iter().zip(&right).map(|(slope, at)| slope * at).sum();
                load - row.at_most
            };
            let reached: Vec<usize> =
                (0..2).filter(|&row| over(&rows[row]) >= -1e-9 * (demand + 1.0)).collect();
            drained += usize::from(reached.contains(&1));
            let chain = built(&flows, fuel, demand, &text);
            let solved = chain.case().solve().unwrap_or_else(|error| panic!("{error}"));
            for field in 0..fields {
                let name = format!("f{field}");
                let got = solved.accepted_fraction(&name).unwrap();
                let said = format!("seed {seed}, {flows:?}, {fuel}, {demand}, {text}: {name}");
                assert!((got - right[field]).abs() <= 1e-9, "{said} at {got}, right {right:?}");
                let mut expected: Vec<&str> = if right[field] > 1.0 - 1e-9 {
                    Vec::new()
                } else {
                    let numbers = stops(&rows, &reached, &right, &order, field);
                    numbers.into_iter().map(|number| ["demand", "burner.fuel"][number]).collect()
                };
                let result = solved.inlet(&name).unwrap();
                let mut named: Vec<&str> = result.stopped_by.limits().collect();
                // which of a limit and a draw is declared first is not said
                expected.sort_unstable();
                named.sort_unstable();
                assert_eq!(named, expected, "{said}");
            }
        }
    }
    assert!(drained > 0);
}
