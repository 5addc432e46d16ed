//! Two inlets of one plant, both fed by one field through a tee: where an inner refusal begins or
//! ends anywhere along the way, whatever the sizes, against algebra.
//!
//! `GASCHAIN_PLANTS=1000000 cargo test --release --test it two_inlets` tries a million plants;
//! without anything said it is a few thousand.

use crate::chain::rule::chains::{METHANE, gases};
use crate::support::chains::{Parts, at_most, build, chain_of};
use crate::support::compare::agree;
use crate::support::seeds::{Random, count};
use gaschain::Case;
use gaschain::chain::{Builder, Chain};
use gaschain::quantity::{Quantity, Unit};
use gaschain::stage::Split;

/// A field through a tee into two inlets of a plant that mixes them and splits product from rest;
/// what the second refuses is flared, what the first refuses stops the field.
fn tee_and_plant() -> Chain {
    let slate = gases();
    let mut plant = Builder::new("plant", &slate);
    plant
        .inlets(&["first", "second"])
        .outlet("product")
        .outlet("rest")
        .blend("mix", &["first", "second"])
        .stage("tee", Split::new(["product"], "rest"))
        .joined(&["first -> mix.first", "second -> mix.second", "mix -> tee"])
        .joined(&["tee.product -> product", "tee.rest -> rest"])
        .set("tee.product", 0.5)
        .limit(at_most("pipe", "second", 1.0))
        .limit(at_most("total", "tee.rest", 1.0));
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "field", 100.0, METHANE)
        .stage("tee", Split::new(["first"], "second"))
        .set("tee.first", 0.5)
        .chain("plant", plant)
        .blend("flare", &["x"])
        .joined(&["field -> tee", "tee.first -> plant.first", "tee.second -> plant.second"])
        .connect("plant.second.surplus -> flare")
        .leaving_as_product("plant.product")
        .leaving_as_product("plant.rest")
        .leaving_as_loss("flare.out");
    build(chain)
}

/// A plant: what is offered, the share of it that goes to the first inlet, what the second may
/// take, the share of the product, what may be left over.
#[derive(Debug, Clone, Copy)]
struct Plant {
    offered: f64,
    first: f64,
    pipe: f64,
    product: f64,
    total: f64,
}

impl Plant {
    fn random(random: &mut Random) -> Self {
        // capacities over several decades, so that either may be far the tighter
        let mut size = |middle: f64| middle * 10.0_f64.powf(random.between(-2.5, 1.0));
        let (pipe, total) = (size(100.0), size(100.0));
        Self {
            offered: random.between(1.0, 300.0),
            first: random.between(0.01, 0.99),
            pipe,
            product: random.between(0.01, 0.99),
            total,
        }
    }

    fn set(&self, case: &mut Case) {
        let flow = |flow: f64| Quantity::new(flow, Unit::MOL_PER_SECOND);
        for (address, size) in
            [("field.flow", self.offered), ("plant.pipe", self.pipe), ("plant.total", self.total)]
        {
            case.set(address, flow(size)).unwrap();
        }
        case.set("tee.first", self.first).unwrap();
        case.set("plant.tee.product", self.product).unwrap();
    }

    /// What is accepted of the field, and of what the second inlet is then offered, where the
    /// plant fills its first inlet first.
    fn first_first(&self) -> (f64, f64) {
        // the plant takes the first in full as long as it fits alone, and what room is left of the
        // second; all else is flared
        let room = self.total / (1.0 - self.product);
        let field = self.offered.min(room / self.first);
        let second = ((1.0 - self.first) * field).min(self.pipe).min(room - self.first * field);
        (field, second.max(0.0))
    }

    /// The same where it fills its second inlet first: the first then has only what that leaves.
    fn second_first(&self) -> (f64, f64) {
        let room = self.total / (1.0 - self.product);
        let most = if room <= self.pipe / (1.0 - self.first) {
            room
        } else {
            (room - self.pipe) / self.first
        };
        let field = self.offered.min(most);
        (field, ((1.0 - self.first) * field).min(self.pipe))
    }
}

#[test]
fn both_inlets_of_a_plant_by_one_field_are_right_at_any_size() {
    let chain = tee_and_plant();
    let mut case = chain.case();
    let mut wrong = Vec::new();
    let plants = count("GASCHAIN_PLANTS", 4_000);
    for number in 0..plants {
        let mut random = Random::new(number);
        let plant = Plant::random(&mut random);
        let first_first = random.chance(50);
        let order = if first_first { "first > second" } else { "second > first" };
        let (field, second) = if first_first { plant.first_first() } else { plant.second_first() };
        plant.set(&mut case);
        case.set("plant.order", order).unwrap();
        let solved = match case.solve() {
            Ok(solved) => solved,
            Err(error) => {
                wrong.push(format!("{number}: {error}"));
                continue;
            }
        };
        let got = solved.inlet("field").unwrap().accepted;
        let got_second = solved.inlet("plant.second").unwrap().accepted;
        if !agree(got, field, 1e-9) || (got_second - second).abs() > 1e-9 * plant.offered {
            wrong.push(format!(
                "{number}: {plant:?} {order}: accepted {got} and {got_second}, by hand {field} and {second}"
            ));
        }
        if solved.limits().any(|limit| limit.broken) {
            wrong.push(format!("{number}: {plant:?} {order}: a limit is broken"));
        }
        let stopped = !solved.inlet("field").unwrap().stopped_by.is_fully_drawn();
        if stopped != (field < plant.offered) {
            wrong.push(format!("{number}: {plant:?} {order}: stopped {stopped}"));
        }
    }
    let shown = wrong.iter().take(5).cloned().collect::<Vec<_>>().join("\n");
    assert!(wrong.is_empty(), "{} of {plants} wrong\n{shown}", wrong.len());
}

#[test]
fn a_plant_whose_crossing_lies_between_two_looks() {
    // 7.567 / (1 - 0.6548) / 0.484, whatever little more or less is offered
    let chain = tee_and_plant();
    let mut case = chain.case();
    for offered in [184.8, 184.813, 184.82, 400.0] {
        let plant = Plant { offered, first: 0.484, pipe: 0.576, product: 0.6548, total: 7.567 };
        plant.set(&mut case);
        let solved = case.solve().unwrap();
        let accepted = solved.inlet("field").unwrap().accepted;
        assert!(agree(accepted, 7.567 / (1.0 - 0.6548) / 0.484, 1e-12), "{offered}: {accepted}");
        assert_eq!(solved.inlet("field").unwrap().stopped_by, ["plant.total"]);
        assert!(!solved.limits().any(|limit| limit.broken));
    }
}
