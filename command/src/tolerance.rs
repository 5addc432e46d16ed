//! What a run may have and still be one that went well: failed scenarios, broken limits.

use crate::failure::Failure;
use crate::words;
use gaschain::fault::Faults;
use gaschain::sweep::Progress;

/// The word for any number of failed scenarios.
const ALL: &str = "all";

/// The arguments that say it.
#[derive(Debug, clap::Args)]
pub struct Tolerance {
    /// Exit code 0 with up to so many failed scenarios, or all
    #[arg(long, value_name = "N|all", default_value = "0")]
    max_failed: String,
    /// Exit code 1 where a limit is broken, too
    #[arg(long)]
    strict: bool,
}

/// The same, read.
#[derive(Debug, Clone, Copy)]
pub struct Tolerated {
    failed: u64,
    broken: bool,
}

impl Tolerance {
    pub fn read(&self, faults: &mut Faults) -> Tolerated {
        let failed = match self.max_failed.as_str() {
            ALL => u64::MAX,
            text => text.parse().unwrap_or_else(|_| {
                let allowed = "a number from 0 on, or all";
                words::unreadable("--max-failed", text, allowed, faults);
                0
            }),
        };
        Tolerated { failed, broken: !self.strict }
    }
}

impl Tolerated {
    /// Judges a run to its end, by what it counted.
    pub fn judge(self, progress: &Progress) -> Result<(), Failure> {
        if let Some(message) = progress.disagreement() {
            return Err(Failure::Unsolved(message));
        }
        self.counted(progress.done, progress.failed, progress.broken)
    }

    /// Judges so many scenarios, of which so many failed and so many have broken limits.
    pub fn counted(self, done: u64, failed: u64, broken: u64) -> Result<(), Failure> {
        let mut why = Vec::new();
        if failed > self.failed {
            why.push(format!("{failed} of {done} scenarios could not be solved"));
        }
        if broken > 0 && !self.broken {
            why.push(format!("limits are broken in {broken} of {done} scenarios"));
        }
        if why.is_empty() { Ok(()) } else { Err(Failure::Unsolved(why.join("\n"))) }
    }
}
