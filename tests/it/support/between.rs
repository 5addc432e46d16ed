//! A stage between a supply and a market, and one that leaks.

use super::chains::slate;
use gaschain::chain::Builder;
use gaschain::scalar::Scalar;
use gaschain::species::Slate;
use gaschain::stage::{Call, Market, Ports, Stage, StageError, Supply};

/// Species of the chains built here.
pub fn light_gases() -> Slate {
    slate(&["methane", "ethane", "nitrogen", "helium", "ethylene", "1-butene"])
}

/// A supply of methane with a tenth of helium, and a market, with something in between.
pub fn between(stage: impl Stage) -> Builder {
    let slate = light_gases();
    let mut builder = Builder::new("one stage", &slate);
    let supply = Supply::new(&slate).knowing("well", &[0.9, 0.0, 0.0, 0.1, 0.0, 0.0]).unwrap();
    builder
        .stage("field", supply)
        .stage("plant", stage)
        .stage("city", Market::new("gas_sold"))
        .set("field.flow", "1 bcm/yr")
        .set("field.composition", "well")
        .connect("field -> plant")
        .connect("plant -> city")
        .leaving_as_product("city.gas_sold");
    builder
}

/// Passes everything on but a hundred-millionth of the helium.
#[derive(Debug)]
pub struct Leak;

impl Stage for Leak {
    fn kind(&self) -> &'static str {
        "leak"
    }
    fn ports(&self) -> Ports {
        Ports::new(["feed"], ["out"])
    }
    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let feed = call.inlet(0);
        call.outlet(0).copy_from_slice(feed);
        let helium = feed[3];
        call.outlet(0)[3] = helium * S::from_f64(1.0 - 1e-8);
        Ok(())
    }
}
