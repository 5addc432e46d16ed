//! Judging lists of values: as numbers where all are, else as indices into them.

use super::{Judge, Judged, Spread, accept, drawn, number};
use crate::chain::Chain;
use crate::fault::FaultKind;
use crate::param::{Accepted, Feed, ParameterKind, PlacedParameter, Value, Values};
use crate::sweep::ask::{Axis, listed};
use crate::sweep::design::{AxisColumn, Marginal, ONE_AT_A_TIME};
use crate::sweep::evaluate::Variable;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

impl Judge<'_> {
    /// Values of any kind: a column of numbers where all are, else indices into them.
    pub(super) fn options(
        &mut self,
        axis: &Axis,
        parameter: &PlacedParameter,
        values: &[Value],
        key: &str,
    ) -> Option<Judged> {
        if values.is_empty() {
            self.fault(axis, key, format!("an empty list of {key}"), "at least one");
            return None;
        }
        let mut accepted: Vec<Accepted> = Vec::with_capacity(values.len());
        let mut seen = HashSet::new();
        let mut fits = true;
        let mut values = Cow::Borrowed(values);
        for index in 0..values.len() {
            let value = &values[index];
            let place = axis.place_of_value(index);
            match accept(parameter, value, self.sum) {
                Ok(new) if seen.insert(new.key()) => {
                    if let Some(divided) = self.divided(value, &new) {
                        values.to_mut()[index] = divided;
                    }
                    accepted.push(new);
                }
                Ok(_) => {
                    let name = value.to_string();
                    self.push(place, FaultKind::Duplicate { what: "value", name, first: None });
                    fits = false;
                }
                Err(kinds) => {
                    self.push_all(&place, kinds);
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
        let base = self.base.number(parameter);
        // the base scenario's own value is a step of one at a time
        let with_base = base.is_some() && !self.waits(parameter) || self.design != ONE_AT_A_TIME;
        match (numbers, &parameter.kind) {
            (Some(numbers), ParameterKind::Number { unit, .. }) if with_base => {
                let base = base.unwrap_or(f64::NAN);
                Some(number(parameter, *unit, Spread::Steps { numbers, base }))
            }
            _ => Some(self.names(axis, parameter, &values, key)),
        }
    }

    /// What takes the place of a composition that was divided by its sum, which is noted.
    fn divided(&mut self, value: &Value, accepted: &Accepted) -> Option<Value> {
        let Accepted::Composition(Feed { sum: Some(sum), mole_fractions, .. }) = accepted else {
            return None;
        };
        let note = format!("{}: {value} sums to {sum} and was divided by that", self.address);
        self.normalised.push(note);
        // one that has a name is known by it
        let is_named = matches!(value, Value::Text(_));
        let shares = self.chain.slate.names().zip(mole_fractions.iter().copied());
        (!is_named).then(|| shares.collect())
    }

    /// Values as indices, with the base scenario's among them.
    pub(super) fn names(
        &mut self,
        axis: &Axis,
        parameter: &PlacedParameter,
        values: &[Value],
        key: &str,
    ) -> Judged {
        let address = &parameter.address;
        let mut values = values.to_vec();
        let numbers: Vec<f64> = (0..values.len()).map(|index| index as f64).collect();
        let mut base = None;
        for (index, value) in values.iter().enumerate() {
            let mut trial = self.base.clone();
            let place = axis.place_of(key).at_address(address);
            self.chain.set_at(&mut trial, address, value, &place, self.faults);
            let same = (&trial.numbers, &trial.known, &trial.bases, &trial.choices, &trial.orders)
                == (
                    &self.base.numbers,
                    &self.base.known,
                    &self.base.bases,
                    &self.base.choices,
                    &self.base.orders,
                );
            if same {
                base = Some(index);
            }
        }
        let base = base.unwrap_or_else(|| {
            if self.design == ONE_AT_A_TIME {
                values.push(base_value(self.chain, self.base, parameter));
            }
            values.len() - 1
        });
        // while others move, it is as the chain has it
        let is_set = self.chain.parameter(address).is_some_and(|id| self.base.is_set(id));
        let own = (self.design == ONE_AT_A_TIME && !is_set).then_some(base);
        let names = values.iter().map(ToString::to_string).collect();
        Judged {
            variable: Variable::Options { address: address.clone(), values, own },
            column: AxisColumn { address: address.clone(), unit: None, names: Some(names) },
            spread: Spread::Steps { numbers, base: base as f64 },
            tied: false,
        }
    }

    /// Observed values: numbers in rising order, or names with a weight for each time they occur.
    pub(super) fn number_or_names(
        &mut self,
        axis: &Axis,
        parameter: &PlacedParameter,
        values: &[Value],
    ) -> Option<Judged> {
        if values.is_empty() {
            self.fault(axis, "file", "a column without values".into(), "at least one");
            return None;
        }
        if let ParameterKind::Number { unit, .. } = parameter.kind {
            let mut numbers = Vec::with_capacity(values.len());
            for (index, value) in values.iter().enumerate() {
                let place = || axis.place_of_value(index);
                match accept(parameter, value, self.sum) {
                    Ok(Accepted::Number(Some(number))) => numbers.push(number),
                    Ok(_) => {
                        let (got, allowed) = (value.to_string(), "a quantity".to_owned());
                        self.push(place(), FaultKind::Unreadable { got, allowed });
                    }
                    Err(kinds) => self.push_all(&place(), kinds),
                }
            }
            if numbers.len() < values.len() {
                return None;
            }
            numbers.sort_by(f64::total_cmp);
            let marginal = Marginal::steps(numbers, &[]);
            return Some(number(parameter, unit, Spread::Drawn(marginal)));
        }
        let mut different: Vec<Value> = Vec::new();
        let mut weights: Vec<f64> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for value in values {
            let place = *places.entry(value.to_string()).or_insert(different.len());
            if place == different.len() {
                different.push(value.clone());
                weights.push(0.0);
            }
            weights[place] += 1.0;
        }
        let judged = self.options(axis, parameter, &different, "values")?;
        Some(drawn(judged, &weights))
    }

    pub(super) fn weights<'w>(
        &mut self,
        axis: &Axis,
        values: usize,
        weights: &'w [f64],
    ) -> Option<&'w [f64]> {
        if !weights.is_empty() && weights.len() != values {
            let got = format!("{} weights for {values} values", weights.len());
            self.fault(axis, "weights", got, "one weight a value, or none at all");
            return None;
        }
        let sum: f64 = weights.iter().sum();
        let fit = weights.iter().all(|weight| *weight >= 0.0) && sum.is_finite();
        if fit && (weights.is_empty() || sum > 0.0) {
            return Some(weights);
        }
        let got = format!("weights {}", listed(weights));
        self.fault(axis, "weights", got, "numbers of at least 0, not all of them 0");
        None
    }
}

/// The value of a parameter in the base scenario, as written.
pub(in crate::sweep) fn base_value(
    chain: &Chain,
    base: &Values,
    parameter: &PlacedParameter,
) -> Value {
    let set = chain.parameter(&parameter.address).filter(|&index| base.is_set(index));
    let set = set.and_then(|index| base.overrides.iter().rev().find(|(other, _)| *other == index));
    set.map_or(&parameter.value, |(_, value)| value).clone()
}
