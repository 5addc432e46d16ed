//! What a pipeline that is run by hydraulics is made of: its parameters, and the loads it states.

use crate::fault::FaultKind;
use crate::gas::GergSpecies;
use crate::param::Parameter;
use crate::quantity::Unit;
use crate::species::Slate;
use crate::stage::heats::{BY_TABLE, Heats, gas_properties};
use crate::stage::kinds::efficiency::Efficiency;
use crate::stage::{Choice, Flag, Inlet, Load, Number, Outlet, Spec};

/// Index of `hydraulic` among the choices of `mode`.
pub(super) const HYDRAULIC: usize = 1;

/// Friction laws by the names that choose them, in the order of
/// [`FrictionLaw`](crate::flow::FrictionLaw).
const FRICTION_LAWS: [&str; 7] = [
    "colebrook_white",
    "sto_gazprom",
    "weymouth",
    "panhandle_a",
    "panhandle_b",
    "aga_fully_turbulent",
    "given",
];

/// Ways to control the stations, the names of `station_control`.
const CONTROLS: [&str; 2] = ["discharge_pressure", "compression_ratio"];

/// Index of `compression_ratio` among them.
pub(super) const BY_RATIO: usize = 1;

/// Where pressure and temperature at the inlet come from, the names of `inlet`.
const INLETS: [&str; 2] = ["given", "line_before"];

/// Index of `line_before` among them.
pub(super) const LINE_BEFORE: usize = 1;

/// Most stations that a line can have.
pub(super) const MOST_STATIONS: usize = 40;

/// Height that no point of a line is above or below its inlet by, m.
pub(super) const HIGHEST: f64 = 10_000.0;

/// Where a compressor station stands.
#[derive(Debug, Clone, PartialEq)]
pub struct StationSite {
    /// Its name, with which its parameter and loads begin.
    pub name: String,
    /// Its distance from the inlet as a share of the length, 0 to less than 1.
    pub at: f64,
    /// Its height above the inlet of the line, m; 0 at the inlet itself.
    pub height: f64,
}

/// A pipeline's hydraulics: stations along one pipe, looped over part of its length.
///
/// Between stations the general flow equation holds, with compressibility by GERG-2008 at mean
/// conditions, friction by a chosen law or of a given factor, heat exchange with the soil and
/// Joule-Thomson cooling ([`Segment`](crate::flow::Segment)). Each station in service raises the gas
/// to `discharge_pressure`, or by `station_ratio`, and takes its fuel from it
/// ([`Station`](crate::flow::Station)). The loop is of the same pipe; it is spread evenly, so that
/// the same share of every section has it.
///
/// Pressure and temperature at the inlet are given, or with `inlet = "line_before"` those that the
/// pipeline before it delivers at: one that is run by hydraulics, and whose `delivered` comes here
/// directly, through splits and draws, or in and out of chains. Two lines one after the other are
/// then one: derivatives, gradients and sweeps go through the joint.
///
/// A line that runs a part of the year, its `availability`, carries the year's gas in that part:
/// pressures, power, fuel and all that it states are those at the flow divided by it, as they are
/// while it runs; streams stay means of the year.
///
/// A result warns of a line whose Reynolds numbers are outside those that its friction law was
/// fitted for ([`FrictionLaw::fitted_for`](crate::flow::FrictionLaw::fitted_for)), and of one whose
/// gas is more than a tenth of what viscosity was not held against a reference for: water, hydrogen
/// sulfide, carbon monoxide, pentanes and heavier.
///
/// Its parameters and stated loads are those of the page of [`Pipeline`](super::Pipeline); those of
/// a station begin with its name. All loads but the temperatures go one way as flow rises, on a
/// level line, until it falls short of pressure: limits on them stop an inlet where they are first
/// reached. A temperature may rise and fall again, and a limit on one that is told to stop an inlet
/// may be passed over where it is reached twice.
///
/// A gas is carried on as one phase. Where a liquid would form by GERG-2008, at any of up to eight points
/// spread over the line, the coldest and the last among them, or where the gas turns into a liquid
/// as a whole, a result warns of it with the dew point.
///
/// Without flow nothing is done, pressure is that of the inlet and temperature that of the soil.
#[derive(Debug, Clone, PartialEq)]
pub struct Hydraulics {
    pub(super) stations: Vec<StationSite>,
    /// Height of the delivery point above the inlet, m.
    pub(super) outlet_height: f64,
    pub(super) heats: Heats,
    pub(super) species: GergSpecies,
}

impl Hydraulics {
    /// The hydraulics of a line with these stations, in the order of flow.
    ///
    /// # Errors
    /// The first fault of the stations: more than 40; one that is not after those before it and
    /// before the end of the line, one that shares a name, one at a height that is no height, or
    /// at the inlet and not at its height.
    pub fn new(
        slate: &Slate,
        stations: Vec<StationSite>,
        outlet_height: f64,
    ) -> Result<Self, FaultKind> {
        if let Some((_, kind)) = station_faults(&stations).into_iter().next() {
            return Err(kind);
        }
        if !(-HIGHEST..=HIGHEST).contains(&outlet_height) {
            return Err(FaultKind::NotAllowed {
                got: format!("an outlet height of {outlet_height} m"),
                allowed: format!("-{HIGHEST} to {HIGHEST} m"),
            });
        }
        Ok(Self {
            stations,
            outlet_height,
            heats: Heats::new(slate),
            species: GergSpecies::new(slate),
        })
    }
}

/// Pressure and temperature at the inlet, and where they come from.
#[derive(Debug)]
pub(super) struct Joint {
    from: Choice,
    pub pressure: Number,
    pub temperature: Number,
}

impl Joint {
    fn declared(spec: &mut Spec) -> Self {
        let about = "where pressure and temperature at the inlet come from";
        let from = Parameter::choice("inlet", about, INLETS).or(INLETS[0]);
        let from = spec.choice(from);
        let [pressure, temperature] = [
            pressure("inlet_pressure", "absolute pressure at the inlet of the line"),
            temperature("inlet_temperature", "temperature at the inlet of the line"),
        ]
        .map(|parameter| spec.number(parameter.only_with("inlet", INLETS[0])));
        Self { from, pressure, temperature }
    }
}

/// What decides the pressure that stations discharge at.
#[derive(Debug)]
pub(super) struct Control {
    pub by: Choice,
    pub pressure: Number,
    pub ratio: Number,
}

impl Control {
    fn declared(spec: &mut Spec) -> Self {
        let about = "what decides the pressure that stations discharge at";
        let by = spec.choice(Parameter::choice("station_control", about, CONTROLS).or(CONTROLS[0]));
        let about = "absolute pressure that stations raise the gas to";
        let set_point = pressure("discharge_pressure", about);
        let about = "discharge over suction pressure of the stations";
        let ratio = Parameter::number("station_ratio", about, Unit::RATIO, 1.0, 10.0);
        let [pressure, ratio] = [(set_point, CONTROLS[0]), (ratio, CONTROLS[BY_RATIO])]
            .map(|(parameter, name)| spec.number(parameter.only_with("station_control", name)));
        Self { by, pressure, ratio }
    }
}

fn pressure(name: &str, about: &str) -> Parameter {
    Parameter::number(name, about, Unit::MEGAPASCAL, 0.2, 25.0)
}

fn temperature(name: &str, about: &str) -> Parameter {
    Parameter::number(name, about, Unit::DEGREE_CELSIUS, -15.0, 75.0)
}

/// The hydraulics of a line with the handles of all that they declare.
#[derive(Debug)]
pub(super) struct Declared {
    pub line: Hydraulics,
    pub mode: Choice,
    pub friction: Choice,
    pub friction_factor: Number,
    pub inlet: Joint,
    pub control: Control,
    pub gas_properties: Choice,
    pub aftercoolers: Flag,
    pub diameter: Number,
    pub wall: Number,
    pub roughness: Number,
    pub pipe_efficiency: Number,
    pub discharge_temperature: Number,
    pub soil_temperature: Number,
    pub heat_transfer: Number,
    pub loops: Number,
    pub efficiency: Efficiency,
    pub mechanical_efficiency: Number,
    pub driver_efficiency: Number,
    pub unit_power: Number,
    pub segments: Number,
    /// By station: units in service.
    pub units: Vec<Number>,
    /// Station load, ratio, suction, highest and delivery pressure, delivery temperature, highest
    /// velocity, power, own needs.
    pub loads: [Load; 9],
    /// By station: suction pressure and temperature, discharge pressure and temperature, ratio,
    /// power.
    pub station_loads: Vec<[Load; 6]>,
}

impl Declared {
    /// Declares what a line has.
    pub fn of(line: Hydraulics, spec: &mut Spec) -> Self {
        let number = Parameter::number;
        let efficiency = |name: &str, about: &str| number(name, about, Unit::PERCENT, 10.0, 100.0);
        let about = "law of friction between gas and pipe";
        let friction = Parameter::choice("friction", about, FRICTION_LAWS);
        let about = "whether gas is cooled to discharge_temperature after compression";
        let aftercoolers = Parameter::flag("aftercoolers", about);
        Self {
            mode: spec.choice(mode()),
            friction: spec.choice(friction),
            gas_properties: spec.choice(gas_properties()),
            friction_factor: spec.number(
                number(
                    "friction_factor",
                    "Darcy friction factor of the pipe, four times Fanning's",
                    Unit::RATIO,
                    0.001,
                    0.2,
                )
                .only_with("friction", "given"),
            ),
            inlet: Joint::declared(spec),
            control: Control::declared(spec),
            aftercoolers: spec.flag(aftercoolers),
            diameter: spec.number(number(
                "diameter",
                "outer diameter of the pipe",
                Unit::MILLIMETRE,
                50.0,
                3_000.0,
            )),
            wall: spec.number(number(
                "wall",
                "wall thickness of the pipe",
                Unit::MILLIMETRE,
                1.0,
                100.0,
            )),
            roughness: spec.number(number(
                "roughness",
                "equivalent roughness of its inside",
                Unit::MILLIMETRE,
                1e-4,
                3.0,
            )),
            pipe_efficiency: spec.number(number(
                "pipe_efficiency",
                "flow over what the friction law, or the factor given, makes it",
                Unit::PERCENT,
                50.0,
                100.0,
            )),
            discharge_temperature: spec.number(temperature(
                "discharge_temperature",
                "temperature that aftercoolers cool the gas to",
            )),
            soil_temperature: spec
                .number(temperature("soil_temperature", "temperature of the soil around the pipe")),
            heat_transfer: spec.number(number(
                "heat_transfer",
                "heat transfer from gas to soil, on the outer diameter",
                Unit::WATT_PER_SQUARE_METRE_KELVIN,
                0.0,
                50.0,
            )),
            loops: spec.number(number(
                "loops",
                "length that has a second pipe",
                Unit::KILOMETRE,
                0.0,
                20_000.0,
            )),
            efficiency: Efficiency::declared(spec, "the compressors"),
            mechanical_efficiency: spec.number(efficiency(
                "mechanical_efficiency",
                "work on the gas over power at the shaft",
            )),
            driver_efficiency: spec.number(efficiency(
                "driver_efficiency",
                "power at the shaft over net heat of the fuel",
            )),
            unit_power: spec.number(number(
                "unit_power",
                "power of one compressor unit",
                Unit::MEGAWATT,
                0.01,
                1_000.0,
            )),
            segments: spec.number(Parameter::whole(
                "segments",
                "pieces that a section between stations is calculated in",
                1.0,
                100.0,
            )),
            units: line.stations.iter().map(|station| spec.number(units(station))).collect(),
            loads: loads(spec),
            station_loads: line.stations.iter().map(|one| station_loads(one, spec)).collect(),
            line,
        }
    }
}

impl Declared {
    /// Says that the line begins where one before it ends, and how it ends itself.
    pub fn join(&self, feed: Inlet, delivered: Outlet, spec: &mut Spec) {
        let [_, _, _, _, pressure, temperature, ..] = self.loads;
        spec.states_condition(delivered, pressure, temperature);
        let when: [(Choice, &[usize]); 2] =
            [(self.mode, &[HYDRAULIC]), (self.gas_properties, &[BY_TABLE])];
        spec.asks_for_gas(feed, &when);
        let Joint { from, pressure, temperature } = self.inlet;
        spec.takes_condition(feed, (from, LINE_BEFORE), pressure, temperature);
    }
}

/// Compressor units in service at a station.
fn units(station: &StationSite) -> Parameter {
    let about = format!("compressor units in service at {}; 0 takes it out", station.name);
    Parameter::number(&format!("{}.units", station.name), &about, Unit::UNITS, 0.0, 100.0)
}

/// What is stated of the whole line.
fn loads(spec: &mut Spec) -> [Load; 9] {
    [
        (
            "station_load",
            "the highest share of its power in service that a station uses",
            Unit::PERCENT,
        ),
        ("compression_ratio", "the highest ratio of a station", Unit::RATIO),
        (
            "suction_pressure",
            "the lowest of a station in service; without one, that of the inlet",
            Unit::MEGAPASCAL,
        ),
        ("highest_pressure", "the highest anywhere along the line", Unit::MEGAPASCAL),
        ("delivery_pressure", "at the end of the line", Unit::MEGAPASCAL),
        ("delivery_temperature", "at the end of the line", Unit::DEGREE_CELSIUS),
        ("highest_velocity", "of the gas anywhere along the line", Unit::METRE_PER_SECOND),
        ("power", "power of all stations at the shaft", Unit::MEGAWATT),
        (
            "own_needs",
            "fuel of all stations as a share of the gas per length",
            Unit::PERCENT_PER_1000_KM,
        ),
    ]
    .map(|(name, about, unit)| spec.load(name, about, unit))
}

/// What is stated of a station.
fn station_loads(station: &StationSite, spec: &mut Spec) -> [Load; 6] {
    [
        ("suction_pressure", Unit::MEGAPASCAL),
        ("suction_temperature", Unit::DEGREE_CELSIUS),
        ("discharge_pressure", Unit::MEGAPASCAL),
        ("discharge_temperature", Unit::DEGREE_CELSIUS),
        ("ratio", Unit::RATIO),
        ("power", Unit::MEGAWATT),
    ]
    .map(|(name, unit)| {
        let about = format!("{} at {}", name.replace('_', " "), station.name);
        spec.load(&format!("{}.{name}", station.name), &about, unit)
    })
}

/// Every fault of stations in the order of flow, with which station has it.
pub(super) fn station_faults(stations: &[StationSite]) -> Vec<(usize, FaultKind)> {
    let mut faults = Vec::new();
    let (mut from, mut is_taken) = (0.0, false);
    for (index, station) in stations.iter().enumerate() {
        let StationSite { ref name, at, height } = *station;
        let mut fault = |got, allowed| faults.push((index, FaultKind::NotAllowed { got, allowed }));
        let after = if is_taken { at > from } else { at >= from };
        if !after || at >= 1.0 {
            let word = if is_taken { "after" } else { "from" };
            fault(
                format!("station \"{name}\" at {at} of the length"),
                format!("{word} {from}, before 1: stations in the order of flow"),
            );
        } else {
            (from, is_taken) = (at, true);
            let reach = if at == 0.0 { 0.0 } else { HIGHEST };
            if !(-reach..=reach).contains(&height) {
                fault(
                    format!("station \"{name}\" at {at} of the length, {height} m high"),
                    if at == 0.0 {
                        "0 m at the inlet of the line".into()
                    } else {
                        format!("-{HIGHEST} to {HIGHEST} m")
                    },
                );
            }
        }
        if stations[..index].iter().any(|other| other.name == *name) {
            let (what, name) = ("station", name.clone());
            faults.push((index, FaultKind::Duplicate { what, name, first: None }));
        }
        if index == MOST_STATIONS {
            let (got, allowed) =
                (format!("{} stations", stations.len()), format!("at most {MOST_STATIONS}"));
            faults.push((index, FaultKind::NotAllowed { got, allowed }));
        }
    }
    faults
}

/// Which way the line is run.
fn mode() -> Parameter {
    let about = "by what the line burns gas: own needs per length, or pressures and stations";
    Parameter::choice("mode", about, ["own_needs", "hydraulic"]).or("own_needs")
}
