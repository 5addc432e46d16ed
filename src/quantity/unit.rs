//! Units, by the names the field writes them with.

use super::{QuantityError, ReferenceConditions, SECONDS_PER_YEAR};
use crate::error::Error;
use crate::fault::nearest_names;
use crate::scalar::Scalar;
use std::fmt;

/// What a quantity measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Dimension {
    /// A share of something; SI base 1.
    Fraction,
    /// A number of things; SI base 1.
    Count,
    /// Molar flow, also as a gas volume flow at reference conditions; SI base mol/s.
    MolarFlow,
    /// Mass flow; SI base kg/s.
    MassFlow,
    /// Power, also as an energy flow; SI base W.
    Power,
    /// Pressure; SI base Pa.
    Pressure,
    /// Length; SI base m.
    Length,
    /// Temperature; SI base K.
    Temperature,
    /// Heat per amount of gas, also per gas volume at reference conditions; base J/mol.
    VolumetricHeat,
    /// Heat per mass; SI base J/kg.
    MassHeat,
    /// A fraction per length; SI base 1/m.
    PerLength,
    /// Mass per volume; SI base kg/m3.
    Density,
    /// Heat flow per area and temperature difference; SI base W/(m2 K).
    HeatTransfer,
    /// Two like quantities over each other, which may exceed 1; SI base 1.
    Ratio,
}

impl Dimension {
    /// A quantity of this dimension as a person would write it.
    #[must_use]
    pub const fn example(self) -> &'static str {
        match self {
            Self::Fraction => "97.5 %",
            Self::Count => "6",
            Self::MolarFlow => "38 bcm/yr",
            Self::MassFlow => "2.5 Mt/yr",
            Self::Power => "481 MW",
            Self::Pressure => "9.8 MPa",
            Self::Length => "803.5 km",
            Self::Temperature => "20 degC",
            Self::VolumetricHeat => "34.0 MJ/m3",
            Self::MassHeat => "14.1 GJ/t",
            Self::PerLength => "1.46 %/1000 km",
            Self::Density => "0.75 kg/m3",
            Self::HeatTransfer => "1.5 W/m2K",
            Self::Ratio => "0.6",
        }
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fraction => "a fraction",
            Self::Count => "a count",
            Self::MolarFlow => "a molar or gas volume flow",
            Self::MassFlow => "a mass flow",
            Self::Power => "a power or energy flow",
            Self::Pressure => "a pressure",
            Self::Length => "a length",
            Self::Temperature => "a temperature",
            Self::VolumetricHeat => "heat per gas volume",
            Self::MassHeat => "heat per mass",
            Self::PerLength => "a fraction per length",
            Self::Density => "a density",
            Self::HeatTransfer => "a heat transfer coefficient",
            Self::Ratio => "a ratio",
        })
    }
}

/// A row of the table of units.
#[derive(Debug, PartialEq)]
struct Row {
    name: &'static str,
    dimension: Dimension,
    /// SI value of 1; for units by gas volume, of 1 per molar volume in m3/mol.
    factor: f64,
    /// SI value of 0.
    offset: f64,
    /// How the unit depends on the molar volume: -1 for flows, +1 for heats, 0 for all else.
    by_volume: i8,
}

const fn unit(name: &'static str, dimension: Dimension, factor: f64) -> Row {
    Row { name, dimension, factor, offset: 0.0, by_volume: 0 }
}

const fn gas(name: &'static str, cubic_metres_per_second: f64) -> Row {
    Row {
        name,
        dimension: Dimension::MolarFlow,
        factor: cubic_metres_per_second,
        offset: 0.0,
        by_volume: -1,
    }
}

const fn heat(name: &'static str, joules_per_cubic_metre: f64) -> Row {
    Row {
        name,
        dimension: Dimension::VolumetricHeat,
        factor: joules_per_cubic_metre,
        offset: 0.0,
        by_volume: 1,
    }
}

const YEAR: f64 = SECONDS_PER_YEAR;
const DAY: f64 = 86_400.0;
const HOUR: f64 = 3_600.0;

static UNITS: [Row; 51] = [
    unit("", Dimension::Fraction, 1.0),
    unit("%", Dimension::Fraction, 0.01),
    unit("ppm", Dimension::Fraction, 1e-6),
    unit("h/yr", Dimension::Fraction, HOUR / YEAR),
    unit("units", Dimension::Count, 1.0),
    unit("mol/s", Dimension::MolarFlow, 1.0),
    unit("kmol/h", Dimension::MolarFlow, 1e3 / HOUR),
    gas("bcm/yr", 1e9 / YEAR),
    gas("million m3/yr", 1e6 / YEAR),
    gas("million m3/d", 1e6 / DAY),
    gas("thousand m3/h", 1e3 / HOUR),
    gas("m3/h", 1.0 / HOUR),
    gas("m3/s", 1.0),
    unit("Mt/yr", Dimension::MassFlow, 1e9 / YEAR),
    unit("kt/yr", Dimension::MassFlow, 1e6 / YEAR),
    unit("t/yr", Dimension::MassFlow, 1e3 / YEAR),
    unit("t/d", Dimension::MassFlow, 1e3 / DAY),
    unit("t/h", Dimension::MassFlow, 1e3 / HOUR),
    unit("kg/h", Dimension::MassFlow, 1.0 / HOUR),
    unit("kg/s", Dimension::MassFlow, 1.0),
    unit("g/s", Dimension::MassFlow, 1e-3),
    unit("PJ/yr", Dimension::Power, 1e15 / YEAR),
    unit("TJ/d", Dimension::Power, 1e12 / DAY),
    unit("GW", Dimension::Power, 1e9),
    unit("MW", Dimension::Power, 1e6),
    unit("kW", Dimension::Power, 1e3),
    unit("W", Dimension::Power, 1.0),
    unit("MPa", Dimension::Pressure, 1e6),
    unit("kPa", Dimension::Pressure, 1e3),
    unit("bar", Dimension::Pressure, 1e5),
    unit("atm", Dimension::Pressure, 101_325.0),
    unit("Pa", Dimension::Pressure, 1.0),
    unit("km", Dimension::Length, 1e3),
    unit("m", Dimension::Length, 1.0),
    unit("mm", Dimension::Length, 1e-3),
    unit("K", Dimension::Temperature, 1.0),
    Row {
        name: "degC",
        dimension: Dimension::Temperature,
        factor: 1.0,
        offset: 273.15,
        by_volume: 0,
    },
    heat("MJ/m3", 1e6),
    heat("kJ/m3", 1e3),
    unit("kJ/mol", Dimension::VolumetricHeat, 1e3),
    unit("J/mol", Dimension::VolumetricHeat, 1.0),
    unit("GJ/t", Dimension::MassHeat, 1e6),
    unit("MJ/kg", Dimension::MassHeat, 1e6),
    unit("kJ/kg", Dimension::MassHeat, 1e3),
    unit("J/kg", Dimension::MassHeat, 1.0),
    unit("%/1000 km", Dimension::PerLength, 1e-8),
    unit("%/100 km", Dimension::PerLength, 1e-7),
    unit("1/km", Dimension::PerLength, 1e-3),
    unit("kg/m3", Dimension::Density, 1.0),
    unit("ratio", Dimension::Ratio, 1.0),
    unit("W/m2K", Dimension::HeatTransfer, 1.0),
];

/// A unit, with reference conditions where it counts gas by volume.
///
/// ```
/// use gaschain::quantity::{Dimension, Unit};
/// let unit = Unit::parse("bcm/yr @ 0 degC")?;
/// assert_eq!(unit.dimension(), Dimension::MolarFlow);
/// assert_eq!(unit.to_string(), "bcm/yr @ 0 degC");
/// // the same number of cubic metres is more gas when they are counted cold
/// let warm = Unit::parse("bcm/yr")?;
/// assert!((unit.to_si(1.0) / warm.to_si(1.0) - 293.15 / 273.15).abs() < 1e-12);
/// # Ok::<(), gaschain::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unit {
    row: &'static Row,
    at: ReferenceConditions,
}

macro_rules! named_units {
    ($($(#[$doc:meta])* $name:ident = $index:expr;)*) => {
        /// Units that the crate itself names.
        impl Unit {
            $($(#[$doc])* pub const $name: Self =
                Self { row: &UNITS[$index], at: ReferenceConditions::AT_20_DEGC };)*
        }
    };
}

named_units! {
    /// A bare number: a fraction or a count.
    BARE = 0;
    /// Percent.
    PERCENT = 1;
    /// Molar flow, mol/s.
    MOL_PER_SECOND = 5;
    /// Billion cubic metres a year at 20 degC.
    BCM_PER_YEAR = 7;
    /// Million cubic metres a year at 20 degC.
    MILLION_CUBIC_METRES_PER_YEAR = 8;
    /// Million tonnes a year.
    MEGATONNE_PER_YEAR = 13;
    /// Tonnes a year.
    TONNE_PER_YEAR = 15;
    /// Kilograms a second.
    KILOGRAM_PER_SECOND = 19;
    /// Petajoules a year.
    PETAJOULE_PER_YEAR = 21;
    /// Megawatts.
    MEGAWATT = 24;
    /// Kilometres.
    KILOMETRE = 32;
    /// Megajoules per cubic metre at 20 degC.
    MEGAJOULE_PER_CUBIC_METRE = 37;
    /// Kilojoules per mole.
    KILOJOULE_PER_MOL = 39;
    /// Gigajoules per tonne.
    GIGAJOULE_PER_TONNE = 41;
    /// Megajoules per kilogram.
    MEGAJOULE_PER_KILOGRAM = 42;
    /// Percent per 1,000 km.
    PERCENT_PER_1000_KM = 45;
    /// Kilograms per cubic metre.
    KILOGRAM_PER_CUBIC_METRE = 48;
    /// A ratio of like quantities; a bare number can stand for it.
    RATIO = 49;
    /// Whole units in service.
    UNITS = 4;
    /// Megapascals.
    MEGAPASCAL = 27;
    /// Metres.
    METRE = 33;
    /// Millimetres.
    MILLIMETRE = 34;
    /// Degrees Celsius.
    DEGREE_CELSIUS = 36;
    /// Watts per square metre and kelvin.
    WATT_PER_SQUARE_METRE_KELVIN = 50;
}

impl Unit {
    /// Reads a unit, with `@ 0 degC`, `@ 15 degC` or `@ 20 degC` after one that counts gas by
    /// volume (20 degC where nothing is said).
    ///
    /// # Errors
    /// An unknown unit, with the nearest; conditions that are unknown or have no place there.
    pub fn parse(text: &str) -> Result<Self, Error> {
        Ok(Self::read(text)?)
    }

    pub(crate) fn read(text: &str) -> Result<Self, QuantityError> {
        let (name, conditions) = match text.split_once('@') {
            Some((name, conditions)) => (name, Some(conditions.trim())),
            None => (text, None),
        };
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        let Some(row) = UNITS.iter().find(|row| row.name == name) else {
            let valid = UNITS.iter().map(|row| row.name).filter(|name| !name.is_empty());
            let nearest = nearest_names(&name, valid);
            return Err(QuantityError::UnknownUnit { got: name, nearest });
        };
        let at = match conditions {
            None => ReferenceConditions::AT_20_DEGC,
            Some(_) if row.by_volume == 0 => {
                return Err(QuantityError::ConditionsNotAllowed { unit: name });
            }
            Some(conditions) => ReferenceConditions::named(conditions)
                .ok_or_else(|| QuantityError::UnknownConditions { got: conditions.to_owned() })?,
        };
        Ok(Self { row, at })
    }

    /// Every unit, those by gas volume at each of the three reference conditions.
    pub fn all() -> impl Iterator<Item = Self> {
        let conditions = [
            ReferenceConditions::AT_20_DEGC,
            ReferenceConditions::AT_15_DEGC,
            ReferenceConditions::AT_0_DEGC,
        ];
        UNITS.iter().flat_map(move |row| {
            let count = if row.by_volume == 0 { 1 } else { 3 };
            conditions.into_iter().take(count).map(move |at| Self { row, at })
        })
    }

    /// The same unit with gas counted at other conditions; unchanged where it counts no gas volume.
    #[must_use]
    pub const fn counted_at(self, at: ReferenceConditions) -> Self {
        if self.row.by_volume == 0 { self } else { Self { row: self.row, at } }
    }

    /// What it measures.
    #[must_use]
    pub const fn dimension(self) -> Dimension {
        self.row.dimension
    }

    /// The reference conditions at which it counts a gas volume; `None` for other units.
    #[must_use]
    pub const fn conditions(self) -> Option<ReferenceConditions> {
        if self.row.by_volume == 0 { None } else { Some(self.at) }
    }

    /// The SI value of a number in this unit.
    #[must_use]
    pub fn to_si(self, value: f64) -> f64 {
        self.counted(value)
    }

    /// The number in this unit of an SI value.
    #[must_use]
    pub fn from_si(self, si: f64) -> f64 {
        self.shown(si)
    }

    /// The SI value of any scalar.
    pub(crate) fn counted<S: Scalar>(self, value: S) -> S {
        value * S::from_f64(self.scale()) + S::from_f64(self.row.offset)
    }

    /// Any scalar in this unit, of its SI value.
    pub(crate) fn shown<S: Scalar>(self, si: S) -> S {
        (si - S::from_f64(self.row.offset)) / S::from_f64(self.scale())
    }

    fn scale(self) -> f64 {
        match self.row.by_volume {
            -1 => self.row.factor / self.at.molar_volume(),
            1 => self.row.factor * self.at.molar_volume(),
            _ => self.row.factor,
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.row.name)?;
        match self.conditions() {
            Some(at) if at != ReferenceConditions::AT_20_DEGC => write!(f, " @ {at}"),
            _ => Ok(()),
        }
    }
}
