//! Properties of gas: quality by ISO 6976:2016, and GERG-2008.

mod equation;
mod natural;
mod quality;
mod stations;
