//! A line: sections with stations between them.

use super::compressor::{CompressorEfficiency, compress};
use super::friction::{FrictionLaw, Pipe};
use super::parallel::Loop;
use super::segment::{Segment, Soil, Warm};
use super::throttle::let_down;
use super::velocity::{Passing, Supersonic};
use crate::gas::Gas;
use crate::scalar::Scalar;

/// What decides the pressure that a station discharges at.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Discharge<S> {
    /// A set point, Pa.
    Pressure(S),
    /// A ratio of compression, 1 and above: the discharge follows what arrives.
    Ratio(S),
}

/// A compressor station.
///
/// In service, it raises whatever arrives to its set point, or by its ratio. Gas that arrives above
/// a set point is let down to it at constant enthalpy: no work is gained, and it cools by its
/// Joule-Thomson coefficient all the way down. All of the gas is compressed; fuel is drawn from the
/// discharge:
///
/// ```text
/// power = n w / (mechanical efficiency)
/// fuel  = power / (driver efficiency × H)
/// ```
///
/// with w the work of [`compress`](super::compress) and H the net heat of a mole of the gas.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Station<S> {
    /// Whether it is in service; gas passes one that is not as it comes.
    pub in_service: bool,
    /// What decides the discharge pressure.
    pub discharge: Discharge<S>,
    /// Efficiency of the compressors.
    pub efficiency: CompressorEfficiency<S>,
    /// Mechanical efficiency, work on the gas over shaft power, above 0 to 1.
    pub mechanical_efficiency: S,
    /// Driver efficiency, shaft power over net heat of the fuel, above 0 to 1.
    pub driver_efficiency: S,
    /// Temperature that an aftercooler brings the discharge down to, K; a cooler discharge is
    /// left as it is.
    pub aftercooler_temperature: Option<S>,
}

/// What a station in service does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StationResult<S> {
    /// Pressure that arrives, Pa.
    pub suction_pressure: S,
    /// Pressure that leaves, Pa.
    pub discharge_pressure: S,
    /// Ratio of compression, 1 and above.
    pub ratio: S,
    /// Shaft power, W.
    pub power: S,
    /// Fuel, mol/s.
    pub fuel_molar_flow: S,
    /// Temperature at the discharge, before an aftercooler, K.
    pub discharge_temperature: S,
    /// Temperature that leaves, K.
    pub outlet_temperature: S,
}

impl<S: Scalar> Station<S> {
    /// What the station, in service, does to a molar flow (mol/s) that arrives at a pressure (Pa)
    /// and a temperature (K), of gas with so much net heat (J/mol).
    pub fn run(
        &self,
        gas: &impl Gas<S>,
        net_heat_per_mole: S,
        molar_flow: S,
        suction_pressure: S,
        suction_temperature: S,
    ) -> StationResult<S> {
        let (start_pressure, discharge_pressure) = match self.discharge {
            Discharge::Pressure(set_point) => (suction_pressure.min(set_point), set_point),
            Discharge::Ratio(ratio) => (suction_pressure, suction_pressure * ratio),
        };
        // most stations let nothing down
        let start_temperature = if start_pressure == suction_pressure {
            suction_temperature
        } else {
            let_down(gas, suction_pressure, suction_temperature, start_pressure)
        };
        let done =
            compress(gas, start_pressure, start_temperature, discharge_pressure, self.efficiency);
        let power = molar_flow.max(S::zero()) * done.work / self.mechanical_efficiency;
        StationResult {
            suction_pressure,
            discharge_pressure,
            ratio: discharge_pressure / start_pressure,
            power,
            fuel_molar_flow: power / (self.driver_efficiency * net_heat_per_mole),
            discharge_temperature: done.discharge_temperature,
            outlet_temperature: match self.aftercooler_temperature {
                Some(cooled) => done.discharge_temperature.min(cooled),
                None => done.discharge_temperature,
            },
        }
    }
}

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
        };
        let mut distance = S::zero();
        let mut warm = Warm::default();
        for (at, section) in self.sections.iter().enumerate() {
            let station = section.station.filter(|station| station.in_service).map(|station| {
                let done = station.run(
                    gas,
                    net_heat_per_mole,
                    result.delivered_molar_flow,
                    result.delivered_pressure,
                    result.delivered_temperature,
                );
                result.pass(&done);
                done
            });
            let mut show = |result: &mut LineResult<S>, distance: S, station| {
                let passing = Passing {
                    molar_flow: result.delivered_molar_flow,
                    pressure: result.delivered_pressure,
                    temperature: result.delivered_temperature,
                };
                let loops = section.loops.as_ref();
                let (velocity, sound) = passing.velocity(gas, self.friction, &self.pipe, loops);
                result.highest_velocity = result.highest_velocity.max(velocity);
                let beyond =
                    sound.map(|speed_of_sound| Supersonic { distance, velocity, speed_of_sound });
                result.supersonic = result.supersonic.or(beyond);
                profile(result.point(at, distance, velocity, station));
            };
            show(&mut result, distance, station);

            let segment = self.segment(section);
            for _ in 0..self.segments_per_section.max(1) {
                let end = segment.solve_from(
                    &mut warm,
                    gas,
                    result.delivered_molar_flow,
                    result.delivered_pressure,
                    result.delivered_temperature,
                );
                result.delivered_pressure = end.outlet_pressure;
                result.delivered_temperature = end.outlet_temperature;
                result.short_of_pressure += end.short_of_pressure;
                distance += segment.length;
                show(&mut result, distance, None);
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

impl<S: Scalar> LineResult<S> {
    /// Takes what has come so far through a station.
    fn pass(&mut self, station: &StationResult<S>) {
        self.delivered_molar_flow -= station.fuel_molar_flow;
        self.delivered_pressure = station.discharge_pressure;
        self.delivered_temperature = station.outlet_temperature;
        self.fuel_molar_flow += station.fuel_molar_flow;
        self.power += station.power;
        self.largest_station_power = self.largest_station_power.max(station.power);
        self.highest_ratio = self.highest_ratio.max(station.ratio);
        let suction = station.suction_pressure;
        self.lowest_suction_pressure =
            Some(self.lowest_suction_pressure.map_or(suction, |lowest| lowest.min(suction)));
    }

    fn point(
        &self,
        section: usize,
        distance: S,
        velocity: S,
        station: Option<StationResult<S>>,
    ) -> ProfilePoint<S> {
        ProfilePoint {
            section,
            distance,
            pressure: self.delivered_pressure,
            temperature: self.delivered_temperature,
            molar_flow: self.delivered_molar_flow,
            velocity,
            station,
        }
    }
}
