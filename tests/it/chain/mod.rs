//! Chains: put together, read from folders, run by the operating rule.

mod build;
mod file;
mod rule;
mod supplies;
