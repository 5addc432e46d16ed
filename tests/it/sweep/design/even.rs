//! Points that are even stay in the distribution they are drawn from: none is an outlier, in any
//! design and for any distribution.

use crate::sweep::design::distributions::continuous;
use crate::sweep::design::{deviation, distance, mean};
use crate::sweep::shipped::{bcm, columns, sweep};
use gaschain::sweep::{Axis, DesignKind, Distribution};

fn designs(samples: u64) -> [DesignKind; 4] {
    [
        DesignKind::Sobol { samples, seed: 0, scrambled: false },
        DesignKind::Sobol { samples, seed: 1, scrambled: true },
        DesignKind::LatinHypercube { samples, seed: 1 },
        DesignKind::MonteCarlo { samples, seed: 1 },
    ]
}

#[test]
fn each_distribution_is_what_theory_says_in_each_design() {
    const SAMPLES: u64 = 4_096;
    for kind in designs(SAMPLES) {
        // an even design is off by an interval at the most; 1.36 / sqrt(n) holds for 95 % of random
        // ones (A. Kolmogorov, 1933), and twice that for all but one in a million
        let is_random = matches!(kind, DesignKind::MonteCarlo { .. });
        let within = if is_random { 2.72 / 64.0 } else { 1.0 / SAMPLES as f64 };
        let moments = if is_random { [0.01, 0.05] } else { [1e-3, 4e-3] };
        for (distribution, (cdf, expected_mean, expected_deviation)) in continuous() {
            let said = format!("{distribution} in {kind:?}");
            let axis = Axis::distributed("kovykta.flow", distribution);
            let column = columns(&sweep(kind.clone(), [axis])).remove(0);
            let got = [mean(&column) / expected_mean, deviation(&column) / expected_deviation];
            for (got, within) in got.into_iter().zip(moments) {
                assert!((got - 1.0).abs() < within, "{said}: {got}");
            }
            let got = distance(&column, cdf);
            assert!(got <= within * (1.0 + 1e-6), "{said}: {got} against {within}");
        }
    }
}

#[test]
fn the_first_point_is_no_outlier_whatever_the_number_of_points() {
    for samples in [1, 2, 7, 64, 1_000, 1_024, 5_000] {
        let normal = Distribution::Normal { mean: bcm(20.0), standard_deviation: bcm(2.0) };
        let kind = DesignKind::Sobol { samples, seed: 0, scrambled: false };
        let axes = ["kovykta.flow", "chayanda.flow", "heihe.demand"]
            .map(|address| Axis::distributed(address, normal.clone()));
        for column in columns(&sweep(kind, axes)) {
            // the middle of the outermost of n intervals is at most 1 / (2 n) from the end
            let farthest = column.iter().map(|x| (x - 20.0).abs() / 2.0).fold(0.0, f64::max);
            let outermost = 0.5 / samples.next_power_of_two() as f64;
            let expected = crate::sweep::design::normal_cdf(-farthest);
            assert!(expected >= outermost * (1.0 - 1e-9), "{samples}: {farthest} deviations");
        }
    }
}
