//! Quality of what markets are sold, by ISO 6976.

use super::grid::{Grid, Side, wrapped};
use crate::gas::Quality;
use crate::quantity::{ReferenceConditions, Unit};
use crate::report::number::{fixed, number};
use crate::solved::Solved;
use crate::species::ReferenceTemperature;

/// What a row shows of a mole of a gas.
type Property = fn(&Quality<f64>) -> f64;

/// Burned at, metered at.
const REFERENCES: [(ReferenceTemperature, ReferenceConditions, &str); 3] = [
    (ReferenceTemperature::At25DegC, ReferenceConditions::AT_0_DEGC, "25/0 degC"),
    (ReferenceTemperature::At15DegC, ReferenceConditions::AT_15_DEGC, "15/15 degC"),
    (ReferenceTemperature::At20DegC, ReferenceConditions::AT_20_DEGC, "20/20 degC"),
];

/// Volumes that flow, each as what it is of that of the ideal gas.
const VOLUMES: [(&str, Property); 2] =
    [("volume, ideal gas", |_| 1.0), ("volume, real gas", |quality| quality.compressibility)];

const ROWS: [(&str, &str, Property); 11] = [
    ("molar volume, ideal gas", "m3/kmol", |quality| quality.ideal.molar_volume * 1e3),
    ("molar volume, real gas", "m3/kmol", |quality| quality.real.molar_volume * 1e3),
    ("gross heat", "MJ/m3", |quality| quality.real.gross_heat / 1e6),
    ("net heat", "MJ/m3", |quality| quality.real.net_heat / 1e6),
    ("gross Wobbe index", "MJ/m3", |quality| quality.real.gross_wobbe / 1e6),
    ("net Wobbe index", "MJ/m3", |quality| quality.real.net_wobbe / 1e6),
    ("density", "kg/m3", |quality| quality.real.density),
    ("relative density", "", |quality| quality.real.relative_density),
    ("compressibility", "", |quality| quality.compressibility),
    ("gross heat", "MJ/kg", |quality| quality.gross_heat_mass / 1e6),
    ("net heat", "MJ/kg", |quality| quality.net_heat_mass / 1e6),
];

/// The quality of each market's gas; nothing for what is no gas, or holds what ISO 6976 does not
/// tabulate.
pub(super) fn section(solved: &Solved) -> String {
    let tree = &solved.chain().tree;
    let mut text = String::new();
    for placed in tree.stages.iter().filter(|placed| placed.stage.spec().kind() == "market") {
        let flows = solved.view(placed.outlets.first()).flows;
        let slate = solved.chain().slate();
        let qualities = REFERENCES
            .map(|(combustion, metering, _)| Quality::of(slate, flows, combustion, metering).ok());
        let [Some(at_0), Some(at_15), Some(at_20)] = &qualities else { continue };
        let columns = REFERENCES.map(|(_, _, name)| (name, Side::Right));
        let first = [(placed.address.as_str(), Side::Left)];
        let mut grid = Grid::new(first.iter().chain(&columns).chain(&[("unit", Side::Left)]));
        let moles = solved.view(placed.outlets.first()).mol_per_s();
        for (name, of_ideal) in VOLUMES {
            let shown = |quality: &Quality<f64>, at: ReferenceConditions| {
                let si = moles * of_ideal(quality);
                number(Some(Unit::BCM_PER_YEAR.counted_at(at).from_si(si)))
            };
            let [cold, cool, warm] = REFERENCES.map(|(_, metering, _)| metering);
            let [cold, cool, warm] = [shown(at_0, cold), shown(at_15, cool), shown(at_20, warm)];
            grid.row(vec![name.into(), cold, cool, warm, "bcm/yr".into()]);
        }
        for (name, unit, property) in ROWS {
            let shown = |quality| match name {
                "compressibility" => fixed(property(quality), 5),
                _ => number(Some(property(quality))),
            };
            grid.row(vec![name.into(), shown(at_0), shown(at_15), shown(at_20), unit.into()]);
        }
        text.push_str(&grid.to_string());
    }
    if !text.is_empty() {
        let note = "  By ISO 6976:2016, real gas where nothing else is said, burned at / metered at, \
                    101.325 kPa. Volumes elsewhere are those of ideal gas.";
        text.push_str(&wrapped(note, "  ", super::WIDTH));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gas_at_the_border_has_a_quality_and_lpg_has_none() {
        let chain = crate::amur::chain();
        let solved = chain.case().solve().unwrap();
        let text = section(&solved);
        assert!(text.starts_with("  heihe "));
        assert!(!text.contains("rail"));
        let line = text.lines().find(|line| line.contains("gross heat")).unwrap();
        let numbers: Vec<f64> =
            line.split_whitespace().filter_map(|word| word.parse().ok()).collect();
        // the same gas has more heat in a cold cubic metre
        assert!(numbers[0] > numbers[1] && numbers[1] > numbers[2]);
    }

    #[test]
    fn a_market_that_is_sold_nothing_has_none() {
        let chain = crate::report::sample::chain();
        let mut case = chain.case();
        case.set("field.flow", "0 bcm/yr").unwrap();
        assert_eq!(section(&case.solve().unwrap()), "");
    }
}
