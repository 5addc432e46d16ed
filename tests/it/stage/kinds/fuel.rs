//! Fuel by duty and by demand: what is burned holds the net heat that is asked for.

use crate::support::compare::close;
use crate::support::one_stage::{molar_mass, one_stage, run};
use crate::support::solved::get;
use gaschain::chain::Chain;
use gaschain::param::Value;

#[test]
fn fuel_by_duty_burns_the_net_heat() {
    let text = "kind = \"fuel\"\nby = \"duty\"\nset.duty = \"100 MW\"";
    let chain = one_stage(text, &["feed"], &["gas", "burned"], None);
    let solved = run(&chain, &[("feed", vec![("methane", 1000.0)])], &[]);
    // ISO 6976:2016, table 3: net heat of methane at 25 degC 802.55 kJ/mol
    close(get(&solved, "stage.burned.moles"), 100e6 / 802_550.0, 2e-5);
    let poor = run(&chain, &[("feed", vec![("methane", 10.0)])], &[]);
    close(get(&poor, "stage.burned.moles"), 10.0, 1e-15);
    assert!(get(&poor, "stage.gas.moles").abs() < 1e-12);
    // what does not burn is not burned for heat
    let inert = run(&chain, &[("feed", vec![("nitrogen", 1000.0)])], &[]);
    assert_eq!(get(&inert, "stage.burned.moles").to_bits(), 0.0_f64.to_bits());
}

const BY_DEMAND: &str = "kind = \"fuel\"\nby = \"demand\"\nset.share = \"2 %\"\nset.heat_demand = \"0.3 GJ/t\"\nset.power_demand = \"0.4 GJ/t\"\n\
    set.heater_efficiency = \"80 %\"\nset.driver_efficiency = \"40 %\"\n\
    limits.fuel_share = { states = \"fuel_share\", at_most = \"unknown\", unit = \"%\" }\n\
    limits.duty_share = { states = \"duty_share\", at_most = \"unknown\", unit = \"%\" }\n\
    limits.heat = { states = \"heat\", at_most = \"unknown\", unit = \"MW\" }\n\
    limits.power = { states = \"power\", at_most = \"unknown\", unit = \"MW\" }";

#[test]
fn fuel_by_demand_states_share_and_duty_side_by_side() {
    let chain = one_stage(BY_DEMAND, &["feed"], &["gas", "burned"], None);
    // 1000 mol/s of methane: 16.042 kg/s, 802.55 MW net (ISO 6976:2016, table 3)
    let kilograms = 1000.0 * molar_mass(1, 4);
    let (heat, power) = (0.3 * kilograms, 0.4 * kilograms);
    let duty_share = 100.0 * (heat / 0.8 + power / 0.4) / 802.55;
    for (mode, share) in [("share", 2.0), ("duty", duty_share)] {
        let feed = [("feed", vec![("methane", 1000.0)])];
        let solved = run(&chain, &feed, &[("mode", mode.into())]);
        close(get(&solved, "stage.burned.moles"), 10.0 * share, 2e-5);
        close(get(&solved, "stage.fuel_share.load"), share, 2e-5);
        close(get(&solved, "stage.duty_share.load"), duty_share, 2e-5);
        close(get(&solved, "stage.heat.load"), heat, 1e-12);
        close(get(&solved, "stage.power.load"), power, 1e-12);
    }
}

/// The error of a run with this feed, as text.
pub fn refused(chain: &Chain, species: &str, mode: &str) -> String {
    let mut case = chain.case();
    let composition = Value::Composition(vec![(species.to_owned(), 1.0)]);
    case.set("to_feed.composition", composition).unwrap();
    if !mode.is_empty() {
        case.set("stage.mode", mode).unwrap();
    }
    case.solve().unwrap_err().to_string()
}

#[test]
fn heat_is_not_taken_of_what_is_not_known_to_give_any() {
    let chain = one_stage(BY_DEMAND, &["feed"], &["gas", "burned"], None);
    let unknown = "stage: heat of combustion of residue is not known";
    assert_eq!(refused(&chain, "residue", "share"), unknown);
    assert_eq!(refused(&chain, "residue", "duty"), unknown);
    let by_duty = "kind = \"fuel\"\nby = \"duty\"\nset.duty = \"1 MW\"";
    let by_duty = one_stage(by_duty, &["feed"], &["gas", "burned"], None);
    assert_eq!(refused(&by_duty, "residue", ""), unknown);
    // methane gives heat, but not enough for a demand like this
    let mut case = chain.case();
    case.set("stage.mode", "duty").unwrap();
    case.set("stage.heat_demand", "60 GJ/t").unwrap();
    let error = case.solve().unwrap_err().to_string();
    let start = "stage: fuel that heat and power demanded take, as a share of the gas is 1.5";
    assert!(error.starts_with(start), "{error}");
}
