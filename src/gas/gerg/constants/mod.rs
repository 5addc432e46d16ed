//! The constants of GERG-2008, as tables that can be read beside the published ones.
//!
//! *In:* nothing. *Out:* what each component and pair is. *Order:* `components` says what a
//! component is by itself and as an ideal gas, `terms` its residual part, `pairs` how pairs reduce
//! temperature and density, `departures` what some pairs have beyond that; `powers` splits the
//! exponents of tau, and `reducing` works out what all mixtures need of pairs.

mod components;
mod departures;
mod pairs;
mod powers;
mod reducing;
mod terms;

pub(in crate::gas) use components::COMPONENTS;
pub(super) use components::{ALL, Ideal};
pub(super) use departures::{BELLS, FUNCTIONS, PAIRS};
pub(super) use powers::{Power, Powers};
pub(super) use reducing::REDUCING;
pub(super) use terms::{DECAYS, LONG, LONG_TERMS, OWN, SHORT, SHORT_TERMS};
