//! One feed of a cracker: the yield sets and the families of sets that it may be cracked by.

use super::address;
use super::yields::YieldSet;
use crate::fault::FaultKind;
use crate::param::{Parameter, ParameterKind, Sense};
use crate::quantity::{Quantity, Unit};
use crate::scalar::Scalar;
use crate::species::Slate;

/// One feed of a cracker, with the yield sets it may be cracked by.
#[derive(Debug, Clone, PartialEq)]
pub struct CrackFeed {
    /// The species, as an index into the slate.
    pub species: usize,
    /// Sets that may be chosen.
    pub sets: Vec<YieldSet>,
    /// Families of those sets, chosen as one.
    pub families: Vec<YieldFamily>,
    /// Sets that did not close, with the reason: choosing one is a fault.
    pub refused: Vec<(String, FaultKind)>,
    /// Whether what a pass leaves or makes of this species is cracked again.
    pub recycled: bool,
}

/// The yields of one feed at several conversions per pass.
///
/// `patent_84`, `patent_86`, ... are the family `patent`: sets whose names are the family's with
/// their own conversion in percent after it. Between two neighbours the yields are linear in the
/// conversion; as each set is closed, so is all that lies between.
#[derive(Debug, Clone, PartialEq)]
pub struct YieldFamily {
    /// Name of the family.
    pub name: String,
    /// Conversion per pass, a fraction, and the set (an index into the feed's sets), by rising
    /// conversion; at least two.
    pub members: Vec<(f64, usize)>,
}

impl YieldFamily {
    /// Finds the families among a feed's sets. Of two sets at the same conversion the first
    /// counts.
    pub(super) fn among(sets: &[YieldSet]) -> Vec<Self> {
        let mut families: Vec<Self> = Vec::new();
        for (index, set) in sets.iter().enumerate() {
            let Some((stem, number)) = set.name.rsplit_once('_') else { continue };
            let Ok(percent) = number.parse::<f64>() else { continue };
            let conversion = Unit::PERCENT.to_si(percent);
            if stem.is_empty() || (set.conversion() - conversion).abs() > 1e-9 {
                continue;
            }
            let member = (conversion, index);
            match families.iter_mut().find(|family| family.name == stem) {
                None => families.push(Self { name: stem.to_owned(), members: vec![member] }),
                Some(family) => {
                    let at = family.members.partition_point(|(other, _)| *other < conversion);
                    let there = family.members.get(at).is_some_and(|(x, _)| *x <= conversion);
                    if !there {
                        family.members.insert(at, member);
                    }
                }
            }
        }
        families.retain(|family| family.members.len() > 1);
        families
    }

    /// Lowest and highest conversion it is tabulated at.
    #[must_use]
    pub fn range(&self) -> (f64, f64) {
        let end = |member: Option<&(f64, usize)>| member.map_or(1.0, |(conversion, _)| *conversion);
        (end(self.members.first()), end(self.members.last()))
    }
}

impl CrackFeed {
    /// A feed without sets yet.
    pub(super) const fn of(species: usize) -> Self {
        Self {
            species,
            sets: Vec::new(),
            families: Vec::new(),
            refused: Vec::new(),
            recycled: false,
        }
    }

    /// The sets and families that may be chosen, in the order choices count them.
    pub(super) fn names(&self) -> impl Iterator<Item = &String> {
        let families = self.families.iter().map(|family| &family.name);
        self.sets.iter().map(|set| &set.name).chain(families)
    }

    /// The family that a choice is; `None` of a single set.
    pub(super) fn family(&self, choice: usize) -> Option<&YieldFamily> {
        choice.checked_sub(self.sets.len()).and_then(|family| self.families.get(family))
    }

    /// The sets of every choice, each an index with its conversion, by rising conversion.
    pub(super) fn members(&self) -> Vec<Vec<(f64, usize)>> {
        let single = |(index, set): (usize, &YieldSet)| vec![(set.conversion(), index)];
        let singles = self.sets.iter().enumerate().map(single);
        singles.chain(self.families.iter().map(|family| family.members.clone())).collect()
    }

    /// Its choice of yields.
    pub(super) fn choice(&self, name: &str) -> Parameter {
        let kind = ParameterKind::Choice {
            allowed: self.names().cloned().collect(),
            refused: self.refused.clone(),
        };
        Parameter::of(&address("yields", name), &self.about(name), kind)
    }

    /// What its choice of yields is, with how far closing had to shift each set.
    fn about(&self, name: &str) -> String {
        let shift = |set: &YieldSet| format!("{} {:.2}", set.name, set.largest_shift * 100.0);
        let shifts: Vec<String> = self.sets.iter().map(shift).collect();
        let mut text = format!(
            "yield set that {name} is cracked by; largest shift that closed each, % of feed: {}",
            shifts.join(", ")
        );
        for family in &self.families {
            text.push_str("; between sets of several conversions: ");
            text.push_str(&family.name);
        }
        for (set, _) in &self.refused {
            text.push_str("; refused, for it does not close: ");
            text.push_str(set);
        }
        text
    }

    /// Its conversion per pass, where there is a family to choose one in.
    pub(super) fn conversion(&self, name: &str) -> Option<Parameter> {
        let ranges = self.families.iter().map(YieldFamily::range);
        let (low, high) = ranges.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)))?;
        let names: Vec<&str> = self.families.iter().map(|family| family.name.as_str()).collect();
        let about = format!(
            "share of {name} that one pass converts, where its yields are chosen between several \
             conversions ({}); does nothing where they are a single set",
            names.join(", ")
        );
        let kind = ParameterKind::Number {
            unit: Unit::PERCENT,
            low,
            high,
            none: None,
            whole: false,
            sense: Sense::Plain,
        };
        let conversion = Parameter::of(&address("conversion", name), &about, kind);
        Some(conversion.or(Quantity::fraction(0.5 * (low + high))))
    }
}

/// What one pass of a feed through the furnaces does, by one of its sets.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pass {
    /// Moles flared, of the feed's own composition, per mole of feed.
    pub flared: f64,
    /// Heat of reaction, J per mole of feed; `None` where it makes anything whose heat of
    /// combustion is not known.
    pub heat: Option<f64>,
    /// Mass of each recycled feed that comes out, per mass of feed.
    pub again: Vec<f64>,
    /// Mass of all else that comes out, flared or made, per mass of feed.
    pub leaves: f64,
    /// Moles of every other species that come out, per mole of feed: those that are made at all.
    pub made: Vec<(usize, f64)>,
}

impl Pass {
    /// Moles of each species that a pass makes per mole of feed, as its set has them.
    pub fn made(set: &YieldSet, molar_masses: &[f64]) -> Vec<f64> {
        let feed_mass = molar_masses[set.feed];
        let fractions = set.mass_fractions.iter().zip(molar_masses);
        fractions.map(|(fraction, molar_mass)| fraction * feed_mass / molar_mass).collect()
    }

    /// The pass of a set, from the moles of each species that come out of it; `again` are the
    /// species that are cracked again.
    pub fn new(set: &YieldSet, made: &[f64], again: &[usize], slate: &Slate) -> Self {
        let heat_of = |species: usize| slate.get(species).gross_heat_25;
        let products = made.iter().copied().enumerate().filter(|(_, moles)| *moles != 0.0);
        let heat = products
            .clone()
            .try_fold(0.0, |sum, (species, moles)| heat_of(species).map(|heat| sum + moles * heat));
        let feed_heat = heat_of(set.feed).map(|heat| (1.0 - set.loss) * heat);
        let by_mass = |species: usize, moles: f64| {
            moles * (slate.molar_masses()[species] / slate.molar_masses()[set.feed])
        };
        let made_else: Vec<(usize, f64)> =
            products.filter(|(species, _)| !again.contains(species)).collect();
        let leaves = made_else.iter().map(|&(species, moles)| by_mass(species, moles));
        Self {
            flared: set.loss,
            heat: heat.zip(feed_heat).map(|(products, feed)| products - feed),
            again: again.iter().map(|&species| by_mass(species, made[species])).collect(),
            leaves: leaves.sum::<f64>() + set.loss,
            made: made_else,
        }
    }
}

/// What a pass of a feed does, by every choice of its yields.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tables {
    /// By choice: conversion and pass, by rising conversion.
    pub members: Vec<Vec<(f64, usize)>>,
    /// By set.
    pub passes: Vec<Pass>,
}

impl Tables {
    /// The passes of a choice, at a conversion between theirs.
    pub fn at<S: Scalar>(&self, choice: usize, conversion: S) -> Passes<'_, S> {
        Passes { members: &self.members[choice], all: &self.passes, conversion }
    }

    /// Whether the heats of all that a choice makes are known.
    pub fn heat_known(&self, choice: usize) -> bool {
        self.members[choice].iter().all(|(_, pass)| self.passes[*pass].heat.is_some())
    }
}

/// The passes of a feed by rising conversion, each with the share of the feed that is cracked as
/// it says: hat functions of the conversion asked for, that sum to 1.
#[derive(Debug, Clone, Copy)]
pub(super) struct Passes<'a, S> {
    /// Conversion and index of each.
    members: &'a [(f64, usize)],
    all: &'a [Pass],
    conversion: S,
}

impl<'a, S: Scalar> Passes<'a, S> {
    /// Each pass with its share of the feed.
    pub fn each(self) -> impl Iterator<Item = (S, &'a Pass)> {
        let count = self.members.len();
        self.members.iter().enumerate().scan(S::one(), move |left, (index, &(here, pass))| {
            let beyond = match self.members.get(index + 1) {
                None => S::zero(),
                Some(&(next, _)) => {
                    let way = self.conversion - S::from_f64(here);
                    let way = (way / S::from_f64(next - here)).max(S::zero());
                    // at a set's own conversion the slope is that towards the next set; at the
                    // last one, that towards the one before
                    let last = index + 2 == count;
                    if last { way.min(S::one()) } else { S::one().min(way) }
                }
            };
            let share = *left - beyond;
            *left = beyond;
            Some((share, &self.all[pass]))
        })
    }
}
