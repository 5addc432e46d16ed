//! Values in chain files mean what they say: reference conditions count, unknown is no capacity,
//! compositions are divided by a sum that is nearly one.

use crate::support::compare::close;
use crate::support::folders::{CHAIN, changed, good};
use crate::support::solved::get;

#[test]
fn reference_conditions_in_files_count() {
    // the same number of cubic metres is more gas when they are counted cold
    for (unit, ratio) in [
        ("bcm/yr @ 0 degC", 293.15 / 273.15),
        ("bcm/yr @ 15 degC", 293.15 / 288.15),
        ("bcm/yr @ 20 degC", 1.0),
        ("million m3/yr", 1e-3),
    ] {
        let from = "set.flow = \"1 bcm/yr\"";
        let chain =
            changed(good(), CHAIN, from, &format!("set.flow = \"1 {unit}\"")).chain().unwrap();
        let solved = chain.case().solve().unwrap();
        close(get(&solved, "purchase.offered"), ratio, 1e-9);
    }
}

#[test]
fn unknown_removes_a_capacity() {
    let folder = changed(
        good(),
        CHAIN,
        "at_most = \"6.5 bcm/yr\"",
        "at_most = \"unknown\"\nunit = \"bcm/yr\"",
    );
    let chain = folder.chain().unwrap();
    let solved = chain.case().solve().unwrap();
    let limit = solved.limit("city.demand").unwrap();
    assert_eq!((limit.capacity, limit.utilisation, limit.margin), (None, None, None));
    assert!(limit.load.is_some() && !limit.broken);
    assert!(solved.inlet("purchase").unwrap().stopped_by.is_fully_drawn());
}

#[test]
fn a_composition_within_a_millionth_is_divided_by_its_sum() {
    for (methane, sum) in [(0.980_000_9, 1.000_000_9), (0.979_999_1, 0.999_999_1)] {
        let folder = changed(good(), CHAIN, "methane = \"98 %\"", &format!("methane = {methane}"));
        let chain = folder.chain().unwrap();
        let solved = chain.case().solve().unwrap();
        close(get(&solved, "purchase.gas.mole_fraction.nitrogen"), 0.02 / sum, 1e-9);
        close(get(&solved, "purchase.offered"), 1.0, 1e-9);
    }
    let folder = changed(good(), CHAIN, "methane = \"98 %\"", "methane = 0.980002");
    assert!(folder.chain().is_err());
}
