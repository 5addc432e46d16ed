//! Judging distributions: whether their parameters fit the axis's and one another.

use super::{Judge, Judged, drawn};
use crate::math;
use crate::param::{ParameterKind, PlacedParameter, Value};
use crate::quantity::{Dimension, Quantity, Unit};
use crate::sweep::ask::{Axis, Distribution};
use crate::sweep::design::{Beta, Marginal, SHAPES};

impl Judge<'_> {
    pub(super) fn distribution(
        &mut self,
        axis: &Axis,
        parameter: &PlacedParameter,
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
        parameter: &PlacedParameter,
        distribution: &Distribution,
    ) -> Option<Marginal> {
        match distribution {
            Distribution::Uniform { low, high } => {
                let [low, high] = self.rising(axis, parameter, [("low", low), ("high", high)])?;
                Some(Marginal::Uniform { low, high })
            }
            Distribution::Normal { mean, standard_deviation } => {
                self.normal(axis, parameter, [mean, standard_deviation], [&None, &None])
            }
            Distribution::TruncatedNormal { mean, standard_deviation, low, high } => {
                if low.is_none() && high.is_none() {
                    return self.missing(axis, "low\" or \"high");
                }
                self.normal(axis, parameter, [mean, standard_deviation], [low, high])
            }
            Distribution::Lognormal { mean, standard_deviation } => {
                let moments = self.moments(axis, parameter, mean, standard_deviation)?;
                if moments.mean <= 0.0 {
                    self.fault(axis, "mean", format!("mean {mean}"), "a mean above 0");
                    return None;
                }
                let ratio = moments.deviation / moments.mean;
                let square = math::ln_1p(ratio * ratio);
                let (mean, deviation) = (math::ln(moments.mean) - 0.5 * square, square.sqrt());
                // nothing of it lies below 0, whose logarithm is no number
                let score = |end: f64| (math::ln(end.max(0.0)) - mean) / deviation;
                let within = self.within(axis, moments.unit, [None, None], score)?;
                Some(Marginal::Lognormal { mean, deviation, within })
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
                        self.fault(axis, key, format!("{key} {shape}"), &allowed);
                        fits = false;
                    }
                }
                let [low, high] = ends.filter(|_| fits)?;
                Some(Marginal::Beta { low, high, shape: Beta::new(*alpha, *beta) })
            }
            Distribution::Discrete { .. } | Distribution::Empirical { .. } => None,
        }
    }

    /// A normal distribution, with ends of its own or none.
    fn normal(
        &mut self,
        axis: &Axis,
        parameter: &PlacedParameter,
        [mean, standard_deviation]: [&Value; 2],
        [low, high]: [&Option<Value>; 2],
    ) -> Option<Marginal> {
        let moments = self.moments(axis, parameter, mean, standard_deviation);
        let ends = if let (Some(low), Some(high)) = (low, high) {
            self.rising(axis, parameter, [("low", low), ("high", high)]).map(|ends| ends.map(Some))
        } else {
            let mut end = |key, end: &Option<Value>| match end {
                Some(value) => self.si(axis, parameter, key, value).map(Some),
                None => Some(None),
            };
            let [low, high] = [end("low", low), end("high", high)];
            low.zip(high).map(|(low, high)| [low, high])
        };
        let Moments { mean, deviation, unit } = moments?;
        let within = self.within(axis, unit, ends?, |end| (end - mean) / deviation)?;
        Some(Marginal::Normal { mean, deviation, within })
    }

    /// Two ends in SI, the first below the second.
    pub(super) fn rising(
        &mut self,
        axis: &Axis,
        parameter: &PlacedParameter,
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
        self.fault(axis, high_key, got, &allowed);
        None
    }

    fn three_points(
        &mut self,
        axis: &Axis,
        parameter: &PlacedParameter,
        [low, mode, high]: [&Value; 3],
    ) -> Option<[f64; 3]> {
        let ends = self.rising(axis, parameter, [("low", low), ("high", high)]);
        let middle = self.si(axis, parameter, "mode", mode);
        let ([low_si, high_si], middle) = (ends?, middle?);
        if (low_si..=high_si).contains(&middle) {
            return Some([low_si, middle, high_si]);
        }
        let got = format!("mode {mode} with low {low} and high {high}");
        self.fault(axis, "mode", got, "low to high");
        None
    }

    /// Mean and standard deviation in SI; the latter is a difference, so that 5 degC are 5 K.
    fn moments(
        &mut self,
        axis: &Axis,
        parameter: &PlacedParameter,
        mean: &Value,
        standard_deviation: &Value,
    ) -> Option<Moments> {
        let si = self.si(axis, parameter, "mean", mean);
        let key = "standard_deviation";
        let mut kind = parameter.kind.clone();
        if let ParameterKind::Number { low, high, none, unit, whole, .. } = &mut kind {
            (*low, *high, *none) = (f64::NEG_INFINITY, f64::INFINITY, None);
            *whole = false;
            // the spread of a count is no count
            if unit.dimension() == Dimension::Count {
                *unit = Unit::RATIO;
            }
        }
        if let Err(kinds) = kind.accept(standard_deviation) {
            self.push_all(&axis.place_of(key), kinds);
            return None;
        }
        let quantity = quantity_of(standard_deviation)?;
        let deviation = quantity.si() - quantity.unit().to_si(0.0);
        if deviation > 0.0 && deviation.is_finite() {
            let written = quantity_of(mean).map_or(Unit::BARE, Quantity::unit);
            let unit = if written == Unit::BARE { shown_in(parameter)? } else { written };
            return Some(Moments { mean: si?, deviation, unit });
        }
        let got = format!("standard deviation {standard_deviation}");
        self.fault(axis, key, got, "a standard deviation above 0");
        None
    }
}

/// Mean and standard deviation, SI.
struct Moments {
    mean: f64,
    deviation: f64,
    /// The unit that the mean was written in.
    unit: Unit,
}

/// The quantity that a value is, if it is one.
pub(super) fn quantity_of(value: &Value) -> Option<Quantity> {
    match value {
        Value::Quantity(quantity) => Some(*quantity),
        Value::Text(text) => text.parse().ok(),
        _ => None,
    }
}

/// The unit that a number is shown in.
const fn shown_in(parameter: &PlacedParameter) -> Option<Unit> {
    match parameter.kind {
        ParameterKind::Number { unit, .. } => Some(unit),
        _ => None,
    }
}
