//! Inputs that once went wrong, with what is right.

mod bytes;
