//! Draw: a tap that gives another stage's import exactly what it takes.

use crate::scalar::Scalar;
use crate::stage::Config;
use crate::stage::{Call, Inlet, Outlet, Setting, Spec, Stage, StageError};

/// A tap on a stream: `drawn` carries as many moles as the import joined to it takes, at the
/// feed's composition; the rest goes on at `rest`.
///
/// The amount is decided at the other end, so the two stages form a recycle and are solved
/// together. No parameters. An import that would take more than there is holds back the inlets of
/// the chain that the two stand in.
///
#[doc = include_str!("../../../docs/kinds/draw.md")]
#[derive(Debug)]
pub struct Draw {
    feed: Inlet,
    drawn: Outlet,
    rest: Outlet,
    spec: Spec,
}

impl Default for Draw {
    fn default() -> Self {
        Self::new()
    }
}

impl Draw {
    /// A tap.
    #[must_use]
    pub fn new() -> Self {
        let mut spec = Spec::new("draw");
        let feed = spec.inlet("feed");
        let drawn = spec.outlet_on_demand("drawn");
        let rest = spec.outlet("rest");
        spec.keeps_composition(drawn);
        spec.keeps_composition(rest);
        spec.keeps_condition(feed);
        Self { feed, drawn, rest, spec }
    }

    #[allow(clippy::unnecessary_wraps, reason = "the readers of all kinds have one signature")]
    pub(in crate::stage) fn read(_: &mut Config<'_>) -> Option<Self> {
        Some(Self::new())
    }
}

/// What is this much more than all, for roundings, is all.
const ALL_WITHIN: f64 = 1e-11;

impl Stage for Draw {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn linear(&self, _: Outlet, setting: &Setting<'_>) -> bool {
        !setting.is_demanded(self.drawn)
    }

    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let feed = call.stream(self.feed);
        let total = |stream: &[S]| stream.iter().fold(S::zero(), |sum, flow| sum + *flow);
        let wanted = call.demand(self.drawn).map_or_else(S::zero, total);
        // beyond all there is, equations go on: the chain's inlets are held back from there
        let share = wanted.share_of(total(feed));
        let beyond = share - S::from_f64(1.0 + ALL_WITHIN);
        let share = S::select(beyond, share, share.min(S::one()));
        for (drawn, &flow) in call.send(self.drawn).iter_mut().zip(feed) {
            *drawn = flow * share;
        }
        for (rest, &flow) in call.send(self.rest).iter_mut().zip(feed) {
            *rest = flow - flow * share;
        }
        Ok(())
    }
}
