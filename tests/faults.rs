//! Every fault that reading or running can find, each by a small change to a good chain, and the
//! exact message a user gets: what is wrong, where, what was got, what is allowed, what is near.
//!
//! A change is one mistake and one message, wherever the mistake has only one cause: what merely
//! follows from it is not reported.

#![allow(clippy::too_many_lines, reason = "the tests are tables of changes and messages")]

use gaschain::chain::{Builder, Chain, Folder, SolveError};
use gaschain::fault::{FaultKind, Faults};
use gaschain::limit::{Direction, Factor, Limit, Load};
use gaschain::measure::Measure;
use gaschain::param::ParameterSpec;
use gaschain::quantity::{Quantity, Unit};
use gaschain::scalar::Scalar;
use gaschain::scenario::{self, Reading, Scenario};
use gaschain::species::Slate;
use gaschain::stage::{
    Blend, Call, Comonomer, Draw, Market, Polymerise, Ports, React, Reaction, Separate, Split,
    Stage, StageError, StatedLoad, Supply,
};
use gaschain::sweep::{Evaluator, Results, Variable};
use proptest::prelude::*;

const CHAIN: &str = "chain.toml";
const CRACKER: &str = "cracker.toml";
const FEEDS: &str = "feeds.csv";

/// A small chain that has everything once and no fault.
fn good() -> Folder {
    let files: [(&str, &[u8]); 3] = [
        (CHAIN, include_bytes!("data/good/chain.toml")),
        (CRACKER, include_bytes!("data/good/cracker.toml")),
        (FEEDS, include_bytes!("data/good/feeds.csv")),
    ];
    Folder {
        name: "good".into(),
        files: files.map(|(name, bytes)| (name.to_owned(), bytes.to_vec())).into(),
    }
}

/// The folder with one place of one file changed.
#[track_caller]
fn changed(mut folder: Folder, file: &str, from: &str, to: &str) -> Folder {
    let text = String::from_utf8(folder.files[file].clone()).unwrap();
    assert_eq!(text.matches(from).count(), 1, "{from:?} stands once in {file}");
    folder.files.insert(file.into(), text.replacen(from, to, 1).into_bytes());
    folder
}

#[track_caller]
fn message(folder: &Folder) -> String {
    folder.chain().expect_err("this has a fault").to_string()
}

/// The good chain with one change has exactly these faults.
#[track_caller]
fn expect(file: &str, from: &str, to: &str, faults: &[&str]) {
    assert_eq!(message(&changed(good(), file, from, to)), faults.join("\n"));
}

#[test]
fn the_good_chain_is_good() {
    let chain = good().chain().unwrap();
    let solved = chain.solve(&chain.values()).unwrap();
    assert_eq!(solved.inlet("purchase").unwrap().stopped_by, ["city.demand"]);
    assert_eq!(solved.inlet("cracker.ethane").unwrap().stopped_by, ["cracker.furnaces"]);
}

#[test]
fn unknown_keys_at_every_level() {
    expect(
        CHAIN,
        r#"name = "good""#,
        r#"nam = "good""#,
        &[r#"good/chain.toml:4: unknown key "nam"; nearest: "name""#],
    );
    expect(
        CHAIN,
        r#"name = "good""#,
        "name = \"good\"\nauthor = \"me\"",
        &[r#"good/chain.toml:5: unknown key "author""#],
    );
    expect(
        CHAIN,
        r#"kind = "separate""#,
        "kind = \"separate\"\nremainer = \"x\"",
        &[r#"good/chain.toml:52: unknown key "remainer"; nearest: "remainder""#],
    );
    expect(
        CHAIN,
        "remainder = \"residue\"\n",
        "remaindr = \"residue\"\n",
        &[r#"good/chain.toml:52: unknown key "remaindr"; nearest: "remainder""#],
    );
    expect(
        CHAIN,
        r#"source = "the contract""#,
        r#"sorce = "the contract""#,
        &[r#"good/chain.toml:79: unknown key "sorce"; nearest: "source""#],
    );
    expect(
        CHAIN,
        r#"about = "trains in service""#,
        r#"abuot = "trains in service""#,
        &[r#"good/chain.toml:26: unknown key "abuot"; nearest: "about""#],
    );
    expect(
        CHAIN,
        "losses = [",
        "loses = [",
        &[r#"good/chain.toml:17: unknown key "loses"; nearest: "losses""#],
    );
    expect(
        CHAIN,
        "at = \"city.sales_gas\"\nof",
        "art = \"city.sales_gas\"\nof",
        &[r#"good/chain.toml:88: unknown key "art"; nearest: "at""#],
    );
    expect(
        CHAIN,
        r#"switch = "return""#,
        r#"swich = "return""#,
        &[r#"good/chain.toml:12: unknown key "swich"; nearest: "switch""#],
    );
    expect(
        CHAIN,
        r#"to = "vent""#,
        r#"to = "vent", form = "x""#,
        &[r#"good/chain.toml:56: unknown key "form"; allowed: "species", "to""#],
    );
    expect(
        CHAIN,
        r#"range = ["50 %", "99 %"]"#,
        r#"rnge = ["50 %", "99 %"]"#,
        &[r#"good/chain.toml:59: unknown key "rnge"; nearest: "range""#],
    );
    expect(
        CRACKER,
        r#"key = "ethane""#,
        r#"key = "ethane", heat = 3"#,
        &[r#"good/cracker.toml:21: unknown key "heat"; allowed: "equation", "key""#],
    );
}

#[test]
fn unknown_stages_ports_and_kinds() {
    expect(
        CHAIN,
        r#"kind = "separate""#,
        r#"kind = "seperate""#,
        &[r#"good/chain.toml:51: unknown kind of stage "seperate"; nearest: "separate""#],
    );
    expect(
        CHAIN,
        r#""gather -> plant""#,
        r#""gather -> plnt""#,
        &[r#"good/chain.toml:9: unknown stage or port "plnt"; nearest: "plant""#],
    );
    expect(
        CHAIN,
        r#""gather -> plant""#,
        r#""gathr -> plant""#,
        &[r#"good/chain.toml:9: unknown stage or port "gathr"; nearest: "gather""#],
    );
    expect(
        CHAIN,
        r#""gather -> plant""#,
        r#""gather -> plant.fed""#,
        &[r#"good/chain.toml:9: unknown inlet port "plant.fed"; nearest: "plant.feed""#],
    );
    expect(
        CHAIN,
        r#""plant.residue -> city.residue""#,
        r#""plant.residu -> city.residue""#,
        &[r#"good/chain.toml:10: unknown outlet port "plant.residu"; nearest: "plant.residue""#],
    );
    expect(
        CHAIN,
        r#""plant.residue -> city.residue""#,
        r#""plant.residue -> city""#,
        &[
            r#"good/chain.toml:10: "city" without a port, with 2 inlets; allowed: one of residue, ethane"#,
        ],
    );
    expect(
        CHAIN,
        r#""plant.ethane -> cracker.ethane""#,
        r#""plant.ethane -> cracker.ethan""#,
        &[r#"good/chain.toml:11: unknown inlet port "cracker.ethan"; nearest: "cracker.ethane""#],
    );
    expect(
        CHAIN,
        r#"losses = ["plant.vent"]"#,
        r#"losses = ["plant.vnt"]"#,
        &[r#"good/chain.toml:17: unknown outlet port "plant.vnt"; nearest: "plant.vent""#],
    );
    expect(
        CHAIN,
        r#"at = "cracker.ethylene""#,
        r#"at = "cracker.ethylen""#,
        &[
            r#"good/chain.toml:94: unknown port "cracker.ethylen"; nearest: "cracker.ethylene", "cracker.ethane", "cracker.hydrogen""#,
        ],
    );
    expect(
        CRACKER,
        r#"outlets = ["ethylene", "hydrogen"]"#,
        r#"outlets = ["ethylene"]"#,
        &[
            r#"good/chain.toml:16: unknown outlet port "cracker.hydrogen"; allowed: "cracker.ethylene""#,
            r#"good/cracker.toml:8: unknown stage or port "hydrogen"; allowed: "furnaces", "ethane", "ethylene""#,
        ],
    );
}

#[test]
fn unknown_species() {
    expect(
        CHAIN,
        r#""helium", "ethylene""#,
        r#""helim", "ethylen""#,
        &[
            r#"good/chain.toml:5: unknown species "helim"; nearest: "helium""#,
            r#"good/chain.toml:5: unknown species "ethylen"; nearest: "ethylene""#,
        ],
    );
    expect(
        CHAIN,
        r#""helium", "ethylene""#,
        r#""helium", "helium", "ethylene""#,
        &[r#"good/chain.toml:5: duplicate species "helium""#],
    );
    expect(
        CHAIN,
        r#"species = ["methane", "ethane", "nitrogen", "helium", "ethylene", "hydrogen"]"#,
        "species = []",
        &[
            "good/chain.toml:5: an empty list of species; allowed: names of species, or no such key for all of them",
        ],
    );
    expect(
        CHAIN,
        r#"species = ["ethane"]"#,
        r#"species = ["ethan"]"#,
        &[r#"good/chain.toml:55: unknown species "ethan"; nearest: "ethane", "methane""#],
    );
    expect(
        CHAIN,
        r#"methane = "98 %""#,
        r#"methan = "98 %""#,
        &[
            r#"good/chain.toml:42: purchase.composition: unknown species "methan"; nearest: "methane", "ethane""#,
        ],
    );
    expect(
        CHAIN,
        r#"of = "mole_fraction.nitrogen""#,
        r#"of = "mole_fraction.nitrgen""#,
        &[r#"good/chain.toml:83: unknown species "nitrgen"; nearest: "nitrogen""#],
    );
    expect(
        CRACKER,
        "ethane -> ethylene + hydrogen",
        "ethane -> ethylen + hydrogen",
        &[r#"good/cracker.toml:21: unknown species "ethylen"; nearest: "ethylene""#],
    );
    expect(
        FEEDS,
        "nitrogen,helium",
        "nitrogn,helium",
        &[r#"good/feeds.csv:1: unknown column "nitrogn"; nearest: "nitrogen""#],
    );
}

#[test]
fn unknown_parameters_and_missing_values() {
    expect(
        CHAIN,
        r#"nitrogen = "20 %""#,
        r#"nitrogn = "20 %""#,
        &[r#"good/chain.toml:60: unknown parameter "plant.nitrogn"; nearest: "plant.nitrogen""#],
    );
    expect(
        CHAIN,
        "nitrogen = \"20 %\"\n",
        "\n",
        &[r#"good/chain.toml:50: value of parameter "plant.nitrogen" is missing"#],
    );
    expect(
        CHAIN,
        "[set]\norder",
        "[set]\nordr",
        &[r#"good/chain.toml:20: unknown parameter "ordr"; nearest: "order""#],
    );
    expect(
        CHAIN,
        "[set]\norder",
        "[set]\nplnt.ethane = \"90 %\"\norder",
        &[r#"good/chain.toml:20: unknown parameter "plnt.ethane"; nearest: "plant.ethane""#],
    );
    expect(
        CHAIN,
        r#"at_most = ["trains", "train_size"]"#,
        r#"at_most = ["trans", "train_size"]"#,
        &[r#"good/chain.toml:62: unknown parameter "trans"; nearest: "trains""#],
    );
    expect(CHAIN, "value = 2\n", "", &[r#"good/chain.toml:22: key "value" is missing"#]);
}

#[test]
fn unknown_units_and_wrong_dimensions() {
    expect(
        CHAIN,
        r#""1 bcm/yr""#,
        r#""27 Mt/yr""#,
        &[
            r#"good/chain.toml:40: purchase.flow: "27 Mt/yr" is a mass flow; allowed: a molar or gas volume flow, such as "38 bcm/yr""#,
        ],
    );
    expect(
        CHAIN,
        r#""1 bcm/yr""#,
        r#""27 bcm""#,
        &[r#"good/chain.toml:40: purchase.flow: unknown unit "bcm"; nearest: "bcm/yr""#],
    );
    expect(
        CHAIN,
        r#""1 bcm/yr""#,
        "27",
        &[
            r#"good/chain.toml:40: purchase.flow: "27" is a number without a unit; allowed: a molar or gas volume flow, such as "38 bcm/yr""#,
        ],
    );
    expect(
        CHAIN,
        r#""1 bcm/yr""#,
        r#""6 bcm/yr @ 25 degC""#,
        &[
            r#"good/chain.toml:40: purchase.flow: unknown reference conditions "25 degC"; allowed: "0 degC", "15 degC", "20 degC""#,
        ],
    );
    expect(
        CHAIN,
        r#""1 bcm/yr""#,
        r#""6 Mt/yr @ 0 degC""#,
        &[
            r#"good/chain.toml:40: purchase.flow: "6 Mt/yr @ 0 degC"; allowed: reference conditions after a gas volume only"#,
        ],
    );
    expect(
        CHAIN,
        r#""1 bcm/yr""#,
        r#""six bcm/yr""#,
        &[
            r#"good/chain.toml:40: purchase.flow: "six bcm/yr" cannot be read; allowed: a molar or gas volume flow, such as "38 bcm/yr""#,
        ],
    );
    expect(
        CHAIN,
        r#""1 bcm/yr""#,
        "true",
        &[
            r#"good/chain.toml:40: purchase.flow: "true" cannot be read; allowed: a molar or gas volume flow, such as "38 bcm/yr""#,
        ],
    );
    expect(
        CHAIN,
        r#""1 bcm/yr""#,
        r#""""#,
        &[
            r#"good/chain.toml:40: purchase.flow: "" cannot be read; allowed: a molar or gas volume flow, such as "38 bcm/yr""#,
        ],
    );
    expect(
        CHAIN,
        r#""1 bcm/yr""#,
        r#""unknown""#,
        &[
            r#"good/chain.toml:40: purchase.flow: "unknown" cannot be read; allowed: a molar or gas volume flow, such as "38 bcm/yr""#,
        ],
    );
    expect(
        CHAIN,
        r#""6.5 bcm/yr""#,
        r#""27 Mt/yr""#,
        &[
            r#"good/chain.toml:77: city.demand: "27 Mt/yr" is a mass flow; allowed: a molar or gas volume flow, such as "38 bcm/yr""#,
        ],
    );
    expect(
        CHAIN,
        r#"at_most = "6.5 bcm/yr""#,
        "at_most = \"6.5 bcm/yr\"\nunit = \"Mt/yr\"",
        &[r#"good/chain.toml:74: "Mt/yr" is a mass flow; allowed: a molar or gas volume flow"#],
    );
    expect(
        CHAIN,
        "value = 2\n",
        "value = \"2 km\"\n",
        &[r#"good/chain.toml:23: trains: "2 km" is a length; allowed: a count, such as "6""#],
    );
    expect(
        CHAIN,
        r#"unit = "units""#,
        r#"unit = "unts""#,
        &[r#"good/chain.toml:24: unknown unit "unts"; nearest: "units""#],
    );
    expect(
        CHAIN,
        r#"unit = "kt/yr""#,
        r#"unit = "bcm/yr""#,
        &[r#"good/chain.toml:96: "bcm/yr" is a molar or gas volume flow; allowed: a mass flow"#],
    );
    expect(
        CHAIN,
        r#"methane = "98 %""#,
        r#"methane = "98 km""#,
        &[
            r#"good/chain.toml:42: purchase.composition: methane is "98 km"; allowed: a mole fraction, such as 0.92 or "92 %""#,
        ],
    );
    expect(
        CHAIN,
        r#"at_most = ["trains", "train_size"]"#,
        r#"at_most = ["trains"]"#,
        &[
            "good/chain.toml:62: the capacity trains (a count); allowed: a product that is a molar or gas volume flow",
        ],
    );
    expect(
        CHAIN,
        r#"at_most = ["trains", "train_size"]"#,
        r#"at_most = ["train_size", "train_size"]"#,
        &[
            "good/chain.toml:62: the capacity train_size (a molar or gas volume flow) x train_size (a molar or gas volume flow); allowed: a product that is a molar or gas volume flow",
        ],
    );
    expect(
        CHAIN,
        r#"at_most = ["trains", "train_size"]"#,
        r#"at_most = ["trains", "field.composition"]"#,
        &[
            "good/chain.toml:62: the capacity trains (a count) x field.composition (no number); allowed: a product that is a molar or gas volume flow",
        ],
    );
    expect(
        CRACKER,
        r#"ethane = "kt/yr""#,
        r#"ethane = "kt""#,
        &[r#"good/cracker.toml:12: unknown unit "kt"; nearest: "kt/yr""#],
    );
    expect(
        CRACKER,
        r#"ethane = "kt/yr""#,
        r#"ethane = "km""#,
        &[
            r#"good/cracker.toml:12: "km" is a length; allowed: a unit of molar, gas volume or mass flow"#,
        ],
    );
    expect(
        FEEDS,
        "lean,mol %,90",
        "lean,kg,90",
        &[
            r#"good/feeds.csv:2: column "unit": unknown unit "kg"; allowed: "mol %", "mole fraction""#,
        ],
    );
}

#[test]
fn numbers_that_are_none_or_out_of_range() {
    expect(
        CHAIN,
        r#""1 bcm/yr""#,
        r#""-1 bcm/yr""#,
        &[
            "good/chain.toml:40: purchase.flow: -1 bcm/yr is outside the allowed range: at least 0 bcm/yr",
        ],
    );
    expect(
        CHAIN,
        r#""1 bcm/yr""#,
        r#""NaN bcm/yr""#,
        &[
            r#"good/chain.toml:40: purchase.flow: "NaN bcm/yr" cannot be read; allowed: a finite number, such as "38 bcm/yr""#,
        ],
    );
    expect(
        CHAIN,
        r#""1 bcm/yr""#,
        r#""inf bcm/yr""#,
        &[
            r#"good/chain.toml:40: purchase.flow: "inf bcm/yr" cannot be read; allowed: a finite number, such as "38 bcm/yr""#,
        ],
    );
    expect(
        CHAIN,
        r#""1 bcm/yr""#,
        r#""1e400 bcm/yr""#,
        &[
            r#"good/chain.toml:40: purchase.flow: "1e400 bcm/yr" cannot be read; allowed: a finite number, such as "38 bcm/yr""#,
        ],
    );
    expect(
        CHAIN,
        r#""1 bcm/yr""#,
        r#""1e308 bcm/yr""#,
        &[
            r#"good/chain.toml:40: purchase.flow: "1e308 bcm/yr" cannot be read; allowed: a finite number, such as "38 bcm/yr""#,
        ],
    );
    expect(
        CHAIN,
        r#"nitrogen = "20 %""#,
        r#"nitrogen = "120 %""#,
        &["good/chain.toml:60: plant.nitrogen: 120 % is outside the allowed range 0 % to 100 %"],
    );
    expect(
        CHAIN,
        r#"nitrogen = "20 %""#,
        "nitrogen = 1.2",
        &["good/chain.toml:60: plant.nitrogen: 1.2 is outside the allowed range 0 % to 100 %"],
    );
    expect(
        CHAIN,
        r#"nitrogen = "20 %""#,
        "nitrogen = nan",
        &["good/chain.toml:60: plant.nitrogen: NaN is outside the allowed range 0 % to 100 %"],
    );
    expect(
        CHAIN,
        r#"nitrogen = "20 %""#,
        "nitrogen = inf",
        &["good/chain.toml:60: plant.nitrogen: inf is outside the allowed range 0 % to 100 %"],
    );
    expect(
        CHAIN,
        r#"nitrogen = "20 %""#,
        "nitrogen = 1e400",
        &[
            "good/chain.toml:60: plant.nitrogen: the value is a number too large to hold; allowed: a text, a number, true or false, or mole fractions by species",
        ],
    );
    expect(
        CHAIN,
        r#"nitrogen = "20 %""#,
        "nitrogen = 99999999999999999999",
        &[
            "good/chain.toml:60: plant.nitrogen: the value is a number too large to hold; allowed: a text, a number, true or false, or mole fractions by species",
        ],
    );
    expect(
        CHAIN,
        "value = 2\n",
        "value = 2.5\n",
        &[r#"good/chain.toml:23: trains: "2.5" cannot be read; allowed: a whole number"#],
    );
    expect(
        CHAIN,
        "value = 2\n",
        "value = 5\n",
        &["good/chain.toml:23: trains: 5 is outside the allowed range 0 units to 4 units"],
    );
    expect(
        CHAIN,
        r#"value = "90 %", range"#,
        r#"value = "40 %", range"#,
        &["good/chain.toml:59: plant.ethane: 40 % is outside the allowed range 50 % to 99 %"],
    );
    expect(
        CHAIN,
        r#"range = ["0", "4"]"#,
        r#"range = ["0"]"#,
        &["good/chain.toml:25: range is a list of 1; allowed: [low, high]"],
    );
    expect(
        CHAIN,
        r#"range = ["0", "4"]"#,
        r#"range = ["4", "0"]"#,
        &[
            "good/chain.toml:25: trains: range 4 to 0; allowed: a low and a high end, both at least 0 units, or unknown",
        ],
    );
    expect(
        CHAIN,
        r#""50 %", "99 %""#,
        r#""50 %", "199 %""#,
        &[
            "good/chain.toml:59: plant.ethane: range 50 % to 199 %; allowed: a low and a high end, both 0 % to 100 %",
        ],
    );
    expect(
        FEEDS,
        "lean,mol %,90",
        "lean,mol %,x",
        &[r#"good/feeds.csv:2: column "methane": "x" cannot be read; allowed: a finite number"#],
    );
    expect(
        FEEDS,
        "lean,mol %,90",
        "lean,mol %,-90",
        &[r#"good/feeds.csv:2: column "methane": -90 is outside the allowed range 0 to 100"#],
    );
    expect(
        FEEDS,
        "lean,mol %,90",
        "lean,mol %,inf",
        &[r#"good/feeds.csv:2: column "methane": "inf" cannot be read; allowed: a finite number"#],
    );
}

#[test]
fn compositions() {
    expect(
        CHAIN,
        r#"methane = "98 %""#,
        r#"methane = "98.1 %""#,
        &[
            "good/chain.toml:42: purchase.composition: mole fractions sum to 1.001; allowed: 1 within 1e-6 (or ask for normalising)",
        ],
    );
    expect(
        CHAIN,
        r#"methane = "98 %""#,
        "methane = 0.1\nethane = 0.2",
        &[
            "good/chain.toml:42: purchase.composition: mole fractions sum to 0.32; allowed: 1 within 1e-6 (or ask for normalising)",
        ],
    );
    expect(
        CHAIN,
        r#"methane = "98 %""#,
        "methane = 0.980001\nethane = 1.1e-6",
        &[
            "good/chain.toml:42: purchase.composition: mole fractions sum to 1.0000021; allowed: 1 within 1e-6 (or ask for normalising)",
        ],
    );
    expect(
        CHAIN,
        r#"methane = "98 %""#,
        "methane = 98",
        &[
            "good/chain.toml:42: purchase.composition: methane 98 is outside the allowed range 0 to 1",
        ],
    );
    expect(
        CHAIN,
        r#"set.composition = "lean""#,
        r#"set.composition = "leen""#,
        &[r#"good/chain.toml:36: field.composition: unknown composition "leen"; nearest: "lean""#],
    );
    expect(
        CHAIN,
        r#"set.composition = "lean""#,
        r#"set.composition = "xyz""#,
        &[
            r#"good/chain.toml:36: field.composition: unknown composition "xyz"; allowed: "lean", "rich""#,
        ],
    );
    expect(
        CHAIN,
        r#"set.composition = "lean""#,
        "set.composition = 3",
        &[
            r#"good/chain.toml:36: field.composition: "3" cannot be read; allowed: a named row, or mole fractions by species"#,
        ],
    );
    expect(
        FEEDS,
        "lean,mol %,90",
        "lean,mol %,91",
        &[
            r#"good/feeds.csv:2: column "feed": lean: mole fractions sum to 1.01; allowed: 1 within 1e-6 (or ask for normalising)"#,
        ],
    );
}

#[test]
fn ports_not_joined_or_joined_twice() {
    expect(
        CHAIN,
        r#""gather -> plant","#,
        "",
        &[
            "good/chain.toml:46: gather.out: an outlet that is neither joined nor declared a product or a loss; allowed: one connection from it, or a declaration as what leaves the chain",
            "good/chain.toml:50: plant.feed: an inlet that is not joined; allowed: one connection to it",
        ],
    );
    expect(
        CHAIN,
        r#"losses = ["plant.vent"]"#,
        "losses = []",
        &[
            "good/chain.toml:50: plant.vent: an outlet that is neither joined nor declared a product or a loss; allowed: one connection from it, or a declaration as what leaves the chain",
        ],
    );
    expect(
        CHAIN,
        r#""plant.ethane -> cracker.ethane","#,
        "",
        &[
            "good/chain.toml:50: plant.ethane: an outlet that is neither joined nor declared a product or a loss; allowed: one connection from it, or a declaration as what leaves the chain",
            "good/chain.toml:66: cracker.ethane: an inlet that is not joined; allowed: one connection to it",
        ],
    );
    expect(
        CRACKER,
        r#""furnaces.ethylene -> ethylene","#,
        "",
        &[
            "good/cracker.toml:4: cracker.ethylene: an outlet that nothing leads to; allowed: one connection to it inside",
            "good/cracker.toml:19: cracker.furnaces.ethylene: an outlet that is not joined; allowed: one connection from it",
        ],
    );
    expect(
        CRACKER,
        r#""ethane -> furnaces","#,
        "",
        &[
            "good/cracker.toml:12: cracker.ethane: an inlet that leads nowhere; allowed: one connection from it inside",
            "good/cracker.toml:19: cracker.furnaces.feed: an inlet that is not joined; allowed: one connection to it",
        ],
    );
    expect(
        CHAIN,
        r#""plant.residue -> city.residue""#,
        r#""plant.residue -> city.residue", "plant.residue -> city.ethane""#,
        &[
            r#"good/chain.toml:10: plant.residue is joined twice: by "plant.residue -> city.residue" and by "plant.residue -> city.ethane"; allowed: one connection a port"#,
        ],
    );
    expect(
        CHAIN,
        r#""gather -> plant""#,
        r#""gather -> plant", "plant.vent -> plant""#,
        &[
            r#"good/chain.toml:9: plant.feed is joined twice: by "gather -> plant" and by "plant.vent -> plant"; allowed: one connection a port"#,
        ],
    );
    expect(
        CHAIN,
        r#"losses = ["plant.vent"]"#,
        r#"losses = ["plant.vent", "plant.ethane"]"#,
        &[
            r#"good/chain.toml:17: plant.ethane is joined twice: by "plant.ethane -> cracker.ethane" and by "plant.ethane leaving"; allowed: one connection a port"#,
        ],
    );
    expect(
        CHAIN,
        r#"losses = ["plant.vent"]"#,
        r#"losses = ["plant.vent", "plant.vent"]"#,
        &[
            r#"good/chain.toml:17: plant.vent is joined twice: by "plant.vent leaving" and by "plant.vent leaving"; allowed: one connection a port"#,
        ],
    );
}

#[test]
fn connections_that_say_nothing() {
    expect(
        CHAIN,
        r#""gather -> plant""#,
        r#""gather plant""#,
        &[r#"good/chain.toml:9: "gather plant" cannot be read; allowed: "from -> to""#],
    );
    expect(
        CHAIN,
        r#""gather -> plant""#,
        r#""gather ->""#,
        &[r#"good/chain.toml:9: "gather ->" cannot be read; allowed: "from -> to""#],
    );
    expect(
        CHAIN,
        r#""gather -> plant""#,
        "5",
        &[
            r#"good/chain.toml:9: a connection is a number; allowed: "from -> to" or { join = .., switch = .., open = .. }"#,
        ],
    );
    expect(
        CHAIN,
        "open = true",
        r#"open = "yes""#,
        &["good/chain.toml:12: open is a text; allowed: true or false"],
    );
    expect(CHAIN, ", open = true", "", &[r#"good/chain.toml:12: key "open" is missing"#]);
    expect(
        CHAIN,
        r#""gather -> plant""#,
        r#"{ join = "gather -> plant", switch = "x", open = true }"#,
        &[
            r#"good/chain.toml:9: a switch on "gather -> plant"; allowed: a switch on a surplus or a drawn stream"#,
        ],
    );
}

#[test]
fn limits_on_nothing() {
    expect(
        CHAIN,
        "at = \"sales_gas\"\nof = \"volume\"",
        "at = \"sales_gs\"\nof = \"volume\"",
        &[
            r#"good/chain.toml:74: limit "city.demand" is on nothing: unknown port "sales_gs"; nearest: "sales_gas""#,
        ],
    );
    expect(
        CHAIN,
        "[stages.city.limits.demand]\nat = \"sales_gas\"",
        "[limits.demand]\nat = \"cty.sales_gas\"",
        &[
            r#"good/chain.toml:74: limit "demand" is on nothing: unknown stage or port "cty"; nearest: "city""#,
        ],
    );
    expect(
        CHAIN,
        "at = \"sales_gas\"\nof = \"volume\"",
        r#"of = "volume""#,
        &[
            r#"good/chain.toml:74: limit "city.demand" is on nothing: "city" without a port, with 2 inlets; allowed: one of residue, ethane"#,
        ],
    );
    expect(
        CHAIN,
        "at = \"sales_gas\"\nof = \"volume\"",
        r#"of = "volum""#,
        &[r#"good/chain.toml:75: unknown quantity "volum"; nearest: "volume""#],
    );
    expect(
        CHAIN,
        r#"of = "mole_fraction.nitrogen""#,
        r#"of = "mole_fraction""#,
        &[
            r#"good/chain.toml:83: "mole_fraction" cannot be read; allowed: mole_fraction.<species>, such as mole_fraction.methane"#,
        ],
    );
    expect(
        CHAIN,
        "of = \"volume\"\nat_most = [\"trains\", \"train_size\"]",
        "states = \"powr\"\nunit = \"MW\"\nat_most = \"5 MW\"",
        &[r#"good/chain.toml:62: limit "plant.feed" is on nothing: no stage states "plant.powr""#],
    );
    expect(
        CHAIN,
        "of = \"volume\"\nat_most = [\"trains\", \"train_size\"]",
        "at = \"feed\"\nof = \"volume\"\nstates = \"power\"\nat_most = \"5 MW\"",
        &[
            r#"good/chain.toml:62: limit plant.feed with both of "of" and "states"; allowed: either "of" (a measure of a port) or "states" (a load a stage states)"#,
        ],
    );
    expect(
        CHAIN,
        r#"at_most = ["trains", "train_size"]"#,
        "",
        &[
            "good/chain.toml:62: limit plant.feed with neither of at_most and at_least; allowed: either at_most or at_least",
        ],
    );
    expect(
        CHAIN,
        r#"at_most = ["trains", "train_size"]"#,
        "at_most = [\"trains\", \"train_size\"]\nthrottles = [\"feild\"]",
        &[r#"good/chain.toml:62: unknown inlet "feild"; nearest: "field""#],
    );
}

#[test]
fn reactions() {
    expect(
        CRACKER,
        "ethane -> ethylene + hydrogen",
        "ethane -> ethylene",
        &[
            r#"good/cracker.toml:21: reaction "ethane -> ethylene" is not balanced in H: 6 atoms in, 4 out"#,
        ],
    );
    expect(
        CRACKER,
        "ethane -> ethylene + hydrogen",
        "ethane = ethylene",
        &[
            r#"good/cracker.toml:21: "ethane = ethylene" cannot be read; allowed: an equation, such as "propane -> propylene + hydrogen""#,
        ],
    );
    expect(
        CRACKER,
        "ethane -> ethylene + hydrogen",
        "-1 ethane -> ethylene + hydrogen",
        &[
            r#"good/cracker.toml:21: "-1 ethane -> ethylene + hydrogen" cannot be read; allowed: an equation, such as "propane -> propylene + hydrogen""#,
        ],
    );
    expect(
        CRACKER,
        r#"key = "ethane""#,
        r#"key = "hydrogen""#,
        &[
            r#"good/cracker.toml:21: key species "hydrogen" of "ethane -> ethylene + hydrogen"; allowed: a species that the reaction consumes"#,
        ],
    );
}

#[test]
fn duplicates() {
    expect(
        CHAIN,
        "[stages.gather]",
        "[stages.plant]",
        &[r#"good/chain.toml:50: duplicate key "plant""#],
    );
    expect(
        CHAIN,
        r#"name = "good""#,
        "name = \"good\"\nname = \"better\"",
        &[r#"good/chain.toml:5: duplicate key "name""#],
    );
    expect(
        CHAIN,
        r#"name = "ethylene""#,
        r#"name = "sales gas""#,
        &[r#"good/chain.toml:92: duplicate product "sales gas""#],
    );
    expect(
        CHAIN,
        r#"inlets = ["field", "purchase"]"#,
        r#"inlets = ["field", "purchase", "field"]"#,
        &[r#"good/chain.toml:46: duplicate port "field""#],
    );
    expect(
        CHAIN,
        "[stages.cracker]",
        "[stages.cracker.limits.furnaces]\nat = \"ethane\"\nof = \"mass\"\nat_most = \"1 kt/yr\"\n[stages.cracker]",
        &[r#"good/chain.toml:66: duplicate limit "cracker.furnaces""#],
    );
    expect(
        CRACKER,
        r#"outlets = ["ethylene", "hydrogen"]"#,
        r#"outlets = ["ethylene", "hydrogen", "ethylene"]"#,
        &[r#"good/cracker.toml:4: duplicate port "ethylene""#],
    );
    expect(
        CRACKER,
        r#"outlets = ["ethylene", "hydrogen"]"#,
        r#"outlets = ["ethylene", "hydrogen", "ethane"]"#,
        &[r#"good/cracker.toml:4: duplicate port "ethane""#],
    );
    expect(
        FEEDS,
        "rich,",
        "lean,",
        &[
            r#"good/feeds.csv:3: column "feed": duplicate feed "lean" (first at good/feeds.csv:2: column "feed")"#,
        ],
    );
    expect(
        FEEDS,
        "nitrogen,helium",
        "nitrogen,nitrogen",
        &[r#"good/feeds.csv:1: duplicate column "nitrogen""#],
    );
}

#[test]
fn ragged_and_odd_tables() {
    expect(
        FEEDS,
        "0.5,assumed,a test\n",
        "0.5,assumed\n",
        &["good/feeds.csv:2: the row has 7 fields; allowed: 8, as in the header"],
    );
    expect(
        FEEDS,
        "0.5,assumed,a test\n",
        "0.5,assumed,a test,more\n",
        &["good/feeds.csv:2: the row has 9 fields; allowed: 8, as in the header"],
    );
    expect(
        FEEDS,
        "0.5,assumed,a test\n",
        "0.5,assumed,\"a\ntest\"\nbad,row\n",
        &["good/feeds.csv:4: the row has 2 fields; allowed: 8, as in the header"],
    );
    expect(
        FEEDS,
        "0.035,0.005,assumed,a test",
        r#"0.035,0.005,assumed,"a test"#,
        &["good/feeds.csv:3: a quote that is not closed before the end of the file"],
    );
    expect(
        FEEDS,
        "feed,unit",
        "fed,unit",
        &[r#"good/feeds.csv:1: unknown column "fed"; nearest: "feed""#],
    );
    expect(
        FEEDS,
        "feed,unit,",
        "feed,unit,,",
        &[
            r#"good/feeds.csv:1: name of column "number 3" is missing"#,
            "good/feeds.csv:2: the row has 8 fields; allowed: 9, as in the header",
            "good/feeds.csv:3: the row has 8 fields; allowed: 9, as in the header",
        ],
    );
    expect(
        FEEDS,
        "rich,",
        ",",
        &[r#"good/feeds.csv:3: column "feed": text in column "feed" is missing"#],
    );
}

#[test]
fn wrong_types() {
    expect(
        CHAIN,
        r#"name = "good""#,
        r#"name = ["good"]"#,
        &["good/chain.toml:4: name is a list; allowed: a text"],
    );
    expect(
        CHAIN,
        r#"nitrogen = "20 %""#,
        r#"nitrogen = ["20 %"]"#,
        &[
            "good/chain.toml:60: plant.nitrogen: the value is a list; allowed: a text, a number, true or false, or mole fractions by species",
        ],
    );
    expect(
        CHAIN,
        r#"nitrogen = "20 %""#,
        "nitrogen = 1979-05-27",
        &[
            "good/chain.toml:60: plant.nitrogen: the value is a date; allowed: a text, a number, true or false, or mole fractions by species",
        ],
    );
    expect(
        CHAIN,
        r#"chain = "cracker.toml""#,
        "chain = 3",
        &["good/chain.toml:67: chain is a number; allowed: a text"],
    );
    expect(
        CHAIN,
        r#"inlets = ["field", "purchase"]"#,
        r#"inlets = [["field"], "purchase"]"#,
        &["good/chain.toml:48: an entry of inlets is a list; allowed: a text"],
    );
    expect(
        CHAIN,
        r#"inlets = ["field", "purchase"]"#,
        "inlets = 2",
        &["good/chain.toml:48: inlets is a number; allowed: a list of texts"],
    );
    expect(
        CHAIN,
        "connections = [\n",
        "connections = [ 3 ]\nlist = [\n",
        &[
            r#"good/chain.toml:6: a connection is a number; allowed: "from -> to" or { join = .., switch = .., open = .. }"#,
            r#"good/chain.toml:7: unknown key "list""#,
        ],
    );
    expect(
        CHAIN,
        "[parameters.trains]",
        "[parameters]\nfoo = 3\n[parameters.trains]",
        &["good/chain.toml:23: parameter foo is a number; allowed: a table"],
    );
    expect(
        CHAIN,
        "[stages.plant.limits.feed]",
        "[stages.plant.limits]\nx = 3\n[stages.plant.limits.feed]",
        &["good/chain.toml:63: limit x is a number; allowed: a table"],
    );
    expect(
        CHAIN,
        "[stages.plant.recover]",
        "[stages.plant.recover]\nhelium = \"x\"",
        &["good/chain.toml:55: recovery helium is a text; allowed: a table"],
    );
    expect(
        CHAIN,
        "[stages.gather]\nkind",
        "[stages]\nfoo = \"x\"\n[stages.gather]\nkind",
        &["good/chain.toml:47: stage foo is a text; allowed: a table"],
    );
    expect(
        CHAIN,
        "[set]\norder = ",
        "[set]\norder = 3\n[parameters.x]\nvalue = 1\nabout = ",
        &[
            r#"good/chain.toml:20: order: "3" cannot be read; allowed: an order, such as "ethane > propane + butanes""#,
        ],
    );
    expect(
        CHAIN,
        r#"evidence = "published""#,
        r#"evidence = "publishd""#,
        &[r#"good/chain.toml:78: unknown evidence "publishd"; nearest: "published""#],
    );
    expect(
        CHAIN,
        r#"evidence = "published""#,
        "evidence = 1",
        &["good/chain.toml:78: evidence is a number; allowed: a text"],
    );
    expect(
        CRACKER,
        r#"reactions.conversion = { equation = "ethane -> ethylene + hydrogen", key = "ethane" }"#,
        "reactions.conversion = 3",
        &["good/cracker.toml:21: reaction conversion is a number; allowed: a table"],
    );
    expect(
        CHAIN,
        r#"feeds = "feeds.csv""#,
        r#"feeds = ["feeds.csv"]"#,
        &["good/chain.toml:34: feeds is a list; allowed: a text"],
    );
}

#[test]
fn orders() {
    expect(
        CHAIN,
        r#""field > purchase""#,
        r#""field""#,
        &[r#"good/chain.toml:20: order: inlet "purchase" is missing"#],
    );
    expect(
        CHAIN,
        r#""field > purchase""#,
        r#""field > purchase + field""#,
        &[r#"good/chain.toml:20: order: duplicate inlet "field""#],
    );
    expect(
        CHAIN,
        r#""field > purchase""#,
        r#""field > purchse""#,
        &[r#"good/chain.toml:20: order: unknown inlet "purchse"; nearest: "purchase""#],
    );
    expect(
        CHAIN,
        r#""field > purchase""#,
        r#""field > > purchase""#,
        &[
            r#"good/chain.toml:20: order: "field > > purchase" cannot be read; allowed: an order, such as "ethane > propane + butanes""#,
        ],
    );
    expect(
        CHAIN,
        r#""field > purchase""#,
        r#""""#,
        &[
            r#"good/chain.toml:20: order: "" cannot be read; allowed: an order, such as "ethane > propane + butanes""#,
        ],
    );
}

#[test]
fn inner_chains() {
    expect(
        CHAIN,
        r#"chain = "cracker.toml""#,
        r#"chain = "craker.toml""#,
        &[
            r#"good/chain.toml:67: unknown chain file "craker.toml"; nearest: "cracker.toml", "chain.toml""#,
        ],
    );
    expect(
        CHAIN,
        r#"chain = "cracker.toml""#,
        r#"chain = "chain.toml""#,
        &[
            r#"good/chain.toml:67: chain "chain.toml" inside itself; allowed: chains that do not contain themselves"#,
        ],
    );
    expect(
        CHAIN,
        r#"chain = "cracker.toml""#,
        "chain = \"cracker.toml\"\nkind = \"blend\"",
        &[r#"good/chain.toml:68: unknown key "kind"; allowed: "set", "limits", "chain""#],
    );
    expect(
        CRACKER,
        "[limits.furnaces]",
        "[stages.well]\nkind = \"supply\"\nset.flow = \"1 bcm/yr\"\n\n[limits.furnaces]",
        &[
            r#"good/cracker.toml:14: supply "well" inside chain cracker; allowed: supplies in the outermost chain only"#,
        ],
    );
    expect(
        CRACKER,
        "[inlets]",
        "[leaving]\nproducts = [\"furnaces.rest\"]\n[inlets]",
        &[
            r#"good/cracker.toml:12: "furnaces.rest" leaving from inside chain cracker; allowed: products and losses declared by the outermost chain"#,
        ],
    );
    expect(
        CRACKER,
        "[inlets]",
        "[[products]]\nname = \"x\"\nat = \"ethylene\"\nof = \"mass\"\nunit = \"kt/yr\"\n[inlets]",
        &[
            "good/cracker.toml:13: products listed by chain cracker; allowed: products listed by the outermost chain",
        ],
    );
    expect(
        CHAIN,
        "[leaving]",
        "[inlets]\nx = \"bcm/yr\"\n[leaving]",
        &[
            r#"good/chain.toml:16: port "x" of the outermost chain; allowed: supplies as inlets; outlets declared as products or losses; imports of stages as they are"#,
        ],
    );
    expect(
        CRACKER,
        "[inlets]",
        "[expose]\nyield = \"furnaces.conversin\"\n[inlets]",
        &[
            r#"good/cracker.toml:12: unknown parameter "cracker.furnaces.conversin"; nearest: "cracker.furnaces.conversion", "cracker.furnaces""#,
        ],
    );
}

#[test]
fn names() {
    expect(
        CHAIN,
        "[stages.gather]",
        "[stages.\"a.b\"]\nkind = \"draw\"\n[stages.gather]",
        &[
            r#"good/chain.toml:46: name "a.b"; allowed: a name that is not empty, without ".", "+" or ">""#,
        ],
    );
    expect(
        CHAIN,
        "[stages.gather]",
        "[stages.\"\"]\nkind = \"draw\"\n[stages.gather]",
        &[
            r#"good/chain.toml:46: name ""; allowed: a name that is not empty, without ".", "+" or ">""#,
        ],
    );
    expect(
        CHAIN,
        "[stages.gather]",
        "[stages.\"a > b\"]\nkind = \"draw\"\n[stages.gather]",
        &[
            r#"good/chain.toml:46: name "a > b"; allowed: a name that is not empty, without ".", "+" or ">""#,
        ],
    );
}

#[test]
fn files_a_chain_needs() {
    expect(
        CHAIN,
        r#"feeds = "feeds.csv""#,
        r#"feeds = "feed.csv""#,
        &[r#"good/chain.toml:34: unknown table "feed.csv"; nearest: "feeds.csv""#],
    );
    expect(
        CHAIN,
        "[leaving]",
        "[[nothing]]\n[leaving]",
        &[r#"good/chain.toml:15: unknown key "nothing""#],
    );
    expect(
        CHAIN,
        r#"name = "good""#,
        "name = \"good\"\nannounced = \"figures.csv\"",
        &[r#"good/chain.toml:5: unknown table "figures.csv"; allowed: "feeds.csv""#],
    );
}

#[test]
fn toml_syntax() {
    expect(
        CHAIN,
        r#"name = "good""#,
        "name = \"good\nnext = 1",
        &[r#"good/chain.toml:4: invalid basic string, expected `"`"#],
    );
    expect(
        CRACKER,
        r#"name = "cracker""#,
        "name = \nx = = 2",
        &[
            "good/cracker.toml:3: string values must be quoted, expected literal string",
            "good/cracker.toml:4: extra `=`",
        ],
    );
    expect(CRACKER, "[inlets]", "[inlets", &["good/cracker.toml:11: unclosed table, expected `]`"]);
    expect(
        CHAIN,
        "open = true }",
        "open = true",
        &["good/chain.toml:13: invalid inline table element, expected key"],
    );
}

#[test]
fn blank_lines_and_quoted_line_ends_keep_the_lines_right() {
    let folder = changed(good(), FEEDS, "lean,mol %,90", "\n\nlean,mol %,x");
    assert!(message(&folder).starts_with("good/feeds.csv:4: column \"methane\": "));
    // a row of the file that a quoted cell spreads over two lines
    let folder =
        changed(good(), FEEDS, "0.5,assumed,a test\n", "0.5,assumed,\"a\ntest\"\nbad,row\n");
    assert!(message(&folder).starts_with("good/feeds.csv:4: the row has 2 fields"));
}

#[test]
fn faults_of_several_files_come_out_together_in_file_order() {
    let mut folder = changed(good(), CHAIN, "\"gather -> plant\"", "\"gather -> plnt\"");
    folder = changed(folder, CHAIN, "nitrogen = \"20 %\"", "nitrogen = \"120 %\"");
    folder = changed(folder, CHAIN, "kind = \"market\"", "kind = \"markt\"");
    folder = changed(folder, CRACKER, "ethane -> ethylene + hydrogen", "ethane -> ethylene");
    folder = changed(folder, CRACKER, "at_most = \"300 kt/yr\"", "at_most = \"300 kW\"");
    folder = changed(folder, FEEDS, "lean,mol %,90", "lean,mol %,91");
    folder = changed(folder, FEEDS, "rich,", "lean,");
    assert_eq!(
        message(&folder),
        "good/chain.toml:9: unknown stage or port \"plnt\"; nearest: \"plant\"\n\
         good/chain.toml:60: plant.nitrogen: 120 % is outside the allowed range 0 % to 100 %\n\
         good/chain.toml:70: unknown kind of stage \"markt\"; nearest: \"market\"\n\
         good/cracker.toml:17: cracker.furnaces: \"300 kW\" is a power or energy flow; allowed: a mass flow, such as \"2.5 Mt/yr\"\n\
         good/cracker.toml:21: reaction \"ethane -> ethylene\" is not balanced in H: 6 atoms in, 4 out\n\
         good/feeds.csv:2: column \"feed\": lean: mole fractions sum to 1.01; allowed: 1 within 1e-6 (or ask for normalising)\n\
         good/feeds.csv:3: column \"feed\": duplicate feed \"lean\" (first at good/feeds.csv:2: column \"feed\")"
    );
}

#[test]
fn a_table_that_two_stages_read_has_its_faults_once() {
    let folder = changed(
        good(),
        CHAIN,
        "[stages.purchase]\nkind",
        "[stages.purchase]\nfeeds = \"feeds.csv\"\nkind",
    );
    let folder = changed(folder, FEEDS, "lean,mol %,90", "lean,mol %,91");
    assert_eq!(
        message(&folder),
        "good/feeds.csv:2: column \"feed\": lean: mole fractions sum to 1.01; allowed: 1 within 1e-6 (or ask for normalising)"
    );
}

#[test]
fn every_fault_can_be_matched_on() {
    let faults = changed(good(), CHAIN, "\"1 bcm/yr\"", "\"27 Mt/yr\"").chain().unwrap_err();
    let [fault] = &faults.0[..] else { panic!("one fault: {faults}") };
    assert_eq!(fault.place.file.as_deref(), Some("good/chain.toml"));
    assert_eq!(fault.place.line, Some(40));
    assert_eq!(fault.place.address.as_deref(), Some("purchase.flow"));
    assert!(matches!(&fault.kind, FaultKind::WrongDimension { got, .. } if got == "27 Mt/yr"));
}

#[test]
fn two_species_files_and_own_species() {
    let own = |text: &str| {
        let mut folder = good();
        folder.files.insert("species.csv".into(), text.as_bytes().to_vec());
        message(&folder)
    };
    assert_eq!(
        own("species,formula\nnaphtha,C6H14\nmethane,CH4\n"),
        "good/species.csv:3: column \"species\": duplicate species \"methane\""
    );
    assert_eq!(
        own("species,formula\n,C6H14\nodd,C6H14Q\n"),
        "good/species.csv:2: column \"species\": text in column \"species\" is missing\n\
         good/species.csv:3: column \"formula\": \"C6H14Q\" cannot be read; allowed: a formula of C, H, O, N, S, He, Ne, Ar, such as C2H6"
    );
    assert_eq!(
        own("name,formula\n"),
        "good/species.csv:1: column \"species\" is missing\ngood/species.csv:1: unknown column \"name\""
    );
}

// ---- bytes

#[test]
fn encodings_and_line_ends() {
    let with = |file: &str, bytes: Vec<u8>| {
        let mut folder = good();
        folder.files.insert(file.into(), bytes);
        folder
    };
    let solved = |folder: Folder| {
        let chain = folder.chain().unwrap();
        let solved = chain.solve(&chain.values()).unwrap();
        solved.get("cracker.ethylene.mass").unwrap().unwrap().to_bits()
    };
    let plain = solved(good());
    for file in [CHAIN, CRACKER, FEEDS] {
        let text = String::from_utf8(good().files[file].clone()).unwrap();
        // a byte order mark, and the line ends of another system, change nothing
        assert_eq!(solved(with(file, format!("\u{feff}{text}").into_bytes())), plain, "{file}");
        assert_eq!(solved(with(file, text.replace('\n', "\r\n").into_bytes())), plain, "{file}");
        let tabs = text.replace(" = ", "\t=\t");
        assert_eq!(solved(with(file, tabs.into_bytes())), plain, "{file}");
        // the same line is named with the line ends of another system
        let at = text.lines().count() + 1;
        let bad = if file == FEEDS { "one,cell\n" } else { "oops\n" };
        let faults = with(file, format!("{text}{bad}").replace('\n', "\r\n").into_bytes());
        let faults = faults.chain().unwrap_err();
        assert_eq!(faults.0[0].place.line, Some(at), "{faults}");
    }
    let latin = |file: &str, from: &str| {
        let text = String::from_utf8(good().files[file].clone()).unwrap();
        let at = text.find(from).unwrap();
        let mut bytes = text.into_bytes();
        bytes[at] = 0xF6;
        message(&with(file, bytes))
    };
    assert_eq!(
        latin(CHAIN, "good\""),
        "good/chain.toml:4: not UTF-8 text: byte 0xF6 (offset 179); allowed: UTF-8"
    );
    assert_eq!(
        latin(CRACKER, "cracker\""),
        "good/cracker.toml:3: not UTF-8 text: byte 0xF6 (offset 74); allowed: UTF-8"
    );
    assert_eq!(
        latin(FEEDS, "a test"),
        "good/feeds.csv:2: not UTF-8 text: byte 0xF6 (offset 89); allowed: UTF-8"
    );
}

#[test]
fn empty_and_missing_files() {
    let with = |file: &str, bytes: Option<&str>| {
        let mut folder = good();
        folder.files.remove(file);
        folder.files.extend(bytes.map(|text| (file.to_owned(), text.as_bytes().to_vec())));
        message(&folder)
    };
    assert_eq!(with(CHAIN, None), "good/chain.toml: file \"chain.toml\" is missing");
    assert_eq!(
        with(CHAIN, Some("")),
        "good/chain.toml: key \"name\" is missing\ngood/chain.toml: key \"connections\" is missing"
    );
    assert_eq!(with(FEEDS, None), "good/chain.toml:34: unknown table \"feeds.csv\"");
    assert_eq!(
        with(FEEDS, Some("")),
        "good/feeds.csv:1: column \"feed\" is missing\ngood/feeds.csv:1: column \"unit\" is missing"
    );
    assert_eq!(
        with(CRACKER, None),
        "good/chain.toml:67: unknown chain file \"cracker.toml\"; allowed: \"chain.toml\""
    );
    let nowhere = Chain::read("/no/such/folder").unwrap_err().to_string();
    assert!(nowhere.starts_with("/no/such/folder: cannot read \"/no/such/folder\": "), "{nowhere}");
}

#[test]
fn long_names_and_deep_nesting_are_reported_and_not_recited() {
    let long = "x".repeat(100_000);
    let folder = changed(good(), CHAIN, "\"gather -> plant\"", &format!("\"gather -> {long}\""));
    let text = message(&folder);
    assert!(text.lines().all(|line| line.len() < 300), "{} letters", text.len());
    for deep in [
        format!("deep = {}{}", "[".repeat(100_000), "]".repeat(100_000)),
        format!("deep = {}{}", "{a=".repeat(100_000), "}".repeat(100_000)),
        format!("deep{} = 1", ".a".repeat(100_000)),
        format!("[deep{}]", ".a".repeat(100_000)),
        format!("deep = {}", format!("{{a{} = ", ".a".repeat(70)).repeat(70)),
    ] {
        let faults =
            changed(good(), CHAIN, "name = \"good\"", &format!("{deep}\nname = \"good\"")).chain();
        let faults = faults.unwrap_err().to_string();
        assert!(faults.len() < 10_000, "{} letters", faults.len());
        assert!(faults.starts_with("good/chain.toml:4: "), "{faults}");
    }
}

#[test]
fn a_comment_is_no_nesting() {
    let ruler = format!("# {} don't {}\nname = \"good\"", ".".repeat(200), "[".repeat(200));
    assert!(changed(good(), CHAIN, "name = \"good\"", &ruler).chain().is_ok());
}

#[test]
fn what_cannot_be_shown_on_a_line_is_escaped() {
    let folder = changed(good(), CHAIN, "\"gather -> plant\"", "\"gather -> \\tplant\\u0007x\"");
    assert_eq!(
        message(&folder),
        "good/chain.toml:9: unknown stage or port \"plant\\u{7}x\"; nearest: \"plant\""
    );
}

// ---- scenarios

#[track_caller]
fn scenario_fault(text: &str, faults: &[&str]) {
    let chain = good().chain().unwrap();
    let read = Scenario::parse(text, "late.toml", Reading::default())
        .and_then(|scenario| scenario.values(&chain));
    assert_eq!(read.unwrap_err().to_string(), faults.join("\n"));
}

fn late(set: &str) -> String {
    format!("name = \"late\"\nchain = \"good\"\n[set]\n{set}\n")
}

#[test]
fn scenario_files() {
    scenario_fault(
        &late("\"plant.ethan\" = \"95 %\""),
        &["late.toml:4: plant.ethan: unknown parameter \"plant.ethan\"; nearest: \"plant.ethane\""],
    );
    scenario_fault(
        &late(
            "\"field.flow\" = \"27 Mt/yr\"\ncity.demand = \"27 bcm\"\nplant.ethane = \"120 %\"\ntrains = 2.5\norder = \"purchase\"\nreturn.open = \"perhaps\"\nfield.composition = \"poor\"",
        ),
        &[
            "late.toml:4: field.flow: \"27 Mt/yr\" is a mass flow; allowed: a molar or gas volume flow, such as \"38 bcm/yr\"",
            "late.toml:5: city.demand: unknown unit \"bcm\"; nearest: \"bcm/yr\"",
            "late.toml:6: plant.ethane: 120 % is outside the allowed range 50 % to 99 %",
            "late.toml:7: trains: \"2.5\" cannot be read; allowed: a whole number",
            "late.toml:8: order: inlet \"field\" is missing",
            "late.toml:9: return.open: \"perhaps\" cannot be read; allowed: true or false",
            "late.toml:10: field.composition: unknown composition \"poor\"; allowed: \"lean\", \"rich\"",
        ],
    );
    scenario_fault(
        &late(
            "\"field.composition\" = { methane = 0.9, ethane = 0.2 }\n\"purchase.composition\" = { methan = 1 }",
        ),
        &[
            "late.toml:4: field.composition: mole fractions sum to 1.1; allowed: 1 within 1e-6 (or ask for normalising)",
            "late.toml:5: purchase.composition: unknown species \"methan\"; nearest: \"methane\", \"ethane\"",
        ],
    );
    scenario_fault(
        &late("\"trains\" = 1\nplant.ethane = \"90 %\"\n\"plant.ethane\" = \"95 %\""),
        &["late.toml:6: duplicate address \"plant.ethane\" (first at late.toml:5)"],
    );
    scenario_fault(
        &late("\"trains\" = 1\n\"trains\" = 2"),
        &["late.toml:5: duplicate key \"trains\""],
    );
    scenario_fault(
        &late("\"trains\" = [1, 2]"),
        &[
            "late.toml:4: trains: the value is a list; allowed: a text, a number, true or false, or mole fractions by species",
        ],
    );
    scenario_fault(
        "nam = \"late\"\nchain = 3\nquestion = [\"?\"]\nset = 3\nother = 1\n",
        &[
            "late.toml:1: unknown key \"nam\"; nearest: \"name\"",
            "late.toml:2: chain is a number; allowed: a text",
            "late.toml:3: question is a list; allowed: a text",
            "late.toml:4: set is a number; allowed: a table",
            "late.toml:5: unknown key \"other\"; allowed: \"name\", \"chain\", \"question\", \"set\"",
        ],
    );
    scenario_fault(
        "",
        &["late.toml: key \"name\" is missing", "late.toml: key \"chain\" is missing"],
    );
    scenario_fault(
        "name = \"late\nchain = = 3\n",
        &["late.toml:1: invalid basic string, expected `\"`", "late.toml:2: extra `=`"],
    );
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

#[track_caller]
fn table_fault(text: &str, faults: &[&str]) {
    let chain = good().chain().unwrap();
    let read = scenario::parse_table(text, "runs.csv", &chain, "good", Reading::default());
    assert_eq!(read.unwrap_err().to_string(), faults.join("\n"));
}

#[test]
fn scenario_tables() {
    table_fault(
        "name,plant.ethan,trains\na,95 %,1\n",
        &["runs.csv:1: unknown column \"plant.ethan\"; nearest: \"plant.ethane\""],
    );
    table_fault(
        "name,trains,field.flow,order\na,5,27 Mt/yr,field\nb,1,NaN bcm/yr,\na,,-1 bcm/yr,\n,1,,\n",
        &[
            "runs.csv:2: column \"trains\": 5 is outside the allowed range 0 units to 4 units",
            "runs.csv:2: column \"field.flow\": \"27 Mt/yr\" is a mass flow; allowed: a molar or gas volume flow, such as \"38 bcm/yr\"",
            "runs.csv:2: column \"order\": inlet \"purchase\" is missing",
            "runs.csv:3: column \"field.flow\": \"NaN bcm/yr\" cannot be read; allowed: a finite number, such as \"38 bcm/yr\"",
            "runs.csv:4: column \"name\": duplicate scenario \"a\" (first at runs.csv:2: column \"name\")",
            "runs.csv:4: column \"field.flow\": -1 bcm/yr is outside the allowed range: at least 0 bcm/yr",
            "runs.csv:5: column \"name\": text in column \"name\" is missing",
        ],
    );
    table_fault("name,trains,trains\na,1,2\n", &["runs.csv:1: duplicate column \"trains\""]);
    table_fault("nme,trains\na,1\n", &["runs.csv:1: unknown column \"nme\"; nearest: \"name\""]);
    table_fault("", &["runs.csv:1: column \"name\" is missing"]);
    table_fault(
        "name,trains\na,1,2\nb\nc,2\n",
        &[
            "runs.csv:2: the row has 3 fields; allowed: 2, as in the header",
            "runs.csv:3: the row has 1 fields; allowed: 2, as in the header",
        ],
    );
    table_fault(
        "name,trains\n\"a,1\nb,2\n",
        &[
            "runs.csv:2: the row has 1 fields; allowed: 2, as in the header",
            "runs.csv:2: a quote that is not closed before the end of the file",
        ],
    );
}

#[test]
fn a_scenario_table_in_another_encoding() {
    let path = std::env::temp_dir().join(format!("gaschain-{}-runs.csv", std::process::id()));
    std::fs::write(&path, b"name,trains\nM\xfcnchen,1\n").unwrap();
    let chain = good().chain().unwrap();
    let read = scenario::read_table(&path, &chain, "good", Reading::default());
    std::fs::remove_file(&path).unwrap();
    let expected =
        format!("{}:2: not UTF-8 text: byte 0xFC (offset 13); allowed: UTF-8", path.display());
    assert_eq!(read.unwrap_err().to_string(), expected);
}

// ---- yields

#[test]
fn a_yield_set_that_does_not_close_is_refused_by_name() {
    let refused = "yield set \"patent_60\" of ethane is refused: closing it to carbon and hydrogen shifts a yield by 6.40 % of feed; allowed: at most 2 %";
    let chain = gaschain::amur::chain();
    let faults =
        chain.set(&mut chain.values(), "gcc.crack.yields_ethane", "patent_60").unwrap_err();
    assert_eq!(faults.to_string(), format!("gcc.crack.yields_ethane: {refused}"));
    let text = "name,gcc.crack.yields_ethane\nlow,patent_60\nodd,ipc\n";
    let faults =
        scenario::parse_table(text, "runs.csv", chain, "amur", Reading::default()).unwrap_err();
    assert_eq!(
        faults.to_string(),
        format!(
            "runs.csv:2: column \"gcc.crack.yields_ethane\": {refused}\n\
             runs.csv:3: column \"gcc.crack.yields_ethane\": unknown name \"ipc\"; nearest: \"ipcc\""
        )
    );
    let folder = changed(
        gaschain::amur::folder(),
        "gcc.toml",
        "yields_ethane = { value = \"ipcc\"",
        "yields_ethane = { value = \"patent_60\"",
    );
    let text = message(&folder);
    assert!(
        text.starts_with("amur/gcc.toml:")
            && text.ends_with(&format!(": gcc.crack.yields_ethane: {refused}")),
        "{text}"
    );
}

#[test]
fn yield_tables() {
    let row = "matar_hatch,ethane,ethylene,0.800000,ultimate,,";
    let with = |to: &str| message(&changed(gaschain::amur::folder(), "yields.csv", row, to));
    let at = 1 + {
        let folder = gaschain::amur::folder();
        let text = String::from_utf8(folder.files["yields.csv"].clone()).unwrap();
        text[..text.find(row).unwrap()].matches('\n').count()
    };
    for (to, fault) in [
        (
            "matar_hatch,ethan,ethylene,0.800000,ultimate,,",
            "column \"feed\": unknown species \"ethan\"; nearest: \"ethane\", \"methane\"",
        ),
        (
            "matar_hatch,ethane,ethylen,0.800000,ultimate,,",
            "column \"product\": unknown species \"ethylen\"; nearest: \"ethylene\", \"ethylene unit\"",
        ),
        (
            "matar_hatch,ethane,ethylene,80,ultimate,,",
            "column \"mass_fraction\": 80 is outside the allowed range 0 to 1",
        ),
        (
            "matar_hatch,ethane,ethylene,,ultimate,,",
            "column \"mass_fraction\": number in column \"mass_fraction\" is missing",
        ),
        (
            "matar_hatch,ethane,ethylene,0.8,ultimat,,",
            "column \"basis\": unknown basis \"ultimat\"; nearest: \"ultimate\"",
        ),
        (
            "matar_hatch,ethane,ethylene,0.8,selectivity,,",
            "column \"conversion\": number in column \"conversion\" is missing",
        ),
        (
            "matar_hatch,ethane,ethylene,0.8,selectivity,1.5,",
            "column \"conversion\": 1.5 is outside the allowed range 0 to 1",
        ),
        (
            "matar_hatch,ethane,ethylene,0.8,per_pass,0.6,",
            "column \"basis\": another basis or conversion than in the first row of matar_hatch; allowed: the same basis and conversion in all rows of a set",
        ),
        ("matar_hatch,ethane,propylene,0.800000,ultimate,,", ""),
    ] {
        let text = with(to);
        if fault.is_empty() {
            assert_eq!(
                text,
                format!(
                    "amur/yields.csv:{}: column \"product\": duplicate product of the yield set \"propylene\"",
                    at + 1
                )
            );
        } else {
            assert_eq!(text, format!("amur/yields.csv:{at}: {fault}"));
        }
    }
}

// ---- chains built in Rust

fn slate() -> Slate {
    Slate::shipped()
        .chosen(["methane", "ethane", "nitrogen", "helium", "ethylene", "1-butene"])
        .unwrap()
}

/// A supply of methane with a tenth of helium, and a market, with something in between.
fn between(stage: impl Stage) -> Builder {
    let slate = slate();
    let mut builder = Builder::new("one stage", &slate);
    let supply = Supply::new(&slate).knowing("well", &[0.9, 0.0, 0.0, 0.1, 0.0, 0.0]).unwrap();
    builder
        .stage("field", supply)
        .stage("plant", stage)
        .stage("city", Market::new("gas_sold"))
        .set("field.flow", "1 bcm/yr")
        .set("field.composition", "well")
        .connect("field -> plant")
        .connect("plant -> city")
        .leaving_as_product("city.gas_sold");
    builder
}

#[test]
fn a_chain_built_in_rust_names_addresses() {
    let mut builder = between(Blend::new(["feed"]));
    builder
        .stage("plant", Draw)
        .stage("a.b", Draw)
        .set("field.flw", "2 bcm/yr")
        .connect("plnt -> city")
        .limit(Limit::at_most("cap", "nowhere", Measure::Volume(None), "1 bcm/yr"))
        .limit(Limit::at_most(
            "low",
            "city",
            Measure::Volume(None),
            Quantity::new(f64::NAN, Unit::BCM_PER_YEAR),
        ))
        .limit(Limit::at_most(
            "high",
            "city",
            Measure::Volume(None),
            Quantity::new(f64::INFINITY, Unit::BCM_PER_YEAR),
        ));
    assert_eq!(
        builder.build().unwrap_err().to_string(),
        "plant: duplicate name \"plant\"\n\
         a.b: name \"a.b\"; allowed: a name that is not empty, without \".\", \"+\" or \">\"\n\
         field.flw: unknown parameter \"field.flw\"; nearest: \"field.flow\"\n\
         plnt -> city: unknown stage or port \"plnt\"; nearest: \"plant\"\n\
         cap: limit \"cap\" is on nothing: unknown stage or port \"nowhere\"; allowed: \"field\", \"plant\", \"city\"\n\
         low: NaN bcm/yr is outside the allowed range: at least 0 bcm/yr\n\
         high: inf bcm/yr is outside the allowed range: at least 0 bcm/yr"
    );
    let mut builder = between(Split::new(["side"], "rest"));
    builder.set("plant.side", 0.5);
    assert_eq!(
        builder.build().unwrap_err().to_string(),
        "plant -> city: \"plant\" without a port, with 2 outlets; allowed: one of side, rest"
    );
}

#[test]
fn nothing_but_finite_numbers_gets_into_values() {
    let chain = good().chain().unwrap();
    let mut values = chain.values();
    for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, -1.0] {
        let quantity = Quantity::new(number, Unit::BCM_PER_YEAR);
        assert!(chain.set(&mut values, "field.flow", quantity).is_err(), "{number}");
        assert!(chain.set(&mut values, "plant.nitrogen", number).is_err(), "{number}");
    }
    assert_eq!(values, chain.values(), "a refused value changes nothing");
}

// ---- found by running

/// Passes everything on but a hundred-millionth of the helium.
#[derive(Debug)]
struct Leak;

impl Stage for Leak {
    fn kind(&self) -> &'static str {
        "leak"
    }
    fn ports(&self) -> Ports {
        Ports::new(["feed"], ["out"])
    }
    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let feed = call.inlet(0);
        call.outlet(0).copy_from_slice(feed);
        let helium = feed[3];
        call.outlet(0)[3] = helium * S::from_f64(1.0 - 1e-8);
        Ok(())
    }
}

#[test]
fn a_stage_that_loses_a_little_helium_closes_in_no_scenario_of_a_sweep() {
    let chain = between(Leak).build().unwrap();
    let axis = Variable::Number { address: "field.flow".into() };
    let outputs = ["plant.out.mole_fraction.helium".to_owned()];
    let evaluator = Evaluator::new(&chain, &chain.values(), &[axis], &outputs).unwrap();
    let mut results = Results::default();
    evaluator.run(&mut evaluator.workspace(), 1, &[500.0, 1000.0, 1300.0], 3, &mut results);
    assert_eq!(results.failures.len(), 3);
    for (_, error) in &results.failures {
        assert!(error.starts_with("plant does not close in helium"), "{error}");
    }
}

#[test]
fn a_stage_that_loses_a_little_helium_does_not_close() {
    let chain = between(Leak).build().unwrap();
    let error = chain.solve(&chain.values()).unwrap_err();
    // 1 bcm/yr at 20 degC and 101.325 kPa, a tenth of it helium
    let helium = 0.1 * 1e9 / (365.0 * 86_400.0) / (8.314_462_618 * 293.15 / 101_325.0);
    let SolveError::NotClosed { stage, of, inflow, outflow, residual } = &error else {
        panic!("{error}")
    };
    assert_eq!((stage.as_str(), of.as_str()), ("plant", "helium"));
    assert!((inflow / helium - 1.0).abs() < 1e-14);
    assert!((outflow / helium - 1.0 + 1e-8).abs() < 1e-14);
    assert!((residual - 1e-8).abs() < 1e-15);
    assert_eq!(
        error.to_string(),
        format!(
            "plant does not close in helium: {inflow} mol/s in, {outflow} mol/s out (residual 1.000e-8; allowed: 1e-9 of the throughput)"
        )
    );
}

/// Needs a megawatt whether anything flows or not.
#[derive(Debug)]
struct Hungry;

impl Stage for Hungry {
    fn kind(&self) -> &'static str {
        "hungry"
    }
    fn ports(&self) -> Ports {
        Ports::new(["feed"], ["out"])
    }
    fn parameters(&self) -> Vec<ParameterSpec> {
        vec![
            ParameterSpec::number("idle", "power at no flow", Unit::MEGAWATT, 0.0, 10.0).or("1 MW"),
        ]
    }
    fn stated_loads(&self) -> Vec<StatedLoad> {
        vec![StatedLoad { name: "power".into(), about: "power".into(), unit: Unit::MEGAWATT }]
    }
    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let (feed, idle) = (call.inlet(0), call.number(0));
        call.outlet(0).copy_from_slice(feed);
        call.state(0, idle);
        Ok(())
    }
}

#[test]
fn a_limit_that_is_broken_at_zero_flow() {
    let mut builder = between(Hungry);
    builder.limit(Limit {
        name: "grid".into(),
        direction: Direction::AtMost,
        load: Load::Stated { load: "plant.power".into() },
        capacity: vec![Factor::Own {
            value: "0.4 MW".into(),
            provenance: gaschain::evidence::Provenance::assumed(),
        }],
        unit: Unit::MEGAWATT,
        throttles: None,
    });
    let chain = builder.build().unwrap();
    assert_eq!(
        chain.solve(&chain.values()).unwrap_err().to_string(),
        "limit grid is broken at zero flow, by 0.6 MW"
    );
    // unknown is not broken
    let mut values = chain.values();
    chain.set(&mut values, "grid", "unknown").unwrap();
    assert!(chain.solve(&values).is_ok());
}

/// A feed that goes round a split without a way out.
fn round(share: &str) -> Builder {
    let slate = slate();
    let mut builder = Builder::new("round", &slate);
    builder
        .stage(
            "field",
            Supply::new(&slate).knowing("well", &[1.0, 0.0, 0.0, 0.0, 0.0, 0.0]).unwrap(),
        )
        .stage("mix", Blend::new(["fresh", "back"]))
        .stage("part", Split::new(["back"], "on"))
        .stage("city", Market::new("gas_sold"))
        .set("field.flow", "1 bcm/yr")
        .set("field.composition", "well")
        .set("part.back", share)
        .connect("field -> mix.fresh")
        .connect("mix -> part")
        .connect("part.back -> mix.back")
        .connect("part.on -> city")
        .leaving_as_product("city.gas_sold");
    builder
}

#[test]
fn a_recycle_without_a_way_out_has_no_solution() {
    let chain = round("100 %").build().unwrap();
    assert_eq!(
        chain.solve(&chain.values()).unwrap_err().to_string(),
        "the recycle mix -> part -> mix has no solution: nothing leaves it: what enters has nowhere to go"
    );
    let chain = round("75 %").build().unwrap();
    let solved = chain.solve(&chain.values()).unwrap();
    let (in_, round) =
        (solved.get("mix.fresh.volume").unwrap(), solved.get("mix.out.volume").unwrap());
    assert!((round.unwrap() / in_.unwrap() - 4.0).abs() < 1e-12);
}

#[test]
fn a_recycle_through_a_chain_that_may_refuse_is_a_fault() {
    let slate = slate();
    let mut inner = Builder::new("inner", &slate);
    inner
        .inlet("feed")
        .outlet("gas")
        .stage("part", Split::new(["gas"], "rest"))
        .outlet("rest")
        .set("part.gas", "50 %")
        .connect("feed -> part")
        .connect("part.gas -> gas")
        .connect("part.rest -> rest")
        .limit(Limit::at_most("capacity", "feed", Measure::Volume(None), "1 bcm/yr"));
    let mut builder = Builder::new("outer", &slate);
    builder
        .stage(
            "field",
            Supply::new(&slate).knowing("well", &[1.0, 0.0, 0.0, 0.0, 0.0, 0.0]).unwrap(),
        )
        .stage("mix", Blend::new(["fresh", "back"]))
        .chain("plant", inner)
        .set("field.flow", "1 bcm/yr")
        .set("field.composition", "well")
        .connect("field -> mix.fresh")
        .connect("mix -> plant")
        .connect("plant.rest -> mix.back")
        .leaving_as_product("plant.gas")
        .leaving_as_loss("plant.surplus");
    assert_eq!(
        builder.build().unwrap_err().to_string(),
        "plant.feed: the recycle mix -> plant -> mix goes through plant.feed, which limit \"plant.capacity\" may refuse in part; allowed: no limit on a recycle, or its surplus not joined"
    );
}

#[test]
fn equations_without_meaning_name_stage_and_number() {
    let slate = slate();
    let split = Separate::new("gas")
        .recovering(&slate, "first", &["helium"], "helium")
        .unwrap()
        .recovering(&slate, "second", &["helium"], "helium")
        .unwrap();
    let mut builder = Builder::new("two cuts", &slate);
    builder
        .stage(
            "field",
            Supply::new(&slate).knowing("well", &[0.9, 0.0, 0.0, 0.1, 0.0, 0.0]).unwrap(),
        )
        .stage("plant", split)
        .set("field.flow", "1 bcm/yr")
        .set("field.composition", "well")
        .set("plant.first", "60 %")
        .set("plant.second", "70 %")
        .connect("field -> plant")
        .leaving_as_product("plant.gas")
        .leaving_as_product("plant.helium");
    let chain = builder.build().unwrap();
    assert_eq!(
        chain.solve(&chain.values()).unwrap_err().to_string(),
        "plant: sum of the recoveries of a species is 1.3; allowed: at most 1"
    );
}

#[test]
fn faults_of_stages_built_in_rust() {
    let slate = slate();
    assert_eq!(
        Polymerise::new(&slate, "ethylene", "1-butene", None).unwrap_err().to_string(),
        "reaction \"ethylene -> 1-butene\" is not balanced in C: 2 atoms in, 4 out"
    );
    let comonomer = Some(Comonomer { species: "1-buten", unit: "1-butene" });
    assert_eq!(
        Polymerise::new(&slate, "ethylene", "ethylene", comonomer).unwrap_err().to_string(),
        "unknown species \"1-buten\"; nearest: \"1-butene\""
    );
    assert_eq!(
        Reaction::new(&slate, "x", "ethylene -> 1-butene", "ethylene").unwrap_err().to_string(),
        "reaction \"ethylene -> 1-butene\" is not balanced in C: 2 atoms in, 4 out"
    );
    let reaction = Reaction::new(&slate, "x", "2 ethylene -> 1-butene", "ethylene").unwrap();
    assert_eq!(
        React::new(&slate, vec![reaction], "out")
            .sending(&slate, &["argon"], "x")
            .unwrap_err()
            .to_string(),
        "unknown species \"argon\"; allowed: \"methane\", \"ethane\", \"nitrogen\", \"helium\", \"ethylene\", \"1-butene\""
    );
    assert_eq!(
        Supply::new(&slate)
            .knowing("odd", &[0.5, 0.4, 0.0, 0.0, 0.0, 0.0])
            .unwrap_err()
            .to_string(),
        "mole fractions sum to 0.9; allowed: 1 within 1e-6 (or ask for normalising)"
    );
}

// ---- whatever the bytes

/// Bytes of a text with some of them cut, doubled, or replaced by what formats care about.
fn mutated(text: &'static [u8]) -> impl Strategy<Value = Vec<u8>> {
    let odd: Vec<&'static [u8]> = vec![
        b"",
        b"\"",
        b"\n",
        b"\r",
        b"[",
        b"]",
        b"{",
        b"}",
        b"=",
        b",",
        b".",
        b"->",
        b"\xff",
        b"\0",
        b"1e999",
        b"nan",
        b"-1",
        b"\xe2\x82\xac",
        b"[[",
        b"'",
        b"\"\"\"",
        b"#",
        b" ",
        b"unknown",
        b"field",
        b"ethane",
        b"surplus",
        b"gather",
        b"plant",
        b"0",
        b"order",
        b"composition",
        b"true",
        b"9999999999999999999",
    ];
    let change = (any::<prop::sample::Index>(), 0..40_usize, prop::sample::select(odd));
    prop::collection::vec(change, 1..6).prop_map(move |changes| {
        let mut bytes = text.to_vec();
        for (at, cut, put) in changes {
            let at = at.index(bytes.len() + 1);
            let end = (at + cut / 4).min(bytes.len());
            bytes.splice(at..end, put.iter().copied());
        }
        bytes
    })
}

fn have_places(faults: &Faults) -> Result<(), TestCaseError> {
    prop_assert!(!faults.0.is_empty());
    for fault in &faults.0 {
        prop_assert!(fault.place.file.is_some(), "no file: {fault}");
        prop_assert!(!fault.kind.to_string().is_empty());
        prop_assert!(fault.to_string().lines().count() == 1, "several lines: {fault}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_chain_files_never_panic(
        chain in mutated(include_bytes!("data/good/chain.toml")),
        cracker in mutated(include_bytes!("data/good/cracker.toml")),
        feeds in mutated(include_bytes!("data/good/feeds.csv")),
        which in 1..8_u8,
    ) {
        let mut folder = good();
        for (bit, file, bytes) in [(1, CHAIN, chain), (2, CRACKER, cracker), (4, FEEDS, feeds)] {
            if which & bit != 0 {
                folder.files.insert(file.into(), bytes);
            }
        }
        match folder.chain() {
            Err(faults) => have_places(&faults)?,
            Ok(chain) => { let _ = chain.solve(&chain.values()); }
        }
    }

    #[test]
    fn mutated_scenarios_and_tables_never_panic(
        file in mutated(b"name = \"late\"\nchain = \"good\"\n[set]\n\"field.flow\" = \"6 bcm/yr\"\ntrains = 2\nplant.ethane = \"95 %\"\norder = \"field + purchase\"\nreturn.open = false\n\"purchase.composition\" = { methane = 0.98, nitrogen = \"2 %\" }\n"),
        table in mutated(b"name,field.flow,trains,order,return.open,field.composition\na,6 bcm/yr,2,field > purchase,true,rich\nb,,,,,\n"),
    ) {
        let chain = good().chain().unwrap();
        if let Ok(text) = std::str::from_utf8(&file) {
            let read = Scenario::parse(text, "late.toml", Reading::default())
                .and_then(|scenario| scenario.values(&chain));
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

    #[test]
    fn any_text_as_a_quantity_is_read_or_refused(text in "\\PC{0,12}") {
        if let Ok(quantity) = text.parse::<Quantity>() {
            prop_assert!(quantity.value().is_finite());
            prop_assert_eq!(quantity.to_string().parse::<Quantity>().unwrap(), quantity);
        }
    }
}

// ---- a pipeline by hydraulics

/// A chain whose line can be run by hydraulics, set so that it is not.
const LINE: &str = r#"name = "line"
species = ["methane"]
connections = ["field -> line", "line.delivered -> city"]
leaving = { products = ["city.sold"], losses = ["line.burned"] }
[stages.field]
kind = "supply"
set.flow = "1 bcm/yr"
set.composition = { methane = 1 }
[stages.line]
kind = "pipeline"
[stages.line.hydraulics]
outlet_height = "120 m"
stations = [
  { name = "north", at = "0 %" },
  { name = "middle", at = 0.4, height = "300 m" },
  { name = "south", at = "75 %", height = "-50 m" },
]
[stages.line.set]
length = "600 km"
mode = "own_needs"
friction = "colebrook_white"
aftercoolers = true
diameter = "1020 mm"
wall = "16 mm"
roughness = "0.02 mm"
pipe_efficiency = 0.95
inlet_pressure = "7.4 MPa"
discharge_pressure = "7.4 MPa"
inlet_temperature = "20 degC"
discharge_temperature = "25 degC"
soil_temperature = "5 degC"
heat_transfer = "1.5 W/m2K"
loops = "0 km"
polytropic_efficiency = "82 %"
mechanical_efficiency = "98 %"
driver_efficiency = "34 %"
unit_power = "10 MW"
segments = 2
"north.units" = 2
"middle.units" = 2
"south.units" = 0
[stages.line.limits.power]
states = "station_load"
at_most = "100 %"
unit = "%"
[stages.city]
kind = "market"
product = "sold"
"#;

/// The line with one change has exactly these faults.
#[track_caller]
fn expect_line(from: &str, to: &str, faults: &[&str]) {
    assert_eq!(LINE.matches(from).count(), 1, "{from:?} stands once");
    let files = [(CHAIN.to_owned(), LINE.replacen(from, to, 1).into_bytes())].into();
    let folder = Folder { name: "good".into(), files };
    match folder.chain() {
        Ok(_) => assert!(faults.is_empty(), "{from:?} -> {to:?} has no fault"),
        Err(found) => assert_eq!(found.to_string(), faults.join("\n")),
    }
}

#[test]
fn a_line_by_hydraulics_is_read() {
    expect_line("name = \"line\"", "name = \"pipe\"", &[]);
    expect_line("at = 0.4", "at = \"40 %\"", &[]);
    // heights may be left out, stations too
    expect_line(", height = \"300 m\"", "", &[]);
    expect_line("outlet_height = \"120 m\"\n", "", &[]);
}

#[test]
fn faults_of_stations() {
    expect_line("name = \"middle\", ", "", &[r#"good/chain.toml:15: key "name" is missing"#]);
    expect_line("at = 0.4, ", "", &[r#"good/chain.toml:15: key "at" is missing"#]);
    expect_line(
        "name = \"middle\"",
        "nam = \"middle\"",
        &[r#"good/chain.toml:15: unknown key "nam"; nearest: "name""#],
    );
    expect_line(
        "\"75 %\", height",
        "\"75 %\", hight",
        &[r#"good/chain.toml:16: unknown key "hight"; nearest: "height""#],
    );
    expect_line(
        "outlet_height",
        "outlet_hight",
        &[r#"good/chain.toml:12: unknown key "outlet_hight"; nearest: "outlet_height""#],
    );
    expect_line(
        "at = 0.4",
        "at = \"140 %\"",
        &["good/chain.toml:15: 140 % is outside the allowed range 0 % to 100 %"],
    );
    expect_line(
        "at = 0.4",
        "at = 40",
        &["good/chain.toml:15: 40 is outside the allowed range 0 % to 100 %"],
    );
    expect_line(
        "at = 0.4",
        "at = \"40 km\"",
        &[r#"good/chain.toml:15: "40 km" is a length; allowed: a fraction, such as "97.5 %""#],
    );
    expect_line(
        "at = 0.4",
        "at = true",
        &["good/chain.toml:15: at is true or false; allowed: a text or a number"],
    );
    expect_line(
        "at = 0.4",
        "at = \"100 %\"",
        &[
            r#"good/chain.toml:15: station "middle" at 1 of the length; allowed: after 0, before 1: stations in the order of flow"#,
        ],
    );
    expect_line(
        "at = 0.4",
        "at = \"80 %\"",
        &[
            r#"good/chain.toml:16: station "south" at 0.75 of the length; allowed: after 0.8, before 1: stations in the order of flow"#,
        ],
    );
    expect_line(
        "at = 0.4",
        "at = 0",
        &[
            r#"good/chain.toml:15: station "middle" at 0 of the length; allowed: after 0, before 1: stations in the order of flow"#,
        ],
    );
    expect_line(
        "\"300 m\"",
        "300",
        &[
            r#"good/chain.toml:15: "300" is a number without a unit; allowed: a length, such as "803.5 km""#,
        ],
    );
    expect_line(
        "\"300 m\"",
        "\"300 km\"",
        &["good/chain.toml:15: 300 km is outside the allowed range -10000 m to 10000 m"],
    );
    expect_line(
        "\"300 m\"",
        "\"300 MPa\"",
        &[r#"good/chain.toml:15: "300 MPa" is a pressure; allowed: a length, such as "803.5 km""#],
    );
    expect_line(
        "\"120 m\"",
        "120",
        &[
            r#"good/chain.toml:12: "120" is a number without a unit; allowed: a length, such as "803.5 km""#,
        ],
    );
    expect_line(
        "at = \"0 %\"",
        "at = \"0 %\", height = \"5 m\"",
        &[
            r#"good/chain.toml:14: station "north" at 0 of the length, 5 m high; allowed: 0 m at the inlet of the line"#,
        ],
    );
    expect_line(
        "name = \"south\"",
        "name = \"north\"",
        &[r#"good/chain.toml:16: duplicate station "north" (first at good/chain.toml:14)"#],
    );
    expect_line(
        "{ name = \"north\", at = \"0 %\" }",
        "\"north\"",
        &["good/chain.toml:14: stations is a text; allowed: a table"],
    );
    expect_line(
        "  { name = \"north\", at = \"0 %\" },\n",
        "",
        &[
            r#"good/chain.toml:38: unknown parameter "line.north.units"; nearest: "line.south.units", "line.middle.units""#,
        ],
    );
    expect_line(
        "[stages.line.hydraulics]\n",
        "[stages.line.hydraulic]\n",
        &[r#"good/chain.toml:11: unknown key "hydraulic"; nearest: "hydraulics""#],
    );
}

#[test]
fn faults_of_a_lines_values() {
    expect_line(
        "\"own_needs\"",
        "\"own_need\"",
        &[r#"good/chain.toml:20: line.mode: unknown name "own_need"; nearest: "own_needs""#],
    );
    expect_line(
        "\"colebrook_white\"",
        "\"colebrook\"",
        &[
            r#"good/chain.toml:21: line.friction: unknown name "colebrook"; nearest: "colebrook_white""#,
        ],
    );
    expect_line(
        "\"colebrook_white\"",
        "\"darcy\"",
        &[
            r#"good/chain.toml:21: line.friction: "darcy" cannot be read; allowed: one of colebrook_white, sto_gazprom, weymouth, panhandle_a, panhandle_b, aga_fully_turbulent"#,
        ],
    );
    expect_line(
        "\"north.units\" = 2",
        "\"north.units\" = 2.5",
        &[r#"good/chain.toml:39: line.north.units: "2.5" cannot be read; allowed: a whole number"#],
    );
    expect_line(
        "segments = 2",
        "segments = 1.5",
        &[r#"good/chain.toml:38: line.segments: "1.5" cannot be read; allowed: a whole number"#],
    );
    expect_line(
        "segments = 2",
        "segments = 0",
        &["good/chain.toml:38: line.segments: 0 is outside the allowed range 1 units to 100 units"],
    );
    expect_line(
        "\"north.units\"",
        "\"nord.units\"",
        &[
            r#"good/chain.toml:39: unknown parameter "line.nord.units"; nearest: "line.north.units", "line.south.units", "line.middle.units""#,
        ],
    );
    expect_line(
        "\"south.units\" = 0\n",
        "",
        &[r#"good/chain.toml:9: value of parameter "line.south.units" is missing"#],
    );
    expect_line(
        "\"1020 mm\"",
        "1020",
        &[
            r#"good/chain.toml:23: line.diameter: "1020" is a number without a unit; allowed: a length, such as "803.5 km""#,
        ],
    );
    expect_line(
        "\"16 mm\"",
        "\"16 MPa\"",
        &[
            r#"good/chain.toml:24: line.wall: "16 MPa" is a pressure; allowed: a length, such as "803.5 km""#,
        ],
    );
    expect_line(
        "\"25 degC\"",
        "\"250 degC\"",
        &[
            "good/chain.toml:30: line.discharge_temperature: 250 degC is outside the allowed range -15 degC to 75 degC",
        ],
    );
    expect_line(
        "aftercoolers = true",
        "aftercoolers = \"yes\"",
        &[r#"good/chain.toml:22: line.aftercoolers: "yes" cannot be read; allowed: true or false"#],
    );
    expect_line(
        "station_load",
        "stations_load",
        &[
            r#"good/chain.toml:42: limit "line.power" is on nothing: no stage states "line.stations_load"; nearest: "line.station_load""#,
        ],
    );
}

#[cfg(not(feature = "gerg"))]
#[test]
fn hydraulics_need_gerg_2008() {
    expect_line(
        "mode = \"own_needs\"",
        "mode = \"hydraulic\"",
        &[
            r#"good/chain.toml:20: line.mode: mode "hydraulic" in a build without the feature gerg; allowed: own_needs, or a build with GERG-2008"#,
        ],
    );
}
