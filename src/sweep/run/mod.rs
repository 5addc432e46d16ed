//! Running a sweep on several threads, its results in order.
//!
//! *In:* a `source` of blocks and a range of scenarios. *Out:* blocks handed to a sink. *Order:*
//! the `runner` deals blocks to threads and writes them in the order of their numbers. Before that
//! somebody may ask which axes are `idle`.

mod crew;
mod idle;
mod runner;
mod source;

pub use runner::{Progress, Runner};
pub use source::{Memory, Source};
