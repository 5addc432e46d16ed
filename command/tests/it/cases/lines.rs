//! Lines and stations: what is given with what, one line behind another, velocity, availability.

use crate::run::{gaschain, text};
use crate::temporary::Temporary;
use serde_json::Value;

const LINE: &str = include_str!("one_pipe.toml");

/// The pipe of the cases without its limit.
fn pipe() -> String {
    let (before, rest) = LINE.split_once("[stages.line.limits.warm]").expect("a limit");
    let (_, after) = rest.split_once("[stages.city]").expect("a city");
    format!("{before}[stages.city]{after}")
}

/// Exit code, report and what was said of a chain with changes.
fn run(chain: &str, changes: &[&str]) -> (Option<i32>, Value, String) {
    let folder = Temporary::new("cases-lines");
    std::fs::write(folder.join("chain.toml"), chain).expect("a file");
    let path = folder.display().to_string();
    let mut arguments = vec!["run", &path, "--format", "json"];
    for change in changes {
        arguments.extend(["--set", change]);
    }
    let output = gaschain(&arguments);
    let report = serde_json::from_str(&text(&output.stdout)).unwrap_or(Value::Null);
    (output.status.code(), report, text(&output.stderr))
}

#[track_caller]
fn load(chain: &str, changes: &[&str], name: &str) -> f64 {
    let (code, report, said) = run(chain, changes);
    assert_eq!(code, Some(0), "{said}");
    let loads = report["loads"].as_array().expect("a list");
    let found = loads.iter().find(|load| load["load"] == name).expect(name);
    found["value"].as_f64().expect("a number")
}

#[track_caller]
fn near(got: f64, expected: f64, within: f64) {
    assert!((got - expected).abs() <= within * expected.abs(), "{got} is not {expected}");
}

#[test]
fn a_friction_factor_is_given_with_its_law_and_no_other() {
    let chain = pipe();
    let given = chain.replace("\"colebrook_white\"", "\"given\"\nfriction_factor = 0.0125");
    let pressure = load(&given, &[], "line.delivery_pressure");
    assert!((3.0..5.0).contains(&pressure), "{pressure}");
    // more friction, less pressure
    assert!(load(&given, &["line.friction_factor=0.014"], "line.delivery_pressure") < pressure);

    for (chain, said) in [
        (
            chain.replace("roughness =", "friction_factor = 0.0125\nroughness ="),
            "line.friction_factor: 0.0125 with line.friction = \"colebrook_white\"",
        ),
        (
            chain.replace("\"colebrook_white\"", "\"given\""),
            "value of parameter \"line.friction_factor\" is missing",
        ),
    ] {
        let (code, _, stderr) = run(&chain, &[]);
        assert!(code == Some(2) && stderr.contains(said), "{stderr}");
    }
    let (code, _, stderr) = run(&chain, &["line.friction_factor=0.0125"]);
    assert!(code == Some(2) && stderr.contains("allowed: a value with \"given\" only"), "{stderr}");
    // a law on top of a chain's factor leaves that waiting
    load(&given, &["line.friction=weymouth"], "line.delivery_pressure");
}

#[test]
fn pipe_efficiency_counts_with_colebrook_white() {
    let chain = pipe();
    let drop = |changes: &[&str]| {
        let pressure = load(&chain, changes, "line.delivery_pressure");
        25.0 - pressure * pressure
    };
    // friction over the square of the efficiency
    near(drop(&["line.pipe_efficiency=90 %"]), drop(&[]) / 0.81, 0.02);
}

#[test]
fn a_line_begins_with_what_the_line_before_it_ends_with() {
    let chain = pipe();
    let (before, rest) = chain.split_once("[stages.line]\n").expect("a line");
    let (own, after) = rest.split_once("[stages.city]").expect("a city");
    let half = own.replace("\"100 km\"", "\"50 km\"").replace("segments = 20", "segments = 10");
    let second = half.replace("stages.line", "stages.second");
    let second = second.replace("inlet_pressure = \"5 MPa\"\n", "inlet = \"line_before\"\n");
    let second = second.replace("inlet_temperature = \"15 degC\"\n", "");
    let joined =
        format!("{before}[stages.line]\n{half}[stages.second]\n{second}[stages.city]{after}");
    let joined = joined.replace(
        "\"line.delivered -> city\"",
        "\"line.delivered -> second\", \"second.delivered -> city\"",
    );
    let joined = joined.replace("[\"line.burned\"]", "[\"line.burned\", \"second.burned\"]");
    for name in ["delivery_pressure", "delivery_temperature", "highest_velocity"] {
        let one = load(&chain, &[], &format!("line.{name}"));
        near(load(&joined, &[], &format!("second.{name}")), one, 1e-12);
    }
    let alone = joined
        .replace("\"line.delivered -> second\"", "\"line.delivered -> knot\", \"knot -> second\"")
        + "\n[stages.knot]\nkind = \"blend\"\ninlets = [\"gas\"]\n";
    let (code, _, stderr) = run(&alone, &[]);
    assert!(
        code == Some(2) && stderr.contains("second.inlet: \"line_before\" behind knot.out"),
        "{stderr}"
    );
}

#[test]
fn velocity_is_stated_and_beyond_that_of_sound_an_error() {
    let chain = pipe();
    let velocity = load(&chain, &[], "line.highest_velocity");
    assert!((3.5..4.5).contains(&velocity), "{velocity}");
    let short = chain.replace("\"100 km\"", "\"0.02 km\"");
    let mut ended = false;
    for flow in (1..60).map(|step| 20_000 * step) {
        let (code, _, stderr) = run(&short, &[&format!("source.flow={flow} kmol/h")]);
        if code != Some(0) {
            let said = "line: velocity of the gas 0.0";
            assert!(code == Some(1) && stderr.contains(said), "{stderr}");
            assert!(stderr.contains("allowed: up to the speed of sound there, "), "{stderr}");
            ended = true;
            break;
        }
    }
    assert!(ended);
}

#[test]
fn a_line_is_reckoned_while_it_runs() {
    let chain = pipe();
    let part = ["line.availability=80 %", "source.flow=4800 kmol/h"];
    for name in ["line.delivery_pressure", "line.highest_velocity"] {
        near(load(&chain, &part, name), load(&chain, &[], name), 1e-12);
    }
    let (code, _, stderr) = run(&chain, &["line.availability=0 %"]);
    assert!(code == Some(1) && stderr.contains("a line that never runs"), "{stderr}");
    let (code, _, stderr) = run(&chain, &["line.availability=101 %"]);
    assert!(code == Some(2) && stderr.contains("0 % to 100 %"), "{stderr}");
}
