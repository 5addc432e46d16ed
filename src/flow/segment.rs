//! A segment of a line: pressure and temperature at its end from those at its start.

use super::decay;
use super::fixed_point::{self, Slopes};
use super::friction::{FrictionLaw, Pipe};
use super::parallel::{Loop, MassFlow, Split, gradient};
use crate::gas::{Gas, GasState};
use crate::quantity::MOLAR_GAS_CONSTANT;
use crate::scalar::Scalar;
use std::f64::consts::PI;

/// Standard acceleration of free fall, m/s2 (CGPM 1901).
const FREE_FALL: f64 = 9.806_65;

/// Flow below which a line counts as at rest where a size of flow is divided by, kg/s.
const AT_REST: f64 = 1e-9;

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

/// What one segment found, for a similar one to start from. The result does not depend on it
/// beyond rounding; the number of times that the gas is asked does.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Warm {
    state: Option<GasState<f64>>,
    slopes: Slopes,
    split: Split,
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
        self.solve_from(&mut Warm::default(), gas, molar_flow, inlet_pressure, inlet_temperature)
    }

    /// As [`Segment::solve`], starting from what a similar segment found.
    pub fn solve_from(
        &self,
        warm: &mut Warm,
        gas: &impl Gas<S>,
        molar_flow: S,
        inlet_pressure: S,
        inlet_temperature: S,
    ) -> SegmentResult<S> {
        let molar_mass = gas.molar_mass();
        let signed = molar_flow * molar_mass;
        let size = signed.max(-signed).max(S::from_f64(AT_REST));
        let inlet = Inlet {
            pressure: inlet_pressure,
            temperature: inlet_temperature,
            molar_mass,
            flow: MassFlow { signed, size },
        };

        let first_state = match warm.state {
            Some(state) => constant(state),
            None => gas.state(inlet_pressure, inlet_temperature),
        };
        let guess = self.end(&inlet, &first_state, inlet_temperature, &mut warm.split);
        let start = [
            S::from_f64(guess.mean_pressure.value()) / inlet_pressure,
            S::from_f64(guess.mean_temperature.value()) / inlet_temperature,
        ];
        let split = &mut warm.split;
        let (end, state) =
            fixed_point::solve(start, &mut warm.slopes, |[pressure, temperature]| {
                let mean_temperature = temperature * inlet_temperature;
                let state = gas.state(pressure * inlet_pressure, mean_temperature);
                let end = self.end(&inlet, &state, mean_temperature, split);
                let image =
                    [end.mean_pressure / inlet_pressure, end.mean_temperature / inlet_temperature];
                (image, (end, state))
            });
        warm.state = Some(plain(state));
        end
    }

    /// The closed forms, for a gas in this state and at this temperature all along.
    fn end(
        &self,
        inlet: &Inlet<S>,
        state: &GasState<S>,
        mean_temperature: S,
        split: &mut Split,
    ) -> SegmentResult<S> {
        let Inlet { pressure, temperature, molar_mass, flow } = *inlet;
        let sound_squared =
            (state.compressibility * mean_temperature / molar_mass).scaled(MOLAR_GAS_CONSTANT);

        // pressure
        let friction = self.friction_gradient(flow, state.viscosity, split);
        let s = self.elevation_gain.scaled(2.0 * FREE_FALL) / sound_squared;
        let outlet_pressure_squared = pressure * pressure * (-s).exp()
            - sound_squared * self.length * friction * decay::mean(s);
        let floor_squared = self.pressure_floor * self.pressure_floor;
        let short_of_pressure = (floor_squared - outlet_pressure_squared).max(S::zero());
        let shortness = short_of_pressure / floor_squared;
        let outlet_pressure = outlet_pressure_squared.max(floor_squared).sqrt()
            - self.pressure_floor.scaled(0.5) * shortness / (S::one() + shortness);
        let mean_pressure = (pressure
            + outlet_pressure * outlet_pressure / (pressure + outlet_pressure))
            .scaled(2.0 / 3.0);

        // temperature, along the direction of flow
        let size = flow.size / molar_mass; // mol/s
        let t =
            self.soil.heat_transfer * self.length * self.perimeter() / (size * state.heat_capacity);
        let weight = molar_mass.scaled(FREE_FALL) * self.elevation_gain / state.heat_capacity;
        let cooling = (state.joule_thomson * (pressure - outlet_pressure) + weight)
            * (flow.signed / flow.size);
        let above_soil = temperature - self.soil.temperature;
        let mean_decay = decay::mean(t);
        SegmentResult {
            outlet_pressure,
            outlet_temperature: self.soil.temperature + above_soil * (-t).exp()
                - cooling * mean_decay,
            outlet_pressure_squared,
            short_of_pressure,
            mean_pressure,
            mean_temperature: self.soil.temperature + above_soil * mean_decay
                - cooling * decay::mean_of_rise(t),
        }
    }

    fn friction_gradient(&self, flow: MassFlow<S>, viscosity: S, split: &mut Split) -> S {
        let alone = gradient(self.friction, &self.pipe, flow, viscosity);
        match &self.loops {
            None => alone,
            Some(loops) => {
                let pipes = [&self.pipe, &loops.pipe];
                let together = split.gradient(self.friction, pipes, flow, viscosity);
                let share = loops.share_of_length;
                alone * (S::one() - share) + together * share
            }
        }
    }

    /// Circumference that heat passes through, of both pipes where there are two, m.
    fn perimeter(&self) -> S {
        let diameters = match &self.loops {
            None => self.pipe.outer_diameter,
            Some(loops) => {
                self.pipe.outer_diameter + loops.pipe.outer_diameter * loops.share_of_length
            }
        };
        diameters.scaled(PI)
    }
}

/// What enters a segment.
struct Inlet<S> {
    pressure: S,
    temperature: S,
    molar_mass: S,
    flow: MassFlow<S>,
}

fn plain<S: Scalar>(state: GasState<S>) -> GasState<f64> {
    GasState {
        compressibility: state.compressibility.value(),
        heat_capacity: state.heat_capacity.value(),
        joule_thomson: state.joule_thomson.value(),
        viscosity: state.viscosity.value(),
    }
}

fn constant<S: Scalar>(state: GasState<f64>) -> GasState<S> {
    GasState {
        compressibility: S::from_f64(state.compressibility),
        heat_capacity: S::from_f64(state.heat_capacity),
        joule_thomson: S::from_f64(state.joule_thomson),
        viscosity: S::from_f64(state.viscosity),
    }
}
