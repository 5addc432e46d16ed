//! The surface of states of one gas: an equation of state tabulated at a few densities and
//! temperatures, and every property from polynomials through them.
//!
//! Tabulated are Z - 1 and the heat capacity of the ideal gas. With x = d / D, D the
//! highest density, and w linear in u = 1 / T,
//!
//! ```text
//! Z(x, w) = 1 + x g(x, w)          g = sum of G_ij w^i x^j, through (Z - 1) / x at the nodes
//! a(x, w) = integral of g dx       residual Helmholtz energy over R T
//! cv / R  = cv0 / R - u^2 a_uu
//! cp / R  = cv / R + (Z - u Z_u)^2 / (Z + x Z_x)
//! mu      = (-u g_u - g - x g_x) / (D (Z + x Z_x) cp)
//! ```
//!
//! (subscripts are derivatives). Z is 1 at zero density by construction, Z, cp and the
//! Joule-Thomson coefficient mu follow from one Helmholtz surface and so agree with each other,
//! and none of them divides by a density.

use super::GasState;
use super::gerg::GAS_CONSTANT;
use crate::math;
use crate::scalar::Scalar;
use std::f64::consts::PI;

/// Densities at which a gas is tabulated. Asking GERG-2008 is most of what a line costs: with 8
/// densities and 5 temperatures Z would be off by 1.5e-6 instead of 4e-5, for twice the time;
/// GERG-2008 itself is good to 1e-3 in density and 1e-2 in heat capacity (Kunz and Wagner 2012).
pub(super) const DENSITIES: usize = 5;

/// Temperatures at which a gas is tabulated.
pub(super) const TEMPERATURES: usize = 4;

/// Density up to which a gas is tabulated, mol/m3.
pub(super) const HIGHEST_DENSITY: f64 = 9_000.0;

/// Temperatures between which a gas is tabulated, K.
pub(super) const TABULATED: [f64; 2] = [255.0, 350.0];

/// Temperatures at which properties are held, K: a little beyond the table, so that a search that
/// strays from it finds something smooth; further out the polynomials mean nothing.
const HELD: [f64; 2] = [235.0, 400.0];

/// Share of the highest density at which density is held.
const DENSEST: f64 = 1.1;

/// Smallest slope dp/dd over R T that a step of Newton's method trusts. The shipped feeds stay
/// over 0.48 from 255 K and up to 12e6 Pa; a gas that condenses has slopes down to nothing and
/// below.
const FLATTEST: f64 = 0.05;

/// Largest number of Newton steps to a density.
const STEPS: usize = 30;

/// A step of this share of the density is the last but one: Newton's method squares what it
/// leaves, so less than rounding is left.
const SHORT_STEP: f64 = 1e-9;

/// Share of a pressure that its solution may be off by.
const SOLVED: f64 = 1e-9;

/// What an equation of state gives at the nodes of a surface.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Nodes<S> {
    /// Z - 1 at each temperature (outer) and density (inner).
    pub departure: [[S; DENSITIES]; TEMPERATURES],
    /// Heat capacity of the ideal gas at constant volume over R, at each temperature.
    pub ideal: [S; TEMPERATURES],
}

/// Densities of the nodes, mol/m3.
pub(super) fn node_densities() -> [f64; DENSITIES] {
    shares_of_density().map(|share| share * HIGHEST_DENSITY)
}

/// Temperatures of the nodes, K.
pub(super) fn node_temperatures() -> [f64; TEMPERATURES] {
    let (middle, half) = inverse_temperature();
    chebyshev::<TEMPERATURES>().map(|w| 1.0 / (middle + half * w))
}

/// Every property of one gas, as polynomials.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Surface<S> {
    /// Coefficients of g by power of w (outer) and of x (inner).
    residual: [[S; DENSITIES]; TEMPERATURES],
    /// Coefficients of the ideal heat capacity by power of w.
    ideal: [S; TEMPERATURES],
}

/// g and its derivatives with w at one temperature: coefficients by power of x.
struct Isotherm<S> {
    value: [S; DENSITIES],
    slope: [S; DENSITIES],
    curvature: [S; DENSITIES],
    ideal: S,
    /// 1 / T, 1/K.
    inverse: S,
}

impl<S: Scalar> Surface<S> {
    /// The surface through the nodes.
    pub fn through(nodes: &Nodes<S>) -> Self {
        let (shares, w) = (shares_of_density(), chebyshev::<TEMPERATURES>());
        let mut residual = nodes.departure;
        for row in &mut residual {
            for (value, share) in row.iter_mut().zip(shares) {
                *value = value.scaled(1.0 / share);
            }
            *row = polynomial(*row, shares);
        }
        for power in 0..DENSITIES {
            let column = polynomial(residual.map(|row| row[power]), w);
            for (row, coefficient) in residual.iter_mut().zip(column) {
                row[power] = coefficient;
            }
        }
        Self { residual, ideal: polynomial(nodes.ideal, w) }
    }

    /// The surface of coefficients by power of w (outer) and of x (inner), and of those of the ideal
    /// heat capacity.
    pub const fn of(residual: [[S; DENSITIES]; TEMPERATURES], ideal: [S; TEMPERATURES]) -> Self {
        Self { residual, ideal }
    }

    /// What it is made of.
    pub const fn numbers(&self) -> ([[S; DENSITIES]; TEMPERATURES], [S; TEMPERATURES]) {
        (self.residual, self.ideal)
    }

    /// Z at the nodes.
    pub fn at_nodes(&self) -> [[S; DENSITIES]; TEMPERATURES] {
        let shares = shares_of_density();
        node_temperatures().map(|temperature| {
            let isotherm = self.residual_at(S::from_f64(temperature));
            shares.map(|share| {
                let g = isotherm.iter().rev();
                let g = g.fold(S::zero(), |g, &coefficient| g.scaled(share) + coefficient);
                S::one() + g.scaled(share)
            })
        })
    }

    /// Molar density, mol/m3, where p = d R T Z(d, T).
    pub fn density(&self, pressure: S, temperature: S) -> S {
        let held = hold(temperature);
        let isotherm = self.residual_at(held);
        share_of_density(&isotherm, ideal_share(pressure, held)).scaled(HIGHEST_DENSITY)
    }

    /// Compressibility factor, Z.
    pub fn compressibility(&self, pressure: S, temperature: S) -> S {
        let held = hold(temperature);
        let isotherm = self.residual_at(held);
        let x = share_of_density(&isotherm, ideal_share(pressure, held));
        let g = isotherm.iter().rev().fold(S::zero(), |g, &coefficient| g * x + coefficient);
        S::one() + x * g
    }

    /// Square of the speed of sound times the molar mass, J/mol:
    ///
    /// ```text
    /// w^2 M = (cp / cv) R T (Z + x Z_x)
    /// ```
    pub fn sound(&self, pressure: S, temperature: S) -> S {
        let held = hold(temperature);
        let at = self.isotherm(held);
        let x = share_of_density(&at.value, ideal_share(pressure, held));
        let Heat { capacity, at_constant_volume, stiffness, .. } = at.heat(x);
        (capacity / at_constant_volume * held * stiffness).scaled(GAS_CONSTANT)
    }

    /// The density, mol/m3, where it is a solution: it has the pressure, the pressure rises with it,
    /// and nothing was held on the way.
    pub fn solved_density(&self, pressure: f64, temperature: f64) -> Option<f64> {
        if !(0.0..f64::INFINITY).contains(&pressure) {
            return None;
        }
        let isotherm = self.isotherm(S::from_f64(temperature)).value.map(Scalar::value);
        let target = ideal_share(pressure, temperature);
        let x = share_of_density(&isotherm, target);
        let (reached, slope) = pressed(&isotherm, x);
        let solves = (reached - target).abs() <= SOLVED * target;
        (solves && slope > FLATTEST && x <= 1.0).then_some(x * HIGHEST_DENSITY)
    }

    /// The same of plain numbers.
    pub fn plain(&self) -> Surface<f64> {
        Surface {
            residual: self.residual.map(|row| row.map(Scalar::value)),
            ideal: self.ideal.map(Scalar::value),
        }
    }

    /// State and density (mol/m3) at a pressure (Pa) and temperature (K); the viscosity is that
    /// of `viscosity`, asked with density and temperature.
    pub fn state(
        &self,
        pressure: S,
        temperature: S,
        viscosity: impl FnOnce(S, S) -> S,
    ) -> GasState<S> {
        let held = hold(temperature);
        let at = self.isotherm(held);
        let x = share_of_density(&at.value, ideal_share(pressure, held));
        let heat = at.heat(x);
        let heat_capacity = heat.capacity.scaled(GAS_CONSTANT);
        GasState {
            compressibility: heat.compressibility,
            heat_capacity,
            joule_thomson: heat.cooling.scaled(1.0 / HIGHEST_DENSITY)
                / (heat.stiffness * heat_capacity),
            viscosity: viscosity(x.scaled(HIGHEST_DENSITY), held),
        }
    }

    /// Coefficients of g by power of x at one temperature.
    fn residual_at(&self, temperature: S) -> [S; DENSITIES] {
        let (middle, half) = inverse_temperature();
        let w = (S::one() / temperature - S::from_f64(middle)).scaled(1.0 / half);
        let mut at = [S::zero(); DENSITIES];
        for row in self.residual.iter().rev() {
            for (own, &coefficient) in at.iter_mut().zip(row) {
                *own = *own * w + coefficient;
            }
        }
        at
    }

    fn isotherm(&self, temperature: S) -> Isotherm<S> {
        let (middle, half) = inverse_temperature();
        let inverse = S::one() / temperature;
        let w = (inverse - S::from_f64(middle)).scaled(1.0 / half);
        let zero = [S::zero(); DENSITIES];
        let mut at =
            Isotherm { value: zero, slope: zero, curvature: zero, ideal: S::zero(), inverse };
        for (row, &ideal) in self.residual.iter().zip(&self.ideal).rev() {
            at.ideal = at.ideal * w + ideal;
            for (power, &coefficient) in row.iter().enumerate() {
                at.curvature[power] = at.curvature[power] * w + at.slope[power].scaled(2.0);
                at.slope[power] = at.slope[power] * w + at.value[power];
                at.value[power] = at.value[power] * w + coefficient;
            }
        }
        at
    }
}

/// What heat makes of a gas at one density: heat capacities over R, and what they follow from.
struct Heat<S> {
    compressibility: S,
    /// At constant pressure.
    capacity: S,
    at_constant_volume: S,
    /// dp/dd over R T.
    stiffness: S,
    /// What the Joule-Thomson coefficient is in proportion to.
    cooling: S,
}

impl<S: Scalar> Isotherm<S> {
    fn heat(&self, x: S) -> Heat<S> {
        let per_inverse = 1.0 / inverse_temperature().1;
        let (mut g, mut g_x, mut g_u, mut a_uu) = (S::zero(), S::zero(), S::zero(), S::zero());
        for power in (0..DENSITIES).rev() {
            g_x = g_x * x + g;
            g = g * x + self.value[power];
            g_u = g_u * x + self.slope[power];
            a_uu = a_uu * x + self.curvature[power].scaled(1.0 / (power as f64 + 1.0));
        }
        let u = self.inverse;
        let u_g_u = u * g_u.scaled(per_inverse);
        let a_uu = x * a_uu.scaled(per_inverse * per_inverse);
        let compressibility = S::one() + x * g;
        let spread = compressibility - x * u_g_u;
        let stiffness = (compressibility + x * (g + x * g_x)).max(S::from_f64(FLATTEST));
        let at_constant_volume = self.ideal - u * u * a_uu;
        Heat {
            compressibility,
            capacity: at_constant_volume + spread * spread / stiffness,
            at_constant_volume,
            stiffness,
            cooling: -(u_g_u + g + x * g_x),
        }
    }
}

/// Solves x (1 + x g(x)) = ideal for x: on plain values until a step is short, then one step that
/// carries derivatives.
fn share_of_density<S: Scalar>(isotherm: &[S; DENSITIES], ideal: S) -> S {
    let (plain, target) = (isotherm.map(Scalar::value), ideal.value());
    // what the second virial coefficient alone would say
    let mut x = within(target * (1.0 - plain[0] * target));
    for _ in 0..STEPS {
        let next = newton(&plain, target, x);
        let step = next - x;
        x = next;
        if step.abs() <= SHORT_STEP * x {
            break;
        }
    }
    newton(isotherm, ideal, S::from_f64(x))
}

/// One step of Newton's method, kept within what the polynomial is good for.
fn newton<S: Scalar>(isotherm: &[S; DENSITIES], ideal: S, x: S) -> S {
    let (reached, slope) = pressed(isotherm, x);
    within(x - (reached - ideal) / slope.max(S::from_f64(FLATTEST)))
}

/// x Z at x, and how it rises with x.
fn pressed<S: Scalar>(isotherm: &[S; DENSITIES], x: S) -> (S, S) {
    let (mut g, mut g_x) = (S::zero(), S::zero());
    for &coefficient in isotherm.iter().rev() {
        g_x = g_x * x + g;
        g = g * x + coefficient;
    }
    let z = S::one() + x * g;
    (x * z, z + x * (g + x * g_x))
}

fn within<S: Scalar>(x: S) -> S {
    x.max(S::zero()).min(S::from_f64(DENSEST))
}

fn hold<S: Scalar>(temperature: S) -> S {
    temperature.max(S::from_f64(HELD[0])).min(S::from_f64(HELD[1]))
}

/// Density of the ideal gas over the highest density.
fn ideal_share<S: Scalar>(pressure: S, temperature: S) -> S {
    pressure.scaled(1.0 / (GAS_CONSTANT * HIGHEST_DENSITY)) / temperature
}

/// Middle and half width of the range of 1 / T that is tabulated, 1/K.
fn inverse_temperature() -> (f64, f64) {
    let [cold, hot] = TABULATED.map(|temperature| 1.0 / temperature);
    (0.5 * (cold + hot), 0.5 * (cold - hot))
}

/// Chebyshev nodes on [-1, 1]: the zeros of the polynomial of degree N.
fn chebyshev<const N: usize>() -> [f64; N] {
    std::array::from_fn(|node| math::cos(PI * (node as f64 + 0.5) / N as f64))
}

fn shares_of_density() -> [f64; DENSITIES] {
    chebyshev().map(|node: f64| 0.5 + 0.5 * node)
}

/// Coefficients, by rising power, of the polynomial through values at nodes: Newton's divided
/// differences, multiplied out.
fn polynomial<S: Scalar, const N: usize>(values: [S; N], nodes: [f64; N]) -> [S; N] {
    let mut differences = values;
    for order in 1..N {
        for node in (order..N).rev() {
            differences[node] = (differences[node] - differences[node - 1])
                .scaled(1.0 / (nodes[node] - nodes[node - order]));
        }
    }
    let mut coefficients = [S::zero(); N];
    for (&difference, node) in differences.iter().zip(nodes).rev() {
        for power in (1..N).rev() {
            coefficients[power] = coefficients[power - 1] - coefficients[power].scaled(node);
        }
        coefficients[0] = difference - coefficients[0].scaled(node);
    }
    coefficients
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_polynomial_goes_through_its_nodes() {
        let nodes = chebyshev::<5>();
        let cubic = |x: f64| 1.0 - 2.0 * x + 0.5 * x * x * x;
        let found = polynomial(nodes.map(cubic), nodes);
        for (coefficient, expected) in found.iter().zip([1.0, -2.0, 0.0, 0.5, 0.0]) {
            assert!((coefficient - expected).abs() < 1e-14);
        }
    }

    /// A gas with a second virial coefficient only, B = b - c / T: everything in closed form.
    fn virial() -> (Surface<f64>, f64, f64) {
        let (b, c) = (5e-5, 0.03); // m3/mol, m3 K/mol
        let departure = node_temperatures()
            .map(|temperature| node_densities().map(|density| density * (b - c / temperature)));
        (Surface::through(&Nodes { departure, ideal: [3.0; TEMPERATURES] }), b, c)
    }

    #[test]
    fn a_virial_gas_has_the_properties_that_thermodynamics_gives_it() {
        let (surface, b, c) = virial();
        for (pressure, temperature) in [(0.0, 300.0), (1.0, 290.0), (5e6, 270.0), (9e6, 340.0)] {
            let ideal = pressure / (GAS_CONSTANT * temperature);
            let virial = b - c / temperature;
            // ideal = d (1 + B d)
            let density = 2.0 * ideal / (1.0 + (1.0 + 4.0 * virial * ideal).sqrt());
            let z = 1.0 + virial * density;
            // B enters cv by its second derivative in 1 / T only, which is none
            let per_temperature = z + density * c / temperature;
            let capacity = 3.0 + per_temperature * per_temperature / (1.0 + 2.0 * virial * density);
            let cooling = (c / temperature - virial)
                / (1.0 + 2.0 * virial * density)
                / (capacity * GAS_CONSTANT);
            let state = surface.state(pressure, temperature, |_, _| 0.0);
            assert!((surface.density(pressure, temperature) - density).abs() <= 1e-12 * density);
            assert!((state.compressibility - z).abs() < 1e-12);
            assert!((state.heat_capacity / (capacity * GAS_CONSTANT) - 1.0).abs() < 1e-11);
            assert!((state.joule_thomson / cooling - 1.0).abs() < 1e-11);
        }
    }

    #[test]
    fn absurd_states_are_finite() {
        let (surface, ..) = virial();
        let pressures = [-1e6, 0.0, 1e-300, 1e9, f64::MAX, f64::INFINITY];
        for pressure in pressures {
            for temperature in [-1.0, 0.0, 1e-9, 300.0, 1e9, f64::INFINITY] {
                let state = surface.state(pressure, temperature, |density, _| density);
                let numbers = [
                    state.compressibility,
                    state.heat_capacity,
                    state.joule_thomson,
                    state.viscosity,
                ];
                assert!(numbers.iter().all(|number| number.is_finite()), "{state:?}");
            }
        }
    }
}
