//! Folders with files of the tests, and changes to one place of one file.

use gaschain::chain::Folder;
use std::path::{Path, PathBuf};

/// The first file of a chain folder.
pub const CHAIN: &str = "chain.toml";
/// The inner chain of [`good`].
pub const CRACKER: &str = "cracker.toml";
/// The table of feeds of [`good`].
pub const FEEDS: &str = "feeds.csv";

/// A place under `tests/it/`.
pub fn beside_the_tests(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it").join(path)
}

/// The chain folder at a place under `tests/it/`, called `name` in messages.
pub fn folder(path: &str, name: &str) -> Folder {
    let folder = Folder::open(&beside_the_tests(path)).unwrap_or_else(|faults| panic!("{faults}"));
    Folder { name: name.into(), ..folder }
}

/// A small chain that has everything once and no fault.
pub fn good() -> Folder {
    folder("chain/file/good", "good")
}

/// The folder with one place of one file changed.
#[track_caller]
pub fn changed(mut folder: Folder, file: &str, from: &str, to: &str) -> Folder {
    let text = String::from_utf8(folder.files[file].clone()).unwrap();
    assert_eq!(text.matches(from).count(), 1, "{from:?} stands once in {file}");
    folder.files.insert(file.into(), text.replacen(from, to, 1).into_bytes());
    folder
}

/// All faults of a folder that has some.
#[track_caller]
pub fn message(folder: &Folder) -> String {
    folder.chain().expect_err("this has a fault").to_string()
}
