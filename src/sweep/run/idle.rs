//! Axes that change nothing of what a sweep asks for, found by trying.

use crate::sweep::block::BLOCK;
use crate::sweep::evaluate::Results;
use crate::sweep::judge::Prepared;
use std::ops::Range;

/// Most scenarios that each axis is moved in: one that matters in a fiftieth of all is hardly ever
/// missed.
const SCENARIOS: u64 = 256;

/// Where stages are called, which takes long: least of them, and of how many scenarios of the sweep
/// there is one.
const DEAR: [u64; 2] = [16, 64];

/// How many of them are tried before it is looked whether that was enough.
const AT_ONCE: usize = 8;

/// Numbers that an axis is moved to in each.
const NUMBERS: usize = 4;

/// What differs by less of itself is the same.
const SAME: f64 = 1e-12;

impl Prepared {
    /// Axes of which no movement shows in any result asked for: each is moved by itself to four of
    /// its numbers in up to 256 scenarios, both spread over all there are. Where lines are run by
    /// hydraulics it is up to a sixteenth of the sweep, though 64 scenarios in any case. Nothing is
    /// tried of a sweep whose scenarios are worked out one by one.
    ///
    /// An axis that is named here matters, if ever, where no trial came: mostly it is one too many,
    /// or a result was forgotten.
    ///
    /// ```
    /// use gaschain::sweep::{Axis, DesignKind, Sweep};
    /// let sweep = Sweep::new("idle", "amur", DesignKind::MonteCarlo { samples: 1_000, seed: 1 })
    ///     .axis(Axis::between("kovykta.flow", "15 bcm/yr", "30 bcm/yr"))
    ///     .axis(Axis::between("gcc.pe.off_grade", "0 %", "3 %"))
    ///     .output("heihe.sales_gas.volume");
    /// let prepared = sweep.prepare(gaschain::amur::chain())?;
    /// assert_eq!(prepared.idle_axes(), ["gcc.pe.off_grade"]);
    /// # Ok::<(), gaschain::Error>(())
    /// ```
    #[must_use]
    pub fn idle_axes(&self) -> Vec<String> {
        if self.operations().is_none() {
            return Vec::new();
        }
        let [least, of] = DEAR;
        let most = if self.evaluator.calls_stages() {
            (self.design.len() / of).clamp(least, SCENARIOS)
        } else {
            SCENARIOS
        };
        let scenarios = self.design.some_scenarios(most);
        let numbers = self.design.some_numbers(NUMBERS, &scenarios);
        let mut memory = self.evaluator.workspace();
        let mut run = |inputs: &[f64], results: &mut Results| {
            // not among those that are worked out by themselves as well
            let count = inputs.len() / self.axes.len().max(1);
            self.evaluator.run(&mut memory, BLOCK + 1, inputs, count, results);
        };
        let (mut before, mut results) = (Results::default(), Results::default());
        run(&scenarios.concat(), &mut before);
        let mut idle = Vec::new();
        let mut inputs = Vec::new();
        let mut first = 0;
        while first < self.axes.len() {
            let tied = self.tied[first + 1..].iter().take_while(|tied| **tied).count();
            let moved = first..first + 1 + tied;
            let each = numbers[first].len();
            let moves = (0..before.count).step_by(AT_ONCE).any(|from| {
                let tried = from..before.count.min(from + AT_ONCE);
                inputs.clear();
                for (column, scenarios) in scenarios.iter().enumerate() {
                    for number in &scenarios[tried.clone()] {
                        if moved.contains(&column) {
                            inputs.extend(&numbers[column]);
                        } else {
                            inputs.extend(std::iter::repeat_n(number, each));
                        }
                    }
                }
                run(&inputs, &mut results);
                differ(&before, tried, &results)
            });
            if !moves {
                let axes = self.axes[moved.clone()].iter();
                let names: Vec<&str> = axes.map(|axis| axis.address.as_str()).collect();
                idle.push(names.join(" = "));
            }
            first = moved.end;
        }
        idle
    }
}

/// Whether any result of scenarios differs from what some had before, of which each stands for
/// several now.
fn differ(before: &Results, tried: Range<usize>, now: &Results) -> bool {
    let each = now.count / tried.len().max(1);
    let before = before.values.chunks_exact(before.count.max(1));
    let mut outputs = before.zip(now.values.chunks_exact(now.count.max(1)));
    outputs.any(|(before, now)| {
        let pairs = before[tried.clone()].iter().zip(now.chunks_exact(each.max(1)));
        let mut pairs = pairs.flat_map(|(before, now)| now.iter().map(move |now| (before, now)));
        pairs.any(|(before, now)| {
            let same = before.is_nan() && now.is_nan()
                || (before - now).abs() <= SAME * before.abs().max(now.abs());
            !same
        })
    })
}
