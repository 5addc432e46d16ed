//! Inputs that once went wrong, and others of their kind.

mod tables;
