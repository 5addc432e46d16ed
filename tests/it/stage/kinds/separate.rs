//! A recovery is a share of its species.

use crate::support::compare::close;
use crate::support::one_stage::{moles, one_stage, run};
use crate::support::solved::get;

#[test]
fn separate_by_recovery() {
    let text = "kind = \"separate\"\nremainder = \"rest\"\nset.ethane = \"96 %\"\nrecover.ethane = { species = [\"ethane\"], to = \"ethane\" }";
    let chain = one_stage(text, &["feed"], &["ethane", "rest"], None);
    let feed = vec![("methane", 90.0), ("ethane", 5.0), ("propane", 5.0)];
    let solved = run(&chain, &[("feed", feed)], &[]);
    close(moles(&solved, "ethane", "ethane"), 4.8, 1e-14);
    close(moles(&solved, "rest", "ethane"), 0.2, 1e-13);
    close(moles(&solved, "rest", "propane"), 5.0, 1e-14);
    close(get(&solved, "stage.ethane.mole_fraction.ethane"), 1.0, 1e-15);
}
