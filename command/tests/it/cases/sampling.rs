//! Sampling of sweeps: outliers, ranges, correlations, common causes, observations, extension.

use crate::run::{gaschain, text};
use crate::temporary::Temporary;
use std::fs;
use std::process::Output;

/// The path of an input of these cases.
fn input(name: &str) -> String {
    format!("{}/tests/it/cases/sampling/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn sweep(path: &str, arguments: &[&str], code: i32) -> Output {
    let output = gaschain(&[&["sweep", path], arguments].concat());
    assert_eq!(output.status.code(), Some(code), "{path}: {}", text(&output.stderr));
    output
}

/// The numbers of a column of what was printed.
fn column(printed: &str, name: &str) -> Vec<f64> {
    let mut lines = printed.lines();
    let header: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let at = header.iter().position(|column| *column == name).expect(name);
    lines.map(|line| line.split(',').nth(at).expect("a cell").parse().expect("a number")).collect()
}

#[test]
fn the_first_unscrambled_point_is_no_outlier() {
    let printed = text(&sweep(&input("first_point.toml"), &[], 0).stdout);
    let flow = column(&printed, "kovykta.flow [bcm/yr]");
    let count = flow.len() as f64;
    let mean = flow.iter().sum::<f64>() / count;
    let deviation = (flow.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / count).sqrt();
    assert!((mean - 20.0).abs() < 1e-9, "{mean}");
    assert!((deviation / 2.0 - 1.0).abs() < 0.01, "{deviation}");
    assert!((flow[0] - 20.0).abs() < 4.0 * 2.0, "{}", flow[0]);
}

#[test]
fn ranks_that_no_normal_scores_have_are_refused_as_such() {
    let said = text(&sweep(&input("ranks.toml"), &[], 2).stderr);
    for part in [
        "ranks.toml:28: rank correlations of \"kovykta.flow\", \"chayanda.flow\", \"heihe.demand\"",
        "consistent as ranks",
        "as correlations of normal scores (2 sin(pi r / 6))",
        "\"kovykta.flow\" and \"heihe.demand\": rank_coefficient = -0.591 instead of -0.6",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    // and what is said to do instead does
    let folder = Temporary::new("ranks");
    let path = folder.join("s.toml");
    let asked = fs::read_to_string(input("ranks.toml")).expect("there");
    fs::write(&path, asked.replace("-0.6", "-0.591")).expect("written");
    sweep(&path.display().to_string(), &[], 0);
}

#[test]
fn one_unknown_drives_two_parameters() {
    let folder = Temporary::new("common-cause");
    let tied = folder.join("tied.toml");
    fs::write(
        &tied,
        "name = \"own\"\nchain = \"amur\"\noutputs = [\"heihe.sales_gas.volume\"]\n\
         [design]\nkind = \"latin_hypercube\"\nsamples = 16\n\
         [[axis]]\nparameter = [\"kovykta_line.own_needs\", \"trunk_line.own_needs\"]\n\
         low = \"0.5 %/1000 km\"\nhigh = \"3 %/1000 km\"\n",
    )
    .expect("written");
    let printed = [input("common_cause.toml"), tied.display().to_string()]
        .map(|path| text(&sweep(&path, &[], 0).stdout));
    for printed in &printed {
        let [one, other] = ["kovykta_line", "trunk_line"]
            .map(|line| column(printed, &format!("{line}.own_needs [%/1000 km]")));
        let same = one.iter().zip(&other).all(|(one, other)| one.to_bits() == other.to_bits());
        assert!(same && one.len() == 16, "{printed}");
    }
    assert_eq!(printed[0], printed[1]);
}

#[test]
fn a_blank_among_observations_is_a_fault() {
    let said = text(&sweep(&input("blank.toml"), &[], 2).stderr);
    assert!(said.contains("e.csv:3: column \"flow\": a blank among observations"), "{said}");
}

#[test]
fn what_may_leave_its_range_is_refused_in_the_units_that_were_written_or_cut() {
    let said = text(&sweep(&input("out_of_range.toml"), &[], 2).stderr);
    assert!(said.contains("3.4 % below 0 %/1000 km and 0.0072 % above 4.5 %/1000 km"), "{said}");
    assert!(!said.contains("SI"), "{said}");
    let folder = Temporary::new("cut");
    let path = folder.join("s.toml");
    let asked = fs::read_to_string(input("out_of_range.toml")).expect("there");
    fs::write(&path, asked.trim_end().to_owned() + "\ncut = true\n").expect("written");
    let output = sweep(&path.display().to_string(), &[], 0);
    let said = text(&output.stderr);
    assert!(
        said.starts_with(
            "note: trunk_line.own_needs: 3.4 % below 0 %/1000 km and 0.0072 % above 4.5 %/1000 km \
             is cut off normal, mean 1.46 %/1000 km, standard deviation 0.8 %/1000 km"
        ),
        "{said}"
    );
    let own_needs = column(&text(&output.stdout), "trunk_line.own_needs [%/1000 km]");
    assert!(own_needs.iter().all(|share| (0.0..=4.5).contains(share)));
}

/// A sweep of two axes in a folder of its own.
fn design(folder: &Temporary, design: &str, samples: u64) -> String {
    let path = folder.join("s.toml");
    let text = format!(
        "name = \"more\"\nchain = \"amur\"\noutputs = [\"heihe.sales_gas.volume [million m3/d]\"]\n\
         [design]\n{design}\nsamples = {samples}\n\
         [[axis]]\nparameter = \"kovykta.flow\"\ndistribution = \"normal\"\nmean = \"20 bcm/yr\"\n\
         standard_deviation = \"2 bcm/yr\"\n\
         [[axis]]\nparameter = \"heihe.demand\"\nlow = \"30 bcm/yr\"\nhigh = \"44 bcm/yr\"\n\
         [[correlation]]\nbetween = [\"kovykta.flow\", \"heihe.demand\"]\ncoefficient = 0.5\n"
    );
    fs::write(&path, text).expect("written");
    path.display().to_string()
}

#[test]
fn more_samples_go_on_from_what_was_done() {
    for kind in ["kind = \"sobol\"", "kind = \"monte_carlo\"", "kind = \"sobol\"\nscramble = false"]
    {
        let folder = Temporary::new("more");
        let out = folder.join("all.csv").display().to_string();
        sweep(&design(&folder, kind, 1_500), &["--out", &out], 0);
        let fewer = fs::read_to_string(&out).expect("there");
        let more = design(&folder, kind, 2_048);
        sweep(&more, &["--out", &out, "--resume"], 0);
        let extended = fs::read_to_string(&out).expect("there");
        assert_eq!(extended, text(&sweep(&more, &[], 0).stdout), "{kind}");
        assert!(extended.starts_with(&fewer), "{kind}");
        // or by a part of its own
        let parts =
            ["a.csv", "b.csv", "whole.csv"].map(|name| folder.join(name).display().to_string());
        sweep(&design(&folder, kind, 1_500), &["--out", &parts[0]], 0);
        let more = design(&folder, kind, 2_048);
        sweep(&more, &["--out", &parts[1], "--range", "1500..2048"], 0);
        let merged = gaschain(&["merge", &parts[0], &parts[1], "--out", &parts[2]]);
        assert_eq!(merged.status.code(), Some(0), "{}", text(&merged.stderr));
        assert_eq!(fs::read_to_string(&parts[2]).expect("there"), extended);
        // fewer again are not what is there
        let fewer = design(&folder, kind, 1_100);
        let said = text(&sweep(&fewer, &["--out", &out, "--resume"], 2).stderr);
        assert!(said.contains("results made with"), "{said}");
    }
}

#[test]
fn a_design_that_cannot_be_extended_says_so() {
    for (kind, fewer, more) in [
        ("kind = \"latin_hypercube\"", 100, 200),
        ("kind = \"sobol\"\nscramble = false", 1_024, 1_025),
    ] {
        let folder = Temporary::new("no-more");
        let out = folder.join("all.csv").display().to_string();
        sweep(&design(&folder, kind, fewer), &["--out", &out], 0);
        let before = fs::read(&out).expect("there");
        let said =
            text(&sweep(&design(&folder, kind, more), &["--out", &out, "--resume"], 2).stderr);
        assert_eq!(
            said,
            format!(
                "--resume: results of {fewer} samples of a design whose scenarios all depend on \
                 their number; allowed: as many samples, or a new file; sobol (scrambled, or up to \
                 the next power of two) and monte_carlo can be extended\n"
            )
        );
        assert_eq!(fs::read(&out).expect("there"), before);
    }
}

#[test]
fn an_axis_that_changes_no_result_asked_for_is_a_warning() {
    let folder = Temporary::new("idle");
    let path = design(&folder, "kind = \"sobol\"", 64);
    let asked = fs::read_to_string(&path).expect("there");
    let idle = "[[axis]]\nparameter = \"gcc.pe.off_grade\"\nlow = \"0 %\"\nhigh = \"3 %\"\n[[correlation]]";
    fs::write(&path, asked.replace("[[correlation]]", idle)).expect("written");
    let warning = "warning: gcc.pe.off_grade changes none of the results asked for";
    let said = text(&sweep(&path, &[], 0).stderr);
    assert!(said.starts_with(warning) && said.matches("warning").count() == 1, "{said}");
    let checked = gaschain(&["check", &path]);
    assert!(checked.status.success() && text(&checked.stderr).starts_with(warning));
}
