//! A gas that would condense on its way is warned of, at the point that is farthest below its dew
//! point.

use crate::stage::kinds::pipeline::line::{at, chain, load, set, sites};
use gaschain::gas::Gerg2008;
use gaschain::param::Value;
use gaschain::solved::Solved;

/// A warm line of methane and propane in cold soil.
fn rich(propane: f64, soil: &str) -> Solved {
    let settings = [
        ("line.gas_properties", "equation"),
        ("line.inlet_pressure", "4 MPa"),
        ("line.inlet_temperature", "70 degC"),
        ("line.soil_temperature", soil),
    ];
    let mut case = set(&chain(&sites(&[]), 0.0), &settings);
    let shares = [("methane".to_owned(), 1.0 - propane), ("propane".to_owned(), propane)];
    case.set("field.composition", Value::Composition(shares.into())).unwrap();
    at(&case, 1_000.0)
}

#[test]
fn it_is_warned_of_with_its_dew_point() {
    let solved = rich(0.4, "5 degC");
    let warnings: Vec<_> = solved.stage_warnings().collect();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    let (stage, warning) = (warnings[0].stage, warnings[0].warning);
    assert_eq!((stage, warning.correlation), ("line", "a gas without liquid"));

    let mut amounts = [0.0; 21];
    (amounts[0], amounts[4]) = (0.6, 0.4);
    let gas = Gerg2008::new(&amounts).unwrap();
    let pressure = load(&solved, "delivery_pressure") * 1e6;
    let dew = gas.dew_temperature(pressure).unwrap().unwrap();
    // near the end, where the gas is coldest; a little before it pressure and dew point are higher
    assert!((warning.got - 273.15 - load(&solved, "delivery_temperature")).abs() < 0.1);
    assert!((-0.02..1.0).contains(&(warning.fitted[0] - dew)), "{warning:?} {dew}");
    assert!(warning.got < dew - 5.0 && gas.condenses(pressure, warning.got).unwrap());
    let said = solved.warnings().pop().unwrap();
    assert!(said.ends_with("degC (dew point at the pressure there by GERG-2008)"), "{said}");
}

#[test]
fn a_pure_gas_that_turns_into_a_liquid_is_warned_of() {
    for (name, ethane) in [("pure", 1.0), ("nearly", 0.9999)] {
        let settings = [
            ("line.gas_properties", "equation"),
            ("line.inlet_pressure", "3 MPa"),
            ("line.inlet_temperature", "40 degC"),
            ("line.soil_temperature", "-5 degC"),
        ];
        let mut case = set(&chain(&sites(&[]), 0.0), &settings);
        let shares = [("ethane".to_owned(), ethane), ("methane".to_owned(), 1.0 - ethane)];
        case.set("field.composition", Value::Composition(shares.into())).unwrap();
        let said = at(&case, 500.0).warnings();
        assert_eq!(said.len(), 1, "{name} {said:?}");
        assert!(
            said[0].starts_with("line: a gas without liquid is outside its range: "),
            "{said:?}"
        );
    }
}

#[test]
fn a_gas_that_stays_one_is_not() {
    for solved in [rich(0.4, "60 degC"), rich(0.05, "5 degC")] {
        assert_eq!(solved.stage_warnings().len(), 0, "{:?}", solved.warnings());
    }
}
