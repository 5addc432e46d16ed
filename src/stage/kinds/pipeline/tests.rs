//! Derivatives of the stage in its feed, which the operating rule and recycles go by.

use super::{Hydraulics, Pipeline, Stage, StationSite};
use crate::ids::Id;
use crate::param::{Choices, ParameterKind, Slot, Slots};
use crate::scalar::{Dual, Scalar};
use crate::species::Slate;
use crate::stage::{Around, Call, StageError};
use std::cell::Cell;

const SPECIES: [&str; 4] = ["methane", "ethane", "nitrogen", "helium"];
/// What flows in, mol/s.
const FEED: [f64; 4] = [11_000.0, 500.0, 300.0, 40.0];

fn line() -> Pipeline {
    let slate = Slate::shipped().chosen(SPECIES).unwrap();
    let site = |name: &str, at, height| StationSite { name: name.into(), at, height };
    let sites = vec![site("first", 0.3, 40.0), site("idle", 0.5, 20.0), site("last", 0.7, -60.0)];
    Pipeline::with(Hydraulics::new(&slate, sites, 80.0).unwrap())
}

/// Value of a number parameter, SI.
fn number(name: &str) -> f64 {
    match name {
        "availability" => 0.9,
        "friction_factor" => 0.009,
        "station_ratio" => 1.3,
        "isentropic_efficiency" => 0.8,
        "length" => 500e3,
        "diameter" => 1.02,
        "wall" => 0.016,
        "roughness" => 2e-5,
        "pipe_efficiency" => 0.95,
        "inlet_pressure" | "discharge_pressure" => 7.4e6,
        "inlet_temperature" | "discharge_temperature" => 295.0,
        "soil_temperature" => 277.0,
        "heat_transfer" => 1.5,
        "loops" => 120e3,
        "polytropic_efficiency" => 0.82,
        "mechanical_efficiency" => 0.98,
        "driver_efficiency" => 0.34,
        "unit_power" => 10e6,
        "first.units" | "last.units" | "segments" => 2.0,
        _ => 0.0, // own needs, the station out of service
    }
}

/// Runs the stage by hydraulics on a feed: what leaves at both outlets, then the loads.
fn run<S: Scalar>(line: &Pipeline, friction: usize, feed: &[S]) -> Result<Vec<S>, StageError> {
    let parameters = line.spec().parameters();
    let mut reserved = Slots::default();
    let slots: Vec<Slot> = parameters.iter().map(|one| reserved.reserve(&one.kind)).collect();
    let (mut numbers, mut choices) = (Vec::new(), Choices::new());
    for one in parameters {
        if matches!(one.kind, ParameterKind::Number { .. }) {
            numbers.push(S::from_f64(number(&one.name)));
        } else {
            choices.push(match one.name.as_str() {
                "friction" => friction,
                "inlet" => 0,
                // by set point and polytropic efficiency with even laws, by ratio and isentropic
                // efficiency with odd ones
                "station_control" | "efficiency" => friction % 2,
                _ => 1,
            });
        }
    }
    let mut own = vec![S::zero(); 2 * feed.len()];
    let mut stated = vec![S::zero(); line.spec().loads().len()];
    let mut objection = None;
    let mut call = Call {
        spec: line.spec().id(),
        streams: Around { before: feed, own: &mut own, after: &[], species: feed.len() },
        inlets: &[Id::at(0)],
        demands: &[None, None],
        offers: &[],
        outlet_count: 2,
        slots: &slots,
        numbers: &numbers,
        choices: &choices,
        constants: &[],
        gas: None,
        stated: &mut stated,
        objection: &mut objection,
        warnings: None,
        misused: Cell::new(None),
    };
    line.run(&mut call)?;
    match objection {
        Some(error) => Err(error),
        None => Ok(own.into_iter().chain(stated).collect()),
    }
}

/// Every output against central differences as the feed goes along `direction` (mol/s).
fn check(line: &Pipeline, friction: usize, direction: [f64; 4]) {
    let plain = |step: f64| {
        let feed: Vec<f64> = FEED.iter().zip(direction).map(|(n, d)| n + step * d).collect();
        run(line, friction, &feed).unwrap()
    };
    let feed: Vec<Dual> = FEED.iter().zip(direction).map(|(n, d)| Dual::new(*n, d)).collect();
    let dual = run(line, friction, &feed).unwrap();
    let h = 1e-5;
    let (here, above, below) = (plain(0.0), plain(h), plain(-h));
    for (output, got) in dual.iter().enumerate() {
        assert!(got.value().to_bits() == here[output].to_bits());
        let difference = (above[output] - below[output]) / (2.0 * h);
        // rounding of the values over the step, and of the table's differences
        let allowed = 1e-6 * difference.abs() + 1e-7 * here[output].abs();
        assert!(
            (got.derivative() - difference).abs() <= allowed,
            "law {friction}, output {output}: {} against {difference}",
            got.derivative()
        );
    }
}

#[test]
fn derivatives_in_flow_and_composition_are_those_of_differences() {
    let line = line();
    for friction in 0..7 {
        check(&line, friction, FEED); // more of the same gas
    }
    for species in 0..FEED.len() {
        let mut direction = [0.0; 4];
        direction[species] = FEED[0] * 0.1;
        check(&line, 1, direction);
    }
}
