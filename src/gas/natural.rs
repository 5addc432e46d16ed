//! Natural gas as lines meet it: GERG-2008 tabulated for one composition.

use super::coverage::Coverage;
use super::gerg::{GAS_CONSTANT, GasError, Gerg2008, GergSpecies};
use super::surface::{self, Nodes, Surface};
use super::viscosity::{self, Viscosity};
use super::{Gas, GasState};
use crate::scalar::Scalar;

/// A natural gas of one composition.
///
/// Compressibility, heat capacity and Joule-Thomson coefficient are those of GERG-2008 (Kunz and
/// Wagner, J. Chem. Eng. Data 57 (2012) 3032; ISO 20765-2; AGA 8 part 2), tabulated once per
/// composition at 5 densities and 4 temperatures.
///
/// Range: 255 to 350 K, up to 9 mol/l (12e6 Pa at 263 K for the feeds of the shipped chain), one
/// phase. For those feeds, from 1e5 to 12e6 Pa, it differs from GERG-2008 itself by no more than
///
/// | | Z | heat capacity | Joule-Thomson coefficient |
/// |---|---|---|---|
/// | 263 to 333 K | 5e-5 | 2e-3 | 2e-3 |
/// | 255 to 350 K | 7e-5 | 4e-3 | 5e-3 |
///
/// (relative); for the five gases of AGA 8, from 273 to 333 K, Z by no more than 5e-5. Beyond the
/// range, the temperature is held at 235 and 400 K and the density at 9.9 mol/l, so that every
/// state is finite; [`NaturalGas::covers`] tells whether a state is within it. Where it says so, Z is
/// within 0.5 % of GERG-2008, heat capacity and Joule-Thomson coefficient (of 0.5 K/MPa at least)
/// within 5 %, of any gas: one that is near its critical point or condenses (ethane, carbon dioxide,
/// propane) is covered in part only, and [`EquationGas`](super::EquationGas) serves the rest. That a
/// mixture would split into two phases is for [`Gerg2008::condenses`] to tell.
///
/// Where it is known which sources a gas is a blend of, [`BlendedGas`](super::BlendedGas) gives the
/// same without asking the equation, Z to 1e-5 and better.
///
/// Viscosity is, of each component as a dilute gas, that of Chapman and Enskog with the
/// Lennard-Jones parameters of Svehla (NASA TR R-132, 1962) and others, mixed as Davidson does (US
/// Bureau of Mines, RI 9456, 1993); what density adds to it is that of Jossi, Stiel and Thodos
/// (`AIChE` J. 8 (1962) 59). One model serves every gas, so that nothing jumps as hydrogen comes to
/// natural gas. From 255 to 350 K, up to 12e6 Pa and 9 mol/l it differs from reference equations of
/// pure gases by
///
/// | | |
/// |---|---|
/// | methane | -2.5 to +3.1 % |
/// | ethane | -2.9 to +0.7 % |
/// | propane, butanes | +0.5 to +1.4 % |
/// | nitrogen | -1.9 to -0.2 % |
/// | carbon dioxide | -1.2 to +4.3 % |
/// | hydrogen | -0.8 to +0.3 % |
/// | helium | -2.2 to +0.1 % |
/// | oxygen, argon | -3.4 to 0 % |
///
/// and from kinetic theory of dilute mixtures of hydrogen with methane, nitrogen, carbon dioxide
/// and ethane by no more than 2.5 %, of helium with methane 5 %. Water, hydrogen sulfide, carbon monoxide, pentanes and heavier were not compared (as dilute
/// gases they are within 3 %, water 10 %): a line warns where they are more than a tenth of the gas.
///
/// ```
/// use gaschain::gas::{Gas, GergSpecies, NaturalGas};
/// use gaschain::species::Slate;
///
/// let slate = Slate::shipped().chosen(["methane", "ethane", "propane", "nitrogen"])?;
/// let species = GergSpecies::new(&slate);
/// let gas = NaturalGas::gerg_2008(&species, &[90.0, 5.0, 1.0, 4.0])?; // mol/s, or fractions
/// assert!((gas.molar_mass() - 0.017503).abs() < 1e-6); // kg/mol
///
/// let state = gas.state(9.8e6, 288.15); // Pa, K
/// assert_eq!(format!("{:.4}", state.compressibility), "0.8099");
/// assert_eq!(format!("{:.1}", state.heat_capacity), "53.0"); // J/(mol K)
/// assert_eq!(format!("{:.2}", state.joule_thomson * 1e6), "3.72"); // K/MPa
/// assert_eq!(format!("{:.1}", state.viscosity * 1e6), "13.8"); // 1e-6 Pa s
///
/// let low = gas.state(1.0, 288.15);
/// assert!((low.compressibility - 1.0).abs() < 1e-7); // an ideal gas at no pressure
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NaturalGas<S> {
    molar_mass: S,
    surface: Surface<S>,
    coverage: Coverage,
    viscosity: Viscosity<S>,
}

/// All numbers that a gas whose table is good everywhere is made of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Numbers<S> {
    /// Of the surface.
    pub residual: [[S; surface::DENSITIES]; surface::TEMPERATURES],
    /// Of the viscosity without density, and what density adds to it is in proportion to.
    pub dilute: [S; viscosity::NODES],
    pub scale: S,
    /// Of the heat capacity of the ideal gas.
    pub ideal: [S; surface::TEMPERATURES],
    /// Molar mass, critical molar volume, share of components whose viscosity was not compared.
    pub means: [S; 3],
}

impl<S: Scalar> NaturalGas<S> {
    /// A gas from the molar flows or fractions of its species, one a species of the slate; they
    /// are divided by their sum. Asks GERG-2008 for 20 numbers (5e-6 s), and holds the table
    /// against it where the gas is not far above its critical point (about 1e-4 s).
    ///
    /// # Errors
    /// A species that GERG-2008 does not know, a negative flow, nothing at all.
    pub fn gerg_2008(species: &GergSpecies, composition: &[S]) -> Result<Self, GasError> {
        let equation = Gerg2008::of(species, composition)?;
        let gas = Self::tabulated(species, &equation, composition)?;
        Ok(Self { coverage: Coverage::of(&equation, &gas.surface), ..gas })
    }

    /// The same of a gas so far above its critical point that its table is good everywhere; `None`
    /// for any other, and for what is no gas of GERG-2008.
    pub(super) fn good_everywhere(species: &GergSpecies, composition: &[S]) -> Option<Self> {
        let equation = Gerg2008::of(species, composition).ok()?;
        if !Coverage::is_whole(&equation) {
            return None;
        }
        Self::tabulated(species, &equation, composition).ok()
    }

    /// A gas whose table is taken to be good everywhere.
    fn tabulated(
        species: &GergSpecies,
        equation: &Gerg2008<S>,
        composition: &[S],
    ) -> Result<Self, GasError> {
        let (molar_mass, ideal) = species.molar_mass_and_ideal(composition);
        let departure =
            equation.departures(surface::node_temperatures(), surface::node_densities());
        if departure.iter().flatten().any(|number| !number.value().is_finite()) {
            return Err(GasError::NoProperties);
        }
        let surface = Surface::through(&Nodes { departure, ideal });
        let viscosity = Viscosity::of_gas(equation.mole_fractions());
        Ok(Self { molar_mass, surface, coverage: Coverage::WHOLE, viscosity })
    }

    /// A gas of these numbers, whose table is good everywhere.
    pub(super) const fn of_numbers(numbers: &Numbers<S>) -> Self {
        let [molar_mass, critical_volume, uncompared] = numbers.means;
        Self {
            molar_mass,
            surface: Surface::of(numbers.residual, numbers.ideal),
            coverage: Coverage::WHOLE,
            viscosity: Viscosity::of_numbers(
                numbers.dilute,
                critical_volume,
                numbers.scale,
                uncompared,
            ),
        }
    }

    /// Z at the nodes of its table.
    pub(super) fn compressibilities(&self) -> [[S; surface::DENSITIES]; surface::TEMPERATURES] {
        self.surface.at_nodes()
    }

    /// Viscosity (Pa s) at a density (mol/m3) and temperature (K).
    pub(super) fn viscosity(&self, density: S, temperature: S) -> S {
        self.viscosity.at(density, temperature)
    }

    /// What it is made of.
    pub(super) const fn numbers(&self) -> Numbers<S> {
        let (residual, ideal) = self.surface.numbers();
        let (dilute, critical_volume, scale, uncompared) = self.viscosity.numbers();
        let means = [self.molar_mass, critical_volume, uncompared];
        Numbers { residual, dilute, scale, ideal, means }
    }

    /// Molar density, mol/m3, at a pressure (Pa) and temperature (K).
    pub fn density(&self, pressure: S, temperature: S) -> S {
        self.surface.density(pressure, temperature)
    }

    /// A density (mol/m3) over the critical one, as viscosity counts it.
    pub(crate) fn reduced_density(&self, density: S) -> S {
        self.viscosity.reduced_density(density)
    }

    /// Share of components for which viscosity was not held against a reference.
    pub(crate) const fn uncompared_viscosity(&self) -> S {
        self.viscosity.uncompared()
    }

    /// Not above zero only where the gas is tabulated at a pressure (Pa), a temperature (K) and the
    /// compressibility factor that it has there: within the temperatures of the table, and not denser
    /// than it is good for at any of them. In numbers of any kind, and on the safe side of
    /// [`NaturalGas::covers`].
    pub(crate) fn beyond(&self, pressure: S, temperature: S, compressibility: S) -> S {
        let [coldest, hottest] = surface::TABULATED.map(S::from_f64);
        // a factor below zero, as where nothing is solved, makes no pressure low enough
        let densest =
            (compressibility * temperature).scaled(GAS_CONSTANT * self.coverage.densest());
        let denser = pressure - densest;
        // no pressure below zero has a density
        (coldest - temperature).max(temperature - hottest).max(denser).max(-pressure)
    }

    /// Whether the gas is tabulated at a pressure (Pa) and temperature (K): within 255 to 350 K, at a
    /// density that has the pressure and is not above 9 mol/l, and, of a gas that is near its
    /// critical point or condenses, not above the density to which its table is good.
    pub fn covers(&self, pressure: S, temperature: S) -> bool {
        let (pressure, kelvin) = (pressure.value(), temperature.value());
        let density = self.surface.solved_density(pressure, kelvin);
        density.is_some_and(|density| self.coverage.has(density, kelvin))
    }
}

impl<S: Scalar> Gas<S> for NaturalGas<S> {
    fn molar_mass(&self) -> S {
        self.molar_mass
    }

    fn state(&self, pressure: S, temperature: S) -> GasState<S> {
        let viscosity = |density, temperature| self.viscosity.at(density, temperature);
        self.surface.state(pressure, temperature, viscosity)
    }

    #[inline]
    fn state_near(&self, compressibility: S, pressure: S, temperature: S) -> GasState<S> {
        let viscosity = |density, temperature| self.viscosity.at(density, temperature);
        self.surface.state_near(compressibility, pressure, temperature, viscosity)
    }

    fn state_with_slopes(
        &self,
        compressibility: S,
        pressure: S,
        temperature: S,
    ) -> (GasState<S>, [GasState<S>; 2]) {
        let viscosity = |density, temperature| self.viscosity.with_slopes(density, temperature);
        self.surface.state_with_slopes(compressibility, pressure, temperature, viscosity)
    }

    fn compressibility(&self, pressure: S, temperature: S) -> S {
        self.surface.compressibility(pressure, temperature)
    }

    fn speed_of_sound(&self, pressure: S, temperature: S) -> S {
        (self.surface.sound(pressure, temperature) / self.molar_mass).sqrt()
    }
}
