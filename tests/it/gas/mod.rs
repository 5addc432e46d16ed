//! Properties of gas: quality by ISO 6976:2016, and GERG-2008.

#[cfg(feature = "gerg")]
mod equation;
#[cfg(feature = "gerg")]
mod natural;
mod quality;
