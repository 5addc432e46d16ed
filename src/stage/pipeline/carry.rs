//! Carrying gas by hydraulics: from parameters and feed to a line, and from what the line does to
//! streams and loads.

use super::super::{Call, StageError};
use super::hydraulics::{Hydraulics, MOST_STATIONS, index};
use super::{LENGTH, burn};
use crate::flow::{
    FrictionLaw, Line, LineResult, Loop, Pipe, ProfilePoint, Section, Soil, Station,
};
use crate::gas::NaturalGas;
use crate::scalar::Scalar;

/// Friction laws in the order that the parameter lists them.
const LAWS: [FrictionLaw; 6] = [
    FrictionLaw::ColebrookWhite,
    FrictionLaw::StoGazprom,
    FrictionLaw::Weymouth,
    FrictionLaw::PanhandleA,
    FrictionLaw::PanhandleB,
    FrictionLaw::AgaFullyTurbulent,
];

/// Pressure below which a line is said to be unable to carry its flow, Pa.
const FLOOR: f64 = 1e5;

/// Number of loads that are not a station's own.
const COMMON: usize = 8;
/// Number of loads of each station.
const OWN: usize = 6;

/// What arrives at a station and what leaves it.
#[derive(Debug, Clone, Copy)]
struct Passage<S> {
    suction_pressure: S,
    suction_temperature: S,
    discharge_pressure: S,
    discharge_temperature: S,
    power: S,
}

impl Hydraulics {
    /// Carries the feed: writes the outlets and states the loads.
    pub(super) fn carry<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let feed = call.inlet(0);
        let (mut flow, mut energy) = (S::zero(), S::zero());
        for ((&moles, heat), name) in feed.iter().zip(&self.net_heats).zip(&self.names) {
            flow += moles;
            match heat {
                Some(heat) => energy += moles.scaled(*heat),
                None if moles.value() > 0.0 => {
                    return Err(StageError::UnknownHeat { species: name.clone() });
                }
                None => {}
            }
        }
        let length = call.number(LENGTH);
        let loops = call.number(index::LOOPS);
        if loops.value() > length.value() {
            return Err(StageError::OutOfDomain {
                what: "length of loops over length of the line",
                got: loops.value() / length.value(),
                allowed: "at most 1",
            });
        }
        let mut passages = [None; MOST_STATIONS];
        if flow.value() <= 0.0 || length.value() <= 0.0 {
            burn(call, feed, S::zero());
            let result = at_rest(call);
            self.state(call, &result, flow, &passages);
            return Ok(());
        }
        let gas = NaturalGas::gerg_2008(&self.species, feed)?;
        let pipe = Pipe {
            inner_diameter: call.number(index::DIAMETER) - call.number(index::WALL).scaled(2.0),
            outer_diameter: call.number(index::DIAMETER),
            roughness: call.number(index::ROUGHNESS),
            efficiency: call.number(index::PIPE_EFFICIENCY),
        };
        if pipe.inner_diameter.value() <= 0.0 {
            return Err(StageError::OutOfDomain {
                what: "diameter less two walls, m",
                got: pipe.inner_diameter.value(),
                allowed: "above 0",
            });
        }
        let share_of_length = loops / length;
        let looped = (loops.value() > 0.0).then_some(Loop { pipe, share_of_length });
        let mut sections = [Section {
            station: None,
            length: S::zero(),
            elevation_gain: S::zero(),
            loops: looped,
        }; MOST_STATIONS + 1];
        let bare = usize::from(self.stations.first().is_none_or(|first| first.at > 0.0));
        let count = self.stations.len() + bare;
        for (at, section) in sections[..count].iter_mut().enumerate() {
            let site = |index: usize| self.stations.get(index);
            let here = if at < bare { None } else { site(at - bare) };
            let next = site(at + 1 - bare);
            let (start, height) = here.map_or((0.0, 0.0), |here| (here.at, here.height));
            let (end, next_height) =
                next.map_or((1.0, self.outlet_height), |next| (next.at, next.height));
            section.length = length.scaled(end - start);
            section.elevation_gain = S::from_f64(next_height - height);
            section.station = here.map(|_| station(call, at - bare));
        }
        let line = Line {
            sections: &sections[..count],
            pipe,
            soil: Soil {
                temperature: call.number(index::SOIL_TEMPERATURE),
                heat_transfer: call.number(index::HEAT_TRANSFER),
            },
            friction: LAWS[call.choice(index::FRICTION)],
            segments_per_section: whole(call.number(index::SEGMENTS)),
            pressure_floor: S::from_f64(FLOOR),
        };
        let mut before = None;
        let mut see = |point: ProfilePoint<S>| {
            let arrived: ProfilePoint<S> = before.unwrap_or(point);
            let starts = before.is_none_or(|last: ProfilePoint<S>| last.section != point.section);
            if starts && point.section >= bare {
                passages[point.section - bare] = Some(Passage {
                    suction_pressure: arrived.pressure,
                    suction_temperature: arrived.temperature,
                    discharge_pressure: point.pressure,
                    discharge_temperature: point.temperature,
                    power: point.station.map_or(S::zero(), |station| station.power),
                });
            }
            before = Some(point);
        };
        let (pressure, temperature) =
            (call.number(index::INLET_PRESSURE), call.number(index::INLET_TEMPERATURE));
        let result = line.solve(&gas, energy / flow, flow, pressure, temperature, &mut see);
        // the first station's gas arrives as it entered the line
        if let (0, Some(first)) = (bare, &mut passages[0]) {
            first.suction_pressure = pressure;
            first.suction_temperature = temperature;
        }
        if result.short_of_pressure.value() > 0.0 {
            call.object(StageError::OutOfDomain {
                what: "pressure squared at the ends of segments, below that of 0.1 MPa by, Pa2",
                got: result.short_of_pressure.value(),
                allowed: "0: the line cannot carry so much",
            });
        }
        burn(call, feed, (result.fuel_molar_flow / flow).min(S::one()));
        self.state(call, &result, flow, &passages);
        Ok(())
    }

    fn state<S: Scalar>(
        &self,
        call: &mut Call<'_, S>,
        result: &LineResult<S>,
        flow: S,
        passages: &[Option<Passage<S>>],
    ) {
        let (pressure, temperature) =
            (call.number(index::INLET_PRESSURE), call.number(index::INLET_TEMPERATURE));
        let unit_power = call.number(index::UNIT_POWER);
        let (mut station_load, mut highest) = (S::zero(), pressure);
        for (station, passage) in passages[..self.stations.len()].iter().enumerate() {
            let units = call.number(index::UNITS + station);
            let passage = passage.unwrap_or(Passage {
                suction_pressure: pressure,
                suction_temperature: temperature,
                discharge_pressure: pressure,
                discharge_temperature: temperature,
                power: S::zero(),
            });
            station_load = station_load.max(passage.power.share_of(units * unit_power));
            highest = highest.max(passage.discharge_pressure);
            let own = [
                passage.suction_pressure,
                passage.suction_temperature,
                passage.discharge_pressure,
                passage.discharge_temperature,
                passage.discharge_pressure / passage.suction_pressure,
                passage.power,
            ];
            for (at, load) in own.into_iter().enumerate() {
                call.state(COMMON + station * OWN + at, load);
            }
        }
        let length = call.number(LENGTH);
        let own_needs = result.fuel_molar_flow.share_of(flow).share_of(length);
        let common = [
            station_load,
            result.highest_ratio,
            result.lowest_suction_pressure.unwrap_or(pressure),
            highest,
            result.delivered_pressure,
            result.delivered_temperature,
            result.power,
            own_needs,
        ];
        for (load, value) in common.into_iter().enumerate() {
            call.state(load, value);
        }
    }
}

/// A count as a number of things.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count, 1 to 100")]
fn whole<S: Scalar>(count: S) -> usize {
    count.value() as usize
}

/// A station as the parameters set it.
fn station<S: Scalar>(call: &Call<'_, S>, station: usize) -> Station<S> {
    let cooled = call.choice(index::AFTERCOOLERS) == 1;
    Station {
        in_service: call.number(index::UNITS + station).value() > 0.0,
        discharge_pressure: call.number(index::DISCHARGE_PRESSURE),
        polytropic_efficiency: call.number(index::POLYTROPIC_EFFICIENCY),
        mechanical_efficiency: call.number(index::MECHANICAL_EFFICIENCY),
        driver_efficiency: call.number(index::DRIVER_EFFICIENCY),
        aftercooler_temperature: cooled.then(|| call.number(index::DISCHARGE_TEMPERATURE)),
    }
}

/// A line without flow: the pressure of the inlet everywhere, and nothing done.
fn at_rest<S: Scalar>(call: &Call<'_, S>) -> LineResult<S> {
    LineResult {
        delivered_molar_flow: S::zero(),
        delivered_pressure: call.number(index::INLET_PRESSURE),
        delivered_temperature: call.number(index::INLET_TEMPERATURE),
        fuel_molar_flow: S::zero(),
        power: S::zero(),
        largest_station_power: S::zero(),
        highest_ratio: S::one(),
        lowest_suction_pressure: None,
        short_of_pressure: S::zero(),
    }
}
