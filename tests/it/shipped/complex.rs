//! The shipped chemical complex: furnaces and their fuel, polymer lines, ways to more propylene.

use crate::support::solved::{get, load, solve_to_rounding};
use approx::assert_relative_eq;
use gaschain::amur;
use gaschain::solved::Solved;

#[test]
fn hydrogen_that_is_not_burned_is_sold_and_methane_imported_for_it() {
    let chain = amur::chain();
    // ethane alone makes less methane than its furnaces burn
    let with = |burn: bool| {
        solve_to_rounding(
            chain,
            &[("gcc.furnaces", "1.8 Mt/yr".into()), ("gcc.crack.burn_hydrogen", burn.into())],
        )
    };
    let (burned, sold) = (with(true), with(false));
    assert_eq!(burned.inlet("gcc.ethane").unwrap().stopped_by, ["gcc.furnaces"]);
    let hydrogen = |solved: &Solved| get(solved, "gcc.hydrogen.mass");
    let imported = |solved: &Solved| get(solved, "gcc.crack.make_up_fuel.energy");
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
fn a_line_of_the_shipped_plant_can_be_what_stops_the_complex() {
    let chain = amur::chain();
    let base = solve_to_rounding(chain, &[]);
    let polyethylene = get(&base, "gcc.polyethylene.mass");
    let gas_phase = load(&base, "gcc.pe.gas_phase").unwrap();
    // three lines of four, as if all were of one size
    assert_relative_eq!(gas_phase, 0.75 * polyethylene, max_relative = 1e-12);
    let small = solve_to_rounding(chain, &[("gcc.pe.slurry", "0.5 Mt/yr".into())]);
    assert_relative_eq!(get(&small, "gcc.polyethylene.mass"), 2.0, max_relative = 1e-9);
    let stopped = ["gcc.ethane", "gcc.propane", "gcc.butanes"]
        .iter()
        .any(|inlet| small.inlet(inlet).unwrap().stopped_by == ["gcc.pe.slurry"]);
    assert!(stopped);
}

#[test]
fn both_ways_to_propylene_are_shut_and_work_when_open() {
    let chain = amur::chain();
    let shut = solve_to_rounding(chain, &[]);
    assert_eq!(get(&shut, "gcc.pdh.effluent.moles").to_bits(), 0.0_f64.to_bits());
    let cracked = get(&shut, "gcc.crack.propylene.moles");
    assert_eq!(get(&shut, "gcc.metathesis.propylene.moles").to_bits(), cracked.to_bits());
    assert_eq!(get(&shut, "gcc.metathesis.butene.moles").to_bits(), 0.0_f64.to_bits());
    for own_butene_only in [false, true] {
        let open = solve_to_rounding(
            chain,
            &[
                ("gcc.pdh.share", "80 %".into()),
                ("gcc.metathesis.share", "5 %".into()),
                ("gcc.metathesis.import_butene", (!own_butene_only).into()),
            ],
        );
        let propylene = |solved: &Solved| get(solved, "gcc.metathesis.propylene.mass");
        let ethylene = |solved: &Solved| get(solved, "gcc.metathesis.ethylene.mass");
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
