//! The shipped chain: every scenario answers, with numbers that independent arithmetic confirms.

use approx::assert_relative_eq;
use gaschain::amur;
use gaschain::chain::Chain;
use gaschain::param::{ParameterKind, Values};
use gaschain::quantity::{Dimension, Quantity};
use gaschain::report::{Run, json};
use gaschain::solved::Solved;
use serde_json::Value;
use std::collections::BTreeMap;

fn solve<'c>(chain: &'c Chain, name: &str) -> Solved<'c> {
    let scenario = amur::scenario(name).expect("a shipped scenario");
    chain.solve(&scenario.values(chain).expect("sound values")).expect("it solves")
}

fn product(solved: &Solved<'_>, name: &str) -> f64 {
    solved.product(name).and_then(|product| product.value).expect("a product with a value")
}

/// What a second program, written from the design alone in another language, gives: Kovykta gas
/// accepted and sales gas (bcm/yr), helium (million m3/yr), ethane made, polyethylene and
/// polypropylene (Mt/yr), and the limit that stops Kovykta.
const INDEPENDENT: [(&str, [f64; 6], &str); 15] = [
    ("nameplate", [18.220_392, 38.0, 60.0, 2.367_946, 2.263_611, 0.289_871], "heihe.demand"),
    (
        "supply_38",
        [14.556_50, 34.632_44, 50.990_26, 2.161_22, 2.227_28, 0.273_65],
        "trunk_line.capacity",
    ),
    ("kovykta_phase_1", [6.0, 27.027_87, 60.0, 1.678_44, 1.873_82, 0.230_68], "fully drawn"),
    ("four_trains", [4.135_01, 25.396_20, 24.390_26, 1.573_22, 1.767_42, 0.220_75], "gpp.feed"),
    (
        "four_trains_bypass",
        [17.236_42, 38.0, 39.911_11, 1.595_90, 1.735_60, 0.200_45],
        "heihe.demand",
    ),
    ("helium_off", [18.157_04, 38.0, 0.0, 2.364_37, 2.262_98, 0.289_59], "heihe.demand"),
    ("gcc_off", [16.479_80, 38.0, 55.899_32, 2.269_74, 0.0, 0.0], "heihe.demand"),
    ("lean_gas", [18.103_05, 38.0, 60.0, 2.161_43, 2.177_60, 0.252_19], "heihe.demand"),
    ("rich_gas", [18.347_46, 38.0, 60.0, 2.576_14, 2.288_70, 0.300_67], "heihe.demand"),
    // sales gas by hand: tests/plant.rs, `nitrogen_rejected_is_what_the_cold_box_takes_overhead`
    ("nitrogen_rejected", [18.725_10, 36.721_84, 60.0, 2.396_42, 2.268_61, 0.292_11], "gpp.feed"),
    ("ethane_only", [18.220_39, 38.0, 60.0, 2.367_95, 1.670_79, 0.031_63], "heihe.demand"),
    ("ethane_2_4", [18.556_27, 38.0, 60.0, 2.386_90, 2.3, 0.171_06], "heihe.demand"),
    ("lpg_first", [18.220_39, 38.0, 60.0, 2.367_95, 2.263_61, 0.289_87], "heihe.demand"),
    ("expansion_44", [18.725_10, 38.465_09, 60.0, 2.396_42, 2.268_61, 0.292_11], "gpp.feed"),
    ("expansion_44_bypass", [24.467_74, 44.0, 60.0, 2.404_91, 2.249_61, 0.284_37], "heihe.demand"),
];

#[test]
fn every_shipped_scenario_gives_what_an_independent_program_gives() {
    let chain = amur::chain();
    let names: Vec<&str> = amur::scenario_names().collect();
    // these two have tests of their own
    let own = ["hydraulic", "own_fuel"];
    let counted: Vec<&str> = names.into_iter().filter(|name| !own.contains(name)).collect();
    assert_eq!(counted, INDEPENDENT.map(|(name, ..)| name));
    for (name, [kovykta, sales, helium, ethane, polyethylene, polypropylene], stop) in INDEPENDENT {
        let solved = solve(chain, name);
        let inlet = solved.inlet("kovykta").expect("a supply");
        let near = |got: f64, wanted: f64| {
            assert!((got - wanted).abs() < 6e-6 * wanted.max(1.0), "{name}: {got}, not {wanted}");
        };
        near(inlet.accepted, kovykta);
        near(product(&solved, "sales gas"), sales);
        near(product(&solved, "helium"), helium);
        near(product(&solved, "ethane"), ethane);
        near(product(&solved, "polyethylene"), polyethylene);
        near(product(&solved, "polypropylene"), polypropylene);
        assert_eq!(inlet.stopped_by, [stop], "{name}");
        assert_eq!(solved.inlet("chayanda").expect("a supply").stopped_by, ["fully drawn"]);
        assert!(solved.worst_residual() <= 1e-12, "{name}: {}", solved.worst_residual());
        assert!(solved.warnings().is_empty(), "{name}: {:?}", solved.warnings());
    }
    // to nine digits, where the second program was asked for them
    let solved = solve(chain, "nameplate");
    assert_relative_eq!(product(&solved, "ethylene"), 2.171_934_457_5, max_relative = 1e-9);
    assert_relative_eq!(product(&solved, "propylene"), 0.292_769_416_86, max_relative = 1e-9);
    assert_relative_eq!(product(&solved, "c5-c6"), 0.279_919_505_4, max_relative = 1e-9);
}

#[test]
fn what_a_plant_refuses_goes_where_the_chain_sends_it() {
    let chain = amur::chain();
    let solved = solve(chain, "gcc_off");
    assert_eq!(solved.inlet("gcc.ethane").unwrap().stopped_by, ["gcc.furnaces"]);
    assert_relative_eq!(
        product(&solved, "lpg by rail"),
        product(&solved, "propane") + product(&solved, "butanes"),
        max_relative = 1e-12
    );
    let returned = ["gcc.ethane.surplus.mass", "gcc.extra_ethane.surplus.mass"]
        .map(|address| solved.get(address).unwrap().unwrap());
    let ethane = product(&solved, "ethane");
    assert_relative_eq!(returned[0] + returned[1], ethane, max_relative = 1e-12);

    // helium units out: all of it is burned with the fuel or in the sales gas
    let solved = solve(chain, "helium_off");
    let moles = |port: &str| solved.get(&format!("{port}.moles.helium")).unwrap().unwrap();
    let gone = moles("gpp.burned") + moles("heihe.sales_gas");
    assert_relative_eq!(moles("gpp.feed"), gone, max_relative = 1e-12);
}

#[test]
fn scaling_every_supply_and_capacity_changes_nothing_relative() {
    let chain = amur::chain();
    // friction grows with the square of the flow: a line by its pressures does not scale
    for name in amur::scenario_names().filter(|name| *name != "hydraulic") {
        let values = amur::scenario(name).unwrap().values(chain).unwrap();
        let base = chain.solve(&values).unwrap();
        for factor in [1e-6, 1e6] {
            let mut scaled = values.clone();
            scale_flows(chain, &mut scaled, factor);
            let solved = chain.solve(&scaled).unwrap();
            for (one, other) in base.links().zip(solved.links()) {
                let whole = one.stream.mol_per_s();
                // a surplus is a small difference of two large flows, and rounding of the scaled
                // numbers counts in those: it is judged by what was offered
                let accepted = one.from.and_then(|port| port.strip_suffix(".surplus"));
                let accepted = accepted.and_then(|port| base.stream(port));
                let flows = one.stream.by_species().zip(other.stream.by_species());
                for (index, ((species, a), (_, b))) in flows.enumerate() {
                    let beside = accepted.map_or(0.0, |stream| stream.flows[index]);
                    // a flow that rounding alone decides has no relative result
                    if a > 1e-15 * whole {
                        let off = (b / factor - a).abs() / (a + beside);
                        assert!(off < 1e-12, "{name} {:?} {species}: {off:e}", one.from);
                    }
                }
            }
            for (one, other) in base.inlets().zip(solved.inlets()) {
                assert_eq!(one.stopped_by, other.stopped_by, "{name} times {factor}");
            }
        }
    }
}

/// Multiplies every parameter that is a flow.
fn scale_flows(chain: &Chain, values: &mut Values, factor: f64) {
    for parameter in chain.parameters() {
        let ParameterKind::Number { unit, .. } = parameter.kind else { continue };
        let is_flow = matches!(unit.dimension(), Dimension::MolarFlow | Dimension::MassFlow);
        if let (true, Some(si)) = (is_flow, chain.number(values, &parameter.address)) {
            let scaled = Quantity::from_si(si * factor, unit);
            chain.set(values, &parameter.address, scaled).expect("a flow");
        }
    }
}

/// Atoms of C, H, N, O and He in every species of the chain, and its molar mass in g/mol, from
/// this test's own atomic weights (IUPAC, abridged).
fn species(name: &str) -> ([f64; 5], f64) {
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
fn flows(stream: &Value) -> Vec<(&str, f64)> {
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
    let chain = amur::chain();
    let scenario = amur::scenario("nameplate").unwrap();
    let solved = chain.solve(&scenario.values(chain).unwrap()).unwrap();
    let text = json::to_json(&solved, &Run::of(&scenario, chain));
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

#[test]
fn a_yield_set_that_does_not_close_is_refused_by_name() {
    let chain = amur::chain();
    let faults =
        chain.set(&mut chain.values(), "gcc.crack.yields_ethane", "patent_60").unwrap_err();
    let message = faults.to_string();
    let start = "gcc.crack.yields_ethane: yield set \"patent_60\" of ethane is refused";
    assert!(message.starts_with(start), "{message}");
}

#[test]
fn every_address_that_others_use_is_there() {
    let chain = amur::chain();
    let there: Vec<&str> =
        chain.parameters().iter().map(|parameter| parameter.address.as_str()).collect();
    let wanted = "order chayanda.flow kovykta.flow chayanda.composition kovykta.composition \
        membrane.helium trunk_line.capacity gpp.trains gpp.train_size gpp.availability \
        gpp.ngl.ethane gpp.ngl.propane gpp.ngl.butanes gpp.ngl.c5_plus gpp.helium.recovery \
        gpp.helium.units gpp.helium.unit_size gpp.nitrogen.rejected gpp.fuel.share bypass.open \
        heihe.demand ethane_gate.contract gcc.order gcc.extra_ethane gcc.furnaces \
        gcc.availability gcc.crack.ethylene gcc.pe.capacity gcc.pe.comonomer gcc.pp.capacity";
    for address in wanted.split_whitespace() {
        assert!(there.contains(&address), "{address} is not there");
    }
    let products: Vec<&str> = chain.products().map(|product| product.name.as_str()).collect();
    let wanted = "sales gas, helium, ethane, propane, butanes, c5-c6, ethylene, propylene, \
        polyethylene, polypropylene, propylene sold, lpg by rail, hydrogen, fuel gas, c4, pygas, \
        fuel oil";
    assert_eq!(products.join(", "), wanted);
}

#[test]
fn every_number_of_the_shipped_chain_has_evidence_and_a_source() {
    for parameter in amur::chain().parameters() {
        assert!(!parameter.provenance.source.is_empty(), "{} has no source", parameter.address);
    }
}

#[test]
fn the_crackers_fuel_drawn_from_sales_gas_is_met_and_counts_at_the_border() {
    let chain = amur::chain();
    let bought = solve(chain, "nameplate");
    let drawn = solve(chain, "own_fuel");
    let get = |solved: &Solved<'_>, address: &str| solved.get(address).unwrap().unwrap();
    // nothing is bought any more but comonomer; the border has its 38 all the same
    let imports: Vec<&str> = drawn
        .imports()
        .filter(|import| import.stream.mol_per_s() > 0.0)
        .map(|import| import.stage)
        .collect();
    assert_eq!(imports, ["gcc.pe"]);
    assert_relative_eq!(get(&drawn, "heihe.sales_gas.volume"), 38.0, max_relative = 1e-12);
    assert_eq!(drawn.inlet("kovykta").unwrap().stopped_by, ["heihe.demand"]);
    // drawn gas has the composition of sales gas, and goes where it is drawn to
    assert_relative_eq!(
        get(&drawn, "fuel_tap.drawn.mole_fraction.nitrogen"),
        get(&drawn, "gpp.residue.mole_fraction.nitrogen"),
        max_relative = 1e-12
    );
    let moles = |port: &str| get(&drawn, &format!("{port}.moles"));
    assert_relative_eq!(moles("fuel_tap.drawn"), moles("gcc.make_up_fuel"), max_relative = 1e-12);
    let left = moles("gpp.residue") - moles("fuel_tap.drawn");
    assert_relative_eq!(moles("fuel_tap.rest"), left, max_relative = 1e-12);
    // the furnaces burn the heat that their feed asks for, from wherever it comes:
    // 14.1 GJ/t of ethane, 11.4 of propane and butanes
    for solved in [&bought, &drawn] {
        let mass = |species: &str| get(solved, &format!("gcc.crack.feed.mass.{species}"));
        let lpg = mass("propane") + mass("n-butane") + mass("isobutane");
        let heat = mass("ethane") * 14.1 + lpg * 11.4; // PJ/yr
        assert_relative_eq!(get(solved, "gcc.crack.burned.energy"), heat, max_relative = 1e-9);
    }
}
