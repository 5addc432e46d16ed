//! A block of scenarios that was worked out: what a runner hands to its sinks.

use crate::quantity::Unit;
use crate::solved::Output;
use crate::sweep::evaluate::Results;
use std::ops::Range;

/// Number of scenarios in a block. Borders lie at its multiples, wherever a range starts, so that
/// nothing depends on how a sweep is divided among threads or machines.
pub const BLOCK: u64 = 1_024;

/// A column of a sweep's results: an axis, or an output.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Address of the parameter or result.
    pub address: String,
    /// Unit of its numbers; `None` for names.
    pub unit: Option<Unit>,
    /// Where it is a name: the names that its numbers count, from 0.
    pub names: Option<Vec<String>>,
}

impl Column {
    /// What heads it in files: the address, with its unit in brackets where it has one that a
    /// bare number does not stand for, as it does for a count.
    ///
    /// ```
    /// use gaschain::quantity::Unit;
    /// use gaschain::sweep::Column;
    /// let mut column = Column {
    ///     address: "heihe.demand".into(),
    ///     unit: Some(Unit::parse("bcm/yr")?),
    ///     names: None,
    /// };
    /// assert_eq!(column.header(), "heihe.demand [bcm/yr]");
    /// column.unit = Some(Unit::UNITS);
    /// assert_eq!(column.header(), "heihe.demand");
    /// # Ok::<(), gaschain::Error>(())
    /// ```
    #[must_use]
    pub fn header(&self) -> String {
        let bare = [Unit::BARE, Unit::UNITS, Unit::RATIO];
        match self.unit {
            Some(unit) if !bare.contains(&unit) => format!("{} [{unit}]", self.address),
            _ => self.address.clone(),
        }
    }

    /// The name that a number of this column counts.
    #[must_use]
    pub fn name(&self, number: f64) -> Option<&str> {
        let names = self.names.as_ref()?;
        // an index was made from a whole number far below 2^52, or is not a number
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        (number >= 0.0).then(|| names.get(number as usize)).flatten().map(String::as_str)
    }
}

impl From<&Output> for Column {
    fn from(output: &Output) -> Self {
        Self {
            address: output.address().to_owned(),
            unit: output.unit(),
            names: output.names().map(<[String]>::to_vec),
        }
    }
}

/// The columns of a sweep's results.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Layout {
    /// What varies.
    pub axes: Vec<Column>,
    /// What was asked for.
    pub outputs: Vec<Column>,
    /// Limits that may be broken: those that a row names are counted in this list.
    pub limits: Vec<String>,
}

/// Limits of which one whole number says which are broken: so many bits are exact in an `f64`.
pub(super) const LIMITS_PER_WORD: usize = 52;

/// Names of the columns that every result has beside its axes and outputs.
pub(crate) const SCENARIO: &str = "scenario";
pub(crate) const BROKEN: &str = "broken";
pub(crate) const WORST_RESIDUAL: &str = "worst_residual";
pub(crate) const ERROR: &str = "error";

impl Layout {
    /// Names of all columns in files: `scenario`, axes, outputs, `worst_residual`, `broken`,
    /// `error`. An
    /// output that was asked for twice, or under a name of another column, keeps its name with
    /// a number behind it, since readers of tables want names once.
    #[must_use]
    pub fn headers(&self) -> Vec<String> {
        let columns = self.axes.iter().chain(&self.outputs).map(Column::header);
        let mut headers = vec![SCENARIO.to_owned()];
        headers.extend(columns);
        headers.extend([WORST_RESIDUAL, BROKEN, ERROR].map(str::to_owned));
        // the columns that every table has keep their names
        let last = headers.len() - 3;
        for index in 1..last {
            let taken = |name: &str, headers: &[String]| {
                headers[..index].iter().chain(&headers[last..]).any(|other| other == name)
            };
            if taken(&headers[index], &headers) {
                let free = (2..).map(|copy| format!("{} ({copy})", headers[index]));
                if let Some(name) = free.into_iter().find(|name| !taken(name, &headers)) {
                    headers[index] = name;
                }
            }
        }
        headers
    }
}

/// Scenarios that were worked out, at most [`BLOCK`] of them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Block {
    /// Number of the first in the sweep.
    pub first: u64,
    /// Axis after axis, a number each for every scenario, in the axis's unit where a sink
    /// [reads them](super::Sink::reads_axes).
    pub inputs: Vec<f64>,
    /// What came out. Failures stand in the order of the scenarios.
    pub results: Results,
}

impl Block {
    /// Number of scenarios.
    #[must_use]
    pub fn count(&self) -> usize {
        self.results.count
    }

    /// The numbers of an axis.
    #[must_use]
    pub fn axis(&self, axis: usize) -> &[f64] {
        &self.inputs[axis * self.count()..(axis + 1) * self.count()]
    }

    /// Becomes a part of another block, from the first of which it counts on.
    pub(super) fn take_part(&mut self, whole: &Self, part: Range<usize>) {
        let (count, results) = (whole.count().max(1), &mut self.results);
        let take = |to: &mut Vec<f64>, from: &[f64]| {
            to.clear();
            for column in from.chunks_exact(count) {
                to.extend_from_slice(&column[part.clone()]);
            }
        };
        take(&mut self.inputs, &whole.inputs);
        take(&mut results.values, &whole.results.values);
        take(&mut results.residuals, &whole.results.residuals);
        results.broken.clear();
        for word in whole.results.broken.chunks_exact(count) {
            results.broken.extend_from_slice(&word[part.clone()]);
        }
        self.first = whole.first + part.start as u64;
        results.count = part.len();
        results.failures.clear();
        let failures = whole.results.failures.iter();
        let failures = failures.filter(|(lane, _)| part.contains(lane));
        results.failures.extend(failures.map(|(lane, why)| (lane - part.start, why.clone())));
        (results.rerun, results.checked) = (whole.results.rerun, whole.results.checked);
        results.disagreed.clone_from(&whole.results.disagreed);
    }

    /// The scenarios, one by one.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let mut failures = self.results.failures.iter().peekable();
        (0..self.count()).map(move |lane| {
            let failure = failures.next_if(|(failed, _)| *failed == lane);
            Row { block: self, lane, error: failure.map(|(_, error)| error.as_str()) }
        })
    }
}

/// One scenario of a block.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row<'b> {
    block: &'b Block,
    lane: usize,
    /// Why it has no results.
    pub error: Option<&'b str>,
}

impl Row<'_> {
    /// Its number in the sweep.
    #[must_use]
    pub fn scenario(&self) -> u64 {
        self.block.first + self.lane as u64
    }

    /// What its axes were set to, in their units; indices into the names of those that are names.
    pub fn axes(&self) -> impl Iterator<Item = f64> {
        let count = self.block.count();
        self.block.inputs.iter().skip(self.lane).step_by(count.max(1)).copied()
    }

    /// Its outputs, in their units; not a number where one does not exist.
    pub fn outputs(&self) -> impl Iterator<Item = f64> {
        let count = self.block.count();
        self.block.results.values.iter().skip(self.lane).step_by(count.max(1)).copied()
    }

    /// The limits that are broken, as counted in [`Layout::limits`].
    pub fn broken(&self) -> impl Iterator<Item = usize> {
        let count = self.block.count().max(1);
        let words = self.block.results.broken.iter().skip(self.lane).step_by(count);
        words.enumerate().flat_map(|(at, &word)| {
            let bits = (0..LIMITS_PER_WORD).filter(move |bit| word >> bit & 1 == 1);
            bits.map(move |bit| at * LIMITS_PER_WORD + bit)
        })
    }

    /// Worst residual of its balances; not a number where it failed.
    #[must_use]
    pub fn worst_residual(&self) -> f64 {
        self.block.results.residuals[self.lane]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_columns_are_there_once() {
        let column = |address: &str| Column { address: address.into(), unit: None, names: None };
        let layout = Layout {
            axes: vec![column("a")],
            outputs: vec![column("a"), column("a"), column("worst_residual"), column("a (2)")],
            limits: Vec::new(),
        };
        assert_eq!(
            layout.headers(),
            [
                "scenario",
                "a",
                "a (2)",
                "a (3)",
                "worst_residual (2)",
                "a (2) (2)",
                "worst_residual",
                "broken",
                "error"
            ]
        );
    }
}
