//! What the trunk line can carry: against loops built, power installed and stations out of
//! service, by pressures and stations (GERG-2008, general flow equation).
//!
//! ```sh
//! cargo run --release --example line_capacity
//! cargo run --release --example line_capacity -- --set trunk_line.soil_temperature="-4 degC"
//! ```
//!
//! Nothing is tuned: published figures stand beside what comes out.

mod common;

use common::Failure;
use gaschain::chain::Chain;
use gaschain::param::Values;
use gaschain::report::number::{fixed, number};
use gaschain::scenario::Reading;
use gaschain::solved::Solved;
use lexopt::prelude::*;
use std::fmt::Write;
use std::process::ExitCode;

const USAGE: &str = "\
usage: line_capacity [--set ADDRESS=VALUE]..

Runs the shipped chain's trunk line (Chayanda to the plant) by hydraulics, offered more gas than
it can carry, and shows what it delivers and what stops it.
";

/// Stations of the trunk line, in the order of flow.
const STATIONS: [&str; 7] = [
    "saldykelskaya",
    "olekminskaya",
    "amginskaya",
    "nimnyrskaya",
    "nagornaya",
    "skovorodinskaya",
    "sivakinskaya",
];

/// Power installed at the seven stations: first stage (PIP-18), and with the expansion (PIP-20).
const POWER_MW: [f64; 2] = [481.0, 481.0 + 577.0];
/// Units that the shipped chain has at each station.
const UNITS: f64 = 6.0;
/// Own needs of the project balance, % per 1,000 km.
const PUBLISHED_OWN_NEEDS: f64 = 1.46;

fn main() -> ExitCode {
    common::end(run())
}

fn run() -> Result<(), Failure> {
    let mut parser = lexopt::Parser::from_env();
    let mut changes = Vec::new();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("help") | Short('h') => return common::print(USAGE),
            Long("set") => changes.push(common::change(&parser.value()?.string()?)?),
            other => return Err(other.unexpected().into()),
        }
    }
    let (_, chain, values) = common::open("hydraulic", Reading::default(), &changes)?;
    common::print(&report(&chain, &values)?)
}

/// The scenario with nothing but the line to stop it.
fn unlimited(chain: &Chain, values: &Values) -> Result<Values, Failure> {
    let mut values = values.clone();
    for (address, value) in
        [("heihe.demand", "unknown"), ("gpp.trains", "12"), ("kovykta.flow", "100 bcm/yr")]
    {
        chain.set(&mut values, address, value)?;
    }
    Ok(values)
}

/// One row of the table: loops built, power installed, a station out.
struct Case {
    loops_km: f64,
    power_mw: f64,
    out: Option<&'static str>,
}

fn cases() -> Vec<Case> {
    let mut all = Vec::new();
    for loops_km in [0.0, 680.0, 1491.45] {
        for power_mw in POWER_MW {
            all.push(Case { loops_km, power_mw, out: None });
        }
    }
    for out in [STATIONS[0], STATIONS[3], STATIONS[6]] {
        all.push(Case { loops_km: 1491.45, power_mw: POWER_MW[1], out: Some(out) });
    }
    all
}

fn load(solved: &Solved<'_>, name: &str) -> f64 {
    let found = solved.loads().find(|load| load.load == format!("trunk_line.{name}"));
    found.and_then(|load| load.value).unwrap_or(f64::NAN)
}

fn report(chain: &Chain, values: &Values) -> Result<String, Failure> {
    let mut text = String::from(
        "WHAT THE LINE CARRIES, Chayanda to the plant, bcm/yr at 20 degC\n\
         \x20 (offered without end; demand and plant taken away)\n\n\
         \x20 loops  power  station out       carries   38 in   42 in   44 in  stopped by                 running  fuel\n\
         \x20    km     MW                     bcm/yr                                                       MW  %/1000 km\n",
    );
    let open = unlimited(chain, values)?;
    for case in cases() {
        let mut values = open.clone();
        chain.set(&mut values, "trunk_line.loops", format!("{} km", case.loops_km))?;
        let unit = case.power_mw / UNITS / STATIONS.len() as f64;
        chain.set(&mut values, "trunk_line.unit_power", format!("{unit} MW"))?;
        if let Some(out) = case.out {
            chain.set(&mut values, &format!("trunk_line.{out}.units"), 0.0)?;
        }
        let solved = chain.solve(&values)?;
        let delivered = solved.get("trunk_line.delivered.volume").ok().flatten();
        let carries = delivered.unwrap_or(f64::NAN);
        let stopped_by = ["kovykta", "chayanda"].into_iter().find_map(|inlet| {
            solved.inlet(inlet)?.stopped_by.iter().find(|by| by.starts_with("trunk_line")).copied()
        });
        let _ = writeln!(
            text,
            "  {:>5}  {:>5}  {:<16}  {:>7}  {}  {:<25}  {:>7}  {:>8}",
            fixed(case.loops_km, 0),
            fixed(case.power_mw, 0),
            case.out.unwrap_or("-"),
            fixed(carries, 1),
            [38.0, 42.0, 44.0].map(|wanted| format!("{:>+6.1}", carries - wanted)).join("  "),
            stopped_by.unwrap_or("nothing"),
            fixed(load(&solved, "power"), 0),
            number(Some(load(&solved, "own_needs"))),
        );
    }
    text.push_str(&design(chain, values)?);
    Ok(text)
}

/// The line as the scenario has it: what it does to bring the plant its gas.
fn design(chain: &Chain, values: &Values) -> Result<String, Failure> {
    let solved = chain.solve(values)?;
    let delivered = solved.get("trunk_line.delivered.volume").ok().flatten();
    let km = |address: &str| chain.number(values, address).unwrap_or(f64::NAN) / 1e3;
    let mut text = format!(
        "\nTHE LINE IN THE SCENARIO: {} bcm/yr delivered, {} of {} km looped\n\n\
         \x20                      km  arrives MPa    degC  leaves MPa    degC  ratio  power MW\n\
         \x20 {:<16}  {:>7}  {:>11}  {:>6}  {:>10}  {:>6}\n",
        number(delivered),
        fixed(km("trunk_line.loops"), 0),
        fixed(km("trunk_line.length"), 0),
        "inlet",
        "0",
        "",
        "",
        fixed(chain.number(values, "trunk_line.inlet_pressure").unwrap_or(f64::NAN) / 1e6, 2),
        fixed(chain.number(values, "trunk_line.inlet_temperature").unwrap_or(f64::NAN) - 273.15, 1),
    );
    for (index, station) in STATIONS.iter().enumerate() {
        let own = |name: &str| load(&solved, &format!("{station}.{name}"));
        let at = km("trunk_line.length") * (index + 1) as f64 / (STATIONS.len() + 1) as f64;
        let _ = writeln!(
            text,
            "  {station:<16}  {:>7}  {:>11}  {:>6}  {:>10}  {:>6}  {:>5}  {:>8}",
            fixed(at, 0),
            fixed(own("suction_pressure"), 2),
            fixed(own("suction_temperature"), 1),
            fixed(own("discharge_pressure"), 2),
            fixed(own("discharge_temperature"), 1),
            fixed(own("ratio"), 2),
            fixed(own("power"), 1),
        );
    }
    let _ = writeln!(
        text,
        "  {:<16}  {:>7}  {:>11}  {:>6}",
        "plant",
        fixed(km("trunk_line.length"), 0),
        fixed(load(&solved, "delivery_pressure"), 2),
        fixed(load(&solved, "delivery_temperature"), 1),
    );
    let (own_needs, power) = (load(&solved, "own_needs"), load(&solved, "power"));
    let _ = write!(
        text,
        "\nBESIDE WHAT IS PUBLISHED\n\
         \x20                              published  computed\n\
         \x20 own needs, % per 1,000 km    {:>9}  {:>8}  (project balance; turbine fuel alone)\n\
         \x20 power, MW                    {:>9}  {:>8}  (installed at the seven stations; running)\n\
         \n\
         \x20 The gap is not tuned away. Installed power is for the peak day, the hottest month and\n\
         \x20 units on standby; the computed power is a yearly mean on a level line whose stations\n\
         \x20 stand evenly. Own needs in a project balance also hold start-up, purging, heating, the\n\
         \x20 stations' own electricity and losses, and were set for fewer loops than stand in the\n\
         \x20 design: with 0 km of loops the table above has the fuel near or above the published\n\
         \x20 figure.\n",
        fixed(PUBLISHED_OWN_NEEDS, 2),
        fixed(own_needs, 2),
        fixed(POWER_MW[1], 0),
        fixed(power, 0),
    );
    Ok(text)
}
