//! Real gas: compressibility, density, heat capacity and Joule-Thomson coefficient by GERG-2008,
//! viscosity, and the quality that a market measures (ISO 6976).
//!
//! *In:* a composition, a pressure, a temperature. *Out:* a [`GasState`], or the quality of a gas.
//! *Order:* `gerg` is the equation of state, `surface` keeps what it said as a surface of
//! `polynomial`s, on which `density` is looked for, `coverage` tells how far that is good, `natural` is the gas of a line with it and
//! with its `viscosity`, a model of its own; `blend` is that gas as a polynomial in what known
//! sources are blended to; `direct` is one that asks the equation at each state; `state` is what
//! lines and compressors read; `quality` stands by itself.
//!
//! Line and compressor equations ask a [`Gas`] for its [`GasState`]; [`UniformGas`] is one whose
//! state is the same everywhere. [`NaturalGas`] is the real one.

mod blend;
mod coverage;
mod density;
mod direct;
mod gerg;
mod natural;
mod polynomial;
mod quality;
mod state;
mod surface;
mod viscosity;

pub use blend::BlendedGas;
pub(crate) use blend::{Polynomials, Read as BlendedGasRead, count as blended_gas_numbers};
pub use direct::EquationGas;
pub use gerg::{GasError, GasStateError, Gerg2008, GergSpecies, Properties};
pub use natural::NaturalGas;
pub use quality::{ByVolume, Quality, QualityError};
pub(crate) use quality::{SUMS, Tables};
pub use state::{Gas, GasState, UniformGas};
