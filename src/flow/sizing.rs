//! A segment from any side: what inlet pressure, length, diameter or flow makes its outlet what it
//! is to be.

use super::course::Mean;
use super::friction::{Pipe, ROUGHEST};
use super::seek::{self, HIGHEST_PRESSURE, SizingError, Sought, Trial};
use super::segment::{Frictions, Segment};
use super::velocity::Passing;
use crate::gas::Gas;
use crate::quantity::MOLAR_GAS_CONSTANT;
use crate::scalar::Scalar;
use std::f64::consts::PI;

/// Shortest and longest segment that is tried, m.
const LENGTHS: [f64; 2] = [1e-3, 1e9];
/// Narrowest and widest pipe that is tried, m.
const DIAMETERS: [f64; 2] = [1e-3, 100.0];
/// Friction factor that the search for a flow begins with.
const USUAL_FRICTION: f64 = 0.01;

/// What is known of a segment's ends when its length or diameter is looked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ends<S> {
    /// Pressure at the start, Pa.
    pub inlet_pressure: S,
    /// Temperature at the start, K.
    pub inlet_temperature: S,
    /// Pressure that there is to be at the end, Pa; not below the segment's floor.
    pub outlet_pressure: S,
}

impl<S: Scalar> Ends<S> {
    /// Pressure (Pa) and temperature (K) of what enters.
    const fn inlet(&self) -> [S; 2] {
        [self.inlet_pressure, self.inlet_temperature]
    }
}

/// # From any side
///
/// The same equations as [`Segment::solve`]'s, solved for what is not known: what is found makes
/// `solve` give the outlet pressure asked for, to rounding, and carries derivatives with respect to
/// all that is given.
impl<S: Scalar> Segment<S> {
    /// Inlet pressure, Pa, at which a molar flow (mol/s) that enters at a temperature (K) leaves
    /// at an outlet pressure (Pa).
    ///
    /// ```
    /// # use gaschain::flow::{FrictionLaw, Pipe, Segment, Soil};
    /// # use gaschain::gas::{GasState, UniformGas};
    /// # let state = GasState {
    /// #     compressibility: 0.86,
    /// #     heat_capacity: 47.0,
    /// #     joule_thomson: 3.5e-6,
    /// #     viscosity: 1.2e-5,
    /// # };
    /// # let gas = UniformGas { molar_mass: 0.0175, state };
    /// # let pipe = Pipe {
    /// #     inner_diameter: 1.3766,
    /// #     outer_diameter: 1.42,
    /// #     roughness: 10e-6,
    /// #     efficiency: 0.95,
    /// #     friction_factor: 0.0, // that of the law
    /// # };
    /// let segment = Segment {
    ///     length: 100e3,
    ///     elevation_gain: 50.0,
    ///     pipe, // 1,420 mm
    ///     loops: None,
    ///     soil: Soil { temperature: 273.15, heat_transfer: 1.5 },
    ///     friction: FrictionLaw::StoGazprom,
    ///     pressure_floor: 1e5,
    /// };
    /// let inlet_pressure = segment.inlet_pressure_for(&gas, 35e3, 303.15, 9.0e6)?;
    /// let end = segment.solve(&gas, 35e3, inlet_pressure, 303.15);
    /// assert!((end.outlet_pressure / 9.0e6 - 1.0).abs() < 1e-12);
    /// assert!((inlet_pressure / 1e6 - 9.703).abs() < 1e-3); // MPa
    /// # Ok::<(), gaschain::flow::SizingError>(())
    /// ```
    ///
    /// # Errors
    /// An outlet pressure below the floor; one that an inlet at the floor exceeds already, as where
    /// the line descends or the flow is reversed; gas that would be faster than sound at an end.
    pub fn inlet_pressure_for(
        &self,
        gas: &impl Gas<S>,
        molar_flow: S,
        inlet_temperature: S,
        outlet_pressure: S,
    ) -> Result<S, SizingError> {
        let asked = seek::judged(outlet_pressure, self.pressure_floor)?;
        let sought = Sought {
            name: "inlet pressure, Pa,",
            start: asked.value(),
            between: [self.pressure_floor.value(), HIGHEST_PRESSURE],
            rises: true,
        };
        let pressure = seek::solve(&sought, asked, |pressure| {
            self.end_of(gas, molar_flow, pressure, inlet_temperature)
        })?;
        self.subsonic(gas, &sought, pressure, molar_flow, [pressure, inlet_temperature])
    }

    /// Molar flow, mol/s, that goes from an inlet pressure (Pa) and temperature (K) to an outlet
    /// pressure (Pa): what the segment carries between two pressures.
    ///
    /// ```
    /// # use gaschain::flow::{Ends, FrictionLaw, Pipe, Segment, Soil};
    /// # use gaschain::gas::{GasState, UniformGas};
    /// # let state = GasState {
    /// #     compressibility: 0.86,
    /// #     heat_capacity: 47.0,
    /// #     joule_thomson: 3.5e-6,
    /// #     viscosity: 1.2e-5,
    /// # };
    /// # let gas = UniformGas { molar_mass: 0.0175, state };
    /// # let pipe = Pipe {
    /// #     inner_diameter: 1.3766,
    /// #     outer_diameter: 1.42,
    /// #     roughness: 10e-6,
    /// #     efficiency: 0.95,
    /// #     friction_factor: 0.0, // that of the law
    /// # };
    /// # let segment = Segment {
    /// #     length: 100e3,
    /// #     elevation_gain: 0.0,
    /// #     pipe,
    /// #     loops: None,
    /// #     soil: Soil { temperature: 273.15, heat_transfer: 1.5 },
    /// #     friction: FrictionLaw::StoGazprom,
    /// #     pressure_floor: 1e5,
    /// # };
    /// let ends =
    ///     Ends { inlet_pressure: 9.81e6, inlet_temperature: 303.15, outlet_pressure: 9.0e6 };
    /// let flow = segment.molar_flow_for(&gas, &ends)?;
    /// let end = segment.solve(&gas, flow, ends.inlet_pressure, ends.inlet_temperature);
    /// assert!((end.outlet_pressure / 9.0e6 - 1.0).abs() < 1e-12);
    ///
    /// let upwards = Ends { outlet_pressure: 9.9e6, ..ends }; // no level line leads there
    /// assert!(segment.molar_flow_for(&gas, &upwards).is_err());
    /// # Ok::<(), gaschain::flow::SizingError>(())
    /// ```
    ///
    /// # Errors
    /// An outlet pressure below the floor; one that there is not even at rest: gas then flows the
    /// other way, which is asked for with the ends exchanged; a flow that would be faster than sound
    /// at an end.
    pub fn molar_flow_for(&self, gas: &impl Gas<S>, ends: &Ends<S>) -> Result<S, SizingError> {
        let asked = seek::judged(ends.outlet_pressure, self.pressure_floor)?;
        let Ends { inlet_pressure, inlet_temperature, .. } = *ends;
        let end = |molar_flow| self.end_of(gas, molar_flow, inlet_pressure, inlet_temperature);
        let sought =
            Sought { name: "molar flow, mol/s,", start: 0.0, between: [0.0; 2], rises: false };
        let rest = end(S::zero());
        if rest.squared.value() <= (asked * asked).value() {
            let (nearest, asked) = (rest.pressure.value(), asked.value());
            return Err(SizingError::OutOfReach { sought: sought.name, asked, nearest, at: 0.0 });
        }
        let start = self.usual_flow(gas, inlet_pressure, inlet_temperature);
        let sought = Sought { start, between: [1e-12 * start, 1e12 * start], ..sought };
        let molar_flow = seek::solve(&sought, asked, end)?;
        self.subsonic(gas, &sought, molar_flow, molar_flow, ends.inlet())
    }

    /// Length, m, along which a molar flow (mol/s, above 0) loses so much pressure. The elevation
    /// gained is that of the segment, whatever the length; its own length is not read. (On a slope
    /// with hardly any friction, where gas that warms up on the way gets lighter, two lengths may do:
    /// one of them is given, and where they lie close together neither may be found.)
    ///
    /// ```
    /// # use gaschain::flow::{Ends, FrictionLaw, Pipe, Segment, Soil};
    /// # use gaschain::gas::{GasState, UniformGas};
    /// # let state = GasState {
    /// #     compressibility: 0.86,
    /// #     heat_capacity: 47.0,
    /// #     joule_thomson: 3.5e-6,
    /// #     viscosity: 1.2e-5,
    /// # };
    /// # let gas = UniformGas { molar_mass: 0.0175, state };
    /// # let pipe = Pipe {
    /// #     inner_diameter: 1.3766,
    /// #     outer_diameter: 1.42,
    /// #     roughness: 10e-6,
    /// #     efficiency: 0.95,
    /// #     friction_factor: 0.0, // that of the law
    /// # };
    /// # let segment = Segment {
    /// #     length: 100e3,
    /// #     elevation_gain: 0.0,
    /// #     pipe,
    /// #     loops: None,
    /// #     soil: Soil { temperature: 273.15, heat_transfer: 1.5 },
    /// #     friction: FrictionLaw::StoGazprom,
    /// #     pressure_floor: 1e5,
    /// # };
    /// let ends =
    ///     Ends { inlet_pressure: 9.81e6, inlet_temperature: 303.15, outlet_pressure: 9.0e6 };
    /// let length = segment.length_for(&gas, 30e3, &ends)?;
    /// let end = Segment { length, ..segment }.solve(&gas, 30e3, 9.81e6, 303.15);
    /// assert!((end.outlet_pressure / 9.0e6 - 1.0).abs() < 1e-12);
    /// # Ok::<(), gaschain::flow::SizingError>(())
    /// ```
    ///
    /// # Errors
    /// A flow that is not above 0; an outlet pressure below the floor; one that there is not even at
    /// the start; gas that would be faster than sound at an end.
    pub fn length_for(
        &self,
        gas: &impl Gas<S>,
        molar_flow: S,
        ends: &Ends<S>,
    ) -> Result<S, SizingError> {
        let asked = seek::judged(ends.outlet_pressure, self.pressure_floor)?;
        let flow = seek::forward(molar_flow)?;
        let sought = Sought { name: "length, m,", start: 1e4, between: LENGTHS, rises: false };
        let length = seek::solve(&sought, asked, |length| {
            let segment = Self { length, ..*self };
            segment.end_of(gas, flow, ends.inlet_pressure, ends.inlet_temperature)
        })?;
        Self { length, ..*self }.subsonic(gas, &sought, length, flow, ends.inlet())
    }

    /// Inner diameter, m, with which a molar flow (mol/s, above 0) loses so much pressure. The
    /// thickness of the wall, with insulation if any, is that of the segment's pipe
    /// ([`Segment::with_inner_diameter`]); a second pipe beside it stays as it is. The pipe's own
    /// diameter is not read otherwise.
    ///
    /// ```
    /// # use gaschain::flow::{Ends, FrictionLaw, Pipe, Segment, Soil};
    /// # use gaschain::gas::{GasState, UniformGas};
    /// # let state = GasState {
    /// #     compressibility: 0.86,
    /// #     heat_capacity: 47.0,
    /// #     joule_thomson: 3.5e-6,
    /// #     viscosity: 1.2e-5,
    /// # };
    /// # let gas = UniformGas { molar_mass: 0.0175, state };
    /// # let pipe = Pipe {
    /// #     inner_diameter: 1.3766,
    /// #     outer_diameter: 1.42,
    /// #     roughness: 10e-6,
    /// #     efficiency: 0.95,
    /// #     friction_factor: 0.0, // that of the law
    /// # };
    /// # let segment = Segment {
    /// #     length: 100e3,
    /// #     elevation_gain: 0.0,
    /// #     pipe,
    /// #     loops: None,
    /// #     soil: Soil { temperature: 273.15, heat_transfer: 1.5 },
    /// #     friction: FrictionLaw::StoGazprom,
    /// #     pressure_floor: 1e5,
    /// # };
    /// let ends =
    ///     Ends { inlet_pressure: 9.81e6, inlet_temperature: 303.15, outlet_pressure: 9.0e6 };
    /// let inner_diameter = segment.inner_diameter_for(&gas, 45e3, &ends)?;
    /// let wider = segment.with_inner_diameter(inner_diameter);
    /// assert!((wider.solve(&gas, 45e3, 9.81e6, 303.15).outlet_pressure / 9.0e6 - 1.0).abs() < 1e-12);
    /// assert!(inner_diameter > 1.3766); // more gas than the pipe of 1,420 mm takes
    /// # Ok::<(), gaschain::flow::SizingError>(())
    /// ```
    ///
    /// # Errors
    /// A flow that is not above 0; an outlet pressure below the floor; one that no pipe leaves, be
    /// it 100 m wide; one that every pipe leaves, be it 1 mm or twenty times its roughness wide; gas
    /// that would be faster than sound at an end.
    pub fn inner_diameter_for(
        &self,
        gas: &impl Gas<S>,
        molar_flow: S,
        ends: &Ends<S>,
    ) -> Result<S, SizingError> {
        let asked = seek::judged(ends.outlet_pressure, self.pressure_floor)?;
        let flow = seek::forward(molar_flow)?;
        let narrowest = DIAMETERS[0].max(self.pipe.roughness.value() / ROUGHEST);
        let sought = Sought {
            name: "inner diameter, m,",
            start: 0.5,
            between: [narrowest, DIAMETERS[1]],
            rises: true,
        };
        let inner_diameter = seek::solve(&sought, asked, |inner_diameter| {
            let segment = self.with_inner_diameter(inner_diameter);
            segment.end_of(gas, flow, ends.inlet_pressure, ends.inlet_temperature)
        })?;
        let segment = self.with_inner_diameter(inner_diameter);
        segment.subsonic(gas, &sought, inner_diameter, flow, ends.inlet())
    }

    /// The same segment with a pipe of another inner diameter, m, and as thick a wall.
    #[must_use]
    pub fn with_inner_diameter(self, inner_diameter: S) -> Self {
        let wall = self.pipe.outer_diameter - self.pipe.inner_diameter;
        let outer_diameter = inner_diameter + wall;
        Self { pipe: Pipe { inner_diameter, outer_diameter, ..self.pipe }, ..self }
    }

    /// What was found, if this segment with it has no gas faster than sound at either end.
    fn subsonic(
        &self,
        gas: &impl Gas<S>,
        sought: &Sought,
        found: S,
        molar_flow: S,
        [inlet_pressure, inlet_temperature]: [S; 2],
    ) -> Result<S, SizingError> {
        let end = self.solve(gas, molar_flow, inlet_pressure, inlet_temperature);
        let outlet = [end.outlet_pressure, end.outlet_temperature];
        // gas that goes the other way is as fast
        let molar_flow = molar_flow.max(-molar_flow);
        let frictions = Frictions::of(self.friction, &self.pipe, self.loops.as_ref());
        let looped = self.loops.as_ref().map(|loops| &loops.pipe);
        for [pressure, temperature] in [outlet, [inlet_pressure, inlet_temperature]] {
            let at = Mean { pressure, temperature, state: gas.state(pressure, temperature) };
            let passing = Passing { molar_flow, at }.velocity(gas, &frictions, &self.pipe, looped);
            if let Some(sound) = passing.sound {
                return Err(SizingError::Supersonic {
                    sought: sought.name,
                    at: found.value(),
                    velocity: passing.velocity.value(),
                    speed_of_sound: sound.value(),
                });
            }
        }
        Ok(found)
    }

    fn end_of(
        &self,
        gas: &impl Gas<S>,
        molar_flow: S,
        inlet_pressure: S,
        inlet_temperature: S,
    ) -> Trial<S> {
        let end = self.solve(gas, molar_flow, inlet_pressure, inlet_temperature);
        Trial { squared: end.outlet_pressure_squared, pressure: end.outlet_pressure }
    }

    /// Flow that would use up all of the pressure at a usual friction factor, mol/s: in the order of
    /// what a segment carries.
    fn usual_flow(&self, gas: &impl Gas<S>, pressure: S, temperature: S) -> f64 {
        let molar_mass = gas.molar_mass().value();
        let state = gas.state(pressure, temperature);
        let sound_squared =
            state.compressibility.value() * MOLAR_GAS_CONSTANT * temperature.value() / molar_mass;
        let diameter = self.pipe.inner_diameter.value();
        let area = 0.25 * PI * diameter * diameter;
        let pressure = pressure.value();
        let squared = pressure * pressure * diameter * area * area
            / (USUAL_FRICTION * sound_squared * self.length.value());
        squared.sqrt() / molar_mass
    }
}
