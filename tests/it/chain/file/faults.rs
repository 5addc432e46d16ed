//! Faults of chain folders, each by a small change to the good one, and the exact message a user
//! gets: what is wrong, where, what was got, what is allowed, what is near. They are data, in
//! `faults/`.
//!
//! A change is one mistake and one message, wherever the mistake has only one cause: what merely
//! follows from it is not reported.

use crate::support::faults::every_case;
use crate::support::folders::{CHAIN, changed, good};
use gaschain::chain::{Chain, Folder};
use gaschain::fault::FaultKind;

#[test]
fn every_fault_of_a_chain_folder_is_said() {
    let Folder { name, files, .. } = good();
    every_case("chain/file/faults", &files, |files| {
        let folder = Folder { name: name.clone(), files: files.clone(), ..Folder::default() };
        folder.chain().map(drop).map_err(|faults| faults.to_string())
    });
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let nowhere = Chain::read("/no/such/folder").unwrap_err().to_string();
    assert!(nowhere.starts_with("/no/such/folder: cannot read \"/no/such/folder\": "), "{nowhere}");
}

#[test]
fn every_fault_can_be_matched_on() {
    let faults = changed(good(), CHAIN, "\"1 bcm/yr\"", "\"27 MPa\"").chain().unwrap_err();
    let [fault] = faults.faults() else { panic!("one fault: {faults}") };
    assert_eq!(fault.place.file.as_deref(), Some("good/chain.toml"));
    assert_eq!(fault.place.line, Some(40));
    assert_eq!(fault.place.address.as_deref(), Some("purchase.flow"));
    assert!(matches!(&fault.kind, FaultKind::WrongDimension { got, .. } if got == "27 MPa"));
}
