//! Faults of scenarios, in files and in tables, with the exact message a user gets. They are data,
//! in `faults/`: changes to `late.toml`, a sound scenario of the good chain, and tables in full.

use crate::support::faults::{Files, every_case};
use crate::support::folders::{beside_the_tests, good};
use gaschain::scenario::{self, Reading, Scenario};

#[test]
fn every_fault_of_a_scenario_is_said() {
    let late = std::fs::read(beside_the_tests("scenario/late.toml")).unwrap();
    let files: Files = [("late.toml".to_owned(), late)].into();
    let chain = good().chain().unwrap();
    every_case("scenario/faults", &files, |files| {
        let text = |name: &str| files.get(name).map(|bytes| str::from_utf8(bytes).unwrap());
        let read = match text("runs.csv") {
            Some(table) => {
                scenario::parse_table(table, "runs.csv", &chain, "good", Reading::default())
                    .map(drop)
            }
            None => Scenario::parse(text("late.toml").unwrap(), "late.toml", Reading::default())
                .and_then(|scenario| chain.case().apply(&scenario).map(drop)),
        };
        read.map_err(|faults| faults.to_string())
    });
}

#[test]
fn a_scenario_without_its_chain_or_file() {
    let scenario =
        Scenario::parse("name = \"late\"\nchain = \"amr\"\n", "late.toml", Reading::default());
    assert_eq!(
        scenario.unwrap().open_chain(None).unwrap_err().to_string(),
        "late.toml:2: \"amr\", which is no chain; allowed: \"amur\", or the path of a chain folder"
    );
    let error =
        Scenario::read("/no/late.toml".as_ref(), Reading::default()).unwrap_err().to_string();
    assert!(error.starts_with("/no/late.toml: cannot read \"/no/late.toml\": "), "{error}");
    assert_eq!(
        gaschain::amur::scenario("nameplat").unwrap_err().to_string(),
        "nameplat: unknown scenario \"nameplat\"; nearest: \"nameplate\""
    );
}
