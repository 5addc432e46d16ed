//! A segment of a line: pressure and temperature at its end from those at its start.

use super::course::{Course, Mean};
use super::friction::{Friction, FrictionLaw, MassFlow, Pipe};
use super::parallel::{Loop, Pair};
use crate::gas::Gas;
use crate::scalar::Scalar;
use std::f64::consts::PI;

/// The ground around a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Soil<S> {
    /// Temperature far from the pipe at its depth, K.
    pub temperature: S,
    /// Overall coefficient of heat transfer from gas to soil, on the outer diameter, W/(m2 K):
    /// 0 is an adiabatic line.
    pub heat_transfer: S,
}

/// A piece of line between two points.
///
/// Steady flow without the acceleration term, over a length L with properties at mean pressure
/// and temperature (c is the isothermal speed of sound):
///
/// ```text
/// p2² = p1² e^(-s) - c² L G (1 - e^(-s)) / s
/// s   = 2 g H / c²,   c² = Z R Tm / M
/// pm  = 2/3 (p1 + p2² / (p1 + p2))
/// ```
///
/// with G the friction gradient λ m |m| / (d A²) (for a looped length, of both pipes at the same
/// loss) and H the elevation gained. It is the exact integral where Z T and λ are constant,
/// elevation included.
///
/// Temperature follows from dT/dx = -a (T - Ts) + μ dp/dx - (M g / cp) dz/dx with Ts that of the
/// soil, μ the Joule-Thomson coefficient and a = U π D / (n cp), for a pressure and an elevation
/// that change evenly along the segment:
///
/// ```text
/// T2 = Ts + (T1 - Ts) e^(-t) - J (1 - e^(-t)) / t
/// t  = a L,   J = μ (p1 - p2) + M g H / cp
/// ```
///
/// and Tm is its mean over the length (the closed form of the Russian norms, second-hand
/// after L. I. Bykov et al., Typical calculations for the construction and repair of gas and oil
/// pipelines, Nedra 2006, which puts (p1² - p2²) / (2 pm) for p1 - p2 and leaves elevation out;
/// the two meet as segments get short, and this one keeps enthalpy exactly without heat
/// transfer).
///
/// Mean pressure and temperature are found in four states of the gas: from the means that the gas
/// at the inlet would have all along by three of Newton's steps, each by the slopes of the gas where it
/// begins ([`Gas::state_with_slopes`]), and a fourth that counts for the end alone. How many states
/// are asked for does not depend on what flows, so that derivatives are those of what is worked out.
/// What that leaves of the outlet, by natural gas over 1 to 300 km, level or rising, with much heat
/// transfer and with none: rounding where two fifths of the pressure or more arrive, and below 1e-7
/// where 15 % do.
///
/// **At rest and in reverse.** A molar flow of zero gives the hydrostatic pressure at soil
/// temperature. A negative one runs from the end to the start: pressure rises along the segment,
/// and the temperature that is handed in is that of the gas where it *enters*, at the end; the
/// result's outlet temperature is then that at the start. It is the caller's business to know it.
/// Pressure is smooth through zero flow where the two are the same or the segment is level.
///
/// **Short of pressure.** Where p2² falls below the square of the floor, flow asks for more
/// pressure than there is. What is missing, floor² - p2², is stated as `short_of_pressure`, and
/// so that searches see a smooth and monotone function, the outlet pressure goes on from the
/// floor along the tangent to √(p2²), bending off towards half of the floor: it stays positive,
/// and what lies downstream is reckoned with it.
///
/// ```
/// use gaschain::flow::{FrictionLaw, Pipe, Segment, Soil};
/// use gaschain::gas::{GasState, UniformGas};
/// let gas = UniformGas {
///     molar_mass: 0.0175,
///     state: GasState {
///         compressibility: 0.86,
///         heat_capacity: 47.0,
///         joule_thomson: 3.5e-6,
///         viscosity: 1.2e-5,
///     },
/// };
/// let segment = Segment {
///     length: 100e3,
///     elevation_gain: 50.0,
///     pipe: Pipe {
///         inner_diameter: 1.3766,
///         outer_diameter: 1.42,
///         roughness: 10e-6,
///         efficiency: 0.95,
///         friction_factor: 0.0, // of the law
///     },
///     loops: None,
///     soil: Soil { temperature: 273.15, heat_transfer: 1.5 },
///     friction: FrictionLaw::StoGazprom,
///     pressure_floor: 1e5,
/// };
/// let end = segment.solve(&gas, 35e3, 9.81e6, 303.15); // mol/s, Pa, K
/// assert!((end.outlet_pressure / 1e6 - 9.115).abs() < 1e-3); // MPa
/// assert!((end.outlet_temperature - 290.97).abs() < 0.01); // K
///
/// let too_much = segment.solve(&gas, 120e3, 9.81e6, 303.15);
/// assert!(too_much.short_of_pressure > 0.0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Segment<S> {
    /// Length, m.
    pub length: S,
    /// Elevation of the end above the start, m.
    pub elevation_gain: S,
    /// The pipe.
    pub pipe: Pipe<S>,
    /// A second pipe beside it, if any.
    pub loops: Option<Loop<S>>,
    /// The ground around.
    pub soil: Soil<S>,
    /// Friction law.
    pub friction: FrictionLaw,
    /// Pressure that the outlet must not fall below, Pa; above 0.
    pub pressure_floor: S,
}

/// What [`Segment::solve`] found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SegmentResult<S> {
    /// Pressure at the end, Pa (see [`Segment`] on what it is below the floor).
    pub outlet_pressure: S,
    /// Temperature of the gas where it leaves, K.
    pub outlet_temperature: S,
    /// The right side of the flow equation, p2², Pa²: below the floor, and below zero, too.
    pub outlet_pressure_squared: S,
    /// By how much p2² fell short of the square of the floor, Pa²; 0 where it did not.
    pub short_of_pressure: S,
    /// Mean pressure, Pa.
    pub mean_pressure: S,
    /// Mean temperature, K.
    pub mean_temperature: S,
}

/// Friction along a segment: in its pipe, and in both where there is a second.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frictions<S> {
    alone: Friction<S>,
    /// Along this share of the length.
    together: Option<(Pair<S>, S)>,
}

impl<S: Scalar> Frictions<S> {
    pub fn of(law: FrictionLaw, pipe: &Pipe<S>, loops: Option<&Loop<S>>) -> Self {
        let together =
            loops.map(|loops| (Pair::of(law, [pipe, &loops.pipe]), loops.share_of_length));
        Self { alone: Friction::of(law, pipe), together }
    }

    /// Friction gradient, kg²/(m⁵ s²), and about the power of the viscosity that it goes with.
    pub fn gradient(&self, flow: MassFlow<S>, viscosity: S) -> [S; 2] {
        let alone = self.alone.gradient(flow, viscosity);
        let Some((pair, share)) = self.together else { return alone };
        let together = pair.gradient(flow, viscosity);
        [0, 1].map(|of| alone[of] * (S::one() - share) + together[of] * share)
    }

    /// Two pipes beside each other all along, where there are some.
    pub const fn together(&self) -> Option<&(Pair<S>, S)> {
        self.together.as_ref()
    }
}

impl<S: Scalar> Segment<S> {
    /// Pressure and temperature at the end for a molar flow (mol/s), and pressure (Pa) and
    /// temperature (K) at the start.
    pub fn solve(
        &self,
        gas: &impl Gas<S>,
        molar_flow: S,
        inlet_pressure: S,
        inlet_temperature: S,
    ) -> SegmentResult<S> {
        let frictions = Frictions::of(self.friction, &self.pipe, self.loops.as_ref());
        let state = gas.state(inlet_pressure, inlet_temperature);
        let inlet = Mean { pressure: inlet_pressure, temperature: inlet_temperature, state };
        self.follow(gas, &frictions, molar_flow, &inlet).0
    }

    /// The same from the state of the gas at the start on; gives the compressibility factor at the
    /// means, too.
    pub(super) fn follow(
        &self,
        gas: &impl Gas<S>,
        frictions: &Frictions<S>,
        molar_flow: S,
        inlet: &Mean<S>,
    ) -> (SegmentResult<S>, S) {
        let Mean { pressure, temperature, state } = *inlet;
        let course =
            Course::of(self, frictions, gas.molar_mass(), molar_flow, pressure, temperature);
        let mut near = state.compressibility;
        let mut stepped = |[pressure, temperature]: [S; 2]| {
            let (state, slopes) = gas.state_with_slopes(near, pressure, temperature);
            near = state.compressibility;
            (course.step(&Mean { pressure, temperature, state }, &slopes), slopes)
        };
        let (means, _) = stepped(course.means(&state));
        let (means, _) = stepped(means);
        let ([pressure, temperature], slopes) = stepped(means);
        let state = gas.state_near(near, pressure, temperature);
        let mean = Mean { pressure, temperature, state };
        (course.end(&mean, &slopes), state.compressibility)
    }

    /// Circumference that heat passes through, of both pipes where there are two, m.
    pub(super) fn perimeter(&self) -> S {
        let diameters = match &self.loops {
            None => self.pipe.outer_diameter,
            Some(loops) => {
                self.pipe.outer_diameter + loops.pipe.outer_diameter * loops.share_of_length
            }
        };
        diameters.scaled(PI)
    }
}
