//! What can be measured of a stream: volume, mass, moles, energy, one species, a fraction, its
//! quality as a gas.
//!
//! *In:* a measure's name and a stream. *Out:* a number with its unit, or none. *Order:* `property`
//! are the qualities of a gas, [`Measure`] all that can be asked for, `load` a measure as a limit
//! needs it: over any scalar, with the whole that a fraction is a part of.
//!
//! Most measures are a ratio of two sums over the species, `sum(w_i n_i) / sum(d_i n_i)`; a flow
//! has no denominator. That is what lets a limit on any of them be held in closed form. Qualities
//! of a real gas are not: its compressibility is in them.

mod load;
mod property;

pub(crate) use load::PortLoad;
pub use property::{Property, References};

use crate::error::Error;
use crate::fault::FaultKind;
use crate::param::{Basis, unfit_unit};
use crate::quantity::{Dimension, Meaning, Unit, Wanted};
use crate::species::{ReferenceTemperature, Slate, Species};
use load::{QualityLoad, Weights};

/// A quantity of a stream, as result addresses and limits name it.
///
/// Where a species can be named, so can all species with at least so many carbon atoms: `C5+`,
/// pentanes and heavier.
///
/// `volume` (`ideal_volume` is the same) counts cubic metres of ideal gas, whatever the unit, so that
/// moles, volumes and shares add up; `real_volume` those that a meter counts, which for natural gas
/// at 20 degC are 0.2 % fewer. The address says which, never a unit.
///
/// ```
/// use gaschain::measure::Measure;
/// let solved = gaschain::amur::chain().case().solve()?;
/// let gas = solved.stream("heihe.sales_gas").unwrap();
/// for name in ["gross_heat_real", "gross_wobbe@15", "gross_heat_real@25/0", "mole_fraction.C5+"] {
///     let measure = Measure::parse(name, solved.chain().slate())?;
///     println!("{measure}: {} {}", gas.measure(&measure).unwrap(), measure.unit());
/// }
/// assert!(Measure::parse("density@25", solved.chain().slate()).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Measure {
    /// Molar flow as a volume flow of ideal gas; of one species where named (`volume.helium`).
    Volume(Option<String>),
    /// Volume flow as a liquid at 15 degC, each species as if alone; of one species where named
    /// (`liquid_volume.propane`).
    LiquidVolume(Option<String>),
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
    /// A property by ISO 6976 (`gross_wobbe`, `density@15`), of the real gas; and what flows as
    /// cubic metres of real gas (`real_volume@15`).
    Quality(Property, References),
}

/// Names of all measures, with what follows the dot where one does.
const NAMES: [(&str, bool); 10] = [
    ("volume", false),
    ("liquid_volume", false),
    ("mass", false),
    ("moles", false),
    ("energy", false),
    ("energy_gross", false),
    ("mole_fraction", true),
    ("mass_fraction", true),
    ("gross_heat", false),
    ("net_heat", false),
];

/// The name of a measure that is written in several ways.
fn usual_name(name: &str) -> &str {
    match name {
        "gross_energy" => "energy_gross",
        "ideal_volume" | "volume_ideal" => "volume",
        "volume_real" => Property::RealVolume.as_str(),
        "molar_volume_real" => Property::RealMolarVolume.as_str(),
        "molar_volume_ideal" => Property::IdealMolarVolume.as_str(),
        name => name,
    }
}

/// The fault of conditions behind a measure that has none of its own: a volume of ideal gas is
/// counted by its unit, and all else is the same at any.
fn at_conditions(text: &str) -> Option<FaultKind> {
    let (of, at) = text.split_once('@')?;
    let (of, at) = (of.trim(), at.trim());
    let (name, species) = match of.split_once('.') {
        Some((name, species)) => (name, format!(".{species}")),
        None => (of, String::new()),
    };
    let name = usual_name(name);
    NAMES.iter().find(|(candidate, _)| *candidate == name)?;
    let allowed = if name == "volume" {
        let named = [at.to_owned(), format!("{at} degC"), "15 degC".to_owned()];
        let at = named.iter().find(|at| Unit::read(&format!("bcm/yr @ {at}")).is_ok())?;
        format!("{name}{species} in a unit at {at}, such as bcm/yr @ {at}")
    } else {
        format!("{name}{species} without conditions")
    };
    Some(FaultKind::NotAllowed { got: text.to_owned(), allowed })
}

impl Measure {
    /// Reads `volume`, `volume.helium`, `mole_fraction.helium` ...
    ///
    /// # Errors
    /// An unknown measure or species, with the nearest names.
    pub fn parse(text: &str, slate: &Slate) -> Result<Self, Error> {
        Ok(Self::read(text, slate)?)
    }

    pub(crate) fn read(text: &str, slate: &Slate) -> Result<Self, FaultKind> {
        let (name, species) = match text.split_once('.') {
            Some((name, species)) => (name, Some(species)),
            None => (text, None),
        };
        if let Some(measure) = Self::parse_quality(text) {
            return measure;
        }
        if let Some(kind) = at_conditions(text) {
            return Err(kind);
        }
        let name = usual_name(name);
        if let Some(property) = Property::named(name) {
            let (got, allowed) = (text.to_owned(), References::allowed(property));
            return Err(FaultKind::Unreadable { got, allowed });
        }
        let known = NAMES.iter().find(|(candidate, _)| *candidate == name);
        let Some((_, needs_species)) = known else {
            let names = NAMES.iter().map(|(name, _)| *name);
            let properties = Property::ALL.into_iter().map(Property::as_str);
            return Err(FaultKind::unknown("quantity", name, names.chain(properties)));
        };
        let species = match species {
            Some(group) if carbons_at_least(group).is_some() => Some(group.to_owned()),
            Some(species) => Some(slate.get(slate.find(species)?).name.clone()),
            None => None,
        };
        match (name, species) {
            ("volume", species) => Ok(Self::Volume(species)),
            ("liquid_volume", species) => Ok(Self::LiquidVolume(species)),
            ("mass", species) => Ok(Self::Mass(species)),
            ("moles", species) => Ok(Self::Moles(species)),
            ("mole_fraction", Some(species)) => Ok(Self::MoleFraction(species)),
            ("mass_fraction", Some(species)) => Ok(Self::MassFraction(species)),
            ("energy", None) => Ok(Self::Energy),
            ("energy_gross", None) => Ok(Self::GrossEnergy),
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

    /// Reads a property with its reference temperatures; `None` where the name is of none.
    fn parse_quality(text: &str) -> Option<Result<Self, FaultKind>> {
        let (name, references) = match text.split_once('@') {
            Some((name, references)) => (name.trim_end(), Some(references)),
            None => (text, None),
        };
        let property = Property::named(usual_name(name))?;
        let at = match references {
            None => Some(References::AT_20_DEGC),
            Some(references) => References::parse(references, property),
        };
        let unreadable = || FaultKind::Unreadable {
            got: text.to_owned(),
            allowed: References::allowed(property),
        };
        Some(at.map(|at| Self::Quality(property, at)).ok_or_else(unreadable))
    }

    /// What dimension a number of this measure has.
    #[must_use]
    pub const fn dimension(&self) -> Dimension {
        match self {
            Self::Volume(_) | Self::Moles(_) => Dimension::MolarFlow,
            Self::LiquidVolume(_) => Dimension::LiquidVolumeFlow,
            Self::Mass(_) => Dimension::MassFlow,
            Self::Energy | Self::GrossEnergy => Dimension::Power,
            Self::MoleFraction(_) | Self::MassFraction(_) => Dimension::Fraction,
            Self::GrossHeat | Self::NetHeat => Dimension::VolumetricHeat,
            Self::Quality(property, _) => property.dimension(),
        }
    }

    /// What it is of, where its dimension does not tell.
    #[must_use]
    pub const fn meaning(&self) -> Option<Meaning> {
        match self {
            Self::MoleFraction(_) => Some(Meaning::Moles),
            Self::MassFraction(_) => Some(Meaning::Mass),
            Self::Energy | Self::NetHeat => Some(Meaning::Net),
            Self::GrossEnergy | Self::GrossHeat => Some(Meaning::Gross),
            Self::Quality(property, _) => property.meaning(),
            _ => None,
        }
    }

    /// What a unit of it has to be.
    pub(crate) const fn wanted(&self) -> Wanted {
        Wanted { dimension: self.dimension(), meaning: self.meaning(), offer: false }
    }

    /// The unit results are given in: bcm/yr, kbbl/d, Mt/yr, mol/s, PJ/yr net or gross, a
    /// fraction, MJ/m3 (per cubic
    /// metre at the metering temperature of a quality), m3/kmol, kg/m3, MJ/kg, kJ/mol, a ratio.
    #[must_use]
    pub const fn unit(&self) -> Unit {
        match self {
            Self::Volume(_) => Unit::BCM_PER_YEAR,
            Self::Moles(_) => Unit::MOL_PER_SECOND,
            Self::LiquidVolume(_) => Unit::THOUSAND_BARRELS_PER_DAY,
            Self::Mass(_) => Unit::MEGATONNE_PER_YEAR,
            Self::Energy => Unit::PETAJOULE_PER_YEAR.of_heat(Meaning::Net),
            Self::GrossEnergy => Unit::PETAJOULE_PER_YEAR.of_heat(Meaning::Gross),
            Self::MoleFraction(_) | Self::MassFraction(_) => Unit::BARE,
            Self::GrossHeat | Self::NetHeat => Unit::MEGAJOULE_PER_CUBIC_METRE,
            Self::Quality(property, at) => property.unit(*at),
        }
    }

    /// What is wrong with showing it in a unit: one of another dimension; cubic metres of real gas
    /// at one temperature, which do not follow from those at another, or from moles, by the ideal
    /// volume.
    pub(crate) fn unfit(&self, unit: Unit) -> Option<FaultKind> {
        let wanted = self.unit();
        let other = self.is_of_real_gas() && !counts_alike(unit, wanted);
        unfit_unit(unit, self.wanted()).or_else(|| {
            other.then(|| FaultKind::NotAllowed {
                got: format!("{self} in {unit}"),
                allowed: format!("{self} in {wanted}, or another unit at the same conditions"),
            })
        })
    }

    /// Whether it counts cubic metres of real gas, of which those at other conditions do not follow
    /// from it.
    pub(crate) const fn is_of_real_gas(&self) -> bool {
        matches!(self, Self::Quality(..)) && self.unit().conditions().is_some()
    }

    /// Whether it is a quality of the stream (a fraction, a heating value) rather than a flow.
    #[must_use]
    pub const fn is_quality(&self) -> bool {
        match self {
            Self::MoleFraction(_) | Self::MassFraction(_) | Self::GrossHeat | Self::NetHeat => true,
            Self::Quality(property, _) => !property.is_flow(),
            _ => false,
        }
    }

    /// What it gives for streams of a slate.
    pub(crate) fn load(&self, slate: &Slate) -> PortLoad {
        let ones = || vec![1.0; slate.len()];
        let mass = || slate.molar_masses().to_vec();
        let only = |weights: Vec<f64>, species: &Option<String>| match species {
            None => weights,
            Some(name) => {
                let counted = counted(slate, name);
                weights.into_iter().zip(counted).map(|(w, c)| if c { w } else { 0.0 }).collect()
            }
        };
        let known = |numerator: Vec<f64>, denominator: Option<Vec<f64>>| {
            let lacking = vec![false; slate.len()];
            PortLoad::Ratio(Weights { numerator, denominator, lacking })
        };
        let heat = |heat: &dyn Fn(&Species) -> Option<f64>, denominator: Option<Vec<f64>>| {
            let heats: Vec<Option<f64>> = slate.iter().map(heat).collect();
            let lacking = heats.iter().map(Option::is_none).collect();
            let numerator = heats.into_iter().map(Option::unwrap_or_default).collect();
            PortLoad::Ratio(Weights { numerator, denominator, lacking })
        };
        let (at_25, at_20) = (ReferenceTemperature::At25DegC, ReferenceTemperature::At20DegC);
        match self {
            Self::Volume(species) | Self::Moles(species) => known(only(ones(), species), None),
            Self::Mass(species) => known(only(mass(), species), None),
            Self::LiquidVolume(species) => {
                let of = species.as_ref().map(|name| counted(slate, name));
                let counts = |one: &Species| {
                    let at = slate.index(&one.name);
                    of.as_ref().zip(at).is_none_or(|(of, at)| of[at])
                };
                let volume = |one: &Species| Basis::LiquidVolume.per_mole(one);
                heat(&|one| if counts(one) { volume(one) } else { Some(0.0) }, None)
            }
            Self::Energy => heat(&|species| species.net_heat(at_25), None),
            Self::GrossEnergy => heat(&|species| species.gross_heat(at_25), None),
            Self::MoleFraction(species) => {
                known(only(ones(), &Some(species.clone())), Some(ones()))
            }
            Self::MassFraction(species) => {
                known(only(mass(), &Some(species.clone())), Some(mass()))
            }
            Self::GrossHeat => heat(&|species| species.gross_heat(at_20), Some(ones())),
            Self::NetHeat => heat(&|species| species.net_heat(at_20), Some(ones())),
            Self::Quality(property, at) => {
                let burned = at.combustion;
                let gross = |species: &Species| species.gross_heat(burned);
                let net = |species: &Species| species.net_heat(burned);
                match property {
                    Property::GrossHeatMass => heat(&gross, Some(mass())),
                    Property::NetHeatMass => heat(&net, Some(mass())),
                    Property::GrossHeatMolar => heat(&gross, Some(ones())),
                    Property::NetHeatMolar => heat(&net, Some(ones())),
                    Property::IdealMolarVolume => {
                        let molar_volume = at.metering.conditions().molar_volume();
                        known(vec![molar_volume; slate.len()], Some(ones()))
                    }
                    _ => QualityLoad::new(*property, *at, slate).map_or_else(
                        // gas is not metered there: nothing is known of any species
                        || heat(&|_| None, Some(ones())),
                        |quality| PortLoad::Quality(Box::new(quality)),
                    ),
                }
            }
        }
    }

    /// Every measure that a result address can end in, for listing addresses; properties at 20
    /// degC only ([`References`] says how addresses name other temperatures).
    #[must_use]
    pub fn listed(slate: &Slate) -> Vec<Self> {
        let mut all = vec![
            Self::Volume(None),
            Self::LiquidVolume(None),
            Self::Mass(None),
            Self::Moles(None),
            Self::Energy,
            Self::GrossEnergy,
            Self::GrossHeat,
            Self::NetHeat,
        ];
        let properties = Property::ALL.into_iter();
        all.extend(properties.map(|property| Self::Quality(property, References::AT_20_DEGC)));
        all.extend(slate.names().map(|name| Self::MoleFraction(name.to_owned())));
        all
    }
}

impl std::fmt::Display for Measure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (name, species) = match self {
            Self::Volume(species) => ("volume", species.as_deref()),
            Self::LiquidVolume(species) => ("liquid_volume", species.as_deref()),
            Self::Mass(species) => ("mass", species.as_deref()),
            Self::Moles(species) => ("moles", species.as_deref()),
            Self::Energy => ("energy", None),
            Self::GrossEnergy => ("energy_gross", None),
            Self::MoleFraction(species) => ("mole_fraction", Some(species.as_str())),
            Self::MassFraction(species) => ("mass_fraction", Some(species.as_str())),
            Self::GrossHeat => ("gross_heat", None),
            Self::NetHeat => ("net_heat", None),
            Self::Quality(property, at) => {
                f.write_str(property.as_str())?;
                return at.write(*property, f);
            }
        };
        match species {
            Some(species) => write!(f, "{name}.{species}"),
            None => f.write_str(name),
        }
    }
}

/// Whether two units count gas at the same conditions, or both none.
pub(crate) fn counts_alike(one: Unit, other: Unit) -> bool {
    match (one.conditions(), other.conditions()) {
        (Some(one), Some(other)) => one.is_as(other),
        (one, other) => one == other,
    }
}

/// The number of carbon atoms in the name of a group, such as 5 in `C5+`.
fn carbons_at_least(group: &str) -> Option<u32> {
    let digits = group.strip_prefix('C')?.strip_suffix('+')?;
    let plain = digits.starts_with(|first: char| matches!(first, '1'..='9'));
    (plain && digits.bytes().all(|digit| digit.is_ascii_digit())).then(|| digits.parse().ok())?
}

/// Which species a name stands for: the one it is of, or a group's.
fn counted(slate: &Slate, name: &str) -> Vec<bool> {
    let (index, carbons) = (slate.index(name), carbons_at_least(name));
    let counts = |(at, species): (usize, &Species)| match (index, carbons) {
        (Some(index), _) => at == index,
        (None, Some(carbons)) => species.formula.atoms("C") >= carbons,
        (None, None) => false,
    };
    slate.iter().enumerate().map(counts).collect()
}
