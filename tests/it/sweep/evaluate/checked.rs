//! Some scenarios are worked out both by the program and by themselves: which, follows from their
//! number alone; where one comes out otherwise, the run says so and its block is solved singly.

use crate::support::chains::{Parts, build, chain_of, slate};
use crate::support::through::{Through, through};
use gaschain::chain::Chain;
use gaschain::fault::Faults;
use gaschain::scalar::Scalar;
use gaschain::stage::{Call, Spec, Stage, StageError};
use gaschain::sweep::Table;
use gaschain::sweep::{BLOCK, Csv, DesignKind, Prepared, Progress, Runner, Source, Sweep};
use std::any::TypeId;
use std::collections::BTreeSet;
use std::ops::{ControlFlow, Range};

/// Sends half of what comes to each side. Of more than 10 mol/s it sends a third to one where the
/// numbers are plain: its equations are not the same for every scalar.
#[derive(Debug)]
struct TwoFaced(Through<2>);

impl Stage for TwoFaced {
    fn spec(&self) -> &Spec {
        &self.0.spec
    }
    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let feed = call.stream(self.0.feed);
        let is_plain = TypeId::of::<S>() == TypeId::of::<f64>();
        let share = if is_plain && feed[0].value() > 10.0 { 1.0 / 3.0 } else { 0.5 };
        for (species, &flow) in feed.iter().enumerate() {
            let out = flow * S::from_f64(share);
            call.send(self.0.to[0])[species] = out;
            call.send(self.0.to[1])[species] = flow - out;
        }
        Ok(())
    }
}

fn chain() -> Chain {
    let slate = slate(&["methane"]);
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "field", 5.0, &[("methane", 1.0)])
        .stage("plant", TwoFaced(through("two-faced", ["out", "side"])))
        .market("city")
        .joined(&["field -> plant", "plant.out -> city"])
        .leaving_as_loss("plant.side");
    build(chain)
}

/// So many scenarios of 5 mol/s, but for some of 20.
fn prepared(chain: &Chain, count: u64, rich: &[u64]) -> Prepared {
    let flow = |scenario| if rich.contains(&scenario) { "20 mol/s" } else { "5 mol/s" };
    let rows: Vec<&str> = (0..count).map(flow).collect();
    let text = format!("field.flow\n{}\n", rows.join("\n"));
    let mut faults = Faults::default();
    let table = Table::parse(&text, "points.csv", &mut faults);
    faults.into_result(()).unwrap();
    let sweep = Sweep::new("two faces", "chain", DesignKind::Table(table));
    sweep.output("city.sold.moles").prepare(chain).unwrap_or_else(|faults| panic!("{faults}"))
}

/// The rows of some scenarios, and how the run ended.
fn run(prepared: &Prepared, threads: usize, range: Range<u64>) -> (Vec<String>, Progress) {
    let mut text = Vec::new();
    let mut sink = Csv::new(&mut text, &prepared.layout()).unwrap();
    let runner = Runner::new().threads(threads).range(range);
    let ran = runner.run(prepared, &mut sink, |_| ControlFlow::Continue(())).unwrap();
    let text = String::from_utf8(text).unwrap();
    (text.lines().skip(1).map(str::to_owned).collect(), ran)
}

fn sold(row: &str) -> f64 {
    row.split(',').nth(2).unwrap().parse().unwrap()
}

#[test]
fn each_of_the_first_block_is_checked_and_one_that_disagrees_has_all_of_it_solved_singly() {
    let chain = chain();
    let prepared = prepared(&chain, 2 * BLOCK, &[700, BLOCK + 5]);
    let (rows, ran) = run(&prepared, 1, 0..2 * BLOCK);
    assert_eq!((ran.disagreed, ran.first_disagreed), (1, Some(700)));
    let message = ran.disagreement().unwrap();
    assert!(
        message.starts_with("1 scenarios, the first of them 700, came out otherwise"),
        "{message}"
    );
    assert_eq!(ran.rerun, BLOCK);
    assert!((sold(&rows[700]) - 20.0 / 3.0).abs() < 1e-12);
    // nothing was found where nothing was looked at
    assert!((sold(&rows[1_029]) - 10.0).abs() < 1e-12);
    assert!(run(&prepared, 1, BLOCK..2 * BLOCK).1.disagreement().is_none());
}

#[test]
fn whoever_runs_a_part_of_a_block_judges_it_by_all_of_its_checked_scenarios() {
    let chain = chain();
    let prepared = prepared(&chain, 1_500, &[3, 1_400]);
    let whole = run(&prepared, 1, 0..1_500).0;
    for cut in [1, 3, 4, 500, 1_023, 1_024, 1_100] {
        for threads in [1, 3] {
            let (mut rows, first) = run(&prepared, threads, 0..cut);
            let (more, second) = run(&prepared, threads, cut..1_500);
            rows.extend(more);
            assert_eq!(rows, whole, "cut at {cut}");
            assert_eq!(first.first_disagreed, Some(3), "cut at {cut}");
            let second_sees = (cut < BLOCK).then_some(3);
            assert_eq!(second.first_disagreed, second_sees, "cut at {cut}");
            assert_eq!(first.rerun + second.rerun, BLOCK, "cut at {cut}");
            assert_eq!(first.done + second.done, 1_500);
        }
    }
}

#[test]
fn which_are_checked_follows_from_the_number_alone() {
    let chain = chain();
    let blocks = 70;
    // the first of each block, where one may be checked, and one that never is
    let firsts: Vec<u64> = (1..blocks).map(|block| block * BLOCK).collect();
    let rich: Vec<u64> = firsts.iter().flat_map(|first| [*first, first + 9]).collect();
    let prepared = prepared(&chain, blocks * BLOCK, &rich);
    let (rows, ran) = run(&prepared, 2, 0..blocks * BLOCK);
    let third = |row: &String| (sold(row) - 20.0 / 3.0).abs() < 1e-12;
    let solved: BTreeSet<u64> = (rows.iter().zip(0_u64..))
        .filter_map(|(row, scenario)| third(row).then_some(scenario))
        .collect();
    // every so many blocks, and then all of the block
    let every = *solved.first().expect("some are checked");
    assert_eq!(every % BLOCK, 0);
    let checked = (1..=blocks * BLOCK / every).map(|number| number * every);
    let expected: BTreeSet<u64> = checked
        .filter(|first| *first < blocks * BLOCK)
        .flat_map(|first| [first, first + 9])
        .collect();
    assert_eq!(solved, expected);
    assert_eq!(ran.disagreed, expected.len() as u64 / 2);
    // in a part that begins behind the one that is checked, too
    let (part, ran) = run(&prepared, 1, every + 3..every + 20);
    assert_eq!(ran.first_disagreed, Some(every));
    let all = usize::try_from(every).unwrap();
    assert_eq!(part, rows[all + 3..all + 20]);
}
