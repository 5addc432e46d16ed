//! Quantities as people write them: what they mean, against numbers from elsewhere, and that they
//! print as they were written.

use crate::support::compare::close;
use crate::support::seeds::config;
use gaschain::fault::FaultKind;
use gaschain::quantity::{
    GasVolumeFlow, HeatingValue, MolarFlow, Quantity, ReferenceConditions, Unit,
};
use proptest::prelude::*;

fn si(text: &str) -> f64 {
    text.parse::<Quantity>().unwrap_or_else(|error| panic!("{error}")).si()
}

#[test]
fn quantities_mean_what_they_say() {
    let year = 365.0 * 86_400.0;
    close(si("2.5 Mt/yr"), 2.5e9 / year, 1e-12);
    close(si("300 kt/yr"), 3e8 / year, 1e-12);
    close(si("1 t/h"), 1000.0 / 3600.0, 1e-12);
    close(si("97.5 %"), 0.975, 1e-12);
    close(si("8400 h/yr"), 8400.0 / 8760.0, 1e-12);
    close(si("1420 mm"), 1.42, 1e-12);
    close(si("9.8 MPa"), 9.8e6, 1e-12);
    close(si("481 MW"), 4.81e8, 1e-12);
    close(si("1 PJ/yr"), 1e15 / year, 1e-12);
    close(si("20 degC"), 293.15, 1e-12);
    close(si("14.1 GJ/t"), 14.1e6, 1e-12);
    close(si("1.46 %/1000 km") * si("803.5 km"), 0.011_731_1, 1e-12);
    close(si("1 million m3/d"), si("365 million m3/yr"), 1e-12);
    close(si("1 bcm/yr"), si("1000 million m3/yr"), 1e-12);
    close(si("1 bcm/yr"), 1e9 / year / (8.314_462_618 * 293.15 / 101_325.0), 1e-12);
}

#[test]
fn published_molar_volumes_of_the_ideal_gas() {
    // CODATA 2018: 22.413 969 54 L/mol at 273.15 K and 101.325 kPa
    let cold = ReferenceConditions::AT_0_DEGC.molar_volume();
    assert!((cold - 0.022_413_969_54).abs() < 1e-11);
    // ISO 13443: 23.644 8 L/mol at 288.15 K; 24.055 at 293.15 K
    assert!((ReferenceConditions::AT_15_DEGC.molar_volume() - 0.023_644_8).abs() < 1e-7);
    assert!((ReferenceConditions::AT_20_DEGC.molar_volume() - 0.024_055).abs() < 4e-7);
}

#[test]
fn the_number_comes_back_as_it_was_written() {
    for text in [
        "38 bcm/yr",
        "60 million m3/yr",
        "2.5 Mt/yr",
        "97.5 %",
        "1420 mm",
        "9.8 MPa",
        "38 bcm/yr @ 0 degC",
        "38 bcm/yr @ 15 degC",
        "0.1 %",
        "1e300 Mt/yr",
        "1e-9 ppm",
        "6",
        "-5 degC",
    ] {
        assert_eq!(text.parse::<Quantity>().unwrap().to_string(), text);
    }
    assert_eq!("38 bcm/yr @ 20 degC".parse::<Quantity>().unwrap().to_string(), "38 bcm/yr");
}

#[test]
fn typed_quantities_agree_with_written_ones() {
    for at in [
        ReferenceConditions::AT_0_DEGC,
        ReferenceConditions::AT_15_DEGC,
        ReferenceConditions::AT_20_DEGC,
    ] {
        let flow = GasVolumeFlow::from_bcm_per_year(38.0, at);
        close(flow.molar_flow().mol_per_s(), si(&format!("38 bcm/yr @ {at}")), 1e-12);
        close(flow.bcm_per_year(), 38.0, 1e-12);
        let back: Quantity = flow.into();
        close(back.si(), flow.molar_flow().mol_per_s(), 1e-12);
    }
    assert!(MolarFlow::try_from("38 Mt/yr".parse::<Quantity>().unwrap()).is_err());
    // ISO 6976:2016: methane, gross, 891.05 kJ/mol at 20 degC
    let heat = HeatingValue::from_joules_per_mol(891_050.0, ReferenceConditions::AT_20_DEGC);
    close(
        heat.megajoules_per_cubic_metre(),
        0.891_05 * 101_325.0 / (8.314_462_618 * 293.15),
        1e-12,
    );
}

#[test]
fn a_name_that_is_nearly_right_is_named() {
    for (text, nearest) in
        [("1 bcm", "bcm/yr"), ("1 Mt/y", "Mt/yr"), ("1 mPa", "MPa"), ("1 kilometre", "")]
    {
        let error = text.parse::<Quantity>().unwrap_err().to_string();
        assert_eq!(
            error.contains(&format!("nearest: \"{nearest}")),
            !nearest.is_empty(),
            "{error}"
        );
    }
    let unknown = FaultKind::unknown("unit", "furlong", ["km", "m"]);
    assert_eq!(unknown.to_string(), "unknown unit \"furlong\"; allowed: \"km\", \"m\"");
}

proptest! {
    #[test]
    fn every_unit_and_back(value in prop::num::f64::NORMAL) {
        for unit in Unit::all() {
            let quantity = Quantity::new(value, unit);
            prop_assert_eq!(quantity.to_string().parse::<Quantity>().unwrap(), quantity);
        }
    }
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn any_text_as_a_quantity_is_read_or_refused(text in "\\PC{0,12}") {
        if let Ok(quantity) = text.parse::<Quantity>() {
            prop_assert!(quantity.value().is_finite());
            prop_assert_eq!(quantity.to_string().parse::<Quantity>().unwrap(), quantity);
        }
    }
}
