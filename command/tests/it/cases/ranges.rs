//! Lines of gases that viscosity was once not made for, and what is used outside its range.

use crate::run::{gaschain, text};
use crate::temporary::Temporary;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/cases/ranges")
}

/// The report of a run of the line of 100 km and 500 mm with changes, exit code 0.
fn report(what: &str, changes: &[&str]) -> Value {
    let path = folder().join(what);
    let mut arguments = vec!["run", path.to_str().expect("a path"), "--format", "json", "--strict"];
    for change in changes {
        arguments.extend(["--set", change]);
    }
    let output = gaschain(&arguments);
    assert_eq!(output.status.code(), Some(0), "{changes:?}: {}", text(&output.stderr));
    serde_json::from_str(&text(&output.stdout)).expect("JSON")
}

fn delivery(report: &Value) -> f64 {
    let mut loads = report["loads"].as_array().expect("a list").iter();
    let load = loads.find(|load| load["load"] == "line.delivery_pressure").expect("it states it");
    load["value"].as_f64().expect("a number")
}

fn warnings(report: &Value) -> Vec<&str> {
    let warnings = report["warnings"].as_array().expect("a list");
    warnings.iter().map(|warning| warning.as_str().expect("a text")).collect()
}

/// Settings of a pure gas, of its flow and of its pressure at the inlet.
fn gas(name: &str, flow: &str, pressure: f64) -> Vec<String> {
    let none = "source.composition.hydrogen=0 %".to_owned();
    let share = format!("source.composition.{name}=100 %");
    let composition = match name {
        "hydrogen" => vec![share],
        "methane" => vec![none],
        _ => vec![none, share],
    };
    let others = [format!("source.flow={flow}"), format!("line.inlet_pressure={pressure} MPa")];
    composition.into_iter().chain(others).collect()
}

#[test]
fn pressure_falls_as_with_the_reference_equations_of_each_gas() {
    // own integration in 400 steps with the density and viscosity of the reference equations
    // (CoolProp 8.0.0), at 15 degC: drop, MPa
    assert!((5.0 - delivery(&report("hydrogen.toml", &[])) - 0.690).abs() < 0.01 * 0.690);
    for (name, flow, pressure, drop, within) in [
        ("hydrogen", "8000 kmol/h", 3.0, 0.290_00, 0.005),
        ("helium", "12000 kmol/h", 5.0, 0.792_61, 0.005),
        ("nitrogen", "4500 kmol/h", 5.0, 0.717_79, 0.01),
        ("methane", "6500 kmol/h", 7.0, 0.518_60, 0.01),
    ] {
        let changes = gas(name, flow, pressure);
        let changes: Vec<&str> = changes.iter().map(String::as_str).collect();
        let report = report("line", &changes);
        let got = pressure - delivery(&report);
        assert!((got / drop - 1.0).abs() < within, "{name}: {got} MPa, not {drop}");
        assert!(warnings(&report).is_empty(), "{name}: {report}");
    }
}

#[test]
fn nothing_jumps_as_hydrogen_comes_to_natural_gas() {
    let drop = |share: f64| {
        let share = format!("source.composition.hydrogen={share} %");
        5.0 - delivery(&report("line", &["source.flow=5000 kmol/h", &share]))
    };
    let drops: Vec<f64> = (0..=10_u8).map(|step| drop(10.0 * f64::from(step))).collect();
    for around in drops.windows(3) {
        let bend = around[0] - 2.0 * around[1] + around[2];
        assert!(bend.abs() < 0.03 * drops[0], "{drops:?}");
    }
}

#[test]
fn a_law_of_friction_outside_its_reynolds_numbers_is_a_warning_that_names_it() {
    let panhandle = report("hydrogen.toml", &["line.friction=panhandle_a"]);
    let said = warnings(&panhandle);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(
        said[0]
            .starts_with("line: friction by Panhandle A is outside its range: Reynolds number 2,"),
        "{said:?}"
    );
    assert!(said[0].ends_with(
        ", good for 5,000,000 to 11,000,000 (E. S. Menon, Gas Pipeline Hydraulics, 2005)"
    ));
    // in its range nothing is said
    let gas = gas("methane", "9000 kmol/h", 7.0);
    let mut changes: Vec<&str> = gas.iter().map(String::as_str).collect();
    changes.push("line.friction=panhandle_a");
    assert!(warnings(&report("line", &changes)).is_empty());
    // others of the kind: smooth where the law is for rough pipes, hardly any flow
    for (change, flow, name) in [
        ("line.friction=aga_fully_turbulent", "2000 kmol/h", "AGA, fully turbulent"),
        ("line.friction=weymouth", "5 kmol/h", "Weymouth"),
        ("line.friction=sto_gazprom", "5 kmol/h", "STO Gazprom"),
        ("line.friction=panhandle_b", "8000 kmol/h", "Panhandle B"),
    ] {
        let report = report("hydrogen.toml", &[change, &format!("source.flow={flow}")]);
        let said = warnings(&report);
        let start = format!("line: friction by {name} is outside its range: Reynolds number ");
        assert!(said.len() == 1 && said[0].starts_with(&start), "{said:?}");
    }
}

#[test]
fn a_gas_whose_like_viscosity_was_not_held_against_is_a_warning() {
    let folder_of_chain = Temporary::new("ranges-heavy");
    let chain = fs::read_to_string(folder().join("line/chain.toml")).expect("it is there");
    let chain = chain.replace("\"propane\"]", "\"propane\", \"n-pentane\", \"water\"]");
    fs::write(folder_of_chain.join("chain.toml"), chain).expect("it can be written");
    let path = folder_of_chain.display().to_string();
    let said = |species: &str, share: &str| {
        let share = format!("source.composition.{species}={share}");
        let arguments = ["--set", "source.flow=150 kmol/h", "--set", &share, "--format", "json"];
        let rest =
            ["--set", "source.composition.hydrogen=0 %", "--set", "line.inlet_pressure=0.3 MPa"];
        let output = gaschain(&[&["run", &path][..], &arguments, &rest].concat());
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        let report: Value = serde_json::from_str(&text(&output.stdout)).expect("JSON");
        warnings(&report).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let heavy = said("nC5", "12 %");
    assert_eq!(heavy.len(), 1, "{heavy:?}");
    assert!(
        heavy[0].starts_with("line: viscosity by ") && heavy[0].contains(" 12, good for 0 to 10 %"),
        "{heavy:?}"
    );
    assert!(said("nC5", "9 %").is_empty() && said("water", "0.1 %").is_empty());
}

#[test]
fn page_table_and_saved_report_say_it_too() {
    let temporary = Temporary::new("ranges");
    let path = |name: &str| temporary.join(name).to_str().expect("a path").to_owned();
    let scenario = folder().join("hydrogen.toml");
    let scenario = scenario.to_str().expect("a path");
    let out = path("results");
    let law = ["--set", "line.friction=panhandle_a"];
    let output = gaschain(&["run", scenario, law[0], law[1], "--out", &out]);
    let page = text(&output.stdout);
    let at =
        page.find("\nWARNINGS\n  ! line: friction by Panhandle A is outside its range").is_some();
    assert!(at, "{page}");
    let saved = fs::read_to_string(temporary.join("results/result.json")).expect("it is there");
    let saved: Value = serde_json::from_str(&saved).expect("JSON");
    assert_eq!(warnings(&saved).len(), 1);
    let line = folder().join("line");
    let line = line.to_str().expect("a path");
    let again = gaschain(&["run", &format!("{out}/result.json"), "--chain", line]);
    assert!(text(&again.stdout).contains("friction by Panhandle A"), "{}", text(&again.stderr));
    // of a table once, with the first row that it is so in
    let rows = "name,source.flow,line.friction\na,4 kmol/s,weymouth\n\
                b,4 kmol/s,panhandle_a\nc,4.5 kmol/s,panhandle_a\n";
    fs::write(temporary.join("rows.csv"), rows).expect("it can be written");
    let output = gaschain(&["run", &path("rows.csv"), "--chain", line]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let said = text(&output.stderr);
    assert_eq!(said.matches("friction by Panhandle A").count(), 1, "{said}");
    assert!(said.starts_with("warning: b: line: friction by Panhandle A"), "{said}");
    // beside another, on standard error with its name
    let lawful = "name = \"lawful\"\nchain = \"line\"\nset.\"source.flow\" = \"4 kmol/s\"\n";
    fs::write(temporary.join("lawful.toml"), lawful).expect("it can be written");
    let other =
        format!("{}set.\"line.friction\" = \"panhandle_a\"\n", lawful.replace("lawful", "other"));
    fs::write(temporary.join("other.toml"), other).expect("it can be written");
    let beside = gaschain(&["compare", &path("lawful.toml"), &path("other.toml"), "--chain", line]);
    assert_eq!(beside.status.code(), Some(0), "{}", text(&beside.stderr));
    let warned = "warning: other: line: friction by Panhandle A is outside";
    assert!(text(&beside.stderr).starts_with(warned), "{}", text(&beside.stderr));
}
