//! Reactions by conversion, in parallel, of a share of the feed, with a co-reactant that may run
//! out.

use crate::support::compare::close;
use crate::support::one_stage::{moles, one_stage, one_stage_fed, only, run};
use crate::support::solved::{get, solve_to_rounding};
use approx::assert_relative_eq;
use gaschain::param::Value;

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
    let mut case = chain.case();
    let mixed = Value::Composition(vec![("acetylene".into(), 0.5), ("hydrogen".into(), 0.5)]);
    case.set("to_feed.composition", mixed).unwrap();
    assert_eq!(
        case.solve().unwrap_err().to_string(),
        "stage: flow of a reactant after its reactions, mol/s is -0.5; allowed: at least 0 (import the co-reactant, or convert less)"
    );
    let chain = one_stage(&text("imports.make_up = \"hydrogen\"\n"), &["feed"], &["out"], None);
    let solved = run(&chain, &[("feed", vec![("acetylene", 3.0)])], &[]);
    close(moles(&solved, "make_up", "hydrogen"), 6.0, 1e-14);
    close(moles(&solved, "out", "ethane"), 3.0, 1e-14);
}

#[test]
fn a_reactor_treats_a_share_by_parallel_equations() {
    let stage = "kind = \"react\"\ntreated = \"share\"\nremainder = \"out\"\n\
        reactions.conversion = { equation = \"propane -> methane + ethylene\", key = \"propane\" }\n\
        parallel.conversion.selectivity = \"propane -> propylene + hydrogen\"\n\
        set.share = \"50 %\"\nset.conversion = \"40 %\"\nset.selectivity = \"90 %\"";
    let chain = one_stage_fed("100 mol/s", stage, &["feed"], &["out"], None);
    let (feed, propane) = only("feed", "propane");
    let solved = solve_to_rounding(&chain, &[(&feed, propane)]);
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
    let chain = one_stage_fed("100 mol/s", stage, &["light", "c4"], &["out"], None);
    let (light, ethylene) = only("light", "ethylene");
    let (c4, butene) = only("c4", "1-butene");
    let with = |butenes: &str, import: bool| {
        let set = [
            (light.as_str(), ethylene.clone()),
            (c4.as_str(), butene.clone()),
            ("to_c4.flow", butenes.into()),
            ("stage.import_butene", import.into()),
        ];
        let solved = solve_to_rounding(&chain, &set);
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
fn a_reactant_that_is_short_only_where_openings_are_tried_fails_nothing() {
    let stage = "kind = \"react\"\ninlets = [\"poor\", \"rich\"]\nremainder = \"out\"\nset.conversion = \"100 %\"\n\
        reactions.conversion = { equation = \"acetylene + 2 hydrogen -> ethane\", key = \"acetylene\" }\n\
        limits.size = { at = \"out\", of = \"moles\", at_most = \"4 mol/s\" }";
    let chain = one_stage(stage, &["poor", "rich"], &["out"], None);
    let poor = ("poor", vec![("acetylene", 1.0), ("hydrogen", 1.0)]);
    // alone the poor gas lacks hydrogen: with what the rich one brings there is enough
    let solved = run(&chain, &[poor.clone(), ("rich", vec![("hydrogen", 8.0)])], &[]);
    close(solved.accepted_fraction("to_poor").unwrap(), 1.0, 1e-15);
    close(solved.accepted_fraction("to_rich").unwrap(), 0.5, 1e-12);
    close(moles(&solved, "out", "hydrogen"), 3.0, 1e-12);
}
