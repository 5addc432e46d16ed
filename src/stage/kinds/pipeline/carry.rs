//! Carrying gas by hydraulics: from parameters and feed to a line, and from what the line does to
//! streams and loads.

use super::Pipeline;
use super::hydraulics::{BY_RATIO, Declared, MOST_STATIONS};
use super::ranges::Ranges;
use crate::flow::{
    Discharge, FrictionLaw, Line, LineResult, Loop, Pipe, ProfilePoint, ROUGHEST, Section, Soil,
    Station,
};
use crate::scalar::Scalar;
use crate::stage::condensing::Way;
use crate::stage::heats::{Flowing, RealGas};
use crate::stage::{Call, StageError};

/// Pressure below which a line is said to be unable to carry its flow, Pa.
const FLOOR: f64 = 1e5;

/// Heat that gas without any is reckoned to have once its stations have been objected to, J/mol:
/// so much that no fuel is taken.
const NO_FUEL: f64 = 1e100;

/// What arrives at a station and what leaves it.
#[derive(Debug, Clone, Copy)]
struct Passage<S> {
    suction_pressure: S,
    suction_temperature: S,
    discharge_pressure: S,
    discharge_temperature: S,
    ratio: S,
    power: S,
}

/// What is seen on the way along the line.
#[derive(Debug)]
struct Seen<S> {
    passages: [Option<Passage<S>>; MOST_STATIONS],
    /// The highest pressure anywhere, Pa.
    highest_pressure: S,
    /// What the first state of the gas is that it is not tabulated for.
    uncovered: Option<StageError>,
    /// Above zero where only plain numbers tell whether there is one.
    undecided: Option<S>,
}

impl<S: Scalar> Seen<S> {
    const fn nothing(highest_pressure: S) -> Self {
        let passages = [None; MOST_STATIONS];
        Self { passages, highest_pressure, uncovered: None, undecided: None }
    }

    /// Takes in whether the gas is known at a temperature (K) of a point.
    fn judge(&mut self, gas: &RealGas<S>, point: &ProfilePoint<S>, temperature: S) {
        let beyond = gas.beyond(point.pressure, temperature, point.compressibility);
        match beyond.known() {
            None => {
                self.undecided = Some(self.undecided.map_or(beyond, |all| all.max(beyond)));
            }
            Some(beyond) if beyond <= 0.0 || self.uncovered.is_some() => {}
            Some(_) => self.uncovered = gas.uncovered(point.pressure, temperature),
        }
    }
}

impl Pipeline {
    /// Carries the feed: writes the outlets and states the loads.
    pub(super) fn carry<S: Scalar>(
        &self,
        own: &Declared,
        call: &mut Call<'_, S>,
    ) -> Result<(), StageError> {
        let feed = call.stream(self.feed);
        let mean = feed.iter().fold(S::zero(), |sum, &moles| sum + moles);
        let energy = own.line.heats.of(call, feed);
        let availability = call.number(self.availability);
        call.object_where(S::select(availability, -S::one(), mean), || StageError::OutOfDomain {
            what: "flow through a line that never runs, mol/s",
            got: mean.value(),
            allowed: "0 at an availability of 0",
        });
        let length = call.number(self.length);
        let loops = call.number(own.loops);
        if (loops - length).exceeds(0.0) {
            return Err(StageError::OutOfDomain {
                what: "length of loops over length of the line",
                got: loops.value() / length.value(),
                allowed: "at most 1",
            });
        }
        // what flows while the line runs
        let flow = mean.share_of(availability);
        let flowing = Flowing::of(feed, flow);
        let inlet = [own.inlet.pressure, own.inlet.temperature].map(|number| call.number(number));
        let way = call.choice(own.gas_properties);
        let gas = RealGas::of(call, &own.line.species, &flowing.stream, flow, way);
        let Some(gas) = gas else {
            self.outlets.burn(call, feed, S::zero());
            let stated = own.stated_at_rest(self, call);
            own.state(call, &stated);
            return Ok(());
        };
        let pipe = Pipe {
            inner_diameter: call.number(own.diameter) - call.number(own.wall).scaled(2.0),
            outer_diameter: call.number(own.diameter),
            roughness: call.number(own.roughness),
            efficiency: call.number(own.pipe_efficiency),
            friction_factor: call.number(own.friction_factor),
        };
        if S::select(pipe.inner_diameter, -S::one(), S::one()).exceeds(0.0) {
            return Err(StageError::OutOfDomain {
                what: "diameter less two walls, m",
                got: pipe.inner_diameter.value(),
                allowed: "above 0",
            });
        }
        let relative_roughness = pipe.roughness / pipe.inner_diameter;
        if relative_roughness.exceeds(ROUGHEST) {
            return Err(StageError::OutOfDomain {
                what: "roughness over inner diameter",
                got: relative_roughness.value(),
                allowed: "at most 0.05",
            });
        }
        let net_heat = own.net_heat(call, energy, mean, &flowing);
        let share_of_length = loops.share_of(length);
        let is_looped = loops.known().is_none_or(|loops| loops > 0.0);
        let looped = is_looped.then_some(Loop { pipe, share_of_length });
        let mut sections = [Section {
            station: None,
            length: S::zero(),
            elevation_gain: S::zero(),
            loops: looped,
        }; MOST_STATIONS + 1];
        let bare = usize::from(own.line.stations.first().is_none_or(|first| first.at > 0.0));
        let count = own.line.stations.len() + bare;
        for (at, section) in sections[..count].iter_mut().enumerate() {
            let site = |index: usize| own.line.stations.get(index);
            let here = if at < bare { None } else { site(at - bare) };
            let next = site(at + 1 - bare);
            let (start, height) = here.map_or((0.0, 0.0), |here| (here.at, here.height));
            let (end, next_height) =
                next.map_or((1.0, own.line.outlet_height), |next| (next.at, next.height));
            section.length = length.scaled(end - start);
            section.elevation_gain = S::from_f64(next_height - height);
            section.station = here.map(|_| station(own, call, at - bare, &flowing));
        }
        let line = Line {
            sections: &sections[..count],
            pipe,
            soil: Soil {
                temperature: call.number(own.soil_temperature),
                heat_transfer: call.number(own.heat_transfer),
            },
            friction: FrictionLaw::ALL[call.choice(own.friction)],
            segments_per_section: whole(call.number(own.segments)),
            pressure_floor: S::from_f64(FLOOR),
        };
        let [pressure, temperature] = inlet;
        let mut seen = Seen::nothing(pressure);
        let (mut ranges, mut way) = (Ranges::of(call), Way::of(call));
        let mut arrived = (pressure, temperature);
        let mut section = None;
        let mut see = |point: ProfilePoint<S>| {
            if section != Some(point.section) && point.section >= bare {
                seen.passages[point.section - bare] = Some(passage(arrived, &point));
            }
            // what a station discharges, and what its cooler makes of it
            let discharged = point.station.map(|done| done.discharge_temperature);
            for temperature in discharged.into_iter().chain([point.temperature]) {
                seen.judge(&gas, &point, temperature);
            }
            seen.highest_pressure = seen.highest_pressure.max(point.pressure);
            ranges.see(&gas, &line.pipe, &point);
            way.pass(point.pressure, point.temperature);
            arrived = (point.pressure, point.temperature);
            section = Some(point.section);
        };
        let result = line.solve(&gas, net_heat, flowing.moles, pressure, temperature, &mut see);
        let burned = result.fuel_molar_flow / flowing.moles;
        object(call, &flowing, &result, burned, &seen);
        ranges.warn(call, &gas, line.friction, &line.pipe, share_of_length);
        way.warn(call, &own.line.species, feed);
        let burned = flowing.select(burned.min(S::one()), S::zero());
        self.outlets.burn(call, feed, burned);
        let mut stated = own.stated(self, call, &result, flow, &seen);
        if flowing.is_open() {
            stated.choose(&flowing, &own.stated_at_rest(self, call));
        }
        own.state(call, &stated);
        Ok(())
    }
}

/// What a line states.
#[derive(Debug)]
struct Stated<S> {
    stations: [[S; 6]; MOST_STATIONS],
    common: [S; 9],
}

impl<S: Scalar> Stated<S> {
    /// Of a line at rest, where nothing flows.
    fn choose(&mut self, flowing: &Flowing<'_, S>, at_rest: &Self) {
        let own = self.stations.as_flattened_mut().iter_mut().chain(&mut self.common);
        let other = at_rest.stations.as_flattened().iter().chain(&at_rest.common);
        for (own, &other) in own.zip(other) {
            *own = flowing.select(*own, other);
        }
    }
}

impl Declared {
    /// Net heat of the gas as fuel, J/mol.
    fn net_heat<S: Scalar>(
        &self,
        call: &mut Call<'_, S>,
        energy: S,
        mean: S,
        flowing: &Flowing<'_, S>,
    ) -> S {
        let units = self.units.iter().map(|&units| call.number(units));
        let most = units.fold(S::zero(), S::max);
        let cold = S::select(energy, -S::one(), most);
        call.object_where(flowing.excess(cold), || StageError::OutOfDomain {
            what: "net heat of the gas that stations burn, W",
            got: energy.value(),
            allowed: "above 0 where a station is in service",
        });
        let mean = S::select(mean, mean, S::one());
        S::select(energy, energy / mean, S::from_f64(NO_FUEL))
    }

    fn stated_at_rest<S: Scalar>(&self, pipeline: &Pipeline, call: &Call<'_, S>) -> Stated<S> {
        let seen = Seen::nothing(call.number(self.inlet.pressure));
        self.stated(pipeline, call, &at_rest(self, call), S::zero(), &seen)
    }

    fn stated<S: Scalar>(
        &self,
        pipeline: &Pipeline,
        call: &Call<'_, S>,
        result: &LineResult<S>,
        flow: S,
        seen: &Seen<S>,
    ) -> Stated<S> {
        let (pressure, temperature) =
            (call.number(self.inlet.pressure), result.delivered_temperature);
        let unit_power = call.number(self.unit_power);
        let mut station_load = S::zero();
        let mut stations = [[S::zero(); 6]; MOST_STATIONS];
        for ((own, passage), &units) in stations.iter_mut().zip(&seen.passages).zip(&self.units) {
            let passage = passage.unwrap_or(Passage {
                suction_pressure: pressure,
                suction_temperature: temperature,
                discharge_pressure: pressure,
                discharge_temperature: temperature,
                ratio: S::one(),
                power: S::zero(),
            });
            let in_service = call.number(units) * unit_power;
            station_load = station_load.max(passage.power.share_of(in_service));
            *own = [
                passage.suction_pressure,
                passage.suction_temperature,
                passage.discharge_pressure,
                passage.discharge_temperature,
                passage.ratio,
                passage.power,
            ];
        }
        let length = call.number(pipeline.length);
        let own_needs = result.fuel_molar_flow.share_of(flow).share_of(length);
        let common = [
            station_load,
            result.highest_ratio,
            result.lowest_suction_pressure.unwrap_or(pressure),
            seen.highest_pressure,
            result.delivered_pressure,
            result.delivered_temperature,
            result.highest_velocity,
            result.power,
            own_needs,
        ];
        Stated { stations, common }
    }

    fn state<S: Scalar>(&self, call: &mut Call<'_, S>, stated: &Stated<S>) {
        let own = self.station_loads.as_flattened().iter().zip(stated.stations.as_flattened());
        for (&load, &value) in own.chain(self.loads.iter().zip(&stated.common)) {
            call.state(load, value);
        }
    }
}

/// A station, or the place of one out of service, from what arrives there and the point after it.
fn passage<S: Scalar>((pressure, temperature): (S, S), after: &ProfilePoint<S>) -> Passage<S> {
    Passage {
        suction_pressure: pressure,
        suction_temperature: temperature,
        discharge_pressure: after.pressure,
        discharge_temperature: after.temperature,
        ratio: after.station.map_or(S::one(), |done| done.ratio),
        power: after.station.map_or(S::zero(), |done| done.power),
    }
}

/// Says where the numbers of a line have no meaning; they are finite there, and rise and fall as
/// they would, so that limits can still be judged by them.
fn object<S: Scalar>(
    call: &mut Call<'_, S>,
    flowing: &Flowing<'_, S>,
    result: &LineResult<S>,
    burned: S,
    seen: &Seen<S>,
) {
    let out = |what, got, allowed| StageError::OutOfDomain { what, got, allowed };
    let short = result.short_of_pressure;
    call.object_where(flowing.excess(short), || {
        let what = "pressure that the line lacks for its flow, MPa (root of a sum of squares)";
        out(what, short.value().sqrt() * 1e-6, "0: it cannot carry so much")
    });
    call.object_where(flowing.excess(burned - S::one()), || {
        let what = "fuel of the stations over the gas that enters the line";
        out(what, burned.value(), "at most 1")
    });
    if let Some(beyond) = &result.supersonic {
        call.object(StageError::Supersonic {
            at_km: beyond.distance.value() * 1e-3,
            velocity: beyond.velocity.value(),
            speed_of_sound: beyond.speed_of_sound.value(),
        });
    }
    if let Some(error) = &seen.uncovered {
        call.object(error.clone());
    }
    for undecided in [result.undecided, seen.undecided].into_iter().flatten() {
        Call::leave_open(flowing.excess(undecided));
    }
}

/// A count as a number of things.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count, 1 to 100")]
fn whole<S: Scalar>(count: S) -> usize {
    count.value() as usize
}

/// A station as the parameters set it. Of units that differ between scenarios it is left open
/// whether there are any.
fn station<S: Scalar>(
    own: &Declared,
    call: &Call<'_, S>,
    station: usize,
    flowing: &Flowing<'_, S>,
) -> Station<S> {
    let cooled = call.flag(own.aftercoolers);
    let units = call.number(own.units[station]);
    let in_service = units.known().map(|units| units > 0.0);
    if in_service.is_none() {
        Call::leave_open(flowing.excess(S::select(units, -S::one(), S::one())));
    }
    Station {
        in_service: in_service.unwrap_or(true),
        discharge: match call.choice(own.control.by) {
            BY_RATIO => Discharge::Ratio(call.number(own.control.ratio)),
            _ => Discharge::Pressure(call.number(own.control.pressure)),
        },
        efficiency: own.efficiency.chosen(call),
        mechanical_efficiency: call.number(own.mechanical_efficiency),
        driver_efficiency: call.number(own.driver_efficiency),
        aftercooler_temperature: cooled.then(|| call.number(own.discharge_temperature)),
    }
}

/// A line without flow: nothing done, the pressure of the inlet everywhere (there is no gas whose
/// weight could be known), the temperature of the soil unless no heat passes to it.
fn at_rest<S: Scalar>(own: &Declared, call: &Call<'_, S>) -> LineResult<S> {
    LineResult {
        delivered_molar_flow: S::zero(),
        delivered_pressure: call.number(own.inlet.pressure),
        delivered_temperature: S::select(
            call.number(own.heat_transfer),
            call.number(own.soil_temperature),
            call.number(own.inlet.temperature),
        ),
        fuel_molar_flow: S::zero(),
        power: S::zero(),
        largest_station_power: S::zero(),
        highest_ratio: S::one(),
        lowest_suction_pressure: None,
        highest_velocity: S::zero(),
        supersonic: None,
        short_of_pressure: S::zero(),
        undecided: None,
    }
}
