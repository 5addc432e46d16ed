//! A chain that has nothing to do with the shipped one, from files only: that of `off_gas/`.

use crate::support::folders::beside_the_tests;
use crate::support::solved::get;
use gaschain::chain::Chain;
use gaschain::scenario::{Reading, Scenario};
use gaschain::solved::Solved;

fn off_gas() -> Chain {
    Chain::read(beside_the_tests("chain/file/off_gas")).unwrap()
}

/// A number worked out apart from the library, given to ten digits.
fn by_hand(solved: &Solved, address: &str, expected: f64) {
    let got = get(solved, address);
    assert!((got / expected - 1.0).abs() < 2e-9, "{address}: {got}, by hand {expected}");
}

/// A refinery's off-gas from files only. The numbers were worked out apart from the library with
/// the molar masses and heats of ISO 6976: feed masses, the cold box's share of the mass, the
/// recoveries, the furnaces' share of the net heat at 25 degC, and, by bisection, the share of
/// the second gas at which the grid takes its 250 MW.
#[test]
fn an_off_gas_chain_is_built_from_files_only() {
    let chain = off_gas();
    let mut case = chain.case();
    case.set("grid.demand", "unknown").unwrap();
    let all = case.solve().unwrap();
    assert!(all.inlet("cat_cracker").unwrap().stopped_by.is_fully_drawn());
    assert!(all.inlet("reformer").unwrap().stopped_by.is_fully_drawn());
    assert_eq!(all.inlet("cold_box.gas").unwrap().stopped_by, ["cold_box.compressors"]);
    by_hand(&all, "mix_in.out.mass", 0.641_033_263_08);
    assert!((all.accepted_fraction("cold_box.gas").unwrap() - 0.686_391_838_53).abs() < 1e-10);
    by_hand(&all, "swing.hydrogen.mass", 0.018_974_953_928_2);
    by_hand(&all, "cold_box.ethylene.mass", 0.062_311_695_003_6);
    by_hand(&all, "lpg_sales.lpg.mass", 0.094_944_020_472_6);
    by_hand(&all, "furnaces.burned.moles", 234.346_890_512);
    by_hand(&all, "grid.demand.load", 439.881_258_898);
    by_hand(&all, "grid.gas_sold.mole_fraction.hydrogen", 0.256_692_306_453);
    // too much hydrogen is reported, and stops nothing until told to
    assert!(all.limit("grid.hydrogen").unwrap().broken);
    assert!(all.warnings().iter().any(|warning| warning.starts_with("grid.hydrogen is broken: ")));

    // the grid takes 250 MW: the reformer's gas is stopped where loads bend twice
    let held = chain.case().solve().unwrap();
    assert!(held.inlet("cat_cracker").unwrap().stopped_by.is_fully_drawn());
    assert_eq!(held.inlet("reformer").unwrap().stopped_by, ["grid.demand"]);
    assert!((held.accepted_fraction("reformer").unwrap() - 0.185_578_292_364_2).abs() < 1e-11);
    by_hand(&held, "cold_box.ethylene.mass", 0.078_596_270_965_3);
    by_hand(&held, "swing.hydrogen.mass", 0.010_174_629_515_5);
    by_hand(&held, "furnaces.burned.moles", 226.478_459_970);
    assert!(held.worst_residual() < 1e-13);

    // what is burned covers the duty
    by_hand(&held, "furnaces.burned.energy", 180e6 * 365.0 * 86_400.0 / 1e15);
    assert_eq!(
        held.products().map(|p| p.product.name.as_str()).collect::<Vec<_>>(),
        ["hydrogen", "ethylene", "lpg", "gas sold"]
    );
}

#[test]
fn an_off_gas_scenario_file_runs_on_its_folder() {
    let text = format!(
        "name = \"one compressor\"\nchain = \"{}\"\n[set]\n\"cold_box.machines\" = 1\n\"bypass.open\" = false\n",
        "off_gas"
    );
    let scenario = Scenario::parse(&text, "one.toml", Reading::default()).unwrap();
    let chain = scenario.open_chain(Some(&beside_the_tests("chain/file"))).unwrap();
    let solved = chain.case().apply(&scenario).unwrap().solve().unwrap();
    // with the way round closed, the cold box stops the supplies themselves
    assert_eq!(solved.inlet("cat_cracker").unwrap().stopped_by, ["cold_box.compressors"]);
    assert!(solved.accepted_fraction("reformer").unwrap() <= 1e-12);
    assert!(
        (solved.accepted_fraction("cat_cracker").unwrap() - 220.0 / 477.951_372_386_9).abs()
            < 1e-11
    );
    assert_eq!(get(&solved, "cold_box.gas.surplus.moles").to_bits(), 0.0_f64.to_bits());
}
