//! Dew points by GERG-2008 against those of another library: `CoolProp` 8.0 (`HEOS`, quality 1 at a
//! pressure), which has the same mixing rules and departure functions with longer equations of the
//! pure components, so that both agree to some tenths of a kelvin and not to the last digit.

use gaschain::gas::Gerg2008;

type Shares = [(&'static str, f64)];

const METHANE_BUTANE: &Shares = &[("methane", 0.9), ("n-butane", 0.1)];
const METHANE_PROPANE_PENTANE: &Shares =
    &[("methane", 0.9), ("propane", 0.07), ("n-pentane", 0.03)];
const NATURAL: &Shares = &[
    ("methane", 0.85),
    ("ethane", 0.06),
    ("propane", 0.03),
    ("n-butane", 0.015),
    ("n-hexane", 0.003),
    ("nitrogen", 0.042),
];
const METHANE_CO2: &Shares = &[("methane", 0.5), ("carbon dioxide", 0.5)];
const NITROGEN_BUTANE: &Shares = &[("nitrogen", 0.8), ("n-butane", 0.2)];
const ETHANE_HEPTANE: &Shares = &[("ethane", 0.95), ("n-heptane", 0.05)];

/// Gas, pressure in `MPa`, dew point in K.
const DEW_POINTS: [(&Shares, f64, f64); 18] = [
    (METHANE_BUTANE, 0.5, 253.5965),
    (METHANE_BUTANE, 2.0, 284.2922),
    (METHANE_BUTANE, 6.0, 304.2489),
    (METHANE_PROPANE_PENTANE, 0.5, 262.1697),
    (METHANE_PROPANE_PENTANE, 2.0, 289.1224),
    (METHANE_PROPANE_PENTANE, 8.0, 303.0943),
    (NATURAL, 0.5, 251.0333),
    (NATURAL, 2.0, 271.4669),
    (NATURAL, 6.0, 279.3505),
    (METHANE_CO2, 0.5, 200.5144),
    (METHANE_CO2, 2.0, 230.1987),
    (METHANE_CO2, 5.0, 253.0721),
    (NITROGEN_BUTANE, 0.5, 270.7992),
    (NITROGEN_BUTANE, 2.0, 308.7872),
    (NITROGEN_BUTANE, 8.0, 347.3079),
    (ETHANE_HEPTANE, 0.5, 328.7242),
    (ETHANE_HEPTANE, 2.0, 363.2814),
    (ETHANE_HEPTANE, 5.0, 380.1361),
];

fn gas(shares: &Shares) -> Gerg2008<f64> {
    let mut amounts = [0.0; 21];
    for (amount, component) in amounts.iter_mut().zip(Gerg2008::<f64>::components()) {
        *amount = shares.iter().find(|(name, _)| *name == component).map_or(0.0, |one| one.1);
    }
    Gerg2008::new(&amounts).unwrap()
}

#[test]
fn dew_points_are_those_of_another_library() {
    for (shares, pressure, dew) in DEW_POINTS {
        let found = gas(shares).dew_temperature(pressure * 1e6).unwrap().unwrap();
        assert!((found - dew).abs() < 1.0, "{shares:?} {pressure} MPa: {found} K for {dew}");
    }
}

#[test]
fn above_its_highest_pressure_of_two_phases_a_gas_does_not_condense() {
    // highest pressures by CoolProp: 11.99, 9.92, 8.75, 7.95 MPa
    for (shares, above) in [
        (METHANE_PROPANE_PENTANE, 12.5e6),
        (NATURAL, 10.5e6),
        (METHANE_CO2, 9.5e6),
        (ETHANE_HEPTANE, 8.5e6),
    ] {
        assert_eq!(gas(shares).dew_temperature(above).unwrap(), None, "{shares:?}");
    }
}

#[test]
fn on_either_side_of_its_dew_point_a_gas_condenses_and_does_not() {
    for (shares, pressure, _) in DEW_POINTS {
        let (gas, pressure) = (gas(shares), pressure * 1e6);
        let dew = gas.dew_temperature(pressure).unwrap().unwrap();
        assert!(gas.condenses(pressure, dew - 0.05).unwrap(), "{shares:?} {pressure}");
        for above in [0.05, 1.0, 10.0, 40.0] {
            assert!(
                !gas.condenses(pressure, dew + above).unwrap(),
                "{shares:?} {pressure} {above}"
            );
        }
    }
}

/// Gas, pressure in `MPa`, temperature in K and mole fraction of its vapour, by a flash of its own
/// of the constants' evaluation beside `tests/data/gerg`.
const DENSE: [(&Shares, f64, f64, f64); 5] = [
    (&[("methane", 0.5), ("n-butane", 0.5)], 6.0, 280.15, 0.29),
    (&[("methane", 0.6), ("propane", 0.4)], 8.0, 273.15, 0.26),
    (&[("methane", 0.6), ("propane", 0.4)], 9.0, 283.15, 0.20),
    (&[("ethane", 0.9), ("propane", 0.1)], 2.4, 280.0, 0.47),
    (&[("ethane", 0.5), ("n-butane", 0.5)], 1.2, 280.0, 0.09),
];

#[test]
fn what_is_mostly_liquid_is_two_phases_too() {
    for (shares, pressure, temperature, vapour) in DENSE {
        let found = gas(shares).condenses(pressure * 1e6, temperature).unwrap();
        assert!(found, "{shares:?} {pressure} MPa {temperature} K, {vapour} vapour");
    }
}

#[test]
fn a_pure_gas_becomes_a_liquid_where_it_boils() {
    // boiling points by CoolProp 8.0: ethane at 3 MPa, carbon dioxide at 5, propane at 0.6
    for (name, pressure, boiling) in
        [("ethane", 3e6, 282.6), ("carbon dioxide", 5e6, 287.4), ("propane", 0.6e6, 281.0)]
    {
        let gas = gas(&[(name, 1.0)]);
        let found = gas.boils_between([pressure, 320.0], [pressure, 260.0]).unwrap();
        let [at, temperature] = found.unwrap();
        assert!(
            (at - pressure).abs() < 1.0 && (temperature - boiling).abs() < 0.5,
            "{name} {found:?}"
        );
        // around the critical point it goes over smoothly, and in either phase there is nothing
        assert_eq!(gas.boils_between([12e6, 450.0], [12e6, 260.0]).unwrap(), None, "{name}");
        assert_eq!(gas.boils_between([pressure, 320.0], [0.9 * pressure, 310.0]).unwrap(), None);
    }
}

#[test]
fn water_condenses_as_water() {
    // the vapour pressure of water at 40 degC is 7.38 kPa, 0.15 % of 5 MPa, and gas under pressure
    // takes up some more than that, though not twice as much
    for (share, wet) in [(0.000_9, false), (0.004, true)] {
        let gas = gas(&[("methane", 1.0 - share), ("water", share)]);
        assert_eq!(gas.condenses(5e6, 313.15).unwrap(), wet, "{share}");
    }
}

#[test]
fn a_state_without_a_density_is_an_error() {
    let gas = gas(METHANE_BUTANE);
    assert!(gas.condenses(-1.0, 300.0).is_err());
    assert!(gas.condenses(1e6, f64::NAN).is_err());
    assert!(gas.dew_temperature(1e9).is_err());
}
