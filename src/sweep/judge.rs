//! Judging axes: whether what a sweep says of a parameter fits it, and what its column then holds.

use super::axis::{Axis, Range};
use super::beta::{Beta, SHAPES};
use super::design::AxisColumn;
use super::distribution::Distribution;
use super::evaluate::Variable;
use super::marginal::{Marginal, Truncated};
use crate::chain::Chain;
use crate::fault::{FaultKind, Faults, Place};
use crate::param::{Accepted, Parameter, ParameterKind, Value, Values};
use crate::quantity::{Dimension, Quantity, Unit};

/// An axis that fits its parameter.
#[derive(Debug)]
pub(super) struct Judged {
    pub variable: Variable,
    pub column: AxisColumn,
    pub spread: Spread,
}

/// What a column holds.
#[derive(Debug)]
pub(super) enum Spread {
    /// These numbers, SI or indices, and the base scenario's.
    Steps { numbers: Vec<f64>, base: f64 },
    /// Numbers drawn from a distribution.
    Drawn(Marginal),
}

/// What axes are judged against.
pub(super) struct Judge<'a> {
    pub chain: &'a Chain,
    pub base: &'a Values,
    /// Name of the design in messages.
    pub design: &'static str,
    /// Whether the design draws its points, as opposed to going through steps.
    pub draws: bool,
    pub faults: &'a mut Faults,
}

/// Most steps of an axis: columns of steps are held in memory.
const MOST_STEPS: u64 = 10_000_000;

impl Judge<'_> {
    /// Judges an axis; `None` where it has faults.
    pub(super) fn axis(&mut self, axis: &Axis) -> Option<Judged> {
        let address = &axis.parameter;
        let parameters = self.chain.parameters();
        let Some(parameter) = parameters.iter().find(|other| other.address == *address) else {
            let names = parameters.iter().map(|parameter| &parameter.address);
            let kind = FaultKind::unknown("parameter", address, names);
            self.faults.push(axis.place_of("parameter"), kind);
            return None;
        };
        match (&axis.range, self.draws) {
            (Range::Values(values), false) => self.options(axis, parameter, values, "values"),
            (Range::Values(values), true) => {
                let judged = self.options(axis, parameter, values, "values")?;
                Some(drawn(judged, &[]))
            }
            (Range::Between { low, high, steps: Some(steps) }, false) => {
                self.steps(axis, parameter, [low, high], *steps)
            }
            (Range::Between { steps: None, .. }, false) => {
                let name = "steps".to_owned();
                self.faults.push(axis.place_of(""), FaultKind::Missing { what: "key", name });
                None
            }
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

    fn not_here(&mut self, axis: &Axis, key: &str, what: &str, allowed: &str) -> Option<Judged> {
        let got = format!("{what} in the design \"{}\"", self.design);
        self.fault(axis.place_of(key), got, allowed);
        None
    }

    fn fault(&mut self, place: Place, got: String, allowed: &str) {
        self.faults.push(place, FaultKind::NotAllowed { got, allowed: allowed.to_owned() });
    }

    /// A number drawn from a continuous distribution.
    fn number(
        &mut self,
        axis: &Axis,
        parameter: &Parameter,
        marginal: impl FnOnce(&mut Self) -> Option<Marginal>,
    ) -> Option<Judged> {
        let ParameterKind::Number { unit, .. } = parameter.kind else {
            let allowed = format!("a list of values: {}", parameter.kind.allowed());
            let key =
                if matches!(axis.range, Range::Distributed(_)) { "distribution" } else { "low" };
            let got = format!("a range of {}", parameter.address);
            self.fault(axis.place_of(key), got, &allowed);
            return None;
        };
        let judged = marginal(self)?;
        if unit.dimension() == Dimension::Count {
            let got = "a continuous range of a count".to_owned();
            let allowed = "values, or the distributions discrete and empirical";
            self.fault(axis.place_of(""), got, allowed);
            return None;
        }
        Some(number(parameter, unit, Spread::Drawn(judged)))
    }

    fn distribution(
        &mut self,
        axis: &Axis,
        parameter: &Parameter,
        distribution: &Distribution,
    ) -> Option<Judged> {
        match distribution {
            Distribution::Discrete { values, weights } => {
                let judged = self.options(axis, parameter, values, "values");
                let weights = self.weights(axis, values.len(), weights)?;
                judged.map(|judged| drawn(judged, weights))
            }
            Distribution::Empirical { values, .. } => self.number_or_names(axis, parameter, values),
            _ => self
                .number(axis, parameter, |judge| judge.continuous(axis, parameter, distribution)),
        }
    }

    fn continuous(
        &mut self,
        axis: &Axis,
        parameter: &Parameter,
        distribution: &Distribution,
    ) -> Option<Marginal> {
        match distribution {
            Distribution::Uniform { low, high } => {
                let [low, high] = self.rising(axis, parameter, [("low", low), ("high", high)])?;
                Some(Marginal::Uniform { low, high })
            }
            Distribution::Normal { mean, standard_deviation } => {
                let (mean, deviation) = self.moments(axis, parameter, mean, standard_deviation)?;
                Some(Marginal::Normal { mean, deviation })
            }
            Distribution::Lognormal { mean, standard_deviation } => {
                let (si, deviation) = self.moments(axis, parameter, mean, standard_deviation)?;
                if si <= 0.0 {
                    let got = format!("mean {mean}");
                    self.fault(axis.place_of("mean"), got, "a mean above 0");
                    return None;
                }
                Some(Marginal::lognormal(si, deviation))
            }
            Distribution::TruncatedNormal { mean, standard_deviation, low, high } => {
                self.truncated(axis, parameter, [mean, standard_deviation], [low, high])
            }
            Distribution::Triangular { low, mode, high } => {
                let [low, mode, high] = self.three_points(axis, parameter, [low, mode, high])?;
                Some(Marginal::Triangular { low, mode, high })
            }
            Distribution::BetaPert { low, mode, high } => {
                let [low, mode, high] = self.three_points(axis, parameter, [low, mode, high])?;
                let width = high - low;
                let alpha = 1.0 + 4.0 * (mode - low) / width;
                let beta = 1.0 + 4.0 * (high - mode) / width;
                Some(Marginal::Beta { low, high, shape: Beta::new(alpha, beta) })
            }
            Distribution::Beta { low, high, alpha, beta } => {
                let ends = self.rising(axis, parameter, [("low", low), ("high", high)]);
                let mut fits = true;
                for (key, shape) in [("alpha", alpha), ("beta", beta)] {
                    if !SHAPES.contains(shape) {
                        let allowed = format!("{} to {}", SHAPES.start(), SHAPES.end());
                        self.fault(axis.place_of(key), format!("{key} {shape}"), &allowed);
                        fits = false;
                    }
                }
                let [low, high] = ends.filter(|_| fits)?;
                Some(Marginal::Beta { low, high, shape: Beta::new(*alpha, *beta) })
            }
            Distribution::Discrete { .. } | Distribution::Empirical { .. } => None,
        }
    }

    fn truncated(
        &mut self,
        axis: &Axis,
        parameter: &Parameter,
        [mean, standard_deviation]: [&Value; 2],
        [low, high]: [&Option<Value>; 2],
    ) -> Option<Marginal> {
        let moments = self.moments(axis, parameter, mean, standard_deviation);
        let ends = match (low, high) {
            (Some(low), Some(high)) => self.rising(axis, parameter, [("low", low), ("high", high)]),
            (Some(low), None) => {
                self.si(axis, parameter, "low", low).map(|low| [low, f64::INFINITY])
            }
            (None, Some(high)) => {
                self.si(axis, parameter, "high", high).map(|high| [f64::NEG_INFINITY, high])
            }
            (None, None) => {
                let name = "low\" or \"high".to_owned();
                self.faults.push(axis.place_of(""), FaultKind::Missing { what: "key", name });
                None
            }
        };
        let ((mean, deviation), [low, high]) = (moments?, ends?);
        let truncated = Truncated::new(mean, deviation, low, high);
        if truncated.is_none() {
            let got = "ends so far from the mean that no probability lies between".to_owned();
            self.fault(axis.place_of(""), got, "ends nearer to the mean");
        }
        truncated.map(Marginal::Truncated)
    }

    /// A value in SI, in the parameter's range.
    fn si(&mut self, axis: &Axis, parameter: &Parameter, key: &str, value: &Value) -> Option<f64> {
        match parameter.kind.accept(value) {
            Ok(Accepted::Number(Some(si))) => Some(si),
            Ok(_) => {
                self.fault(axis.place_of(key), format!("{key} is {value}"), "a quantity");
                None
            }
            Err(kinds) => {
                for kind in kinds {
                    self.faults.push(axis.place_of(key), kind);
                }
                None
            }
        }
    }

    /// Two ends in SI, the first below the second.
    fn rising(
        &mut self,
        axis: &Axis,
        parameter: &Parameter,
        [(low_key, low), (high_key, high)]: [(&str, &Value); 2],
    ) -> Option<[f64; 2]> {
        let low_si = self.si(axis, parameter, low_key, low);
        let high_si = self.si(axis, parameter, high_key, high);
        let (low_si, high_si) = (low_si?, high_si?);
        if low_si < high_si {
            return Some([low_si, high_si]);
        }
        let got = format!("{low_key} {low} with {high_key} {high}");
        let allowed = format!("{low_key} below {high_key}");
        self.fault(axis.place_of(high_key), got, &allowed);
        None
    }

    fn three_points(
        &mut self,
        axis: &Axis,
        parameter: &Parameter,
        [low, mode, high]: [&Value; 3],
    ) -> Option<[f64; 3]> {
        let ends = self.rising(axis, parameter, [("low", low), ("high", high)]);
        let middle = self.si(axis, parameter, "mode", mode);
        let ([low_si, high_si], middle) = (ends?, middle?);
        if (low_si..=high_si).contains(&middle) {
            return Some([low_si, middle, high_si]);
        }
        let got = format!("mode {mode} with low {low} and high {high}");
        self.fault(axis.place_of("mode"), got, "low to high");
        None
    }

    /// Mean and standard deviation in SI; the latter is a difference, so that 5 degC are 5 K.
    fn moments(
        &mut self,
        axis: &Axis,
        parameter: &Parameter,
        mean: &Value,
        standard_deviation: &Value,
    ) -> Option<(f64, f64)> {
        let mean = self.si(axis, parameter, "mean", mean);
        let key = "standard_deviation";
        let mut kind = parameter.kind.clone();
        if let ParameterKind::Number { low, high, may_be_unknown, unit } = &mut kind {
            (*low, *high, *may_be_unknown) = (f64::NEG_INFINITY, f64::INFINITY, false);
            // the spread of a count is no count
            if unit.dimension() == Dimension::Count {
                *unit = Unit::RATIO;
            }
        }
        if let Err(kinds) = kind.accept(standard_deviation) {
            for kind in kinds {
                self.faults.push(axis.place_of(key), kind);
            }
            return None;
        }
        let quantity = match standard_deviation {
            Value::Quantity(quantity) => Some(*quantity),
            Value::Text(text) => text.parse::<Quantity>().ok(),
            _ => None,
        }?;
        let deviation = quantity.si() - quantity.unit().to_si(0.0);
        if deviation > 0.0 && deviation.is_finite() {
            return Some((mean?, deviation));
        }
        let got = format!("standard deviation {standard_deviation}");
        self.fault(axis.place_of(key), got, "a standard deviation above 0");
        None
    }

    fn steps(
        &mut self,
        axis: &Axis,
        parameter: &Parameter,
        [low, high]: [&Value; 2],
        steps: u64,
    ) -> Option<Judged> {
        let ParameterKind::Number { unit, .. } = parameter.kind else {
            return self.number(axis, parameter, |_| None);
        };
        let ends = self.rising(axis, parameter, [("low", low), ("high", high)]);
        if !(2..=MOST_STEPS).contains(&steps) {
            let allowed = format!("2 to {MOST_STEPS}");
            self.fault(axis.place_of("steps"), format!("{steps} steps"), &allowed);
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
        if unit.dimension() == Dimension::Count && numbers.iter().any(|n| n.fract() != 0.0) {
            let got = format!("{steps} steps from {low} to {high} of a count");
            self.fault(axis.place_of("steps"), got, "steps that are whole numbers");
            return None;
        }
        let base = self.chain.number(self.base, &parameter.address);
        match base {
            Some(base) => Some(number(parameter, unit, Spread::Steps { numbers, base })),
            None if self.design == super::design::ONE_AT_A_TIME => {
                let shown = numbers.iter().map(|si| Quantity::from_si(*si, unit).into());
                self.names(axis, parameter, &shown.collect::<Vec<_>>(), "steps")
            }
            None => Some(number(parameter, unit, Spread::Steps { numbers, base: f64::NAN })),
        }
    }

    /// Values of any kind: a column of numbers where all are, else indices into them.
    fn options(
        &mut self,
        axis: &Axis,
        parameter: &Parameter,
        values: &[Value],
        key: &str,
    ) -> Option<Judged> {
        if values.is_empty() {
            self.fault(axis.place_of(key), format!("an empty list of {key}"), "at least one");
            return None;
        }
        let mut accepted: Vec<Accepted> = Vec::new();
        let mut fits = true;
        for (index, value) in values.iter().enumerate() {
            let place = || axis.place_of(&format!("{key}.{index}"));
            match parameter.kind.accept(value) {
                Ok(new) if accepted.contains(&new) => {
                    let name = value.to_string();
                    let kind = FaultKind::Duplicate { what: "value", name, first: None };
                    self.faults.push(place(), kind);
                    fits = false;
                }
                Ok(new) => accepted.push(new),
                Err(kinds) => {
                    for kind in kinds {
                        self.faults.push(place(), kind);
                    }
                    fits = false;
                }
            }
        }
        if !fits {
            return None;
        }
        let numbers = accepted.iter().map(|accepted| match accepted {
            Accepted::Number(si) => *si,
            _ => None,
        });
        let numbers: Option<Vec<f64>> = numbers.collect();
        let base = self.chain.number(self.base, &parameter.address);
        // the base scenario's own value is a step of one at a time
        let with_base = base.is_some() || self.design != super::design::ONE_AT_A_TIME;
        match (numbers, &parameter.kind) {
            (Some(numbers), ParameterKind::Number { unit, .. }) if with_base => {
                let base = base.unwrap_or(f64::NAN);
                Some(number(parameter, *unit, Spread::Steps { numbers, base }))
            }
            _ => self.names(axis, parameter, values, key),
        }
    }

    /// Values as indices, with the base scenario's among them.
    fn names(
        &mut self,
        axis: &Axis,
        parameter: &Parameter,
        values: &[Value],
        key: &str,
    ) -> Option<Judged> {
        let address = &parameter.address;
        let mut values = values.to_vec();
        let numbers: Vec<f64> = (0..values.len()).map(|index| index as f64).collect();
        let mut base = None;
        for (index, value) in values.iter().enumerate() {
            let mut trial = self.base.clone();
            let place = axis.place_of(key);
            self.chain.set_at(&mut trial, address, value, &place, self.faults);
            let same = (&trial.numbers, &trial.known, &trial.choices, &trial.orders)
                == (&self.base.numbers, &self.base.known, &self.base.choices, &self.base.orders);
            if same {
                base = Some(index);
            }
        }
        let base = base.unwrap_or_else(|| {
            if self.design == super::design::ONE_AT_A_TIME {
                values.push(base_value(self.chain, self.base, parameter));
            }
            values.len() - 1
        });
        let names = values.iter().map(ToString::to_string).collect();
        Some(Judged {
            variable: Variable::Options { address: address.clone(), values },
            column: AxisColumn { address: address.clone(), unit: None, names: Some(names) },
            spread: Spread::Steps { numbers, base: base as f64 },
        })
    }

    /// Observed values: numbers in rising order, or names with a weight for each time they occur.
    fn number_or_names(
        &mut self,
        axis: &Axis,
        parameter: &Parameter,
        values: &[Value],
    ) -> Option<Judged> {
        if values.is_empty() {
            self.fault(axis.place_of("file"), "a column without values".into(), "at least one");
            return None;
        }
        if let ParameterKind::Number { unit, .. } = parameter.kind {
            let mut numbers = Vec::with_capacity(values.len());
            for (index, value) in values.iter().enumerate() {
                numbers.push(self.si(axis, parameter, &format!("values.{index}"), value));
            }
            let mut numbers = numbers.into_iter().collect::<Option<Vec<f64>>>()?;
            numbers.sort_by(f64::total_cmp);
            let marginal = Marginal::steps(numbers, &[]);
            return Some(number(parameter, unit, Spread::Drawn(marginal)));
        }
        let mut different: Vec<Value> = Vec::new();
        let mut weights: Vec<f64> = Vec::new();
        for value in values {
            match different.iter().position(|other| other == value) {
                Some(index) => weights[index] += 1.0,
                None => {
                    different.push(value.clone());
                    weights.push(1.0);
                }
            }
        }
        let judged = self.options(axis, parameter, &different, "values")?;
        Some(drawn(judged, &weights))
    }

    fn weights<'w>(&mut self, axis: &Axis, values: usize, weights: &'w [f64]) -> Option<&'w [f64]> {
        let place = axis.place_of("weights");
        if !weights.is_empty() && weights.len() != values {
            let got = format!("{} weights for {values} values", weights.len());
            self.fault(place, got, "one weight a value, or none at all");
            return None;
        }
        let sum: f64 = weights.iter().sum();
        let fit = weights.iter().all(|weight| *weight >= 0.0) && sum.is_finite();
        if fit && (weights.is_empty() || sum > 0.0) {
            return Some(weights);
        }
        let got = format!("weights {}", super::distribution::listed(weights));
        self.fault(place, got, "numbers of at least 0, not all of them 0");
        None
    }
}

/// The value of a parameter in the base scenario, as written.
pub(super) fn base_value(chain: &Chain, base: &Values, parameter: &Parameter) -> Value {
    let index = chain.parameters().iter().position(|other| other.address == parameter.address);
    let set = base.overrides.iter().rev().find(|(other, _)| Some(*other) == index);
    set.map_or(&parameter.value, |(_, value)| value).clone()
}

/// A column of numbers in SI.
pub(super) fn number(parameter: &Parameter, unit: Unit, spread: Spread) -> Judged {
    let address = parameter.address.clone();
    Judged {
        variable: Variable::Number { address: address.clone() },
        column: AxisColumn { address, unit: Some(unit), names: None },
        spread,
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
