//! The operating rule (concept, section 2) on chains small enough to work out by hand, the examples
//! of the concept first; on chains whose openings a programme found; and by its properties on random
//! ones. All flows are in mol/s; numbers agree to 1e-12.

mod by_programme;
mod chains;
mod concept;
mod errors;
mod flat;
mod imports;
mod limits;
mod nonlinear;
mod order;
mod properties;
mod quality;
pub mod recycle;
mod repeated;
mod surplus;
mod throttling;
mod two_inlets;
