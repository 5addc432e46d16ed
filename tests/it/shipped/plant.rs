//! The shipped gas processing plant: what each of its parts does with the gas, against arithmetic
//! by hand. Volumes in bcm/yr at 20 degC.

use super::with;
use crate::support::solved::get;
use approx::assert_relative_eq;
use gaschain::amur;
use gaschain::solved::Solved;

/// What leaves and what is burned of the plant, and what of it goes on.
const OUTLETS: [&str; 10] = [
    "residue",
    "ethane",
    "propane",
    "butanes",
    "c5_c6",
    "helium",
    "vent",
    "carbon_dioxide",
    "burned",
    "recompression_burned",
];

/// Mass of one species at an outlet of the plant, Mt/yr.
fn mass(solved: &Solved, outlet: &str, species: &str) -> f64 {
    get(solved, &format!("gpp.{outlet}.mass.{species}"))
}

#[test]
fn nitrogen_rejected_is_what_the_cold_box_takes_overhead() {
    let scenario = amur::scenario("nitrogen_rejected").unwrap();
    let chain = amur::chain();
    let solved = chain.case().apply(&scenario).unwrap().solve().unwrap();
    // the feed is what six trains take, 42; of it 25 of Chayanda gas less what the membrane
    // returns, the rest Kovykta gas, both less what the lines burn by length
    let kovykta = get(&solved, "kovykta.accepted");
    let (line, trunk) = (1.0 - 0.0146 * 0.8035, 1.0 - 0.0146 * 1.99);
    let fed = |chayanda: f64, returned: f64, from_kovykta: f64| {
        (25.0 * chayanda * (1.0 - returned) + kovykta * from_kovykta * line) * trunk
    };
    let (methane, nitrogen, helium) =
        (fed(0.855, 0.005, 0.914), fed(0.0695, 0.008, 0.0186), fed(0.005, 0.88, 0.0028));
    // the helium units take 0.06 of helium, recovered by 95 %; the other gas goes on untreated
    let treated = 0.06 / 0.95 / helium;
    assert!(treated < 1.0);
    // nine tenths of the overhead: all nitrogen of the treated gas, and 0.1 % of its methane
    let vent = 0.9 * treated * (nitrogen + 0.001 * methane);
    assert_relative_eq!(get(&solved, "gpp.vent.volume"), vent, max_relative = 1e-9);
    // without it the same feed gives 38.46509 (expansion_44); 2.7 % of what is left is burned
    let sales = 38.465_09 - vent * (1.0 - 0.027);
    assert_relative_eq!(get(&solved, "heihe.sales_gas.volume"), sales, max_relative = 1e-6);
}

#[test]
fn what_is_not_rejected_is_returned() {
    for rejected in [0.0, 0.5, 1.0] {
        let solved = with(&[("gpp.nitrogen.rejected", rejected.into())]);
        let overhead = get(&solved, "gpp.helium.nitrogen.volume");
        assert!(overhead > 1.9);
        assert_relative_eq!(get(&solved, "gpp.vent.volume"), rejected * overhead, epsilon = 1e-12);
        let returned = get(&solved, "gpp.nitrogen.returned.volume");
        assert_relative_eq!(returned, (1.0 - rejected) * overhead, epsilon = 1e-12);
    }
    // with none rejected the slip is of no consequence; with all, it is lost
    let sales = |slip: &str, rejected: f64| {
        let set = [
            ("gpp.helium.methane_slip", slip.into()),
            ("gpp.nitrogen.rejected", rejected.into()),
            ("heihe.demand", "unknown".into()),
        ];
        get(&with(&set), "heihe.sales_gas.volume")
    };
    assert_relative_eq!(sales("0 %", 0.0), sales("1 %", 0.0), max_relative = 1e-12);
    assert!(sales("0 %", 1.0) - sales("1 %", 1.0) > 0.3);
}

#[test]
fn helium_may_hold_some_nitrogen() {
    let solved = with(&[("gpp.helium.impurity", "0.01 %".into())]);
    let overhead = get(&solved, "gpp.helium.cold_box.overhead.moles.nitrogen");
    let product = get(&solved, "gpp.helium.product.moles.nitrogen");
    assert_relative_eq!(product, 1e-4 * overhead, max_relative = 1e-12);
    // the units are good for so much helium, whatever is in it
    assert_relative_eq!(get(&solved, "gpp.helium.units.load"), 60.0, max_relative = 1e-9);
}

#[test]
fn an_impure_product_holds_what_the_next_one_lacks() {
    let pure = with(&[("heihe.demand", "unknown".into())]);
    for (parameter, species, from, to) in [
        ("ngl.methane_in_ethane", "methane", "residue", "ethane"),
        ("deethanizer.ethane_in_propane", "ethane", "ethane", "propane"),
        ("depropanizer.propane_in_butanes", "propane", "propane", "butanes"),
        ("debutanizer.c5_in_butanes", "n-pentane", "c5_c6", "butanes"),
    ] {
        let address = format!("gpp.{parameter}");
        let solved = with(&[(&address, "1 %".into()), ("heihe.demand", "unknown".into())]);
        assert!(mass(&pure, to, species) < 1e-12, "{parameter}");
        // of methane the share is one of the feed's, elsewhere one of the product's
        let whole = match species {
            "methane" => get(&solved, "gpp.feed.mass.methane"),
            _ => mass(&pure, from, species),
        };
        let moved = 0.01 * whole;
        assert_relative_eq!(mass(&solved, to, species), moved, max_relative = 1e-9);
        let lacking = OUTLETS.iter().map(|outlet| mass(&pure, outlet, species)).sum::<f64>()
            - OUTLETS
                .iter()
                .filter(|outlet| **outlet != to)
                .map(|outlet| mass(&solved, outlet, species))
                .sum::<f64>();
        assert_relative_eq!(lacking, moved, max_relative = 1e-9);
    }
}

#[test]
fn carbon_dioxide_removed_leaves_by_its_own_outlet() {
    let none = with(&[]);
    assert!(get(&none, "gpp.carbon_dioxide.moles") == 0.0);
    let solved = with(&[("gpp.treating.removed", "90 %".into())]);
    let fed = get(&solved, "gpp.feed.moles.carbon dioxide");
    let removed = get(&solved, "gpp.carbon_dioxide.moles");
    assert_relative_eq!(removed, 0.9 * fed, max_relative = 1e-12);
}

#[test]
fn a_feed_below_turndown_is_reported_and_stops_nothing() {
    let solved =
        with(&[("kovykta.flow", "0 bcm/yr".into()), ("chayanda.flow", "20 bcm/yr".into())]);
    let limit = solved.limit("gpp.least_feed").unwrap();
    assert_relative_eq!(limit.capacity.unwrap(), 6.0 * 7.0 * 0.5, max_relative = 1e-12);
    assert!(limit.broken && limit.stops.is_empty(), "{limit:?}");
    assert!(solved.inlet("chayanda").unwrap().stopped_by.is_fully_drawn());
    // with three trains in service it is enough
    let fewer = with(&[
        ("kovykta.flow", "0 bcm/yr".into()),
        ("chayanda.flow", "20 bcm/yr".into()),
        ("gpp.trains", 3.0.into()),
    ]);
    assert!(!fewer.limit("gpp.least_feed").unwrap().broken);
}

#[test]
fn fuel_by_share_and_by_duty_stand_side_by_side() {
    // the feed of the design: the demands are derived from it
    let design =
        |mode: &str| with(&[("heihe.demand", "unknown".into()), ("gpp.fuel.mode", mode.into())]);
    for mode in ["share", "duty"] {
        let solved = design(mode);
        assert_relative_eq!(get(&solved, "gpp.feed.load"), 42.0, max_relative = 1e-9);
        // GPP-17: 12 x 32 MW; GPP-19: 249 Gcal/h of 4.1868 GJ
        assert_relative_eq!(get(&solved, "gpp.fuel.power.load"), 384.0, max_relative = 2e-3);
        let heat = 249.0 * 4.1868 / 3.6;
        assert_relative_eq!(get(&solved, "gpp.fuel.heat.load"), heat, max_relative = 2e-3);
        let (share, duty) =
            (get(&solved, "gpp.fuel.fuel_share.load"), get(&solved, "gpp.fuel.duty_share.load"));
        assert_relative_eq!(share, if mode == "share" { 2.7 } else { duty }, max_relative = 1e-12);
        // what is burned holds what heat and power take, PJ/yr of 365 days
        let taken = (heat / 0.9 + 384.0 / 0.36) * 365.0 * 86_400.0 * 1e-9;
        let burned = get(&solved, "gpp.burned.energy");
        assert_relative_eq!(burned * duty / share, taken, max_relative = 2e-3);
    }
}
