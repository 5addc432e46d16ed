//! The tape: equations recorded once as operations on numbers, then run for many scenarios at a
//! time.
//!
//! *In:* equations run with [`Traced`] numbers. *Out:* a program that runs them for blocks of
//! scenarios. *Order:* `traced` records into a `graph`, which simplifies as it grows and gives its
//! own derivatives; `compile` makes a listing (`program`) of what is asked for; `native` turns that
//! into machine code, and `interpret` runs it where there is none. Both give the same bits, on every machine:
//! logarithms, exponentials and powers are written step by step (`math`), into machine code too.
//!
//! Recording runs the equations with [`Traced`] numbers: constants fold, common subexpressions
//! merge, and what stays symbolic becomes a node. Root finding is a loop in the graph, whose results
//! carry the derivative of the root. Derivatives are graphs too, and so is what a loop works out,
//! regrouped.

mod compile;
mod graph;
mod interpret;
mod lanes;
#[cfg_attr(not(all(target_arch = "x86_64", feature = "machine-code")), path = "native/nowhere.rs")]
mod native;
mod program;
#[cfg(test)]
mod tests;
mod traced;

pub(crate) use graph::{Foreign, ForeignMemory, Graph, Id};
pub(crate) use interpret::{Block, Program};
pub use traced::Traced;
pub(crate) use traced::{LoopRecording, record};

/// How many listings, and how many pieces of machine code, were replayed so far.
#[cfg(test)]
pub(crate) fn replayed() -> [usize; 2] {
    use std::sync::atomic::Ordering::Relaxed;
    [compile::tests::REPLAYED.load(Relaxed), native::replayed()]
}
