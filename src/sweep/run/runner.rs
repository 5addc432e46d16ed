//! Running a sweep: blocks of scenarios on several threads, handed on in order.

use super::crew::Crew;
use super::source::Source;
use crate::error::Error;
use crate::fault::FaultKind;
use crate::sweep::block::{BLOCK, Block};
use crate::sweep::sink::Sink;
use std::io;
use std::num::NonZeroUsize;
use std::ops::{ControlFlow, Range};
use std::time::{Duration, Instant};

/// Most blocks that a thread works out before the sink is given them: enough that threads seldom
/// wait for the slowest block, few enough that memory stays small.
const BLOCKS_PER_THREAD: usize = 4;

/// Time in which something should be heard of a run: slow scenarios are given to the sink after
/// every block of each thread.
const SOON: Duration = Duration::from_millis(100);

/// How far a run is.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[non_exhaustive]
pub struct Progress {
    /// Scenarios handed to the sink.
    pub done: u64,
    /// Of these, how many failed.
    pub failed: u64,
    /// Of these, in how many some limit is broken.
    pub broken: u64,
    /// Of these, how many were worked out one by one.
    pub rerun: u64,
    /// How many, worked out both by a program and by themselves, came out otherwise: those of the
    /// blocks that the run had a part in, which were then worked out one by one.
    pub disagreed: u64,
    /// The number of the first of them.
    pub first_disagreed: Option<u64>,
    /// Scenarios of the whole run.
    pub total: u64,
    /// Time since it started, s.
    pub seconds: f64,
    /// Worst residual of all balances so far.
    pub worst_residual: f64,
}

impl Progress {
    /// Whether all are done.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.done == self.total
    }

    /// All of what this run did and what was done before it: that of a run that was gone on with,
    /// or of parts that are merged.
    #[must_use]
    pub fn after(&self, before: &Self) -> Self {
        Self {
            done: before.done + self.done,
            failed: before.failed + self.failed,
            broken: before.broken + self.broken,
            rerun: before.rerun + self.rerun,
            disagreed: before.disagreed + self.disagreed,
            first_disagreed: before.first_disagreed.or(self.first_disagreed),
            total: before.total + self.total,
            seconds: self.seconds,
            worst_residual: before.worst_residual.max(self.worst_residual),
        }
    }

    /// What to say of scenarios that came out otherwise by themselves, if any did: a run that has
    /// such has failed, whatever it wrote.
    #[must_use]
    pub fn disagreement(&self) -> Option<String> {
        let first = self.first_disagreed?;
        Some(format!(
            "{} scenarios, the first of them {first}, came out otherwise when worked out by themselves: their blocks of {BLOCK} were worked out one by one, but what gave all others cannot be trusted",
            self.disagreed
        ))
    }
}

/// Runs the scenarios of a [`Source`] and hands them to a [`Sink`] in the order of their numbers.
///
/// Results depend on the scenario's number alone: not on the number of threads, on where a range
/// is cut, or on what was run before. Memory does not grow with the number of scenarios, and
/// none is taken for a scenario that neither fails nor is worked out by itself.
///
/// ```
/// use gaschain::sweep::{Block, Column, Each, Layout, Runner, Source};
/// use std::ops::ControlFlow;
///
/// /// Squares of the scenario's number.
/// struct Squares;
/// impl Source for Squares {
///     type Memory = ();
///     fn layout(&self) -> Layout {
///         let square = Column { address: "square".into(), unit: None, names: None };
///         Layout { outputs: vec![square], ..Layout::default() }
///     }
///     fn scenarios(&self) -> u64 {
///         5_000
///     }
///     fn memory(&self) {}
///     fn fill(&self, (): &mut (), count: usize, block: &mut Block) {
///         let first = block.first;
///         block.results.count = count;
///         block.results.values.clear();
///         block.results.values.extend((first..).take(count).map(|n| (n * n) as f64));
///         block.results.residuals.clear();
///         block.results.residuals.resize(count, 0.0);
///     }
/// }
///
/// let mut sum = 0.0;
/// let mut sink = Each(|row: gaschain::sweep::Row<'_>| sum += row.outputs().next().unwrap());
/// let run = Runner::new().threads(2).range(0..3_000).run(
///     &Squares,
///     &mut sink,
///     |_| ControlFlow::Continue(()),
/// )?;
/// assert!(run.is_complete());
/// assert_eq!(sum, (0..3_000_u64).map(|n| n * n).sum::<u64>() as f64);
/// # Ok::<(), gaschain::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Runner {
    threads: Option<NonZeroUsize>,
    range: Option<Range<u64>>,
}

/// A block with the memory to work it out and what the sink makes of it.
struct Slot<M, E> {
    memory: M,
    count: usize,
    block: Block,
    encoded: E,
}

impl Runner {
    /// A run of all scenarios on all cores.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Most threads that are asked of a machine: more would be waited for before anything runs.
    pub const MOST_THREADS: usize = 1_024;

    /// The same on so many threads, at most [`Runner::MOST_THREADS`] and no more than there are
    /// blocks; 0 stands for all cores.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = NonZeroUsize::new(threads);
        self
    }

    /// The same for some of the scenarios, the end not among them.
    #[must_use]
    pub fn range(mut self, range: Range<u64>) -> Self {
        self.range = Some(range);
        self
    }

    /// Runs, and says how far it came: less than all where `progress` broke it off. That is
    /// asked after every few blocks, the last among them.
    ///
    /// # Errors
    /// A range that the sweep does not have, too many threads, threads that cannot be started, results that cannot
    /// be written. A scenario that fails is none: it is among the results.
    pub fn run<S: Source, K: Sink>(
        &self,
        source: &S,
        sink: &mut K,
        mut progress: impl FnMut(&Progress) -> ControlFlow<()>,
    ) -> Result<Progress, Error> {
        let started = Instant::now();
        let scenarios = source.scenarios();
        let Range { start: first, end } = self.range.clone().unwrap_or(0..scenarios);
        if first > end || end > scenarios {
            let got = format!("scenarios {first}..{end} of a sweep of {scenarios}");
            return Err(
                FaultKind::NotAllowed { got, allowed: format!("within 0..{scenarios}") }.into()
            );
        }
        let threads = self.threads.map_or(0, NonZeroUsize::get);
        if threads > Self::MOST_THREADS {
            let got = format!("{threads} threads");
            let allowed = format!("at most {}", Self::MOST_THREADS);
            return Err(FaultKind::NotAllowed { got, allowed }.into());
        }
        // more of them than blocks would have nothing to do
        let blocks = end.div_ceil(BLOCK) - first / BLOCK;
        let crew = Crew::of(threads, usize::try_from(blocks).unwrap_or(usize::MAX))?;
        let workers = crew.workers();
        let most_per_thread = if crew.is_alone() { 1 } else { BLOCKS_PER_THREAD };
        let slot = |_| Slot {
            memory: source.memory(),
            count: 0,
            block: Block::default(),
            encoded: K::Encoded::default(),
        };
        let mut slots: Vec<Slot<S::Memory, K::Encoded>> =
            (0..workers * most_per_thread).map(slot).collect();
        let mut so_far = Progress { total: end - first, ..Progress::default() };
        let mut next = first;
        let mut per_thread = 1;
        while next < end {
            let began = Instant::now();
            let used = deal(&mut slots[..workers * per_thread], &mut next, end);
            let slots = &mut slots[..used];
            let shared = &*sink;
            let work = |slot: &mut Slot<S::Memory, K::Encoded>| {
                source.fill(&mut slot.memory, slot.count, &mut slot.block);
                if shared.reads_axes() {
                    source.show_axes(&mut slot.block);
                }
                slot.block.results.failures.sort_unstable_by_key(|(lane, _)| *lane);
                shared.encode(&slot.block, &mut slot.encoded);
            };
            crew.each(slots, work);
            for slot in slots {
                let next = slot.block.first;
                sink.write(&slot.block, &mut slot.encoded)
                    .map_err(|error| not_written(next, &error))?;
                so_far.count(&slot.block);
            }
            let quick = began.elapsed() < SOON;
            per_thread = if quick { most_per_thread.min(2 * per_thread) } else { 1 };
            so_far.seconds = started.elapsed().as_secs_f64();
            if progress(&so_far).is_break() {
                break;
            }
        }
        sink.finish().map_err(|error| not_written(first + so_far.done, &error))?;
        so_far.seconds = started.elapsed().as_secs_f64();
        Ok(so_far)
    }
}

fn not_written(next: u64, error: &io::Error) -> FaultKind {
    FaultKind::NotWritten { next, how: error.kind(), why: error.to_string() }
}

/// Gives each slot its block, from `next` on; how many got one.
fn deal<M, E>(slots: &mut [Slot<M, E>], next: &mut u64, end: u64) -> usize {
    let mut used = 0;
    for slot in slots {
        if *next == end {
            break;
        }
        let border = (*next / BLOCK + 1).saturating_mul(BLOCK).min(end);
        slot.block.first = *next;
        // at most a block
        slot.count = usize::try_from(border - *next).unwrap_or(usize::MAX);
        *next = border;
        used += 1;
    }
    used
}

impl Progress {
    pub(in crate::sweep) fn count(&mut self, block: &Block) {
        self.done += block.count() as u64;
        self.failed += block.results.failures.len() as u64;
        self.broken += block.results.count_broken();
        self.rerun += block.results.rerun as u64;
        self.disagreed += block.results.disagreed.len() as u64;
        self.first_disagreed =
            self.first_disagreed.or_else(|| block.results.disagreed.first().copied());
        for residual in &block.results.residuals {
            // that of a failed scenario is not a number, and max passes over it
            self.worst_residual = self.worst_residual.max(*residual);
        }
    }
}
