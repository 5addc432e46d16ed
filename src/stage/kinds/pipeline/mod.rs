//! Pipeline: carries gas over a length and burns some of it to do so.
//!
//! *In:* gas. *Out:* the gas that arrives, the gas that was burned. *Order:* `read` reads it,
//! `hydraulics` says what its line is, `carry` asks [`flow`](crate::flow) for its pressures and
//! fuel; by its own needs alone the share burned is a parameter.

#[cfg(feature = "gerg")]
mod carry;
mod hydraulics;
mod read;
#[cfg(all(test, feature = "gerg"))]
mod tests;

pub use hydraulics::{Hydraulics, StationSite};

use crate::param::ParameterSpec;
use crate::quantity::Unit;
use crate::scalar::Scalar;
use crate::stage::heats::{BURNED, burn};
use crate::stage::{Call, Ports, Setting, Stage, StageError, StatedLoad};

/// A pipeline.
///
/// **By its own needs** (the only way of [`Pipeline::by_own_needs`]):
/// `burned = feed * own_needs * length`, at the feed's composition; the rest is delivered at
/// `delivered`. Own needs are gas burned by the stations' turbines and lost on the way, as
/// operators report them per 1,000 km.
///
/// **By hydraulics** (where it has [`Hydraulics`] and `mode` is `hydraulic`): pressure,
/// temperature and the stations' fuel follow from the flow, by [`crate::flow`] and
/// [`crate::gas`]; what is burned is the stations' fuel. The line then states what limits can be
/// put on, and its capacity is an answer.
///
/// | parameter | unit | range |
/// |---|---|---|
/// | `length` | a length | 0 to 20,000 km |
/// | `own_needs` | a fraction per length | 0 to 10 % per 1,000 km |
///
/// and those of [`Hydraulics`]. Errors: own needs above everything that is carried; by
/// hydraulics, a gas that GERG-2008 does not know, a species without a known heat of combustion,
/// loops longer than the line, walls that leave no room, a roughness above a twentieth of the
/// inner diameter, and, unless a limit keeps the flow away from there, a flow that the line cannot
/// carry whatever its stations do, stations that would burn more than comes, a gas without heat
/// where one is in service, a state that the gas is not tabulated for
/// ([`NaturalGas`](crate::gas)).
#[derive(Debug)]
pub struct Pipeline {
    hydraulics: Option<Hydraulics>,
}

impl Pipeline {
    /// A line by its own needs only.
    #[must_use]
    pub const fn by_own_needs() -> Self {
        Self { hydraulics: None }
    }

    /// A line that can also be run by hydraulics.
    #[must_use]
    pub const fn with(hydraulics: Hydraulics) -> Self {
        Self { hydraulics: Some(hydraulics) }
    }

    /// Whether it is set to run by hydraulics.
    fn is_hydraulic(&self, choices: &[usize]) -> bool {
        self.hydraulics.is_some() && choices.first() == Some(&hydraulics::HYDRAULIC)
    }
}

const LENGTH: usize = 0;
const OWN_NEEDS: usize = 1;
/// Index of the first parameter of the hydraulics.
#[cfg(feature = "gerg")]
const MORE: usize = 2;

impl Stage for Pipeline {
    fn kind(&self) -> &'static str {
        "pipeline"
    }

    fn ports(&self) -> Ports {
        Ports::new(["feed"], ["delivered", "burned"])
    }

    fn parameters(&self) -> Vec<ParameterSpec> {
        let mut all = vec![
            ParameterSpec::number("length", "length of the line", Unit::KILOMETRE, 0.0, 20_000.0),
            ParameterSpec::number(
                "own_needs",
                "share of the gas burned and lost per length",
                Unit::PERCENT_PER_1000_KM,
                0.0,
                10.0,
            )
            .or("0 %/1000 km"),
        ];
        all.extend(self.hydraulics.iter().flat_map(Hydraulics::parameters));
        all
    }

    fn stated_loads(&self) -> Vec<StatedLoad> {
        self.hydraulics.as_ref().map_or_else(Vec::new, Hydraulics::stated_loads)
    }

    fn linear(&self, _: usize, setting: &Setting<'_>) -> bool {
        !self.is_hydraulic(setting.choices)
    }

    fn states(&self, _: usize, setting: &Setting<'_>) -> bool {
        self.is_hydraulic(setting.choices)
    }

    fn burns(&self, outlet: usize) -> bool {
        outlet == BURNED
    }

    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        #[cfg(feature = "gerg")]
        if let Some(hydraulics) = &self.hydraulics
            && call.choice(MORE) == hydraulics::HYDRAULIC
        {
            return hydraulics.carry(call);
        }
        let feed = call.inlet(0);
        let share = call.number(OWN_NEEDS) * call.number(LENGTH);
        if share.exceeds(1.0) {
            return Err(StageError::OutOfDomain {
                what: "own needs over the whole length",
                got: share.value(),
                allowed: "at most 1",
            });
        }
        burn(call, feed, share);
        Ok(())
    }
}
