//! Real gas: compressibility, density, heat capacity and Joule-Thomson coefficient by GERG-2008,
//! viscosity, and the quality that a market measures (ISO 6976).

mod state;

pub use state::{Gas, GasState, UniformGas};
