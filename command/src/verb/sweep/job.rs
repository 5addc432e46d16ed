//! Running a sweep into a sink: with a bar on a terminal, until it is done or somebody ends it.

use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::output::{self, Printed};
use crate::tolerance::Tolerated;
use gaschain::report::number::fixed;
use gaschain::sweep::{Prepared, Progress, Runner, Sink};
use indicatif::{ProgressBar, ProgressStyle};
use std::ops::{ControlFlow, Range};

/// What to say where a run can be gone on with.
const RESUME: &str = "; --resume goes on";

/// A run of some scenarios of a sweep.
pub struct Job<'a> {
    pub prepared: &'a Prepared,
    pub range: Range<u64>,
    /// 0: all cores.
    pub threads: usize,
    pub interrupt: Interrupt,
    pub tolerated: Tolerated,
}

impl Job<'_> {
    /// Runs the scenarios from `next` on into a file that a later run can go on with.
    /// What was there `before` is judged with what is added.
    pub fn resumable(
        &self,
        next: u64,
        before: &Progress,
        sink: &mut impl Sink,
    ) -> Result<(), Failure> {
        self.run(next, before, sink, &Printed::default(), RESUME)
    }

    /// Runs all scenarios into what is printed, as long as somebody reads it.
    pub fn printed(&self, sink: &mut impl Sink, printed: &Printed) -> Result<(), Failure> {
        self.run(self.range.start, &Progress::default(), sink, printed, "")
    }

    fn run(
        &self,
        next: u64,
        before: &Progress,
        sink: &mut impl Sink,
        printed: &Printed,
        hint: &str,
    ) -> Result<(), Failure> {
        let bar = bar(&self.range, next);
        let runner = Runner::new().threads(self.threads).range(next..self.range.end);
        let ended = runner.run(self.prepared, sink, |progress| {
            bar.set_position(next - self.range.start + progress.done);
            if progress.failed > 0 {
                bar.set_message(format!("{} failed", progress.failed));
            }
            if self.interrupt.came() || printed.reader_is_gone() {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        bar.finish_and_clear();
        if printed.reader_is_gone() {
            // whoever read the rows has enough of them
            return Ok(());
        }
        let progress = ended.map_err(|error| Failure::Unsolved(format!("{error}{hint}")))?;
        output::say(&format!("{}\n", line(&progress, before)));
        complete(&progress, hint)?;
        self.tolerated.judge(&progress.after(before))
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

/// What a run did, and what of it was there before.
fn line(progress: &Progress, before: &Progress) -> String {
    let rate = progress.done as f64 / progress.seconds.max(1e-9);
    let all = progress.after(before);
    let there = match before.done {
        0 => String::new(),
        done => format!(" ({} of them there before)", fixed(done as f64, 0)),
    };
    format!(
        "{} scenarios{there}, {} failed, {} worked out one by one, in {:.1} s ({} a second); worst residual {:.1e}",
        fixed(all.done as f64, 0),
        all.failed,
        fixed(all.rerun as f64, 0),
        progress.seconds,
        fixed(rate, 0),
        all.worst_residual
    )
}

/// Whether a run came to its end.
pub fn complete(progress: &Progress, hint: &str) -> Result<(), Failure> {
    if progress.is_complete() {
        return Ok(());
    }
    let left = fixed((progress.total - progress.done) as f64, 0);
    Err(Failure::Interrupted(format!("broken off, {left} scenarios left{hint}")))
}
