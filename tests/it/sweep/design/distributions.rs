//! Every distribution has the quantiles and moments of theory.

use crate::sweep::design::{deviation, mean, normal_cdf};
use crate::sweep::shipped::{bcm, columns, hypercube, sweep};
use gaschain::param::Value;
use gaschain::sweep::{Axis, Distribution};
use statrs::distribution::{Beta, ContinuousCDF};

/// A distribution function, with mean and standard deviation.
type Theory = (Box<dyn Fn(f64) -> f64>, f64, f64);

/// Every continuous distribution, on kovykta.flow in bcm/yr, with its distribution function, mean
/// and standard deviation from theory.
pub fn continuous() -> Vec<(Distribution, Theory)> {
    let (low, mode, high) = (10.0, 16.0, 30.0);
    let ends = || (bcm(low), bcm(high));
    let unit = move |x: f64| (x - low) / (high - low);
    let beta = move |alpha: f64, beta: f64| -> Theory {
        let theory = Beta::new(alpha, beta).unwrap();
        let sum = alpha + beta;
        let deviation = (alpha * beta / (sum * sum * (sum + 1.0))).sqrt();
        let cdf = move |x| theory.cdf(unit(x));
        (Box::new(cdf), low + 20.0 * alpha / sum, 20.0 * deviation)
    };
    let triangle = move |x: f64| {
        if x < mode {
            (x - low).powi(2) / ((high - low) * (mode - low))
        } else {
            1.0 - (high - x).powi(2) / ((high - low) * (high - mode))
        }
    };
    let triangle_square =
        low * low + mode * mode + high * high - low * mode - low * high - mode * high;
    let lognormal_square = (0.25_f64 * 0.25).ln_1p();
    // truncated at 1 below and 2 above the mean of a normal distribution with deviation 4
    let (a, b) = (-0.25, 0.5);
    let mass = normal_cdf(b) - normal_cdf(a);
    let density = |z: f64| (-0.5 * z * z).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let shift = (density(a) - density(b)) / mass;
    let truncated_square = 1.0 + (a * density(a) - b * density(b)) / mass - shift * shift;
    let moments = |mean: f64, deviation: f64| (bcm(mean), bcm(deviation));
    let mut all: Vec<(Distribution, Theory)> = Vec::new();
    let (least, most) = ends();
    let theory: Theory = (Box::new(unit), 20.0, 20.0 / 12.0_f64.sqrt());
    all.push((Distribution::Uniform { low: least, high: most }, theory));
    let (mean, standard_deviation) = moments(30.0, 4.0);
    let theory: Theory = (Box::new(|x| normal_cdf((x - 30.0) / 4.0)), 30.0, 4.0);
    all.push((Distribution::Normal { mean, standard_deviation }, theory));
    let (mean, standard_deviation) = moments(20.0, 4.0);
    let cdf = move |x: f64| (normal_cdf((x - 20.0) / 4.0) - normal_cdf(a)) / mass;
    let theory: Theory = (Box::new(cdf), 20.0 + 4.0 * shift, 4.0 * truncated_square.sqrt());
    all.push((
        Distribution::TruncatedNormal {
            mean,
            standard_deviation,
            low: Some(bcm(19.0)),
            high: Some(bcm(22.0)),
        },
        theory,
    ));
    let (mean, standard_deviation) = moments(20.0, 5.0);
    let cdf = move |x: f64| {
        normal_cdf((x.ln() - 20.0_f64.ln() + lognormal_square / 2.0) / lognormal_square.sqrt())
    };
    let theory: Theory = (Box::new(cdf), 20.0, 5.0);
    all.push((Distribution::Lognormal { mean, standard_deviation }, theory));
    let (least, most) = ends();
    let theory: Theory =
        (Box::new(triangle), (low + mode + high) / 3.0, (triangle_square / 18.0).sqrt());
    all.push((Distribution::Triangular { low: least, mode: bcm(mode), high: most }, theory));
    let (least, most) = ends();
    all.push((
        Distribution::Beta { low: least, high: most, alpha: 2.0, beta: 5.5 },
        beta(2.0, 5.5),
    ));
    let (least, most) = ends();
    // (16 - 10) / 20 and (30 - 16) / 20 of the way, four times, and 1
    all.push((Distribution::BetaPert { low: least, mode: bcm(mode), high: most }, beta(2.2, 3.8)));
    all
}

#[test]
fn each_distribution_has_the_quantiles_and_moments_of_theory() {
    const SAMPLES: u64 = 4_096;
    for (distribution, (cdf, expected_mean, expected_deviation)) in continuous() {
        let name = distribution.to_string();
        let axis = Axis::distributed("kovykta.flow", distribution);
        let mut column = columns(&sweep(hypercube(SAMPLES), [axis])).remove(0);
        let close = |got: f64, expected: f64, within: f64| {
            assert!((got / expected - 1.0).abs() < within, "{name}: {got} is not {expected}");
        };
        close(mean(&column), expected_mean, 1e-4);
        close(deviation(&column), expected_deviation, 3e-3);
        column.sort_by(f64::total_cmp);
        for (stratum, value) in column.into_iter().enumerate() {
            // each lies in its own stratum, so every quantile is right to within one
            let place = cdf(value) * SAMPLES as f64 - stratum as f64;
            assert!((-1e-6..=1.0 + 1e-6).contains(&place), "{name}: {value} at {stratum}: {place}");
        }
    }
}

#[test]
fn a_truncated_tail_keeps_its_digits() {
    // from 8 deviations above the mean on: by symmetry what the lower tail gives, and close to an
    // exponential with rate 8 (Mills' ratio: mean 8.1213 deviations, from the asymptotic series)
    let tail = |low: Option<Value>, high: Option<Value>, mean: &str| {
        let distribution = Distribution::TruncatedNormal {
            mean: mean.into(),
            standard_deviation: "1 bcm/yr".into(),
            low,
            high,
        };
        let axis = Axis::distributed("kovykta.flow", distribution);
        columns(&sweep(hypercube(2_048), [axis])).remove(0)
    };
    let upper = tail(Some(bcm(18.0)), None, "10 bcm/yr");
    let lower = tail(None, Some(bcm(12.0)), "20 bcm/yr");
    let density = (-32.0_f64).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let expected = density / normal_cdf(-8.0);
    assert!((mean(&upper) - 10.0 - expected).abs() < 1e-4, "{}", mean(&upper));
    assert!((mean(&lower) - 20.0 + expected).abs() < 1e-4, "{}", mean(&lower));
    assert!(upper.iter().all(|x| *x >= 18.0 - 1e-12) && lower.iter().all(|x| *x <= 12.0 + 1e-12));
}

#[test]
fn observed_values_come_as_observed() {
    let values = vec![bcm(20.0), bcm(12.0), bcm(20.0), bcm(25.0)];
    let distribution = Distribution::Empirical { values, source: "a list".into() };
    let axis = Axis::distributed("kovykta.flow", distribution);
    let mut column = columns(&sweep(hypercube(8), [axis])).remove(0);
    column.sort_by(f64::total_cmp);
    for (got, expected) in column.iter().zip([12.0, 12.0, 20.0, 20.0, 20.0, 20.0, 25.0, 25.0]) {
        assert!((got - expected).abs() < 1e-12);
    }
}

#[test]
fn a_standard_deviation_of_temperature_is_a_difference() {
    let distribution =
        Distribution::Normal { mean: "15 degC".into(), standard_deviation: "5 degC".into() };
    let axis = Axis::distributed("trunk_line.inlet_temperature", distribution);
    let column = columns(&sweep(hypercube(4_096), [axis])).remove(0);
    // five standard deviations: the two outermost strata leave 0.13 of a deviation / 1,000
    assert!((mean(&column) - 15.0).abs() < 3e-3);
    assert!((deviation(&column) - 5.0).abs() < 2e-2);
}
