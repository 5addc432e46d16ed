//! Warning of a gas that would condense on its way.

use super::{Call, StageWarning};
use crate::gas::{Gerg2008, GergSpecies};
use crate::quantity::Unit;
use crate::scalar::Scalar;

/// Most states that are looked at: of a line with more points, so many spread over it.
const MOST: usize = 64;

/// States of a gas on its way, kept where somebody hears of them.
#[derive(Debug)]
pub(super) struct Way {
    is_heard: bool,
    /// Pa, K.
    states: Vec<[f64; 2]>,
}

impl Way {
    pub const fn of<S: Scalar>(call: &Call<'_, S>) -> Self {
        Self { is_heard: call.hears_warnings(), states: Vec::new() }
    }

    /// Takes a state in: Pa, K.
    pub fn pass<S: Scalar>(&mut self, pressure: S, temperature: S) {
        if self.is_heard {
            self.states.push([pressure.value(), temperature.value()]);
        }
    }

    /// Warns where a liquid would form, by GERG-2008: of the state that is farthest below its dew
    /// point. What is not gas by the equation at all has been objected to.
    pub fn warn<S: Scalar>(&self, call: &mut Call<'_, S>, species: &GergSpecies, stream: &[S]) {
        if !self.is_heard {
            return;
        }
        let plain: Vec<f64> = stream.iter().map(|flow| flow.value()).collect();
        let Ok(gas) = Gerg2008::of(species, &plain) else { return };
        for &[pressure, temperature] in self.states.iter().step_by(self.states.len() / MOST + 1) {
            if !gas.condenses(pressure, temperature).unwrap_or(false) {
                continue;
            }
            let dew = gas.dew_temperature_above(pressure, temperature);
            call.warn(|| StageWarning {
                correlation: "a gas without liquid",
                quantity: "temperature",
                got: temperature,
                fitted: [dew, f64::INFINITY],
                unit: Unit::DEGREE_CELSIUS,
                source: "dew point at the pressure there by GERG-2008",
            });
        }
    }
}
