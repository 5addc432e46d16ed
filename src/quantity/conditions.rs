//! Reference conditions: at which temperature and pressure a gas volume is counted.

use super::MOLAR_GAS_CONSTANT;
use std::fmt;

/// Temperature and pressure at which a gas volume is counted.
///
/// A gas volume in this crate is a molar flow times the ideal molar volume at stated conditions,
/// so the same gas has more cubic metres at 20 degC than at 0 degC.
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

    /// The three that units can name.
    pub(crate) const NAMED: [Self; 3] = [Self::AT_0_DEGC, Self::AT_15_DEGC, Self::AT_20_DEGC];

    const fn at_atmosphere(temperature_kelvin: f64) -> Self {
        Self { temperature_kelvin, pressure_pascal: 101_325.0 }
    }

    /// Ideal molar volume, m3/mol.
    #[must_use]
    pub fn molar_volume(self) -> f64 {
        MOLAR_GAS_CONSTANT * self.temperature_kelvin / self.pressure_pascal
    }

    /// Reads `0 degC`, `15 degC` or `20 degC`; spaces are free.
    pub(super) fn named(text: &str) -> Option<Self> {
        let squeezed: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
        Self::NAMED.into_iter().find(|at| at.to_string().replace(' ', "") == squeezed)
    }
}

impl fmt::Display for ReferenceConditions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let celsius = ((self.temperature_kelvin - 273.15) * 1e6).round() / 1e6;
        write!(f, "{celsius} degC")
    }
}
