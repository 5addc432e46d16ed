//! Random chains, and a second engine that runs them.
//!
//! `make` draws a [`world::World`], a chain as plain data with its supplies. `build` turns it into
//! the library's chain; [`brute_force::BruteForce`] runs it by the operating rule's own words. What
//! the two say of it is compared in `chain::rule::properties`.

pub mod brute_force;
mod build;
pub mod make;
mod stages;
pub mod world;
