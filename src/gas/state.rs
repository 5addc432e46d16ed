//! The state of a gas: what line and compressor equations ask of it.

use crate::quantity::MOLAR_GAS_CONSTANT;
use crate::scalar::Scalar;

/// A gas at one pressure and temperature.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GasState<S> {
    /// Compressibility factor Z = p v / (R T).
    pub compressibility: S,
    /// Molar heat capacity at constant pressure, J/(mol K).
    pub heat_capacity: S,
    /// Joule-Thomson coefficient (dT/dp at constant enthalpy), K/Pa.
    pub joule_thomson: S,
    /// Dynamic viscosity, Pa s.
    pub viscosity: S,
}

impl<S: Scalar> GasState<S> {
    /// Every number of it made from those of another.
    fn with(&self, other: &Self, number: impl Fn(S, S) -> S) -> Self {
        Self {
            compressibility: number(self.compressibility, other.compressibility),
            heat_capacity: number(self.heat_capacity, other.heat_capacity),
            joule_thomson: number(self.joule_thomson, other.joule_thomson),
            viscosity: number(self.viscosity, other.viscosity),
        }
    }
}

/// Share of a pressure and of a temperature over which slopes of a state are taken.
const ASIDE: f64 = 1e-4;

/// A gas of one composition, at whatever pressure and temperature it comes to.
pub trait Gas<S: Scalar> {
    /// Molar mass, kg/mol.
    fn molar_mass(&self) -> S;

    /// Its state at a pressure (Pa) and temperature (K).
    fn state(&self, pressure: S, temperature: S) -> GasState<S>;

    /// Its state at a pressure (Pa) and temperature (K) that are near others, where its
    /// compressibility factor is this: a gas that has to look for its density may begin there. What
    /// it finds differs from [`Gas::state`] by roundings only, where it is near.
    fn state_near(&self, compressibility: S, pressure: S, temperature: S) -> GasState<S> {
        let _ = compressibility;
        self.state(pressure, temperature)
    }

    /// The same, with how all of it changes with pressure (by the pascal) and with temperature (by
    /// the kelvin): what a search for a state steps by, so that a part in a thousand will do. By
    /// differences, unless a gas knows better.
    fn state_with_slopes(
        &self,
        compressibility: S,
        pressure: S,
        temperature: S,
    ) -> (GasState<S>, [GasState<S>; 2]) {
        let at = self.state_near(compressibility, pressure, temperature);
        let near = at.compressibility;
        let (more, hotter) = (pressure.scaled(ASIDE), temperature.scaled(ASIDE));
        let slopes = [
            (self.state_near(near, pressure + more, temperature), more),
            (self.state_near(near, pressure, temperature + hotter), hotter),
        ];
        (at, slopes.map(|(aside, step)| aside.with(&at, |aside, at| (aside - at) / step)))
    }

    /// Its compressibility factor alone: that of its state.
    fn compressibility(&self, pressure: S, temperature: S) -> S {
        self.state(pressure, temperature).compressibility
    }

    /// Speed of sound in it, m/s, that of small pressure waves at constant entropy:
    /// w² = (cp/cv) (∂p/∂ρ) at constant temperature.
    fn speed_of_sound(&self, pressure: S, temperature: S) -> S;
}

/// A gas whose properties do not depend on its state: textbook cases, and exact integrals to
/// test line equations by. Its speed of sound is that of a gas of constant Z, whose
/// Joule-Thomson coefficient would be 0: w² = Z R T / M × cp / (cp - Z R).
///
/// ```
/// use gaschain::gas::{Gas, GasState, UniformGas};
/// let gas = UniformGas {
///     molar_mass: 0.017,
///     state: GasState {
///         compressibility: 0.9,
///         heat_capacity: 40.0,
///         joule_thomson: 0.0,
///         viscosity: 1.1e-5,
///     },
/// };
/// assert!(gas.state(7e6, 290.0) == gas.state(5e6, 280.0));
/// assert!((gas.speed_of_sound(7e6, 290.0) - 396.3).abs() < 0.1); // m/s
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UniformGas<S> {
    /// Molar mass, kg/mol.
    pub molar_mass: S,
    /// Its state everywhere.
    pub state: GasState<S>,
}

impl<S: Scalar> Gas<S> for UniformGas<S> {
    fn molar_mass(&self) -> S {
        self.molar_mass
    }

    fn state(&self, _: S, _: S) -> GasState<S> {
        self.state
    }

    fn speed_of_sound(&self, _: S, temperature: S) -> S {
        let GasState { compressibility, heat_capacity, .. } = self.state;
        let gas = compressibility.scaled(MOLAR_GAS_CONSTANT); // cp - cv
        let adiabatic = heat_capacity / (heat_capacity - gas);
        (gas * temperature / self.molar_mass * adiabatic).sqrt()
    }
}
