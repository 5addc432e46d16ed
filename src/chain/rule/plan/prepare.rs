//! What follows from the names, switches and orders chosen, worked out before a run: which
//! limits can stop which inlets, and whether fractions have a closed form.

use super::{Constraint, Finding, Key, Prepared, PreparedLevel, Straight};
use crate::chain::tree::{PlacedLoad, Step, Tree};
use crate::limit::Direction;
use crate::param::Values;
use crate::stage::Setting;

/// What bends streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bending {
    /// Stages that say so.
    Stages,
    /// Those, and inner inlets that may refuse a part.
    Refusals,
    /// Those, and imports that are drawn from other streams: what is taken may follow from what
    /// the stream consists of, and begins where that begins to flow.
    Draws,
}

impl Prepared {
    /// Works the structure out anew, unless it is the one already here.
    pub fn update(&mut self, tree: &Tree, values: &Values) {
        let same = self.key.as_ref().is_some_and(|key| {
            key.choices == values.choices
                && key.orders == values.orders
                && key.known == values.known
        });
        if same {
            return;
        }
        self.demands.clear();
        self.offers.clear();
        self.constants.clear();
        self.states.clear();
        self.linear.clear();
        for placed in &tree.stages {
            let choices: Vec<usize> =
                placed.choice_slots.iter().map(|&slot| values.choices[slot]).collect();
            let all = &values.choices;
            let demands: Vec<_> = (0..placed.outlets).map(|o| placed.demand(o, all)).collect();
            let imports = 0..placed.import_names.len();
            let demanded: Vec<bool> = demands.iter().map(Option::is_some).collect();
            self.demands.push(demands);
            self.offers.push(imports.map(|import| placed.offer(import, all)).collect());
            let setting = Setting { choices: &choices, demanded: &demanded };
            let stage = &placed.stage;
            self.constants.push(stage.constants(&choices));
            self.states.extend((0..placed.stated_count).map(|load| stage.states(load, &setting)));
            self.linear.push((0..placed.outlets).map(|o| stage.linear(o, &setting)).collect());
        }
        self.levels = vec![PreparedLevel::default(); tree.levels.len()];
        self.level(tree, values, 0);
        let mut scratch = 0;
        for level in &mut self.levels {
            level.scratch = scratch;
            scratch += level.groups.len() * level.constraints.len();
        }
        self.find_nests(tree, &values.choices);
        self.depth = self.depth_of(tree, &[Step::Chain(0)]);
        for id in 0..self.levels.len() {
            if self.levels[id].finding == Finding::Walk {
                let mut bent = vec![false; tree.slots];
                self.mark_bent(tree, id, true, Bending::Draws, &values.choices, &mut bent);
                let straight = self.straight(tree, id, &values.choices, &bent);
                self.levels[id].straight = straight;
            }
        }
        self.key = Some(Key {
            choices: values.choices.clone(),
            orders: values.orders.clone(),
            known: values.known.clone(),
        });
    }

    fn level(&mut self, tree: &Tree, values: &Values, id: usize) {
        let level = &tree.levels[id];
        for inner in inner_levels(tree, &level.steps) {
            self.level(tree, values, inner);
        }
        let groups: Vec<Vec<usize>> = match level.order {
            Some(order) => values.orders[order]
                .iter()
                .map(|group| group.iter().map(|&member| level.inlets[member]).collect())
                .collect(),
            None => level.inlets.iter().map(|&inlet| vec![inlet]).collect(),
        };
        let forced: Vec<bool> = groups
            .iter()
            .map(|group| group.iter().any(|&inlet| tree.is_closed(inlet, &values.choices)))
            .collect();
        let mut constraints = Vec::new();
        for &limit in &level.limits {
            let placed = &tree.limits[limit];
            let known = tree.factor_slots[limit].iter().all(|slot| values.known[slot.at]);
            let throttling = match placed.told {
                Some(slot) => values.choices[slot] == 1,
                None => placed.by_itself,
            };
            let stated = match placed.load {
                PlacedLoad::Port { .. } => true,
                PlacedLoad::Stated(load) => self.states[load],
            };
            if known && throttling && stated {
                let throttles = groups
                    .iter()
                    .map(|group| group.iter().any(|inlet| placed.throttles.contains(inlet)))
                    .collect();
                constraints.push(Constraint { limit, throttles, passed_out: false });
            }
        }
        for inner in inner_levels(tree, &level.steps) {
            let inner = &self.levels[inner];
            for constraint in &inner.constraints {
                let passes = constraint.throttles.iter().zip(&inner.forced).any(|(a, b)| *a && *b);
                if passes {
                    constraints.push(Constraint {
                        limit: constraint.limit,
                        throttles: vec![true; groups.len()],
                        passed_out: true,
                    });
                }
            }
        }
        let throttled = (0..groups.len()).any(|group| {
            !forced[group] && constraints.iter().any(|constraint| constraint.throttles[group])
        });
        self.levels[id] = PreparedLevel {
            groups,
            forced,
            constraints,
            finding: Finding::Full,
            wavy: false,
            kinked: false,
            needed: Vec::new(),
            felt: vec![false; level.steps.len()],
            scratch: 0,
            straight: Straight::default(),
        };
        let mut bent = vec![false; tree.slots];
        self.mark_bent(tree, id, true, Bending::Refusals, &values.choices, &mut bent);
        let mut bent_by_stages = vec![false; tree.slots];
        self.mark_bent(tree, id, true, Bending::Stages, &values.choices, &mut bent_by_stages);
        let is_straight = |limit: usize, bent: &[bool]| match &tree.limits[limit].load {
            PlacedLoad::Port { slot, load } => load.is_linear() && !bent[*slot],
            PlacedLoad::Stated(_) => false,
        };
        let prepared = &self.levels[id];
        let mut constraints = prepared.constraints.iter().map(|constraint| constraint.limit);
        let closed_form = constraints.clone().all(|limit| {
            tree.limits[limit].direction == Direction::AtMost && is_straight(limit, &bent)
        });
        let kinked = !constraints.all(|limit| is_straight(limit, &bent_by_stages));
        let mut wanted = wanted_slots(tree, &prepared.constraints);
        let needed = self.needed_steps(tree, &tree.levels[id].steps, &mut wanted, &values.choices);
        self.levels[id].finding = match (throttled, closed_form) {
            (false, _) => Finding::Full,
            (true, true) => Finding::ClosedForm,
            (true, false) => Finding::Walk,
        };
        self.levels[id].kinked = kinked;
        let steps = tree.levels[id].steps.iter().zip(&needed);
        let needed_steps: Vec<Step> =
            steps.filter_map(|(&step, &needed)| needed.then_some(step)).collect();
        self.levels[id].wavy = any_wavy(tree, &needed_steps);
        self.levels[id].needed = needed;
    }

    /// Which steps the streams in the wanted slots depend on; what those read is wanted too. In
    /// chains among them, marks what is felt outside.
    fn needed_steps(
        &mut self,
        tree: &Tree,
        steps: &[Step],
        wanted: &mut Vec<usize>,
        choices: &[usize],
    ) -> Vec<bool> {
        let mut needed = vec![false; steps.len()];
        for (index, &step) in steps.iter().enumerate().rev() {
            let (reads, writes) = tree.traffic(step, Some(choices));
            needed[index] = writes.iter().any(|slot| wanted.contains(slot));
            if !needed[index] {
                continue;
            }
            if let Step::Chain(inner) = step {
                let own = self.needed_steps(tree, &tree.levels[inner].steps, wanted, choices);
                for (felt, own) in self.levels[inner].felt.iter_mut().zip(own) {
                    *felt |= own;
                }
            }
            wanted.extend(reads);
        }
        needed
    }

    /// Marks the slots whose flow is not a linear function of what level `id` accepts.
    fn mark_bent(
        &self,
        tree: &Tree,
        id: usize,
        outermost: bool,
        by: Bending,
        choices: &[usize],
        bent: &mut [bool],
    ) {
        let level = &tree.levels[id];
        let prepared = &self.levels[id];
        for (group, members) in prepared.groups.iter().enumerate() {
            let may_refuse = by != Bending::Stages
                && !outermost
                && !prepared.forced[group]
                && prepared.constraints.iter().any(|constraint| constraint.throttles[group]);
            for &inlet in members {
                let inlet = &tree.inlets[inlet];
                let offered = !outermost && bent[inlet.offered];
                bent[inlet.accepted] = may_refuse || offered;
                bent[inlet.surplus] = may_refuse || offered;
            }
        }
        self.mark_steps(tree, &level.steps, by, choices, bent);
    }

    fn mark_steps(
        &self,
        tree: &Tree,
        steps: &[Step],
        by: Bending,
        choices: &[usize],
        bent: &mut [bool],
    ) {
        for &step in steps {
            match step {
                Step::Stage(stage) => {
                    let placed = &tree.stages[stage];
                    let fed_bent = placed.reads(Some(choices)).any(|slot| bent[slot]);
                    let mut imports = 0..placed.import_names.len();
                    let draws = by == Bending::Draws
                        && imports.any(|import| placed.offer(import, choices).is_some());
                    for (index, slot) in placed.writes().enumerate() {
                        // an import follows from the equations of all outlets
                        let linear = match self.linear[stage].get(index) {
                            Some(&linear) => linear,
                            None => !self.linear[stage].contains(&false),
                        };
                        bent[slot] = fed_bent || draws || !linear;
                    }
                }
                Step::Chain(inner) => {
                    self.mark_bent(tree, inner, false, by, choices, bent);
                }
                Step::Loop(index) => {
                    // a linear loop stays linear; one bent stage in it bends all of it
                    let cycle = &tree.loops[index];
                    self.mark_steps(tree, &cycle.steps, by, choices, bent);
                    let (reads, writes) = tree.traffic(step, Some(choices));
                    let any = writes.iter().chain(&reads).any(|&slot| bent[slot]);
                    for slot in writes {
                        bent[slot] = any;
                    }
                }
            }
        }
    }
}

/// Whether any stage among the steps and below them is wavy.
fn any_wavy(tree: &Tree, steps: &[Step]) -> bool {
    steps.iter().any(|&step| match step {
        Step::Stage(stage) => tree.stages[stage].stage.wavy(),
        Step::Chain(level) => any_wavy(tree, &tree.levels[level].steps),
        Step::Loop(index) => any_wavy(tree, &tree.loops[index].steps),
    })
}

fn inner_levels(tree: &Tree, steps: &[Step]) -> Vec<usize> {
    steps
        .iter()
        .flat_map(|&step| match step {
            Step::Chain(level) => vec![level],
            Step::Loop(index) => inner_levels(tree, &tree.loops[index].steps),
            Step::Stage(_) => Vec::new(),
        })
        .collect()
}

/// Slots of the streams that constraints are on.
fn wanted_slots(tree: &Tree, constraints: &[Constraint]) -> Vec<usize> {
    let mut wanted: Vec<usize> = Vec::new();
    for constraint in constraints {
        match tree.limits[constraint.limit].load {
            PlacedLoad::Port { slot, .. } => wanted.push(slot),
            PlacedLoad::Stated(load) => {
                let states = |stage: usize| {
                    let placed = &tree.stages[stage];
                    (placed.stated..placed.stated + placed.stated_count).contains(&load)
                };
                if let Some(stage) = (0..tree.stages.len()).find(|&stage| states(stage)) {
                    // its own slots stand for the stage
                    wanted.extend(tree.stages[stage].writes());
                }
            }
        }
        if constraint.passed_out {
            // the inner chain's run leaves the slack behind
            let level = tree.limits[constraint.limit].level;
            wanted.extend(tree.levels[level].slot_range.0..tree.levels[level].slot_range.1);
        }
    }
    wanted
}
