//! What a sweep says as a whole: means, spread, quantiles, and how often each limit stops what.
//!
//! *In:* blocks of results. *Out:* a [`Summary`], the same whatever the order and the cut. *Order:*
//! `exact` sums and `bins` count, `numbers` reads them as statistics, `file` and `json` keep them.

mod bins;
mod exact;
mod file;
mod json;
mod numbers;

pub use bins::QUANTILE_ERROR;
pub use file::SummaryFile;
pub use numbers::{HISTOGRAM_PARTS, QUANTILES, Statistics};

use super::Sink;
use crate::error::Error;
use crate::fault::FaultKind;
use crate::sweep::block::{Block, Column, Layout};
use crate::sweep::run::Progress;
use bins::Bins;
use exact::Exact;
use numbers::{BlockNumbers, Numbers};
use std::collections::BTreeSet;
use std::io;
use std::ops::Range;

/// Failures that a summary names: those of the lowest scenarios.
const FAILURES_NAMED: usize = 10;

/// What a sweep says as a whole.
///
/// For every output that is a number: how many, mean, standard deviation, least and greatest,
/// quantiles and a histogram; for every output that is a name (`kovykta.stopped_by`), the share
/// of scenarios with each. Failed scenarios are counted and the first named,
/// and for every limit the scenarios in which it is broken.
///
/// It does not depend on the number of threads or on how a sweep is divided, to the last bit:
/// sums are kept without rounding, all else are counts in bins whose borders never change.
/// Quantiles and the borders of the histogram are good to [`QUANTILE_ERROR`] of their value.
/// Summaries of parts of a sweep merge ([`Summary::merge`]) into the summary of the whole.
/// Memory does not grow with the number of scenarios.
///
/// ```
/// use gaschain::sweep::{Layout, Summary};
/// let summary = Summary::new("sha256:0123", &Layout::default());
/// let text = summary.to_json();
/// assert_eq!(Summary::read_json(&text, "summary.json").unwrap(), summary);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Summary {
    /// Version of this crate that it was made with.
    pub(crate) gaschain: String,
    /// Hash of the files that determine it.
    pub inputs: String,
    /// The scenarios in it: ranges that do not touch, in order.
    pub scenarios: Vec<Range<u64>>,
    /// How many failed.
    pub failed: u64,
    /// The first that failed, with the error.
    pub failures: Vec<(u64, String)>,
    /// How many were worked out one by one.
    pub rerun: u64,
    /// Scenarios that came out otherwise when worked out by themselves
    /// ([`Progress::disagreement`]): none, of a run that can be trusted.
    pub disagreed: BTreeSet<u64>,
    /// In how many some limit is broken.
    pub any_broken: u64,
    /// Limits, each with the number of scenarios in which it is broken.
    pub broken: Vec<(String, u64)>,
    /// Worst residual of all balances.
    pub worst_residual: f64,
    outputs: Vec<Output>,
}

/// An output with what is known of it.
#[derive(Debug, Clone, PartialEq)]
struct Output {
    header: String,
    kind: Kind,
}

#[derive(Debug, Clone, PartialEq)]
enum Kind {
    Numbers(Numbers),
    /// Names with the number of scenarios that have each.
    Names(Vec<(String, u64)>),
}

/// What a summary says of an output.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum OutputSummary<'s> {
    /// It is a number; `None` where no scenario has one.
    Numbers(Option<Statistics>),
    /// It is a name: those that occurred, each with its number of scenarios and their share of
    /// all that did not fail, the most frequent first.
    Names(Vec<(&'s str, u64, f64)>),
}

impl Summary {
    /// A summary of nothing; `inputs` is the hash of what determines the results
    /// ([`Prepared::inputs`](crate::sweep::Prepared::inputs)).
    #[must_use]
    pub fn new(inputs: &str, layout: &Layout) -> Self {
        let headers = layout.headers().into_iter().skip(1 + layout.axes.len());
        let outputs = headers.zip(&layout.outputs).map(|(header, column)| {
            let Column { names, .. } = column;
            let kind = match names {
                Some(names) => Kind::Names(names.iter().map(|name| (name.clone(), 0)).collect()),
                None => Kind::Numbers(Numbers::new()),
            };
            Output { header, kind }
        });
        Self {
            gaschain: env!("CARGO_PKG_VERSION").to_owned(),
            inputs: inputs.to_owned(),
            scenarios: Vec::new(),
            failed: 0,
            failures: Vec::new(),
            rerun: 0,
            disagreed: BTreeSet::new(),
            any_broken: 0,
            broken: layout.limits.iter().map(|limit| (limit.clone(), 0)).collect(),
            worst_residual: 0.0,
            outputs: outputs.collect(),
        }
    }

    /// Number of scenarios, failed ones too.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.scenarios.iter().map(|range| range.end - range.start).sum()
    }

    /// What a run of all its scenarios would say.
    #[must_use]
    pub fn progress(&self) -> Progress {
        Progress {
            done: self.count(),
            total: self.count(),
            failed: self.failed,
            rerun: self.rerun,
            broken: self.any_broken,
            disagreed: self.disagreed.len() as u64,
            first_disagreed: self.disagreed.first().copied(),
            worst_residual: self.worst_residual,
            ..Progress::default()
        }
    }

    /// The outputs by their headers, in the order asked for.
    pub fn outputs(&self) -> impl Iterator<Item = (&str, OutputSummary<'_>)> {
        self.outputs.iter().map(|output| (output.header.as_str(), output.summary()))
    }

    /// Takes in the summary of another part of the same sweep.
    ///
    /// # Errors
    /// One of another sweep, chain or version, or with scenarios that are in this one too; then
    /// nothing is taken.
    pub fn merge(&mut self, other: &Self) -> Result<(), Error> {
        Ok(self.take(other)?)
    }

    pub(crate) fn take(&mut self, other: &Self) -> Result<(), FaultKind> {
        let columns = |summary: &Self| {
            let names = |output: &Output| match &output.kind {
                Kind::Numbers(_) => output.header.clone(),
                Kind::Names(names) => format!("{} ({} names)", output.header, names.len()),
            };
            summary.outputs.iter().map(names).collect::<Vec<_>>().join(", ")
        };
        let limits = |summary: &Self| {
            let names = summary.broken.iter().map(|(limit, _)| limit.as_str());
            names.collect::<Vec<_>>().join(", ")
        };
        for (what, left, right) in [
            ("gaschain", self.gaschain.clone(), other.gaschain.clone()),
            ("inputs", self.inputs.clone(), other.inputs.clone()),
            ("outputs", columns(self), columns(other)),
            ("limits", limits(self), limits(other)),
        ] {
            if left != right {
                return Err(FaultKind::NotAllowed {
                    got: format!("summaries of {what} {left} and {right} do not merge"),
                    allowed: "the same of both".to_owned(),
                });
            }
        }
        let mut ranges = self.scenarios.clone();
        ranges.extend(other.scenarios.iter().cloned());
        self.scenarios = joined(ranges)?;
        self.failed += other.failed;
        self.failures.extend(other.failures.iter().cloned());
        self.failures.sort_unstable_by_key(|(scenario, _)| *scenario);
        self.failures.truncate(FAILURES_NAMED);
        self.rerun += other.rerun;
        self.any_broken += other.any_broken;
        self.disagreed.extend(&other.disagreed);
        self.broken
            .iter_mut()
            .zip(&other.broken)
            .for_each(|((_, count), (_, more))| *count += more);
        self.worst_residual = self.worst_residual.max(other.worst_residual);
        for (output, more) in self.outputs.iter_mut().zip(&other.outputs) {
            match (&mut output.kind, &more.kind) {
                (Kind::Numbers(numbers), Kind::Numbers(more)) => numbers.merge(more),
                (Kind::Names(names), Kind::Names(more)) => {
                    names.iter_mut().zip(more).for_each(|((_, count), (_, more))| *count += more);
                }
                // the same outputs, as was just seen
                _ => {}
            }
        }
        Ok(())
    }
}

/// Ranges in order, those that touch made one.
fn joined(mut ranges: Vec<Range<u64>>) -> Result<Vec<Range<u64>>, FaultKind> {
    ranges.sort_unstable_by_key(|range| range.start);
    let mut joined: Vec<Range<u64>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match joined.last_mut() {
            Some(last) if range.start < last.end => {
                let (first, end) = (range.start, range.end.min(last.end));
                return Err(FaultKind::NotAllowed {
                    got: format!("scenarios {first}..{end} are in both summaries"),
                    allowed: "parts without common ones".to_owned(),
                });
            }
            Some(last) if range.start == last.end => last.end = range.end,
            _ => joined.push(range),
        }
    }
    Ok(joined)
}

impl Output {
    fn summary(&self) -> OutputSummary<'_> {
        match &self.kind {
            Kind::Numbers(numbers) => OutputSummary::Numbers(numbers.statistics()),
            Kind::Names(names) => {
                let total: u64 = names.iter().map(|(_, count)| count).sum();
                let occurred = names.iter().filter(|(_, count)| *count > 0);
                let mut shares: Vec<(&str, u64, f64)> = occurred
                    .map(|(name, count)| (name.as_str(), *count, *count as f64 / total as f64))
                    .collect();
                // stable: equal ones stay in the order of the chain
                shares.sort_by_key(|(_, count, _)| std::cmp::Reverse(*count));
                OutputSummary::Names(shares)
            }
        }
    }
}

impl Sink for Summary {
    type Encoded = Vec<BlockNumbers>;

    fn reads_axes(&self) -> bool {
        false
    }

    fn encode(&self, block: &Block, encoded: &mut Self::Encoded) {
        encoded.resize_with(self.outputs.len(), BlockNumbers::default);
        for (index, (output, numbers)) in self.outputs.iter().zip(encoded).enumerate() {
            if let Kind::Numbers(_) = output.kind {
                numbers.take(block.results.column(index));
            }
        }
    }

    fn write(&mut self, block: &Block, encoded: &mut Self::Encoded) -> io::Result<()> {
        let end = block.first + block.count() as u64;
        match self.scenarios.last_mut() {
            Some(last) if last.end == block.first => last.end = end,
            _ => self.scenarios.push(block.first..end),
        }
        let failures = &block.results.failures;
        self.failed += failures.len() as u64;
        let room = FAILURES_NAMED - self.failures.len().min(FAILURES_NAMED);
        let first = failures.iter().take(room);
        self.failures
            .extend(first.map(|(lane, error)| (block.first + *lane as u64, error.clone())));
        self.rerun += block.results.rerun as u64;
        self.any_broken += block.results.count_broken();
        self.disagreed.extend(&block.results.disagreed);
        for row in block.rows() {
            for limit in row.broken() {
                if let Some((_, count)) = self.broken.get_mut(limit) {
                    *count += 1;
                }
            }
        }
        for residual in &block.results.residuals {
            // that of a failed scenario is not a number, and max passes over it
            self.worst_residual = self.worst_residual.max(*residual);
        }
        for (index, (output, encoded)) in self.outputs.iter_mut().zip(encoded).enumerate() {
            match &mut output.kind {
                Kind::Numbers(numbers) => numbers.take(encoded),
                Kind::Names(names) => {
                    for value in block.results.column(index).iter().filter(|value| **value >= 0.0) {
                        // an index that was made from a whole number
                        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                        if let Some((_, count)) = names.get_mut(*value as usize) {
                            *count += 1;
                        }
                    }
                }
            }
        }
        Ok(())
    }
}
