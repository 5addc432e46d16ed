//! Every shipped scenario answers, with numbers that independent arithmetic confirms.

use super::scenario;
use crate::support::solved::{first_stop, get};
use approx::assert_relative_eq;
use gaschain::Case;
use gaschain::amur;
use gaschain::param::ParameterKind;
use gaschain::quantity::{Dimension, Quantity};
use gaschain::solved::Solved;

/// What is made of a product, in its unit.
fn product(solved: &Solved, name: &str) -> f64 {
    solved.product(name).unwrap().value.expect("a product with a value")
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
    // sales gas by hand: `plant.rs`, `nitrogen_rejected_is_what_the_cold_box_takes_overhead`
    ("nitrogen_rejected", [18.725_10, 36.721_84, 60.0, 2.396_42, 2.268_61, 0.292_11], "gpp.feed"),
    ("ethane_only", [18.220_39, 38.0, 60.0, 2.367_95, 1.670_79, 0.031_63], "heihe.demand"),
    ("ethane_2_4", [18.556_27, 38.0, 60.0, 2.386_90, 2.3, 0.171_06], "heihe.demand"),
    ("lpg_first", [18.220_39, 38.0, 60.0, 2.367_95, 2.263_61, 0.289_87], "heihe.demand"),
    ("expansion_44", [18.725_10, 38.465_09, 60.0, 2.396_42, 2.268_61, 0.292_11], "gpp.feed"),
    ("expansion_44_bypass", [24.467_74, 44.0, 60.0, 2.404_91, 2.249_61, 0.284_37], "heihe.demand"),
];

#[test]
fn every_shipped_scenario_gives_what_an_independent_program_gives() {
    let names: Vec<&str> = amur::scenario_names().collect();
    // these two have tests of their own
    let own = ["hydraulic", "own_fuel"];
    let counted: Vec<&str> = names.into_iter().filter(|name| !own.contains(name)).collect();
    assert_eq!(counted, INDEPENDENT.map(|(name, ..)| name));
    for (name, [kovykta, sales, helium, ethane, polyethylene, polypropylene], stop) in INDEPENDENT {
        let solved = scenario(name);
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
        assert_eq!(first_stop(&solved, "kovykta"), stop, "{name}");
        assert!(solved.inlet("chayanda").expect("a supply").stopped_by.is_fully_drawn());
        assert!(solved.worst_residual() <= 1e-12, "{name}: {}", solved.worst_residual());
        assert!(solved.warnings().is_empty(), "{name}: {:?}", solved.warnings());
    }
    // to nine digits, where the second program was asked for them
    let solved = scenario("nameplate");
    assert_relative_eq!(product(&solved, "ethylene"), 2.171_934_457_5, max_relative = 1e-9);
    assert_relative_eq!(product(&solved, "propylene"), 0.292_769_416_86, max_relative = 1e-9);
    assert_relative_eq!(product(&solved, "c5-c6"), 0.279_919_505_4, max_relative = 1e-9);
}

#[test]
fn what_a_plant_refuses_goes_where_the_chain_sends_it() {
    let solved = scenario("gcc_off");
    // its availability is a factor of both
    let stops = ["gcc.furnaces", "gcc.crack.ethylene"];
    assert_eq!(solved.inlet("gcc.ethane").unwrap().stopped_by, stops);
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
    let solved = scenario("helium_off");
    let moles = |port: &str| solved.get(&format!("{port}.moles.helium")).unwrap().unwrap();
    let gone = moles("gpp.burned") + moles("heihe.sales_gas");
    assert_relative_eq!(moles("gpp.feed"), gone, max_relative = 1e-12);
}

#[test]
fn scaling_every_supply_and_capacity_changes_nothing_relative() {
    let chain = amur::chain();
    // friction grows with the square of the flow: a line by its pressures does not scale
    for name in amur::scenario_names().filter(|name| *name != "hydraulic") {
        let mut case = chain.case();
        case.apply(&amur::scenario(name).unwrap()).unwrap();
        let base = case.solve().unwrap();
        for factor in [1e-6, 1e6] {
            let mut scaled = case.clone();
            scale_flows(&mut scaled, factor);
            let solved = scaled.solve().unwrap();
            for (one, other) in base.links().zip(solved.links()) {
                let whole = one.stream.mol_per_s();
                // a surplus is a small difference of two large flows, and rounding of the scaled
                // numbers counts in those: it is judged by what was offered
                let accepted = one.from.and_then(|port| port.strip_suffix(".surplus"));
                let accepted = accepted.and_then(|port| base.stream(port).ok());
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
fn scale_flows(case: &mut Case, factor: f64) {
    for parameter in case.chain().clone().parameters() {
        let ParameterKind::Number { unit, .. } = parameter.kind else { continue };
        let is_flow = matches!(unit.dimension(), Dimension::MolarFlow | Dimension::MassFlow);
        if !is_flow {
            continue;
        }
        if let Some(flow) = case.get(&parameter.address).expect("a number") {
            let scaled = Quantity::new(flow * factor, unit);
            case.set(&parameter.address, scaled).expect("a flow");
        }
    }
}

#[test]
fn the_crackers_fuel_drawn_from_sales_gas_is_met_and_counts_at_the_border() {
    let bought = scenario("nameplate");
    let drawn = scenario("own_fuel");
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
