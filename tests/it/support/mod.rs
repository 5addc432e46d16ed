//! What tests share: small chains and what is read off them, folders and changes to them, fault
//! cases as data, temporary folders, a cheap source for sweeps.

pub mod between;
pub mod chains;
pub mod compare;
pub mod faults;
pub mod folders;
pub mod mutated;
pub mod one_stage;
pub mod seeds;
pub mod solved;
pub mod squares;
pub mod temporary;
pub mod through;
