//! What is kept of the results of a sweep.

mod columns;
#[cfg(feature = "parquet")]
mod parquet;
mod summary;
