//! How many seeds a property is tried with.

use std::ops::Range;

/// The seeds of a run: a few, or as many as `GASCHAIN_SEEDS` says.
pub fn seeds() -> Range<u64> {
    let asked = std::env::var("GASCHAIN_SEEDS").ok().and_then(|count| count.parse().ok());
    0..asked.unwrap_or(8)
}
