//! Yields between the conversions they are tabulated at.

use crate::support::one_stage::{one_stage_fed, only, showing};
use crate::support::seeds::config;
use crate::support::solved::get;
use crate::support::solved::{RESIDUAL, solve_to_rounding};
use gaschain::amur;
use gaschain::chain::Chain;
use gaschain::param::ParameterKind;
use proptest::prelude::*;

/// kg/mol of propane, from the atomic masses of ISO 6976:2016.
pub const PROPANE: f64 = 3.0 * 0.012_010_7 + 8.0 * 0.001_007_94;

/// Megatonnes a year of a kilogram a second.
pub const MEGATONNES: f64 = 365.0 * 86_400.0 / 1e9;

/// A cracker of ethane and propane, the latter between the sets of the patent.
pub fn cracker(recycle: &str, states: &[&str]) -> Chain {
    let stage = format!(
        "kind = \"crack\"\nyields = \"yields.csv\"\nfeeds = [\"ethane\", \"propane\"]\n{recycle}\n\
         remainder = \"all\"\nset.yields_ethane = \"ipcc\"\nset.yields_propane = \"patent\"\n\
         set.heat_ethane = \"14.1 GJ/t\"\nset.heat_propane = \"11.4 GJ/t\""
    );
    let stage = showing(&stage, states);
    one_stage_fed("100 mol/s", &stage, &["feed"], &["all", "flare", "burned"], None)
}

/// What [`cracker`] cracks until nothing is left.
pub const RECYCLE: &str = "recycle = [\"ethane\", \"propane\"]";

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
    assert_eq!(chain.case().get("stage.conversion_propane").unwrap(), Some(88.0));
    assert!(conversion.about.ends_with("does nothing where they are a single set"));
    // ethane has single sets only
    assert!(chain.parameters().iter().all(|p| p.address != "stage.conversion_ethane"));
    let faults = chain.case().set("stage.conversion_propane", "93 %").unwrap_err();
    assert_eq!(
        faults.to_string(),
        "stage.conversion_propane: 93 % is outside the allowed range 84 % to 92 %"
    );
}

proptest! {
    #![proptest_config(config(60))]

    /// Between closed sets everything is closed, and what a pass leaves is 1 - conversion.
    #[test]
    fn every_conversion_closes(conversion in 0.84_f64..=0.92) {
        for recycle in ["", RECYCLE] {
            let chain = cracker(recycle, &[]);
            let (feed, propane) = only("feed", "propane");
            let set = [(feed.as_str(), propane), ("stage.conversion_propane", conversion.into())];
            let solved = solve_to_rounding(&chain, &set);
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
        solve_to_rounding(&chain, &set).stream("stage.all").unwrap().flows.to_vec()
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
