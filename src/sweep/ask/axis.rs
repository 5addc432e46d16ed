//! An axis of a sweep: a parameter, and the values it takes.

use super::distribution::{Distribution, listed};
use crate::evidence::{Evidence, Provenance};
use crate::fault::Place;
use crate::param::{Value, scenario_provenance};
use std::collections::HashMap;
use std::fmt;

/// An axis: which parameter varies, and how.
///
/// ```
/// use gaschain::sweep::{Axis, Distribution};
/// let axes = [
///     Axis::steps("heihe.demand", "34 bcm/yr", "44 bcm/yr", 11),
///     Axis::values("gpp.trains", [4.0, 5.0, 6.0]),
///     Axis::between("kovykta.flow", "15 bcm/yr", "30 bcm/yr"),
///     Axis::distributed(
///         "gcc.furnaces",
///         Distribution::Normal {
///             mean: "3.5 Mt/yr".into(),
///             standard_deviation: "0.1 Mt/yr".into(),
///         },
///     ),
/// ];
/// assert_eq!(axes[0].to_string(), "heihe.demand: 11 steps, low 34 bcm/yr, high 44 bcm/yr");
/// assert_eq!(axes[1].to_string(), "gpp.trains: values 4, 5, 6");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// Address of the parameter.
    pub parameter: String,
    /// How it varies.
    pub range: Range,
    /// How its ends, values or distribution are known.
    pub provenance: Provenance,
    /// Where it stands.
    pub(in crate::sweep) place: Place,
    /// Where its keys stand: `low`, `values.0`.
    pub(in crate::sweep) places: HashMap<String, Place>,
}

/// How an axis varies.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Range {
    /// From low to high: in equal steps, both ends among them, for a grid and for one at a time;
    /// every value between them alike, and no steps, for designs that draw.
    Between {
        /// Least value.
        low: Value,
        /// Largest value.
        high: Value,
        /// Number of steps, at least 2.
        steps: Option<u64>,
    },
    /// Values of any kind; all alike in designs that draw.
    Values(Vec<Value>),
    /// A distribution, for designs that draw.
    Distributed(Distribution),
}

impl Axis {
    /// A parameter that varies in this way.
    #[must_use]
    pub fn new(parameter: &str, range: Range) -> Self {
        Self {
            parameter: parameter.to_owned(),
            range,
            provenance: scenario_provenance(),
            place: Place::default(),
            places: HashMap::new(),
        }
    }

    /// Every value between two ends alike.
    #[must_use]
    pub fn between(parameter: &str, low: impl Into<Value>, high: impl Into<Value>) -> Self {
        let range = Range::Between { low: low.into(), high: high.into(), steps: None };
        Self::new(parameter, range)
    }

    /// Equal steps from low to high, both among them.
    #[must_use]
    pub fn steps(
        parameter: &str,
        low: impl Into<Value>,
        high: impl Into<Value>,
        steps: u64,
    ) -> Self {
        let range = Range::Between { low: low.into(), high: high.into(), steps: Some(steps) };
        Self::new(parameter, range)
    }

    /// These values.
    #[must_use]
    pub fn values<V: Into<Value>>(parameter: &str, values: impl IntoIterator<Item = V>) -> Self {
        let values = values.into_iter().map(Into::into).collect();
        Self::new(parameter, Range::Values(values))
    }

    /// A distribution.
    #[must_use]
    pub fn distributed(parameter: &str, distribution: Distribution) -> Self {
        Self::new(parameter, Range::Distributed(distribution))
    }

    /// The same axis, with how its range is known.
    #[must_use]
    pub fn known_by(mut self, evidence: Evidence, source: &str) -> Self {
        self.provenance = Provenance { evidence, source: source.to_owned() };
        self
    }

    /// Where one of its keys stands.
    pub(in crate::sweep) fn place_of(&self, key: &str) -> Place {
        self.places.get(key).unwrap_or(&self.place).clone().at_address(&self.parameter)
    }
}

impl fmt::Display for Axis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.parameter)?;
        match &self.range {
            Range::Between { low, high, steps: Some(steps) } => {
                write!(f, "{steps} steps, low {low}, high {high}")
            }
            Range::Between { low, high, steps: None } => write!(f, "low {low}, high {high}"),
            Range::Values(values) => write!(f, "values {}", listed(values)),
            Range::Distributed(distribution) => write!(f, "{distribution}"),
        }
    }
}
