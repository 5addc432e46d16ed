//! Chains: stages joined port to port, the limits on them, and the rule they run by.
//!
//! *In:* a [`Builder`] or a [`Folder`], then values. *Out:* a [`Chain`], and what a run of it
//! leaves for a [`Solved`](crate::solved::Solved). *Order:* `file` fills in a builder, `build`
//! makes a `tree` of it inside a `model` (`supplies`, `belonging` and `conditions` judge what its
//! values are together), `rule` runs that; `exit` and `error` are words all of
//! them use.
//!
//! A chain is built with [`Builder`] or read from a folder ([`Chain::read`]); both roads give the
//! same chain. It holds no results: a [`Case`](crate::Case) of it ([`Chain::case`]) runs it with its
//! values and gives a [`Solved`](crate::solved::Solved), which exists only if every balance closed.

mod belonging;
mod build;
mod conditions;
mod error;
mod exit;
mod file;
mod index;
mod model;
mod promise;
mod rule;
mod supplies;
mod tree;

pub(crate) use belonging::Belonging;
pub use build::Builder;
pub(crate) use error::SolveError;
pub use error::{CLOSES_WITHIN, CannotHold};
pub use exit::{Announced, Leaving, Product};
pub use file::{CHAIN_FILE, Folder};
pub use model::{Chain, LimitInfo};
pub use promise::Openings;

pub(crate) use file::value_of;
pub(crate) use rule::{Memory, Outcome, Recorded, record_run, warnings};
pub(crate) use tree::{
    Inlet, InletId, Level, LevelId, LimitId, Link, LoadId, OUTERMOST, PlacedLimit, PlacedLoad,
    PlacedStage, StageId, Stop, Tree,
};
