//! The rows of a table: worked out by several threads while the file is read, written in order as
//! they are solved. However long the table is, only a few rows are in memory.

use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::output::{self, Printed, STANDARD_OUTPUT};
use gaschain::report::csv;
use gaschain::report::table::TableWriter;
use gaschain::scenario::{Override, Scenario, Table};
use gaschain::{Case, Error, Solved};
use std::collections::{HashSet, VecDeque};
use std::io::Write;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

/// A table that is run.
pub struct Rows<'a> {
    pub table: &'a Table,
    /// What is changed in every row.
    pub changes: &'a [Override],
    /// All cores where none is said.
    pub threads: Option<usize>,
    /// The folder of the rows' folders.
    pub out: Option<&'a Path>,
}

/// Rows that a thread is handed at once: few enough that the first results come soon.
const BATCH: usize = 16;

/// Batches that are under way for each thread.
const AHEAD: usize = 2;

/// The name of a scenario and what came of it.
type Outcome = (String, Result<Solved, Error>);

/// A thread that works out batches, one after another.
struct Worker {
    work: SyncSender<Vec<Scenario>>,
    done: Receiver<Vec<Outcome>>,
}

impl Rows<'_> {
    /// A CSV row a scenario; how many failed.
    pub fn print(&self) -> Result<usize, Failure> {
        let out = Printed::default();
        let mut writer = TableWriter::new(self.table.chain(), out.clone(), STANDARD_OUTPUT)?;
        self.run(&out, |index, name, outcome| {
            writer.row(name, outcome)?;
            self.keep(index, name, outcome)
        })
    }

    /// A JSON report a scenario, in a list; how many failed.
    pub fn print_reports(&self) -> Result<usize, Failure> {
        let out = Printed::default();
        let mut writer = out.clone();
        let mut before = "[\n";
        let ran = self.run(&out, |index, name, outcome| {
            self.keep(index, name, outcome)?;
            let report = match outcome {
                Ok(solved) => solved.report().to_json(),
                Err(error) => {
                    let name = serde_json::json!(name);
                    let error = serde_json::json!(error.to_string());
                    format!("{{\"scenario\": {name}, \"error\": {error}}}")
                }
            };
            write(&mut writer, &format!("{before}{report}"))?;
            before = ",\n";
            Ok(())
        });
        // whatever ended it, the list is one
        write(&mut writer, if before == "[\n" { "[]\n" } else { "\n]\n" })?;
        ran
    }

    /// The files of one row, where files are asked for.
    fn keep(
        &self,
        index: usize,
        name: &str,
        outcome: Result<&Solved, &Error>,
    ) -> Result<(), Failure> {
        match (self.out, outcome) {
            (Some(out), Ok(solved)) => {
                Ok(csv::write_folder(solved, &out.join(folder_name(index, name)))?)
            }
            _ => Ok(()),
        }
    }

    /// Hands every row and what came of it to `write`, in order; how many failed.
    fn run(
        &self,
        out: &Printed,
        mut write: impl FnMut(usize, &str, Result<&Solved, &Error>) -> Result<(), Failure>,
    ) -> Result<usize, Failure> {
        let interrupt = Interrupt::listen()?;
        let cores = || thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let threads = self.threads.unwrap_or_else(cores);
        let mut batches = Batches { rows: self.table.scenarios(), changes: self.changes };
        thread::scope(|scope| {
            let mut workers: Vec<Worker> = Vec::new();
            let mut under_way: VecDeque<usize> = VecDeque::new();
            let (mut next, mut written, mut failed) = (0, 0, 0);
            let mut unread = None;
            let mut said = HashSet::new();
            loop {
                while unread.is_none() && under_way.len() < AHEAD * threads {
                    let batch = match batches.next() {
                        Ok(batch) if batch.is_empty() => break,
                        Ok(batch) => batch,
                        // after the rows that were read before
                        Err(error) => {
                            unread = Some(error);
                            break;
                        }
                    };
                    // a table of few rows starts few threads
                    if workers.len() == next {
                        let mut case = self.table.chain().case();
                        let ((work, receiver), (sender, done)) =
                            (sync_channel(AHEAD), sync_channel(AHEAD));
                        scope.spawn(move || work_out(&mut case, &receiver, &sender));
                        workers.push(Worker { work, done });
                    }
                    // one that is gone has panicked, and the scope says so
                    let _ = workers[next].work.send(batch);
                    under_way.push_back(next);
                    next = (next + 1) % threads;
                }
                let Some(worker) = under_way.pop_front() else { break };
                let Ok(outcomes) = workers[worker].done.recv() else { break };
                for (name, outcome) in outcomes {
                    failed += usize::from(outcome.is_err());
                    if let Ok(solved) = &outcome {
                        output::note(solved.normalised(), &mut said);
                    }
                    write(written, &name, outcome.as_ref())?;
                    written += 1;
                    if let ControlFlow::Break(ended) = self.ends_after(written, out, &interrupt) {
                        return ended.map(|()| 0);
                    }
                }
            }
            unread.map_or(Ok(failed), |error| Err(error.into()))
        })
    }

    /// Whether a row is the last, because nobody reads on and no files are wanted either; an error
    /// where somebody asked for the end.
    fn ends_after(
        &self,
        written: usize,
        out: &Printed,
        interrupt: &Interrupt,
    ) -> ControlFlow<Result<(), Failure>> {
        let left = self.table.len() - written;
        if left > 0 && interrupt.came() {
            let message = format!("broken off, {left} scenarios left");
            return ControlFlow::Break(Err(Failure::Interrupted(message)));
        }
        if self.out.is_none() && out.reader_is_gone() {
            return ControlFlow::Break(Ok(()));
        }
        ControlFlow::Continue(())
    }
}

/// Rows of a table, several at once.
struct Batches<'a, R> {
    rows: R,
    changes: &'a [Override],
}

impl<R: Iterator<Item = Result<Scenario, Error>>> Batches<'_, R> {
    /// The next rows, none at the end.
    fn next(&mut self) -> Result<Vec<Scenario>, Error> {
        let mut batch = Vec::with_capacity(BATCH);
        for scenario in self.rows.by_ref().take(BATCH) {
            let mut scenario = scenario?;
            scenario.overrides.extend(self.changes.iter().cloned());
            batch.push(scenario);
        }
        Ok(batch)
    }
}

/// Works out batches until there are no more, or nobody wants what comes of them.
fn work_out(case: &mut Case, work: &Receiver<Vec<Scenario>>, done: &SyncSender<Vec<Outcome>>) {
    for batch in work {
        let outcomes = batch.into_iter().map(|scenario| {
            let outcome = case.reset().apply(&scenario).and_then(Case::solve);
            (scenario.name, outcome)
        });
        if done.send(outcomes.collect()).is_err() {
            return;
        }
    }
}

fn write(out: &mut Printed, text: &str) -> Result<(), Failure> {
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|error| Failure::unwritten(STANDARD_OUTPUT, &error))
}

/// A scenario's name as a folder name, kept apart by its row.
fn folder_name(index: usize, name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|letter| if letter.is_alphanumeric() || letter == '-' { letter } else { '_' })
        .collect();
    format!("{:04}_{plain}", index + 1)
}
