//! Documents people write: TOML texts and CSV tables, every value of which knows its place.
//!
//! *In:* the bytes of a file and what messages call it. *Out:* entries and tables, each value with
//! its file and line, and the faults of their form. *Order:* bytes become `text`, of which `toml` and `csv`
//! read side by side;
//! what the values mean is judged by the rooms that asked for them.

pub mod csv;
pub mod text;
pub mod toml;

pub use toml::{Entry, Node, parse};
