//! Pressure and temperature that a stage takes over from the one that gives it its gas: a line that
//! begins where another ends.
//!
//! Streams say what flows, not at which pressure. What stands at the end of a line, the line states
//! as loads of its own; a stage behind it reads them in place of two of its numbers, in the same
//! pass, because stages run in the order of flow.

use super::tree::{LoadId, StageId, Tree};
use crate::fault::{FaultKind, Faults, Place};
use crate::ids::{All, List};
use crate::param::{
    ChoiceAt, Choices, Number, NumberAt, ParameterId, ParameterKind, PlacedParameter, Values,
};
use crate::stage::{Setting, StatedLoad};

/// What a stage takes over where a choice says so.
#[derive(Debug, Clone)]
pub(crate) struct TakenOver {
    pub parameter: ParameterId,
    pub choice: ChoiceAt,
    /// The name of the choice that says so.
    pub name: usize,
    /// Where pressure and temperature are read.
    pub numbers: [NumberAt; 2],
    pub from: Source,
}

/// Who says pressure and temperature of what comes.
#[derive(Debug, Clone)]
pub(crate) enum Source {
    /// Two loads of a stage.
    Stage(StageId, [LoadId; 2]),
    /// Nobody: what stands there instead.
    Nobody(String),
}

impl TakenOver {
    /// The loads that are taken over as it is set, with the stage that states them.
    pub fn now(&self, choices: &Choices) -> Option<(StageId, [LoadId; 2])> {
        match self.from {
            Source::Stage(stage, loads) if choices[self.choice] == self.name => {
                Some((stage, loads))
            }
            _ => None,
        }
    }

    /// Takes over what is stated.
    pub fn take<S: Copy>(
        &self,
        choices: &Choices,
        numbers: &mut List<Number, S>,
        stated: &List<StatedLoad, S>,
    ) {
        if let Some((_, loads)) = self.now(choices) {
            for (number, load) in self.numbers.into_iter().zip(loads) {
                numbers[number] = stated[load];
            }
        }
    }
}

impl<F> Tree<F> {
    /// Judges that somebody states what stages are set to take over. `place` is where an address was
    /// set.
    pub(in crate::chain) fn judge_conditions(
        &self,
        parameters: &All<PlacedParameter>,
        values: &Values,
        place: impl Fn(&str) -> Place,
        faults: &mut Faults,
    ) {
        for (id, placed) in self.stages.pairs() {
            let Some(taken) = placed.takes.as_ref() else { continue };
            if values.choices[taken.choice] != taken.name || !self.states_loads(id, values) {
                continue;
            }
            let got = match &taken.from {
                Source::Stage(from, _) if self.states_loads(*from, values) => continue,
                Source::Stage(from, _) => {
                    let from = &self.stages[*from].address;
                    format!("{from}, which states no pressure as it is set")
                }
                Source::Nobody(what) => what.clone(),
            };
            let address = &parameters[taken.parameter].address;
            let cause = &parameters[self.cause(parameters, values, taken)].address;
            let got = format!("\"line_before\" behind {got}");
            let allowed = "a pipeline by hydraulics before it, joined directly or through stages \
                           that keep pressure: split, draw";
            let place = place(cause).at_address(address);
            faults.push(place, FaultKind::NotAllowed { got, allowed: allowed.into() });
        }
    }

    /// The parameter whose setting makes nobody state what is taken over: the choice to take it over,
    /// or else one of the stage before it.
    fn cause(
        &self,
        parameters: &All<PlacedParameter>,
        values: &Values,
        taken: &TakenOver,
    ) -> ParameterId {
        let Source::Stage(from, _) = taken.from else { return taken.parameter };
        if values.is_set(taken.parameter) {
            return taken.parameter;
        }
        let slots = &self.stages[from].slots;
        let may_be = |id: &ParameterId| {
            let PlacedParameter { slot, kind, .. } = &parameters[*id];
            let (Some(at), ParameterKind::Choice { allowed, .. }) = (slot.choice(), kind) else {
                return false;
            };
            let of_stage = slots.iter().any(|own| own.choice() == Some(at));
            of_stage
                && (0..allowed.len())
                    .any(|name| self.states_loads_with(from, values, Some((at, name))))
        };
        let set = values.overrides.iter().map(|(id, _)| *id);
        set.into_iter().find(may_be).unwrap_or(taken.parameter)
    }

    /// Whether a stage states its loads as it is set.
    fn states_loads(&self, id: StageId, values: &Values) -> bool {
        self.states_loads_with(id, values, None)
    }

    /// The same with one of its choices made otherwise.
    fn states_loads_with(
        &self,
        id: StageId,
        values: &Values,
        other: Option<(ChoiceAt, usize)>,
    ) -> bool {
        let placed = &self.stages[id];
        let chosen = |at| match other {
            Some((of, name)) if of == at => name,
            _ => values.choices[at],
        };
        let choices: Vec<usize> =
            (placed.slots.iter()).map(|slot| slot.choice().map_or(0, chosen)).collect();
        let demanded = vec![false; placed.outlets.len()];
        let spec = placed.stage.spec();
        let setting = Setting::new(spec, &choices, &demanded);
        spec.load_handles().all(|load| placed.stage.states(load, &setting))
    }
}
