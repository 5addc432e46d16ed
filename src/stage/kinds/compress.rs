//! Compress: a gas raised to a pressure, casing by casing with coolers between, and the power that
//! takes.

use crate::fault::FaultKind;
#[cfg(feature = "gerg")]
use crate::flow::Station;
#[cfg(feature = "gerg")]
use crate::gas::GergSpecies;
use crate::param::{ParameterKind, ParameterSpec};
use crate::quantity::Unit;
use crate::scalar::Scalar;
use crate::species::Slate;
use crate::stage::config::Config;
use crate::stage::heats::{BURNED, burn};
#[cfg(feature = "gerg")]
use crate::stage::heats::{Heats, gas_of};
use crate::stage::{Call, Ports, Setting, Stage, StageError, StatedLoad};

/// A compressor of one or several casings, each followed by a cooler.
///
/// Every casing has the same ratio of pressures and compresses along a polytropic path of the
/// real gas by GERG-2008 ([`compress`](crate::flow::compress), which names its source); a cooler
/// brings what is hotter than `cooled_to` down to it, without a loss of pressure. With the molar
/// flow `n`, the work `w_i` that a casing does on a mole, molar flows `n_j` and net heats of
/// combustion at 25 degC `H_j` (ISO 6976),
///
/// ```text
/// ratio      = (discharge_pressure / suction_pressure)^(1 / casings)
/// power      = n sum(w_i) / mechanical_efficiency
/// fuel_share = power / (driver_efficiency sum(n_j H_j))
/// ```
///
/// All that comes is compressed: fuel is taken behind the compressor, as at the stations of a
/// [`Pipeline`](crate::stage::Pipeline).
///
/// | parameter | unit | range |
/// |---|---|---|
/// | `mode` | `passed_on`, `stated` or `fuelled` | |
/// | `suction_pressure`, `discharge_pressure` | absolute pressure | 0.1 to 25 `MPa` |
/// | `suction_temperature`, `cooled_to` | a temperature | -15 to 75 degC |
/// | `casings` | a whole number | 1 to 8 |
/// | `polytropic_efficiency`, `mechanical_efficiency`, `driver_efficiency` | a fraction | 10 to 100 % |
///
/// | mode | what it does |
/// |---|---|
/// | `passed_on` (default) | the gas goes through; nothing is calculated, nothing stated |
/// | `stated` | the loads are stated, nothing is burned: the fuel is counted elsewhere, as in a plain share |
/// | `fuelled` | the loads are stated, and `fuel_share` of the gas leaves at `burned`, at its composition |
///
/// Stated loads: `power` (at the shaft), `discharge_temperature` (the hottest of a casing, before
/// its cooler), `fuel_share` (what its fuel is, or would be, of the gas; 0 of a gas without heat)
/// and `ratio` (of one casing). Without flow there is no power and no fuel share, the ratio is 1
/// and the temperature that of the suction: nothing is done.
///
/// Errors: a discharge pressure below that of the suction; a gas that GERG-2008 does not know, or
/// of a species whose heat of combustion the slate does not know; a casing that ends outside 255
/// to 350 K or above 9 mol/l, where the gas is not tabulated (more casings keep it inside); fuel
/// above what the gas holds. `stated` and `fuelled` are refused by name in a build without the
/// feature `gerg`.
///
/// ```
/// use gaschain::chain::Builder;
/// use gaschain::param::Value;
/// use gaschain::quantity::Unit;
/// use gaschain::species::Slate;
/// use gaschain::stage::{Compress, Supply};
///
/// # if cfg!(not(feature = "gerg")) {
/// #     return Ok::<(), Box<dyn std::error::Error>>(());
/// # }
/// let slate = Slate::shipped().chosen(["methane"])?;
/// let mut chain = Builder::new("booster", &slate);
/// chain.stage("well", Supply::new(&slate).shown_in(Unit::MOL_PER_SECOND));
/// chain.set("well.flow", "1000 mol/s");
/// chain.set("well.composition", Value::Composition(vec![("methane".into(), 1.0)]));
/// chain.stage("booster", Compress::new(&slate)).set("booster.mode", "fuelled");
/// chain.set("booster.suction_pressure", "4 MPa").set("booster.discharge_pressure", "9 MPa");
/// chain.set("booster.suction_temperature", "20 degC").set("booster.cooled_to", "30 degC");
/// chain.set("booster.casings", 2.0).set("booster.polytropic_efficiency", "84 %");
/// chain.set("booster.mechanical_efficiency", "99 %").set("booster.driver_efficiency", "36 %");
/// chain.connect("well -> booster").leaving_as_product("booster.gas");
/// chain.leaving_as_loss("booster.burned");
///
/// let chain = chain.build()?;
/// let solved = chain.case().solve()?;
/// let get = |address: &str| solved.get(address).ok().flatten().unwrap_or(0.0);
/// assert_eq!(format!("{:.3}", get("booster.power")), "2.367"); // MW
/// assert_eq!(format!("{:.1}", get("booster.discharge_temperature")), "66.6"); // degC
/// assert_eq!(format!("{:.3}", get("booster.ratio")), "1.500");
/// assert_eq!(format!("{:.3}", get("booster.burned.moles")), "8.191"); // mol/s of the 1,000
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Compress {
    #[cfg(feature = "gerg")]
    heats: Heats,
    #[cfg(feature = "gerg")]
    species: GergSpecies,
}

impl Compress {
    /// A compressor of gas of these species.
    #[must_use]
    #[cfg_attr(not(feature = "gerg"), allow(unused_variables, reason = "it asks for no heats"))]
    pub fn new(slate: &Slate) -> Self {
        Self {
            #[cfg(feature = "gerg")]
            heats: Heats::new(slate),
            #[cfg(feature = "gerg")]
            species: GergSpecies::new(slate),
        }
    }

    #[allow(clippy::unnecessary_wraps, reason = "the readers of all kinds have one signature")]
    pub(in crate::stage) fn read(config: &mut Config<'_>) -> Option<Self> {
        Some(Self::new(config.slate))
    }

    /// Compresses what comes and states the loads; gives the fuel as a share of the gas.
    #[cfg(feature = "gerg")]
    fn raise<S: Scalar>(&self, call: &mut Call<'_, S>, feed: &[S]) -> Result<S, StageError> {
        let mut pressure = call.number(index::SUCTION_PRESSURE);
        let overall = call.number(index::DISCHARGE_PRESSURE) / pressure;
        if overall.value() < 1.0 {
            return Err(StageError::OutOfDomain {
                what: "discharge pressure over suction pressure",
                got: overall.value(),
                allowed: "at least 1",
            });
        }
        let casings = call.number(index::CASINGS);
        let mut temperature = call.number(index::SUCTION_TEMPERATURE);
        let energy = self.heats.of(call, feed);
        let flow = feed.iter().fold(S::zero(), |sum, &moles| sum + moles);
        let Some(gas) = gas_of(call, &self.species, feed, flow) else {
            state(call, [S::zero(), temperature, S::zero(), S::one()]);
            return Ok(S::zero());
        };
        let driver_efficiency = call.number(index::DRIVER_EFFICIENCY);
        let ratio = (overall.ln() / casings).exp();
        let (mut power, mut hottest) = (S::zero(), temperature);
        for _ in 0..whole(casings) {
            let casing = Station {
                in_service: true,
                discharge_pressure: pressure * ratio,
                polytropic_efficiency: call.number(index::POLYTROPIC_EFFICIENCY),
                mechanical_efficiency: call.number(index::MECHANICAL_EFFICIENCY),
                driver_efficiency,
                aftercooler_temperature: Some(call.number(index::COOLED_TO)),
            };
            let done = casing.run(&gas, energy / flow, flow, pressure, temperature);
            // neither a cold suction nor a hot discharge may lie outside the table
            for (pressure, temperature) in
                [(pressure, temperature), (done.discharge_pressure, done.discharge_temperature)]
            {
                if !gas.covers(pressure, temperature) {
                    call.object(StageError::OutOfDomain {
                        what: "temperature at an end of a casing, K",
                        got: temperature.value(),
                        allowed: "255 to 350, no denser than 9 mol/l: where the gas is tabulated",
                    });
                }
            }
            power += done.power;
            hottest = hottest.max(done.discharge_temperature);
            (pressure, temperature) = (done.discharge_pressure, done.outlet_temperature);
        }
        let fuel_share = power.share_of(driver_efficiency * energy);
        state(call, [power, hottest, fuel_share, ratio]);
        if call.choice(index::MODE) != FUELLED {
            return Ok(S::zero());
        }
        // no share of a gas without heat is fuel enough
        let none = energy.value() <= 0.0 && power.value() > 0.0;
        if none || fuel_share.value() > 1.0 {
            call.object(StageError::OutOfDomain {
                what: "shaft power over what the gas could drive",
                got: if none { f64::INFINITY } else { fuel_share.value() },
                allowed: "at most 1",
            });
        }
        Ok(fuel_share.min(S::one()))
    }
}

/// States the loads, in the order of [`Stage::stated_loads`].
#[cfg(feature = "gerg")]
fn state<S: Scalar>(call: &mut Call<'_, S>, loads: [S; 4]) {
    for (load, value) in loads.into_iter().enumerate() {
        call.state(load, value);
    }
}

/// A count as a number of things.
#[cfg(feature = "gerg")]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count, 1 to 8")]
fn whole<S: Scalar>(count: S) -> u8 {
    count.value() as u8
}

const MODES: [&str; 3] = ["passed_on", "stated", "fuelled"];
const PASSED_ON: usize = 0;
const FUELLED: usize = 2;

/// Indices of the parameters, in the order of [`Stage::parameters`].
#[cfg(feature = "gerg")]
mod index {
    pub const MODE: usize = 0;
    pub const SUCTION_PRESSURE: usize = 1;
    pub const SUCTION_TEMPERATURE: usize = 2;
    pub const DISCHARGE_PRESSURE: usize = 3;
    pub const CASINGS: usize = 4;
    pub const COOLED_TO: usize = 5;
    pub const POLYTROPIC_EFFICIENCY: usize = 6;
    pub const MECHANICAL_EFFICIENCY: usize = 7;
    pub const DRIVER_EFFICIENCY: usize = 8;
}

/// What is done about the compression; more than nothing only with GERG-2008 in the build.
fn mode() -> ParameterSpec {
    let (mut allowed, mut refused) = (vec![MODES[PASSED_ON].to_owned()], Vec::new());
    for name in &MODES[1..] {
        if cfg!(feature = "gerg") {
            allowed.push((*name).to_owned());
        } else {
            let kind = FaultKind::NotAllowed {
                got: format!("mode \"{name}\" in a build without the feature gerg"),
                allowed: "passed_on, or a build with GERG-2008".into(),
            };
            refused.push(((*name).to_owned(), kind));
        }
    }
    ParameterSpec {
        name: "mode".into(),
        about: "whether the gas is passed on as it is, or the power is stated, or fuelled from it"
            .into(),
        kind: ParameterKind::Choice { allowed, refused },
        default: Some(MODES[PASSED_ON].into()),
    }
}

impl Stage for Compress {
    fn kind(&self) -> &'static str {
        "compress"
    }

    fn ports(&self) -> Ports {
        Ports::new(["feed"], ["gas", "burned"])
    }

    fn parameters(&self) -> Vec<ParameterSpec> {
        let number = ParameterSpec::number;
        let pressure = |name, about| number(name, about, Unit::MEGAPASCAL, 0.1, 25.0);
        let temperature = |name, about| number(name, about, Unit::DEGREE_CELSIUS, -15.0, 75.0);
        let efficiency = |name, about| number(name, about, Unit::PERCENT, 10.0, 100.0);
        vec![
            mode(),
            pressure("suction_pressure", "absolute pressure that the gas comes with"),
            temperature("suction_temperature", "temperature that the gas comes with"),
            pressure("discharge_pressure", "absolute pressure that the gas is raised to"),
            ParameterSpec::whole("casings", "casings in series, of equal ratio", 1.0, 8.0),
            temperature("cooled_to", "temperature that the cooler of each casing cools to"),
            efficiency("polytropic_efficiency", "polytropic efficiency of the casings"),
            efficiency("mechanical_efficiency", "work on the gas over power at the shaft"),
            efficiency("driver_efficiency", "power at the shaft over net heat of the fuel"),
        ]
    }

    fn stated_loads(&self) -> Vec<StatedLoad> {
        let load = |name: &str, about: &str, unit| StatedLoad {
            name: name.to_owned(),
            about: about.to_owned(),
            unit,
        };
        vec![
            load("power", "power of all casings at the shaft", Unit::MEGAWATT),
            load(
                "discharge_temperature",
                "the hottest of a casing, before its cooler",
                Unit::DEGREE_CELSIUS,
            ),
            load("fuel_share", "what its fuel is, or would be, of the gas", Unit::PERCENT),
            load("ratio", "discharge over suction pressure of one casing", Unit::RATIO),
        ]
    }

    fn linear(&self, _: usize, setting: &Setting<'_>) -> bool {
        // the gas decides what fuel a mole of it needs
        setting.choices.first() != Some(&FUELLED)
    }

    fn states(&self, _: usize, setting: &Setting<'_>) -> bool {
        setting.choices.first().is_some_and(|&mode| mode != PASSED_ON)
    }

    fn burns(&self, outlet: usize) -> bool {
        outlet == BURNED
    }

    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let feed = call.inlet(0);
        #[cfg(feature = "gerg")]
        let share =
            if call.choice(index::MODE) == PASSED_ON { S::zero() } else { self.raise(call, feed)? };
        #[cfg(not(feature = "gerg"))]
        let share = S::zero();
        burn(call, feed, share);
        Ok(())
    }
}
