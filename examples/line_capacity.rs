//! What the trunk line can carry, by pressures and stations (GERG-2008, general flow equation):
//! against loops built, power installed and stations out of service.
//!
//! ```sh
//! cargo run --release --example line_capacity
//! ```
//!
//! Nothing is tuned. Where the stations stand and how high the line runs is not published; the
//! shipped chain has equal sections of a level line. `gaschain run hydraulic` shows what each does.

use gaschain::report::number::{fixed, number};
use gaschain::{Case, Error, amur};

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
/// Power installed at the seven stations: first stage (PIP-18), and with all of the expansion
/// (PIP-20), of which no source states at which stations it stands.
const POWER_MW: [f64; 2] = [481.0, 481.0 + 577.0];
/// Length of loops: none, built by spring 2023 (PIP-21), the design (PIP-20).
const LOOPS_KM: [f64; 3] = [0.0, 680.0, 1491.45];
/// Units at the seven stations together, in the shipped chain.
const UNITS: f64 = 42.0;

fn main() -> Result<(), Error> {
    let mut case = amur::chain().case();
    // nothing but the line to stop the gas: no demand, a plant of 84 bcm/yr, 100 of Kovykta
    case.apply(&amur::scenario("hydraulic")?)?.set_all([
        ("heihe.demand", "unknown"),
        ("gpp.trains", "12"),
        ("kovykta.flow", "100 bcm/yr"),
    ])?;
    println!("WHAT THE LINE CARRIES, Chayanda to the plant");
    println!("  loops  power  station out      carries  stopped by             running       fuel");
    println!("     km     MW                    bcm/yr                              MW  %/1000 km");
    for loops in LOOPS_KM {
        for power in POWER_MW {
            row(&mut case, loops, power, None)?;
        }
    }
    for out in [STATIONS[0], STATIONS[3], STATIONS[6]] {
        row(&mut case, LOOPS_KM[2], POWER_MW[1], Some(out))?;
    }
    Ok(())
}

/// The line with so much built, and perhaps a station out of service.
fn row(case: &mut Case, loops: f64, power: f64, out: Option<&str>) -> Result<(), Error> {
    case.set_in("trunk_line.loops", loops, "km")?;
    case.set_in("trunk_line.unit_power", power / UNITS, "MW")?;
    let units = out.map(|station| format!("trunk_line.{station}.units"));
    let mut without = case.clone(); // the next row has all of them again
    if let Some(units) = &units {
        without.set(units, 0.0)?;
    }
    let solved = without.solve()?;
    let kovykta = solved.inlet("kovykta")?;
    println!(
        "  {:>5}  {:>5}  {:<15}  {:>7}  {:<21}  {:>7}  {:>9}",
        fixed(loops, 0),
        fixed(power, 0),
        out.unwrap_or("-"),
        number(solved.get("trunk_line.delivered.volume")?),
        kovykta.stopped_by.limits().next().unwrap_or("nothing"),
        number(solved.get("trunk_line.power")?),
        number(solved.get("trunk_line.own_needs")?),
    );
    Ok(())
}
