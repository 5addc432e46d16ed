//! Velocity of the gas in a line, held against the speed of sound.

use super::course::Mean;
use super::friction::{MassFlow, Pipe};
use super::segment::Frictions;
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

/// The gas at a point of a line, and how much of it flows, mol/s.
#[derive(Debug, Clone, Copy)]
pub(super) struct Passing<S> {
    pub molar_flow: S,
    pub at: Mean<S>,
}

/// How fast a gas passes.
#[derive(Debug, Clone, Copy)]
#[allow(clippy::struct_field_names, reason = "it is what it is")]
pub(super) struct Velocity<S> {
    /// m/s.
    pub velocity: S,
    /// The speed of sound, m/s, where the velocity is above it.
    pub sound: Option<S>,
    /// Above zero where only plain numbers can tell whether it is; `None` where that is known.
    pub undecided: Option<S>,
}

impl<S: Scalar> Passing<S> {
    /// Velocity of the gas, n Z R T / (p A): in the one pipe where any of its section has no second,
    /// and else the higher of both.
    pub fn velocity(
        &self,
        gas: &impl Gas<S>,
        frictions: &Frictions<S>,
        pipe: &Pipe<S>,
        looped: Option<&Pipe<S>>,
    ) -> Velocity<S> {
        let Mean { pressure, temperature, state } = self.at;
        let work = (state.compressibility * temperature).scaled(MOLAR_GAS_CONSTANT); // p v, J/mol
        let passing = self.moles_per_area(gas, frictions, pipe, looped);
        let velocity = passing * work / pressure;
        let far_below = work.scaled(FAR_BELOW * FAR_BELOW) / gas.molar_mass();
        let near = velocity * velocity - far_below;
        let Some(known) = near.known() else {
            return Velocity { velocity, sound: None, undecided: Some(near) };
        };
        if known < 0.0 {
            return Velocity { velocity, sound: None, undecided: None };
        }
        let sound = gas.speed_of_sound(pressure, temperature);
        let beyond = velocity - sound;
        match beyond.known() {
            Some(beyond) => {
                let sound = (beyond > 0.0).then_some(sound);
                Velocity { velocity, sound, undecided: None }
            }
            None => Velocity { velocity, sound: None, undecided: Some(beyond) },
        }
    }

    /// Molar flow over the area it passes, mol/(m2 s), where that is most.
    fn moles_per_area(
        &self,
        gas: &impl Gas<S>,
        frictions: &Frictions<S>,
        pipe: &Pipe<S>,
        looped: Option<&Pipe<S>>,
    ) -> S {
        let area = |pipe: &Pipe<S>| (pipe.inner_diameter * pipe.inner_diameter).scaled(PI / 4.0);
        let alone = self.molar_flow / area(pipe);
        let (Some((pair, share)), Some(second)) = (frictions.together(), looped) else {
            return alone;
        };
        let without = S::one() - *share;
        if without.known().is_some_and(|without| without > 0.0) {
            return alone;
        }
        let signed = self.molar_flow * gas.molar_mass();
        let flow = MassFlow { signed, size: signed.max(S::from_f64(AT_REST)) };
        let parts = pair.parts(flow, self.at.state.viscosity);
        let [one, other] =
            [(parts[0], pipe), (parts[1], second)].map(|(part, pipe)| part.signed / area(pipe));
        S::select(without, alone, one.max(other) / gas.molar_mass())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::tests::{check_derivatives, pipe, uniform};
    use crate::flow::{FrictionLaw, Loop};
    use crate::gas::UniformGas;

    const LAW: FrictionLaw = FrictionLaw::ColebrookWhite;

    /// Velocity of so much gas (mol/s) at a pressure (Pa) and temperature (K).
    fn velocity<S: Scalar>(
        gas: &impl Gas<S>,
        [molar_flow, pressure, temperature]: [S; 3],
        pipe: &Pipe<S>,
        loops: Option<&Loop<S>>,
    ) -> (S, Option<S>) {
        let at = Mean { pressure, temperature, state: gas.state(pressure, temperature) };
        let frictions = Frictions::of(LAW, pipe, loops);
        let looped = loops.map(|loops| &loops.pipe);
        let found = Passing { molar_flow, at }.velocity(gas, &frictions, pipe, looped);
        assert!(found.undecided.is_none());
        (found.velocity, found.sound)
    }

    const POINT: [f64; 3] = [30e3, 7e6, 290.0];

    #[test]
    fn it_is_the_volume_that_flows_over_the_area() {
        let gas: UniformGas<f64> = uniform();
        let area = PI / 4.0 * 1.3766 * 1.3766;
        let volume = 30e3 * 0.86 * MOLAR_GAS_CONSTANT * 290.0 / 7e6;
        let (alone, sound) = velocity(&gas, POINT, &pipe(), None);
        assert!((alone / (volume / area) - 1.0).abs() < 1e-14 && sound.is_none());
        // a second pipe helps the velocity where there is no place without it
        let half = Loop { pipe: pipe(), share_of_length: 1.0 };
        let (looped, _) = velocity(&gas, POINT, &pipe(), Some(&half));
        assert!((looped / alone - 0.5).abs() < 1e-14);
        let part = Loop { share_of_length: 0.9, ..half };
        let (in_part, _) = velocity(&gas, POINT, &pipe(), Some(&part));
        assert!(in_part.to_bits() == alone.to_bits());
    }

    #[test]
    fn of_two_pipes_the_larger_has_the_faster_gas() {
        let gas: UniformGas<f64> = uniform();
        let small = Pipe { inner_diameter: 0.7, outer_diameter: 0.72, ..pipe() };
        let loops = Loop { pipe: small, share_of_length: 1.0 };
        let (highest, _) = velocity(&gas, POINT, &pipe(), Some(&loops));
        let areas = [1.3766_f64, 0.7].map(|diameter| PI / 4.0 * diameter * diameter);
        let volume = 30e3 * 0.86 * MOLAR_GAS_CONSTANT * 290.0 / 7e6;
        let mean = volume / (areas[0] + areas[1]);
        assert!(highest > mean && highest < volume / areas[0]);
        // at the same loss, the flows leave each pipe the velocity that makes up the whole
        let other = (volume - highest * areas[0]) / areas[1];
        assert!(other < mean && other > 0.0);
    }

    #[test]
    fn beyond_the_speed_of_sound_it_is_said() {
        let gas: UniformGas<f64> = uniform();
        let sound = gas.speed_of_sound(7e6, 290.0);
        let (_, none) = velocity(&gas, [1_000e3, 7e6, 290.0], &pipe(), None);
        let (fast, said) = velocity(&gas, [2_000e3, 7e6, 290.0], &pipe(), None);
        assert!(none.is_none() && fast > sound);
        assert!(said.is_some_and(|said| said.to_bits() == sound.to_bits()));
    }

    fn outputs<S: Scalar>([flow, pressure, temperature, diameter]: [S; 4]) -> [S; 3] {
        let gas = crate::flow::tests::RealGas;
        let own = Pipe { inner_diameter: diameter, ..pipe() };
        let loops = |share| Loop { pipe: pipe(), share_of_length: S::from_f64(share) };
        [None, Some(loops(0.5)), Some(loops(1.0))]
            .map(|loops| velocity(&gas, [flow, pressure, temperature], &own, loops.as_ref()).0)
    }

    #[test]
    fn derivatives_are_those_of_differences() {
        check_derivatives([30e3, 7e6, 290.0, 1.2], outputs, outputs);
    }
}
