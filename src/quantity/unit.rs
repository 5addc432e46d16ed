//! Units, by the names the field writes them with.

use super::spelling::{row_of, without_heat};
use super::table::{Row, UNITS};
use super::{QuantityError, ReferenceConditions};
use crate::error::Error;
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
    /// Volume flow as a liquid; SI base m3/s.
    LiquidVolumeFlow,
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
    /// Length per time; SI base m/s.
    Velocity,
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
            Self::LiquidVolumeFlow => "40 kbbl/d",
            Self::Power => "481 MW",
            Self::Pressure => "9.8 MPa",
            Self::Length => "803.5 km",
            Self::Temperature => "20 degC",
            Self::VolumetricHeat => "34.0 MJ/m3",
            Self::MassHeat => "14.1 GJ/t",
            Self::PerLength => "1.46 %/1000 km",
            Self::Density => "0.75 kg/m3",
            Self::HeatTransfer => "1.5 W/m2K",
            Self::Velocity => "12 m/s",
            Self::Ratio => "0.6",
        }
    }

    /// Whether what a supply offers can be said in it: by moles or gas volume, mass, volume as a
    /// liquid, or heat.
    pub(crate) const fn is_flow_of_gas(self) -> bool {
        matches!(self, Self::MolarFlow | Self::MassFlow | Self::LiquidVolumeFlow | Self::Power)
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fraction => "a fraction",
            Self::Count => "a count",
            Self::MolarFlow => "a molar or gas volume flow",
            Self::MassFlow => "a mass flow",
            Self::LiquidVolumeFlow => "a volume flow of liquid",
            Self::Power => "a power or energy flow",
            Self::Pressure => "a pressure",
            Self::Length => "a length",
            Self::Temperature => "a temperature",
            Self::VolumetricHeat => "heat per gas volume",
            Self::MassHeat => "heat per mass",
            Self::PerLength => "a fraction per length",
            Self::Density => "a density",
            Self::HeatTransfer => "a heat transfer coefficient",
            Self::Velocity => "a velocity",
            Self::Ratio => "a ratio",
        })
    }
}

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
///
/// Spellings of the trade are read, and shown by one name:
///
/// ```
/// use gaschain::quantity::Unit;
/// assert_eq!(Unit::parse("MMSCF/day")?, Unit::parse("MMscfd")?);
/// assert_eq!(Unit::parse("million m³/d @ 60 °F")?.to_string(), "million m3/d @ 60 degF");
/// assert!((Unit::parse("psig")?.to_si(1400.0) - 9_753_985.0).abs() < 1.0); // from 101.325 kPa
/// # Ok::<(), gaschain::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unit {
    row: &'static Row,
    at: ReferenceConditions,
    /// Gross or net, where it is said beside the unit.
    heat: Option<Meaning>,
}

/// What a number is of, where its dimension alone does not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Meaning {
    /// A share by moles, which for an ideal gas is one by volume: `mol%`, `ppmv`.
    Moles,
    /// A share by mass: `mass%`, `ppmw`.
    Mass,
    /// Heat with the water that forms condensed: higher heating value.
    Gross,
    /// Heat with the water that forms as vapour: lower heating value.
    Net,
}

impl fmt::Display for Meaning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Moles => "by moles",
            Self::Mass => "by mass",
            Self::Gross => "gross",
            Self::Net => "net",
        })
    }
}

/// The row of a name, found while the crate is compiled.
const fn row_named(name: &str) -> &'static Row {
    let wanted = name.as_bytes();
    let mut index = 0;
    loop {
        let own = UNITS[index].name.as_bytes();
        let mut same = own.len() == wanted.len();
        let mut letter = 0;
        while same && letter < own.len() {
            same = own[letter] == wanted[letter];
            letter += 1;
        }
        if same {
            return &UNITS[index];
        }
        index += 1;
    }
}

macro_rules! named_units {
    ($($(#[$doc:meta])* $name:ident = $text:expr;)*) => {
        /// Units that the crate itself names.
        impl Unit {
            $($(#[$doc])* pub const $name: Self = Self::named($text);)*
        }
    };
}

named_units! {
    /// A bare number: a fraction or a count.
    BARE = "";
    /// Percent.
    PERCENT = "%";
    /// A share of the mass.
    MASS_FRACTION = "kg/kg";
    /// Percent of the mass.
    MASS_PERCENT = "mass%";
    /// Molar flow, mol/s.
    MOL_PER_SECOND = "mol/s";
    /// Billion cubic metres a year at 20 degC.
    BCM_PER_YEAR = "bcm/yr";
    /// Million cubic metres a year at 20 degC.
    MILLION_CUBIC_METRES_PER_YEAR = "million m3/yr";
    /// Million tonnes a year.
    MEGATONNE_PER_YEAR = "Mt/yr";
    /// Tonnes a year.
    TONNE_PER_YEAR = "t/yr";
    /// Kilograms a second.
    KILOGRAM_PER_SECOND = "kg/s";
    /// Petajoules a year.
    PETAJOULE_PER_YEAR = "PJ/yr";
    /// Megawatts.
    MEGAWATT = "MW";
    /// Kilometres.
    KILOMETRE = "km";
    /// Megajoules per cubic metre at 20 degC.
    MEGAJOULE_PER_CUBIC_METRE = "MJ/m3";
    /// Kilojoules per mole.
    KILOJOULE_PER_MOL = "kJ/mol";
    /// Gigajoules per tonne.
    GIGAJOULE_PER_TONNE = "GJ/t";
    /// Megajoules per kilogram.
    MEGAJOULE_PER_KILOGRAM = "MJ/kg";
    /// Percent per 1,000 km.
    PERCENT_PER_1000_KM = "%/1000 km";
    /// Kilograms per cubic metre.
    KILOGRAM_PER_CUBIC_METRE = "kg/m3";
    /// A ratio of like quantities; a bare number can stand for it.
    RATIO = "ratio";
    /// Whole units in service.
    UNITS = "units";
    /// Thousand barrels a day.
    THOUSAND_BARRELS_PER_DAY = "kbbl/d";
    /// Megapascals.
    MEGAPASCAL = "MPa";
    /// Metres.
    METRE = "m";
    /// Millimetres.
    MILLIMETRE = "mm";
    /// Degrees Celsius.
    DEGREE_CELSIUS = "degC";
    /// Watts per square metre and kelvin.
    WATT_PER_SQUARE_METRE_KELVIN = "W/m2K";
    /// Metres per second.
    METRE_PER_SECOND = "m/s";
}

impl Unit {
    const fn named(name: &str) -> Self {
        let row = row_named(name);
        Self { row, at: row.usual(), heat: None }
    }

    /// Reads a unit, with `@ 0 degC`, `@ 15 degC`, `@ 20 degC` or `@ 60 degF` after one that counts
    /// gas by volume and does not say where (20 degC where nothing is said), and `gross` or `net`
    /// after one of heat.
    ///
    /// # Errors
    /// An unknown unit, with the nearest; conditions that are unknown or have no place there.
    pub fn parse(text: &str) -> Result<Self, Error> {
        Ok(Self::read(text)?)
    }

    pub(crate) fn read(text: &str) -> Result<Self, QuantityError> {
        let (text, heat) = without_heat(text);
        let (name, conditions) = match text.split_once('@') {
            Some((name, conditions)) => (name.trim(), Some(conditions.trim())),
            None => (text.as_str(), None),
        };
        let Some(row) = row_of(name) else {
            return Err(QuantityError::UnknownUnit { got: name.to_owned() });
        };
        let of_heat = matches!(
            row.dimension,
            Dimension::Power | Dimension::VolumetricHeat | Dimension::MassHeat
        );
        if let Some(heat) = heat.filter(|_| !of_heat) {
            return Err(QuantityError::HeatNotAllowed { unit: name.to_owned(), heat });
        }
        let at = match conditions {
            None => row.usual(),
            Some(_) if row.by_volume == 0 || row.at.is_some() => {
                return Err(QuantityError::ConditionsNotAllowed {
                    unit: name.to_owned(),
                    at: row.at,
                });
            }
            Some(conditions) => ReferenceConditions::named(conditions)
                .ok_or_else(|| QuantityError::UnknownConditions { got: conditions.to_owned() })?,
        };
        Ok(Self { row, at, heat })
    }

    /// Every unit, those by gas volume that do not say where at each of the named reference
    /// conditions.
    pub fn all() -> impl Iterator<Item = Self> {
        UNITS.iter().flat_map(move |row| {
            let is_free = row.by_volume != 0 && row.at.is_none();
            let count = if is_free { ReferenceConditions::NAMED.len() } else { 1 };
            ReferenceConditions::NAMED.into_iter().take(count).map(move |at| Self {
                row,
                at: if is_free { at } else { row.usual() },
                heat: None,
            })
        })
    }

    /// What is meant, where its dimension alone does not tell: `mol%`, `mass%`, `PJ/yr net`.
    #[must_use]
    pub fn meaning(self) -> Option<Meaning> {
        self.heat.or(self.row.meaning)
    }

    /// The same unit, saying gross or net.
    pub(crate) const fn of_heat(self, heat: Meaning) -> Self {
        Self { row: self.row, at: self.at, heat: Some(heat) }
    }

    /// The other spellings it is read by, spaces aside.
    #[must_use]
    pub const fn spellings(self) -> &'static [&'static str] {
        self.row.also
    }

    /// The same unit with gas counted at other conditions; unchanged where it counts no gas
    /// volume, or says itself where.
    #[must_use]
    pub const fn counted_at(self, at: ReferenceConditions) -> Self {
        if self.row.by_volume == 0 || self.row.at.is_some() {
            self
        } else {
            Self { row: self.row, at, heat: self.heat }
        }
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

    /// A number in this unit as ratios are taken of it: above an absolute zero, so that they are the
    /// same in every unit. `None` for temperatures: the use of a limit on one means nothing.
    pub(crate) fn in_ratio<S: Scalar>(self, number: S) -> Option<S> {
        if self.row.dimension == Dimension::Temperature {
            return None;
        }
        Some(if self.row.offset == 0.0 { number } else { self.counted(number) })
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
        if self.row.by_volume != 0 && self.at != self.row.usual() {
            write!(f, " @ {}", self.at)?;
        }
        self.heat.map_or(Ok(()), |heat| write!(f, " {heat}"))
    }
}
