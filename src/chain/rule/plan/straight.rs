//! What follows a straight line while a group of inlets opens: a walk works it out once, and goes
//! along the line afterwards.

use super::{Finding, Prepared, Straight};
use crate::chain::tree::{PlacedLoad, PlacedStage, Step, Tree};

impl Prepared {
    /// Finds what follows straight lines along the groups of level `id`, given which slots do not.
    pub(in crate::chain) fn straight(
        &self,
        tree: &Tree,
        id: usize,
        choices: &[usize],
        bent: &[bool],
    ) -> Straight {
        let count = tree.levels.len();
        let mut found = Straight {
            run: vec![Vec::new(); count],
            groups: vec![Vec::new(); count],
            ..Straight::default()
        };
        let mut on_lines = vec![false; tree.slots];
        let needed = self.levels[id].needed.clone();
        self.mark_straight(tree, id, needed, bent, &mut on_lines, &mut found);

        let mut read = vec![false; tree.slots];
        let is_run = |stage: &&PlacedStage| !stage.writes().any(|slot| on_lines[slot]);
        let stages = tree.stages.iter().filter(is_run);
        stages.flat_map(|stage| stage.reads(Some(choices))).for_each(|slot| read[slot] = true);
        tree.inlets.iter().for_each(|inlet| read[inlet.offered] = true);
        for limit in &tree.limits {
            if let PlacedLoad::Port { slot, .. } = limit.load {
                read[slot] = true;
            }
        }
        found.slots = (0..tree.slots).filter(|&slot| on_lines[slot] && read[slot]).collect();
        found
    }

    /// Marks steps of a level whose groups do not stop anything themselves, and what lies in it.
    fn mark_straight(
        &self,
        tree: &Tree,
        id: usize,
        mut run: Vec<bool>,
        bent: &[bool],
        on_lines: &mut [bool],
        found: &mut Straight,
    ) {
        for (run, &step) in run.iter_mut().zip(&tree.levels[id].steps) {
            match step {
                Step::Stage(stage) => {
                    let placed = &tree.stages[stage];
                    let mut loads = placed.stated..placed.stated + placed.stated_count;
                    let follows = placed.writes().all(|slot| !bent[slot])
                        && !loads.any(|load| self.states[load]);
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
    fn mark_responses(&self, tree: &Tree, id: usize, bent: &[bool], found: &mut Straight) {
        let level = &self.levels[id];
        let all_flows = level.constraints.iter().all(|constraint| {
            let load = &tree.limits[constraint.limit].load;
            !constraint.passed_out
                && matches!(load, PlacedLoad::Port { load, .. } if load.is_flow())
        });
        let follows = |group: &Vec<usize>| {
            all_flows && group.iter().all(|&inlet| !bent[tree.inlets[inlet].offered])
        };
        let groups: Vec<bool> = level.groups.iter().map(follows).collect();
        let count = level.constraints.len();
        for group in (0..groups.len()).filter(|&group| groups[group]) {
            let first = level.scratch + group * count;
            found.responses.extend(first..first + count);
        }
        found.groups[id] = groups;
    }
}
