//! The examples as a reader runs them: each runs, and says what its first lines promise.
//!
//! A binary of their own, because only `cargo test` as a whole builds the examples: with
//! `cargo test --test it` they would be missing, or old.

use std::path::Path;
use std::process::Command;

const README: &str = include_str!("../README.md");

/// What an example prints.
fn printed(name: &str) -> String {
    let test = std::env::current_exe().expect("this test is a file");
    let built = test.parent().and_then(Path::parent).expect("cargo's layout");
    let program = built.join("examples").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    assert!(program.exists(), "{} is not built", program.display());
    let output = Command::new(program).output().expect("it runs");
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(output.status.success() && said.is_empty(), "{name}: {said}");
    let page = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(!page.contains("NaN") && !page.contains("inf"), "{page}");
    page
}

// it asks for hydraulics
#[test]
fn nameplate_shows_both_ends_of_what_is_not_known() {
    let page = printed("nameplate");
    assert!(page.contains("WHAT COMES OUT, AND WHAT IS ANNOUNCED"));
    let (_, ends) = page.split_once("AT BOTH ENDS\n").expect("a table of both ends");
    assert_eq!(ends.lines().filter(|line| line.contains(" = ")).count(), 10);
}

#[test]
fn line_capacity_shows_what_stops_the_line() {
    let page = printed("line_capacity");
    let rows: Vec<Vec<&str>> = page
        .lines()
        .filter(|line| line.contains("  trunk_line."))
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(rows.len(), 9, "each is stopped by a limit of the line\n{page}");
    let carried = |row: usize| rows[row][3].parse::<f64>().expect("a number");
    // loops and power help, a station out of service costs
    assert!((0..5).all(|row| carried(row) < carried(row + 1)), "{page}");
    assert!((6..9).all(|row| carried(row) < carried(5)), "{page}");
}

#[test]
fn custom_chain_compares_two_sizes_of_a_cold_box() {
    let page = printed("custom_chain");
    assert!(page.contains("cold_box.gas") && page.contains("buyer.demand"), "{page}");
}

#[test]
fn sweep_says_what_stops_kovykta() {
    let page = printed("sweep");
    assert!(page.contains("65536 scenarios, 0 failed"), "{page}");
    assert!(page.contains("heihe.demand") && page.contains("gpp.feed"), "{page}");
}

// two of them ask for hydraulics
#[test]
fn output_in_the_readme_is_what_the_example_prints() {
    let blocks: Vec<&str> = README.split("<!-- output of example: ").skip(1).collect();
    assert!(!blocks.is_empty());
    for rest in blocks {
        let (name, rest) = rest.split_once(" -->").expect("a closed comment");
        let (_, rest) = rest.split_once("```text\n").expect("a block");
        let (block, _) = rest.split_once("```").expect("a closed block");
        let page = printed(name);
        assert!(page.contains(block), "{name} prints otherwise:\n{page}");
    }
}

#[test]
fn an_example_is_a_lesson_of_less_than_80_lines() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let lines = std::fs::read_to_string(entry.path()).expect("readable").lines().count();
        assert!(lines < 80, "{} has {lines} lines", entry.path().display());
    }
}
