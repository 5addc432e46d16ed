//! `sweep`: many scenarios of one chain, a row each, or a summary of all.

mod bench;
mod job;

use crate::failure::{Failure, keep, sound};
use crate::interrupt::Interrupt;
use crate::open::Chains;
use crate::output::{self, Printed, STANDARD_OUTPUT};
use crate::tolerance::{Tolerance, Tolerated};
use crate::words;
use gaschain::Error;
use gaschain::chain::Chain;
use gaschain::fault::{FaultKind, Faults, Place};
use gaschain::report::text;
use gaschain::sweep::{
    Csv, CsvFile, Layout, Prepared, Source, Stamp, Summary, SummaryFile, remove_results,
};
use job::Job;
use std::ops::Range;
use std::path::{Path, PathBuf};

const MORE: &str = "\
Results go to standard output or a file, progress to standard error. Ctrl-C leaves a file that
--resume goes on with. Exit code 1: more scenarios than --max-failed could not be solved, some came
out otherwise when checked by themselves, or could not be written; 130: broken off.

Examples:
  gaschain sweep all.toml --format summary
  gaschain sweep all.toml --out all.csv
  gaschain sweep all.toml --out all.csv --resume      # goes on, also with more samples in the file
  gaschain sweep --bench --axes 10 --scenarios 1000000 --threads 1";

/// Run a sweep file: a row a scenario, or what all of them say together
#[derive(clap::Args)]
#[command(after_help = MORE)]
pub struct Sweep {
    /// The sweep file (.toml)
    #[arg(value_name = "FILE", required_unless_present = "bench")]
    file: Option<PathBuf>,
    /// csv (a row a scenario), parquet (a folder of files), or summary (printed, and with --out
    /// kept as JSON)
    #[arg(long, value_name = "FORMAT", default_value = "csv")]
    format: String,
    /// Write here instead of printing; for parquet, a folder
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Only scenarios A to B - 1
    #[arg(long, value_name = "A..B")]
    range: Option<String>,
    /// Go on with what a run that was broken off left in --out
    #[arg(long)]
    resume: bool,
    /// Replace the results that are in --out
    #[arg(long, conflicts_with = "resume")]
    replace: bool,
    #[command(flatten)]
    tolerance: Tolerance,
    /// Threads [default: all cores; of --bench, 1]
    #[arg(long, value_name = "N")]
    threads: Option<String>,
    /// Measure how many scenarios are worked out in a second, and print that as JSON: of the sweep
    /// file, or without one of the shipped chain
    #[arg(long, conflicts_with_all = ["format", "out", "range", "resume", "replace"])]
    bench: bool,
    /// How many parameters of the shipped chain vary in --bench: 3, 10 or all [default: 10]
    #[arg(long, value_name = "3|10|all", requires = "bench", conflicts_with = "file")]
    axes: Option<String>,
    /// How many scenarios --bench works out [default: 100000; of a file, all]
    #[arg(long, value_name = "N", requires = "bench")]
    scenarios: Option<String>,
}

#[derive(Clone, Copy, PartialEq)]
enum Format {
    Csv,
    Parquet,
    Summary,
}

const FORMATS: [(&str, Format); 3] =
    [("csv", Format::Csv), ("parquet", Format::Parquet), ("summary", Format::Summary)];

impl Format {
    const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Parquet => "parquet",
            Self::Summary => "summary",
        }
    }
}

/// What is wanted of a run, read.
struct Wanted<'a> {
    format: Format,
    out: Option<&'a Path>,
    threads: usize,
    range: Option<Range<u64>>,
    resume: bool,
    replace: bool,
    tolerated: Tolerated,
}

impl Sweep {
    pub fn run(&self, chains: &Chains) -> Result<(), Failure> {
        let mut faults = Faults::default();
        if self.bench {
            return self.measure(chains, faults);
        }
        let wanted = self.wanted(&mut faults);
        let opened = match &self.file {
            Some(path) => keep(chains.sweep(path), &mut faults)?,
            None => None,
        };
        let prepared = match &opened {
            Some((sweep, chain)) => keep(sweep.prepare(chain), &mut faults)?,
            None => None,
        };
        if let (Some(range), Some(prepared)) = (&wanted.range, &prepared) {
            check_range(range, prepared.scenarios(), &mut faults);
        }
        if let (Some((sweep, chain)), Some(prepared)) = (&opened, &prepared) {
            self.check_extension(sweep, chain, prepared, &mut faults);
        }
        let words = opened.as_ref().map(|(sweep, _)| sweep.provenance());
        let (prepared, words) = sound(prepared.zip(words), faults)?;
        output::say(&notes(&prepared));
        wanted.write(&prepared, &words)
    }

    /// Whether results of fewer samples are there that this many cannot go on with.
    fn check_extension(
        &self,
        sweep: &gaschain::sweep::Sweep,
        chain: &Chain,
        prepared: &Prepared,
        faults: &mut Faults,
    ) {
        let there = self.out.as_ref().filter(|_| self.resume).and_then(|out| Stamp::read(out).ok());
        let Some(there) = there.filter(|there| there.inputs != prepared.inputs()) else { return };
        let fewer = sweep.clone().with_samples(there.end).prepare(chain);
        if fewer.is_ok_and(|fewer| fewer.inputs() == there.inputs) {
            let got = format!(
                "results of {} samples of a design whose scenarios all depend on their number",
                there.end
            );
            let allowed = "as many samples, or a new file; sobol (scrambled, or up to the next \
                           power of two) and monte_carlo can be extended";
            let kind = FaultKind::NotAllowed { got, allowed: allowed.to_owned() };
            faults.push(Place::file("--resume"), kind);
        }
    }

    fn wanted(&self, faults: &mut Faults) -> Wanted<'_> {
        let format = words::one_of("--format", "format", &self.format, &FORMATS, faults);
        let parquet = format == Format::Parquet;
        let needs_out =
            [(self.resume, "--resume"), (self.replace, "--replace"), (parquet, "--format parquet")];
        for (_, what) in needs_out.iter().filter(|(asked, _)| *asked && self.out.is_none()) {
            let kind = FaultKind::Missing { what: "option", name: "--out".into() };
            faults.push(Place::file(*what), kind);
        }
        if parquet && !cfg!(feature = "parquet") {
            let got = "a command built without the feature \"parquet\"".to_owned();
            let allowed = "one built with it".to_owned();
            faults.push(Place::file("--format parquet"), FaultKind::NotAllowed { got, allowed });
        }
        Wanted {
            format,
            out: self.out.as_deref(),
            // 0: all cores
            threads: words::threads(self.threads.as_deref(), faults).unwrap_or(0),
            range: words::range("--range", self.range.as_deref(), faults),
            resume: self.resume,
            replace: self.replace,
            tolerated: self.tolerance.read(faults),
        }
    }
}

/// What is odd about a sweep that can be run, a line each.
pub fn warnings(prepared: &Prepared) -> String {
    let idle = prepared.idle_axes().into_iter();
    let said = idle.map(|axis| {
        format!("warning: {axis} changes none of the results asked for, as far as trials show\n")
    });
    said.collect()
}

/// What somebody should know of a sweep before it is run, a line each.
fn notes(prepared: &Prepared) -> String {
    let notes = prepared.notes().iter().chain(prepared.normalised()).cloned();
    let note = |note| format!("note: {note}\n");
    let way = prepared.one_by_one().map(note);
    notes.map(note).chain([warnings(prepared)]).chain(way).collect()
}

fn check_range(range: &Range<u64>, scenarios: u64, faults: &mut Faults) {
    if range.start > range.end || range.end > scenarios {
        let got = format!("{}..{}", range.start, range.end);
        let allowed = format!("within 0..{scenarios}, the scenarios of this sweep");
        faults.push(Place::file("--range"), FaultKind::NotAllowed { got, allowed });
    }
}

impl Wanted<'_> {
    /// Opens what the results go to, and runs.
    fn write(&self, prepared: &Prepared, words: &str) -> Result<(), Failure> {
        let inputs = &prepared.inputs();
        let range = self.range.clone().unwrap_or(0..prepared.scenarios());
        let layout = prepared.layout();
        let stamp = Stamp::new(inputs, self.format.name(), &range, &layout).of_sweep(words);
        if let (true, Some(out)) = (self.replace, self.out) {
            remove_results(out)?;
        }
        // before anything is written: from then on Ctrl-C must leave it sound
        let interrupt = Interrupt::listen()?;
        let (threads, tolerated) = (self.threads, self.tolerated);
        let job = Job { prepared, range, threads, interrupt, tolerated };
        match (self.format, self.out) {
            (Format::Csv, Some(out)) => {
                let resume = || CsvFile::resume(out, &layout, &stamp);
                let create = || CsvFile::create(out, &layout, &stamp);
                let (mut sink, next) = opened(self.resume, &stamp, resume, create)?;
                let before = *sink.before();
                job.resumable(next, &before, &mut sink)
            }
            (Format::Csv, None) => {
                let printed = Printed::default();
                let mut sink = Csv::new(printed.clone(), &layout)
                    .map_err(|error| Failure::unwritten(STANDARD_OUTPUT, &error))?;
                job.printed(&mut sink, &printed)
            }
            (Format::Summary, Some(out)) => {
                let resume = || SummaryFile::resume(out, &layout, &stamp);
                let create = || SummaryFile::create(out, &layout, &stamp);
                let (mut sink, next) = opened(self.resume, &stamp, resume, create)?;
                let before = *sink.before();
                let ended = job.resumable(next, &before, &mut sink);
                output::show(&text::summary(&sink.summary))?;
                ended
            }
            (Format::Summary, None) => {
                let mut summary = Summary::new(inputs, &layout);
                let ended = job.printed(&mut summary, &Printed::default());
                output::show(&text::summary(&summary))?;
                ended
            }
            (Format::Parquet, Some(out)) => parquet(&job, &layout, &stamp, out, self.resume),
            // a fault of the arguments
            (Format::Parquet, None) => Ok(()),
        }
    }
}

/// What results go to, gone on with or new, and the scenario to begin with.
fn opened<S>(
    resume: bool,
    stamp: &Stamp,
    go_on: impl FnOnce() -> Result<(S, u64), Error>,
    create: impl FnOnce() -> Result<S, Error>,
) -> Result<(S, u64), Error> {
    if resume { go_on() } else { Ok((create()?, stamp.first)) }
}

#[cfg(feature = "parquet")]
fn parquet(
    job: &Job<'_>,
    layout: &Layout,
    stamp: &Stamp,
    out: &Path,
    resume: bool,
) -> Result<(), Failure> {
    use gaschain::sweep::ParquetFolder;
    let rows = ParquetFolder::ROWS_PER_PART;
    let go_on = || ParquetFolder::resume(out, layout, stamp, rows);
    let create = || ParquetFolder::create(out, layout, stamp, rows);
    let (mut sink, next) = opened(resume, stamp, go_on, create)?;
    let before = *sink.before();
    job.resumable(next, &before, &mut sink)
}

/// The arguments were refused before it comes to this.
#[cfg(not(feature = "parquet"))]
fn parquet(_: &Job<'_>, _: &Layout, _: &Stamp, _: &Path, _: bool) -> Result<(), Failure> {
    Err(Failure::Usage("built without the feature \"parquet\"\n".to_owned()))
}
