//! A sweep is worked out one by one where no program would be quicker, and says so; each scenario
//! gives the same to the last bit, however many others there are.

use crate::support::chains::{Parts, at_most, build, chain_of, slate};
use crate::support::through::{Through, through};
use gaschain::chain::Chain;
use gaschain::scalar::Scalar;
use gaschain::stage::{Call, Spec, Stage, StageError};
use gaschain::sweep::{Axis, BLOCK, Csv, DesignKind, Prepared, Progress, Runner, Source, Sweep};
use std::hint::black_box;
use std::ops::{ControlFlow, Range};

/// Hands on what comes, after so many operations on it that look at numbers.
#[derive(Debug)]
struct Looking(Through<1>, u32);

impl Stage for Looking {
    fn spec(&self) -> &Spec {
        &self.0.spec
    }
    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let feed = call.stream(self.0.feed);
        let mut sum = S::zero();
        for _ in 0..self.1 {
            sum += if sum.value() < 1e9 { feed[0] } else { -feed[0] };
        }
        black_box(sum);
        call.send(self.0.to[0]).copy_from_slice(feed);
        Ok(())
    }
}

/// Two fields of 30 mol/s, a market for 40.
fn chain(operations: u32, names: Option<&str>) -> Chain {
    let slate = slate(&["methane"]);
    let mut chain = chain_of(&slate);
    let demand = at_most("demand", "city", 40.0);
    chain
        .field(&slate, "a", 30.0, &[("methane", 1.0)])
        .field(&slate, "b", 30.0, &[("methane", 1.0)])
        .blend("blend", &["a", "b"])
        .stage("plant", Looking(through("looking", ["out"]), operations))
        .market("city")
        .joined(&["a -> blend.a", "b -> blend.b", "blend -> plant", "plant -> city"])
        .limit(match names {
            Some(name) => demand.throttling([name]),
            None => demand,
        });
    build(chain)
}

fn prepared(chain: &Chain, samples: u64) -> Prepared {
    Sweep::new("flows", "chain", DesignKind::MonteCarlo { samples, seed: 7 })
        .axis(Axis::between("a.flow", "25 mol/s", "35 mol/s"))
        .output("city.sold.moles")
        .output("b.accepted")
        .prepare(chain)
        .unwrap_or_else(|faults| panic!("{faults}"))
}

/// The rows of some scenarios, and how the run ended.
fn run(prepared: &Prepared, range: Range<u64>) -> (Vec<String>, Progress) {
    let mut text = Vec::new();
    let mut sink = Csv::new(&mut text, &prepared.layout()).unwrap();
    let runner = Runner::new().threads(2).range(range);
    let ran = runner.run(prepared, &mut sink, |_| ControlFlow::Continue(())).unwrap();
    assert_eq!((ran.failed, ran.disagreed), (0, 0));
    let text = String::from_utf8(text).unwrap();
    (text.lines().skip(1).map(str::to_owned).collect(), ran)
}

#[test]
fn few_scenarios_are_worked_out_one_by_one_and_are_the_first_of_many() {
    let chain = chain(3, None);
    let (few, many) = (prepared(&chain, 700), prepared(&chain, 2_500));
    assert_eq!(
        few.one_by_one().unwrap(),
        "all scenarios are worked out one by one: up to 1024 of them are not worth a program"
    );
    assert_eq!(many.one_by_one(), None);
    let (first, ran) = run(&few, 0..700);
    assert_eq!(ran.rerun, 700);
    let (all, ran) = run(&many, 0..2_500);
    assert_eq!(ran.rerun, BLOCK);
    assert_eq!(first, all[..700]);
    // in parts, too
    let (part, ran) = run(&many, 600..1_100);
    assert_eq!((part.as_slice(), ran.rerun), (&all[600..1_100], BLOCK - 600));
}

#[test]
fn a_program_that_leaves_nearly_all_in_doubt_is_given_up() {
    // a limit that names some inlets, and stops them
    let prepared = prepared(&chain(3, Some("a")), 1_300);
    assert_eq!(
        prepared.one_by_one().unwrap(),
        "all scenarios are worked out one by one: a program would be no quicker"
    );
    let (rows, ran) = run(&prepared, 1_100..1_300);
    assert_eq!((rows.len(), ran.rerun), (200, 200));
}

#[test]
fn a_program_that_mostly_calls_what_takes_long_is_given_up() {
    for (operations, is_worth) in [(3, true), (5_000, false)] {
        let prepared = prepared(&chain(operations, None), 1_100);
        assert_eq!(prepared.one_by_one().is_none(), is_worth, "{operations}");
        let (_, ran) = run(&prepared, 1_024..1_100);
        assert_eq!(ran.rerun, if is_worth { 0 } else { 76 }, "{operations}");
    }
}
