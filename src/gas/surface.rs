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
use super::density::{FLATTEST, share_near, share_of_density, solved_share};
use super::gerg::GAS_CONSTANT;
use super::polynomial::{chebyshev, horner, integrated, polynomial};
use crate::scalar::Scalar;

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
    half_curvature: [S; DENSITIES],
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
            shares.map(|share| S::one() + horner(&isotherm, S::from_f64(share))[0].scaled(share))
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
        S::one() + x * horner(&isotherm, x)[0]
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
        solved_share(&isotherm, target).map(|x| x * HIGHEST_DENSITY)
    }

    /// The same of plain numbers.
    pub fn plain(&self) -> Surface<f64> {
        Surface {
            residual: self.residual.map(|row| row.map(Scalar::value)),
            ideal: self.ideal.map(Scalar::value),
        }
    }

    /// State at a pressure (Pa) and temperature (K); the viscosity is that of `viscosity`, asked
    /// with density (mol/m3) and temperature.
    pub fn state(
        &self,
        pressure: S,
        temperature: S,
        viscosity: impl FnOnce(S, S) -> S,
    ) -> GasState<S> {
        let held = hold(temperature);
        let at = self.isotherm(held);
        let x = share_of_density(&at.value, ideal_share(pressure, held));
        at.heat(x).state(viscosity(x.scaled(HIGHEST_DENSITY), held))
    }

    /// The same, looked for from a state nearby, of which the compressibility factor is told.
    #[inline]
    pub fn state_near(
        &self,
        compressibility: S,
        pressure: S,
        temperature: S,
        viscosity: impl FnOnce(S, S) -> S,
    ) -> GasState<S> {
        let held = hold(temperature);
        let at = self.isotherm(held);
        let x = share_near(&at.value, ideal_share(pressure, held), compressibility);
        at.heat(x).state(viscosity(x.scaled(HIGHEST_DENSITY), held))
    }

    /// The same with how it changes with pressure and with temperature; `viscosity` gives how it
    /// changes with density and temperature, too.
    pub fn state_with_slopes(
        &self,
        compressibility: S,
        pressure: S,
        temperature: S,
        viscosity: impl FnOnce(S, S) -> [S; 3],
    ) -> (GasState<S>, [GasState<S>; 2]) {
        let held = hold(temperature);
        let at = self.isotherm(held);
        let x = share_near(&at.value, ideal_share(pressure, held), compressibility);
        let heat = at.heat(x);
        let [viscosity, by_density, by_temperature] = viscosity(x.scaled(HIGHEST_DENSITY), held);
        let state = heat.state(viscosity);
        let u = at.inverse;
        // how the share of density moves
        let with_pressure = u.scaled(1.0 / (GAS_CONSTANT * HIGHEST_DENSITY)) / heat.stiffness;
        let with_temperature = -(u * x * heat.spread) / heat.stiffness;
        let [by_x, by_u] = self.slopes(&at, &heat, &state, x);
        let along = |x: S, u: Option<S>| {
            let join = |of: fn(&GasState<S>) -> S| {
                let first = of(&by_x) * x;
                u.map_or(first, |u| first + of(&by_u) * u)
            };
            let viscous = by_density * x.scaled(HIGHEST_DENSITY);
            GasState {
                compressibility: join(|slope| slope.compressibility),
                heat_capacity: join(|slope| slope.heat_capacity),
                joule_thomson: join(|slope| slope.joule_thomson),
                viscosity: if u.is_some() { viscous + by_temperature } else { viscous },
            }
        };
        (state, [along(with_pressure, None), along(with_temperature, Some(-(u * u)))])
    }

    /// How the state changes with x, and with u = 1 / T at one x; of viscosity nothing is told.
    fn slopes(
        &self,
        at: &Isotherm<S>,
        heat: &Heat<S>,
        state: &GasState<S>,
        x: S,
    ) -> [GasState<S>; 2] {
        let per_inverse = 1.0 / inverse_temperature().1;
        let cubed = per_inverse * per_inverse * per_inverse;
        let u = at.inverse;
        let [g, g_x, half_g_xx] = horner(&at.value, x);
        let [g_u, g_xu, _] = horner(&at.slope, x).map(|slope| slope.scaled(per_inverse));
        let [g_uu, ..] = horner(&at.half_curvature, x);
        let g_uu = g_uu.scaled(2.0 * per_inverse * per_inverse);
        // a cubic in w: its third derivative is six times its highest coefficients
        let third = integrated(&self.residual[TEMPERATURES - 1]);
        let a_uuu = x * horner(&third, x)[0].scaled(6.0 * cubed);
        let [_, ideal_w, _] = horner(&self.ideal, Self::place(u));

        let z_x = g + x * g_x;
        let z_u = x * g_u;
        let square = x * x;
        let stiffness_x = g.scaled(2.0) + (x * g_x).scaled(4.0) + (square * half_g_xx).scaled(2.0);
        let stiffness_u = z_u.scaled(2.0) + square * g_xu;
        let spread_x = z_x - u * (g_u + x * g_xu);
        let spread_u = -(u * x * g_uu);
        let volume_x = -(u * u * g_uu);
        let volume_u = ideal_w.scaled(per_inverse) - (u * heat.a_uu).scaled(2.0) - u * u * a_uuu;
        let cooling_x = -(u * g_xu + (g_x + x * half_g_xx).scaled(2.0));
        let cooling_u = -(g_u.scaled(2.0) + u * g_uu + x * g_xu);

        let ratio = heat.spread / heat.stiffness;
        let per_capacity = S::one() / heat.capacity;
        let per_stiffness = S::one() / heat.stiffness;
        let unit = per_stiffness * per_capacity.scaled(1.0 / (GAS_CONSTANT * HIGHEST_DENSITY));
        let slope = |z: S, stiffness: S, spread: S, volume: S, cooling: S| {
            let capacity = volume + ratio * (spread.scaled(2.0) - ratio * stiffness);
            GasState {
                compressibility: z,
                heat_capacity: capacity.scaled(GAS_CONSTANT),
                joule_thomson: cooling * unit
                    - state.joule_thomson * (stiffness * per_stiffness + capacity * per_capacity),
                viscosity: S::zero(),
            }
        };
        [
            slope(z_x, stiffness_x, spread_x, volume_x, cooling_x),
            slope(z_u, stiffness_u, spread_u, volume_u, cooling_u),
        ]
    }

    /// w at 1 / T.
    fn place(inverse: S) -> S {
        let (middle, half) = inverse_temperature();
        (inverse - S::from_f64(middle)).scaled(1.0 / half)
    }

    /// Coefficients of g by power of x at one temperature.
    fn residual_at(&self, temperature: S) -> [S; DENSITIES] {
        let w = Self::place(S::one() / temperature);
        std::array::from_fn(|power| horner(&self.residual.map(|row| row[power]), w)[0])
    }

    #[inline]
    fn isotherm(&self, temperature: S) -> Isotherm<S> {
        let inverse = S::one() / temperature;
        let w = Self::place(inverse);
        let columns: [[S; 3]; DENSITIES] =
            std::array::from_fn(|power| horner(&self.residual.map(|row| row[power]), w));
        Isotherm {
            value: columns.map(|[value, ..]| value),
            slope: columns.map(|[_, slope, _]| slope),
            half_curvature: columns.map(|[.., curvature]| curvature),
            ideal: horner(&self.ideal, w)[0],
            inverse,
        }
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
    /// `Z - u Z_u`: dp/dT over d R.
    spread: S,
    /// Second derivative of the residual Helmholtz energy over R T with 1 / T.
    a_uu: S,
    /// What the Joule-Thomson coefficient is in proportion to.
    cooling: S,
}

impl<S: Scalar> Heat<S> {
    #[inline]
    fn state(&self, viscosity: S) -> GasState<S> {
        let heat_capacity = self.capacity.scaled(GAS_CONSTANT);
        GasState {
            compressibility: self.compressibility,
            heat_capacity,
            joule_thomson: self.cooling.scaled(1.0 / HIGHEST_DENSITY)
                / (self.stiffness * heat_capacity),
            viscosity,
        }
    }
}

impl<S: Scalar> Isotherm<S> {
    #[inline]
    fn heat(&self, x: S) -> Heat<S> {
        let per_inverse = 1.0 / inverse_temperature().1;
        let [g, g_x, _] = horner(&self.value, x);
        let [g_u, ..] = horner(&self.slope, x);
        let [half_a_uu, ..] = horner(&integrated(&self.half_curvature), x);
        let u = self.inverse;
        let u_g_u = u * g_u.scaled(per_inverse);
        let a_uu = x * half_a_uu.scaled(2.0 * per_inverse * per_inverse);
        let compressibility = S::one() + x * g;
        let spread = compressibility - x * u_g_u;
        let rising = g + x * g_x;
        let stiffness = (compressibility + x * rising).max(S::from_f64(FLATTEST));
        let at_constant_volume = self.ideal - u * u * a_uu;
        Heat {
            compressibility,
            capacity: at_constant_volume + spread * spread / stiffness,
            at_constant_volume,
            stiffness,
            spread,
            a_uu,
            cooling: -(u_g_u + rising),
        }
    }
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

fn shares_of_density() -> [f64; DENSITIES] {
    chebyshev().map(|node: f64| 0.5 + 0.5 * node)
}

#[cfg(test)]
mod tests {
    use super::*;

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

    /// A natural gas: enough of one for slopes.
    fn bent() -> Surface<f64> {
        let departure = node_temperatures().map(|temperature| {
            node_densities().map(|density| {
                let x = density / HIGHEST_DENSITY;
                let t = 300.0 / temperature;
                x * (0.45 - 0.9 * t) + x * x * (0.3 * t * t - 0.1) + x * x * x * (0.1 + 0.03 * t)
            })
        });
        let ideal = node_temperatures().map(|temperature| 3.0 + 1e-5 * temperature * temperature);
        Surface::through(&Nodes { departure, ideal })
    }

    #[test]
    fn slopes_are_those_of_differences() {
        let surface = bent();
        let viscous = |density: f64, temperature: f64| {
            1e-5 + 1e-9 * density + 1e-13 * density * density + 2e-8 * temperature
        };
        let with_slopes =
            |density, temperature| [viscous(density, temperature), 1e-9 + 2e-13 * density, 2e-8];
        let numbers = |state: GasState<f64>| {
            [state.compressibility, state.heat_capacity, state.joule_thomson, state.viscosity]
        };
        for (pressure, temperature) in [(1e5, 300.0), (5e6, 270.0), (9e6, 300.0), (8e6, 340.0)] {
            let at = |p, t| numbers(surface.state(p, t, viscous));
            let (state, slopes) =
                surface.state_with_slopes(0.9, pressure, temperature, with_slopes);
            let near = surface.state_near(0.9, pressure, temperature, viscous);
            for ((own, near), plain) in
                numbers(state).into_iter().zip(numbers(near)).zip(at(pressure, temperature))
            {
                assert!(own.to_bits() == near.to_bits());
                assert!((own / plain - 1.0).abs() < 1e-9, "{own} {plain}");
            }
            let (dp, dt) = (1e-4 * pressure, 1e-4 * temperature);
            let differences = [
                (at(pressure + dp, temperature), at(pressure - dp, temperature), dp),
                (at(pressure, temperature + dt), at(pressure, temperature - dt), dt),
            ];
            for (slopes, (above, below, step)) in slopes.into_iter().zip(differences) {
                for (of, slope) in numbers(slopes).into_iter().enumerate() {
                    let difference = (above[of] - below[of]) / (2.0 * step);
                    let scale = numbers(state)[of].abs() / (1e4 * step);
                    let allowed = 1e-5 * difference.abs() + 1e-8 * scale;
                    assert!((slope - difference).abs() <= allowed, "{of}: {slope} {difference}");
                }
            }
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
