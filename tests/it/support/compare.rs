//! Whether numbers are near enough.

/// Whether two numbers agree within `within`, relative to the larger (or 1e-300).
pub fn agree(got: f64, expected: f64, within: f64) -> bool {
    (got - expected).abs() <= within * got.abs().max(expected.abs()).max(1e-300)
}

/// Fails unless two numbers agree to 1e-12 of the larger.
#[track_caller]
pub fn same(got: f64, expected: f64) {
    assert!(agree(got, expected, 1e-12), "got {got:?}, expected {expected:?}");
}

/// Fails unless two numbers agree to `within` of the second.
#[track_caller]
pub fn close(got: f64, expected: f64, within: f64) {
    assert!((got - expected).abs() <= within * expected.abs(), "{got:?} is not {expected:?}");
}
