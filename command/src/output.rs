//! Standard output and standard error, neither of which can be counted on.
//!
//! A reader that goes away (`| head`) has enough, which is no error; a full disk is one. What
//! cannot be said on standard error is left unsaid: the exit code tells the outcome.

use crate::failure::Failure;
use gaschain::fault::visible_lines;
use std::collections::HashSet;
use std::io::{self, ErrorKind, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What messages call standard output.
pub const STANDARD_OUTPUT: &str = "standard output";

/// Writes a whole text to standard output.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = Printed::default();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|error| Failure::unwritten(STANDARD_OUTPUT, &error))
}

/// Writes a text of which names of files and chains are parts.
pub fn show(text: &str) -> Result<(), Failure> {
    print(&visible_lines(text))
}

/// Writes to standard error, as far as that can be done.
pub fn say(text: &str) {
    let mut out = io::stderr().lock();
    let _ = out.write_all(visible_lines(text).as_bytes()).and_then(|()| out.flush());
}

/// Says what a person should know of what was read, each once.
pub fn note(notes: impl IntoIterator<Item = String>, said: &mut HashSet<String>) {
    say_once("note", notes, said);
}

/// Warns of what makes results doubtful, of each once.
pub fn warn(warnings: impl IntoIterator<Item = String>, said: &mut HashSet<String>) {
    say_once("warning", warnings, said);
}

fn say_once(word: &str, texts: impl IntoIterator<Item = String>, said: &mut HashSet<String>) {
    for text in texts {
        if !said.contains(&text) {
            say(&format!("{word}: {text}\n"));
            said.insert(text);
        }
    }
}

/// Standard output, written row by row. Clones know the same: who gave one away can ask whether
/// anybody reads.
#[derive(Debug, Clone, Default)]
pub struct Printed(Arc<AtomicBool>);

impl Printed {
    /// Whether the reader went away. What is written from then on is dropped.
    pub fn reader_is_gone(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// What was done, or `instead` where the reader is gone.
    fn unless_gone<T>(&self, done: impl FnOnce() -> io::Result<T>, instead: T) -> io::Result<T> {
        if self.reader_is_gone() {
            return Ok(instead);
        }
        match done() {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.0.store(true, Ordering::Relaxed);
                Ok(instead)
            }
            other => other,
        }
    }
}

impl Write for Printed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.unless_gone(|| io::stdout().lock().write(bytes), bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.unless_gone(|| io::stdout().lock().flush(), ())
    }
}
