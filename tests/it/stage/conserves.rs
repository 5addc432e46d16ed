//! Every kind of stage conserves what it is fed, whatever that is.

use crate::support::compare::close;
use crate::support::one_stage::{molar_mass, one_stage, run};
use crate::support::seeds::config;
use crate::support::solved::{RESIDUAL, get};
use gaschain::chain::Folder;
use gaschain::species::Slate;
use gaschain::stage::{Kinds, Spec};
use proptest::prelude::*;

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
pub const CRACKER: &str = "kind = \"crack\"\nyields = \"yields.csv\"\n\
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
    let config = config(60);
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
    for kind in Kinds::shipped().names() {
        assert!(kind == "draw" || CASES.iter().any(|case| case.kind == kind), "{kind}");
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
    // where there is less, what needs it is held back until it does
    let mut case = chain.case();
    case.set("gas.flow", "1 mol/s").unwrap();
    let solved = case.solve().unwrap();
    assert_eq!(solved.inlet("to_feed").unwrap().stopped_by, ["stage.make_up_fuel"]);
    close(get(&solved, "tap.drawn.moles"), get(&solved, "gas.gas.moles"), 1e-11);
    close(get(&solved, "tap.drawn.moles"), get(&solved, "stage.make_up_fuel.moles"), 1e-11);
}

/// Streams of a bit of everything at each inlet.
fn fed<'n>(spec: &'n Spec, slate: &'n Slate) -> Vec<(&'n str, Vec<(&'n str, f64)>)> {
    let flows = |at: usize| {
        let flow = move |index: usize| 20.0 + ((7 * index + 3 * at) % 11) as f64;
        slate.names().enumerate().map(|(index, name)| (name, flow(index))).collect()
    };
    spec.inlets().iter().enumerate().map(|(at, name)| (name.as_str(), flows(at))).collect()
}

#[test]
fn every_kind_is_sound_over_all_its_settings() {
    for case in CASES {
        let chain = one_stage(case.text, case.inlets, case.outlets, None);
        let (_, spec) = chain.stages().find(|(address, _)| *address == "stage").unwrap();
        // heat is taken of what is known to give some
        let mut feeds = fed(spec, chain.slate());
        for (_, flows) in &mut feeds {
            flows.retain(|(name, _)| {
                let species = chain.slate().get(chain.slate().index(name).unwrap());
                species.net_heat_25().is_some()
            });
        }
        let checked = chain.check_stage("stage", feeds);
        checked.unwrap_or_else(|error| panic!("{}: {error}", case.kind));
    }
}

#[test]
fn every_stage_of_the_shipped_chain_is_sound_over_all_its_settings() {
    let chain = gaschain::amur::chain();
    for (address, spec) in chain.stages() {
        let gas = [("methane", 900.0), ("ethane", 60.0), ("propane", 20.0), ("helium", 2.0)];
        let olefins = [("ethylene", 500.0), ("propylene", 300.0), ("hydrogen", 90.0)];
        let feed: Vec<(&str, f64)> = gas.into_iter().chain(olefins).collect();
        // lines are tabulated for natural gas
        let feed = if spec.kind() == "pipeline" { gas.to_vec() } else { feed };
        let feeds = spec.inlets().iter().map(|name| (name.as_str(), feed.clone()));
        chain.check_stage(address, feeds).unwrap_or_else(|error| panic!("{address}: {error}"));
    }
}
