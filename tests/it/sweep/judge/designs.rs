//! Designs, outputs and correlations that do not fit, with the exact message.

use crate::sweep::shipped::{OUTPUT, faults, sobol, sweep, table};
use gaschain::sweep::{Axis, Correlation, DesignKind, Sweep};

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
                1.5,
            )),
            "correlation: coefficient 1.5; allowed: -1 to 1",
        ),
        (
            sweep(sobol(8), [flow(), supply()])
                .correlation(pair("kovykta.flow", "chayanda.flow", 0.5))
                .correlation(pair("chayanda.flow", "kovykta.flow", 0.4)),
            "correlation: duplicate correlation between \"chayanda.flow\" and \"kovykta.flow\"",
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
             points.csv:4: column \"kovykta.flow\": \"6 km\" is a length; allowed: a flow of gas by \
             moles, gas volume, mass, liquid volume or heat, such as \"38 bcm/yr\"",
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
         contradict one another: least eigenvalue -0.8000; allowed: a positive semidefinite \
         matrix; changing one pair: \"kovykta.flow\" and \"chayanda.flow\": coefficient = -0.6201 \
         instead of 0.9; nearest of all: \"kovykta.flow\" and \"chayanda.flow\": coefficient = 0.5 \
         instead of 0.9, \"kovykta.flow\" and \"heihe.demand\": coefficient = -0.5 instead of -0.9, \
         \"chayanda.flow\" and \"heihe.demand\": coefficient = 0.5 instead of 0.9"
    );
}
