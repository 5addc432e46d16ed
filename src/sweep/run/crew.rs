//! The threads of a run: as many as are asked for, or this one.

use crate::fault::FaultKind;

#[cfg(feature = "threads")]
use rayon::prelude::*;
#[cfg(feature = "threads")]
use std::num::NonZeroUsize;

/// Who works out blocks.
#[derive(Debug)]
pub(super) struct Crew {
    /// None where this thread does.
    #[cfg(feature = "threads")]
    pool: Option<rayon::ThreadPool>,
}

#[cfg(feature = "threads")]
impl Crew {
    /// So many threads, and at most `most`; all cores where it is 0, this one where it is 1.
    pub fn of(threads: usize, most: usize) -> Result<Self, FaultKind> {
        let cores = || std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let threads = if threads == 0 { cores() } else { threads }.min(most.max(1));
        let pool = (threads != 1)
            .then(|| rayon::ThreadPoolBuilder::new().num_threads(threads).build())
            .transpose()
            .map_err(|error| FaultKind::NotAllowed {
                got: format!("{threads} threads, which cannot be started ({error})"),
                allowed: "as many as the machine can start".to_owned(),
            })?;
        Ok(Self { pool })
    }

    pub fn workers(&self) -> usize {
        self.pool.as_ref().map_or(1, rayon::ThreadPool::current_num_threads)
    }

    /// Whether it is this thread alone.
    pub const fn is_alone(&self) -> bool {
        self.pool.is_none()
    }

    /// Does some work for each slot.
    pub fn each<T: Send>(&self, slots: &mut [T], work: impl Fn(&mut T) + Sync + Send) {
        match &self.pool {
            Some(pool) => pool.install(|| slots.par_iter_mut().with_max_len(1).for_each(work)),
            None => slots.iter_mut().for_each(work),
        }
    }
}

#[cfg(not(feature = "threads"))]
impl Crew {
    /// This thread, however many are asked for: results are the same.
    #[allow(clippy::unnecessary_wraps, reason = "as with threads")]
    pub const fn of(_: usize, _: usize) -> Result<Self, FaultKind> {
        Ok(Self {})
    }

    #[allow(clippy::unused_self, reason = "as with threads")]
    pub const fn workers(&self) -> usize {
        1
    }

    #[allow(clippy::unused_self, reason = "as with threads")]
    pub const fn is_alone(&self) -> bool {
        true
    }

    /// Does some work for each slot.
    #[allow(clippy::unused_self, reason = "as with threads")]
    pub fn each<T>(&self, slots: &mut [T], work: impl Fn(&mut T)) {
        slots.iter_mut().for_each(work);
    }
}
