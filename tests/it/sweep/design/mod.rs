//! Designs of sweeps: what each distribution, design and correlation promises, and that a scenario
//! is the same however it is reached.

mod cut;
mod distributions;
mod drawn;
mod even;
mod extended;
mod listed;
mod reached;
mod tied;

pub fn mean(column: &[f64]) -> f64 {
    column.iter().sum::<f64>() / column.len() as f64
}

pub fn deviation(column: &[f64]) -> f64 {
    let mean = mean(column);
    (column.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / column.len() as f64).sqrt()
}

pub fn correlation(one: &[f64], other: &[f64]) -> f64 {
    let (a, b) = (mean(one), mean(other));
    let product: f64 = one.iter().zip(other).map(|(x, y)| (x - a) * (y - b)).sum();
    product / one.len() as f64 / deviation(one) / deviation(other)
}

pub fn ranks(column: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..column.len()).collect();
    order.sort_by(|a, b| column[*a].total_cmp(&column[*b]));
    let mut ranks = vec![0.0; column.len()];
    for (rank, at) in order.into_iter().enumerate() {
        ranks[at] = rank as f64;
    }
    ranks
}

pub fn normal_cdf(score: f64) -> f64 {
    0.5 * libm::erfc(-score / 2.0_f64.sqrt())
}

/// Largest distance between the share of a column up to any number and what a distribution
/// function says (Kolmogorov).
pub fn distance(column: &[f64], cdf: impl Fn(f64) -> f64) -> f64 {
    let mut sorted = column.to_vec();
    sorted.sort_by(f64::total_cmp);
    let count = sorted.len() as f64;
    let apart = sorted.iter().enumerate().map(|(at, x)| {
        let place = cdf(*x) * count;
        (place - at as f64).abs().max((place - at as f64 - 1.0).abs()) / count
    });
    apart.fold(0.0, f64::max)
}
