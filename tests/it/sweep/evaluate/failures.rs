//! Scenarios that fail do so by themselves, and a leak in every one of them.

use crate::support::between::{Leak, between};
use crate::sweep::shipped::{hypercube, sweep};
use gaschain::amur;
use gaschain::sweep::{Axis, Block, Distribution, Results, Source};

#[test]
fn nothing_leaves_its_range_by_chance() {
    let distribution =
        Distribution::Normal { mean: "95 %".into(), standard_deviation: "5 %".into() };
    let axis = Axis::distributed("gpp.ngl.ethane", distribution).cut_to_range();
    let prepared = sweep(hypercube(1_024), [axis]).prepare(amur::chain()).unwrap();
    let mut block = Block::default();
    prepared.fill(&mut prepared.memory(), 1_024, &mut block);
    // a sixth of the normal distribution lies more than one deviation above its mean
    assert!(block.inputs.iter().all(|share| (0.0..=1.0).contains(share)));
    assert_eq!(block.results.failures, []);
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
