//! Pipelines: by their own needs; by hydraulics, what the stage does and what limits make of it.

mod by_hand;
mod condensing;
mod dense;
mod faults;
mod hydraulics;
mod joined;
pub mod line;
mod own_needs;
mod rule;
