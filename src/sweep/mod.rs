//! Sweeps: millions of scenarios of one chain.
//!
//! A [`Sweep`] (a file, or built in Rust) names the axes, the design and what is asked for; judged
//! against its chain it becomes [`Prepared`]. Its [`Design`] tells what each scenario's axes are,
//! by the scenario's index alone; its [`Evaluator`] works out blocks of scenarios of it.

mod axis;
mod beta;
mod correlation;
mod design;
mod distribution;
mod evaluate;
mod file;
mod judge;
mod latin;
mod low_discrepancy;
mod marginal;
mod normal;
mod output;
mod plan;
mod random;
mod tabled;

pub use axis::{Axis, Range};
pub use correlation::Correlation;
pub use design::{AxisColumn, Design, DesignKind, DesignScratch};
pub use distribution::Distribution;
pub use evaluate::{Evaluator, Results, Variable, Workspace};
pub use output::Output;
pub use plan::{Prepared, Sweep};
