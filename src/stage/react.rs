//! React: stoichiometric reactions by the conversion of a key species.

use super::config::Config;
use super::route::Route;
use super::{Call, Ports, Setting, Stage, StageError};
use crate::fault::FaultKind;
use crate::param::ParameterSpec;
use crate::scalar::Scalar;
use crate::species::Slate;

/// A reaction, balanced in every element.
#[derive(Debug, Clone, PartialEq)]
pub struct Reaction {
    /// The parameter that holds its conversion.
    pub parameter: String,
    /// Moles of each species of the slate made (negative: consumed) per mole of the key species
    /// converted.
    pub per_key: Vec<f64>,
    /// The key species.
    pub key: usize,
}

impl Reaction {
    /// Reads an equation such as `"propane -> propylene + hydrogen"` or
    /// `"2 ethylene -> 1-butene"`, species by their names in the slate.
    ///
    /// # Errors
    /// An unknown species, a coefficient that is not a positive number, a key that is not
    /// consumed, an element that does not balance.
    ///
    /// ```
    /// use gaschain::{species::Slate, stage::Reaction};
    /// let slate = Slate::shipped();
    /// assert!(Reaction::new(&slate, "conversion", "2 ethylene -> 1-butene", "ethylene").is_ok());
    /// let error = Reaction::new(&slate, "conversion", "ethylene -> 1-butene", "ethylene");
    /// assert_eq!(
    ///     error.unwrap_err().to_string(),
    ///     "reaction \"ethylene -> 1-butene\" is not balanced in C: 2 atoms in, 4 out"
    /// );
    /// ```
    pub fn new(
        slate: &Slate,
        parameter: &str,
        equation: &str,
        key: &str,
    ) -> Result<Self, FaultKind> {
        let unreadable = || FaultKind::Unreadable {
            got: equation.to_owned(),
            allowed: "an equation, such as \"propane -> propylene + hydrogen\"".into(),
        };
        let (left, right) = equation.split_once("->").ok_or_else(unreadable)?;
        let mut made = vec![0.0; slate.len()];
        let mut consumed = vec![0.0; slate.len()];
        for (side, moles) in [(left, &mut consumed), (right, &mut made)] {
            for term in side.split(" + ") {
                let (count, name) = coefficient(term.trim());
                let index = slate
                    .index(name)
                    .ok_or_else(|| FaultKind::unknown("species", name, slate.names()))?;
                if !(count > 0.0 && count.is_finite()) {
                    return Err(unreadable());
                }
                moles[index] += count;
            }
        }
        for (element, name) in slate.elements().iter().enumerate() {
            let count = |moles: &[f64]| -> f64 {
                slate.element_counts(element).iter().zip(moles).map(|(a, b)| a * b).sum()
            };
            let (left, right) = (count(&consumed), count(&made));
            if (left - right).abs() > 1e-9 * left.max(right) {
                return Err(FaultKind::UnbalancedReaction {
                    reaction: equation.to_owned(),
                    element: name.clone(),
                    left,
                    right,
                });
            }
        }
        let key_index =
            slate.index(key).ok_or_else(|| FaultKind::unknown("species", key, slate.names()))?;
        let net = consumed[key_index] - made[key_index];
        if net <= 0.0 {
            return Err(FaultKind::NotAllowed {
                got: format!("key species \"{key}\" of \"{equation}\""),
                allowed: "a species that the reaction consumes".into(),
            });
        }
        let per_key = made.iter().zip(&consumed).map(|(made, used)| (made - used) / net).collect();
        Ok(Self { parameter: parameter.to_owned(), per_key, key: key_index })
    }
}

/// Splits `2 ethylene` into its coefficient and name; a name that starts with a digit followed by
/// anything but a space (`1-butene`) has none.
fn coefficient(term: &str) -> (f64, &str) {
    term.split_once(' ')
        .and_then(|(count, name)| count.parse().ok().map(|count: f64| (count, name.trim())))
        .unwrap_or((1.0, term))
}

/// A reactor: reaction r turns over `conversion_r` of its key species in the feed,
/// `out_i = feed_i + sum over reactions of nu_ir * conversion_r * feed_key(r)`; species leave by
/// their outlets.
///
/// Co-reactants may be imported: the import then brings exactly what the reactions consume of
/// the species.
///
/// | parameter | unit | range |
/// |---|---|---|
/// | one a reaction, under its name | fraction | 0 to 1 |
///
/// Errors: a co-reactant of which the feed holds less than the reactions consume.
#[derive(Debug)]
pub struct React {
    reactions: Vec<Reaction>,
    route: Route,
    /// Name and species of each import.
    imports: Vec<(String, usize)>,
}

impl React {
    /// A reactor with these reactions, everything leaving at `outlet`.
    #[must_use]
    pub fn new(slate: &Slate, reactions: Vec<Reaction>, outlet: &str) -> Self {
        Self { reactions, route: Route::all_to(outlet, slate), imports: Vec::new() }
    }

    /// The same reactor, `species` leaving by an outlet of their own.
    ///
    /// # Errors
    /// A species that the slate does not hold.
    pub fn sending(
        mut self,
        slate: &Slate,
        species: &[&str],
        outlet: &str,
    ) -> Result<Self, FaultKind> {
        self.route = self.route.send(slate, species, outlet)?;
        Ok(self)
    }

    /// The same reactor, importing what its reactions consume of `species`.
    ///
    /// # Errors
    /// A species that the slate does not hold.
    pub fn importing(
        mut self,
        slate: &Slate,
        import: &str,
        species: &str,
    ) -> Result<Self, FaultKind> {
        let index = slate
            .index(species)
            .ok_or_else(|| FaultKind::unknown("species", species, slate.names()))?;
        self.imports.push((import.to_owned(), index));
        Ok(self)
    }

    pub(super) fn read(config: &mut Config<'_>) -> Option<Self> {
        let mut reactions = Vec::new();
        let mut imports = Vec::new();
        let mut sound = true;
        let table = |config: &mut Config<'_>, key: &'static str| {
            let entry = config.take(key);
            if entry.is_none() && key == "reactions" {
                config.fault(FaultKind::Missing { what: "key", name: key.into() });
            }
            entry.and_then(|entry| config.as_table(key, entry)).unwrap_or_default()
        };
        for (parameter, entry) in table(config, "reactions") {
            let place = entry.place.clone();
            let Some(entries) = config.as_table(&format!("reaction {parameter}"), entry) else {
                sound = false;
                continue;
            };
            let reaction = config.inner(place, entries, |inner| {
                let (equation, key) = (inner.required_text("equation"), inner.text("key"));
                let ((equation, place), key) = (equation?, key?);
                Reaction::new(inner.slate, &parameter, &equation, &key)
                    .map_err(|kind| inner.faults.push(place, kind))
                    .ok()
            });
            sound &= reaction.is_some();
            reactions.extend(reaction);
        }
        for (import, entry) in table(config, "imports") {
            let place = entry.place.clone();
            let Some(species) = config.as_text(&import, entry) else { continue };
            imports.extend(config.species_named(&species, place).map(|index| (import, index)));
        }
        let route = Route::read(config);
        sound.then_some(Self { reactions, route: route?, imports })
    }
}

impl Stage for React {
    fn kind(&self) -> &'static str {
        "react"
    }

    fn ports(&self) -> Ports {
        Ports::new(["feed"], self.route.outlets.clone())
            .importing(self.imports.iter().map(|(name, _)| name.clone()))
    }

    fn parameters(&self) -> Vec<ParameterSpec> {
        self.reactions
            .iter()
            .map(|reaction| {
                let about =
                    format!("share of the key species that {} converts", reaction.parameter);
                ParameterSpec::fraction(&reaction.parameter, &about)
            })
            .collect()
    }

    fn reacts(&self) -> bool {
        true
    }

    fn linear(&self, outlet: usize, _: &Setting<'_>) -> bool {
        // of a co-reactant that other reactions make, only what is lacking is imported
        let made_and_used = |species: usize| {
            let any = |sign: f64| self.reactions.iter().any(|r| r.per_key[species] * sign > 0.0);
            any(1.0) && any(-1.0)
        };
        !self
            .imports
            .iter()
            .any(|&(_, species)| self.route.outlet_of[species] == outlet && made_and_used(species))
    }

    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let feed = call.inlet(0);
        for species in 0..call.species() {
            let mut change = S::zero();
            for (index, reaction) in self.reactions.iter().enumerate() {
                let per_key = reaction.per_key[species];
                if per_key != 0.0 {
                    change += S::from_f64(per_key) * (call.number(index) * feed[reaction.key]);
                }
            }
            let import = self.imports.iter().position(|(_, imported)| *imported == species);
            let flow = if let Some(import) = import {
                let taken = (-change).max(S::zero());
                call.import(import)[species] = taken;
                feed[species] + taken + change
            } else {
                feed[species] + change
            };
            if flow.value() < -1e-12 * feed[species].value() {
                return Err(StageError::OutOfDomain {
                    what: "flow of a reactant after its reactions, mol/s",
                    got: flow.value(),
                    allowed: "at least 0 (import the co-reactant, or convert less)",
                });
            }
            call.outlet(self.route.outlet_of[species])[species] = flow.max(S::zero());
        }
        Ok(())
    }
}
