//! Faults of sweep files, with the exact message a user gets. They are data, in `faults/`: changes
//! to `s.toml`, a sound sweep of the shipped chain, some with files beside it.

use crate::support::faults::{Files, every_case};
use crate::support::folders::beside_the_tests;
use crate::support::temporary::Temporary;
use gaschain::amur;
use gaschain::sweep::Sweep;

#[test]
fn every_fault_of_a_sweep_file_is_said() {
    let sound = std::fs::read(beside_the_tests("sweep/ask/s.toml")).unwrap();
    let files: Files = [("s.toml".to_owned(), sound)].into();
    every_case("sweep/ask/faults", &files, |files| {
        let text = str::from_utf8(&files["s.toml"]).unwrap();
        let folder = (files.len() > 1).then(|| Temporary::new("sweep-faults"));
        if let Some(folder) = &folder {
            for (name, bytes) in files {
                std::fs::write(folder.join(name), bytes).unwrap();
            }
        }
        let sweep = Sweep::parse(text, "s.toml", folder.as_deref());
        let read = sweep.and_then(|sweep| sweep.prepare(amur::chain()).map(drop));
        read.map_err(|faults| match &folder {
            // wherever it lies
            Some(folder) => faults.to_string().replace(&folder.display().to_string(), "{folder}"),
            None => faults.to_string(),
        })
    });
}
