//! Chain folders: what is in their files counts as it is written there, and what is wrong in them
//! is said with its line.

mod bytes;
mod depth;
mod faults;
mod good;
mod kinds;
mod off_gas;
mod values;
