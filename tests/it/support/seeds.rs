//! Which random chains are drawn: every suite that draws them asks here.
//!
//! Without anything said it is eight seeds, the same in every run, so that a red run can be had
//! again. `GASCHAIN_SEEDS=1000` asks for a thousand of them; `GASCHAIN_SEED=17` for number 17 alone.

use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestRunner};
use std::ops::Range;

/// Numbers that the environment asks for.
fn asked(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable} is {text:?}, not a whole number")))
}

/// The seeds of this run.
pub fn seeds() -> Range<u64> {
    match asked("GASCHAIN_SEED") {
        Some(one) => one..one + 1,
        None => 0..asked("GASCHAIN_SEEDS").unwrap_or(8),
    }
}

/// How many of something are drawn: so many, unless this variable of the environment says
/// otherwise.
pub fn count(variable: &str, unless_asked: u64) -> u64 {
    asked(variable).unwrap_or(unless_asked)
}

/// For the `proptest!` macro: so many cases for every eight seeds, the same in every run.
pub fn config(cases: u32) -> ProptestConfig {
    let seeds = seeds();
    let many = u32::try_from(seeds.end - seeds.start).unwrap_or(u32::MAX);
    ProptestConfig {
        cases: cases.saturating_mul(many).div_ceil(8),
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(seeds.start),
        ..ProptestConfig::default()
    }
}

/// Runs a test on so many values of every seed; the first that fails is made smaller and shown.
#[track_caller]
pub fn on_every_seed<S: Strategy>(
    cases: u32,
    strategy: &S,
    test: impl Fn(S::Value) -> Result<(), TestCaseError>,
) {
    on_every_seed_and(&[], cases, strategy, test);
}

/// The same, and on seeds that are kept because they once showed a fault, unless one is asked for.
#[track_caller]
pub fn on_every_seed_and<S: Strategy>(
    kept: &[u64],
    cases: u32,
    strategy: &S,
    test: impl Fn(S::Value) -> Result<(), TestCaseError>,
) {
    let all = seeds();
    let only_one = asked("GASCHAIN_SEED").is_some();
    let kept = kept.iter().copied().filter(|seed| !only_one && !all.contains(seed));
    for seed in all.clone().chain(kept) {
        let config = ProptestConfig {
            cases,
            failure_persistence: None,
            rng_seed: RngSeed::Fixed(seed),
            ..ProptestConfig::default()
        };
        if let Err(error) = TestRunner::new(config).run(strategy, &test) {
            panic!("seed {seed}: {error}");
        }
    }
}

/// Numbers that look random, by a seed (splitmix64).
pub struct Random(u64);

impl Random {
    /// Those of a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5bd1_e995_9e37_79b9)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Between two numbers.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * ((self.next() >> 11) as f64 / (1_u64 << 53) as f64)
    }

    /// One of so many.
    pub fn choose(&mut self, count: usize) -> usize {
        usize::try_from(self.next() % count as u64).expect("fewer than there are")
    }

    /// Whether something with this chance in a hundred happens.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.choose(100) < percent
    }

    /// In another order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.choose(last + 1));
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_numbers_and_another_others() {
    let five = |seed| {
        let mut random = Random::new(seed);
        [(); 5].map(|()| random.between(2.0, 3.0))
    };
    assert_eq!(five(3).map(f64::to_bits), five(3).map(f64::to_bits));
    assert_ne!(five(3).map(f64::to_bits), five(4).map(f64::to_bits));
    assert!(five(3).iter().all(|number| (2.0..3.0).contains(number)));
    let mut items = [0, 1, 2, 3, 4, 5];
    Random::new(7).shuffle(&mut items);
    assert_ne!(items, [0, 1, 2, 3, 4, 5]);
    items.sort_unstable();
    assert_eq!(items, [0, 1, 2, 3, 4, 5]);
}
