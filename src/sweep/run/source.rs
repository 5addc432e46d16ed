//! Where a runner gets its scenarios from.

use crate::quantity::Unit;
use crate::sweep::block::{BLOCK, Block, Column, Layout};
use crate::sweep::design::{AxisColumn, DesignScratch};
use crate::sweep::evaluate::Workspace;
use crate::sweep::judge::Prepared;
use multiversion::multiversion;
use std::ops::Range;

/// Where scenarios come from: a prepared sweep, or anything else that can work out a block.
pub trait Source: Sync {
    /// Memory for one block at a time, used again for the next.
    type Memory: Send;

    /// The columns of its results.
    fn layout(&self) -> Layout;

    /// How many scenarios there are.
    fn scenarios(&self) -> u64;

    /// Memory for one block at a time.
    fn memory(&self) -> Self::Memory;

    /// Works out `count` scenarios from `block.first` on. What comes out may depend on nothing
    /// but their numbers.
    fn fill(&self, memory: &mut Self::Memory, count: usize, block: &mut Block);

    /// Puts the axes of a block that was filled in their units, if they are not. Called where a
    /// sink [reads them](crate::sweep::Sink::reads_axes).
    fn show_axes(&self, block: &mut Block) {
        let _ = block;
    }
}

/// Memory of a prepared sweep for one block at a time.
#[derive(Debug)]
pub struct Memory {
    workspace: Workspace,
    scratch: DesignScratch,
    /// A whole block by number, of which a range wants a part.
    whole: Block,
}

impl From<&AxisColumn> for Column {
    fn from(axis: &AxisColumn) -> Self {
        Self { address: axis.address.clone(), unit: axis.unit, names: axis.names.clone() }
    }
}

impl Source for Prepared {
    type Memory = Memory;

    fn layout(&self) -> Layout {
        Layout {
            axes: self.axes.iter().map(Column::from).collect(),
            outputs: self.evaluator.outputs().iter().map(Column::from).collect(),
            limits: self.evaluator.chain().limits().map(|of| of.address.to_owned()).collect(),
        }
    }

    fn scenarios(&self) -> u64 {
        self.design.len()
    }

    fn memory(&self) -> Memory {
        Memory {
            workspace: self.evaluator.workspace(),
            scratch: self.design.scratch(),
            whole: Block::default(),
        }
    }

    fn fill(&self, memory: &mut Memory, count: usize, block: &mut Block) {
        // a part of a block, as where a range begins or ends: whether its scenarios may be taken
        // from a program is judged by the checked ones of all of the block, as by who runs the rest
        let before = few(block.first % BLOCK);
        let wanted = before..before + count;
        let end = (block.first + count as u64).next_multiple_of(BLOCK).min(self.scenarios());
        let all = few(end.saturating_sub(block.first)).max(count) + before;
        if all == count {
            self.fill_wanted(memory, block, count, wanted);
            return;
        }
        let mut whole = std::mem::take(&mut memory.whole);
        whole.first = block.first - before as u64;
        self.fill_wanted(memory, &mut whole, all, wanted.clone());
        block.take_part(&whole, wanted);
        memory.whole = whole;
    }

    fn show_axes(&self, block: &mut Block) {
        let count = block.count().max(1);
        for (axis, column) in self.axes.iter().zip(block.inputs.chunks_exact_mut(count)) {
            if let Some(unit) = axis.unit.filter(|unit| *unit != Unit::BARE) {
                show(unit, column);
            }
        }
    }
}

/// A count of scenarios of a few blocks.
fn few(scenarios: u64) -> usize {
    usize::try_from(scenarios).unwrap_or(usize::MAX)
}

impl Prepared {
    /// Works out a block of which some scenarios are wanted, and all are judged by.
    fn fill_wanted(
        &self,
        memory: &mut Memory,
        block: &mut Block,
        count: usize,
        wanted: Range<usize>,
    ) {
        let Block { first, inputs, results } = block;
        // all of them are written anew
        inputs.resize(self.axes.len() * count, 0.0);
        self.design.fill(&mut memory.scratch, *first, count, inputs);
        let workspace = &mut memory.workspace;
        let way = self.way();
        self.evaluator.run_wanted(workspace, (*first, way), inputs, count, wanted, results);
    }
}

/// Puts numbers in their unit: the one with few decimals where that stands for the same SI value,
/// so that an axis that was written as 38 does not read 38.00000000000001.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx512dq", "x86_64+avx2", "aarch64+neon"))]
fn show(unit: Unit, column: &mut [f64]) {
    for number in column {
        let si = *number;
        let exact = unit.from_si(si);
        let short = (exact * 1e9).round_ties_even() / 1e9;
        // bit for bit: what is read back has to be what was computed with
        let same = unit.to_si(short).to_bits() == si.to_bits();
        *number = if same { short } else { exact };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_with_few_decimals_is_shown_so() {
        for unit in Unit::all() {
            for written in [38.0, 97.5, 0.1, 1.46, 6.0, 41.123_456, 0.0] {
                let mut shown = [unit.to_si(written); 9];
                show(unit, &mut shown);
                for shown in shown {
                    assert_eq!(shown.to_bits(), f64::to_bits(written), "{written} {unit}");
                }
            }
        }
    }
}
