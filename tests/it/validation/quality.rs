//! Gas quality against the worked examples of ISO 6976:2016, and a test gas.
//!
//! Compositions and results of annex D are those that two public implementations reprint in their
//! tests: the R package in the repository `RuedigerForster/ISO_6976` (`tests/testthat/test_iso6976.R`)
//! and its port to Python, `ErikvanderWerff/iso6976-py_2016` (`tests/test_annex_d_pdf.py`). The tables
//! of the port (`src/iso6976/_tables.py`) are those that `data/species.csv` was compared with: molar
//! masses, atoms, summation factors and heats of all species that both have, 190 numbers without a
//! difference.

use super::Row;
use gaschain::gas::Quality;
use gaschain::quantity::ReferenceConditions;
use gaschain::species::{ReferenceTemperature, Slate};

const ANNEX_D_2: &str = "ISO 6976:2016, annex D, clause D.2 (example 1)";
const ANNEX_D_3: &str = "ISO 6976:2016, annex D, clause D.3 (example 2)";
const ANNEX_D_4_3: &str = "ISO 6976:2016, annex D, clause D.4.3 (example 3)";
const ANNEX_D_4_4: &str = "ISO 6976:2016, annex D, clause D.4.4 (example 3)";
const EN_437: &str = "EN 437:2003, test gas G20 (methane)";
const EN_437_RECALLED: &str = "EN 437:2003, test gas G20 (methane), recalled";

/// Species of the worked examples that the shipped slate does not have.
const NEOPENTANE: &str = "\
    species,formula,gross_heat_25C_kJ_per_mol,gross_heat_15C_kJ_per_mol,summation_factor_15C,summation_factor_0C,source\n\
    neopentane,C5H12,3514.61,3517.44,0.2040,0.2245,\"ISO 6976:2016, tables 2 and 3\"\n";

const EXAMPLE_1: &[(&str, f64)] = &[
    ("methane", 0.933_212),
    ("ethane", 0.025_656),
    ("propane", 0.015_368),
    ("nitrogen", 0.010_350),
    ("carbon dioxide", 0.015_414),
];

const EXAMPLE_2: &[(&str, f64)] = &[
    ("methane", 0.931_819),
    ("ethane", 0.025_618),
    ("nitrogen", 0.010_335),
    ("carbon dioxide", 0.015_391),
    ("water", 0.016_837),
];

const EXAMPLE_3: &[(&str, f64)] = &[
    ("methane", 0.922_393),
    ("ethane", 0.025_358),
    ("propane", 0.015_190),
    ("n-butane", 0.000_523),
    ("isobutane", 0.001_512),
    ("n-pentane", 0.002_846),
    ("isopentane", 0.002_832),
    ("neopentane", 0.001_015),
    ("n-hexane", 0.002_865),
    ("nitrogen", 0.010_230),
    ("carbon dioxide", 0.015_236),
];

fn quality(
    parts: &[(&str, f64)],
    burned: ReferenceTemperature,
    metered: ReferenceTemperature,
) -> Quality<f64> {
    let own = Slate::read(NEOPENTANE, "neopentane.csv").unwrap();
    let slate = Slate::shipped().extended(own).unwrap();
    let mut flows = vec![0.0; slate.len()];
    for (species, share) in parts {
        flows[slate.index(species).unwrap()] = *share;
    }
    let metering: ReferenceConditions = metered.conditions();
    Quality::of(&slate, &flows, burned, metering).unwrap()
}

/// A number with the half of its last digit that it may be off by: mole fractions, heats and
/// factors of the examples are exact as printed.
fn row(
    reference: &'static str,
    case: &'static str,
    ours: f64,
    published: f64,
    decimals: i32,
) -> Row {
    let relation = "gas quality, ISO 6976:2016";
    let within = 0.5 * 10_f64.powi(-decimals) / published.abs();
    Row { relation, reference, case, published, ours, within }
}

pub fn rows() -> Vec<Row> {
    let mut rows = five_components();
    rows.extend(with_water());
    rows.extend(eleven_components());
    rows.extend(methane());
    rows
}

fn five_components() -> Vec<Row> {
    let at_15 = ReferenceTemperature::At15DegC;
    let gas = quality(EXAMPLE_1, at_15, at_15);
    vec![
        row(ANNEX_D_2, "molar mass, kg/kmol", gas.molar_mass * 1e3, 17.388_430, 6),
        row(ANNEX_D_2, "compressibility", gas.compressibility, 0.997_762_24, 8),
        row(ANNEX_D_2, "gross heat, 15 degC, kJ/mol", gas.gross_heat_molar / 1e3, 906.179_959, 6),
        row(ANNEX_D_2, "gross heat, 15 degC, MJ/kg", gas.gross_heat_mass / 1e6, 52.113_961, 6),
        row(
            ANNEX_D_2,
            "gross heat, real, 15/15 degC, MJ/m3",
            gas.real.gross_heat / 1e6,
            38.410_611,
            6,
        ),
    ]
}

fn with_water() -> Vec<Row> {
    let at_60 = ReferenceTemperature::At60DegF;
    let gas = quality(EXAMPLE_2, at_60, at_60);
    vec![
        row(ANNEX_D_3, "molar mass, kg/kmol", gas.molar_mass * 1e3, 16.989_170, 6),
        row(ANNEX_D_3, "compressibility", gas.compressibility, 0.997_569_0, 7),
        row(ANNEX_D_3, "gross heat, 60 degF, kJ/mol", gas.gross_heat_molar / 1e3, 871.443_916, 6),
        row(ANNEX_D_3, "gross heat, 60 degF, MJ/kg", gas.gross_heat_mass / 1e6, 51.294_085, 6),
        row(
            ANNEX_D_3,
            "gross heat, real, 60/60 degF, MJ/m3",
            gas.real.gross_heat / 1e6,
            36.874_304,
            6,
        ),
    ]
}

fn eleven_components() -> Vec<Row> {
    let at_15 = ReferenceTemperature::At15DegC;
    let warm = quality(EXAMPLE_3, at_15, at_15).real;
    let (at_25, at_0) = (ReferenceTemperature::At25DegC, ReferenceTemperature::At0DegC);
    let cold = quality(EXAMPLE_3, at_25, at_0).real;
    vec![
        row(ANNEX_D_4_3, "gross heat, 15/15 degC, MJ/m3", warm.gross_heat / 1e6, 39.733_51, 5),
        row(ANNEX_D_4_3, "net heat, 15/15 degC, MJ/m3", warm.net_heat / 1e6, 35.868_11, 5),
        row(ANNEX_D_4_3, "density, 15 degC, kg/m3", warm.density, 0.764_62, 5),
        row(ANNEX_D_4_3, "relative density, 15 degC", warm.relative_density, 0.623_91, 5),
        row(ANNEX_D_4_3, "gross Wobbe, 15/15 degC, MJ/m3", warm.gross_wobbe / 1e6, 50.303_18, 5),
        row(ANNEX_D_4_3, "net Wobbe, 15/15 degC, MJ/m3", warm.net_wobbe / 1e6, 45.409_54, 5),
        row(ANNEX_D_4_4, "gross heat, 25/0 degC, MJ/m3", cold.gross_heat / 1e6, 41.893_60, 5),
        row(ANNEX_D_4_4, "net heat, 25/0 degC, MJ/m3", cold.net_heat / 1e6, 37.852_28, 5),
        row(ANNEX_D_4_4, "density, 0 degC, kg/m3", cold.density, 0.807_01, 5),
        row(ANNEX_D_4_4, "relative density, 0 degC", cold.relative_density, 0.624_11, 5),
        row(ANNEX_D_4_4, "gross Wobbe, 25/0 degC, MJ/m3", cold.gross_wobbe / 1e6, 53.029_30, 5),
        row(ANNEX_D_4_4, "net Wobbe, 25/0 degC, MJ/m3", cold.net_wobbe / 1e6, 47.913_76, 5),
    ]
}

fn methane() -> Vec<Row> {
    let at_15 = ReferenceTemperature::At15DegC;
    let gas = quality(&[("methane", 1.0)], at_15, at_15).real;
    vec![
        row(EN_437, "gross Wobbe, 15/15 degC, MJ/m3", gas.gross_wobbe / 1e6, 50.72, 2),
        row(EN_437_RECALLED, "net Wobbe, 15/15 degC, MJ/m3", gas.net_wobbe / 1e6, 45.67, 2),
        row(EN_437_RECALLED, "gross heat, 15/15 degC, MJ/m3", gas.gross_heat / 1e6, 37.78, 2),
        row(EN_437_RECALLED, "relative density, 15 degC", gas.relative_density, 0.555, 3),
    ]
}
