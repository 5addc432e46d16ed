//! A scenario is the same however it is reached: in which block, from which thread, again.

#![allow(clippy::float_cmp, reason = "values are the same to the last bit, or another")]

use crate::support::seeds::config;
use crate::sweep::design::distributions::continuous;
use crate::sweep::shipped::{columns, hypercube, prepare, sobol, sweep};
use gaschain::sweep::{Axis, Correlation, DesignKind, Sweep};
use proptest::prelude::*;

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
    #![proptest_config(config(48))]

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
