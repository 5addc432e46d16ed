//! Gas quality by ISO 6976:2016 against its tables, and what the standard does not cover.

use crate::measure::{AT_0, AT_15, AT_20, AT_25};
use crate::support::chains::{Parts, build, chain_of, slate};
use crate::support::compare::same;
use crate::support::solved::solve;
use gaschain::gas::{Quality, QualityError};
use gaschain::quantity::ReferenceConditions;
use gaschain::species::Slate;

#[test]
fn pure_methane_is_as_tabled() {
    let slate = Slate::shipped().chosen(["methane"]).unwrap();
    // ISO 6976:2016 tables 1 to 3: heat in kJ/mol where burned, summation factor where metered
    let heats = [(AT_0, 892.92), (AT_15, 891.51), (AT_20, 891.05), (AT_25, 890.58)];
    let condensing = [45.064, 44.431, 44.222, 44.013];
    let factors = [(AT_0, 0.04886), (AT_15, 0.04452), (AT_20, 0.04317)];
    for ((burned, heat), water) in heats.into_iter().zip(condensing) {
        for (metered, factor) in factors {
            let gas = Quality::of(&slate, &[2.0], burned, metered.conditions()).unwrap();
            same(gas.molar_mass, 0.016_042_46);
            same(gas.gross_heat_molar, heat * 1e3);
            same(gas.net_heat_molar, (heat - 2.0 * water) * 1e3);
            same(gas.compressibility, 1.0 - factor * factor);
            same(gas.real.density * gas.compressibility, gas.ideal.density);
            same(gas.gross_heat_mass, gas.real.gross_heat / gas.real.density);
            same(gas.real.net_wobbe, gas.real.net_heat / gas.real.relative_density.sqrt());
        }
    }
}

#[test]
fn pressure_moves_real_gas_as_the_standard_says() {
    let slate = Slate::shipped().chosen(["methane"]).unwrap();
    let mut high = ReferenceConditions::AT_15_DEGC;
    high.pressure_pascal = 1.05 * 101_325.0;
    let gas = Quality::of(&slate, &[1.0], AT_15, high).unwrap();
    same(gas.compressibility, 1.0 - 1.05 * 0.04452 * 0.04452);
    // air at its own compressibility, 1 - 1.05 (1 - 0.999595)
    let air = 1.0 - 1.05 * (1.0 - 0.999_595);
    same(gas.real.relative_density, gas.ideal.relative_density * air / gas.compressibility);
}

#[test]
fn what_the_standard_does_not_cover_is_refused() {
    let slate = slate(&["methane", "n-hexane"]);
    let at_15 = ReferenceConditions::AT_15_DEGC;
    let of = |flows: &[f64], metering| Quality::of(&slate, flows, AT_15, metering).unwrap_err();
    let warm = ReferenceConditions { temperature_kelvin: 298.15, ..at_15 };
    assert!(matches!(of(&[1.0, 0.0], warm), QualityError::MeteringTemperature { .. }));
    let low = ReferenceConditions { pressure_pascal: 80_000.0, ..at_15 };
    assert!(matches!(of(&[1.0, 0.0], low), QualityError::MeteringPressure { .. }));
    assert!(matches!(of(&[0.0, 0.0], at_15), QualityError::NoStream { .. }));
    assert!(matches!(of(&[1.0], at_15), QualityError::Flows { got: 1, allowed: 2 }));
    // hexane vapour at 0 degC: 1 - 0.3319^2 = 0.890
    let cold = Quality::of(&slate, &[0.0, 1.0], AT_0, ReferenceConditions::AT_0_DEGC);
    assert!(matches!(cold.unwrap_err(), QualityError::Compressibility { .. }));
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "field", 10.0, &[("n-hexane", 1.0)])
        .market("city")
        .connect("field -> city");
    let chain = build(chain);
    let solved = solve(&chain);
    assert_eq!(solved.get("city.sold.density@0").unwrap(), None);
    assert!(solved.get("city.sold.density").unwrap().is_some()); // 1 - 0.2907^2 = 0.915
}

#[test]
fn thirty_eight_billion_ideal_cubic_metres_are_fewer_by_a_meter() {
    // as the README says it
    let solved = solve(gaschain::amur::chain());
    let volume = |measure: &str| solved.value(&format!("heihe.sales_gas.{measure}")).unwrap();
    same(volume("volume"), 38.0);
    assert_eq!(format!("{:.2}", volume("real_volume")), "37.93");
    let page = gaschain::report::text::scenario(&solved);
    for (name, at_20) in [("volume, ideal gas", "38.00"), ("volume, real gas", "37.93")] {
        let line = page.lines().find(|line| line.trim_start().starts_with(name)).unwrap();
        assert!(line.contains(&format!(" {at_20}  bcm/yr")), "{line}");
    }
}
