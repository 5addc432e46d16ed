//! Chains: stages joined port to port, the limits on them, and the rule they run by.
//!
//! A chain is built with [`Builder`] or read from a folder ([`Chain::read`]); both roads give the
//! same chain. It holds no results: [`Chain::solve`] runs it with a set of values
//! ([`Chain::values`]) and gives a [`Solved`](crate::solved::Solved), which exists only if every
//! balance closed.

mod assemble;
mod assembly;
mod blueprint;
mod connect;
mod error;
mod file;
mod file_limits;
mod file_products;
mod file_values;
mod folder;
mod limits;
mod model;
mod order;
mod prepare;
mod read;
mod recycle;
mod resolve;
mod run;
mod settle;
mod space;
mod straight;
mod structure;
mod trace;
mod trace_recycle;
mod trace_stage;
mod trace_walk;
mod tree;
mod walk;

pub use blueprint::{Announced, Builder, Leaving, Product};
pub use error::{CLOSES_WITHIN, SolveError};
pub use folder::{CHAIN_FILE, Folder};
pub use model::{Chain, LimitInfo};

pub(crate) use assemble::hexadecimal;
pub(crate) use file_values::value_of;
pub(crate) use run::Memory;
pub(crate) use space::Outcome;
pub(crate) use trace::{Recorded, record_run};
pub(crate) use tree::{Link, PlacedLoad, Stop};
