//! Random chains, and a second engine that runs them.
//!
//! `make` draws a [`world::World`], a chain as plain data with its supplies; `plain` makes one of
//! a kind that can be judged. `build` turns it into the library's chain, by `steps` in any order;
//! [`level::Engine`] runs it at openings it is given; `programme` finds the greatest openings of a
//! straight one, [`chosen`] what stops its inlets. What both say of it is compared in
//! `chain::rule::properties`.

mod build;
pub mod chosen;
pub mod level;
pub mod make;
mod plain;
pub mod programme;
mod stages;
mod steps;
pub mod world;
