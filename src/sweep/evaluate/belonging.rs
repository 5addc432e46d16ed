//! Numbers that belong to a name of a choice, where either varies: judged as single runs are.
//!
//! A sweep of which no scenario can be is refused before it runs; where some can, the others fail
//! by themselves. Rows of a table are all known, and each is judged before it runs.

use super::evaluator::{Evaluator, Placed, Variable, option_of};
use crate::chain::{Belonging, Chain};
use crate::fault::{FaultKind, Faults, Place};
use crate::param::{ParameterId, Values};

/// Why no combination can be, and the parameter that says so.
fn refused(
    chain: &Chain,
    own: &Belonging,
    trial: &Values,
    number: Option<&Placed>,
    chosen: &[usize],
) -> (ParameterId, FaultKind) {
    let address = &chain.parameters[own.parameter].address;
    if chosen.contains(&own.name) {
        let name = address.clone();
        let kind = FaultKind::Missing { what: "value of parameter", name };
        return (if number.is_some() { own.parameter } else { own.choice }, kind);
    }
    let set = trial.overrides.iter().find(|(other, _)| *other == own.parameter);
    let got = match (number, set) {
        (Some(_), _) => "numbers that vary".to_owned(),
        (None, Some((_, value))) => value.to_string(),
        (None, None) => chain.parameters[own.parameter].value.to_string(),
    };
    (own.parameter, own.refuse(&chain.parameters, &got, chosen))
}

/// How many ways there are to set a parameter: one where it does not vary, and for all numbers.
fn options(placed: Option<&Placed>) -> usize {
    match placed.map(|placed| &placed.variable) {
        Some(Variable::Options { values, .. }) => values.len(),
        _ => 1,
    }
}

fn choose(chain: &Chain, placed: Option<&Placed>, values: &mut Values, option: usize) {
    if let Some(placed) = placed {
        // judged before
        placed.choose(chain, values, option, &mut Faults::default());
    }
}

impl Evaluator {
    /// Judges what varies together: whether any of its combinations can be. `place` is where an
    /// address was set.
    pub(crate) fn judge_together(&self, place: impl Fn(&str) -> Place, faults: &mut Faults) {
        let Self { chain, base, variables, .. } = self;
        for own in &chain.tree.belonging {
            let of = |id: ParameterId| {
                variables
                    .iter()
                    .find(|placed| chain.parameter(placed.variable.address()) == Some(id))
            };
            let [number, choice] = [of(own.parameter), of(own.choice)];
            if number.is_none() && choice.is_none() {
                continue;
            }
            let mut trial = base.clone();
            let mut chosen = Vec::new();
            let mut fits = false;
            for option in 0..options(choice) {
                choose(chain, choice, &mut trial, option);
                chosen.push(trial.choices[own.chosen]);
                fits = fits
                    || (0..options(number)).any(|option| {
                        choose(chain, number, &mut trial, option);
                        own.fits(&trial)
                    });
            }
            if !fits {
                let (address, kind) = refused(chain, own, &trial, number, &chosen);
                faults.push(place(&chain.parameters[address].address), kind);
            }
        }
    }

    /// Judges scenarios that are all known: `columns` holds the numbers of each variable, and
    /// `place` is where a scenario sets an address.
    pub(in crate::sweep) fn judge_rows(
        &self,
        columns: &[Vec<f64>],
        place: impl Fn(usize, &str) -> Place,
        faults: &mut Faults,
    ) {
        let belongs = |placed: &Placed| {
            let parameter = self.chain.parameter(placed.variable.address());
            let mut all = self.chain.tree.belonging.iter();
            all.any(|own| [Some(own.parameter), Some(own.choice)].contains(&parameter))
        };
        let varied: Vec<(&Placed, &[f64])> = (self.variables.iter())
            .zip(columns.iter().map(Vec::as_slice))
            .filter(|(placed, _)| belongs(placed))
            .collect();
        let mut values = self.base.clone();
        for row in 0..varied.first().map_or(0, |(_, column)| column.len()) {
            for (placed, column) in &varied {
                match (&placed.variable, placed.varying) {
                    (_, Some(varying)) => values.numbers[varying.place] = column[row],
                    (Variable::Options { values: options, .. }, None) => {
                        let option = option_of(column[row], options.len());
                        choose(&self.chain, Some(placed), &mut values, option);
                    }
                    (Variable::Number { .. }, None) => {}
                }
            }
            let place = |address: &str| place(row, address);
            let parameters = &self.chain.parameters;
            self.chain.tree.judge_belonging(parameters, &values, place, |_| false, faults);
        }
    }
}
