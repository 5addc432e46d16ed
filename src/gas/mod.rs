//! Real gas: compressibility, density, heat capacity and Joule-Thomson coefficient by GERG-2008,
//! viscosity, and the quality that a market measures (ISO 6976).

mod quality;
mod state;

pub use quality::{ByVolume, Quality, QualityError};
pub(crate) use quality::{SUMS, Tables};
pub use state::{Gas, GasState, UniformGas};
