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

/// The pipe of two lines: its first by Colebrook-White, its second by a factor given.
fn two_pipes(folder: &Temporary) -> String {
    let chain = include_str!("two_pipes.toml");
    std::fs::create_dir(folder.join("pipes")).expect("a folder");
    std::fs::write(folder.join("pipes/chain.toml"), chain).expect("a file");
    folder.join("pipes").display().to_string()
}

/// Exit code and what was said of a table of scenarios with changes.
fn table(rows: &str, changes: &[&str]) -> (Option<i32>, String) {
    let folder = Temporary::new("cases-lines");
    let chain = two_pipes(&folder);
    std::fs::write(folder.join("t.csv"), rows).expect("a file");
    let path = folder.join("t.csv").display().to_string();
    let mut arguments = vec!["run", &path, "--chain", &chain];
    for change in changes {
        arguments.extend(["--set", change]);
    }
    let output = gaschain(&arguments);
    let said = text(&output.stderr).replace(&path, "t.csv");
    (output.status.code(), said)
}

#[test]
fn rows_are_judged_with_what_is_set_on_top_of_them() {
    for (rows, change) in [
        ("name,line.friction_factor\na,0.01\nb,0.02\n", "line.friction=given"),
        ("name,line.friction\na,given\n", "line.friction_factor=0.01"),
        ("name,second.inlet\na,line_before\n", "second.availability=100 %"),
    ] {
        let (code, said) = table(rows, &[change]);
        assert_eq!(code, Some(0), "{change}: {said}");
    }
    for (rows, changes, expected) in [
        (
            "name,second.friction_factor\na,0.01\nb,\nc,0.02\n",
            &["second.friction=weymouth"][..],
            "t.csv:2: column \"second.friction_factor\": 0.01 with second.friction = \"weymouth\"; \
             allowed: a value with \"given\" only\n\
             t.csv:4: column \"second.friction_factor\": 0.02 with second.friction = \"weymouth\"; \
             allowed: a value with \"given\" only\n",
        ),
        // what all rows lack is said once
        (
            "name,source.flow [kmol/h]\na,5000\nb,6000\n",
            &["line.friction=given"],
            "--set: value of parameter \"line.friction_factor\" is missing\n",
        ),
        (
            "name,line.mode\na,hydraulic\nb,own_needs\n",
            &["second.inlet=line_before"],
            "--set: second.inlet: \"line_before\" behind line, which states no pressure as it is set",
        ),
        (
            "name,second.friction_factor\nd,not given\n",
            &["second.availability=100 %"],
            "t.csv:2: column \"second.friction_factor\": value of parameter \
             \"second.friction_factor\" is missing\n",
        ),
        (
            "name,line.friction_factor\na,0.01\n",
            &["line.frictoin=given"],
            "--set: line.frictoin: unknown parameter",
        ),
    ] {
        let (code, said) = table(rows, changes);
        assert!(code == Some(2) && said.contains(expected), "{changes:?}: {said}");
        let first = expected.lines().next().expect("a line");
        assert_eq!(said.matches(first).count(), 1, "{said}");
    }
}

#[test]
fn what_is_missing_and_what_takes_a_pressure_away_have_their_places() {
    let folder = Temporary::new("cases-lines");
    let chain = two_pipes(&folder);
    let scenario = "name = 'none'\nchain = 'pipes'\nset.'second.friction_factor' = 'not given'\n\
                    set.'second.availability' = '200 %'\n";
    let path = folder.join("none.toml");
    std::fs::write(&path, scenario).expect("a file");
    let path = path.display().to_string();
    let output = gaschain(&["run", &path]);
    let said = text(&output.stderr).replace(&path, "none.toml");
    let [missing, range] = ["none.toml:3: value of parameter", "none.toml:4: "];
    assert!(output.status.code() == Some(2) && said.contains(missing), "{said}");
    assert!(said.find(missing) < said.find(range), "{said}");
    for (change, expected) in [
        (
            "second.friction_factor=not given",
            "--set: value of parameter \"second.friction_factor\" is missing",
        ),
        (
            "line.mode=own_needs",
            "--set: second.inlet: \"line_before\" behind line, which states no pressure as it is set",
        ),
    ] {
        let output = gaschain(&["run", &chain, "--set", change]);
        let said = text(&output.stderr);
        assert!(output.status.code() == Some(2) && said.contains(expected), "{said}");
    }
}

/// Exit code and what was said of a sweep of the two pipes.
fn sweep(design: &str) -> (Option<i32>, String) {
    let folder = Temporary::new("cases-lines");
    two_pipes(&folder);
    let head = "name = 's'\nchain = 'pipes'\noutputs = ['second.delivery_pressure']\n";
    let path = folder.join("s.toml");
    std::fs::write(&path, format!("{head}{design}")).expect("a file");
    let out = folder.join("out");
    let [path, out] = [path, out].map(|path| path.display().to_string());
    let output = gaschain(&["sweep", &path, "--out", &out]);
    (output.status.code(), text(&output.stderr).replace(&path, "s.toml"))
}

#[test]
fn a_sweep_does_with_a_factor_what_a_run_does() {
    let factor =
        "[[axis]]\nparameter = 'second.friction_factor'\nlow = 0.01\nhigh = 0.02\nsteps = 2\n";
    let (code, said) =
        sweep(&format!("[set]\n'second.friction' = 'weymouth'\n[design]\nkind = 'grid'\n{factor}"));
    let expected =
        "s.toml:9: second.friction_factor: numbers that vary with second.friction = \"weymouth\"";
    assert!(code == Some(2) && said.contains(expected), "{said}");
    let names = "[[axis]]\nparameter = 'second.friction'\nvalues = ['given', 'weymouth']\n";
    let (code, said) = sweep(&format!("[design]\nkind = 'grid'\n{factor}{names}"));
    assert!(code == Some(1) && said.contains("2 of 4 scenarios could not be solved"), "{said}");
    let line = factor.replace("second", "line");
    let (code, said) =
        sweep(&format!("[set]\n'line.friction' = 'given'\n[design]\nkind = 'grid'\n{line}"));
    assert_eq!(code, Some(0), "{said}");
}

#[test]
fn a_map_does_with_a_factor_what_a_run_does() {
    let folder = Temporary::new("cases-lines");
    let chain = two_pipes(&folder);
    let map = |line: &str, law: &str| {
        let [x, law] =
            [format!("{line}.friction_factor=0.01..0.02"), format!("{line}.friction={law}")];
        let flow = "source.flow=3000..6000 kmol/h";
        let size = ["--inlet", "source", "--size", "3x2"];
        let arguments = ["map", &chain, "--x", &x, "--y", flow, "--set", &law];
        let output = gaschain(&[&arguments[..], &size].concat());
        (output.status.code(), text(&output.stderr))
    };
    let (code, said) = map("second", "weymouth");
    let expected = "second.friction_factor: numbers that vary with second.friction = \"weymouth\"";
    assert!(code == Some(2) && said.contains(expected), "{said}");
    let (code, said) = map("line", "given");
    assert_eq!(code, Some(0), "{said}");
}
