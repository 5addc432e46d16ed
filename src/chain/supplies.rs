//! What supplies offer as a run reads it: compositions with shares that are set by themselves, and
//! flows that are said by mass, liquid volume or heat, made moles.
//!
//! Values keep what was said: as a composition changes, 19 Mt/yr stay 19 Mt/yr.

use super::tree::{Supplied, Tree};
use crate::fault::{FaultKind, Faults, Place};
use crate::ids::{All, Ids, List};
use crate::param::{
    Basis, ChoiceAt, Number, NumberAt, ParameterId, ParameterKind, PlacedParameter, Values,
};
use crate::quantity::{Quantity, Unit};
use crate::scalar::Scalar;
use crate::species::Slate;
use std::cell::OnceCell;
use std::collections::HashMap;

/// A composition, and the shares that may be set by themselves.
#[derive(Debug, Clone)]
pub(crate) struct Composed {
    pub parameter: ParameterId,
    /// Its mole fractions.
    pub shares: Ids<Number>,
    /// The parameters of single shares, one a species.
    pub own: Vec<ParameterId>,
    /// Where those are set, one a species.
    pub set: Ids<Number>,
    /// The species that takes up the balance.
    pub balance: ChoiceAt,
}

/// How much of what a flow can be said by a mole of each species is.
#[derive(Debug, Clone, Default)]
pub(crate) struct PerMole([Vec<f64>; 4]);

/// All that a flow can be said by but moles.
const BASES: [Basis; 4] = [Basis::Mass, Basis::LiquidVolume, Basis::GrossHeat, Basis::NetHeat];

impl PerMole {
    pub fn new(slate: &Slate) -> Self {
        Self(BASES.map(|basis| basis.weights(slate)))
    }

    /// By species, not a number where it is not known; nothing for moles.
    fn of(&self, basis: Basis) -> &[f64] {
        let at = BASES.iter().position(|other| *other == basis);
        at.map_or(&[], |at| &self.0[at])
    }
}

/// Shares below zero by no more than this are rounding of those that leave them.
const ROUNDING: f64 = 1e-12;

impl<F> Tree<F> {
    /// Whether any of the values is said otherwise than a run reads it.
    fn are_said_otherwise(&self, values: &Values) -> bool {
        self.compositions.iter().any(|own| own.set.iter().any(|at| values.known[at]))
            || self.supplied().any(|supply| values.bases[supply.flow] != Basis::Moles)
    }

    fn supplied(&self) -> impl Iterator<Item = Supplied> {
        self.inlets.iter().filter_map(|inlet| inlet.supply)
    }

    /// Makes the numbers of values what a run reads. `doubt` is told what may not be above zero.
    pub(in crate::chain) fn compose<S: Scalar>(
        &self,
        numbers: &mut List<Number, S>,
        values: &Values,
        mut doubt: impl FnMut(S),
    ) {
        if !self.are_said_otherwise(values) {
            return;
        }
        for own in &self.compositions {
            let balance = values.choices[own.balance];
            if !own.set.iter().any(|at| values.known[at]) || balance >= own.shares.len() {
                continue;
            }
            let mut rest = S::one();
            for (species, (share, set)) in own.shares.iter().zip(own.set.iter()).enumerate() {
                if species == balance {
                    continue;
                }
                if values.known[set] {
                    numbers[share] = numbers[set];
                }
                rest -= numbers[share];
            }
            doubt(-rest - S::from_f64(ROUNDING));
            numbers[own.shares.at(balance)] = rest.max(S::zero());
        }
        for supply in self.supplied() {
            let basis = values.bases[supply.flow];
            if basis == Basis::Moles {
                continue;
            }
            let mut per_mole = S::zero();
            for (share, &weight) in supply.composition.iter().zip(self.per_mole.of(basis)) {
                if weight.is_nan() {
                    doubt(numbers[share]);
                } else {
                    per_mole += numbers[share].scaled(weight);
                }
            }
            numbers[supply.flow] = numbers[supply.flow] / per_mole;
        }
    }

    /// The numbers of values as a run reads them.
    pub(crate) fn composed(&self, values: &Values) -> List<Number, f64> {
        let mut numbers = values.numbers.clone();
        self.compose(&mut numbers, values, |_| {});
        numbers
    }

    /// How much a supply offers of what a basis counts, in SI; `None` for what is none.
    pub(crate) fn offered(&self, values: &Values, at: NumberAt, basis: Basis) -> Option<f64> {
        if values.bases[at] == basis {
            return Some(values.numbers[at]);
        }
        let supply = self.supplied().find(|supply| supply.flow == at)?;
        let numbers = self.composed(values);
        let shares = numbers[supply.composition].iter();
        let per_mole = shares.zip(self.per_mole.of(basis)).map(|(share, weight)| match share {
            0.0 => 0.0,
            share => share * weight,
        });
        let per_mole = if basis == Basis::Moles { 1.0 } else { per_mole.sum() };
        Some(numbers[at] * per_mole).filter(|amount| !amount.is_nan())
    }

    /// Judges what values are together: shares that leave the balance nothing, flows that nobody
    /// can make moles of. `place` is where an address was set.
    pub(in crate::chain) fn judge(
        &self,
        parameters: &All<PlacedParameter>,
        slate: &Slate,
        values: &Values,
        place: impl Fn(&str) -> Place,
        faults: &mut Faults,
    ) {
        if !self.are_said_otherwise(values) {
            return;
        }
        let before = faults.count();
        let order = OnceCell::new();
        for own in &self.compositions {
            if let Some((parameter, kind)) = own.fault(parameters, slate, values, &order) {
                faults.push(place(&parameters[parameter].address), kind);
            }
        }
        if faults.count() > before {
            return;
        }
        let numbers = self.composed(values);
        for supply in self.supplied() {
            let basis = values.bases[supply.flow];
            if basis == Basis::Moles {
                continue;
            }
            let parameter = &parameters[supply.parameter];
            let got = |why: String| format!("a flow {basis} of gas {why}");
            let shares = &numbers[supply.composition];
            let lacking = shares.iter().zip(self.per_mole.of(basis));
            let lacking: Vec<&str> = (lacking.zip(slate.names()))
                .filter(|((share, weight), _)| **share > 0.0 && weight.is_nan())
                .map(|(_, name)| name)
                .collect();
            let moles = numbers[supply.flow];
            let fault = if !lacking.is_empty() {
                let lacking = lacking.join(", ");
                let got = got(format!("with {lacking}, of which that is not known"));
                Some((got, "a flow by mass, or by moles".to_owned()))
            } else if !moles.is_finite() {
                Some((got("that has none".to_owned()), "a flow by mass, or by moles".to_owned()))
            } else {
                out_of_range(parameter, moles)
            };
            if let Some((got, allowed)) = fault {
                faults.push(place(&parameter.address), FaultKind::NotAllowed { got, allowed });
            }
        }
    }
}

/// What is wrong with so many moles of a flow, and what may be.
fn out_of_range(parameter: &PlacedParameter, moles: f64) -> Option<(String, String)> {
    let ParameterKind::Number { unit, low, high, .. } = parameter.kind else { return None };
    let shown = |si: f64| Quantity::from_si(si, unit).rounded().to_string();
    (!(low..=high).contains(&moles))
        .then(|| (format!("a flow that is {}", shown(moles)), parameter.kind.allowed()))
}

impl Composed {
    /// The composition that a parameter is, among those of a chain: these lie in the order of its
    /// parameters.
    pub fn of(compositions: &[Self], parameter: ParameterId) -> Option<&Self> {
        let found = compositions.binary_search_by_key(&parameter, |own| own.parameter);
        found.ok().map(|at| &compositions[at])
    }

    /// What is wrong with shares that are set by themselves, and at which.
    fn fault(
        &self,
        parameters: &All<PlacedParameter>,
        slate: &Slate,
        values: &Values,
        order: &OnceCell<HashMap<ParameterId, usize>>,
    ) -> Option<(ParameterId, FaultKind)> {
        let set = || self.own.iter().zip(self.set.iter()).filter(|(_, at)| values.known[*at]);
        let (first, _) = set().next()?;
        // what was set last is at fault
        let last = || {
            let order = order.get_or_init(|| {
                let overrides = values.overrides.iter().enumerate();
                overrides.map(|(at, (parameter, _))| (*parameter, at)).collect()
            });
            let set = set().filter_map(|(own, _)| order.get(own).map(|at| (at, *own)));
            set.max().map_or(*first, |(_, own)| own)
        };
        let balance = values.choices[self.balance];
        let feed = &parameters[self.parameter].address;
        if balance >= slate.len() {
            let got = format!("a share of {feed}, of which no species takes up the balance");
            let allowed = "a whole composition, or one of a table of feeds that says its balance";
            let allowed = allowed.to_owned();
            return Some((last(), FaultKind::NotAllowed { got, allowed }));
        }
        let name = &slate.get(balance).name;
        let own = self.own[balance];
        if values.known[self.set.at(balance)] {
            let got = format!("the share of {name}, which takes up the balance of {feed}");
            let allowed = "shares of other species; a feed's column \"balance\" names another to \
                           take it up"
                .to_owned();
            return Some((own, FaultKind::NotAllowed { got, allowed }));
        }
        let share = |species: usize| {
            let set = self.set.at(species);
            values.numbers[if values.known[set] { set } else { self.shares.at(species) }]
        };
        let others = (0..slate.len()).filter(|&species| species != balance);
        let rest = 1.0 - others.map(share).sum::<f64>();
        if rest >= -ROUNDING {
            return None;
        }
        let at = last();
        let species = self.own.iter().position(|own| *own == at)?;
        let percent = |share: f64| format!("{}", Quantity::from_si(share, Unit::PERCENT).rounded());
        let most = share(species) + rest;
        let got = format!(
            "{} {} leaves {} of {name}, which takes up the balance",
            percent(share(species)),
            slate.get(species).name,
            percent(rest),
        );
        let allowed = if most >= 0.0 {
            format!("at most {}, others as they are", percent(most))
        } else {
            "shares that sum to at most 100 %".to_owned()
        };
        Some((at, FaultKind::NotAllowed { got, allowed }))
    }
}
