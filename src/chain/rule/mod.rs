//! The operating rule: how far each inlet opens, and what stops it.
//!
//! *In:* a tree, values. *Out:* streams, openings and stops in a workspace. *Order:* `plan` works
//! out what names and switches decide; a `pass` runs a level: full, by `closed_form`, or by a `walk`,
//! then its stages, with each `recycle` solved; `trace` records the same for the tape. The
//! `workspace` is what all of it writes.

mod closed_form;
mod pass;
mod plan;
mod recycle;
mod step;
mod system;
mod trace;
mod walk;
mod workspace;

pub(crate) use pass::Memory;
pub(crate) use trace::{Recorded, record_run};
pub(crate) use workspace::Outcome;
