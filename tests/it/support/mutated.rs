//! Bytes of files with something in them that does not belong there.

use gaschain::Error;
use proptest::prelude::*;

/// Bytes of a text with some of them cut, doubled, or replaced by what formats care about.
pub fn mutated(text: &'static [u8]) -> impl Strategy<Value = Vec<u8>> {
    let odd: Vec<&'static [u8]> = vec![
        b"",
        b"\"",
        b"\n",
        b"\r",
        b"[",
        b"]",
        b"{",
        b"}",
        b"=",
        b",",
        b".",
        b"->",
        b"\xff",
        b"\0",
        b"1e999",
        b"nan",
        b"-1",
        b"\xe2\x82\xac",
        b"[[",
        b"'",
        b"\"\"\"",
        b"#",
        b" ",
        b"unknown",
        b"field",
        b"ethane",
        b"surplus",
        b"gather",
        b"plant",
        b"0",
        b"order",
        b"composition",
        b"true",
        b"9999999999999999999",
    ];
    let change = (any::<prop::sample::Index>(), 0..40_usize, prop::sample::select(odd));
    prop::collection::vec(change, 1..6).prop_map(move |changes| {
        let mut bytes = text.to_vec();
        for (at, cut, put) in changes {
            let at = at.index(bytes.len() + 1);
            let end = (at + cut / 4).min(bytes.len());
            bytes.splice(at..end, put.iter().copied());
        }
        bytes
    })
}

/// Each fault names a file, and says something on one line.
pub fn have_places(error: &Error) -> Result<(), TestCaseError> {
    prop_assert!(!error.faults().is_empty());
    for fault in error.faults() {
        prop_assert!(fault.place.file.is_some(), "no file: {fault}");
        prop_assert!(!fault.kind.to_string().is_empty());
        prop_assert!(fault.to_string().lines().count() == 1, "several lines: {fault}");
    }
    Ok(())
}
