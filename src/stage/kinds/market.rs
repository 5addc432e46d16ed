//! Market: where a stream is sold.

use crate::scalar::Scalar;
use crate::stage::config::Config;
use crate::stage::{Call, Ports, Stage, StageError};

/// A market: what arrives at its inlets (`gas`, unless others are named) is sold together, and
/// leaves the chain at an outlet with the product's name. Demand and quality are limits on it.
#[derive(Debug)]
pub struct Market {
    product: String,
    inlets: Vec<String>,
}

impl Market {
    /// A market for `product`.
    #[must_use]
    pub fn new(product: &str) -> Self {
        Self { product: product.to_owned(), inlets: vec!["gas".to_owned()] }
    }

    /// The same market, buying at these inlets.
    #[must_use]
    pub fn buying<I>(mut self, inlets: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        self.inlets = inlets.into_iter().map(Into::into).collect();
        self
    }

    pub(in crate::stage) fn read(config: &mut Config<'_>) -> Option<Self> {
        let (inlets, product) = (config.names("inlets"), config.text("product"));
        let (inlets, market) = (inlets?, Self::new(&product?));
        Some(if inlets.is_empty() { market } else { market.buying(inlets) })
    }
}

impl Stage for Market {
    fn kind(&self) -> &'static str {
        "market"
    }

    fn ports(&self) -> Ports {
        Ports::new(self.inlets.clone(), [self.product.clone()])
    }

    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        for inlet in 0..self.inlets.len() {
            let bought = call.inlet(inlet);
            for (sum, flow) in call.outlet(0).iter_mut().zip(bought) {
                *sum += *flow;
            }
        }
        Ok(())
    }
}
