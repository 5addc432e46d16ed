//! A gas that asks GERG-2008 itself at each state: dense, near its critical point, or a liquid.

use super::gerg::{
    GAS_CONSTANT, GasError, Gerg2008, GergSpecies, HIGHEST_PRESSURE, Isothermal, Properties,
};
use super::viscosity::Viscosity;
use super::{Gas, GasState};
use crate::scalar::Scalar;

/// Temperatures between which it is a gas of lines, K: the equation goes further, but viscosity at
/// the density of a cold liquid means nothing.
const TEMPERATURES: [f64; 2] = [200.0, 500.0];

/// A gas of one composition whose every state is asked of [`Gerg2008`]: no table, and so every
/// single phase from 200 to 500 K and up to 70e6 Pa, dense ethane too. Viscosity is that of
/// [`NaturalGas`](super::NaturalGas), which goes to three times the critical density.
///
/// A state takes about 5e-6 s where that of [`NaturalGas`](super::NaturalGas) takes 0.15e-6 s, and
/// making the gas less. Of two densities that have the pressure it has that of the stable phase;
/// beyond the range temperature and pressure are held at its ends, so that every state is finite.
///
/// ```
/// use gaschain::gas::{Gas, EquationGas, GergSpecies, NaturalGas};
/// use gaschain::species::Slate;
///
/// let species = GergSpecies::new(&Slate::shipped().chosen(["ethane", "methane"])?);
/// let ethane = [99.0, 1.0];
/// let (pressure, temperature) = (8e6, 300.0); // Pa, K: denser than its table goes
/// assert!(!NaturalGas::gerg_2008(&species, &ethane)?.covers(pressure, temperature));
/// let gas = EquationGas::gerg_2008(&species, &ethane)?;
/// assert!(gas.covers(pressure, temperature));
/// assert_eq!(format!("{:.3}", gas.state(pressure, temperature).compressibility), "0.264");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EquationGas<S> {
    molar_mass: S,
    equation: Gerg2008<S>,
    viscosity: Viscosity<S>,
}

impl<S: Scalar> EquationGas<S> {
    /// A gas from the molar flows or fractions of its species, one a species of the slate; they
    /// are divided by their sum.
    ///
    /// # Errors
    /// A species that GERG-2008 does not know, a negative flow, nothing at all.
    pub fn gerg_2008(species: &GergSpecies, composition: &[S]) -> Result<Self, GasError> {
        let equation = Gerg2008::of(species, composition)?;
        let (molar_mass, _) = species.molar_mass_and_ideal(composition);
        let viscosity = Viscosity::of_gas(equation.mole_fractions());
        Ok(Self { molar_mass, equation, viscosity })
    }

    /// A density (mol/m3) over the critical one, as viscosity counts it.
    pub(crate) fn reduced_density(&self, density: S) -> S {
        self.viscosity.reduced_density(density)
    }

    /// Share of components for which viscosity was not held against a reference.
    pub(crate) const fn uncompared_viscosity(&self) -> S {
        self.viscosity.uncompared()
    }

    /// The equation, for what else it tells.
    pub fn equation(&self) -> &Gerg2008<S> {
        &self.equation
    }

    /// Whether a pressure (Pa) and temperature (K) lie in its range, and the equation has a stable
    /// density there.
    pub fn covers(&self, pressure: S, temperature: S) -> bool {
        let [coldest, hottest] = TEMPERATURES;
        if !(coldest..=hottest).contains(&temperature.value()) {
            return false;
        }
        let density = self.equation.density(pressure, temperature);
        density.is_ok_and(|density| self.equation.properties(density, temperature).is_ok())
    }
}

impl<S: Scalar> Gas<S> for EquationGas<S> {
    fn molar_mass(&self) -> S {
        self.molar_mass
    }

    fn state(&self, pressure: S, temperature: S) -> GasState<S> {
        let held = hold(temperature);
        let at = self.equation.at(held);
        let found = found(&at, pressure);
        let viscosity = |density: S| self.viscosity.at(density, held);
        match found {
            Some((density, state)) => GasState {
                compressibility: state.compressibility,
                heat_capacity: state.isobaric_heat_capacity,
                joule_thomson: state.joule_thomson,
                viscosity: viscosity(density),
            },
            None => GasState {
                compressibility: S::one(),
                heat_capacity: at.ideal_heat_capacity(),
                joule_thomson: S::zero(),
                viscosity: viscosity(S::zero()),
            },
        }
    }

    fn speed_of_sound(&self, pressure: S, temperature: S) -> S {
        let held = hold(temperature);
        let at = self.equation.at(held);
        match found(&at, pressure) {
            Some((_, state)) => state.speed_of_sound,
            None => {
                let (capacity, gas) = (at.ideal_heat_capacity(), S::from_f64(GAS_CONSTANT));
                (capacity / (capacity - gas) * gas * held / self.molar_mass).sqrt()
            }
        }
    }
}

/// A temperature, held at the ends of the range.
fn hold<S: Scalar>(temperature: S) -> S {
    let [coldest, hottest] = TEMPERATURES.map(S::from_f64);
    temperature.max(coldest).min(hottest)
}

/// Density and properties at a pressure, that held too; where there are none, which no state within
/// the range is known for, those at no pressure.
fn found<S: Scalar>(at: &Isothermal<'_, S>, pressure: S) -> Option<(S, Properties<S>)> {
    let pressure = pressure.max(S::zero()).min(S::from_f64(HIGHEST_PRESSURE));
    let there = |density| at.properties(density).map(|state| (density, state));
    at.density(pressure).and_then(there).or_else(|| there(S::zero()))
}
