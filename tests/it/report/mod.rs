//! Reports of a result.

mod json;
