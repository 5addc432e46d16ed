//! The formats of the files people write: chain folders, scenarios, sweeps, and the words in them.
//!
//! [`supply`]: crate::stage::Supply
//! [`blend`]: crate::stage::Blend
//! [`split`]: crate::stage::Split
//! [`separate`]: crate::stage::Separate
//! [`react`]: crate::stage::React
//! [`crack`]: crate::stage::Crack
//! [`polymerise`]: crate::stage::Polymerise
//! [`fuel`]: crate::stage::Fuel
//! [`pipeline`]: crate::stage::Pipeline
//! [`compress`]: crate::stage::Compress
//! [`market`]: crate::stage::Market
//! [`draw`]: crate::stage::Draw
//!
#![doc = include_str!("../../docs/formats.md")]

#[cfg(test)]
pub(crate) mod asked;
#[cfg(test)]
mod made;
#[cfg(test)]
mod page;
#[cfg(test)]
mod tests;
