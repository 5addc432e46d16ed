//! Chains small enough to work out by hand, that several points of the rule are tried on.

use crate::support::chains::{Parts, at_most, at_most_of, build, chain_of, slate};
use crate::support::through::{Through, through};
use gaschain::chain::{Builder, Chain};
use gaschain::limit::{Limit, Load};
use gaschain::quantity::Unit;
use gaschain::scalar::Scalar;
use gaschain::species::Slate;
use gaschain::stage::{
    Call, Comonomer, Load as Stated, Outlet, Polymerise, Separate, Setting, Spec, Stage, StageError,
};

pub const METHANE: &[(&str, f64)] = &[("methane", 1.0)];
pub const ETHANE_AND_PROPANE: &[(&str, f64)] = &[("ethane", 0.5), ("propane", 0.5)];

pub fn gases() -> Slate {
    slate(&["methane", "ethane", "propane", "nitrogen"])
}

/// Supplies of methane that meet in one blend and go to one market.
pub fn fields(flows: &[(&str, f64)]) -> Builder {
    let slate = gases();
    let mut chain = chain_of(&slate);
    let names: Vec<&str> = flows.iter().map(|(name, _)| *name).collect();
    for (name, flow) in flows {
        chain.field(&slate, name, *flow, METHANE);
    }
    chain.blend("hub", &names).market("city").connect("hub -> city");
    for name in names {
        chain.connect(&format!("{name} -> hub.{name}"));
    }
    chain
}

/// A plant that takes at most `capacity` and passes it on.
pub fn plant(capacity: f64) -> Builder {
    let mut plant = Builder::new("plant", &gases());
    plant
        .inlets(&["feed"])
        .outlet("out")
        .blend("work", &["in"])
        .joined(&["feed -> work", "work -> out"])
        .limit(at_most("size", "feed", capacity));
    plant
}

/// One field into a plant.
pub fn field_and_plant(flow: f64, plant: Builder) -> Builder {
    let slate = gases();
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "field", flow, METHANE)
        .chain("plant", plant)
        .market("city")
        .joined(&["field -> plant", "plant.out -> city"]);
    chain
}

/// Furnaces that take ethane before propane, in all at most `capacity`.
pub fn furnaces(capacity: f64) -> Builder {
    let mut furnaces = Builder::new("furnaces", &gases());
    furnaces
        .inlets(&["ethane", "propane"])
        .outlet("cracked")
        .blend("coils", &["ethane", "propane"])
        .joined(&["ethane -> coils.ethane", "propane -> coils.propane", "coils -> cracked"])
        .limit(at_most("coils.size", "coils.out", capacity));
    furnaces
}

/// A field: its name, its flow in mol/s, mole fractions by species.
type Field<'a> = (&'a str, f64, &'a [(&'a str, f64)]);

/// A field of ethane and propane, separated, into furnaces; what they refuse is sold as gas.
pub fn cracker(fields: &[Field<'_>], capacity: f64) -> Builder {
    let slate = gases();
    let mut chain = chain_of(&slate);
    let names: Vec<&str> = fields.iter().map(|(name, ..)| *name).collect();
    for (name, flow, parts) in fields {
        chain.field(&slate, name, *flow, parts).connect(&format!("{name} -> hub.{name}"));
    }
    let separate = Separate::new("rest")
        .recovering(&slate, "ethane", &["ethane"], "ethane")
        .and_then(|stage| stage.recovering(&slate, "propane", &["propane"], "propane"))
        .unwrap();
    chain
        .blend("hub", &names)
        .stage("ngl", separate)
        .set("ngl.ethane", 1.0)
        .set("ngl.propane", 1.0)
        .chain("furnaces", furnaces(capacity))
        .blend("gas", &["rest", "ethane", "propane"])
        .market("city")
        .market("olefins")
        .joined(&[
            "hub -> ngl",
            "ngl.ethane -> furnaces.ethane",
            "ngl.propane -> furnaces.propane",
            "furnaces.ethane.surplus -> gas.ethane",
            "furnaces.propane.surplus -> gas.propane",
            "ngl.rest -> gas.rest",
            "gas -> city",
            "furnaces.cracked -> olefins",
        ]);
    chain
}

/// A stage of the user's own that passes its feed on and states a load of it, `x` being the feed
/// over 100 mol/s.
#[derive(Debug)]
struct Gauge {
    ports: Through<1>,
    power: Stated,
    shape: Shape,
}

impl Gauge {
    fn new(shape: Shape) -> Self {
        let mut ports = through("gauge", ["out"]);
        if matches!(shape, Shape::Bump) {
            ports.spec.oscillates();
        }
        let power = ports.spec.load("power", "a load of its own", Unit::MEGAWATT);
        Self { ports, power, shape }
    }
}

#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// `4 x (1 - x)`: rises to 1 at one half and falls to 0 again.
    Parabola,
    /// `16 x^2 (1 - x)^2`: the same, flat at both ends.
    Bump,
    /// `x^2`.
    Square,
}

impl Stage for Gauge {
    fn spec(&self) -> &Spec {
        &self.ports.spec
    }
    fn linear(&self, _: Outlet, _: &Setting<'_>) -> bool {
        true
    }
    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let feed = call.stream(self.ports.feed);
        call.send(self.ports.to[0]).copy_from_slice(feed);
        let x = feed.iter().fold(S::zero(), |sum, flow| sum + *flow) / S::from_f64(100.0);
        let hill = x * (S::one() - x);
        let megawatts = match self.shape {
            Shape::Parabola => S::from_f64(4.0) * hill,
            Shape::Bump => S::from_f64(16.0) * hill * hill,
            Shape::Square => x * x,
        };
        call.state(self.power, megawatts * S::from_f64(1e6));
        Ok(())
    }
}

/// A limit on the load that a gauge states.
fn power_at_most(capacity_in_megawatts: f64) -> Limit {
    let capacity = format!("{capacity_in_megawatts} MW");
    Limit::at_most("power", Load::stated("gauge.power"), capacity)
}

pub fn gauged(shape: Shape, flow: f64, capacity: f64) -> Chain {
    let slate = gases();
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "field", flow, METHANE)
        .stage("gauge", Gauge::new(shape))
        .market("city")
        .joined(&["field -> gauge", "gauge -> city"])
        .limit(power_at_most(capacity));
    build(chain)
}

/// A lean and a rich field into a plant of 100 mol/s that sends its surplus round, with a limit
/// on the ethane in its product: `ethane = 100 (10 + 0.5 x) / (100 + x)` once it is full.
pub fn curved(ethane: f64) -> Chain {
    let slate = gases();
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "lean", 100.0, &[("methane", 0.9), ("ethane", 0.1)])
        .field(&slate, "rich", 200.0, &[("methane", 0.5), ("ethane", 0.5)])
        .blend("hub", &["lean", "rich"])
        .chain("plant", plant(100.0))
        .blend("round", &["gas"])
        .market("city")
        .leaving_as_loss("round.out")
        .joined(&["lean -> hub.lean", "rich -> hub.rich", "hub -> plant"])
        .joined(&["plant.out -> city", "plant.feed.surplus -> round"])
        .limit(at_most_of("ethane", "city", "ethane", ethane));
    build(chain)
}

/// A line for polyethylene with 1-butene.
pub fn line(slate: &Slate) -> Polymerise {
    let comonomer = Comonomer { species: "1-butene", unit: "PB" };
    Polymerise::new(slate, "ethylene", "PE", Some(comonomer)).unwrap()
}
