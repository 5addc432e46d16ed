//! Pipeline: carries gas over a length and burns some of it to do so.

use super::config::Config;
use super::{Call, Ports, Stage, StageError};
use crate::param::ParameterSpec;
use crate::quantity::Unit;
use crate::scalar::Scalar;

/// A pipeline by its own needs: `burned = feed * own_needs * length`, at the feed's composition;
/// the rest is delivered at `delivered`.
///
/// | parameter | unit | range |
/// |---|---|---|
/// | `length` | a length | 0 to 20,000 km |
/// | `own_needs` | a fraction per length | 0 to 10 % per 1,000 km |
///
/// Own needs are gas burned by the stations' turbines and lost on the way, as operators report
/// them per 1,000 km. Errors: own needs above everything that is carried.
#[derive(Debug)]
pub struct Pipeline;

impl Pipeline {
    #[allow(clippy::unnecessary_wraps, reason = "the readers of all kinds have one signature")]
    pub(super) const fn read(_: &mut Config<'_>) -> Option<Self> {
        Some(Self)
    }
}

const LENGTH: usize = 0;
const OWN_NEEDS: usize = 1;
const DELIVERED: usize = 0;
const BURNED: usize = 1;

impl Stage for Pipeline {
    fn kind(&self) -> &'static str {
        "pipeline"
    }

    fn ports(&self) -> Ports {
        Ports::new(["feed"], ["delivered", "burned"])
    }

    fn parameters(&self) -> Vec<ParameterSpec> {
        vec![
            ParameterSpec::number("length", "length of the line", Unit::KILOMETRE, 0.0, 20_000.0),
            ParameterSpec::number(
                "own_needs",
                "share of the gas burned and lost per length",
                Unit::PERCENT_PER_1000_KM,
                0.0,
                10.0,
            )
            .or("0 %/1000 km"),
        ]
    }

    fn burns(&self, outlet: usize) -> bool {
        outlet == BURNED
    }

    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let feed = call.inlet(0);
        let share = call.number(OWN_NEEDS) * call.number(LENGTH);
        if share.value() > 1.0 {
            return Err(StageError::OutOfDomain {
                what: "own needs over the whole length",
                got: share.value(),
                allowed: "at most 1",
            });
        }
        for (species, &flow) in feed.iter().enumerate() {
            let burned = flow * share;
            call.outlet(BURNED)[species] = burned;
            call.outlet(DELIVERED)[species] = flow - burned;
        }
        Ok(())
    }
}
