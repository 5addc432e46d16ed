//! Runs that are killed at any moment, or meet a full disk: they go on with nothing lost or twice.
//!
//! A test starts this very program again as the run that gets killed.

use crate::support::squares::Squares;
use crate::support::temporary::Temporary;
use gaschain::Error;
use gaschain::sweep::{Csv, CsvFile, Progress, Runner, Source, Stamp};
use std::ops::ControlFlow;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;
use std::{env, fs};

/// Names the file that the started program runs into.
const FILE: &str = "GASCHAIN_TEST_SWEEP_FILE";
const SCENARIOS: u64 = 40_000;

fn source() -> Squares {
    // slow enough to be killed halfway
    Squares { pause: Duration::from_millis(5), ..Squares::new(SCENARIOS) }
}

fn go_on(path: &Path, source: &Squares) -> Result<Progress, Error> {
    let layout = source.layout();
    let stamp = Stamp::new("sha256:0", "csv", &(0..SCENARIOS), &layout);
    let (mut sink, next) = CsvFile::resume(path, &layout, &stamp).expect("it can be gone on with");
    let runner = Runner::new().threads(2).range(next..SCENARIOS);
    runner.run(source, &mut sink, |_| ControlFlow::Continue(()))
}

fn whole() -> String {
    let source = Squares::new(SCENARIOS);
    let mut text = Vec::new();
    let mut sink = Csv::new(&mut text, &source.layout()).expect("memory takes all");
    Runner::new().run(&source, &mut sink, |_| ControlFlow::Continue(())).expect("it runs");
    String::from_utf8(text).expect("UTF-8")
}

/// What the run that gets killed is called, as a test of this program.
fn the_run() -> &'static str {
    let path = concat!(module_path!(), "::the_run_of_the_other_tests");
    path.split_once("::").expect("the program's name first").1
}

/// The run that gets killed. Without the file's name in its environment it is no test of anything.
#[test]
fn the_run_of_the_other_tests() {
    if let Some(path) = env::var_os(FILE) {
        go_on(Path::new(&path), &source()).expect("it runs");
    }
}

#[test]
fn a_run_that_was_killed_again_and_again_loses_nothing() {
    let folder = Temporary::new("again");
    let path = folder.join("all.csv");
    let whole = whole();
    let mut kills = 0;
    let mut grew = 0;
    let mut last = 0;
    // 97 ms has nothing to do with the time of a block: each kill meets another moment
    for round in 1..200_u64 {
        let mut run = Command::new(env::current_exe().expect("this program"))
            .args(["--exact", the_run()])
            .env(FILE, &path)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        std::thread::sleep(Duration::from_millis(40 + round * 97 % 61));
        let ended = run.try_wait().expect("it can be asked");
        // SIGKILL: nothing can be put in order first
        run.kill().expect("it can be killed");
        run.wait().expect("it ends");
        let text = fs::read_to_string(&path).unwrap_or_default();
        assert!(whole.starts_with(&text), "round {round}");
        grew += u64::from(text.len() > last);
        last = text.len();
        if let Some(status) = ended {
            assert!(status.success());
            break;
        }
        kills += 1;
    }
    assert!(kills > 0 && grew > 1, "{kills} kills, {grew} times further");
    go_on(&path, &Squares::new(SCENARIOS)).expect("it runs");
    assert!(fs::read_to_string(&path).expect("it is there") == whole);
}

#[test]
fn a_full_disk_leaves_complete_blocks() {
    let folder = Temporary::new("full");
    let path = folder.join("all.csv");
    let whole = whole();
    // a limit on the size of files, whose signal is not listened to, is a disk of half a megabyte or one
    let program = env::current_exe().expect("this program");
    let run = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 1000; exec \"$0\" --exact \"$1\""])
        .arg(program)
        .arg(the_run())
        .env(FILE, &path)
        .output()
        .expect("it starts");
    assert!(!run.status.success());
    let said =
        String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr);
    assert!(said.contains("File too large"), "{said}");
    let text = fs::read_to_string(&path).expect("it is there");
    assert!(whole.starts_with(&text) && text.ends_with('\n'));
    let rows = text.lines().count() - 1;
    assert!(rows > 0 && rows.is_multiple_of(1_024), "{rows} rows");
    go_on(&path, &Squares::new(SCENARIOS)).expect("it runs");
    assert!(fs::read_to_string(&path).expect("it is there") == whole);
}
