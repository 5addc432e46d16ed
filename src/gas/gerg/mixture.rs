//! A mixture of one composition: its reducing point, and its residual terms with those of all
//! components that share exponents added up.

use super::constants::{
    ALL, BELLS, COMPONENTS, DECAYS, FUNCTIONS, LONG, LONG_TERMS, OWN, PAIRS, REDUCING, SHORT,
    SHORT_TERMS,
};
use crate::scalar::Scalar;

/// Whether a share or weight counts: not where it is zero and stays so. One that differs between
/// scenarios counts; to be told, its value is looked at.
pub(in crate::gas) fn counts<S: Scalar>(share: S) -> bool {
    share.value().abs() > 0.0 || share != S::zero()
}

/// What of the equation depends on the composition alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Mixture<S> {
    /// Mole fractions.
    pub shares: [S; COMPONENTS],
    /// kg/mol.
    pub molar_mass: S,
    /// mol/m3.
    pub reducing_density: S,
    /// K.
    pub reducing_temperature: S,
    /// Coefficients of the terms of methane's form, of propane's form, and what terms of their own
    /// count.
    pub long: [S; LONG_TERMS.len()],
    pub short: [S; SHORT_TERMS.len()],
    pub own: [S; OWN.len()],
    /// What each departure function counts.
    pub functions: [S; FUNCTIONS.len()],
    /// Which of all these are there.
    pub there: There,
}

/// Which sums of terms are there at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct There {
    pub long: bool,
    pub short: bool,
    pub own: [bool; OWN.len()],
    pub functions: [bool; FUNCTIONS.len()],
    pub decays: [bool; DECAYS.len()],
    pub bells: [bool; BELLS.len()],
}

impl<S: Scalar> Mixture<S> {
    /// Of mole fractions, which sum to 1.
    pub fn of(shares: [S; COMPONENTS]) -> Self {
        let zero = S::zero();
        let [volume, temperature] = reduced(&shares);
        let mut molar_mass = zero;
        for (component, &share) in ALL.iter().zip(&shares) {
            molar_mass += share.scaled(component.molar_mass * 1e-3);
        }
        let mut mixture = Self {
            shares,
            molar_mass,
            reducing_density: S::from_f64(1e3) / volume,
            reducing_temperature: temperature,
            long: [zero; LONG_TERMS.len()],
            short: [zero; SHORT_TERMS.len()],
            own: OWN.each_ref().map(|(component, _)| shares[*component]),
            functions: [zero; FUNCTIONS.len()],
            there: There::default(),
        };
        for (component, coefficients) in &LONG {
            add(&mut mixture.long, coefficients, shares[*component], &mut mixture.there.long);
        }
        for (component, coefficients) in &SHORT {
            add(&mut mixture.short, coefficients, shares[*component], &mut mixture.there.short);
        }
        for pair in &PAIRS {
            let [one, other] = pair.components.map(|component| shares[component]);
            if counts(one) && counts(other) {
                mixture.functions[pair.function] += (one * other).scaled(pair.factor);
                mixture.there.functions[pair.function] = true;
            }
        }
        mixture.there.own = mixture.own.map(counts);
        mixture.there.note_what_terms_need();
        mixture
    }
}

/// Adds what a component counts in terms that it shares with others.
fn add<S: Scalar, const N: usize>(sums: &mut [S; N], n: &[f64; N], share: S, there: &mut bool) {
    if counts(share) {
        for (sum, &n) in sums.iter_mut().zip(n) {
            *sum += share.scaled(n);
        }
        *there = true;
    }
}

/// Reducing volume (dm3/mol) and temperature (K).
fn reduced<S: Scalar>(shares: &[S; COMPONENTS]) -> [S; 2] {
    let mut reduced = [S::zero(); 2];
    for (i, &one) in shares.iter().enumerate() {
        if !counts(one) {
            continue;
        }
        let square = one * one;
        for (sum, pair) in reduced.iter_mut().zip(&REDUCING[i][i]) {
            *sum += square.scaled(pair.weight);
        }
        for (j, &other) in shares.iter().enumerate().skip(i + 1) {
            let sum = one + other;
            // two that only begin to be there are a product of the second order
            if sum.value().abs() <= 0.0 || !counts(other) {
                continue;
            }
            let both = one * other * sum;
            for (reduced, pair) in reduced.iter_mut().zip(&REDUCING[i][j]) {
                *reduced += both.scaled(pair.weight) / (one.scaled(pair.lean) + other);
            }
        }
    }
    reduced
}

impl There {
    /// As if all were.
    pub fn all() -> Self {
        Self {
            long: true,
            short: true,
            own: [true; OWN.len()],
            functions: [true; FUNCTIONS.len()],
            decays: [true; DECAYS.len()],
            bells: [true; BELLS.len()],
        }
    }

    fn note_what_terms_need(&mut self) {
        let shared = [(self.long, &LONG_TERMS[..]), (self.short, &SHORT_TERMS[..])];
        for (_, terms) in shared.iter().filter(|(there, _)| *there) {
            for term in *terms {
                self.decays[term.decay] = true;
            }
        }
        for ((_, terms), _) in OWN.iter().zip(self.own).filter(|(_, there)| *there) {
            for (term, _) in *terms {
                self.decays[term.decay] = true;
            }
        }
        for (terms, _) in FUNCTIONS.iter().zip(self.functions).filter(|(_, there)| *there) {
            for term in *terms {
                match self.bells.get_mut(term.bell) {
                    Some(bell) => *bell = true,
                    None => self.decays[0] = true,
                }
            }
        }
    }
}

impl Default for There {
    fn default() -> Self {
        Self {
            long: false,
            short: false,
            own: [false; OWN.len()],
            functions: [false; FUNCTIONS.len()],
            decays: [false; DECAYS.len()],
            bells: [false; BELLS.len()],
        }
    }
}
