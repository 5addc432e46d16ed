//! The runner counts what it does, and gives the same on any number of threads and in any parts.

use crate::support::seeds::config;
use crate::support::squares::Squares;
use crate::sweep::run::{csv, summary};
use gaschain::sweep::{BLOCK, Discard, Runner, Source, Summary};
use proptest::prelude::*;
use std::ops::{ControlFlow, Range};

#[test]
fn progress_counts_scenarios_failures_and_what_was_rerun() {
    let source = Squares::new(3 * BLOCK + 100);
    let mut calls = Vec::new();
    let run = Runner::new().threads(1).run(&source, &mut Discard, |progress| {
        calls.push(progress.done);
        ControlFlow::Continue(())
    });
    let run = run.unwrap();
    assert_eq!((run.done, run.total, run.failed, run.rerun), (3_172, 3_172, 4, 4));
    assert_eq!(run.worst_residual.to_bits(), 6e-16_f64.to_bits());
    assert_eq!(calls.last(), Some(&3_172));
    assert!(calls.is_sorted());
}

#[test]
fn a_range_that_the_sweep_does_not_have_is_an_error() {
    #[allow(clippy::reversed_empty_ranges)]
    for range in [0..11, 11..11, 7..3] {
        let run = Runner::new()
            .range(range)
            .run(&Squares::new(10), &mut Discard, |_| ControlFlow::Continue(()));
        let error = run.unwrap_err();
        assert!(error.is_bad_input(), "{error}");
        assert!(error.to_string().ends_with("of a sweep of 10; allowed: within 0..10"), "{error}");
    }
    assert_eq!(csv(&Squares::new(10), 1, 4..4).lines().count(), 1);
}

proptest! {
    #![proptest_config(config(12))]

    #[test]
    fn threads_and_cuts_do_not_matter(
        scenarios in 1_u64..12_000,
        cuts in prop::collection::vec(0.0_f64..1.0, 0..4),
        threads in 1_usize..5,
    ) {
        let source = Squares::new(scenarios);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let mut cuts: Vec<u64> =
            cuts.iter().map(|share| (share * scenarios as f64) as u64).collect();
        cuts.extend([0, scenarios]);
        cuts.sort_unstable();
        let ranges: Vec<Range<u64>> = cuts.windows(2).map(|ends| ends[0]..ends[1]).collect();

        let whole = csv(&source, 1, 0..scenarios);
        let mut parts = whole.lines().next().unwrap().to_owned() + "\n";
        for range in &ranges {
            let part = csv(&source, threads, range.clone());
            parts += part.split_once('\n').unwrap().1;
        }
        prop_assert!(whole == parts, "a file of parts is not the file of one run");

        let whole = summary(&source, 1, 0..scenarios).to_json();
        let mut merged = Summary::new("sha256:0", &source.layout());
        for range in ranges.into_iter().rev() {
            let part = summary(&source, threads, range).to_json();
            merged.merge(&Summary::read_json(&part, "part").unwrap()).unwrap();
        }
        prop_assert_eq!(whole, merged.to_json());
    }
}

#[test]
fn no_number_of_threads_hangs() {
    let source = Squares::new(3_000);
    let run = |threads| {
        let runner = Runner::new().threads(threads);
        runner.run(&source, &mut Discard, |_| ControlFlow::Continue(()))
    };
    for threads in [Runner::MOST_THREADS + 1, 1_000_000, usize::MAX] {
        let said = run(threads).unwrap_err().to_string();
        assert!(said.contains("allowed: at most 1024"), "{said}");
    }
    // three blocks: no more than three threads are started
    assert!(run(Runner::MOST_THREADS).unwrap().is_complete());
}
