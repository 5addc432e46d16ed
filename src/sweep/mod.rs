//! Sweeps: millions of scenarios of one chain.
//!
//! A [`Sweep`] (a file, or built in Rust) names the axes, the design and what is asked for; judged
//! against its chain it becomes [`Prepared`]. Its [`Design`] tells what each scenario's axes are,
//! by the scenario's index alone; as a [`Source`] it works out blocks of scenarios of it. (For
//! points of your own choice a chain is a [`Function`](crate::Function).)
//!
//! The keys of sweep files, of designs and distributions are on the page of the
//! [formats](crate::formats).
//!
//! What judges a scenario (what its stages object to, flows that cannot be, balances, qualities that
//! throttle and are not known) is judged in every sweep, whatever outputs it asks for: it fails and
//! stops where the scenario does by itself. The first [`BLOCK`] scenarios, and from then on the
//! first of every so many blocks, are worked out by themselves as well. Where one comes out
//! otherwise, all of its block by number is, and [`Progress::disagreement`] says so.
//!
//! A [`Runner`] works a prepared sweep out on several threads and hands its blocks, in order, to a
//! [`Sink`]: [`CsvFile`] and `ParquetFolder` (feature `parquet`), which a run that was broken off
//! goes on with; [`Summary`]; [`Columns`] in memory; [`Each`] for a function of your own. Results
//! depend on the number of the scenario alone. Ranges run on several machines
//! ([`Runner::range`]) are put together by [`merge_results`], to the bytes of one run.

mod ask;
mod block;
mod design;
mod evaluate;
mod judge;
mod run;
mod sink;

pub use crate::document::csv::Table;
pub use ask::{Axis, Distribution, Range, Sweep};
pub use block::{BLOCK, Block, Column, Layout, Row};
pub use design::{AxisColumn, Correlation, Design, DesignKind, DesignScratch};
pub(crate) use evaluate::{Evaluator, Gradient, Variable, Workspace};
pub use evaluate::{Results, Slopes};
pub use judge::Prepared;
pub use run::{Memory, Progress, Runner, Source};
#[cfg(feature = "parquet")]
pub use sink::ParquetFolder;
pub use sink::{
    Columns, Csv, CsvFile, Discard, Each, HISTOGRAM_PARTS, OutputSummary, QUANTILE_ERROR,
    QUANTILES, Sink, Stamp, Statistics, Summary, SummaryFile, merge_results, remove_results,
};
