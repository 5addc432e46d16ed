//! Running a program that cargo has built beside these tests.

use std::path::Path;
use std::process::{Command, Output};

/// An example, to be given arguments and started.
pub fn program(name: &str) -> Command {
    let test = std::env::current_exe().expect("this test is a file");
    let built = test.parent().and_then(Path::parent).expect("cargo's layout");
    let program = built.join("examples").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    assert!(program.exists(), "{} is not built", program.display());
    Command::new(program)
}

/// Runs an example to its end.
pub fn example(name: &str, arguments: &[&str]) -> Output {
    program(name).args(arguments).output().expect("it runs")
}

/// What a program printed.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("examples print UTF-8")
}
