//! The kinds of stages, one by one.

mod compress;
mod crack;
mod fuel;
mod pipeline;
mod polymerise;
mod react;
mod separate;
