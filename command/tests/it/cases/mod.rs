//! Inputs that once went wrong, and what is right.

mod sampling;
