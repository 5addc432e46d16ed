//! Properties of gas: quality by ISO 6976:2016, and GERG-2008, dew points by it.

mod blended;
mod dew;
mod equation;
mod natural;
mod quality;
mod stations;
