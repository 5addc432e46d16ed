//! A line from its other sides: the flow or the inlet pressure that makes what it delivers what it
//! is to be.

use super::line::{Line, LineResult};
use super::seek::{self, HIGHEST_PRESSURE, SizingError, Sought, Trial};
use crate::gas::Gas;
use crate::scalar::Scalar;

/// Lowest and highest flow that is tried, mol/s.
const FLOWS: [f64; 2] = [1e-6, 1e12];
/// Halvings between what is possible and what is not: to the last digit.
const HALVINGS: usize = 60;

/// # From other sides
///
/// The same equations as [`Line::solve`]'s, solved for what is not known; what is found carries
/// derivatives with respect to all that is given.
impl<S: Scalar> Line<'_, S> {
    /// Molar flow at the inlet, mol/s, that is delivered at a pressure (Pa): what the line carries
    /// between two pressures, the fuel of its stations taken from it.
    ///
    /// ```
    /// use gaschain::flow::{FrictionLaw, Line, Pipe, Section, Soil};
    /// use gaschain::gas::{GasState, UniformGas};
    ///
    /// let state = GasState {
    ///     compressibility: 0.86,
    ///     heat_capacity: 47.0,
    ///     joule_thomson: 3.5e-6,
    ///     viscosity: 1.2e-5,
    /// };
    /// let gas = UniformGas { molar_mass: 0.0175, state };
    /// let line = Line {
    ///     sections: &[Section { station: None, length: 130e3, elevation_gain: 0.0, loops: None }],
    ///     pipe: Pipe {
    ///         inner_diameter: 1.3766,
    ///         outer_diameter: 1.42,
    ///         roughness: 10e-6,
    ///         efficiency: 0.95,
    ///         friction_factor: 0.0, // that of the law
    ///     },
    ///     soil: Soil { temperature: 273.15, heat_transfer: 1.5 },
    ///     friction: FrictionLaw::StoGazprom,
    ///     segments_per_section: 4,
    ///     pressure_floor: 1e5,
    /// };
    /// let flow = line.molar_flow_for(&gas, 8e5, 9.81e6, 293.15, 7.0e6)?;
    /// assert_eq!(format!("{:.2}", flow / 1e3), "61.43"); // kmol/s
    ///
    /// let inlet = line.inlet_pressure_for(&gas, 8e5, flow, 293.15, 7.0e6)?;
    /// assert!((inlet / 9.81e6 - 1.0).abs() < 1e-12);
    /// # Ok::<(), gaschain::flow::SizingError>(())
    /// ```
    ///
    /// # Errors
    /// A pressure below the floor; one that there is not even of hardly any flow; one that no flow
    /// comes down to, because a station falls short of pressure before (named with the largest flow);
    /// a flow that would be faster than sound.
    pub fn molar_flow_for(
        &self,
        gas: &impl Gas<S>,
        net_heat_per_mole: S,
        inlet_pressure: S,
        inlet_temperature: S,
        delivered_pressure: S,
    ) -> Result<S, SizingError> {
        let sought = Sought {
            name: "molar flow at the inlet, mol/s,",
            start: 1e4,
            between: FLOWS,
            rises: false,
        };
        self.sought(&sought, delivered_pressure, |flow| {
            let unseen = &mut |_| {};
            self.solve(gas, net_heat_per_mole, flow, inlet_pressure, inlet_temperature, unseen)
        })
    }

    /// Inlet pressure, Pa, at which a molar flow (mol/s, not negative) is delivered at a pressure
    /// (Pa).
    ///
    /// # Errors
    /// A pressure below the floor; one that an inlet at the floor exceeds already; one that the
    /// inlet does not decide, because stations behind it do; gas that would be faster than sound.
    pub fn inlet_pressure_for(
        &self,
        gas: &impl Gas<S>,
        net_heat_per_mole: S,
        inlet_molar_flow: S,
        inlet_temperature: S,
        delivered_pressure: S,
    ) -> Result<S, SizingError> {
        let sought = Sought {
            name: "inlet pressure, Pa,",
            start: delivered_pressure.value(),
            between: [self.pressure_floor.value(), HIGHEST_PRESSURE],
            rises: true,
        };
        self.sought(&sought, delivered_pressure, |pressure| {
            let unseen = &mut |_| {};
            self.solve(
                gas,
                net_heat_per_mole,
                inlet_molar_flow,
                pressure,
                inlet_temperature,
                unseen,
            )
        })
    }

    fn sought(
        &self,
        sought: &Sought,
        delivered_pressure: S,
        run: impl Fn(S) -> LineResult<S>,
    ) -> Result<S, SizingError> {
        let asked = seek::judged(delivered_pressure, self.pressure_floor)?;
        let found = seek::solve(sought, asked, |x| {
            let end = run(x);
            let pressure = end.delivered_pressure;
            Trial { squared: pressure * pressure - end.short_of_pressure, pressure }
        })?;
        let falls_short = |x: f64| run(S::from_f64(x)).short_of_pressure.value() > 0.0;
        let end = run(S::from_f64(found.value()));
        if end.short_of_pressure.value() <= 0.0 {
            return match end.supersonic {
                None => Ok(found),
                Some(beyond) => Err(SizingError::Supersonic {
                    sought: sought.name,
                    at: found.value(),
                    velocity: beyond.velocity.value(),
                    speed_of_sound: beyond.speed_of_sound.value(),
                }),
            };
        }
        // a station falls short before the end does: the last that does not
        let far = if sought.rises { sought.between[1] } else { sought.between[0] };
        let (mut possible, mut impossible) = (far, found.value());
        for _ in 0..HALVINGS {
            let middle = (possible * impossible).sqrt();
            *(if falls_short(middle) { &mut impossible } else { &mut possible }) = middle;
        }
        let nearest = run(S::from_f64(possible)).delivered_pressure.value();
        let (name, asked) = (sought.name, asked.value());
        Err(SizingError::OutOfReach { sought: name, asked, nearest, at: possible })
    }
}
