//! What follows from the names, switches and orders chosen, worked out before a run: which
//! limits can stop which inlets, and whether fractions have a closed form.

use super::hold::{inner_levels, wanted_streams};
use super::{Bent, Constraint, Finding, Held, Key, Prepared, PreparedLevel, Sources};
use crate::chain::rule::workspace::{Run, Space};
use crate::chain::tree::{LevelId, OUTERMOST, PlacedLoad, Step, Tree};
use crate::ids::{Ids, List};
use crate::limit::Direction;
use crate::param::{Choices, Slot, Values};
use crate::scalar::{Dual, Scalar};
use crate::stage::{Setting, StatedLoad, StreamId};

/// What bends streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bending {
    /// Stages that say so.
    Stages,
    /// Those, and inner inlets that may refuse a part.
    Refusals,
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
        self.misused = None;
        self.sources = Sources::default();
        let mut asks = Vec::new();
        for (id, placed) in tree.stages.pairs() {
            let all = &values.choices;
            let chosen = |slot: &Slot| slot.choice().map_or(0, |at| all[at]);
            let choices: Vec<usize> = placed.slots.iter().map(chosen).collect();
            let outlets = 0..placed.outlets.len();
            let demands: Vec<_> = outlets.map(|o| placed.demand(o, all)).collect();
            let imports = 0..placed.imports.len();
            let demanded: Vec<bool> = demands.iter().map(Option::is_some).collect();
            self.demands.push(demands);
            self.offers.push(imports.map(|import| placed.offer(import, all)).collect());
            let stage = &placed.stage;
            let spec = stage.spec();
            asks.extend(spec.asks(|parameter| choices[parameter]).map(|inlet| (id, inlet)));
            let setting = Setting::new(spec, &choices, &demanded);
            self.constants.push(stage.constants(&setting));
            self.states.extend(spec.load_handles().map(|load| stage.states(load, &setting)));
            self.linear.push(spec.outlet_handles().map(|o| stage.linear(o, &setting)).collect());
            self.misused = self.misused.or(setting.misused.take().map(|what| (id, what)));
        }
        self.sources = Sources::find(tree, self, &values.choices, &asks);
        self.idle = self.idle_loads(tree, values);
        self.levels = List::filled(tree.levels.ids(), PreparedLevel::default());
        self.level(tree, values, OUTERMOST);
        self.responses = Ids::default();
        for level in self.levels.iter_mut() {
            level.responses = self.responses.more(level.closed.len() * level.constraints.len());
        }
        self.find_nests(tree, &values.choices);
        self.depth = self.depth_of(tree, &[Step::Chain(OUTERMOST)]);
        self.key = Some(Key {
            choices: values.choices.clone(),
            orders: values.orders.clone(),
            known: values.known.clone(),
        });
    }

    /// By stated load: whether it is nothing where nothing comes, and no parameter of its stage
    /// moves it from there.
    fn idle_loads(&self, tree: &Tree, values: &Values) -> List<StatedLoad, bool> {
        let mut space: Space<Dual> = Space::new(tree);
        space.load_values(values, Ids::default());
        let choices = &values.choices;
        let run = Run { tree, prepared: self, choices, molar_masses: &[], torn_are_known: false };
        let mut idle = List::filled(tree.loads, false);
        for (id, placed) in tree.stages.pairs().filter(|(_, placed)| placed.loads.len() > 0) {
            idle[placed.loads].fill(true);
            let numbers = placed.slots.iter().flat_map(|slot| {
                match *slot {
                    Slot::Number(at) => Ids::starting(at, 1),
                    Slot::Composition(at, _) => at,
                    Slot::Choice(_) | Slot::Order(_) => Ids::default(),
                }
                .iter()
            });
            for number in numbers.map(Some).chain([None]) {
                let before = number.map(|at| space.numbers[at]);
                if let Some(at) = number {
                    space.numbers[at] = Dual::variable(values.numbers[at]);
                }
                let known = run.stage(id, &mut space).is_ok() && space.objections[id].is_none();
                for load in placed.loads.iter() {
                    idle[load] &= known && space.stated[load] == Dual::zero();
                }
                if let (Some(at), Some(before)) = (number, before) {
                    space.numbers[at] = before;
                }
            }
        }
        idle
    }

    fn level(&mut self, tree: &Tree, values: &Values, id: LevelId) {
        let level = &tree.levels[id];
        for inner in inner_levels(tree, &level.steps) {
            self.level(tree, values, inner);
        }
        let groups: Vec<Vec<usize>> = match level.order {
            Some(order) => values.orders[order].clone(),
            None => (0..level.inlets.len()).map(|inlet| vec![inlet]).collect(),
        };
        let closed = Self::closed(tree, values, id);
        let is_passed_out = id != OUTERMOST && !closed.contains(&false);
        let constraints = self.constraints(tree, values, id);
        let may_have_none = !is_passed_out && self.may_have_none(tree, &constraints);
        let throttled =
            !is_passed_out && constraints.iter().any(|constraint| constraint.names.contains(&true));
        self.levels[id] = PreparedLevel {
            groups,
            closed,
            is_passed_out,
            constraints,
            may_have_none,
            reads: tree.traffic(Step::Chain(id), Some(&values.choices)).0,
            lent: tree.lent(Step::Chain(id), &values.choices),
            felt: vec![false; level.steps.len()],
            ..PreparedLevel::default()
        };
        let mut bent = List::filled(tree.streams, false);
        self.mark_bent(tree, id, true, Bending::Refusals, &values.choices, &mut bent);
        let mut bent_by_stages = List::filled(tree.streams, false);
        self.mark_bent(tree, id, true, Bending::Stages, &values.choices, &mut bent_by_stages);
        let prepared = &self.levels[id];
        let on = |constraint: &Constraint| match constraint.held {
            Held::Limit(limit) => match &tree.limits[limit].load {
                PlacedLoad::Port { stream, load } => Some((*stream, load, limit)),
                PlacedLoad::Stated(_) => None,
            },
            Held::Refuses(_) | Held::Draw { .. } | Held::State(_) => None,
        };
        let all = |fits: &dyn Fn(&Constraint) -> bool| prepared.constraints.iter().all(fits);
        let straight = all(&|constraint| {
            on(constraint).is_some_and(|(stream, load, _)| load.is_linear() && !bent[stream])
        });
        let only_fills = all(&|constraint| {
            on(constraint).is_some_and(|(_, load, limit)| {
                load.is_flow() && tree.limits[limit].direction == Direction::AtMost
            })
        });
        let only_inside = all(&|constraint| match constraint.held {
            Held::Limit(_) => on(constraint)
                .is_some_and(|(stream, load, _)| load.is_linear() && !bent_by_stages[stream]),
            Held::Refuses(inlet) => !bent_by_stages[tree.inlets[inlet].offered],
            Held::Draw { .. } => false,
            Held::State(level) => {
                tree.levels[level].streams.iter().all(|stream| !bent_by_stages[stream])
            }
        });
        let finding = match (throttled, straight) {
            (false, _) => Finding::Full,
            (true, true) => Finding::Straight { only_fills },
            (true, false) => Finding::Bent { only_inside },
        };
        let mut wanted = wanted_streams(tree, &prepared.constraints);
        let needed = self.needed_steps(tree, &tree.levels[id].steps, &mut wanted, &values.choices);
        let steps = tree.levels[id].steps.iter().zip(&needed);
        let needed_steps: Vec<Step> =
            steps.filter_map(|(&step, &needed)| needed.then_some(step)).collect();
        let own = &mut self.levels[id];
        own.finding = finding;
        own.wavy = any_wavy(tree, &needed_steps);
        own.needed = needed;
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
        for (place, &inlet) in level.inlets.iter().enumerate() {
            let may_refuse = by == Bending::Refusals
                && !outermost
                && !prepared.is_passed_out
                && prepared.constraints.iter().any(|constraint| constraint.names[place]);
            let inlet = &tree.inlets[inlet];
            let offered = !outermost && bent[inlet.offered];
            bent[inlet.accepted] = may_refuse || offered;
            bent[inlet.surplus] = may_refuse || offered;
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
                    for (index, stream) in placed.writes().iter().enumerate() {
                        // an import follows from the equations of all outlets
                        let linear = match self.linear[stage].get(index) {
                            Some(&linear) => linear,
                            None => !self.linear[stage].contains(&false),
                        };
                        bent[stream] = fed_bent || !linear;
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
        Step::Stage(stage) => tree.stages[stage].stage.spec().is_oscillating(),
        Step::Chain(level) => any_wavy(tree, &tree.levels[level].steps),
        Step::Loop(cycle) => any_wavy(tree, &tree.loops[cycle].steps),
    })
}
