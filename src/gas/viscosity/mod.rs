//! Viscosity of a gas: of the dilute gas by kinetic theory, with what density adds to it.
//!
//! *In:* mole fractions of the 21 components of GERG-2008. *Out:* the viscosity at a density and a
//! temperature. *Order:* `components` are the constants, from which `dilute` works out once for all
//! what does not depend on the gas; a [`Viscosity`] is what does not depend on its state.

mod components;
mod dilute;

#[cfg(test)]
mod tests;

use super::gerg::COMPONENTS;
use crate::scalar::Scalar;
use components::ALL;
use dilute::TABLES;

pub(super) use dilute::NODES;

/// Temperatures at which viscosity is held, K: the polynomial means nothing further out.
const HELD: [f64; 2] = [200.0, 450.0];

/// Pascals in the atmosphere that the correlation of density is written in.
const ATMOSPHERE: f64 = 101_325.0;

/// Coefficients of Jossi, Stiel and Thodos, by power of the reduced density.
const JOSSI_STIEL_THODOS: [f64; 5] = [0.1023, 0.023_364, 0.058_533, -0.040_758, 0.009_332_4];

/// Critical temperature (K) and pressure (Pa) of a component of GERG-2008.
pub(in crate::gas) const fn critical_point(component: usize) -> [f64; 2] {
    let one = &ALL[component];
    [one.critical_temperature, one.critical_pressure * 1e6]
}

/// The viscosity of a gas of one composition.
///
/// ```text
/// μ(d, T) = μ0(T) + (q(d Vc)⁴ - q(0)⁴) / ξ
/// ```
///
/// with, in the units as fitted (1e-7 Pa s, g/mol, K, 1e-10 m, atm),
///
/// * of each component as a dilute gas, by Chapman and Enskog,
///   μi = 26.69 √(Mi T) / (σi² Ω(T k/εi)), Ω the collision integral of the Lennard-Jones potential
///   (P. D. Neufeld, A. R. Janzen and R. A. Aziz, J. Chem. Phys. 57 (1972) 1100);
/// * of their mixture, 1/μ0 = Σ Σ yi yj (2 √(Mi Mj) / (Mi + Mj))^(3/8) / √(μi μj) with
///   yi = xi √Mi / Σ xj √Mj (T. A. Davidson, US Bureau of Mines, Report of Investigations 9456,
///   1993, which holds it against measured mixtures, of hydrogen and helium among them);
/// * what density adds, q = 0.1023 + 0.023364 r + 0.058533 r² - 0.040758 r³ + 0.0093324 r⁴ and
///   ξ = Tc^(1/6) M^(-1/2) pc^(-2/3) (J. A. Jossi, L. I. Stiel and G. Thodos, `AIChE` J. 8 (1962) 59;
///   there q(0)⁴ stands for 1e-4, which leaves 2 % of the viscosity where there is no density), of
///   a mixture with the means of critical temperature, pressure and volume.
///
/// It is smooth in composition, density and temperature, and held at 200 and 450 K.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Viscosity<S> {
    /// Of the dilute gas: its Chebyshev coefficients between the temperatures of [`HELD`], Pa s.
    dilute: [S; NODES],
    /// Critical molar volume, m3/mol.
    critical_volume: S,
    /// 1 / ξ, Pa s.
    scale: S,
    /// Share of components for which it has not been held against a reference.
    uncompared: S,
}

impl<S: Scalar> Viscosity<S> {
    /// Of a gas, from the mole fractions of its components.
    pub fn of_gas(shares: &[S; COMPONENTS]) -> Self {
        let mean = |of: fn(usize) -> f64| {
            let weighed = shares.iter().enumerate().map(|(at, share)| share.scaled(of(at)));
            weighed.fold(S::zero(), |sum, part| sum + part)
        };
        let molar_mass = mean(|at| ALL[at].molar_mass);
        let temperature = mean(|at| ALL[at].critical_temperature);
        let pressure = mean(|at| ALL[at].critical_pressure * 1e6 / ATMOSPHERE);
        let logarithm = molar_mass.ln().scaled(0.5) + pressure.ln().scaled(2.0 / 3.0)
            - temperature.ln().scaled(1.0 / 6.0);
        Self {
            dilute: TABLES.dilute(shares),
            critical_volume: mean(|at| ALL[at].critical_volume * 1e-6),
            scale: logarithm.exp().scaled(1e-3), // from cP
            uncompared: mean(|at| f64::from(u8::from(!ALL[at].is_compared))),
        }
    }

    /// Of Chebyshev coefficients without density (Pa s), the critical molar volume (m3/mol), 1 / ξ
    /// (Pa s) and the share of components that have not been held against a reference.
    pub const fn of_numbers(
        dilute: [S; NODES],
        critical_volume: S,
        scale: S,
        uncompared: S,
    ) -> Self {
        Self { dilute, critical_volume, scale, uncompared }
    }

    /// What it is made of, in that order.
    pub const fn numbers(&self) -> ([S; NODES], S, S, S) {
        (self.dilute, self.critical_volume, self.scale, self.uncompared)
    }

    /// At a molar density (mol/m3) and a temperature (K), Pa s.
    pub fn at(&self, density: S, temperature: S) -> S {
        let [a0, a1, a2, a3, a4] = JOSSI_STIEL_THODOS;
        let constant = S::from_f64;
        let r = density * self.critical_volume;
        let q = (((r.scaled(a4) + constant(a3)) * r + constant(a2)) * r + constant(a1)) * r
            + constant(a0);
        let square = q * q;
        let added = (square * square - constant(a0 * a0 * a0 * a0)) * self.scale;
        dilute::at(&self.dilute, temperature) + added
    }

    /// The same, with how it changes with density and with temperature.
    pub fn with_slopes(&self, density: S, temperature: S) -> [S; 3] {
        let [a0, a1, a2, a3, a4] = JOSSI_STIEL_THODOS;
        let constant = S::from_f64;
        let r = density * self.critical_volume;
        let q = (((r.scaled(a4) + constant(a3)) * r + constant(a2)) * r + constant(a1)) * r
            + constant(a0);
        let q_r =
            ((r.scaled(4.0 * a4) + constant(3.0 * a3)) * r + constant(2.0 * a2)) * r + constant(a1);
        let square = q * q;
        let added = (square * square - constant(a0 * a0 * a0 * a0)) * self.scale;
        let by_density = (square * q * q_r).scaled(4.0) * self.scale * self.critical_volume;
        let [dilute, by_temperature] = dilute::with_slope(&self.dilute, temperature);
        [dilute + added, by_density, by_temperature]
    }

    /// Density over the critical one.
    pub fn reduced_density(&self, density: S) -> S {
        density * self.critical_volume
    }

    /// Share of components for which the model has not been held against a reference: water,
    /// hydrogen sulfide, carbon monoxide, pentanes and heavier.
    pub const fn uncompared(&self) -> S {
        self.uncompared
    }
}
