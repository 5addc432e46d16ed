//! What a cracker states of its passes and of its heat, against sums and tabulated heats.

use super::conversions::{MEGATONNES, PROPANE, RECYCLE, cracker};
use crate::support::one_stage::{one_stage_fed, only, showing};
use crate::support::solved::{get, load, solve_to_rounding};
use approx::assert_relative_eq;

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
    let solved =
        solve_to_rounding(&chain, &[(&feed, propane), ("stage.conversion_propane", "85 %".into())]);
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
    // gross heat of all that leaves less that of propane, 2219.17 kJ/mol (ISO 6976:2016)
    let outlets = ["all", "flare", "burned"];
    let heat = |outlet| get(&solved, &format!("stage.{outlet}.energy_gross [MW]"));
    let made: f64 = outlets.into_iter().map(heat).sum();
    assert_relative_eq!(load("reaction_heat").unwrap(), made - 221.917, max_relative = 1e-9);
}

#[test]
fn a_pass_to_what_has_no_known_heat_states_none() {
    let yields = "set,feed,product,mass_fraction,basis,conversion,evidence\n\
        pass,ethane,ethane,0.4,per_pass,0.6,assumed\n\
        pass,ethane,ethylene,0.5,per_pass,0.6,assumed\n\
        pass,ethane,residue,0.0555,per_pass,0.6,assumed\n\
        pass,ethane,hydrogen,0.0445,per_pass,0.6,assumed\n";
    let stage = "kind = \"crack\"\nyields = \"yields.csv\"\nfeeds = [\"ethane\"]\n\
        recycle = [\"ethane\"]\nremainder = \"all\"\nset.yields_ethane = \"pass\"\n\
        set.heat_ethane = \"14.1 GJ/t\"";
    let stage = showing(stage, &["reaction_heat"]);
    let outlets = ["all", "flare", "burned"];
    let chain = one_stage_fed("100 mol/s", &stage, &["feed"], &outlets, Some(yields));
    let (feed, ethane) = only("feed", "ethane");
    let solved = solve_to_rounding(&chain, &[(&feed, ethane)]);
    assert_eq!(load(&solved, "stage.reaction_heat"), None);
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
    let chain = one_stage_fed(
        "100 mol/s",
        &showing(stage, &["reaction_heat"]),
        &["feed"],
        &outlets,
        Some(yields),
    );
    let (feed, ethane) = only("feed", "ethane");
    let solved = solve_to_rounding(&chain, &[(&feed, ethane)]);
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
fn streams_that_join_the_separation_are_not_cracked() {
    let stage = "kind = \"crack\"\njoining = [\"other\"]\nyields = \"yields.csv\"\nfeeds = [\"ethane\"]\n\
        recycle = [\"ethane\"]\nremainder = \"all\"\nset.yields_ethane = \"ipcc\"\n\
        set.heat_ethane = \"0 GJ/t\"";
    let outlets = ["all", "flare", "burned"];
    let chain = one_stage_fed(
        "100 mol/s",
        &showing(stage, &["furnace_load"]),
        &["feed", "other"],
        &outlets,
        None,
    );
    let (feed, ethane) = only("feed", "ethane");
    let (other, _) = only("other", "ethane");
    let solved = solve_to_rounding(&chain, &[(&feed, ethane.clone()), (&other, ethane)]);
    assert_relative_eq!(get(&solved, "stage.all.moles.ethane"), 100.0, max_relative = 1e-14);
    let fresh = get(&solved, "stage.feed.mass");
    assert_relative_eq!(load(&solved, "stage.furnace_load").unwrap(), fresh, max_relative = 1e-12);
}
