//! Running sweeps: the same results on any number of threads and in any parts, files that go on
//! after a run was broken off, summaries that merge.

#[path = "common/squares.rs"]
mod squares;

use gaschain::sweep::{
    BLOCK, Column, Columns, Csv, CsvFile, Discard, Each, Layout, MergeError, OutputSummary,
    QUANTILE_ERROR, Row, RunError, Runner, Source, Stamp, Summary, SummaryFile, merge_results,
};
use proptest::prelude::*;
use squares::Squares;
use std::fs;
use std::io::{self, Write};
use std::ops::{ControlFlow, Range};
use std::path::{Path, PathBuf};

/// A folder of a test's own, empty, which goes when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let name = format!("gaschain-sweep-{}-{name}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn csv(source: &Squares, threads: usize, range: Range<u64>) -> String {
    let mut text = Vec::new();
    let mut sink = Csv::new(&mut text, &source.layout()).unwrap();
    let runner = Runner::new().threads(threads).range(range);
    let run = runner.run(source, &mut sink, |_| ControlFlow::Continue(())).unwrap();
    assert!(run.is_complete());
    String::from_utf8(text).unwrap()
}

fn summary(source: &Squares, threads: usize, range: Range<u64>) -> Summary {
    let mut summary = Summary::new("sha256:0", &source.layout());
    let runner = Runner::new().threads(threads).range(range);
    runner.run(source, &mut summary, |_| ControlFlow::Continue(())).unwrap();
    summary
}

/// A run into a file that is broken off after some calls of `progress`, if ever.
fn into_file(source: &Squares, path: &Path, resume: bool, range: Range<u64>, calls: usize) -> u64 {
    let layout = source.layout();
    let stamp = Stamp::new("sha256:0", "csv", &range, &layout);
    let (mut sink, next) = if resume {
        CsvFile::resume(path, &layout, &stamp).unwrap()
    } else {
        (CsvFile::create(path, &layout, &stamp).unwrap(), range.start)
    };
    let mut left = calls;
    let runner = Runner::new().threads(1).range(next..range.end);
    let run = runner.run(source, &mut sink, |_| {
        left -= 1;
        if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    next + run.unwrap().done
}

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
        assert!(matches!(run, Err(RunError::Range { scenarios: 10, .. })), "{run:?}");
    }
    assert_eq!(csv(&Squares::new(10), 1, 4..4).lines().count(), 1);
}

#[test]
fn columns_and_a_function_see_what_a_file_has() {
    let source = Squares::new(2_000);
    let mut columns = Columns::new(source.layout());
    let mut rows = Vec::new();
    let mut each = Each(|row: Row<'_>| {
        rows.push((row.scenario(), row.outputs().next().unwrap(), row.error.map(str::to_owned)));
    });
    let mut both = (columns.clone(), &mut each);
    Runner::new().threads(2).run(&source, &mut both, |_| ControlFlow::Continue(())).unwrap();
    columns = both.0;
    let text = csv(&source, 1, 0..2_000);
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    assert_eq!(
        header,
        [
            "scenario",
            "field.flow [bcm/yr]",
            "plant.gas.volume [bcm/yr]",
            "plant.margin",
            "field.stopped_by",
            "worst_residual",
            "error"
        ]
    );
    let (_, volumes) = columns.get("plant.gas.volume").unwrap();
    let (column, stops) = columns.get("field.stopped_by").unwrap();
    let (_, flows) = columns.get("field.flow").unwrap();
    for (index, record) in reader.records().map(Result::unwrap).enumerate() {
        assert_eq!(record[0].parse::<u64>().unwrap(), columns.scenarios[index]);
        assert_eq!(record[1].parse::<f64>().unwrap().to_bits(), flows[index].to_bits());
        let failed = !record[6].is_empty();
        assert_eq!(failed, index % 701 == 700);
        assert_eq!(failed, columns.errors.iter().any(|(scenario, _)| *scenario == index as u64));
        assert_eq!((rows[index].0, rows[index].2.is_some()), (index as u64, failed));
        if failed {
            assert_eq!(&record[6], "a \"stage\" does not close; and why");
            assert!(record.iter().skip(2).take(4).all(str::is_empty));
            assert!(volumes[index].is_nan() && columns.worst_residuals[index].is_nan());
        } else {
            assert_eq!(record[2].parse::<f64>().unwrap().to_bits(), volumes[index].to_bits());
            assert_eq!(rows[index].1.to_bits(), volumes[index].to_bits());
            assert_eq!(Some(&record[4]), column.name(stops[index]));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

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
    assert_eq!(overlap, Err(MergeError::Overlap { first: 2_000, end: 3_000 }));
    let other = left.merge(&Summary::new("sha256:1", &source.layout()));
    assert!(matches!(other, Err(MergeError::Other { what: "inputs", .. })), "{other:?}");
    let other = left.merge(&Summary::new("sha256:0", &Layout::default()));
    assert!(matches!(other, Err(MergeError::Other { what: "outputs", .. })), "{other:?}");
    assert_eq!(left, before);
    let changed = left.to_json().replacen("\"mean\": ", "\"mean\": 1", 1);
    assert_eq!(
        Summary::read_json(&changed, "s.json").unwrap_err().to_string(),
        "s.json: a summary that was changed; allowed: one as it was written"
    );
}

#[test]
fn a_file_that_was_broken_off_anywhere_goes_on_to_the_same_bytes() {
    let folder = Folder::new("anywhere");
    let source = Squares::new(3_500);
    for range in [0..3_500, 700..2_048] {
        let whole = csv(&source, 2, range.clone());
        let path = folder.join(&format!("{}.csv", range.start));
        into_file(&source, &path, false, range.clone(), usize::MAX);
        assert_eq!(fs::read_to_string(&path).unwrap(), whole);
        let mut length = whole.len();
        while length > 0 {
            fs::write(&path, &whole.as_bytes()[..length]).unwrap();
            into_file(&source, &path, true, range.clone(), usize::MAX);
            assert!(fs::read_to_string(&path).unwrap() == whole, "cut at {length}");
            // from the last row through the last blocks into the header
            length = if length < 150 { length - 1 } else { length - length / 17 - 3 };
        }
    }
}

#[test]
fn a_run_that_progress_breaks_off_leaves_a_sound_file() {
    let folder = Folder::new("break");
    let source = Squares::new(20_000);
    let path = folder.join("all.csv");
    let mut done = into_file(&source, &path, false, 0..20_000, 1);
    let whole = csv(&source, 1, 0..20_000);
    while done < 20_000 {
        let text = fs::read_to_string(&path).unwrap();
        assert!(whole.starts_with(&text) && text.ends_with('\n'));
        assert_eq!(text.lines().count() as u64, done + 1);
        done = into_file(&source, &path, true, 0..20_000, 2);
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), whole);
    assert_eq!(into_file(&source, &path, true, 0..20_000, 1), 20_000, "nothing is left to do");
}

#[test]
fn a_file_is_not_gone_on_with_by_another_sweep_nor_overwritten() {
    let folder = Folder::new("other");
    let source = Squares::new(3_000);
    let path = folder.join("all.csv");
    let layout = source.layout();
    let stamp = |inputs, range: Range<u64>| Stamp::new(inputs, "csv", &range, &layout);
    into_file(&source, &path, false, 0..3_000, 1);
    let before = fs::read(&path).unwrap();

    let said = CsvFile::create(&path, &layout, &stamp("sha256:0", 0..3_000)).unwrap_err();
    assert!(said.to_string().contains("it exists; allowed: a new path, or to resume"), "{said}");
    let said = CsvFile::resume(&path, &layout, &stamp("sha256:1", 0..2_000)).unwrap_err();
    let sidecar = Stamp::path(&path).display().to_string();
    assert_eq!(
        said.to_string(),
        format!(
            "{sidecar}: inputs: results made with inputs sha256:0; allowed: sha256:1, as now, to go on with them; or a new file\n\
             {sidecar}: range: results made with range 0..3000; allowed: 0..2000, as now, to go on with them; or a new file"
        )
    );
    assert_eq!(fs::read(&path).unwrap(), before);

    fs::write(&path, "scenario,something else\n1,2\n".repeat(9)).unwrap();
    let said = CsvFile::resume(&path, &layout, &stamp("sha256:0", 0..3_000)).unwrap_err();
    assert!(said.to_string().ends_with("its header is that of other results"), "{said}");
    fs::write(&path, [&before[..], b"7,not where it belongs\n"].concat()).unwrap();
    let said = CsvFile::resume(&path, &layout, &stamp("sha256:0", 0..3_000)).unwrap_err();
    assert!(said.to_string().contains("cannot resume"), "{said}");

    fs::remove_file(Stamp::path(&path)).unwrap();
    let said = CsvFile::resume(&path, &layout, &stamp("sha256:0", 0..3_000)).unwrap_err();
    assert!(said.to_string().contains("all.csv.sweep.json: cannot read"), "{said}");
    assert!(
        CsvFile::create(&folder.join("no/such/folder/x.csv"), &layout, &stamp("", 0..1)).is_err()
    );
}

/// Takes so many bytes and then is full.
#[derive(Debug)]
struct Full(Vec<u8>, usize);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = bytes.len().min(self.1 - self.0.len());
        self.0.extend_from_slice(&bytes[..room]);
        if room == 0 { Err(io::Error::other("no space left")) } else { Ok(room) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_writer_that_is_full_stops_the_run_and_what_it_took_can_be_gone_on_with() {
    let folder = Folder::new("full");
    let source = Squares::new(6_000);
    let whole = csv(&source, 1, 0..6_000);
    let mut full = Full(Vec::new(), 100_001);
    let mut sink = Csv::new(&mut full, &source.layout()).unwrap();
    let run = Runner::new().threads(2).run(&source, &mut sink, |_| ControlFlow::Continue(()));
    let error = run.unwrap_err();
    assert!(error.to_string().ends_with("cannot be written: no space left"), "{error}");
    let RunError::Sink { next, .. } = error else { panic!("{error}") };
    assert!(next % BLOCK == 0 && next > 0);

    let path = folder.join("full.csv");
    fs::write(&path, &full.0).unwrap();
    Stamp::new("sha256:0", "csv", &(0..6_000), &source.layout()).write(&path).unwrap();
    let (_, goes_on) = CsvFile::resume(
        &path,
        &source.layout(),
        &Stamp::new("sha256:0", "csv", &(0..6_000), &source.layout()),
    )
    .unwrap();
    assert_eq!(goes_on, next);
    into_file(&source, &path, true, 0..6_000, usize::MAX);
    assert_eq!(fs::read_to_string(&path).unwrap(), whole);
}

#[test]
fn csv_files_of_ranges_merge_to_the_file_of_one_run() {
    let folder = Folder::new("merge");
    let source = Squares::new(7_000);
    let names = ["c.csv", "a.csv", "b.csv"].map(|name| folder.join(name));
    let ranges = [5_000..7_000, 0..1_500, 1_500..5_000];
    for (path, range) in names.iter().zip(ranges) {
        into_file(&source, path, false, range, usize::MAX);
    }
    let all = folder.join("all.csv");
    merge_results(&names, &all).unwrap();
    assert_eq!(fs::read_to_string(&all).unwrap(), csv(&source, 1, 0..7_000));
    // what was merged is as good as what was run: it is complete
    assert_eq!(into_file(&source, &all, true, 0..7_000, 1), 7_000);

    let said = merge_results(&names[..2], &all).unwrap_err().to_string();
    assert!(said.contains("it exists"), "{said}");
    assert!(said.contains("scenarios 5000..7000; allowed: from 1500 on"), "{said}");
    let text = fs::read_to_string(&names[0]).unwrap();
    fs::write(&names[0], &text[..text.len() - 10]).unwrap();
    let said = merge_results(&names, &folder.join("new.csv")).unwrap_err().to_string();
    assert!(
        said.ends_with(
            "results that end before scenario 6144; allowed: all of 5000..7000: resume it"
        ),
        "{said}"
    );
}

#[test]
fn a_summary_in_a_file_goes_on_and_merges() {
    let folder = Folder::new("summary");
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
        let path = folder.join(&format!("{}.json", range.start));
        fs::write(&path, summary(&source, 2, range).to_json()).unwrap();
        path
    });
    let merged = folder.join("merged.json");
    merge_results(&parts, &merged).unwrap();
    assert_eq!(fs::read_to_string(&merged).unwrap(), whole);
}

#[cfg(feature = "parquet")]
mod parquet {
    use super::*;
    use ::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
    use arrow_array::cast::AsArray;
    use arrow_array::types::{Float64Type, Int32Type, UInt64Type};
    use gaschain::sweep::ParquetFolder;

    const ROWS: u64 = 2 * BLOCK;

    fn into_folder(source: &Squares, folder: &Path, resume: bool, calls: usize) -> u64 {
        let layout = source.layout();
        let stamp = Stamp::new("sha256:0", "parquet", &(0..source.scenarios), &layout);
        let (mut sink, next) = if resume {
            ParquetFolder::resume(folder, &layout, &stamp, ROWS).unwrap()
        } else {
            (ParquetFolder::create(folder, &layout, &stamp, ROWS).unwrap(), 0)
        };
        let mut left = calls;
        let runner = Runner::new().threads(1).range(next..source.scenarios);
        let run = runner.run(source, &mut sink, |_| {
            left -= 1;
            if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        next + run.unwrap().done
    }

    fn files(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_folder_reads_back_as_what_was_written() {
        let folder = Folder::new("parquet");
        let out = folder.join("out");
        let source = Squares::new(5_000);
        into_folder(&source, &out, false, usize::MAX);
        let names = ["part-00000.parquet", "part-00001.parquet", "part-00002.parquet"];
        assert_eq!(files(&out), names);
        let mut columns = Columns::new(source.layout());
        Runner::new().run(&source, &mut columns, |_| ControlFlow::Continue(())).unwrap();
        let mut at = 0;
        for name in names {
            let file = fs::File::open(out.join(name)).unwrap();
            let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
            for batch in reader.build().unwrap() {
                let batch = batch.unwrap();
                let fields = batch.schema();
                let fields: Vec<&str> =
                    fields.fields().iter().map(|field| field.name().as_str()).collect();
                assert_eq!(fields, source.layout().headers());
                let scenarios = batch.column(0).as_primitive::<UInt64Type>();
                let volumes = batch.column(2).as_primitive::<Float64Type>();
                let stops = batch.column(4).as_dictionary::<Int32Type>();
                let stops = stops.downcast_dict::<arrow_array::StringArray>().unwrap();
                let errors = batch.column(6).as_string::<i32>();
                let stopped =
                    |index: usize| columns.layout.outputs[2].name(columns.outputs[2][index]);
                for row in 0..batch.num_rows() {
                    assert_eq!(scenarios.value(row), at as u64);
                    let volume = Some(columns.outputs[0][at]).filter(|value| value.is_finite());
                    let read = volumes.iter().nth(row).flatten();
                    assert_eq!(read.map(f64::to_bits), volume.map(f64::to_bits));
                    assert_eq!(stops.into_iter().nth(row).flatten(), stopped(at));
                    assert_eq!(errors.iter().nth(row).flatten().is_some(), at % 701 == 700);
                    at += 1;
                }
            }
        }
        assert_eq!(at, 5_000);
    }

    #[test]
    fn a_folder_goes_on_with_the_first_part_that_is_not_there() {
        let folder = Folder::new("parquet-resume");
        let source = Squares::new(20_000);
        let (whole, out) = (folder.join("whole"), folder.join("out/"));
        into_folder(&source, &whole, false, usize::MAX);
        let mut done = into_folder(&source, &out, false, 2);
        // no part that is not complete
        assert_eq!(files(&out).len() as u64, done / ROWS);
        fs::write(out.join(".part-00002.parquet.1.unfinished"), "half").unwrap();
        while done < source.scenarios {
            done = into_folder(&source, &out, true, 2);
            assert!(files(&out).iter().all(|name| name.starts_with("part-")), "{:?}", files(&out));
        }
        assert_eq!(files(&out), files(&whole));
        for name in files(&out) {
            let bytes = |folder: &Path| fs::read(folder.join(&name)).unwrap();
            assert!(bytes(&out) == bytes(&whole), "{name}");
        }
        let stamp = Stamp::new("sha256:0", "parquet", &(0..20_000), &source.layout());
        let said = ParquetFolder::resume(&out, &source.layout(), &stamp, 9 * BLOCK).unwrap_err();
        assert!(said.to_string().contains("parquet, 2048 rows a part"), "{said}");
        assert!(ParquetFolder::create(&out, &source.layout(), &stamp, ROWS).is_err());
    }
}

#[test]
fn a_column_is_headed_by_its_address_and_unit() {
    let column = |address: &str| Column { address: address.into(), unit: None, names: None };
    let layout = Layout { axes: vec![column("a,b")], outputs: vec![column("c\"d")] };
    let mut text = Vec::new();
    drop(Csv::new(&mut text, &layout).unwrap());
    assert_eq!(
        String::from_utf8(text).unwrap(),
        "scenario,\"a,b\",\"c\"\"d\",worst_residual,error\n"
    );
}
