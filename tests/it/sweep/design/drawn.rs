//! Designs that draw: correlations are recovered in every one, axes that have none are left alone,
//! and even points give means that random points do not.

use crate::sweep::design::{correlation, deviation, mean, ranks};
use crate::sweep::shipped::{bcm, columns, hypercube, sobol, sweep};
use gaschain::sweep::{Axis, Correlation, DesignKind, Distribution, Sweep};

/// Axes with the correlations 0.8 (first and second) and -0.5 (second and third), and one apart.
fn correlated(kind: DesignKind, distribution: impl Fn() -> Distribution) -> Sweep {
    let addresses = ["kovykta.flow", "chayanda.flow", "heihe.demand", "gpp.train_size"];
    let axes = addresses.map(|address| Axis::distributed(address, distribution()));
    sweep(kind, axes)
        .correlation(Correlation::new("chayanda.flow", "kovykta.flow", 0.8))
        .correlation(Correlation::new("heihe.demand", "chayanda.flow", -0.5))
}

#[test]
fn correlations_are_recovered_in_every_design_that_draws() {
    const SAMPLES: u64 = 1 << 14;
    let monte_carlo = DesignKind::MonteCarlo { samples: SAMPLES, seed: 8 };
    // about four standard deviations of a correlation of independent draws, and less where points
    // are even
    for (kind, within) in [(monte_carlo, 0.03), (hypercube(SAMPLES), 0.03), (sobol(SAMPLES), 2e-3)]
    {
        let name = kind.name();
        let normal = || Distribution::Normal { mean: bcm(30.0), standard_deviation: bcm(2.0) };
        let columns_of_normal = columns(&correlated(kind.clone(), normal));
        let expected = [[0, 1], [1, 2], [0, 2], [0, 3]].into_iter().zip([0.8, -0.5, 0.0, 0.0]);
        for ([i, j], expected) in expected.clone() {
            let got = correlation(&columns_of_normal[i], &columns_of_normal[j]);
            assert!((got - expected).abs() < within, "{name}, {i} and {j}: {got}");
        }
        let uniform = || Distribution::Uniform { low: bcm(20.0), high: bcm(30.0) };
        let columns_of_uniform = columns(&correlated(kind, uniform));
        for ([i, j], expected) in expected {
            // rank correlation of a Gaussian copula (Pearson 1907)
            let expected = 6.0 / std::f64::consts::PI * f64::asin(expected / 2.0);
            let got = correlation(&ranks(&columns_of_uniform[i]), &ranks(&columns_of_uniform[j]));
            assert!((got - expected).abs() < within, "{name}, ranks of {i} and {j}: {got}");
        }
        for column in columns_of_uniform {
            assert!((mean(&column) - 25.0).abs() < 0.1, "{name}");
            assert!((deviation(&column) / 10.0 * 12.0_f64.sqrt() - 1.0).abs() < 0.02, "{name}");
        }
    }
}

#[test]
fn axes_without_a_correlation_to_earlier_ones_keep_one_point_a_stratum() {
    const SAMPLES: u64 = 1_000;
    let uniform = || Distribution::Uniform { low: bcm(20.0), high: bcm(30.0) };
    let columns = columns(&correlated(hypercube(SAMPLES), uniform));
    let strata = |column: &[f64]| {
        let mut held = vec![false; column.len()];
        for value in column {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let stratum = ((value - 20.0) / 10.0 * SAMPLES as f64).floor() as usize;
            held[stratum] = true;
        }
        held.into_iter().filter(|held| *held).count()
    };
    let [first, second, third, apart] = [0, 1, 2, 3].map(|axis| strata(&columns[axis]));
    assert_eq!((first, apart), (1_000, 1_000));
    // random points would hold 1 - 1/e of the strata
    assert!((500..900).contains(&second) && (500..900).contains(&third), "{second} {third}");
}

#[test]
fn sobol_points_give_means_that_random_points_do_not() {
    // the product of eight factors with mean 1 each
    let addresses = [
        "kovykta.flow",
        "chayanda.flow",
        "heihe.demand",
        "gpp.train_size",
        "ethane_gate.contract",
        "gcc.furnaces",
        "gcc.pe.capacity",
        "trunk_line.length",
    ];
    let ends =
        ["1 bcm/yr", "1 bcm/yr", "1 bcm/yr", "1 bcm/yr", "1 Mt/yr", "1 Mt/yr", "1 Mt/yr", "1 km"];
    let error = |kind: DesignKind| {
        let axes = addresses
            .into_iter()
            .zip(ends)
            .map(|(address, end)| Axis::between(address, end.replace('1', "0"), end));
        let columns = columns(&sweep(kind, axes));
        let products = (0..columns[0].len())
            .map(|at| columns.iter().map(|column| (column[at] + 1.0) / 1.5).product());
        (mean(&products.collect::<Vec<f64>>()) - 1.0).abs()
    };
    let samples = 1 << 14;
    let random = error(DesignKind::MonteCarlo { samples, seed: 8 });
    let even = error(sobol(samples));
    assert!(even < 3e-5 && even < random, "{even:e} against {random:e}");
}
