//! Faults of a line by hydraulics in a chain file, with the exact message a user gets. They are
//! data, in `faults/`: changes to the chain of `line/`, whose line can be run by hydraulics and is
//! set so that it is not.

use crate::support::faults::every_case;
use crate::support::folders::{CHAIN, changed, folder};
use gaschain::chain::Folder;

#[test]
fn every_fault_of_a_line_is_said() {
    let Folder { name, files, .. } = line();
    every_case("stage/kinds/pipeline/faults", &files, |files| {
        let folder = Folder { name: name.clone(), files: files.clone(), ..Folder::default() };
        folder.chain().map(drop).map_err(|faults| faults.to_string())
    });
}

fn line() -> Folder {
    folder("stage/kinds/pipeline/line", "good")
}

#[test]
fn a_line_by_hydraulics_is_read() {
    for (from, to) in [
        ("name = \"line\"", "name = \"pipe\""),
        ("at = 0.4", "at = \"40 %\""),
        // heights may be left out, stations too
        (", height = \"300 m\"", ""),
        ("outlet_height = \"120 m\"\n", ""),
    ] {
        let read = changed(line(), CHAIN, from, to).chain();
        assert!(read.is_ok(), "{from:?} -> {to:?}: {}", read.unwrap_err());
    }
}
