//! Maps of what stops an inlet.

use crate::run::{gaschain, text};
use crate::temporary::Temporary;

#[test]
fn a_map_shows_where_which_limit_stops_the_inlet() {
    let output = gaschain(&["map", "--size", "10x6", "--y", "gpp.trains=4..6"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let page = text(&output.stdout);
    let lines: Vec<&str> = page.lines().collect();
    assert_eq!(lines[0], "kovykta.stopped_by: kovykta.flow [bcm/yr] across, gpp.trains up");
    // a row for each whole train, the most on top; less gas is stopped by more trains
    let rows: Vec<(&str, &str)> =
        lines[2..5].iter().filter_map(|row| row.split_once(' ')).collect();
    assert_eq!(rows.iter().map(|(label, _)| *label).collect::<Vec<_>>(), ["6", "5", "4"]);
    let drawn = |row: &str| row.chars().take_while(|sign| *sign == '.').count();
    assert!(drawn(rows[0].1) > drawn(rows[2].1), "{page}");
    assert!(page.contains("A  ") && page.contains("gpp.feed") && !page.contains('\x1b'), "{page}");

    let wrong = gaschain(&["map", "--y", "gpp.trians=0..6", "--inlet", "kovytka"]);
    assert_eq!(wrong.status.code(), Some(2));
    let said = text(&wrong.stderr);
    assert!(said.contains("nearest: \"gpp.trains\"") && said.contains("kovytka"), "{said}");
    assert_eq!(gaschain(&["map", "--size", "1x1"]).status.code(), Some(2));
}

#[test]
fn a_map_starts_from_a_scenario() {
    let lines = |words: &[&str]| -> Vec<String> {
        let output = gaschain(&[&["map"], words, &["--size", "8x4"]].concat());
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        text(&output.stdout).lines().map(str::to_owned).collect()
    };
    let own = lines(&["four_trains"]);
    assert_eq!(own, lines(&["--set", "gpp.trains=4"]));
    assert_ne!(own, lines(&[]));
}

#[test]
fn a_sweep_file_with_a_grid_of_two_axes_is_drawn() {
    let shipped =
        |name: &str| format!("{}/../data/amur/sweeps/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    let grid = shipped("bottleneck");
    let output = gaschain(&["map", &grid]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let page = text(&output.stdout);
    let lines: Vec<&str> = page.lines().collect();
    assert_eq!(
        lines[0],
        "kovykta.stopped_by: heihe.demand [bcm/yr] across, kovykta.flow [bcm/yr] up"
    );
    assert!(
        lines[2].starts_with("36.00 bcm/yr ") && lines[38].starts_with("    0 bcm/yr "),
        "{page}"
    );

    let output = gaschain(&["map", &grid, "--x", "gpp.trains=0..6", "--inlet", "chayanda"]);
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    assert!(
        said.contains("--x: ") && said.contains("\"chayanda.stopped_by\" is missing"),
        "{said}"
    );
    for other in ["uncertainty", "one_at_a_time"] {
        let said = text(&gaschain(&["map", &shipped(other)]).stderr);
        assert!(said.contains("allowed: a grid of two axes"), "{said}");
    }
    let folder = Temporary::new("no-map");
    let sweep = folder.join("s.toml");
    let drawn = "name = 's'\nchain = 'amur'\noutputs = ['kovykta.stopped_by']\n\
        [design]\nkind = 'sobol'\nsamples = 16\n\
        [[axis]]\nparameter = 'kovykta.flow'\nlow = '0 bcm/yr'\nhigh = '36 bcm/yr'\n\
        [[axis]]\nparameter = 'heihe.demand'\nlow = '20 bcm/yr'\nhigh = '36 bcm/yr'\n";
    std::fs::write(&sweep, drawn).expect("written");
    let output = gaschain(&["map", sweep.to_str().expect("UTF-8")]);
    assert_eq!(output.status.code(), Some(2));
}
