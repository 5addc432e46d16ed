//! Sweeps: millions of scenarios of one chain.
//!
//! A sweep names what varies ([`Variable`]) and what is asked for (result addresses); an
//! [`Evaluator`] works out blocks of scenarios of it.

mod design;
mod evaluate;
mod latin;
mod low_discrepancy;
mod output;
mod plan;
mod random;

pub use design::{AxisColumn, Design, DesignScratch};
pub use evaluate::{Evaluator, Results, Variable, Workspace};
pub use output::Output;
pub use plan::{Prepared, Sweep};
