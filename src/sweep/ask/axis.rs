//! An axis of a sweep: one unknown, the parameters that it stands for, and the values it takes.

use super::distribution::{Distribution, listed};
use crate::evidence::{Evidence, Provenance};
use crate::fault::Place;
use crate::param::{Value, scenario_provenance};
use std::fmt;

/// An axis: which parameter varies, and how; or which several together, where one unknown stands
/// behind them.
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
/// let own_needs = Axis::between("kovykta_line.own_needs", "0.5 %/1000 km", "3 %/1000 km")
///     .tied_to("trunk_line.own_needs");
/// assert_eq!(
///     own_needs.to_string(),
///     "kovykta_line.own_needs = trunk_line.own_needs: low 0.5 %/1000 km, high 3 %/1000 km"
/// );
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// Addresses of its parameters, which all have the same value in every scenario.
    pub parameters: Vec<String>,
    /// How it varies.
    pub range: Range,
    /// How its ends, values or distribution are known.
    pub provenance: Provenance,
    /// Whether all of its distribution that lies outside the ranges of its parameters is cut,
    /// however much that is.
    pub(in crate::sweep) cut: bool,
    pub(in crate::sweep) places: Places,
}

/// Where the keys of an axis stand in a file.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::sweep) struct Places {
    /// The axis itself.
    pub axis: Place,
    /// One for each of its parameters.
    pub parameters: Vec<Place>,
    /// By key: `low`, `distribution`.
    pub keys: Vec<(String, Place)>,
    /// One for each of its values.
    pub values: Vec<Place>,
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

impl Range {
    /// The values that it is made of.
    pub(in crate::sweep) fn values(&self) -> impl Iterator<Item = &Value> {
        let (ends, listed): (Vec<&Value>, &[Value]) = match self {
            Self::Between { low, high, .. } => (vec![low, high], &[]),
            Self::Values(values) => (Vec::new(), values),
            Self::Distributed(distribution) => distribution.values(),
        };
        ends.into_iter().chain(listed)
    }
}

impl Axis {
    /// An axis of one parameter, which varies in this way.
    #[must_use]
    pub fn new(parameter: &str, range: Range) -> Self {
        Self {
            parameters: vec![parameter.to_owned()],
            range,
            provenance: scenario_provenance(),
            cut: false,
            places: Places::default(),
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

    /// The same axis, of one more parameter, which has the same value in every scenario.
    ///
    /// One unknown behind several parameters is one axis in every design: it is drawn once, and
    /// counts once. All of them have to be able to have its values.
    #[must_use]
    pub fn tied_to(mut self, parameter: &str) -> Self {
        self.parameters.push(parameter.to_owned());
        self
    }

    /// The same axis, with all of its distribution that lies outside the range of its parameter
    /// cut, however much that is.
    ///
    /// What lies between is drawn as if nothing else had been there. Without this so little is cut
    /// that no result shows it (1e-4 of the distribution), and more is refused.
    #[must_use]
    pub const fn cut_to_range(mut self) -> Self {
        self.cut = true;
        self
    }

    /// Where one of its keys stands.
    pub(in crate::sweep) fn place_of(&self, key: &str) -> Place {
        let found = self.places.keys.iter().find(|(name, _)| name == key);
        found.map_or(&self.places.axis, |(_, place)| place).clone()
    }

    /// Where one of its parameters stands.
    pub(in crate::sweep) fn place_of_parameter(&self, index: usize) -> Place {
        self.places.parameters.get(index).unwrap_or(&self.places.axis).clone()
    }

    /// Where one of its values stands.
    pub(in crate::sweep) fn place_of_value(&self, index: usize) -> Place {
        self.places.values.get(index).unwrap_or(&self.places.axis).clone()
    }
}

impl fmt::Display for Axis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.parameters.join(" = "))?;
        match &self.range {
            Range::Between { low, high, steps: Some(steps) } => {
                write!(f, "{steps} steps, low {low}, high {high}")
            }
            Range::Between { low, high, steps: None } => write!(f, "low {low}, high {high}"),
            Range::Values(values) => write!(f, "values {}", listed(values)),
            Range::Distributed(distribution) if self.cut => {
                write!(f, "{distribution}, cut to the allowed range")
            }
            Range::Distributed(distribution) => write!(f, "{distribution}"),
        }
    }
}
