//! Distributions without ends are cut where the range of their parameter ends: what is left is
//! drawn as if nothing else had been there, and no scenario leaves the range.

use crate::sweep::design::{correlation, distance, normal_cdf, ranks};
use crate::sweep::shipped::{columns, faults, sobol, sweep};
use gaschain::amur;
use gaschain::sweep::{Axis, Columns, Correlation, DesignKind, Distribution, Runner, Sweep};
use std::ops::ControlFlow;

const OWN_NEEDS: &str = "trunk_line.own_needs";

fn normal(mean: &str, standard_deviation: &str) -> Distribution {
    Distribution::Normal { mean: mean.into(), standard_deviation: standard_deviation.into() }
}

fn lognormal(mean: &str, standard_deviation: &str) -> Distribution {
    Distribution::Lognormal { mean: mean.into(), standard_deviation: standard_deviation.into() }
}

/// Own needs, 0 to 4.5 %/1000 km, in every design that draws.
fn of_every_design(axis: &Axis) -> [Sweep; 4] {
    let samples = 4_096;
    [
        DesignKind::Sobol { samples, seed: 0, scrambled: false },
        DesignKind::Sobol { samples, seed: 1, scrambled: true },
        DesignKind::LatinHypercube { samples, seed: 1 },
        DesignKind::MonteCarlo { samples, seed: 1 },
    ]
    .map(|kind| sweep(kind, [axis.clone()]))
}

#[test]
fn what_is_left_of_a_distribution_that_was_cut_is_as_likely_as_before() {
    // parts of the whole below a number, and between the ends of the range
    let of_normal = |x: f64| normal_cdf((x - 1.46) / 0.8);
    let square = (0.9_f64 / 1.46).powi(2).ln_1p();
    let of_lognormal = |x: f64| normal_cdf((x.ln() - 1.46_f64.ln() + square / 2.0) / square.sqrt());
    let cases: [(Distribution, &dyn Fn(f64) -> f64); 2] = [
        (normal("1.46 %/1000 km", "0.8 %/1000 km"), &of_normal),
        (lognormal("1.46 %/1000 km", "0.9 %/1000 km"), &of_lognormal),
    ];
    for (distribution, whole) in cases {
        let (low, high) = (whole(0.0), whole(4.5));
        let axis = Axis::distributed(OWN_NEEDS, distribution).cut_to_range();
        for sweep in of_every_design(&axis) {
            let column = columns(&sweep).remove(0);
            assert!(column.iter().all(|x| (0.0..=4.5).contains(x)), "{}", sweep.provenance());
            let got = distance(&column, |x| (whole(x) - low) / (high - low));
            // of 4,096 random points; even ones are far nearer
            assert!(got < 2.72 / 64.0, "{}: {got}", sweep.provenance());
        }
    }
}

#[test]
fn a_little_is_cut_and_said_and_more_is_refused_with_the_way_out() {
    let notes = |axis: Axis| {
        let prepared = sweep(sobol(8), [axis]).prepare(amur::chain()).unwrap();
        prepared.notes().join("\n")
    };
    let of = |distribution| Axis::distributed(OWN_NEEDS, distribution);
    assert_eq!(notes(of(normal("2 %/1000 km", "0.1 %/1000 km"))), "");
    assert_eq!(
        notes(of(normal("2 %/1000 km", "0.5 %/1000 km"))),
        "trunk_line.own_needs: 0.0032 % below 0 %/1000 km and 0.000029 % above 4.5 %/1000 km is cut \
         off normal, mean 2 %/1000 km, standard deviation 0.5 %/1000 km, as not allowed"
    );
    let too_wide = || of(normal("1.46 %/1000 km", "0.8 %/1000 km"));
    assert_eq!(
        faults(&sweep(sobol(8), [too_wide()])),
        "trunk_line.own_needs: normal, mean 1.46 %/1000 km, standard deviation 0.8 %/1000 km, of \
         which 3.4 % below 0 %/1000 km and 0.0072 % above 4.5 %/1000 km lies outside the allowed \
         range; allowed: 0 %/1000 km to 4.5 %/1000 km, with at most 0.01 % outside; or cut = true, \
         which draws from what lies inside; or a distribution with ends"
    );
    assert_eq!(
        notes(too_wide().cut_to_range()),
        "trunk_line.own_needs: 3.4 % below 0 %/1000 km and 0.0072 % above 4.5 %/1000 km is cut off \
         normal, mean 1.46 %/1000 km, standard deviation 0.8 %/1000 km, as not allowed"
    );
    // in the unit that was written, not in that of the parameter
    let metres = normal("1.2 m", "0.5 m");
    let axis = Axis::distributed("trunk_line.diameter", metres);
    let said = faults(&sweep(sobol(8), [axis]));
    assert!(said.contains(" m lies outside") && !said.contains("mm"), "{said}");
    // one end is the person's, the other the parameter's
    let open = Distribution::TruncatedNormal {
        mean: "1.46 %/1000 km".into(),
        standard_deviation: "1 %/1000 km".into(),
        low: Some("1 %/1000 km".into()),
        high: None,
    };
    let said = faults(&sweep(sobol(8), [of(open)]));
    assert!(said.contains("of which 0.17 % above 4.5 %/1000 km lies outside"), "{said}");
}

#[test]
fn correlations_with_what_was_cut_stay_right() {
    let samples = 1 << 14;
    let flow = Distribution::Uniform { low: "15 bcm/yr".into(), high: "30 bcm/yr".into() };
    let wide = normal("1.46 %/1000 km", "1.5 %/1000 km");
    let sweep = sweep(
        sobol(samples),
        [
            Axis::distributed("kovykta.flow", flow),
            Axis::distributed(OWN_NEEDS, wide).cut_to_range(),
        ],
    )
    .correlation(Correlation::by_rank("kovykta.flow", OWN_NEEDS, -0.6));
    let columns = columns(&sweep);
    let got = correlation(&ranks(&columns[0]), &ranks(&columns[1]));
    assert!((got + 0.6).abs() < 2e-3, "{got}");
    assert!(columns[1].iter().all(|x| (0.0..=4.5).contains(x)));
}

/// Scenario 66,804,873 of 2^26 of the shipped sweep once left the range.
#[test]
fn no_scenario_of_the_shipped_sweep_leaves_a_range() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/data/amur/sweeps/uncertainty.toml");
    let text = std::fs::read_to_string(path).unwrap();
    let text = text.replace("samples = 65536", "samples = 67108864");
    let sweep = Sweep::parse(&text, "uncertainty.toml", None).unwrap();
    let prepared = sweep.prepare(amur::chain()).unwrap();
    let mut results = Columns::new(gaschain::sweep::Source::layout(&prepared));
    let run = Runner::new().range(66_804_870..66_804_880);
    run.run(&prepared, &mut results, |_| ControlFlow::Continue(())).unwrap();
    assert_eq!(results.errors, []);
    let own_needs = results.layout.axes.iter().position(|axis| axis.address == OWN_NEEDS).unwrap();
    assert!(results.axes[own_needs][3] > 4.4, "the one that was above 4.5 %/1000 km");
    assert_eq!(
        prepared.notes(),
        ["trunk_line.own_needs: 8.7e-7 % above 4.5 %/1000 km is cut off lognormal, mean 1.46 \
          %/1000 km, standard deviation 0.3 %/1000 km, as not allowed"]
    );
}
