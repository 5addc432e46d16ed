//! What follows a straight line while a group of inlets opens: a walk works it out once, and goes
//! along the line afterwards.

use super::{Bent, Finding, Group, Prepared, Straight};
use crate::chain::tree::{InletId, LevelId, PlacedLoad, PlacedStage, Step, Tree};
use crate::ids::List;
use crate::param::Choices;
use crate::stage::Stream;

impl Prepared {
    /// Finds what follows straight lines along the groups of level `id`, given which streams do
    /// not.
    pub(in crate::chain) fn straight(
        &self,
        tree: &Tree,
        id: LevelId,
        choices: &Choices,
        bent: &Bent,
    ) -> Straight {
        let levels = tree.levels.ids();
        let mut found = Straight {
            run: List::filled(levels, Vec::new()),
            groups: List::filled(levels, List::new()),
            ..Straight::default()
        };
        let mut on_lines = List::filled(tree.streams, false);
        let needed = self.levels[id].needed.clone();
        self.mark_straight(tree, id, needed, bent, &mut on_lines, &mut found);

        let mut read: List<Stream, bool> = List::filled(tree.streams, false);
        let is_run = |stage: &&PlacedStage| !stage.writes().iter().any(|stream| on_lines[stream]);
        let stages = tree.stages.iter().filter(is_run);
        stages.flat_map(|stage| stage.reads(Some(choices))).for_each(|stream| read[stream] = true);
        tree.inlets.iter().for_each(|inlet| read[inlet.offered] = true);
        for limit in &tree.limits {
            if let PlacedLoad::Port { stream, .. } = limit.load {
                read[stream] = true;
            }
        }
        found.streams = tree.streams.iter().filter(|&at| on_lines[at] && read[at]).collect();
        found
    }

    /// Marks steps of a level whose groups do not stop anything themselves, and what lies in it.
    fn mark_straight(
        &self,
        tree: &Tree,
        id: LevelId,
        mut run: Vec<bool>,
        bent: &Bent,
        on_lines: &mut List<Stream, bool>,
        found: &mut Straight,
    ) {
        for (run, &step) in run.iter_mut().zip(&tree.levels[id].steps) {
            match step {
                Step::Stage(stage) => {
                    let placed = &tree.stages[stage];
                    let follows = placed.writes().iter().all(|stream| !bent[stream])
                        && !self.states[placed.loads].contains(&true);
                    if *run && follows {
                        *run = false;
                        on_lines[placed.writes()].fill(true);
                    }
                }
                Step::Chain(inner) if *run => {
                    let level = &self.levels[inner];
                    match level.finding {
                        Finding::Full => {
                            let felt = level.felt.clone();
                            self.mark_straight(tree, inner, felt, bent, on_lines, found);
                        }
                        Finding::ClosedForm => self.mark_responses(tree, inner, bent, found),
                        Finding::Walk => {}
                    }
                }
                // what goes round is found anew each time
                Step::Chain(_) | Step::Loop(_) => {}
            }
        }
        found.run[id] = run;
    }

    /// Marks groups of a level in closed form. What is a share of what flows has no line.
    fn mark_responses(&self, tree: &Tree, id: LevelId, bent: &Bent, found: &mut Straight) {
        let level = &self.levels[id];
        let all_flows = level.constraints.iter().all(|constraint| {
            let load = &tree.limits[constraint.limit].load;
            !constraint.passed_out
                && matches!(load, PlacedLoad::Port { load, .. } if load.is_flow())
        });
        let follows = |group: &Vec<InletId>| {
            all_flows && group.iter().all(|&inlet| !bent[tree.inlets[inlet].offered])
        };
        let groups: List<Group, bool> = level.groups.iter().map(follows).collect();
        for (group, _) in groups.pairs().filter(|(_, follows)| **follows) {
            found.responses.extend(level.responses_to(group).iter());
        }
        found.groups[id] = groups;
    }
}
