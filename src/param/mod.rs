//! Parameters: what a stage or chain can be told, with unit, range, default and evidence.
//!
//! *In:* a [`Parameter`] and a [`Value`] somebody wrote. *Out:* the value in SI, or the faults
//! that keep it from being one; all of a chain's together are its `Values`. *Order:* `accept`
//! judges a value against its kind, `values` keeps it in its place; `cell` reads those of
//! tables.
//!
//! A stage declares [`Parameter`]s and holds no values. The chain gathers them under full
//! addresses as [`PlacedParameter`]s and keeps the values in `Values`, which every run passes in.

mod accept;
mod cell;
mod composition;
mod offer;
mod values;

pub(crate) use accept::{unfit_number, unfit_unit, unit_fault};
pub(crate) use cell::{cell_value, check_column_unit};
pub use composition::Feed;
pub(crate) use composition::{BELOW_DETECTION, Sum, below_detection, of_shares};
pub use offer::Basis;
pub(crate) use values::Values;
pub(crate) use values::{ChoiceAt, Choices, Number, NumberAt, Order, OrderAt, Slot, Slots};

use crate::evidence::{Evidence, Provenance};
use crate::fault::FaultKind;
use crate::ids::Id;
use crate::quantity::{Meaning, Quantity, Unit};
use crate::species::Slate;
use std::fmt;
use std::sync::Arc;

/// The value of a capacity that is not known: its limit stops nothing.
pub const UNKNOWN: &str = "unknown";

/// The value of a capacity that is what its factors make it, and is not set as a whole.
pub const BY_FACTORS: &str = "by its factors";

/// The value of a share of a composition that is not set by itself.
pub const BY_COMPOSITION: &str = "as the composition has it";

/// The value of a number that nobody gives, where another name is chosen than the one it belongs to.
pub const NOT_GIVEN: &str = "not given";

/// What a number of a parameter is of, where its dimension alone does not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Sense {
    /// Nothing beside its dimension.
    Plain,
    /// A share by moles or by mass, heat gross or net: a unit may repeat it, not contradict it.
    Of(Meaning),
    /// Cubic metres of real gas, or heat of one, gross or net: only in units that count gas at the
    /// conditions of its own. What they are at others is not known before the gas is.
    Real(Option<Meaning>),
    /// What a supply offers: in any dimension of a flow of gas, of which its composition makes
    /// moles. Heat is gross unless `net` is said.
    Offer,
    /// What a supply offers, where all values are said in one way.
    OfferBy(Basis),
}

/// What a parameter can be.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ParameterKind {
    /// A quantity between `low` and `high` (in SI), shown in `unit`.
    Number {
        /// Unit it is shown in; its dimension is the parameter's.
        unit: Unit,
        /// Lowest allowed value, SI.
        low: f64,
        /// Highest allowed value, SI.
        high: f64,
        /// The word for having no number, where it may: [`UNKNOWN`] for capacities,
        /// [`BY_FACTORS`] for one that is a product of other parameters, [`NOT_GIVEN`] for one that
        /// belongs to a name of a choice.
        none: Option<&'static str>,
        /// Whether only whole numbers are values: casings in series, pieces of a calculation. A
        /// count of what is in service may be a mean over the year: 5.33 trains.
        whole: bool,
        /// What the number is of, where its dimension does not tell.
        sense: Sense,
    },
    /// One of several names.
    Choice {
        /// The names.
        allowed: Vec<String>,
        /// Names that exist and may not be chosen, with the reason.
        refused: Vec<(String, FaultKind)>,
    },
    /// True or false.
    Flag,
    /// Shares of the slate: a named row, or shares by species.
    Composition {
        /// Named rows.
        rows: Vec<Feed>,
        /// The species, in the order of streams.
        slate: Arc<Slate>,
    },
    /// The order in which inlets are filled: `"ethane > propane + butanes"`.
    Order {
        /// The inlets, each of which an order names once.
        inlets: Vec<String>,
    },
}

/// A parameter as a stage or chain declares it.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Name within its stage: `ethane` of `gpp.ngl.ethane`.
    pub name: String,
    /// What it is, in a sentence.
    pub about: String,
    /// What it can be.
    pub kind: ParameterKind,
    /// Value where nobody sets one; without it a chain must set the parameter.
    pub default: Option<Value>,
    /// Where that value comes from.
    pub provenance: Provenance,
    /// What it belongs to, where it is given with one name of a choice only.
    pub(crate) belongs: Option<Belongs>,
}

/// A choice of the same stage, and the name of it with which a number is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Belongs {
    pub choice: String,
    pub name: String,
}

impl fmt::Display for Belongs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = \"{}\"", self.choice, self.name)
    }
}

impl Parameter {
    /// A quantity shown in `unit`, between `low` and `high` in that unit.
    #[must_use]
    pub fn number(name: &str, about: &str, unit: Unit, low: f64, high: f64) -> Self {
        let kind = ParameterKind::Number {
            unit,
            low: unit.to_si(low),
            high: unit.to_si(high),
            none: None,
            whole: false,
            sense: Sense::Plain,
        };
        Self::of(name, about, kind)
    }

    pub(crate) fn of(name: &str, about: &str, kind: ParameterKind) -> Self {
        let (evidence, source) = (Evidence::Assumed, "the kind's default".into());
        let provenance = Provenance { evidence, source };
        let (name, about) = (name.into(), about.into());
        Self { name, about, kind, default: None, provenance, belongs: None }
    }

    /// A whole number.
    #[must_use]
    pub fn whole(name: &str, about: &str, low: f64, high: f64) -> Self {
        let mut spec = Self::number(name, about, Unit::UNITS, low, high);
        if let ParameterKind::Number { whole, .. } = &mut spec.kind {
            *whole = true;
        }
        spec
    }

    /// A fraction between 0 and 1, shown in percent.
    #[must_use]
    pub fn fraction(name: &str, about: &str) -> Self {
        Self::number(name, about, Unit::PERCENT, 0.0, 100.0)
    }

    /// One of several names.
    #[must_use]
    pub fn choice<I>(name: &str, about: &str, names: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        let allowed = names.into_iter().map(Into::into).collect();
        Self::of(name, about, ParameterKind::Choice { allowed, refused: Vec::new() })
    }

    /// True or false.
    #[must_use]
    pub fn flag(name: &str, about: &str) -> Self {
        Self::of(name, about, ParameterKind::Flag)
    }

    /// A composition over the species of a slate: mole fractions that sum to 1.
    #[must_use]
    pub fn composition(name: &str, about: &str, slate: &Slate) -> Self {
        let slate = Arc::new(slate.clone());
        Self::of(name, about, ParameterKind::Composition { rows: Vec::new(), slate })
    }

    /// The same number, which is of something that its dimension does not tell; of what is no
    /// number, nothing changes.
    #[must_use]
    pub const fn in_sense(mut self, of: Sense) -> Self {
        if let ParameterKind::Number { sense, .. } = &mut self.kind {
            *sense = of;
        }
        self
    }

    /// The same number between other ends, in the unit it is shown in; of what is no number,
    /// nothing changes.
    #[must_use]
    pub fn range(mut self, ends: std::ops::RangeInclusive<f64>) -> Self {
        if let ParameterKind::Number { unit, low, high, .. } = &mut self.kind {
            (*low, *high) = (unit.to_si(*ends.start()), unit.to_si(*ends.end()));
        }
        self
    }

    /// The same number, which belongs to one name of a choice of its stage: with that it has to be
    /// given, and with another it is not. A chain that gives it with another, or not with its own,
    /// has a fault; where a scenario chooses another name, the chain's own number waits.
    ///
    /// ```
    /// use gaschain::param::Parameter;
    /// use gaschain::quantity::Unit;
    /// let mode = Parameter::choice("mode", "what decides how much", ["share", "duty"]);
    /// let duty = Parameter::number("duty", "heat wanted", Unit::MEGAWATT, 0.0, 100.0);
    /// let duty = duty.only_with("mode", "duty");
    /// assert_eq!(duty.kind.allowed(), "0 MW to 100 MW, or not given");
    /// # let _ = mode;
    /// ```
    #[must_use]
    pub fn only_with(mut self, choice: &str, name: &str) -> Self {
        if let ParameterKind::Number { none, .. } = &mut self.kind {
            *none = Some(NOT_GIVEN);
            self.default = Some(NOT_GIVEN.into());
            self.belongs = Some(Belongs { choice: choice.to_owned(), name: name.to_owned() });
        }
        self
    }

    /// The same parameter with a default.
    #[must_use]
    pub fn or(mut self, default: impl Into<Value>) -> Self {
        self.default = Some(default.into());
        self
    }

    /// The same parameter, with where its default comes from.
    #[must_use]
    pub fn with_provenance(mut self, provenance: Provenance) -> Self {
        self.provenance = provenance;
        self
    }
}

/// A value as a person or program gives it, before the parameter it is for has judged it.
///
/// ```
/// let mut case = gaschain::amur::chain().case();
/// case.set("gpp.trains", 5.33)?; // a count, or a fraction
/// case.set("heihe.demand", "36 bcm/yr")?;
/// case.set("bypass.open", true)?;
/// case.set("kovykta.composition", [("methane", 0.93), ("ethane", 0.05), ("helium", 0.02)])?;
/// # Ok::<(), gaschain::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// A quantity with its unit (a bare number is a fraction or a count).
    Quantity(Quantity),
    /// A text: a quantity with its unit, `unknown`, a name, an order.
    Text(String),
    /// True or false.
    Flag(bool),
    /// Mole fractions by species.
    Composition(Vec<(String, f64)>),
    /// Mass fractions by species.
    MassComposition(Vec<(String, f64)>),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Quantity(Quantity::fraction(number))
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<Quantity> for Value {
    fn from(quantity: Quantity) -> Self {
        Self::Quantity(quantity)
    }
}

/// A composition: a share each for some species.
impl<N: Into<String>, const COUNT: usize> From<[(N, f64); COUNT]> for Value {
    fn from(shares: [(N, f64); COUNT]) -> Self {
        shares.into_iter().collect()
    }
}

/// A composition: a share each for some species.
impl<N: Into<String>> FromIterator<(N, f64)> for Value {
    fn from_iter<I: IntoIterator<Item = (N, f64)>>(shares: I) -> Self {
        Self::Composition(shares.into_iter().map(|(name, share)| (name.into(), share)).collect())
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Quantity(quantity) => write!(f, "{quantity}"),
            Self::Text(text) => f.write_str(text),
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::Composition(parts) => {
                let parts: Vec<String> =
                    parts.iter().map(|(name, share)| format!("{name} {share}")).collect();
                f.write_str(&parts.join(", "))
            }
            Self::MassComposition(parts) => {
                let percent = |share: f64| Quantity::from_si(share, Unit::MASS_PERCENT).rounded();
                let parts: Vec<String> = parts
                    .iter()
                    .map(|(name, share)| format!("{name} {}", percent(*share)))
                    .collect();
                f.write_str(&parts.join(", "))
            }
        }
    }
}

/// A value that its parameter has accepted, in SI and over the slate.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Accepted {
    /// SI value, or `None` for unknown.
    Number(Option<f64>),
    /// What a supply offers, in the SI unit of what it is said by.
    Offer(f64, Basis),
    /// Index into the allowed names; 0 and 1 for a flag.
    Choice(usize),
    /// Mole fractions over the slate, summing to 1.
    Composition(Feed),
    /// Groups of inlet indices, in filling order.
    Order(Vec<Vec<usize>>),
}

impl Accepted {
    /// The same for equal values of one parameter and for no others, to be looked up.
    pub(crate) fn key(&self) -> Vec<u64> {
        // nothing is not less than nothing
        let bits = |number: &f64| (number + 0.0).to_bits();
        match self {
            Self::Number(number) => number.iter().map(bits).collect(),
            Self::Offer(number, basis) => vec![bits(number), *basis as u64],
            Self::Choice(index) => vec![*index as u64],
            Self::Composition(feed) => {
                let balance = feed.balance.map(|species| species as u64);
                feed.mole_fractions.iter().map(bits).chain(balance).collect()
            }
            Self::Order(groups) => {
                let group = |group: &Vec<usize>| -> Vec<u64> {
                    group.iter().map(|&inlet| inlet as u64).chain([u64::MAX]).collect()
                };
                groups.iter().flat_map(group).collect()
            }
        }
    }
}

/// A parameter of a chain: its full address, what it can be, its value in this chain, and where
/// that value comes from.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PlacedParameter {
    /// Full address: `gpp.ngl.ethane`.
    pub address: String,
    /// What it is, in a sentence.
    pub about: String,
    /// What it can be.
    pub kind: ParameterKind,
    /// The chain's own value, as written.
    pub value: Value,
    /// Where that value comes from.
    pub provenance: Provenance,
    /// Where its value lies in [`Values`].
    pub(crate) slot: Slot,
}

/// The place of a parameter among all of a chain.
pub(crate) type ParameterId = Id<PlacedParameter>;

/// Evidence of a value that a scenario put in place of the chain's own.
pub(crate) fn scenario_provenance() -> Provenance {
    Provenance { evidence: Evidence::Scenario, source: "set by the scenario".into() }
}
