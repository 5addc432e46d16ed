//! Blend: several streams become one.

use crate::fault::FaultKind;
use crate::scalar::Scalar;
use crate::stage::config::Config;
use crate::stage::{Call, Ports, Stage, StageError};

/// A blend: `out_i = sum over inlets of in_i`, species by species.
///
/// Inlets are named by its maker; the outlet is `out`. No parameters.
#[derive(Debug)]
pub struct Blend {
    inlets: Vec<String>,
}

impl Blend {
    /// A blend of the named inlets.
    pub fn new<I>(inlets: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        Self { inlets: inlets.into_iter().map(Into::into).collect() }
    }

    pub(in crate::stage) fn read(config: &mut Config<'_>) -> Option<Self> {
        let inlets = config.names("inlets")?;
        if inlets.is_empty() {
            config.fault(FaultKind::Missing { what: "key", name: "inlets".into() });
            return None;
        }
        Some(Self { inlets })
    }
}

impl Stage for Blend {
    fn kind(&self) -> &'static str {
        "blend"
    }

    fn ports(&self) -> Ports {
        Ports::new(self.inlets.clone(), ["out"])
    }

    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        for inlet in 0..self.inlets.len() {
            let stream = call.inlet(inlet);
            for (sum, flow) in call.outlet(0).iter_mut().zip(stream) {
                *sum += *flow;
            }
        }
        Ok(())
    }
}
