//! The rows of a table: worked out by several threads while the file is read, written in order as
//! they are solved. However long the table is, only a few rows are in memory.

use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::output::{self, Printed, STANDARD_OUTPUT};
use gaschain::report::csv::ResultFolder;
use gaschain::report::table::TableWriter;
use gaschain::scenario::{Override, Scenario, Table};
use gaschain::{Case, Error, Solved};
use std::collections::{HashSet, VecDeque};
use std::io::Write;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

/// A table that is run.
pub struct Rows<'a> {
    pub table: &'a Table,
    /// What is changed in every row.
    pub changes: &'a [Override],
    /// All cores where none is said.
    pub threads: Option<usize>,
    /// The folder of the rows' folders, where files are asked for.
    pub folder: Option<ResultFolder>,
}

/// What came of the scenarios of a table.
#[derive(Default)]
pub struct Counts {
    pub failed: u64,
    /// In how many some limit is broken.
    pub broken: u64,
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
    /// A CSV row a scenario.
    pub fn print(mut self) -> Result<Counts, Failure> {
        let out = Printed::default();
        let mut writer = TableWriter::new(self.table.chain(), out.clone(), STANDARD_OUTPUT)?;
        self.run(&out, |name, outcome| Ok(writer.row(name, outcome)?))
    }

    /// A JSON report a scenario, in a list.
    pub fn print_reports(mut self) -> Result<Counts, Failure> {
        let out = Printed::default();
        let mut writer = out.clone();
        let mut before = "[\n";
        let ran = self.run(&out, |name, outcome| {
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

    /// Hands every row and what came of it to `write`, in order, and keeps its files.
    fn run(
        &mut self,
        out: &Printed,
        mut write: impl FnMut(&str, Result<&Solved, &Error>) -> Result<(), Failure>,
    ) -> Result<Counts, Failure> {
        let interrupt = Interrupt::listen()?;
        let cores = || thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let threads = self.threads.unwrap_or_else(cores);
        let mut batches = Batches { rows: self.table.scenarios(), changes: self.changes };
        let mut folder = self.folder.take();
        let read: Result<Option<Counts>, Failure> = thread::scope(|scope| {
            let mut workers: Vec<Worker> = Vec::new();
            let mut under_way: VecDeque<usize> = VecDeque::new();
            let (mut next, mut written, mut counts) = (0, 0, Counts::default());
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
                    if let Ok(solved) = &outcome {
                        output::note(solved.normalised(), &mut said);
                        warn(&name, solved, &mut said);
                    }
                    write(&name, outcome.as_ref())?;
                    counts.add(written, &name, outcome.as_ref(), folder.as_mut())?;
                    written += 1;
                    let reader_is_gone = folder.is_none() && out.reader_is_gone();
                    if reader_is_gone {
                        return Ok(None);
                    }
                    self.may_go_on(written, &interrupt)?;
                }
            }
            unread.map_or(Ok(Some(counts)), |error| Err(error.into()))
        });
        // where nobody reads on and no files are wanted either, nothing is judged
        let Some(counts) = read? else { return Ok(Counts::default()) };
        if let Some(folder) = folder {
            folder.finish().map_err(|error| Failure::Unsolved(error.to_string()))?;
        }
        Ok(counts)
    }

    /// An error where somebody asked for the end before the last row.
    fn may_go_on(&self, written: usize, interrupt: &Interrupt) -> Result<(), Failure> {
        let left = self.table.len() - written;
        if left > 0 && interrupt.came() {
            return Err(Failure::Interrupted(format!("broken off, {left} scenarios left")));
        }
        Ok(())
    }
}

impl Counts {
    /// Counts one, and writes its files where they are asked for.
    fn add(
        &mut self,
        index: usize,
        name: &str,
        outcome: Result<&Solved, &Error>,
        folder: Option<&mut ResultFolder>,
    ) -> Result<(), Failure> {
        let Ok(solved) = outcome else {
            self.failed += 1;
            return Ok(());
        };
        self.broken += u64::from(solved.broken().next().is_some());
        let Some(folder) = folder else { return Ok(()) };
        let written = folder.write_one(&folder_name(index, name), solved);
        written.map_err(|error| Failure::Unsolved(error.to_string()))
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

/// Says what stages warn of, of each stage and correlation the first row that it is so in.
fn warn(name: &str, solved: &Solved, said: &mut HashSet<String>) {
    for warned in solved.stage_warnings() {
        let of = format!("{}: {}", warned.stage, warned.warning.correlation);
        if said.insert(of) {
            output::say(&format!("warning: {name}: {warned}; it may be so in other rows, too\n"));
        }
    }
}

/// A scenario's name as a folder name, kept apart by its row.
fn folder_name(index: usize, name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|letter| if letter.is_alphanumeric() || letter == '-' { letter } else { '_' })
        .collect();
    format!("{:04}_{plain}", index + 1)
}
