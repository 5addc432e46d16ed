//! What judges a scenario, in every recording, whatever is asked for.
//!
//! A run of plain numbers fails where a stage objects, a flow cannot be, a balance does not close
//! or a limit stops inlets by a quality that is not known. Stages and walks have left their guards
//! as they were recorded; what is judged of a whole run is added here.

use crate::chain::{Chain, PlacedLoad, PlacedStage, Recorded};
use crate::param::Values;
use crate::scalar::Scalar;
use crate::solved::{Through, residual};
use crate::stage::{StreamId, Streams};
use crate::tape::Traced;

/// What is judged by its number; all else is left as guards.
pub(super) struct Judges {
    /// The worst residual of the balances that are not seen to close whatever the scenario; of the
    /// others, what rounding leaves.
    pub worst: Traced,
    /// A sum of flows that is no finite number where any flow of the run is none. What enters a
    /// stage that is seen to close leaves it: of those, what leaves the chain tells.
    pub flows: Traced,
    /// What flows into the stage that is looked at.
    given: Vec<Traced>,
}

impl Judges {
    /// Records what judges a run.
    pub fn of(chain: &Chain, values: &Values, recorded: &Recorded) -> Self {
        qualities(chain, values, recorded);
        let streams = &recorded.streams;
        let mut judges = Self {
            worst: Traced::from_f64(f64::EPSILON),
            flows: Traced::zero(),
            given: Vec::new(),
        };
        let mut through = Through::new(chain.tree.species);
        for placed in &chain.tree.stages {
            through.stage(placed, streams);
            let closes = judges.close(chain, placed, &through, streams);
            for stream in placed.writes().iter() {
                possible(&streams[stream], &through);
                if !closes {
                    judges.add(stream, streams);
                }
            }
        }
        for link in chain.tree.links.iter().filter(|link| link.to.is_none()) {
            judges.add(link.stream, streams);
        }
        judges
    }

    /// Records the balances of a stage, by species, and where something reacts by element; gives
    /// whether all are seen to close.
    fn close(
        &mut self,
        chain: &Chain,
        placed: &PlacedStage,
        through: &Through<Traced>,
        streams: &Streams<Traced>,
    ) -> bool {
        let inlets = placed.inlets.iter().flat_map(|&inlet| &streams[inlet]);
        self.given = inlets.copied().collect();
        let least = through.least();
        let mut closes = true;
        if placed.stage.spec().is_reacting() {
            for element in 0..chain.slate.elements().len() {
                let (inflow, outflow) = through.of_element(chain.slate.element_counts(element));
                closes &= self.check(inflow, outflow, least);
            }
        } else {
            for (&inflow, &outflow) in through.inflow.iter().zip(&through.outflow) {
                closes &= self.check(inflow, outflow, least);
            }
        }
        closes
    }

    fn check(&mut self, inflow: Traced, outflow: Traced, least: Traced) -> bool {
        let closes = inflow.is_always(outflow, &self.given);
        if !closes {
            self.worst = self.worst.max(residual(inflow, outflow, least));
        }
        closes
    }

    fn add(&mut self, stream: StreamId, streams: &Streams<Traced>) {
        let flows = streams[stream].iter();
        self.flows += flows.fold(Traced::zero(), |sum, &flow| sum + flow);
    }
}

/// Guards flows that a stage writes: none may be below zero, but for what rounding leaves.
fn possible(flows: &[Traced], through: &Through<Traced>) {
    for (species, &flow) in flows.iter().enumerate() {
        if !flow.is_never_below_zero() {
            let whole = through.inflow[species].max(through.outflow[species]);
            (-flow - whole.scaled(1e-12)).guard();
        }
    }
}

/// Guards what limits that are told to stop inlets by a quality have to know of their streams.
fn qualities(chain: &Chain, values: &Values, recorded: &Recorded) {
    for limit in &chain.tree.limits {
        let told = limit.told.is_some_and(|told| values.choices[told] == 1);
        if let (true, Some(_), PlacedLoad::Port { stream, load }) =
            (told, limit.capacity_in(values), &limit.load)
        {
            load.guard_lacking(&recorded.streams[*stream]);
        }
    }
}
