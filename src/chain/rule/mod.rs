//! The operating rule: how far each inlet opens, and what stops it.
//!
//! *In:* a tree, values. *Out:* streams, openings and stops in a workspace. *Order:* `plan` works
//! out what names and switches decide; `gases` are made for the stages that ask for them; a `pass` runs a level: its `opening`s first (it `fill`s what
//! only fills, and has others `choose`d, by what is `felt`, or says what `cannot` hold), then its stages, with each `recycle`
//! solved; `stopped` names what stops each inlet; `trace` records the same for the tape; `warned`
//! asks stages what they warn of, once a run has ended. The `workspace` is what all of it writes.

mod apart;
mod cannot;
mod choose;
mod claims;
mod felt;
mod fill;
mod gases;
mod opening;
mod pass;
mod plan;
mod recycle;
mod stopped;
mod system;
mod trace;
mod warned;
mod workspace;

pub(crate) use pass::Memory;
pub(crate) use trace::{Recorded, record_run};
pub(crate) use warned::warnings;
pub(crate) use workspace::Outcome;
