//! One feed of a cracker: the yield sets and the families of sets that it may be cracked by.

use crate::fault::FaultKind;
use crate::param::{ParameterKind, ParameterSpec, Value};
use crate::quantity::{Quantity, Unit};
use crate::scalar::Scalar;
use crate::stage::yields::YieldSet;

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

    /// The sets of a choice with their conversions, by rising conversion.
    pub(super) fn members(&self, choice: usize) -> Vec<(f64, &YieldSet)> {
        match self.family(choice) {
            None => vec![(self.sets[choice].conversion(), &self.sets[choice])],
            Some(family) => {
                let members = family.members.iter();
                members.map(|&(conversion, set)| (conversion, &self.sets[set])).collect()
            }
        }
    }

    /// Its choice of yields.
    pub(super) fn choice(&self, name: &str) -> ParameterSpec {
        ParameterSpec {
            name: format!("yields_{}", name.replace('-', "_")),
            about: self.about(name),
            kind: ParameterKind::Choice {
                allowed: self.names().cloned().collect(),
                refused: self.refused.clone(),
            },
            default: None,
        }
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
    pub(super) fn conversion(&self, name: &str) -> Option<ParameterSpec> {
        let ranges = self.families.iter().map(YieldFamily::range);
        let (low, high) = ranges.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)))?;
        let names: Vec<&str> = self.families.iter().map(|family| family.name.as_str()).collect();
        let about = format!(
            "share of {name} that one pass converts, where its yields are chosen between several \
             conversions ({}); does nothing where they are a single set",
            names.join(", ")
        );
        let kind = ParameterKind::Number { unit: Unit::PERCENT, low, high, may_be_unknown: false };
        Some(ParameterSpec {
            name: format!("conversion_{}", name.replace('-', "_")),
            about,
            kind,
            default: Some(Value::Quantity(Quantity::fraction(0.5 * (low + high)))),
        })
    }
}

/// Numbers of a [`Pass`] before the moles it makes.
const HEAD: usize = 3;

/// What one pass of a feed through the furnaces does at one conversion.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pass<'a> {
    /// Fraction of the feed that it converts.
    conversion: f64,
    /// Moles flared, of the feed's own composition, per mole of feed.
    pub flared: f64,
    /// Heat of reaction, J per mole of feed.
    pub heat: f64,
    /// Moles of each species of the slate that come out, per mole of feed.
    pub made: &'a [f64],
}

impl<'a> Pass<'a> {
    /// Length of a pass in a stage's constants.
    pub const fn len(species: usize) -> usize {
        HEAD + species
    }

    /// Writes a pass to a stage's constants: conversion, flared, heat, moles made.
    pub fn write(constants: &mut Vec<f64>, conversion: f64, flared: f64, heat: f64, made: &[f64]) {
        constants.extend([conversion, flared, heat]);
        constants.extend(made);
    }

    fn read(numbers: &'a [f64]) -> Self {
        let (head, made) = numbers.split_at(HEAD);
        Self { conversion: head[0], flared: head[1], heat: head[2], made }
    }
}

/// The passes of a feed at the conversions of its choice, by rising conversion, each with the
/// share of the feed that is cracked as it says: hat functions of the conversion asked for, that
/// sum to 1.
#[derive(Debug, Clone)]
pub(super) struct Passes<'a, S> {
    numbers: &'a [f64],
    species: usize,
    conversion: S,
    /// Share of the feed that is not cracked by the passes given already.
    left: S,
}

impl<'a, S: Scalar> Passes<'a, S> {
    /// The passes in a part of a stage's constants, at a conversion between theirs.
    pub fn new(numbers: &'a [f64], species: usize, conversion: S) -> Self {
        Self { numbers, species, conversion, left: S::one() }
    }
}

impl<'a, S: Scalar> Iterator for Passes<'a, S> {
    type Item = (S, Pass<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let (numbers, rest) = self.numbers.split_at_checked(Pass::len(self.species))?;
        let pass = Pass::read(numbers);
        let beyond = match rest.first() {
            None => S::zero(),
            Some(&next) => {
                let way = self.conversion - S::from_f64(pass.conversion);
                let way = (way / S::from_f64(next - pass.conversion)).max(S::zero());
                // at a set's own conversion the slope is that towards the next set; at the last
                // one, that towards the one before
                let last = rest.len() == numbers.len();
                if last { way.min(S::one()) } else { S::one().min(way) }
            }
        };
        let share = self.left - beyond;
        (self.left, self.numbers) = (beyond, rest);
        Some((share, pass))
    }
}
