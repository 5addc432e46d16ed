//! A stage between a supply and a market, and one that leaks.

use super::chains::slate;
use crate::support::through::{Through, through};
use gaschain::chain::Builder;
use gaschain::scalar::Scalar;
use gaschain::species::Slate;
use gaschain::stage::{Call, Market, Outlet, Setting, Spec, Stage, StageError, Supply};

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
pub struct Leak(Through<1>);

impl Default for Leak {
    fn default() -> Self {
        Self(through("leak", ["out"]))
    }
}

impl Stage for Leak {
    fn spec(&self) -> &Spec {
        &self.0.spec
    }
    fn linear(&self, _: Outlet, _: &Setting<'_>) -> bool {
        true
    }
    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let feed = call.stream(self.0.feed);
        call.send(self.0.to[0]).copy_from_slice(feed);
        let helium = feed[3];
        call.send(self.0.to[0])[3] = helium * S::from_f64(1.0 - 1e-8);
        Ok(())
    }
}
