//! Runs a sweep file: many scenarios of one chain, a row each, or a summary of all.
//!
//! ```sh
//! cargo run --release --example sweep -- axes.toml                        # CSV, printed
//! cargo run --release --example sweep -- axes.toml --out all.csv          # Ctrl-C, and then
//! cargo run --release --example sweep -- axes.toml --out all.csv --resume # goes on
//! cargo run --release --example sweep -- axes.toml --format summary
//! ```
//!
//! Results go to standard output or a file, faults and progress to standard error. Exit code 0:
//! all solved; 1: some could not be solved, some that were checked came out otherwise by themselves,
//! results could not be written, or it was broken off; 2: bad input.

mod common;

use common::Failure;
use gaschain::amur;
use gaschain::fault::{FaultKind, Faults, Place};
use gaschain::report::number::fixed;
use gaschain::report::text;
use gaschain::sweep::{
    Csv, CsvFile, Layout, Prepared, Progress, Runner, Sink, Source, Stamp, Summary, SummaryFile,
    Sweep, merge_results,
};
use indicatif::{ProgressBar, ProgressStyle};
use lexopt::prelude::*;
use std::io::ErrorKind::BrokenPipe;
use std::ops::{ControlFlow, Range};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

const USAGE: &str = "\
Runs a sweep file.

usage: sweep <sweep.toml> [options]
       sweep --merge <part> <part> ... --out FILE

  --format csv|parquet|summary
                  a CSV row a scenario (default), a folder of Parquet files, or what all of them
                  say together (printed, and with --out kept as JSON)
  --out FILE      write here instead of printing; for parquet, a folder
  --threads N     threads (default: all cores)
  --range A..B    only scenarios A to B - 1 of the sweep
  --resume        go on with what a run that was broken off left in --out
  --merge         make one file of the CSV files or summaries of several ranges
";

#[derive(Clone, Copy, PartialEq)]
enum Format {
    Csv,
    Parquet,
    Summary,
}

impl Format {
    const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Parquet => "parquet",
            Self::Summary => "summary",
        }
    }
}

struct Arguments {
    files: Vec<PathBuf>,
    format: Format,
    out: Option<PathBuf>,
    threads: usize,
    range: Option<Range<u64>>,
    resume: bool,
    merge: bool,
}

fn main() -> ExitCode {
    common::end(run())
}

fn run() -> Result<(), Failure> {
    let mut faults = Faults::default();
    let Some(arguments) = arguments(&mut faults)? else { return Ok(()) };
    if arguments.merge {
        faults.into_result(())?;
        let Some(out) = &arguments.out else {
            return Err(Failure::usage("--merge needs --out FILE"));
        };
        return Ok(merge_results(&arguments.files, out)?);
    }
    let [path] = arguments.files.as_slice() else {
        return Err(Failure::usage(&format!("one sweep file is wanted\n\n{USAGE}")));
    };
    let opened = Sweep::read(path).and_then(|sweep| {
        let chain = amur::open_chain(sweep.chain(), path.parent())?;
        Ok((sweep, chain))
    });
    let (sweep, chain) = match opened {
        Ok(opened) => opened,
        Err(more) => {
            faults.append(more);
            return Err(faults.into());
        }
    };
    match sweep.prepare(&chain) {
        Ok(prepared) => {
            if let Some(range) = &arguments.range {
                check_range(range, prepared.scenarios(), &mut faults);
            }
            faults.into_result(())?;
            sink(&prepared, &sweep.inputs(&chain), &arguments)
        }
        Err(more) => {
            faults.append(more);
            Err(faults.into())
        }
    }
}

/// Reads the command line; `None` where it asked for help.
fn arguments(faults: &mut Faults) -> Result<Option<Arguments>, Failure> {
    let mut parser = lexopt::Parser::from_env();
    let mut arguments = Arguments {
        files: Vec::new(),
        format: Format::Csv,
        out: None,
        threads: 0,
        range: None,
        resume: false,
        merge: false,
    };
    while let Some(argument) = parser.next()? {
        match argument {
            Long("help") | Short('h') => {
                common::print(USAGE)?;
                return Ok(None);
            }
            Long("format") => match parser.value()?.string()?.as_str() {
                "csv" => arguments.format = Format::Csv,
                "parquet" => arguments.format = Format::Parquet,
                "summary" => arguments.format = Format::Summary,
                other => {
                    let names = ["csv", "parquet", "summary"];
                    let kind = FaultKind::unknown("format", other, names);
                    faults.push(Place::file("--format"), kind);
                }
            },
            Long("out") => arguments.out = Some(parser.value()?.into()),
            Long("threads") => {
                let text = parser.value()?.string()?;
                match text.parse().ok().filter(|threads| *threads > 0) {
                    Some(threads) => arguments.threads = threads,
                    None => unreadable("--threads", text, "a number from 1 on", faults),
                }
            }
            Long("range") => {
                let text = parser.value()?.string()?;
                let ends = text.split_once("..");
                match ends.and_then(|(a, b)| Some(a.parse().ok()?..b.parse().ok()?)) {
                    Some(range) => arguments.range = Some(range),
                    None => unreadable("--range", text, "A..B, as in 0..1000000", faults),
                }
            }
            Long("resume") => arguments.resume = true,
            Long("merge") => arguments.merge = true,
            Value(path) => arguments.files.push(path.into()),
            other => return Err(other.unexpected().into()),
        }
    }
    let needs_out =
        [(arguments.resume, "--resume"), (arguments.format == Format::Parquet, "--format parquet")];
    for (_, what) in needs_out.iter().filter(|(asked, _)| *asked && arguments.out.is_none()) {
        let kind = FaultKind::Missing { what: "option", name: "--out".into() };
        faults.push(Place::file(*what), kind);
    }
    if arguments.format == Format::Parquet && !cfg!(feature = "parquet") {
        let got = "a program built without the feature \"parquet\"".to_owned();
        let allowed = "cargo run --features parquet ...".to_owned();
        faults.push(Place::file("--format parquet"), FaultKind::NotAllowed { got, allowed });
    }
    Ok(Some(arguments))
}

fn unreadable(option: &str, got: String, allowed: &str, faults: &mut Faults) {
    let kind = FaultKind::Unreadable { got, allowed: allowed.to_owned() };
    faults.push(Place::file(option), kind);
}

fn check_range(range: &Range<u64>, scenarios: u64, faults: &mut Faults) {
    if range.start > range.end || range.end > scenarios {
        let got = format!("{}..{}", range.start, range.end);
        let allowed = format!("within 0..{scenarios}, the scenarios of this sweep");
        faults.push(Place::file("--range"), FaultKind::NotAllowed { got, allowed });
    }
}

/// Opens what the results go to, and runs.
fn sink(prepared: &Prepared, inputs: &str, arguments: &Arguments) -> Result<(), Failure> {
    let range = arguments.range.clone().unwrap_or(0..prepared.scenarios());
    let layout = prepared.layout();
    let stamp = Stamp::new(inputs, arguments.format.name(), &range, &layout);
    // before anything is written: from then on Ctrl-C must leave it sound
    let job = Job { prepared, range, threads: arguments.threads, stop: stop_at_ctrl_c()? };
    match (arguments.format, &arguments.out) {
        (Format::Csv, Some(out)) => {
            let (mut sink, next) = if arguments.resume {
                CsvFile::resume(out, &layout, &stamp)?
            } else {
                (CsvFile::create(out, &layout, &stamp)?, stamp.first)
            };
            job.run(next, &mut sink, arguments.out.as_deref())
        }
        (Format::Csv, None) => {
            let mut sink = Csv::new(std::io::stdout(), &layout)
                .map_err(|error| Failure::Solve(format!("standard output: {error}")))?;
            job.run(job.range.start, &mut sink, None)
        }
        (Format::Summary, Some(out)) => {
            let (mut sink, next) = if arguments.resume {
                SummaryFile::resume(out, &layout, &stamp)?
            } else {
                (SummaryFile::create(out, &layout, &stamp)?, stamp.first)
            };
            let ended = job.run(next, &mut sink, arguments.out.as_deref());
            common::print(&text::summary(&sink.summary))?;
            ended
        }
        (Format::Summary, None) => {
            let mut summary = Summary::new(inputs, &layout);
            let ended = job.run(job.range.start, &mut summary, None);
            common::print(&text::summary(&summary))?;
            ended
        }
        (Format::Parquet, Some(out)) => parquet(&job, &layout, &stamp, out, arguments.resume),
        // a fault of the command line
        (Format::Parquet, None) => Ok(()),
    }
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
    let (mut sink, next) = if resume {
        ParquetFolder::resume(out, layout, stamp, rows)?
    } else {
        (ParquetFolder::create(out, layout, stamp, rows)?, stamp.first)
    };
    job.run(next, &mut sink, Some(out))
}

/// The command line was refused before it comes to this.
#[cfg(not(feature = "parquet"))]
fn parquet(_: &Job<'_>, _: &Layout, _: &Stamp, _: &Path, _: bool) -> Result<(), Failure> {
    Err(Failure::usage("built without the feature \"parquet\""))
}

struct Job<'a> {
    prepared: &'a Prepared,
    range: Range<u64>,
    threads: usize,
    stop: Arc<AtomicBool>,
}

fn stop_at_ctrl_c() -> Result<Arc<AtomicBool>, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    let listening = ctrlc::set_handler(move || {
        // who asks twice does not want to wait for the blocks under way
        if asked.swap(true, Ordering::Relaxed) {
            std::process::exit(1);
        }
    });
    match listening {
        Ok(()) => Ok(stop),
        Err(error) => Err(Failure::Solve(format!("Ctrl-C cannot be listened to: {error}"))),
    }
}

impl Job<'_> {
    /// Runs the scenarios from `next` on, with a bar on a terminal, until Ctrl-C.
    fn run(&self, next: u64, sink: &mut impl Sink, out: Option<&Path>) -> Result<(), Failure> {
        let bar = bar(&self.range, next);
        let runner = Runner::new().threads(self.threads).range(next..self.range.end);
        let ended = runner.run(self.prepared, sink, |progress| {
            bar.set_position(next - self.range.start + progress.done);
            if progress.failed > 0 {
                bar.set_message(format!("{} failed", progress.failed));
            }
            if self.stop.load(Ordering::Relaxed) {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        bar.finish_and_clear();
        match ended {
            Ok(progress) => {
                eprintln!("{}", line(&progress));
                judge(&progress, out)
            }
            // whoever read the printed rows has enough of them
            Err(error)
                if out.is_none()
                    && error.faults().iter().any(|fault| {
                        matches!(fault.kind, FaultKind::NotWritten { how: BrokenPipe, .. })
                    }) =>
            {
                Ok(())
            }
            Err(error) => {
                let hint = if out.is_some() { "; --resume goes on" } else { "" };
                Err(Failure::Solve(format!("{error}{hint}")))
            }
        }
    }
}

/// A bar, hidden where standard error is no terminal.
fn bar(range: &Range<u64>, next: u64) -> ProgressBar {
    let bar = ProgressBar::new(range.end - range.start).with_position(next - range.start);
    let style = ProgressStyle::with_template(
        "{wide_bar} {human_pos}/{human_len} {per_sec} {eta} left {msg}",
    );
    if let Ok(style) = style {
        bar.set_style(style);
    }
    // what an earlier run did says nothing about the rate of this one
    bar.reset_eta();
    bar
}

fn line(progress: &Progress) -> String {
    let rate = progress.done as f64 / progress.seconds.max(1e-9);
    format!(
        "{} scenarios, {} failed, {} worked out one by one, in {:.1} s ({} a second); worst residual {:.1e}",
        fixed(progress.done as f64, 0),
        progress.failed,
        fixed(progress.rerun as f64, 0),
        progress.seconds,
        fixed(rate, 0),
        progress.worst_residual
    )
}

/// All solved and of one mind, or why not.
fn judge(progress: &Progress, out: Option<&Path>) -> Result<(), Failure> {
    if !progress.is_complete() {
        let hint = if out.is_some() { "; --resume goes on" } else { "" };
        let left = fixed((progress.total - progress.done) as f64, 0);
        return Err(Failure::Solve(format!("broken off, {left} scenarios left{hint}")));
    }
    if let Some(message) = progress.disagreement() {
        return Err(Failure::Solve(message));
    }
    if progress.failed > 0 {
        let (failed, done) = (progress.failed, progress.done);
        return Err(Failure::Solve(format!("{failed} of {done} scenarios could not be solved")));
    }
    Ok(())
}
