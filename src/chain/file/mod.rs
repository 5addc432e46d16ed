//! Chain folders: `chain.toml`, the files of inner chains, the CSV tables beside them.
//!
//! *In:* a [`Folder`]. *Out:* a builder, filled in as a program would. *Order:* `folder` holds the
//! files, `read` goes from the outermost in, `level` reads one chain file; of that, `limits`,
//! `products` and `values` read what their names say.

mod folder;
mod level;
mod limits;
mod products;
mod read;
mod values;

pub use folder::{CHAIN_FILE, Folder};
pub(crate) use values::value_of;
