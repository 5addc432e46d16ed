//! The residual part of the Helmholtz energy of one mixture at one temperature, as a function of
//! its density.
//!
//! At a temperature all terms with the same delta^d and the same exponential are one, so that a
//! density costs a polynomial for each exponential. Their coefficients come in three orders: the
//! part itself, tau times its derivative with tau, tau^2 times its second derivative.
//!
//! Derivatives with the density are powers of the operator D = delta d/d delta, which multiplies
//! delta^d by d. Of a product with a factor E whose D E / E = g, D g = g1 and D g1 = g2,
//!
//! ```text
//! D   (f E) = (D f + g f) E
//! D^2 (f E) = (D^2 f + 2 g D f + (g^2 + g1) f) E
//! D^3 (f E) = (D^3 f + 3 g D^2 f + 3 (g^2 + g1) D f + (g^3 + 3 g g1 + g2) f) E
//! ```
//!
//! All are kept divided by delta: none is lost where there is next to no gas.

use super::constants::{BELLS, DECAYS, FUNCTIONS, LONG_TERMS, OWN, Power, Powers, SHORT_TERMS};
use super::mixture::{Mixture, There};
use crate::scalar::Scalar;

/// Most powers of delta before an exponential, and before a bell.
const MOST: usize = 7;
const MOST_OF_BELL: usize = 3;

/// Coefficients by order, exponential or bell, and power of delta.
#[derive(Debug)]
pub(super) struct Isotherm<S, const ORDERS: usize> {
    decays: [[[S; MOST]; DECAYS.len()]; ORDERS],
    bells: [[[S; MOST_OF_BELL]; BELLS.len()]; ORDERS],
    there: There,
}

/// Exponentials and bells at one density.
#[derive(Debug)]
pub(super) struct Factors<S> {
    powers: [S; MOST],
    decays: [Factor<S>; DECAYS.len()],
    bells: [Factor<S>; BELLS.len()],
}

/// A factor of delta: its value E, then g, g1 and g2.
#[derive(Debug, Clone, Copy)]
struct Factor<S> {
    value: S,
    slopes: [S; 3],
}

impl<S: Scalar, const ORDERS: usize> Isotherm<S, ORDERS> {
    pub fn of(mixture: &Mixture<S>, powers: &Powers<S>) -> Self {
        let zero = S::zero();
        let there = mixture.there;
        let mut isotherm = Self {
            decays: [[[zero; MOST]; DECAYS.len()]; ORDERS],
            bells: [[[zero; MOST_OF_BELL]; BELLS.len()]; ORDERS],
            there,
        };
        let decays = &mut isotherm.decays;
        if there.long {
            for (term, &n) in LONG_TERMS.iter().zip(&mixture.long) {
                add(decays, [term.decay, term.d], n * powers.get(term.t), term.t);
            }
        }
        if there.short {
            for (term, &n) in SHORT_TERMS.iter().zip(&mixture.short) {
                add(decays, [term.decay, term.d], n * powers.get(term.t), term.t);
            }
        }
        let own = OWN.iter().zip(&mixture.own).zip(there.own);
        for (((_, terms), &share), _) in own.filter(|(_, there)| *there) {
            for (term, n) in *terms {
                let value = (share * powers.get(term.t)).scaled(*n);
                add(decays, [term.decay, term.d], value, term.t);
            }
        }
        let functions = FUNCTIONS.iter().zip(&mixture.functions).zip(there.functions);
        for ((terms, &weight), _) in functions.filter(|(_, there)| *there) {
            for term in *terms {
                let value = (weight * powers.get(term.t)).scaled(term.n);
                if term.bell < BELLS.len() {
                    add(&mut isotherm.bells, [term.bell, term.d], value, term.t);
                } else {
                    add(decays, [0, term.d], value, term.t);
                }
            }
        }
        isotherm
    }

    /// The same of plain numbers.
    pub fn plain(&self) -> Isotherm<f64, ORDERS> {
        Isotherm {
            decays: self.decays.map(|order| order.map(|sums| sums.map(Scalar::value))),
            bells: self.bells.map(|order| order.map(|sums| sums.map(Scalar::value))),
            there: self.there,
        }
    }

    /// Exponentials and bells at a reduced density.
    pub fn factors(&self, delta: S) -> Factors<S> {
        Factors::at(delta, &self.there)
    }

    /// One order and what D makes of it, again and again, all over delta.
    #[inline]
    pub fn derivatives<const N: usize>(&self, order: usize, at: &Factors<S>) -> [S; N] {
        let mut sums = [S::zero(); N];
        let decays = DECAYS.iter().zip(&self.decays[order]).zip(&at.decays).zip(self.there.decays);
        for (((&(_, [lowest, highest]), coefficients), factor), there) in decays {
            if there {
                let moments = moments(coefficients, &at.powers, lowest, highest);
                add_product(&mut sums, moments, factor);
            }
        }
        for ((coefficients, factor), there) in
            self.bells[order].iter().zip(&at.bells).zip(self.there.bells)
        {
            if there {
                let moments = moments(coefficients, &at.powers, 1, MOST_OF_BELL);
                add_product(&mut sums, moments, factor);
            }
        }
        sums
    }
}

/// Adds a term to the sum that it belongs to, in each order.
#[inline]
fn add<S: Scalar, const D: usize, const FACTORS: usize, const ORDERS: usize>(
    sums: &mut [[[S; D]; FACTORS]; ORDERS],
    [factor, d]: [usize; 2],
    value: S,
    power: Power,
) {
    let (mut term, mut exponent) = (value, power.exponent);
    for (order, sums) in sums.iter_mut().enumerate() {
        sums[factor][d - 1] += term;
        if order + 1 < ORDERS {
            term = term.scaled(exponent);
            exponent -= 1.0;
        }
    }
}

impl<S: Scalar> Factors<S> {
    pub fn at(delta: S, there: &There) -> Self {
        let mut powers = [S::one(); MOST];
        for power in 1..MOST {
            powers[power] = powers[power - 1] * delta;
        }
        let none = Factor { value: S::one(), slopes: [S::zero(); 3] };
        let (mut decays, mut bells) = ([none; DECAYS.len()], [none; BELLS.len()]);
        for ((decay, (c, _)), there) in decays.iter_mut().zip(DECAYS).zip(there.decays) {
            if there && c > 0 {
                // delta^c
                let power = powers[c - 1] * delta;
                let c = c as f64;
                let slope = power.scaled(-c);
                let slopes = [slope, slope.scaled(c), slope.scaled(c * c)];
                *decay = Factor { value: (-power).exp(), slopes };
            }
        }
        let square = delta * delta;
        for ((bell, [eta, beta]), there) in bells.iter_mut().zip(BELLS).zip(there.bells) {
            if there {
                // -eta (delta - 1/2)^2 - beta (delta - 1/2), and D of it
                let off = delta - S::from_f64(0.5);
                let (quadratic, linear) = (square.scaled(-2.0 * eta), delta.scaled(eta - beta));
                *bell = Factor {
                    value: (-(off * off.scaled(eta) + off.scaled(beta))).exp(),
                    slopes: [
                        quadratic + linear,
                        quadratic.scaled(2.0) + linear,
                        quadratic.scaled(4.0) + linear,
                    ],
                };
            }
        }
        Self { powers, decays, bells }
    }

    /// delta^d times an exponential.
    pub fn decayed(&self, decay: usize, d: usize) -> S {
        self.powers[d - 1] * self.powers[1] * self.decays[decay].value
    }

    /// delta^d times a bell, or without one.
    pub fn belled(&self, bell: usize, d: usize) -> S {
        let power = self.powers[d - 1] * self.powers[1];
        self.bells.get(bell).map_or(power, |bell| power * bell.value)
    }
}

/// A polynomial and what D makes of it, over delta: the sums of d^k times its terms.
#[inline]
fn moments<S: Scalar, const N: usize>(
    coefficients: &[S],
    powers: &[S; MOST],
    lowest: usize,
    highest: usize,
) -> [S; N] {
    let mut moments = [S::zero(); N];
    for d in lowest..=highest {
        let mut term = coefficients[d - 1] * powers[d - 1];
        for (k, moment) in moments.iter_mut().enumerate() {
            *moment += term;
            if k + 1 < N {
                term = term.scaled(d as f64);
            }
        }
    }
    moments
}

/// Adds what D makes of a product of a polynomial and a factor.
#[inline]
fn add_product<S: Scalar, const N: usize>(sums: &mut [S; N], f: [S; N], factor: &Factor<S>) {
    let [g, g1, g2] = factor.slopes;
    let square = g * g + g1;
    for (k, sum) in sums.iter_mut().enumerate() {
        let inner = match k {
            0 => f[0],
            1 => f[1] + g * f[0],
            2 => f[2] + (g * f[1]).scaled(2.0) + square * f[0],
            _ => {
                let cube = g * (square + g1.scaled(2.0)) + g2;
                f[3] + (g * f[2] + square * f[1]).scaled(3.0) + cube * f[0]
            }
        };
        *sum += inner * factor.value;
    }
}
