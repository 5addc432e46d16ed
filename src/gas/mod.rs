//! Real gas: compressibility, density, heat capacity and Joule-Thomson coefficient by GERG-2008,
//! viscosity, and the quality that a market measures (ISO 6976).
//!
//! *In:* a composition, a pressure, a temperature. *Out:* a [`GasState`], or the quality of a gas.
//! *Order:* `gerg` asks the equation of state, `surface` keeps what it said as a surface,
//! `viscosity` is a model of its own, `state` is what lines and compressors read; `quality` stands by
//! itself.
//!
//! Line and compressor equations ask a [`Gas`] for its [`GasState`]; [`UniformGas`] is one whose
//! state is the same everywhere. `NaturalGas` (feature `gerg`, on by default) is the real one.

#[cfg(feature = "gerg")]
mod gerg;
mod quality;
mod state;
#[cfg(feature = "gerg")]
mod surface;
#[cfg(feature = "gerg")]
mod viscosity;

#[cfg(feature = "gerg")]
pub use gerg::{GasError, GergSpecies, NaturalGas};
pub use quality::{ByVolume, Quality, QualityError};
pub(crate) use quality::{SUMS, Tables};
pub use state::{Gas, GasState, UniformGas};
