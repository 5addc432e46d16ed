//! Correlations that no axes can have together: what is wrong with them, and that what is said to
//! do instead does.

use crate::sweep::shipped::{faults, sobol, sweep};
use gaschain::amur;
use gaschain::sweep::{Axis, Correlation, Sweep};

const AXES: [&str; 4] = ["kovykta.flow", "chayanda.flow", "heihe.demand", "gpp.train_size"];

fn axes() -> [Axis; 4] {
    AXES.map(|address| Axis::between(address, "1 bcm/yr", "2 bcm/yr"))
}

fn with(correlations: &[Correlation]) -> Sweep {
    correlations.iter().cloned().fold(sweep(sobol(8), axes()), Sweep::correlation)
}

/// The correlations that a message says would do: `"a" and "b": coefficient = 0.5 instead of 0.6`.
fn proposed(said: &str, before: &[Correlation]) -> Vec<Correlation> {
    let mut correlations = before.to_vec();
    for change in said.split(", \"") {
        let (pair, values) = change.split_once(": ").unwrap();
        let names: Vec<&str> = pair.split('"').filter(|part| AXES.contains(part)).collect();
        let [one, other] = names[..] else { panic!("{change}") };
        let (key, rest) = values.split_once(" = ").unwrap();
        let value: f64 = rest.split(' ').next().unwrap().parse().unwrap();
        let new = if key == "rank_coefficient" { Correlation::by_rank } else { Correlation::new };
        let of = |known: &Correlation| {
            known.between.contains(&one.to_owned()) && known.between.contains(&other.to_owned())
        };
        correlations.retain(|known| !of(known));
        correlations.push(new(one, other, value));
    }
    correlations
}

#[test]
fn ranks_that_are_consistent_are_not_said_to_contradict_one_another_as_ranks() {
    let ranks = [
        Correlation::by_rank(AXES[0], AXES[1], -0.48),
        Correlation::by_rank(AXES[0], AXES[2], -0.6),
        Correlation::by_rank(AXES[1], AXES[2], -0.37),
    ];
    assert_eq!(
        faults(&with(&ranks)),
        "correlation: rank correlations of \"kovykta.flow\", \"chayanda.flow\", \"heihe.demand\" \
         that are consistent as ranks (least eigenvalue 0.0272), but as correlations of normal \
         scores (2 sin(pi r / 6)), which join axes, contradict one another: least eigenvalue \
         -0.0064; allowed: a positive semidefinite matrix; changing one pair: \"kovykta.flow\" and \
         \"heihe.demand\": rank_coefficient = -0.591 instead of -0.6; nearest of all: \
         \"kovykta.flow\" and \"chayanda.flow\": rank_coefficient = -0.4769 instead of -0.48, \
         \"kovykta.flow\" and \"heihe.demand\": rank_coefficient = -0.5965 instead of -0.6, \
         \"chayanda.flow\" and \"heihe.demand\": rank_coefficient = -0.3671 instead of -0.37"
    );
}

#[test]
fn what_is_said_to_do_instead_does() {
    let cases: [Vec<Correlation>; 5] = [
        vec![
            Correlation::by_rank(AXES[0], AXES[1], -0.48),
            Correlation::by_rank(AXES[0], AXES[2], -0.6),
            Correlation::by_rank(AXES[1], AXES[2], -0.37),
        ],
        vec![
            Correlation::new(AXES[0], AXES[1], 0.9),
            Correlation::new(AXES[1], AXES[2], 0.9),
            Correlation::new(AXES[0], AXES[2], 0.6),
        ],
        // as ranks no better
        vec![
            Correlation::by_rank(AXES[0], AXES[1], 0.9),
            Correlation::by_rank(AXES[1], AXES[2], 0.9),
            Correlation::by_rank(AXES[0], AXES[2], -0.2),
        ],
        // of both sorts, and one pair left out, which is 0
        vec![
            Correlation::by_rank(AXES[0], AXES[1], 0.7),
            Correlation::new(AXES[1], AXES[2], 0.75),
            Correlation::by_rank(AXES[2], AXES[3], 0.7),
            Correlation::new(AXES[0], AXES[3], -0.6),
        ],
        vec![
            Correlation::by_rank(AXES[0], AXES[1], -1.0),
            Correlation::by_rank(AXES[1], AXES[2], 0.9),
            Correlation::by_rank(AXES[2], AXES[3], 0.9),
            Correlation::by_rank(AXES[0], AXES[3], -0.5),
        ],
    ];
    for correlations in cases {
        let said = faults(&with(&correlations));
        let (_, rest) = said.split_once("changing one pair: ").unwrap();
        let (one, nearest) = rest.split_once("; nearest of all: ").unwrap();
        for change in [one, nearest] {
            let changed = with(&proposed(change, &correlations)).prepare(amur::chain());
            assert!(changed.is_ok(), "{change}\n{}", changed.unwrap_err());
        }
    }
}

#[test]
fn singular_correlations_are_allowed_and_those_just_past_them_are_not() {
    // ranks of -1/2 each are at the edge as ranks, and beyond it as normal scores
    let third = |by: fn(&str, &str, f64) -> Correlation, value| {
        let pairs = [[0, 1], [0, 2], [1, 2]];
        let correlations = pairs.map(|[i, j]| by(AXES[i], AXES[j], value));
        with(&correlations).prepare(amur::chain()).map(drop)
    };
    assert!(third(Correlation::new, -0.5).is_ok());
    assert!(third(Correlation::new, -0.5001).is_err());
    let said = third(Correlation::by_rank, -0.5).unwrap_err().to_string();
    assert!(said.contains("consistent as ranks (least eigenvalue"), "{said}");
    let edge = 6.0 / std::f64::consts::PI * (-0.25_f64).asin();
    assert!(third(Correlation::by_rank, edge).is_ok());
}
