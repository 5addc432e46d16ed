//! The tests' own programmes on the chains: each field is opened alone to see what it adds to every
//! limit, and where the plant passes on what it refuses, the chain is taken as two.

use super::{Case, cases};
use crate::engine::chosen::compare;
use crate::engine::programme::{Row, greatest};
use gaschain::quantity::{Quantity, Unit};
use std::cmp::Ordering;

/// A limit as the file says it: at most so much of a stream, or of a species in it.
struct Limit {
    address: String,
    port: String,
    species: Option<String>,
    capacity: f64,
}

fn limits(text: &str, path: &str) -> Vec<Limit> {
    let table: toml::Table = toml::from_str(text).unwrap();
    let Some(limits) = table.get("limits").and_then(toml::Value::as_table) else {
        return Vec::new();
    };
    let read = |(name, limit): (&String, &toml::Value)| {
        let text = |key: &str| limit.get(key).and_then(toml::Value::as_str);
        let (number, unit) = text("at_most").unwrap().split_once(' ').unwrap();
        let percent = if unit == "%" { 0.01 } else { 1.0 };
        let of = text("of").unwrap();
        assert!(of == "moles" || of.starts_with("mole_fraction."), "{of}");
        Limit {
            address: format!("{path}{name}"),
            port: format!("{path}{}", text("at").unwrap_or(name)),
            species: of.strip_prefix("mole_fraction.").map(str::to_owned),
            capacity: number.parse::<f64>().unwrap() * percent,
        }
    };
    limits.iter().map(read).collect()
}

/// The chain without limits that stop, to be run at openings.
struct Probe<'c> {
    case: gaschain::Case,
    fields: &'c [String],
    offered: Vec<f64>,
}

impl Probe<'_> {
    fn without(&mut self, limits: &[Limit]) {
        for limit in limits {
            self.case.set(&limit.address, "unknown").unwrap();
        }
    }

    /// By how much each limit is passed at these openings: of a fraction, as amounts.
    fn over(&self, limits: &[Limit], openings: &[f64]) -> Vec<f64> {
        let mut case = self.case.clone();
        for ((field, offered), opening) in self.fields.iter().zip(&self.offered).zip(openings) {
            let flow = Quantity::new(offered * opening, Unit::MOL_PER_SECOND);
            case.set(&format!("{field}.flow"), flow).unwrap();
        }
        let solved = case.solve().unwrap();
        for field in self.fields {
            assert!(solved.inlet(field).unwrap().stopped_by.is_fully_drawn());
        }
        let over = |limit: &Limit| {
            let stream = solved.stream(&limit.port).unwrap();
            let all = stream.mol_per_s();
            match &limit.species {
                None => all - limit.capacity,
                Some(species) => {
                    let (_, flow) = stream.by_species().find(|(name, _)| name == species).unwrap();
                    flow - limit.capacity * all
                }
            }
        };
        limits.iter().map(over).collect()
    }

    /// What each limit sees along the openings around a point, straight as far as that goes.
    fn rows(&self, limits: &[Limit], around: &[f64], step: f64) -> Vec<Row> {
        let here = self.over(limits, around);
        let mut slopes = vec![vec![0.0; around.len()]; limits.len()];
        for inlet in 0..around.len() {
            let mut moved = around.to_vec();
            moved[inlet] += step;
            for (limit, over) in self.over(limits, &moved).into_iter().enumerate() {
                slopes[limit][inlet] = (over - here[limit]) / step;
            }
        }
        let at_most = |slopes: &[f64], over: f64| {
            slopes.iter().zip(around).map(|(slope, at)| slope * at).sum::<f64>() - over
        };
        let rows = slopes.into_iter().zip(here);
        rows.map(|(slopes, over)| Row { at_most: at_most(&slopes, over), slopes }).collect()
    }
}

fn openings(case: &Case) -> Vec<f64> {
    let of_chain = case.built().case();
    let inlets = case.fields.len();
    let offered = case
        .fields
        .iter()
        .map(|field| of_chain.get(&format!("{field}.flow [mol/s]")).unwrap().unwrap());
    let offered = offered.collect();
    let mut probe = Probe { case: of_chain, fields: &case.fields, offered };
    let own = limits(&case.chain, "");
    let plant = case.plant.as_deref().map_or_else(Vec::new, |text| limits(text, "plant."));
    probe.without(&own);
    // where the plant refuses something: only if it passes that on, and only with much offered
    let mut passing = None;
    let mut free =
        Probe { case: probe.case.clone(), fields: &case.fields, offered: probe.offered.clone() };
    free.without(&plant);
    let all_open = vec![1.0; inlets];
    if case.pieces > 1 && free.over(&plant, &all_open).iter().any(|over| *over > 0.0) {
        let room = free.over(&plant, &all_open)[0];
        // close enough to all open that the plant still refuses
        let feed = room + plant[0].capacity;
        let step = -0.5 * room / feed;
        let mut rows = probe.rows(&own, &all_open, step);
        let of_plant = free.rows(&plant, &vec![0.0; inlets], 1.0).remove(0);
        rows.push(Row {
            slopes: of_plant.slopes.iter().map(|slope| -slope).collect(),
            at_most: -of_plant.at_most,
        });
        passing = greatest(inlets, &rows, &case.groups());
    }
    let mut rows = free.rows(&own, &vec![0.0; inlets], 1.0);
    rows.extend(free.rows(&plant, &vec![0.0; inlets], 1.0));
    let taking = greatest(inlets, &rows, &case.groups());
    match (passing, taking) {
        (Some(one), Some(other)) => {
            if compare(&case.groups(), &one, &other, 1e-9) == Ordering::Less { other } else { one }
        }
        (one, other) => one.or(other).expect("openings"),
    }
}

#[test]
fn the_tests_own_programmes_find_the_same_openings() {
    let mut wrong = Vec::new();
    for (name, case) in cases() {
        let found = openings(&case);
        if found.iter().zip(&case.openings).any(|(got, right)| (got - right).abs() > 1e-9) {
            wrong.push(format!("{name}: found {found:?}, right {:?}", case.openings));
        }
    }
    assert!(wrong.is_empty(), "{} of 60 wrong\n{}", wrong.len(), wrong.join("\n"));
}
