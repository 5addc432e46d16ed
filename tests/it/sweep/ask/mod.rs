//! What a sweep asks for: files, the builder, and what either says of itself.

mod files;
mod written;
