//! Judging distributions: whether their parameters fit the axis's and one another.

use super::{Judge, Judged, drawn};
use crate::fault::FaultKind;
use crate::param::{ParameterKind, PlacedParameter, Value};
use crate::quantity::{Dimension, Quantity, Unit};
use crate::sweep::ask::{Axis, Distribution};
use crate::sweep::design::{Beta, Marginal, SHAPES, Truncated};

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
        parameter: &PlacedParameter,
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
        self.fault(axis.place_of(high_key), got, &allowed);
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
        self.fault(axis.place_of("mode"), got, "low to high");
        None
    }

    /// Mean and standard deviation in SI; the latter is a difference, so that 5 degC are 5 K.
    fn moments(
        &mut self,
        axis: &Axis,
        parameter: &PlacedParameter,
        mean: &Value,
        standard_deviation: &Value,
    ) -> Option<(f64, f64)> {
        let mean = self.si(axis, parameter, "mean", mean);
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
}
