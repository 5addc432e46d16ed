//! What a sweep asks for: its axes, its design, its outputs, from a file or from Rust.
//!
//! *In:* a sweep file, or calls. *Out:* a [`Sweep`], not judged yet. *Order:* `file` reads one into
//! `sweep`, whose axes (`axis`) may be drawn from a `distribution`; `provenance` says what of it
//! determines its results.

mod axis;
mod distribution;
mod file;
mod provenance;
mod sweep;

pub use axis::{Axis, Range};
pub use distribution::Distribution;
pub(super) use distribution::listed;
pub use sweep::Sweep;
