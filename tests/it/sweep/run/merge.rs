//! Files and summaries of parts merge to those of one run.

use crate::support::squares::Squares;
use crate::support::temporary::Temporary;
use crate::sweep::run::{csv, into_file, summary};
use gaschain::Older;
use gaschain::sweep::{Runner, Source, Stamp, SummaryFile, merge_results};
use std::fs;
use std::ops::ControlFlow;

#[test]
fn csv_files_of_ranges_merge_to_the_file_of_one_run() {
    let folder = Temporary::new("merge");
    let source = Squares::new(7_000);
    let names = ["c.csv", "a.csv", "b.csv"].map(|name| folder.join(name));
    let ranges = [5_000..7_000, 0..1_500, 1_500..5_000];
    for (path, range) in names.iter().zip(ranges) {
        into_file(&source, path, false, range, usize::MAX);
    }
    let all = folder.join("all.csv");
    let merged = merge_results(&names, &all, Older::Refused).unwrap();
    assert_eq!((merged.done, merged.failed), (7_000, 7_000 / 701));
    let one = folder.join("one.csv");
    into_file(&source, &one, false, 0..7_000, usize::MAX);
    // also what is told of it
    let stamp = |path| fs::read(Stamp::path(path)).unwrap();
    assert!(stamp(&one) == stamp(&all));
    assert_eq!(fs::read_to_string(&all).unwrap(), csv(&source, 1, 0..7_000));
    // what was merged is as good as what was run: it is complete
    assert_eq!(into_file(&source, &all, true, 0..7_000, 1), 7_000);

    let said = merge_results(&names[..2], &all, Older::Refused).unwrap_err().to_string();
    assert!(said.contains("it exists"), "{said}");
    assert!(said.contains("scenarios 5000..7000; allowed: from 1500 on"), "{said}");
    let text = fs::read_to_string(&names[0]).unwrap();
    fs::write(&names[0], &text[..text.len() - 10]).unwrap();
    let new = folder.join("new.csv");
    let said = merge_results(&names, &new, Older::Refused).unwrap_err().to_string();
    assert!(
        said.ends_with(
            "results that end before scenario 6144; allowed: all of 5000..7000: resume it"
        ),
        "{said}"
    );
}

#[test]
fn a_summary_in_a_file_goes_on_and_merges() {
    let folder = Temporary::new("summary");
    let source = Squares::new(20_000);
    let layout = source.layout();
    let path = folder.join("all.json");
    let stamp = Stamp::new("sha256:0", "summary", &(0..20_000), &layout);
    let mut sink = SummaryFile::create(&path, &layout, &stamp).unwrap();
    let run = Runner::new().threads(1).run(&source, &mut sink, |_| ControlFlow::Break(())).unwrap();
    assert!(!run.is_complete());
    assert!(SummaryFile::create(&path, &layout, &stamp).is_err());
    let (mut sink, next) = SummaryFile::resume(&path, &layout, &stamp).unwrap();
    assert_eq!(next, run.done);
    let runner = Runner::new().range(next..20_000);
    runner.run(&source, &mut sink, |_| ControlFlow::Continue(())).unwrap();
    let whole = summary(&source, 1, 0..20_000).to_json();
    assert_eq!(fs::read_to_string(&path).unwrap(), whole);
    let other = Stamp::new("sha256:0", "summary", &(5..20_000), &layout);
    let said = SummaryFile::resume(&path, &layout, &other).unwrap_err().to_string();
    assert!(said.contains("allowed: a first part of 5..20000"), "{said}");

    let parts = [0..4_000, 4_000..20_000].map(|range| {
        let path = folder.join(format!("{}.json", range.start));
        fs::write(&path, summary(&source, 2, range).to_json()).unwrap();
        path
    });
    let merged = folder.join("merged.json");
    merge_results(&parts, &merged, Older::Refused).unwrap();
    assert_eq!(fs::read_to_string(&merged).unwrap(), whole);
}
