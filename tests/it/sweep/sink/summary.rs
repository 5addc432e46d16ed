//! A summary tells what all columns would, and merges with none but its own.

use crate::support::squares::Squares;
use crate::sweep::run::summary;
use gaschain::sweep::{Columns, Layout, OutputSummary, QUANTILE_ERROR, Runner, Source, Summary};
use std::ops::ControlFlow;

#[test]
fn a_summary_tells_what_all_columns_would() {
    let source = Squares::new(50_000);
    let mut columns = Columns::new(source.layout());
    Runner::new().run(&source, &mut columns, |_| ControlFlow::Continue(())).unwrap();
    let summary = summary(&source, 2, 0..50_000);
    assert_eq!((summary.count(), summary.failed, summary.failures.len()), (50_000, 71, 10));
    assert_eq!(summary.failures[1].0, 1_401);
    let mut outputs = summary.outputs();
    for column in &columns.outputs[..2] {
        let (_, OutputSummary::Numbers(Some(statistics))) = outputs.next().unwrap() else {
            panic!("an output that is a number");
        };
        let mut numbers: Vec<f64> = column.iter().copied().filter(|n| n.is_finite()).collect();
        numbers.sort_by(f64::total_cmp);
        let count = numbers.len() as f64;
        let mean = numbers.iter().sum::<f64>() / count;
        let variance = numbers.iter().map(|n| (n - mean).powi(2)).sum::<f64>() / (count - 1.0);
        approx::assert_relative_eq!(statistics.mean, mean, max_relative = 1e-12, epsilon = 1e-15);
        approx::assert_relative_eq!(
            statistics.standard_deviation,
            variance.sqrt(),
            max_relative = 1e-12
        );
        assert_eq!(statistics.min.to_bits(), numbers[0].to_bits());
        assert_eq!(statistics.max.to_bits(), numbers[numbers.len() - 1].to_bits());
        for (share, value) in &statistics.quantiles {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let exact = numbers[(share * count).ceil() as usize - 1];
            assert!((value - exact).abs() <= QUANTILE_ERROR * exact.abs(), "{share}: {value}");
        }
        assert_eq!(statistics.histogram.iter().sum::<u64>(), numbers.len() as u64);
        assert_eq!((statistics.count, statistics.missing), (49_929, 71));
    }
    let (header, OutputSummary::Names(names)) = outputs.next().unwrap() else {
        panic!("an output that is a name");
    };
    assert_eq!(header, "field.stopped_by");
    for (name, count, share) in names {
        let index = ["fully drawn", "plant.feed", "market.demand"].iter().position(|n| *n == name);
        let wanted = (index.unwrap() as f64).to_bits();
        let there = columns.outputs[2].iter().filter(|value| value.to_bits() == wanted);
        assert_eq!(count, there.count() as u64, "{name}");
        approx::assert_ulps_eq!(share, count as f64 / 49_929.0);
    }
}

#[test]
fn summaries_of_other_sweeps_or_common_scenarios_do_not_merge() {
    let source = Squares::new(5_000);
    let mut left = summary(&source, 1, 0..3_000);
    let before = left.clone();
    let overlap = left.merge(&summary(&source, 1, 2_000..5_000));
    let message = overlap.unwrap_err().to_string();
    assert!(message.starts_with("scenarios 2000..3000 are in both summaries"), "{message}");
    let other = left.merge(&Summary::new("sha256:1", &source.layout()));
    let message = other.unwrap_err().to_string();
    assert!(message.starts_with("summaries of inputs sha256:0 and sha256:1 do not"), "{message}");
    let other = left.merge(&Summary::new("sha256:0", &Layout::default()));
    let message = other.unwrap_err().to_string();
    assert!(message.starts_with("summaries of outputs "), "{message}");
    assert_eq!(left, before);
    let changed = left.to_json().replacen("\"mean\": ", "\"mean\": 1", 1);
    assert_eq!(
        Summary::read_json(&changed, "s.json").unwrap_err().to_string(),
        "s.json: a summary that was changed; allowed: one as it was written"
    );
}
