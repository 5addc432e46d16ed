//! Numbers that belong to a name of a choice: given with it, and with no other.
//!
//! A friction factor is given where no law makes it. One that is given beside a law would be passed
//! over in silence, and one that is lacking would count as zero: both are faults. Where a scenario
//! chooses another name, what the chain gives with its own waits.

use super::tree::Tree;
use crate::fault::{Fault, FaultKind, Faults, Place};
use crate::ids::All;
use crate::param::{ChoiceAt, NumberAt, ParameterId, PlacedParameter, Values};

/// A number, and the name of a choice that it belongs to.
#[derive(Debug, Clone)]
pub(crate) struct Belonging {
    pub parameter: ParameterId,
    pub number: NumberAt,
    pub choice: ParameterId,
    pub chosen: ChoiceAt,
    /// Which name.
    pub name: usize,
    /// The names of the choice.
    pub names: Vec<String>,
}

impl<F> Tree<F> {
    /// Judges numbers against what was chosen. `place` is where an address was set; of what is
    /// `excused` it is known that it could not be read.
    pub(in crate::chain) fn judge_belonging(
        &self,
        parameters: &All<PlacedParameter>,
        values: &Values,
        place: impl Fn(&str) -> Place,
        excused: impl Fn(&str) -> bool,
        faults: &mut Faults,
    ) {
        for own in &self.belonging {
            let [number, choice] = [own.parameter, own.choice].map(|of| &parameters[of].address);
            let kind = own.fault(parameters, values);
            let Some(kind) = kind.filter(|_| !excused(number) && !excused(choice)) else {
                continue;
            };
            let [at_number, at_choice] = [number, choice].map(|address| place(address));
            // what could not be read says nothing of what belongs to what
            let is_faulty = |fault: &Fault| [&at_number, &at_choice].contains(&&fault.place);
            if faults.iter().any(is_faulty) {
                continue;
            }
            let place = match kind {
                FaultKind::Missing { .. } => Place { address: None, ..at_choice },
                _ => at_number,
            };
            faults.push(place, kind);
        }
    }
}

impl Belonging {
    fn fault(&self, parameters: &All<PlacedParameter>, values: &Values) -> Option<FaultKind> {
        let chosen = values.choices[self.chosen];
        let parameter = &parameters[self.parameter];
        match (values.known[self.number], chosen == self.name) {
            (true, true) | (false, false) => None,
            (false, true) => {
                let name = parameter.address.clone();
                Some(FaultKind::Missing { what: "value of parameter", name })
            }
            (true, false) => {
                // what a chain gives waits where another name is chosen on top of it
                if values.is_set(self.choice) && !values.is_set(self.parameter) {
                    return None;
                }
                let set = values.overrides.iter().find(|(other, _)| *other == self.parameter);
                let value = set.map_or(&parameter.value, |(_, value)| value);
                let choice = &parameters[self.choice].address;
                Some(FaultKind::NotAllowed {
                    got: format!("{value} with {choice} = \"{}\"", self.names[chosen]),
                    allowed: format!("a value with \"{}\" only", self.names[self.name]),
                })
            }
        }
    }
}
