//! Split: one stream goes several ways at the same composition.

use crate::fault::FaultKind;
use crate::param::Parameter;
use crate::scalar::Scalar;
use crate::stage::Config;
use crate::stage::{Call, Inlet, Number, Outlet, Setting, Spec, Stage, StageError};

/// A split: outlet k gets `share_k` of the feed, the last outlet what remains.
///
/// Errors: shares that sum to more than 1.
///
#[doc = include_str!("../../../docs/kinds/split.md")]
#[derive(Debug)]
pub struct Split {
    feed: Inlet,
    /// Outlets, each with the share that goes there.
    parts: Vec<(Outlet, Number)>,
    remainder: Outlet,
    spec: Spec,
}

impl Split {
    /// A split to the named outlets, the remainder last.
    pub fn new<I>(outlets: I, remainder: &str) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        let mut spec = Spec::new("split");
        let feed = spec.inlet("feed");
        let mut part = |outlet: String| {
            let about = format!("share of the feed that goes to {outlet}");
            (spec.outlet(&outlet), spec.number(Parameter::fraction(&outlet, &about)))
        };
        let parts: Vec<(Outlet, Number)> =
            outlets.into_iter().map(|outlet| part(outlet.into())).collect();
        let remainder = spec.outlet(remainder);
        for outlet in parts.iter().map(|(outlet, _)| *outlet).chain([remainder]) {
            spec.keeps_composition(outlet);
        }
        spec.keeps_condition(feed);
        Self { feed, parts, remainder, spec }
    }

    pub(in crate::stage) fn read(config: &mut Config<'_>) -> Option<Self> {
        let (outlets, remainder) = (config.names("outlets"), config.text("remainder"));
        let outlets = outlets?;
        if outlets.is_empty() {
            config.fault(FaultKind::Missing { what: "key", name: "outlets".into() });
            return None;
        }
        Some(Self::new(outlets, &remainder?))
    }
}

impl Stage for Split {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn linear(&self, _: Outlet, _: &Setting<'_>) -> bool {
        true
    }

    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let feed = call.stream(self.feed);
        let mut left = S::one();
        for &(outlet, share) in &self.parts {
            let share = call.number(share);
            left -= share;
            for (part, flow) in call.send(outlet).iter_mut().zip(feed) {
                *part = *flow * share;
            }
        }
        if (-left).exceeds(1e-12) {
            return Err(StageError::OutOfDomain {
                what: "sum of the shares",
                got: 1.0 - left.value(),
                allowed: "at most 1",
            });
        }
        let left = left.max(S::zero());
        for (part, flow) in call.send(self.remainder).iter_mut().zip(feed) {
            *part = *flow * left;
        }
        Ok(())
    }
}
