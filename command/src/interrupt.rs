//! Hearing that a run should end: Ctrl-C, or the signal by which processes are ended.

use crate::failure::Failure;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The exit code of what was interrupted.
const INTERRUPTED: i32 = 130;

/// Whether somebody asked for the run to end.
#[derive(Debug, Clone)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Listens from now on: before anything is written, so that what is written is left sound.
    pub fn listen() -> Result<Self, Failure> {
        let interrupt = Self(Arc::new(AtomicBool::new(false)));
        let heard = interrupt.clone();
        let listening = ctrlc::set_handler(move || {
            // who asks twice does not want to wait for the blocks under way
            if heard.0.swap(true, Ordering::Relaxed) {
                std::process::exit(INTERRUPTED);
            }
        });
        match listening {
            Ok(()) => Ok(interrupt),
            Err(error) => Err(Failure::Unsolved(format!("Ctrl-C cannot be listened to: {error}"))),
        }
    }

    /// Whether it did.
    pub fn came(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
