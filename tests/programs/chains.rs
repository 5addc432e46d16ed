//! Programs that run chains: reports, scenarios by name, file and table, addresses, comparisons.

use super::run::{example, text};
use crate::it::support::temporary::Temporary;
use serde_json::Value;

#[test]
fn nameplate_prints_its_report_and_nothing_else() {
    let output = example("nameplate", &[]);
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
#[cfg(feature = "gerg")]
#[test]
fn every_shipped_scenario_gives_json_of_the_contract() {
    let keys = [
        "format", "scenario", "made_by", "inlets", "openings", "imports", "streams", "limits",
        "loads", "products", "balance", "carbon", "energy", "warnings",
    ];
    for name in gaschain::amur::scenario_names() {
        let output = example("scenario", &[name, "--format", "json"]);
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
    let arguments =
        ["nameplate", "--set", "heihe.demand=44 bcm/yr", "--set=bypass.open=true", "--format=json"];
    let output = example("scenario", &arguments);
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
    let arguments = ["nameplate", "--set", "gpp.trians=4", "--set", "kovykta.flow=-1 bcm/yr"];
    let output = example("scenario", &arguments);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    assert_eq!(
        text(&output.stderr),
        "--set: gpp.trians: unknown parameter \"gpp.trians\"; nearest: \"gpp.trains\", \"gpp.train_size\"\n\
         --set: kovykta.flow: -1 bcm/yr is outside the allowed range: at least 0 bcm/yr\n"
    );
    let output = example("scenario", &["namplate"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("nearest: \"nameplate\""));
    assert_eq!(example("scenario", &["missing/file.toml"]).status.code(), Some(2));
    assert_eq!(example("scenario", &[]).status.code(), Some(2));
    assert_eq!(example("scenario", &["nameplate", "--frmat", "json"]).status.code(), Some(2));
    assert_eq!(example("compare", &["nameplate"]).status.code(), Some(2));
}

#[test]
fn faults_of_form_and_of_content_come_together() {
    let folder = Temporary::new("together");
    let file = folder.join("bad.toml");
    let bad = "name = \"bad\"\nchain = \"amur\"\ncolour = \"red\"\n[set]\n\"gpp.trians\" = 4\n";
    std::fs::write(&file, bad).expect("written");
    let path = file.to_str().expect("UTF-8");
    let output = example("scenario", &[path, "--set", "x=1"]);
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
    assert_eq!(example("scenario", &arguments).status.code(), Some(0));
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
    let output = example("scenario", &[scenario.to_str().expect("UTF-8")]);
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
    let output = example("scenario", &[table_path, "--out", out.to_str().expect("UTF-8")]);
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
    let output = example("scenario", &[table_path]);
    assert_eq!(output.status.code(), Some(2));
    let message = text(&output.stderr);
    assert!(message.contains("many.csv:1: unknown column \"gpp.trians\""), "{message}");
}

#[test]
fn an_output_path_that_cannot_be_written_is_bad_input() {
    let folder = Temporary::new("unwritable");
    let taken = folder.join("taken");
    std::fs::write(&taken, "a file, not a folder").expect("written");
    let output = example("scenario", &["nameplate", "--out", taken.to_str().expect("UTF-8")]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stdout));
    assert!(text(&output.stderr).contains("cannot write"), "{}", text(&output.stderr));
}

#[test]
fn addresses_lists_what_can_be_set_and_asked_for() {
    let page = text(&example("addresses", &[]).stdout);
    for address in ["gpp.ngl.ethane", "bypass.open", "heihe.demand", "gcc.crack.ethylene"] {
        assert!(page.contains(address), "{address} is not listed");
    }
    let page = text(&example("addresses", &["helium.units"]).stdout);
    assert!(page.contains("gpp.helium.units") && !page.contains("heihe.demand"));
}

#[test]
fn the_custom_chain_and_the_comparison_run() {
    let output = example("custom_chain", &[]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("cold_box.drive"));
    let output = example("compare", &["nameplate", "four_trains"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stdout).contains("* scenarios differ"));
}
