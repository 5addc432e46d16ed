//! An exponential and its means over an interval, smooth through an exponent of zero.

use crate::scalar::Scalar;

/// Below this exponent the closed forms lose digits to cancellation and the series does not.
const SERIES_BELOW: f64 = 0.3;

/// Terms of the series; the first one left out is below 1e-17 at [`SERIES_BELOW`].
const TERMS: u8 = 12;

/// What has decayed by an exponent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Decay<S> {
    /// e^(-x).
    pub end: S,
    /// Mean of e^(-x t) over t in [0, 1]: (1 - e^(-x)) / x, and 1 at x = 0.
    pub mean: S,
    /// Mean over t in [0, 1] of the mean of e^(-x s) over s in [0, t], weighted by t:
    /// (1 - mean) / x, and 1/2 at x = 0.
    pub mean_of_rise: S,
}

impl<S: Scalar> Decay<S> {
    /// By one exponential, or where the exponent is small by one series, of what it is to the mean
    /// of the rise: all else follows from that without cancellation there.
    pub fn by(x: S) -> Self {
        let large = x * x - S::from_f64(SERIES_BELOW * SERIES_BELOW);
        // neither is asked where it has no meaning
        let small = S::select(large, S::zero(), x);
        let rise = series(small);
        let mean = S::one() - small * rise;
        let series = [S::one() - small * mean, mean, rise];

        let away = S::select(large, x, S::one());
        let end = (-away).exp();
        let mean = (S::one() - end) / away;
        let closed = [end, mean, (S::one() - mean) / away];
        let [end, mean, mean_of_rise] =
            [0, 1, 2].map(|of| S::select(large, closed[of], series[of]));
        Self { end, mean, mean_of_rise }
    }
}

/// Sum over k of (-x)^k / (k + 2)!, by Horner's rule: 1/2 (1 - x/3 (1 - x/4 (...))).
fn series<S: Scalar>(x: S) -> S {
    let last = S::one() - x.scaled(1.0 / f64::from(TERMS + 1));
    let sum = (3..=TERMS)
        .rev()
        .fold(last, |sum, divisor| S::one() - x.scaled(1.0 / f64::from(divisor)) * sum);
    sum.scaled(0.5)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scalar::Dual;

    #[test]
    fn zero_gives_the_limits() {
        let Decay { end, mean, mean_of_rise } = Decay::by(0.0_f64);
        assert!((end - 1.0).abs() < 1e-16);
        assert!((mean - 1.0).abs() < 1e-16);
        assert!((mean_of_rise - 0.5).abs() < 1e-16);
        let Decay { end, mean, mean_of_rise } = Decay::by(Dual::variable(0.0));
        assert!((end.derivative() + 1.0).abs() < 1e-15);
        assert!((mean.derivative() + 0.5).abs() < 1e-15);
        assert!((mean_of_rise.derivative() + 1.0 / 6.0).abs() < 1e-15);
    }

    #[test]
    fn series_and_closed_form_meet() {
        for x in [-0.3_f64, -0.29, 0.29, 0.3] {
            let mean_closed = -(-x).exp_m1() / x;
            let decay = Decay::by(x);
            assert!((decay.end - (-x).exp()).abs() < 1e-15);
            assert!((decay.mean - mean_closed).abs() < 1e-15);
            assert!((decay.mean_of_rise - (1.0 - mean_closed) / x).abs() < 2e-15);
            let beyond = x * 1.04;
            let closed = -(-beyond).exp_m1() / beyond;
            let decay = Decay::by(beyond);
            assert!((decay.mean - closed).abs() < 2e-15);
            assert!((decay.mean_of_rise - (1.0 - closed) / beyond).abs() < 5e-15);
        }
    }

    #[test]
    fn a_gas_that_stands_still_is_all_decayed() {
        let decay = Decay::by(Dual::new(1e14, 1e23));
        assert!((decay.mean.value() - 1e-14).abs() < 1e-29);
        assert!(decay.end == Dual::zero() && decay.mean_of_rise.derivative().is_finite());
        assert!(Decay::by(1e100_f64).mean_of_rise.is_finite());
    }
}
