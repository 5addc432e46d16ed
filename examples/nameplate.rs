//! The main job: the shipped chain at its announced nameplate, and how far what nobody has
//! published could move the answer. The whole report is `gaschain run nameplate`.
//!
//! ```sh
//! cargo run --release --example nameplate
//! ```

use gaschain::ledger::Carbon;
use gaschain::report::number::number;
use gaschain::{Error, Solved, amur};

/// What is not known in public, at the ends of what it could be.
const BOTH_ENDS: [(&str, [&str; 2]); 5] = [
    ("gpp.nitrogen.rejected", ["0 %", "100 %"]),
    ("gpp.fuel.mode", ["share", "duty"]),
    ("trunk_line.mode", ["own_needs", "hydraulic"]),
    ("own_fuel.open", ["false", "true"]),
    ("gcc.pe.comonomer", ["0 %", "8 %"]),
];

/// What is shown of each: an address, and the head of its column.
const SHOWN: [(&str, &str); 5] = [
    ("kovykta.accepted", "kovykta"),
    ("heihe.sales_gas.volume", "sales"),
    ("heihe.sales_gas.gross_heat_real", "heat"),
    ("gpp.ethane.mass", "ethane"),
    ("gcc.polyethylene.mass", "PE"),
];

fn main() -> Result<(), Error> {
    let scenario = amur::scenario("nameplate")?;
    let mut case = amur::chain().case(); // values, and memory that every run uses again

    let solved = case.apply(&scenario)?.solve()?; // exists only if every balance closed
    println!("WHAT COMES OUT, AND WHAT IS ANNOUNCED");
    for product in solved.products() {
        let announced = product.announced.map(|announced| announced.value);
        let (value, announced) = (number(product.value), number(announced));
        println!("  {:<15}{value:>9}{announced:>9} {}", product.product.name, product.product.unit);
    }

    println!("\nWHAT IS NOT KNOWN IN PUBLIC, AT BOTH ENDS");
    println!("  (bcm/yr and Mt/yr; gross heat of real gas at 20 degC, MJ/m3)");
    let heads = SHOWN.map(|(_, head)| format!("{head:>9}")).concat();
    println!("  {:<31}{heads}{:>9}  stopped by", "", "CO2");
    for (address, ends) in BOTH_ENDS {
        for end in ends {
            let solved = case.reset().apply(&scenario)?.set(address, end)?.solve()?;
            let cells = SHOWN.map(|(shown, _)| format!("{:>9}", value(&solved, shown))).concat();
            let carbon_dioxide = number(Some(Carbon::of(&solved).chains[0].carbon_dioxide / 1e6));
            let stopped_by = solved.inlet("kovykta")?.stopped_by;
            let set = format!("{address} = {end}");
            println!("  {set:<31}{cells}{carbon_dioxide:>9}  {stopped_by}");
        }
    }

    // what a stage states of itself is a result like any other
    let stated = case.reset().apply(&scenario)?.set("gpp.recompression.mode", "stated")?.solve()?;
    println!(
        "  recompression of sales gas: {} MW computed; 384 MW installed (GPP-17, spare unknown)",
        value(&stated, "gpp.recompression.power"),
    );
    println!(
        "  fuel of the plant: {} % of its gas by share; {} % by heat and power demanded",
        value(&stated, "gpp.fuel.fuel_share.load"),
        value(&stated, "gpp.fuel.duty_share.load"),
    );
    Ok(())
}

/// A result as people read it; a dash where it does not exist.
fn value(solved: &Solved, address: &str) -> String {
    number(solved.get(address).ok().flatten())
}
