//! Sweeps: files and parts of one, summaries, interruption, how fast they are.

use crate::run::{command, gaschain, text};
use crate::temporary::Temporary;
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
        let output = gaschain(&[&["sweep", sweep.as_str()], arguments].concat());
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
            "scenario,kovykta.flow [bcm/yr],gpp.trains,heihe.sales_gas.volume [bcm/yr],kovykta.stopped_by,worst_residual,broken,error"
        )
    );
    assert_eq!(lines.count(), 300);

    let all = case.path("all.csv");
    case.run(&["--out", &all, "--threads", "1"], 0);
    assert_eq!(fs::read_to_string(&all).expect("there"), printed);
    let again = case.run(&["--out", &all], 2);
    assert!(text(&again.stderr).contains("allowed: a new path, to resume"));
    fs::write(&all, &printed.as_bytes()[..printed.len() / 2]).expect("written");
    case.run(&["--out", &all, "--resume"], 0);
    assert_eq!(fs::read_to_string(&all).expect("there"), printed);

    let parts = [("a.csv", "0..100"), ("b.csv", "100..300")].map(|(name, range)| {
        let part = case.path(name);
        case.run(&["--out", &part, "--range", range], 0);
        part
    });
    let merged = case.path("merged.csv");
    let output = gaschain(&["merge", &parts[1], &parts[0], "--out", &merged]);
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
    let said = text(&case.run(&["--threads", "100000"], 2).stderr);
    assert_eq!(said, "--threads: 100000; allowed: at most 1024 threads\n");
    let said = text(&case.run(&["--range", "5..11"], 2).stderr);
    assert_eq!(said, "--range: 5..11; allowed: within 0..10, the scenarios of this sweep\n");
    let said = text(&case.run(&["--out", &case.path("no/such/folder/out.csv")], 2).stderr);
    assert!(said.contains("cannot write"), "{said}");
    assert_eq!(gaschain(&["merge", "x.csv", "--out", "y.csv"]).status.code(), Some(2));
    assert_eq!(gaschain(&["sweep", "missing.toml"]).status.code(), Some(2));
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

/// Sends a signal to a sweep that has begun to write, and waits for what it leaves.
#[cfg(unix)]
fn broken_off(case: &Case, signal: &str) -> (Output, usize) {
    use std::time::Duration;

    let out = case.path("all.csv");
    let run = command()
        .args(["sweep", &case.path("sweep.toml"), "--out", &out, "--threads", "1"])
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("it starts");
    while !Path::new(&out).exists() {
        std::thread::sleep(Duration::from_millis(10));
    }
    let id = run.id().to_string();
    let sent = Command::new("kill").args([signal, &id]).status().expect("a signal is sent");
    assert!(sent.success());
    let output = run.wait_with_output().expect("it ends");
    let rows = fs::read_to_string(&out).expect("there").lines().count() - 1;
    (output, rows)
}

#[cfg(unix)]
#[test]
fn ctrl_c_and_an_end_asked_for_stop_after_the_blocks_under_way() {
    for signal in ["-INT", "-TERM"] {
        let case = Case::new("broken-off", 1_000_000);
        let (output, rows) = broken_off(&case, signal);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(130), "{signal}: {said}");
        assert!(said.contains("broken off, ") && said.contains("; --resume goes on"), "{said}");
        assert!(rows > 0 && rows.is_multiple_of(1_024), "{signal}: {rows} rows");
    }
}

#[test]
fn how_fast_a_sweep_is_is_told_as_json() {
    let output =
        gaschain(&["sweep", "--bench", "--axes", "3", "--scenarios", "100", "--threads", "2"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let json: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let keys: Vec<&String> = json.as_object().expect("an object").keys().collect();
    assert_eq!(keys.len(), 9, "{keys:?}");
    assert_eq!(
        (&json["axes"], &json["scenarios"], &json["threads"]),
        (&3.into(), &100.into(), &2.into())
    );
    assert!(json["scenarios_per_second"].as_f64().expect("a number") > 0.0);
    assert!(json["worst_residual"].as_f64().expect("a number") < 1e-9);
    // of a file: that sweep, or so many scenarios of it
    let case = Case::new("bench", 300);
    for (more, scenarios) in [([].as_slice(), 300), (&["--scenarios", "200"], 200)] {
        let output = case.run(&[&["--bench"], more].concat(), 0);
        let json: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!((&json["axes"], &json["scenarios"]), (&2.into(), &scenarios.into()));
    }
    let said = text(&case.run(&["--bench", "--scenarios", "301", "--threads", "x"], 2).stderr);
    assert!(
        said.contains("at most 300, all of this sweep") && said.contains("--threads"),
        "{said}"
    );
    assert_eq!(gaschain(&["sweep", "--bench", "--axes", "4"]).status.code(), Some(2));
    assert_eq!(gaschain(&["sweep", "--bench", "--resume"]).status.code(), Some(2));
}

#[cfg(feature = "parquet")]
#[test]
fn parquet_is_a_folder_of_parts() {
    let case = Case::new("parquet", 300);
    let out = case.path("parts");
    case.run(&["--format", "parquet", "--out", &out], 0);
    let parts = fs::read_dir(&out).expect("a folder");
    let endings = parts.map(|part| part.expect("a part").path().extension().map(ToOwned::to_owned));
    assert!(endings.flatten().any(|ending| ending == "parquet"));
    let said = text(&case.run(&["--format", "parquet"], 2).stderr);
    assert_eq!(said, "--format parquet: option \"--out\" is missing\n");
}

#[cfg(not(feature = "parquet"))]
#[test]
fn parquet_asks_for_its_feature() {
    let case = Case::new("parquet", 3);
    let said = text(&case.run(&["--format", "parquet", "--out", &case.path("parts")], 2).stderr);
    assert!(said.contains("built without the feature \"parquet\""), "{said}");
}
