//! What a scenario sets, in files and in tables, and the hash of all that it is made of.

use crate::support::compare::close;
use crate::support::folders::{CHAIN, changed, good};
use crate::support::solved::get;
use gaschain::chain::Folder;
use gaschain::scenario::{self, Reading, Scenario};

#[test]
fn a_composition_that_is_off_is_divided_only_when_asked() {
    let chain = good().chain().unwrap();
    let text = "name = \"off\"\nchain = \"good\"\n[set]\n\
                \"field.composition\" = { methane = 0.94, ethane = 0.0399, nitrogen = \"2 %\" }\n";
    let strict = Scenario::parse(text, "off.toml", Reading::default()).unwrap();
    assert!(chain.case().apply(&strict).is_err());
    let reading = Reading { normalise: true };
    let lenient = Scenario::parse(text, "off.toml", reading).unwrap();
    let solved = chain.case().apply(&lenient).unwrap().solve().unwrap();
    close(get(&solved, "field.gas.mole_fraction.methane"), 0.94 / 0.9999, 1e-9);
    close(get(&solved, "field.gas.mole_fraction.ethane"), 0.0399 / 0.9999, 1e-9);
    assert!(solved.warnings()[0].contains("0.9999"), "{:?}", solved.warnings());
    // what is further off is no rounding
    for slip in ["0.94", "0.98", "1"] {
        let slip = text.replace("\"2 %\"", slip);
        let slip = Scenario::parse(&slip, "off.toml", reading).unwrap();
        assert!(chain.case().apply(&slip).is_err());
    }
}

#[test]
fn later_overrides_win_and_blank_cells_change_nothing() {
    let chain = good().chain().unwrap();
    let text = "name = \"a\"\nchain = \"good\"\n[set]\ntrains = 1\n\"field.flow\" = \"5 bcm/yr\"\n";
    let scenario = Scenario::parse(text, "a.toml", Reading::default()).unwrap();
    let scenario = scenario.setting("trains", 3.0).setting("trains", 4.5).setting("trains", 2.0);
    assert!(chain.case().apply(&scenario).is_err(), "an override that was wrong stays wrong");
    let scenario = Scenario::parse(text, "a.toml", Reading::default()).unwrap();
    let scenario = scenario.setting("trains", 3.0).setting("trains", 2.0);
    let solved = chain.case().apply(&scenario).unwrap().solve().unwrap();
    close(get(&solved, "plant.feed.capacity"), 8.0, 1e-9);
    close(get(&solved, "field.offered"), 5.0, 1e-9);

    let table =
        "name,trains,field.flow,order\nas it is,,,\nless,1,,\nmore, ,7 bcm/yr,field + purchase\n";
    let runs =
        scenario::parse_table(table, "runs.csv", &chain, "good", Reading::default()).unwrap();
    let offered: Vec<(f64, f64)> = runs
        .iter()
        .map(|run| {
            let solved = chain.case().apply(run).unwrap().solve().unwrap();
            (get(&solved, "plant.feed.capacity"), get(&solved, "field.offered"))
        })
        .collect();
    assert_eq!(
        runs.iter().map(|run| run.name.as_str()).collect::<Vec<_>>(),
        ["as it is", "less", "more"]
    );
    for ((capacity, offered), expected) in
        offered.into_iter().zip([(8.0, 6.0), (4.0, 6.0), (8.0, 7.0)])
    {
        close(capacity, expected.0, 1e-9);
        close(offered, expected.1, 1e-9);
    }
    assert!(runs[0].overrides.is_empty());
    let as_is = chain.case().apply(&runs[0]).unwrap().solve().unwrap();
    let plain = chain.case().solve().unwrap();
    let address = "cracker.ethylene.mass";
    assert_eq!(get(&as_is, address).to_bits(), get(&plain, address).to_bits());
}

#[test]
fn quoted_and_dotted_addresses_mean_the_same() {
    let chain = good().chain().unwrap();
    let overrides = |set: &str| {
        let text = format!("name = \"a\"\nchain = \"good\"\n{set}\n");
        let scenario = Scenario::parse(&text, "a.toml", Reading::default()).unwrap();
        chain.case().apply(&scenario).unwrap().solve().unwrap().report().made_by.overrides
    };
    let quoted = overrides("[set]\n\"plant.ethane\" = \"95 %\"");
    assert_eq!(quoted, overrides("[set]\nplant.ethane = \"95 %\""));
    assert_eq!(quoted, overrides("[set.plant]\nethane = \"95 %\""));
    // and so in the chain's own file
    let dotted =
        changed(good(), CHAIN, "[set]\norder", "[set]\ncracker.furnaces = \"200 kt/yr\"\norder");
    let quoted = changed(
        good(),
        CHAIN,
        "[set]\norder",
        "[set]\n\"cracker.furnaces\" = \"200 kt/yr\"\norder",
    );
    for folder in [dotted, quoted] {
        let chain = folder.chain().unwrap();
        let solved = chain.case().solve().unwrap();
        close(get(&solved, "cracker.furnaces.capacity"), 0.2, 1e-9);
    }
}

#[test]
fn the_hash_of_the_inputs_follows_what_determines_the_result_and_nothing_else() {
    let scenario = |text: &str| Scenario::parse(text, "a.toml", Reading::default()).unwrap();
    let one = scenario("name = \"a\"\nchain = \"good\"\n");
    let inputs = |folder: &Folder, scenario: &Scenario| scenario.inputs(&folder.chain().unwrap());
    let first = inputs(&good(), &one);
    assert!(first.starts_with("sha256:") && first.len() == 7 + 64, "{first}");
    assert_eq!(first, inputs(&good(), &one), "the same files give the same hash");
    let mut renamed = good();
    renamed.name = "elsewhere/good".into();
    assert_eq!(first, inputs(&renamed, &one), "where the folder lies is no input");
    let mut more = good();
    more.files.insert("notes.csv".into(), b"a,b\n1,2\n".to_vec());
    assert_eq!(first, inputs(&more, &one), "a file that nothing names is no input");
    for (file, from, to) in [
        ("chain.toml", "6 bcm/yr", "6.0 bcm/yr"),
        ("chain.toml", "[set]\n", "# a remark\n[set]\n\n"),
    ] {
        assert_eq!(first, inputs(&changed(good(), file, from, to), &one), "{file}: {to}");
    }
    let set = |set: &str| scenario(&format!("name = \"b\"\nchain = \"good\"\n[set]\n{set}"));
    let both = inputs(&good(), &set("trains = 2\nplant.ethane = \"95 %\"\n"));
    assert_eq!(both, inputs(&good(), &set("# less\nplant.ethane = \"95 %\"\ntrains = 2.0\n")));
    let mut all = vec![first, both];
    for (file, from, to) in
        [("cracker.toml", "300 kt/yr", "301 kt/yr"), ("feeds.csv", "rich", "fat")]
    {
        all.push(inputs(&changed(good(), file, from, to), &one));
    }
    all.push(inputs(&good(), &scenario("name = \"a\"\nchain = \"good\"\n[set]\ntrains = 2\n")));
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), count, "each change gives another hash");
}
