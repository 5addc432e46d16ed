//! What can be measured of a stream: volume, mass, moles, energy, one species, a fraction.
//!
//! Every measure is a ratio of two sums over the species, `sum(w_i n_i) / sum(d_i n_i)`; a flow
//! has no denominator. That is what lets a limit on any of them be held in closed form.

use crate::fault::FaultKind;
use crate::quantity::{Dimension, Unit};
use crate::scalar::Scalar;
use crate::species::Slate;

/// A quantity of a stream, as result addresses and limits name it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Measure {
    /// Molar flow as a gas volume flow; of one species where named (`volume.helium`).
    Volume(Option<String>),
    /// Mass flow; of one species where named (`mass.ethane`).
    Mass(Option<String>),
    /// Molar flow; of one species where named (`moles.helium`).
    Moles(Option<String>),
    /// Net (lower) heat of combustion at 25 degC.
    Energy,
    /// Gross (higher) heat of combustion at 25 degC.
    GrossEnergy,
    /// Mole fraction of a species (`mole_fraction.helium`).
    MoleFraction(String),
    /// Mass fraction of a species (`mass_fraction.ethane`).
    MassFraction(String),
    /// Gross heat of combustion at 20 degC per ideal gas volume at 20 degC.
    GrossHeat,
    /// Net heat of combustion at 20 degC per ideal gas volume at 20 degC.
    NetHeat,
}

/// Names of all measures, with what follows the dot where one does.
const NAMES: [(&str, bool); 9] = [
    ("volume", false),
    ("mass", false),
    ("moles", false),
    ("energy", false),
    ("gross_energy", false),
    ("mole_fraction", true),
    ("mass_fraction", true),
    ("gross_heat", false),
    ("net_heat", false),
];

impl Measure {
    /// Reads `volume`, `volume.helium`, `mole_fraction.helium` ...
    ///
    /// # Errors
    /// An unknown measure or species, with the nearest names.
    pub fn parse(text: &str, slate: &Slate) -> Result<Self, FaultKind> {
        let (name, species) = match text.split_once('.') {
            Some((name, species)) => (name, Some(species)),
            None => (text, None),
        };
        let known = NAMES.iter().find(|(candidate, _)| *candidate == name);
        let Some((_, needs_species)) = known else {
            return Err(FaultKind::unknown("quantity", name, NAMES.iter().map(|(name, _)| name)));
        };
        if let Some(species) = species
            && slate.index(species).is_none()
        {
            return Err(FaultKind::unknown("species", species, slate.names()));
        }
        let species = species.map(str::to_owned);
        match (name, species) {
            ("volume", species) => Ok(Self::Volume(species)),
            ("mass", species) => Ok(Self::Mass(species)),
            ("moles", species) => Ok(Self::Moles(species)),
            ("mole_fraction", Some(species)) => Ok(Self::MoleFraction(species)),
            ("mass_fraction", Some(species)) => Ok(Self::MassFraction(species)),
            ("energy", None) => Ok(Self::Energy),
            ("gross_energy", None) => Ok(Self::GrossEnergy),
            ("gross_heat", None) => Ok(Self::GrossHeat),
            ("net_heat", None) => Ok(Self::NetHeat),
            (name, _) => Err(FaultKind::Unreadable {
                got: text.to_owned(),
                allowed: if *needs_species {
                    format!("{name}.<species>, such as {name}.methane")
                } else {
                    format!("{name} without a species")
                },
            }),
        }
    }

    /// What dimension a number of this measure has.
    #[must_use]
    pub const fn dimension(&self) -> Dimension {
        match self {
            Self::Volume(_) | Self::Moles(_) => Dimension::MolarFlow,
            Self::Mass(_) => Dimension::MassFlow,
            Self::Energy | Self::GrossEnergy => Dimension::Power,
            Self::MoleFraction(_) | Self::MassFraction(_) => Dimension::Fraction,
            Self::GrossHeat | Self::NetHeat => Dimension::VolumetricHeat,
        }
    }

    /// The unit results are given in: bcm/yr, Mt/yr, mol/s, PJ/yr, a fraction, MJ/m3.
    #[must_use]
    pub const fn unit(&self) -> Unit {
        match self {
            Self::Volume(_) => Unit::BCM_PER_YEAR,
            Self::Moles(_) => Unit::MOL_PER_SECOND,
            Self::Mass(_) => Unit::MEGATONNE_PER_YEAR,
            Self::Energy | Self::GrossEnergy => Unit::PETAJOULE_PER_YEAR,
            Self::MoleFraction(_) | Self::MassFraction(_) => Unit::BARE,
            Self::GrossHeat | Self::NetHeat => Unit::MEGAJOULE_PER_CUBIC_METRE,
        }
    }

    /// Whether it is a quality of the stream (a fraction, a heating value) rather than a flow.
    #[must_use]
    pub const fn is_quality(&self) -> bool {
        matches!(
            self,
            Self::MoleFraction(_) | Self::MassFraction(_) | Self::GrossHeat | Self::NetHeat
        )
    }

    /// The weights of its two sums over `slate`, in SI.
    pub(crate) fn weights(&self, slate: &Slate) -> Weights {
        let n = slate.len();
        let ones = || vec![1.0; n];
        let mass = || slate.molar_masses().to_vec();
        let only = |weights: Vec<f64>, species: &Option<String>| match species {
            None => weights,
            Some(name) => {
                let index = slate.index(name);
                weights
                    .into_iter()
                    .enumerate()
                    .map(|(i, weight)| if Some(i) == index { weight } else { 0.0 })
                    .collect()
            }
        };
        let heats = |heat: fn(&crate::species::Species) -> Option<f64>| {
            let heats: Vec<Option<f64>> = slate.iter().map(heat).collect();
            let lacking = heats.iter().map(Option::is_none).collect();
            (heats.into_iter().map(|heat| heat.unwrap_or(0.0)).collect(), lacking)
        };
        let known = vec![false; n];
        match self {
            Self::Volume(species) | Self::Moles(species) => {
                Weights { numerator: only(ones(), species), denominator: None, lacking: known }
            }
            Self::Mass(species) => {
                Weights { numerator: only(mass(), species), denominator: None, lacking: known }
            }
            Self::Energy => {
                let (numerator, lacking) = heats(crate::species::Species::net_heat_25);
                Weights { numerator, denominator: None, lacking }
            }
            Self::GrossEnergy => {
                let (numerator, lacking) = heats(|species| species.gross_heat_25);
                Weights { numerator, denominator: None, lacking }
            }
            Self::MoleFraction(species) => Weights {
                numerator: only(ones(), &Some(species.clone())),
                denominator: Some(ones()),
                lacking: known,
            },
            Self::MassFraction(species) => Weights {
                numerator: only(mass(), &Some(species.clone())),
                denominator: Some(mass()),
                lacking: known,
            },
            Self::GrossHeat => {
                let (numerator, lacking) = heats(|species| species.gross_heat_20);
                Weights { numerator, denominator: Some(ones()), lacking }
            }
            Self::NetHeat => {
                let (numerator, lacking) = heats(crate::species::Species::net_heat_20);
                Weights { numerator, denominator: Some(ones()), lacking }
            }
        }
    }

    /// Every measure that a result address can end in, for listing addresses.
    #[must_use]
    pub fn listed(slate: &Slate) -> Vec<Self> {
        let mut all = vec![
            Self::Volume(None),
            Self::Mass(None),
            Self::Moles(None),
            Self::Energy,
            Self::GrossEnergy,
            Self::GrossHeat,
            Self::NetHeat,
        ];
        all.extend(slate.names().map(|name| Self::MoleFraction(name.to_owned())));
        all
    }
}

impl std::fmt::Display for Measure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (name, species) = match self {
            Self::Volume(species) => ("volume", species.as_deref()),
            Self::Mass(species) => ("mass", species.as_deref()),
            Self::Moles(species) => ("moles", species.as_deref()),
            Self::Energy => ("energy", None),
            Self::GrossEnergy => ("gross_energy", None),
            Self::MoleFraction(species) => ("mole_fraction", Some(species.as_str())),
            Self::MassFraction(species) => ("mass_fraction", Some(species.as_str())),
            Self::GrossHeat => ("gross_heat", None),
            Self::NetHeat => ("net_heat", None),
        };
        match species {
            Some(species) => write!(f, "{name}.{species}"),
            None => f.write_str(name),
        }
    }
}

/// The two weighted sums that a measure is the ratio of.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Weights {
    pub numerator: Vec<f64>,
    pub denominator: Option<Vec<f64>>,
    /// Species whose weight is not known: a stream that holds one has no such measure.
    pub lacking: Vec<bool>,
}

impl Weights {
    /// Numerator and denominator (1 for a flow) of a stream.
    pub fn sums<S: Scalar>(&self, stream: &[S]) -> (S, S) {
        let denominator =
            self.denominator.as_ref().map_or_else(S::one, |weights| dot(weights, stream));
        (dot(&self.numerator, stream), denominator)
    }

    /// The measure of a stream; `None` for a quality of a zero stream and where a species in it
    /// lacks the datum.
    pub fn of(&self, stream: &[f64]) -> Option<f64> {
        let lacks = stream.iter().zip(&self.lacking).any(|(flow, lacking)| *lacking && *flow > 0.0);
        let (numerator, denominator) = self.sums(stream);
        (!lacks && denominator > 0.0).then(|| numerator / denominator)
    }
}

fn dot<S: Scalar>(weights: &[f64], stream: &[S]) -> S {
    let mut sum = S::zero();
    for (weight, flow) in weights.iter().zip(stream) {
        sum += flow.scaled(*weight);
    }
    sum
}
