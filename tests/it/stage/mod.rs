//! Stages: all conserve what they are fed, and each kind does what its page of the textbook says.

mod claims;
mod conserves;
mod faults;
pub mod kinds;
mod warnings;
