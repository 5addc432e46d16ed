//! The JSON of a result holds all that is needed to close every stage and to find the products
//! again.

use approx::assert_relative_eq;
use gaschain::amur;
use serde_json::Value;
use std::collections::BTreeMap;

/// Atoms of C, H, N, O and He in every species of the chain, and its molar mass in g/mol, from
/// this test's own atomic weights (IUPAC, abridged).
pub fn species(name: &str) -> ([f64; 5], f64) {
    let atoms: [u8; 5] = match name {
        "methane" => [1, 4, 0, 0, 0],
        "ethane" => [2, 6, 0, 0, 0],
        "propane" => [3, 8, 0, 0, 0],
        "isobutane" | "n-butane" => [4, 10, 0, 0, 0],
        "isopentane" | "n-pentane" => [5, 12, 0, 0, 0],
        "n-hexane" => [6, 14, 0, 0, 0],
        "nitrogen" => [0, 0, 2, 0, 0],
        "carbon dioxide" => [1, 0, 0, 2, 0],
        "helium" => [0, 0, 0, 0, 1],
        "hydrogen" => [0, 2, 0, 0, 0],
        "ethylene" | "ethylene unit" => [2, 4, 0, 0, 0],
        "propylene" | "propylene unit" => [3, 6, 0, 0, 0],
        "acetylene" => [2, 2, 0, 0, 0],
        "propyne" => [3, 4, 0, 0, 0],
        "1,3-butadiene" => [4, 6, 0, 0, 0],
        "1-butene" | "1-butene unit" => [4, 8, 0, 0, 0],
        "benzene" => [6, 6, 0, 0, 0],
        "pygas" => [6, 7, 0, 0, 0],
        "other gasoline" => [6, 8, 0, 0, 0],
        "fuel oil" => [10, 9, 0, 0, 0],
        other => panic!("no atoms of {other}"),
    };
    let atoms = atoms.map(f64::from);
    let weights = [12.011, 1.008, 14.007, 15.999, 4.0026];
    (atoms, atoms.iter().zip(weights).map(|(count, weight)| count * weight).sum())
}

/// Molar flow of each species of a stream in the JSON.
pub fn flows(stream: &Value) -> Vec<(&str, f64)> {
    let total = stream["mol_per_s"].as_f64().expect("a flow");
    match &stream["mole_fraction"] {
        Value::Null => Vec::new(),
        Value::Object(parts) => parts
            .iter()
            .map(|(name, share)| (name.as_str(), total * share.as_f64().expect("a fraction")))
            .collect(),
        other => panic!("a composition is {other}"),
    }
}

/// The stage or chain that a port belongs to: `gpp.ngl` of `gpp.ngl.ethane`, `gpp` of
/// `gpp.feed.surplus`.
fn owner(port: &str) -> String {
    let port = port.strip_suffix(".surplus").unwrap_or(port);
    port.rsplit_once('.').expect("a port of a stage").0.to_owned()
}

#[test]
fn the_json_alone_closes_every_stage_and_gives_the_products() {
    let mut case = amur::chain().case();
    case.apply(&amur::scenario("nameplate").unwrap()).unwrap();
    let text = case.solve().unwrap().report().to_json();
    let report: Value = serde_json::from_str(&text).expect("JSON");
    let list = |key: &str| report[key].as_array().expect("a list").clone();

    let mut balances: BTreeMap<String, [[f64; 5]; 2]> = BTreeMap::new();
    let mut book = |stage: String, side: usize, stream: &Value| {
        let entry = balances.entry(stage).or_default();
        for (name, flow) in flows(stream) {
            for (sum, count) in entry[side].iter_mut().zip(species(name).0) {
                *sum += count * flow;
            }
        }
    };
    for stream in list("streams") {
        if let Some(from) = stream["from"].as_str() {
            book(owner(from), 1, &stream);
        }
        if let Some(to) = stream["to"].as_str() {
            book(owner(to), 0, &stream);
        }
    }
    for import in list("imports") {
        book(import["stage"].as_str().expect("a stage").to_owned(), 0, &import);
    }
    for (stage, [into, out]) in &balances {
        for (into, out) in into.iter().zip(out) {
            let off = (into - out).abs();
            assert!(off <= 1e-9 * into.max(*out), "{stage}: {into} in, {out} out");
        }
    }
    assert!(balances.len() >= 20, "only {} stages found in the JSON", balances.len());

    let mass_at = |port: &str| {
        let stream = list("streams").into_iter().find(|s| s["from"] == port).expect("a stream");
        let grams: f64 = flows(&stream).iter().map(|(name, flow)| flow * species(name).1).sum();
        grams * 365.0 * 86_400.0 / 1e12
    };
    for (product, port) in [
        ("ethane", "gpp.ethane"),
        ("propane", "gpp.propane"),
        ("butanes", "gpp.butanes"),
        ("c5-c6", "gpp.c5_c6"),
        ("ethylene", "gcc.crack.ethylene"),
        ("propylene", "gcc.crack.propylene"),
        ("polyethylene", "gcc.polyethylene"),
        ("polypropylene", "gcc.polypropylene"),
        ("c4", "gcc.c4"),
        ("pygas", "gcc.pygas"),
        ("fuel oil", "gcc.fuel_oil"),
    ] {
        let found = list("products").into_iter().find(|p| p["product"] == product).expect("there");
        let value = found["value"].as_f64().expect("a value");
        // atomic weights differ from ISO 6976's in the fifth digit
        assert_relative_eq!(value, mass_at(port), max_relative = 1e-4);
    }
}

// one of them runs a line by hydraulics
#[test]
fn nothing_is_not_less_than_nothing() {
    for name in amur::scenario_names() {
        let mut case = amur::chain().case();
        case.apply(&amur::scenario(name).unwrap()).unwrap();
        let text = case.solve().unwrap().report().to_json();
        assert!(!text.contains("-0.0,") && !text.contains("-0.0\n"), "{name}");
    }
}
