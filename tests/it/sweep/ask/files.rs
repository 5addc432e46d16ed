//! Sweep files: the shipped ones, that a file and the builder give the same sweep, and what stands
//! beside a file.

use crate::support::temporary::Temporary;
use gaschain::amur;
use gaschain::sweep::{Axis, Block, Correlation, DesignKind, Distribution, Source, Sweep};
use std::fs;
use std::path::{Path, PathBuf};

const HEAD: &str = "name = 'test'\nchain = 'amur'\noutputs = ['heihe.sales_gas.volume']\n";

fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/amur/sweeps").join(name)
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
        let (mut memory, mut block) = (prepared.memory(), Block::default());
        let len = prepared.design.len();
        for first in [0, len / 2, len - 4] {
            block.first = first;
            prepared.fill(&mut memory, 4, &mut block);
            assert_eq!(block.results.failures, [], "{}", path.display());
            assert!(block.results.residuals.iter().all(|residual| *residual < 1e-9));
        }
    }
    assert_eq!(seen, 4);
}

#[test]
fn the_first_scenario_of_one_at_a_time_is_the_chain_itself() {
    let sweep = Sweep::read(&shipped("one_at_a_time.toml")).unwrap();
    let chain = amur::chain();
    let prepared = sweep.prepare(chain).unwrap();
    assert_eq!(prepared.design.len(), 1 + 4 + 6 + 1 + 2 + 3);
    let mut block = Block::default();
    prepared.fill(&mut prepared.memory(), 1, &mut block);
    let solved = chain.case().solve().unwrap();
    let sales = solved.value("heihe.sales_gas.volume").unwrap();
    assert!((block.results.column(0)[0] - sales).abs() < 1e-12 * sales);
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
    let folder = Temporary::new("beside");
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
    write("observed.csv", "year,supply\n2023,22.7\n2024,31.1\n");
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
    let set: Vec<String> = (sweep.overrides().iter())
        .map(|change| format!("{} = {}", change.address, change.value))
        .collect();
    assert_eq!(set, ["bypass.open = true", "gpp.trains = 5"]);
    let unit = prepared.axes[0].unit.unwrap();
    let mut drawn: Vec<String> =
        numbers(&sweep).into_iter().map(|si| format!("{:.1}", unit.from_si(si))).collect();
    drawn.sort();
    drawn.dedup();
    assert_eq!(drawn, ["22.7", "31.1"]);
    // what the files hold is part of what determines the results
    let before = prepared.inputs();
    write("observed.csv", "year,supply\n2023,22.7\n2024,31.2\n");
    let sweep = Sweep::read(&folder.join("sweep.toml")).unwrap();
    assert_ne!(sweep.prepare(chain).unwrap().inputs(), before);

    let table = format!("{HEAD}[design]\nkind = 'table'\nfile = 'points.csv'\n");
    let table = Sweep::parse(&table, "table.toml", Some(&folder)).unwrap();
    assert_eq!(table.prepare(chain).unwrap().design.len(), 2);
}
