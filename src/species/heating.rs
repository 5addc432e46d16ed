//! A heat of combustion by the elements, for pseudo-species of which none is tabulated.

use super::Formula;

/// Heat that a kilogram of an element brings, J, and the shares of the mass that were fitted.
const ELEMENTS: [(&str, f64, f64, f64); 5] = [
    ("C", 34.91e6, 0.0, 0.9225),
    ("H", 117.83e6, 0.0043, 0.2515),
    ("S", 10.05e6, 0.0, 0.9408),
    ("O", -10.34e6, 0.0, 0.5),
    ("N", -1.51e6, 0.0, 0.056),
];

/// Gross heat of combustion of a fuel by its elements, J/mol, with the water that forms condensed at
/// 25 degC: the unified correlation of Channiwala and Parikh, Fuel 81 (2002) 1051, for gases,
/// liquids and solids without ash.
///
/// With shares of the mass: `34.91 C + 117.83 H + 10.05 S - 10.34 O - 1.51 N`, MJ/kg. It was fitted to
/// 225 fuels with 0 to 92.25 % of carbon, 0.43 to 25.15 % of hydrogen, at most 50 % of oxygen, 5.6 %
/// of nitrogen and 94.08 % of sulphur; its mean error is 1.45 %. `None` beyond these shares, and
/// for other elements.
///
/// The heat is that of the fuel as it is: of a liquid some 1 % less than of its vapour.
/// A species table asks for it by `by elements` in place of the number.
///
/// ```
/// use gaschain::species::{Formula, channiwala_parikh};
/// let toluene = Formula::parse("C7H8").unwrap();
/// let heat = channiwala_parikh(&toluene).unwrap() / toluene.molar_mass() / 1e6;
/// assert!((heat - 42.17).abs() < 0.01); // MJ/kg
/// assert_eq!(channiwala_parikh(&Formula::parse("C").unwrap()), None); // more carbon than any
/// assert_eq!(channiwala_parikh(&Formula::parse("He").unwrap()), None);
/// ```
#[must_use]
pub fn channiwala_parikh(formula: &Formula) -> Option<f64> {
    let molar_mass = formula.molar_mass();
    let known = |symbol: &str| ELEMENTS.iter().any(|(element, ..)| *element == symbol);
    let mut heat = 0.0;
    for (element, per_kilogram, least, most) in ELEMENTS {
        let mass = formula.mass_of(element);
        if !(least..=most).contains(&(mass / molar_mass)) {
            return None;
        }
        heat += per_kilogram * mass;
    }
    formula.iter().all(|(symbol, _)| known(symbol)).then_some(heat)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::species::Slate;

    #[test]
    fn hydrocarbons_of_the_standard_are_met_within_a_few_percent() {
        // as gases: the correlation is of fuels as they are, and unsaturated ones bring more
        let slate = Slate::shipped();
        for (name, within) in [
            ("propane", 0.02),
            ("n-butane", 0.02),
            ("n-hexane", 0.02),
            ("propylene", 0.05),
            ("1-butene", 0.04),
        ] {
            let species = slate.get(slate.index(name).unwrap());
            let ratio =
                channiwala_parikh(&species.formula).unwrap() / species.gross_heat_25.unwrap();
            assert!((ratio - 1.0).abs() < within, "{name}: {ratio}");
        }
    }

    #[test]
    fn oxygen_nitrogen_and_sulphur_count_by_their_mass() {
        // shares of C6H12O3N, worked out by hand: 49.30 % C, 8.27 % H, 32.84 % O, 9.58 % N: too much
        // nitrogen
        assert_eq!(channiwala_parikh(&Formula::parse("C6H12O3N").unwrap()), None);
        let fuel = Formula::parse("C20H30ONS").unwrap();
        let shares = [
            (34.91, 20.0 * 12.0107),
            (117.83, 30.0 * 1.007_94),
            (10.05, 32.065),
            (-10.34, 15.9994),
            (-1.51, 14.0067),
        ];
        let expected: f64 = shares.iter().map(|(heat, mass)| heat * mass * 1e3).sum();
        assert!((channiwala_parikh(&fuel).unwrap() / expected - 1.0).abs() < 1e-12);
    }
}
