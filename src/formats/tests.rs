//! The pages of the formats say what the code does: keys, columns, words, units, and examples that
//! are read.
//!
//! `GASCHAIN_SNAPSHOTS=write cargo test --lib formats` writes the parts that the code makes.

use super::asked;
use super::made::{declared, units};
use super::page::{Page, quoted};
use crate::chain::{Chain, Folder, Leaving};
use crate::document::csv::{Table, Tables};
use crate::document::{self, Entry, Node};
use crate::evidence::Evidence;
use crate::fault::{Faults, Place};
use crate::measure::Measure;
use crate::scenario::{self, Reading, Scenario};
use crate::species::Slate;
use crate::stage::{AnyStage, Config, Kinds, Spec};
use crate::sweep::{DesignKind, Distribution, Sweep};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

fn kinds() -> Vec<String> {
    Kinds::shipped().names().map(str::to_owned).collect()
}

fn page_of(kind: &str) -> Page {
    Page::read(&format!("kinds/{kind}.md"))
}

fn main_page() -> Page {
    Page::read("formats.md")
}

/// A stage of a page of a kind, read by its kind.
struct Read {
    name: String,
    stage: Arc<dyn AnyStage>,
    /// Keys the kind asked for.
    keys: BTreeSet<String>,
    /// Columns it asked for, each after its file: `feeds.csv: unit`.
    columns: BTreeSet<String>,
}

/// The stages of the examples of a page of a kind.
fn stages_of(kind: &str) -> Vec<Read> {
    let page = page_of(kind);
    let mut faults = Faults::default();
    let mut tables = Tables::default();
    for example in page.examples() {
        if let Some(file) = example.file {
            tables.insert(file.to_owned(), Table::parse(example.text, file, &mut faults));
        }
    }
    let mut slate = Slate::shipped();
    if let Some(own) = tables.get("species.csv") {
        slate = slate.extended(Slate::from_table(own, &mut faults)).unwrap();
    }
    let examples = page.examples().into_iter().filter(|example| example.language == "toml");
    let texts: Vec<String> = examples.map(|example| example.text.to_owned()).collect();
    let mut read = Vec::new();
    for text in texts {
        let entries = document::parse(&text, kind, &mut faults).unwrap_or_default();
        let stages = entries.into_iter().find(|(key, _)| key == "stages");
        let (name, entry) = table(stages.unwrap().1).remove(0);
        let own = |(key, _): &(String, Entry)| !["kind", "set", "limits"].contains(&key.as_str());
        let entries = table(entry).into_iter().filter(own).collect();
        asked::taken();
        let mut config = Config::new(&slate, &tables, Place::file(kind), entries, &mut faults);
        let stage = Kinds::shipped().reader(kind).unwrap()(&mut config);
        config.finish();
        let is_column = |name: &String| name.contains(": ");
        let (columns, keys) = asked::taken().into_iter().partition(is_column);
        assert!(faults.is_empty(), "{faults}");
        read.push(Read { name, stage: stage.unwrap(), keys, columns });
    }
    read
}

fn table(entry: Entry) -> Vec<(String, Entry)> {
    let Node::Table(entries) = entry.node else { panic!("a table") };
    entries
}

/// The folder of the example chain, and the chain.
fn example_chain() -> (Chain, BTreeSet<String>) {
    let page = main_page();
    let files = ["chain.toml", "plant.toml", "contract.toml"];
    let files = files.into_iter().chain(["species.csv", "feeds.csv", "announced.csv"]);
    let files = files.map(|name| (name.to_owned(), page.file(name).as_bytes().to_vec()));
    let folder = Folder { files: files.collect(), ..Folder::default() };
    asked::taken();
    let chain = folder.chain().unwrap_or_else(|faults| panic!("{faults}"));
    (chain, asked::taken())
}

/// A chain in which nothing but the stage of an example stands between supplies and sales.
fn around(spec: &Spec, name: &str, example: &str) -> String {
    let feeds = if spec.supply().is_some() { &[] } else { spec.inlets() };
    let joined: Vec<String> =
        feeds.iter().map(|port| format!("'in_{port} -> {name}.{port}'")).collect();
    let leaving: Vec<String> =
        spec.outlets().iter().map(|port| format!("'{name}.{port}'")).collect();
    let supply = |port: &String| {
        format!(
            "[stages.in_{port}]\nkind = 'supply'\nset.flow = '1 bcm/yr'\n\
             set.composition = {{ methane = 1 }}\n"
        )
    };
    format!(
        "name = 'page'\nconnections = [{}]\nleaving.products = [{}]\n{example}\n{}",
        joined.join(", "),
        leaving.join(", "),
        feeds.iter().map(supply).collect::<String>()
    )
}

#[test]
fn each_kind_has_a_page_whose_keys_are_those_it_asks_for() {
    for kind in kinds() {
        let asked = stages_of(&kind).into_iter().flat_map(|read| read.keys).collect();
        assert_eq!(page_of(&kind).names("keys"), asked, "{kind}");
    }
    let listed = main_page().names("kinds");
    assert_eq!(listed, Kinds::shipped().names().map(str::to_owned).collect());
}

#[test]
fn the_stages_of_all_pages_stand_in_chains_without_a_fault() {
    for kind in kinds() {
        let page = page_of(&kind);
        let tomls = page.examples().into_iter().filter(|example| example.language == "toml");
        for (read, example) in stages_of(&kind).iter().zip(tomls) {
            let named = page.examples().into_iter().filter_map(|example| {
                Some((example.file?.to_owned(), example.text.as_bytes().to_vec()))
            });
            let mut files: BTreeMap<String, Vec<u8>> = named.collect();
            let chain = around(read.stage.spec(), &read.name, example.text);
            files.insert("chain.toml".into(), chain.into_bytes());
            let built = Folder { name: kind.clone(), files, ..Folder::default() }.chain();
            assert!(built.is_ok(), "{}", built.unwrap_err());
        }
    }
}

#[test]
fn what_the_code_makes_of_the_pages_is_there() {
    for kind in kinds() {
        let made: Vec<String> =
            stages_of(&kind).iter().map(|read| declared(read.stage.spec())).collect();
        let mut page = page_of(&kind);
        page.generate("declared", &made);
        page.settle();
    }
    let mut page = main_page();
    page.generate("units", &[units()]);
    page.settle();
}

#[test]
fn chain_files_have_the_keys_of_the_page() {
    let (chain, asked) = example_chain();
    assert!(chain.case().solve().is_ok());
    let of_kinds: BTreeSet<String> = Kinds::shipped()
        .names()
        .flat_map(|kind| page_of(kind).names("keys"))
        .map(|key| format!("stages.{key}"))
        .collect();
    // a stage's own values and limits have the keys of the chain's
    let shared = |key: String| {
        let inside = |name: &str| key.strip_prefix("stages.").filter(|rest| rest.starts_with(name));
        inside("limits.").or_else(|| inside("set.")).map(str::to_owned).unwrap_or(key)
    };
    let keys = asked.into_iter().filter(|name| !name.contains(": ") && !of_kinds.contains(name));
    assert_eq!(main_page().names("keys: chain"), keys.map(shared).collect());
}

#[test]
fn tables_have_the_columns_of_the_pages() {
    let (_, mut asked) = example_chain();
    for kind in kinds() {
        asked.extend(stages_of(&kind).into_iter().flat_map(|read| read.columns));
    }
    let species: BTreeSet<String> = Slate::shipped().names().map(str::to_owned).collect();
    for (page, file) in [
        (main_page(), "species.csv"),
        (main_page(), "announced.csv"),
        (page_of("supply"), "feeds.csv"),
        (page_of("crack"), "yields.csv"),
    ] {
        let of = |name: &String| name.strip_prefix(&format!("{file}: ")).map(str::to_owned);
        let columns: BTreeSet<String> = asked.iter().filter_map(of).collect();
        let mut named = page.names(&format!("columns: {file}"));
        // any species is a column of feeds.csv
        named.remove("");
        let own = |name: &&String| !species.contains(*name) && *name != "condensate";
        assert_eq!(named, columns.iter().filter(own).cloned().collect(), "{file}");
    }
}

#[test]
fn ways_to_leave_measures_and_evidence_are_those_of_the_code() {
    let page = main_page();
    let leaving = Leaving::KEYS.map(|(key, _)| format!("leaving.{key}"));
    assert!(page.names("keys: chain").is_superset(&BTreeSet::from(leaving)));
    let words: Vec<String> = page
        .rows("evidence")
        .iter()
        .flat_map(|cells| quoted(cells[0]))
        .map(str::to_owned)
        .collect();
    assert_eq!(words, Evidence::ALL.map(Evidence::as_str));

    let slate = Slate::shipped();
    let mut named = BTreeSet::new();
    for cells in page.rows("measures") {
        for name in quoted(cells[0]) {
            let of_helium = name.replace("<species>", "helium");
            let measure =
                Measure::parse(&of_helium, &slate).unwrap_or_else(|kind| panic!("{kind}"));
            let unit = measure.unit().to_string();
            assert_eq!(quoted(cells[1]).next().unwrap_or_default(), unit, "{name}");
            named.insert(measure.to_string());
        }
    }
    let of_other = |name: &str| name.starts_with("mole_fraction.") && !name.ends_with(".helium");
    let listed = Measure::listed(&slate).into_iter().map(|measure| measure.to_string());
    let missing: Vec<String> =
        listed.filter(|name| !named.contains(name) && !of_other(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn the_example_scenarios_are_read_and_have_the_keys_of_the_page() {
    let page = main_page();
    let (chain, _) = example_chain();
    let scenario = Scenario::parse(page.file("late.toml"), "late.toml", Reading::default());
    let mut case = chain.case();
    let applied = case.apply(&scenario.unwrap()).unwrap_or_else(|faults| panic!("{faults}"));
    assert!(applied.solve().is_ok());
    let keys = scenario::KEYS.map(str::to_owned);
    assert_eq!(page.names("keys: scenario"), BTreeSet::from(keys));
    let rows = scenario::parse_table(
        page.file("scenarios.csv"),
        "scenarios.csv",
        &chain,
        "valley",
        Reading::default(),
    );
    assert_eq!(rows.unwrap_or_else(|faults| panic!("{faults}")).len(), 3);
}

#[test]
fn addresses_of_the_page_are_found_in_the_example_chain() {
    let (chain, _) = example_chain();
    for cells in main_page().rows("results") {
        for address in quoted(cells[1]) {
            assert!(chain.output(address).is_ok(), "{}", chain.output(address).unwrap_err());
        }
    }
}

#[test]
fn the_example_sweeps_are_read_and_have_the_keys_of_the_page() {
    let page = main_page();
    let (chain, _) = example_chain();
    let folder = std::env::temp_dir().join(format!("gaschain-formats-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    for name in ["late.toml", "points.csv", "measured.csv"] {
        std::fs::write(folder.join(name), page.file(name)).unwrap();
    }
    asked::taken();
    let read = |text: &str| {
        let sweep = Sweep::parse(text, "sweep.toml", Some(&folder));
        let sweep = sweep.unwrap_or_else(|faults| panic!("{text}\n{faults}"));
        let prepared = sweep.prepare(&chain);
        assert!(prepared.is_ok(), "{text}\n{}", prepared.err().unwrap());
    };
    read(page.file("unsure.toml"));
    let plain = "parameter = 'plant.recovery'\nvalues = ['80 %', '90 %']";
    let drawn = "kind = 'monte_carlo'\nsamples = 4";
    let text = |design: &str, axis: &str, rest: &str| {
        format!(
            "name = 'one'\nchain = 'valley'\noutputs = ['city.sales_gas.volume']\n\
             [design]\n{design}\n[[axis]]\n{axis}\n{rest}"
        )
    };
    let mut designs = Vec::new();
    for cells in page.rows("designs") {
        let [name] = quoted(cells[0]).collect::<Vec<_>>()[..] else { panic!("one name") };
        designs.push(name);
        let mut keys = vec![format!("kind = '{name}'")];
        keys.extend(quoted(cells[1]).map(str::to_owned));
        let design = keys.join("\n");
        let sweep = text(&design, plain, "");
        // the columns of a table are its axes
        let sweep =
            if name == "table" { sweep.replace(plain, "").replace("[[axis]]", "") } else { sweep };
        read(&sweep);
    }
    assert_eq!(designs, DesignKind::NAMES);
    let mut distributions = Vec::new();
    for cells in page.rows("distributions") {
        let [name] = quoted(cells[0]).collect::<Vec<_>>()[..] else { panic!("one name") };
        distributions.push(name);
        let keys: Vec<&str> = quoted(cells[1]).collect();
        let axis =
            format!("parameter = 'new_field.flow'\ndistribution = '{name}'\n{}", keys.join("\n"));
        read(&text(drawn, &axis, ""));
    }
    assert_eq!(distributions, Distribution::NAMES);
    let two = "parameter = 'new_field.flow'\nlow = '1 bcm/yr'\nhigh = '2 bcm/yr'\n\
               [[axis]]\nparameter = 'old_field.flow'\nlow = '1 bcm/yr'\nhigh = '2 bcm/yr'";
    for cells in page.rows("correlations") {
        let keys: Vec<&str> = quoted(cells[0]).collect();
        let rest = format!(
            "[[correlation]]\nbetween = ['new_field.flow', 'old_field.flow']\n{}",
            keys.join("\n")
        );
        read(&text(drawn, two, &rest));
    }
    let asked = asked::taken().into_iter().filter(|name| !name.contains(": "));
    assert_eq!(page.names("keys: sweep"), asked.collect());
    std::fs::remove_dir_all(folder).unwrap();
}
