//! Axes and distributions of a sweep file.

use super::reader::Reader;
use crate::chain::value_of;
use crate::document::Entry;
use crate::evidence::Evidence;
use crate::fault::{FaultKind, Place};
use crate::param::Value;
use crate::sweep::ask::axis::{Axis, Places, Range};
use crate::sweep::ask::distribution::Distribution;
use crate::sweep::design::MOST_SCENARIOS;

impl Reader<'_, '_> {
    pub(super) fn axis(&mut self) -> Option<Axis> {
        let mut places = Places { axis: self.keys.place.clone(), ..Places::default() };
        let parameters = self.parameters(&mut places);
        let distribution = self.keys.placed_text("distribution");
        let range = match distribution {
            Some((name, place)) => {
                places.keys.push(("distribution".to_owned(), place.clone()));
                self.distribution(&name, place, &mut places).map(Range::Distributed)
            }
            None => self.plain_range(&mut places),
        };
        let cut = match &range {
            Some(Range::Distributed(distribution)) if !distribution.has_ends() => self.flag("cut"),
            _ => None,
        };
        let evidence = self.keys.placed_text("evidence");
        let source = self.keys.optional_text("source").unwrap_or_default();
        let mut axis = Axis::new("", range?);
        axis.parameters = parameters?;
        axis.cut = cut.unwrap_or(false);
        axis.places = places;
        if let Some((evidence, place)) = evidence {
            match Evidence::read(&evidence) {
                Ok(evidence) => axis = axis.known_by(evidence, &source),
                Err(kind) => self.keys.faults.push(place, kind),
            }
        } else if !source.is_empty() {
            self.missing("evidence");
        }
        Some(axis)
    }

    /// One parameter, or several that have the same value.
    fn parameters(&mut self, places: &mut Places) -> Option<Vec<String>> {
        let Some(entry) = self.keys.take("parameter") else {
            self.missing("parameter");
            return None;
        };
        let before = self.keys.faults.count();
        let place = entry.place.clone();
        let named = self.keys.list_of_texts("parameter", entry);
        if self.keys.faults.count() > before {
            return None;
        }
        if named.is_empty() {
            let got = "an empty list under parameter".to_owned();
            let allowed = "an address, or a list of those that have the same value".to_owned();
            self.keys.faults.push(place, FaultKind::NotAllowed { got, allowed });
            return None;
        }
        let (addresses, found) = named.into_iter().unzip();
        places.parameters = found;
        Some(addresses)
    }

    /// Low and high, or a list of values.
    fn plain_range(&mut self, places: &mut Places) -> Option<Range> {
        let faults = self.keys.faults.count();
        if let Some(items) = self.list("values") {
            return self.values(items, places).map(Range::Values);
        }
        let low = self.value("low", places);
        let high = self.value("high", places);
        let steps_place = self.keys.place.clone();
        let steps = self.steps(places, steps_place);
        if self.keys.faults.count() == faults {
            match (&low, &high) {
                (Some(_), Some(_)) => {}
                (Some(_), None) => self.missing("high"),
                (None, Some(_)) => self.missing("low"),
                (None, None) => {
                    // a key that is misspelt is not missing as well
                    let keys = ["values", "distribution", "low", "high"];
                    if !keys.into_iter().any(|key| self.keys.misspells(key)) {
                        self.missing("values\", \"distribution\", or \"low\" and \"high");
                    }
                }
            }
        }
        let (low, high) = (low?, high?);
        Some(Range::Between { low, high, steps })
    }

    fn steps(&mut self, places: &mut Places, place: Place) -> Option<u64> {
        let entry = self.keys.take("steps")?;
        places.keys.push(("steps".to_owned(), entry.place.clone()));
        let number = self.as_number("steps", &entry)?;
        if number.fract() == 0.0 && (0.0..=MOST_SCENARIOS as f64).contains(&number) {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            return Some(number as u64);
        }
        let (got, allowed) = (format!("steps is {number}"), "a whole number".to_owned());
        let place = Place { line: entry.place.line, ..place };
        self.keys.faults.push(place, FaultKind::NotAllowed { got, allowed });
        None
    }

    fn distribution(
        &mut self,
        name: &str,
        place: Place,
        places: &mut Places,
    ) -> Option<Distribution> {
        match name {
            "uniform" => {
                let [low, high] = self.required(["low", "high"], places);
                Some(Distribution::Uniform { low: low?, high: high? })
            }
            "normal" | "lognormal" => {
                let [mean, deviation] = self.required(["mean", "standard_deviation"], places);
                let (mean, standard_deviation) = (mean?, deviation?);
                Some(if name == "normal" {
                    Distribution::Normal { mean, standard_deviation }
                } else {
                    Distribution::Lognormal { mean, standard_deviation }
                })
            }
            "truncated_normal" => {
                let [mean, deviation] = self.required(["mean", "standard_deviation"], places);
                let [low, high] = ["low", "high"].map(|key| self.value(key, places));
                let (mean, standard_deviation) = (mean?, deviation?);
                Some(Distribution::TruncatedNormal { mean, standard_deviation, low, high })
            }
            "triangular" | "beta_pert" => {
                let [low, mode, high] = self.required(["low", "mode", "high"], places);
                let (low, mode, high) = (low?, mode?, high?);
                Some(if name == "triangular" {
                    Distribution::Triangular { low, mode, high }
                } else {
                    Distribution::BetaPert { low, mode, high }
                })
            }
            "beta" => {
                let [low, high] = self.required(["low", "high"], places);
                let [alpha, beta] = ["alpha", "beta"].map(|key| self.bare(key));
                let (low, high) = (low?, high?);
                Some(Distribution::Beta { low, high, alpha: alpha?, beta: beta? })
            }
            "discrete" => {
                let before = self.keys.faults.count();
                let values = self.list("values");
                if values.is_none() && self.keys.faults.count() == before {
                    self.missing("values");
                }
                let values = values.and_then(|values| self.values(values, places));
                let weights = self.list("weights").unwrap_or_default();
                let weights: Option<Vec<f64>> =
                    weights.iter().map(|entry| self.as_number("a weight", entry)).collect();
                Some(Distribution::Discrete { values: values?, weights: weights? })
            }
            "empirical" => self.empirical(places),
            other => {
                let kind = FaultKind::unknown("distribution", other, Distribution::NAMES);
                self.keys.faults.push(place, kind);
                // its other keys belong to a distribution that nobody knows
                self.keys.take_rest();
                None
            }
        }
    }

    fn empirical(&mut self, places: &mut Places) -> Option<Distribution> {
        let table = self.csv();
        let column = self.keys.required_text("column");
        let unit = self.keys.optional_text("unit");
        let (table, (column, place)) = (table?, column?);
        let Some(at) = table.column(&column) else {
            let kind = FaultKind::unknown("column", &column, &table.header);
            self.keys.faults.push(place, kind);
            return None;
        };
        let mut values = Vec::with_capacity(table.len());
        for row in 0..table.len() {
            let (text, place) = (table.text(row, at), table.place(row, at));
            match observed(text, unit.as_deref()) {
                Ok(value) => values.push(value),
                Err(kind) => self.keys.faults.push(place.clone(), kind),
            }
            places.values.push(place);
        }
        let source = format!("column {column} of {}", table.file);
        Some(Distribution::Empirical { values, source })
    }

    /// A value that may be absent, and where it stands.
    fn value(&mut self, key: &str, places: &mut Places) -> Option<Value> {
        let entry = self.keys.take(key)?;
        places.keys.push((key.to_owned(), entry.place.clone()));
        match value_of(&entry) {
            Ok(value) => Some(value),
            Err(kind) => {
                self.keys.faults.push(entry.place, kind);
                None
            }
        }
    }

    /// Values that have to be there.
    fn required<const N: usize>(
        &mut self,
        keys: [&'static str; N],
        places: &mut Places,
    ) -> [Option<Value>; N] {
        keys.map(|key| {
            let before = self.keys.faults.count();
            let value = self.value(key, places);
            if value.is_none() && self.keys.faults.count() == before {
                self.missing(key);
            }
            value
        })
    }

    fn values(&mut self, items: Vec<Entry>, places: &mut Places) -> Option<Vec<Value>> {
        let mut values = Some(Vec::new());
        for item in items {
            places.values.push(item.place.clone());
            match value_of(&item) {
                Ok(value) => values.iter_mut().for_each(|values| values.push(value.clone())),
                Err(kind) => {
                    self.keys.faults.push(item.place, kind);
                    values = None;
                }
            }
        }
        values
    }
}

/// The cell of an observation, in the unit of its column where that has one.
fn observed(text: &str, unit: Option<&str>) -> Result<Value, FaultKind> {
    if text.is_empty() {
        let got = "a blank among observations".to_owned();
        let allowed = "0 where that is what there was, as in an outage; no row where nothing was \
                       observed";
        return Err(FaultKind::NotAllowed { got, allowed: allowed.to_owned() });
    }
    let Some(unit) = unit else { return Ok(Value::Text(text.to_owned())) };
    if text.parse().is_ok_and(f64::is_finite) {
        return Ok(Value::Text(format!("{text} {unit}")));
    }
    let allowed = format!("a finite number, of {unit}; no row where nothing was observed");
    Err(FaultKind::Unreadable { got: text.to_owned(), allowed })
}
