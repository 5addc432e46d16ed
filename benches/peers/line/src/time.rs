//! Microseconds a line: called one at a time, and in a sweep.

use crate::reference::{SCENARIOS, along_kovykta, fields};
use crate::trunk::{Ready, Trunk};
use gaschain::Function;
use gaschain::chain::{Builder, Leaving};
use gaschain::quantity::Unit;
use gaschain::scalar::{Dual, Scalar};
use gaschain::stage::{Blend, Hydraulics, Market, Pipeline, StationSite, Supply};
use gaschain::sweep::{Results, Slopes};
use serde_json::{Value, json};
use std::hint::black_box;
use std::time::Instant;

const ROUNDS: usize = 5;

/// Parameters of the line by the units that they are handed on in.
const NUMBERS: [(&str, &str); 16] = [
    ("length", "km"),
    ("diameter", "mm"),
    ("wall", "mm"),
    ("roughness", "mm"),
    ("pipe_efficiency", "%"),
    ("inlet_pressure", "MPa"),
    ("discharge_pressure", "MPa"),
    ("inlet_temperature", "degC"),
    ("discharge_temperature", "degC"),
    ("soil_temperature", "degC"),
    ("heat_transfer", "W/m2K"),
    ("loops", "km"),
    ("polytropic_efficiency", "%"),
    ("mechanical_efficiency", "%"),
    ("driver_efficiency", "%"),
    ("unit_power", "MW"),
];

/// What a sweep asks of the line.
const OUTPUTS: [&str; 4] =
    ["line.delivery_pressure", "line.delivery_temperature", "line.burned.moles", "line.power"];

const POINTS: usize = 4_096;

pub fn all(trunk: &Trunk) -> Value {
    let plain = one_at_a_time(trunk, |fields| fields);
    let dual = one_at_a_time(trunk, along_kovykta);
    let [sweep, gradient, operations] = swept(trunk);
    json!({
        "plain": plain,
        "dual": dual,
        "sweep": sweep,
        "gradient": gradient,
        "operations": operations,
    })
}

/// Microseconds to make a gas of what both fields give and to carry it.
fn one_at_a_time<S: Scalar>(trunk: &Trunk, numbers: impl Fn([f64; 2]) -> [S; 2]) -> f64 {
    let ready = Ready::<S>::of(trunk);
    let scenarios: Vec<[S; 2]> = (0..SCENARIOS).map(|at| numbers(fields(at))).collect();
    let seconds = median(|| {
        for &fields in &scenarios {
            black_box(ready.carry(trunk, black_box(fields)));
        }
    });
    seconds / SCENARIOS as f64 * 1e6
}

/// Microseconds a scenario of `chayanda + kovykta -> gather -> line -> buyer`, in which no limit
/// binds, swept by the two fields' flows: values of all outputs, and one of them with its
/// derivatives by both flows; with the operations of a scenario.
fn swept(trunk: &Trunk) -> [f64; 3] {
    let mut function = chain(trunk);
    let scenarios: Vec<[f64; 2]> = (0..POINTS).map(fields).collect();
    let inputs: Vec<f64> = [0, 1]
        .iter()
        .flat_map(|&field| scenarios.iter().map(move |of| Unit::BCM_PER_YEAR.from_si(of[field])))
        .collect();
    let (mut results, mut slopes) = (Results::default(), Slopes::default());
    let values = median(|| function.columns(black_box(&inputs), &mut results).expect("they fit"));
    assert!(results.failures.is_empty(), "{:?}", results.failures);
    assert_eq!(results.rerun, 0, "all scenarios are swept");
    let gradient =
        median(|| function.gradient(0, black_box(&inputs), &mut slopes).expect("it is recorded"));
    let ready = Ready::<Dual>::of(trunk);
    for (at, &of) in scenarios.iter().enumerate() {
        let [pressure, temperature, fuel, power] = ready.carry(trunk, along_kovykta(of)).numbers();
        let swept = |output: usize| results.column(output)[at];
        for (got, expected) in [
            (swept(0) * 1e6, pressure.value()),
            (swept(1) + 273.15, temperature.value()),
            (swept(2), fuel.value()),
            (swept(3) * 1e6, power.value()),
            (slopes.of(1)[at] * inputs[POINTS + at] * 1e6, pressure.derivative()),
        ] {
            assert!((got / expected - 1.0).abs() < 1e-9, "{got}, not {expected}");
        }
    }
    let each = 1e6 / POINTS as f64;
    let operations = function.operations().expect("it is recorded") as f64;
    [values * each, gradient * each, operations]
}

fn chain(trunk: &Trunk) -> Function {
    let slate = &trunk.slate;
    let sites: Vec<StationSite> = (1..8)
        .map(|at| StationSite {
            name: format!("station_{at}"),
            at: f64::from(at) / 8.0,
            height: 0.0,
        })
        .collect();
    let units: Vec<String> = sites.iter().map(|site| format!("line.{}.units", site.name)).collect();
    let mut builder = Builder::new("two fields and a line", slate);
    for (field, feed) in ["chayanda", "kovykta"].iter().zip(&trunk.feeds) {
        builder
            .stage(field, Supply::new(slate).knowing(field, feed).expect("shares"))
            .set(&format!("{field}.flow"), "20 bcm/yr")
            .set(&format!("{field}.composition"), *field)
            .connect(&format!("{field} -> gather.{field}"));
    }
    let hydraulics = Hydraulics::new(slate, sites, 0.0).expect("stations in order");
    builder
        .stage("gather", Blend::new(["chayanda", "kovykta"]))
        .stage("line", Pipeline::with(hydraulics))
        .stage("buyer", Market::new("sold"))
        .connect("gather -> line")
        .connect("line.delivered -> buyer")
        .leaving_as_product("buyer.sold")
        .leaving("line.burned", Leaving::Burned)
        .set("line.mode", "hydraulic")
        .set("line.friction", "sto_gazprom")
        .set("line.aftercoolers", true)
        .set("line.segments", 1.0);
    for (name, unit) in NUMBERS {
        let value = format!("{} {unit}", trunk.parameter(name, unit));
        builder.set(&format!("line.{name}"), value.trim());
    }
    for units in units {
        builder.set(&units, 6.0);
    }
    let chain = builder.build().expect("it is sound");
    chain.function(["chayanda.flow", "kovykta.flow"], OUTPUTS).expect("they are there")
}

/// Seconds, the median of some rounds.
fn median(mut call: impl FnMut()) -> f64 {
    let mut rounds = [0.0; ROUNDS];
    call();
    for seconds in &mut rounds {
        let start = Instant::now();
        call();
        *seconds = start.elapsed().as_secs_f64();
    }
    rounds.sort_by(f64::total_cmp);
    rounds[ROUNDS / 2]
}
