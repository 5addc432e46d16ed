//! Means of an exponential over an interval, smooth through an exponent of zero.

use crate::scalar::Scalar;

/// Below this exponent the closed forms lose digits to cancellation and the series does not.
const SERIES_BELOW: f64 = 0.3;

/// Terms of the series; the first one left out is below 1e-18 at [`SERIES_BELOW`].
const TERMS: u8 = 15;

/// Mean of e^(-x t) over t in [0, 1]: (1 - e^(-x)) / x, and 1 at x = 0.
pub(super) fn mean<S: Scalar>(x: S) -> S {
    let closed = |x: S| (S::one() - (-x).exp()) / x;
    by_size(x, series(x, 1), closed)
}

/// Mean over t in [0, 1] of the mean of e^(-x s) over s in [0, t], weighted by t:
/// (1 - mean(x)) / x, and 1/2 at x = 0.
pub(super) fn mean_of_rise<S: Scalar>(x: S) -> S {
    let closed = |x: S| (S::one() - (S::one() - (-x).exp()) / x) / x;
    by_size(x, series(x, 2), closed)
}

/// The series for small |x|, the closed form for others (never asked at zero).
fn by_size<S: Scalar>(x: S, series: S, closed: impl FnOnce(S) -> S) -> S {
    let large = x * x - S::from_f64(SERIES_BELOW * SERIES_BELOW);
    let away_from_zero = S::select(large, x, S::one());
    S::select(large, closed(away_from_zero), series)
}

/// Sum over k of (-x)^k / (first + k)!, times (first - 1)! which is 1 for both uses: by Horner's
/// rule, 1/first! (1 - x/(first + 1) (1 - x/(first + 2) (...))).
fn series<S: Scalar>(x: S, first: u8) -> S {
    let mut sum = S::one();
    for k in (1..TERMS).rev() {
        sum = S::one() - x.scaled(1.0 / f64::from(first + k)) * sum;
    }
    sum.scaled(1.0 / f64::from(first))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scalar::Dual;

    #[test]
    fn zero_gives_the_limits() {
        assert!((mean(0.0_f64) - 1.0).abs() < 1e-16);
        assert!((mean_of_rise(0.0_f64) - 0.5).abs() < 1e-16);
        assert!((mean(Dual::variable(0.0)).derivative() + 0.5).abs() < 1e-15);
        assert!((mean_of_rise(Dual::variable(0.0)).derivative() + 1.0 / 6.0).abs() < 1e-15);
    }

    #[test]
    fn series_and_closed_form_meet() {
        for x in [-0.3_f64, -0.29, 0.29, 0.3] {
            let mean_closed = -(-x).exp_m1() / x;
            assert!((mean(x) - mean_closed).abs() < 1e-15);
            assert!((mean_of_rise(x) - (1.0 - mean_closed) / x).abs() < 2e-15);
            let beyond = x * 1.04;
            let closed = -(-beyond).exp_m1() / beyond;
            assert!((mean(beyond) - closed).abs() < 2e-15);
            assert!((mean_of_rise(beyond) - (1.0 - closed) / beyond).abs() < 5e-15);
        }
    }

    #[test]
    fn a_gas_that_stands_still_is_all_decayed() {
        let forever = Dual::new(1e14, 1e23);
        assert!((mean(forever).value() - 1e-14).abs() < 1e-29);
        assert!(mean_of_rise(forever).derivative().is_finite());
    }
}
