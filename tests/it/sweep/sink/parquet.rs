//! Results as Parquet: a folder reads back as what was written, and goes on where it ended.

use crate::support::squares::Squares;
use crate::support::temporary::Temporary;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, UInt64Type};
use gaschain::sweep::{BLOCK, Columns, ParquetFolder, Runner, Source, Stamp};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

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
            let errors = batch.column(6).as_string::<i32>();
            let stopped = |index: usize| columns.layout.outputs[2].name(columns.outputs[2][index]);
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
