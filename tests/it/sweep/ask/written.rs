//! What a sweep says of itself, and the units it says it in.

use crate::sweep::shipped::{columns, sobol, sweep};
use gaschain::amur;
use gaschain::quantity::Quantity;
use gaschain::sweep::{Axis, Correlation, DesignKind, Sweep};

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
    let inputs = |sweep: &Sweep| sweep.prepare(chain).unwrap().inputs();
    let own = inputs(&sweep);
    assert_eq!(own, inputs(&sweep.clone()));
    for other in
        [sweep.clone().output("gpp.feed.load"), sweep.clone().setting("heihe.demand", "37 bcm/yr")]
    {
        assert_ne!(own, inputs(&other));
    }
    // what varies has no value of its own, however it is set
    assert_eq!(own, inputs(&sweep.clone().setting("kovykta.flow", "9 bcm/yr")));
}

#[test]
fn quantities_of_an_axis_are_those_of_its_unit() {
    let axis = Axis::steps("kovykta.flow", "1 bcm/yr @ 0 degC", "2 bcm/yr @ 0 degC", 2);
    let column = columns(&sweep(DesignKind::Grid, [axis])).remove(0);
    let expected: Quantity = "1 bcm/yr @ 0 degC".parse().unwrap();
    let shown = gaschain::quantity::Unit::BCM_PER_YEAR.from_si(expected.si());
    assert!((column[0] / shown - 1.0).abs() < 1e-14);
}
