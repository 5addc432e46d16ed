//! Warning of a gas that would condense on its way.

use super::{Call, StageWarning};
use crate::gas::{Gerg2008, GergSpecies};
use crate::quantity::Unit;
use crate::scalar::Scalar;

/// Most states that are asked whether they are two phases: of a line with more points, so many
/// spread over it, with the coldest and the last.
const MOST: usize = 6;

/// Densities of neighbouring states that differ by a factor of less are of one phase.
const ALIKE: f64 = 1.5;

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
    /// point, or, of a gas that turns into a liquid as a whole, of the first behind where it does.
    /// What is not gas by the equation at all has been objected to.
    pub fn warn<S: Scalar>(&self, call: &mut Call<'_, S>, species: &GergSpecies, stream: &[S]) {
        if !self.is_heard {
            return;
        }
        let plain: Vec<f64> = stream.iter().map(|flow| flow.value()).collect();
        let Ok(gas) = Gerg2008::of(species, &plain) else { return };
        for &[pressure, temperature] in self.spread() {
            if gas.condenses(pressure, temperature).unwrap_or(false) {
                let dew = gas.dew_temperature_above(pressure, temperature);
                call.warn(|| warning(temperature, dew));
            }
        }
        for pair in self.states.windows(2) {
            if let Some((temperature, boiling)) = turned(&gas, pair[0], pair[1]) {
                call.warn(|| warning(temperature, boiling));
                return;
            }
        }
    }

    /// Some states, spread over the way, the last and the coldest among them.
    fn spread(&self) -> impl Iterator<Item = &[f64; 2]> {
        let step = self.states.len().div_ceil(MOST).max(1);
        let coldest = self.states.iter().min_by(|one, other| one[1].total_cmp(&other[1]));
        self.states.iter().step_by(step).chain(self.states.last()).chain(coldest)
    }
}

/// The temperature of what a gas has become on the way between two states, if that is a liquid, and
/// that at which it did.
fn turned(gas: &Gerg2008<f64>, one: [f64; 2], other: [f64; 2]) -> Option<(f64, f64)> {
    let density = |[pressure, temperature]: [f64; 2]| gas.density(pressure, temperature).ok();
    if density(other)? < ALIKE * density(one)? {
        return None;
    }
    let [_, boiling] = gas.boils_between(one, other).ok()??;
    Some((other[1], boiling))
}

fn warning(temperature: f64, dew: f64) -> StageWarning {
    StageWarning {
        correlation: "a gas without liquid",
        quantity: "temperature",
        got: temperature,
        fitted: [dew, f64::INFINITY],
        unit: Unit::DEGREE_CELSIUS,
        source: "dew point at the pressure there by GERG-2008",
    }
}
