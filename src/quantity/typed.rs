//! Typed quantities for programs: uom's types where they can tell two things apart, own ones
//! where they cannot.

use super::{Quantity, ReferenceConditions, Unit};
use crate::error::Error;
use uom::si::f64::{
    AvailableEnergy, Length, MassDensity, MassRate, Power, Pressure, Ratio,
    ThermodynamicTemperature,
};
use uom::si::{
    available_energy::joule_per_kilogram, length::meter, mass_density::kilogram_per_cubic_meter,
    mass_rate::kilogram_per_second, power::watt, pressure::pascal, ratio::ratio,
    thermodynamic_temperature::kelvin,
};

/// A molar flow, mol/s.
///
/// ```
/// use gaschain::quantity::{GasVolumeFlow, MolarFlow, ReferenceConditions};
/// let flow = MolarFlow::from_mol_per_s(50_000.0);
/// let warm = flow.gas_volume(ReferenceConditions::AT_20_DEGC);
/// assert!((warm.bcm_per_year() - 37.93).abs() < 0.01);
/// assert_eq!(warm.molar_flow(), flow);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct MolarFlow(f64);

impl MolarFlow {
    /// A molar flow in mol/s.
    #[must_use]
    pub const fn from_mol_per_s(mol_per_s: f64) -> Self {
        Self(mol_per_s)
    }

    /// In mol/s.
    #[must_use]
    pub const fn mol_per_s(self) -> f64 {
        self.0
    }

    /// As a gas volume flow counted at `at`.
    #[must_use]
    pub const fn gas_volume(self, at: ReferenceConditions) -> GasVolumeFlow {
        GasVolumeFlow { flow: self, at }
    }
}

/// A gas volume flow: a molar flow counted in cubic metres at reference conditions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GasVolumeFlow {
    flow: MolarFlow,
    at: ReferenceConditions,
}

impl GasVolumeFlow {
    /// So many billion cubic metres a year, counted at `at`.
    #[must_use]
    pub fn from_bcm_per_year(bcm_per_year: f64, at: ReferenceConditions) -> Self {
        let cubic_metres_per_s = bcm_per_year * 1e9 / super::SECONDS_PER_YEAR;
        Self { flow: MolarFlow(cubic_metres_per_s / at.molar_volume()), at }
    }

    /// In billion cubic metres a year at its own conditions.
    #[must_use]
    pub fn bcm_per_year(self) -> f64 {
        self.flow.0 * self.at.molar_volume() * super::SECONDS_PER_YEAR / 1e9
    }

    /// The molar flow.
    #[must_use]
    pub const fn molar_flow(self) -> MolarFlow {
        self.flow
    }

    /// The conditions it is counted at.
    #[must_use]
    pub const fn conditions(self) -> ReferenceConditions {
        self.at
    }
}

/// A heating value: heat per amount of gas, shown per cubic metre at reference conditions.
///
/// ```
/// use gaschain::quantity::{HeatingValue, ReferenceConditions};
/// let methane = HeatingValue::from_joules_per_mol(891_050.0, ReferenceConditions::AT_20_DEGC);
/// assert!((methane.megajoules_per_cubic_metre() - 37.042).abs() < 1e-3); // ideal gas
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HeatingValue {
    joules_per_mol: f64,
    at: ReferenceConditions,
}

impl HeatingValue {
    /// From heat per mole, shown per volume at `at`.
    #[must_use]
    pub const fn from_joules_per_mol(joules_per_mol: f64, at: ReferenceConditions) -> Self {
        Self { joules_per_mol, at }
    }

    /// In J/mol.
    #[must_use]
    pub const fn joules_per_mol(self) -> f64 {
        self.joules_per_mol
    }

    /// In MJ per ideal cubic metre at its conditions.
    #[must_use]
    pub fn megajoules_per_cubic_metre(self) -> f64 {
        self.joules_per_mol / self.at.molar_volume() / 1e6
    }
}

fn unit(name: &str) -> Unit {
    Unit::parse(name).unwrap_or(Unit::BARE)
}

fn gas_volume_unit(at: ReferenceConditions, name: &str) -> Option<Unit> {
    Unit::all().find(|unit| unit.conditions() == Some(at) && unit.to_string().starts_with(name))
}

impl From<MolarFlow> for Quantity {
    fn from(flow: MolarFlow) -> Self {
        Self::new(flow.0, Unit::MOL_PER_SECOND)
    }
}

impl From<GasVolumeFlow> for Quantity {
    /// In bcm/yr at the flow's conditions; in mol/s where files have no name for them.
    fn from(flow: GasVolumeFlow) -> Self {
        let unit = gas_volume_unit(flow.at, "bcm/yr").unwrap_or(Unit::MOL_PER_SECOND);
        Self::from_si(flow.flow.0, unit)
    }
}

impl From<HeatingValue> for Quantity {
    /// In MJ/m3 at its conditions; in J/mol where files have no name for them.
    fn from(heat: HeatingValue) -> Self {
        let unit = gas_volume_unit(heat.at, "MJ/m3").unwrap_or_else(|| unit("J/mol"));
        Self::from_si(heat.joules_per_mol, unit)
    }
}

impl TryFrom<Quantity> for MolarFlow {
    type Error = Error;
    fn try_from(quantity: Quantity) -> Result<Self, Error> {
        Ok(Self(quantity.to(Unit::MOL_PER_SECOND)?.value()))
    }
}

impl TryFrom<Quantity> for GasVolumeFlow {
    type Error = Error;
    fn try_from(quantity: Quantity) -> Result<Self, Error> {
        let at = quantity.unit().conditions().unwrap_or(ReferenceConditions::AT_20_DEGC);
        Ok(MolarFlow::try_from(quantity)?.gas_volume(at))
    }
}

impl TryFrom<Quantity> for HeatingValue {
    type Error = Error;
    fn try_from(quantity: Quantity) -> Result<Self, Error> {
        let at = quantity.unit().conditions().unwrap_or(ReferenceConditions::AT_20_DEGC);
        Ok(Self::from_joules_per_mol(quantity.to(unit("J/mol"))?.value(), at))
    }
}

macro_rules! uom_bridges {
    ($($type:ty, $si:ty, $name:literal;)*) => {$(
        impl From<$type> for Quantity {
            fn from(value: $type) -> Self {
                Self::new(value.get::<$si>(), unit($name))
            }
        }

        impl TryFrom<Quantity> for $type {
            type Error = Error;
            fn try_from(quantity: Quantity) -> Result<Self, Error> {
                Ok(<$type>::new::<$si>(quantity.to(unit($name))?.value()))
            }
        }
    )*};
}

uom_bridges! {
    Length, meter, "m";
    Pressure, pascal, "Pa";
    Power, watt, "W";
    MassRate, kilogram_per_second, "kg/s";
    ThermodynamicTemperature, kelvin, "K";
    Ratio, ratio, "";
    AvailableEnergy, joule_per_kilogram, "J/kg";
    MassDensity, kilogram_per_cubic_meter, "kg/m3";
}

#[cfg(test)]
mod tests {
    use super::*;
    use uom::si::{length::kilometer, pressure::megapascal};

    #[test]
    fn uom_types_go_in_and_out() {
        let line = Length::new::<kilometer>(803.5);
        let quantity = Quantity::from(line);
        assert!((quantity.si() - 803_500.0).abs() < 1e-6);
        assert_eq!(Length::try_from(quantity).unwrap(), line);
        let wrong = Pressure::try_from(quantity).unwrap_err();
        assert!(wrong.to_string().contains("is a length"), "{wrong}");
        let pressure: Quantity = "9.8 MPa".parse().unwrap();
        assert!((Pressure::try_from(pressure).unwrap().get::<megapascal>() - 9.8).abs() < 1e-12);
        let heat: Quantity = "14.1 GJ/t".parse().unwrap();
        let energy = AvailableEnergy::try_from(heat).unwrap();
        assert!((Quantity::from(energy).si() - 14.1e6).abs() < 1e-3);
        let density = MassDensity::try_from("0.75 kg/m3".parse::<Quantity>().unwrap()).unwrap();
        assert_eq!(Quantity::from(density).to_string(), "0.75 kg/m3");
    }

    #[test]
    fn a_gas_volume_keeps_its_conditions() {
        let flow = GasVolumeFlow::from_bcm_per_year(38.0, ReferenceConditions::AT_0_DEGC);
        let quantity = Quantity::from(flow);
        assert_eq!(quantity.unit().to_string(), "bcm/yr @ 0 degC");
        assert!((quantity.value() - 38.0).abs() < 1e-12);
        let back = GasVolumeFlow::try_from(quantity).unwrap();
        assert!((back.bcm_per_year() - 38.0).abs() < 1e-12);
        assert_eq!(back.conditions(), ReferenceConditions::AT_0_DEGC);
    }
}
