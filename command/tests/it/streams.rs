//! Streams that fail and arguments that make no command: the exit code tells the outcome, and
//! nothing panics.

use crate::run::{command, gaschain, text};
use crate::temporary::Temporary;

#[test]
fn what_makes_no_command_exits_2_with_what_would() {
    let output = gaschain(&["rnu", "nameplate"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    assert!(text(&output.stderr).starts_with("command line: unknown verb \"rnu\"; "));
    let said = text(&gaschain(&["swep"]).stderr);
    assert_eq!(said, "command line: unknown verb \"swep\"; nearest: \"sweep\"\n");
    let output = gaschain(&[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("Usage: gaschain <COMMAND>"));
    for wrong in [
        ["run", "nameplate", "--frmat", "json"].as_slice(),
        &["run"],
        &["compare", "nameplate"],
        &["merge", "x.csv"],
        &["sweep"],
        &["sweep", "x.toml", "--axes", "3"],
        &["check"],
    ] {
        let output = gaschain(wrong);
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{wrong:?}");
    }
}

#[test]
fn version_is_that_of_the_package() {
    let output = gaschain(&["--version"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(text(&output.stdout), concat!("gaschain ", env!("CARGO_PKG_VERSION"), "\n"));
}

/// A table of so many scenarios, of which a run prints more than a pipe holds.
#[cfg(unix)]
fn long_table(folder: &Temporary) -> String {
    let rows: Vec<String> = (0..1_000).map(|row| format!("scenario {row},6\n")).collect();
    let rows = rows.concat();
    let table = folder.join("long.csv");
    std::fs::write(&table, format!("name,gpp.trains\n{rows}")).expect("written");
    table.display().to_string()
}

/// A sweep of so many scenarios.
#[cfg(unix)]
fn long_sweep(folder: &Temporary) -> String {
    let sweep = folder.join("long.toml");
    let text = "name = \"long\"\nchain = \"amur\"\noutputs = [\"heihe.sales_gas.volume\"]\n\
        [design]\nkind = \"sobol\"\nsamples = 10000\n\
        [[axis]]\nparameter = \"kovykta.flow\"\nlow = \"0 bcm/yr\"\nhigh = \"36 bcm/yr\"\n";
    std::fs::write(&sweep, text).expect("written");
    sweep.display().to_string()
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_and_never_a_panic() {
    use std::fs::OpenOptions;
    use std::process::Stdio;

    let full = || {
        let device = OpenOptions::new().write(true).open("/dev/full");
        Stdio::from(device.expect("the device that is always full"))
    };
    let folder = Temporary::new("full");
    let (table, sweep) = (long_table(&folder), long_sweep(&folder));
    let grid = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/amur/sweeps/bottleneck.toml");
    for words in [
        ["run", "nameplate"].as_slice(),
        &["run", "nameplate", "--format", "json"],
        &["run", &table],
        &["run", &table, "--format", "json"],
        &["compare", "nameplate", "four_trains"],
        &["list", "units"],
        &["map", "--size", "4x4"],
        &["sweep", &sweep],
        &["sweep", grid, "--format", "summary"],
        &["sweep", "--bench", "--axes", "3", "--scenarios", "10"],
        &["check", grid],
        &["--help"],
        &["--version"],
    ] {
        let output = command().args(words).stdout(full()).output().expect("it runs");
        let said = text(&output.stderr);
        assert!(matches!(output.status.code(), Some(1 | 2)), "{words:?}: {said}");
        assert!(said.contains("No space left on device"), "{words:?}: {said}");
        assert!(!said.contains("panicked"), "{words:?}: {said}");
    }
    // nothing can be said, and the exit code is that of the outcome
    for (words, code) in [
        (["run", "nameplate"].as_slice(), 0),
        (&["sweep", grid, "--format", "summary"], 0),
        (&["run", "namplate"], 2),
        (&["rnu"], 2),
        (&["run", "nameplate", "--set", "gpp.nitrogen.mode=no"], 2),
    ] {
        let output = command().args(words).stderr(full()).output().expect("it runs");
        assert_eq!(output.status.code(), Some(code), "{words:?}");
    }
    let both = command().args(["run", "nameplate"]).stdout(full()).stderr(full()).status();
    assert_eq!(both.expect("it runs").code(), Some(2));
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;

    let folder = Temporary::new("gone");
    let (table, sweep) = (long_table(&folder), long_sweep(&folder));
    for words in [
        ["run", &table].as_slice(),
        &["run", &table, "--format", "json"],
        &["sweep", &sweep],
        &["list"],
    ] {
        let mut run = command()
            .args(words)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut first = String::new();
        let mut reader = BufReader::with_capacity(16, run.stdout.take().expect("a pipe"));
        reader.read_line(&mut first).expect("a line");
        drop(reader);
        let output = run.wait_with_output().expect("it ends");
        assert_eq!(text(&output.stderr), "", "{words:?}");
        assert_eq!(output.status.code(), Some(0), "{words:?}");
    }
}
