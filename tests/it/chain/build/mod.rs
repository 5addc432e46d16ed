//! Chains built in Rust: what does not fit together is a fault that names addresses.

mod connections;
mod depth;
mod faults;
mod recycles;
