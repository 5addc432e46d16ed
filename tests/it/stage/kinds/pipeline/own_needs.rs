//! A line by its own needs burns them, whatever its gas.

use crate::support::compare::close;
use crate::support::one_stage::{one_stage, run};
use crate::support::solved::get;

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
