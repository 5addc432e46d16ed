//! Working scenarios out, in blocks: what sweeps and [`Function`](crate::Function)s run by.
//!
//! *In:* columns of axes. *Out:* columns of outputs, with residuals and failures. *Order:* the
//! `evaluator` has a program `recorded` for each combination of options, with what `judges` every
//! scenario in it (which limits are `broken`, too), and hands on its `column`s; what a program is not sure of is worked out
//! `single`, and some scenarios both ways, which have to `agree`; `gradient` runs a program
//! backwards.

mod agree;
mod broken;
mod column;
mod evaluator;
mod gradient;
mod judges;
mod recorded;
mod single;
#[cfg(test)]
mod tests;

pub use evaluator::Results;
pub(crate) use evaluator::{Evaluator, Variable, Workspace};
pub(crate) use gradient::Gradient;
pub use gradient::Slopes;
