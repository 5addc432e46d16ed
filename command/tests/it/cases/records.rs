//! Records are whole: what is broken is told everywhere, hashes tell results apart, results of two
//! runs are never mixed, and files that are gone on with or merged are held against what was written.

use crate::run::{command, gaschain, text};
use crate::temporary::Temporary;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

/// A file that the cases are run with.
fn input(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/cases/records");
    folder.join(name).display().to_string()
}

/// Runs the command and expects an exit code.
fn run(arguments: &[&str], code: i32) -> Output {
    let output = gaschain(arguments);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
    output
}

fn json(arguments: &[&str], code: i32) -> Value {
    let output = run(&[arguments, &["--format", "json"]].concat(), code);
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// The rows of a CSV, each by the names of its columns.
fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let named = |row: csv::StringRecord| {
        header.iter().zip(row.iter()).map(|(name, cell)| (name.into(), cell.into())).collect()
    };
    reader.records().map(|row| named(row.expect("a row"))).collect()
}

#[test]
fn broken_limits_are_named_in_the_rows_of_a_table_and_make_a_strict_run_fail() {
    let table = input("broken.csv");
    let output = text(&run(&["run", &table], 0).stdout);
    let rows = rows(&output);
    let broken: Vec<&str> = rows.iter().map(|row| row["broken"].as_str()).collect();
    assert_eq!(broken, ["", "gpp.least_feed", "heihe.gross_heat"]);
    let said = text(&run(&["run", &table, "--strict"], 1).stderr);
    assert_eq!(said, "limits are broken in 2 of 3 scenarios\n");
    run(&["run", "nameplate", "--strict"], 0);
    run(&["run", "nameplate", "--set", "heihe.gross_heat=39 MJ/m3", "--strict"], 1);
}

#[test]
fn broken_limits_are_named_by_sweeps_summaries_maps_and_comparisons() {
    let folder = Temporary::new("broken");
    let sweep = folder.join("s.toml").display().to_string();
    let asked = "name = 'heat'\nchain = 'amur'\noutputs = ['heihe.gross_heat.broken', \
                 'heihe.gross_heat.utilisation', 'gpp.least_feed.utilisation', 'kovykta.stopped_by']\n\
                 [design]\nkind = 'grid'\n[[axis]]\nparameter = 'heihe.gross_heat'\n\
                 values = ['30 MJ/m3', '39 MJ/m3']\n\
                 [[axis]]\nparameter = 'heihe.demand'\nvalues = ['10 bcm/yr', '38 bcm/yr']\n";
    fs::write(&sweep, asked).expect("written");
    let rows = rows(&text(&run(&["sweep", &sweep], 0).stdout));
    let broken: Vec<&str> = rows.iter().map(|row| row["broken"].as_str()).collect();
    let low = ["gpp.least_feed", "", "gpp.least_feed; heihe.gross_heat", "heihe.gross_heat"];
    let mut sorted: Vec<String> = broken
        .iter()
        .map(|cell| {
            let mut names: Vec<&str> = cell.split("; ").collect();
            names.sort_unstable();
            names.join("; ")
        })
        .collect();
    assert_eq!(sorted, low);
    sorted.clear();
    for row in &rows {
        let is = |limit: &str| row["broken"].split("; ").any(|name| name == limit);
        assert_eq!(row["heihe.gross_heat.broken"], is("heihe.gross_heat").to_string());
        for limit in ["heihe.gross_heat", "gpp.least_feed"] {
            let used: f64 = row[&format!("{limit}.utilisation")].parse().expect("a number");
            assert_eq!(used > 1.0, is(limit), "{limit}: {used}");
        }
    }
    let summary = text(&run(&["sweep", &sweep, "--format", "summary"], 0).stdout);
    assert!(summary.contains("BROKEN LIMITS"), "{summary}");
    let map = text(&run(&["map", &sweep], 0).stdout);
    assert!(map.contains("heihe.gross_heat is broken"), "{map}");
    run(&["sweep", &sweep, "--strict"], 1);

    let heat = folder.join("heat.toml").display().to_string();
    let text_of = "name = 'heat'\nchain = 'amur'\n[set]\n'heihe.gross_heat' = '39 MJ/m3'\n";
    fs::write(&heat, text_of).expect("written");
    let page = text(&run(&["compare", "nameplate", &heat], 0).stdout);
    let line = page.lines().find(|line| line.contains("heihe.gross_heat")).expect("a row");
    assert!(line.ends_with("! 110.2 %"), "{line}");
}

#[test]
fn utilisation_is_one_number_everywhere_and_above_1_only_what_is_broken() {
    let folder = Temporary::new("used");
    let out = folder.join("o").display().to_string();
    let asked = ["run", "nameplate", "--set", "heihe.gross_heat=39 MJ/m3", "--out", &out];
    let page = text(&run(&asked, 0).stdout);
    assert!(page.contains("heihe.gross_heat      110.2 %"), "{page}");
    let limits = rows(&fs::read_to_string(folder.join("o/limits.csv")).expect("there"));
    for row in &limits {
        let above = row["utilisation"].parse::<f64>().is_ok_and(|used| used > 1.0);
        assert!(!above || row["broken"] == "true", "{row:?}");
    }
    let heat = limits.iter().find(|row| row["limit"] == "heihe.gross_heat").expect("there");
    assert!(heat["utilisation"].starts_with("1.1018"), "{heat:?}");
}

#[test]
fn the_hash_of_the_inputs_is_of_what_determines_the_result_and_of_nothing_else() {
    let hash = |arguments: &[&str]| {
        let report = json(&[&["run"], arguments].concat(), 0);
        report["made_by"]["inputs"].as_str().expect("a text").to_owned()
    };
    let demand = |demand: &str| hash(&["nameplate", "--set", &format!("heihe.demand={demand}")]);
    assert_ne!(demand("38 bcm/yr"), demand("10 bcm/yr"));
    let trains = ["--set", "gpp.trains=5"];
    let less = ["--set", "heihe.demand=30 bcm/yr"];
    let both = hash(&[&["nameplate"][..], &trains, &less].concat());
    assert_eq!(both, hash(&[&["nameplate"][..], &less, &trains].concat()));

    // the same scenario under another name, elsewhere, in another order, and as a row of a table
    let folder = Temporary::new("hash");
    let file = folder.join("late.toml").display().to_string();
    let scenario = "# of a colleague\nchain = 'amur'\nname = 'mine'\n\n[set]\n\
                    \"heihe.demand\" = \"30 bcm/yr\"\ngpp.trains = 5.0\n";
    fs::write(&file, scenario).expect("written");
    assert_eq!(both, hash(&[&file]));
    let table = folder.join("t.csv").display().to_string();
    let text_of = "name,gpp.trains,heihe.demand,chayanda.flow\na,5,30 bcm/yr,\nb,,,20 bcm/yr\n";
    fs::write(&table, text_of).expect("written");
    let of_table = json(&["run", &table], 0);
    assert_eq!(of_table[0]["made_by"]["inputs"], both);
    assert_ne!(of_table[1]["made_by"]["inputs"], both);

    // a composition that is off by a little, divided by its sum: the shares themselves
    let rich = |by: f64| {
        format!(
            "name = 'rich'\nchain = 'amur'\n[set.kovykta.composition]\n\
             methane = {}\nethane = {}\n",
            0.9 * by,
            0.1 * by
        )
    };
    fs::write(&file, rich(1.0)).expect("written");
    let exact = hash(&[&file]);
    assert_eq!(exact, hash(&[&file, "--normalise"]));
    fs::write(&file, rich(0.995)).expect("written");
    run(&["run", &file], 2);
    let divided = hash(&[&file, "--normalise"]);
    assert_ne!(divided, both);
}

#[test]
fn older_results_are_refused_or_go_whole_and_a_failed_run_leaves_none() {
    let folder = Temporary::new("older");
    let out = folder.join("o").display().to_string();
    let (one, two) = (input("one.csv"), input("two.csv"));
    run(&["run", &one, "--out", &out], 0);
    let names = |path: &Path| {
        let entries = fs::read_dir(path).expect("a folder");
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("there").file_name().display().to_string()).collect();
        names.sort();
        names
    };
    let path = PathBuf::from(&out);
    assert_eq!(names(&path), ["0001_base", "0002_hot"]);
    let said = text(&run(&["run", &two, "--out", &out], 2).stderr);
    assert!(said.contains("it holds \"0001_base\" already"), "{said}");
    // bad input takes nothing away
    run(&["run", "no_such", "--out", &out, "--replace"], 2);
    assert_eq!(names(&path), ["0001_base", "0002_hot"]);
    run(&["run", &two, "--out", &out, "--replace"], 1);
    assert_eq!(names(&path), ["0001_base"]);
    run(&["run", &two, "--out", &out, "--replace", "--max-failed", "1"], 0);
    run(&["run", &two, "--out", &out, "--replace", "--max-failed", "all"], 0);
    run(&["run", &two, "--out", &out, "--max-failed", "some"], 2);

    // of one scenario: what cannot be solved leaves no older result
    run(&["run", "nameplate", "--out", &out, "--replace"], 0);
    assert_eq!(names(&path).len(), 12);
    run(&["run", "nameplate", "--out", &out], 2);
    let hot = ["--set", "gpp.fuel.mode=duty", "--set", "gpp.fuel.heat_demand=2 GJ/t"];
    let hot = [&hot[..], &["--set", "gpp.fuel.heater_efficiency=1 %"]].concat();
    run(&[&["run", "nameplate", "--out", &out, "--replace"][..], &hot].concat(), 1);
    assert!(!path.exists() || names(&path).is_empty());
    // what is no result stays
    fs::create_dir_all(&path).expect("made");
    fs::write(path.join("notes.txt"), "mine").expect("written");
    run(&["run", "nameplate", "--out", &out, "--replace"], 2);
    assert_eq!(names(&path), ["notes.txt"]);
}

/// A sweep of the case of parts, shorter, into two files; and where they lie.
fn parts(name: &str) -> (Temporary, [String; 2], String) {
    let folder = Temporary::new(name);
    let path = |name: &str| folder.join(name).display().to_string();
    let sweep = path("u.toml");
    let text_of = fs::read_to_string(input("parts.toml")).expect("there");
    fs::write(&sweep, text_of.replace("20000", "60")).expect("written");
    let parts = [("p1.csv", "0..25"), ("p2.csv", "25..60")].map(|(name, range)| {
        run(&["sweep", &sweep, "--out", &path(name), "--range", range], 0);
        path(name)
    });
    let out = path("all.csv");
    (folder, parts, out)
}

/// A change to the lines of a file.
type Change = &'static dyn Fn(&mut Vec<String>);

#[test]
fn a_row_that_was_lost_doubled_moved_or_edited_is_refused_by_its_line() {
    let (folder, [one, two], out) = parts("rows");
    let text_of = fs::read_to_string(&one).expect("there");
    let lines: Vec<&str> = text_of.split_inclusive('\n').collect();
    let with = |change: Change| {
        let mut lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
        change(&mut lines);
        fs::write(&one, lines.concat()).expect("written");
    };
    let changes: [(Change, &str); 4] = [
        (&|lines| drop(lines.remove(9)), "p1.csv:10: cannot merge"),
        (&|lines| lines.insert(9, lines[9].clone()), "p1.csv:11: cannot merge"),
        (&|lines| lines.swap(9, 12), "p1.csv:10: cannot merge"),
        (&|lines| lines[9] = lines[9].replacen(',', ",1", 1), "the row of scenario 8 is not"),
    ];
    for (change, why) in changes {
        with(change);
        let said = text(&run(&["merge", &one, &two, "--out", &out], 2).stderr);
        assert!(said.contains(why), "{said}");
        assert!(!Path::new(&out).exists());
        let sweep = folder.join("u.toml").display().to_string();
        let resumed = ["sweep", &sweep, "--out", &one, "--range", "0..25", "--resume"];
        let said = text(&run(&resumed, 2).stderr);
        assert!(said.contains("cannot resume"), "{said}");
    }
    with(&|_| {});
    run(&["merge", &two, &one, "--out", &out], 0);
    run(&["merge", &two, &one, "--out", &out], 2);
    run(&["merge", &two, &one, "--out", &out, "--replace"], 0);
    run(&["merge", &two, &one, "--out", &one, "--replace"], 2);
    assert_eq!(fs::read_to_string(&one).expect("there"), text_of);
}

#[test]
fn a_resumed_or_merged_run_counts_what_failed_and_exits_as_one_run_would() {
    let folder = Temporary::new("failing");
    let sweep = folder.join("a.toml").display().to_string();
    let text_of = fs::read_to_string(input("failing.toml")).expect("there");
    fs::write(&sweep, text_of.replace("2000", "40")).expect("written");
    let path = |name: &str| folder.join(name).display().to_string();
    let out = path("a.csv");
    let first = text(&run(&["sweep", &sweep, "--out", &out], 1).stderr);
    let failed = first.lines().last().expect("a line").to_owned();
    assert!(failed.ends_with("of 40 scenarios could not be solved"), "{first}");
    let again = text(&run(&["sweep", &sweep, "--out", &out, "--resume"], 1).stderr);
    assert_eq!(again.lines().last(), Some(failed.as_str()));
    run(&["sweep", &sweep, "--out", &out, "--resume", "--max-failed", "all"], 0);
    run(&["sweep", &sweep, "--out", &out], 2);
    run(&["sweep", &sweep, "--out", &out, "--replace", "--max-failed", "40"], 0);
    for format in ["csv", "summary"] {
        let parts = [("0..13", "b"), ("13..40", "c")].map(|(range, name)| {
            let part = path(&format!("{name}.{format}"));
            let all = ["--max-failed", "all", "--format", format];
            run(&[&["sweep", &sweep, "--out", &part, "--range", range][..], &all].concat(), 0);
            part
        });
        let merged = path(&format!("all.{format}"));
        let merge = ["merge", &parts[0], &parts[1], "--out", &merged];
        let said = text(&run(&merge, 1).stderr);
        assert_eq!(said.trim_end(), failed);
        let tolerant = [&merge[..], &["--replace", "--max-failed", "all"]].concat();
        run(&tolerant, 0);
    }
}

#[test]
fn a_result_file_that_is_taken_away_or_emptied_while_it_is_written_is_an_error() {
    for how in ["removed", "emptied", "replaced", "stamp removed"] {
        let folder = Temporary::new("taken");
        let out = folder.join("a.csv");
        let run = command()
            .args(["sweep", &input("long.toml"), "--threads", "1", "--out"])
            .arg(&out)
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let started = Instant::now();
        while fs::metadata(&out).map_or(0, |file| file.len()) < 1_000 {
            assert!(started.elapsed() < Duration::from_secs(100), "nothing is written");
            std::thread::sleep(Duration::from_millis(5));
        }
        match how {
            "removed" => fs::remove_file(&out).expect("removed"),
            "emptied" => fs::write(&out, "").expect("emptied"),
            "replaced" => {
                fs::write(folder.join("b"), "0,1\n").expect("written");
                fs::rename(folder.join("b"), &out).expect("replaced");
            }
            _ => fs::remove_file(folder.join("a.csv.sweep.json")).expect("removed"),
        }
        let output = run.wait_with_output().expect("it ends");
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{how}: {said}");
        assert!(said.contains("while it was being written"), "{how}: {said}");
        let left = fs::read(&out).unwrap_or_default();
        assert!(!left.contains(&0), "{how}");
    }
}

#[test]
fn a_saved_report_is_compared_run_again_and_refused_by_its_format() {
    let folder = Temporary::new("report");
    let out = folder.join("o").display().to_string();
    let saved = folder.join("o/result.json").display().to_string();
    run(&["run", "four_trains", "--set", "heihe.demand=20 bcm/yr", "--out", &out], 0);
    let before: Value =
        serde_json::from_str(&fs::read_to_string(&saved).expect("there")).expect("JSON");
    let output = run(&["run", &saved, "--format", "json"], 0);
    assert_eq!(text(&output.stderr), "");
    let again: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(again, before);
    let changed = json(&["run", &saved, "--set", "gpp.trains=6"], 0);
    assert_ne!(changed["made_by"]["inputs"], before["made_by"]["inputs"]);
    let page = text(&run(&["compare", &saved, "nameplate"], 0).stdout);
    assert!(page.contains("  *  kovykta"), "{page}");
    run(&["check", &saved], 0);
    let later = fs::read_to_string(&saved).expect("there").replace("report/1", "report/9");
    fs::write(&saved, later).expect("written");
    for verb in [&["run", &saved][..], &["compare", &saved, "nameplate"], &["check", &saved]] {
        let said = text(&run(verb, 2).stderr);
        assert!(said.contains("unknown format \"gaschain.report/9\""), "{said}");
    }
}

#[test]
fn what_leaves_its_range_is_told_in_the_unit_that_people_write() {
    let folder = Temporary::new("units");
    let table = folder.join("t.csv").display().to_string();
    fs::write(&table, "name,trunk_line.own_needs\na,-0.2 %/1000 km\n").expect("written");
    for what in [["sweep", &input("units.toml")], ["run", &table]] {
        let error = text(&run(&what, 2).stderr);
        assert!(error.contains("trunk_line.own_needs"), "{error}");
        assert!(error.contains("0 %/1000 km to 4.5 %/1000 km"), "{error}");
        assert!(!error.contains("SI"), "{error}");
    }
}

#[test]
fn no_number_of_threads_hangs() {
    let sweep = input("failing.toml");
    let range = ["sweep", &sweep, "--range", "0..5", "--max-failed", "all"];
    for (threads, code) in [("100000", 2), ("18446744073709551616", 2), ("1024", 0)] {
        run(&[&range[..], &["--threads", threads]].concat(), code);
    }
}

#[cfg(feature = "parquet")]
#[test]
fn parquet_folders_merge_and_count_what_failed() {
    let folder = Temporary::new("parquet-merge");
    let sweep = folder.join("a.toml").display().to_string();
    let text_of = fs::read_to_string(input("failing.toml")).expect("there");
    fs::write(&sweep, text_of.replace("2000", "40")).expect("written");
    let path = |name: &str| folder.join(name).display().to_string();
    let sweep_into = |name: &str, range: &str| {
        let out = path(name);
        let format = ["--format", "parquet", "--range", range];
        run(&[&["sweep", &sweep, "--out", &out][..], &format].concat(), 1);
        out
    };
    let whole = sweep_into("whole", "0..40");
    let parts = [sweep_into("b", "0..13"), sweep_into("c", "13..40")];
    let out = path("all");
    run(&["merge", &parts[1], &parts[0], "--out", &out], 1);
    let bytes =
        |folder: &str| fs::read(Path::new(folder).join("part-00000.parquet")).expect("there");
    assert!(bytes(&out) == bytes(&whole));
    let resumed = ["sweep", &sweep, "--out", &whole, "--format", "parquet", "--resume"];
    run(&resumed, 1);
}
