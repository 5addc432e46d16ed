//! Reference temperatures: those at which heats of combustion and gas volumes are tabulated.

use crate::quantity::ReferenceConditions;
use std::fmt;

/// A temperature at which ISO 6976:2016 tabulates heats of combustion and, but for 25 degC,
/// summation factors.
///
/// ```
/// use gaschain::quantity::ReferenceConditions;
/// use gaschain::species::ReferenceTemperature;
/// let at = ReferenceTemperature::of(ReferenceConditions::AT_15_DEGC).unwrap();
/// assert_eq!(at, ReferenceTemperature::At15DegC);
/// assert_eq!(at.to_string(), "15 degC");
/// assert_eq!(at.heat_of_condensation(), 44_431.0); // J per mole of water
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ReferenceTemperature {
    /// 0 degC.
    At0DegC,
    /// 15 degC: the ISO standard reference conditions.
    At15DegC,
    /// 60 degF (15.5556 degC), which the standard's tables head with 15.55 degC: the heat by volume
    /// of its example D.3 comes out to the last digit with a mole's volume at 60 degF only.
    At60DegF,
    /// 20 degC: the trade's convention in Russia and China.
    At20DegC,
    /// 25 degC: heats of combustion only.
    At25DegC,
}

impl ReferenceTemperature {
    /// All of them, coldest first.
    pub const ALL: [Self; 5] =
        [Self::At0DegC, Self::At15DegC, Self::At60DegF, Self::At20DegC, Self::At25DegC];

    /// The reference temperature of reference conditions, to 0.01 K; `None` for one that is not
    /// tabulated.
    #[must_use]
    pub fn of(conditions: ReferenceConditions) -> Option<Self> {
        Self::ALL.into_iter().find(|at| {
            (at.conditions().temperature_kelvin - conditions.temperature_kelvin).abs() < 0.01
        })
    }

    /// This temperature at 101.325 kPa.
    #[must_use]
    pub const fn conditions(self) -> ReferenceConditions {
        ReferenceConditions {
            temperature_kelvin: 273.15 + self.degrees_celsius(),
            pressure_pascal: 101_325.0,
        }
    }

    /// In degC.
    #[must_use]
    pub const fn degrees_celsius(self) -> f64 {
        match self {
            Self::At0DegC => 0.0,
            Self::At15DegC => 15.0,
            Self::At60DegF => (60.0 - 32.0) / 1.8,
            Self::At20DegC => 20.0,
            Self::At25DegC => 25.0,
        }
    }

    /// Heat that a mole of water gives off when it condenses, J/mol: what gross and net heat
    /// differ by (ISO 6976:2016; its gross heat of water vapour in table 3).
    #[must_use]
    pub const fn heat_of_condensation(self) -> f64 {
        match self {
            Self::At0DegC => 45_064.0,
            Self::At15DegC => 44_431.0,
            Self::At60DegF => 44_408.0,
            Self::At20DegC => 44_222.0,
            Self::At25DegC => 44_013.0,
        }
    }
}

impl fmt::Display for ReferenceTemperature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At60DegF => f.write_str("60 degF"),
            _ => write!(f, "{} degC", self.degrees_celsius()),
        }
    }
}
