//! Lines of gas that no table serves: dense ethane, by GERG-2008 itself.

use crate::stage::kinds::pipeline::line::{at, chain, load, set, sites, try_at};
use crate::support::compare::close;
use gaschain::Case;
use gaschain::gas::{EquationGas, Gas, GergSpecies};
use gaschain::param::Value;
use gaschain::species::Slate;

const FLOW: f64 = 15_000.0; // mol/s
const TEMPERATURE: f64 = 280.15; // K

/// A bare line of ethane with a little methane, next to isothermal.
fn ethane(changes: &[(&str, &str)]) -> Case {
    let steady = [
        ("line.inlet_pressure", "12 MPa"),
        ("line.inlet_temperature", "7 degC"),
        ("line.soil_temperature", "7 degC"),
        ("line.heat_transfer", "50 W/m2K"),
        ("line.segments", "20"),
    ];
    let mut case = set(&chain(&sites(&[]), 0.0), &steady);
    for (address, value) in changes {
        case.set(address, *value).unwrap();
    }
    let composition = [("ethane".to_owned(), 0.99), ("methane".to_owned(), 0.01)];
    case.set("field.composition", Value::Composition(composition.into())).unwrap();
    case
}

#[test]
fn dense_ethane_is_refused_by_a_table_which_names_the_way_out() {
    let message = try_at(&ethane(&[]), FLOW).unwrap_err().to_string();
    assert!(message.contains("pressure along the line, MPa is 12"), "{message}");
    assert!(message.ends_with("gas_properties = \"equation\" goes further"), "{message}");
}

#[test]
fn dense_ethane_by_the_equation_loses_what_a_march_in_small_steps_does() {
    let solved = at(&ethane(&[("line.gas_properties", "equation")]), FLOW);
    let slate = Slate::shipped().chosen(["methane", "ethane"]).unwrap();
    let gas = EquationGas::gerg_2008(&GergSpecies::new(&slate), &[0.01, 0.99]).unwrap();
    let (diameter, steps) = (0.988_f64, 2_000);
    let area = std::f64::consts::PI * diameter * diameter / 4.0;
    let mass = FLOW * gas.molar_mass();
    let mut pressure = 12e6;
    for _ in 0..steps {
        // kg/m3
        let density = gas.equation().density(pressure, TEMPERATURE).unwrap() * gas.molar_mass();
        let viscosity = gas.state(pressure, TEMPERATURE).viscosity;
        let reynolds = mass * diameter / (area * viscosity);
        // STO Gazprom: see `FrictionLaw`
        let friction = 0.067 * (158.0 / reynolds + 2.0 * 2e-5 / diameter).powf(0.2) / (0.95 * 0.95);
        let slope = friction * (mass / area).powi(2) / (2.0 * diameter * density);
        pressure -= slope * 600e3 / f64::from(steps);
    }
    assert!((6e6..11e6).contains(&pressure), "{pressure}");
    close(12.0 - load(&solved, "delivery_pressure"), 12.0 - pressure * 1e-6, 1e-2);
}

/// Where a table is good both ways give one line.
#[test]
fn natural_gas_by_the_equation_is_as_by_its_table() {
    let chain = chain(&sites(&[(0.5, 0.0)]), 0.0);
    let by = |way| at(&set(&chain, &[("line.gas_properties", way)]), 8_000.0);
    let (table, equation) = (by("table"), by("equation"));
    for name in ["delivery_pressure", "delivery_temperature", "power", "suction_pressure"] {
        close(load(&table, name), load(&equation, name), 2e-3);
    }
}
