//! A line: sections with stations between them.

use super::course::Mean;
use super::friction::{FrictionLaw, Pipe};
use super::parallel::Loop;
use super::segment::{Frictions, Segment, Soil};
use super::station::{Station, StationResult, highest};
use super::velocity::{Passing, Supersonic, Velocity};
use crate::gas::{Gas, GasState};
use crate::scalar::Scalar;

/// A stretch of line, with a station at its start or none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Section<S> {
    /// Station at the start.
    pub station: Option<Station<S>>,
    /// Length, m.
    pub length: S,
    /// Elevation of the end above the start, m.
    pub elevation_gain: S,
    /// A second pipe along a share of the length.
    pub loops: Option<Loop<S>>,
}

impl<S: Scalar> Section<S> {
    /// The same section with a second pipe along so much of its length, m (0 to the length,
    /// which is above 0).
    #[must_use]
    pub fn looped(self, pipe: Pipe<S>, looped_length: S) -> Self {
        let share_of_length = looped_length / self.length;
        Self { loops: Some(Loop { pipe, share_of_length }), ..self }
    }
}

/// A line of one pipe, from its inlet through all sections to the delivery point.
///
/// See the [module's example](super).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line<'a, S> {
    /// Sections in the order of flow.
    pub sections: &'a [Section<S>],
    /// The pipe of all sections.
    pub pipe: Pipe<S>,
    /// The ground around all of it.
    pub soil: Soil<S>,
    /// Friction law.
    pub friction: FrictionLaw,
    /// Segments that each section is cut into, at least 1 (0 counts as 1).
    pub segments_per_section: usize,
    /// Pressure that no segment's end must fall below, Pa (see [`Segment`]).
    pub pressure_floor: S,
}

/// The gas at a point of a line: after the station or the bare start of each section, and at the
/// end of each segment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProfilePoint<S> {
    /// Which section, counted from 0.
    pub section: usize,
    /// Distance from the inlet of the line, m.
    pub distance: S,
    /// Pressure, Pa.
    pub pressure: S,
    /// Temperature, K.
    pub temperature: S,
    /// Compressibility factor.
    pub compressibility: S,
    /// Molar flow, mol/s.
    pub molar_flow: S,
    /// Velocity of the gas, m/s: in the one pipe unless all of the section has a second, then the
    /// higher of both.
    pub velocity: S,
    /// What the station in service just before this point does.
    pub station: Option<StationResult<S>>,
}

/// What [`Line::solve`] found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LineResult<S> {
    /// Molar flow at the delivery point, mol/s.
    pub delivered_molar_flow: S,
    /// Pressure at the delivery point, Pa.
    pub delivered_pressure: S,
    /// Temperature at the delivery point, K.
    pub delivered_temperature: S,
    /// Fuel of all stations, mol/s.
    pub fuel_molar_flow: S,
    /// Shaft power of all stations, W.
    pub power: S,
    /// Shaft power of the station that has most, W; 0 without stations in service.
    pub largest_station_power: S,
    /// Highest ratio of compression; 1 without stations in service.
    pub highest_ratio: S,
    /// Lowest suction pressure, Pa, the delivery point not counted; none without stations in
    /// service.
    pub lowest_suction_pressure: Option<S>,
    /// Highest velocity of the gas at any of the points, m/s.
    pub highest_velocity: S,
    /// The first point at which the gas would be faster than sound: from there on nothing here has
    /// a meaning.
    pub supersonic: Option<Supersonic<S>>,
    /// By how much the squares of pressure at the ends of segments fell short of that of the
    /// floor, summed, Pa²: above 0 the line cannot carry this flow, and everything else here is
    /// a continuation, finite and smooth, for searches to turn back by.
    pub short_of_pressure: S,
    /// Above zero where only plain numbers work out what is above: where gas is let down, or may be
    /// as fast as sound, or efficiencies are so poor that a path takes more steps. `None` where any
    /// numbers do, as plain numbers always.
    pub(crate) undecided: Option<S>,
}

impl<S: Scalar> Line<'_, S> {
    /// Carries a molar flow (mol/s, not negative) that enters at a pressure (Pa) and temperature
    /// (K) along the line. `net_heat_per_mole` (J/mol) is that of the gas as fuel; `profile` is
    /// shown every point on the way.
    pub fn solve(
        &self,
        gas: &impl Gas<S>,
        net_heat_per_mole: S,
        inlet_molar_flow: S,
        inlet_pressure: S,
        inlet_temperature: S,
        profile: &mut impl FnMut(ProfilePoint<S>),
    ) -> LineResult<S> {
        let mut result = LineResult {
            delivered_molar_flow: inlet_molar_flow,
            delivered_pressure: inlet_pressure,
            delivered_temperature: inlet_temperature,
            fuel_molar_flow: S::zero(),
            power: S::zero(),
            largest_station_power: S::zero(),
            highest_ratio: S::one(),
            lowest_suction_pressure: None,
            highest_velocity: S::zero(),
            supersonic: None,
            short_of_pressure: S::zero(),
            undecided: None,
        };
        let mut walk = Walk {
            line: self,
            gas,
            net_heat_per_mole,
            at: Mean {
                pressure: inlet_pressure,
                temperature: inlet_temperature,
                state: gas.state(inlet_pressure, inlet_temperature),
            },
            distance: S::zero(),
        };
        let is_level = |section: &Section<S>| section.elevation_gain.known() == Some(0.0);
        let is_level = self.sections.iter().all(is_level);
        let mut frictions: Option<(Option<Loop<S>>, Frictions<S>)> = None;
        for (at, section) in self.sections.iter().enumerate() {
            let own = match frictions {
                Some((loops, frictions)) if loops == section.loops => frictions,
                _ => Frictions::of(self.friction, &self.pipe, section.loops.as_ref()),
            };
            frictions = Some((section.loops, own));
            let in_service = section.station.filter(|station| station.in_service);
            let station = in_service.map(|station| walk.pass(&station, &mut result));
            walk.show(at, station, &own, &mut result, profile);
            let mut segment = self.segment(section);
            segment.length = segment.length.given();
            if !is_level {
                segment.elevation_gain = segment.elevation_gain.given();
            }
            for _ in 0..self.segments_per_section.max(1) {
                walk.along(&segment, &own, &mut result);
                walk.show(at, None, &own, &mut result, profile);
            }
        }
        result
    }

    /// One of the equal segments of a section.
    fn segment(&self, section: &Section<S>) -> Segment<S> {
        let part = 1.0 / self.segments_per_section.max(1) as f64;
        Segment {
            length: section.length.scaled(part),
            elevation_gain: section.elevation_gain.scaled(part),
            pipe: self.pipe,
            loops: section.loops,
            soil: self.soil,
            friction: self.friction,
            pressure_floor: self.pressure_floor,
        }
    }
}

/// A gas on its way along a line.
struct Walk<'a, S, G> {
    line: &'a Line<'a, S>,
    gas: &'a G,
    net_heat_per_mole: S,
    at: Mean<S>,
    distance: S,
}

impl<S: Scalar, G: Gas<S>> Walk<'_, S, G> {
    /// Through a station.
    fn pass(&mut self, station: &Station<S>, result: &mut LineResult<S>) -> StationResult<S> {
        let (gas, suction, flow) = (self.gas, self.at, result.delivered_molar_flow);
        let [ratio, power, fuel_molar_flow, discharge_temperature, rest @ ..] = S::apart(|| {
            let (done, near) = station.run_from(gas, self.net_heat_per_mole, flow, &suction);
            let (pressure, temperature) = (done.discharge_pressure, done.outlet_temperature);
            let state = gas.state_near(near, pressure, temperature);
            let [pressure, temperature, z, cp, mu, viscosity] =
                Mean { pressure, temperature, state }.numbers();
            [
                done.ratio,
                done.power,
                done.fuel_molar_flow,
                done.discharge_temperature,
                pressure,
                temperature,
                z,
                cp,
                mu,
                viscosity,
            ]
        });
        self.at = Mean::from(rest);
        let done = StationResult {
            suction_pressure: suction.pressure,
            discharge_pressure: self.at.pressure,
            ratio,
            power,
            fuel_molar_flow,
            discharge_temperature,
            outlet_temperature: self.at.temperature,
        };
        result.undecided = highest(result.undecided, station.undecided(suction.pressure));
        result.pass(&done);
        done
    }

    /// Along a segment.
    fn along(
        &mut self,
        segment: &Segment<S>,
        frictions: &Frictions<S>,
        result: &mut LineResult<S>,
    ) {
        let (gas, inlet, flow) = (self.gas, self.at, result.delivered_molar_flow);
        let [short_of_pressure, rest @ ..] = S::apart(|| {
            let (end, near) = segment.follow(gas, frictions, flow, &inlet);
            let (pressure, temperature) = (end.outlet_pressure, end.outlet_temperature);
            let state = gas.state_near(near, pressure, temperature);
            let [pressure, temperature, z, cp, mu, viscosity] =
                Mean { pressure, temperature, state }.numbers();
            [end.short_of_pressure, pressure, temperature, z, cp, mu, viscosity]
        });
        self.at = Mean::from(rest);
        self.distance += segment.length;
        result.short_of_pressure += short_of_pressure;
    }

    /// Shows where it is.
    fn show(
        &self,
        section: usize,
        station: Option<StationResult<S>>,
        frictions: &Frictions<S>,
        result: &mut LineResult<S>,
        profile: &mut impl FnMut(ProfilePoint<S>),
    ) {
        let Line { pipe, sections, .. } = self.line;
        let looped = sections.get(section).and_then(|section| section.loops.as_ref());
        let passing = Passing { molar_flow: result.delivered_molar_flow, at: self.at };
        let Velocity { velocity, sound, undecided } =
            passing.velocity(self.gas, frictions, pipe, looped.map(|loops| &loops.pipe));
        let &Self { distance, at, .. } = self;
        let beyond = sound.map(|speed_of_sound| Supersonic { distance, velocity, speed_of_sound });
        result.delivered_pressure = at.pressure;
        result.delivered_temperature = at.temperature;
        result.highest_velocity = result.highest_velocity.max(velocity);
        result.supersonic = result.supersonic.or(beyond);
        result.undecided = highest(result.undecided, undecided);
        profile(ProfilePoint {
            section,
            distance,
            pressure: at.pressure,
            temperature: at.temperature,
            compressibility: at.state.compressibility,
            molar_flow: result.delivered_molar_flow,
            velocity,
            station,
        });
    }
}

impl<S: Scalar> Mean<S> {
    /// All of it, as a part of equations hands it on.
    const fn numbers(&self) -> [S; 6] {
        let GasState { compressibility, heat_capacity, joule_thomson, viscosity } = self.state;
        [self.pressure, self.temperature, compressibility, heat_capacity, joule_thomson, viscosity]
    }
}

impl<S> From<[S; 6]> for Mean<S> {
    fn from(numbers: [S; 6]) -> Self {
        let [pressure, temperature, compressibility, heat_capacity, joule_thomson, viscosity] =
            numbers;
        let state = GasState { compressibility, heat_capacity, joule_thomson, viscosity };
        Self { pressure, temperature, state }
    }
}

impl<S: Scalar> LineResult<S> {
    /// Takes what a station does into account.
    fn pass(&mut self, station: &StationResult<S>) {
        self.delivered_molar_flow -= station.fuel_molar_flow;
        self.fuel_molar_flow += station.fuel_molar_flow;
        self.power += station.power;
        self.largest_station_power = self.largest_station_power.max(station.power);
        self.highest_ratio = self.highest_ratio.max(station.ratio);
        let suction = station.suction_pressure;
        self.lowest_suction_pressure =
            Some(self.lowest_suction_pressure.map_or(suction, |lowest| lowest.min(suction)));
    }
}
