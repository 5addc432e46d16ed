//! Market: where a stream is sold.

use crate::scalar::Scalar;
use crate::stage::Config;
use crate::stage::{Call, Inlet, Outlet, Setting, Spec, Stage, StageError};

/// A market: what arrives at its inlets (`gas`, unless others are named) is sold together, and
/// leaves the chain at an outlet with the product's name. Demand and quality are limits on it.
///
#[doc = include_str!("../../../docs/kinds/market.md")]
#[derive(Debug)]
pub struct Market {
    inlets: Vec<Inlet>,
    product: Outlet,
    spec: Spec,
}

impl Market {
    /// A market for `product`.
    #[must_use]
    pub fn new(product: &str) -> Self {
        Self::at(product, ["gas"])
    }

    /// The same market, buying at these inlets.
    #[must_use]
    pub fn buying<I>(self, inlets: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        let product = &self.spec.outlets()[0];
        Self::at(product, inlets)
    }

    fn at<I>(product: &str, inlets: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        let mut spec = Spec::new("market");
        let inlets = inlets.into_iter().map(|name| spec.inlet(&name.into())).collect();
        let product = spec.outlet(product);
        spec.keeps_composition(product);
        Self { inlets, product, spec }
    }

    pub(in crate::stage) fn read(config: &mut Config<'_>) -> Option<Self> {
        let (inlets, product) = (config.names("inlets"), config.text("product"));
        let (inlets, market) = (inlets?, Self::new(&product?));
        Some(if inlets.is_empty() { market } else { market.buying(inlets) })
    }
}

impl Stage for Market {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn linear(&self, _: Outlet, _: &Setting<'_>) -> bool {
        true
    }

    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        for &inlet in &self.inlets {
            let bought = call.stream(inlet);
            for (sum, flow) in call.send(self.product).iter_mut().zip(bought) {
                *sum += *flow;
            }
        }
        Ok(())
    }
}
