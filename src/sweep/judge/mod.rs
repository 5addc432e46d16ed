//! Judging axes: whether what a sweep says of a parameter fits it, and what its column then holds.
//!
//! *In:* a sweep and its chain. *Out:* a [`Prepared`] sweep, or all faults. *Order:* `prepare`
//! judges the whole: each axis by its `distribution` (which `ends` keeps in the parameter's range)
//! or its `values`, or a table's columns (`tabled`).

mod distribution;
mod ends;
mod prepare;
mod tabled;
mod values;

pub use prepare::Prepared;

pub(super) use values::base_value;

use super::design::{AxisColumn, ONE_AT_A_TIME};
use crate::chain::Chain;
use crate::fault::{Fault, FaultKind, Faults, Place};
use crate::param::{
    Accepted, Basis, ParameterId, ParameterKind, PlacedParameter, Sense, Sum, Value, Values,
};
use crate::quantity::{Quantity, Unit};
use crate::sweep::ask::{Axis, Distribution, Range};
use crate::sweep::design::Marginal;
use crate::sweep::evaluate::Variable;
use std::borrow::Cow;
use std::collections::HashSet;

/// A parameter of an axis that fits it.
#[derive(Debug)]
pub(super) struct Judged {
    pub variable: Variable,
    pub column: AxisColumn,
    pub spread: Spread,
    /// Whether it goes with the one before it: another parameter of the same axis.
    pub tied: bool,
}

/// What a column holds.
#[derive(Debug)]
pub(super) enum Spread {
    /// These numbers, SI or indices, and the base scenario's.
    Steps { numbers: Vec<f64>, base: f64 },
    /// Numbers drawn from a distribution.
    Drawn(Marginal),
}

impl Spread {
    /// The numbers it goes through; none where they are drawn.
    pub(super) fn steps(&self) -> &[f64] {
        match self {
            Self::Steps { numbers, .. } => numbers,
            Self::Drawn(_) => &[],
        }
    }

    /// The base scenario's number; not a number where there is none.
    pub(super) const fn base(&self) -> f64 {
        match self {
            Self::Steps { base, .. } => *base,
            Self::Drawn(_) => f64::NAN,
        }
    }
}

/// What axes are judged against.
pub(super) struct Judge<'a> {
    pub chain: &'a Chain,
    pub base: &'a Values,
    /// What the axes vary.
    pub varied: &'a HashSet<ParameterId>,
    /// How far sums of compositions may be off.
    pub sum: Sum,
    /// Name of the design in messages.
    pub design: &'static str,
    /// Whether the design draws its points, as opposed to going through steps.
    pub draws: bool,
    pub faults: &'a mut Faults,
    /// What a person should know of axes that fit.
    pub notes: &'a mut Vec<String>,
    /// What was corrected of compositions.
    pub normalised: &'a mut Vec<String>,
    /// The address that is judged, for places of faults.
    pub address: String,
    /// What all parameters of the axis can be, SI.
    pub range: [f64; 2],
}

/// Most steps of an axis: columns of steps are held in memory.
const MOST_STEPS: u64 = 10_000_000;

impl Judge<'_> {
    /// Judges an axis: a column for each of its parameters that it fits.
    pub(super) fn axis(&mut self, axis: &Axis) -> Vec<Judged> {
        let chain = self.chain;
        let listed = matches!(
            axis.range,
            Range::Values(_) | Range::Distributed(Distribution::Discrete { .. })
        );
        let mut parameters: Vec<Cow<'_, PlacedParameter>> = Vec::new();
        for (index, address) in axis.parameters.iter().enumerate() {
            match chain.parameter(address) {
                Some(id) => {
                    let units = axis.range.values().map(unit_of);
                    parameters.push(said_in(&chain.parameters[id], units, listed));
                }
                None => {
                    let place = axis.place_of_parameter(index).at_address(address);
                    chain.push_unknown_parameter(&place, address, self.faults);
                }
            }
        }
        self.range = parameters.iter().fold(
            [f64::NEG_INFINITY, f64::INFINITY],
            |[least, most], parameter| match parameter.kind {
                ParameterKind::Number { low, high, .. } => [least.max(low), most.min(high)],
                _ => [least, most],
            },
        );
        let mut columns = Vec::new();
        let mut said: HashSet<String> = HashSet::new();
        for (index, parameter) in parameters.iter().enumerate() {
            self.address.clone_from(&parameter.address);
            let notes = self.notes.len();
            let before = std::mem::take(self.faults);
            columns.extend(self.parameter(axis, parameter));
            let found = std::mem::replace(self.faults, before);
            // what is wrong with the axis itself is said of its first parameter
            let mut is_new = |Fault { place, kind }: &Fault| {
                let place = Place { address: None, ..place.clone() };
                said.insert(format!("{place}: {kind}"))
            };
            let new: Vec<Fault> = found.iter().filter(|fault| is_new(fault)).cloned().collect();
            if index == 0 {
                self.faults.append(found);
                continue;
            }
            for Fault { place, kind } in new {
                self.faults.push(place, kind);
            }
            self.notes.truncate(notes);
        }
        for column in columns.iter_mut().skip(1) {
            column.tied = true;
        }
        columns
    }

    /// Judges an axis as that of one of its parameters; `None` where it has faults.
    fn parameter(&mut self, axis: &Axis, parameter: &PlacedParameter) -> Option<Judged> {
        match (&axis.range, self.draws) {
            (Range::Values(values), false) => self.options(axis, parameter, values, "values"),
            (Range::Values(values), true) => {
                let judged = self.options(axis, parameter, values, "values")?;
                Some(drawn(judged, &[]))
            }
            (Range::Between { low, high, steps: Some(steps) }, false) => {
                self.steps(axis, parameter, [low, high], *steps)
            }
            (Range::Between { steps: None, .. }, false) => self.missing(axis, "steps"),
            (Range::Between { steps: Some(_), .. }, true) => {
                let allowed = "low and high alone, values, or a distribution";
                self.not_here(axis, "steps", "steps", allowed)
            }
            (Range::Between { low, high, steps: None }, true) => {
                let ends = [("low", low), ("high", high)];
                self.number(axis, parameter, |judge| {
                    let [low, high] = judge.rising(axis, parameter, ends)?;
                    Some(Marginal::Uniform { low, high })
                })
            }
            (Range::Distributed(_), false) => {
                let allowed = "low, high and steps, or values";
                self.not_here(axis, "distribution", "a distribution", allowed)
            }
            (Range::Distributed(distribution), true) => {
                self.distribution(axis, parameter, distribution)
            }
        }
    }

    /// Whether a number waits while another axis moves the choice that it belongs to.
    fn waits(&self, parameter: &PlacedParameter) -> bool {
        let id = self.chain.parameter(&parameter.address);
        let mut all = self.chain.tree.belonging.iter();
        self.design == ONE_AT_A_TIME
            && id.is_some_and(|id| !self.base.is_set(id))
            && all.any(|own| Some(own.parameter) == id && self.varied.contains(&own.choice))
    }

    fn not_here(&mut self, axis: &Axis, key: &str, what: &str, allowed: &str) -> Option<Judged> {
        let got = format!("{what} in the design \"{}\"", self.design);
        self.fault(axis, key, got, allowed);
        None
    }

    /// A key that is not there.
    fn missing<T>(&mut self, axis: &Axis, name: &str) -> Option<T> {
        self.push(axis.place_of(""), FaultKind::Missing { what: "key", name: name.to_owned() });
        None
    }

    fn fault(&mut self, axis: &Axis, key: &str, got: String, allowed: &str) {
        let allowed = allowed.to_owned();
        self.push(axis.place_of(key), FaultKind::NotAllowed { got, allowed });
    }

    /// A fault of the parameter that is judged.
    fn push(&mut self, place: Place, kind: FaultKind) {
        self.faults.push(place.at_address(&self.address), kind);
    }

    fn push_all(&mut self, place: &Place, kinds: Vec<FaultKind>) {
        for kind in kinds {
            self.push(place.clone(), kind);
        }
    }

    /// A number drawn from a continuous distribution.
    fn number(
        &mut self,
        axis: &Axis,
        parameter: &PlacedParameter,
        marginal: impl FnOnce(&mut Self) -> Option<Marginal>,
    ) -> Option<Judged> {
        let ParameterKind::Number { unit, whole, .. } = parameter.kind else {
            let allowed = format!("a list of values: {}", parameter.kind.allowed());
            let key =
                if matches!(axis.range, Range::Distributed(_)) { "distribution" } else { "low" };
            let got = format!("a range of {}", parameter.address);
            self.fault(axis, key, got, &allowed);
            return None;
        };
        let judged = marginal(self)?;
        if whole {
            let got = "a continuous range of whole numbers".to_owned();
            let allowed = "values, or the distributions discrete and empirical";
            self.fault(axis, "", got, allowed);
            return None;
        }
        Some(number(parameter, unit, Spread::Drawn(judged)))
    }

    /// A value in SI, in the parameter's range.
    fn si(
        &mut self,
        axis: &Axis,
        parameter: &PlacedParameter,
        key: &str,
        value: &Value,
    ) -> Option<f64> {
        match accept(parameter, value, self.sum) {
            Ok(Accepted::Number(Some(si))) => Some(si),
            Ok(_) => {
                self.fault(axis, key, format!("{key} is {value}"), "a quantity");
                None
            }
            Err(kinds) => {
                self.push_all(&axis.place_of(key), kinds);
                None
            }
        }
    }

    fn steps(
        &mut self,
        axis: &Axis,
        parameter: &PlacedParameter,
        [low, high]: [&Value; 2],
        steps: u64,
    ) -> Option<Judged> {
        let ParameterKind::Number { unit, whole, .. } = parameter.kind else {
            return self.number(axis, parameter, |_| None);
        };
        let ends = self.rising(axis, parameter, [("low", low), ("high", high)]);
        if !(2..=MOST_STEPS).contains(&steps) {
            let allowed = format!("2 to {MOST_STEPS}");
            self.fault(axis, "steps", format!("{steps} steps"), &allowed);
            return None;
        }
        let [low_si, high_si] = ends?;
        let last = (steps - 1) as f64;
        let step = |k: u64| {
            let share = k as f64 / last;
            // both ends exactly, and no step beyond them
            if k + 1 == steps { high_si } else { low_si + share * (high_si - low_si) }
        };
        let numbers: Vec<f64> = (0..steps).map(step).collect();
        if whole && numbers.iter().any(|n| n.fract() != 0.0) {
            let got = format!("{steps} steps from {low} to {high}");
            self.fault(axis, "steps", got, "steps that are whole numbers");
            return None;
        }
        let base = self.base.number(parameter);
        match base {
            Some(base) if !self.waits(parameter) => {
                Some(number(parameter, unit, Spread::Steps { numbers, base }))
            }
            _ if self.design == ONE_AT_A_TIME => {
                let shown = numbers.iter().map(|si| Quantity::from_si(*si, unit).into());
                Some(self.names(axis, parameter, &shown.collect::<Vec<_>>(), "steps"))
            }
            _ => Some(number(parameter, unit, Spread::Steps { numbers, base: f64::NAN })),
        }
    }
}

/// A parameter as its values are said: of what a supply offers, all by mass where the first is, or
/// all by heat. A list that is said in several ways is left to be judged value by value.
fn said_in(
    parameter: &PlacedParameter,
    mut units: impl Iterator<Item = Option<Unit>>,
    listed: bool,
) -> Cow<'_, PlacedParameter> {
    if !matches!(parameter.kind, ParameterKind::Number { sense: Sense::Offer, .. }) {
        return Cow::Borrowed(parameter);
    }
    let Some(first) = units.next().flatten() else { return Cow::Borrowed(parameter) };
    let alike = |unit: Option<Unit>| unit.is_none_or(|unit| Basis::of(unit) == Basis::of(first));
    if !listed || units.all(alike) {
        let kind = parameter.kind.said_in(first);
        return Cow::Owned(PlacedParameter { kind, ..parameter.clone() });
    }
    Cow::Borrowed(parameter)
}

/// The unit that a value is written in, if it is a quantity.
fn unit_of(value: &Value) -> Option<Unit> {
    distribution::quantity_of(value).map(Quantity::unit)
}

/// Judges a value; a range that it leaves is told in the unit that somebody wrote.
fn accept(
    parameter: &PlacedParameter,
    value: &Value,
    sum: Sum,
) -> Result<Accepted, Vec<FaultKind>> {
    parameter.kind.accept_summing(value, sum).map_err(|kinds| {
        let in_unit = |kind| match (kind, &parameter.kind, unit_of(value)) {
            (
                FaultKind::OutOfRange { got, .. },
                ParameterKind::Number { low, high, .. },
                Some(unit),
            ) if unit != Unit::BARE => {
                let shown = |si: f64| Quantity::from_si(si, unit).rounded().to_string();
                let most = high.is_finite().then(|| shown(*high));
                FaultKind::OutOfRange { got, low: shown(*low), high: most }
            }
            (kind, ..) => kind,
        };
        kinds.into_iter().map(in_unit).collect()
    })
}

/// A column of numbers in SI.
pub(super) fn number(parameter: &PlacedParameter, unit: Unit, spread: Spread) -> Judged {
    let address = parameter.address.clone();
    Judged {
        variable: Variable::Number { address: address.clone(), unit },
        column: AxisColumn { address, unit: Some(unit), names: None },
        spread,
        tied: false,
    }
}

/// The same axis, drawing from its steps.
fn drawn(judged: Judged, weights: &[f64]) -> Judged {
    let spread = match judged.spread {
        Spread::Steps { numbers, .. } => Spread::Drawn(Marginal::steps(numbers, weights)),
        spread @ Spread::Drawn(_) => spread,
    };
    Judged { spread, ..judged }
}
