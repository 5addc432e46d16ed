//! Velocity of the gas in a line, held against the speed of sound.

use super::friction::{FrictionLaw, Pipe};
use super::parallel::{Loop, MassFlow, Split};
use crate::gas::Gas;
use crate::quantity::MOLAR_GAS_CONSTANT;
use crate::scalar::Scalar;
use std::f64::consts::PI;

/// Share of the square root of p / ρ below which no gas moves as fast as sound: its speed is above
/// that root, but for a gas about to condense, where it comes down to some eight tenths of it. Most
/// lines are far below, and need not ask.
const FAR_BELOW: f64 = 0.5;

/// Flow below which two pipes share it as they would at rest, kg/s.
const AT_REST: f64 = 1e-9;

/// A point of a line at which the gas would be faster than sound. Steady flow in a pipe does not
/// pass the speed of sound, and the flow equation, which leaves acceleration out, has no meaning
/// there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Supersonic<S> {
    /// Distance from the inlet of the line, m.
    pub distance: S,
    /// Velocity of the gas, m/s.
    pub velocity: S,
    /// Speed of sound in it there, m/s.
    pub speed_of_sound: S,
}

/// The gas at a point of a line: how much flows at which pressure (Pa) and temperature (K).
#[derive(Debug, Clone, Copy)]
pub(super) struct Passing<S> {
    pub molar_flow: S,
    pub pressure: S,
    pub temperature: S,
}

impl<S: Scalar> Passing<S> {
    /// Velocity of the gas, m/s, n Z R T / (p A): in the one pipe where any of its section has no
    /// second, and else the higher of both. With it the speed of sound, m/s, where the velocity is
    /// above it.
    pub fn velocity(
        &self,
        gas: &impl Gas<S>,
        friction: FrictionLaw,
        pipe: &Pipe<S>,
        loops: Option<&Loop<S>>,
    ) -> (S, Option<S>) {
        let &Self { pressure, temperature, .. } = self;
        let work =
            (gas.compressibility(pressure, temperature) * temperature).scaled(MOLAR_GAS_CONSTANT); // p v, J/mol
        let velocity = self.moles_per_area(gas, friction, pipe, loops) * work / pressure;
        let far_below = FAR_BELOW * FAR_BELOW * work.value() / gas.molar_mass().value();
        if velocity.value() * velocity.value() < far_below {
            return (velocity, None);
        }
        let sound = gas.speed_of_sound(pressure, temperature);
        (velocity, (velocity.value() > sound.value()).then_some(sound))
    }

    /// Molar flow over the area it passes, mol/(m2 s), where that is most.
    fn moles_per_area(
        &self,
        gas: &impl Gas<S>,
        friction: FrictionLaw,
        pipe: &Pipe<S>,
        loops: Option<&Loop<S>>,
    ) -> S {
        let area = |pipe: &Pipe<S>| (pipe.inner_diameter * pipe.inner_diameter).scaled(PI / 4.0);
        let Some(loops) = loops.filter(|loops| loops.share_of_length.value() >= 1.0) else {
            return self.molar_flow / area(pipe);
        };
        let pipes = [pipe, &loops.pipe];
        if pipes[0] == pipes[1] {
            return self.molar_flow.scaled(0.5) / area(pipe);
        }
        let signed = self.molar_flow * gas.molar_mass();
        let flow = MassFlow { signed, size: signed.max(S::from_f64(AT_REST)) };
        let viscosity = gas.state(self.pressure, self.temperature).viscosity;
        let parts = Split::default().parts(friction, pipes, flow, viscosity);
        let [one, other] = [0, 1].map(|of| parts[of].signed / area(pipes[of]));
        one.max(other) / gas.molar_mass()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::tests::{check_derivatives, pipe, uniform};
    use crate::gas::UniformGas;

    const LAW: FrictionLaw = FrictionLaw::ColebrookWhite;

    fn passing(molar_flow: f64) -> Passing<f64> {
        Passing { molar_flow, pressure: 7e6, temperature: 290.0 }
    }

    #[test]
    fn it_is_the_volume_that_flows_over_the_area() {
        let gas: UniformGas<f64> = uniform();
        let area = PI / 4.0 * 1.3766 * 1.3766;
        let volume = 30e3 * 0.86 * MOLAR_GAS_CONSTANT * 290.0 / 7e6;
        let (velocity, sound) = passing(30e3).velocity(&gas, LAW, &pipe(), None);
        assert!((velocity / (volume / area) - 1.0).abs() < 1e-14 && sound.is_none());
        // a second pipe helps the velocity where there is no place without it
        let half = Loop { pipe: pipe(), share_of_length: 1.0 };
        let (looped, _) = passing(30e3).velocity(&gas, LAW, &pipe(), Some(&half));
        assert!((looped / velocity - 0.5).abs() < 1e-14);
        let part = Loop { share_of_length: 0.9, ..half };
        let (alone, _) = passing(30e3).velocity(&gas, LAW, &pipe(), Some(&part));
        assert!(alone.to_bits() == velocity.to_bits());
    }

    #[test]
    fn of_two_pipes_the_larger_has_the_faster_gas() {
        let gas: UniformGas<f64> = uniform();
        let small = Pipe { inner_diameter: 0.7, outer_diameter: 0.72, ..pipe() };
        let loops = Loop { pipe: small, share_of_length: 1.0 };
        let (velocity, _) = passing(30e3).velocity(&gas, LAW, &pipe(), Some(&loops));
        let areas = [1.3766_f64, 0.7].map(|diameter| PI / 4.0 * diameter * diameter);
        let volume = 30e3 * 0.86 * MOLAR_GAS_CONSTANT * 290.0 / 7e6;
        let mean = volume / (areas[0] + areas[1]);
        assert!(velocity > mean && velocity < volume / areas[0]);
        // at the same loss, the flows leave each pipe the velocity that makes up the whole
        let other = (volume - velocity * areas[0]) / areas[1];
        assert!(other < mean && other > 0.0);
    }

    #[test]
    fn beyond_the_speed_of_sound_it_is_said() {
        let gas: UniformGas<f64> = uniform();
        let sound = gas.speed_of_sound(7e6, 290.0);
        let (_, none) = passing(1_000e3).velocity(&gas, LAW, &pipe(), None);
        let (fast, said) = passing(2_000e3).velocity(&gas, LAW, &pipe(), None);
        assert!(none.is_none() && fast > sound);
        assert!(said.is_some_and(|said| said.to_bits() == sound.to_bits()));
    }

    fn outputs<S: Scalar>([flow, pressure, temperature, diameter]: [S; 4]) -> [S; 3] {
        let passing = Passing { molar_flow: flow, pressure, temperature };
        let gas = crate::flow::tests::RealGas;
        let own = Pipe { inner_diameter: diameter, ..pipe() };
        let loops = |share| Loop { pipe: pipe(), share_of_length: S::from_f64(share) };
        [None, Some(loops(0.5)), Some(loops(1.0))]
            .map(|loops| passing.velocity(&gas, LAW, &own, loops.as_ref()).0)
    }

    #[test]
    fn derivatives_are_those_of_differences() {
        check_derivatives([30e3, 7e6, 290.0, 1.2], outputs, outputs);
    }
}
