//! Viscosity of dilute gases and of their mixtures, at the temperatures of a polynomial.

use super::HELD;
use super::components::{ALL, Component};
use crate::gas::gerg::{COMPONENTS, counts};
use crate::math;
use crate::scalar::Scalar;
use std::f64::consts::PI;
use std::sync::LazyLock;

/// Temperatures at which mixtures are worked out: between them the polynomial is off by 1e-4 and
/// less.
pub(in crate::gas) const NODES: usize = 5;

/// What does not depend on the gas.
pub(super) static TABLES: LazyLock<Tables> = LazyLock::new(Tables::new);

/// What does not depend on the gas.
#[derive(Debug)]
pub(super) struct Tables {
    /// √M by component.
    momentum: [f64; COMPONENTS],
    /// μ^(-1/2) by component and node, (Pa s)^(-1/2).
    root_of_fluidity: [[f64; NODES]; COMPONENTS],
    /// How well each hands momentum on to each, (2 √(Mi Mj) / (Mi + Mj))^(3/8).
    efficiency: [[f64; COMPONENTS]; COMPONENTS],
    /// Chebyshev coefficients from values at the nodes.
    transform: [[f64; NODES]; NODES],
}

impl Tables {
    fn new() -> Self {
        let pairs = |one: Component| {
            ALL.map(|other| {
                let [one, other] = [one.molar_mass, other.molar_mass];
                math::pow(2.0 * (one * other).sqrt() / (one + other), 0.375)
            })
        };
        let angle = |node: usize| PI * (node as f64 + 0.5) / NODES as f64;
        Self {
            momentum: ALL.map(|one| one.molar_mass.sqrt()),
            root_of_fluidity: ALL.map(|one| {
                temperatures().map(|temperature| 1.0 / chapman_enskog(one, temperature).sqrt())
            }),
            efficiency: ALL.map(pairs),
            transform: std::array::from_fn(|order| {
                let weight = if order == 0 { 1.0 } else { 2.0 } / NODES as f64;
                std::array::from_fn(|node| weight * math::cos(order as f64 * angle(node)))
            }),
        }
    }

    /// Chebyshev coefficients of the viscosity of a mixture without density, Pa s.
    pub fn dilute<S: Scalar>(&self, shares: &[S; COMPONENTS]) -> [S; NODES] {
        let mut momentum = S::zero();
        for (&share, &own) in shares.iter().zip(&self.momentum) {
            momentum += share.scaled(own);
        }
        let mut fluidity = [S::zero(); NODES];
        let mut parts = [[S::zero(); NODES]; COMPONENTS];
        for (at, &share) in shares.iter().enumerate().filter(|(_, share)| counts(**share)) {
            let weight = share.scaled(self.momentum[at]) / momentum;
            parts[at] = self.root_of_fluidity[at].map(|root| weight.scaled(root));
            // each pair counts twice, and each component meets itself
            for node in 0..NODES {
                let mut met = parts[at][node].scaled(0.5);
                for other in (0..at).filter(|other| counts(shares[*other])) {
                    met += parts[other][node].scaled(self.efficiency[at][other]);
                }
                fluidity[node] += (parts[at][node] * met).scaled(2.0);
            }
        }
        let values = fluidity.map(|fluidity| S::one() / fluidity);
        self.transform.map(|row| {
            let weighed = values.iter().zip(row).map(|(value, weight)| value.scaled(weight));
            weighed.fold(S::zero(), |sum, part| sum + part)
        })
    }
}

/// What Chebyshev coefficients give at a temperature (K), by Clenshaw's rule.
pub(super) fn at<S: Scalar>(coefficients: &[S; NODES], temperature: S) -> S {
    let [cold, hot] = HELD;
    let held = temperature.max(S::from_f64(cold)).min(S::from_f64(hot));
    let place = (held - S::from_f64(0.5 * (cold + hot))).scaled(2.0 / (hot - cold));
    let twice = place.scaled(2.0);
    let (mut one, mut before) = (S::zero(), S::zero());
    for &coefficient in coefficients[1..].iter().rev() {
        (one, before) = (coefficient + twice * one - before, one);
    }
    coefficients[0] + place * one - before
}

/// The same with how it changes with temperature.
pub(super) fn with_slope<S: Scalar>(coefficients: &[S; NODES], temperature: S) -> [S; 2] {
    let [cold, hot] = HELD;
    let held = temperature.max(S::from_f64(cold)).min(S::from_f64(hot));
    let place = (held - S::from_f64(0.5 * (cold + hot))).scaled(2.0 / (hot - cold));
    let twice = place.scaled(2.0);
    let [mut one, mut before, mut one_slope, mut before_slope] = [S::zero(); 4];
    for &coefficient in coefficients[1..].iter().rev() {
        let slope = one.scaled(2.0) + twice * one_slope - before_slope;
        (one_slope, before_slope) = (slope, one_slope);
        (one, before) = (coefficient + twice * one - before, one);
    }
    let slope = one + place * one_slope - before_slope;
    [coefficients[0] + place * one - before, slope.scaled(2.0 / (hot - cold))]
}

/// Temperatures of the nodes, K.
fn temperatures() -> [f64; NODES] {
    let [cold, hot] = HELD;
    std::array::from_fn(|node| {
        let place = math::cos(PI * (node as f64 + 0.5) / NODES as f64);
        0.5 * (cold + hot) + 0.5 * (hot - cold) * place
    })
}

/// Viscosity of a component as a dilute gas at a temperature (K), Pa s.
pub(super) fn chapman_enskog(component: Component, temperature: f64) -> f64 {
    let Component { molar_mass, diameter, energy, .. } = component;
    let reduced = temperature / energy;
    let integral = 1.161_45 * math::pow(reduced, -0.148_74)
        + 0.524_87 * math::exp(-0.773_2 * reduced)
        + 2.161_78 * math::exp(-2.437_87 * reduced);
    26.69e-7 * (molar_mass * temperature).sqrt() / (diameter * diameter * integral)
}
