//! The example of a kind of one's own: its stage is sound, a chain file names it, the command runs
//! it.

use crate::run::{gaschain, text};
use std::path::Path;
use std::process::{Command, Output};

/// Its own tests come with it.
#[allow(dead_code, reason = "its main is run as a program")]
#[path = "../../examples/own_stage.rs"]
mod example;

const CHAIN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/expander");

/// Runs the program that cargo has built beside these tests.
fn own_stage(arguments: &[&str]) -> Output {
    let test = std::env::current_exe().expect("this test is a file");
    let built = test.parent().and_then(Path::parent).expect("cargo's layout");
    let name = format!("own_stage{}", std::env::consts::EXE_SUFFIX);
    let program = built.join("examples").join(name);
    Command::new(program).args(arguments).output().expect("the example is built")
}

#[test]
fn all_verbs_know_the_kind() {
    let run = own_stage(&["run", CHAIN, "--format", "json"]);
    assert!(run.status.success(), "{}", text(&run.stderr));
    let report = gaschain::Report::from_json(&text(&run.stdout)).expect("a report");
    // 5 MW at 2 kJ/mol are 2,500 mol/s, of what 2 bcm/yr are 2,636
    assert_eq!(report.inlets[0].stopped_by, ["expander.generator"]);
    let listed = own_stage(&["list", "--chain", CHAIN, "parameters", "expander.work"]);
    assert!(text(&listed.stdout).contains("0.002 MW"), "{}", text(&listed.stdout));
    let kinds = own_stage(&["list", "kinds"]);
    assert!(text(&kinds.stdout).lines().any(|line| line.trim() == "expander"));
    let checked = own_stage(&["check", CHAIN]);
    assert!(checked.status.success(), "{}", text(&checked.stderr));
}

#[test]
fn a_command_without_the_kind_says_so() {
    let run = gaschain(&["run", CHAIN]);
    assert_eq!(run.status.code(), Some(2));
    assert!(text(&run.stderr).contains("unknown kind of stage \"expander\""));
}
