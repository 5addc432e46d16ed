//! Working scenarios out, in blocks.
//!
//! *In:* columns of axes. *Out:* columns of outputs, with residuals and failures. *Order:* the
//! `evaluator` has a program `recorded` for each combination of options, with what `judges` every
//! scenario in it, and hands on its `column`s; what a program is not sure of is worked out
//! `single`, and some scenarios both ways, which have to `agree`; an `output` is an address,
//! resolved; `gradient` runs a program backwards.

mod agree;
mod column;
mod evaluator;
mod gradient;
mod judges;
mod recorded;
mod single;

pub use evaluator::{Evaluator, Results, Variable, Workspace};
pub use gradient::{Gradient, GradientWorkspace, Slopes};
