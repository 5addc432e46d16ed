//! What a walk sees at one opening of its group.

use crate::chain::error::SolveError;
use crate::chain::rule::plan::{Constraint, GroupId};
use crate::chain::rule::step::{Look, Seen};
use crate::chain::rule::workspace::{Extent, Nearest, Opening, Run, Space};
use crate::chain::tree::LevelId;
use crate::ids::List;
use crate::scalar::{Dual, Scalar};

/// Most evaluations along one group before the walk gives up.
const MOST_POINTS: usize = 500;

/// An opening too small to tell from none.
pub(super) const NOTHING: f64 = 1e-20;

/// The walk along one group of a level.
pub(super) struct Walk<'w, 'r> {
    pub run: &'w Run<'r>,
    pub id: LevelId,
    pub group: GroupId,
    pub mine: &'w mut Space<Dual>,
    pub rest: &'w mut [Space<Dual>],
    /// By how much each constraint was broken before the group opened.
    pub floor: List<Constraint, f64>,
    /// What follows straight lines, once that is known.
    pub lines: Option<Lines>,
    pub points: usize,
}

/// Where straight lines begin, and where they lead.
pub(super) struct Lines {
    streams: Vec<Dual>,
    responses: Vec<Dual>,
}

impl Walk<'_, '_> {
    /// Evaluates the level with this group open to `at`.
    pub(super) fn point(&mut self, at: f64) -> Result<Look<f64>, SolveError> {
        self.points += 1;
        if self.points > MOST_POINTS {
            let place = self.run.tree.levels[self.id].name.clone();
            return Err(SolveError::NotConverged { place });
        }
        let level = &self.run.prepared.levels[self.id];
        let opening = Opening::Part(Dual::variable(at));
        self.run.accept(self.id, self.group, opening, Dual::zero(), self.mine);
        self.mine.events = Nearest::default();
        let extent = if self.go_along_lines(at) { Extent::Bent(self.id) } else { Extent::Felt };
        self.run.measure_all_noting(self.id, extent, self.mine, self.rest)?;
        if self.lines.is_none() && at == 0.0 {
            self.lines = Some(self.lines());
        }
        let constraints = level.constraints.ids();
        let event = self.mine.events.0;
        let mut look = Look { at, of: List::with_room_for(constraints), event };
        for (index, constraint) in level.constraints.pairs() {
            let slack = self.mine.slack[constraint.limit];
            let scale = self.mine.scale[constraint.limit].value();
            // the level's own slacks are not events of its own walk
            let floor = self.floor.get(index).copied().unwrap_or(0.0);
            look.of.push(Seen {
                slack: slack.value() - floor,
                slope: slack.derivative(),
                scale: f64::max(scale, slack.value()),
            });
        }
        Ok(look)
    }

    /// What follows straight lines, from where the group is shut and all has been run.
    fn lines(&self) -> Lines {
        let straight = &self.run.prepared.levels[self.id].straight;
        let flows = straight.streams.iter().flat_map(|&stream| &self.mine.streams[stream]);
        let responses = straight.responses.iter().map(|&place| self.mine.responses[place]);
        Lines { streams: flows.copied().collect(), responses: responses.collect() }
    }

    /// Writes what follows straight lines at an opening; says whether that is known.
    fn go_along_lines(&mut self, at: f64) -> bool {
        let Some(lines) = &self.lines else { return false };
        let straight = &self.run.prepared.levels[self.id].straight;
        let reached = |from: &Dual| {
            let slope = from.derivative();
            Dual::new(from.value() + at * slope, slope)
        };
        let species = self.run.tree.species;
        for (&stream, from) in straight.streams.iter().zip(lines.streams.chunks_exact(species)) {
            for (flow, from) in self.mine.streams[stream].iter_mut().zip(from) {
                *flow = reached(from);
            }
        }
        for (&place, from) in straight.responses.iter().zip(&lines.responses) {
            self.mine.responses[place] = reached(from);
        }
        true
    }
}
