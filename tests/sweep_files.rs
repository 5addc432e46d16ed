//! Sweep files: the shipped ones, that a file and the builder give the same sweep, and the exact
//! message of every fault that a file can have.

#![allow(clippy::too_many_lines, reason = "the tests are tables of files and messages")]

use gaschain::amur;
use gaschain::sweep::{Axis, Correlation, DesignKind, Distribution, Results, Sweep};
use std::fs;
use std::path::{Path, PathBuf};

const HEAD: &str = "name = 'test'\nchain = 'amur'\noutputs = ['heihe.sales_gas.volume']\n";

fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/amur/sweeps").join(name)
}

/// A folder of its own for the files of one test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Numbers of a sweep's columns, axis after axis.
fn numbers(sweep: &Sweep) -> Vec<f64> {
    let prepared = sweep.prepare(amur::chain()).unwrap_or_else(|faults| panic!("{faults}"));
    let count = usize::try_from(prepared.design.len()).unwrap();
    let mut columns = vec![0.0; prepared.axes.len() * count];
    prepared.design.fill(&mut prepared.design.scratch(), 0, count, &mut columns);
    columns
}

#[test]
fn shipped_sweeps_fit_the_chain_and_their_scenarios_run() {
    let folder = shipped("");
    let mut seen = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "toml") {
            continue;
        }
        seen += 1;
        let sweep = Sweep::read(&path).unwrap_or_else(|faults| panic!("{faults}"));
        assert_eq!(sweep.chain(), "amur");
        let prepared = sweep.prepare(amur::chain()).unwrap_or_else(|faults| panic!("{faults}"));
        let mut scratch = prepared.design.scratch();
        let mut workspace = prepared.evaluator.workspace();
        let mut results = Results::default();
        let len = prepared.design.len();
        for first in [0, len / 2, len - 4] {
            let mut inputs = vec![0.0; prepared.axes.len() * 4];
            prepared.design.fill(&mut scratch, first, 4, &mut inputs);
            prepared.evaluator.run(&mut workspace, first, &inputs, 4, &mut results);
            assert_eq!(results.failures, [], "{}", path.display());
            assert!(results.residuals.iter().all(|residual| *residual < 1e-9));
        }
    }
    assert_eq!(seen, 3);
}

#[test]
fn the_first_scenario_of_one_at_a_time_is_the_chain_itself() {
    let sweep = Sweep::read(&shipped("one_at_a_time.toml")).unwrap();
    let chain = amur::chain();
    let prepared = sweep.prepare(chain).unwrap();
    assert_eq!(prepared.design.len(), 1 + 4 + 6 + 1 + 2 + 3);
    let mut inputs = [0.0; 5];
    prepared.design.fill(&mut prepared.design.scratch(), 0, 1, &mut inputs);
    let mut results = Results::default();
    prepared.evaluator.run(&mut prepared.evaluator.workspace(), 0, &inputs, 1, &mut results);
    let solved = chain.solve(&chain.values()).unwrap();
    let sales = solved.get("heihe.sales_gas.volume").unwrap().unwrap();
    assert!((results.column(0)[0] - sales).abs() < 1e-12 * sales);
}

#[test]
fn a_file_and_the_builder_give_the_same_sweep() {
    let text = format!(
        "{HEAD}[set]\nbypass.open = true\n\
         [design]\nkind = 'latin_hypercube'\nsamples = 100\nseed = 7\n\
         [[axis]]\nparameter = 'kovykta.flow'\nlow = '15 bcm/yr'\nhigh = '30 bcm/yr'\n\
         [[axis]]\nparameter = 'gpp.trains'\nvalues = [4, 5, 6]\n\
         [[axis]]\nparameter = 'gcc.furnaces'\ndistribution = 'normal'\nmean = '3.5 Mt/yr'\n\
         standard_deviation = '0.1 Mt/yr'\n\
         [[correlation]]\nbetween = ['kovykta.flow', 'gcc.furnaces']\ncoefficient = 0.5\n"
    );
    let read = Sweep::parse(&text, "sweep.toml", None).unwrap();
    let mean = "3.5 Mt/yr".into();
    let normal = Distribution::Normal { mean, standard_deviation: "0.1 Mt/yr".into() };
    let kind = DesignKind::LatinHypercube { samples: 100, seed: 7 };
    let built = Sweep::new("test", "amur", kind)
        .setting("bypass.open", true)
        .output("heihe.sales_gas.volume")
        .axis(Axis::between("kovykta.flow", "15 bcm/yr", "30 bcm/yr"))
        .axis(Axis::values("gpp.trains", [4.0, 5.0, 6.0]))
        .axis(Axis::distributed("gcc.furnaces", normal))
        .correlation(Correlation::new("kovykta.flow", "gcc.furnaces", 0.5));
    assert_eq!(read.provenance(), built.provenance());
    assert_eq!(numbers(&read), numbers(&built));
}

#[test]
fn a_matrix_means_its_pairs() {
    let design = "[design]\nkind = 'sobol'\nsamples = 8\nscramble = false\n";
    let axis = |address: &str| {
        format!("[[axis]]\nparameter = '{address}'\nlow = '1 bcm/yr'\nhigh = '2 bcm/yr'\n")
    };
    let axes = ["kovykta.flow", "chayanda.flow", "heihe.demand"].map(axis).concat();
    let matrix = "[[correlation]]\nbetween = ['kovykta.flow', 'chayanda.flow', 'heihe.demand']\n\
                  matrix = [[1, 0.5, 0], [0.5, 1, -0.25], [0, -0.25, 1]]\n";
    let pairs = "[[correlation]]\nbetween = ['kovykta.flow', 'chayanda.flow']\ncoefficient = 0.5\n\
                 [[correlation]]\nbetween = ['chayanda.flow', 'heihe.demand']\ncoefficient = -0.25\n";
    let [matrix, pairs] = [matrix, pairs].map(|correlation| {
        let text = format!("{HEAD}{design}{axes}{correlation}");
        Sweep::parse(&text, "sweep.toml", None).unwrap()
    });
    assert_eq!(numbers(&matrix), numbers(&pairs));
}

#[test]
fn files_that_a_sweep_names_are_beside_it() {
    let folder = folder("sweep_files_beside");
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
    write("observed.csv", "year,supply\n2023,22.7\n2024,31.1\n2025,\n");
    write(
        "late.toml",
        "name = 'late'\nchain = 'amur'\n[set]\ngpp.trains = 4\nbypass.open = true\n",
    );
    write("points.csv", "name,kovykta.flow\na,6 bcm/yr\nb,\n");
    write(
        "sweep.toml",
        &format!(
            "scenario = 'late.toml'\n{HEAD}[set]\ngpp.trains = 5\n\
             [design]\nkind = 'monte_carlo'\nsamples = 50\n\
             [[axis]]\nparameter = 'kovykta.flow'\ndistribution = 'empirical'\n\
             file = 'observed.csv'\ncolumn = 'supply'\nunit = 'bcm/yr'\n"
        ),
    );
    let sweep = Sweep::read(&folder.join("sweep.toml")).unwrap();
    let chain = amur::chain();
    let prepared = sweep.prepare(chain).unwrap();
    assert_eq!(chain.number(&prepared.base, "gpp.trains"), Some(5.0));
    let set: Vec<String> = sweep.overrides().iter().map(|change| change.address.clone()).collect();
    assert_eq!(set, ["bypass.open", "gpp.trains"]);
    let unit = prepared.axes[0].unit.unwrap();
    let mut drawn: Vec<String> =
        numbers(&sweep).into_iter().map(|si| format!("{:.1}", unit.from_si(si))).collect();
    drawn.sort();
    drawn.dedup();
    assert_eq!(drawn, ["22.7", "31.1"]);
    // what the files hold is part of what determines the results
    let before = sweep.inputs(chain);
    write("observed.csv", "year,supply\n2023,22.7\n2024,31.2\n2025,\n");
    assert_ne!(Sweep::read(&folder.join("sweep.toml")).unwrap().inputs(chain), before);

    let table = format!("{HEAD}[design]\nkind = 'table'\nfile = 'points.csv'\n");
    let table = Sweep::parse(&table, "table.toml", Some(&folder)).unwrap();
    assert_eq!(table.prepare(chain).unwrap().design.len(), 2);
}

const AXIS: &str = "[[axis]]\nparameter = 'kovykta.flow'\nlow = '1 bcm/yr'\nhigh = '2 bcm/yr'\n";

#[test]
fn faults_of_a_file_have_their_line() {
    let sobol = "[design]\nkind = 'sobol'\nsamples = 8\n";
    let axis = |rest: &str| format!("{HEAD}{sobol}[[axis]]\nparameter = 'kovykta.flow'\n{rest}");
    let second = "[[axis]]\nparameter = 'chayanda.flow'\nlow = '1 bcm/yr'\nhigh = '2 bcm/yr'\n";
    let both = format!("{HEAD}{sobol}{AXIS}{second}");
    let gone = "cannot read \"gone.csv\": No such file or directory (os error 2)";
    for (text, message) in [
        (
            "question = 'why'\n".to_owned(),
            "s.toml: key \"name\" is missing\n\
             s.toml: key \"chain\" is missing\n\
             s.toml: key \"outputs\" is missing\n\
             s.toml: key \"design\" is missing"
                .to_owned(),
        ),
        (
            format!("{HEAD}{sobol}{AXIS}[desing]\n"),
            "s.toml:11: unknown key \"desing\"; nearest: \"design\"".into(),
        ),
        (
            format!("{HEAD}[design]\nkind = 'sobel'\nsamples = 8\n{AXIS}"),
            "s.toml:5: unknown design \"sobel\"; nearest: \"sobol\"".into(),
        ),
        (
            format!("{HEAD}[design]\nkind = 'sobol'\n{AXIS}"),
            "s.toml:4: key \"samples\" is missing".into(),
        ),
        (
            format!("{HEAD}[design]\nkind = 'sobol'\nsamples = 0\n{AXIS}"),
            "s.toml:6: samples is 0; allowed: a whole number, 1 to 281474976710656".into(),
        ),
        (
            format!("{HEAD}[design]\nkind = 'sobol'\nsamples = 'many'\nseed = -1\n{AXIS}"),
            "s.toml:6: samples is a text; allowed: a whole number, 1 to 281474976710656\n\
             s.toml:7: seed is -1; allowed: a whole number, 0 to 9007199254740992"
                .into(),
        ),
        (
            format!("{HEAD}[design]\nkind = 'grid'\nsamples = 8\n{AXIS}steps = 2\n"),
            "s.toml:6: unknown key \"samples\"; allowed: \"kind\"".into(),
        ),
        (
            format!("{HEAD}[design]\nkind = 'table'\nfile = 'gone.csv'\n"),
            format!("gone.csv: {gone}"),
        ),
        (
            format!("{HEAD}{sobol}axis = 'kovykta.flow'\n").replace(sobol, "") + sobol,
            "s.toml:4: axis is a text; allowed: a list of tables, [[axis]]".into(),
        ),
        (
            axis(""),
            "s.toml:7: key \"values\", \"distribution\", or \"low\" and \"high\" is missing".into(),
        ),
        (
            axis("low = '1 bcm/yr'\nhihg = '2 bcm/yr'\n"),
            "s.toml:10: unknown key \"hihg\"; nearest: \"high\"".into(),
        ),
        (
            axis("low = '1 bcm/yr'\nhigh = 1979-05-27\n"),
            "s.toml:10: the value is a date; allowed: a text, a number, true or false, or mole \
             fractions by species"
                .into(),
        ),
        (
            axis("values = '1 bcm/yr'\n"),
            "s.toml:9: values is a text; allowed: a list".into(),
        ),
        (
            axis("low = '1 bcm/yr'\nhigh = '2 bcm/yr'\nsteps = 2.5\n"),
            "s.toml:11: steps is 2.5; allowed: a whole number".into(),
        ),
        (
            axis("distribution = 'gauss'\nmean = '1 bcm/yr'\n"),
            "s.toml:9: unknown distribution \"gauss\"".into(),
        ),
        (
            axis("distribution = 'normal'\nmean = '1 bcm/yr'\nlow = '0 bcm/yr'\n"),
            "s.toml:7: key \"standard_deviation\" is missing\n\
             s.toml:11: unknown key \"low\"; allowed: \"parameter\", \"distribution\", \"mean\", \
             \"standard_deviation\", \"evidence\", \"source\""
                .into(),
        ),
        (
            axis("distribution = 'beta'\nlow = '1 bcm/yr'\nhigh = '2 bcm/yr'\nalpha = '2'\n"),
            "s.toml:7: key \"beta\" is missing\n\
             s.toml:12: alpha is a text; allowed: a number"
                .into(),
        ),
        (
            axis("distribution = 'empirical'\nfile = 'gone.csv'\ncolumn = 'supply'\n"),
            format!("gone.csv: {gone}"),
        ),
        (
            axis("low = '1 bcm/yr'\nhigh = '2 bcm/yr'\nevidence = 'hearsay'\n"),
            "s.toml:11: unknown evidence \"hearsay\"; allowed: \"published\", \"second-hand\", \
             \"derived\", \"recalled\", \"assumed\", \"imposed\", \"scenario\"".into(),
        ),
        (
            axis("low = '1 bcm/yr'\nhigh = '2 bcm/yr'\nsource = 'a report'\n"),
            "s.toml:7: key \"evidence\" is missing".into(),
        ),
        (
            format!("{both}[[correlation]]\ncoefficient = 0.5\n"),
            "s.toml:15: key \"between\" is missing\ns.toml:16: unknown key \"coefficient\"; allowed: \
             \"between\""
                .into(),
        ),
        (
            format!("{both}[[correlation]]\nbetween = ['kovykta.flow']\ncoefficient = 0.5\n"),
            "s.toml:15: between with 1 axes; allowed: two axes, or a matrix".into(),
        ),
        (
            format!("{both}[[correlation]]\nbetween = ['kovykta.flow', 'chayanda.flow']\n"),
            "s.toml:15: key \"coefficient\" is missing".into(),
        ),
        (
            format!(
                "{both}[[correlation]]\nbetween = ['kovykta.flow', 'chayanda.flow']\n\
                 matrix = [[1, 0.5], [0.4, 1]]\n"
            ),
            "s.toml:15: a matrix that is not symmetric with ones on its diagonal, or not as large \
             as the list between; allowed: 2 rows of 2 numbers"
                .into(),
        ),
    ] {
        let faults = Sweep::parse(&text, "s.toml", None).unwrap_err();
        assert_eq!(faults.to_string(), message, "{text}");
    }
}

#[test]
fn what_does_not_fit_the_chain_has_its_line_too() {
    let sobol = "[design]\nkind = 'sobol'\nsamples = 8\n";
    let folder = folder("sweep_files_faults");
    fs::write(folder.join("observed.csv"), "supply\n22 bcm/yr\n-1 bcm/yr\n").unwrap();
    let observed = folder.join("observed.csv").display().to_string();
    for (text, message) in [
        (
            format!("{HEAD}{sobol}{AXIS}").replace("sales_gas", "sales_gass"),
            "s.toml:3: heihe.sales_gass.volume: unknown result \"heihe.sales_gass.volume\"; nearest: \
             \"heihe.sales_gas.volume\""
                .to_owned(),
        ),
        (
            format!("{HEAD}{sobol}{AXIS}{AXIS}"),
            "s.toml:12: kovykta.flow: duplicate axis \"kovykta.flow\" (first at s.toml:8)".into(),
        ),
        (
            format!("{HEAD}{sobol}{AXIS}").replace("'2 bcm/yr'", "'2 km'"),
            "s.toml:10: kovykta.flow: \"2 km\" is a length; allowed: a molar or gas volume flow, \
             such as \"38 bcm/yr\""
                .into(),
        ),
        (
            format!("{HEAD}{sobol}[[axis]]\nparameter = 'gpp.trains'\nvalues = [\n4,\n4.5]\n"),
            "s.toml:11: gpp.trains: \"4.5\" cannot be read; allowed: a whole number".into(),
        ),
        (
            format!("{HEAD}{sobol}{AXIS}").replace("sobol", "grid").replace("samples = 8\n", ""),
            "s.toml:6: kovykta.flow: key \"steps\" is missing".into(),
        ),
        (
            format!(
                "{HEAD}{sobol}[[axis]]\nparameter = 'kovykta.flow'\ndistribution = 'empirical'\n\
                 file = 'observed.csv'\ncolumn = 'supply'\n"
            ),
            format!(
                "{observed}:3: column \"supply\": kovykta.flow: -1 bcm/yr is outside the allowed \
                 range: at least 0 bcm/yr"
            ),
        ),
        (
            format!(
                "{HEAD}{sobol}{AXIS}[[correlation]]\nbetween = ['kovykta.flow', 'chayanda.flow']\n\
                 coefficient = 2\n"
            ),
            "s.toml:11: unknown axis \"chayanda.flow\"; allowed: \"kovykta.flow\"\n\
             s.toml:11: coefficient 2; allowed: between -1 and 1, both excluded"
                .into(),
        ),
        (
            format!("scenario = 'other.toml'\n{HEAD}{sobol}{AXIS}"),
            "s.toml:1: a scenario of the chain \"elsewhere\"; allowed: one of \"amur\"".into(),
        ),
    ] {
        fs::write(folder.join("other.toml"), "name = 'o'\nchain = 'elsewhere'\n").unwrap();
        let sweep = Sweep::parse(&text, "s.toml", Some(&folder));
        let faults = sweep.and_then(|sweep| sweep.prepare(amur::chain()).map(|_| ())).unwrap_err();
        assert_eq!(faults.to_string(), message, "{text}");
    }
}
