//! GERG-2008 for a gas of one composition: its pressure and every property at a density and
//! temperature, its density at a pressure and temperature.

use super::constants::{ALL, COMPONENTS, Powers};
use super::density;
use super::error::{GasError, GasStateError};
use super::fugacity;
use super::ideal::{GAS_CONSTANT, IdealPart, REFERENCE_PRESSURE, REFERENCE_TEMPERATURE};
use super::isotherm::Isotherm;
use super::mixture::{Mixture, counts};
use super::species::{GergSpecies, shares_of};
use crate::scalar::Scalar;

/// Temperatures that the equation was made for, K: its extended range of validity.
pub(super) const TEMPERATURES: [f64; 2] = [60.0, 700.0];

/// The highest pressure that it was made for, Pa.
pub(in crate::gas) const HIGHEST_PRESSURE: f64 = 70e6;

/// Density that no gas or liquid of the components reaches, mol/m3: water at room conditions has
/// 55,500, helium at its melting point 58,000.
const DENSEST: f64 = 1e5;

/// The GERG-2008 equation of state for a gas of one composition.
///
/// O. Kunz and W. Wagner, J. Chem. Eng. Data 57 (2012) 3032 (AGA 8 part 2, ISO 20765-2): the
/// Helmholtz energy of 21 components and all their mixtures, in a gas, a liquid and beyond both,
/// and all properties as its derivatives. Range: 60 to 700 K, up to 70e6 Pa (its extended range;
/// 90 to 450 K and 35e6 Pa is that of its stated errors: 0.1 % of density and speed of sound of
/// natural gases, 1 to 2 % of their heat capacities).
///
/// Enthalpy and entropy count from those of the pure components as ideal gases at 298.15 K and
/// 101,325 Pa, which are zero (the reference state of ISO 20765-2 and of NIST's code); the entropy
/// of a mixture so includes that of mixing.
///
/// Made once of a composition (some 1e-6 s); a temperature costs about as much again, and a density
/// at a temperature less. The same bits on every machine. With numbers that carry a derivative the
/// derivatives are exact, with composition, too; only that of entropy with a component that begins
/// to be there is infinite, and left out.
///
/// ```
/// use gaschain::gas::Gerg2008;
/// // methane 90 %, nitrogen 4 %, ethane 6 %, in the order of Gerg2008::components
/// let gas = Gerg2008::new(&[
///     90.0, 4.0, 0.0, 6.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
///     0.0, 0.0,
/// ])?;
/// let density = gas.density(9.8e6, 288.15)?; // Pa, K
/// let state = gas.properties(density, 288.15)?; // mol/m3, K
/// assert!((state.pressure / 9.8e6 - 1.0).abs() < 1e-12);
/// assert_eq!(format!("{:.4}", state.compressibility), "0.8134");
/// assert_eq!(format!("{:.1}", state.isobaric_heat_capacity), "52.4"); // J/(mol K)
/// assert_eq!(format!("{:.1}", state.speed_of_sound), "411.5"); // m/s
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gerg2008<S> {
    mixture: Mixture<S>,
}

/// What GERG-2008 says of a gas at one density and temperature.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Properties<S> {
    /// Pressure p, Pa.
    pub pressure: S,
    /// Compressibility factor Z = p / (rho R T).
    pub compressibility: S,
    /// dp/d rho at constant temperature, J/mol.
    pub pressure_by_density: S,
    /// d2p/d rho2 at constant temperature, J m3/mol2.
    pub pressure_by_density_twice: S,
    /// dp/dT at constant density, Pa/K.
    pub pressure_by_temperature: S,
    /// d2p/(d rho dT), J/(mol K).
    pub pressure_by_density_and_temperature: S,
    /// Helmholtz energy, J/mol.
    pub helmholtz_energy: S,
    /// Gibbs energy, J/mol.
    pub gibbs_energy: S,
    /// Internal energy, J/mol.
    pub internal_energy: S,
    /// Enthalpy, J/mol.
    pub enthalpy: S,
    /// Entropy, J/(mol K); infinite at no density.
    pub entropy: S,
    /// Heat capacity at constant volume, J/(mol K).
    pub isochoric_heat_capacity: S,
    /// Heat capacity at constant pressure, J/(mol K).
    pub isobaric_heat_capacity: S,
    /// Speed of sound, m/s.
    pub speed_of_sound: S,
    /// Joule-Thomson coefficient (dT/dp at constant enthalpy), K/Pa.
    pub joule_thomson: S,
    /// Isentropic exponent: rho/p times dp/d rho at constant entropy.
    pub isentropic_exponent: S,
}

impl<S: Scalar> Gerg2008<S> {
    /// A gas from the amounts of all 21 components, in the order of [`Gerg2008::components`]; they
    /// are divided by their sum.
    ///
    /// # Errors
    /// An amount below zero or not finite, nothing at all.
    pub fn new(amounts: &[S; COMPONENTS]) -> Result<Self, GasError> {
        let amounts = amounts.iter().zip(&ALL).enumerate();
        let named = amounts.map(|(place, (&amount, one))| (one.names[0], Some(place), amount));
        Ok(Self { mixture: Mixture::of(shares_of(named)?) })
    }

    /// A gas from the molar flows or fractions of the species of a slate, one a species; they are
    /// divided by their sum.
    ///
    /// # Errors
    /// A species that GERG-2008 does not know, an amount below zero or not finite, nothing at all.
    pub fn of(species: &GergSpecies, composition: &[S]) -> Result<Self, GasError> {
        Ok(Self { mixture: Mixture::of(species.shares(composition)?) })
    }

    /// Names of the components, in the order that [`Gerg2008::new`] takes them.
    #[must_use]
    pub fn components() -> impl ExactSizeIterator<Item = &'static str> {
        ALL.iter().map(|component| component.names[0])
    }

    /// Mole fractions of the components.
    pub fn mole_fractions(&self) -> &[S; COMPONENTS] {
        &self.mixture.shares
    }

    /// Molar mass, kg/mol.
    pub fn molar_mass(&self) -> S {
        self.mixture.molar_mass
    }

    /// Pressure, Pa, at a density (mol/m3) and temperature (K): that of one phase of the
    /// composition, stable or not, so that it may fall with density and be below zero.
    ///
    /// # Errors
    /// A temperature outside 60 to 700 K, a density that is none.
    pub fn pressure(&self, density: S, temperature: S) -> Result<S, GasStateError> {
        judged(density, temperature)?;
        let delta = density / self.mixture.reducing_density;
        let z = S::one() + self.isotherm::<1>(temperature).departure(delta);
        Ok(density * temperature.scaled(GAS_CONSTANT) * z)
    }

    /// Density, mol/m3, of one phase at a pressure (Pa) and temperature (K).
    ///
    /// Below its critical point a gas has two: that of a gas, reached from no density upwards, and
    /// that of a liquid, reached from high densities down. Where only one of them has the pressure
    /// it is the answer, where both have it the one with the lower Gibbs energy: the stable one of
    /// a pure component. That a mixture of this density would not rather split into two phases is
    /// not judged.
    ///
    /// # Errors
    /// A temperature outside 60 to 700 K, a pressure outside 0 to 70e6 Pa; no density at which the
    /// phase is stable against its own compression.
    pub fn density(&self, pressure: S, temperature: S) -> Result<S, GasStateError> {
        judged(S::zero(), temperature)?;
        GasStateError::unless_within("pressure, Pa", pressure.value(), [0.0, HIGHEST_PRESSURE])?;
        let isotherm = self.isotherm::<1>(temperature);
        self.mixture.density(&isotherm, pressure, temperature).ok_or(GasStateError::NoDensity {
            pressure: pressure.value(),
            temperature: temperature.value(),
        })
    }

    /// Every property at a density (mol/m3) and temperature (K).
    ///
    /// # Errors
    /// A temperature outside 60 to 700 K, a density that is none, or one whose pressure does not
    /// rise with density: there is no such gas.
    pub fn properties(&self, density: S, temperature: S) -> Result<Properties<S>, GasStateError> {
        judged(density, temperature)?;
        self.at(temperature).properties(density).ok_or(GasStateError::Unstable {
            density: density.value(),
            temperature: temperature.value(),
        })
    }

    /// Logarithms of the fugacity coefficients of all 21 components at a density (mol/m3) and
    /// temperature (K), in the order of [`Gerg2008::components`]: of one that is not there, what it
    /// would be in a trace. The fugacity of a component is its mole fraction times its coefficient
    /// times the pressure, and the same in all phases that are in equilibrium.
    ///
    /// # Errors
    /// A temperature outside 60 to 700 K, a density that is none, or one at which the pressure is
    /// not above zero.
    ///
    /// ```
    /// use gaschain::gas::Gerg2008;
    /// let mut amounts = [0.0; 21];
    /// (amounts[0], amounts[4]) = (0.9, 0.1); // methane and propane
    /// let gas = Gerg2008::new(&amounts)?;
    /// let logs = gas.log_fugacity_coefficients(gas.density(5e6, 290.0)?, 290.0)?;
    /// assert_eq!(format!("{:.3} {:.3}", logs[0], logs[4]), "-0.089 -0.583");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn log_fugacity_coefficients(
        &self,
        density: S,
        temperature: S,
    ) -> Result<[S; COMPONENTS], GasStateError> {
        judged(density, temperature)?;
        let delta = density / self.mixture.reducing_density;
        let tau = self.mixture.reducing_temperature / temperature;
        let powers = Powers::of(tau);
        let isotherm = Isotherm::<S, 3>::of(&self.mixture, &powers);
        fugacity::log_coefficients(&self.mixture, &isotherm, &powers, delta).ok_or(
            GasStateError::Unstable { density: density.value(), temperature: temperature.value() },
        )
    }

    /// Z - 1 at temperatures (K) and densities (mol/m3).
    pub(in crate::gas) fn departures<const T: usize, const D: usize>(
        &self,
        temperatures: [f64; T],
        densities: [f64; D],
    ) -> [[S; D]; T] {
        let reduced = densities.map(|one| S::from_f64(one) / self.mixture.reducing_density);
        temperatures.map(|temperature| {
            let isotherm = self.isotherm::<1>(S::from_f64(temperature));
            reduced.map(|delta| isotherm.departure(delta))
        })
    }

    /// What the equation is at a temperature, K, for any number of densities.
    pub(in crate::gas) fn at(&self, temperature: S) -> Isothermal<'_, S> {
        Isothermal {
            mixture: &self.mixture,
            temperature,
            isotherm: self.isotherm(temperature),
            ideal: self.mixture.ideal(temperature),
        }
    }

    /// The same of plain numbers.
    pub(in crate::gas) fn plain(&self) -> Gerg2008<f64> {
        Gerg2008 { mixture: Mixture::of(self.mixture.shares.map(Scalar::value)) }
    }

    /// mol/m3.
    pub(super) fn reducing_density(&self) -> S {
        self.mixture.reducing_density
    }

    /// K.
    pub(in crate::gas) fn reducing_temperature(&self) -> S {
        self.mixture.reducing_temperature
    }

    fn isotherm<const ORDERS: usize>(&self, temperature: S) -> Isotherm<S, ORDERS> {
        let tau = self.mixture.reducing_temperature / temperature;
        Isotherm::of(&self.mixture, &Powers::of(tau))
    }
}

/// GERG-2008 at one temperature.
#[derive(Debug)]
pub(in crate::gas) struct Isothermal<'m, S> {
    mixture: &'m Mixture<S>,
    temperature: S,
    isotherm: Isotherm<S, 3>,
    ideal: IdealPart<S>,
}

impl<S: Scalar> Isothermal<'_, S> {
    /// The density, mol/m3, of the stable phase at a pressure, Pa, if there is one.
    pub fn density(&self, pressure: S) -> Option<S> {
        self.mixture.density(&self.isotherm, pressure, self.temperature)
    }

    /// Heat capacity at constant pressure without a density, J/(mol K).
    pub fn ideal_heat_capacity(&self) -> S {
        (self.ideal.capacity + S::one()).scaled(GAS_CONSTANT)
    }

    /// Every property at a density, mol/m3; `None` where pressure does not rise with it.
    pub fn properties(&self, density: S) -> Option<Properties<S>> {
        let Self { mixture, temperature, isotherm, ideal } = self;
        let delta = density / mixture.reducing_density;
        let factors = isotherm.factors(delta);
        // delta d/d delta of alpha_r once, twice, three times; with tau d/d tau; all over delta
        let [a, a_d, a_dd, a_ddd] = isotherm.derivatives::<4>(0, &factors);
        let [a_t, a_td, a_tdd] = isotherm.derivatives::<3>(1, &factors);
        let [a_tt] = isotherm.derivatives::<1>(2, &factors);

        let one = S::one();
        let r = S::from_f64(GAS_CONSTANT);
        let rt = r * *temperature;
        let z = one + delta * a_d;
        let stiffness = one + delta * (a_d + a_dd);
        let spread = z - delta * a_td;
        let reference = REFERENCE_PRESSURE / (GAS_CONSTANT * REFERENCE_TEMPERATURE);
        let helmholtz = density.scaled(1.0 / reference).ln() + ideal.value + delta * a;
        let energy = ideal.energy + delta * a_t;
        let isochoric = ideal.capacity - delta * a_tt;
        let isobaric = isochoric + spread * spread / stiffness;
        if !(stiffness.value() > 0.0 && isochoric.value() > 0.0 && isobaric.value() > 0.0) {
            return None;
        }
        let squared = rt * stiffness * isobaric / (isochoric * mixture.molar_mass);
        // per density, where delta alone would be lost at none
        let cooling = -(a_dd + a_td) / mixture.reducing_density;
        Some(Properties {
            pressure: density * rt * z,
            compressibility: z,
            pressure_by_density: rt * stiffness,
            pressure_by_density_twice: rt * (a_dd + a_ddd) / mixture.reducing_density,
            pressure_by_temperature: density * r * spread,
            pressure_by_density_and_temperature: r * (stiffness - delta * (a_td + a_tdd)),
            helmholtz_energy: rt * helmholtz,
            gibbs_energy: rt * (helmholtz + z),
            internal_energy: rt * energy,
            enthalpy: rt * (energy + z),
            entropy: r * (energy - helmholtz),
            isochoric_heat_capacity: r * isochoric,
            isobaric_heat_capacity: r * isobaric,
            speed_of_sound: squared.sqrt(),
            joule_thomson: cooling / (stiffness * isobaric * r),
            isentropic_exponent: stiffness * isobaric / (isochoric * z),
        })
    }
}

impl<S: Scalar> Mixture<S> {
    /// The density, mol/m3, of the stable phase.
    fn density<const ORDERS: usize>(
        &self,
        isotherm: &Isotherm<S, ORDERS>,
        pressure: S,
        temperature: S,
    ) -> Option<S> {
        let ideal = pressure / (temperature * self.reducing_density).scaled(GAS_CONSTANT);
        let hot = temperature.value() / self.reducing_temperature.value();
        density::solve(isotherm, ideal, hot).map(|delta| delta * self.reducing_density)
    }

    /// The ideal part of all that is there, but for the logarithm of the density over that of the
    /// reference state.
    fn ideal(&self, temperature: S) -> IdealPart<S> {
        let (inverse, logarithm) = (S::one() / temperature, temperature.ln());
        let zero = S::zero();
        let mut sum = IdealPart { value: zero, energy: zero, capacity: zero };
        for (component, &share) in ALL.iter().zip(&self.shares) {
            if counts(share) {
                let part = component.ideal.at(inverse, logarithm);
                sum.value += share * part.value;
                sum.energy += share * part.energy;
                sum.capacity += share * part.capacity;
                if share.value() > 0.0 {
                    sum.value += share * share.ln();
                }
            }
        }
        sum
    }
}

/// Refuses what is no density or temperature of the equation.
fn judged<S: Scalar>(density: S, temperature: S) -> Result<(), GasStateError> {
    GasStateError::unless_within("temperature, K", temperature.value(), TEMPERATURES)?;
    GasStateError::unless_within("density, mol/m3", density.value(), [0.0, DENSEST])
}
