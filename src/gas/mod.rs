//! Real gas: compressibility, density, heat capacity and Joule-Thomson coefficient by GERG-2008,
//! viscosity, and the quality that a market measures (ISO 6976).

mod state;
mod viscosity;

pub use state::{Gas, GasState, UniformGas};
pub use viscosity::lee_gonzalez_eakin;
