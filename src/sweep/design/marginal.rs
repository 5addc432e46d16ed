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
    /// Number and score go together in a straight line: normal, cut or not.
    Normal {
        mean: f64,
        deviation: f64,
        within: Within,
    },
    /// Mean and standard deviation of the logarithm.
    Lognormal {
        mean: f64,
        deviation: f64,
        within: Within,
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

/// The ends that the numbers of a distribution without ends are kept in.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::sweep) struct Within {
    pub low: f64,
    pub high: f64,
    /// What of the normal scores lies between the two, where what lies outside is cut; `None` where
    /// that is less than the least probability of a point.
    pub part: Option<Part>,
}

/// The part of the standard normal distribution between two scores, mirrored where both lie above
/// 0, so that no probability is ever the difference of two numbers near 1.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::sweep) struct Part {
    mirrored: bool,
    /// Probability below the lower end, above the upper one, and between them.
    below: f64,
    above: f64,
    between: f64,
}

impl Part {
    /// The part between two scores; `None` where nothing lies there.
    pub(in crate::sweep) fn new(low: f64, high: f64) -> Option<Self> {
        let mirrored = low > 0.0;
        let [from, to] = if mirrored { [-high, -low] } else { [low, high] };
        let below = normal::probability(from);
        let above = normal::probability(-to);
        let between = if to > 0.0 { 1.0 - below - above } else { normal::probability(to) - below };
        (between > f64::MIN_POSITIVE).then_some(Self { mirrored, below, above, between })
    }

    /// Its probability.
    pub(in crate::sweep) const fn mass(&self) -> f64 {
        self.between
    }

    /// The score that is not exceeded with a probability, given that it lies in the part.
    fn score(&self, probability: f64) -> f64 {
        let share = if self.mirrored { 1.0 - probability } else { probability };
        let lower = self.below + share * self.between;
        let score = if lower <= 0.5 {
            normal::score(lower)
        } else {
            -normal::score(self.above + (1.0 - share) * self.between)
        };
        if self.mirrored { -score } else { score }
    }
}

impl Within {
    /// Replaces probabilities by normal scores.
    fn scores_of_probabilities(&self, column: &mut [f64]) {
        match &self.part {
            None => column.iter_mut().for_each(|number| *number = normal::score(*number)),
            Some(part) => column.iter_mut().for_each(|number| *number = part.score(*number)),
        }
    }

    /// Replaces scores of a copula by those of the part.
    fn scores_of_scores(&self, column: &mut [f64]) {
        if self.part.is_some() {
            probabilities(column);
            self.scores_of_probabilities(column);
        }
    }
}

impl Marginal {
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
            Self::Normal { within, .. } | Self::Lognormal { within, .. } => {
                within.scores_of_probabilities(column);
                self.shape(column);
            }
            Self::Beta { .. } => {
                for number in column.iter_mut() {
                    *number = normal::score(*number);
                }
                self.shape(column);
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
            Self::Normal { within, .. } | Self::Lognormal { within, .. } => {
                within.scores_of_scores(column);
                self.shape(column);
            }
            Self::Beta { .. } => self.shape(column),
            Self::Uniform { .. } | Self::Triangular { .. } | Self::Steps { .. } => {
                probabilities(column);
                self.of_probabilities(column);
            }
        }
    }

    /// Replaces scores of those distributions that are made of them.
    fn shape(&self, column: &mut [f64]) {
        match self {
            Self::Normal { mean, deviation, within: Within { low, high, .. } } => {
                for number in column {
                    *number = (mean + deviation * *number).clamp(*low, *high);
                }
            }
            Self::Lognormal { mean, deviation, within: Within { low, high, .. } } => {
                for number in column {
                    *number = math::exp(mean + deviation * *number).clamp(*low, *high);
                }
            }
            Self::Beta { low, high, shape } => {
                for number in column {
                    *number = (low + (high - low) * shape.quantile(*number)).min(*high);
                }
            }
            Self::Uniform { .. } | Self::Triangular { .. } | Self::Steps { .. } => {}
        }
    }
}

/// Replaces normal scores by probabilities.
fn probabilities(column: &mut [f64]) {
    for number in column {
        // sums of scores reach where probabilities round to 0 or 1
        *number = normal::probability(*number).clamp(LEAST, 1.0 - LEAST);
    }
}

/// Least probability of a point, 2^-53.
pub(in crate::sweep) const LEAST: f64 = f64::EPSILON / 2.0;
