//! Axes that do not fit, with the exact message. One is a misspelt mode of the trunk line, whose
//! nearest is there with GERG-2008 only.

#![allow(clippy::too_many_lines, reason = "the test is a table of axes and messages")]

use crate::sweep::shipped::{bcm, faults, sobol, sweep};
use gaschain::param::Value;
use gaschain::sweep::{Axis, DesignKind, Distribution};

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
            "kovykta.flow: \"1 degC\" is a temperature; allowed: a flow of gas by moles, gas volume, mass, liquid volume or heat, such \
             as \"38 bcm/yr\"\n\
             kovykta.flow: \"2 degC\" is a temperature; allowed: a flow of gas by moles, gas volume, mass, liquid volume or heat, such \
             as \"38 bcm/yr\"",
        ),
        (
            Axis::steps(flow, "1 bcm/yr", "2 bcm/yr", 3),
            "kovykta.flow: steps in the design \"sobol\"; allowed: low and high alone, values, or \
             a distribution",
        ),
        (
            Axis::between("trunk_line.segments", 4.0, 6.0),
            "trunk_line.segments: a continuous range of whole numbers; allowed: values, or the distributions \
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
            "kovykta.flow: truncated_normal, mean 20 bcm/yr, standard deviation 1 bcm/yr, low 90 \
             bcm/yr, of which no probability lies between; allowed: ends nearer to the mean",
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
            Axis::steps("trunk_line.segments", 3.0, 6.0, 3),
            "trunk_line.segments: 3 steps from 3 to 6; allowed: steps that are whole numbers",
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
