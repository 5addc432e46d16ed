//! Quantities: numbers with their units, as people write them and as the engine computes.
//!
//! *In:* a text such as `"38 bcm/yr"`. *Out:* a number in SI and back, in any unit of its
//! dimension. *Order:* `conditions` (what a gas volume is) serve `unit` (the table of units: a new
//! one is a line there), which serves [`Quantity`]; `typed` are those of the field, each a type of
//! its own.
//!
//! At the edges every number has a unit; inside, everything is SI with molar flows in mol/s. A
//! year is 365 days. A gas volume is a molar flow at stated reference conditions; `bcm/yr` alone
//! means 20 degC and 101.325 kPa.
//!
//! ```
//! use gaschain::quantity::{Quantity, Unit};
//! let contract: Quantity = "38 bcm/yr".parse()?;
//! assert!((contract.si() - 50_092.13).abs() < 0.01); // mol/s
//! let cold = contract.to(Unit::parse("bcm/yr @ 0 degC")?)?;
//! assert!((cold.value() - 35.408).abs() < 1e-3);
//! assert_eq!("97.5 %".parse::<Quantity>()?.to_string(), "97.5 %");
//! # Ok::<(), gaschain::Error>(())
//! ```

mod conditions;
mod spelling;
mod table;
mod typed;
mod unit;

pub use conditions::ReferenceConditions;
pub(crate) use spelling::Wanted;
pub use typed::{GasVolumeFlow, HeatingValue, MolarFlow};
pub use unit::{Dimension, Meaning, Unit};

use crate::error::Error;
use crate::fault::FaultKind;
use std::fmt;
use std::str::FromStr;

/// Molar gas constant, J/(mol K) (CODATA 2018, exact).
pub const MOLAR_GAS_CONSTANT: f64 = 8.314_462_618;

/// Seconds in a year of 365 days.
pub const SECONDS_PER_YEAR: f64 = 365.0 * 86_400.0;

/// What is wrong with a quantity or unit.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum QuantityError {
    /// The text does not start with a number.
    NotANumber {
        /// The text.
        got: String,
    },
    /// NaN or infinity.
    NotFinite {
        /// The text.
        got: String,
    },
    /// A unit that does not exist.
    UnknownUnit {
        /// The unit as written.
        got: String,
    },
    /// Reference conditions after a unit that does not count gas by volume, or says itself where.
    ConditionsNotAllowed {
        /// The unit.
        unit: String,
        /// Where it counts.
        at: Option<ReferenceConditions>,
    },
    /// Gross or net after a unit that is none of heat.
    HeatNotAllowed {
        /// The unit.
        unit: String,
        /// What stood after it.
        heat: Meaning,
    },
    /// Reference conditions other than those in use.
    UnknownConditions {
        /// What stood after the @.
        got: String,
    },
    /// A quantity of another dimension than asked for.
    WrongDimension {
        /// The quantity.
        text: String,
        /// What it measures.
        got: Dimension,
        /// What was asked for.
        wanted: Dimension,
    },
}

impl From<QuantityError> for FaultKind {
    fn from(error: QuantityError) -> Self {
        error.fault(None)
    }
}

impl QuantityError {
    /// The fault that it is; of an unknown unit, with those of what is wanted.
    pub(crate) fn fault(self, wanted: Option<Wanted>) -> FaultKind {
        let not_allowed = |got: String, allowed: &str| {
            let allowed = allowed.to_owned();
            FaultKind::NotAllowed { got, allowed }
        };
        match self {
            Self::NotANumber { got } => not_allowed(
                format!("\"{got}\" does not start with a number"),
                "a number and a unit, such as \"38 bcm/yr\"",
            ),
            Self::NotFinite { got } => {
                not_allowed(format!("\"{got}\" is not finite"), "finite numbers")
            }
            Self::UnknownUnit { got } => FaultKind::UnknownName {
                what: "unit",
                nearest: spelling::nearest(&got, wanted),
                allowed: wanted.map_or_else(Vec::new, spelling::listed),
                got,
            },
            Self::ConditionsNotAllowed { unit, at } => not_allowed(
                at.map_or_else(
                    || format!("\"{unit}\" takes no reference conditions"),
                    |at| format!("\"{unit}\" counts at {at} already"),
                ),
                "@ after a gas volume that does not say where it is counted",
            ),
            Self::HeatNotAllowed { unit, heat } => {
                not_allowed(format!("\"{unit}\" cannot be {heat}"), "gross or net after heat")
            }
            Self::UnknownConditions { got } => FaultKind::UnknownName {
                what: "reference conditions",
                got,
                nearest: Vec::new(),
                allowed: ["0 degC", "15 degC", "20 degC", "60 degF"].map(str::to_owned).to_vec(),
            },
            Self::WrongDimension { text, got, wanted } => FaultKind::WrongDimension {
                got: text,
                got_dimension: got.to_string(),
                allowed: format!("{wanted}, such as \"{}\"", wanted.example()),
            },
        }
    }
}

impl From<QuantityError> for Error {
    fn from(error: QuantityError) -> Self {
        FaultKind::from(error).into()
    }
}

/// A number with its unit, as somebody wrote it.
///
/// Printing gives the number and unit back exactly.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantity {
    value: f64,
    unit: Unit,
}

impl Quantity {
    /// A number in a unit.
    #[must_use]
    pub const fn new(value: f64, unit: Unit) -> Self {
        Self { value, unit }
    }

    /// A bare number: a fraction, or a count.
    #[must_use]
    pub const fn fraction(value: f64) -> Self {
        Self::new(value, Unit::BARE)
    }

    /// An SI value shown in a unit.
    #[must_use]
    pub fn from_si(si: f64, unit: Unit) -> Self {
        Self::new(unit.from_si(si), unit)
    }

    /// The number, in its own unit.
    #[must_use]
    pub const fn value(self) -> f64 {
        self.value
    }

    /// Its unit.
    #[must_use]
    pub const fn unit(self) -> Unit {
        self.unit
    }

    /// What it measures.
    #[must_use]
    pub const fn dimension(self) -> Dimension {
        self.unit.dimension()
    }

    /// The SI value.
    #[must_use]
    pub fn si(self) -> f64 {
        self.unit.to_si(self.value)
    }

    /// Whether it can stand for a quantity of this dimension: a bare number can be a fraction, a
    /// count or a ratio.
    #[must_use]
    pub fn fits(self, dimension: Dimension) -> bool {
        let number = matches!(dimension, Dimension::Count | Dimension::Ratio);
        self.dimension() == dimension || (self.unit == Unit::BARE && number)
    }

    /// The same quantity in another unit.
    ///
    /// # Errors
    /// A unit of another dimension.
    pub fn to(self, unit: Unit) -> Result<Self, Error> {
        if self.fits(unit.dimension()) {
            Ok(Self::from_si(self.si(), unit))
        } else {
            let (text, got, wanted) = (self.to_string(), self.dimension(), unit.dimension());
            Err(QuantityError::WrongDimension { text, got, wanted }.into())
        }
    }

    /// The same quantity, rounded to twelve significant digits: what conversion left behind goes.
    #[must_use]
    pub fn rounded(self) -> Self {
        let rounded = format!("{:.11e}", self.value).parse().unwrap_or(self.value);
        Self::new(rounded, self.unit)
    }
}

impl FromStr for Quantity {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Ok(Self::read(text)?)
    }
}

impl Quantity {
    pub(crate) fn read(text: &str) -> Result<Self, QuantityError> {
        let text = text.trim();
        // the longest prefix that is a number: "2.3e6 t/yr", "-5 degC", "60 million m3/yr"
        let candidate = text.find(char::is_whitespace).map_or(text, |end| &text[..end]);
        let (number, unit) = match candidate.parse::<f64>() {
            Ok(number) => (number, &text[candidate.len()..]),
            Err(_) => {
                // a unit that follows without a space: "97.5%", "9.8MPa"
                let end = candidate
                    .char_indices()
                    .map(|(at, letter)| at + letter.len_utf8())
                    .rfind(|&end| {
                        candidate[..end]
                            .ends_with(|last: char| last.is_ascii_digit() || last == '.')
                            && candidate[..end].parse::<f64>().is_ok()
                    })
                    .ok_or_else(|| QuantityError::NotANumber { got: text.to_owned() })?;
                let number = candidate[..end].parse().unwrap_or(f64::NAN);
                (number, &text[end..])
            }
        };
        if !number.is_finite() {
            return Err(QuantityError::NotFinite { got: text.to_owned() });
        }
        Ok(Self::new(number, Unit::read(unit)?))
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.value.abs();
        if size >= 1e16 || (size > 0.0 && size < 1e-5) {
            write!(f, "{:e}", self.value)?;
        } else {
            write!(f, "{}", self.value)?;
        }
        let unit = self.unit.to_string();
        if unit.is_empty() { Ok(()) } else { write!(f, " {unit}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_unit_prints_what_it_reads(value in -1e12_f64..1e12) {
            for unit in Unit::all() {
                let quantity = Quantity::new(value, unit);
                let read: Quantity = quantity.to_string().parse()?;
                prop_assert_eq!(read, quantity);
                let back = unit.from_si(unit.to_si(value));
                prop_assert!((back - value).abs() <= 1e-12 * value.abs().max(300.0));
            }
        }
    }

    #[test]
    fn no_unit_is_there_twice() {
        let names: Vec<String> = Unit::all().map(|unit| unit.to_string()).collect();
        let mut once = names.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), names.len());
    }

    #[test]
    fn the_named_units_are_the_ones_they_say() {
        for (unit, name) in [
            (Unit::BARE, ""),
            (Unit::PERCENT, "%"),
            (Unit::MOL_PER_SECOND, "mol/s"),
            (Unit::BCM_PER_YEAR, "bcm/yr"),
            (Unit::MILLION_CUBIC_METRES_PER_YEAR, "million m3/yr"),
            (Unit::MEGATONNE_PER_YEAR, "Mt/yr"),
            (Unit::TONNE_PER_YEAR, "t/yr"),
            (Unit::KILOGRAM_PER_SECOND, "kg/s"),
            (Unit::PETAJOULE_PER_YEAR, "PJ/yr"),
            (Unit::MEGAWATT, "MW"),
            (Unit::KILOMETRE, "km"),
            (Unit::MEGAJOULE_PER_CUBIC_METRE, "MJ/m3"),
            (Unit::GIGAJOULE_PER_TONNE, "GJ/t"),
            (Unit::KILOJOULE_PER_MOL, "kJ/mol"),
            (Unit::MEGAJOULE_PER_KILOGRAM, "MJ/kg"),
            (Unit::PERCENT_PER_1000_KM, "%/1000 km"),
            (Unit::KILOGRAM_PER_CUBIC_METRE, "kg/m3"),
            (Unit::RATIO, "ratio"),
        ] {
            assert_eq!(unit.to_string(), name);
        }
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let message = |text: &str| text.parse::<Quantity>().unwrap_err().to_string();
        assert_eq!(message("38 bcm/y"), "unknown unit \"bcm/y\"; nearest: \"bcm/yr\"");
        assert_eq!(
            message("many"),
            "\"many\" does not start with a number; allowed: a number and a unit, such as \"38 bcm/yr\""
        );
        assert_eq!(message("NaN %"), "\"NaN %\" is not finite; allowed: finite numbers");
        assert_eq!(message("inf km"), "\"inf km\" is not finite; allowed: finite numbers");
        assert_eq!(
            message("2.5 Mt/yr @ 0 degC"),
            "\"Mt/yr\" takes no reference conditions; allowed: @ after a gas volume that does not say where it is counted"
        );
        assert_eq!(
            message("38 bcm/yr @ 25 degC"),
            "unknown reference conditions \"25 degC\"; allowed: \"0 degC\", \"15 degC\", \"20 degC\", \"60 degF\""
        );
        assert_eq!(
            Quantity::new(3.0, Unit::KILOMETRE).to(Unit::MEGAWATT).unwrap_err().to_string(),
            "\"3 km\" is a length; allowed: a power or energy flow, such as \"481 MW\""
        );
    }

    #[test]
    fn spaces_are_free() {
        for text in ["97.5%", "97.5 %", " 97.5  % "] {
            assert_eq!(text.parse::<Quantity>().unwrap().to_string(), "97.5 %");
        }
        let cold: Quantity = "38 bcm/yr @0degC".parse().unwrap();
        assert_eq!(cold.to_string(), "38 bcm/yr @ 0 degC");
        assert_eq!(
            "1.46 %/1000 km".parse::<Quantity>().unwrap().si().to_bits(),
            1.46e-8_f64.to_bits()
        );
    }
}
