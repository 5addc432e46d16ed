//! Random numbers that are found by an index, not by drawing those before them.
//!
//! Philox 4x32-10: ten rounds of multiplication turn a counter of 128 bits and a key of 64 into
//! 128 bits that pass every known test of randomness (J. K. Salmon, M. A. Moraes, R. O. Dror and
//! D. E. Shaw, Parallel random numbers: as easy as 1, 2, 3, SC11, 2011).

/// Multipliers of the two halves (Salmon et al. 2011).
const MULTIPLIERS: [u64; 2] = [0xD251_1F53, 0xCD9E_8D57];

/// What the key grows by each round: the golden ratio and the square root of 3, less their whole
/// parts, times 2^32 (Salmon et al. 2011).
const GROWTH: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];

/// What numbers are drawn for: numbers drawn for different purposes are independent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sweep) enum Purpose {
    /// Points of a Monte Carlo design.
    Points = 0,
    /// Places within the strata of a Latin hypercube.
    Jitter = 1,
    /// Keys of the permutations of a Latin hypercube.
    Permutation = 2,
    /// Keys of the scrambling of a Sobol' sequence.
    Scrambling = 3,
}

/// A stream of random numbers, one for each index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sweep) struct Random {
    key: [u32; 2],
    /// Upper half of the counter: the axis, and what the numbers are for.
    stream: [u32; 2],
}

impl Random {
    /// The stream of an axis, for a purpose.
    pub(in crate::sweep) fn new(seed: u64, axis: usize, purpose: Purpose) -> Self {
        let axis = u32::try_from(axis).unwrap_or(u32::MAX);
        Self { key: halves(seed), stream: [axis, purpose as u32] }
    }

    /// The bits of two neighbours, `2 at` and `2 at + 1`: one counter gives both.
    pub(in crate::sweep) fn pair(self, at: u64) -> [u64; 2] {
        let [[first, ..], [second, ..]] = self.pairs([at; LANES]);
        [first, second]
    }

    /// Calls `each` with the place of each of `count` numbers from `first` on, and its bits.
    #[inline]
    pub(in crate::sweep) fn for_each(
        self,
        first: u64,
        count: usize,
        mut each: impl FnMut(usize, u64),
    ) {
        // the first number of all blocks may lie before the first one asked for
        let mut at = first / 2;
        let mut index = 2 * at;
        let end = first + count as u64;
        let place = |index: u64| usize::try_from(index - first).unwrap_or(usize::MAX);
        while index < end {
            let pairs = self.pairs(std::array::from_fn(|lane| at.wrapping_add(lane as u64)));
            for (even, odd) in pairs[0].into_iter().zip(pairs[1]) {
                for bits in [even, odd] {
                    if index >= first && index < end {
                        each(place(index), bits);
                    }
                    index += 1;
                }
            }
            at += LANES as u64;
        }
    }

    /// First and second halves of the bits of several counters at once.
    #[inline]
    fn pairs(self, at: [u64; LANES]) -> [[u64; LANES]; 2] {
        let [axis, purpose] = self.stream.map(|word| [u64::from(word); LANES]);
        let words = philox([at.map(low), at.map(high), axis, purpose], self.key);
        let join = |low: usize, high: usize| {
            std::array::from_fn(|lane| words[low][lane] | words[high][lane] << 32)
        };
        [join(0, 1), join(2, 3)]
    }
}

/// Counters that are worked on side by side.
const LANES: usize = 4;

const fn low(word: u64) -> u64 {
    word & 0xFFFF_FFFF
}

const fn high(word: u64) -> u64 {
    word >> 32
}

#[allow(clippy::cast_possible_truncation)]
const fn halves(word: u64) -> [u32; 2] {
    [word as u32, (word >> 32) as u32]
}

/// Ten rounds on counters of four words of 32 bits each, a lane a counter.
#[inline]
fn philox(mut counter: [[u64; LANES]; 4], mut key: [u32; 2]) -> [[u64; LANES]; 4] {
    for _ in 0..10 {
        let keys = key.map(u64::from);
        let mut next = counter;
        for lane in 0..LANES {
            let one = MULTIPLIERS[0] * low(counter[0][lane]);
            let other = MULTIPLIERS[1] * low(counter[2][lane]);
            next[0][lane] = high(other) ^ counter[1][lane] ^ keys[0];
            next[1][lane] = low(other);
            next[2][lane] = high(one) ^ counter[3][lane] ^ keys[1];
            next[3][lane] = low(one);
        }
        counter = next;
        key = [key[0].wrapping_add(GROWTH[0]), key[1].wrapping_add(GROWTH[1])];
    }
    counter
}

/// A number in (0, 1) from 64 random bits: the middle of one of 2^52 equal intervals, so that
/// neither end is ever reached and 1 less the number is exact.
#[inline]
pub(in crate::sweep) fn unit_interval(bits: u64) -> f64 {
    // 52 bits behind the exponent of 1 are a number in [1, 2), and what follows is exact; unlike a
    // conversion, it is done for several numbers at once
    f64::from_bits(1.0_f64.to_bits() | bits >> 12) - 1.0 + f64::EPSILON / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The known answers that the authors publish with their generator (Random123, `kat_vectors`).
    #[test]
    fn the_generator_gives_its_known_answers() {
        for (counter, key, answer) in [
            ([0; 4], [0; 2], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
            ([u32::MAX; 4], [u32::MAX; 2], [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
            (
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
                [0xa409_3822, 0x299f_31d0],
                [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1],
            ),
        ] {
            let words = philox(counter.map(|word: u32| [u64::from(word); LANES]), key);
            assert_eq!(words, answer.map(|word: u32| [u64::from(word); LANES]));
        }
    }

    #[test]
    fn a_number_is_the_same_alone_and_in_a_row() {
        let random = Random::new(7, 3, Purpose::Points);
        for first in [0, 1, 2, 5, u64::from(u32::MAX) * 2 - 1] {
            for count in 0..6 {
                let mut row = Vec::new();
                random.for_each(first, count, |place, bits| {
                    assert_eq!(place, row.len());
                    row.push(bits);
                });
                let alone = |place| {
                    let index = first + place as u64;
                    random.pair(index / 2)[usize::from(index % 2 == 1)]
                };
                assert_eq!(row, (0..count).map(alone).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn the_ends_of_the_unit_interval_are_not_reached() {
        let least = unit_interval(0);
        assert!(least > 0.0);
        assert!((1.0 - unit_interval(u64::MAX)).to_bits() == least.to_bits());
    }
}
