//! Species: what streams are made of.
//!
//! *In:* the shipped table of species and a chain's own. *Out:* a [`Slate`]: the species a chain
//! counts with, their elements, molar masses and heats. *Order:* `formula` gives atoms and masses,
//! `heating` a heat of combustion by them, `reference` the temperatures heats are known at, `slate`
//! puts them together.

mod formula;
mod heating;
mod reference;
mod slate;

pub use formula::{Formula, atomic_mass};
pub(crate) use formula::{MOLAR_MASS_OF_CARBON, MOLAR_MASS_OF_CARBON_DIOXIDE};
pub use heating::channiwala_parikh;
pub use reference::ReferenceTemperature;
pub use slate::Slate;

/// A species, or a pseudo-species known by its formula.
#[derive(Debug, Clone, PartialEq)]
pub struct Species {
    /// Its name, as chain files and results spell it.
    pub name: String,
    /// Its formula.
    pub formula: Formula,
    /// Molar mass, kg/mol.
    pub molar_mass: f64,
    /// Gross heat of combustion at 25 degC, J/mol, where known: of the ideal gas, or of a
    /// pseudo-species as it is, liquid or solid.
    pub gross_heat_25: Option<f64>,
    /// The same at 20 degC.
    pub gross_heat_20: Option<f64>,
    /// The same at 60 degF (15.55 degC in the standard).
    pub gross_heat_15_55: Option<f64>,
    /// The same at 15 degC.
    pub gross_heat_15: Option<f64>,
    /// The same at 0 degC.
    pub gross_heat_0: Option<f64>,
    /// Summation factor of ISO 6976 at 20 degC and 101.325 kPa, where known.
    pub summation_factor_20: Option<f64>,
    /// The same at 60 degF (15.55 degC in the standard).
    pub summation_factor_15_55: Option<f64>,
    /// The same at 15 degC.
    pub summation_factor_15: Option<f64>,
    /// The same at 0 degC.
    pub summation_factor_0: Option<f64>,
    /// Density of the saturated liquid at 15 degC, kg/m3.
    pub liquid_density_15: Option<f64>,
    /// Source of the row.
    pub source: String,
}

impl Species {
    /// Gross heat of combustion at a reference temperature, ideal gas, J/mol, where known.
    #[must_use]
    pub const fn gross_heat(&self, at: ReferenceTemperature) -> Option<f64> {
        match at {
            ReferenceTemperature::At0DegC => self.gross_heat_0,
            ReferenceTemperature::At15DegC => self.gross_heat_15,
            ReferenceTemperature::At60DegF => self.gross_heat_15_55,
            ReferenceTemperature::At20DegC => self.gross_heat_20,
            ReferenceTemperature::At25DegC => self.gross_heat_25,
        }
    }

    /// Net heat of combustion at a reference temperature, J/mol: gross less the heat of
    /// condensing the water formed (ISO 6976:2016).
    #[must_use]
    pub fn net_heat(&self, at: ReferenceTemperature) -> Option<f64> {
        self.gross_heat(at).map(|gross| gross - self.water_formed() * at.heat_of_condensation())
    }

    /// Net heat of combustion at 25 degC, J/mol.
    #[must_use]
    pub fn net_heat_25(&self) -> Option<f64> {
        self.net_heat(ReferenceTemperature::At25DegC)
    }

    /// Net heat of combustion at 20 degC, J/mol.
    #[must_use]
    pub fn net_heat_20(&self) -> Option<f64> {
        self.net_heat(ReferenceTemperature::At20DegC)
    }

    /// Summation factor of ISO 6976:2016 at a reference temperature and 101.325 kPa, where known
    /// (never at 25 degC).
    #[must_use]
    pub const fn summation_factor(&self, at: ReferenceTemperature) -> Option<f64> {
        match at {
            ReferenceTemperature::At0DegC => self.summation_factor_0,
            ReferenceTemperature::At15DegC => self.summation_factor_15,
            ReferenceTemperature::At60DegF => self.summation_factor_15_55,
            ReferenceTemperature::At20DegC => self.summation_factor_20,
            ReferenceTemperature::At25DegC => None,
        }
    }

    /// Moles of water that a mole burns to.
    fn water_formed(&self) -> f64 {
        f64::from(self.formula.atoms("H")) / 2.0
    }
}
