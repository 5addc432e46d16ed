//! What a sweep asks for: files, the builder, and what either says of itself.

mod faults;
mod files;
mod written;
