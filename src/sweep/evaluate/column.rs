//! What is done with columns of numbers, a scenario each.

use multiversion::multiversion;

/// Stands for an output that does not exist in a scenario.
pub(in crate::sweep) const NOTHING: f64 = f64::NEG_INFINITY;

/// Whether all numbers of a column are in a range.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx512dq", "x86_64+avx2", "aarch64+neon"))]
pub(in crate::sweep) fn are_within(column: &[f64], low: f64, high: f64) -> bool {
    column.iter().fold(true, |all, &number| all & (low..=high).contains(&number))
}

/// Whether a program says by a number that it does not know it.
#[inline]
pub(in crate::sweep) fn is_unknown(number: f64) -> bool {
    number.is_nan() || number == f64::INFINITY
}

/// Whether a program does not know some number of a column.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx512dq", "x86_64+avx2", "aarch64+neon"))]
pub(in crate::sweep) fn any_unknown(column: &[f64]) -> bool {
    column.iter().fold(false, |any, &number| any | is_unknown(number))
}

/// A number as results hold it: not a number where it does not exist.
#[inline]
pub(in crate::sweep) fn shown(number: f64) -> f64 {
    if number == NOTHING { f64::NAN } else { number }
}

/// Writes numbers of a program as results hold them.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx512dq", "x86_64+avx2", "aarch64+neon"))]
pub(in crate::sweep) fn show(numbers: &[f64], results: &mut [f64]) {
    for (result, &number) in results.iter_mut().zip(numbers) {
        *result = shown(number);
    }
}
