//! The kinds of stages, one by one.

mod compress;
mod crack;
mod fuel;
pub mod pipeline;
mod polymerise;
mod react;
mod separate;
