//! What stands in one argument: changes, ranges, counts, names of formats. Faults are kept, so that
//! those of several arguments and of the files they name are told together.

use gaschain::fault::{FaultKind, Faults, Place};
use gaschain::param::Value;
use gaschain::scenario::Override;
use gaschain::sweep::Runner;
use std::collections::HashSet;
use std::ops::Range;

/// An argument that cannot be read.
pub fn unreadable(option: &str, got: &str, allowed: &str, faults: &mut Faults) {
    let kind = FaultKind::Unreadable { got: got.to_owned(), allowed: allowed.to_owned() };
    faults.push(Place::file(option), kind);
}

/// `ADDRESS=VALUE`, as often as it was given.
pub fn changes(texts: &[String], faults: &mut Faults) -> Vec<Override> {
    let changes: Vec<Override> = texts.iter().filter_map(|text| change(text, faults)).collect();
    let mut seen = HashSet::new();
    for change in changes.iter().filter(|change| !seen.insert(change.address.clone())) {
        let name = change.address.clone();
        let place = Place::file("--set");
        faults.push(place, FaultKind::Duplicate { what: "address", name, first: None });
    }
    changes
}

fn change(text: &str, faults: &mut Faults) -> Option<Override> {
    let Some((address, value)) = text.split_once('=') else {
        unreadable("--set", text, "address=value", faults);
        return None;
    };
    let (address, value) = (address.trim(), value.trim());
    Some(Override {
        address: address.to_owned(),
        value: Value::Text(value.to_owned()),
        place: Place::file("--set").at_address(address),
    })
}

/// A whole number from 1 on.
pub fn count<T: std::str::FromStr + PartialOrd + From<u8>>(
    option: &str,
    text: Option<&str>,
    faults: &mut Faults,
) -> Option<T> {
    let text = text?;
    let count = text.parse().ok().filter(|count| *count >= T::from(1));
    if count.is_none() {
        unreadable(option, text, "a number from 1 on", faults);
    }
    count
}

/// A number of threads from 1 on, and not more than can be served.
pub fn threads(text: Option<&str>, faults: &mut Faults) -> Option<usize> {
    let threads: usize = count("--threads", text, faults)?;
    let most = Runner::MOST_THREADS;
    if threads > most {
        let (got, allowed) = (threads.to_string(), format!("at most {most} threads"));
        faults.push(Place::file("--threads"), FaultKind::NotAllowed { got, allowed });
        return None;
    }
    Some(threads)
}

/// `A..B`: scenarios A to B - 1.
pub fn range(option: &str, text: Option<&str>, faults: &mut Faults) -> Option<Range<u64>> {
    let text = text?;
    let ends = text.split_once("..");
    let range = ends.and_then(|(a, b)| Some(a.parse().ok()?..b.parse().ok()?));
    if range.is_none() {
        unreadable(option, text, "A..B, as in 0..1000000", faults);
    }
    range
}

/// One of several words, each with what it stands for; the first where it is none of them.
pub fn one_of<T: Copy>(
    option: &str,
    what: &'static str,
    text: &str,
    words: &[(&str, T)],
    faults: &mut Faults,
) -> T {
    if let Some((_, meant)) = words.iter().find(|(word, _)| *word == text) {
        return *meant;
    }
    let kind = FaultKind::unknown(what, text, words.iter().map(|(word, _)| word));
    faults.push(Place::file(option), kind);
    words[0].1
}
