//! What follows from the names, switches and orders chosen, worked out before a run: which
//! limits can stop which inlets, and whether fractions have a closed form.

use super::{Bent, Constraint, Finding, Group, Key, Prepared, PreparedLevel, Straight};
use crate::chain::tree::{InletId, LevelId, LimitId, OUTERMOST, PlacedLoad, Step, Tree};
use crate::ids::{All, Ids, List};
use crate::limit::Direction;
use crate::param::{Choices, Values};
use crate::stage::{Setting, StreamId};

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
            let choices: Vec<usize> = placed.choices.iter().map(|&at| values.choices[at]).collect();
            let all = &values.choices;
            let outlets = 0..placed.outlets.len();
            let demands: Vec<_> = outlets.clone().map(|o| placed.demand(o, all)).collect();
            let imports = 0..placed.imports.len();
            let demanded: Vec<bool> = demands.iter().map(Option::is_some).collect();
            self.demands.push(demands);
            self.offers.push(imports.map(|import| placed.offer(import, all)).collect());
            let setting = Setting { choices: &choices, demanded: &demanded };
            let stage = &placed.stage;
            self.constants.push(stage.constants(&choices));
            self.states.extend((0..placed.loads.len()).map(|load| stage.states(load, &setting)));
            self.linear.push(outlets.map(|o| stage.linear(o, &setting)).collect());
        }
        self.levels = List::filled(tree.levels.ids(), PreparedLevel::default());
        self.level(tree, values, OUTERMOST);
        self.responses = Ids::default();
        for level in self.levels.iter_mut() {
            level.responses = self.responses.more(level.groups.len() * level.constraints.len());
        }
        self.find_nests(tree, &values.choices);
        self.depth = self.depth_of(tree, &[Step::Chain(OUTERMOST)]);
        for id in self.levels.ids().iter() {
            if self.levels[id].finding == Finding::Walk {
                let mut bent = List::filled(tree.streams, false);
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

    fn level(&mut self, tree: &Tree, values: &Values, id: LevelId) {
        let level = &tree.levels[id];
        for inner in inner_levels(tree, &level.steps) {
            self.level(tree, values, inner);
        }
        let groups: List<Group, Vec<InletId>> = match level.order {
            Some(order) => values.orders[order]
                .iter()
                .map(|group| group.iter().map(|&member| level.inlets[member]).collect())
                .collect(),
            None => level.inlets.iter().map(|&inlet| vec![inlet]).collect(),
        };
        let forced: List<Group, bool> = groups
            .iter()
            .map(|group| group.iter().any(|&inlet| tree.is_closed(inlet, &values.choices)))
            .collect();
        let mut constraints = All::new();
        for &limit in &level.limits {
            let placed = &tree.limits[limit];
            let known = placed.capacity.iter().all(|&at| values.known[at]);
            let throttling = match placed.told {
                Some(told) => values.choices[told] == 1,
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
                        throttles: List::filled(groups.ids(), true),
                        passed_out: true,
                    });
                }
            }
        }
        let throttled = groups.ids().iter().any(|group| {
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
            responses: Ids::default(),
            straight: Straight::default(),
        };
        let mut bent = List::filled(tree.streams, false);
        self.mark_bent(tree, id, true, Bending::Refusals, &values.choices, &mut bent);
        let mut bent_by_stages = List::filled(tree.streams, false);
        self.mark_bent(tree, id, true, Bending::Stages, &values.choices, &mut bent_by_stages);
        let is_straight = |limit: LimitId, bent: &Bent| match &tree.limits[limit].load {
            PlacedLoad::Port { stream, load } => load.is_linear() && !bent[*stream],
            PlacedLoad::Stated(_) => false,
        };
        let prepared = &self.levels[id];
        let mut constraints = prepared.constraints.iter().map(|constraint| constraint.limit);
        let closed_form = constraints.clone().all(|limit| {
            tree.limits[limit].direction == Direction::AtMost && is_straight(limit, &bent)
        });
        let kinked = !constraints.all(|limit| is_straight(limit, &bent_by_stages));
        let mut wanted = wanted_streams(tree, &prepared.constraints);
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

    /// Which steps the wanted streams depend on; what those read is wanted too. In
    /// chains among them, marks what is felt outside.
    fn needed_steps(
        &mut self,
        tree: &Tree,
        steps: &[Step],
        wanted: &mut Vec<StreamId>,
        choices: &Choices,
    ) -> Vec<bool> {
        let mut needed = vec![false; steps.len()];
        for (index, &step) in steps.iter().enumerate().rev() {
            let (reads, writes) = tree.traffic(step, Some(choices));
            needed[index] = writes.iter().any(|stream| wanted.contains(stream));
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

    /// Marks the streams whose flow is not a linear function of what level `id` accepts.
    fn mark_bent(
        &self,
        tree: &Tree,
        id: LevelId,
        outermost: bool,
        by: Bending,
        choices: &Choices,
        bent: &mut Bent,
    ) {
        let level = &tree.levels[id];
        let prepared = &self.levels[id];
        for (group, members) in prepared.groups.pairs() {
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
        choices: &Choices,
        bent: &mut Bent,
    ) {
        for &step in steps {
            match step {
                Step::Stage(stage) => {
                    let placed = &tree.stages[stage];
                    let fed_bent = placed.reads(Some(choices)).any(|stream| bent[stream]);
                    let mut imports = 0..placed.imports.len();
                    let draws = by == Bending::Draws
                        && imports.any(|import| placed.offer(import, choices).is_some());
                    for (index, stream) in placed.writes().iter().enumerate() {
                        // an import follows from the equations of all outlets
                        let linear = match self.linear[stage].get(index) {
                            Some(&linear) => linear,
                            None => !self.linear[stage].contains(&false),
                        };
                        bent[stream] = fed_bent || draws || !linear;
                    }
                }
                Step::Chain(inner) => {
                    self.mark_bent(tree, inner, false, by, choices, bent);
                }
                Step::Loop(cycle) => {
                    // a linear loop stays linear; one bent stage in it bends all of it
                    let cycle = &tree.loops[cycle];
                    self.mark_steps(tree, &cycle.steps, by, choices, bent);
                    let (reads, writes) = tree.traffic(step, Some(choices));
                    let any = writes.iter().chain(&reads).any(|&stream| bent[stream]);
                    for stream in writes {
                        bent[stream] = any;
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
        Step::Loop(cycle) => any_wavy(tree, &tree.loops[cycle].steps),
    })
}

fn inner_levels(tree: &Tree, steps: &[Step]) -> Vec<LevelId> {
    steps
        .iter()
        .flat_map(|&step| match step {
            Step::Chain(level) => vec![level],
            Step::Loop(cycle) => inner_levels(tree, &tree.loops[cycle].steps),
            Step::Stage(_) => Vec::new(),
        })
        .collect()
}

/// The streams that constraints are on.
fn wanted_streams(tree: &Tree, constraints: &All<Constraint>) -> Vec<StreamId> {
    let mut wanted: Vec<StreamId> = Vec::new();
    for constraint in constraints {
        match tree.limits[constraint.limit].load {
            PlacedLoad::Port { stream, .. } => wanted.push(stream),
            PlacedLoad::Stated(load) => {
                // its own streams stand for the stage
                let stage = tree.stages.iter().find(|stage| stage.loads.contains(load));
                wanted.extend(stage.into_iter().flat_map(|stage| stage.writes().iter()));
            }
        }
        if constraint.passed_out {
            // the inner chain's run leaves the slack behind
            let level = tree.limits[constraint.limit].level;
            wanted.extend(tree.levels[level].streams.iter());
        }
    }
    wanted
}
