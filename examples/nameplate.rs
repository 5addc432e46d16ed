//! The main job: the shipped chain run at its announced nameplate, and how far what nobody has
//! published could move the answer.
//!
//! ```sh
//! cargo run --release --example nameplate
//! ```

mod common;

use common::Failure;
use gaschain::ledger::Carbon;
use gaschain::report::number::number;
use gaschain::report::text;
use gaschain::{Case, amur};
use std::fmt::Write;
use std::process::ExitCode;

/// What is not known in public, at the ends of what it could be.
const BOTH_ENDS: [(&str, &[&str]); 5] = [
    ("gpp.nitrogen.rejected", &["0 %", "100 %"]),
    ("gpp.fuel.mode", &["share", "duty"]),
    ("trunk_line.mode", &["own_needs", "hydraulic"]),
    ("own_fuel.open", &["false", "true"]),
    ("gcc.pe.comonomer", &["0 %", "8 %"]),
];

/// What is shown of each: an address, its unit in the head of the column.
const SHOWN: [(&str, &str); 5] = [
    ("kovykta.accepted", "kovykta"),
    ("heihe.sales_gas.volume", "sales"),
    ("heihe.sales_gas.gross_heat_real", "heat"),
    ("gpp.ethane.mass", "ethane"),
    ("gcc.polyethylene.mass", "PE"),
];

fn main() -> ExitCode {
    common::end(run())
}

fn run() -> Result<(), Failure> {
    let mut case = amur::chain().case();
    case.apply(&amur::scenario("nameplate")?)?;
    common::print(&text::scenario(&case.solve()?))?;
    common::print(&both_ends(&case)?)?;
    // what asks for GERG-2008
    if cfg!(feature = "gerg") { common::print(&recompression(case)?) } else { Ok(()) }
}

/// The same question with each unknown at its ends, all else as it is.
fn both_ends(case: &Case) -> Result<String, Failure> {
    let mut page = String::from(
        "\nWHAT IS NOT KNOWN IN PUBLIC, AT BOTH ENDS\n\
         \x20 (bcm/yr and Mt/yr; gross heat of real gas at 20 degC, MJ/m3)\n",
    );
    let heads: Vec<String> = SHOWN.iter().map(|(_, head)| format!("{head:>9}")).collect();
    let line = format!("  {:<31}{}{:>9}  stopped by", "", heads.concat(), "CO2");
    let _ = writeln!(page, "{}", line.trim_end());
    for (address, ends) in BOTH_ENDS {
        for end in ends {
            let mut case = case.clone();
            match case.set(address, *end) {
                Err(_) if !cfg!(feature = "gerg") => {
                    let _ = writeln!(page, "  {address} = {end}: not in a build without gerg");
                    continue;
                }
                set => set?,
            };
            let solved = case.solve()?;
            let cells: Vec<String> = SHOWN
                .iter()
                .map(|(shown, _)| solved.get(shown).ok().flatten())
                .map(|value| format!("{:>9}", number(value)))
                .collect();
            let carbon_dioxide = Carbon::of(&solved).chains[0].carbon_dioxide / 1e6;
            let stopped_by = solved.inlet("kovykta")?.stopped_by;
            let _ = writeln!(
                page,
                "  {:<31}{}{:>9}  {stopped_by}",
                format!("{address} = {end}"),
                cells.concat(),
                number(Some(carbon_dioxide)),
            );
        }
    }
    Ok(page)
}

/// What recompressing the sales gas takes by its pressures, beside what is installed for it, and
/// the fuel of the plant by share beside that by heat and power demanded.
fn recompression(mut case: Case) -> Result<String, Failure> {
    let solved = case.set("gpp.recompression.mode", "stated")?.solve()?;
    let load = |address: &str| number(solved.get(address).ok().flatten());
    Ok(format!(
        "  recompression of sales gas: {} MW computed; 384 MW installed (GPP-17, spare unknown)\n\
         \x20 fuel of the plant: {} % of its gas by share; {} % by heat and power demanded\n",
        load("gpp.recompression.power"),
        load("gpp.fuel.fuel_share.load"),
        load("gpp.fuel.duty_share.load"),
    ))
}
