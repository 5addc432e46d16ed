//! How a number may be distributed: what a sweep file says, before its parameter has judged it.

use crate::param::Value;
use std::fmt;

/// A distribution of a parameter's values.
///
/// Quantities are written with their units; u is a probability in (0, 1), `Phi` the distribution
/// function of the standard normal and z(u) its inverse.
///
/// All that a distribution with ends can give has to be allowed for the parameter. One without
/// ends is cut where the parameter's range ends, so that no scenario leaves it: where at most 1e-4
/// of it lies outside, of itself ([`Prepared::notes`](crate::sweep::Prepared::notes) says how much), and
/// where more does, if that is asked for ([`Axis::cut_to_range`](crate::sweep::Axis::cut_to_range)).
///
/// ```
/// use gaschain::sweep::Distribution;
/// let trains = Distribution::Discrete {
///     values: vec![4.0.into(), 5.0.into(), 6.0.into()],
///     weights: vec![1.0, 2.0, 7.0],
/// };
/// assert_eq!(trains.to_string(), "discrete, values 4, 5, 6, weights 1, 2, 7");
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Distribution {
    /// Every value between two ends alike: x = low + u (high - low).
    Uniform {
        /// Least value.
        low: Value,
        /// Largest value.
        high: Value,
    },
    /// The normal distribution: x = mean + z(u) standard deviation.
    Normal {
        /// Mean.
        mean: Value,
        /// Standard deviation, a difference of two values (5 degC is 5 K of difference).
        standard_deviation: Value,
    },
    /// The normal distribution given that it lies between ends, of which one may be absent (that
    /// of the parameter's range then serves, as for distributions without ends):
    /// x = mean + s z(Phi(a) + u (Phi(b) - Phi(a))), with a = (low - mean) / s, b = (high - mean) /
    /// s. Mean and standard deviation are those before truncation.
    TruncatedNormal {
        /// Mean of the normal distribution before truncation.
        mean: Value,
        /// Standard deviation s before truncation.
        standard_deviation: Value,
        /// Least value.
        low: Option<Value>,
        /// Largest value.
        high: Option<Value>,
    },
    /// A positive number whose logarithm is normal: x = exp(m + s z(u)), s^2 = ln(1 + (standard
    /// deviation / mean)^2), m = ln(mean) - s^2 / 2.
    Lognormal {
        /// Mean of the number itself, not of its logarithm.
        mean: Value,
        /// Standard deviation of the number itself.
        standard_deviation: Value,
    },
    /// Density that rises in a straight line to the mode and falls in one to the high end:
    /// x = low + sqrt(u (high - low) (mode - low)) below the mode, and its mirror image above.
    Triangular {
        /// Least value.
        low: Value,
        /// Most likely value.
        mode: Value,
        /// Largest value.
        high: Value,
    },
    /// The beta distribution stretched from low to high: with t in (0, 1), density proportional to
    /// t^(alpha - 1) (1 - t)^(beta - 1). Quantiles are right to 1e-12 of their value.
    Beta {
        /// Least value.
        low: Value,
        /// Largest value.
        high: Value,
        /// First shape, 0.1 to 10,000.
        alpha: f64,
        /// Second shape, 0.1 to 10,000.
        beta: f64,
    },
    /// Beta with alpha = 1 + 4 (mode - low) / (high - low) and beta = 1 + 4 (high - mode) / (high -
    /// low), which has mean (low + 4 mode + high) / 6: three-point estimates of the project
    /// evaluation and review technique (D. G. Malcolm et al., Operations Research 7, 1959, 646-669;
    /// recalled).
    BetaPert {
        /// Least value.
        low: Value,
        /// Most likely value.
        mode: Value,
        /// Largest value.
        high: Value,
    },
    /// One of several values of any kind, each with its weight.
    Discrete {
        /// The values; correlation takes them in this order.
        values: Vec<Value>,
        /// A weight for each, of any sum; all alike where there is none.
        weights: Vec<f64>,
    },
    /// Values that were observed, each as likely as the others; no value between them is made up.
    Empirical {
        /// The values, in any order.
        values: Vec<Value>,
        /// Where they come from: file and column.
        source: String,
    },
}

impl Distribution {
    /// The values that it is made of: named ones, and listed ones.
    pub(in crate::sweep) fn values(&self) -> (Vec<&Value>, &[Value]) {
        match self {
            Self::Uniform { low, high } | Self::Beta { low, high, .. } => (vec![low, high], &[]),
            Self::Normal { mean, standard_deviation }
            | Self::Lognormal { mean, standard_deviation } => (vec![mean, standard_deviation], &[]),
            Self::TruncatedNormal { mean, standard_deviation, low, high } => {
                let ends = low.iter().chain(high);
                ([mean, standard_deviation].into_iter().chain(ends).collect(), &[])
            }
            Self::Triangular { low, mode, high } | Self::BetaPert { low, mode, high } => {
                (vec![low, mode, high], &[])
            }
            Self::Discrete { values, .. } | Self::Empirical { values, .. } => (Vec::new(), values),
        }
    }

    /// The names that sweep files call them by.
    pub const NAMES: [&'static str; 9] = [
        "uniform",
        "normal",
        "truncated_normal",
        "lognormal",
        "triangular",
        "beta",
        "beta_pert",
        "discrete",
        "empirical",
    ];

    /// The name that sweep files call it by.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Uniform { .. } => "uniform",
            Self::Normal { .. } => "normal",
            Self::TruncatedNormal { .. } => "truncated_normal",
            Self::Lognormal { .. } => "lognormal",
            Self::Triangular { .. } => "triangular",
            Self::Beta { .. } => "beta",
            Self::BetaPert { .. } => "beta_pert",
            Self::Discrete { .. } => "discrete",
            Self::Empirical { .. } => "empirical",
        }
    }

    /// Whether all that it can give is written down.
    pub(in crate::sweep) const fn has_ends(&self) -> bool {
        !matches!(
            self,
            Self::Normal { .. }
                | Self::Lognormal { .. }
                | Self::TruncatedNormal { low: None, .. }
                | Self::TruncatedNormal { high: None, .. }
        )
    }
}

impl fmt::Display for Distribution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        match self {
            Self::Uniform { low, high } => write!(f, ", low {low}, high {high}"),
            Self::Normal { mean, standard_deviation }
            | Self::Lognormal { mean, standard_deviation } => {
                write!(f, ", mean {mean}, standard deviation {standard_deviation}")
            }
            Self::TruncatedNormal { mean, standard_deviation, low, high } => {
                write!(f, ", mean {mean}, standard deviation {standard_deviation}")?;
                for (name, end) in [("low", low), ("high", high)] {
                    if let Some(end) = end {
                        write!(f, ", {name} {end}")?;
                    }
                }
                Ok(())
            }
            Self::Triangular { low, mode, high } | Self::BetaPert { low, mode, high } => {
                write!(f, ", low {low}, mode {mode}, high {high}")
            }
            Self::Beta { low, high, alpha, beta } => {
                write!(f, ", low {low}, high {high}, alpha {alpha}, beta {beta}")
            }
            Self::Discrete { values, weights } => {
                write!(f, ", values {}", listed(values))?;
                if weights.is_empty() { Ok(()) } else { write!(f, ", weights {}", listed(weights)) }
            }
            Self::Empirical { values, source } => {
                write!(f, ", {} values of {source}", values.len())
            }
        }
    }
}

/// Things side by side, with commas.
pub(in crate::sweep) fn listed<T: fmt::Display>(things: &[T]) -> String {
    things.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
