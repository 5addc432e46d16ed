//! Recompression of the sales gas in the shipped plant: the power it takes, against a calculation
//! apart from the crate, and the fuel that gives it.

use super::with;
use crate::support::solved::get;
use approx::assert_relative_eq;
use gaschain::amur;
use gaschain::param::Value;
use gaschain::solved::Solved;

const LOADS: [&str; 4] = ["power", "discharge_temperature", "fuel_share", "ratio"];

fn load(solved: &Solved, name: &str) -> Option<f64> {
    solved.get(&format!("gpp.recompression.{name}")).unwrap()
}

/// The nameplate with recompression in a mode, and more set.
fn run(mode: &str, more: &[(&str, Value)]) -> Solved {
    let mut set = vec![("gpp.recompression.mode", mode.into())];
    set.extend_from_slice(more);
    let solved = with(&set);
    assert!(solved.worst_residual() <= 1e-12, "{mode}: {}", solved.worst_residual());
    solved
}

#[test]
fn passed_on_states_nothing_and_stated_changes_no_stream() {
    let (passed_on, stated) = (run("passed_on", &[]), run("stated", &[]));
    for name in LOADS {
        assert_eq!(load(&passed_on, name), None, "{name}");
        assert!(load(&stated, name).is_some(), "{name}");
    }
    for (one, other) in passed_on.links().zip(stated.links()) {
        assert_eq!(one.stream.flows, other.stream.flows, "{:?}", one.from);
    }
    for solved in [&passed_on, &stated] {
        assert!(get(solved, "gpp.recompression_burned.moles") == 0.0);
        let from = solved.stream("gpp.fuel.gas").unwrap();
        assert_eq!(from.flows, solved.stream("gpp.recompression.gas").unwrap().flows);
    }
}

/// Another program took the composition and flow of the residue gas, and enthalpy and entropy
/// of GERG-2008 by the crate aga8, untabulated: each casing in 1,000 steps of equal ratio, for
/// each the temperature of equal entropy, the rise of enthalpy to it over 0.84, the
/// temperature of that enthalpy. The casings ended at 327.848, 338.871 and 339.035 K and took
/// 1,152.51, 1,176.77 and 1,147.99 J/mol, which over 0.99 are 174.580 MW of 49,704.1 mol/s.
///
/// Installed are 12 x 32 = 384 MW when complete (GPP-17; spare status unknown), 2.2 times
/// this: the gap is left as it is, nothing is fitted to it.
#[test]
fn power_is_what_untabulated_enthalpies_give() {
    let solved = run("stated", &[]);
    let power = load(&solved, "power").unwrap();
    assert_relative_eq!(power, 174.580, max_relative = 2e-3);
    let hottest = load(&solved, "discharge_temperature").unwrap() + 273.15;
    assert_relative_eq!(hottest, 339.035, max_relative = 2e-3);
    let ratio = load(&solved, "ratio").unwrap();
    assert_relative_eq!(ratio.powi(3), 9.8 / 3.0, max_relative = 1e-12);
}

#[test]
fn fuel_holds_the_heat_that_the_driver_turns_into_power() {
    // what `fuel` burns is then for heat only
    for share in ["0 %", "1.4 %"] {
        let solved = run("fuelled", &[("gpp.fuel.share", share.into())]);
        let power = load(&solved, "power").unwrap();
        // PJ/yr of 365 days to MW
        let heat = get(&solved, "gpp.recompression_burned.energy") * 1e9 / (365.0 * 86_400.0);
        assert_relative_eq!(heat * 0.36, power, max_relative = 1e-9);
        let burned = get(&solved, "gpp.recompression.burned.moles");
        let feed = get(&solved, "gpp.fuel.gas.moles");
        let fuel_share = load(&solved, "fuel_share").unwrap();
        assert_relative_eq!(burned / feed, fuel_share / 100.0, max_relative = 1e-12);
        for species in ["methane", "nitrogen", "ethane", "helium"] {
            let share = |port: &str| get(&solved, &format!("{port}.mole_fraction.{species}"));
            let fed = share("gpp.fuel.gas");
            assert_relative_eq!(share("gpp.recompression.gas"), fed, max_relative = 1e-12);
            assert_relative_eq!(share("gpp.recompression.burned"), fed, max_relative = 1e-12);
        }
        // and it counts as burned at the border of the plant
        let ledger = gaschain::ledger::Energy::of(&solved);
        let plant = ledger.stage("gpp").unwrap().burned.unwrap();
        let both = ["gpp.burned.energy", "gpp.recompression_burned.energy"];
        let both: f64 = both.iter().map(|address| get(&solved, address)).sum();
        assert_relative_eq!(plant, both, max_relative = 1e-12);
        // the border has its 38 all the same
        assert_relative_eq!(get(&solved, "heihe.sales_gas.volume"), 38.0, max_relative = 1e-9);
    }
}

#[test]
fn more_casings_with_coolers_take_less_power() {
    let power = |casings: f64| {
        let solved = run("stated", &[("gpp.recompression.casings", casings.into())]);
        load(&solved, "power").unwrap()
    };
    let powers: Vec<f64> = (3..=8).map(|casings| power(f64::from(casings))).collect();
    assert!(powers.is_sorted_by(|more, less| more > less), "{powers:?}");
    // what is left to gain shrinks: the limit is compression at one temperature
    let gains: Vec<f64> = powers.windows(2).map(|pair| pair[0] - pair[1]).collect();
    assert!(gains.is_sorted_by(|more, less| more > less), "{gains:?}");
}

#[test]
fn what_cannot_be_compressed_so_is_said_by_name() {
    let chain = amur::chain();
    let message = |set: &[(&str, Value)]| {
        let mut case = chain.case();
        for (address, value) in set {
            let address = format!("gpp.recompression.{address}");
            case.set(&address, value.clone()).unwrap();
        }
        case.solve().unwrap_err().to_string()
    };
    let two = message(&[("mode", "stated".into()), ("casings", 2.0.into())]);
    let start = "gpp.recompression: temperature at an end of a casing, K is 357.9";
    assert!(two.starts_with(start), "{two}");
    assert!(two.ends_with("gas_properties = \"equation\" goes further"), "{two}");
    let down = [("mode", "stated".into()), ("discharge_pressure", "2.4 MPa".into())];
    let down = message(&down);
    let end = "discharge pressure over suction pressure is 0.8; allowed: at least 1";
    assert!(down.contains(end), "{down}");
}

#[test]
fn nothing_takes_no_power() {
    let none: [(&str, Value); 2] =
        [("chayanda.flow", "0 bcm/yr".into()), ("kovykta.flow", "0 bcm/yr".into())];
    for mode in ["stated", "fuelled"] {
        let solved = run(mode, &none);
        assert_eq!(load(&solved, "power"), Some(0.0));
        assert_eq!(load(&solved, "fuel_share"), Some(0.0));
    }
}
