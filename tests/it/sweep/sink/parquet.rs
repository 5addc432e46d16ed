//! Results as Parquet: a folder reads back as what was written, and goes on where it ended.

use crate::support::squares::Squares;
use crate::support::temporary::Temporary;
use arrow_array::Array;
use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, UInt64Type};
use gaschain::Older;
use gaschain::sweep::{BLOCK, Columns, ParquetFolder, Runner, Source, Stamp, merge_results};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::fs;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

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
    let folder = Temporary::new("parquet");
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
            let broken = batch.column(6).as_string::<i32>();
            let errors = batch.column(7).as_string::<i32>();
            let stopped = |index: usize| columns.layout.outputs[2].name(columns.outputs[2][index]);
            for row in 0..batch.num_rows() {
                assert_eq!(scenarios.value(row), at as u64);
                let volume = Some(columns.outputs[0][at]).filter(|value| value.is_finite());
                let read = volumes.iter().nth(row).flatten();
                assert_eq!(read.map(f64::to_bits), volume.map(f64::to_bits));
                assert_eq!(stops.into_iter().nth(row).flatten(), stopped(at));
                let breaks = (at % 5 == 3 || at % 11 == 3) && at % 701 != 700;
                assert_eq!(broken.is_valid(row), breaks);
                assert_eq!(errors.iter().nth(row).flatten().is_some(), at % 701 == 700);
                at += 1;
            }
        }
    }
    assert_eq!(at, 5_000);
}

#[test]
fn a_folder_goes_on_with_the_first_part_that_is_not_there() {
    let folder = Temporary::new("parquet-resume");
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

#[test]
fn a_folder_of_fewer_scenarios_goes_on_to_more() {
    let folder = Temporary::new("parquet-more");
    let more = Squares::new(9_000);
    let whole = folder.join("whole");
    into_folder(&more, &whole, false, usize::MAX);
    // ended within a part, and with one
    for fewer in [5_000, 2 * ROWS] {
        let out = folder.join(fewer.to_string());
        into_folder(&Squares::new(fewer), &out, false, usize::MAX);
        into_folder(&more, &out, true, usize::MAX);
        assert_eq!(files(&out), files(&whole));
        for name in files(&out) {
            let bytes = |folder: &Path| fs::read(folder.join(&name)).unwrap();
            assert!(bytes(&out) == bytes(&whole), "{fewer}: {name}");
        }
    }
}

/// Writes the parts of a folder anew with another program, which keeps what they say of themselves.
fn rewrite(path: &Path, change: impl Fn(&RecordBatch) -> Vec<RecordBatch>) {
    let reader = ParquetRecordBatchReaderBuilder::try_new(fs::File::open(path).unwrap()).unwrap();
    let kept = reader.metadata().file_metadata().key_value_metadata().cloned();
    let schema = reader.schema().clone();
    let batches: Vec<RecordBatch> =
        reader.with_batch_size(8_192).build().unwrap().map(Result::unwrap).collect();
    let mut writer = ArrowWriter::try_new(fs::File::create(path).unwrap(), schema, None).unwrap();
    for entry in kept.unwrap() {
        if entry.key != "ARROW:schema" {
            writer.append_key_value_metadata(entry);
        }
    }
    batches.iter().flat_map(change).for_each(|batch| writer.write(&batch).unwrap());
    writer.close().unwrap();
}

#[test]
fn a_folder_says_what_made_it_and_rows_that_are_not_as_they_were_are_refused() {
    let folder = Temporary::new("parquet-record");
    let source = Squares::new(3_000);
    let out = folder.join("out");
    into_folder(&source, &out, false, usize::MAX);
    let first = out.join("part-00000.parquet");
    let file = fs::File::open(&first).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    let kept = reader.metadata().file_metadata().key_value_metadata().unwrap();
    let of = |key: &str| {
        let entry = kept.iter().find(|entry| entry.key == key).unwrap();
        entry.value.clone().unwrap()
    };
    assert!(of("made_by").contains("\"inputs\":\"sha256:0\""));
    assert!(of("units").contains("\"plant.gas.volume [bcm/yr]\":\"bcm/yr\""));
    assert_eq!(of("limits"), "[\"plant.least_feed\",\"market.heat\"]");

    let stamp = Stamp::new("sha256:0", "parquet", &(0..3_000), &source.layout());
    let said = || {
        let resumed = ParquetFolder::resume(&out, &source.layout(), &stamp, ROWS);
        resumed.map(|(sink, next)| (sink.before().failed, next)).map_err(|said| said.to_string())
    };
    assert_eq!(said(), Ok((3_000 / 701, 3_000)));
    // the same rows written by somebody else are the same rows
    rewrite(&first, |batch| vec![batch.clone()]);
    assert_eq!(said(), Ok((3_000 / 701, 3_000)));
    rewrite(&first, |batch| vec![batch.slice(0, 70), batch.slice(71, batch.num_rows() - 71)]);
    let why = said().unwrap_err();
    assert!(why.contains("part-00000.parquet:71: cannot resume"), "{why}");
    assert!(why.contains("scenario 71 stands where 70 should"), "{why}");
    fs::remove_dir_all(&out).unwrap();
    fs::remove_file(Stamp::path(&out)).unwrap();
    into_folder(&source, &out, false, usize::MAX);
    rewrite(&first, |batch| {
        let mut columns = batch.columns().to_vec();
        let numbers = columns[2].as_primitive::<Float64Type>().iter().enumerate();
        let edited = numbers.map(|(row, number)| if row == 70 { Some(1.0) } else { number });
        columns[2] = Arc::new(edited.collect::<arrow_array::Float64Array>());
        vec![RecordBatch::try_new(batch.schema(), columns).unwrap()]
    });
    let why = said().unwrap_err();
    assert!(why.contains("the row of scenario 70 is not as it was written"), "{why}");
}

#[test]
fn folders_of_ranges_merge_to_the_folder_of_one_run() {
    let folder = Temporary::new("parquet-merge");
    let source = Squares::new(5_000);
    let whole = folder.join("whole");
    into_folder(&source, &whole, false, usize::MAX);
    let layout = source.layout();
    let parts = [3_000..5_000, 0..700, 700..3_000].map(|range| {
        let part = folder.join(format!("{}", range.start));
        let stamp = Stamp::new("sha256:0", "parquet", &range, &layout);
        let mut sink = ParquetFolder::create(&part, &layout, &stamp, ROWS).unwrap();
        let runner = Runner::new().range(range);
        runner.run(&source, &mut sink, |_| ControlFlow::Continue(())).unwrap();
        part
    });
    let out = folder.join("all");
    let merged = merge_results(&parts, &out, Older::Refused).unwrap();
    assert_eq!((merged.done, merged.failed), (5_000, 5_000 / 701));
    assert_eq!(files(&out), files(&whole));
    for name in files(&out) {
        assert!(
            fs::read(out.join(&name)).unwrap() == fs::read(whole.join(&name)).unwrap(),
            "{name}"
        );
    }
    let stamp = |path: &Path| fs::read(Stamp::path(path)).unwrap();
    assert!(stamp(&out) == stamp(&whole));
    fs::remove_file(parts[0].join("part-00002.parquet")).unwrap();
    let said = merge_results(&parts, &folder.join("new"), Older::Refused).unwrap_err();
    assert!(said.to_string().contains("results that end before scenario 4096"), "{said}");
    assert!(!folder.join("new").exists());
}

#[test]
fn a_part_that_is_taken_away_while_others_are_written_is_an_error() {
    let folder = Temporary::new("parquet-taken");
    let source = Squares::new(20_000);
    let layout = source.layout();
    let out = folder.join("out");
    let stamp = Stamp::new("sha256:0", "parquet", &(0..20_000), &layout);
    let mut sink = ParquetFolder::create(&out, &layout, &stamp, ROWS).unwrap();
    let first = out.join("part-00000.parquet");
    let run = Runner::new().threads(1).run(&source, &mut sink, |_| {
        let _ = fs::remove_file(&first);
        ControlFlow::Continue(())
    });
    let said = run.unwrap_err().to_string();
    assert!(said.contains("was taken away or changed"), "{said}");
}
