//! Fuel: part of a gas is burned for heat and power.

use crate::fault::FaultKind;
use crate::param::Parameter;
use crate::quantity::Unit;
use crate::scalar::Scalar;
use crate::species::Slate;
use crate::stage::Config;
use crate::stage::heats::{Burning, Heats};
use crate::stage::{Call, Choice, Inlet, Load, Number, Outlet, Setting, Spec, Stage, StageError};

/// A fuel tap: part of the gas leaves unburned at `burned`, at the gas's own composition; the
/// rest leaves at `gas`.
///
/// `burned = share * feed`, of moles, mass and heat alike. With molar flows `n_i`, net heats of
/// combustion at 25 degC `H_i` (ISO 6976) and molar masses `M_i`, the share is
///
/// | way | share |
/// |---|---|
/// | by share | as it is set |
/// | by duty | `min(1, duty / sum(n_i H_i))`: all of it where the heat asked for is more than the gas holds |
/// | by demand, mode `share` | as it is set |
/// | by demand, mode `duty` | `(Q / heater_efficiency + P / driver_efficiency) / sum(n_i H_i)`, with the heat `Q = heat_demand * sum(n_i M_i)` and the power `P = power_demand * sum(n_i M_i)` |
///
/// By demand it states, in both modes, the share that is burned, the share that the demand takes,
/// `Q` and `P`, so that the one can be held against the other.
///
/// Errors: a demand above the heat that the gas holds; by duty and by demand, gas of a species
/// whose heat of combustion the slate does not know.
///
/// ```
/// use gaschain::chain::Builder;
/// use gaschain::param::Value;
/// use gaschain::quantity::Unit;
/// use gaschain::species::Slate;
/// use gaschain::stage::{Fuel, Supply};
///
/// let slate = Slate::shipped().chosen(["methane"])?;
/// let mut chain = Builder::new("heater", &slate);
/// chain.stage("well", Supply::new(&slate).shown_in(Unit::MOL_PER_SECOND));
/// chain.set("well.flow", "1000 mol/s");
/// chain.set("well.composition", Value::Composition(vec![("methane".into(), 1.0)]));
/// chain.stage("fuel", Fuel::by_demand(&slate)).set("fuel.mode", "duty");
/// chain.set("fuel.share", "2 %").set("fuel.heat_demand", "0.3 GJ/t");
/// chain.set("fuel.power_demand", "0.4 GJ/t").set("fuel.driver_efficiency", "36 %");
/// chain.connect("well -> fuel").leaving_as_product("fuel.gas").leaving_as_loss("fuel.burned");
///
/// let chain = chain.build()?;
/// let solved = chain.case().solve()?;
/// // 16.0425 g/mol and 802.6 kJ/mol: 0.3 / 0.9 + 0.4 / 0.36 of 50.03 GJ/t
/// let burned = solved.stream("fuel.burned").unwrap().mol_per_s();
/// assert!((burned - 28.873).abs() < 0.001);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
#[doc = include_str!("../../../docs/kinds/fuel.md")]
#[derive(Debug)]
pub struct Fuel {
    feed: Inlet,
    outlets: Burning,
    way: Way,
    spec: Spec,
}

/// What decides how much is burned.
#[derive(Debug)]
enum Way {
    Share(Number),
    Duty { duty: Number, heats: Heats },
    Demand(Box<Demanded>),
}

/// Fuel by heat and power demanded, and by a share beside it.
#[derive(Debug)]
struct Demanded {
    heats: Heats,
    molar_masses: Vec<f64>,
    mode: Choice,
    share: Number,
    heat_demand: Number,
    power_demand: Number,
    heater_efficiency: Number,
    driver_efficiency: Number,
    fuel_share: Load,
    duty_share: Load,
    heat: Load,
    power: Load,
}

const MODES: [&str; 2] = ["share", "duty"];
const BY_SHARE: usize = 0;

impl Demanded {
    fn declared(spec: &mut Spec, slate: &Slate) -> Self {
        let unit = Unit::GIGAJOULE_PER_TONNE;
        let per_mass = |name, about| Parameter::number(name, about, unit, 0.0, 100.0).or("0 GJ/t");
        let efficiency = |name, about| Parameter::number(name, about, Unit::PERCENT, 1.0, 100.0);
        let mode = Parameter::choice(
            "mode",
            "what decides how much is burned: the share, or the heat and power demanded",
            MODES,
        );
        Self {
            heats: Heats::new(slate),
            molar_masses: slate.molar_masses().to_vec(),
            mode: spec.choice(mode.or(MODES[BY_SHARE])),
            share: spec.number(share_burned()),
            heat_demand: spec
                .number(per_mass("heat_demand", "heat demanded per mass of the gas that comes")),
            power_demand: spec.number(per_mass(
                "power_demand",
                "shaft power demanded per mass of the gas that comes",
            )),
            heater_efficiency: spec.number(
                efficiency("heater_efficiency", "heat given per net heat of the fuel").or("90 %"),
            ),
            driver_efficiency: spec.number(
                efficiency("driver_efficiency", "shaft work per net heat of the fuel").or("36 %"),
            ),
            fuel_share: spec.load("fuel_share", "share of the gas that is burned", Unit::PERCENT),
            duty_share: spec.load(
                "duty_share",
                "share that heat and power demanded take",
                Unit::PERCENT,
            ),
            heat: spec.load("heat", "heat demanded", Unit::MEGAWATT),
            power: spec.load("power", "shaft power demanded", Unit::MEGAWATT),
        }
    }

    /// The share that is burned; states what was demanded.
    fn share<S: Scalar>(&self, call: &mut Call<'_, S>, feed: &[S]) -> S {
        let energy = self.heats.of(call, feed);
        let mut mass = S::zero();
        for (&molar_mass, &flow) in self.molar_masses.iter().zip(feed) {
            mass += flow.scaled(molar_mass);
        }
        let heat = call.number(self.heat_demand) * mass;
        let power = call.number(self.power_demand) * mass;
        let fuel = heat / call.number(self.heater_efficiency)
            + power / call.number(self.driver_efficiency);
        let duty_share = fuel.share_of(energy);
        let by_share = call.choice(self.mode) == BY_SHARE;
        let share = if by_share { call.number(self.share) } else { duty_share };
        call.state(self.fuel_share, share);
        call.state(self.duty_share, duty_share);
        call.state(self.heat, heat);
        call.state(self.power, power);
        if share.exceeds(1.0) {
            call.object(StageError::OutOfDomain {
                what: "fuel that heat and power demanded take, as a share of the gas",
                got: share.value(),
                allowed: "at most 1",
            });
        }
        share.min(S::one())
    }
}

fn share_burned() -> Parameter {
    Parameter::fraction("share", "share of the gas that is burned")
}

impl Fuel {
    /// Fuel as a share of the gas.
    #[must_use]
    pub fn by_share() -> Self {
        Self::by(|spec| Way::Share(spec.number(share_burned())))
    }

    /// Fuel as a heat duty.
    #[must_use]
    pub fn by_duty(slate: &Slate) -> Self {
        let about = "heat taken from the gas, net";
        let duty = Parameter::number("duty", about, Unit::MEGAWATT, 0.0, 100_000.0);
        Self::by(|spec| Way::Duty { duty: spec.number(duty), heats: Heats::new(slate) })
    }

    /// Fuel as a share of the gas or as what heat and power demanded take, as its `mode` says;
    /// both are stated.
    #[must_use]
    pub fn by_demand(slate: &Slate) -> Self {
        Self::by(|spec| Way::Demand(Box::new(Demanded::declared(spec, slate))))
    }

    fn by(way: impl FnOnce(&mut Spec) -> Way) -> Self {
        let mut spec = Spec::new("fuel");
        let feed = spec.inlet("feed");
        let outlets = Burning::declared(&mut spec, "gas");
        Self { feed, outlets, way: way(&mut spec), spec }
    }

    pub(in crate::stage) fn read(config: &mut Config<'_>) -> Option<Self> {
        match config.optional_text("by").as_deref() {
            None | Some("share") => Some(Self::by_share()),
            Some("duty") => Some(Self::by_duty(config.slate)),
            Some("demand") => Some(Self::by_demand(config.slate)),
            Some(other) => {
                let known = ["share", "duty", "demand"];
                config.fault(FaultKind::unknown("way to burn fuel", other, known));
                None
            }
        }
    }
}

/// A duty that falls short of the heat in the gas by less than this takes all of it.
const ALL: f64 = 1.0 + 1e-14;

impl Stage for Fuel {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn linear(&self, _: Outlet, setting: &Setting<'_>) -> bool {
        match &self.way {
            Way::Share(_) => true,
            Way::Duty { .. } => false,
            Way::Demand(demand) => setting.choice(demand.mode) == BY_SHARE,
        }
    }

    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let feed = call.stream(self.feed);
        let share = match &self.way {
            Way::Share(share) => call.number(*share),
            Way::Duty { duty, heats } => {
                let energy = heats.of(call, feed);
                let duty = call.number(*duty);
                let moles = feed.iter().fold(S::zero(), |sum, &flow| sum + flow);
                // what begins to flow is burned whole: so it is said of nothing; what has no heat is
                // not burned
                let whole = S::select(energy, S::one(), S::select(moles, S::zero(), S::one()));
                S::select(duty.scaled(ALL) - energy, whole, duty.share_of(energy))
            }
            Way::Demand(demand) => demand.share(call, feed),
        };
        self.outlets.burn(call, feed, share);
        Ok(())
    }
}
