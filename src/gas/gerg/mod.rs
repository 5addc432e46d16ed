//! GERG-2008: the equation of state of natural gases (O. Kunz and W. Wagner, J. Chem. Eng. Data 57
//! (2012) 3032; AGA 8 part 2, ISO 20765-2).
//!
//! *In:* a composition, and a density or pressure with a temperature. *Out:* every property of the
//! gas. *Order:* `species` finds a slate's species among the components; `constants` are the
//! published tables; `mixture` is what depends on the composition alone, `isotherm` on the
//! temperature besides, `ideal` the part without forces; `equation` makes properties of them,
//! `density` looks for the density that has a pressure, `fugacity` tells what a mole more of a
//! component does, and by it `dew` whether a liquid would form; `error` says what has no properties.

mod constants;
mod density;
mod dew;
mod equation;
mod error;
mod fugacity;
mod ideal;
mod isotherm;
mod mixture;
mod species;

pub use equation::{Gerg2008, Properties};
pub use error::{GasError, GasStateError};
pub use species::GergSpecies;

pub(super) use constants::COMPONENTS;
pub(super) use equation::{HIGHEST_PRESSURE, Isothermal};
pub(super) use ideal::GAS_CONSTANT;
pub(super) use mixture::counts;
