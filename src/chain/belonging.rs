//! Numbers that belong to a name of a choice: given with it, and with no other.
//!
//! A friction factor is given where no law makes it. One that is given beside a law would be passed
//! over in silence, and one that is lacking would count as zero: both are faults. Where a scenario
//! chooses another name, what the chain gives with its own waits.

use super::tree::Tree;
use crate::fault::{Fault, FaultKind, Faults, Place};
use crate::ids::All;
use crate::param::{ChoiceAt, NumberAt, ParameterId, ParameterKind, PlacedParameter, Values};
use crate::quantity::Quantity;

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
    pub(crate) fn judge_belonging(
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
                FaultKind::Missing { .. } => {
                    // taken away, or asked for by what was chosen
                    let place = if values.is_set(own.parameter) { at_number } else { at_choice };
                    Place { address: None, ..place }
                }
                _ => at_number,
            };
            faults.push(place, kind);
        }
    }
}

impl Belonging {
    /// Whether its number and its choice go together.
    pub(crate) fn fits(&self, values: &Values) -> bool {
        match (values.known[self.number], values.choices[self.chosen] == self.name) {
            (true, true) | (false, false) => true,
            (false, true) => false,
            // what a chain gives waits where another name is chosen on top of it
            (true, false) => values.is_set(self.choice) && !values.is_set(self.parameter),
        }
    }

    fn fault(&self, parameters: &All<PlacedParameter>, values: &Values) -> Option<FaultKind> {
        if self.fits(values) {
            return None;
        }
        let parameter = &parameters[self.parameter];
        if !values.known[self.number] {
            let name = parameter.address.clone();
            return Some(FaultKind::Missing { what: "value of parameter", name });
        }
        let set = values.overrides.iter().find(|(other, _)| *other == self.parameter);
        let got = match (set, &parameter.kind) {
            (Some((_, value)), _) => value.to_string(),
            // a number that varies is set, and nobody wrote it
            (None, ParameterKind::Number { unit, .. }) if values.is_set(self.parameter) => {
                Quantity::from_si(values.numbers[self.number], *unit).rounded().to_string()
            }
            _ => parameter.value.to_string(),
        };
        Some(self.refuse(parameters, &got, &[values.choices[self.chosen]]))
    }

    /// The fault of a number beside other names than its own.
    pub(crate) fn refuse(
        &self,
        parameters: &All<PlacedParameter>,
        number: &str,
        chosen: &[usize],
    ) -> FaultKind {
        let names: Vec<String> =
            chosen.iter().map(|&name| format!("\"{}\"", self.names[name])).collect();
        let choice = &parameters[self.choice].address;
        FaultKind::NotAllowed {
            got: format!("{number} with {choice} = {}", names.join(" or ")),
            allowed: format!("a value with \"{}\" only", self.names[self.name]),
        }
    }
}
