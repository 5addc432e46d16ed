//! Files go on after a run was broken off, anywhere, to the same bytes; nobody else's are touched.

use crate::support::squares::Squares;
use crate::support::temporary::Temporary;
use crate::sweep::run::{csv, into_file};
use gaschain::ErrorKind;
use gaschain::fault::FaultKind;
use gaschain::sweep::{BLOCK, Csv, CsvFile, Runner, Source, Stamp};
use std::fs;
use std::io::{self, Write};
use std::ops::{ControlFlow, Range};

#[test]
fn a_file_that_was_broken_off_anywhere_goes_on_to_the_same_bytes() {
    let folder = Temporary::new("anywhere");
    let source = Squares::new(3_500);
    for range in [0..3_500, 700..2_048] {
        let whole = csv(&source, 2, range.clone());
        let path = folder.join(format!("{}.csv", range.start));
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
    let folder = Temporary::new("break");
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
    let folder = Temporary::new("other");
    let source = Squares::new(3_000);
    let path = folder.join("all.csv");
    let layout = source.layout();
    let stamp = |inputs, range: Range<u64>| Stamp::new(inputs, "csv", &range, &layout);
    into_file(&source, &path, false, 0..3_000, 1);
    let before = fs::read(&path).unwrap();

    let said = CsvFile::create(&path, &layout, &stamp("sha256:0", 0..3_000)).unwrap_err();
    assert!(said.to_string().contains("it exists; allowed: a new path, to resume"), "{said}");
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
    let folder = Temporary::new("full");
    let source = Squares::new(6_000);
    let whole = csv(&source, 1, 0..6_000);
    let mut full = Full(Vec::new(), 100_001);
    let mut sink = Csv::new(&mut full, &source.layout()).unwrap();
    let run = Runner::new().threads(2).run(&source, &mut sink, |_| ControlFlow::Continue(()));
    let error = run.unwrap_err();
    assert!(error.to_string().ends_with("cannot be written: no space left"), "{error}");
    assert_eq!(error.kind(), ErrorKind::Io);
    let FaultKind::NotWritten { next, .. } = error.faults()[0].kind else { panic!("{error}") };
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
    // nothing was told to the stamp: nobody knows what of it is sound
    assert!(next > goes_on && goes_on == 0);
    into_file(&source, &path, true, 0..6_000, usize::MAX);
    assert_eq!(fs::read_to_string(&path).unwrap(), whole);
}

#[test]
fn a_file_of_a_shorter_range_goes_on_to_the_end_of_a_longer_one() {
    let folder = Temporary::new("longer");
    let source = Squares::new(9_000);
    for (shorter, longer) in [(0..1_024, 0..5_000), (0..1_500, 0..1_501), (700..1_500, 700..9_000)]
    {
        let path = folder.join(format!("{}-{}.csv", shorter.start, shorter.end));
        into_file(&source, &path, false, shorter.clone(), usize::MAX);
        let before = fs::read_to_string(&path).unwrap();
        into_file(&source, &path, true, longer.clone(), usize::MAX);
        let after = fs::read_to_string(&path).unwrap();
        assert!(after.starts_with(&before), "{shorter:?}");
        assert_eq!(after, csv(&source, 1, longer.clone()), "{shorter:?}");
        // from then on it is a file of the longer range
        let stamp = Stamp::read(&path).unwrap();
        assert_eq!((stamp.first, stamp.end), (longer.start, longer.end));
    }
}
