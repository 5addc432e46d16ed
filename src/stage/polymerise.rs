//! Polymerise: a monomer, with or without a comonomer, becomes a polymer.

use super::config::Config;
use super::{Call, Ports, Stage, StageError};
use crate::document::Node;
use crate::fault::FaultKind;
use crate::param::ParameterSpec;
use crate::quantity::Unit;
use crate::scalar::Scalar;
use crate::species::Slate;

/// A species and the repeat unit it becomes in the polymer.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Monomer {
    species: usize,
    unit: usize,
    /// kg/mol
    molar_mass: f64,
}

/// The comonomer of a [`Polymerise`] line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comonomer<'a> {
    /// The species that is imported.
    pub species: &'a str,
    /// Its repeat unit in the polymer.
    pub unit: &'a str,
}

/// A polymer line. All monomer that comes is taken, with comonomer imported in proportion:
/// for a polymer flow P, monomer `m (1 - c) P` and comonomer `m c P` go in, with m the monomers
/// used per polymer and c the comonomer's share of the polymer, by mass. The excess `(m - 1) P`
/// leaves unconverted at `purge`, with whatever else came; repeat units leave at `polymer`.
///
/// | parameter | unit | range |
/// |---|---|---|
/// | `monomer_use` | t of monomers per t of polymer | 1 to 1.5 |
/// | `comonomer` (where there is one) | mass fraction of the polymer | 0 to 8 % |
///
/// Import: `comonomer`.
#[derive(Debug)]
pub struct Polymerise {
    monomer: Monomer,
    comonomer: Option<Monomer>,
}

impl Polymerise {
    /// A line that turns `monomer` into `unit`.
    ///
    /// # Errors
    /// A species the slate does not hold; a repeat unit of other atoms than its monomer.
    pub fn new(
        slate: &Slate,
        monomer: &str,
        unit: &str,
        comonomer: Option<Comonomer<'_>>,
    ) -> Result<Self, FaultKind> {
        let monomer = Monomer::new(slate, monomer, unit)?;
        let comonomer =
            comonomer.map(|other| Monomer::new(slate, other.species, other.unit)).transpose()?;
        Ok(Self { monomer, comonomer })
    }

    pub(super) fn read(config: &mut Config<'_>) -> Option<Self> {
        let before = config.faults.0.len();
        let (monomer, unit) = (config.text("monomer"), config.text("unit"));
        let mut comonomer = None;
        if let Some(entry) = config.take("comonomer") {
            match entry.node {
                Node::Table(entries) => {
                    comonomer = config.inner(entry.place, entries, |inner| {
                        Some((inner.text("species")?, inner.text("unit")?))
                    });
                }
                node => config.faults.push(
                    entry.place,
                    FaultKind::NotAllowed {
                        got: format!("comonomer is {}", node.describe()),
                        allowed: "a table: { species = .., unit = .. }".into(),
                    },
                ),
            }
        }
        if config.faults.0.len() > before {
            return None;
        }
        let comonomer = comonomer.as_ref().map(|(species, unit)| Comonomer { species, unit });
        Self::new(config.slate, &monomer?, &unit?, comonomer)
            .map_err(|kind| config.fault(kind))
            .ok()
    }
}

impl Monomer {
    fn new(slate: &Slate, species: &str, unit: &str) -> Result<Self, FaultKind> {
        let find = |name: &str| {
            slate.index(name).ok_or_else(|| FaultKind::unknown("species", name, slate.names()))
        };
        let (species_index, unit_index) = (find(species)?, find(unit)?);
        for (element, name) in slate.elements().iter().enumerate() {
            let counts = slate.element_counts(element);
            let (left, right) = (counts[species_index], counts[unit_index]);
            if (left - right).abs() > 1e-9 {
                return Err(FaultKind::UnbalancedReaction {
                    reaction: format!("{species} -> {unit}"),
                    element: name.clone(),
                    left,
                    right,
                });
            }
        }
        let molar_mass = slate.molar_masses()[species_index];
        Ok(Self { species: species_index, unit: unit_index, molar_mass })
    }
}

const MONOMER_USE: usize = 0;
const COMONOMER: usize = 1;
const POLYMER: usize = 0;
const PURGE: usize = 1;

impl Stage for Polymerise {
    fn kind(&self) -> &'static str {
        "polymerise"
    }

    fn ports(&self) -> Ports {
        let ports = Ports::new(["monomer"], ["polymer", "purge"]);
        if self.comonomer.is_some() { ports.importing(["comonomer"]) } else { ports }
    }

    fn parameters(&self) -> Vec<ParameterSpec> {
        let about = "tonnes of monomers used per tonne of polymer";
        let mut all = vec![ParameterSpec::number("monomer_use", about, Unit::BARE, 1.0, 1.5)];
        if self.comonomer.is_some() {
            let about = "share of the polymer's mass that comes from the imported comonomer";
            all.push(ParameterSpec::number("comonomer", about, Unit::PERCENT, 0.0, 8.0));
        }
        all
    }

    fn reacts(&self) -> bool {
        true
    }

    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let feed = call.inlet(0);
        let converted = S::one() / call.number(MONOMER_USE);
        call.outlet(PURGE).copy_from_slice(feed);
        let own = feed[self.monomer.species] * converted;
        call.outlet(PURGE)[self.monomer.species] -= own;
        call.outlet(POLYMER)[self.monomer.unit] += own;
        if let Some(comonomer) = self.comonomer {
            let share = call.number(COMONOMER);
            let ratio = S::from_f64(self.monomer.molar_mass / comonomer.molar_mass);
            let taken = feed[self.monomer.species] * ratio * share / (S::one() - share);
            call.import(0)[comonomer.species] = taken;
            let built_in = taken * converted;
            call.outlet(PURGE)[comonomer.species] += taken - built_in;
            call.outlet(POLYMER)[comonomer.unit] += built_in;
        }
        Ok(())
    }
}
