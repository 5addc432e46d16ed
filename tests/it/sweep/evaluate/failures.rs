//! Scenarios that fail do so by themselves, and a leak in every one of them.

use crate::support::between::{Leak, between};
use crate::sweep::shipped::{hypercube, sweep};
use gaschain::amur;
use gaschain::sweep::{Axis, Block, Distribution, Results, Source};

#[test]
fn what_leaves_the_range_by_chance_fails_by_itself() {
    let distribution =
        Distribution::Normal { mean: "95 %".into(), standard_deviation: "5 %".into() };
    let sweep = sweep(hypercube(16), [Axis::distributed("gpp.ngl.ethane", distribution)]);
    let prepared = sweep.prepare(amur::chain()).unwrap();
    let mut block = Block::default();
    prepared.fill(&mut prepared.memory(), 16, &mut block);
    let Block { inputs, results, .. } = block;
    let above: Vec<usize> = (0..16).filter(|at| inputs[*at] > 1.0).collect();
    let failed: Vec<usize> = results.failures.iter().map(|(at, _)| *at).collect();
    // a sixth of the normal distribution lies more than one deviation above its mean
    assert!((2..=3).contains(&above.len()));
    assert_eq!(failed, above);
    assert!((0..16).all(|at| results.column(0)[at].is_nan() == above.contains(&at)));
}

#[test]
fn a_stage_that_loses_a_little_helium_closes_in_no_scenario_of_a_sweep() {
    let chain = between(Leak::default()).build().unwrap();
    let outputs = ["plant.out.mole_fraction.helium"];
    let mut function = chain.function(["field.flow [mol/s]"], outputs).unwrap();
    let mut results = Results::default();
    function.columns(&[500.0, 1000.0, 1300.0], &mut results).unwrap();
    assert_eq!(results.failures.len(), 3);
    for (_, error) in &results.failures {
        assert!(error.starts_with("plant does not close in helium"), "{error}");
    }
}
