//! gaschain
pub mod amur;
pub mod balance;
pub mod chain;
pub mod document;
pub mod evidence;
pub mod fault;
pub mod limit;
pub mod measure;
pub mod param;
pub mod quantity;
pub mod report;
pub mod scalar;
pub mod scenario;
pub mod solved;
pub mod species;
pub mod stage;
pub mod table;
