//! Polymer lines take their monomers by mass, and share them.

use crate::support::compare::close;
use crate::support::one_stage::{one_stage, one_stage_fed, only, run, showing};
use crate::support::solved::{get, load, solve_to_rounding};
use approx::assert_relative_eq;

#[test]
fn polymer_takes_its_monomers_by_mass() {
    let text = "kind = \"polymerise\"\nmonomer = \"ethylene\"\nunit = \"ethylene unit\"\n\
                comonomer = { species = \"1-butene\", unit = \"1-butene unit\" }\nset.monomer_use = 1.01\nset.comonomer = \"5 %\"";
    let chain = one_stage(text, &["monomer"], &["polymer", "purge"], None);
    let solved = run(&chain, &[("monomer", vec![("ethylene", 1000.0)])], &[]);
    let polymer = get(&solved, "stage.polymer.mass");
    let monomers = get(&solved, "stage.monomer.mass") + get(&solved, "stage.comonomer.mass");
    // 1.01 t of monomers a tonne of polymer, a twentieth of it from the comonomer
    close(monomers / polymer, 1.01, 1e-13);
    close(get(&solved, "stage.polymer.mass_fraction.1-butene unit"), 0.05, 1e-13);
    close(get(&solved, "stage.comonomer.mass") / polymer, 0.05 * 1.01, 1e-13);
    close(get(&solved, "stage.purge.mass") / polymer, 0.01, 1e-11);
    let [import] = &solved.imports().collect::<Vec<_>>()[..] else { panic!("one import") };
    assert_eq!((import.stage, import.import), ("stage", "comonomer"));
    // a homopolymer imports nothing
    let alone =
        run(&chain, &[("monomer", vec![("ethylene", 1000.0)])], &[("comonomer", "0 %".into())]);
    assert_eq!(get(&alone, "stage.comonomer.moles").to_bits(), 0.0_f64.to_bits());
}

const PLANT: &str = "kind = \"polymerise\"\nmonomer = \"ethylene\"\nunit = \"ethylene unit\"\n\
    comonomer = { species = \"1-butene\", unit = \"1-butene unit\" }\noff_grade = true\n\
    lines = { hdpe = { comonomer = \"own\" }, lldpe = {}, rest = {} }\n\
    set.monomer_use = 1.02\nset.comonomer = \"8 %\"\nset.comonomer_hdpe = \"1 %\"\n\
    set.share_hdpe = \"30 %\"\nset.share_lldpe = \"45 %\"";

#[test]
fn lines_share_the_monomer_and_state_what_they_make() {
    let lines = ["hdpe", "lldpe", "rest"];
    let outlets = ["polymer", "purge", "off_grade"];
    let chain = one_stage_fed("100 mol/s", &showing(PLANT, &lines), &["monomer"], &outlets, None);
    let (feed, ethylene) = only("monomer", "ethylene");
    let solved =
        solve_to_rounding(&chain, &[(&feed, ethylene.clone()), ("stage.off_grade", "3 %".into())]);
    let monomer = get(&solved, "stage.monomer.mass");
    let made = lines.map(|line| load(&solved, &format!("stage.{line}")).unwrap());
    // m (1 - c) P of monomer goes into P of polymer
    for ((made, share), comonomer) in made.iter().zip([0.30, 0.45, 0.25]).zip([0.01, 0.08, 0.08]) {
        let expected = share * monomer / (1.02 * (1.0 - comonomer));
        assert_relative_eq!(*made, expected, max_relative = 1e-12);
    }
    let polymer: f64 = made.iter().sum();
    assert_relative_eq!(get(&solved, "stage.off_grade.mass"), 0.03 * polymer, max_relative = 1e-12);
    assert_relative_eq!(get(&solved, "stage.polymer.mass"), 0.97 * polymer, max_relative = 1e-12);
    assert_relative_eq!(get(&solved, "stage.purge.mass"), 0.02 * polymer, max_relative = 1e-10);
    let error = {
        let mut case = chain.case();
        case.set("stage.share_lldpe", "71 %").unwrap();
        case.solve().unwrap_err().to_string()
    };
    assert_eq!(error, "stage: sum of the lines' shares is 1.01; allowed: at most 1");
}
