//! The gases that stages ask for: of whatever can come to them, made once a run, of the sources alone.
//!
//! What a source is follows from parameters: what a supply offers, and what linear stages make of it
//! when they are run with that alone. So no opening that a search tries moves the gas of a line, and
//! a sweep has the same as single runs.

use super::plan::{GasAt, Material};
use super::workspace::{Operates, Run, Space};
use crate::gas::{BlendedGas, BlendedGasRead, GergSpecies};
use crate::ids::{Id, List};
use crate::scalar::Scalar;
use crate::stage::AloneGas;
use std::sync::Arc;

/// A gas, for one kind of scalar.
#[derive(Debug, Clone)]
pub(in crate::chain) enum HeldGas<S> {
    /// Of sources that are the same whatever moves.
    Constants(Arc<BlendedGas>),
    /// Of others: numbers of a gas of so many species, in so many coordinates.
    Own { species: usize, rank: usize, numbers: Vec<S> },
}

impl<S> HeldGas<S> {
    /// Of sources that are plain numbers, if they have one.
    pub fn of_constants(species: &GergSpecies, sources: &[Vec<f64>]) -> Option<Self> {
        let sources: Vec<&[f64]> = sources.iter().map(Vec::as_slice).collect();
        BlendedGas::of(species, &sources).map(|gas| Self::Constants(Arc::new(gas)))
    }
}

/// The gases that stages of a chain ask for.
#[derive(Debug, Clone)]
pub(in crate::chain) struct Gases<S> {
    held: List<Vec<Id<Material>>, Option<HeldGas<S>>>,
    /// The sources that each was made of; of one that has none, nothing.
    of: List<Vec<Id<Material>>, Option<Vec<Vec<S>>>>,
}

impl<S> Default for Gases<S> {
    fn default() -> Self {
        Self { held: List::new(), of: List::new() }
    }
}

impl<S: Scalar> Gases<S> {
    fn held(&self, gas: GasAt) -> Option<&HeldGas<S>> {
        // none are there while the structure of a chain is being found
        if self.held.ids().contains(gas) { self.held[gas].as_ref() } else { None }
    }

    /// A gas, as a stage reads it.
    pub fn read(&self, gas: GasAt) -> Option<BlendedGasRead<'_, S>> {
        Some(match self.held(gas)? {
            HeldGas::Constants(gas) => gas.polynomials(),
            HeldGas::Own { species, rank, numbers } => {
                BlendedGasRead::own(*species, *rank, numbers)
            }
        })
    }

    /// A gas that is made of plain numbers.
    pub fn constants(&self, gas: GasAt) -> Option<&BlendedGas> {
        match self.held(gas)? {
            HeldGas::Constants(gas) => Some(gas),
            HeldGas::Own { .. } => None,
        }
    }

    /// Where a stage finds it that is run by itself.
    pub fn alone(&self, gas: GasAt) -> Option<AloneGas> {
        Some(match self.held(gas)? {
            HeldGas::Constants(gas) => AloneGas::Constants(Arc::clone(gas)),
            HeldGas::Own { rank, numbers, .. } => {
                AloneGas::Inputs { count: numbers.len(), rank: *rank }
            }
        })
    }

    /// The numbers of a gas that are no constants.
    pub fn own_numbers(&self, gas: GasAt) -> impl Iterator<Item = S> + '_ {
        let own = match self.held(gas) {
            Some(HeldGas::Own { numbers, .. }) => numbers.as_slice(),
            _ => &[],
        };
        own.iter().copied()
    }

    /// Takes over gases of plain numbers.
    pub fn copy(&mut self, plain: &Gases<f64>) {
        self.held.clear();
        self.held.extend(plain.held.ids().iter().map(|gas| match &plain.held[gas] {
            Some(HeldGas::Constants(gas)) => Some(HeldGas::Constants(Arc::clone(gas))),
            Some(HeldGas::Own { .. }) | None => None,
        }));
    }
}

/// What a material is.
enum Composition<S> {
    /// Mole fractions, or moles of any number.
    Of(Vec<S>),
    /// There is none of it.
    Nothing,
    /// It cannot be told.
    Unknown,
}

impl Run<'_> {
    /// Makes the gases that stages ask for, but those whose sources are as they were. Streams are
    /// left as they come.
    pub fn make_gases<S: Operates>(&self, space: &mut Space<S>) {
        let sources = &self.prepared.sources;
        if sources.gases.len() == 0 {
            space.gases = Gases::default();
            return;
        }
        let mut found: List<Material, Composition<S>> = List::new();
        for material in &sources.materials {
            let composition = self.composition(*material, &found, space);
            found.push(composition);
        }
        let mut gases = Gases::default();
        for (gas, materials) in sources.gases.pairs() {
            let of = blended(materials, &found);
            let before = Some(gas).filter(|gas| space.gases.of.ids().contains(*gas));
            let before = before.filter(|gas| space.gases.of[*gas] == of);
            let held = match (before, &of) {
                (Some(before), _) => space.gases.held[before].take(),
                (None, Some(of)) => S::blended(&self.tree.gerg, of),
                (None, None) => None,
            };
            gases.of.push(of);
            gases.held.push(held);
        }
        space.gases = gases;
    }

    /// What a material is, once all before it are known.
    fn composition<S: Operates>(
        &self,
        material: Material,
        found: &List<Material, Composition<S>>,
        space: &mut Space<S>,
    ) -> Composition<S> {
        let (amount, composition) = match material {
            Material::Offered(inlet) => {
                let Some(supply) = self.tree.inlets[inlet].supply else {
                    return Composition::Unknown;
                };
                (space.numbers[supply.flow], space.numbers[supply.composition].to_vec())
            }
            Material::Made { stage, inlet, outlet, of } => {
                let of = match &found[of] {
                    Composition::Of(of) => of,
                    Composition::Nothing => return Composition::Nothing,
                    Composition::Unknown => return Composition::Unknown,
                };
                let placed = &self.tree.stages[stage];
                for (place, &stream) in placed.inlets.iter().enumerate() {
                    if place != inlet {
                        space.streams[stream].fill(S::zero());
                    }
                }
                space.streams[placed.inlets[inlet]].copy_from_slice(of);
                if S::stage(self, stage, space).is_err() || space.objections[stage].is_some() {
                    return Composition::Unknown;
                }
                let made = space.streams[placed.outlets.at(outlet)].to_vec();
                (made.iter().fold(S::zero(), |sum, &flow| sum + flow), made)
            }
        };
        // of many scenarios at once, those where there is none are solved by themselves
        if S::select(amount, S::zero(), S::one()).exceeds(0.5) {
            return Composition::Nothing;
        }
        Composition::Of(composition)
    }
}

/// The sources of a gas: of its materials those that there are; nothing where one cannot be told, or
/// there is none at all.
fn blended<S: Scalar>(
    materials: &[Id<Material>],
    found: &List<Material, Composition<S>>,
) -> Option<Vec<Vec<S>>> {
    let mut sources = Vec::new();
    for &material in materials {
        match &found[material] {
            Composition::Of(composition) => sources.push(composition.clone()),
            Composition::Nothing => {}
            Composition::Unknown => return None,
        }
    }
    (!sources.is_empty()).then_some(sources)
}
