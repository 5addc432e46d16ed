//! Sweeps: millions of scenarios of one chain.
//!
//! A sweep names what varies ([`Variable`]) and what is asked for (result addresses); an
//! [`Evaluator`] works out blocks of scenarios of it.

mod design;
mod evaluate;
mod latin;
mod low_discrepancy;
mod output;
mod plan;
mod random;

pub use design::{AxisColumn, Design, DesignScratch};
pub use evaluate::{Evaluator, Results, Variable, Workspace};
pub use output::Output;
pub use plan::{Prepared, Sweep};

mod block;
pub use block::{BLOCK, Block, Column, Layout, Row};
mod runner;
pub use runner::{Progress, RunError, Runner};
mod source;
pub use source::{Memory, Source};
mod checkpoint;
pub use checkpoint::Stamp;
mod merge;
pub use merge::merge_results;
mod sink;
#[cfg(feature = "parquet")]
pub use sink::ParquetFolder;
pub use sink::{Columns, Csv, CsvFile, Discard, Each, Sink};
pub use sink::{
    HISTOGRAM_PARTS, MergeError, OutputSummary, QUANTILE_ERROR, QUANTILES, Statistics, Summary,
    SummaryFile,
};
