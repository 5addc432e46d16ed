//! The line of the tests by hydraulics: 600 km long, 1,020 mm wide, with three stations; the gas is
//! a lean natural gas. Nothing about it is measured: it is held against itself, against the flow
//! equations put together by hand, and against brute force.

use gaschain::chain::{Builder, Chain};
use gaschain::limit::{Direction, Limit, Load};
use gaschain::param::Value;
use gaschain::quantity::Unit;
use gaschain::solved::Solved;
use gaschain::species::Slate;
use gaschain::stage::{Hydraulics, Market, Pipeline, StationSite, Supply};
use gaschain::{Case, Error};

/// What the feed of these tests holds, mole fractions.
pub const FEED: [(&str, f64); 5] = [
    ("methane", 0.92),
    ("ethane", 0.05),
    ("propane", 0.01),
    ("nitrogen", 0.015),
    ("helium", 0.005),
];

/// Species of these tests: those of the feed, one that GERG-2008 does not know, one that has no
/// known heat.
pub fn slate() -> Slate {
    let tar = Slate::read("species,formula\ntar,C6H7\n", "own.csv").unwrap();
    let names = FEED.map(|(name, _)| name).into_iter().chain(["ethylene", "tar"]);
    Slate::shipped().extended(tar).unwrap().chosen(names).unwrap()
}

/// Stations at these shares of the length and heights (m), named `first`, `second`...
pub fn sites(places: &[(f64, f64)]) -> Vec<StationSite> {
    const NAMES: [&str; 6] = ["first", "second", "third", "fourth", "fifth", "sixth"];
    let named = NAMES.iter().zip(places);
    named.map(|(name, &(at, height))| StationSite { name: (*name).into(), at, height }).collect()
}

/// The line of most of these tests: level, stations at a quarter, half and three quarters.
pub fn three() -> Vec<StationSite> {
    sites(&[(0.25, 0.0), (0.5, 0.0), (0.75, 0.0)])
}

/// Every parameter of a line but the stations' units, as these tests set it.
pub const SETTINGS: [(&str, &str); 20] = [
    ("length", "600 km"),
    ("own_needs", "1.5 %/1000 km"),
    ("mode", "hydraulic"),
    ("friction", "sto_gazprom"),
    ("aftercoolers", "true"),
    ("diameter", "1020 mm"),
    ("wall", "16 mm"),
    ("roughness", "0.02 mm"),
    ("pipe_efficiency", "95 %"),
    ("inlet_pressure", "7.4 MPa"),
    ("discharge_pressure", "7.4 MPa"),
    ("inlet_temperature", "20 degC"),
    ("discharge_temperature", "25 degC"),
    ("soil_temperature", "5 degC"),
    ("heat_transfer", "1.5 W/m2K"),
    ("loops", "0 km"),
    ("polytropic_efficiency", "82 %"),
    ("mechanical_efficiency", "98 %"),
    ("driver_efficiency", "34 %"),
    ("unit_power", "10 MW"),
];

/// Adds a line with these stations, all set, to a chain.
pub fn add_line(builder: &mut Builder, slate: &Slate, sites: &[StationSite], outlet_height: f64) {
    let hydraulics = Hydraulics::new(slate, sites.to_vec(), outlet_height).unwrap();
    builder.stage("line", Pipeline::with(hydraulics));
    for (name, value) in SETTINGS {
        builder.set(&format!("line.{name}"), value);
    }
    builder.set("line.segments", 2.0);
    for site in sites {
        builder.set(&format!("line.{}.units", site.name), 2.0);
    }
}

/// Limits on loads of the line, `(limit, load, direction, unit)`, none with a capacity yet.
pub const LIMITS: [(&str, &str, Direction, Unit); 7] = [
    ("power", "station_load", Direction::AtMost, Unit::PERCENT),
    ("megawatts", "power", Direction::AtMost, Unit::MEGAWATT),
    ("ratio", "compression_ratio", Direction::AtMost, Unit::RATIO),
    ("suction", "suction_pressure", Direction::AtLeast, Unit::MEGAPASCAL),
    ("delivery", "delivery_pressure", Direction::AtLeast, Unit::MEGAPASCAL),
    ("own", "own_needs", Direction::AtMost, Unit::PERCENT_PER_1000_KM),
    ("highest", "highest_pressure", Direction::AtMost, Unit::MEGAPASCAL),
];

/// The limits, throttling an inlet of the chain that declares them.
pub fn add_limits(builder: &mut Builder, inlet: &str) {
    for (name, load, direction, unit) in LIMITS {
        let load = Load::stated(format!("line.{load}"));
        let limit = match direction {
            Direction::AtMost => Limit::at_most(name, load, "unknown"),
            _ => Limit::at_least(name, load, "unknown"),
        };
        builder.limit(limit.shown_in(unit).throttling([inlet]));
    }
}

/// `field -> line -> city` with every limit of [`LIMITS`] on it, all unknown.
pub fn chain(sites: &[StationSite], outlet_height: f64) -> Chain {
    let slate = slate();
    let mut builder = Builder::new("chain", &slate);
    builder
        .stage("field", Supply::new(&slate).shown_in(Unit::MOL_PER_SECOND))
        .set("field.flow", "0 mol/s")
        .set("field.composition", feed())
        .stage("city", Market::new("sold"))
        .connect("field -> line")
        .connect("line.delivered -> city")
        .leaving_as_product("city.sold")
        .leaving_as_loss("line.burned");
    add_line(&mut builder, &slate, sites, outlet_height);
    add_limits(&mut builder, "field");
    builder.build().unwrap_or_else(|faults| panic!("{faults}"))
}

/// The composition of the feed.
pub fn feed() -> Value {
    FEED.into()
}

/// The chain's values with some set.
#[track_caller]
pub fn set(chain: &Chain, changes: &[(&str, &str)]) -> Case {
    let mut case = chain.case();
    case.set_all(changes.iter().copied()).unwrap_or_else(|faults| panic!("{faults}"));
    case
}

/// Offers so many mol/s to the chain.
fn offer(case: &mut Case, flow: f64) {
    case.set("field.flow", format!("{flow} mol/s")).unwrap();
}

/// Solves with so many mol/s offered.
pub fn try_at(case: &Case, flow: f64) -> Result<Solved, Error> {
    let mut case = case.clone();
    offer(&mut case, flow);
    let solved = case.solve()?;
    assert!(solved.worst_residual() < 1e-12, "worst residual {:e}", solved.worst_residual());
    Ok(solved)
}

/// Solves with so many mol/s offered, which has to go well.
#[track_caller]
pub fn at(case: &Case, flow: f64) -> Solved {
    try_at(case, flow).unwrap_or_else(|error| panic!("at {flow} mol/s: {error}"))
}

/// A load that the line states, in its unit.
#[track_caller]
pub fn load(solved: &Solved, name: &str) -> f64 {
    let address = format!("line.{name}");
    let found = solved.loads().find(|load| load.load == address);
    found.and_then(|load| load.value).unwrap_or_else(|| panic!("no load {address}"))
}

/// What the field gives, mol/s.
pub fn accepted(solved: &Solved) -> f64 {
    solved.inlet("field").unwrap().accepted
}
