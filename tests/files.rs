//! Chain folders and scenario files: both roads give the same chain, values mean what they say,
//! and a chain that has nothing to do with the shipped one is built from files only.

use gaschain::chain::{Builder, Chain, Folder};
use gaschain::limit::Limit;
use gaschain::measure::Measure;
use gaschain::param::ParameterSpec;
use gaschain::quantity::Unit;
use gaschain::scenario::{self, Reading, Scenario};
use gaschain::solved::Solved;
use gaschain::species::Slate;
use gaschain::stage::{Blend, Market, React, Reaction, Separate, Supply};
use std::path::Path;

fn data(folder: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(folder)
}

fn good() -> Folder {
    let mut folder = Folder::open(&data("good")).unwrap();
    folder.name = "good".into();
    folder
}

fn with_line(file: &str, from: &str, to: &str) -> Folder {
    let mut folder = good();
    let text = String::from_utf8(folder.files[file].clone()).unwrap();
    assert_eq!(text.matches(from).count(), 1, "{from:?}");
    folder.files.insert(file.into(), text.replacen(from, to, 1).into_bytes());
    folder
}

fn get(solved: &Solved<'_>, address: &str) -> f64 {
    solved.get(address).unwrap().unwrap_or_else(|| panic!("{address} has no value"))
}

fn close(got: f64, expected: f64) {
    assert!((got - expected).abs() <= 1e-9 * expected.abs(), "{got} is not {expected}");
}

// ---- two roads

/// The chain of `tests/data/good`, in Rust.
fn good_in_rust() -> Chain {
    let species = ["methane", "ethane", "nitrogen", "helium", "ethylene", "hydrogen"];
    let slate = Slate::shipped().chosen(species).unwrap();
    let kilotonnes = Unit::parse("kt/yr").unwrap();
    let cracking =
        Reaction::new(&slate, "conversion", "ethane -> ethylene + hydrogen", "ethane").unwrap();
    let furnaces =
        React::new(&slate, vec![cracking], "rest").sending(&slate, &["ethylene"], "ethylene");
    let mut cracker = Builder::new("cracker", &slate);
    cracker
        .inlet_in("ethane", kilotonnes)
        .outlet("ethylene")
        .outlet("hydrogen")
        .stage("furnaces", furnaces.unwrap())
        .set("furnaces.conversion", "100 %")
        .connect("ethane -> furnaces")
        .connect("furnaces.ethylene -> ethylene")
        .connect("furnaces.rest -> hydrogen")
        .limit(Limit::at_most("furnaces", "ethane", Measure::Mass(None), "300 kt/yr"));
    let field = Supply::new(&slate)
        .knowing("lean", &[0.90, 0.05, 0.045, 0.005, 0.0, 0.0])
        .and_then(|supply| supply.knowing("rich", &[0.88, 0.08, 0.035, 0.005, 0.0, 0.0]));
    let plant = Separate::new("residue")
        .recovering(&slate, "ethane", &["ethane"], "ethane")
        .and_then(|plant| plant.recovering(&slate, "nitrogen", &["nitrogen"], "vent"));
    let mut units = ParameterSpec::number(
        "trains",
        "trains in service",
        Unit::parse("units").unwrap(),
        0.0,
        4.0,
    );
    if let gaschain::param::ParameterKind::Number { may_be_unknown, .. } = &mut units.kind {
        *may_be_unknown = true;
    }
    let mut size = ParameterSpec::number("train_size", "", Unit::BCM_PER_YEAR, 0.0, f64::INFINITY);
    if let gaschain::param::ParameterKind::Number { may_be_unknown, .. } = &mut size.kind {
        *may_be_unknown = true;
    }
    let nitrogen = Measure::MoleFraction("nitrogen".into());
    let two = gaschain::param::Value::Composition(vec![
        ("methane".into(), 0.98),
        ("nitrogen".into(), 0.02),
    ]);
    let mut chain = Builder::new("good", &slate);
    chain
        .parameter(units, 2.0)
        .parameter(size, "4 bcm/yr")
        .stage("field", field.unwrap())
        .stage("purchase", Supply::new(&slate))
        .stage("gather", Blend::new(["field", "purchase"]))
        .stage("plant", plant.unwrap())
        .chain("cracker", cracker)
        .stage("city", Market::new("sales_gas").buying(["residue", "ethane"]))
        .set("order", "field > purchase")
        .set("field.flow", "6 bcm/yr")
        .set("field.composition", "lean")
        .set("purchase.flow", "1 bcm/yr")
        .set("purchase.composition", two)
        .set("plant.ethane", "90 %")
        .set("plant.nitrogen", "20 %")
        .connect("field -> gather.field")
        .connect("purchase -> gather.purchase")
        .connect("gather -> plant")
        .connect("plant.residue -> city.residue")
        .connect("plant.ethane -> cracker.ethane")
        .connect_by_switch("cracker.ethane.surplus -> city.ethane", "return", true)
        .leaving_as_product("city.sales_gas")
        .leaving_as_product("cracker.ethylene")
        .leaving_as_product("cracker.hydrogen")
        .leaving_as_loss("plant.vent")
        .limit(
            Limit::at_most("plant.feed", "plant", Measure::Volume(None), "1 bcm/yr")
                .capacity_of(["trains", "train_size"]),
        )
        .limit(Limit::at_most("city.demand", "city.sales_gas", Measure::Volume(None), "6.5 bcm/yr"))
        .limit(Limit::at_most("city.nitrogen", "city.sales_gas", nitrogen, "5 %"))
        .product("sales gas", "city.sales_gas", Measure::Volume(None), Unit::BCM_PER_YEAR)
        .product("ethylene", "cracker.ethylene", Measure::Mass(None), kilotonnes);
    chain.build().unwrap()
}

#[test]
fn files_and_rust_give_the_same_chain() {
    let (read, built) = (good().chain().unwrap(), good_in_rust());
    assert_eq!(read.name(), built.name());
    let addresses = |chain: &Chain| -> Vec<String> {
        chain.parameters().iter().map(|parameter| parameter.address.clone()).collect()
    };
    assert_eq!(addresses(&read), addresses(&built));
    assert_eq!(read.ports().collect::<Vec<_>>(), built.ports().collect::<Vec<_>>());
    assert_eq!(read.inlets().collect::<Vec<_>>(), built.inlets().collect::<Vec<_>>());
    let limits = |chain: &Chain| -> Vec<String> {
        chain.limits().map(|limit| format!("{} {}", limit.address, limit.unit)).collect()
    };
    assert_eq!(limits(&read), limits(&built));

    let changes: [&[(&str, &str)]; 5] = [
        &[],
        &[("trains", "1")],
        &[("return.open", "false"), ("city.demand", "unknown")],
        &[("order", "field + purchase"), ("field.composition", "rich")],
        &[("city.nitrogen", "3 %"), ("city.nitrogen.throttles", "true")],
    ];
    for change in changes {
        let outcome = |chain: &Chain| -> Vec<(String, Option<u64>)> {
            let mut values = chain.values();
            for (address, value) in change {
                chain.set(&mut values, address, *value).unwrap();
            }
            let solved = chain.solve(&values).unwrap();
            let of = |address: String| {
                let bits = solved.get(&address).unwrap().map(f64::to_bits);
                (address, bits)
            };
            let ports = chain.ports().flat_map(|port| {
                ["moles", "mass", "energy", "mole_fraction.nitrogen"].map(|m| format!("{port}.{m}"))
            });
            let limits = chain.limits().flat_map(|limit| {
                ["load", "capacity", "margin"].map(|field| format!("{}.{field}", limit.address))
            });
            ports.chain(limits).map(of).collect()
        };
        assert_eq!(outcome(&read), outcome(&built), "{change:?}");
    }
}

#[test]
fn a_folder_on_disk_is_the_folder_in_memory() {
    let (disk, memory) = (Chain::read(data("good")).unwrap(), good().chain().unwrap());
    assert_eq!(disk.inputs(), memory.inputs());
    let mass = |chain: &Chain| {
        get(&chain.solve(&chain.values()).unwrap(), "cracker.ethylene.mass").to_bits()
    };
    assert_eq!(mass(&disk), mass(&memory));
}

// ---- values

#[test]
fn reference_conditions_in_files_count() {
    // the same number of cubic metres is more gas when they are counted cold
    for (unit, ratio) in [
        ("bcm/yr @ 0 degC", 293.15 / 273.15),
        ("bcm/yr @ 15 degC", 293.15 / 288.15),
        ("bcm/yr @ 20 degC", 1.0),
        ("million m3/yr", 1e-3),
    ] {
        let from = "set.flow = \"1 bcm/yr\"";
        let chain =
            with_line("chain.toml", from, &format!("set.flow = \"1 {unit}\"")).chain().unwrap();
        let solved = chain.solve(&chain.values()).unwrap();
        close(get(&solved, "purchase.offered"), ratio);
    }
}

#[test]
fn unknown_removes_a_capacity() {
    let folder = with_line(
        "chain.toml",
        "at_most = \"6.5 bcm/yr\"",
        "at_most = \"unknown\"\nunit = \"bcm/yr\"",
    );
    let chain = folder.chain().unwrap();
    let solved = chain.solve(&chain.values()).unwrap();
    let limit = solved.limit("city.demand").unwrap();
    assert_eq!((limit.capacity, limit.utilisation, limit.margin), (None, None, None));
    assert!(limit.load.is_some() && !limit.broken);
    assert_eq!(solved.inlet("purchase").unwrap().stopped_by, ["fully drawn"]);
}

#[test]
fn a_composition_within_a_millionth_is_divided_by_its_sum() {
    for (methane, sum) in [(0.980_000_9, 1.000_000_9), (0.979_999_1, 0.999_999_1)] {
        let folder = with_line("chain.toml", "methane = \"98 %\"", &format!("methane = {methane}"));
        let chain = folder.chain().unwrap();
        let solved = chain.solve(&chain.values()).unwrap();
        close(get(&solved, "purchase.gas.mole_fraction.nitrogen"), 0.02 / sum);
        close(get(&solved, "purchase.offered"), 1.0);
    }
    let folder = with_line("chain.toml", "methane = \"98 %\"", "methane = 0.980002");
    assert!(folder.chain().is_err());
}

#[test]
fn a_composition_that_is_off_is_divided_only_when_asked() {
    let chain = good().chain().unwrap();
    let text = "name = \"off\"\nchain = \"good\"\n[set]\n\
                \"field.composition\" = { methane = 92, ethane = 4, nitrogen = \"200 %\" }\n";
    let strict = Scenario::parse(text, "off.toml", Reading::default()).unwrap();
    assert!(strict.values(&chain).is_err());
    let reading = Reading { normalise: true };
    let lenient = Scenario::parse(text, "off.toml", reading).unwrap();
    let solved = chain.solve(&lenient.values(&chain).unwrap()).unwrap();
    close(get(&solved, "field.gas.mole_fraction.methane"), 92.0 / 98.0);
    close(get(&solved, "field.gas.mole_fraction.ethane"), 4.0 / 98.0);
}

#[test]
fn later_overrides_win_and_blank_cells_change_nothing() {
    let chain = good().chain().unwrap();
    let text = "name = \"a\"\nchain = \"good\"\n[set]\ntrains = 1\n\"field.flow\" = \"5 bcm/yr\"\n";
    let scenario = Scenario::parse(text, "a.toml", Reading::default()).unwrap();
    let scenario = scenario.setting("trains", 3.0).setting("trains", 1.5).setting("trains", 2.0);
    assert!(scenario.values(&chain).is_err(), "an override that was wrong stays wrong");
    let scenario = Scenario::parse(text, "a.toml", Reading::default()).unwrap();
    let scenario = scenario.setting("trains", 3.0).setting("trains", 2.0);
    let solved = chain.solve(&scenario.values(&chain).unwrap()).unwrap();
    close(get(&solved, "plant.feed.capacity"), 8.0);
    close(get(&solved, "field.offered"), 5.0);

    let table =
        "name,trains,field.flow,order\nas it is,,,\nless,1,,\nmore, ,7 bcm/yr,field + purchase\n";
    let runs =
        scenario::parse_table(table, "runs.csv", &chain, "good", Reading::default()).unwrap();
    let offered: Vec<(f64, f64)> = runs
        .iter()
        .map(|run| {
            let solved = chain.solve(&run.values(&chain).unwrap()).unwrap();
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
        close(capacity, expected.0);
        close(offered, expected.1);
    }
    assert!(runs[0].overrides.is_empty());
    let as_is = chain.solve(&runs[0].values(&chain).unwrap()).unwrap();
    let plain = chain.solve(&chain.values()).unwrap();
    let address = "cracker.ethylene.mass";
    assert_eq!(get(&as_is, address).to_bits(), get(&plain, address).to_bits());
}

#[test]
fn quoted_and_dotted_addresses_mean_the_same() {
    let chain = good().chain().unwrap();
    let values = |set: &str| {
        let text = format!("name = \"a\"\nchain = \"good\"\n{set}\n");
        Scenario::parse(&text, "a.toml", Reading::default()).unwrap().values(&chain).unwrap()
    };
    let quoted = values("[set]\n\"plant.ethane\" = \"95 %\"");
    assert_eq!(quoted, values("[set]\nplant.ethane = \"95 %\""));
    assert_eq!(quoted, values("[set.plant]\nethane = \"95 %\""));
    // and so in the chain's own file
    let dotted =
        with_line("chain.toml", "[set]\norder", "[set]\ncracker.furnaces = \"200 kt/yr\"\norder");
    let quoted = with_line(
        "chain.toml",
        "[set]\norder",
        "[set]\n\"cracker.furnaces\" = \"200 kt/yr\"\norder",
    );
    for folder in [dotted, quoted] {
        let chain = folder.chain().unwrap();
        let solved = chain.solve(&chain.values()).unwrap();
        close(get(&solved, "cracker.furnaces.capacity"), 0.2);
    }
}

#[test]
fn the_hash_of_the_inputs_follows_every_file() {
    let scenario = |text: &str| Scenario::parse(text, "a.toml", Reading::default()).unwrap();
    let one = scenario("name = \"a\"\nchain = \"good\"\n");
    let inputs = |folder: &Folder, scenario: &Scenario| scenario.inputs(&folder.chain().unwrap());
    let first = inputs(&good(), &one);
    assert!(first.starts_with("sha256:") && first.len() == 7 + 64, "{first}");
    assert_eq!(first, inputs(&good(), &one), "the same files give the same hash");
    let mut renamed = good();
    renamed.name = "elsewhere/good".into();
    assert_eq!(first, inputs(&renamed, &one), "where the folder lies is no input");
    let mut all = vec![first];
    for (file, from, to) in [
        ("chain.toml", "6 bcm/yr", "6.0 bcm/yr"),
        ("cracker.toml", "300 kt/yr", "301 kt/yr"),
        ("feeds.csv", "rich", "fat"),
    ] {
        all.push(inputs(&with_line(file, from, to), &one));
    }
    let mut more = good();
    more.files.insert("notes.csv".into(), b"a,b\n1,2\n".to_vec());
    all.push(inputs(&more, &one));
    all.push(inputs(&good(), &scenario("name = \"a\"\nchain = \"good\"\n[set]\ntrains = 2\n")));
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), count, "each change gives another hash");
}

// ---- another chain

fn off_gas() -> Chain {
    Chain::read(data("off_gas")).unwrap()
}

/// A number worked out apart from the library, given to ten digits.
fn by_hand(solved: &Solved<'_>, address: &str, expected: f64) {
    let got = get(solved, address);
    assert!((got / expected - 1.0).abs() < 2e-9, "{address}: {got}, by hand {expected}");
}

/// A refinery's off-gas from files only. The numbers were worked out apart from the library with
/// the molar masses and heats of ISO 6976: feed masses, the cold box's share of the mass, the
/// recoveries, the furnaces' share of the net heat at 25 degC, and, by bisection, the share of
/// the second gas at which the grid takes its 250 MW.
#[test]
fn an_off_gas_chain_is_built_from_files_only() {
    let chain = off_gas();
    let mut values = chain.values();
    chain.set(&mut values, "grid.demand", "unknown").unwrap();
    let all = chain.solve(&values).unwrap();
    assert_eq!(all.inlet("cat_cracker").unwrap().stopped_by, ["fully drawn"]);
    assert_eq!(all.inlet("reformer").unwrap().stopped_by, ["fully drawn"]);
    assert_eq!(all.inlet("cold_box.gas").unwrap().stopped_by, ["cold_box.compressors"]);
    by_hand(&all, "mix_in.out.mass", 0.641_033_263_08);
    assert!((all.accepted_fraction("cold_box.gas").unwrap() - 0.686_391_838_53).abs() < 1e-10);
    by_hand(&all, "swing.hydrogen.mass", 0.018_974_953_928_2);
    by_hand(&all, "cold_box.ethylene.mass", 0.062_311_695_003_6);
    by_hand(&all, "lpg_sales.lpg.mass", 0.094_944_020_472_6);
    by_hand(&all, "furnaces.burned.moles", 234.346_890_512);
    by_hand(&all, "grid.demand.load", 439.881_258_898);
    by_hand(&all, "grid.gas_sold.mole_fraction.hydrogen", 0.256_692_306_453);
    // too much hydrogen is reported, and stops nothing until told to
    assert!(all.limit("grid.hydrogen").unwrap().broken);
    assert!(all.warnings().iter().any(|warning| warning.starts_with("grid.hydrogen is broken: ")));

    // the grid takes 250 MW: the reformer's gas is stopped where loads bend twice
    let held = chain.solve(&chain.values()).unwrap();
    assert_eq!(held.inlet("cat_cracker").unwrap().stopped_by, ["fully drawn"]);
    assert_eq!(held.inlet("reformer").unwrap().stopped_by, ["grid.demand"]);
    assert!((held.accepted_fraction("reformer").unwrap() - 0.185_578_292_364_2).abs() < 1e-11);
    by_hand(&held, "cold_box.ethylene.mass", 0.078_596_270_965_3);
    by_hand(&held, "swing.hydrogen.mass", 0.010_174_629_515_5);
    by_hand(&held, "furnaces.burned.moles", 226.478_459_970);
    assert!(held.worst_residual() < 1e-13);

    // what is burned covers the duty
    by_hand(&held, "furnaces.burned.energy", 180e6 * 365.0 * 86_400.0 / 1e15);
    assert_eq!(
        held.products().map(|p| p.product.name.as_str()).collect::<Vec<_>>(),
        ["hydrogen", "ethylene", "lpg", "gas sold"]
    );
}

#[test]
fn an_off_gas_scenario_file_runs_on_its_folder() {
    let text = format!(
        "name = \"one compressor\"\nchain = \"{}\"\n[set]\n\"cold_box.machines\" = 1\n\"bypass.open\" = false\n",
        "off_gas"
    );
    let scenario = Scenario::parse(&text, "one.toml", Reading::default()).unwrap();
    let chain = scenario.open_chain(Some(&data(""))).unwrap();
    let solved = chain.solve(&scenario.values(&chain).unwrap()).unwrap();
    // with the way round closed, the cold box stops the supplies themselves
    assert_eq!(solved.inlet("cat_cracker").unwrap().stopped_by, ["cold_box.compressors"]);
    assert!(solved.accepted_fraction("reformer").unwrap() <= 1e-12);
    assert!(
        (solved.accepted_fraction("cat_cracker").unwrap() - 220.0 / 477.951_372_386_9).abs()
            < 1e-11
    );
    assert_eq!(get(&solved, "cold_box.gas.surplus.moles").to_bits(), 0.0_f64.to_bits());
}

#[test]
fn the_engine_does_not_name_the_shipped_chain() {
    fn sources(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    assert!(files.len() > 20);
    for file in files.iter().filter(|file| !file.ends_with("src/amur.rs")) {
        let text = std::fs::read_to_string(file).unwrap();
        // unit tests may use the shipped chain
        let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            let doc = line.starts_with("//!") || line.starts_with("///");
            let declared = file.ends_with("src/lib.rs") && line == "pub mod amur;";
            let named = line.to_lowercase().contains("amur");
            assert!(!named || doc || declared, "{}:{}: {line}", file.display(), index + 1);
        }
    }
}
