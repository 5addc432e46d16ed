//! Whether a sweep that was put together in Rust fits the chain. Those of files are in `ask/faults/`.

mod axes;
mod designs;
mod many;
mod ranks;
