//! Latin hypercubes of any size, point by point: keyed permutations and exact strata.
//!
//! Of n scenarios, each of the n equal intervals of an axis holds exactly one (M. D. `McKay`, R. J.
//! Beckman and W. J. Conover, Technometrics 21, 1979, 239-245). Which one is a permutation of
//! 0 .. n that nobody stores: a bijection on the whole numbers below the next power of two, applied
//! again where it leaves 0 .. n. That walks round a cycle, ends after fewer than two steps on
//! average, and is a bijection on 0 .. n (J. Black and P. Rogaway, Ciphers with arbitrary finite
//! domains, CT-RSA 2002).
//!
//! The bijection multiplies by odd numbers, adds, and folds the upper half of the bits onto the
//! lower, with keys drawn for each axis. Multiplying mixes upwards, folding downwards, and unlike
//! a Feistel network it needs no even number of bits.

use super::philox::{Purpose, Random};
use crate::math;

/// Rounds of the bijection. After three, a change of any bit turns over about half of all; the
/// fourth is margin.
const ROUNDS: usize = 4;

/// Points that are worked on side by side.
const BLOCK: usize = 8;

/// Bits that a stratum's number and the place within it share: half a place more is exact in f64.
const BITS: u32 = 52;

/// One axis of a Latin hypercube.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::sweep) struct LatinAxis {
    permutation: Permutation,
    jitter: Random,
    /// Bits of the place within a stratum that are dropped, so that the rest is exact.
    dropped: u32,
    /// Width of a place within a stratum, where a stratum is 1 wide.
    place: f64,
}

impl LatinAxis {
    /// The axis of this number in a hypercube of `samples` points.
    pub(in crate::sweep) fn new(seed: u64, axis: usize, samples: u64) -> Self {
        let permutation = Permutation::new(seed, axis, samples);
        // a place in a stratum has the bits that the stratum's number leaves
        let kept = (BITS - 1).saturating_sub(permutation.bits).max(1);
        Self {
            permutation,
            jitter: Random::new(seed, axis, Purpose::Jitter),
            dropped: 64 - kept,
            place: math::power_of_two(-kept.cast_signed()),
        }
    }

    /// Points `first ..` on this axis, in (0, 1).
    pub(in crate::sweep) fn fill(&self, first: u64, column: &mut [f64]) {
        let mut start = first;
        for block in column.chunks_mut(BLOCK) {
            let places = self.permutation.block(start);
            // no further than there are points: beyond them a walk need not end
            for (number, place) in block.iter_mut().zip(places) {
                *number = self.permutation.walk(place) as f64;
            }
            start += BLOCK as u64;
        }
        let samples = self.permutation.samples as f64;
        self.jitter.for_each(first, column.len(), |at, bits| {
            let within = ((bits >> self.dropped) as f64 + 0.5) * self.place;
            column[at] = (column[at] + within) / samples;
        });
    }
}

/// A permutation of `0 .. samples`, chosen by a key.
#[derive(Debug, Clone, PartialEq)]
struct Permutation {
    samples: u64,
    /// Bits of the next power of two.
    bits: u32,
    mask: u64,
    /// What each round adds and multiplies by.
    rounds: [(u64, u64); ROUNDS],
}

impl Permutation {
    fn new(seed: u64, axis: usize, samples: u64) -> Self {
        let bits = (64 - samples.saturating_sub(1).leading_zeros()).max(1);
        let random = Random::new(seed, axis, Purpose::Permutation);
        let rounds = std::array::from_fn(|round| {
            let [add, multiply] = random.pair(round as u64);
            (add, multiply | 1)
        });
        Self { samples, bits, mask: u64::MAX >> (64 - bits), rounds }
    }

    /// Where the first step leads the numbers from `start` on.
    fn block(&self, start: u64) -> [u64; BLOCK] {
        std::array::from_fn(|lane| self.step(start.wrapping_add(lane as u64)))
    }

    /// Goes on from where the first step led a number below that of samples, until the next one
    /// below it.
    fn walk(&self, mut place: u64) -> u64 {
        while place >= self.samples {
            place = self.step(place);
        }
        place
    }

    #[inline]
    fn step(&self, mut place: u64) -> u64 {
        let fold = self.bits.div_ceil(2);
        for (add, multiply) in self.rounds {
            place = place.wrapping_add(add).wrapping_mul(multiply) & self.mask;
            place ^= place >> fold;
        }
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(permutation: &Permutation, index: u64) -> u64 {
        permutation.walk(permutation.step(index))
    }

    #[test]
    fn every_stratum_holds_one_point_at_any_size() {
        for samples in (1..=300).chain([1_000, 4_096, 4_097, 65_537]) {
            for axis in 0..3 {
                let mut column = vec![0.0; usize::try_from(samples).unwrap()];
                LatinAxis::new(11, axis, samples).fill(0, &mut column);
                let mut held = vec![0; column.len()];
                for point in column {
                    assert!(point > 0.0 && point < 1.0);
                    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                    let stratum = (point * samples as f64).floor() as usize;
                    held[stratum] += 1;
                }
                assert!(held.iter().all(|count| *count == 1), "{samples} points");
            }
        }
    }

    #[test]
    fn strata_stay_exact_where_they_are_as_fine_as_allowed() {
        for samples in [(1 << 32) + 1, (1_u64 << 48) - 3, 1 << 48] {
            let axis = LatinAxis::new(5, 0, samples);
            for first in [0, 12_345, samples / 2, samples - 64] {
                let mut column = [0.0; 64];
                axis.fill(first, &mut column);
                for (at, point) in column.into_iter().enumerate() {
                    let stratum = of(&axis.permutation, first + at as u64);
                    assert!(point > 0.0 && point < 1.0);
                    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                    let got = (point * samples as f64).floor() as u64;
                    assert_eq!(got, stratum);
                }
            }
        }
    }

    /// Over many seeds, each point is as often in one stratum as in another, and two axes are as
    /// often alike as two random permutations.
    #[test]
    fn permutations_of_few_points_are_all_about_as_likely() {
        const SEEDS: u64 = 24_000;
        for samples in [2_usize, 3, 4, 5, 7] {
            let mut places = vec![0_u32; samples * samples];
            let mut alike = 0_u32;
            for seed in 0..SEEDS {
                let [one, other] = [0, 1].map(|axis| Permutation::new(seed, axis, samples as u64));
                for index in 0..samples as u64 {
                    let place = usize::try_from(of(&one, index)).unwrap();
                    places[usize::try_from(index).unwrap() * samples + place] += 1;
                    alike += u32::from(of(&one, index) == of(&other, index));
                }
            }
            let expected = SEEDS as f64 / samples as f64;
            for count in places {
                assert!((f64::from(count) / expected - 1.0).abs() < 0.1, "{samples}: {count}");
            }
            // two random permutations agree in one place on average
            assert!((f64::from(alike) / SEEDS as f64 - 1.0).abs() < 0.05, "{samples}: {alike}");
        }
    }

    #[test]
    fn a_change_of_any_bit_turns_over_half_of_all() {
        const SEEDS: u64 = 2_000;
        for bits in [8_usize, 21, 32] {
            let mut turned = vec![0_u32; bits * bits];
            for seed in 0..SEEDS {
                let permutation = Permutation::new(seed, 0, 1 << bits);
                let index = seed.wrapping_mul(0x9E37_79B9) & permutation.mask;
                for changed in 0..bits {
                    let difference =
                        permutation.step(index) ^ permutation.step(index ^ 1 << changed);
                    for bit in 0..bits {
                        turned[changed * bits + bit] += u32::from(difference >> bit & 1 == 1);
                    }
                }
            }
            for (at, count) in turned.into_iter().enumerate() {
                let share = f64::from(count) / SEEDS as f64;
                let (changed, bit) = (at / bits, at % bits);
                assert!((share - 0.5).abs() < 0.1, "{bits} bits: {changed} on {bit}: {share}");
            }
        }
    }
}
