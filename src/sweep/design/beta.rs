//! Quantiles of the beta distribution on (0, 1), fast and to the ends of both tails.
//!
//! With z the normal score of a probability, y(z) = ln(x / (1 - x)) of the quantile x is smooth
//! from end to end (nearly a parabola in the tails), and its first two derivatives are known:
//!
//! p = dy/dz = phi(z) B(a, b) / (x^a (1 - x)^b), d2y/dz2 = p (-z - (a (1 - x) - b x) p).
//!
//! A table of y and both derivatives at 513 scores, and the polynomial of fifth degree between two
//! of them, stand for it; the table is made by Newton's method on the logarithm of
//! the incomplete beta function.

use super::normal;
use crate::math::{self, ln_gamma};

/// Farthest score of the table: beyond the least probability of a point, 2^-53.
const FARTHEST: f64 = 8.5;

/// Intervals of the table.
const INTERVALS: usize = 512;

/// Width of an interval.
const WIDTH: f64 = 2.0 * FARTHEST / INTERVALS as f64;

/// Smallest and largest shape for which the table holds.
pub(in crate::sweep) const SHAPES: std::ops::RangeInclusive<f64> = 0.1..=10_000.0;

/// A beta distribution, ready for quantiles.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::sweep) struct Beta {
    knots: Vec<Knot>,
}

/// y and its derivatives with respect to the score, at a score; derivatives times the width of
/// an interval, once and twice.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Knot {
    value: f64,
    slope: f64,
    bend: f64,
}

impl Beta {
    /// The distribution with density x^(alpha - 1) (1 - x)^(beta - 1) / B(alpha, beta).
    pub(in crate::sweep) fn new(alpha: f64, beta: f64) -> Self {
        // that of the mean
        let start = math::ln(alpha / beta);
        // from the middle outwards; the upper half is the lower one of the mirrored distribution
        let lower = half_table(alpha, beta, start).into_iter().rev();
        let upper = half_table(beta, alpha, -start).into_iter().skip(1);
        let mirror = |knot: Knot| Knot { value: -knot.value, bend: -knot.bend, ..knot };
        let knots = lower.chain(upper.map(mirror)).collect();
        Self { knots }
    }

    /// The quantile of a probability with this normal score.
    pub(in crate::sweep) fn quantile(&self, score: f64) -> f64 {
        let place = (score + FARTHEST) / WIDTH;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let interval = (place.max(0.0) as usize).min(INTERVALS - 1);
        let t = (place - interval as f64).clamp(0.0, 1.0);
        let [from, to] = [self.knots[interval], self.knots[interval + 1]];
        // the polynomial of fifth degree that meets value, slope and bend at both ends
        let rise = to.value - from.value;
        let cubic =
            10.0 * rise - 6.0 * from.slope - 4.0 * to.slope - 1.5 * from.bend + 0.5 * to.bend;
        let fourth = -15.0 * rise + 8.0 * from.slope + 7.0 * to.slope + 1.5 * from.bend - to.bend;
        let fifth = 6.0 * rise - 3.0 * (from.slope + to.slope) + 0.5 * (to.bend - from.bend);
        let y = from.value
            + t * (from.slope + t * (0.5 * from.bend + t * (cubic + t * (fourth + t * fifth))));
        1.0 / (1.0 + math::exp(-y))
    }
}

/// Knots at scores 0, -WIDTH, -2 WIDTH ..., from a guess of the first.
fn half_table(alpha: f64, beta: f64, start: f64) -> Vec<Knot> {
    let ln_beta = ln_gamma(alpha) + ln_gamma(beta) - ln_gamma(alpha + beta);
    let mut y = start;
    (0..=INTERVALS / 2)
        .map(|step| {
            let score = -WIDTH * step as f64;
            y = solve(alpha, beta, ln_beta, score, y);
            let [ln_x, ln_rest] = logarithms(y);
            let ln_slope = normal::ln_density(score) + ln_beta - alpha * ln_x - beta * ln_rest;
            let slope = math::exp(ln_slope);
            let pull = alpha * math::exp(ln_rest) - beta * math::exp(ln_x);
            let bend = slope * (-score - pull * slope);
            let knot = Knot { value: y, slope: slope * WIDTH, bend: bend * WIDTH * WIDTH };
            // where the next one is about
            y += -knot.slope + 0.5 * knot.bend;
            knot
        })
        .collect()
}

/// ln x and ln (1 - x) of y = ln(x / (1 - x)), without loss at either end.
fn logarithms(y: f64) -> [f64; 2] {
    let softplus = |y: f64| y.max(0.0) + math::ln_1p(math::exp(-y.abs()));
    [-softplus(-y), -softplus(y)]
}

/// Newton's method on the logarithm of the incomplete beta function, in y.
fn solve(alpha: f64, beta: f64, ln_beta: f64, score: f64, guess: f64) -> f64 {
    let wanted = normal::probability(score);
    let mut y = guess;
    for _ in 0..30 {
        let [ln_x, ln_rest] = logarithms(y);
        let density = math::exp(alpha * ln_x + beta * ln_rest - ln_beta);
        let got = up_to([alpha, beta], [ln_x, ln_rest].map(math::exp), density);
        let step = math::ln(got / wanted) * got / density;
        // a step that is too long is a guess that was too far off
        let step = step.clamp(-5.0, 5.0);
        if !step.is_finite() {
            break;
        }
        y -= step;
        if step.abs() <= 1e-15 * y.abs().max(1.0) {
            break;
        }
    }
    y
}

/// Probability up to x, the incomplete beta function, of `density` = x^a (1 - x)^b / B(a, b): by its
/// continued fraction, where that converges fast (W. H. Press et al., Numerical Recipes, 3rd ed.
/// 2007, section 6.4; recalled).
fn up_to([alpha, beta]: [f64; 2], [x, rest]: [f64; 2], density: f64) -> f64 {
    if x < (alpha + 1.0) / (alpha + beta + 2.0) {
        density * fraction(alpha, beta, x) / alpha
    } else {
        1.0 - density * fraction(beta, alpha, rest) / beta
    }
}

/// The continued fraction of the incomplete beta function, from its front.
fn fraction(a: f64, b: f64, x: f64) -> f64 {
    // its terms are that small after a few times the root of the larger shape, 10,000
    const MOST_TERMS: u32 = 10_000;
    let mut above = 1.0;
    let mut below = 1.0 / (1.0 - (a + b) * x / (a + 1.0));
    let mut value = below;
    for term in 1..MOST_TERMS {
        let m = f64::from(term);
        let at = a + 2.0 * m;
        let even = m * (b - m) * x / ((at - 1.0) * at);
        let odd = -(a + m) * (a + b + m) * x / (at * (at + 1.0));
        let mut changed = 1.0;
        for factor in [even, odd] {
            below = 1.0 / (1.0 + factor * below);
            above = 1.0 + factor / above;
            changed = below * above;
            value *= changed;
        }
        if (changed - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Quantiles worked out by bisection of the incomplete beta function with 40 digits (mpmath).
    #[test]
    fn quantiles_agree_with_arithmetic_of_40_digits() {
        for (alpha, beta, probability, expected) in [
            (2.5, 3.5, 1.110_223_024_625_156_5e-16, 1.598_647_120_758_893e-07),
            (2.5, 3.5, 1e-09, 9.674_276_144_376_84e-05),
            (2.5, 3.5, 0.01, 0.063_947_960_690_622_24),
            (2.5, 3.5, 0.3, 0.301_772_323_247_505_4),
            (2.5, 3.5, 0.5, 0.406_844_940_893_193_9),
            (2.5, 3.5, 0.9, 0.673_152_602_735_417_4),
            (2.5, 3.5, 0.999_999_999_999_090_5, 0.999_797_963_855_216_2),
            (1.0, 5.0, 1.110_223_024_625_156_5e-16, 2.220_446_049_250_313_2e-17),
            (1.0, 5.0, 1e-09, 2.000_000_000_8e-10),
            (1.0, 5.0, 0.01, 0.002_008_048_338_574_199_6),
            (1.0, 5.0, 0.9, 0.369_042_655_519_806_8),
            (1.0, 5.0, 0.999_999_999_999_090_5, 0.996_093_75),
            (5.0, 1.0, 1.110_223_024_625_156_5e-16, 0.000_644_290_972_057_077_2),
            (5.0, 1.0, 1e-09, 0.015_848_931_924_611_134),
            (5.0, 1.0, 0.01, 0.398_107_170_553_497_26),
            (5.0, 1.0, 0.3, 0.786_003_085_596_622_8),
            (5.0, 1.0, 0.5, 0.870_550_563_296_124_1),
            (5.0, 1.0, 0.9, 0.979_148_362_360_976_8),
            (5.0, 1.0, 0.999_999_999_999_090_5, 0.999_999_999_999_818_1),
            (1.2, 4.8, 1.110_223_024_625_156_5e-16, 1.121_320_109_528_817_5e-14),
            (1.2, 4.8, 1e-09, 7.001_983_631_521_648e-09),
            (1.2, 4.8, 0.01, 0.004_810_210_102_880_415),
            (1.2, 4.8, 0.3, 0.095_908_033_897_359_79),
            (1.2, 4.8, 0.5, 0.165_902_701_910_180_22),
            (1.2, 4.8, 0.9, 0.417_237_461_790_865_46),
            (1.2, 4.8, 0.999_999_999_999_090_5, 0.997_160_814_887_361_6),
            (0.5, 0.5, 1.110_223_024_625_156_5e-16, 3.041_306_664_850_247e-32),
            (0.5, 0.5, 1e-09, 2.467_401_100_272_34e-18),
            (0.5, 0.5, 0.01, 0.000_246_719_817_134_221_5),
            (0.5, 0.5, 0.3, 0.206_107_373_853_763_43),
            (0.5, 0.5, 0.5, 0.5),
            (0.5, 0.5, 0.9, 0.975_528_258_147_576_8),
            (30.0, 2.0, 1.110_223_024_625_156_5e-16, 0.264_699_003_651_399_6),
            (30.0, 2.0, 1e-09, 0.455_730_736_455_085_77),
            (30.0, 2.0, 0.01, 0.804_330_623_704_109_6),
            (30.0, 2.0, 0.3, 0.923_122_069_337_38),
            (30.0, 2.0, 0.5, 0.946_447_947_882_997_2),
            (30.0, 2.0, 0.9, 0.982_711_977_708_699_2),
            (30.0, 2.0, 0.999_999_999_999_090_5, 0.999_999_955_774_393_6),
            (0.1, 10.0, 1.110_223_024_625_156_5e-16, 1.808_462_934_709_836e-161),
            (0.1, 10.0, 1e-09, 6.356_342_846_786_005e-92),
            (0.1, 10.0, 0.01, 6.356_342_846_785_946e-22),
            (0.1, 10.0, 0.3, 3.753_368_413_934_545_3e-07),
            (0.1, 10.0, 0.5, 6.210_520_703_091_707e-05),
            (0.1, 10.0, 0.9, 0.027_469_622_296_097_83),
            (0.1, 10.0, 0.999_999_999_999_090_5, 0.904_422_326_752_950_8),
            (1_000.0, 3_000.0, 1.110_223_024_625_156_5e-16, 0.196_746_766_888_792_53),
            (1_000.0, 3_000.0, 1e-09, 0.210_467_881_728_364_03),
            (1_000.0, 3_000.0, 0.01, 0.234_261_010_893_486),
            (1_000.0, 3_000.0, 0.3, 0.246_379_527_604_611_68),
            (1_000.0, 3_000.0, 0.5, 0.249_958_329_990_844_97),
            (1_000.0, 3_000.0, 0.9, 0.258_800_171_168_164_67),
            (1_000.0, 3_000.0, 0.999_999_999_999_090_5, 0.300_145_431_660_136_1),
        ] {
            let got = Beta::new(alpha, beta).quantile(normal::score(probability));
            let off = (got / expected - 1.0).abs();
            assert!(off < 1e-12, "{alpha}, {beta}, {probability}: {got}, {off:e}");
        }
    }

    #[test]
    fn quantiles_rise_with_the_probability() {
        for (alpha, beta) in [(0.1, 0.1), (0.1, 9_000.0), (10_000.0, 0.2), (1.0, 1.0), (3.0, 2.0)] {
            let quantiles = Beta::new(alpha, beta);
            let mut last = 0.0;
            for step in -8_500..=8_500 {
                let quantile = quantiles.quantile(f64::from(step) / 1_000.0);
                assert!(
                    quantile >= last && quantile <= 1.0,
                    "{alpha}, {beta}: {quantile} at {step}"
                );
                last = quantile;
            }
        }
    }
}
