//! The case that throughput is measured with: the first axes of `data/amur/sweeps/axes.csv`, every
//! value between their ends alike, and nine results of each scenario.

use gaschain::amur;
use gaschain::document::csv::Table;
use gaschain::fault::Faults;
use gaschain::sweep::{Axis, DesignKind, Sweep};

const AXES: &str = include_str!("../../data/amur/sweeps/axes.csv");

/// What is asked for of each scenario.
const OUTPUTS: [&str; 9] = [
    "heihe.sales_gas.volume",
    "gpp.helium.volume",
    "gpp.c5_c6.mass",
    "rail.lpg.mass",
    "gcc.polyethylene.mass",
    "gcc.polypropylene.mass",
    "gpp.feed.utilisation",
    "kovykta.accepted",
    "kovykta.stopped_by",
];

/// Points of a scrambled Sobol' sequence in so many axes, all where none is said.
pub fn sweep(axes: Option<usize>, samples: u64) -> Result<Sweep, Faults> {
    let mut faults = Faults::default();
    let table = Table::parse(AXES, "data/amur/sweeps/axes.csv", &mut faults);
    table.check_columns(&["parameter", "low", "high"], &[], &mut faults);
    faults.into_result(())?;
    let kind = DesignKind::Sobol { samples, seed: 1, scrambled: true };
    let mut sweep = Sweep::new("throughput", amur::NAME, kind);
    for row in 0..axes.unwrap_or(table.rows.len()).min(table.rows.len()) {
        let [parameter, low, high] = [0, 1, 2].map(|column| table.text(row, column));
        sweep = sweep.axis(Axis::between(parameter, low, high));
    }
    Ok(OUTPUTS.iter().fold(sweep, |sweep, output| sweep.output(output)))
}
