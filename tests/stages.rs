//! Every kind of stage: it conserves what it is fed, whatever that is, and it does what its page
//! of the textbook says.

use gaschain::chain::{Chain, Folder};
use gaschain::param::{ParameterKind, Value};
use gaschain::quantity::{Quantity, Unit};
use gaschain::solved::Solved;
use gaschain::stage::kinds::KINDS;
use proptest::prelude::*;
use std::fmt::Write;

/// Residual allowed of a stage: what rounding leaves.
const RESIDUAL: f64 = 1e-13;

/// kg/mol, from the atomic masses of ISO 6976:2016.
const CARBON: f64 = 0.012_010_7;
const HYDROGEN: f64 = 0.001_007_94;

fn molar_mass(carbon: u32, hydrogen: u32) -> f64 {
    f64::from(carbon) * CARBON + f64::from(hydrogen) * HYDROGEN
}

/// A chain of one stage: a supply at each inlet, everything that comes out leaves.
fn one_stage(stage: &str, inlets: &[&str], outlets: &[&str], yields: Option<&str>) -> Chain {
    let mut text = String::from("name = \"one stage\"\nconnections = [\n");
    for inlet in inlets {
        writeln!(text, "  \"to_{inlet} -> stage.{inlet}\",").unwrap();
    }
    let products: Vec<String> = outlets.iter().map(|name| format!("\"stage.{name}\"")).collect();
    writeln!(text, "]\n[leaving]\nproducts = [{}]", products.join(", ")).unwrap();
    for inlet in inlets {
        writeln!(
            text,
            "[stages.to_{inlet}]\nkind = \"supply\"\nset.flow = \"1 mol/s\"\nset.composition.methane = 1"
        )
        .unwrap();
    }
    writeln!(text, "[stages.stage]\n{stage}").unwrap();
    let shipped = gaschain::amur::folder();
    let mut folder = Folder { name: "one".into(), ..Folder::default() };
    folder.files.insert("chain.toml".into(), text.into_bytes());
    folder.files.insert("species.csv".into(), shipped.files["species.csv"].clone());
    let yields = yields.map_or_else(|| shipped.files["yields.csv"].clone(), Into::into);
    folder.files.insert("yields.csv".into(), yields);
    folder.chain().unwrap_or_else(|faults| panic!("{faults}"))
}

/// Runs a one-stage chain: molar flows by species at each inlet, and values of parameters.
fn run<'c>(
    chain: &'c Chain,
    feeds: &[(&str, Vec<(&str, f64)>)],
    set: &[(&str, Value)],
) -> Solved<'c> {
    let mut values = chain.values();
    for (inlet, flows) in feeds {
        let total: f64 = flows.iter().map(|(_, flow)| flow).sum();
        if total > 0.0 {
            let shares = flows.iter().map(|(name, flow)| ((*name).to_owned(), flow / total));
            let composition = Value::Composition(shares.collect());
            chain.set(&mut values, &format!("to_{inlet}.composition"), composition).unwrap();
        }
        let flow = Quantity::new(total, Unit::MOL_PER_SECOND);
        chain.set(&mut values, &format!("to_{inlet}.flow"), flow).unwrap();
    }
    for (parameter, value) in set {
        chain.set(&mut values, &format!("stage.{parameter}"), value.clone()).unwrap();
    }
    chain.solve(&values).unwrap_or_else(|error| panic!("{error}"))
}

fn get(solved: &Solved<'_>, address: &str) -> f64 {
    solved.get(address).unwrap().unwrap_or(0.0)
}

/// Flow of one species at a port, mol/s.
fn moles(solved: &Solved<'_>, port: &str, species: &str) -> f64 {
    get(solved, &format!("stage.{port}.moles.{species}"))
}

#[track_caller]
fn close(got: f64, expected: f64, within: f64) {
    assert!((got - expected).abs() <= within * expected.abs(), "{got} is not {expected}");
}

// ---- conservation

/// A kind of stage as a chain file has it.
struct Case {
    kind: &'static str,
    text: &'static str,
    inlets: &'static [&'static str],
    outlets: &'static [&'static str],
}

const CASES: &[Case] = &[
    // every inlet here is fed by a supply; this chain has little else
    Case {
        kind: "supply",
        text: "kind = \"blend\"\ninlets = [\"a\"]",
        inlets: &["a"],
        outlets: &["out"],
    },
    Case {
        kind: "blend",
        text: "kind = \"blend\"\ninlets = [\"a\", \"b\", \"c\"]",
        inlets: &["a", "b", "c"],
        outlets: &["out"],
    },
    Case {
        kind: "split",
        text: "kind = \"split\"\noutlets = [\"a\", \"b\"]\nremainder = \"c\"\nset.a = \"30 %\"\nset.b = \"17.3 %\"",
        inlets: &["feed"],
        outlets: &["a", "b", "c"],
    },
    Case {
        kind: "separate",
        text: "kind = \"separate\"\nremainder = \"rest\"\nset.light = \"93.7 %\"\nset.heavy = \"99 %\"\nset.more = \"0.7 %\"\n\
               recover.light = { species = [\"methane\", \"helium\", \"hydrogen\"], to = \"light\" }\n\
               recover.heavy = { species = [\"propane\", \"n-butane\", \"benzene\"], to = \"heavy\" }\n\
               recover.more = { species = [\"propane\", \"nitrogen\"], to = \"light\" }",
        inlets: &["feed"],
        outlets: &["light", "heavy", "rest"],
    },
    Case {
        kind: "react",
        text: "kind = \"react\"\nremainder = \"rest\"\nproducts.butene = [\"1-butene\"]\nset.dimerise = \"37 %\"\nset.crack = \"61 %\"\nset.hydrogenate = \"90 %\"\n\
               reactions.dimerise = { equation = \"2 ethylene -> 1-butene\", key = \"ethylene\" }\n\
               reactions.crack = { equation = \"propane -> propylene + hydrogen\", key = \"propane\" }\n\
               reactions.hydrogenate = { equation = \"acetylene + 2 hydrogen -> ethane\", key = \"acetylene\" }\n\
               imports.hydrogen_feed = \"hydrogen\"",
        inlets: &["feed"],
        outlets: &["rest", "butene"],
    },
    Case {
        kind: "crack",
        text: CRACKER,
        inlets: &["feed"],
        outlets: &["ethylene", "propylene", "rest", "flare", "burned"],
    },
    Case {
        kind: "polymerise",
        text: "kind = \"polymerise\"\nmonomer = \"ethylene\"\nunit = \"ethylene unit\"\n\
               comonomer = { species = \"1-butene\", unit = \"1-butene unit\" }\nset.monomer_use = 1.013\nset.comonomer = \"5 %\"",
        inlets: &["monomer"],
        outlets: &["polymer", "purge"],
    },
    Case {
        kind: "fuel",
        text: "kind = \"fuel\"\nby = \"duty\"\nset.duty = \"31 MW\"",
        inlets: &["feed"],
        outlets: &["gas", "burned"],
    },
    Case {
        kind: "fuel",
        text: "kind = \"fuel\"\nby = \"demand\"\nset.mode = \"duty\"\nset.share = \"2.7 %\"\nset.heat_demand = \"0.3 MJ/kg\"\nset.power_demand = \"0.1 MJ/kg\"",
        inlets: &["feed"],
        outlets: &["gas", "burned"],
    },
    Case {
        kind: "fuel",
        text: "kind = \"fuel\"\nset.share = \"2.7 %\"",
        inlets: &["feed"],
        outlets: &["gas", "burned"],
    },
    Case {
        kind: "pipeline",
        text: "kind = \"pipeline\"\nset.length = \"1990 km\"\nset.own_needs = \"1.46 %/1000 km\"",
        inlets: &["feed"],
        outlets: &["delivered", "burned"],
    },
    Case {
        kind: "compress",
        text: "kind = \"compress\"\nset.suction_pressure = \"3 MPa\"\nset.suction_temperature = \"20 degC\"\nset.discharge_pressure = \"9.8 MPa\"\nset.casings = 2\nset.cooled_to = \"30 degC\"\n\
               set.polytropic_efficiency = \"84 %\"\nset.mechanical_efficiency = \"99 %\"\nset.driver_efficiency = \"36 %\"",
        inlets: &["feed"],
        outlets: &["gas", "burned"],
    },
    Case {
        kind: "market",
        text: "kind = \"market\"\nproduct = \"sold\"\ninlets = [\"a\", \"b\"]",
        inlets: &["a", "b"],
        outlets: &["sold"],
    },
];

/// A cracker with every way through: recycle, hydrogenation, loss, own and imported fuel.
const CRACKER: &str = "kind = \"crack\"\nyields = \"yields.csv\"\n\
    feeds = [\"ethane\", \"propane\", \"n-butane\", \"isobutane\"]\nrecycle = [\"ethane\", \"propane\"]\n\
    remainder = \"rest\"\nproducts.ethylene = [\"ethylene\"]\nproducts.propylene = [\"propylene\"]\n\
    hydrogenate.acetylene = \"ethylene\"\nhydrogenate.propyne = \"propylene\"\n\
    set.yields_ethane = \"ipcc\"\nset.yields_propane = \"patent_88\"\nset.yields_n_butane = \"matar_hatch\"\nset.yields_isobutane = \"estimate\"\n\
    set.heat_ethane = \"14.1 GJ/t\"\nset.heat_propane = \"11.4 GJ/t\"\nset.heat_n_butane = \"11.4 GJ/t\"\nset.heat_isobutane = \"30 GJ/t\"";

/// Species and amounts: some absent, some a trace beside others.
fn stream() -> impl Strategy<Value = Vec<f64>> {
    let flow =
        prop_oneof![1 => Just(0.0), 3 => 0.0..1e3_f64, 1 => 1e-9..1e-3_f64, 1 => 1e3..1e6_f64];
    prop::collection::vec(flow, 64)
}

/// Every balance of the one stage closes to rounding, for any feed.
fn conserves(case: &Case) {
    let chain = one_stage(case.text, case.inlets, case.outlets, None);
    let names: Vec<&str> = chain.slate().names().collect();
    // heat is taken of what is known to give some
    let by_heat = case.kind == "fuel" && case.text.contains("by = ");
    let fed: Vec<f64> = chain
        .slate()
        .iter()
        .map(|species| if by_heat && species.net_heat_25().is_none() { 0.0 } else { 1.0 })
        .collect();
    let config =
        ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(flows in prop::collection::vec(stream(), case.inlets.len()))| {
        let feeds: Vec<(&str, Vec<(&str, f64)>)> = case
            .inlets
            .iter()
            .zip(&flows)
            .map(|(inlet, flows)| {
                let mut flows: Vec<f64> =
                    flows.iter().zip(&fed).map(|(flow, fed)| flow * fed).collect();
                if by_heat {
                    // enough to burn, whatever else there is
                    flows[0] += 3.0 * flows.iter().sum::<f64>();
                }
                (*inlet, names.iter().copied().zip(flows).collect())
            })
            .collect();
        let solved = run(&chain, &feeds, &[]);
        for balance in solved.balances() {
            prop_assert!(balance.residual <= RESIDUAL, "{} {balance:?}", case.kind);
        }
        // nothing is made of nothing
        for inlet in solved.inlets() {
            prop_assert_eq!(inlet.shut_in.to_bits(), 0.0_f64.to_bits());
        }
    });
    // and nothing of no feed at all
    let none: Vec<_> = case.inlets.iter().map(|inlet| (*inlet, Vec::new())).collect();
    let solved = run(&chain, &none, &[]);
    for outlet in case.outlets {
        assert_eq!(get(&solved, &format!("stage.{outlet}.moles")).to_bits(), 0.0_f64.to_bits());
        assert_eq!(solved.get(&format!("stage.{outlet}.mole_fraction.methane")), Ok(None));
    }
}

#[test]
fn every_kind_of_stage_conserves() {
    for case in CASES {
        conserves(case);
    }
    // a draw needs somebody to draw from it: it has a test of its own
    for (kind, _) in KINDS {
        assert!(*kind == "draw" || CASES.iter().any(|case| case.kind == *kind), "{kind}");
    }
}

/// A cracker whose make-up fuel is drawn from a gas: one recycle of the two.
#[test]
fn a_draw_gives_what_is_taken_and_conserves() {
    let text = format!(
        "name = \"drawn\"\nconnections = [\"gas -> tap\", \"tap.drawn -> stage.make_up_fuel\", \"to_feed -> stage\"]\n\
         [leaving]\nproducts = [\"tap.rest\", \"stage.ethylene\", \"stage.propylene\", \"stage.rest\", \"stage.flare\", \"stage.burned\"]\n\
         [stages.gas]\nkind = \"supply\"\nset.flow = \"10000 mol/s\"\nset.composition = {{ methane = 0.9, nitrogen = 0.1 }}\n\
         [stages.to_feed]\nkind = \"supply\"\nset.flow = \"100 mol/s\"\nset.composition = {{ isobutane = 1 }}\n\
         [stages.tap]\nkind = \"draw\"\n[stages.stage]\n{CRACKER}\n"
    );
    let shipped = gaschain::amur::folder();
    let mut folder = Folder { name: "drawn".into(), ..Folder::default() };
    folder.files.insert("chain.toml".into(), text.into_bytes());
    for file in ["species.csv", "yields.csv"] {
        folder.files.insert(file.into(), shipped.files[file].clone());
    }
    let chain = folder.chain().unwrap_or_else(|faults| panic!("{faults}"));
    let solved = run(&chain, &[], &[]);
    assert!(solved.worst_residual() <= RESIDUAL, "{:?}", solved.worst_residual());
    let (drawn, taken) =
        (get(&solved, "tap.drawn.moles"), get(&solved, "stage.make_up_fuel.moles"));
    assert!(drawn > 10.0);
    close(drawn, taken, 1e-14);
    close(get(&solved, "tap.drawn.mole_fraction.nitrogen"), 0.1, 1e-14);
    // own and drawn fuel together meet the heat: 30 GJ/t of the fresh feed
    let heat = 100.0 * molar_mass(4, 10) * 30e6;
    close(get(&solved, "stage.burned.energy") * 1e15 / (365.0 * 86_400.0), heat, 1e-12);
    // more than there is
    let mut values = chain.values();
    chain.set(&mut values, "gas.flow", "1 mol/s").unwrap();
    let error = chain.solve(&values).unwrap_err().to_string();
    assert!(error.starts_with("tap: share of the stream that an import takes is "), "{error}");
    assert!(error.ends_with("; allowed: at most 1"), "{error}");
}

// ---- textbook

#[test]
fn separate_by_recovery() {
    let text = "kind = \"separate\"\nremainder = \"rest\"\nset.ethane = \"96 %\"\nrecover.ethane = { species = [\"ethane\"], to = \"ethane\" }";
    let chain = one_stage(text, &["feed"], &["ethane", "rest"], None);
    let feed = vec![("methane", 90.0), ("ethane", 5.0), ("propane", 5.0)];
    let solved = run(&chain, &[("feed", feed)], &[]);
    close(moles(&solved, "ethane", "ethane"), 4.8, 1e-14);
    close(moles(&solved, "rest", "ethane"), 0.2, 1e-13);
    close(moles(&solved, "rest", "propane"), 5.0, 1e-14);
    close(get(&solved, "stage.ethane.mole_fraction.ethane"), 1.0, 1e-15);
}

#[test]
fn a_pipeline_burns_its_own_needs() {
    let text = "kind = \"pipeline\"\nset.length = \"803.5 km\"\nset.own_needs = \"1.46 %/1000 km\"";
    let chain = one_stage(text, &["feed"], &["delivered", "burned"], None);
    let solved = run(&chain, &[("feed", vec![("methane", 900.0), ("helium", 100.0)])], &[]);
    // 1.46 % per 1,000 km over 803.5 km
    close(get(&solved, "stage.burned.moles") / 1000.0, 0.011_731_1, 1e-12);
    close(get(&solved, "stage.burned.mole_fraction.helium"), 0.1, 1e-14);
    close(get(&solved, "stage.delivered.moles"), 1000.0 - 11.7311, 1e-12);
}

#[test]
fn fuel_by_duty_burns_the_net_heat() {
    let text = "kind = \"fuel\"\nby = \"duty\"\nset.duty = \"100 MW\"";
    let chain = one_stage(text, &["feed"], &["gas", "burned"], None);
    let solved = run(&chain, &[("feed", vec![("methane", 1000.0)])], &[]);
    // ISO 6976:2016, table 3: net heat of methane at 25 degC 802.55 kJ/mol
    close(get(&solved, "stage.burned.moles"), 100e6 / 802_550.0, 2e-5);
    let poor = run(&chain, &[("feed", vec![("methane", 10.0)])], &[]);
    close(get(&poor, "stage.burned.moles"), 10.0, 1e-15);
    assert!(get(&poor, "stage.gas.moles").abs() < 1e-12);
    // what does not burn is not burned for heat
    let inert = run(&chain, &[("feed", vec![("nitrogen", 1000.0)])], &[]);
    assert_eq!(get(&inert, "stage.burned.moles").to_bits(), 0.0_f64.to_bits());
}

const BY_DEMAND: &str = "kind = \"fuel\"\nby = \"demand\"\nset.share = \"2 %\"\nset.heat_demand = \"0.3 GJ/t\"\nset.power_demand = \"0.4 GJ/t\"\n\
    set.heater_efficiency = \"80 %\"\nset.driver_efficiency = \"40 %\"\n\
    limits.fuel_share = { states = \"fuel_share\", at_most = \"unknown\", unit = \"%\" }\n\
    limits.duty_share = { states = \"duty_share\", at_most = \"unknown\", unit = \"%\" }\n\
    limits.heat = { states = \"heat\", at_most = \"unknown\", unit = \"MW\" }\n\
    limits.power = { states = \"power\", at_most = \"unknown\", unit = \"MW\" }";

#[test]
fn fuel_by_demand_states_share_and_duty_side_by_side() {
    let chain = one_stage(BY_DEMAND, &["feed"], &["gas", "burned"], None);
    // 1000 mol/s of methane: 16.042 kg/s, 802.55 MW net (ISO 6976:2016, table 3)
    let kilograms = 1000.0 * molar_mass(1, 4);
    let (heat, power) = (0.3 * kilograms, 0.4 * kilograms);
    let duty_share = 100.0 * (heat / 0.8 + power / 0.4) / 802.55;
    for (mode, share) in [("share", 2.0), ("duty", duty_share)] {
        let feed = [("feed", vec![("methane", 1000.0)])];
        let solved = run(&chain, &feed, &[("mode", mode.into())]);
        close(get(&solved, "stage.burned.moles"), 10.0 * share, 2e-5);
        close(get(&solved, "stage.fuel_share.load"), share, 2e-5);
        close(get(&solved, "stage.duty_share.load"), duty_share, 2e-5);
        close(get(&solved, "stage.heat.load"), heat, 1e-12);
        close(get(&solved, "stage.power.load"), power, 1e-12);
    }
}

/// The error of a run with this feed, as text.
fn refused(chain: &Chain, species: &str, mode: &str) -> String {
    let mut values = chain.values();
    let composition = Value::Composition(vec![(species.to_owned(), 1.0)]);
    chain.set(&mut values, "to_feed.composition", composition).unwrap();
    if !mode.is_empty() {
        chain.set(&mut values, "stage.mode", mode).unwrap();
    }
    chain.solve(&values).unwrap_err().to_string()
}

#[test]
fn heat_is_not_taken_of_what_is_not_known_to_give_any() {
    let chain = one_stage(BY_DEMAND, &["feed"], &["gas", "burned"], None);
    let unknown = "stage: heat of combustion of pygas is not known";
    assert_eq!(refused(&chain, "pygas", "share"), unknown);
    assert_eq!(refused(&chain, "pygas", "duty"), unknown);
    let by_duty = "kind = \"fuel\"\nby = \"duty\"\nset.duty = \"1 MW\"";
    let by_duty = one_stage(by_duty, &["feed"], &["gas", "burned"], None);
    assert_eq!(refused(&by_duty, "pygas", ""), unknown);
    // methane gives heat, but not enough for a demand like this
    let mut values = chain.values();
    chain.set(&mut values, "stage.mode", "duty").unwrap();
    chain.set(&mut values, "stage.heat_demand", "60 GJ/t").unwrap();
    let error = chain.solve(&values).unwrap_err().to_string();
    let start = "stage: fuel that heat and power demanded take, as a share of the gas is 1.5";
    assert!(error.starts_with(start), "{error}");
}

#[test]
fn polymer_takes_its_monomers_by_mass() {
    let text = "kind = \"polymerise\"\nmonomer = \"ethylene\"\nunit = \"ethylene unit\"\n\
                comonomer = { species = \"1-butene\", unit = \"1-butene unit\" }\nset.monomer_use = 1.01\nset.comonomer = \"5 %\"";
    let chain = one_stage(text, &["monomer"], &["polymer", "purge"], None);
    let solved = run(&chain, &[("monomer", vec![("ethylene", 1000.0)])], &[]);
    let polymer = get(&solved, "stage.polymer.mass");
    let monomers = get(&solved, "stage.monomer.mass") + get(&solved, "stage.comonomer.mass");
    // 1.01 t of monomers a tonne of polymer, a twentieth of it from the comonomer
    close(monomers / polymer, 1.01, 1e-13);
    close(get(&solved, "stage.polymer.mass_fraction.1-butene unit"), 0.05, 1e-13);
    close(get(&solved, "stage.comonomer.mass") / polymer, 0.05 * 1.01, 1e-13);
    close(get(&solved, "stage.purge.mass") / polymer, 0.01, 1e-11);
    let [import] = &solved.imports().collect::<Vec<_>>()[..] else { panic!("one import") };
    assert_eq!((import.stage, import.import), ("stage", "comonomer"));
    // a homopolymer imports nothing
    let alone =
        run(&chain, &[("monomer", vec![("ethylene", 1000.0)])], &[("comonomer", "0 %".into())]);
    assert_eq!(get(&alone, "stage.comonomer.moles").to_bits(), 0.0_f64.to_bits());
}

#[test]
fn two_ethylene_make_a_butene() {
    let text = "kind = \"react\"\nremainder = \"out\"\nset.conversion = \"50 %\"\nreactions.conversion = { equation = \"2 ethylene -> 1-butene\", key = \"ethylene\" }";
    let chain = one_stage(text, &["feed"], &["out"], None);
    let solved = run(&chain, &[("feed", vec![("ethylene", 8.0), ("nitrogen", 1.0)])], &[]);
    close(moles(&solved, "out", "ethylene"), 4.0, 1e-14);
    close(moles(&solved, "out", "1-butene"), 2.0, 1e-14);
    close(moles(&solved, "out", "nitrogen"), 1.0, 1e-14);
    close(get(&solved, "stage.out.mass"), get(&solved, "stage.feed.mass"), 1e-14);
}

#[test]
fn a_reactant_that_runs_out_is_named_and_can_be_imported() {
    let text = |import: &str| {
        format!(
            "kind = \"react\"\nremainder = \"out\"\nset.conversion = \"100 %\"\n{import}reactions.conversion = {{ equation = \"acetylene + 2 hydrogen -> ethane\", key = \"acetylene\" }}"
        )
    };
    let chain = one_stage(&text(""), &["feed"], &["out"], None);
    let mut values = chain.values();
    let mixed = Value::Composition(vec![("acetylene".into(), 0.5), ("hydrogen".into(), 0.5)]);
    chain.set(&mut values, "to_feed.composition", mixed).unwrap();
    assert_eq!(
        chain.solve(&values).unwrap_err().to_string(),
        "stage: flow of a reactant after its reactions, mol/s is -0.5; allowed: at least 0 (import the co-reactant, or convert less)"
    );
    let chain = one_stage(&text("imports.make_up = \"hydrogen\"\n"), &["feed"], &["out"], None);
    let solved = run(&chain, &[("feed", vec![("acetylene", 3.0)])], &[]);
    close(moles(&solved, "make_up", "hydrogen"), 6.0, 1e-14);
    close(moles(&solved, "out", "ethane"), 3.0, 1e-14);
}

// ---- the cracker

/// A yield set closed to its elements, worked out apart from the library (constrained least
/// squares in `NumPy`); mass per mass of feed.
struct Closed {
    feed: &'static str,
    set: &'static str,
    loss: f64,
    largest_shift: f64,
    made: &'static [(&'static str, f64)],
}

const CLOSED: &[Closed] = &[
    Closed {
        feed: "ethane",
        set: "ipcc",
        loss: 0.005_000,
        largest_shift: 0.001_533_718,
        made: &[
            ("ethylene", 0.801_562),
            ("propylene", 0.015_971),
            ("1,3-butadiene", 0.022_935),
            ("hydrogen", 0.061_534),
            ("methane", 0.061_100),
            ("1-butene", 0.005_989),
            ("pygas", 0.025_908),
        ],
    },
    Closed {
        feed: "propane",
        set: "ipcc",
        loss: 0.005_002,
        largest_shift: 0.003_415_062,
        made: &[
            ("ethylene", 0.461_908),
            ("propylene", 0.124_169),
            ("1,3-butadiene", 0.047_404),
            ("hydrogen", 0.017_221),
            ("methane", 0.270_415),
            ("1-butene", 0.011_920),
            ("pygas", 0.061_960),
        ],
    },
    Closed {
        feed: "n-butane",
        set: "ipcc",
        loss: 0.005_003,
        largest_shift: 0.003_902_288,
        made: &[
            ("ethylene", 0.438_203),
            ("propylene", 0.150_042),
            ("1,3-butadiene", 0.043_389),
            ("hydrogen", 0.016_749),
            ("methane", 0.207_902),
            ("1-butene", 0.032_791),
            ("pygas", 0.105_921),
        ],
    },
    Closed {
        feed: "propane",
        set: "patent_84",
        loss: 0.000_000,
        largest_shift: 0.000_819_241_1,
        made: &[
            ("hydrogen", 0.014_990),
            ("methane", 0.207_642),
            ("ethane", 0.030_370),
            ("ethylene", 0.324_319),
            ("acetylene", 0.001_504),
            ("propane", 0.160_000),
            ("propylene", 0.163_814),
            ("propyne", 0.003_309),
            ("1,3-butadiene", 0.019_451),
            ("1-butene", 0.015_339),
            ("n-butane", 0.001_203),
            ("benzene", 0.016_145),
            ("other gasoline", 0.030_883),
            ("fuel oil", 0.011_031),
        ],
    },
    Closed {
        feed: "propane",
        set: "patent_86",
        loss: 0.000_000,
        largest_shift: 0.000_429_768_5,
        made: &[
            ("hydrogen", 0.015_093),
            ("methane", 0.216_270),
            ("ethane", 0.031_376),
            ("ethylene", 0.337_402),
            ("acetylene", 0.003_207),
            ("propane", 0.140_000),
            ("propylene", 0.156_594),
            ("propyne", 0.003_506),
            ("1,3-butadiene", 0.020_728),
            ("1-butene", 0.014_609),
            ("n-butane", 0.001_000),
            ("benzene", 0.017_438),
            ("other gasoline", 0.031_752),
            ("fuel oil", 0.011_026),
        ],
    },
    Closed {
        feed: "propane",
        set: "patent_88",
        loss: 0.000_000,
        largest_shift: 0.000_940_585_3,
        made: &[
            ("hydrogen", 0.015_161),
            ("methane", 0.225_159),
            ("ethane", 0.032_457),
            ("ethylene", 0.349_469),
            ("acetylene", 0.004_928),
            ("propane", 0.120_000),
            ("propylene", 0.149_987),
            ("propyne", 0.003_716),
            ("1,3-butadiene", 0.021_982),
            ("1-butene", 0.013_927),
            ("n-butane", 0.000_800),
            ("benzene", 0.018_705),
            ("other gasoline", 0.032_641),
            ("fuel oil", 0.011_067),
        ],
    },
    Closed {
        feed: "propane",
        set: "patent_90",
        loss: 0.000_000,
        largest_shift: 0.001_386_983,
        made: &[
            ("hydrogen", 0.015_216),
            ("methane", 0.234_113),
            ("ethane", 0.033_539),
            ("ethylene", 0.361_418),
            ("acetylene", 0.006_654),
            ("propane", 0.100_000),
            ("propylene", 0.143_304),
            ("propyne", 0.003_925),
            ("1,3-butadiene", 0.023_225),
            ("1-butene", 0.013_338),
            ("n-butane", 0.000_700),
            ("benzene", 0.019_962),
            ("other gasoline", 0.033_510),
            ("fuel oil", 0.011_097),
        ],
    },
    Closed {
        feed: "propane",
        set: "patent_92",
        loss: 0.000_000,
        largest_shift: 0.001_727_947,
        made: &[
            ("hydrogen", 0.015_263),
            ("methane", 0.243_172),
            ("ethane", 0.034_539),
            ("ethylene", 0.373_499),
            ("acetylene", 0.008_293),
            ("propane", 0.080_000),
            ("propylene", 0.136_685),
            ("propyne", 0.004_136),
            ("1,3-butadiene", 0.024_486),
            ("1-butene", 0.012_654),
            ("n-butane", 0.000_501),
            ("benzene", 0.021_237),
            ("other gasoline", 0.034_402),
            ("fuel oil", 0.011_133),
        ],
    },
    Closed {
        feed: "ethane",
        set: "matar_hatch",
        loss: 0.000_000,
        largest_shift: 0.0,
        made: &[
            ("hydrogen", 0.059_756),
            ("methane", 0.070_244),
            ("ethylene", 0.800_000),
            ("propylene", 0.024_000),
            ("1,3-butadiene", 0.014_000),
            ("1-butene", 0.016_000),
            ("pygas", 0.016_000),
        ],
    },
    Closed {
        feed: "propane",
        set: "matar_hatch",
        loss: 0.000_000,
        largest_shift: 0.0,
        made: &[
            ("hydrogen", 0.019_454),
            ("methane", 0.260_546),
            ("ethylene", 0.450_000),
            ("propylene", 0.150_000),
            ("1,3-butadiene", 0.020_000),
            ("1-butene", 0.010_000),
            ("pygas", 0.090_000),
        ],
    },
    Closed {
        feed: "n-butane",
        set: "matar_hatch",
        loss: 0.000_000,
        largest_shift: 0.0,
        made: &[
            ("hydrogen", 0.015_207),
            ("methane", 0.224_793),
            ("ethylene", 0.370_000),
            ("propylene", 0.180_000),
            ("1,3-butadiene", 0.020_000),
            ("1-butene", 0.064_000),
            ("pygas", 0.126_000),
        ],
    },
    Closed {
        feed: "isobutane",
        set: "estimate",
        loss: 0.005_004,
        largest_shift: 0.004_720_653,
        made: &[
            ("hydrogen", 0.015_856),
            ("methane", 0.224_721),
            ("ethylene", 0.148_945),
            ("propylene", 0.248_241),
            ("1,3-butadiene", 0.019_690),
            ("1-butene", 0.198_593),
            ("pygas", 0.138_950),
        ],
    },
];

/// A cracker that cracks once and burns nothing, each feed by a set of the test's choice.
fn single_pass(yields: Option<&str>, sets: &[(&str, &str)], recycle: &str) -> Chain {
    let feeds: Vec<String> = sets.iter().map(|(feed, _)| format!("\"{feed}\"")).collect();
    let mut text = format!(
        "kind = \"crack\"\nyields = \"yields.csv\"\nfeeds = [{}]\n{recycle}remainder = \"all\"\n",
        feeds.join(", ")
    );
    for (feed, set) in sets {
        let feed = feed.replace('-', "_");
        writeln!(text, "set.yields_{feed} = \"{set}\"\nset.heat_{feed} = \"0 GJ/t\"").unwrap();
    }
    one_stage(&text, &["feed"], &["all", "flare", "burned"], yields)
}

/// The mass fraction that the shipped table prints for a product of a set.
fn printed(set: &str, feed: &str, product: &str) -> Option<f64> {
    let folder = gaschain::amur::folder();
    let mut reader = csv::Reader::from_reader(&folder.files["yields.csv"][..]);
    let rows = reader.records().map(Result::unwrap);
    rows.filter(|row| (&row[0], &row[1], &row[2]) == (set, feed, product))
        .map(|row| row[3].parse().unwrap())
        .next()
}

#[test]
fn yield_sets_close_as_an_independent_computation_does() {
    for closed in CLOSED {
        let chain = single_pass(None, &[(closed.feed, closed.set)], "");
        let solved = run(&chain, &[("feed", vec![(closed.feed, 100.0)])], &[]);
        let label = format!("{} of {}", closed.set, closed.feed);
        assert!(solved.worst_residual() <= RESIDUAL, "{label}");
        let fed = get(&solved, "stage.feed.mass");
        let mut largest: f64 = 0.0;
        let mut sum = 0.0;
        for (product, expected) in closed.made {
            let made = get(&solved, &format!("stage.all.mass.{product}")) / fed;
            assert!((made - expected).abs() < 6e-7, "{label}: {product} {made}, {expected}");
            sum += made;
            if let Some(printed) = printed(closed.set, closed.feed, product) {
                largest = largest.max((made - printed).abs());
            }
        }
        let flared = get(&solved, "stage.flare.mass") / fed;
        assert!((flared - closed.loss).abs() < 6e-7, "{label}: loss {flared}");
        close(sum + flared, 1.0, 1e-13);
        assert!((largest - closed.largest_shift).abs() < 1e-9, "{label}: {largest}");
        // nothing else is made
        let carbon_and_hydrogen = get(&solved, "stage.all.mass") / fed;
        close(carbon_and_hydrogen, sum, 1e-13);
    }
}

#[test]
fn hydrogen_and_methane_printed_as_one_are_split_so_that_hydrogen_closes() {
    let chain = single_pass(None, &[("ethane", "matar_hatch")], "");
    let solved = run(&chain, &[("feed", vec![("ethane", 100.0)])], &[]);
    let fed = get(&solved, "stage.feed.mass");
    let part = |product: &str| get(&solved, &format!("stage.all.mass.{product}")) / fed;
    // by hand from the printed yields: 0.13 of both together
    close(part("hydrogen"), 0.059_755_8, 1e-6);
    close(part("methane"), 0.070_244_2, 1e-6);
    close(part("hydrogen") + part("methane"), 0.13, 1e-12);
}

#[test]
fn sets_that_do_not_close_are_not_among_those_to_choose() {
    let chain = single_pass(None, &[("ethane", "ipcc")], "");
    let parameter = chain.parameters().iter().find(|p| p.address == "stage.yields_ethane").unwrap();
    let ParameterKind::Choice { allowed, refused } = &parameter.kind else { panic!("a choice") };
    assert_eq!(allowed, &["ipcc", "matar_hatch"]);
    let [(name, reason)] = &refused[..] else { panic!("one refused") };
    assert_eq!(name, "patent_60");
    let gaschain::fault::FaultKind::YieldSetRefused { shift, .. } = reason else {
        panic!("{reason}")
    };
    close(*shift, 0.064_038_2, 1e-5);
}

#[test]
fn a_mean_is_taken_of_closed_sets() {
    let recycle =
        "means = [{ feed = \"n-butane\", name = \"mean\", of = [\"ipcc\", \"matar_hatch\"] }]\n";
    let chain = single_pass(None, &[("n-butane", "mean")], recycle);
    let solved = run(&chain, &[("feed", vec![("n-butane", 100.0)])], &[]);
    let fed = get(&solved, "stage.feed.mass");
    for (product, expected) in [
        ("methane", 0.216_347),
        ("hydrogen", 0.015_978_2),
        ("ethylene", 0.404_102),
        ("propylene", 0.165_021),
        ("1-butene", 0.048_395_4),
    ] {
        close(get(&solved, &format!("stage.all.mass.{product}")) / fed, expected, 5e-6);
    }
    assert!(solved.worst_residual() <= RESIDUAL);
}

/// Recycle to extinction in closed form is what 200 passes add up to.
#[test]
fn recycle_to_extinction_is_the_sum_of_its_passes() {
    // ethane by 60 % a pass to ethylene and hydrogen; propane by a printed set, which makes ethane
    let (ethane, ethylene, hydrogen) = (molar_mass(2, 6), molar_mass(2, 4), molar_mass(0, 2));
    let folder = gaschain::amur::folder();
    let shipped = String::from_utf8(folder.files["yields.csv"].clone()).unwrap();
    let mut yields: String = shipped
        .lines()
        .filter(|line| line.starts_with("set,") || line.starts_with("patent_88,"))
        .flat_map(|line| [line, "\n"])
        .collect();
    for (product, fraction) in [
        ("ethane", 0.4),
        ("ethylene", 0.6 * ethylene / ethane),
        ("hydrogen", 0.6 * hydrogen / ethane),
    ] {
        writeln!(yields, "pass,ethane,{product},{fraction},per_pass,0.6,assumed,a test,").unwrap();
    }
    let sets = [("ethane", "pass"), ("propane", "patent_88")];
    let closed = single_pass(Some(&yields), &sets, "recycle = [\"ethane\", \"propane\"]\n");
    let once = single_pass(Some(&yields), &sets, "");
    let fresh = vec![("ethane", 70.0), ("propane", 30.0), ("methane", 5.0)];
    let extinct = run(&closed, &[("feed", fresh.clone())], &[]);

    let names: Vec<String> = once.slate().names().map(str::to_owned).collect();
    let mut made = vec![0.0; names.len()];
    let mut through = 0.0;
    let mut feed = fresh;
    for _ in 0..200 {
        let pass = run(&once, &[("feed", feed.clone())], &[]);
        let out = |name: &str| moles(&pass, "all", name);
        through += feed
            .iter()
            .filter(|(name, _)| *name != "methane")
            .map(|(name, flow)| {
                flow * molar_mass(
                    2 + u32::from(*name == "propane"),
                    if *name == "propane" { 8 } else { 6 },
                )
            })
            .sum::<f64>();
        for (sum, name) in made.iter_mut().zip(&names) {
            if name != "ethane" && name != "propane" {
                *sum += out(name);
            }
        }
        feed = vec![("ethane", out("ethane")), ("propane", out("propane"))];
    }
    assert!(feed.iter().all(|(_, flow)| *flow < 1e-70));
    for (name, sum) in names.iter().zip(&made) {
        let got = moles(&extinct, "all", name);
        assert!((got - sum).abs() <= 1e-13 * sum.max(1.0), "{name}: {got}, {sum}");
    }
    // and the furnaces carry every pass
    let through_closed: f64 = {
        // fresh propane is cracked 1/(1 - 0.12) times; ethane 1/(1 - 0.4), what propane makes too
        let propane = 30.0 * molar_mass(3, 8) / 0.88;
        let from_propane = propane * 0.032_456_955_681;
        propane + (70.0 * ethane + from_propane) / 0.6
    };
    close(through, through_closed, 1e-10);
}

#[test]
fn every_set_of_every_feed_conserves_with_recycle_and_hydrogenation() {
    let chain =
        one_stage(CRACKER, &["feed"], &["ethylene", "propylene", "rest", "flare", "burned"], None);
    for feed in ["ethane", "propane", "n-butane", "isobutane"] {
        let address = format!("stage.yields_{}", feed.replace('-', "_"));
        let parameter = chain.parameters().iter().find(|p| p.address == address).unwrap();
        let ParameterKind::Choice { allowed, .. } = &parameter.kind else { panic!("a choice") };
        for set in allowed {
            let short = address.strip_prefix("stage.").unwrap();
            let solved =
                run(&chain, &[("feed", vec![(feed, 100.0)])], &[(short, set.as_str().into())]);
            assert!(solved.worst_residual() <= RESIDUAL, "{set} of {feed}");
            for gone in ["acetylene", "propyne"] {
                assert_eq!(moles(&solved, "rest", gone).to_bits(), 0.0_f64.to_bits());
            }
        }
    }
}
