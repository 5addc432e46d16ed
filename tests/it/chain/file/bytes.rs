//! Chain files as bytes: encodings, line ends, names and nesting of any length, and whatever else
//! may be in them.

use crate::support::folders::{CHAIN, CRACKER, FEEDS, changed, good, message};
use crate::support::mutated::{have_places, mutated};
use crate::support::seeds::config;
use gaschain::chain::Folder;
use proptest::prelude::*;

#[test]
fn blank_lines_and_quoted_line_ends_keep_the_lines_right() {
    let folder = changed(good(), FEEDS, "lean,mol %,90", "\n\nlean,mol %,x");
    assert!(message(&folder).starts_with("good/feeds.csv:4: column \"methane\": "));
    // a row of the file that a quoted cell spreads over two lines
    let folder =
        changed(good(), FEEDS, "0.5,assumed,a test\n", "0.5,assumed,\"a\ntest\"\nbad,row\n");
    assert!(message(&folder).starts_with("good/feeds.csv:4: the row has 2 fields"));
}

#[test]
fn encodings_and_line_ends() {
    let with = |file: &str, bytes: Vec<u8>| {
        let mut folder = good();
        folder.files.insert(file.into(), bytes);
        folder
    };
    let solved = |folder: Folder| {
        let chain = folder.chain().unwrap();
        let solved = chain.case().solve().unwrap();
        solved.get("cracker.ethylene.mass").unwrap().unwrap().to_bits()
    };
    let plain = solved(good());
    for file in [CHAIN, CRACKER, FEEDS] {
        let text = String::from_utf8(good().files[file].clone()).unwrap();
        // a byte order mark, and the line ends of another system, change nothing
        assert_eq!(solved(with(file, format!("\u{feff}{text}").into_bytes())), plain, "{file}");
        assert_eq!(solved(with(file, text.replace('\n', "\r\n").into_bytes())), plain, "{file}");
        let tabs = text.replace(" = ", "\t=\t");
        assert_eq!(solved(with(file, tabs.into_bytes())), plain, "{file}");
        // the same line is named with the line ends of another system
        let at = text.lines().count() + 1;
        let bad = if file == FEEDS { "one,cell\n" } else { "oops\n" };
        let faults = with(file, format!("{text}{bad}").replace('\n', "\r\n").into_bytes());
        let faults = faults.chain().unwrap_err();
        assert_eq!(faults.faults()[0].place.line, Some(at), "{faults}");
    }
    let latin = |file: &str, from: &str| {
        let text = String::from_utf8(good().files[file].clone()).unwrap();
        let at = text.find(from).unwrap();
        let mut bytes = text.into_bytes();
        bytes[at] = 0xF6;
        message(&with(file, bytes))
    };
    assert_eq!(
        latin(CHAIN, "good\""),
        "good/chain.toml:4: not UTF-8 text: byte 0xF6 (offset 179), perhaps Windows-1252; allowed: UTF-8"
    );
    assert_eq!(
        latin(CRACKER, "cracker\""),
        "good/cracker.toml:3: not UTF-8 text: byte 0xF6 (offset 74), perhaps Windows-1252; allowed: UTF-8"
    );
    assert_eq!(
        latin(FEEDS, "a test"),
        "good/feeds.csv:2: not UTF-8 text: byte 0xF6 (offset 89), perhaps Windows-1252; allowed: UTF-8"
    );
}

#[test]
fn long_names_and_deep_nesting_are_reported_and_not_recited() {
    let long = "x".repeat(100_000);
    let folder = changed(good(), CHAIN, "\"gather -> plant\"", &format!("\"gather -> {long}\""));
    let text = message(&folder);
    assert!(text.lines().all(|line| line.len() < 300), "{} letters", text.len());
    for deep in [
        format!("deep = {}{}", "[".repeat(100_000), "]".repeat(100_000)),
        format!("deep = {}{}", "{a=".repeat(100_000), "}".repeat(100_000)),
        format!("deep{} = 1", ".a".repeat(100_000)),
        format!("[deep{}]", ".a".repeat(100_000)),
        format!("deep = {}", format!("{{a{} = ", ".a".repeat(70)).repeat(70)),
    ] {
        let faults =
            changed(good(), CHAIN, "name = \"good\"", &format!("{deep}\nname = \"good\"")).chain();
        let faults = faults.unwrap_err().to_string();
        assert!(faults.len() < 10_000, "{} letters", faults.len());
        assert!(faults.starts_with("good/chain.toml:4: "), "{faults}");
    }
}

#[test]
fn a_comment_is_no_nesting() {
    let ruler = format!("# {} don't {}\nname = \"good\"", ".".repeat(200), "[".repeat(200));
    assert!(changed(good(), CHAIN, "name = \"good\"", &ruler).chain().is_ok());
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn mutated_chain_files_never_panic(
        chain in mutated(include_bytes!("good/chain.toml")),
        cracker in mutated(include_bytes!("good/cracker.toml")),
        feeds in mutated(include_bytes!("good/feeds.csv")),
        which in 1..8_u8,
    ) {
        let mut folder = good();
        for (bit, file, bytes) in [(1, CHAIN, chain), (2, CRACKER, cracker), (4, FEEDS, feeds)] {
            if which & bit != 0 {
                folder.files.insert(file.into(), bytes);
            }
        }
        match folder.chain() {
            Err(faults) => have_places(&faults)?,
            Ok(chain) => { let _ = chain.case().solve(); }
        }
    }
}
