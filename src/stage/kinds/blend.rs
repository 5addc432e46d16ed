//! Blend: several streams become one.

use crate::fault::FaultKind;
use crate::scalar::Scalar;
use crate::stage::Config;
use crate::stage::{Call, Inlet, Outlet, Setting, Spec, Stage, StageError};

/// A blend: `out_i = sum over inlets of in_i`, species by species.
///
/// Inlets are named by its maker. No parameters.
///
#[doc = include_str!("../../../docs/kinds/blend.md")]
#[derive(Debug)]
pub struct Blend {
    inlets: Vec<Inlet>,
    out: Outlet,
    spec: Spec,
}

impl Blend {
    /// A blend of the named inlets.
    pub fn new<I>(inlets: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        let mut spec = Spec::new("blend");
        let inlets = inlets.into_iter().map(|name| spec.inlet(&name.into())).collect();
        let out = spec.outlet("out");
        spec.keeps_composition(out);
        Self { inlets, out, spec }
    }

    pub(in crate::stage) fn read(config: &mut Config<'_>) -> Option<Self> {
        let inlets = config.names("inlets")?;
        if inlets.is_empty() {
            config.fault(FaultKind::Missing { what: "key", name: "inlets".into() });
            return None;
        }
        Some(Self::new(inlets))
    }
}

impl Stage for Blend {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn linear(&self, _: Outlet, _: &Setting<'_>) -> bool {
        true
    }

    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        for &inlet in &self.inlets {
            let stream = call.stream(inlet);
            for (sum, flow) in call.send(self.out).iter_mut().zip(stream) {
                *sum += *flow;
            }
        }
        Ok(())
    }
}
