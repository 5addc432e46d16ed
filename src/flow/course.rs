//! What a segment makes of its gas: the closed forms for one mean state, and how they move with it.

use super::decay::Decay;
use super::friction::MassFlow;
use super::segment::{Frictions, Segment, SegmentResult};
use crate::gas::GasState;
use crate::quantity::MOLAR_GAS_CONSTANT;
use crate::scalar::Scalar;

/// Standard acceleration of free fall, m/s2 (CGPM 1901).
const FREE_FALL: f64 = 9.806_65;

/// Flow below which a line counts as at rest where a size of flow is divided by, kg/s.
const AT_REST: f64 = 1e-9;

/// How far one step moves a mean pressure or temperature at most: to this part or multiple of it.
const FARTHEST: f64 = 3.0;

/// Least determinant of (identity - slopes) that a step trusts.
const LEAST_DETERMINANT: f64 = 0.1;

/// A way through a segment, all of it that does not depend on the state of the gas.
pub(super) struct Course<'a, S> {
    segment: &'a Segment<S>,
    frictions: &'a Frictions<S>,
    pressure: S,
    temperature: S,
    flow: MassFlow<S>,
    /// Along the line 1, against it -1.
    forward: S,
    /// R / M, J/(kg K).
    specific: S,
    /// t times the molar heat capacity, J/(mol K).
    heat: S,
    /// Elevation gained, in J/mol, and s times c², in m2/s2; `None` of a level segment.
    climb: Option<[S; 2]>,
}

/// Mean pressure (Pa) and temperature (K), and the gas there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mean<S> {
    pub pressure: S,
    pub temperature: S,
    pub state: GasState<S>,
}

/// The closed forms for a gas in one mean state.
struct Closed<S> {
    squared: S,
    outlet: Outlet<S>,
    decay: Decay<S>,
    /// Joule-Thomson cooling and work against gravity over heat capacity, K.
    cooling: S,
    mean_temperature: S,
    /// How p2² moves with the logarithms of c² and of the viscosity.
    by_sound: S,
    by_viscosity: S,
}

/// The pressure at the end, and what follows from it.
struct Outlet<S> {
    pressure: S,
    short: S,
    mean_pressure: S,
    /// How it moves with its square.
    by_square: S,
    /// How the mean pressure moves with it.
    mean_by_it: S,
}

impl<'a, S: Scalar> Course<'a, S> {
    pub fn of(
        segment: &'a Segment<S>,
        frictions: &'a Frictions<S>,
        molar_mass: S,
        molar_flow: S,
        pressure: S,
        temperature: S,
    ) -> Self {
        let signed = molar_flow * molar_mass;
        let size = signed.max(-signed).max(S::from_f64(AT_REST));
        let through_wall = segment.soil.heat_transfer * segment.length * segment.perimeter();
        let gain = segment.elevation_gain;
        let climb = (gain.known() != Some(0.0))
            .then(|| [gain.scaled(FREE_FALL) * molar_mass, gain.scaled(2.0 * FREE_FALL)]);
        Self {
            segment,
            frictions,
            pressure,
            temperature,
            flow: MassFlow { signed, size },
            forward: signed / size,
            specific: S::from_f64(MOLAR_GAS_CONSTANT) / molar_mass,
            heat: through_wall * molar_mass / size,
            climb,
        }
    }

    /// The means that a gas in one state all along would have.
    pub fn means(&self, state: &GasState<S>) -> [S; 2] {
        let closed = self.closed(self.temperature, state);
        [closed.outlet.mean_pressure, closed.mean_temperature]
    }

    /// The means that there are, as far as one step from others tells: Newton's, of the closed forms
    /// by what the state of the gas does with pressure and temperature.
    pub fn step(&self, at: &Mean<S>, slopes: &[GasState<S>; 2]) -> [S; 2] {
        let (closed, moves) = self.moves(at, slopes);
        let [pressure, temperature] = closed.step(at, &moves);
        [
            within_reach(at.pressure, at.pressure + pressure),
            within_reach(at.temperature, at.temperature + temperature),
        ]
    }

    /// The end of the segment, by one more step: what it moves the square of the pressure by and the
    /// properties counts, by their slopes.
    pub fn end(&self, at: &Mean<S>, slopes: &[GasState<S>; 2]) -> SegmentResult<S> {
        let (closed, moves) = self.moves(at, slopes);
        let step = closed.step(at, &moves);
        let moved = |by: [S; 2]| by[0] * step[0] + by[1] * step[1];
        let squared = closed.squared + moved(moves.squared);
        let outlet = self.outlet(squared);
        // heat capacity by its slope, and the pressure that is lost as it is
        let state = &at.state;
        let capacity = moved(moves.ln_capacity);
        let cooling = closed.cooling
            + (state.joule_thomson * (closed.outlet.pressure - outlet.pressure)
                + moved(moves.joule_thomson) * (self.pressure - closed.outlet.pressure))
                * self.forward;
        let soil = self.segment.soil.temperature;
        let above = self.temperature - soil;
        let [outlet_capacity, mean_capacity] = self.by_capacity(&closed, state);
        let Decay { end, mean, mean_of_rise } = closed.decay;
        SegmentResult {
            outlet_pressure: outlet.pressure,
            outlet_temperature: soil + above * end - cooling * mean + outlet_capacity * capacity,
            outlet_pressure_squared: squared,
            short_of_pressure: outlet.short,
            mean_pressure: outlet.mean_pressure,
            mean_temperature: soil + above * mean - cooling * mean_of_rise
                + mean_capacity * capacity,
        }
    }

    fn closed(&self, mean_temperature: S, state: &GasState<S>) -> Closed<S> {
        // pressure
        let sound_squared = state.compressibility * mean_temperature * self.specific;
        let [friction, by_viscosity] = self.frictions.gradient(self.flow, state.viscosity);
        let loss = sound_squared * self.segment.length * friction;
        let start = self.pressure * self.pressure;
        let (squared, by_sound, by_friction) = match self.climb {
            None => (start - loss, -loss, -loss),
            Some([_, twice_work]) => {
                let s = twice_work / sound_squared;
                let Decay { end, mean, .. } = Decay::by(s);
                let left = start * end;
                let by_sound = s * left - loss * (mean.scaled(2.0) - end);
                (left - loss * mean, by_sound, -(loss * mean))
            }
        };
        let outlet = self.outlet(squared);

        // temperature, along the direction of flow
        let decay = Decay::by(self.heat / state.heat_capacity);
        let fall = state.joule_thomson * (self.pressure - outlet.pressure);
        let cooling =
            self.climb.map_or(fall, |[work, _]| fall + work / state.heat_capacity) * self.forward;
        let soil = self.segment.soil.temperature;
        let above = self.temperature - soil;
        Closed {
            squared,
            cooling,
            mean_temperature: soil + above * decay.mean - cooling * decay.mean_of_rise,
            by_sound,
            by_viscosity: by_friction * by_viscosity,
            outlet,
            decay,
        }
    }

    /// The outlet from the square of its pressure.
    fn outlet(&self, squared: S) -> Outlet<S> {
        let floor = self.segment.pressure_floor;
        let floor_squared = floor * floor;
        let short = (floor_squared - squared).max(S::zero());
        let shortness = short / floor_squared;
        let bent = S::one() + shortness;
        let root = squared.max(floor_squared).sqrt();
        let pressure = root - floor.scaled(0.5) * shortness / bent;
        let share = pressure / (self.pressure + pressure);
        Outlet {
            pressure,
            short,
            mean_pressure: (self.pressure + pressure * share).scaled(2.0 / 3.0),
            by_square: S::from_f64(0.5) / (root * bent * bent),
            mean_by_it: (share * (S::from_f64(2.0) - share)).scaled(2.0 / 3.0),
        }
    }

    /// How outlet and mean temperature move with the logarithm of the heat capacity.
    fn by_capacity(&self, closed: &Closed<S>, state: &GasState<S>) -> [S; 2] {
        let Decay { end, mean, mean_of_rise } = closed.decay;
        let t = self.heat / state.heat_capacity;
        let above = self.temperature - self.segment.soil.temperature;
        let lost = t * (mean - mean_of_rise);
        let twice = mean_of_rise.scaled(2.0) - mean;
        let flat = [above * t * end - closed.cooling * lost, above * lost - closed.cooling * twice];
        let Some([work, _]) = self.climb else { return flat };
        let work = work / state.heat_capacity * self.forward;
        [flat[0] + work * mean, flat[1] + work * mean_of_rise]
    }

    /// The closed forms at a mean state, and how they move with it.
    fn moves(&self, at: &Mean<S>, slopes: &[GasState<S>; 2]) -> (Closed<S>, Moves<S>) {
        let state = &at.state;
        let closed = self.closed(at.temperature, state);
        let [_, mean_capacity] = self.by_capacity(&closed, state);
        let ln = |of: fn(&GasState<S>) -> S| {
            let one = S::one() / of(state);
            slopes.each_ref().map(|slope| of(slope) * one)
        };
        let [z_p, z_t] = ln(|state| state.compressibility);
        let sound = [z_p, z_t + S::one() / at.temperature];
        let viscosity = ln(|state| state.viscosity);
        let ln_capacity = ln(|state| state.heat_capacity);
        let joule_thomson = slopes.each_ref().map(|slope| slope.joule_thomson);
        let squared =
            [0, 1].map(|of| closed.by_sound * sound[of] + closed.by_viscosity * viscosity[of]);
        let outlet = squared.map(|by| by * closed.outlet.by_square);
        let cooled = closed.decay.mean_of_rise * self.forward;
        let fall = self.pressure - closed.outlet.pressure;
        let temperature = [0, 1].map(|of| {
            mean_capacity * ln_capacity[of]
                + cooled * (state.joule_thomson * outlet[of] - fall * joule_thomson[of])
        });
        let pressure = outlet.map(|by| by * closed.outlet.mean_by_it);
        (closed, Moves { squared, ln_capacity, joule_thomson, pressure, temperature })
    }
}

/// How the closed forms move with mean pressure and with mean temperature.
struct Moves<S> {
    squared: [S; 2],
    ln_capacity: [S; 2],
    joule_thomson: [S; 2],
    /// The mean pressure that they give.
    pressure: [S; 2],
    /// The mean temperature that they give.
    temperature: [S; 2],
}

impl<S: Scalar> Closed<S> {
    /// By how much both means are off.
    fn step(&self, at: &Mean<S>, moves: &Moves<S>) -> [S; 2] {
        let pressure = self.outlet.mean_pressure - at.pressure;
        let temperature = self.mean_temperature - at.temperature;
        let [pp, pt] = [S::one() - moves.pressure[0], moves.pressure[1]];
        let [tp, tt] = [moves.temperature[0], S::one() - moves.temperature[1]];
        let determinant = (pp * tt - pt * tp).max(S::from_f64(LEAST_DETERMINANT));
        let one = S::one() / determinant;
        [(tt * pressure + pt * temperature) * one, (tp * pressure + pp * temperature) * one]
    }
}

/// Where a step leads, but no farther than it can be trusted.
fn within_reach<S: Scalar>(from: S, to: S) -> S {
    to.max(from.scaled(1.0 / FARTHEST)).min(from.scaled(FARTHEST))
}
