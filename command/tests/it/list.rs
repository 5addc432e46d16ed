//! Lists of what there is.

use crate::run::{gaschain, text};

fn listed(words: &[&str]) -> String {
    let output = gaschain(&[&["list"], words].concat());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    text(&output.stdout)
}

#[test]
fn all_that_can_be_set_and_asked_for_is_listed() {
    let page = listed(&[]);
    for address in ["gpp.ngl.ethane", "bypass.open", "heihe.demand", "gcc.crack.ethylene"] {
        assert!(page.contains(address), "{address} is not listed");
    }
    let page = listed(&["helium.units"]);
    assert!(page.contains("gpp.helium.units") && !page.contains("heihe.demand"));
    let page = listed(&["--chain", "amur", "HELIUM", "units"]);
    assert!(page.contains("gpp.helium.units") && !page.contains("heihe.demand"));
    assert_eq!(listed(&["no_such_thing"]), "nothing of amur holds \"no_such_thing\"\n");
}

#[test]
fn a_parameter_has_its_value_range_evidence_and_source() {
    let page = listed(&["parameters", "kovykta.flow"]);
    let lines: Vec<&str> = page.lines().collect();
    assert_eq!(lines.len(), 2, "{page}");
    assert!(lines[0].starts_with("address"));
    for part in ["kovykta.flow", "27 bcm/yr", "published", "at least 0 bcm/yr", "source: FLD-06"] {
        assert!(lines[1].contains(part), "{part}\n{page}");
    }
}

#[test]
fn a_limit_has_its_capacity_and_its_factors() {
    let page = listed(&["limits", "gpp.feed"]);
    let line = page.lines().find(|line| line.starts_with("gpp.feed ")).expect("the limit");
    for part in ["at most", "42 bcm/yr", "gpp.trains 6 x ", "gpp.availability"] {
        assert!(line.contains(part), "{part}\n{line}");
    }
    let line = listed(&["limits", "trunk_line.capacity"]);
    assert!(line.contains("unknown (bcm/yr)"), "{line}");
}

#[test]
fn every_list_says_what_there_is() {
    let scenarios = listed(&["scenarios"]);
    let names: Vec<&str> =
        scenarios.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(names, gaschain::amur::scenario_names().collect::<Vec<_>>());
    for (what, holds) in [
        ("results", "heihe.sales_gas.volume"),
        ("kinds", "pipeline"),
        ("units", "bcm/yr @ 0 degC"),
        ("species", "ISO 6976:2016"),
        ("feeds", "chayanda_rich"),
        ("assumptions", "no published composition was found"),
    ] {
        assert!(listed(&[what]).contains(holds), "{what}");
    }
    let assumptions = listed(&["assumptions"]);
    let evidence = assumptions.lines().skip(1).map(|line| {
        let cells: Vec<&str> =
            line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect();
        cells[2]
    });
    assert!(evidence.into_iter().all(|word| ["recalled", "assumed", "imposed"].contains(&word)));
}

#[test]
fn a_result_that_is_listed_can_be_asked_for() {
    let chain = gaschain::amur::chain();
    let page = listed(&["results"]);
    let addresses = page.lines().skip(1).filter_map(|line| line.split_whitespace().next());
    let mut count = 0;
    for address in addresses.filter(|address| !address.starts_with('<')) {
        chain.output(address).expect(address);
        count += 1;
    }
    assert!(count > 500, "{count}");
}

#[test]
fn the_chain_of_a_list_has_to_be_one() {
    let output = gaschain(&["list", "--chain", "amurr"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    assert!(text(&output.stderr).contains("\"amurr\", which is no chain"));
}
