//! Pipelines: by their own needs; by hydraulics, what the stage does and what limits make of it.

#[cfg(feature = "gerg")]
mod by_hand;
mod faults;
#[cfg(feature = "gerg")]
mod hydraulics;
#[cfg(feature = "gerg")]
mod joined;
#[cfg(feature = "gerg")]
mod line;
mod own_needs;
#[cfg(feature = "gerg")]
mod rule;
