//! The functions against arithmetic of 300 bits, and where they are exact.

use super::*;
use crate::scalar::{Dual, Scalar};

/// Values by many digits; `correctly_rounded.py` says how they are made and what a line is.
const TABLE: &str = include_str!("correctly_rounded.txt");

/// A number's place among all doubles.
fn place(number: f64) -> i64 {
    let bits = number.to_bits().cast_signed();
    if bits < 0 { i64::MIN - bits } else { bits }
}

fn same(got: f64, due: f64) -> bool {
    got.to_bits() == due.to_bits() || (got.is_nan() && due.is_nan())
}

/// Asserts a function's value, to the sign of a zero.
#[track_caller]
fn gives(got: f64, due: f64) {
    assert!(same(got, due), "{got:e} for {due:e}");
}

#[test]
fn every_value_is_within_one_unit_in_the_last_place() {
    let mut worst = [0.0_f64; 3];
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let words: Vec<&str> = line.split(' ').collect();
        let number = |at: usize| f64::from_bits(u64::from_str_radix(words[at], 16).unwrap());
        let (which, got) = match words[0] {
            "ln" => (0, ln(number(1))),
            "exp" => (1, exp(number(1))),
            _ => (2, pow(number(1), number(2))),
        };
        let nearest = number(words.len() - 2);
        let left = words[words.len() - 1].parse::<f64>().unwrap() / 1_000.0;
        let off = (place(got) - place(nearest)) as f64 - left;
        assert!(off.abs() < 1.0, "{line}: {got:e} is off by {off}");
        worst[which] = worst[which].max(off.abs());
    }
    // worse than the nearest double, or the table would tell nothing
    assert!(worst.iter().all(|worst| (0.5..0.9).contains(worst)), "{worst:?}");
}

#[test]
fn logarithms_of_what_has_none_and_of_the_ends() {
    gives(ln(0.0), f64::NEG_INFINITY);
    gives(ln(-0.0), f64::NEG_INFINITY);
    gives(ln(1.0), 0.0);
    gives(ln(f64::INFINITY), f64::INFINITY);
    for none in [-1.0, -5e-324, f64::NEG_INFINITY, f64::NAN] {
        gives(ln(none), f64::NAN);
    }
}

#[test]
fn exponentials_at_the_ends() {
    gives(exp(0.0), 1.0);
    gives(exp(-0.0), 1.0);
    gives(exp(f64::INFINITY), f64::INFINITY);
    gives(exp(f64::NEG_INFINITY), 0.0);
    gives(exp(f64::NAN), f64::NAN);
    // the last arguments with a value, and their neighbours
    assert!(exp(709.782_712_893_384).is_finite());
    gives(exp(709.782_712_893_384_1), f64::INFINITY);
    gives(exp(-745.133_219_101_941_1), 5e-324);
    gives(exp(-745.133_219_101_941_2), 0.0);
    gives(exp(1e300), f64::INFINITY);
    gives(exp(-1e300), 0.0);
}

#[test]
fn powers_are_those_of_ieee_754() {
    const INFINITY: f64 = f64::INFINITY;
    const NAN: f64 = f64::NAN;
    let all = [0.0, -0.0, 0.5, -0.5, 1.0, -1.0, 2.0, -2.0, 5e-324, INFINITY, -INFINITY, NAN];
    for x in all {
        gives(pow(x, 0.0), 1.0);
        gives(pow(x, -0.0), 1.0);
        gives(pow(1.0, x), 1.0);
    }
    for (x, y, due) in [
        (0.0, 3.0, 0.0),
        (-0.0, 3.0, -0.0),
        (-0.0, 2.0, 0.0),
        (-0.0, 0.5, 0.0),
        (0.0, -3.0, INFINITY),
        (-0.0, -3.0, -INFINITY),
        (-0.0, -2.0, INFINITY),
        (-0.0, -0.5, INFINITY),
        (0.0, INFINITY, 0.0),
        (0.0, -INFINITY, INFINITY),
        (-1.0, INFINITY, 1.0),
        (-1.0, -INFINITY, 1.0),
        (2.0, INFINITY, INFINITY),
        (2.0, -INFINITY, 0.0),
        (-0.5, INFINITY, 0.0),
        (-0.5, -INFINITY, INFINITY),
        (1.000_000_000_000_000_2, INFINITY, INFINITY),
        (0.999_999_999_999_999_9, INFINITY, 0.0),
        (INFINITY, 0.5, INFINITY),
        (INFINITY, -0.5, 0.0),
        (-INFINITY, 3.0, -INFINITY),
        (-INFINITY, 2.0, INFINITY),
        (-INFINITY, 0.5, INFINITY),
        (-INFINITY, -3.0, -0.0),
        (-INFINITY, -2.0, 0.0),
        (-8.0, 3.0, -512.0),
        (-8.0, 1.0 / 3.0, NAN),
        (-5e-324, 0.5, NAN),
        (-2.0, 1023.0, -8.988_465_674_311_58e307),
        (-2.0, 9_007_199_254_740_991.0, -INFINITY), // the last odd number
        (-2.0, 9_007_199_254_740_992.0, INFINITY),
        (-0.5, 4_503_599_627_370_497.0, -0.0),
        (-1.0, 4_503_599_627_370_497.0, -1.0),
        (-1.0, 4_503_599_627_370_495.5, NAN),
        (2.0, -1074.0, 5e-324),
        (2.0, -1076.0, 0.0),
        (5e-324, 1.0, 5e-324),
        (f64::MAX, 1.0, f64::MAX),
        (f64::MAX, 2.0, INFINITY),
        (2.0, NAN, NAN),
        (NAN, 1.0, NAN),
        (-3.0, NAN, NAN),
    ] {
        let got = pow(x, y);
        assert!(same(got, due), "{x:e} to the power of {y:e}: {got:e} for {due:e}");
    }
}

/// Powers that are doubles are met: so is a number to the power of 1, and a whole one to a whole.
#[test]
fn powers_that_are_exact_are_met() {
    for base in -20_i32..=20 {
        for exponent in 0..=12 {
            let (x, y) = (f64::from(base), f64::from(exponent));
            gives(pow(x, y), x.powi(exponent));
        }
    }
    for bits in (1..0x7ff0).map(|high: u64| high << 48 | 0x0123_4567_89ab) {
        let x = f64::from_bits(bits);
        gives(pow(x, 1.0), x);
        gives(pow(-x, 1.0), -x);
    }
    for k in -1074..=1023 {
        gives(pow(2.0, f64::from(k)), power_of_two(k));
    }
}

#[test]
fn whole_powers_are_products_in_one_order() {
    let x = 1.1_f64;
    let square = x * x;
    gives(Scalar::powi(x, 0), 1.0);
    gives(Scalar::powi(x, 1), x);
    gives(Scalar::powi(x, 5), x * (square * square));
    gives(Scalar::powi(x, 6), square * (square * square));
    gives(Scalar::powi(x, -3), 1.0 / (x * square));
    gives(Scalar::powi(2.0, i32::MIN), 0.0);
    let cube = Scalar::powi(Dual::variable(2.0), 3);
    assert_eq!((cube.value(), cube.derivative()), (8.0, 12.0));
}

#[test]
fn derivatives_are_those_of_the_functions() {
    let is = |got: Dual, due: f64| {
        let got = got.derivative();
        let near = (got - due).abs() <= 1e-15 * due.abs();
        assert!(near || got.to_bits() == due.to_bits(), "{got} for {due}");
    };
    let (x, c) = (Dual::variable, <Dual as Scalar>::from_f64);
    is(x(2.0).ln(), 0.5);
    is(c(0.0).ln(), 0.0);
    is(x(1.0).exp(), std::f64::consts::E);
    is(c(800.0).exp(), 0.0);
    is(x(3.0).pow(c(2.0)), 6.0);
    is(x(-3.0).pow(c(3.0)), 27.0);
    is(x(0.0).pow(c(1.0)), 1.0);
    is(x(0.0).pow(c(2.5)), 0.0);
    is(x(0.0).pow(c(0.0)), 0.0);
    is(x(0.0).pow(c(0.5)), f64::INFINITY);
    is(c(2.0).pow(x(3.0)), 8.0 * std::f64::consts::LN_2);
    is(c(0.0).pow(x(3.0)), 0.0);
    is(x(std::f64::consts::E).pow(x(1.0)), 1.0 + std::f64::consts::E);
    is(c(0.0).pow(c(0.5)), 0.0);
}
