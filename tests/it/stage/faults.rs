//! Faults of stages built in Rust, with the exact message.

use crate::support::between::light_gases;
use gaschain::stage::{Comonomer, Polymerise, React, Reaction, Supply};

#[test]
fn faults_of_stages_built_in_rust() {
    let slate = light_gases();
    assert_eq!(
        Polymerise::new(&slate, "ethylene", "1-butene", None).unwrap_err().to_string(),
        "reaction \"ethylene -> 1-butene\" is not balanced in C: 2 atoms in, 4 out"
    );
    let comonomer = Some(Comonomer { species: "1-buten", unit: "1-butene" });
    assert_eq!(
        Polymerise::new(&slate, "ethylene", "ethylene", comonomer).unwrap_err().to_string(),
        "unknown species \"1-buten\"; nearest: \"1-butene\""
    );
    assert_eq!(
        Reaction::new(&slate, "x", "ethylene -> 1-butene", "ethylene").unwrap_err().to_string(),
        "reaction \"ethylene -> 1-butene\" is not balanced in C: 2 atoms in, 4 out"
    );
    let reaction = Reaction::new(&slate, "x", "2 ethylene -> 1-butene", "ethylene").unwrap();
    assert_eq!(
        React::new(&slate, vec![reaction], "out")
            .sending(&slate, &["argon"], "x")
            .unwrap_err()
            .to_string(),
        "unknown species \"argon\"; allowed: \"methane\", \"ethane\", \"nitrogen\", \"helium\", \"ethylene\", \"1-butene\""
    );
    assert_eq!(
        Supply::new(&slate)
            .knowing("odd", &[0.5, 0.4, 0.0, 0.0, 0.0, 0.0])
            .unwrap_err()
            .to_string(),
        "mole fractions sum to 0.9; allowed: 1 within 1e-6; so far off it is a slip, and normalising does not help"
    );
}
