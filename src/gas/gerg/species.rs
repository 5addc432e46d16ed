//! How the species of a slate are called in GERG-2008, and what share of a gas each component is.

use super::constants::{ALL, COMPONENTS};
use super::error::GasError;
use crate::gas::surface::{TEMPERATURES, node_temperatures};
use crate::scalar::Scalar;
use crate::species::Slate;

/// A share this little below zero is what rounding left, and counts as zero.
const ROUNDING: f64 = 1e-9;

/// How the species of a slate are called in GERG-2008; made once for a slate.
///
/// ```
/// use gaschain::gas::GergSpecies;
/// use gaschain::species::Slate;
/// let species = GergSpecies::new(&Slate::shipped());
/// assert!(species.unknown().any(|name| name == "ethylene"));
/// assert!(!species.unknown().any(|name| name == "helium"));
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct GergSpecies {
    species: Vec<OneSpecies>,
}

#[derive(Debug, Clone, PartialEq)]
struct OneSpecies {
    name: String,
    molar_mass: f64,
    component: Option<usize>,
    /// Heat capacity of the ideal gas at constant volume over R, at the temperatures of the nodes
    /// of a surface; that of a mixture is the sum over its shares.
    ideal: [f64; TEMPERATURES],
}

impl GergSpecies {
    /// Finds the species of a slate among the 21 components of GERG-2008, by name.
    #[must_use]
    pub fn new(slate: &Slate) -> Self {
        let component = |name: &str| ALL.iter().position(|one| one.names.contains(&name));
        let capacities = |component: usize| {
            node_temperatures()
                .map(|kelvin| ALL[component].ideal.at(1.0 / kelvin, Scalar::ln(kelvin)).capacity)
        };
        let species = slate
            .iter()
            .map(|one| {
                let component = component(&one.name);
                OneSpecies {
                    name: one.name.clone(),
                    molar_mass: one.molar_mass,
                    component,
                    ideal: component.map_or([0.0; TEMPERATURES], capacities),
                }
            })
            .collect();
        Self { species }
    }

    /// Species of the slate that GERG-2008 does not know.
    pub fn unknown(&self) -> impl Iterator<Item = &str> {
        self.species.iter().filter(|one| one.component.is_none()).map(|one| one.name.as_str())
    }

    /// Mole fractions of the components in a gas of these species.
    pub(super) fn shares<S: Scalar>(&self, composition: &[S]) -> Result<[S; COMPONENTS], GasError> {
        let (got, allowed) = (composition.len(), self.species.len());
        if got != allowed {
            return Err(GasError::WrongLength { got, allowed });
        }
        let species = self.species.iter().zip(composition);
        shares_of(species.map(|(one, &flow)| (one.name.as_str(), one.component, flow)))
    }

    /// Molar mass of a gas of these species, kg/mol, with the molar masses of the slate, and its
    /// heat capacity as an ideal gas at the nodes of a surface.
    pub(in crate::gas) fn molar_mass_and_ideal<S: Scalar>(
        &self,
        composition: &[S],
    ) -> (S, [S; TEMPERATURES]) {
        let total = composition.iter().fold(S::zero(), |sum, &flow| sum + flow);
        let (mut molar_mass, mut ideal) = (S::zero(), [S::zero(); TEMPERATURES]);
        for (one, &flow) in self.species.iter().zip(composition) {
            let share = flow.share_of(total).max(S::zero());
            molar_mass += share.scaled(one.molar_mass);
            for (sum, number) in ideal.iter_mut().zip(one.ideal) {
                *sum += share.scaled(number);
            }
        }
        (molar_mass, ideal)
    }
}

/// Mole fractions of the components from names, places and amounts.
pub(super) fn shares_of<'a, S: Scalar>(
    amounts: impl Iterator<Item = (&'a str, Option<usize>, S)> + Clone,
) -> Result<[S; COMPONENTS], GasError> {
    let total = amounts.clone().fold(S::zero(), |sum, (_, _, flow)| sum + flow);
    let mut shares = [S::zero(); COMPONENTS];
    let least = -ROUNDING * total.value().max(0.0);
    for (name, component, flow) in amounts {
        let share = flow.share_of(total);
        if !flow.value().is_finite() || flow.value() < least {
            return Err(GasError::NotAFlow { species: name.into(), got: flow.value() });
        }
        match component {
            Some(component) => shares[component] += share.max(S::zero()),
            None if share.value() > 0.0 => {
                let species = name.into();
                return Err(GasError::UnknownSpecies { species, share: share.value() });
            }
            None => {}
        }
    }
    if total.value() <= 0.0 {
        return Err(GasError::Nothing);
    }
    if !total.value().is_finite() {
        return Err(GasError::NoProperties);
    }
    Ok(shares)
}
