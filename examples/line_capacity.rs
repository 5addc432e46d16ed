//! What the trunk line can carry, by pressures and stations (GERG-2008, general flow equation):
//! against loops built, power installed and stations out of service.
//!
//! ```sh
//! cargo run --release --example line_capacity
//! cargo run --release --example line_capacity -- --set trunk_line.soil_temperature="-4 degC"
//! ```
//!
//! Nothing is tuned: published figures stand beside what comes out. Where the stations stand and
//! how high the line runs is not published; the shipped chain has equal sections of a level line.

mod common;

use common::Failure;
use gaschain::report::number::fixed;
use gaschain::scenario::Reading;
use gaschain::{Case, Solved};
use lexopt::prelude::*;
use std::fmt::Write;
use std::process::ExitCode;

const USAGE: &str = "\
usage: line_capacity [--set ADDRESS=VALUE]..

Runs the shipped chain's trunk line (Chayanda to the plant) by hydraulics, offered more gas than
it can carry, and shows what it delivers and what stops it; then the line as the scenario
'hydraulic' has it. The first table sets loops and power itself, whatever --set says of them.
";

/// Stations of the trunk line, in the order of flow; in the shipped chain at equal distances.
const STATIONS: [&str; 7] = [
    "saldykelskaya",
    "olekminskaya",
    "amginskaya",
    "nimnyrskaya",
    "nagornaya",
    "skovorodinskaya",
    "sivakinskaya",
];

/// Power installed at the seven stations: first stage (PIP-18), and with all of the expansion
/// (PIP-20), of which no source states at which stations it stands.
const POWER_MW: [f64; 2] = [481.0, 481.0 + 577.0];
/// Length of loops: none, built by spring 2023 (PIP-21), the design (PIP-20).
const LOOPS_KM: [f64; 3] = [0.0, 680.0, 1491.45];
/// Own needs of the project balance, % per 1,000 km.
const PUBLISHED_OWN_NEEDS: f64 = 1.46;
/// What the plant is built to be fed with, bcm/yr (GPP-01).
const PLANT_FEED: f64 = 42.0;
/// Characters of the longest bar.
const BAR: usize = 60;

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
    let mut case = common::open("hydraulic", Reading::default(), &changes)?;
    let rows = rows(&case)?;
    let mut text = capacities(&case, &rows)?;
    let solved = case.solve()?;
    text.push_str(&design(&case, &solved)?);
    let km = case.get("trunk_line.length [km]")?;
    text.push_str(&beside_published(km, &solved, &rows));
    common::print(&text)
}

/// The case with nothing but the line to stop the gas: no demand, a plant of 84 bcm/yr, 100 bcm/yr
/// of Kovykta.
fn unlimited(case: &Case) -> Result<Case, Failure> {
    let mut case = case.clone();
    case.set_all([
        ("heihe.demand", "unknown"),
        ("gpp.trains", "12"),
        ("kovykta.flow", "100 bcm/yr"),
    ])?;
    Ok(case)
}

/// A row of the first table.
struct Row {
    loops_km: f64,
    power_mw: f64,
    out: Option<&'static str>,
    /// What reaches the plant, bcm/yr.
    carries: Option<f64>,
    stopped_by: String,
    running_mw: Option<f64>,
    /// % per 1,000 km.
    own_needs: Option<f64>,
}

fn rows(case: &Case) -> Result<Vec<Row>, Failure> {
    let whole = [LOOPS_KM[2], POWER_MW[1]];
    let built = LOOPS_KM.iter().flat_map(|&loops| POWER_MW.map(|power| (loops, power, None)));
    let out = [0, 3, 6].map(|station| (whole[0], whole[1], Some(STATIONS[station])));
    built.chain(out).map(|(loops, power, out)| row(case, loops, power, out)).collect()
}

fn row(
    case: &Case,
    loops_km: f64,
    power_mw: f64,
    out: Option<&'static str>,
) -> Result<Row, Failure> {
    let mut case = unlimited(case)?;
    let mut units = 0.0;
    for station in STATIONS {
        units += case.get(&format!("trunk_line.{station}.units"))?.unwrap_or(0.0);
    }
    case.set_in("trunk_line.loops", loops_km, "km")?;
    case.set_in("trunk_line.unit_power", power_mw / units, "MW")?;
    if let Some(out) = out {
        case.set(&format!("trunk_line.{out}.units"), 0.0)?;
    }
    let solved = case.solve()?;
    let stopped_by = ["kovykta", "chayanda"]
        .into_iter()
        .find_map(|inlet| solved.inlet(inlet).ok()?.stopped_by.limits().next().map(str::to_owned));
    Ok(Row {
        loops_km,
        power_mw,
        out,
        carries: delivered(&solved),
        stopped_by: stopped_by.unwrap_or_else(|| "nothing".into()),
        running_mw: load(&solved, "power"),
        own_needs: load(&solved, "own_needs"),
    })
}

/// What reaches the plant, bcm/yr.
fn delivered(solved: &Solved) -> Option<f64> {
    solved.get("trunk_line.delivered.volume").ok().flatten()
}

/// A load that the line states.
fn load(solved: &Solved, name: &str) -> Option<f64> {
    let address = format!("trunk_line.{name}");
    solved.loads().find(|load| load.load == address).and_then(|load| load.value)
}

/// With so many decimals; `-` where there is nothing.
fn shown(value: Option<f64>, decimals: usize) -> String {
    value.map_or_else(|| "-".into(), |value| fixed(value, decimals))
}

/// What has to reach the plant for so much at the border, bcm/yr, with nothing to stop the line.
fn needed(case: &Case, border: f64) -> Result<Option<f64>, Failure> {
    let mut case = unlimited(case)?;
    case.set("trunk_line.mode", "own_needs")?.set_in("heihe.demand", border, "bcm/yr")?;
    Ok(delivered(&case.solve()?))
}

fn capacities(case: &Case, rows: &[Row]) -> Result<String, Failure> {
    let needed = [needed(case, 38.0)?, Some(PLANT_FEED), needed(case, 44.0)?];
    let mut text = format!(
        "WHAT THE LINE CARRIES, Chayanda to the plant, bcm/yr at 20 degC\n\
         \x20 offered: Chayanda's field and 100 of Kovykta; demand unknown, a plant of 84\n\
         \x20 beside it: how much more (+) or less (-) that is than must reach the plant for 38 at the border ({}),\n\
         \x20 for the plant's own size ({}), for 44 at the border ({})\n\n\
         \x20 loops  power  station out       carries    for 38    for 42    for 44  stopped by             running       fuel\n\
         \x20    km     MW                     bcm/yr    border     plant    border                              MW  %/1000 km\n",
        shown(needed[0], 1),
        shown(needed[1], 1),
        shown(needed[2], 1),
    );
    for row in rows {
        let spare = needed.map(|needed| {
            let spare = row.carries.zip(needed).map(|(carries, needed)| carries - needed);
            spare.map_or_else(|| "-".into(), |spare| format!("{spare:+.1}"))
        });
        let _ = writeln!(
            text,
            "  {:>5}  {:>5}  {:<16}  {:>7}  {:>8}  {:>8}  {:>8}  {:<21}  {:>7}  {:>9}",
            fixed(row.loops_km, 0),
            fixed(row.power_mw, 0),
            row.out.unwrap_or("-"),
            shown(row.carries, 1),
            spare[0],
            spare[1],
            spare[2],
            row.stopped_by,
            shown(row.running_mw, 0),
            shown(row.own_needs, 2),
        );
    }
    Ok(text)
}

/// The line as the scenario has it: what its stations do, and the pressure along it.
fn design(case: &Case, solved: &Solved) -> Result<String, Failure> {
    let number = |address: &str| case.get(&format!("trunk_line.{address}"));
    let (loops, length) = (number("loops [km]")?, number("length [km]")?);
    let inlet_pressure = number("inlet_pressure [MPa]")?;
    let mut text = format!(
        "\nTHE LINE IN THE SCENARIO: {} bcm/yr delivered, {} of {} km looped\n\n\
         \x20                      km  arrives MPa    degC  leaves MPa    degC  ratio  power MW\n\
         \x20 {:<16}  {:>7}  {:>11}  {:>6}  {:>10}  {:>6}\n",
        shown(delivered(solved), 2),
        shown(loops, 0),
        shown(length, 0),
        "inlet",
        "0",
        "",
        "",
        shown(inlet_pressure, 2),
        shown(number("inlet_temperature [degC]")?, 1),
    );
    let at =
        |place: usize| length.map(|length| length * place as f64 / (STATIONS.len() + 1) as f64);
    let mut leaves = inlet_pressure;
    let mut sections = Vec::new(); // where each begins, and what leaves there and arrives at its end
    for (index, station) in STATIONS.iter().enumerate() {
        let own = |name: &str| load(solved, &format!("{station}.{name}"));
        let _ = writeln!(
            text,
            "  {station:<16}  {:>7}  {:>11}  {:>6}  {:>10}  {:>6}  {:>5}  {:>8}",
            shown(at(index + 1), 0),
            shown(own("suction_pressure"), 2),
            shown(own("suction_temperature"), 1),
            shown(own("discharge_pressure"), 2),
            shown(own("discharge_temperature"), 1),
            shown(own("ratio"), 2),
            shown(own("power"), 1),
        );
        sections.push((at(index), leaves, own("suction_pressure")));
        leaves = own("discharge_pressure");
    }
    sections.push((at(STATIONS.len()), leaves, load(solved, "delivery_pressure")));
    let _ = writeln!(
        text,
        "  {:<16}  {:>7}  {:>11}  {:>6}",
        "plant",
        shown(length, 0),
        shown(load(solved, "delivery_pressure"), 2),
        shown(load(solved, "delivery_temperature"), 1),
    );
    text.push_str(&picture(&sections));
    Ok(text)
}

/// A row of the picture: from which km, what leaves there, what arrives at the end of the section
/// (`MPa`).
type SectionRow = (Option<f64>, Option<f64>, Option<f64>);

/// The pressure along the line, a bar for each section; nothing where none is stated.
fn picture(sections: &[SectionRow]) -> String {
    let highest = sections.iter().filter_map(|&(_, leaves, _)| leaves).fold(0.0, f64::max);
    if sections.iter().all(|(_, _, arrives)| arrives.is_none()) {
        return String::new();
    }
    let mut text = format!(
        "\nPRESSURE ALONG THE LINE: a section a row, = what arrives at its end, - what it loses\n\
         \x20 from km  MPa          0{:>width$}\n",
        fixed(highest, 1),
        width = BAR - 1,
    );
    for &(from, leaves, arrives) in sections {
        let Some((leaves, arrives)) = leaves.zip(arrives) else { continue };
        let per_character = highest / BAR as f64;
        let characters = |pressure: f64| {
            (0..BAR).filter(|&before| (before as f64 + 0.5) * per_character <= pressure).count()
        };
        let (kept, whole) = (characters(arrives), characters(leaves));
        let _ = writeln!(
            text,
            "  {:>7}  {:>5} > {:>5}  {}{}",
            shown(from, 0),
            fixed(leaves, 2),
            fixed(arrives, 2),
            "=".repeat(kept),
            "-".repeat(whole.saturating_sub(kept)),
        );
    }
    text
}

/// Published figures beside the scenario's, and only what both say about the difference.
fn beside_published(km: Option<f64>, solved: &Solved, rows: &[Row]) -> String {
    let (own_needs, power) = (load(solved, "own_needs"), load(solved, "power"));
    let mut text = format!(
        "\nBESIDE WHAT IS PUBLISHED\n\
         \x20                                 published  computed\n\
         \x20 own needs, % per 1,000 km       {:>9}  {:>8}  a project balance; turbine fuel alone\n\
         \x20 power, MW, Chayanda to plant    {:>9}  {:>8}  installed, 481 + 577 (PIP-18, PIP-20); running\n\
         \x20 power, MW, the whole system    {:>10}  {:>8}  installed, nine stations (PIP-16); not computed\n\n\
         \x20 Computed is a yearly mean on a level line with equal sections, all loops along these {} km,\n\
         \x20 and the fuel of its turbines only. Published is what is installed; no source at hand states\n\
         \x20 whether all of the 577 MW stands at the seven stations, nor what the 1.46 % counts beside fuel,\n\
         \x20 at which flow and with how many loops. So neither gap can be split into its causes here.\n",
        fixed(PUBLISHED_OWN_NEEDS, 2),
        shown(own_needs, 2),
        fixed(POWER_MW[1], 0),
        shown(power, 0),
        "over 1,200",
        "-",
        shown(km, 0),
    );
    let distance = |row: &Row| Some((row.own_needs? - PUBLISHED_OWN_NEEDS).abs());
    let nearest = rows
        .iter()
        .filter_map(|row| Some((distance(row)?, row)))
        .min_by(|(one, _), (other, _)| one.total_cmp(other));
    if let Some((_, row)) = nearest {
        let out = row.out.map(|out| format!(", {out} out")).unwrap_or_default();
        let _ = write!(
            text,
            "\n  Of the cases above, fuel comes nearest to the published own needs with {} km of loops and\n\
             \x20 {} MW{out}: {} % at {} bcm/yr. That may be chance.\n",
            fixed(row.loops_km, 0),
            fixed(row.power_mw, 0),
            shown(row.own_needs, 2),
            shown(row.carries, 1),
        );
    }
    text
}
