//! Recycles: solved exactly, against answers worked out by hand or by bisection here.

pub mod chains;
mod drawn;
pub mod draws;
mod limits;
mod linear;
mod nests;
mod no_way_out;
mod nonlinear;
mod random;
