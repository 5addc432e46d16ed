//! Draw: a tap that gives another stage's import exactly what it takes.

use crate::scalar::Scalar;
use crate::stage::config::Config;
use crate::stage::{Call, Ports, Setting, Stage, StageError};

/// A tap on a stream: `drawn` carries as many moles as the import joined to it takes, at the
/// feed's composition; the rest goes on at `rest`.
///
/// The amount is decided at the other end, so the two stages form a recycle and are solved
/// together. No parameters. An import that would take more than there is holds back the inlets of
/// the chain that the two stand in.
#[derive(Debug)]
pub struct Draw;

impl Draw {
    #[allow(clippy::unnecessary_wraps, reason = "the readers of all kinds have one signature")]
    pub(in crate::stage) const fn read(_: &mut Config<'_>) -> Option<Self> {
        Some(Self)
    }
}

/// What is this much more than all, for roundings, is all.
const ALL_WITHIN: f64 = 1e-11;

const DRAWN: usize = 0;
const REST: usize = 1;

impl Stage for Draw {
    fn kind(&self) -> &'static str {
        "draw"
    }

    fn ports(&self) -> Ports {
        Ports::new(["feed"], ["drawn", "rest"])
    }

    fn linear(&self, _: usize, setting: &Setting<'_>) -> bool {
        !setting.demanded.contains(&true)
    }

    fn on_demand(&self, outlet: usize) -> bool {
        outlet == DRAWN
    }

    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let feed = call.inlet(0);
        let total = |stream: &[S]| stream.iter().fold(S::zero(), |sum, flow| sum + *flow);
        let wanted = call.demand(DRAWN).map_or_else(S::zero, total);
        // beyond all there is, equations go on: the chain's inlets are held back from there
        let share = wanted.share_of(total(feed));
        let beyond = share - S::from_f64(1.0 + ALL_WITHIN);
        let share = S::select(beyond, share, share.min(S::one()));
        for (species, &flow) in feed.iter().enumerate() {
            let drawn = flow * share;
            call.outlet(DRAWN)[species] = drawn;
            call.outlet(REST)[species] = flow - drawn;
        }
        Ok(())
    }
}
