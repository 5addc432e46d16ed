//! What has to hold at a level: its limits, what chains inside it ask of it, what is drawn.

use super::{Constraint, Prepared};
use crate::chain::tree::{InletId, LevelId, LimitId, OUTERMOST, PlacedLoad, StageId, Step, Tree};
use crate::ids::All;
use crate::limit::Direction;
use crate::param::Values;
use crate::stage::StreamId;

/// What a constraint holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::chain) enum Held {
    /// A limit: the level's own, or one of a chain inside it all of whose inlets are closed.
    Limit(LimitId),
    /// That a closed inlet of a chain inside refuses nothing.
    Refuses(InletId),
    /// That an import takes no more than the stream it is drawn from carries.
    Draw {
        /// What the import takes.
        wanted: StreamId,
        /// The stage that gives it, of what comes to it.
        from: StageId,
    },
    /// That a chain inside has an allowed state.
    State(LevelId),
}

impl Prepared {
    /// What has to hold at a level whose inner levels are prepared.
    pub(super) fn constraints(&self, tree: &Tree, values: &Values, id: LevelId) -> All<Constraint> {
        let level = &tree.levels[id];
        let mut constraints = All::new();
        for &limit in &level.limits {
            let placed = &tree.limits[limit];
            let known = placed.is_known(values);
            let throttling = match placed.told {
                Some(told) => values.choices[told] == 1,
                None => placed.by_itself,
            };
            let stated = match placed.load {
                PlacedLoad::Port { .. } => true,
                PlacedLoad::Stated(load) => self.states[load],
            };
            if known && throttling && stated {
                let names: Vec<bool> =
                    level.inlets.iter().map(|inlet| placed.throttles.contains(inlet)).collect();
                constraints.push(Constraint { held: Held::Limit(limit), names });
            }
        }
        let mut all_answer = |held| {
            constraints.push(Constraint { held, names: vec![true; level.inlets.len()] });
        };
        for inner in inner_levels(tree, &level.steps) {
            let prepared = &self.levels[inner];
            if prepared.is_passed_out {
                prepared.constraints.iter().for_each(|constraint| all_answer(constraint.held));
                continue;
            }
            for (place, &inlet) in tree.levels[inner].inlets.iter().enumerate() {
                let may_refuse =
                    prepared.constraints.iter().any(|constraint| constraint.names[place]);
                if prepared.closed[place] && may_refuse {
                    all_answer(Held::Refuses(inlet));
                }
            }
            if prepared.may_have_none {
                all_answer(Held::State(inner));
            }
        }
        for from in own_stages(tree, &level.steps) {
            for wanted in self.demands[from].iter().copied().flatten() {
                all_answer(Held::Draw { wanted, from });
            }
        }
        constraints
    }

    /// Whether a level may have no allowed state: at nothing, all qualities hold, and all loads that
    /// are nothing there and have a most.
    pub(super) fn may_have_none(&self, tree: &Tree, constraints: &All<Constraint>) -> bool {
        constraints.iter().any(|constraint| match constraint.held {
            Held::Limit(limit) => {
                let at_most = tree.limits[limit].direction == Direction::AtMost;
                match &tree.limits[limit].load {
                    PlacedLoad::Port { load, .. } => load.is_flow() && !at_most,
                    PlacedLoad::Stated(load) => !(at_most && self.idle[*load]),
                }
            }
            Held::Refuses(_) | Held::Draw { .. } => false,
            Held::State(_) => true,
        })
    }

    /// By inlet of a level: whether it has nowhere to refuse to.
    pub(super) fn closed(tree: &Tree, values: &Values, id: LevelId) -> Vec<bool> {
        let inlets = tree.levels[id].inlets.iter();
        inlets.map(|&inlet| id != OUTERMOST && tree.is_closed(inlet, &values.choices)).collect()
    }
}

/// The streams that constraints are on.
pub(super) fn wanted_streams(tree: &Tree, constraints: &All<Constraint>) -> Vec<StreamId> {
    let mut wanted: Vec<StreamId> = Vec::new();
    for constraint in constraints {
        match constraint.held {
            Held::Limit(limit) => match tree.limits[limit].load {
                PlacedLoad::Port { stream, .. } => wanted.push(stream),
                PlacedLoad::Stated(load) => {
                    // its own streams stand for the stage
                    let stage = tree.stages.iter().find(|stage| stage.loads.contains(load));
                    wanted.extend(stage.into_iter().flat_map(|stage| stage.writes().iter()));
                }
            },
            Held::Refuses(inlet) => wanted.push(tree.inlets[inlet].accepted),
            Held::Draw { wanted: import, from } => {
                wanted.push(import);
                wanted.extend(&tree.stages[from].inlets);
            }
            Held::State(level) => wanted.extend(tree.levels[level].streams.iter()),
        }
    }
    wanted
}

pub(super) fn inner_levels(tree: &Tree, steps: &[Step]) -> Vec<LevelId> {
    steps
        .iter()
        .flat_map(|&step| match step {
            Step::Chain(level) => vec![level],
            Step::Loop(cycle) => inner_levels(tree, &tree.loops[cycle].steps),
            Step::Stage(_) => Vec::new(),
        })
        .collect()
}

/// The stages of a level itself.
fn own_stages(tree: &Tree, steps: &[Step]) -> Vec<StageId> {
    steps
        .iter()
        .flat_map(|&step| match step {
            Step::Stage(stage) => vec![stage],
            Step::Loop(cycle) => own_stages(tree, &tree.loops[cycle].steps),
            Step::Chain(_) => Vec::new(),
        })
        .collect()
}
