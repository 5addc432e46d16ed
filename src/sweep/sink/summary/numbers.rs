//! What a summary keeps of an output that is a number, and what it tells from that.

use super::bins::{Bins, bin_of};
use super::exact::{Exact, Natural, scaled};

/// Shares whose quantiles a summary tells.
pub const QUANTILES: [f64; 9] = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99];

/// Parts of a summary's histograms.
pub const HISTOGRAM_PARTS: usize = 20;

/// All numbers of an output so far.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Numbers {
    pub count: u64,
    /// Scenarios in which it does not exist.
    pub missing: u64,
    pub min: f64,
    pub max: f64,
    pub sum: Exact,
    pub squares: Exact,
    pub bins: Bins,
}

/// The numbers of a block, summed on the thread that worked it out.
#[derive(Debug)]
pub struct BlockNumbers {
    count: u64,
    missing: u64,
    min: f64,
    max: f64,
    sum: Exact,
    squares: Exact,
    bins: Vec<u32>,
}

impl Default for BlockNumbers {
    fn default() -> Self {
        Self {
            count: 0,
            missing: 0,
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
            sum: Exact::of_numbers(),
            squares: Exact::of_squares(),
            bins: Vec::new(),
        }
    }
}

impl BlockNumbers {
    pub(super) fn take(&mut self, values: &[f64]) {
        (self.min, self.max) = (f64::INFINITY, f64::NEG_INFINITY);
        self.sum.clear();
        self.squares.clear();
        self.bins.clear();
        // 0 is 0, whatever its sign: which one comes first must not matter
        for value in values.iter().filter(|value| value.is_finite()).map(|value| value + 0.0) {
            self.min = self.min.min(value);
            self.max = self.max.max(value);
            self.sum.add(value);
            self.squares.add_square(value);
            self.bins.push(bin_of(value));
        }
        self.count = self.bins.len() as u64;
        self.missing = (values.len() - self.bins.len()) as u64;
    }
}

/// What a summary tells of the numbers of an output, in its unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Statistics {
    /// Scenarios that have one.
    pub count: u64,
    /// Scenarios that have none, failed ones among them.
    pub missing: u64,
    /// Mean: the sum without rounding, divided.
    pub mean: f64,
    /// Standard deviation of a sample (divided by count - 1); 0 of one number.
    pub standard_deviation: f64,
    /// The least.
    pub min: f64,
    /// The greatest.
    pub max: f64,
    /// Value that a share of all is at most, for each of [`QUANTILES`]; relative error at most
    /// [`QUANTILE_ERROR`](super::QUANTILE_ERROR).
    pub quantiles: Vec<(f64, f64)>,
    /// How many lie in each of [`HISTOGRAM_PARTS`] equal parts from `min` to `max`, whose
    /// borders have the same relative error.
    pub histogram: Vec<u64>,
}

impl Numbers {
    pub fn new() -> Self {
        Self {
            count: 0,
            missing: 0,
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
            sum: Exact::of_numbers(),
            squares: Exact::of_squares(),
            bins: Bins::default(),
        }
    }

    pub fn take(&mut self, block: &BlockNumbers) {
        self.count += block.count;
        self.missing += block.missing;
        self.min = self.min.min(block.min);
        self.max = self.max.max(block.max);
        self.sum.merge(&block.sum);
        self.squares.merge(&block.squares);
        block.bins.iter().for_each(|bin| self.bins.count(*bin, 1));
    }

    pub fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.missing += other.missing;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
        self.sum.merge(&other.sum);
        self.squares.merge(&other.squares);
        self.bins.merge(&other.bins);
    }

    pub fn statistics(&self) -> Option<Statistics> {
        let count = (self.count > 0).then_some(self.count as f64)?;
        let (sum, negative) = self.sum.magnitude();
        let (mantissa, exponent) = sum.rounded();
        let mean = scaled(mantissa / if negative { -count } else { count }, exponent);
        // n sum(x^2) - (sum x)^2 without rounding: nothing cancels
        let (squares, _) = self.squares.magnitude();
        let spread = Natural::of(self.count).times(&squares).minus(&sum.times(&sum));
        let (mantissa, exponent) = spread.rounded();
        let odd = exponent.rem_euclid(2);
        let variance = mantissa * f64::from(1 << odd) / (count * (count - 1.0).max(1.0));
        let standard_deviation = scaled(variance.sqrt(), (exponent - odd) / 2);
        let within = |value: f64| value.max(self.min).min(self.max);
        let quantile = |share| self.bins.quantile(share).map(|value| (share, within(value)));
        Some(Statistics {
            count: self.count,
            missing: self.missing,
            mean: within(mean),
            standard_deviation,
            min: self.min,
            max: self.max,
            quantiles: QUANTILES.into_iter().filter_map(quantile).collect(),
            histogram: self.bins.histogram(self.min, self.max, HISTOGRAM_PARTS),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[f64]) -> Statistics {
        let mut block = BlockNumbers::default();
        block.take(values);
        let mut numbers = Numbers::new();
        numbers.take(&block);
        numbers.statistics().unwrap()
    }

    #[test]
    fn mean_and_spread_of_known_numbers() {
        let statistics = of(&[2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0, f64::NAN]);
        assert_eq!((statistics.count, statistics.missing), (8, 1));
        assert_eq!(statistics.mean.to_bits(), 5.0_f64.to_bits());
        approx::assert_ulps_eq!(statistics.standard_deviation, (32.0_f64 / 7.0).sqrt());
        assert_eq!(statistics.histogram.iter().sum::<u64>(), 8);
    }

    #[test]
    fn a_small_spread_on_a_large_mean_does_not_cancel() {
        let statistics = of(&[1e9 + 1e-6, 1e9, 1e9 - 1e-6]);
        // what the numbers hold of 1e-6, at a spacing of 1.2e-7
        let step: f64 = (1e9 + 1e-6) - 1e9;
        approx::assert_ulps_eq!(statistics.standard_deviation, step);
        assert_eq!(of(&[-0.1; 10]).standard_deviation.to_bits(), 0);
        assert_eq!(of(&[-0.1; 10]).mean.to_bits(), (-0.1_f64).to_bits());
        assert_eq!(of(&[38.0]).standard_deviation.to_bits(), 0);
    }

    #[test]
    fn quantiles_stay_within_what_occurred() {
        let statistics = of(&[42.0; 5]);
        assert!(statistics.quantiles.iter().all(|(_, value)| value.to_bits() == 42_f64.to_bits()));
        assert_eq!(Numbers::new().statistics(), None);
    }
}
