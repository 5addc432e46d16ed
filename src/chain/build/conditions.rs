//! Finding who states the pressure and temperature that a stage may take over.

use super::assembly::{Assembly, join};
use super::draft::Draft;
use crate::chain::conditions::{Source, TakenOver};
use crate::chain::tree::{StageId, Step};
use crate::param::{ChoiceAt, ParameterId};
use crate::stage::{Condition, StreamId};
use std::collections::HashMap;

/// What a stream comes from.
#[derive(Clone, Copy)]
enum Origin {
    /// A stage, by one of its outlets.
    Outlet(StageId, usize),
    /// What an inlet of a chain is offered.
    Offered(Option<StreamId>),
}

impl Assembly {
    /// Follows streams back from every stage that may take a condition over, through chains and
    /// stages that keep it, to the stage that states it.
    pub(in crate::chain) fn find_conditions(&mut self) {
        let takers =
            self.tree.stages.pairs().filter_map(|(id, placed)| {
                placed.stage.spec().takes_over().map(|takes| (id, takes))
            });
        let takers: Vec<_> = takers.collect();
        if takers.is_empty() {
            return;
        }
        let origins = origins(&self.tree);
        // a chain may have given the choice a name of its own
        let choices: HashMap<ChoiceAt, ParameterId> = (self.parameters.pairs())
            .filter_map(|(id, parameter)| Some((parameter.slot.choice()?, id)))
            .collect();
        for (id, takes) in takers {
            let placed = &self.tree.stages[id];
            let number = |at: usize| placed.slots[at].number();
            let slots = (placed.slots[takes.choice].choice(), number(takes.pressure));
            let (Some(choice), Some(pressure)) = slots else { continue };
            let Some(temperature) = number(takes.temperature) else { continue };
            let Some(&parameter) = choices.get(&choice) else { continue };
            // what nothing comes to is at fault already
            let Some(fed) = placed.inlets[takes.inlet] else { continue };
            let mut from = source(&self.tree, &origins, fed);
            if let Source::Stage(other, _) = from
                && goes_round(&self.tree, id, other)
            {
                let other = &self.tree.stages[other].address;
                from = Source::Nobody(format!("{other}, with which it lies in one recycle"));
            }
            let numbers = [pressure, temperature];
            let taken = TakenOver { parameter, choice, name: takes.name, numbers, from };
            self.tree.stages[id].takes = Some(taken);
        }
    }
}

fn origins(tree: &Draft) -> HashMap<StreamId, Origin> {
    let mut origins = HashMap::new();
    for (id, placed) in tree.stages.pairs() {
        let outlets = placed.outlets.iter().enumerate();
        origins.extend(outlets.map(|(at, stream)| (stream, Origin::Outlet(id, at))));
    }
    for inlet in &tree.inlets {
        for own in [inlet.accepted, inlet.surplus] {
            origins.insert(own, Origin::Offered(inlet.offered));
        }
    }
    origins
}

/// Who states pressure and temperature of a stream.
fn source(tree: &Draft, origins: &HashMap<StreamId, Origin>, fed: StreamId) -> Source {
    let mut stream = Some(fed);
    // no way back is longer than there are streams, but round a recycle
    for _ in 0..origins.len() {
        match stream.and_then(|stream| origins.get(&stream).copied()) {
            Some(Origin::Offered(offered)) => stream = offered,
            Some(Origin::Outlet(stage, outlet)) => {
                let placed = &tree.stages[stage];
                match placed.stage.spec().condition(outlet) {
                    Some(Condition::Stated { pressure, temperature }) => {
                        let loads = [pressure, temperature].map(|load| placed.loads.at(load));
                        return Source::Stage(stage, loads);
                    }
                    Some(Condition::Kept { inlet }) => stream = placed.inlets[inlet],
                    None => {
                        let Some(name) = placed.stage.spec().outlets().get(outlet) else { break };
                        return Source::Nobody(join(&placed.address, name));
                    }
                }
            }
            None => break,
        }
    }
    Source::Nobody("what no stage gives".to_owned())
}

/// Whether two stages lie in one recycle.
fn goes_round(tree: &Draft, one: StageId, other: StageId) -> bool {
    let holds = |step: &Step, stage: StageId| holds(tree, *step, stage);
    tree.loops.iter().any(|cycle| {
        [one, other].into_iter().all(|stage| cycle.steps.iter().any(|step| holds(step, stage)))
    })
}

fn holds(tree: &Draft, step: Step, stage: StageId) -> bool {
    match step {
        Step::Stage(own) => own == stage,
        Step::Chain(level) => tree.levels[level].stages.contains(stage),
        Step::Loop(cycle) => tree.loops[cycle].steps.iter().any(|&step| holds(tree, step, stage)),
    }
}
