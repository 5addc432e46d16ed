//! Qualities by ISO 6976 as measures: their names, units and reference temperatures.

use crate::gas::Quality;
use crate::quantity::{Dimension, Meaning, Quantity, ReferenceConditions, Unit};
use crate::scalar::Scalar;
use crate::species::ReferenceTemperature;
use std::fmt;

/// A property of a gas as a market measures it ([`Quality`] has the equations).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Property {
    /// Compressibility factor.
    Compressibility,
    /// Flow as cubic metres of real gas: those of ideal gas times the compressibility factor.
    RealVolume,
    /// Volume of a mole of the real gas.
    RealMolarVolume,
    /// Volume of a mole of ideal gas.
    IdealMolarVolume,
    /// Density of the real gas.
    Density,
    /// Density of the real gas relative to that of air.
    RelativeDensity,
    /// Gross Wobbe index of the real gas.
    GrossWobbe,
    /// Net Wobbe index of the real gas.
    NetWobbe,
    /// Gross heat of combustion per cubic metre of real gas.
    GrossHeatReal,
    /// Net heat of combustion per cubic metre of real gas.
    NetHeatReal,
    /// Gross heat of combustion per mass.
    GrossHeatMass,
    /// Net heat of combustion per mass.
    NetHeatMass,
    /// Gross heat of combustion per mole.
    GrossHeatMolar,
    /// Net heat of combustion per mole.
    NetHeatMolar,
}

impl Property {
    /// All of them, in the order they are listed.
    pub const ALL: [Self; 14] = [
        Self::RealVolume,
        Self::RealMolarVolume,
        Self::IdealMolarVolume,
        Self::Compressibility,
        Self::Density,
        Self::RelativeDensity,
        Self::GrossWobbe,
        Self::NetWobbe,
        Self::GrossHeatReal,
        Self::NetHeatReal,
        Self::GrossHeatMass,
        Self::NetHeatMass,
        Self::GrossHeatMolar,
        Self::NetHeatMolar,
    ];

    /// The property of a name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|property| property.as_str() == name)
    }

    /// Its name in addresses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RealVolume => "real_volume",
            Self::RealMolarVolume => "real_molar_volume",
            Self::IdealMolarVolume => "ideal_molar_volume",
            Self::Compressibility => "compressibility",
            Self::Density => "density",
            Self::RelativeDensity => "relative_density",
            Self::GrossWobbe => "gross_wobbe",
            Self::NetWobbe => "net_wobbe",
            Self::GrossHeatReal => "gross_heat_real",
            Self::NetHeatReal => "net_heat_real",
            Self::GrossHeatMass => "gross_heat_mass",
            Self::NetHeatMass => "net_heat_mass",
            Self::GrossHeatMolar => "gross_heat_molar",
            Self::NetHeatMolar => "net_heat_molar",
        }
    }

    /// Whether it depends on the temperature at which the gas is burned.
    #[must_use]
    pub const fn burns(self) -> bool {
        self.meaning().is_some()
    }

    /// Whether it is how much flows, rather than a quality of it.
    #[must_use]
    pub const fn is_flow(self) -> bool {
        matches!(self, Self::RealVolume)
    }

    /// Whether it depends on the temperature at which the gas is metered.
    #[must_use]
    pub const fn is_metered(self) -> bool {
        !matches!(
            self,
            Self::GrossHeatMass | Self::NetHeatMass | Self::GrossHeatMolar | Self::NetHeatMolar
        )
    }

    /// What dimension a number of it has.
    #[must_use]
    pub const fn dimension(self) -> Dimension {
        match self {
            Self::Compressibility | Self::RelativeDensity => Dimension::Ratio,
            Self::RealVolume => Dimension::MolarFlow,
            Self::RealMolarVolume | Self::IdealMolarVolume => Dimension::MolarVolume,
            Self::Density => Dimension::Density,
            Self::GrossHeatMass | Self::NetHeatMass => Dimension::MassHeat,
            Self::GrossWobbe
            | Self::NetWobbe
            | Self::GrossHeatReal
            | Self::NetHeatReal
            | Self::GrossHeatMolar
            | Self::NetHeatMolar => Dimension::VolumetricHeat,
        }
    }

    /// Whether it is of gross or of net heat; neither of what does not burn.
    #[must_use]
    pub const fn meaning(self) -> Option<Meaning> {
        match self {
            Self::RealVolume
            | Self::RealMolarVolume
            | Self::IdealMolarVolume
            | Self::Compressibility
            | Self::Density
            | Self::RelativeDensity => None,
            Self::GrossWobbe | Self::GrossHeatReal | Self::GrossHeatMass | Self::GrossHeatMolar => {
                Some(Meaning::Gross)
            }
            Self::NetWobbe | Self::NetHeatReal | Self::NetHeatMass | Self::NetHeatMolar => {
                Some(Meaning::Net)
            }
        }
    }

    /// The unit results are given in; cubic metres are counted at the metering temperature.
    #[must_use]
    pub const fn unit(self, at: References) -> Unit {
        match self {
            Self::Compressibility | Self::RelativeDensity => Unit::RATIO,
            Self::RealVolume => Unit::BCM_PER_YEAR.counted_at(at.metering.conditions()),
            Self::RealMolarVolume | Self::IdealMolarVolume => Unit::CUBIC_METRE_PER_KILOMOL,
            Self::Density => Unit::KILOGRAM_PER_CUBIC_METRE,
            Self::GrossHeatMass | Self::NetHeatMass => Unit::MEGAJOULE_PER_KILOGRAM,
            Self::GrossHeatMolar | Self::NetHeatMolar => Unit::KILOJOULE_PER_MOL,
            Self::GrossWobbe | Self::NetWobbe | Self::GrossHeatReal | Self::NetHeatReal => {
                Unit::MEGAJOULE_PER_CUBIC_METRE.counted_at(at.metering.conditions())
            }
        }
    }

    /// Its value in a quality, in SI; of a volume, what it is of that of the ideal gas.
    pub(super) fn of<S: Scalar>(self, quality: &Quality<S>) -> S {
        match self {
            Self::IdealMolarVolume => S::one(),
            Self::RealVolume | Self::RealMolarVolume | Self::Compressibility => {
                quality.compressibility
            }
            Self::Density => quality.real.density,
            Self::RelativeDensity => quality.real.relative_density,
            Self::GrossWobbe => quality.real.gross_wobbe,
            Self::NetWobbe => quality.real.net_wobbe,
            Self::GrossHeatReal => quality.real.gross_heat,
            Self::NetHeatReal => quality.real.net_heat,
            Self::GrossHeatMass => quality.gross_heat_mass,
            Self::NetHeatMass => quality.net_heat_mass,
            Self::GrossHeatMolar => quality.gross_heat_molar,
            Self::NetHeatMolar => quality.net_heat_molar,
        }
    }
}

/// Reference temperatures of a property, both at 101.325 kPa.
///
/// In addresses they follow the name: nothing for 20 degC, the convention in Russia and China;
/// `@15` where gas is burned and metered at 15 degC; `@25/0` where it is burned at 25 and metered
/// at 0 degC.
///
/// Cubic metres are counted at the metering temperature, and so is a capacity to be written: a
/// limit on `gross_wobbe@15` is at most `"51.4 MJ/m3 @ 15 degC"`. As everywhere, `"51.4 MJ/m3"`
/// alone is per cubic metre at 20 degC; it is brought to 15 degC by the ideal volume.
///
/// ```
/// use gaschain::measure::{Measure, Property, References};
/// use gaschain::species::ReferenceTemperature;
/// let at = References {
///     combustion: ReferenceTemperature::At25DegC,
///     metering: ReferenceTemperature::At0DegC,
/// };
/// let wobbe = Measure::Quality(Property::GrossWobbe, at);
/// assert_eq!(wobbe.to_string(), "gross_wobbe@25/0");
/// assert_eq!(wobbe.unit().to_string(), "MJ/m3 @ 0 degC");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct References {
    /// Where the gas is burned.
    pub combustion: ReferenceTemperature,
    /// Where it is metered.
    pub metering: ReferenceTemperature,
}

impl References {
    /// Burned and metered at 20 degC.
    pub const AT_20_DEGC: Self = Self::at(ReferenceTemperature::At20DegC);

    /// Burned and metered at one temperature.
    #[must_use]
    pub const fn at(both: ReferenceTemperature) -> Self {
        Self { combustion: both, metering: both }
    }

    /// Reads what follows the `@` of a property; `None` where it cannot be read, or says what the
    /// property does not depend on.
    pub(super) fn parse(text: &str, property: Property) -> Option<Self> {
        // a bare number is in degrees Celsius; 15.55 and 15.56 of them are 60 degrees Fahrenheit
        let read = |text: &str| {
            let at = Quantity::read(text).ok()?;
            let kelvin = match at.dimension() {
                Dimension::Temperature => at.si(),
                _ if at.unit() == Unit::BARE => Unit::DEGREE_CELSIUS.to_si(at.value()),
                _ => return None,
            };
            let conditions =
                ReferenceConditions { temperature_kelvin: kelvin, pressure_pascal: 101_325.0 };
            ReferenceTemperature::of(conditions)
        };
        let (combustion, metering) = match text.split_once('/') {
            Some((combustion, metering)) if property.burns() && property.is_metered() => {
                (read(combustion)?, read(metering)?)
            }
            Some(_) => return None,
            None => (read(text)?, read(text)?),
        };
        let usual = ReferenceTemperature::At20DegC;
        let at = Self {
            combustion: if property.burns() { combustion } else { usual },
            metering: if property.is_metered() { metering } else { usual },
        };
        (at.metering != ReferenceTemperature::At25DegC).then_some(at)
    }

    /// What may follow a property's name, in a few words.
    pub(super) fn allowed(property: Property) -> String {
        let name = property.as_str();
        match (property.burns(), property.is_metered()) {
            (true, true) => {
                format!(
                    "{name}, {name}@15 (burned and metered at 0, 15 or 20 degC, or at 60 degF) or {name}@25/0 (burned at 0, 15, 20 or 25 degC or 60 degF, metered at 0, 15 or 20 degC or 60 degF)"
                )
            }
            (true, false) => {
                format!("{name}, or {name}@25 (burned at 0, 15, 20 or 25 degC, or at 60 degF)")
            }
            (false, _) => {
                format!("{name}, or {name}@15 (metered at 0, 15 or 20 degC, or at 60 degF)")
            }
        }
    }

    /// Writes what follows a property's name.
    pub(super) fn write(self, property: Property, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (burned, metered) = (self.combustion, self.metering);
        let usual = ReferenceTemperature::At20DegC;
        match (property.burns(), property.is_metered()) {
            (true, true) if burned != metered => {
                write!(f, "@{}/{}", short(burned), short(metered))
            }
            (true, _) if burned != usual => write!(f, "@{}", short(burned)),
            (false, _) if metered != usual => write!(f, "@{}", short(metered)),
            _ => Ok(()),
        }
    }
}

/// A reference temperature as addresses have it.
fn short(at: ReferenceTemperature) -> String {
    match at {
        ReferenceTemperature::At60DegF => at.to_string(),
        _ => at.degrees_celsius().to_string(),
    }
}
