//! Sweeps of the shipped chain, made in Rust, and the columns they fill.

use gaschain::amur;
use gaschain::param::Value;
use gaschain::sweep::{Axis, AxisColumn, Design, DesignKind, Sweep};

pub const OUTPUT: &str = "heihe.sales_gas.volume";

pub fn hypercube(samples: u64) -> DesignKind {
    DesignKind::LatinHypercube { samples, seed: 3 }
}

pub fn sobol(samples: u64) -> DesignKind {
    DesignKind::Sobol { samples, seed: 3, scrambled: true }
}

/// A sweep of the shipped chain over these axes.
pub fn sweep(kind: DesignKind, axes: impl IntoIterator<Item = Axis>) -> Sweep {
    axes.into_iter().fold(Sweep::new("test", "amur", kind), Sweep::axis).output(OUTPUT)
}

pub fn table(text: &str) -> Sweep {
    let mut faults = gaschain::fault::Faults::default();
    let table = gaschain::sweep::Table::parse(text, "points.csv", &mut faults);
    faults.into_result(()).unwrap();
    Sweep::new("table", "amur", DesignKind::Table(table)).output(OUTPUT)
}

pub fn prepare(sweep: &Sweep) -> (Design, Vec<AxisColumn>) {
    match sweep.prepare(amur::chain()) {
        Ok(prepared) => (prepared.design, prepared.axes),
        Err(faults) => panic!("{faults}"),
    }
}

/// All columns of a sweep, in the units they are shown in.
pub fn columns(sweep: &Sweep) -> Vec<Vec<f64>> {
    let (design, axes) = prepare(sweep);
    let count = usize::try_from(design.len()).unwrap();
    let mut columns = vec![0.0; axes.len() * count];
    design.fill(&mut design.scratch(), 0, count, &mut columns);
    let shown = |(column, axis): (&[f64], &AxisColumn)| match axis.unit {
        Some(unit) => column.iter().map(|si| unit.from_si(*si)).collect(),
        None => column.to_vec(),
    };
    columns.chunks_exact(count).zip(&axes).map(shown).collect()
}

pub fn faults(sweep: &Sweep) -> String {
    sweep.prepare(amur::chain()).unwrap_err().to_string()
}

pub fn bcm(value: f64) -> Value {
    format!("{value} bcm/yr").into()
}
