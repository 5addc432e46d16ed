//! Inputs that once went wrong, each with others of its kind.

mod units;
