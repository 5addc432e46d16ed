//! A summary as JSON: what it tells, and what it takes to merge it with others.

use super::numbers::{Numbers, Statistics};
use super::{Bins, Exact, Kind, Output, OutputSummary, Summary, joined};
use crate::error::Error;
use crate::fault::{Fault, FaultKind, Place};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;
use std::path::Path;

/// A summary, laid out as its JSON is. Numbers that have to come back bit for bit are texts.
#[derive(Debug, Serialize, Deserialize)]
struct File {
    gaschain: String,
    inputs: String,
    scenarios: Vec<Range<u64>>,
    count: u64,
    failed: u64,
    failures: Vec<(u64, String)>,
    rerun: u64,
    disagreed: BTreeSet<u64>,
    any_broken: u64,
    broken: Vec<FileBroken>,
    worst_residual: String,
    outputs: Vec<FileOutput>,
}

/// In how many scenarios a limit is broken.
#[derive(Debug, Serialize, Deserialize)]
struct FileBroken {
    limit: String,
    count: u64,
}

#[derive(Debug, Serialize, Deserialize)]
struct FileOutput {
    output: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    statistics: Option<FileStatistics>,
    #[serde(skip_serializing_if = "Option::is_none")]
    names: Option<Vec<FileName>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<State>,
}

#[derive(Debug, Serialize, Deserialize)]
struct FileStatistics {
    count: u64,
    missing: u64,
    mean: f64,
    standard_deviation: f64,
    min: f64,
    max: f64,
    quantiles: Vec<(f64, f64)>,
    histogram: Vec<u64>,
}

#[derive(Debug, Serialize, Deserialize)]
struct FileName {
    name: String,
    count: u64,
    share: Option<f64>,
}

/// What it takes to go on with an output's numbers.
#[derive(Debug, Serialize, Deserialize)]
struct State {
    count: u64,
    missing: u64,
    min: String,
    max: String,
    sum: String,
    squares: String,
    bins: String,
}

impl From<Statistics> for FileStatistics {
    fn from(of: Statistics) -> Self {
        Self {
            count: of.count,
            missing: of.missing,
            mean: of.mean,
            standard_deviation: of.standard_deviation,
            min: of.min,
            max: of.max,
            quantiles: of.quantiles,
            histogram: of.histogram,
        }
    }
}

impl From<&Output> for FileOutput {
    fn from(of: &Output) -> Self {
        let output = of.header.clone();
        match (&of.kind, of.summary()) {
            (Kind::Numbers(numbers), OutputSummary::Numbers(statistics)) => Self {
                output,
                statistics: statistics.map(FileStatistics::from),
                names: None,
                state: Some(State {
                    count: numbers.count,
                    missing: numbers.missing,
                    min: format!("{:?}", numbers.min),
                    max: format!("{:?}", numbers.max),
                    sum: numbers.sum.to_text(),
                    squares: numbers.squares.to_text(),
                    bins: numbers.bins.to_text(),
                }),
            },
            (Kind::Names(names), _) => {
                let total: u64 = names.iter().map(|(_, count)| count).sum();
                let names = names.iter().map(|(name, count)| FileName {
                    name: name.clone(),
                    count: *count,
                    share: (total > 0).then(|| *count as f64 / total as f64),
                });
                let names = Some(names.collect());
                Self { output, statistics: None, names, state: None }
            }
            (Kind::Numbers(_), OutputSummary::Names(_)) => {
                Self { output, statistics: None, names: None, state: None }
            }
        }
    }
}

impl State {
    fn numbers(&self) -> Option<Numbers> {
        Some(Numbers {
            count: self.count,
            missing: self.missing,
            min: self.min.parse().ok()?,
            max: self.max.parse().ok()?,
            sum: Exact::of_numbers().read(&self.sum)?,
            squares: Exact::of_squares().read(&self.squares)?,
            bins: Bins::read(&self.bins)?,
        })
    }
}

impl FileOutput {
    fn output(self) -> Option<Output> {
        let kind = match (self.state, self.names) {
            (Some(state), None) => Kind::Numbers(state.numbers()?),
            (None, Some(names)) => {
                Kind::Names(names.into_iter().map(|name| (name.name, name.count)).collect())
            }
            _ => return None,
        };
        Some(Output { header: self.output, kind })
    }
}

impl Summary {
    /// The summary as JSON: for each output `statistics` or the counts and shares of `names`,
    /// and under `state` what merging needs. The same scenarios give the same bytes, however
    /// they were divided.
    #[must_use]
    pub fn to_json(&self) -> String {
        let file = File {
            gaschain: self.gaschain.clone(),
            inputs: self.inputs.clone(),
            scenarios: self.scenarios.clone(),
            count: self.count(),
            failed: self.failed,
            failures: self.failures.clone(),
            rerun: self.rerun,
            disagreed: self.disagreed.clone(),
            any_broken: self.any_broken,
            broken: (self.broken.iter())
                .map(|(limit, count)| FileBroken { limit: limit.clone(), count: *count })
                .collect(),
            worst_residual: format!("{:?}", self.worst_residual),
            outputs: self.outputs.iter().map(FileOutput::from).collect(),
        };
        // texts, numbers and lists always serialise
        serde_json::to_string_pretty(&file).unwrap_or_default() + "\n"
    }

    /// Reads a file of what [`Summary::to_json`] wrote.
    pub(in crate::sweep::sink) fn read(path: &Path) -> Result<Self, Error> {
        let text =
            fs::read_to_string(path).map_err(|error| crate::fs::fault("read", path, &error))?;
        Self::read_json(&text, &path.display().to_string())
    }

    /// Reads what [`Summary::to_json`] wrote; `file` is what faults call it.
    ///
    /// # Errors
    /// A text that is no summary, or one that was changed.
    pub fn read_json(text: &str, file: &str) -> Result<Self, Error> {
        let fault = |place: Place, kind| Error::from(Fault { place, kind });
        let read: File = serde_json::from_str(text).map_err(|error| {
            let place = Place::file(file).at_line(error.line());
            fault(place, FaultKind::Syntax { message: error.to_string() })
        })?;
        let outputs: Option<Vec<Output>> =
            read.outputs.into_iter().map(FileOutput::output).collect();
        let residual = read.worst_residual.parse().ok();
        let ranges = joined(read.scenarios).ok();
        let summary = outputs.zip(residual).zip(ranges).map(|((outputs, worst), scenarios)| Self {
            gaschain: read.gaschain,
            inputs: read.inputs,
            scenarios,
            failed: read.failed,
            failures: read.failures,
            rerun: read.rerun,
            disagreed: read.disagreed,
            any_broken: read.any_broken,
            broken: read.broken.into_iter().map(|of| (of.limit, of.count)).collect(),
            worst_residual: worst,
            outputs,
        });
        // all that is told follows from the state: what was changed by hand does not
        summary.filter(|summary| summary.to_json() == text).ok_or_else(|| {
            let (got, allowed) = ("a summary that was changed", "one as it was written");
            let kind = FaultKind::NotAllowed { got: got.into(), allowed: allowed.into() };
            fault(Place::file(file), kind)
        })
    }
}
