//! Working out blocks of scenarios.

use super::recorded::{Plan, Varying};
use super::results::Results;
use super::worth::Way;
use super::{broken, column};
use crate::case::Case;
use crate::chain::Chain;
use crate::fault::{FaultKind, Faults, Place};
use crate::param::{ParameterId, ParameterKind, Slot, Value, Values};
use crate::quantity::Unit;
use crate::solved::Output;
use crate::sweep::block::BLOCK;
use crate::tape::Block;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;
use std::sync::OnceLock;

/// A parameter that varies in a sweep.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Variable {
    /// A number: its column holds values in SI.
    Number {
        /// Address of the parameter.
        address: String,
        /// The unit it is shown in; of what a supply offers, its values are said as in it.
        unit: Unit,
    },
    /// One of several values of any kind (a name, a flag, an order, a composition, unknown): its
    /// column holds indices into them.
    Options {
        /// Address of the parameter.
        address: String,
        /// The values, as written.
        values: Vec<Value>,
        /// Which of them leaves the parameter as the chain has it: it does not count as set.
        own: Option<usize>,
    },
}

impl Variable {
    /// Address of the parameter.
    pub fn address(&self) -> &str {
        match self {
            Self::Number { address, .. } | Self::Options { address, .. } => address,
        }
    }
}

/// Most combinations of options that each get a program; where there are more, scenarios are
/// worked out one by one.
const MOST_PLANS: usize = 4096;

/// A variable with its place in the values.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    pub(super) variable: Variable,
    /// Where it is a number: its place and range.
    pub(super) varying: Option<Varying>,
}

impl Placed {
    /// Sets a parameter to one of its options.
    pub(super) fn choose(
        &self,
        chain: &Chain,
        values: &mut Values,
        option: usize,
        faults: &mut Faults,
    ) {
        let Variable::Options { address, values: options, own } = &self.variable else { return };
        chain.set_at(values, address, &options[option], &Place::address(address), faults);
        if let (true, Some(parameter)) = (*own == Some(option), chain.parameter(address)) {
            values.unmark(parameter);
        }
    }
}

/// Works out scenarios of one chain in which the same parameters vary.
///
/// The chain is recorded once for every combination of options ([`Variable::Options`]) and run
/// for blocks of scenarios at a time. Scenarios that a program cannot be sure of (a parameter out
/// of its range, equations without meaning, a balance that does not close, root finding that does
/// not converge) are worked out one by one, which also gives their error.
#[derive(Debug)]
pub(crate) struct Evaluator {
    pub(super) chain: Chain,
    pub(super) base: Values,
    pub(super) variables: Vec<Placed>,
    pub(super) outputs: Vec<Output>,
    /// By combination of options: its program, once somebody needs it; `None` where the chain
    /// cannot be recorded so.
    pub(super) plans: Vec<OnceLock<Option<Plan>>>,
    /// By combination of options: whether its program is quicker, once that was tried.
    pub(super) worth: OnceLock<Vec<bool>>,
}

/// Memory of one thread for an [`Evaluator`].
#[derive(Debug)]
pub(crate) struct Workspace {
    /// Whether programs are not to be trusted, and all scenarios worked out one by one.
    pub(crate) alone: bool,
    /// With its values.
    pub(super) case: Case,
    /// By combination of options.
    pub(super) blocks: Vec<Option<Block>>,
    /// Scenarios with their combination of options, in its order.
    pub(super) sorted: Vec<(usize, usize)>,
    /// Columns of the scenarios of one combination.
    pub(super) gathered: Vec<f64>,
    /// Scenarios to be worked out one by one.
    pub(super) doubtful: Vec<bool>,
}

impl Evaluator {
    /// What varies on top of `base`, and the addresses that are asked for. `place_of` is where an
    /// address was set.
    ///
    /// # Errors
    /// Unknown addresses, with the nearest; a variable that is no number; values that do not fit.
    pub fn new(
        chain: &Chain,
        base: &Values,
        variables: &[Variable],
        outputs: &[String],
        place_of: impl Fn(&str) -> Place,
    ) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let mut base = base.clone();
        let mut placed = Vec::new();
        for variable in variables {
            let address = variable.address();
            let place = Place::address(address);
            let parameter = match chain.find_parameter(address) {
                Ok(index) => &chain.parameters[index],
                Err(kind) => {
                    faults.push(place, kind);
                    continue;
                }
            };
            let kind = match variable {
                Variable::Number { unit, .. } => parameter.kind.said_in(*unit),
                Variable::Options { .. } => parameter.kind.clone(),
            };
            let varying = match (variable, &kind, parameter.slot) {
                (Variable::Options { values, .. }, ..) => {
                    if values.is_empty() {
                        let (got, allowed) = ("no values".into(), "at least one".into());
                        faults.push(place.clone(), FaultKind::NotAllowed { got, allowed });
                    }
                    let mut trial = base.clone();
                    for value in values {
                        chain.set_at(&mut trial, address, value, &place, &mut faults);
                    }
                    None
                }
                (
                    Variable::Number { .. },
                    &ParameterKind::Number { unit, low, high, whole, .. },
                    Slot::Number(place),
                ) => {
                    base.bases[place] = kind.basis();
                    Some(Varying { place, unit, low, high, whole })
                }
                (Variable::Number { .. }, kind, _) => {
                    let got = format!("a range of {address}");
                    let allowed = format!("a list of values: {}", kind.allowed());
                    faults.push(place, FaultKind::NotAllowed { got, allowed });
                    continue;
                }
            };
            placed.push(Placed { variable: variable.clone(), varying });
        }
        let mut found = Vec::new();
        for address in outputs {
            match chain.find_output(address) {
                Ok(output) => found.push(output),
                Err(kind) => faults.push(Place::address(address), kind),
            }
        }
        faults.clone().into_result(())?;
        for placed in &placed {
            let Some(varying) = placed.varying else { continue };
            base.known[varying.place] = true;
            if let Some(parameter) = chain.parameter(placed.variable.address()) {
                base.unmark(parameter);
                base.mark(parameter);
            }
        }
        let varied: HashSet<ParameterId> = (placed.iter())
            .filter_map(|placed| chain.parameter(placed.variable.address()))
            .collect();
        let varies =
            |address: &str| chain.parameter(address).is_some_and(|id| varied.contains(&id));
        chain.judge_beside(&base, &place_of, varies, &mut faults);
        faults.into_result(())?;
        let combinations = placed.iter().fold(1_usize, |count, placed| match &placed.variable {
            Variable::Number { .. } => count,
            Variable::Options { values, .. } => count.saturating_mul(values.len()),
        });
        let combinations = if combinations > MOST_PLANS { 0 } else { combinations };
        let plans = (0..combinations).map(|_| OnceLock::new()).collect();
        Ok(Self {
            chain: chain.clone(),
            base,
            variables: placed,
            outputs: found,
            plans,
            worth: OnceLock::new(),
        })
    }

    /// The outputs, in the order asked for.
    pub fn outputs(&self) -> &[Output] {
        &self.outputs
    }

    /// Operations on numbers that a scenario takes, if every loop of root finding goes round
    /// once; `None` where scenarios are worked out one by one.
    pub fn operations(&self) -> Option<usize> {
        (!self.plans.is_empty())
            .then(|| self.plan(0))
            .flatten()
            .map(|plan| plan.program().operations())
    }

    /// Whether scenarios call stages that only plain numbers can run, each of which takes as long
    /// as thousands of operations.
    pub fn calls_stages(&self) -> bool {
        !self.plans.is_empty() && self.plan(0).is_some_and(|plan| plan.program().has_calls())
    }

    /// What varies, as written.
    pub fn variables(&self) -> Vec<&Variable> {
        self.variables.iter().map(|placed| &placed.variable).collect()
    }

    /// The values that do not vary; those that do are all alike.
    pub fn fixed(&self) -> Values {
        let mut values = self.base.clone();
        for placed in &self.variables {
            match (&placed.variable, placed.varying) {
                (_, Some(varying)) => values.numbers[varying.place] = 0.0,
                (Variable::Options { address, values: options, .. }, None) => {
                    // judged when this was made
                    let _ = self.chain.set(&mut values, address, options[0].clone());
                }
                (Variable::Number { .. }, None) => {}
            }
        }
        values
    }

    pub const fn chain(&self) -> &Chain {
        &self.chain
    }

    pub(in crate::sweep) fn variable_count(&self) -> usize {
        self.variables.len()
    }

    /// The program of an evaluator without options.
    pub(in crate::sweep) fn only_plan(&self) -> Option<&Plan> {
        if self.plans.len() == 1 { self.plan(0) } else { None }
    }

    /// Whether a scenario has a number that its parameter may not have.
    pub(in crate::sweep) fn is_out_of_range(
        &self,
        inputs: &[f64],
        count: usize,
        lane: usize,
    ) -> bool {
        self.variables.iter().enumerate().any(|(index, placed)| {
            let value = inputs[index * count + lane];
            placed.varying.is_some_and(|varying| !varying.allows(value))
        })
    }

    /// Memory for one thread.
    pub fn workspace(&self) -> Workspace {
        Workspace {
            alone: false,
            case: self.chain.case_of(Arc::new(self.base.clone())),
            blocks: (0..self.plans.len()).map(|_| None).collect(),
            sorted: Vec::new(),
            gathered: Vec::new(),
            doubtful: Vec::new(),
        }
    }

    /// The program of a combination of options, recorded when first asked for.
    pub(super) fn plan(&self, combination: usize) -> Option<&Plan> {
        let make = || {
            let mut values = self.base.clone();
            let mut left = combination;
            let mut faults = Faults::default();
            for placed in &self.variables {
                if let Variable::Options { values: options, .. } = &placed.variable {
                    placed.choose(&self.chain, &mut values, left % options.len(), &mut faults);
                    left /= options.len();
                }
            }
            self.chain.judge(&values, |address| Place::address(address), &mut faults);
            faults.into_result(()).ok()?;
            let varying: Vec<Option<Varying>> =
                self.variables.iter().map(|placed| placed.varying).collect();
            Plan::new(&self.chain, &values, &varying, &self.outputs).ok()
        };
        self.plans[combination].get_or_init(make).as_ref()
    }

    /// Works out `count` scenarios, the first of which is number `first` of the sweep. `inputs`
    /// holds variable after variable, `count` numbers each.
    ///
    /// The first [`BLOCK`](crate::sweep::BLOCK) scenarios of the sweep, and from then on every so
    /// many, are worked out by themselves as well ([`Results::checked`]).
    ///
    /// # Panics
    /// Where `inputs` is not that long.
    pub fn run(
        &self,
        workspace: &mut Workspace,
        first: u64,
        inputs: &[f64],
        count: usize,
        results: &mut Results,
    ) {
        self.run_programs(workspace, inputs, count, results);
        self.run_alone(workspace, (first, 0), inputs, 0..count, results);
    }

    /// The same for a sweep that is worked out so, and where only some of the scenarios are wanted:
    /// the others are there to be checked, and of them nothing else is worked out by itself.
    pub(in crate::sweep) fn run_wanted(
        &self,
        workspace: &mut Workspace,
        (first, way): (u64, Way),
        inputs: &[f64],
        count: usize,
        wanted: Range<usize>,
        results: &mut Results,
    ) {
        let from = match way {
            Way::OneByOne(_) => u64::MAX,
            Way::Programs { from } => from,
        };
        // those of the first block are by programs, too, to be held against each other
        workspace.alone = first < from && (first >= BLOCK || from == u64::MAX);
        self.run_programs(workspace, inputs, count, results);
        self.run_alone(workspace, (first, from), inputs, wanted, results);
    }

    /// Runs scenarios by programs; those that none is sure of are doubtful then.
    pub(super) fn run_programs(
        &self,
        workspace: &mut Workspace,
        inputs: &[f64],
        count: usize,
        results: &mut Results,
    ) {
        assert_eq!(inputs.len(), self.variables.len() * count);
        results.start(self.outputs.len(), broken::count(&self.chain), count);
        workspace.doubtful.clear();
        let alone = workspace.alone || self.plans.is_empty();
        workspace.doubtful.resize(count, alone);
        self.doubt_values(workspace, inputs, count);
        match self.plans.len() {
            _ if alone => {}
            1 => self.run_lanes(workspace, 0, inputs, count, results, None),
            _ => self.run_combinations(workspace, inputs, count, results),
        }
    }

    /// Which combination of options a scenario has.
    pub(super) fn combination(&self, inputs: &[f64], count: usize, lane: usize) -> usize {
        let (mut combination, mut step) = (0, 1);
        for (index, placed) in self.variables.iter().enumerate() {
            if let Variable::Options { values, .. } = &placed.variable {
                combination += step * option_of(inputs[index * count + lane], values.len());
                step *= values.len();
            }
        }
        combination
    }

    /// The program that works a scenario out.
    pub(super) fn plan_of(&self, inputs: &[f64], count: usize, lane: usize) -> Option<&Plan> {
        if self.plans.is_empty() {
            return None;
        }
        self.plan(self.combination(inputs, count, lane))
    }

    /// Marks scenarios with a number that its parameter may not have.
    fn doubt_values(&self, workspace: &mut Workspace, inputs: &[f64], count: usize) {
        for (index, placed) in self.variables.iter().enumerate() {
            let Some(varying) = placed.varying else { continue };
            let column = &inputs[index * count..(index + 1) * count];
            if varying.whole || !column::are_within(column, varying.low, varying.high) {
                for (doubtful, &value) in workspace.doubtful.iter_mut().zip(column) {
                    *doubtful |= !varying.allows(value);
                }
            }
        }
    }

    /// Runs scenarios with options, those of one combination together.
    fn run_combinations(
        &self,
        workspace: &mut Workspace,
        inputs: &[f64],
        count: usize,
        results: &mut Results,
    ) {
        let mut sorted = std::mem::take(&mut workspace.sorted);
        let mut gathered = std::mem::take(&mut workspace.gathered);
        sorted.clear();
        for lane in 0..count {
            sorted.push((self.combination(inputs, count, lane), lane));
        }
        sorted.sort_unstable();
        for of_one in sorted.chunk_by(|a, b| a.0 == b.0) {
            let combination = of_one[0].0;
            let width = of_one.len();
            gathered.clear();
            for index in 0..self.variables.len() {
                let column = &inputs[index * count..(index + 1) * count];
                gathered.extend(of_one.iter().map(|&(_, lane)| column[lane]));
            }
            self.run_lanes(workspace, combination, &gathered, width, results, Some(of_one));
        }
        workspace.sorted = sorted;
        workspace.gathered = gathered;
    }

    /// Runs scenarios by one program; `places` tells, as the second of each, which of the results
    /// they are where they are not all of them.
    fn run_lanes(
        &self,
        workspace: &mut Workspace,
        combination: usize,
        inputs: &[f64],
        count: usize,
        results: &mut Results,
        places: Option<&[(usize, usize)]>,
    ) {
        let place = |lane: usize| places.map_or(lane, |places| places[lane].1);
        let plan = if self.is_worth(combination) { self.plan(combination) } else { None };
        let Some(plan) = plan else {
            for lane in 0..count {
                workspace.doubtful[place(lane)] = true;
            }
            return;
        };
        let block = workspace.blocks[combination].get_or_insert_with(|| plan.block());
        let whole = results.count;
        for first in (0..count).step_by(block.width()) {
            let width = block.width().min(count - first);
            plan.program().run(block, inputs, count, first, width);
            let numbers =
                (0..self.outputs.len()).map(|output| &plan.output(block, output)[..width]);
            let hand_on = |numbers: &[f64], column: &mut [f64]| match places {
                None => column::show(numbers, &mut column[first..first + width]),
                Some(places) => {
                    for (&number, &(_, at)) in numbers.iter().zip(&places[first..]) {
                        column[at] = column::shown(number);
                    }
                }
            };
            let mut any_unknown = false;
            for (column, numbers) in results.values.chunks_exact_mut(whole).zip(numbers.clone()) {
                any_unknown |= column::any_unknown(numbers);
                hand_on(numbers, column);
            }
            hand_on(&plan.residuals(block)[..width], &mut results.residuals);
            for (words, bits) in results.broken.chunks_exact_mut(whole).zip(plan.broken(block)) {
                for (lane, &bits) in bits[..width].iter().enumerate() {
                    words[place(first + lane)] = whole_number(bits);
                }
            }
            // mostly there is none, which is seen of all of them together
            if any_unknown || plan.has_doubts(block, width) {
                for lane in 0..width {
                    let is_unknown =
                        numbers.clone().any(|numbers| column::is_unknown(numbers[lane]));
                    workspace.doubtful[place(first + lane)] |=
                        is_unknown || Plan::is_in_doubt(plan.program(), block, lane);
                }
            }
        }
    }
}

/// Bits that a program gives as a number.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole, below 2^52")]
const fn whole_number(bits: f64) -> u64 {
    bits as u64
}

/// The option that a number of a column stands for.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small count")]
pub(super) fn option_of(number: f64, count: usize) -> usize {
    (number as usize).min(count - 1)
}
