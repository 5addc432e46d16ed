//! Compress: a gas raised to a pressure, casing by casing with coolers between, and the power that
//! takes.

use crate::flow::{Discharge, Station};
use crate::gas::Gas;
use crate::gas::GergSpecies;
use crate::param::Parameter;
use crate::quantity::Unit;
use crate::scalar::Scalar;
use crate::species::Slate;
use crate::stage::Config;
use crate::stage::Number;
use crate::stage::condensing::Way;
use crate::stage::heats::{BY_TABLE, Burning, Flowing, Heats, RealGas, gas_properties};
use crate::stage::kinds::efficiency::Efficiency;
use crate::stage::{Call, Choice, Inlet, Load, Outlet, Setting, Spec, Stage, StageError};

/// A compressor of one or several casings, each followed by a cooler.
///
/// Every casing has the same ratio of pressures and compresses the real gas by GERG-2008, by its
/// polytropic or, with `efficiency = "isentropic"`, its isentropic efficiency
/// ([`compress`](crate::flow::compress), which names its source); a cooler
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
/// | mode | what it does |
/// |---|---|
/// | `passed_on` (default) | the gas goes through; nothing is calculated, nothing stated |
/// | `stated` | the loads are stated, nothing is burned: the fuel is counted elsewhere, as in a plain share |
/// | `fuelled` | the loads are stated, and `fuel_share` of the gas leaves at `burned`, at its composition |
///
/// GERG-2008 is tabulated for the gas: from 255 to 350 K, up to 9 mol/l and where the table is as
/// good as the equation, which of near-pure ethane or carbon dioxide it is not. With
/// `gas_properties = "equation"` the equation is asked at each state, from 200 to 500 K and in any
/// one phase up to 70e6 Pa, which is slow.
///
/// The fuel share of a gas without heat is 0. Without flow there is no power and no fuel share, the
/// ratio is 1 and the temperature that of the suction: nothing is done.
///
/// Errors: a discharge pressure below that of the suction; a gas that GERG-2008 does not know, or
/// of a species whose heat of combustion the slate does not know; a casing that begins or ends
/// where its gas is not tabulated, or not known by the equation (more casings keep it cooler); fuel
/// above what the gas holds.
///
/// ```
/// use gaschain::chain::Builder;
/// use gaschain::param::Value;
/// use gaschain::quantity::Unit;
/// use gaschain::species::Slate;
/// use gaschain::stage::{Compress, Supply};
///
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
///
#[doc = include_str!("../../../docs/kinds/compress.md")]
#[derive(Debug)]
pub struct Compress {
    feed: Inlet,
    outlets: Burning,
    mode: Choice,
    casings: Casings,
    spec: Spec,
}

/// What the casings are, and the loads they state.
#[derive(Debug)]
struct Casings {
    heats: Heats,
    species: GergSpecies,
    gas_properties: Choice,
    suction_pressure: Number,
    suction_temperature: Number,
    discharge_pressure: Number,
    count: Number,
    cooled_to: Number,
    efficiency: Efficiency,
    mechanical_efficiency: Number,
    driver_efficiency: Number,
    power: Load,
    discharge_temperature: Load,
    fuel_share: Load,
    ratio: Load,
}

impl Compress {
    /// A compressor of gas of these species.
    #[must_use]
    pub fn new(slate: &Slate) -> Self {
        let number = Parameter::number;
        let pressure = |name, about| number(name, about, Unit::MEGAPASCAL, 0.1, 25.0);
        let temperature = |name, about| number(name, about, Unit::DEGREE_CELSIUS, -15.0, 75.0);
        let efficiency = |name, about| number(name, about, Unit::PERCENT, 10.0, 100.0);
        let mut spec = Spec::new("compress");
        let feed = spec.inlet("feed");
        let outlets = Burning::declared(&mut spec, "gas");
        let mode = spec.choice(mode());
        let gas_properties = spec.choice(gas_properties());
        let when: [(Choice, &[usize]); 2] =
            [(mode, &[STATED, FUELLED]), (gas_properties, &[BY_TABLE])];
        spec.asks_for_gas(feed, &when);
        let [suction_pressure, suction_temperature, discharge_pressure, count, cooled_to] = [
            pressure("suction_pressure", "absolute pressure that the gas comes with"),
            temperature("suction_temperature", "temperature that the gas comes with"),
            pressure("discharge_pressure", "absolute pressure that the gas is raised to"),
            Parameter::whole("casings", "casings in series, of equal ratio", 1.0, 8.0),
            temperature("cooled_to", "temperature that the cooler of each casing cools to"),
        ]
        .map(|parameter| spec.number(parameter));
        let compression = Efficiency::declared(&mut spec, "the casings");
        let [mechanical_efficiency, driver_efficiency] = [
            efficiency("mechanical_efficiency", "work on the gas over power at the shaft"),
            efficiency("driver_efficiency", "power at the shaft over net heat of the fuel"),
        ]
        .map(|parameter| spec.number(parameter));
        let power = spec.load("power", "power of all casings at the shaft", Unit::MEGAWATT);
        let about = "the hottest of a casing, before its cooler";
        let discharge_temperature = spec.load("discharge_temperature", about, Unit::DEGREE_CELSIUS);
        let about = "what its fuel is, or would be, of the gas";
        let fuel_share = spec.load("fuel_share", about, Unit::PERCENT);
        let about = "discharge over suction pressure of one casing";
        let ratio = spec.load("ratio", about, Unit::RATIO);
        Self {
            feed,
            outlets,
            mode,
            casings: Casings {
                heats: Heats::new(slate),
                species: GergSpecies::new(slate),
                gas_properties,
                suction_pressure,
                suction_temperature,
                discharge_pressure,
                count,
                cooled_to,
                efficiency: compression,
                mechanical_efficiency,
                driver_efficiency,
                power,
                discharge_temperature,
                fuel_share,
                ratio,
            },
            spec,
        }
    }

    #[allow(clippy::unnecessary_wraps, reason = "the readers of all kinds have one signature")]
    pub(in crate::stage) fn read(config: &mut Config<'_>) -> Option<Self> {
        Some(Self::new(config.slate))
    }
}

impl Casings {
    /// Compresses what comes and states the loads; gives the fuel as a share of the gas.
    fn raise<S: Scalar>(
        &self,
        call: &mut Call<'_, S>,
        feed: &[S],
        is_fuelled: bool,
    ) -> Result<S, StageError> {
        let mut pressure = call.number(self.suction_pressure);
        let overall = call.number(self.discharge_pressure) / pressure;
        if (S::one() - overall).exceeds(0.0) {
            return Err(StageError::OutOfDomain {
                what: "discharge pressure over suction pressure",
                got: overall.value(),
                allowed: "at least 1",
            });
        }
        let casings = call.number(self.count);
        let mut temperature = call.number(self.suction_temperature);
        let energy = self.heats.of(call, feed);
        let flow = feed.iter().fold(S::zero(), |sum, &moles| sum + moles);
        let flowing = Flowing::of(feed, flow);
        let way = call.choice(self.gas_properties);
        let at_rest = [S::zero(), temperature, S::zero(), S::one()];
        let gas = RealGas::of(call, &self.species, &flowing.stream, flow, way);
        let Some(gas) = gas else {
            self.state(call, at_rest);
            return Ok(S::zero());
        };
        let driver_efficiency = call.number(self.driver_efficiency);
        let ratio = overall.pow(S::one() / casings);
        let (mut power, mut hottest) = (S::zero(), temperature);
        let mut way = Way::of(call);
        for _ in 0..whole(casings) {
            let casing = Station {
                in_service: true,
                discharge: Discharge::Ratio(ratio),
                efficiency: self.efficiency.chosen(call),
                mechanical_efficiency: call.number(self.mechanical_efficiency),
                driver_efficiency,
                aftercooler_temperature: Some(call.number(self.cooled_to)),
            };
            if let Some(undecided) = casing.undecided(pressure) {
                Call::leave_open(flowing.excess(undecided));
            }
            let moles = flowing.moles;
            let done = casing.run(&gas, energy / moles, moles, pressure, temperature);
            // neither a cold suction nor a hot discharge may lie where the gas is not known
            for (pressure, temperature) in
                [(pressure, temperature), (done.discharge_pressure, done.discharge_temperature)]
            {
                let compressibility = gas.compressibility(pressure, temperature);
                let beyond = gas.beyond(pressure, temperature, compressibility);
                match beyond.known() {
                    None => Call::leave_open(flowing.excess(beyond)),
                    Some(beyond) if beyond <= 0.0 => {}
                    Some(_) => {
                        if let Some(error) = gas.uncovered_in_casing(pressure, temperature) {
                            call.object(error);
                        }
                    }
                }
            }
            way.pass(pressure, temperature);
            way.pass(done.discharge_pressure, done.outlet_temperature);
            power += done.power;
            hottest = hottest.max(done.discharge_temperature);
            (pressure, temperature) = (done.discharge_pressure, done.outlet_temperature);
        }
        way.warn(call, &self.species, feed);
        let fuel_share = power.share_of(driver_efficiency * energy);
        let stated = [power, hottest, fuel_share, ratio];
        self.state(call, [0, 1, 2, 3].map(|of| flowing.select(stated[of], at_rest[of])));
        if !is_fuelled {
            return Ok(S::zero());
        }
        // no share of a gas without heat is fuel enough
        let excess = S::select(energy, fuel_share - S::one(), power);
        call.object_where(flowing.excess(excess), || {
            let none = energy.value() <= 0.0;
            StageError::OutOfDomain {
                what: "shaft power over what the gas could drive",
                got: if none { f64::INFINITY } else { fuel_share.value() },
                allowed: "at most 1",
            }
        });
        Ok(flowing.select(fuel_share.min(S::one()), S::zero()))
    }

    /// States power, hottest discharge, fuel share and ratio.
    fn state<S: Scalar>(&self, call: &mut Call<'_, S>, loads: [S; 4]) {
        let own = [self.power, self.discharge_temperature, self.fuel_share, self.ratio];
        for (load, value) in own.into_iter().zip(loads) {
            call.state(load, value);
        }
    }
}

/// A count as a number of things.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count, 1 to 8")]
fn whole<S: Scalar>(count: S) -> u8 {
    count.value() as u8
}

const MODES: [&str; 3] = ["passed_on", "stated", "fuelled"];
const PASSED_ON: usize = 0;
const STATED: usize = 1;
const FUELLED: usize = 2;

/// What is done about the compression.
fn mode() -> Parameter {
    let about = "whether the gas is passed on as it is, or the power is stated, or fuelled from it";
    Parameter::choice("mode", about, MODES).or(MODES[PASSED_ON])
}

impl Stage for Compress {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn linear(&self, _: Outlet, setting: &Setting<'_>) -> bool {
        // the gas decides what fuel a mole of it needs
        setting.choice(self.mode) != FUELLED
    }

    fn states(&self, _: Load, setting: &Setting<'_>) -> bool {
        setting.choice(self.mode) != PASSED_ON
    }

    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let feed = call.stream(self.feed);
        let share = match call.choice(self.mode) {
            PASSED_ON => S::zero(),
            mode => self.casings.raise(call, feed, mode == FUELLED)?,
        };
        self.outlets.burn(call, feed, share);
        Ok(())
    }
}
