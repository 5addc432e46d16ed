//! What a supply's flow is said by, and how many moles that is of a gas.

use crate::quantity::{Dimension, Meaning, Unit};
use crate::species::{ReferenceTemperature, Slate, Species};
use std::fmt;

/// What a flow of gas is said by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Basis {
    /// By moles, or gas volume at reference conditions; mol/s.
    Moles,
    /// By mass; kg/s.
    Mass,
    /// By volume as a liquid at 15 degC, each species as if alone; m3/s.
    LiquidVolume,
    /// By gross heat of combustion at 25 degC; W.
    GrossHeat,
    /// By net heat of combustion at 25 degC; W.
    NetHeat,
}

impl Basis {
    /// What a number of a unit is said by: heat is gross unless `net` is said. `None` for a unit of
    /// no flow of gas.
    pub(crate) fn of(unit: Unit) -> Option<Self> {
        match unit.dimension() {
            Dimension::MolarFlow => Some(Self::Moles),
            Dimension::MassFlow => Some(Self::Mass),
            Dimension::LiquidVolumeFlow => Some(Self::LiquidVolume),
            Dimension::Power if unit.meaning() == Some(Meaning::Net) => Some(Self::NetHeat),
            Dimension::Power => Some(Self::GrossHeat),
            _ => None,
        }
    }

    /// How much of it a mole of a species is, in SI; `None` where that is not known.
    pub(crate) fn per_mole(self, species: &Species) -> Option<f64> {
        match self {
            Self::Moles => Some(1.0),
            Self::Mass => Some(species.molar_mass),
            Self::LiquidVolume => species.liquid_density_15.map(|own| species.molar_mass / own),
            Self::GrossHeat => species.gross_heat(ReferenceTemperature::At25DegC),
            Self::NetHeat => species.net_heat_25(),
        }
    }

    /// The same of every species of a slate, not a number where it is not known.
    pub(crate) fn weights(self, slate: &Slate) -> Vec<f64> {
        slate.iter().map(|species| self.per_mole(species).unwrap_or(f64::NAN)).collect()
    }
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Moles => "by moles or gas volume",
            Self::Mass => "by mass",
            Self::LiquidVolume => "by liquid volume",
            Self::GrossHeat => "by gross heat",
            Self::NetHeat => "by net heat",
        })
    }
}
