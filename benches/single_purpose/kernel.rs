//! The shipped chain written by hand for one purpose: ten parameters vary, nine outputs, nothing
//! else. What a specialist would write, as the measure of what generality costs.
//!
//! All that is linear in the two supplies is summed up to a few numbers a scenario. The gas of a
//! supply that arrives at the plant, `W`, is then the one unknown: what the border sees never
//! falls as `W` grows, so that the one opening at which the demand is met is the first, and it is
//! the largest of four straight lines in `W`, which bend it where the helium units are full and
//! where the complex takes no more ethane. The first of the four to meet the demand counts.
//!
//! Compositions are those of `feeds.csv`, what is made of a mole of feed follows from `yields.csv`
//! (closed, recycled, hydrogenated; derived); a test holds the kernel against the crate.

use gaschain::chain::Chain;
use gaschain::param::ParameterKind;
use gaschain::quantity::MOLAR_GAS_CONSTANT;

/// Scenarios that are worked out together: all that they read and write stays in the
/// first-level cache.
pub const LANES: usize = 128;
/// Parameters that vary, in the order of the shipped list of axes.
pub const AXES: usize = 10;
/// Outputs, in the order of the throughput measurements.
pub const OUTPUTS: usize = 9;

/// Axis after axis, SI.
pub type Inputs = [[f64; LANES]; AXES];
/// Output after output, in their units; what stopped kovykta as a number.
pub type Outputs = [[f64; LANES]; OUTPUTS];

/// What stopped kovykta: nothing, it is fully drawn.
pub const FULLY_DRAWN: f64 = 0.0;
/// What stopped kovykta: `heihe.demand`.
pub const DEMAND: f64 = 1.0;
/// What stopped kovykta: `gpp.feed`.
pub const FEED: f64 = 2.0;

// molar masses, kg/mol
const ETHANE: f64 = 0.030_069_04;
const PROPANE: f64 = 0.044_095_62;
const BUTANES: f64 = 0.058_122_2;
const PENTANES: f64 = 0.072_148_78;
const HEXANE: f64 = 0.086_175_36;
const ETHYLENE: f64 = 0.028_053_16;
const PROPYLENE: f64 = 0.042_079_74;

/// Moles of ethylene and of propylene that the cracker makes of a mole of fresh feed.
struct Olefins {
    ethylene: f64,
    propylene: f64,
}

const OF_ETHANE: Olefins =
    Olefins { ethylene: 0.859_161_240_946_161_2, propylene: 0.011_412_685_641_460_007 };
const OF_PROPANE: Olefins =
    Olefins { ethylene: 0.680_177_025_237_561_7, propylene: 0.183_870_259_300_607_77 };
const OF_BUTANE: Olefins =
    Olefins { ethylene: 0.837_241_523_129_421_5, propylene: 0.227_933_750_384_744_75 };
const OF_ISOBUTANE: Olefins =
    Olefins { ethylene: 0.308_592_380_567_538, propylene: 0.342_880_422_852_820_05 };

/// Mole fractions of a supply's gas that count by themselves.
struct Gas {
    methane: f64,
    ethane: f64,
    propane: f64,
    isobutane: f64,
    butane: f64,
    pentanes: f64,
    hexane: f64,
    nitrogen: f64,
    carbon_dioxide: f64,
    helium: f64,
    hydrogen: f64,
}

const CHAYANDA: Gas = Gas {
    methane: 0.855,
    ethane: 0.046,
    propane: 0.015,
    isobutane: 0.0017,
    butane: 0.004,
    pentanes: 0.0015,
    hexane: 0.001,
    nitrogen: 0.0695,
    carbon_dioxide: 0.0005,
    helium: 0.005,
    hydrogen: 0.0008,
};
const KOVYKTA: Gas = Gas {
    methane: 0.914,
    ethane: 0.049,
    propane: 0.0095,
    isobutane: 0.0014,
    butane: 0.002,
    pentanes: 0.001,
    hexane: 0.0005,
    nitrogen: 0.0186,
    carbon_dioxide: 0.0006,
    helium: 0.0028,
    hydrogen: 0.0006,
};

/// What a mole of a supply's gas, once at the plant, brings, as far as nothing that varies has a
/// part in it.
struct Forms {
    /// Moles but for helium.
    without_helium: f64,
    /// Moles of liquids but for ethane.
    liquids: f64,
    helium: f64,
    ethane: f64,
    lpg_kg: f64,
    c5_c6_kg: f64,
    /// Olefins made of propane and butanes.
    olefins: Olefins,
}

/// The chain, but for the parameters that vary.
pub struct Kernel {
    first: Forms,
    second: Forms,
    trunk_length: f64,
    /// Of a mole of kovykta accepted, what its own line brings.
    by_second_line: f64,
    trains_by_size: f64,
    helium_recovery: f64,
    helium_units: f64,
    left_by_fuel: f64,
    /// Moles of ethylene that the cracker may make.
    most_ethylene: f64,
    /// Polyethylene that may be made, kg/s, and what a mole of ethylene makes of it, kg.
    polyethylene_capacity: f64,
    polyethylene: f64,
    polypropylene_capacity: f64,
    polypropylene: f64,
    bcm_per_year: f64,
    mt_per_year: f64,
}

impl Kernel {
    /// Folds all that does not vary.
    pub fn new(chain: &Chain) -> Self {
        let case = chain.case();
        let value = |address: &str| {
            let parameters = chain.parameters().iter();
            let parameter = parameters.clone().find(|parameter| parameter.address == address);
            match parameter.map(|parameter| &parameter.kind) {
                Some(ParameterKind::Number { unit, .. }) => {
                    let shown = case.get(address).expect("a number").expect("that is known");
                    unit.to_si(shown)
                }
                _ => unreachable!("the shipped chain has every parameter asked for"),
            }
        };
        let product = |addresses: &[&str]| addresses.iter().map(|one| value(one)).product::<f64>();
        let recovered = |name: &str| value(&format!("gpp.ngl.{name}"));
        let forms = |gas: &Gas, left: &dyn Fn(&str) -> f64| {
            let propane = recovered("propane") * gas.propane;
            let (isobutane, butane) =
                (recovered("butanes") * gas.isobutane, recovered("butanes") * gas.butane);
            let (pentanes, hexane) =
                (recovered("c5_plus") * gas.pentanes, recovered("c5_plus") * gas.hexane);
            let olefin = |of: &dyn Fn(&Olefins) -> f64| {
                propane * of(&OF_PROPANE) + butane * of(&OF_BUTANE) + isobutane * of(&OF_ISOBUTANE)
            };
            let lighter = gas.methane * left("methane")
                + gas.nitrogen * left("nitrogen")
                + gas.carbon_dioxide * left("carbon_dioxide")
                + gas.hydrogen * left("hydrogen");
            let heavier = gas.propane + gas.isobutane + gas.butane + gas.pentanes + gas.hexane;
            Forms {
                without_helium: lighter + gas.ethane + heavier,
                liquids: propane + isobutane + butane + pentanes + hexane,
                helium: gas.helium,
                ethane: gas.ethane,
                lpg_kg: PROPANE * propane + BUTANES * (isobutane + butane),
                c5_c6_kg: PENTANES * pentanes + HEXANE * hexane,
                olefins: Olefins {
                    ethylene: olefin(&|of| of.ethylene),
                    propylene: olefin(&|of| of.propylene),
                },
            }
        };
        let year = 365.0 * 86_400.0;
        Self {
            first: forms(&CHAYANDA, &|name| 1.0 - value(&format!("membrane.{name}"))),
            second: forms(&KOVYKTA, &|_| 1.0),
            trunk_length: value("trunk_line.length"),
            by_second_line: 1.0 - product(&["kovykta_line.own_needs", "kovykta_line.length"]),
            trains_by_size: product(&["gpp.trains", "gpp.train_size"]),
            helium_recovery: value("gpp.helium.recovery"),
            helium_units: product(&[
                "gpp.helium.units",
                "gpp.helium.unit_size",
                "gpp.helium.availability",
            ]),
            left_by_fuel: 1.0 - value("gpp.fuel.share"),
            most_ethylene: value("gcc.crack.ethylene") / ETHYLENE,
            polyethylene_capacity: value("gcc.pe.capacity"),
            polyethylene: ETHYLENE
                / value("gcc.pe.monomer_use")
                / (1.0 - value("gcc.pe.comonomer")),
            polypropylene_capacity: value("gcc.pp.capacity"),
            polypropylene: PROPYLENE / value("gcc.pp.monomer_use"),
            bcm_per_year: MOLAR_GAS_CONSTANT * 293.15 / 101_325.0 * year * 1e-9,
            mt_per_year: year * 1e-9,
        }
    }

    /// Works out a block of scenarios. Whether chayanda alone was within all limits in every one,
    /// which is taken for granted.
    pub fn run(&self, inputs: &Inputs, outputs: &mut Outputs) -> bool {
        run(self, inputs, outputs)
    }
}

/// The smaller of two numbers, as one instruction.
#[inline]
fn least(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}

#[multiversion::multiversion(targets("x86_64+avx2", "x86_64+avx512f"))]
fn run(kernel: &Kernel, inputs: &Inputs, outputs: &mut Outputs) -> bool {
    let k = kernel;
    let (one, two) = (&k.first, &k.second);
    let [
        kovykta,
        demand,
        availability,
        chayanda,
        membrane_helium,
        own_needs,
        ethane_recovery,
        contract,
        pe_availability,
        furnaces,
    ] = inputs;
    let [border, helium, c5_c6, rail, polyethylene, polypropylene, utilisation, accepted, stopped] =
        outputs;
    // an or vectorises, a largest number would not
    let mut blocked = 0_u64;
    for lane in 0..LANES {
        // what arrives of a mole offered, and what a mole brings
        let trunk = 1.0 - own_needs[lane] * k.trunk_length;
        let first = chayanda[lane] * trunk;
        let second_arrives = k.by_second_line * trunk;
        let offered = kovykta[lane] * second_arrives;
        let first_helium = one.helium * (1.0 - membrane_helium[lane]);
        let first_ethane = one.ethane * ethane_recovery[lane];
        let second_ethane = two.ethane * ethane_recovery[lane];
        let first_arriving = one.without_helium + first_helium;
        let second_arriving = two.without_helium + two.helium;
        let second_overhead = second_arriving - two.liquids - second_ethane;

        // with chayanda alone
        let arriving = first_arriving * first;
        let overhead = (first_arriving - one.liquids - first_ethane) * first;
        let helium_made = k.helium_recovery * first_helium * first;
        let ethane = first_ethane * first;

        // the most ethane that the complex takes
        let by_polymer = k.polyethylene_capacity * pe_availability[lane] / k.polyethylene;
        let most_ethylene = least(by_polymer, k.most_ethylene);
        let by_mass = least(contract[lane], furnaces[lane]) * (1.0 / ETHANE);
        let most_ethane = least(by_mass, most_ethylene * (1.0 / OF_ETHANE.ethylene));

        let residue = k.left_by_fuel * (overhead - least(helium_made, k.helium_units));
        let over_demand = residue + ethane - least(ethane, most_ethane) - demand[lane];
        let feed = k.trains_by_size * availability[lane];
        let over_feed = arriving - feed;
        blocked |= u64::from(over_demand > 0.0) | u64::from(over_feed > 0.0);

        // how much of kovykta fills the border: four straight lines
        let lacking = demand[lane] - k.left_by_fuel * overhead;
        let rise = k.left_by_fuel * second_overhead;
        let made_rise = k.left_by_fuel * k.helium_recovery * two.helium;
        let made = lacking + k.left_by_fuel * helium_made;
        let full = lacking + k.left_by_fuel * k.helium_units;
        let back = ethane - most_ethane;
        let with_some = least(made / (rise - made_rise), full / rise);
        let with_back = least(
            (made - back) / (rise - made_rise + second_ethane),
            (full - back) / (rise + second_ethane),
        );
        let by_demand = least(with_some, with_back);
        let by_feed = -over_feed / second_arriving;
        let without_demand = least(offered, by_feed);
        let second = least(without_demand, by_demand);
        let by_limit = if by_feed < offered { FEED } else { FULLY_DRAWN };
        stopped[lane] = if by_demand < without_demand { DEMAND } else { by_limit };

        // with both
        let arriving = arriving + second_arriving * second;
        let overhead = overhead + second_overhead * second;
        let made = helium_made + k.helium_recovery * two.helium * second;
        let product = least(made, k.helium_units);
        let ethane = ethane + second_ethane * second;
        let taken = least(ethane, most_ethane);
        let lpg = one.lpg_kg * first + two.lpg_kg * second;
        let lpg_ethylene = one.olefins.ethylene * first + two.olefins.ethylene * second;
        let lpg_propylene = one.olefins.propylene * first + two.olefins.propylene * second;
        let by_furnaces = (furnaces[lane] - ETHANE * taken) / lpg;
        let by_ethylene = (most_ethylene - OF_ETHANE.ethylene * taken) / lpg_ethylene;
        let share = least(least(by_furnaces, by_ethylene), 1.0);
        let share = if share > 0.0 { share } else { 0.0 };
        let ethylene = OF_ETHANE.ethylene * taken + share * lpg_ethylene;
        let propylene = OF_ETHANE.propylene * taken + share * lpg_propylene;
        let residue = k.left_by_fuel * (overhead - product);

        border[lane] = (residue + ethane - taken) * k.bcm_per_year;
        helium[lane] = product * k.bcm_per_year;
        c5_c6[lane] = (one.c5_c6_kg * first + two.c5_c6_kg * second) * k.mt_per_year;
        rail[lane] = (lpg - share * lpg) * k.mt_per_year;
        polyethylene[lane] = ethylene * (k.polyethylene * k.mt_per_year);
        let polymer = least(propylene * k.polypropylene, k.polypropylene_capacity);
        polypropylene[lane] = polymer * k.mt_per_year;
        utilisation[lane] = arriving / feed;
        accepted[lane] = second / second_arrives * k.bcm_per_year;
    }
    blocked == 0
}
