//! The program that asks what the shipped line can carry.

use super::run::{example, text};

#[test]
fn line_capacity_prints_tables_and_a_picture() {
    let output = example("line_capacity", &[]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(output.stderr.is_empty());
    let page = text(&output.stdout);
    for part in [
        "WHAT THE LINE CARRIES",
        "THE LINE IN THE SCENARIO: 41.52 bcm/yr delivered, 1,491 of 1,990 km looped",
        "PRESSURE ALONG THE LINE",
        "BESIDE WHAT IS PUBLISHED",
        "over 1,200",
        "0 km of loops and\n  481 MW: 1.45 % at 39.1 bcm/yr. That may be chance.",
    ] {
        assert!(page.contains(part), "{part} is not on the page");
    }
    assert!(!page.contains("NaN") && !page.contains("inf"));
    let lines: Vec<&str> = page.lines().collect();
    let widest = lines.iter().map(|line| line.chars().count()).max().unwrap_or(0);
    assert!(widest <= 120, "a line of {widest} columns");
    // nine cases, each stopped by a limit of the line; eight sections in the picture
    assert_eq!(lines.iter().filter(|line| line.contains("  trunk_line.")).count(), 9);
    let bars = lines.iter().filter(|line| line.contains(" > "));
    let lengths: Vec<usize> = bars.map(|line| line.matches(['=', '-']).count()).collect();
    assert_eq!(lengths, [60; 8]); // every section starts at the highest pressure
}

#[test]
fn line_capacity_takes_changes_and_refuses_bad_ones() {
    let carried = |arguments: &[&str]| {
        let output = example("line_capacity", arguments);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        let page = text(&output.stdout);
        let row = page.lines().find(|line| line.contains("trunk_line.")).expect("a table");
        let cells: Vec<&str> = row.split_whitespace().collect();
        assert_eq!(&cells[..3], ["0", "481", "-"]);
        cells[3].parse::<f64>().expect("a number")
    };
    let base = carried(&[]);
    assert!(carried(&["--set", "trunk_line.soil_temperature=-4 degC"]) > base);
    assert!(carried(&["--set=trunk_line.roughness=0.03 mm"]) < base);
    // by its own needs the line states nothing: dashes, no numbers made up
    let output = example("line_capacity", &["--set", "trunk_line.mode=own_needs"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let page = text(&output.stdout);
    assert!(!page.contains("NaN") && !page.contains("PRESSURE ALONG"));

    let output = example("line_capacity", &["--set", "trunk_line.soil_temperatur=-4 degC"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    assert!(text(&output.stderr).contains("nearest: \"trunk_line.soil_temperature\""));
    assert_eq!(example("line_capacity", &["--set", "nothing"]).status.code(), Some(2));
    assert_eq!(example("line_capacity", &["nameplate"]).status.code(), Some(2));
}
