//! Results in memory: a vector of numbers for every column.

use super::Sink;
use crate::sweep::block::{Block, Column, Layout};
use std::io;

/// The results of a sweep in memory, column by column.
///
/// ```
/// use gaschain::sweep::{Axis, Columns, DesignKind, Runner, Source, Sweep};
/// use std::ops::ControlFlow;
/// let sweep = Sweep::new("supply", "amur", DesignKind::Grid)
///     .axis(Axis::steps("kovykta.flow", "6 bcm/yr", "26 bcm/yr", 3))
///     .output("heihe.sales_gas.volume")
///     .output("kovykta.stopped_by");
/// let prepared = sweep.prepare(gaschain::amur::chain())?;
///
/// let mut columns = Columns::new(prepared.layout());
/// Runner::new().run(&prepared, &mut columns, |_| ControlFlow::Continue(()))?;
/// assert!((columns.axes[0][1] - 16.0).abs() < 1e-12); // bcm/yr
/// let (_, sales) = columns.get("heihe.sales_gas.volume").unwrap();
/// assert!(sales[0] < sales[1]);
/// let (column, stops) = columns.get("kovykta.stopped_by").unwrap();
/// assert_eq!(column.name(stops[0]), Some("fully drawn"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Columns {
    /// What each column is.
    pub layout: Layout,
    /// Numbers of the scenarios.
    pub scenarios: Vec<u64>,
    /// What each axis was set to, in its unit.
    pub axes: Vec<Vec<f64>>,
    /// Each output, in its unit; not a number where it does not exist.
    pub outputs: Vec<Vec<f64>>,
    /// For each limit ([`Layout::limits`]), the places in these columns of the scenarios in which it
    /// is broken.
    pub broken: Vec<Vec<usize>>,
    /// Worst residual of each scenario; not a number where it failed.
    pub worst_residuals: Vec<f64>,
    /// Numbers of the scenarios that failed, with the error.
    pub errors: Vec<(u64, String)>,
}

impl Columns {
    /// Empty columns.
    #[must_use]
    pub fn new(layout: Layout) -> Self {
        let axes = vec![Vec::new(); layout.axes.len()];
        let outputs = vec![Vec::new(); layout.outputs.len()];
        let broken = vec![Vec::new(); layout.limits.len()];
        Self { layout, axes, outputs, broken, ..Self::default() }
    }

    /// The column of an output, or else of an axis, by its address, with what it is.
    #[must_use]
    pub fn get(&self, address: &str) -> Option<(&Column, &[f64])> {
        let outputs = self.layout.outputs.iter().zip(&self.outputs);
        let mut all = outputs.chain(self.layout.axes.iter().zip(&self.axes));
        all.find(|(column, _)| column.address == address)
            .map(|(column, numbers)| (column, numbers.as_slice()))
    }
}

impl Sink for Columns {
    type Encoded = ();

    fn encode(&self, _: &Block, (): &mut ()) {}

    fn write(&mut self, block: &Block, (): &mut ()) -> io::Result<()> {
        let before = self.scenarios.len();
        for (lane, row) in block.rows().enumerate() {
            for limit in row.broken() {
                self.broken[limit].push(before + lane);
            }
        }
        self.scenarios.extend(block.rows().map(|row| row.scenario()));
        for (index, axis) in self.axes.iter_mut().enumerate() {
            axis.extend_from_slice(block.axis(index));
        }
        for (index, output) in self.outputs.iter_mut().enumerate() {
            output.extend_from_slice(block.results.column(index));
        }
        self.worst_residuals.extend_from_slice(&block.results.residuals);
        let failures = block.results.failures.iter();
        self.errors
            .extend(failures.map(|(lane, error)| (block.first + *lane as u64, error.clone())));
        Ok(())
    }
}
