//! The tape: equations recorded once as operations on numbers, then run for many scenarios at a
//! time.
//!
//! Recording runs the equations with [`Traced`] numbers inside [`record`]: constants fold, common
//! subexpressions merge, and what stays symbolic becomes a node of a [`Graph`]. Root finding is a
//! loop in the graph, whose results carry the derivative of the root ([`Traced::root`]).
//! Derivatives are graphs too ([`Graph::forward`], [`Graph::backward`]),
//! and so is what a loop works out, regrouped ([`Graph::regrouped`]). A [`Program`] is what a
//! graph's requested outputs need, as a flat list of operations: machine code where it can be made,
//! interpreted over blocks of scenarios elsewhere.

mod compare;
mod compile;
mod derive;
mod fold;
mod graph;
mod lanes;
#[cfg_attr(not(target_arch = "x86_64"), path = "native_nowhere.rs")]
mod native;
mod program;
mod regroup;
mod run;
mod traced;

pub(crate) use graph::{Foreign, ForeignMemory, Graph, Id};
pub(crate) use run::{Block, Program};
pub use traced::Traced;
pub(crate) use traced::{LoopRecording, record};
