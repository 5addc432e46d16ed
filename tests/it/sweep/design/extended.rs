//! A design that can be extended has the same first scenarios, to the last bit.

use crate::sweep::shipped::{bcm, prepare, sweep};
use gaschain::sweep::{Axis, Correlation, DesignKind, Distribution};

/// The bits of the first scenarios of a design, correlated and cut axes among them.
fn first(kind: DesignKind, count: usize) -> Vec<u64> {
    let own_needs = Distribution::Normal {
        mean: "1.46 %/1000 km".into(),
        standard_deviation: "0.8 %/1000 km".into(),
    };
    let normal = Distribution::Normal { mean: bcm(30.0), standard_deviation: bcm(2.0) };
    let sweep = sweep(
        kind,
        [
            Axis::between("kovykta.flow", "15 bcm/yr", "30 bcm/yr"),
            Axis::distributed("trunk_line.own_needs", own_needs).cut_to_range(),
            Axis::distributed("heihe.demand", normal),
        ],
    )
    .correlation(Correlation::new("kovykta.flow", "trunk_line.own_needs", 0.5))
    .correlation(Correlation::new("kovykta.flow", "heihe.demand", -1.0));
    let (design, _) = prepare(&sweep);
    let mut columns = vec![0.0; design.axes() * count];
    design.fill(&mut design.scratch(), 0, count, &mut columns);
    columns.into_iter().map(f64::to_bits).collect()
}

#[test]
fn the_first_scenarios_of_more_are_those_of_fewer_where_a_design_can_be_extended() {
    let even = |samples, scrambled| DesignKind::Sobol { samples, seed: 4, scrambled };
    let random = |samples| DesignKind::MonteCarlo { samples, seed: 4 };
    let hypercube = |samples| DesignKind::LatinHypercube { samples, seed: 4 };
    for (fewer, more, same) in [
        (even(1_000, true), even(5_000, true), true),
        (random(1_000), random(5_000), true),
        // both lie in the middle of intervals of 2^-10
        (even(1_000, false), even(1_024, false), true),
        (even(1_024, false), even(1_025, false), false),
        (hypercube(1_000), hypercube(1_001), false),
    ] {
        assert_eq!(first(fewer.clone(), 1_000) == first(more, 1_000), same, "{fewer:?}");
    }
}
