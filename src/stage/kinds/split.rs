//! Split: one stream goes several ways at the same composition.

use crate::fault::FaultKind;
use crate::param::ParameterSpec;
use crate::scalar::Scalar;
use crate::stage::config::Config;
use crate::stage::{Call, Ports, Stage, StageError};

/// A split: outlet k gets `share_k` of the feed, the last outlet what remains.
///
/// | parameter | unit | range |
/// |---|---|---|
/// | one a named outlet, under its name | fraction | 0 to 1, their sum at most 1 |
///
/// Errors: shares that sum to more than 1.
#[derive(Debug)]
pub struct Split {
    outlets: Vec<String>,
    remainder: String,
}

impl Split {
    /// A split to the named outlets, the remainder last.
    pub fn new<I>(outlets: I, remainder: &str) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        Self {
            outlets: outlets.into_iter().map(Into::into).collect(),
            remainder: remainder.to_owned(),
        }
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
    fn kind(&self) -> &'static str {
        "split"
    }

    fn ports(&self) -> Ports {
        Ports::new(["feed"], self.outlets.iter().chain([&self.remainder]).cloned())
    }

    fn parameters(&self) -> Vec<ParameterSpec> {
        let about = |outlet| format!("share of the feed that goes to {outlet}");
        self.outlets.iter().map(|outlet| ParameterSpec::fraction(outlet, &about(outlet))).collect()
    }

    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let feed = call.inlet(0);
        let mut left = S::one();
        for outlet in 0..self.outlets.len() {
            let share = call.number(outlet);
            left -= share;
            for (part, flow) in call.outlet(outlet).iter_mut().zip(feed) {
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
        for (part, flow) in call.outlet(self.outlets.len()).iter_mut().zip(feed) {
            *part = *flow * left;
        }
        Ok(())
    }
}
