//! The programs that run sweeps: files and parts of a sweep, summaries, a map, throughput.

use super::run::{example, program, text};
use crate::it::support::temporary::Temporary;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// A folder of a test's own with a sweep of so many scenarios.
struct Case(Temporary);

impl Case {
    fn new(name: &str, samples: u64) -> Self {
        let case = Self(Temporary::new(name));
        let text = format!(
            "name = \"two axes\"\nchain = \"amur\"\n\
             outputs = [\"heihe.sales_gas.volume\", \"kovykta.stopped_by\"]\n\
             [design]\nkind = \"monte_carlo\"\nsamples = {samples}\nseed = 7\n\
             [[axis]]\nparameter = \"kovykta.flow\"\nlow = \"0 bcm/yr\"\nhigh = \"36 bcm/yr\"\n\
             [[axis]]\nparameter = \"gpp.trains\"\nvalues = [4, 5, 6]\n"
        );
        fs::write(case.0.join("sweep.toml"), text).expect("written");
        case
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }

    /// Runs the sweep with more arguments, and expects this exit code.
    fn run(&self, arguments: &[&str], code: i32) -> Output {
        let sweep = self.path("sweep.toml");
        let output = example("sweep", &[&[sweep.as_str()], arguments].concat());
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", text(&output.stderr));
        output
    }
}

#[test]
fn a_sweep_is_printed_or_written_whole_or_in_parts_with_the_same_bytes() {
    let case = Case::new("parts", 300);
    let printed = text(&case.run(&[], 0).stdout);
    let mut lines = printed.lines();
    assert_eq!(
        lines.next(),
        Some(
            "scenario,kovykta.flow [bcm/yr],gpp.trains,heihe.sales_gas.volume [bcm/yr],kovykta.stopped_by,worst_residual,error"
        )
    );
    assert_eq!(lines.count(), 300);

    let all = case.path("all.csv");
    case.run(&["--out", &all, "--threads", "1"], 0);
    assert_eq!(fs::read_to_string(&all).expect("there"), printed);
    let again = case.run(&["--out", &all], 2);
    assert!(text(&again.stderr).contains("allowed: a new path, or to resume"));
    fs::write(&all, &printed.as_bytes()[..printed.len() / 2]).expect("written");
    case.run(&["--out", &all, "--resume"], 0);
    assert_eq!(fs::read_to_string(&all).expect("there"), printed);

    let parts = [("a.csv", "0..100"), ("b.csv", "100..300")].map(|(name, range)| {
        let part = case.path(name);
        case.run(&["--out", &part, "--range", range], 0);
        part
    });
    let merged = case.path("merged.csv");
    let output = example("sweep", &["--merge", &parts[1], &parts[0], "--out", &merged]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(fs::read_to_string(&merged).expect("there"), printed);
}

#[test]
fn a_summary_is_printed_and_kept() {
    let case = Case::new("summary", 200);
    let kept = case.path("all.json");
    let page = text(&case.run(&["--format", "summary", "--out", &kept], 0).stdout);
    assert!(page.starts_with("200 scenarios, 0 failed; worst residual "), "{page}");
    assert!(page.contains("heihe.sales_gas.volume [bcm/yr]"), "{page}");
    assert!(page.contains("\nkovykta.stopped_by\n"), "{page}");
    let json: Value =
        serde_json::from_str(&fs::read_to_string(&kept).expect("there")).expect("JSON");
    assert_eq!(json["count"], 200);
    assert_eq!(json["outputs"][0]["statistics"]["count"], 200);
    // the same without a file
    assert_eq!(text(&case.run(&["--format", "summary"], 0).stdout), page);
}

#[test]
fn bad_input_exits_2_with_all_faults() {
    let case = Case::new("faults", 10);
    let output = case.run(&["--threads", "0", "--range", "5", "--format", "xlsx", "--resume"], 2);
    assert!(output.stdout.is_empty());
    let said = text(&output.stderr);
    for fault in [
        "--threads: \"0\" cannot be read; allowed: a number from 1 on",
        "--range: \"5\" cannot be read; allowed: A..B, as in 0..1000000",
        "--format: unknown format \"xlsx\"; allowed: \"csv\", \"parquet\", \"summary\"",
        "--resume: option \"--out\" is missing",
    ] {
        assert!(said.contains(fault), "{fault}\n{said}");
    }
    let said = text(&case.run(&["--range", "5..11"], 2).stderr);
    assert_eq!(said, "--range: 5..11; allowed: within 0..10, the scenarios of this sweep\n");
    let said = text(&case.run(&["--out", &case.path("no/such/folder/out.csv")], 2).stderr);
    assert!(said.contains("cannot write"), "{said}");
    assert_eq!(example("sweep", &[]).status.code(), Some(2));
    assert_eq!(example("sweep", &["--merge", "x.csv"]).status.code(), Some(2));
    assert_eq!(example("sweep", &["missing.toml"]).status.code(), Some(2));
}

#[test]
fn what_is_not_the_same_sweep_any_more_is_not_gone_on_with() {
    let case = Case::new("changed", 50);
    let out = case.path("all.csv");
    case.run(&["--out", &out], 0);
    let before = fs::read(&out).expect("there");
    let file = case.path("sweep.toml");
    let changed = fs::read_to_string(&file).expect("there").replace("seed = 7", "seed = 8");
    fs::write(&file, changed).expect("written");
    let said = text(&case.run(&["--out", &out, "--resume"], 2).stderr);
    assert!(said.contains("inputs: results made with inputs"), "{said}");
    assert_eq!(fs::read(&out).expect("there"), before);
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_after_the_blocks_under_way() {
    use std::time::Duration;

    let case = Case::new("ctrl-c", 1_000_000);
    let out = case.path("all.csv");
    let run = program("sweep")
        .args([&case.path("sweep.toml"), "--out", &out, "--threads", "1"])
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("it starts");
    while !Path::new(&out).exists() {
        std::thread::sleep(Duration::from_millis(10));
    }
    let id = run.id().to_string();
    let sent = Command::new("kill").args(["-INT", &id]).status().expect("a signal is sent");
    assert!(sent.success());
    let output = run.wait_with_output().expect("it ends");
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("broken off, ") && said.contains("; --resume goes on"), "{said}");
    let rows = fs::read_to_string(&out).expect("there").lines().count() - 1;
    assert!(rows > 0 && rows.is_multiple_of(1_024), "{rows} rows");
}

#[test]
fn a_map_shows_where_which_limit_stops_the_inlet() {
    let arguments = ["--size", "10x6", "--y", "gpp.trains=4..6"];
    let output = example("bottleneck_map", &arguments);
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

    let wrong = example("bottleneck_map", &["--y", "gpp.trians=0..6", "--inlet", "kovytka"]);
    assert_eq!(wrong.status.code(), Some(2));
    let said = text(&wrong.stderr);
    assert!(said.contains("nearest: \"gpp.trains\"") && said.contains("kovytka"), "{said}");
    assert_eq!(example("bottleneck_map", &["--size", "1x1"]).status.code(), Some(2));
}

#[test]
fn throughput_is_told_as_json() {
    let output = example("throughput", &["--axes", "3", "--scenarios", "100", "--threads", "2"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let json: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let keys: Vec<&String> = json.as_object().expect("an object").keys().collect();
    assert_eq!(keys.len(), 8, "{keys:?}");
    assert_eq!(
        (&json["axes"], &json["scenarios"], &json["threads"]),
        (&3.into(), &100.into(), &2.into())
    );
    assert!(json["scenarios_per_second"].as_f64().expect("a number") > 0.0);
    assert!(json["worst_residual"].as_f64().expect("a number") < 1e-9);
    assert_eq!(example("throughput", &["--axes", "4"]).status.code(), Some(2));
}
