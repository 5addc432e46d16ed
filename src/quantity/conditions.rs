//! Reference conditions: at which temperature and pressure a gas volume is counted.

use super::{Dimension, MOLAR_GAS_CONSTANT, Quantity};
use std::fmt;

/// Temperature and pressure at which a gas volume is counted.
///
/// A gas volume in this crate is a molar flow times the ideal molar volume at stated conditions,
/// so the same gas has more cubic metres at 20 degC than at 0 degC. What a meter counts, cubic metres
/// of the real gas, is no unit but a measure of a stream, whose composition it needs:
/// [`Property::RealVolume`](crate::measure::Property::RealVolume).
///
/// ```
/// use gaschain::quantity::ReferenceConditions;
/// let volume = ReferenceConditions::AT_20_DEGC.molar_volume();
/// assert!((volume - 0.024_055).abs() < 1e-6); // m3/mol
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReferenceConditions {
    /// Temperature, K.
    pub temperature_kelvin: f64,
    /// Pressure, Pa.
    pub pressure_pascal: f64,
}

impl ReferenceConditions {
    /// 0 degC, 101.325 kPa.
    pub const AT_0_DEGC: Self = Self::at_atmosphere(273.15);
    /// 15 degC, 101.325 kPa.
    pub const AT_15_DEGC: Self = Self::at_atmosphere(288.15);
    /// 20 degC, 101.325 kPa: the trade's convention in Russia and China.
    pub const AT_20_DEGC: Self = Self::at_atmosphere(293.15);

    /// 60 degF, 101.325 kPa.
    pub const AT_60_DEGF: Self = Self::at_atmosphere(SIXTY_FAHRENHEIT);
    /// Where standard cubic feet are counted: 60 degF, 14.696 psia.
    pub const SCF: Self = Self {
        temperature_kelvin: SIXTY_FAHRENHEIT,
        pressure_pascal: 14.696 * 0.453_592_37 * 9.806_65 / (0.0254 * 0.0254),
    };

    /// Those that units can name, the usual one first.
    pub(crate) const NAMED: [Self; 4] =
        [Self::AT_20_DEGC, Self::AT_15_DEGC, Self::AT_0_DEGC, Self::AT_60_DEGF];

    const fn at_atmosphere(temperature_kelvin: f64) -> Self {
        Self { temperature_kelvin, pressure_pascal: 101_325.0 }
    }

    /// Ideal molar volume, m3/mol.
    #[must_use]
    pub fn molar_volume(self) -> f64 {
        MOLAR_GAS_CONSTANT * self.temperature_kelvin / self.pressure_pascal
    }

    /// Reads `0 degC`, `15 degC`, `20 degC` or `60 degF`, in any spelling of a temperature (15.55
    /// and 15.56 degC are 60 degF).
    pub(super) fn named(text: &str) -> Option<Self> {
        let at = Quantity::read(text).ok()?;
        let kelvin = at.si();
        let same = |named: &Self| (named.temperature_kelvin - kelvin).abs() < SAME_TEMPERATURE;
        Self::NAMED.into_iter().find(same).filter(|_| at.dimension() == Dimension::Temperature)
    }

    /// Whether a cubic metre at the one is one at the other, but for how a contract rounds its
    /// temperature or pressure.
    #[must_use]
    pub(crate) fn is_as(self, other: Self) -> bool {
        let pressures = self.pressure_pascal / other.pressure_pascal;
        (self.temperature_kelvin - other.temperature_kelvin).abs() < SAME_TEMPERATURE
            && (pressures - 1.0).abs() < 1e-5
    }
}

/// 60 degF, K.
const SIXTY_FAHRENHEIT: f64 = (60.0 + 459.67) / 1.8;

/// Temperatures nearer than this are one, as contracts round them, K.
const SAME_TEMPERATURE: f64 = 0.01;

impl fmt::Display for ReferenceConditions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if (self.temperature_kelvin - SIXTY_FAHRENHEIT).abs() < SAME_TEMPERATURE {
            return f.write_str("60 degF");
        }
        let celsius = ((self.temperature_kelvin - 273.15) * 1e6).round() / 1e6;
        write!(f, "{celsius} degC")
    }
}
