//! Scenario files and tables.

mod bytes;
mod faults;
mod overrides;
