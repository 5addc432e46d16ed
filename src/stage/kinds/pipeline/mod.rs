//! Pipeline: carries gas over a length and burns some of it to do so.
//!
//! *In:* gas. *Out:* the gas that arrives, the gas that was burned. *Order:* `read` reads it,
//! `hydraulics` says what its line is, `carry` asks [`flow`](crate::flow) for its pressures and
//! fuel; by its own needs alone the share burned is a parameter.

mod carry;
mod hydraulics;
mod ranges;
mod read;
#[cfg(test)]
mod tests;

pub use hydraulics::{Hydraulics, StationSite};

use crate::param::Parameter;
use crate::quantity::Unit;
use crate::scalar::Scalar;
use crate::stage::heats::Burning;
use crate::stage::{Call, Inlet, Load, Number, Outlet, Setting, Spec, Stage, StageError};
use hydraulics::Declared;

/// A pipeline.
///
/// **By its own needs** (the only way of [`Pipeline::by_own_needs`]):
/// `burned = feed * own_needs * length`, at the feed's composition; the rest is delivered at
/// `delivered`. Own needs are gas burned by the stations' turbines and lost on the way, as
/// operators report them per 1,000 km: a share of what flows, whenever it flows, so that the
/// availability of the line changes nothing.
///
/// **By hydraulics** (where it has [`Hydraulics`] and `mode` is `hydraulic`): pressure,
/// temperature and the stations' fuel follow from the flow, by [`crate::flow`] and
/// [`crate::gas`]; what is burned is the stations' fuel. The line then states what limits can be
/// put on, and its capacity is an answer. With an `availability` below 100 % it does so while it
/// runs: all is that of the flow divided by the availability, but for what is burned of the gas,
/// which is the same share of it.
///
/// Errors: own needs above everything that is carried; by
/// hydraulics, a gas that GERG-2008 does not know, a species without a known heat of combustion,
/// loops longer than the line, walls that leave no room, a roughness above a twentieth of the
/// inner diameter, and, unless a limit keeps the flow away from there, a flow that the line cannot
/// carry whatever its stations do, stations that would burn more than comes, a gas without heat
/// where one is in service, gas faster than sound ([`StageError::Supersonic`]), a state that the gas
/// is not tabulated for ([`NaturalGas`](crate::gas)), gas through a line whose availability is 0. A
/// number that belongs to a name of a choice, such as `friction_factor` to `friction = "given"`, and
/// is given with another, or not given with its own, is a fault of the chain, as is `inlet =
/// "line_before"` where no line by hydraulics is before it.
///
#[doc = include_str!("../../../../docs/kinds/pipeline.md")]
#[derive(Debug)]
pub struct Pipeline {
    feed: Inlet,
    outlets: Burning,
    length: Number,
    own_needs: Number,
    availability: Number,
    hydraulics: Option<Declared>,
    spec: Spec,
}

impl Pipeline {
    /// A line by its own needs only.
    #[must_use]
    pub fn by_own_needs() -> Self {
        Self::of(None)
    }

    /// A line that can also be run by hydraulics.
    #[must_use]
    pub fn with(hydraulics: Hydraulics) -> Self {
        Self::of(Some(hydraulics))
    }

    fn of(hydraulics: Option<Hydraulics>) -> Self {
        let mut spec = Spec::new("pipeline");
        let feed = spec.inlet("feed");
        let outlets = Burning::declared(&mut spec, "delivered");
        let about = "length of the line";
        let length = Parameter::number("length", about, Unit::KILOMETRE, 0.0, 20_000.0);
        let length = spec.number(length);
        let about = "share of the gas burned and lost per length";
        let own_needs = Parameter::number("own_needs", about, Unit::PERCENT_PER_1000_KM, 0.0, 10.0);
        let own_needs = spec.number(own_needs.or("0 %/1000 km"));
        let about = "share of the year that the line runs, at the flow over it";
        let availability = Parameter::fraction("availability", about).or("100 %");
        let availability = spec.number(availability);
        let hydraulics = hydraulics.map(|line| Declared::of(line, &mut spec));
        if let Some(line) = &hydraulics {
            line.join(feed, outlets.on(), &mut spec);
        }
        Self { feed, outlets, length, own_needs, availability, hydraulics, spec }
    }

    /// Whether it is set to run by hydraulics.
    fn is_hydraulic(&self, setting: &Setting<'_>) -> bool {
        let chosen = |line: &Declared| setting.choice(line.mode) == hydraulics::HYDRAULIC;
        self.hydraulics.as_ref().is_some_and(chosen)
    }
}

impl Stage for Pipeline {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn linear(&self, _: Outlet, setting: &Setting<'_>) -> bool {
        !self.is_hydraulic(setting)
    }

    fn states(&self, _: Load, setting: &Setting<'_>) -> bool {
        self.is_hydraulic(setting)
    }

    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        if let Some(line) = &self.hydraulics
            && call.choice(line.mode) == hydraulics::HYDRAULIC
        {
            return self.carry(line, call);
        }
        let feed = call.stream(self.feed);
        let share = call.number(self.own_needs) * call.number(self.length);
        if share.exceeds(1.0) {
            return Err(StageError::OutOfDomain {
                what: "own needs over the whole length",
                got: share.value(),
                allowed: "at most 1",
            });
        }
        self.outlets.burn(call, feed, share);
        Ok(())
    }
}
