//! A sweep built in Rust: 65,536 scenarios of what the border may take and what may fail: what
//! stops Kovykta's gas in how many of them, and what a unit more of each would bring.
//!
//! ```sh
//! cargo run --release --example sweep
//! ```

use gaschain::amur;
use gaschain::report::number::{difference, number, percent};
use gaschain::sweep::{Axis, Columns, DesignKind, Runner, Slopes, Source, Sweep};
use std::collections::BTreeMap;
use std::ops::ControlFlow;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let chain = amur::chain();
    // points of a scrambled Sobol' sequence: any value between the ends, all alike
    let design = DesignKind::Sobol { samples: 65_536, seed: 1, scrambled: true };
    let prepared = Sweep::new("what may come", amur::NAME, design)
        .setting("gpp.ngl.ethane", "95 %")
        .axis(Axis::between("heihe.demand", "30 bcm/yr", "44 bcm/yr"))
        .axis(Axis::between("gpp.availability", "85 %", "100 %"))
        .axis(Axis::between("kovykta.flow", "10 bcm/yr", "30 bcm/yr"))
        .output("gcc.polyethylene.mass")
        .output("kovykta.stopped_by")
        .prepare(chain)?; // all that does not fit is told here, before anything is run

    // kept in memory; `CsvFile`, `Summary` and `Each` are other places for results to go to
    let mut columns = Columns::new(prepared.layout());
    let ran = Runner::new().run(&prepared, &mut columns, |_| ControlFlow::Continue(()))?;
    println!(
        "{} scenarios, {} failed, worst residual {:.0e}",
        ran.done, ran.failed, ran.worst_residual
    );

    let (_, polyethylene) = columns.get("gcc.polyethylene.mass").ok_or("not asked for")?;
    let mean = polyethylene.iter().sum::<f64>() / polyethylene.len() as f64;
    println!("polyethylene: {} Mt/yr in the mean", number(Some(mean)));

    let (column, stopped) = columns.get("kovykta.stopped_by").ok_or("not asked for")?;
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for point in stopped {
        *counts.entry(column.name(*point).unwrap_or("failed")).or_default() += 1;
    }
    println!("Kovykta is stopped by");
    for (name, count) in counts {
        println!("  {name:<14}{:>8}", percent(count as f64 / stopped.len() as f64));
    }

    // the same chain as a function, whose derivatives are exact: at one point, by every axis
    let axes = prepared.axes.iter().map(|axis| &axis.address);
    let mut case = chain.case();
    let mut function =
        case.set("gpp.ngl.ethane", "95 %")?.function(axes, ["gcc.polyethylene.mass"])?;
    let point: Vec<f64> = columns.axes.iter().map(|axis| axis[0]).collect();
    let mut slopes = Slopes::default();
    function.gradient(0, &point, &mut slopes)?;
    println!("of one more of each, Mt/yr of polyethylene in scenario 0");
    for (axis, (address, unit)) in function.inputs().enumerate() {
        let slope = difference(Some(slopes.of(axis)[0]), 1.0); // to 1e-9
        println!("  {address:<18}{slope:>10} for 1 {unit}");
    }
    Ok(())
}
