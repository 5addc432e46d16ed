//! The chemical complex: cracking between conversions, polymer lines, ways to more propylene.

use approx::assert_relative_eq;
use gaschain::amur;
use gaschain::chain::{Chain, Folder};
use gaschain::param::{ParameterKind, Value};
use gaschain::solved::Solved;
use proptest::prelude::*;
use std::fmt::Write;

/// Residual allowed of a stage: what rounding leaves.
const RESIDUAL: f64 = 1e-13;

/// kg/mol of propane, from the atomic masses of ISO 6976:2016.
const PROPANE: f64 = 3.0 * 0.012_010_7 + 8.0 * 0.001_007_94;

/// Megatonnes a year of a kilogram a second.
const MEGATONNES: f64 = 365.0 * 86_400.0 / 1e9;

/// A chain of one stage called `stage`, a supply `to_<inlet>` at each inlet and everything that
/// leaves a product; `states` are loads to show, in Mt/yr or, of heat, MW.
fn one_stage(
    stage: &str,
    inlets: &[&str],
    outlets: &[&str],
    states: &[&str],
    yields: Option<String>,
) -> Chain {
    let mut text = String::from("name = \"one stage\"\nconnections = [\n");
    for inlet in inlets {
        writeln!(text, "  \"to_{inlet} -> stage.{inlet}\",").unwrap();
    }
    let products: Vec<String> = outlets.iter().map(|name| format!("\"stage.{name}\"")).collect();
    writeln!(text, "]\n[leaving]\nproducts = [{}]", products.join(", ")).unwrap();
    for inlet in inlets {
        writeln!(
            text,
            "[stages.to_{inlet}]\nkind = \"supply\"\nset.flow = \"100 mol/s\"\nset.composition.methane = 1"
        )
        .unwrap();
    }
    writeln!(text, "[stages.stage]\n{stage}").unwrap();
    for load in states {
        let unit = if load.ends_with("heat") { "MW" } else { "Mt/yr" };
        writeln!(
            text,
            "limits.{load} = {{ states = \"{load}\", at_most = \"unknown\", unit = \"{unit}\" }}"
        )
        .unwrap();
    }
    let shipped = amur::folder();
    let mut folder = Folder { name: "one".into(), ..Folder::default() };
    folder.files.insert("chain.toml".into(), text.into_bytes());
    folder.files.insert("species.csv".into(), shipped.files["species.csv"].clone());
    let yields = yields.map_or_else(|| shipped.files["yields.csv"].clone(), Into::into);
    folder.files.insert("yields.csv".into(), yields);
    folder.chain().unwrap_or_else(|faults| panic!("{faults}"))
}

/// Solves with some values set; every balance closes to rounding.
fn solve<'c>(chain: &'c Chain, set: &[(&str, Value)]) -> Solved<'c> {
    let mut values = chain.values();
    for (address, value) in set {
        chain.set(&mut values, address, value.clone()).unwrap_or_else(|faults| panic!("{faults}"));
    }
    let solved = chain.solve(&values).unwrap_or_else(|error| panic!("{error}"));
    assert!(solved.worst_residual() <= RESIDUAL, "{:e}", solved.worst_residual());
    solved
}

/// Pure feed at an inlet.
fn only(inlet: &str, species: &str) -> (String, Value) {
    let composition = Value::Composition(vec![(species.to_owned(), 1.0)]);
    (format!("to_{inlet}.composition"), composition)
}

fn get(solved: &Solved<'_>, address: &str) -> f64 {
    solved.get(address).unwrap_or_else(|faults| panic!("{faults}")).unwrap_or(0.0)
}

/// The load that a stage states, by the limit that shows it.
fn load(solved: &Solved<'_>, limit: &str) -> Option<f64> {
    solved.limits().find(|result| result.limit == limit).expect("a limit").load
}

/// A cracker of ethane and propane, the latter between the sets of the patent.
fn cracker(recycle: &str, states: &[&str]) -> Chain {
    let stage = format!(
        "kind = \"crack\"\nyields = \"yields.csv\"\nfeeds = [\"ethane\", \"propane\"]\n{recycle}\n\
         remainder = \"all\"\nset.yields_ethane = \"ipcc\"\nset.yields_propane = \"patent\"\n\
         set.heat_ethane = \"14.1 GJ/t\"\nset.heat_propane = \"11.4 GJ/t\""
    );
    one_stage(&stage, &["feed"], &["all", "flare", "burned"], states, None)
}

const RECYCLE: &str = "recycle = [\"ethane\", \"propane\"]";

// ---- between conversions

#[test]
fn a_family_is_offered_over_the_conversions_it_is_tabulated_at() {
    let chain = cracker("", &[]);
    let find = |address: &str| {
        let mut parameters = chain.parameters().iter();
        parameters.find(|parameter| parameter.address == address).expect("a parameter")
    };
    let ParameterKind::Choice { allowed, .. } = &find("stage.yields_propane").kind else {
        panic!("a choice")
    };
    assert_eq!(allowed.last().unwrap(), "patent");
    let conversion = find("stage.conversion_propane");
    assert_eq!(conversion.kind.allowed(), "84 % to 92 %");
    assert_eq!(chain.number(&chain.values(), "stage.conversion_propane"), Some(0.88));
    assert!(conversion.about.ends_with("does nothing where they are a single set"));
    // ethane has single sets only
    assert!(chain.parameters().iter().all(|p| p.address != "stage.conversion_ethane"));
    let faults = chain.set(&mut chain.values(), "stage.conversion_propane", "93 %").unwrap_err();
    assert_eq!(
        faults.to_string(),
        "stage.conversion_propane: 93 % is outside the allowed range 84 % to 92 %"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// Between closed sets everything is closed, and what a pass leaves is 1 - conversion.
    #[test]
    fn every_conversion_closes(conversion in 0.84_f64..=0.92) {
        for recycle in ["", RECYCLE] {
            let chain = cracker(recycle, &[]);
            let (feed, propane) = only("feed", "propane");
            let set = [(feed.as_str(), propane), ("stage.conversion_propane", conversion.into())];
            let solved = solve(&chain, &set);
            for balance in solved.balances() {
                prop_assert!(balance.residual <= RESIDUAL, "{balance:?}");
            }
            let left = get(&solved, "stage.all.moles.propane") / 100.0;
            let expected = if recycle.is_empty() { 1.0 - conversion } else { 0.0 };
            prop_assert!((left - expected).abs() < 1e-14, "{left}, {expected}");
        }
    }
}

#[test]
fn a_family_is_its_sets_where_they_are_tabulated_and_linear_between() {
    let chain = cracker("", &[]);
    let (feed, propane) = only("feed", "propane");
    let made = |yields: &str, conversion: &str| -> Vec<f64> {
        let set = [
            (feed.as_str(), propane.clone()),
            ("stage.yields_propane", yields.into()),
            ("stage.conversion_propane", conversion.into()),
        ];
        solve(&chain, &set).stream("stage.all").unwrap().flows.to_vec()
    };
    for percent in [84, 86, 88, 90, 92] {
        let set = made(&format!("patent_{percent}"), "85 %");
        // the set's own conversion counts, whatever the parameter says
        assert_eq!(set, made(&format!("patent_{percent}"), "91 %"));
        for (one, other) in made("patent", &format!("{percent} %")).iter().zip(&set) {
            assert!((one - other).abs() <= 1e-14 * one.abs(), "{percent}: {one}, {other}");
        }
    }
    let (low, high) = (made("patent_86", "88 %"), made("patent_88", "88 %"));
    for ((low, high), between) in low.iter().zip(&high).zip(made("patent", "86.5 %")) {
        let expected = 0.75 * low + 0.25 * high;
        assert!((between - expected).abs() <= 1e-12 * expected.abs(), "{between}, {expected}");
    }
}

#[test]
fn a_conversion_printed_beside_a_set_that_leaves_another_is_a_fault() {
    let shipped = String::from_utf8(amur::folder().files["yields.csv"].clone()).unwrap();
    let mut folder = amur::folder();
    let wrong = shipped.replace("per_pass,0.88,", "per_pass,0.8,");
    folder.files.insert("yields.csv".into(), wrong.into_bytes());
    let faults = folder.chain().unwrap_err().to_string();
    let expected = "conversion 0.8 of patent_88; allowed: what its feed's own row leaves to \
                    convert, 0.8800";
    assert!(faults.contains(expected), "{faults}");
}

// ---- passes, fuel, heat

#[test]
fn every_pass_is_visible() {
    let states = [
        "furnace_load",
        "furnace_load_ethane",
        "furnace_load_propane",
        "recycle_ethane",
        "recycle_propane",
        "reaction_heat",
    ];
    let chain = cracker(RECYCLE, &states);
    let (feed, propane) = only("feed", "propane");
    let solved = solve(&chain, &[(&feed, propane), ("stage.conversion_propane", "85 %".into())]);
    let load = |name: &str| load(&solved, &format!("stage.{name}"));
    let fresh = 100.0 * PROPANE * MEGATONNES;
    let through = load("furnace_load_propane").unwrap();
    // 1 + 0.15 + 0.15^2 + ...
    assert_relative_eq!(through, fresh / 0.85, max_relative = 1e-12);
    assert_relative_eq!(load("recycle_propane").unwrap(), through - fresh, max_relative = 1e-12);
    // no fresh ethane: all that is cracked of it was made of propane
    let ethane = load("furnace_load_ethane").unwrap();
    assert!(ethane > 0.03 * through && ethane < 0.04 * through);
    assert_relative_eq!(load("recycle_ethane").unwrap(), ethane, max_relative = 1e-12);
    assert_relative_eq!(load("furnace_load").unwrap(), through + ethane, max_relative = 1e-12);
    // fuel oil has no known heat of combustion
    assert_eq!(load("reaction_heat"), None);
}

#[test]
fn the_heat_of_reaction_is_that_of_tabulated_heats() {
    let yields = "set,feed,product,mass_fraction,basis,conversion,evidence\n\
        pass,ethane,ethane,0.4,per_pass,0.6,assumed\n\
        pass,ethane,ethylene,0.55978,per_pass,0.6,assumed\n\
        pass,ethane,hydrogen,0.04022,per_pass,0.6,assumed\n";
    let stage = "kind = \"crack\"\nyields = \"yields.csv\"\nfeeds = [\"ethane\"]\n\
        recycle = [\"ethane\"]\nremainder = \"all\"\nset.yields_ethane = \"pass\"\n\
        set.heat_ethane = \"14.1 GJ/t\"";
    let outlets = ["all", "flare", "burned"];
    let chain = one_stage(stage, &["feed"], &outlets, &["reaction_heat"], Some(yields.into()));
    let (feed, ethane) = only("feed", "ethane");
    let solved = solve(&chain, &[(&feed, ethane)]);
    // ISO 6976:2016 at 25 degC, kJ/mol: ethylene 1411.18, hydrogen 285.83, ethane 1560.69
    let expected = 100.0 * (1411.18 + 285.83 - 1560.69) * 1e3 / 1e6;
    assert_relative_eq!(
        load(&solved, "stage.reaction_heat").unwrap(),
        expected,
        max_relative = 1e-9
    );
    // stoichiometry: all of it cracked to ethylene and hydrogen, 0.933 t a tonne
    let ethylene = get(&solved, "stage.all.mass.ethylene") / get(&solved, "stage.feed.mass");
    assert!((ethylene - 0.933).abs() < 5e-4, "{ethylene}");
}

#[test]
fn hydrogen_that_is_not_burned_is_sold_and_methane_imported_for_it() {
    let chain = amur::chain();
    // ethane alone makes less methane than its furnaces burn
    let with = |burn: bool| {
        solve(
            chain,
            &[("gcc.furnaces", "1.8 Mt/yr".into()), ("gcc.crack.burn_hydrogen", burn.into())],
        )
    };
    let (burned, sold) = (with(true), with(false));
    assert_eq!(burned.inlet("gcc.ethane").unwrap().stopped_by, ["gcc.furnaces"]);
    let hydrogen = |solved: &Solved<'_>| get(solved, "gcc.hydrogen.mass");
    let imported = |solved: &Solved<'_>| get(solved, "gcc.crack.make_up_fuel.energy");
    assert!(hydrogen(&sold) > hydrogen(&burned));
    assert_eq!(get(&sold, "gcc.burned.mass.hydrogen").to_bits(), 0.0_f64.to_bits());
    let fired = get(&burned, "gcc.burned.energy");
    assert_relative_eq!(get(&sold, "gcc.burned.energy"), fired, max_relative = 1e-12);
    // each joule of hydrogen sold is a joule of methane brought in
    let freed = get(&sold, "gcc.hydrogen.energy") - get(&burned, "gcc.hydrogen.energy");
    assert_relative_eq!(imported(&sold) - imported(&burned), freed, max_relative = 1e-10);
    // which is a matter of fuel alone
    for port in ["gcc.polyethylene.mass", "gcc.polypropylene.mass", "gcc.fuel_gas.mass"] {
        assert_relative_eq!(get(&sold, port), get(&burned, port), max_relative = 1e-12);
    }
}

#[test]
fn streams_that_join_the_separation_are_not_cracked() {
    let stage = "kind = \"crack\"\njoining = [\"other\"]\nyields = \"yields.csv\"\nfeeds = [\"ethane\"]\n\
        recycle = [\"ethane\"]\nremainder = \"all\"\nset.yields_ethane = \"ipcc\"\n\
        set.heat_ethane = \"0 GJ/t\"";
    let outlets = ["all", "flare", "burned"];
    let chain = one_stage(stage, &["feed", "other"], &outlets, &["furnace_load"], None);
    let (feed, ethane) = only("feed", "ethane");
    let (other, _) = only("other", "ethane");
    let solved = solve(&chain, &[(&feed, ethane.clone()), (&other, ethane)]);
    assert_relative_eq!(get(&solved, "stage.all.moles.ethane"), 100.0, max_relative = 1e-14);
    let fresh = get(&solved, "stage.feed.mass");
    assert_relative_eq!(load(&solved, "stage.furnace_load").unwrap(), fresh, max_relative = 1e-12);
}

// ---- polymer lines

const PLANT: &str = "kind = \"polymerise\"\nmonomer = \"ethylene\"\nunit = \"ethylene unit\"\n\
    comonomer = { species = \"1-butene\", unit = \"1-butene unit\" }\noff_grade = true\n\
    lines = { hdpe = { comonomer = \"own\" }, lldpe = {}, rest = {} }\n\
    set.monomer_use = 1.02\nset.comonomer = \"8 %\"\nset.comonomer_hdpe = \"1 %\"\n\
    set.share_hdpe = \"30 %\"\nset.share_lldpe = \"45 %\"";

#[test]
fn lines_share_the_monomer_and_state_what_they_make() {
    let lines = ["hdpe", "lldpe", "rest"];
    let outlets = ["polymer", "purge", "off_grade"];
    let chain = one_stage(PLANT, &["monomer"], &outlets, &lines, None);
    let (feed, ethylene) = only("monomer", "ethylene");
    let solved = solve(&chain, &[(&feed, ethylene.clone()), ("stage.off_grade", "3 %".into())]);
    let monomer = get(&solved, "stage.monomer.mass");
    let made = lines.map(|line| load(&solved, &format!("stage.{line}")).unwrap());
    // m (1 - c) P of monomer goes into P of polymer
    for ((made, share), comonomer) in made.iter().zip([0.30, 0.45, 0.25]).zip([0.01, 0.08, 0.08]) {
        let expected = share * monomer / (1.02 * (1.0 - comonomer));
        assert_relative_eq!(*made, expected, max_relative = 1e-12);
    }
    let polymer: f64 = made.iter().sum();
    assert_relative_eq!(get(&solved, "stage.off_grade.mass"), 0.03 * polymer, max_relative = 1e-12);
    assert_relative_eq!(get(&solved, "stage.polymer.mass"), 0.97 * polymer, max_relative = 1e-12);
    assert_relative_eq!(get(&solved, "stage.purge.mass"), 0.02 * polymer, max_relative = 1e-10);
    let error = {
        let mut values = chain.values();
        chain.set(&mut values, "stage.share_lldpe", "71 %").unwrap();
        chain.solve(&values).unwrap_err().to_string()
    };
    assert_eq!(error, "stage: sum of the lines' shares is 1.01; allowed: at most 1");
}

#[test]
fn a_line_of_the_shipped_plant_can_be_what_stops_the_complex() {
    let chain = amur::chain();
    let base = solve(chain, &[]);
    let polyethylene = get(&base, "gcc.polyethylene.mass");
    let gas_phase = load(&base, "gcc.pe.gas_phase").unwrap();
    // three lines of four, as if all were of one size
    assert_relative_eq!(gas_phase, 0.75 * polyethylene, max_relative = 1e-12);
    let small = solve(chain, &[("gcc.pe.slurry", "0.5 Mt/yr".into())]);
    assert_relative_eq!(get(&small, "gcc.polyethylene.mass"), 2.0, max_relative = 1e-9);
    let stopped = ["gcc.ethane", "gcc.propane", "gcc.butanes"]
        .iter()
        .any(|inlet| small.inlet(inlet).unwrap().stopped_by == ["gcc.pe.slurry"]);
    assert!(stopped);
}

// ---- more propylene

#[test]
fn a_reactor_treats_a_share_by_parallel_equations() {
    let stage = "kind = \"react\"\ntreated = \"share\"\nremainder = \"out\"\n\
        reactions.conversion = { equation = \"propane -> methane + ethylene\", key = \"propane\", \
        parallel = { selectivity = \"propane -> propylene + hydrogen\" } }\n\
        set.share = \"50 %\"\nset.conversion = \"40 %\"\nset.selectivity = \"90 %\"";
    let chain = one_stage(stage, &["feed"], &["out"], &[], None);
    let (feed, propane) = only("feed", "propane");
    let solved = solve(&chain, &[(&feed, propane)]);
    for (species, expected) in [
        ("propane", 80.0),
        ("propylene", 18.0),
        ("hydrogen", 18.0),
        ("methane", 2.0),
        ("ethylene", 2.0),
    ] {
        let flow = get(&solved, &format!("stage.out.moles.{species}"));
        assert_relative_eq!(flow, expected, max_relative = 1e-12);
    }
}

#[test]
fn a_co_reactant_is_used_first_and_made_up_or_limits() {
    let stage = "kind = \"react\"\ninlets = [\"light\", \"c4\"]\nremainder = \"out\"\n\
        imports.butene = { makes_up = \"1-butene\" }\n\
        reactions.share = { equation = \"ethylene + 1-butene -> 2 propylene\", key = \"ethylene\" }\n\
        set.share = \"30 %\"";
    let chain = one_stage(stage, &["light", "c4"], &["out"], &[], None);
    let (light, ethylene) = only("light", "ethylene");
    let (c4, butene) = only("c4", "1-butene");
    let with = |butenes: &str, import: bool| {
        let set = [
            (light.as_str(), ethylene.clone()),
            (c4.as_str(), butene.clone()),
            ("to_c4.flow", butenes.into()),
            ("stage.import_butene", import.into()),
        ];
        let solved = solve(&chain, &set);
        let out = |species: &str| get(&solved, &format!("stage.out.moles.{species}"));
        [out("propylene"), out("ethylene"), out("1-butene"), get(&solved, "stage.butene.moles")]
    };
    let near = |got: [f64; 4], expected: [f64; 4]| {
        let close = got.iter().zip(expected).all(|(got, expected)| (got - expected).abs() < 1e-11);
        assert!(close, "{got:?}, {expected:?}");
    };
    // propylene, ethylene, butene left, butene imported
    near(with("40 mol/s", true), [60.0, 70.0, 10.0, 0.0]);
    near(with("12 mol/s", true), [60.0, 70.0, 0.0, 18.0]);
    near(with("12 mol/s", false), [24.0, 88.0, 0.0, 0.0]);
    near(with("40 mol/s", false), [60.0, 70.0, 10.0, 0.0]);
}

#[test]
fn both_ways_to_propylene_are_shut_and_work_when_open() {
    let chain = amur::chain();
    let shut = solve(chain, &[]);
    assert_eq!(get(&shut, "gcc.pdh.effluent.moles").to_bits(), 0.0_f64.to_bits());
    let cracked = get(&shut, "gcc.crack.propylene.moles");
    assert_eq!(get(&shut, "gcc.metathesis.propylene.moles").to_bits(), cracked.to_bits());
    assert_eq!(get(&shut, "gcc.metathesis.butene.moles").to_bits(), 0.0_f64.to_bits());
    for own_butene_only in [false, true] {
        let open = solve(
            chain,
            &[
                ("gcc.pdh.share", "80 %".into()),
                ("gcc.metathesis.share", "5 %".into()),
                ("gcc.metathesis.import_butene", (!own_butene_only).into()),
            ],
        );
        let propylene = |solved: &Solved<'_>| get(solved, "gcc.metathesis.propylene.mass");
        let ethylene = |solved: &Solved<'_>| get(solved, "gcc.metathesis.ethylene.mass");
        assert!(propylene(&open) > propylene(&shut) + 0.2);
        assert!(ethylene(&open) < ethylene(&shut));
        assert!(get(&open, "gcc.polyethylene.mass") < get(&shut, "gcc.polyethylene.mass"));
        // the line for polypropylene is full, and what it refuses is sold
        assert_relative_eq!(get(&open, "gcc.polypropylene.mass"), 0.4, max_relative = 1e-9);
        assert_eq!(open.inlet("gcc.pp.propylene").unwrap().stopped_by, ["gcc.pp.capacity"]);
        assert!(get(&shut, "gcc.propylene_sold.mass").abs() < 1e-12);
        assert!(get(&open, "gcc.propylene_sold.mass") > 0.0);
        let imported = get(&open, "gcc.metathesis.butene.moles");
        assert_eq!(imported > 0.0, !own_butene_only);
    }
}
