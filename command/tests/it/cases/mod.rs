//! Inputs that once went wrong, others of their kind, and what is right.

mod bytes;
mod lines;
mod ranges;
mod records;
mod sampling;
mod tables;
mod units;
mod volumes;
