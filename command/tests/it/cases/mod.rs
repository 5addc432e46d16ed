//! Inputs that once went wrong, others of their kind, and what is right.

mod sampling;
mod tables;
