//! Fugacity coefficients: what the residual Helmholtz energy gains with a mole of one component.
//!
//! With n moles in a volume, reduced by the point of their composition (Kunz and others, GERG
//! Technical Monograph 15 (2007), section 7.3),
//!
//! ```text
//! ln phi_i = alpha_r + n d alpha_r/d n_i - ln Z
//! n d alpha_r/d n_i = D alpha_r (1 - n d ln rho_r/d n_i) + tau alpha_tau n d ln T_r/d n_i
//!                     + alpha_xi - sum over k of x_k alpha_xk
//! alpha_xi = alpha_i + sum over j of x_j F_ij alpha_ij
//! ```
//!
//! Reducing volume and temperature Y are of the second degree in the fractions:
//! `n dY/dn_i = dY/dx_i - 2 Y`.

use super::constants::{
    COMPONENTS, FUNCTIONS, LONG, LONG_TERMS, OWN, PAIRS, Power, Powers, REDUCING, SHORT,
    SHORT_TERMS,
};
use super::isotherm::{Factors, Isotherm};
use super::mixture::{Mixture, There};
use crate::scalar::Scalar;

/// Logarithms of the fugacity coefficients; `None` where Z is not above zero.
pub(super) fn log_coefficients<S: Scalar>(
    mixture: &Mixture<S>,
    isotherm: &Isotherm<S, 3>,
    powers: &Powers<S>,
    delta: S,
) -> Option<[S; COMPONENTS]> {
    let factors = isotherm.factors(delta);
    let [a, a_d] = isotherm.derivatives::<2>(0, &factors).map(|part| delta * part);
    let [a_t] = isotherm.derivatives::<1>(1, &factors).map(|part| delta * part);
    let z = S::one() + a_d;
    if z.value() <= 0.0 || z.value().is_nan() {
        return None;
    }
    let (parts, departed) = by_fraction(mixture, powers, delta);
    let mean = a + departed;
    let slopes = reducing_slopes(mixture);
    let volume = S::from_f64(1e3) / mixture.reducing_density;
    let temperature = mixture.reducing_temperature;
    let two = S::from_f64(2.0);
    let log_z = z.ln();
    let mut logs = parts;
    for (log, [by_volume, by_temperature]) in logs.iter_mut().zip(slopes) {
        let thinner = by_volume / volume - two;
        let hotter = by_temperature / temperature - two;
        *log = *log - mean + a + a_d * (S::one() + thinner) + a_t * hotter - log_z;
    }
    Some(logs)
}

/// The slope with the fraction of every component, and what all departure functions together count.
fn by_fraction<S: Scalar>(
    mixture: &Mixture<S>,
    powers: &Powers<S>,
    delta: S,
) -> ([S; COMPONENTS], S) {
    let all = Factors::at(delta, &There::all());
    let term = |t: Power, decay: usize, d: usize| powers.get(t) * all.decayed(decay, d);
    let mut parts = [S::zero(); COMPONENTS];
    let long = LONG_TERMS.each_ref().map(|one| term(one.t, one.decay, one.d));
    for (component, n) in &LONG {
        parts[*component] = sum_of(&long, n);
    }
    let short = SHORT_TERMS.each_ref().map(|one| term(one.t, one.decay, one.d));
    for (component, n) in &SHORT {
        parts[*component] = sum_of(&short, n);
    }
    for (component, terms) in &OWN {
        for (one, n) in *terms {
            parts[*component] += term(one.t, one.decay, one.d).scaled(*n);
        }
    }
    let functions = FUNCTIONS.map(|terms| {
        let mut sum = S::zero();
        for one in terms {
            sum += (powers.get(one.t) * all.belled(one.bell, one.d)).scaled(one.n);
        }
        sum
    });
    let mut departed = S::zero();
    for pair in &PAIRS {
        let [one, other] = pair.components;
        let value = functions[pair.function].scaled(pair.factor);
        parts[one] += mixture.shares[other] * value;
        parts[other] += mixture.shares[one] * value;
        departed += mixture.shares[one] * mixture.shares[other] * value;
    }
    (parts, departed)
}

fn sum_of<S: Scalar, const N: usize>(terms: &[S; N], n: &[f64; N]) -> S {
    terms.iter().zip(n).fold(S::zero(), |sum, (term, n)| sum + term.scaled(*n))
}

/// Derivatives of reducing volume (dm3/mol) and temperature (K) with every fraction.
fn reducing_slopes<S: Scalar>(mixture: &Mixture<S>) -> [[S; 2]; COMPONENTS] {
    let shares = &mixture.shares;
    let mut slopes = [[S::zero(); 2]; COMPONENTS];
    for (i, &one) in shares.iter().enumerate() {
        for (slope, pair) in slopes[i].iter_mut().zip(&REDUCING[i][i]) {
            *slope += one.scaled(2.0 * pair.weight);
        }
        for (j, &other) in shares.iter().enumerate().skip(i + 1) {
            let sum = one + other;
            if sum.value().abs() <= 0.0 {
                continue;
            }
            for (which, pair) in REDUCING[i][j].iter().enumerate() {
                // x y (x + y) / (b x + y), and its derivatives with x and y
                let below = one.scaled(pair.lean) + other;
                let product = one * other;
                let ratio = sum / below;
                let by = |share: S, lean: f64| {
                    (share * ratio + product * (S::one() - ratio.scaled(lean)) / below)
                        .scaled(pair.weight)
                };
                slopes[i][which] += by(other, pair.lean);
                slopes[j][which] += by(one, 1.0);
            }
        }
    }
    slopes
}
