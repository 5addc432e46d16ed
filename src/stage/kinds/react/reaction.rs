//! A reaction: an equation balanced in every element, by the conversion of its key species.

use crate::document::Entry;
use crate::fault::FaultKind;
use crate::species::Slate;
use crate::stage::Config;

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
    /// Other ways that shares of the key species converted go.
    pub parallel: Vec<Parallel>,
}

/// Another way that a share of what a [`Reaction`] converts goes, balanced in every element.
#[derive(Debug, Clone, PartialEq)]
pub struct Parallel {
    /// The parameter that holds its share of the key species converted: `selectivity`.
    pub parameter: String,
    /// As [`Reaction::per_key`].
    pub per_key: Vec<f64>,
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
        let (per_key, key) = per_key(slate, equation, key)?;
        Ok(Self { parameter: parameter.to_owned(), per_key, key, parallel: Vec::new() })
    }

    /// The same reaction, where `parameter` says what share of the key species converted goes by
    /// another equation; the reaction's own takes what such shares leave.
    ///
    /// # Errors
    /// As [`Reaction::new`].
    ///
    /// ```
    /// use gaschain::{species::Slate, stage::Reaction};
    /// let slate = Slate::shipped();
    /// // of the propane converted, the selectivity becomes propylene and the rest is cracked
    /// let cracking = Reaction::new(&slate, "conversion", "propane -> methane + ethylene", "propane")?;
    /// let both = cracking.or(&slate, "selectivity", "propane -> propylene + hydrogen")?;
    /// assert_eq!(both.parallel[0].parameter, "selectivity");
    /// # Ok::<(), gaschain::Error>(())
    /// ```
    pub fn or(mut self, slate: &Slate, parameter: &str, equation: &str) -> Result<Self, FaultKind> {
        let (per_key, _) = per_key(slate, equation, &slate.get(self.key).name)?;
        self.parallel.push(Parallel { parameter: parameter.to_owned(), per_key });
        Ok(self)
    }

    /// What it makes per mole of the key species converted, by each of its equations.
    pub(super) fn ways(&self) -> impl Iterator<Item = &Vec<f64>> {
        self.parallel.iter().map(|way| &way.per_key).chain([&self.per_key])
    }

    /// Whether any of its equations makes or consumes a species.
    pub(super) fn touches(&self, species: usize) -> bool {
        self.ways().any(|per_key| per_key[species] != 0.0)
    }

    /// `{ equation, key }`.
    pub(super) fn read(config: &mut Config<'_>, parameter: &str, entry: Entry) -> Option<Self> {
        let place = entry.place.clone();
        let entries = config.as_table(&format!("reaction {parameter}"), entry)?;
        config.inner(place, entries, |inner| {
            let (equation, key) = (inner.required_text("equation"), inner.text("key"));
            let ((equation, place), key) = (equation?, key?);
            Self::new(inner.slate, parameter, &equation, &key)
                .map_err(|kind| inner.faults.push(place, kind))
                .ok()
        })
    }

    /// `{ share = equation, .. }`, equations parallel to its own.
    pub(super) fn read_parallel(&mut self, config: &mut Config<'_>, entry: Entry) -> Option<()> {
        let what = format!("what is parallel to {}", self.parameter);
        for (share, entry) in config.as_table(&what, entry)? {
            let place = entry.place.clone();
            let equation = config.as_text(&share, entry)?;
            let both = self.clone().or(config.slate, &share, &equation);
            *self = both.map_err(|kind| config.faults.push(place, kind)).ok()?;
        }
        Some(())
    }
}

/// Moles of each species made per mole of the key species converted, and the key species.
fn per_key(slate: &Slate, equation: &str, key: &str) -> Result<(Vec<f64>, usize), FaultKind> {
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
            let index = slate.find(name)?;
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
    let key_index = slate.find(key)?;
    let net = consumed[key_index] - made[key_index];
    if net <= 0.0 {
        return Err(FaultKind::NotAllowed {
            got: format!("key species \"{key}\" of \"{equation}\""),
            allowed: "a species that the reaction consumes".into(),
        });
    }
    let per_key = made.iter().zip(&consumed).map(|(made, used)| (made - used) / net).collect();
    Ok((per_key, key_index))
}

/// Splits `2 ethylene` into its coefficient and name; a name that starts with a digit followed by
/// anything but a space (`1-butene`) has none.
fn coefficient(term: &str) -> (f64, &str) {
    term.split_once(' ')
        .and_then(|(count, name)| count.parse().ok().map(|count: f64| (count, name.trim())))
        .unwrap_or((1.0, term))
}
