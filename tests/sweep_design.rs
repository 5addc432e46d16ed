//! Designs of sweeps: what each distribution, design and correlation promises, that a scenario is
//! the same however it is reached, and the exact messages where a sweep does not fit.

#![allow(clippy::float_cmp, reason = "values are the same to the last bit, or another")]
#![allow(clippy::too_many_lines, reason = "the tests are tables of sweeps and messages")]

use gaschain::amur;
use gaschain::param::Value;
use gaschain::quantity::Quantity;
use gaschain::sweep::{
    Axis, AxisColumn, Correlation, Design, DesignKind, Distribution, Results, Sweep, Variable,
};
use proptest::prelude::*;
use statrs::distribution::{Beta, ContinuousCDF};

const OUTPUT: &str = "heihe.sales_gas.volume";

fn hypercube(samples: u64) -> DesignKind {
    DesignKind::LatinHypercube { samples, seed: 3 }
}

fn sobol(samples: u64) -> DesignKind {
    DesignKind::Sobol { samples, seed: 3, scrambled: true }
}

/// A sweep of the shipped chain over these axes.
fn sweep(kind: DesignKind, axes: impl IntoIterator<Item = Axis>) -> Sweep {
    axes.into_iter().fold(Sweep::new("test", "amur", kind), Sweep::axis).output(OUTPUT)
}

fn prepare(sweep: &Sweep) -> (Design, Vec<AxisColumn>) {
    match sweep.prepare(amur::chain()) {
        Ok(prepared) => (prepared.design, prepared.axes),
        Err(faults) => panic!("{faults}"),
    }
}

/// All columns of a sweep, in the units they are shown in.
fn columns(sweep: &Sweep) -> Vec<Vec<f64>> {
    let (design, axes) = prepare(sweep);
    let count = usize::try_from(design.len()).unwrap();
    let mut columns = vec![0.0; axes.len() * count];
    design.fill(&mut design.scratch(), 0, count, &mut columns);
    let shown = |(column, axis): (&[f64], &AxisColumn)| match axis.unit {
        Some(unit) => column.iter().map(|si| unit.from_si(*si)).collect(),
        None => column.to_vec(),
    };
    columns.chunks_exact(count).zip(&axes).map(shown).collect()
}

fn faults(sweep: &Sweep) -> String {
    sweep.prepare(amur::chain()).unwrap_err().to_string()
}

fn bcm(value: f64) -> Value {
    format!("{value} bcm/yr").into()
}

fn mean(column: &[f64]) -> f64 {
    column.iter().sum::<f64>() / column.len() as f64
}

fn deviation(column: &[f64]) -> f64 {
    let mean = mean(column);
    (column.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / column.len() as f64).sqrt()
}

fn correlation(one: &[f64], other: &[f64]) -> f64 {
    let (a, b) = (mean(one), mean(other));
    let product: f64 = one.iter().zip(other).map(|(x, y)| (x - a) * (y - b)).sum();
    product / one.len() as f64 / deviation(one) / deviation(other)
}

fn ranks(column: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..column.len()).collect();
    order.sort_by(|a, b| column[*a].total_cmp(&column[*b]));
    let mut ranks = vec![0.0; column.len()];
    for (rank, at) in order.into_iter().enumerate() {
        ranks[at] = rank as f64;
    }
    ranks
}

fn normal_cdf(score: f64) -> f64 {
    0.5 * libm::erfc(-score / 2.0_f64.sqrt())
}

/// A distribution function, with mean and standard deviation.
type Theory = (Box<dyn Fn(f64) -> f64>, f64, f64);

/// Every continuous distribution, on kovykta.flow in bcm/yr, with its distribution function, mean
/// and standard deviation from theory.
fn continuous() -> Vec<(Distribution, Theory)> {
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
fn discrete_values_come_as_often_as_their_weights_say() {
    let trains = Axis::distributed(
        "gpp.trains",
        Distribution::Discrete {
            values: vec![4.0.into(), 5.0.into(), 6.0.into()],
            weights: vec![1.0, 0.0, 3.0],
        },
    );
    let mode = Axis::values("trunk_line.mode", ["own_needs", "hydraulic"]);
    let sweep = sweep(hypercube(1_000), [trains, mode]);
    let columns = columns(&sweep);
    let count = |column: &[f64], value: f64| column.iter().filter(|x| **x == value).count();
    assert_eq!([4.0, 5.0, 6.0].map(|value| count(&columns[0], value)), [250, 0, 750]);
    assert_eq!([0.0, 1.0].map(|index| count(&columns[1], index)), [500, 500]);
    let (_, axes) = prepare(&sweep);
    assert_eq!(axes[1].names.as_deref().unwrap(), ["own_needs", "hydraulic"]);
    assert_eq!((axes[0].unit.is_some(), axes[1].unit), (true, None));
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

#[test]
fn a_grid_has_every_combination_and_one_at_a_time_moves_one() {
    let axes = || {
        [
            Axis::steps("kovykta.flow", "6 bcm/yr", "26 bcm/yr", 3),
            Axis::values("trunk_line.mode", ["hydraulic", "own_needs"]),
        ]
    };
    let grid = columns(&sweep(DesignKind::Grid, axes()));
    let rounded = |column: &[f64]| column.iter().map(|x| x.round()).collect::<Vec<_>>();
    assert_eq!(rounded(&grid[0]), [6.0, 6.0, 16.0, 16.0, 26.0, 26.0]);
    assert_eq!(grid[1], [0.0, 1.0, 0.0, 1.0, 0.0, 1.0]);
    let one = sweep(DesignKind::OneAtATime, axes());
    let moved = columns(&one);
    assert_eq!(rounded(&moved[0]), [27.0, 6.0, 16.0, 26.0, 27.0, 27.0]);
    assert_eq!(moved[1], [1.0, 1.0, 1.0, 1.0, 0.0, 1.0]);
    // a base that is not among the values joins them, and so does one that is unknown
    let axes = [
        Axis::steps("trunk_line.capacity", "30 bcm/yr", "40 bcm/yr", 2),
        Axis::values("gcc.order", ["propane + butanes > ethane > extra_ethane"]),
    ];
    let one = sweep(DesignKind::OneAtATime, axes);
    assert_eq!(columns(&one), [[2.0, 0.0, 1.0, 2.0], [1.0, 1.0, 1.0, 0.0]]);
    let (_, axes) = prepare(&one);
    assert_eq!(axes[0].names.as_deref().unwrap()[2], "unknown");
    let base = "ethane > propane + butanes > extra_ethane";
    assert_eq!(axes[1].names.as_deref().unwrap()[1], base);
}

fn table(text: &str) -> Sweep {
    let mut faults = gaschain::fault::Faults::default();
    let table = gaschain::document::csv::Table::parse(text, "points.csv", &mut faults);
    faults.into_result(()).unwrap();
    Sweep::new("table", "amur", DesignKind::Table(table)).output(OUTPUT)
}

#[test]
fn a_table_is_run_row_by_row_and_blanks_are_as_in_the_base() {
    let sweep = table(
        "name,kovykta.flow,trunk_line.mode,trunk_line.capacity\n\
         one,6 bcm/yr,,\ntwo,,hydraulic,30 bcm/yr\nthree,6 bcm/yr,own_needs,unknown\n",
    )
    .setting("kovykta.flow", "20 bcm/yr");
    let prepared = sweep.prepare(amur::chain()).unwrap();
    let columns = columns(&sweep);
    assert!(columns[0].iter().zip([6.0, 20.0, 6.0]).all(|(got, x)| (got - x).abs() < 1e-12));
    assert_eq!(columns[1], [2.0, 0.0, 1.0]);
    assert_eq!(columns[2], [2.0, 0.0, 1.0]);
    let names = |axis: usize| prepared.axes[axis].names.clone().unwrap();
    assert_eq!(names(1), ["hydraulic", "own_needs", "own_needs"]);
    assert_eq!(names(2), ["30 bcm/yr", "unknown", "unknown"]);
    assert!(
        matches!(&prepared.variables[0], Variable::Number { address } if address == "kovykta.flow")
    );
}

#[test]
fn what_leaves_the_range_by_chance_fails_by_itself() {
    let distribution =
        Distribution::Normal { mean: "95 %".into(), standard_deviation: "5 %".into() };
    let sweep = sweep(hypercube(16), [Axis::distributed("gpp.ngl.ethane", distribution)]);
    let prepared = sweep.prepare(amur::chain()).unwrap();
    let mut inputs = [0.0; 16];
    prepared.design.fill(&mut prepared.design.scratch(), 0, 16, &mut inputs);
    let mut results = Results::default();
    let mut workspace = prepared.evaluator.workspace();
    prepared.evaluator.run(&mut workspace, 0, &inputs, 16, &mut results);
    let above: Vec<usize> = (0..16).filter(|at| inputs[*at] > 1.0).collect();
    let failed: Vec<usize> = results.failures.iter().map(|(at, _)| *at).collect();
    // a sixth of the normal distribution lies more than one deviation above its mean
    assert!((2..=3).contains(&above.len()));
    assert_eq!(failed, above);
    assert!((0..16).all(|at| results.column(0)[at].is_nan() == above.contains(&at)));
}

#[test]
fn designs_of_2_to_the_40_scenarios_are_reached_anywhere() {
    let samples = 1 << 40;
    for kind in [hypercube(samples), sobol(samples)] {
        let axis = Axis::between("kovykta.flow", "0 bcm/yr", "1 bcm/yr");
        let (design, axes) = prepare(&sweep(kind, [axis]));
        let mut scratch = design.scratch();
        let mut last = [0.0; 4];
        design.fill(&mut scratch, samples - 4, 4, &mut last);
        let unit = axes[0].unit.unwrap();
        assert!(last.iter().all(|si| (0.0..=1.0).contains(&unit.from_si(*si))));
        assert!(last[0] != last[1] && last[2] != last[3]);
    }
}

/// Any design that draws, over axes of several kinds, some of them correlated.
fn drawn() -> impl Strategy<Value = Sweep> {
    let kind = (0..4_u8, 1..3_000_u64, any::<u64>()).prop_map(|(kind, samples, seed)| match kind {
        0 => DesignKind::LatinHypercube { samples, seed },
        1 => DesignKind::MonteCarlo { samples, seed },
        other => DesignKind::Sobol { samples, seed, scrambled: other == 2 },
    });
    (kind, prop::collection::vec(0..7_usize, 1..4), -0.99..0.99_f64).prop_map(
        |(kind, picks, coefficient)| {
            let addresses = ["kovykta.flow", "chayanda.flow", "heihe.demand"];
            let axes = picks.iter().zip(addresses).map(|(pick, address)| {
                Axis::distributed(address, continuous().swap_remove(*pick).0)
            });
            let sweep = sweep(kind, axes.chain([Axis::values("gpp.trains", [4.0, 5.0, 6.0])]));
            let to = if picks.len() > 1 { addresses[picks.len() - 1] } else { "gpp.trains" };
            sweep.correlation(Correlation::new("kovykta.flow", to, coefficient))
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_scenario_is_the_same_however_it_is_reached(
        sweep in drawn(),
        cuts in prop::collection::vec(0.0..1.0_f64, 0..6),
    ) {
        let (design, _) = prepare(&sweep);
        let count = usize::try_from(design.len()).unwrap();
        let mut whole = vec![0.0; design.axes() * count];
        design.fill(&mut design.scratch(), 0, count, &mut whole);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let mut ends: Vec<usize> = cuts.iter().map(|cut| (cut * count as f64) as usize).collect();
        ends.extend([0, count]);
        ends.sort_unstable();
        // later blocks first: nothing may depend on what was filled before
        let mut scratch = design.scratch();
        for block in ends.windows(2).rev() {
            let size = block[1] - block[0];
            let mut part = vec![0.0; design.axes() * size];
            design.fill(&mut scratch, block[0] as u64, size, &mut part);
            for axis in 0..design.axes() {
                let expected = &whole[axis * count..][block[0]..block[1]];
                let got = &part[axis * size..][..size];
                let same = got.iter().zip(expected).all(|(a, b)| a.to_bits() == b.to_bits());
                prop_assert!(same);
            }
        }
        prop_assert!(whole.iter().all(|number| number.is_finite()));
    }
}

#[test]
fn another_seed_gives_other_scenarios_and_the_same_one_the_same() {
    let axis = || Axis::between("kovykta.flow", "0 bcm/yr", "30 bcm/yr");
    let column = |seed| {
        let kind = DesignKind::Sobol { samples: 64, seed, scrambled: true };
        columns(&sweep(kind, [axis()])).remove(0)
    };
    assert_eq!(column(1), column(1));
    assert!(column(1).iter().zip(column(2)).all(|(one, other)| *one != other));
}

#[test]
fn what_a_sweep_is_can_be_read_beside_its_results() {
    let sweep = sweep(
        sobol(1_024),
        [
            Axis::between("kovykta.flow", "15 bcm/yr", "30 bcm/yr")
                .known_by(gaschain::evidence::Evidence::Assumed, "ramp-up"),
            Axis::values("gpp.trains", [5.0, 6.0]),
        ],
    )
    .setting("bypass.open", true)
    .correlation(Correlation::new("kovykta.flow", "gpp.trains", 0.25));
    assert_eq!(
        sweep.provenance(),
        "sweep \"test\" of chain \"amur\"\n\
         design: Sobol' sequence of 1024, Joe and Kuo (2008), nested scrambling with seed 3 \
         (Philox 4x32-10)\n\
         set bypass.open = true\n\
         axis kovykta.flow: low 15 bcm/yr, high 30 bcm/yr (assumed: ramp-up)\n\
         axis gpp.trains: values 5, 6 (scenario: set by the scenario)\n\
         correlation of kovykta.flow and gpp.trains: 0.25 (Gaussian copula)\n\
         output heihe.sales_gas.volume\n"
    );
    let chain = amur::chain();
    assert_eq!(sweep.inputs(chain), sweep.clone().inputs(chain));
    assert_ne!(sweep.inputs(chain), sweep.clone().output("gpp.feed.load").inputs(chain));
}

#[test]
fn axes_that_do_not_fit_say_why() {
    let flow = "kovykta.flow";
    let distributed = |distribution| Axis::distributed(flow, distribution);
    let normal = |mean: &str, deviation: &str| {
        let (mean, standard_deviation) = (mean.into(), deviation.into());
        distributed(Distribution::Normal { mean, standard_deviation })
    };
    let discrete = |weights: Vec<f64>| {
        distributed(Distribution::Discrete { values: vec![bcm(1.0), bcm(2.0)], weights })
    };
    let pert = |mode: f64| {
        distributed(Distribution::BetaPert { low: bcm(1.0), mode: bcm(mode), high: bcm(2.0) })
    };
    let truncated = |low: Option<Value>, high: Option<Value>| {
        let (mean, standard_deviation) = (bcm(20.0), bcm(1.0));
        distributed(Distribution::TruncatedNormal { mean, standard_deviation, low, high })
    };
    let temperature = Distribution::Uniform { low: "1 degC".into(), high: "2 degC".into() };
    let none: [f64; 0] = [];
    for (axis, message) in [
        (
            Axis::between("kovykta.flaw", "1 bcm/yr", "2 bcm/yr"),
            "kovykta.flaw: unknown parameter \"kovykta.flaw\"; nearest: \"kovykta.flow\"",
        ),
        (
            Axis::between(flow, "-1 bcm/yr", "2 bcm/yr"),
            "kovykta.flow: -1 bcm/yr is outside the allowed range: at least 0 bcm/yr",
        ),
        (
            Axis::between("gpp.ngl.ethane", "90 %", "102 %"),
            "gpp.ngl.ethane: 102 % is outside the allowed range 0 % to 100 %",
        ),
        (
            Axis::between(flow, "3 bcm/yr", "2 bcm/yr"),
            "kovykta.flow: low 3 bcm/yr with high 2 bcm/yr; allowed: low below high",
        ),
        (
            Axis::between("trunk_line.capacity", "unknown", "38 bcm/yr"),
            "trunk_line.capacity: low is unknown; allowed: a quantity",
        ),
        (
            Axis::distributed(flow, temperature),
            "kovykta.flow: \"1 degC\" is a temperature; allowed: a molar or gas volume flow, such \
             as \"38 bcm/yr\"\n\
             kovykta.flow: \"2 degC\" is a temperature; allowed: a molar or gas volume flow, such \
             as \"38 bcm/yr\"",
        ),
        (
            Axis::steps(flow, "1 bcm/yr", "2 bcm/yr", 3),
            "kovykta.flow: steps in the design \"sobol\"; allowed: low and high alone, values, or \
             a distribution",
        ),
        (
            Axis::between("gpp.trains", 4.0, 6.0),
            "gpp.trains: a continuous range of a count; allowed: values, or the distributions \
             discrete and empirical",
        ),
        (
            Axis::between("bypass.open", 0.0, 1.0),
            "bypass.open: a range of bypass.open; allowed: a list of values: true or false",
        ),
        (Axis::values(flow, none), "kovykta.flow: an empty list of values; allowed: at least one"),
        (
            Axis::values(flow, ["1 bcm/yr", "1.0 bcm/yr"]),
            "kovykta.flow: duplicate value \"1.0 bcm/yr\"",
        ),
        (
            Axis::values("trunk_line.mode", ["hydraulics"]),
            "trunk_line.mode: unknown name \"hydraulics\"; nearest: \"hydraulic\"",
        ),
        (
            normal("20 bcm/yr", "0 bcm/yr"),
            "kovykta.flow: standard deviation 0 bcm/yr; allowed: a standard deviation above 0",
        ),
        (
            normal("20 bcm/yr", "1 Mt/yr"),
            "kovykta.flow: \"1 Mt/yr\" is a mass flow; allowed: a molar or gas volume flow, such as \
             \"38 bcm/yr\"",
        ),
        (
            Axis::distributed(
                flow,
                Distribution::Lognormal { mean: bcm(0.0), standard_deviation: bcm(1.0) },
            ),
            "kovykta.flow: mean 0 bcm/yr; allowed: a mean above 0",
        ),
        (
            discrete(vec![1.0]),
            "kovykta.flow: 1 weights for 2 values; allowed: one weight a value, or none at all",
        ),
        (
            discrete(vec![1.0, -1.0]),
            "kovykta.flow: weights 1, -1; allowed: numbers of at least 0, not all of them 0",
        ),
        (
            pert(3.0),
            "kovykta.flow: mode 3 bcm/yr with low 1 bcm/yr and high 2 bcm/yr; allowed: low to high",
        ),
        (
            distributed(Distribution::Beta {
                low: bcm(1.0),
                high: bcm(2.0),
                alpha: 0.0,
                beta: f64::NAN,
            }),
            "kovykta.flow: alpha 0; allowed: 0.1 to 10000\n\
             kovykta.flow: beta NaN; allowed: 0.1 to 10000",
        ),
        (truncated(None, None), "kovykta.flow: key \"low\" or \"high\" is missing"),
        (
            truncated(Some(bcm(90.0)), None),
            "kovykta.flow: ends so far from the mean that no probability lies between; allowed: \
             ends nearer to the mean",
        ),
    ] {
        assert_eq!(faults(&sweep(sobol(8), [axis])), message);
    }
    for (axis, message) in [
        (Axis::between(flow, "1 bcm/yr", "2 bcm/yr"), "kovykta.flow: key \"steps\" is missing"),
        (
            Axis::steps(flow, "1 bcm/yr", "2 bcm/yr", 1),
            "kovykta.flow: 1 steps; allowed: 2 to 10000000",
        ),
        (
            Axis::steps("gpp.trains", 3.0, 6.0, 3),
            "gpp.trains: 3 steps from 3 to 6 of a count; allowed: steps that are whole numbers",
        ),
        (
            normal("20 bcm/yr", "1 bcm/yr"),
            "kovykta.flow: a distribution in the design \"grid\"; allowed: low, high and steps, or \
             values",
        ),
    ] {
        assert_eq!(faults(&sweep(DesignKind::Grid, [axis])), message);
    }
}

#[test]
fn designs_and_outputs_that_do_not_fit_say_why() {
    let flow = || Axis::between("kovykta.flow", "1 bcm/yr", "2 bcm/yr");
    let supply = || Axis::between("chayanda.flow", "1 bcm/yr", "2 bcm/yr");
    let grid = |steps| {
        let axes = ["kovykta.flow", "chayanda.flow", "heihe.demand"];
        sweep(DesignKind::Grid, axes.map(|a| Axis::steps(a, "1 bcm/yr", "2 bcm/yr", steps)))
    };
    let pair = Correlation::new;
    for (sweep, message) in [
        (sweep(sobol(8), []), "design: a sweep without axes; allowed: at least one [[axis]]"),
        (sweep(sobol(0), [flow()]), "design: 0 samples; allowed: 1 to 281474976710656"),
        (
            grid(10_000_000),
            "design: more scenarios than can be counted; allowed: 1 to 281474976710656",
        ),
        (sweep(sobol(8), [flow(), flow()]), "kovykta.flow: duplicate axis \"kovykta.flow\""),
        (
            sweep(sobol(8), [flow()]).output(OUTPUT),
            "heihe.sales_gas.volume: duplicate output \"heihe.sales_gas.volume\"",
        ),
        (
            sweep(sobol(8), [flow()]).output("heihe.sales_gass.volume"),
            "heihe.sales_gass.volume: unknown result \"heihe.sales_gass.volume\"; nearest: \
             \"heihe.sales_gas.volume\"",
        ),
        (
            Sweep::new("none", "amur", sobol(8)).axis(flow()),
            "design: a sweep that asks for nothing; allowed: at least one address in outputs",
        ),
        (
            sweep(sobol(8), [flow()]).setting("gpp.trians", 4.0),
            "gpp.trians: unknown parameter \"gpp.trians\"; nearest: \"gpp.trains\", \
             \"gpp.train_size\"",
        ),
        (
            sweep(sobol(8), [flow(), supply()]).correlation(pair("kovykta.flow", "chayanda", 0.5)),
            "correlation: unknown axis \"chayanda\"; nearest: \"chayanda.flow\"",
        ),
        (
            sweep(sobol(8), [flow(), supply()]).correlation(pair(
                "kovykta.flow",
                "chayanda.flow",
                1.0,
            )),
            "correlation: coefficient 1; allowed: between -1 and 1, both excluded",
        ),
        (
            sweep(sobol(8), [flow(), supply()])
                .correlation(pair("kovykta.flow", "chayanda.flow", 0.5))
                .correlation(pair("chayanda.flow", "kovykta.flow", 0.4)),
            "correlation: duplicate correlation between \"kovykta.flow\" and \"chayanda.flow\"",
        ),
        (
            sweep(sobol(8), [flow()]).correlation(pair("kovykta.flow", "kovykta.flow", 0.5)),
            "correlation: a correlation of \"kovykta.flow\" with itself; allowed: two axes",
        ),
        (
            grid(2).correlation(pair("kovykta.flow", "chayanda.flow", 0.5)),
            "design: correlations in the design \"grid\"; allowed: latin_hypercube, sobol and \
             monte_carlo",
        ),
        (
            table("name,gpp.trians\na,4\n"),
            "points.csv:1: unknown column \"gpp.trians\"; nearest: \"gpp.trains\", \
             \"gpp.train_size\"",
        ),
        (
            table("kovykta.flow\n6 bcm/yr\n-6 bcm/yr\n6 km\n"),
            "points.csv:3: column \"kovykta.flow\": -6 bcm/yr is outside the allowed range: at \
             least 0 bcm/yr\n\
             points.csv:4: column \"kovykta.flow\": \"6 km\" is a length; allowed: a molar or gas \
             volume flow, such as \"38 bcm/yr\"",
        ),
        (
            table("kovykta.flow\n"),
            "points.csv:1: a table without rows; allowed: one scenario a row",
        ),
        (
            table("name\none\n"),
            "points.csv:1: a table without addresses; allowed: one address a column",
        ),
        (
            table("kovykta.flow\n6 bcm/yr\n").axis(supply()),
            "design: axes beside a table; allowed: either a table or axes",
        ),
    ] {
        assert_eq!(faults(&sweep), message);
    }
}

#[test]
fn correlations_that_contradict_one_another_are_named() {
    let addresses = ["kovykta.flow", "gpp.train_size", "chayanda.flow", "heihe.demand"];
    let axes = addresses.map(|address| Axis::between(address, "1 bcm/yr", "2 bcm/yr"));
    let sweep = sweep(sobol(8), axes)
        .correlation(Correlation::new("kovykta.flow", "chayanda.flow", 0.9))
        .correlation(Correlation::new("chayanda.flow", "heihe.demand", 0.9))
        .correlation(Correlation::new("kovykta.flow", "heihe.demand", -0.9));
    // eigenvalues of the matrix of 0.9, 0.9, -0.9: 1.9 twice and -0.8
    assert_eq!(
        faults(&sweep),
        "correlation: correlations of \"kovykta.flow\", \"chayanda.flow\", \"heihe.demand\" that \
         contradict one another: least eigenvalue -0.8000; allowed: a positive definite matrix"
    );
}

#[test]
fn quantities_of_an_axis_are_those_of_its_unit() {
    let axis = Axis::steps("kovykta.flow", "1 bcm/yr @ 0 degC", "2 bcm/yr @ 0 degC", 2);
    let column = columns(&sweep(DesignKind::Grid, [axis])).remove(0);
    let expected: Quantity = "1 bcm/yr @ 0 degC".parse().unwrap();
    let shown = gaschain::quantity::Unit::BCM_PER_YEAR.from_si(expected.si());
    assert!((column[0] / shown - 1.0).abs() < 1e-14);
}

#[test]
fn a_design_can_be_shared_by_threads() {
    let (design, _) =
        prepare(&sweep(sobol(8), [Axis::between("kovykta.flow", "1 bcm/yr", "2 bcm/yr")]));
    let fill = || {
        let mut column = [0.0; 8];
        design.fill(&mut design.scratch(), 0, 8, &mut column);
        column
    };
    let there = std::thread::scope(|scope| scope.spawn(fill).join());
    assert_eq!(there.ok(), Some(fill()));
}
