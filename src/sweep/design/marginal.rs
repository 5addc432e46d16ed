//! Distributions ready for use: from probabilities or normal scores to numbers, in SI.

use super::beta::Beta;
use super::normal;
use crate::math;

/// The distribution of one axis, in SI (or over indices into its values).
#[derive(Debug, Clone, PartialEq)]
pub(in crate::sweep) enum Marginal {
    Uniform {
        low: f64,
        high: f64,
    },
    Normal {
        mean: f64,
        deviation: f64,
    },
    Truncated(Truncated),
    /// Mean and standard deviation of the logarithm.
    Lognormal {
        mean: f64,
        deviation: f64,
    },
    Triangular {
        low: f64,
        mode: f64,
        high: f64,
    },
    Beta {
        low: f64,
        high: f64,
        shape: Beta,
    },
    /// Values and the probability of each or one before it; no probabilities where all are alike.
    Steps {
        values: Vec<f64>,
        up_to: Vec<f64>,
    },
}

/// A normal distribution between ends, mirrored where both lie above the mean, so that no
/// probability is ever the difference of two numbers near 1.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::sweep) struct Truncated {
    mean: f64,
    deviation: f64,
    low: f64,
    high: f64,
    mirrored: bool,
    /// Probability below the lower end, above the upper one, and between them.
    below: f64,
    above: f64,
    between: f64,
}

impl Truncated {
    /// The distribution; `None` where nothing of it lies between the ends.
    pub(in crate::sweep) fn new(mean: f64, deviation: f64, low: f64, high: f64) -> Option<Self> {
        let [from, to] = [low, high].map(|end| (end - mean) / deviation);
        let mirrored = from > 0.0;
        let [from, to] = if mirrored { [-to, -from] } else { [from, to] };
        let below = normal::probability(from);
        let above = normal::probability(-to);
        let between = if to > 0.0 { 1.0 - below - above } else { normal::probability(to) - below };
        (between > f64::MIN_POSITIVE).then_some(Self {
            mean,
            deviation,
            low,
            high,
            mirrored,
            below,
            above,
            between,
        })
    }

    fn quantile(&self, probability: f64) -> f64 {
        let share = if self.mirrored { 1.0 - probability } else { probability };
        let lower = self.below + share * self.between;
        let score = if lower <= 0.5 {
            normal::score(lower)
        } else {
            -normal::score(self.above + (1.0 - share) * self.between)
        };
        let score = if self.mirrored { -score } else { score };
        (self.mean + score * self.deviation).clamp(self.low, self.high)
    }
}

impl Marginal {
    /// A lognormal distribution by its own mean and standard deviation.
    pub(in crate::sweep) fn lognormal(mean: f64, deviation: f64) -> Self {
        let ratio = deviation / mean;
        let square = math::ln_1p(ratio * ratio);
        Self::Lognormal { mean: math::ln(mean) - 0.5 * square, deviation: square.sqrt() }
    }

    /// Values as likely as their weights say; alike where there is no weight.
    pub(in crate::sweep) fn steps(values: Vec<f64>, weights: &[f64]) -> Self {
        let total: f64 = weights.iter().sum();
        let mut sum = 0.0;
        let up_to = weights
            .iter()
            .map(|weight| {
                sum += weight;
                sum / total
            })
            .collect();
        Self::Steps { values, up_to }
    }

    /// Replaces probabilities in (0, 1) by the numbers that are not exceeded with them.
    pub(in crate::sweep) fn of_probabilities(&self, column: &mut [f64]) {
        match self {
            Self::Uniform { low, high } => {
                let width = high - low;
                for number in column {
                    *number = (low + *number * width).min(*high);
                }
            }
            Self::Normal { .. } | Self::Lognormal { .. } | Self::Beta { .. } => {
                for number in column.iter_mut() {
                    *number = normal::score(*number);
                }
                self.of_scores(column);
            }
            Self::Truncated(truncated) => {
                for number in column {
                    *number = truncated.quantile(*number);
                }
            }
            Self::Triangular { low, mode, high } => {
                let width = high - low;
                let [rise, fall] = [mode - low, high - mode];
                for number in column {
                    let u = *number;
                    *number = if u * width < rise {
                        (low + (u * width * rise).sqrt()).min(*high)
                    } else {
                        (high - ((1.0 - u) * width * fall).sqrt()).max(*low)
                    };
                }
            }
            Self::Steps { values, up_to } => {
                let last = values.len() - 1;
                for number in column {
                    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                    let step = if up_to.is_empty() {
                        (*number * values.len() as f64) as usize
                    } else {
                        up_to.partition_point(|reached| reached <= number)
                    };
                    *number = values[step.min(last)];
                }
            }
        }
    }

    /// Replaces normal scores by the numbers that are not exceeded with their probability.
    pub(in crate::sweep) fn of_scores(&self, column: &mut [f64]) {
        match self {
            Self::Normal { mean, deviation } => {
                for number in column {
                    *number = mean + deviation * *number;
                }
            }
            Self::Lognormal { mean, deviation } => {
                for number in column {
                    *number = math::exp(mean + deviation * *number);
                }
            }
            Self::Beta { low, high, shape } => {
                for number in column {
                    *number = (low + (high - low) * shape.quantile(*number)).min(*high);
                }
            }
            _ => {
                for number in column.iter_mut() {
                    // sums of scores reach where probabilities round to 0 or 1
                    *number = normal::probability(*number).clamp(LEAST, 1.0 - LEAST);
                }
                self.of_probabilities(column);
            }
        }
    }
}

/// Least probability of a point, 2^-53.
const LEAST: f64 = f64::EPSILON / 2.0;
