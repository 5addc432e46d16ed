//! Sweeps: millions of scenarios of one chain.
//!
//! A sweep names what varies ([`Variable`]) and what is asked for (result addresses); an
//! [`Evaluator`] works out blocks of scenarios of it.

mod evaluate;
mod output;
mod recorded;

pub use evaluate::{Evaluator, Results, Variable, Workspace};
pub use output::Output;
