//! The tests of what the crate shows, laid out as `src/` is: a test of `src/chain/rule/` is in
//! `chain/rule/`. What the insides promise one another is tested there, beside the code.
//!
//! Beside the rooms of `src/` are `shipped` (the shipped chain against independent arithmetic),
//! `validation` (physical relations against published numbers), `engine` (random chains, and a
//! second engine that runs them) and `support` (what tests share).

#![allow(
    clippy::disallowed_methods,
    reason = "tests hold results against the platform's functions"
)]

mod case;
mod chain;
mod engine;
mod function;
mod gas;
mod ledger;
mod measure;
mod quantity;
mod report;
mod scenario;
mod shipped;
mod stage;
mod support;
mod surface;
mod sweep;
mod validation;
