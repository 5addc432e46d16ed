//! Running chains: reports, scenarios by name, file and table, comparisons.

use crate::run::{gaschain, text};
use crate::temporary::Temporary;
use serde_json::Value;

#[test]
fn nameplate_prints_its_report_and_nothing_else() {
    let output = gaschain(&["run", "nameplate"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty());
    let page = text(&output.stdout);
    for section in ["WHAT ENTERS", "WHAT COMES OUT", "WHAT STOPS IT", "WHERE THE MASS GOES"] {
        assert!(page.contains(section), "{section} is not on the page");
    }
    let widest = page.lines().map(|line| line.chars().count()).max().unwrap_or(0);
    assert!(widest <= 120, "a line of {widest} columns");
}

// one of them runs a line by hydraulics
#[test]
fn every_shipped_scenario_gives_json_of_the_contract() {
    let keys = [
        "format", "scenario", "made_by", "inlets", "openings", "imports", "streams", "limits",
        "loads", "products", "balance", "carbon", "energy", "warnings",
    ];
    for name in gaschain::amur::scenario_names() {
        let output = gaschain(&["run", name, "--format", "json"]);
        assert_eq!(output.status.code(), Some(0), "{name}: {}", text(&output.stderr));
        let json = text(&output.stdout);
        let report: Value = serde_json::from_str(&json).expect("JSON");
        let object = report.as_object().expect("an object");
        assert_eq!(object.len(), keys.len(), "{name}");
        let mut last = 0;
        for key in keys {
            let at = json.find(&format!("\n  \"{key}\":")).unwrap_or_else(|| panic!("no {key}"));
            assert!(at > last, "{key} is out of order");
            last = at;
        }
        assert_eq!(report["scenario"], name);
        let worst = report["balance"]["worst_residual"].as_f64().expect("a number");
        assert!(worst <= 1e-9, "{name}: {worst}");
        assert!(!json.contains("NaN") && !json.contains("inf"), "{name}");
    }
}

#[test]
fn overrides_on_the_command_line_count_and_are_recorded() {
    let output = gaschain(&[
        "run",
        "nameplate",
        "--set",
        "heihe.demand=44 bcm/yr",
        "--set=bypass.open=true",
        "--format=json",
    ]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let report: Value = serde_json::from_str(&text(&output.stdout)).expect("JSON");
    assert_eq!(report["made_by"]["overrides"]["heihe.demand"], "44 bcm/yr");
    let limits = report["limits"].as_array().expect("limits");
    let demand = limits.iter().find(|limit| limit["limit"] == "heihe.demand").expect("there");
    assert_eq!(demand["evidence"], "scenario");
    assert_eq!(demand["stops"], serde_json::json!(["kovykta"]));
}

#[test]
fn bad_input_exits_2_with_all_faults_on_standard_error() {
    let output =
        gaschain(&["run", "nameplate", "--set", "gpp.trians=4", "--set", "kovykta.flow=-1 bcm/yr"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    assert_eq!(
        text(&output.stderr),
        "--set: gpp.trians: unknown parameter \"gpp.trians\"; nearest: \"gpp.trains\", \"gpp.train_size\"\n\
         --set: kovykta.flow: -1 bcm/yr is outside the allowed range: at least 0 bcm/yr\n"
    );
    let output = gaschain(&["run", "namplate"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("nearest: \"nameplate\""));
    assert_eq!(gaschain(&["run", "missing/file.toml"]).status.code(), Some(2));
    // the arguments' own with them
    let said = text(&gaschain(&["run", "namplate", "--set", "x", "--format", "xml"]).stderr);
    for fault in ["nearest: \"nameplate\"", "--set: \"x\"", "unknown format \"xml\""] {
        assert!(said.contains(fault), "{fault}\n{said}");
    }
}

#[test]
fn faults_of_form_and_of_content_come_together() {
    let folder = Temporary::new("together");
    let file = folder.join("bad.toml");
    let bad = "name = \"bad\"\nchain = \"amur\"\ncolour = \"red\"\n[set]\n\"gpp.trians\" = 4\n";
    std::fs::write(&file, bad).expect("written");
    let path = file.to_str().expect("UTF-8");
    let output = gaschain(&["run", path, "--set", "x=1"]);
    assert_eq!(output.status.code(), Some(2));
    let said: Vec<String> = text(&output.stderr).lines().map(str::to_owned).collect();
    assert_eq!(said.len(), 3, "{said:?}");
    assert!(said[0].contains("bad.toml:3: unknown key \"colour\""), "{said:?}");
    assert!(said[1].contains("bad.toml:5: gpp.trians: unknown parameter"), "{said:?}");
    assert!(said[2].starts_with("--set: x: unknown parameter"), "{said:?}");
}

#[test]
fn good_input_that_cannot_be_solved_exits_1() {
    // own needs of 10 % per 1,000 km over 20,000 km are more than the line carries
    let arguments = [
        "run",
        "nameplate",
        "--set",
        "trunk_line.own_needs=4.5 %/1000 km",
        "--set",
        "kovykta_line.length=20000 km",
        "--set",
        "kovykta_line.own_needs=4.5 %/1000 km",
        "--set",
        "trunk_line.length=20000 km",
    ];
    assert_eq!(gaschain(&arguments).status.code(), Some(0));
    let folder = Temporary::new("unsolved");
    let chain = folder.join("chain");
    std::fs::create_dir_all(&chain).expect("a folder");
    let file = "name = \"too thirsty\"\nspecies = [\"methane\"]\n\
        connections = [\"field -> line\", \"line.delivered -> city\"]\n\
        leaving = { products = [\"city.sold\"], losses = [\"line.burned\"] }\n\
        [stages.field]\nkind = \"supply\"\nset.flow = \"1 bcm/yr\"\n\
        set.composition = { methane = 1.0 }\n\
        [stages.line]\nkind = \"pipeline\"\nset.length = \"20000 km\"\n\
        set.own_needs = \"10 %/1000 km\"\n[stages.city]\nkind = \"market\"\nproduct = \"sold\"\n";
    std::fs::write(chain.join("chain.toml"), file).expect("written");
    let scenario = folder.join("thirsty.toml");
    std::fs::write(&scenario, "name = \"thirsty\"\nchain = \"chain\"\n").expect("written");
    let output = gaschain(&["run", scenario.to_str().expect("UTF-8")]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert_eq!(
        text(&output.stderr),
        "line: own needs over the whole length is 2; allowed: at most 1\n"
    );
}

#[test]
fn a_table_gives_a_row_a_scenario_and_its_files() {
    let folder = Temporary::new("table");
    let table = folder.join("many.csv");
    let rows = "name,gpp.trains,bypass.open,kovykta.flow\n\
        as designed,,,\nfour,4,false,\n\"four, round\",4,true,6 bcm/yr\n";
    std::fs::write(&table, rows).expect("written");
    let out = folder.join("results");
    let table_path = table.to_str().expect("UTF-8");
    let output = gaschain(&["run", table_path, "--out", out.to_str().expect("UTF-8")]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let printed = text(&output.stdout);
    let mut reader = csv::Reader::from_reader(printed.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let records: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().expect("rows");
    assert_eq!(records.len(), 3);
    let cell = |row: usize, name: &str| {
        let column = header.iter().position(|column| column == name).expect("the column");
        records[row][column].to_owned()
    };
    assert_eq!(cell(0, "name"), "as designed");
    assert_eq!(cell(0, "kovykta.stopped_by"), "heihe.demand");
    assert_eq!(cell(1, "kovykta.stopped_by"), "gpp.feed");
    assert_eq!(cell(2, "kovykta.stopped_by"), "fully drawn");
    assert!(cell(0, "polyethylene").parse::<f64>().expect("a number") > 2.0);
    assert_eq!(cell(0, "error"), "");
    for file in
        ["streams.csv", "limits.csv", "products.csv", "balance.csv", "edges.csv", "made_by.json"]
    {
        assert!(out.join("0003_four__round").join(file).is_file(), "{file} is not there");
    }

    std::fs::write(&table, "name,gpp.trians\na,4\n").expect("written");
    let output = gaschain(&["run", table_path]);
    assert_eq!(output.status.code(), Some(2));
    let message = text(&output.stderr);
    assert!(message.contains("many.csv:1: unknown column \"gpp.trians\""), "{message}");
}

#[test]
fn an_output_path_that_cannot_be_written_is_bad_input() {
    let folder = Temporary::new("unwritable");
    let taken = folder.join("taken");
    std::fs::write(&taken, "a file, not a folder").expect("written");
    let output = gaschain(&["run", "nameplate", "--out", taken.to_str().expect("UTF-8")]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stdout));
    assert!(text(&output.stderr).contains("cannot write"), "{}", text(&output.stderr));
}

#[test]
fn a_table_as_json_is_a_list_of_reports_and_errors() {
    let folder = Temporary::new("reports");
    let table = folder.join("two.csv");
    // a heater that takes more than all the gas there is
    let rows = "name,gpp.fuel.mode,gpp.fuel.heat_demand,gpp.fuel.heater_efficiency\n\
        as designed,,,\nhot,duty,2 GJ/t,1 %\n";
    std::fs::write(&table, rows).expect("written");
    let path = table.to_str().expect("UTF-8");
    let output = gaschain(&["run", path, "--format", "json", "--set", "bypass.open=true"]);
    let list: Value = serde_json::from_str(&text(&output.stdout)).expect("JSON");
    let list = list.as_array().expect("a list");
    assert_eq!(list.len(), 2);
    assert_eq!(list[0]["scenario"], "as designed");
    assert_eq!(list[0]["made_by"]["overrides"]["bypass.open"], "true");
    assert_eq!(list[1]["scenario"], "hot");
    assert!(list[1]["error"].is_string() && list[1].as_object().expect("an object").len() == 2);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(&output.stderr), "1 of 2 scenarios could not be solved\n");
    // the same as rows
    let output = gaschain(&["run", path, "--set", "bypass.open=true"]);
    assert_eq!(output.status.code(), Some(1));
    let printed = text(&output.stdout);
    let mut rows = csv::Reader::from_reader(printed.as_bytes());
    let last = rows.records().last().expect("rows").expect("a row");
    assert_eq!(last.get(last.len() - 1), list[1]["error"].as_str());
}

/// A table that is ended on the way leaves whole rows, and is broken off.
#[cfg(unix)]
#[test]
fn a_table_that_is_ended_says_so() {
    use std::io::{BufRead, BufReader, Read};
    use std::process::{Command, Stdio};

    let folder = Temporary::new("ended");
    let table = folder.join("long.csv");
    let rows: Vec<String> = (0..500).map(|row| format!("scenario {row},6\n")).collect();
    std::fs::write(&table, format!("name,gpp.trains\n{}", rows.concat())).expect("written");
    let mut run = crate::run::command()
        .args(["run", table.to_str().expect("UTF-8"), "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut printed = String::new();
    let mut reader = BufReader::new(run.stdout.take().expect("a pipe"));
    reader.read_line(&mut printed).expect("a line");
    let sent = Command::new("kill").args(["-TERM", &run.id().to_string()]).status();
    assert!(sent.expect("a signal is sent").success());
    reader.read_to_string(&mut printed).expect("the rest");
    let output = run.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(130));
    let said = text(&output.stderr);
    assert!(said.starts_with("broken off, ") && said.ends_with(" scenarios left\n"), "{said}");
    let list: Value = serde_json::from_str(&printed).expect("a list, closed");
    assert!(!list.as_array().expect("a list").is_empty());
}

#[test]
fn a_chain_can_be_named_in_place_of_a_scenarios_own() {
    let output = gaschain(&["run", "nameplate", "--chain", "no_such_folder"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("\"no_such_folder\", which is no chain"));
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/amur");
    let own = gaschain(&["run", "four_trains", "--chain", folder, "--format", "json"]);
    let shipped = gaschain(&["run", "four_trains", "--format", "json"]);
    let streams = |output: &std::process::Output| {
        let report: Value = serde_json::from_str(&text(&output.stdout)).expect("JSON");
        report["streams"].clone()
    };
    assert_eq!(streams(&own), streams(&shipped));
}

#[test]
fn scenarios_stand_side_by_side() {
    let output = gaschain(&["compare", "nameplate", "four_trains"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stdout).contains("* scenarios differ"));
    let output = gaschain(&["compare", "namplate", "four_train"]);
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    assert!(said.contains("\"nameplate\"") && said.contains("\"four_trains\""), "{said}");
}
