//! Numbers that belong to a name of a choice: a sweep does row by row what a single run does.

use super::judged::folder;
use gaschain::Case;
use gaschain::chain::Chain;
use gaschain::fault::Faults;
use gaschain::param::Value;
use gaschain::sweep::{Axis, Columns, DesignKind, Runner, Source, Sweep, Table};
use std::ops::ControlFlow;

const OUTPUT: &str = "second.delivery_pressure";

fn sweep(kind: DesignKind, base: &[(&str, Value)], axes: &[Axis]) -> Sweep {
    let mut sweep = Sweep::new("belonging", "joined", kind).output(OUTPUT);
    for (address, value) in base {
        sweep = sweep.setting(address, value.clone());
    }
    axes.iter().fold(sweep, |sweep, axis| sweep.axis(axis.clone()))
}

fn run(chain: &Chain, sweep: &Sweep) -> Columns {
    let prepared = sweep.prepare(chain).unwrap_or_else(|error| panic!("{error}")).by_programs();
    let mut columns = Columns::new(prepared.layout());
    Runner::new().run(&prepared, &mut columns, |_| ControlFlow::Continue(())).unwrap();
    columns
}

/// Holds scenarios against single runs of the same settings; how many fail.
#[track_caller]
fn alike(chain: &Chain, sweep: &Sweep, singles: &[Vec<(&str, Value)>]) -> usize {
    let columns = run(chain, sweep);
    assert_eq!(columns.outputs[0].len(), singles.len());
    for (row, single) in singles.iter().enumerate() {
        let mut case = chain.case();
        let solved = case.set_all(single.iter().cloned()).and_then(Case::solve);
        let failed = columns.errors.iter().find(|(at, _)| *at == row as u64);
        match (solved, failed) {
            (Ok(solved), None) => {
                let [own, swept] = [solved.value(OUTPUT).unwrap(), columns.outputs[0][row]];
                assert!((own - swept).abs() < 1e-9 * own, "{single:?}: {own} is not {swept}");
            }
            (Err(own), Some((_, swept))) => {
                let [own, swept] = [own.to_string(), swept.clone()];
                assert_eq!(own.replace(" ratio", ""), swept.replace(" ratio", ""));
            }
            (own, swept) => panic!("{single:?}: {own:?} by itself, {swept:?} in a sweep"),
        }
    }
    columns.errors.len()
}

fn factors(address: &str) -> Axis {
    Axis::steps(address, 0.01, 0.02, 2)
}

fn refused(chain: &Chain, sweep: &Sweep) -> String {
    sweep.prepare(chain).unwrap_err().to_string()
}

#[test]
fn a_grid_of_names_and_numbers_fails_where_a_single_run_does() {
    let chain = folder("joined");
    for (line, other) in [("line", "sto_gazprom"), ("second", "weymouth")] {
        let [choice, number] = ["friction", "friction_factor"].map(|own| format!("{line}.{own}"));
        let names = Axis::values(&choice, ["given", other]);
        let mut singles = Vec::new();
        for name in ["given", other] {
            for factor in [0.01, 0.02] {
                singles.push(vec![(&*choice, name.into()), (&*number, factor.into())]);
            }
        }
        let axes = [names.clone(), factors(&number)];
        assert_eq!(alike(&chain, &sweep(DesignKind::Grid, &[], &axes), &singles), 2);
        // the other way round the names go round fastest
        singles.swap(1, 2);
        let axes = [factors(&number), names];
        assert_eq!(alike(&chain, &sweep(DesignKind::Grid, &[], &axes), &singles), 2);
    }
}

#[test]
fn one_at_a_time_what_a_chain_gives_waits_while_the_name_moves() {
    let chain = folder("joined");
    let [choice, number] = ["second.friction", "second.friction_factor"];
    let axes = [factors(number), Axis::values(choice, ["given", "weymouth"])];
    let singles = [
        vec![],
        vec![(number, 0.01.into())],
        vec![(number, 0.02.into())],
        vec![(choice, "given".into())],
        vec![(choice, "weymouth".into())],
    ];
    assert_eq!(alike(&chain, &sweep(DesignKind::OneAtATime, &[], &axes), &singles), 0);
}

#[test]
fn what_a_base_lacks_can_vary_on_top_of_it() {
    let chain = folder("joined");
    let [choice, number] = ["line.friction", "line.friction_factor"];
    let given = [(choice, Value::from("given"))];
    let singles = [0.01, 0.02].map(|factor| {
        let [own] = given.clone();
        vec![own, (number, factor.into())]
    });
    let asked = sweep(DesignKind::Grid, &given, &[factors(number)]);
    assert_eq!(alike(&chain, &asked, &singles), 0);
    // the name varies, the number is the base's
    let fixed = [(number, Value::from(0.01))];
    let names = Axis::values(choice, ["given", "weymouth"]);
    let singles = ["given", "weymouth"].map(|name| vec![(choice, name.into()), fixed[0].clone()]);
    let asked = sweep(DesignKind::Grid, &fixed, &[names]);
    assert_eq!(alike(&chain, &asked, &singles), 1);
}

#[test]
fn a_sweep_of_which_no_scenario_can_be_is_refused() {
    let chain = folder("joined");
    let weymouth = [("second.friction", Value::from("weymouth"))];
    let vary = |address| [factors(address)];
    let said =
        refused(&chain, &sweep(DesignKind::Grid, &weymouth, &vary("second.friction_factor")));
    assert_eq!(
        said,
        "second.friction_factor: numbers that vary with second.friction = \"weymouth\"; \
         allowed: a value with \"given\" only"
    );
    let said = refused(&chain, &sweep(DesignKind::Grid, &[], &vary("line.friction_factor")));
    assert!(said.contains("with line.friction = \"colebrook_white\""), "{said}");
    let names = [Axis::values("second.friction", ["weymouth", "panhandle_a"])];
    let factor = [("second.friction_factor", Value::from(0.01))];
    let said = refused(&chain, &sweep(DesignKind::Grid, &factor, &names));
    assert!(said.contains("0.01 with second.friction = \"weymouth\" or \"panhandle_a\""), "{said}");
    let names = [Axis::values("line.friction", ["given"])];
    let said = refused(&chain, &sweep(DesignKind::Grid, &[], &names));
    assert!(said.contains("value of parameter \"line.friction_factor\" is missing"), "{said}");
    // a function takes no number that would be passed over
    let mut case = chain.case();
    case.set("second.friction", "weymouth").unwrap();
    let said = case.function(["second.friction_factor"], [OUTPUT]).unwrap_err().to_string();
    assert!(said.contains("numbers that vary with second.friction"), "{said}");
}

/// A sweep over the rows of a table.
fn tabled(text: &str, base: &[(&str, Value)]) -> Sweep {
    let mut faults = Faults::default();
    let table = Table::parse(text, "points.csv", &mut faults);
    assert!(faults.is_empty(), "{faults}");
    sweep(DesignKind::Table(table), base, &[])
}

#[test]
fn rows_of_a_table_are_judged_before_they_run() {
    let chain = folder("joined");
    let [choice, number, flow] = ["second.friction", "second.friction_factor", "source.flow"];
    let text = "second.friction,second.friction_factor,source.flow [kmol/h]\n\
                given,0.01,6000\nweymouth,,6000\n,0.011,6000\n,,5000\n";
    let singles = [
        vec![(choice, "given".into()), (number, 0.01.into())],
        vec![(choice, "weymouth".into())],
        vec![(number, 0.011.into())],
        vec![(flow, "5000 kmol/h".into())],
    ];
    assert_eq!(alike(&chain, &tabled(text, &[]), &singles), 0);
    let text = "line.friction,line.friction_factor\ngiven,0.01\n";
    let single = vec![("line.friction", "given".into()), ("line.friction_factor", 0.01.into())];
    assert_eq!(alike(&chain, &tabled(text, &[]), &[single]), 0);

    let text =
        "second.friction,second.friction_factor\nweymouth,0.01\ngiven,0.01\ngiven,not given\n";
    assert_eq!(
        refused(&chain, &tabled(text, &[])),
        "points.csv:2: column \"second.friction_factor\": 0.01 with second.friction = \"weymouth\"; \
         allowed: a value with \"given\" only\n\
         points.csv:4: column \"second.friction_factor\": value of parameter \
         \"second.friction_factor\" is missing"
    );
    let text = "line.friction_factor\n0.01\n";
    let said = refused(&chain, &tabled(text, &[]));
    assert!(said.starts_with("points.csv:2: column \"line.friction_factor\": 0.01"), "{said}");
    let given = [("line.friction", Value::from("given"))];
    run(&chain, &tabled(text, &given));
}
