//! Scenario files and tables as bytes: encodings, and whatever else may be in them.

use crate::support::folders::good;
use crate::support::mutated::{have_places, mutated};
use crate::support::seeds::config;
use crate::support::temporary::Temporary;
use gaschain::scenario::{self, Reading, Scenario, Table};
use proptest::prelude::*;

#[test]
fn a_scenario_table_in_another_encoding() {
    let folder = Temporary::new("runs");
    let path = folder.join("runs.csv");
    std::fs::write(&path, b"name,trains\nM\xfcnchen,1\n").unwrap();
    let chain = good().chain().unwrap();
    let read = Table::open(&path, &chain, "good", Reading::default(), &[]);
    let expected = format!(
        "{}:2: not UTF-8 text: byte 0xFC (offset 13), perhaps Windows-1252; allowed: UTF-8",
        path.display()
    );
    assert_eq!(read.unwrap_err().to_string(), expected);
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn mutated_scenarios_and_tables_never_panic(
        file in mutated(b"name = \"late\"\nchain = \"good\"\n[set]\n\"field.flow\" = \"6 bcm/yr\"\ntrains = 2\nplant.ethane = \"95 %\"\norder = \"field + purchase\"\nreturn.open = false\n\"purchase.composition\" = { methane = 0.98, nitrogen = \"2 %\" }\n"),
        table in mutated(b"name,field.flow,trains,order,return.open,field.composition\na,6 bcm/yr,2,field > purchase,true,rich\nb,,,,,\n"),
    ) {
        let chain = good().chain().unwrap();
        if let Ok(text) = std::str::from_utf8(&file) {
            let read = Scenario::parse(text, "late.toml", Reading::default())
                .and_then(|scenario| chain.case().apply(&scenario).map(drop));
            if let Err(faults) = read {
                have_places(&faults)?;
            }
        }
        if let Ok(text) = std::str::from_utf8(&table)
            && let Err(faults) = scenario::parse_table(text, "runs.csv", &chain, "good", Reading::default())
        {
            have_places(&faults)?;
        }
    }
}
