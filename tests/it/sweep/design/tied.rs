//! One unknown behind several parameters, and correlations that are full: columns go together to
//! the last bit, and nothing else of the design changes.

#![allow(clippy::float_cmp, reason = "columns that are the same are so to the last bit")]

use crate::sweep::design::{correlation, ranks};
use crate::sweep::shipped::{bcm, columns, faults, hypercube, sobol, sweep};
use gaschain::sweep::{Axis, Correlation, DesignKind, Distribution, Sweep};

const ONE: &str = "kovykta_line.own_needs";
const OTHER: &str = "trunk_line.own_needs";

fn own_needs(address: &str) -> Axis {
    let [low, high] = ["0.5 %/1000 km", "3 %/1000 km"];
    Axis::between(address, low, high)
}

fn flow() -> Axis {
    Axis::between("kovykta.flow", "15 bcm/yr", "30 bcm/yr")
}

fn drawing() -> [DesignKind; 4] {
    [
        hypercube(64),
        sobol(64),
        DesignKind::Sobol { samples: 64, seed: 0, scrambled: false },
        DesignKind::MonteCarlo { samples: 64, seed: 1 },
    ]
}

#[test]
fn parameters_of_one_axis_have_the_same_value_in_every_design() {
    let random = || [own_needs(ONE).tied_to(OTHER), flow()];
    let steps = || {
        let [low, high] = ["0.5 %/1000 km", "3 %/1000 km"];
        let tied = Axis::steps(ONE, low, high, 4).tied_to(OTHER);
        [tied, Axis::steps("kovykta.flow", "15 bcm/yr", "30 bcm/yr", 3)]
    };
    let drawn = drawing()
        .map(|kind| (sweep(kind.clone(), random()), sweep(kind, [own_needs(ONE), flow()])));
    let alone = |kind: DesignKind| {
        let [tied, flow] = steps();
        let mut single = tied;
        single.parameters.truncate(1);
        (sweep(kind.clone(), steps()), sweep(kind, [single, flow]))
    };
    let stepped = [alone(DesignKind::Grid), alone(DesignKind::OneAtATime)];
    for (tied, single) in drawn.into_iter().chain(stepped) {
        let (tied, single) = (columns(&tied), columns(&single));
        // scenario 0 of one at a time is the base, where the chain has a value for each
        assert_eq!(tied[0], tied[1]);
        assert_eq!([&tied[0], &tied[2]], [&single[0], &single[1]], "a tie takes no points");
    }
}

#[test]
fn a_coefficient_of_one_is_a_common_cause_and_of_minus_one_its_mirror_image() {
    for kind in drawing() {
        let axes = || [own_needs(ONE), own_needs(OTHER), flow()];
        let of = |coefficient| {
            let sweep = sweep(kind.clone(), axes());
            columns(&sweep.correlation(Correlation::new(OTHER, ONE, coefficient)))
        };
        let same = of(1.0);
        assert_eq!(same[0], same[1]);
        let mirrored = of(-1.0);
        for (one, other) in mirrored[0].iter().zip(&mirrored[1]) {
            assert!((one + other - 3.5).abs() < 1e-12);
        }
        let by_rank =
            sweep(kind.clone(), axes()).correlation(Correlation::by_rank(ONE, OTHER, 1.0));
        assert_eq!(columns(&by_rank), same);
    }
}

#[test]
fn what_goes_with_an_axis_has_its_correlations_too() {
    let sweep = |kind| {
        sweep(
            kind,
            [
                flow(),
                own_needs(ONE).tied_to(OTHER),
                Axis::between("heihe.demand", "30 bcm/yr", "40 bcm/yr"),
            ],
        )
        .correlation(Correlation::by_rank("kovykta.flow", OTHER, 0.7))
        .correlation(Correlation::new(ONE, "heihe.demand", -1.0))
    };
    let columns = columns(&sweep(sobol(1 << 14)));
    assert_eq!(columns[1], columns[2]);
    let rank = |i: usize, j: usize| correlation(&ranks(&columns[i]), &ranks(&columns[j]));
    assert!((rank(0, 1) - 0.7).abs() < 2e-3 && (rank(0, 3) + 0.7).abs() < 2e-3);
    assert!((rank(1, 3) + 1.0).abs() < 1e-9);
}

#[test]
fn full_correlation_of_other_distributions_is_at_the_same_point_of_each() {
    let normal = Distribution::Normal { mean: bcm(30.0), standard_deviation: bcm(1.0) };
    let sweep = sweep(hypercube(256), [flow(), Axis::distributed("heihe.demand", normal)])
        .correlation(Correlation::new("kovykta.flow", "heihe.demand", 1.0));
    let columns = columns(&sweep);
    assert_eq!(ranks(&columns[0]), ranks(&columns[1]));
    for (flow, demand) in columns[0].iter().zip(&columns[1]) {
        let place = crate::sweep::design::normal_cdf(demand - 30.0);
        assert!((place - (flow - 15.0) / 15.0).abs() < 1e-12);
    }
}

#[test]
fn an_axis_may_be_made_of_others() {
    // 0.6 and 0.8 of two independent ones: nothing of its own is left
    let axes = ["kovykta.flow", "chayanda.flow", "heihe.demand"];
    let normal = || Distribution::Normal { mean: bcm(30.0), standard_deviation: bcm(1.0) };
    let sweep = sweep(sobol(1_024), axes.map(|axis| Axis::distributed(axis, normal())))
        .correlation(Correlation::new(axes[0], axes[2], 0.6))
        .correlation(Correlation::new(axes[1], axes[2], 0.8));
    let columns = columns(&sweep);
    let [a, b, c] = &columns[..] else { panic!("three axes") };
    for ((a, b), c) in a.iter().zip(b).zip(c) {
        let [a, b, c] = [a, b, c].map(|number| number - 30.0);
        assert!((0.6 * a + 0.8 * b - c).abs() < 1e-9, "{a} {b} {c}");
    }
}

#[test]
fn ties_that_do_not_fit_say_why() {
    let said = |sweep: Sweep| faults(&sweep);
    assert_eq!(
        said(sweep(sobol(8), [own_needs(ONE).tied_to("trunk_line.own_neds")])),
        "trunk_line.own_neds: unknown parameter \"trunk_line.own_neds\"; nearest: \
         \"trunk_line.own_needs\", \"trunk_line.roughness\", \"border_line.own_needs\""
    );
    assert_eq!(
        said(sweep(sobol(8), [own_needs(ONE).tied_to("kovykta.flow")])),
        "kovykta.flow: \"0.5 %/1000 km\" is a fraction per length; allowed: a flow of \
         gas by moles, gas volume, mass, liquid volume or heat, such as \"38 bcm/yr\"\n\
         kovykta.flow: \"3 %/1000 km\" is a fraction per length; allowed: a flow of \
         gas by moles, gas volume, mass, liquid volume or heat, such as \"38 bcm/yr\""
    );
    assert_eq!(
        said(sweep(sobol(8), [own_needs(ONE).tied_to(ONE)])),
        "kovykta_line.own_needs: duplicate axis \"kovykta_line.own_needs\""
    );
    // what is wrong with the axis itself is said once
    let falling = Axis::between(ONE, "3 %/1000 km", "1 %/1000 km").tied_to(OTHER);
    assert_eq!(
        said(sweep(sobol(8), [falling])),
        "kovykta_line.own_needs: low 3 %/1000 km with high 1 %/1000 km; allowed: low below high"
    );
    let with_itself = Correlation::new(ONE, OTHER, 0.5);
    assert_eq!(
        said(sweep(sobol(8), [own_needs(ONE).tied_to(OTHER)]).correlation(with_itself)),
        "correlation: a correlation of \"kovykta_line.own_needs\" with \"trunk_line.own_needs\", \
         which are one axis; allowed: two axes"
    );
    let axes = [own_needs(ONE), own_needs(OTHER), flow()];
    let triangle = |last| {
        sweep(sobol(8), axes.clone())
            .correlation(Correlation::new(ONE, OTHER, 1.0))
            .correlation(Correlation::new(OTHER, "kovykta.flow", 0.5))
            .correlation(Correlation::new(ONE, "kovykta.flow", last))
    };
    assert!(triangle(0.5).prepare(gaschain::amur::chain()).is_ok());
    assert_eq!(
        said(triangle(0.4)),
        "correlation: a coefficient of \"kovykta_line.own_needs\" and \"kovykta.flow\" of 0.4; \
         allowed: 0.5, which coefficients of 1 and -1 and the one of \"trunk_line.own_needs\" and \
         \"kovykta.flow\" make of it"
    );
    assert_eq!(
        said(triangle(1.0)),
        "correlation: a coefficient of \"trunk_line.own_needs\" and \"kovykta.flow\" of 0.5; \
         allowed: 1, which coefficients of 1 and -1 make of it"
    );
}
