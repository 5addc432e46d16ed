//! Species: what streams are made of.

mod formula;
mod slate;

pub use formula::{Formula, atomic_mass};
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
    /// Gross heat of combustion at 25 degC, ideal gas, J/mol, where known.
    pub gross_heat_25: Option<f64>,
    /// The same at 20 degC.
    pub gross_heat_20: Option<f64>,
    /// The same at 15 degC.
    pub gross_heat_15: Option<f64>,
    /// Summation factor of ISO 6976 at 20 degC.
    pub summation_factor_20: Option<f64>,
    /// Summation factor of ISO 6976 at 15 degC.
    pub summation_factor_15: Option<f64>,
    /// Density of the saturated liquid at 15 degC, kg/m3.
    pub liquid_density_15: Option<f64>,
    /// Source of the row.
    pub source: String,
}

impl Species {
    /// Net heat of combustion at 25 degC, J/mol: gross less the heat of condensing the water
    /// formed, 44.013 kJ per mole of it (ISO 6976:2016).
    #[must_use]
    pub fn net_heat_25(&self) -> Option<f64> {
        self.gross_heat_25.map(|gross| gross - self.water_formed() * 44_013.0)
    }

    /// Net heat of combustion at 20 degC, J/mol (44.222 kJ per mole of water).
    #[must_use]
    pub fn net_heat_20(&self) -> Option<f64> {
        self.gross_heat_20.map(|gross| gross - self.water_formed() * 44_222.0)
    }

    /// Moles of water that a mole burns to.
    fn water_formed(&self) -> f64 {
        f64::from(self.formula.atoms("H")) / 2.0
    }
}
