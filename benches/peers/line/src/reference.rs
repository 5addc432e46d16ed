//! What the peers are given and held against: the two fields' gases and the one halfway between,
//! each as the states that the crate has for it, and what the crate's line does in some scenarios.

use crate::trunk::{Answer, OFFERED, Ready, Trunk, total};
use gaschain::gas::Gas;
use gaschain::quantity::Unit;
use gaschain::scalar::{Dual, Scalar};
use serde_json::{Value, json};

/// Temperatures, K, and pressures, Pa, whose states are written: as many as the table's polynomials
/// have coefficients, and one more of each.
const TEMPERATURES: [f64; 5] = [256.0, 268.0, 290.0, 320.0, 348.0];
const PRESSURES: [f64; 7] = [0.0, 0.5e6, 2e6, 4.5e6, 7.5e6, 9.5e6, 10.5e6];

pub const SCENARIOS: usize = 1_024;

/// What each field gives in a scenario, mol/s: points of the plastic number's additive sequence.
pub fn fields(scenario: usize) -> [f64; 2] {
    const PLASTIC: f64 = 1.324_717_957_244_746;
    let steps = [1.0 / PLASTIC, 1.0 / (PLASTIC * PLASTIC)];
    std::array::from_fn(|field| {
        let [low, high] = offered()[field];
        low + (high - low) * (0.5 + steps[field] * scenario as f64).fract()
    })
}

/// Between what each field's flow lies, mol/s.
fn offered() -> [[f64; 2]; 2] {
    OFFERED.map(|ends| ends.map(|end| Unit::BCM_PER_YEAR.to_si(end)))
}

pub fn written(trunk: &Trunk) -> Value {
    let gases: Vec<Value> = [0.0, 0.5, 1.0].map(|share| gas(trunk, share)).into();
    let (plain, dual) = (Ready::<f64>::of(trunk), Ready::<Dual>::of(trunk));
    let scenarios: Vec<[f64; 2]> = (0..SCENARIOS).map(fields).collect();
    let values: Vec<[f64; 4]> =
        scenarios.iter().map(|&fields| plain.carry(trunk, fields).numbers()).collect();
    let slopes: Vec<[f64; 4]> = scenarios
        .iter()
        .map(|&fields| dual.carry(trunk, along_kovykta(fields)).numbers().map(Dual::derivative))
        .collect();
    json!({
        "offered": offered(),
        "gases": gases,
        "outputs": Answer::<f64>::NAMES,
        "scenarios": scenarios,
        "values": values,
        "slopes": slopes,
    })
}

/// The fields with slopes along the opening of Kovykta's inlet, which stands open.
pub fn along_kovykta([chayanda, kovykta]: [f64; 2]) -> [Dual; 2] {
    [Dual::from_f64(chayanda), Dual::new(kovykta, kovykta)]
}

/// A blend with so much of Kovykta's gas in it, and its states.
fn gas(trunk: &Trunk, share: f64) -> Value {
    let flows = trunk.blend([1.0 - share, share]);
    let gas = trunk.gas(&flows);
    let states: Vec<Value> = TEMPERATURES
        .iter()
        .flat_map(|&temperature| PRESSURES.map(|pressure| (pressure, temperature)))
        .map(|(pressure, temperature)| {
            let state = gas.state(pressure, temperature);
            json!({
                "pressure": pressure,
                "temperature": temperature,
                "compressibility": state.compressibility,
                "heat_capacity": state.heat_capacity,
                "joule_thomson": state.joule_thomson,
                "viscosity": state.viscosity,
            })
        })
        .collect();
    json!({
        "share": share,
        "molar_mass": gas.molar_mass(),
        "net_heat": trunk.net_heat(&flows),
        "states": states,
    })
}

/// What the line may be off by, as the chain has the polynomials of other sources than the two fields:
/// it takes some of Chayanda's helium out.
const SAME_LINE: f64 = 1e-5;

/// That this is the line of the shipped chain: what the chain's own `hydraulic` says of it is what
/// comes out for its feed.
pub fn check(trunk: &Trunk) {
    let solved = trunk.case().solve().expect("it solves");
    let stream = solved.stream("trunk_line.feed").expect("it is there");
    let shares = stream.mole_fractions().expect("it flows");
    let flows = crate::trunk::SPECIES.map(|name| {
        let share = shares.iter().find(|(one, _)| *one == name).map_or(0.0, |(_, share)| *share);
        share * stream.mol_per_s()
    });
    let ready = Ready::<f64>::of(trunk);
    let found = ready.run(&trunk.own_gas(&flows), trunk.net_heat(&flows), total(&flows));
    for (address, unit, got) in [
        ("trunk_line.power", "W", found.power),
        ("trunk_line.delivery_pressure", "Pa", found.delivered_pressure),
        ("trunk_line.delivery_temperature", "K", found.delivered_temperature),
    ] {
        let expected = solved.value_in(address, unit).expect("it is stated");
        assert!((got / expected - 1.0).abs() < SAME_LINE, "{address}: {got}, not {expected}");
    }
}
