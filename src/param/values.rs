//! The values of all parameters of a chain, each where its kind has its place.

use super::{Accepted, Basis, ParameterId, ParameterKind, PlacedParameter, Value};
use crate::chain::Chain;
use crate::ids::{Id, Ids, List};
use std::collections::BTreeMap;

/// A number, known or not, or a mole fraction of a composition.
#[derive(Debug)]
pub(crate) enum Number {}

/// Which of some names was chosen: an index into them, 0 and 1 for a flag.
#[derive(Debug)]
pub(crate) enum Choice {}

/// A filling order.
#[derive(Debug)]
pub(crate) enum Order {}

/// The place of a number in [`Values`].
pub(crate) type NumberAt = Id<Number>;

/// The place of a choice in [`Values`].
pub(crate) type ChoiceAt = Id<Choice>;

/// The place of a filling order in [`Values`].
pub(crate) type OrderAt = Id<Order>;

/// What was chosen.
pub(crate) type Choices = List<Choice, usize>;

/// Where a parameter's value lies in [`Values`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    Number(NumberAt),
    /// A number a species, and which species takes up the balance.
    Composition(Ids<Number>, ChoiceAt),
    /// Flags too.
    Choice(ChoiceAt),
    Order(OrderAt),
}

impl Slot {
    pub const fn number(self) -> Option<NumberAt> {
        match self {
            Self::Number(at) => Some(at),
            _ => None,
        }
    }

    pub const fn composition(self) -> Option<Ids<Number>> {
        match self {
            Self::Composition(at, _) => Some(at),
            _ => None,
        }
    }

    pub const fn choice(self) -> Option<ChoiceAt> {
        match self {
            Self::Choice(at) => Some(at),
            _ => None,
        }
    }

    pub const fn order(self) -> Option<OrderAt> {
        match self {
            Self::Order(at) => Some(at),
            _ => None,
        }
    }
}

/// All slots that a chain's parameters take, while they are given out.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Slots {
    numbers: Ids<Number>,
    choices: Ids<Choice>,
    orders: Ids<Order>,
}

impl Slots {
    /// Reserves one for a parameter of this kind.
    pub fn reserve(&mut self, kind: &ParameterKind) -> Slot {
        match kind {
            ParameterKind::Number { .. } => Slot::Number(self.numbers.more(1).first()),
            ParameterKind::Composition { slate, .. } => {
                let balance = self.choices.more(1).first();
                Slot::Composition(self.numbers.more(slate.len()), balance)
            }
            ParameterKind::Choice { .. } | ParameterKind::Flag => {
                Slot::Choice(self.choices.more(1).first())
            }
            ParameterKind::Order { .. } => Slot::Order(self.orders.more(1).first()),
        }
    }
}

/// The values of all parameters of a chain: what a run is run with.
///
/// They start as the chain's own and are changed by a [`Case`](crate::Case), which judges each
/// value first. They are values of that chain, and of one that has the same parameters (the same
/// folder read again).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Values {
    /// Numbers in SI; compositions take one a species.
    pub(crate) numbers: List<Number, f64>,
    /// Whether the number in the same place is known.
    pub(crate) known: List<Number, bool>,
    /// What the number in the same place is said by, of what a supply offers.
    pub(crate) bases: List<Number, Basis>,
    /// Choices and flags; of a composition, the species that takes up the balance (one past the
    /// last for none).
    pub(crate) choices: Choices,
    /// Filling orders.
    pub(crate) orders: List<Order, Vec<Vec<usize>>>,
    /// What was set on top of the chain's own values, as written.
    pub(crate) overrides: Vec<(ParameterId, Value)>,
    /// Which parameters were, a bit each, from the lowest of the first number on.
    set: Vec<u64>,
    /// Sums that compositions were divided by, where that was more than rounding.
    pub(crate) sums: BTreeMap<ParameterId, f64>,
}

impl Values {
    /// Values in which nothing is stored yet.
    pub(crate) fn new(slots: Slots) -> Self {
        Self {
            numbers: List::filled(slots.numbers, 0.0),
            known: List::filled(slots.numbers, true),
            bases: List::filled(slots.numbers, Basis::Moles),
            choices: List::filled(slots.choices, 0),
            orders: List::filled(slots.orders, Vec::new()),
            overrides: Vec::new(),
            set: Vec::new(),
            sums: BTreeMap::new(),
        }
    }

    /// Value of a number parameter in SI, of what a supply offers in what `parameter` is said by;
    /// `None` for one that is unknown or said otherwise, and for other kinds.
    pub(crate) fn number(&self, parameter: &PlacedParameter) -> Option<f64> {
        let at = parameter.slot.number()?;
        (self.known[at] && self.bases[at] == parameter.kind.basis()).then(|| self.numbers[at])
    }

    /// Stores what a parameter accepted, and the sum that a composition was divided by.
    pub(crate) fn keep(&mut self, id: ParameterId, slot: Slot, accepted: &Accepted) {
        self.store(slot, accepted);
        if let Accepted::Composition(feed) = accepted {
            match feed.sum {
                Some(sum) => self.sums.insert(id, sum),
                None => self.sums.remove(&id),
            };
        }
    }

    /// What was corrected of compositions because it was asked for.
    pub(crate) fn normalised(&self, chain: &Chain) -> impl Iterator<Item = String> {
        self.sums.iter().map(|(&composition, sum)| {
            let address = &chain.parameters[composition].address;
            format!("{address}: its shares sum to {sum} and were divided by that")
        })
    }

    /// Notes what a parameter was set to, as written: it is the last that was.
    pub(crate) fn note(&mut self, parameter: ParameterId, value: Value) {
        // most are set once, and one is found only by going through all
        if self.is_set(parameter) {
            self.overrides.retain(|(other, _)| *other != parameter);
        }
        self.mark(parameter);
        self.overrides.push((parameter, value));
    }

    /// Notes that a parameter is set, to what varies.
    pub(crate) fn mark(&mut self, parameter: ParameterId) {
        let (word, bit) = (parameter.index() / 64, parameter.index() % 64);
        if self.set.len() <= word {
            self.set.resize(word + 1, 0);
        }
        self.set[word] |= 1 << bit;
    }

    /// Notes that a parameter is not set: it has the chain's own value.
    pub(crate) fn unmark(&mut self, parameter: ParameterId) {
        let (word, bit) = (parameter.index() / 64, parameter.index() % 64);
        if let Some(word) = self.set.get_mut(word) {
            *word &= !(1 << bit);
        }
        self.overrides.retain(|(other, _)| *other != parameter);
    }

    /// Whether a parameter was set.
    pub(crate) fn is_set(&self, parameter: ParameterId) -> bool {
        let (word, bit) = (parameter.index() / 64, parameter.index() % 64);
        self.set.get(word).is_some_and(|word| word >> bit & 1 == 1)
    }

    /// Stores what a parameter accepted in the slot that is its own.
    pub(crate) fn store(&mut self, slot: Slot, accepted: &Accepted) {
        match (slot, accepted) {
            (Slot::Number(at), Accepted::Number(value)) => {
                self.numbers[at] = value.unwrap_or(0.0);
                self.known[at] = value.is_some();
                self.bases[at] = Basis::Moles;
            }
            (Slot::Number(at), &Accepted::Offer(value, basis)) => {
                (self.numbers[at], self.known[at], self.bases[at]) = (value, true, basis);
            }
            (Slot::Composition(at, balance), Accepted::Composition(feed)) => {
                self.numbers[at].copy_from_slice(&feed.mole_fractions);
                self.choices[balance] = feed.balance.unwrap_or(feed.mole_fractions.len());
            }
            (Slot::Choice(at), Accepted::Choice(index)) => self.choices[at] = *index,
            (Slot::Order(at), Accepted::Order(groups)) => self.orders[at].clone_from(groups),
            // slot and accepted value both follow from the parameter's kind
            (slot, accepted) => unreachable!("{slot:?} for {accepted:?}"),
        }
    }
}
