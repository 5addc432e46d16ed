//! Natural gas by GERG-2008: which species it knows, and a gas of one composition.

use super::surface::{self, DENSITIES, Nodes, Surface, TEMPERATURES};
use super::viscosity::Viscosity;
use super::{Gas, GasState};
use crate::scalar::Scalar;
use crate::species::Slate;
use aga8::composition::Composition;
use aga8::gerg2008::Gerg2008;

/// Components of GERG-2008, in the order the composition below lists them, each with the names
/// that a slate may give it.
const COMPONENTS: [&[&str]; 21] = [
    &["methane"],
    &["nitrogen"],
    &["carbon dioxide"],
    &["ethane"],
    &["propane"],
    &["isobutane"],
    &["n-butane"],
    &["isopentane"],
    &["n-pentane"],
    &["n-hexane", "hexane"],
    &["n-heptane", "heptane"],
    &["n-octane", "octane"],
    &["n-nonane", "nonane"],
    &["n-decane", "decane"],
    &["hydrogen"],
    &["oxygen"],
    &["carbon monoxide"],
    &["water"],
    &["hydrogen sulfide", "hydrogen sulphide"],
    &["helium"],
    &["argon"],
];

/// A share this little below zero is what rounding left, and counts as zero.
const ROUNDING: f64 = 1e-9;

/// Numbers that GERG-2008 is asked for: Z - 1 at every node.
const NUMBERS: usize = TEMPERATURES * DENSITIES;

/// Why a composition has no properties by GERG-2008.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum GasError {
    /// It holds a species that the equation does not know.
    #[error("{species} is {share} of the gas, and GERG-2008 does not know it")]
    UnknownSpecies {
        /// Name of the species.
        species: String,
        /// Its mole fraction.
        share: f64,
    },
    /// A flow is negative or not a number.
    #[error("{species} flows at {got}; allowed: a number not below zero")]
    NotAFlow {
        /// Name of the species.
        species: String,
        /// What was given.
        got: f64,
    },
    /// It holds nothing: no flow, no composition.
    #[error("the gas holds nothing, so it has no properties")]
    Nothing,
    /// It lists another number of species than the slate.
    #[error("the gas lists {got} species; the slate has {allowed}")]
    WrongLength {
        /// Number of species given.
        got: usize,
        /// Number of species of the slate.
        allowed: usize,
    },
    /// The equation gave numbers that are none, as for flows beyond what a sum can hold.
    #[error("GERG-2008 gives no properties for this gas")]
    NoProperties,
}

/// How the species of a slate are called in GERG-2008; made once for a slate.
///
/// ```
/// use gaschain::gas::GergSpecies;
/// use gaschain::species::Slate;
/// let species = GergSpecies::new(&Slate::shipped());
/// assert!(species.unknown().any(|name| name == "ethylene"));
/// assert!(!species.unknown().any(|name| name == "helium"));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct GergSpecies {
    species: Vec<OneSpecies>,
}

#[derive(Debug, Clone, PartialEq)]
struct OneSpecies {
    name: String,
    molar_mass: f64,
    component: Option<usize>,
    /// Heat capacity of the ideal gas at constant volume over R, at the temperatures of the
    /// nodes; that of a mixture is the sum over its shares.
    ideal: [f64; TEMPERATURES],
}

impl GergSpecies {
    /// Finds the species of a slate among the 21 components of GERG-2008, by name.
    #[must_use]
    pub fn new(slate: &Slate) -> Self {
        let species = slate
            .iter()
            .map(|one| {
                let component =
                    COMPONENTS.iter().position(|names| names.contains(&one.name.as_str()));
                OneSpecies {
                    name: one.name.clone(),
                    molar_mass: one.molar_mass,
                    component,
                    ideal: component.map_or([0.0; TEMPERATURES], ideal_heat_capacity),
                }
            })
            .collect();
        Self { species }
    }

    /// Species of the slate that GERG-2008 does not know.
    pub fn unknown(&self) -> impl Iterator<Item = &str> {
        self.species.iter().filter(|one| one.component.is_none()).map(|one| one.name.as_str())
    }
}

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
/// state is finite; [`NaturalGas::covers`] tells whether a state is within it. A gas that would
/// condense is not noticed.
///
/// Viscosity is, of each component as a dilute gas, that of Chapman and Enskog with the
/// Lennard-Jones parameters of Svehla (NASA TR R-132, 1962) and others, mixed as Davidson does (US
/// Bureau of Mines, RI 9456, 1993); what density adds to it is that of Jossi, Stiel and Thodos
/// (`AIChE` J. 8 (1962) 59). One model serves every gas, so that nothing jumps as hydrogen comes to
/// natural gas. From 255 to 350 K, up to 12e6 Pa and 9 mol/l it differs from reference equations of
/// pure gases by (that of Lee, Gonzalez and Eakin, which is fitted to natural gas, beside it)
///
/// | | | Lee, Gonzalez, Eakin |
/// |---|---|---|
/// | methane | -2.5 to +3.1 % | +0.5 to +5.1 % |
/// | ethane | -2.9 to +0.7 % | -7.1 to +3.5 % |
/// | propane, butanes | +0.5 to +1.4 % | -5.7 to +1.9 % |
/// | nitrogen | -1.9 to -0.2 % | -48 to -19 % |
/// | carbon dioxide | -1.2 to +4.3 % | -47 to +28 % |
/// | hydrogen | -0.8 to +0.3 % | +63 to +71 % |
/// | helium | -2.2 to +0.1 % | -30 to -26 % |
/// | oxygen, argon | -3.4 to 0 % | -64 to -7 % |
///
/// and from kinetic theory of dilute mixtures of hydrogen with methane, nitrogen, carbon dioxide
/// and ethane by no more than 2.5 %, of helium with methane 5 %. For natural gas it is within 3 % of
/// Lee, Gonzalez and Eakin up to 6 mol/l; with a fifth of hydrogen that is 7 % too high, with half
/// 14 %. Water, hydrogen sulfide, carbon monoxide, pentanes and heavier were not compared (as dilute
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
    viscosity: Viscosity<S>,
}

impl<S: Scalar> NaturalGas<S> {
    /// A gas from the molar flows or fractions of its species, one a species of the slate; they
    /// are divided by their sum. Asks GERG-2008 for 20 numbers (about 0.04 ms), and again for
    /// derivatives where the composition has some.
    ///
    /// # Errors
    /// A species that GERG-2008 does not know, a negative flow, nothing at all.
    pub fn gerg_2008(species: &GergSpecies, composition: &[S]) -> Result<Self, GasError> {
        let (got, allowed) = (composition.len(), species.species.len());
        if got != allowed {
            return Err(GasError::WrongLength { got, allowed });
        }
        let mut total = S::zero();
        for &flow in composition {
            total += flow;
        }
        let mut shares = [S::zero(); COMPONENTS.len()];
        let (mut molar_mass, mut ideal) = (S::zero(), [S::zero(); TEMPERATURES]);
        for (one, &flow) in species.species.iter().zip(composition) {
            let share = flow.share_of(total);
            let name = || one.name.clone();
            let least = -ROUNDING * total.value().max(0.0);
            if !flow.value().is_finite() || flow.value() < least {
                return Err(GasError::NotAFlow { species: name(), got: flow.value() });
            }
            match one.component {
                Some(component) => {
                    let share = share.max(S::zero());
                    shares[component] += share;
                    molar_mass += share.scaled(one.molar_mass);
                    for (sum, number) in ideal.iter_mut().zip(one.ideal) {
                        *sum += share.scaled(number);
                    }
                }
                None if share.value() > 0.0 => {
                    return Err(GasError::UnknownSpecies { species: name(), share: share.value() });
                }
                None => {}
            }
        }
        if total.value() <= 0.0 {
            return Err(GasError::Nothing);
        }
        let numbers = S::opaque(shares, tabulate);
        if numbers.iter().any(|number| !number.value().is_finite()) {
            return Err(GasError::NoProperties);
        }
        let nodes = Nodes {
            departure: std::array::from_fn(|row| {
                std::array::from_fn(|column| numbers[row * DENSITIES + column])
            }),
            ideal,
        };
        let viscosity = Viscosity::of_gas(&shares);
        Ok(Self { molar_mass, surface: Surface::through(&nodes), viscosity })
    }

    /// Molar density, mol/m3, at a pressure (Pa) and temperature (K).
    pub fn density(&self, pressure: S, temperature: S) -> S {
        self.surface.density(pressure, temperature)
    }

    /// Share of components for which viscosity was not held against a reference.
    pub(crate) const fn uncompared_viscosity(&self) -> S {
        self.viscosity.uncompared()
    }

    /// Whether a pressure (Pa) and temperature (K) lie where the gas is tabulated.
    pub fn covers(&self, pressure: S, temperature: S) -> bool {
        let [coldest, hottest] = surface::TABULATED;
        (coldest..=hottest).contains(&temperature.value())
            && pressure.value() >= 0.0
            && self.density(pressure, temperature).value() <= surface::HIGHEST_DENSITY
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
}

/// Z - 1 at every node, temperature by temperature: the equation keeps what depends on the
/// temperature alone.
fn tabulate(shares: [f64; COMPONENTS.len()]) -> [f64; NUMBERS] {
    let mut numbers = [f64::NAN; NUMBERS];
    let mut gerg = Gerg2008::new();
    if gerg.set_composition(&composition(&shares)).is_err() {
        return numbers;
    }
    let densities = surface::node_densities();
    let rows = numbers.chunks_exact_mut(DENSITIES).zip(surface::node_temperatures());
    for (row, temperature) in rows {
        gerg.t = temperature;
        for (number, density) in row.iter_mut().zip(densities) {
            gerg.d = density * 1e-3; // mol/l
            gerg.pressure();
            *number = gerg.z - 1.0;
        }
    }
    numbers
}

/// Heat capacity at constant volume over R of one component as an ideal gas, at the temperatures
/// of the nodes.
fn ideal_heat_capacity(component: usize) -> [f64; TEMPERATURES] {
    let mut shares = [0.0; COMPONENTS.len()];
    shares[component] = 1.0;
    let mut gerg = Gerg2008::new();
    if gerg.set_composition(&composition(&shares)).is_err() {
        return [f64::NAN; TEMPERATURES];
    }
    surface::node_temperatures().map(|temperature| {
        (gerg.t, gerg.d) = (temperature, 0.0);
        gerg.properties();
        gerg.cv / surface::GAS_CONSTANT
    })
}

fn composition(shares: &[f64; COMPONENTS.len()]) -> Composition {
    let &[
        methane,
        nitrogen,
        carbon_dioxide,
        ethane,
        propane,
        isobutane,
        n_butane,
        isopentane,
        n_pentane,
        hexane,
        heptane,
        octane,
        nonane,
        decane,
        hydrogen,
        oxygen,
        carbon_monoxide,
        water,
        hydrogen_sulfide,
        helium,
        argon,
    ] = shares;
    Composition {
        methane,
        nitrogen,
        carbon_dioxide,
        ethane,
        propane,
        isobutane,
        n_butane,
        isopentane,
        n_pentane,
        hexane,
        heptane,
        octane,
        nonane,
        decane,
        hydrogen,
        oxygen,
        carbon_monoxide,
        water,
        hydrogen_sulfide,
        helium,
        argon,
    }
}
