//! The kernel written by hand for the benches gives what the crate gives.

// they belong to the bench, which is a program of its own
#[path = "../../../../benches/single_purpose/kernel.rs"]
mod kernel;
#[path = "../../../../benches/single_purpose/scenarios.rs"]
mod scenarios;

use approx::assert_relative_eq;
use gaschain::amur;
use kernel::{AXES, DEMAND, FEED, FULLY_DRAWN, Kernel, LANES, OUTPUTS};

#[test]
fn the_kernel_written_by_hand_agrees_with_the_crate() {
    let blocks = 16;
    let count = blocks * LANES;
    let axes = scenarios::axes(amur::chain(), AXES);
    let inputs = scenarios::random(&axes, count);
    let (results, names) = scenarios::solved(&axes, &inputs, count);
    let kernel = Kernel::new(amur::chain());
    let mut outputs = [[0.0; LANES]; OUTPUTS];
    let mut seen = [FULLY_DRAWN, DEMAND, FEED].map(|stop| (stop, false));
    for block in 0..blocks {
        let column = |axis: usize| {
            let at = axis * count + block * LANES;
            std::array::from_fn(|lane| inputs[at + lane])
        };
        assert!(kernel.run(&std::array::from_fn(column), &mut outputs));
        for lane in 0..LANES {
            let scenario = block * LANES + lane;
            for (output, found) in outputs.iter().enumerate().take(OUTPUTS - 1) {
                let expected = results.column(output)[scenario];
                assert_relative_eq!(found[lane], expected, max_relative = 1e-9, epsilon = 1e-12);
            }
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let name = &names[results.column(OUTPUTS - 1)[scenario] as usize];
            let expected = match name.as_str() {
                "fully drawn" => FULLY_DRAWN,
                "heihe.demand" => DEMAND,
                "gpp.feed" => FEED,
                other => panic!("scenario {scenario} is stopped by {other}"),
            };
            let found = outputs[OUTPUTS - 1][lane];
            assert_eq!(found.to_bits(), expected.to_bits(), "what stopped scenario {scenario}");
            for (stop, was) in &mut seen {
                *was |= stop.to_bits() == found.to_bits();
            }
        }
    }
    assert!(seen.iter().all(|(_, was)| *was), "not every stop was met: {seen:?}");
}
