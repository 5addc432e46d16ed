//! Counts of numbers by size: the quantiles of any number of scenarios in little memory.

use std::fmt::{self, Write};

/// Bits of the mantissa that a bin keeps: 1,024 bins from one power of two to the next, each as
/// wide as 2^-10 of its lower end, so that its middle is within 2^-11 of all in it.
const BITS: u32 = 10;
/// Bins of a page: from one power of two to the next.
const PAGE: usize = 1 << BITS;

/// Largest relative error of a quantile.
pub const QUANTILE_ERROR: f64 = 1.0 / 2_048.0;

/// Counts of numbers in bins whose borders are the same everywhere.
#[derive(Clone, Default)]
pub(super) struct Bins {
    /// Powers of two that occurred, with sign, in the order of the numbers.
    pages: Vec<(u32, Box<[u64; PAGE]>)>,
    /// The page used last.
    last: usize,
}

impl PartialEq for Bins {
    fn eq(&self, other: &Self) -> bool {
        // which page was used last is no part of what was counted
        self.pages == other.pages
    }
}

impl fmt::Debug for Bins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // thousands of counts say less than their sum
        write!(f, "Bins({} of {})", self.filled().count(), self.total())
    }
}

/// The bin of a finite number, in the order of the numbers.
pub(super) fn bin_of(value: f64) -> u32 {
    // 0 has one bin, whatever its sign
    let bits = (value + 0.0).to_bits();
    let ordered = if bits >> 63 == 1 { !bits } else { bits | 1 << 63 };
    // the highest 22 bits
    #[allow(clippy::cast_possible_truncation)]
    let bin = (ordered >> (64 - 12 - BITS)) as u32;
    bin
}

/// The middle of a bin.
fn middle(bin: u32) -> f64 {
    let edge = |bin: u32| {
        let ordered = u64::from(bin) << (64 - 12 - BITS);
        f64::from_bits(if ordered >> 63 == 1 { ordered & !(1 << 63) } else { !ordered })
    };
    let (low, high) = (edge(bin), edge(bin + 1));
    // of numbers next to 0, and of the largest, whose bin has no end
    if low.abs() < f64::MIN_POSITIVE {
        0.0
    } else if high.is_finite() {
        0.5 * low + 0.5 * high
    } else {
        low
    }
}

impl Bins {
    pub fn count(&mut self, bin: u32, number: u64) {
        let key = bin >> BITS;
        if self.pages.get(self.last).is_none_or(|(page, _)| *page != key) {
            self.last = match self.pages.binary_search_by_key(&key, |(page, _)| *page) {
                Ok(found) => found,
                Err(place) => {
                    self.pages.insert(place, (key, Box::new([0; PAGE])));
                    place
                }
            };
        }
        self.pages[self.last].1[bin as usize % PAGE] += number;
    }

    /// Bins that are not empty, with their counts, in the order of the numbers.
    fn filled(&self) -> impl Iterator<Item = (u32, u64)> {
        self.pages.iter().flat_map(|(key, page)| {
            let bins = (key << BITS..).zip(page.iter().copied());
            bins.filter(|(_, count)| *count > 0)
        })
    }

    fn total(&self) -> u64 {
        self.filled().map(|(_, count)| count).sum()
    }

    pub fn merge(&mut self, other: &Self) {
        for (bin, count) in other.filled() {
            self.count(bin, count);
        }
    }

    /// The number that a share of all are at most: the middle of its bin.
    pub fn quantile(&self, share: f64) -> Option<f64> {
        let total = self.total();
        // a rank from 1 to the number of all
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let rank = ((share * total as f64).ceil() as u64).max(1);
        let mut passed = 0;
        self.filled()
            .find(|(_, count)| {
                passed += count;
                passed >= rank
            })
            .map(|(bin, _)| middle(bin))
    }

    /// Counts in `parts` equal parts from `low` to `high`; each bin goes where its middle lies.
    pub fn histogram(&self, low: f64, high: f64, parts: usize) -> Vec<u64> {
        let mut counts = vec![0; parts];
        let width = (high - low) / parts as f64;
        for (bin, count) in self.filled() {
            let at = (middle(bin) - low) / width;
            // what is below goes to the first, as does not a number, where all are one
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let part = (at as usize).min(parts - 1);
            counts[part] += count;
        }
        counts
    }

    /// As text: `bin:count` of each that is not empty.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for (bin, count) in self.filled() {
            let separator = if text.is_empty() { "" } else { " " };
            // writing to a text cannot fail
            let _ = write!(text, "{separator}{bin}:{count}");
        }
        text
    }

    /// What [`to_text`](Self::to_text) wrote; `None` where it is something else.
    pub fn read(text: &str) -> Option<Self> {
        let mut bins = Self::default();
        for part in text.split_whitespace() {
            let (bin, count) = part.split_once(':')?;
            let bin = bin.parse().ok().filter(|bin: &u32| bin >> (12 + BITS) == 0)?;
            bins.count(bin, count.parse().ok()?);
        }
        Some(bins)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_within_the_stated_error_of_its_bins_middle() {
        let mut value = -1e12_f64;
        let mut last = 0;
        while value < -1e-12 {
            let bin = bin_of(value);
            assert!(bin >= last, "{value}");
            last = bin;
            assert!((middle(bin) / value - 1.0).abs() <= QUANTILE_ERROR, "{value}");
            assert!((middle(bin_of(-value)) / -value - 1.0).abs() <= QUANTILE_ERROR, "{value}");
            value *= 0.999_7;
        }
        assert_eq!(bin_of(0.0), bin_of(-0.0));
        assert_eq!(middle(bin_of(0.0)).to_bits(), 0);
        assert!(bin_of(-1e-300) < bin_of(0.0) && bin_of(0.0) < bin_of(1e-300));
        assert!(middle(bin_of(f64::MAX)).is_finite() && middle(bin_of(-f64::MAX)).is_finite());
    }

    #[test]
    fn quantiles_and_parts_of_known_numbers() {
        let mut bins = Bins::default();
        (1..=1_000).for_each(|number| bins.count(bin_of(f64::from(number)), 1));
        for (share, exact) in [(0.0, 1.0), (0.01, 10.0), (0.5, 500.0), (1.0, 1_000.0)] {
            let found = bins.quantile(share).unwrap();
            assert!((found / exact - 1.0).abs() <= QUANTILE_ERROR, "{share}: {found}");
        }
        assert_eq!(bins.histogram(0.5, 1_000.5, 4), [250; 4]);
        assert_eq!(Bins::read(&bins.to_text()).map(|read| read.to_text()), Some(bins.to_text()));
        assert_eq!(Bins::read("1:2 x"), None);
        assert_eq!(Bins::default().quantile(0.5), None);
    }
}
