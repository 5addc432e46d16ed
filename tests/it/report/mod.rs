//! Reports of a result.

mod json;
mod saved;
