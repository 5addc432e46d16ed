//! Sobol' sequences in up to 256 dimensions, with nested scrambling, point by point.
//!
//! The first 2^m points of each axis lie one in each of 2^m equal intervals, and pairs of axes fill
//! the square far more evenly than random points do (I. M. Sobol', USSR Computational Mathematics
//! and Mathematical Physics 7, 1967, 86-112). Direction numbers are those of Joe and Kuo (2008), as
//! `data/sobol/README.md` says; points come in Gray-code order (I. A. Antonov and V. M. Saleev,
//! 1979), which is the order of published tables.
//!
//! Points have 52 bits, so 2^52 of them differ. Those of a design of up to 2^k have k digits where
//! they are not scrambled, and the first is 0, whose normal score is no number: each is moved to the
//! middle of the interval of width 2^-k that it begins, so that no even design has an outlier.
//!
//! Scrambling is nested (A. B. Owen, Randomly permuted (t,m,s)-nets and (t,s)-sequences, 1995):
//! whether a binary digit of a coordinate is turned over depends on the digits before it. It keeps every count of points in every interval, makes each
//! point uniform, and so the mean over the points free of bias. The dependence is a keyed bijection
//! in which lower bits act on higher ones only, applied to the digits in reverse (S. Laine and
//! T. Karras, Stratified sampling for stochastic transparency, 2011; B. Burley, Practical
//! hash-based Owen scrambling, 2020); here it has 64 bits and keys drawn from the seed.

use super::philox::{Purpose, Random, unit_interval};
use crate::math;
use multiversion::multiversion;
use std::array;

/// Dimensions of the shipped direction numbers, the first one included.
pub(in crate::sweep) const DIMENSIONS: usize = 256;

/// Binary digits of a point.
const DIGITS: usize = 52;

/// Points that are worked on side by side, a power of two.
const BLOCK: usize = 8;

/// Highest bit that changes within a block.
const LAST_WITHIN: usize = BLOCK.trailing_zeros() as usize - 1;

/// Rounds of the scrambling.
const ROUNDS: usize = 3;

/// One axis of a Sobol' sequence.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::sweep) struct SobolAxis {
    /// Direction numbers with their digits in reverse: the first digit is the lowest bit.
    reversed: [u64; DIGITS],
    /// Digits of the first points, which those of every block differ from its first one by.
    within: [u64; BLOCK],
    scrambling: Option<Scrambling>,
    /// From the middle of the least interval that 52 digits tell apart to where a point lies.
    shift: f64,
}

/// Keys of one axis's scrambling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Scrambling {
    /// What each round adds, the odd number it multiplies by, and the even one it folds with.
    rounds: [(u64, u64, u64); ROUNDS],
}

impl SobolAxis {
    /// The axis of this dimension, from 0, in a design of so many points; scrambled where a seed is
    /// given.
    pub(in crate::sweep) fn new(dimension: usize, seed: Option<u64>, samples: u64) -> Option<Self> {
        let mut reversed = direction_numbers(dimension)?;
        for number in &mut reversed {
            *number = number.reverse_bits();
        }
        let scrambling = seed.map(|seed| Scrambling::new(seed, dimension));
        // what scrambling does to later digits puts a point anywhere in its interval
        let middle = math::power_of_two(-digits(samples).cast_signed() - 1);
        let shift = if seed.is_some() { 0.0 } else { middle - f64::EPSILON / 2.0 };
        let mut axis = Self { reversed, within: [0; BLOCK], scrambling, shift };
        axis.within = array::from_fn(|lane| axis.digits(lane as u64));
        Some(axis)
    }

    /// Points `first ..` on this axis, in (0, 1).
    pub(in crate::sweep) fn fill(&self, first: u64, column: &mut [f64]) {
        fill(self, first, column);
    }

    /// The digits of a point, in reverse.
    fn digits(&self, index: u64) -> u64 {
        let gray = index ^ (index >> 1);
        let numbers = self.reversed.iter().enumerate();
        numbers.filter(|(bit, _)| gray >> bit & 1 == 1).fold(0, |digits, (_, n)| digits ^ n)
    }
}

#[multiversion(targets("x86_64+avx512f+avx512vl+avx512dq", "x86_64+avx2", "aarch64+neon"))]
fn fill(axis: &SobolAxis, first: u64, mut column: &mut [f64]) {
    // points come in blocks that start at whole multiples of their length
    let before = first % BLOCK as u64;
    let mut lane = usize::try_from(before).unwrap_or(0);
    let mut start = first - before;
    let mut digits = axis.digits(start);
    while !column.is_empty() {
        let mut points = [0.0; BLOCK];
        for (point, within) in points.iter_mut().zip(axis.within) {
            let digits = digits ^ within;
            let digits = axis.scrambling.map_or(digits, |scrambling| scrambling.of(digits));
            *point = unit_interval(digits.reverse_bits()) + axis.shift;
        }
        let (now, later) = column.split_at_mut(column.len().min(BLOCK - lane));
        if now.len() == BLOCK {
            now.copy_from_slice(&points);
        } else {
            now.copy_from_slice(&points[lane..][..now.len()]);
        }
        (column, lane) = (later, 0);
        start += BLOCK as u64;
        // from block to block, the Gray code of the start changes in these two bits
        let changed = start.trailing_zeros() as usize;
        digits ^= axis.reversed[LAST_WITHIN] ^ axis.reversed.get(changed).unwrap_or(&0);
    }
}

/// Digits that tell the first points of a design of so many apart.
pub(in crate::sweep) const fn digits(samples: u64) -> u32 {
    u64::BITS - samples.saturating_sub(1).leading_zeros()
}

impl Scrambling {
    fn new(seed: u64, dimension: usize) -> Self {
        let random = Random::new(seed, dimension, Purpose::Scrambling);
        let rounds = array::from_fn(|round| {
            let [add, multiply] = random.pair(2 * round as u64);
            let [fold, _] = random.pair(2 * round as u64 + 1);
            (add, multiply | 1, fold & !1)
        });
        Self { rounds }
    }

    /// Scrambles digits in reverse order: in each step lower bits act on higher ones only.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "only then is it compiled for the machine's vectors")]
    fn of(self, mut digits: u64) -> u64 {
        for (add, multiply, fold) in self.rounds {
            digits = digits.wrapping_add(add).wrapping_mul(multiply);
            digits ^= digits.wrapping_mul(fold);
        }
        digits
    }
}

const TABLE: &str = include_str!("../../../data/sobol/direction_numbers.csv");

/// Direction numbers of a dimension, from 0, each with its first digit in the highest bit.
fn direction_numbers(dimension: usize) -> Option<[u64; DIGITS]> {
    if dimension == 0 {
        return Some(array::from_fn(|k| 1 << (63 - k)));
    }
    let (degree, coefficients, initial) = row(TABLE.lines().nth(dimension)?)?;
    let mut numbers = [0_u64; DIGITS];
    for k in 0..DIGITS {
        numbers[k] = match initial.get(k) {
            Some(odd) => odd << (63 - k),
            None => {
                // the recurrence of the primitive polynomial
                let mut number = numbers[k - degree] ^ numbers[k - degree] >> degree;
                for back in 1..degree {
                    if coefficients >> (degree - 1 - back) & 1 == 1 {
                        number ^= numbers[k - back];
                    }
                }
                number
            }
        };
    }
    Some(numbers)
}

/// Degree, inner coefficients and initial numbers of a row of the table.
fn row(line: &str) -> Option<(usize, u64, Vec<u64>)> {
    let mut cells = line.split(',').skip(1);
    let degree = cells.next()?.parse().ok()?;
    let coefficients = cells.next()?.parse().ok()?;
    let numbers = cells.next()?.split(' ');
    let initial: Option<Vec<u64>> = numbers.map(|number| number.parse().ok()).collect();
    Some((degree, coefficients, initial?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(dimensions: usize, seed: Option<u64>, count: usize) -> Vec<Vec<f64>> {
        let axis = |dimension| {
            let mut column = vec![0.0; count];
            SobolAxis::new(dimension, seed, count as u64).unwrap().fill(0, &mut column);
            column
        };
        (0..dimensions).map(axis).collect()
    }

    /// Whole number of the interval of width 2^-digits that a point lies in.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fn interval(point: f64, digits: u32) -> usize {
        (point * 2.0_f64.powi(digits.cast_signed())) as usize
    }

    /// The first 16 points in two dimensions as `SciPy` documents and tests them (1.7 on,
    /// `scipy.stats.qmc.Sobol` without scrambling); the third dimension of the first ten is
    /// recalled from the notes of Joe and Kuo (2008).
    #[test]
    fn the_first_points_are_the_published_ones() {
        let published: [[f64; 3]; 10] = [
            [0.0, 0.0, 0.0],
            [0.5, 0.5, 0.5],
            [0.75, 0.25, 0.25],
            [0.25, 0.75, 0.75],
            [0.375, 0.375, 0.625],
            [0.875, 0.875, 0.125],
            [0.625, 0.125, 0.875],
            [0.125, 0.625, 0.375],
            [0.1875, 0.3125, 0.9375],
            [0.6875, 0.8125, 0.4375],
        ];
        // ten and sixteen points have four digits, and lie in the middle of sixteenths
        let half = 2.0_f64.powi(-5);
        for (dimension, column) in points(3, None, 10).into_iter().enumerate() {
            for (point, published) in column.into_iter().zip(published) {
                assert_eq!((point - half).to_bits(), published[dimension].to_bits());
            }
        }
        let published = [0.9375, 0.4375, 0.3125, 0.8125, 0.5625, 0.0625];
        let other = [0.0625, 0.5625, 0.1875, 0.6875, 0.4375, 0.9375];
        let columns = points(2, None, 16);
        for (at, pair) in published.into_iter().zip(other).enumerate() {
            let got = (columns[0][10 + at] - half, columns[1][10 + at] - half);
            assert_eq!(got, pair);
        }
    }

    #[test]
    fn points_that_are_not_scrambled_lie_in_the_middle_of_their_intervals() {
        for samples in [1, 2, 3, 8, 1_000, 1_024] {
            let width = 0.5_f64.powi(digits(samples as u64).cast_signed());
            for column in points(DIMENSIONS, None, samples) {
                for point in column {
                    assert!((point / width).fract().to_bits() == 0.5_f64.to_bits(), "{point}");
                }
            }
        }
    }

    /// Multiplies polynomials over the field of two elements, modulo another of this degree.
    fn product(mut one: u64, mut other: u64, modulus: u64, degree: usize) -> u64 {
        let mut result = 0;
        while other != 0 {
            if other & 1 == 1 {
                result ^= one;
            }
            one <<= 1;
            if one >> degree & 1 == 1 {
                one ^= modulus;
            }
            other >>= 1;
        }
        result
    }

    #[test]
    fn every_polynomial_is_primitive_and_every_initial_number_odd_and_small() {
        let mut seen = Vec::new();
        for line in TABLE.lines().skip(1) {
            let (degree, coefficients, initial) = row(line).unwrap();
            let polynomial = 1 << degree | coefficients << 1 | 1;
            assert!(!seen.contains(&polynomial));
            seen.push(polynomial);
            assert_eq!(initial.len(), degree);
            for (k, odd) in initial.into_iter().enumerate() {
                assert!(odd % 2 == 1 && odd < 2 << k, "{line}");
            }
            // primitive: the order of x is 2^degree - 1 and no proper divisor of it
            let order = (1_u64 << degree) - 1;
            let power = |exponent: u64| {
                let (mut result, mut base) = (1, if degree == 1 { 1 } else { 2 });
                for bit in 0..64 {
                    if exponent >> bit & 1 == 1 {
                        result = product(result, base, polynomial, degree);
                    }
                    base = product(base, base, polynomial, degree);
                }
                result
            };
            assert_eq!(power(order), 1, "{line}");
            for divisor in (1..order).filter(|divisor| order.is_multiple_of(*divisor)) {
                assert!(power(divisor) != 1, "{line}");
            }
        }
        assert_eq!(seen.len() + 1, DIMENSIONS);
        assert!(SobolAxis::new(DIMENSIONS, None, 8).is_none());
    }

    #[test]
    fn each_axis_has_one_point_in_each_interval_scrambled_or_not() {
        const DIGITS: u32 = 10;
        for seed in [None, Some(1), Some(2)] {
            for column in points(DIMENSIONS, seed, 1 << DIGITS) {
                let mut held = vec![false; 1 << DIGITS];
                for point in column {
                    held[interval(point, DIGITS)] = true;
                }
                assert!(held.into_iter().all(|held| held));
            }
        }
    }

    /// The first two dimensions are a (0, m, 2)-net: every box of volume 2^-m holds one of 2^m
    /// points, whatever its shape (Sobol' 1967). With the third, t is 1 at the most: the sum of the
    /// degrees of the three polynomials, each less 1 (0, 0 and 1).
    #[test]
    fn boxes_of_every_shape_hold_their_share() {
        const DIGITS: u32 = 8;
        for seed in [None, Some(3), Some(4), Some(5)] {
            let columns = points(3, seed, 1 << DIGITS);
            for first in 0..=DIGITS {
                for second in 0..=DIGITS - first {
                    let third = DIGITS - first - second;
                    let mut held = vec![0; 1 << DIGITS];
                    let digits = [first, second, third];
                    for at in 0..1 << DIGITS {
                        let mut cell = 0;
                        for (column, digits) in columns.iter().zip(digits) {
                            cell = cell << digits | interval(column[at], digits);
                        }
                        held[cell] += 1;
                    }
                    if third == 0 {
                        assert!(held.iter().all(|count| *count == 1), "{digits:?}");
                    }
                    // pairs of boxes that differ in the last digit of one axis hold two together
                    assert!(held.iter().all(|count| *count <= 2), "{digits:?}");
                }
            }
        }
    }

    #[test]
    fn scrambling_turns_each_digit_over_half_the_time_independent_of_the_rest() {
        const SEEDS: u64 = 4_000;
        // digits of two points that agree in the first 6 and in no other
        let [one, other] = [0x0123_4567_89ab_cde5_u64, !0x0123_4567_89ab_cde5 ^ 0x3f];
        let mut turned = [0_u32; DIGITS];
        let mut unlike = [0_u32; DIGITS];
        for seed in 0..SEEDS {
            let scrambling = Scrambling::new(seed, 0);
            let [one_turned, other_turned] = [one, other].map(|point| scrambling.of(point) ^ point);
            for digit in 0..DIGITS {
                turned[digit] += u32::from(one_turned >> digit & 1 == 1);
                unlike[digit] += u32::from((one_turned ^ other_turned) >> digit & 1 == 1);
            }
        }
        // five standard deviations of a fair coin
        let fair = |count: u32| (f64::from(count) / SEEDS as f64 - 0.5).abs() < 0.04;
        for digit in 0..DIGITS {
            assert!(fair(turned[digit]), "digit {digit}: {}", turned[digit]);
            // where all digits before are alike, so is what happens to the next
            let same = digit <= 6;
            assert!(if same { unlike[digit] == 0 } else { fair(unlike[digit]) }, "digit {digit}");
        }
    }

    #[test]
    fn a_point_is_the_same_alone_and_in_a_row() {
        for seed in [None, Some(9)] {
            let axis = SobolAxis::new(5, seed, 1 << 52).unwrap();
            for first in [0, 1, 1_000, (1 << 32) - 3, (1 << 52) - 9] {
                let mut row = [0.0; 8];
                axis.fill(first, &mut row);
                for (at, point) in row.into_iter().enumerate() {
                    let mut alone = [0.0];
                    axis.fill(first + at as u64, &mut alone);
                    assert_eq!(alone[0].to_bits(), point.to_bits());
                }
            }
        }
    }
}
