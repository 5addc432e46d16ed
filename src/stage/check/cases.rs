//! What a stage is tried with: streams at its inlets, and settings of its parameters.

use crate::fault::{FaultKind, Faults, Place};
use crate::param::{Accepted, Parameter, ParameterKind};
use crate::species::Slate;
use crate::stage::Spec;
use crate::stage::alone::uneven;

/// How often every number of a stage is drawn anew.
const DRAWS: usize = 12;

/// Streams at all inlets: as they were given, made up differently, and nothing.
pub(super) fn feeds<'n, I, F>(
    spec: &Spec,
    slate: &Slate,
    inlets: I,
    faults: &mut Faults,
) -> Vec<Vec<f64>>
where
    I: IntoIterator<Item = (&'n str, F)>,
    F: IntoIterator<Item = (&'n str, f64)>,
{
    let mut given = vec![0.0; spec.inlets().len() * slate.len()];
    for (name, flows) in inlets {
        let inlet = spec.inlets().iter().position(|inlet| inlet == name);
        if inlet.is_none() {
            faults.push(Place::address(name), FaultKind::unknown("inlet", name, spec.inlets()));
        }
        for (species, flow) in flows {
            let place = Place::address(format!("{name}.{species}"));
            let index = match slate.find(species) {
                Ok(index) => index,
                Err(kind) => {
                    faults.push(place, kind);
                    continue;
                }
            };
            if !(0.0..f64::INFINITY).contains(&flow) {
                let (got, low) = (format!("{flow} mol/s"), "0 mol/s".into());
                faults.push(place, FaultKind::OutOfRange { got, low, high: None });
            } else if let Some(inlet) = inlet {
                given[inlet * slate.len() + index] += flow;
            }
        }
    }
    let part = given.iter().enumerate().map(|(place, flow)| flow * uneven(place)).collect();
    let nothing = vec![0.0; given.len()];
    vec![given, part, nothing]
}

/// What the parameters of a stage are set to: choices and numbers, by parameter.
pub(super) struct Case {
    pub choices: Vec<usize>,
    /// SI; a composition has one a species.
    pub numbers: Vec<Vec<f64>>,
}

/// Every choice with all else at its default, then all numbers anew.
pub(super) fn cases(spec: &Spec, faults: &mut Faults) -> Vec<Case> {
    let mut base = Case { choices: Vec::new(), numbers: Vec::new() };
    for parameter in spec.parameters() {
        let default = parameter.default.as_ref().map(|value| parameter.kind.accept(value));
        let accepted = match default {
            None => None,
            Some(Ok(accepted)) => Some(accepted),
            Some(Err(kinds)) => {
                for kind in kinds {
                    faults.push(Place::address(&parameter.name), kind);
                }
                None
            }
        };
        let (choice, numbers) = match accepted {
            Some(Accepted::Number(number)) => (0, vec![number.unwrap_or(0.0)]),
            Some(Accepted::Choice(choice)) => (choice, Vec::new()),
            Some(Accepted::Offer(number, _)) => (0, vec![number]),
            Some(Accepted::Composition(feed)) => (0, feed.mole_fractions),
            Some(Accepted::Order(_)) => (0, Vec::new()),
            None => (0, between(&parameter.kind, 0.5)),
        };
        base.choices.push(choice);
        base.numbers.push(numbers);
    }
    let mut cases = Vec::new();
    for (at, parameter) in spec.parameters().iter().enumerate() {
        let names = match &parameter.kind {
            ParameterKind::Choice { allowed, .. } => allowed.len(),
            ParameterKind::Flag => 2,
            _ => 0,
        };
        for name in (0..names).filter(|name| *name != base.choices[at]) {
            let mut choices = base.choices.clone();
            choices[at] = name;
            cases.push(Case { choices, numbers: base.numbers.clone() });
        }
    }
    let settings: Vec<Vec<usize>> = std::iter::once(base.choices.clone())
        .chain(cases.iter().map(|case| case.choices.clone()))
        .collect();
    for draw in 0..DRAWS {
        let drawn = |(at, parameter): (usize, &Parameter)| {
            let share = match draw {
                0 => 0.0,
                1 => 1.0,
                _ => (uneven(7 * draw + at) - 0.1) / 1.8,
            };
            between(&parameter.kind, share)
        };
        let numbers = spec.parameters().iter().enumerate().map(drawn).collect();
        let choices = settings[draw % settings.len()].clone();
        cases.push(Case { choices, numbers });
    }
    cases.push(base);
    cases
}

/// Numbers of a kind, so far along its range; of an open range, so far to a hundred beyond.
fn between(kind: &ParameterKind, share: f64) -> Vec<f64> {
    match kind {
        &ParameterKind::Number { low, high, whole, .. } => {
            let high = if high.is_finite() { high } else { low + 100.0 };
            let number = low + share * (high - low);
            vec![if whole { number.round() } else { number }]
        }
        ParameterKind::Composition { slate, .. } => {
            vec![1.0 / slate.len().max(1) as f64; slate.len()]
        }
        _ => Vec::new(),
    }
}
