//! Judging values: whether one fits its parameter, and if not, every way in which it does not.

use super::{Accepted, Basis, ParameterKind, Sense, Sum, Value, composition};
use crate::document::csv::number::flag;
use crate::fault::FaultKind;
use crate::measure::counts_alike;
use crate::quantity::{Meaning, Quantity, QuantityError, Unit, Wanted};

impl ParameterKind {
    /// Judges a value.
    ///
    /// # Errors
    /// Every way in which it does not fit, each naming what was got and what is allowed.
    pub(crate) fn accept(&self, value: &Value) -> Result<Accepted, Vec<FaultKind>> {
        self.accept_summing(value, Sum::Exact)
    }

    /// The same, of which a composition's sum may be off.
    pub(crate) fn accept_summing(
        &self,
        value: &Value,
        sum: Sum,
    ) -> Result<Accepted, Vec<FaultKind>> {
        match self {
            Self::Number { none: Some(none), .. } if matches!(value, Value::Text(text) if text.trim() == *none) => {
                Ok(Accepted::Number(None))
            }
            Self::Number { .. } => accept_number(self, value).map_err(|fault| vec![fault]),
            Self::Choice { allowed, refused } => match value {
                Value::Text(name) => allowed
                    .iter()
                    .position(|candidate| candidate == name.trim())
                    .map(Accepted::Choice)
                    .ok_or_else(|| {
                        let reason = refused.iter().find(|(other, _)| other == name.trim());
                        vec![reason.map_or_else(
                            || not_one_of(name, allowed),
                            |(_, reason)| reason.clone(),
                        )]
                    }),
                other => Err(vec![unreadable(other, &one_of(allowed))]),
            },
            Self::Flag => match value {
                Value::Flag(flag) => Ok(Accepted::Choice(usize::from(*flag))),
                Value::Text(text) => flag(text)
                    .map(|flag| Accepted::Choice(usize::from(flag)))
                    .ok_or_else(|| vec![unreadable(value, "true or false")]),
                other => Err(vec![unreadable(other, "true or false")]),
            },
            Self::Composition { rows, slate } => {
                composition::accept(value, rows, slate, sum).map(Accepted::Composition)
            }
            Self::Order { inlets } => accept_order(value, inlets).map(Accepted::Order),
        }
    }

    /// The allowed values in a few words: a range, a list of names.
    #[must_use]
    pub fn allowed(&self) -> String {
        match self {
            Self::Number { unit, low, high, none, .. } => {
                let range = if high.is_finite() {
                    format!("{} to {}", show(*low, *unit), show(*high, *unit))
                } else {
                    format!("at least {}", show(*low, *unit))
                };
                none.map_or(range.clone(), |none| format!("{range}, or {none}"))
            }
            Self::Choice { allowed, .. } => one_of(allowed),
            Self::Flag => "true or false".into(),
            Self::Composition { rows, .. } => {
                let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
                let listed = if names.is_empty() {
                    String::new()
                } else {
                    format!("one of {}, or ", names.join(", "))
                };
                format!("{listed}mole fractions by species")
            }
            Self::Order { inlets } => {
                format!("each of {} once, joined by \">\" and \"+\"", inlets.join(", "))
            }
        }
    }

    /// What a number may be said in; `None` for what is none.
    pub(crate) fn wanted(&self) -> Option<Wanted> {
        match self {
            Self::Number { unit, sense, .. } => Some(wanted_of(*unit, *sense)),
            _ => None,
        }
    }

    /// What a number is said by; moles for all but what a supply offers otherwise.
    pub(crate) const fn basis(&self) -> Basis {
        match self {
            Self::Number { sense: Sense::OfferBy(basis), .. } => *basis,
            _ => Basis::Moles,
        }
    }

    /// The same number, where all values of what a supply offers are said as in one unit, and shown
    /// in it, but for moles; as it is for every other kind.
    pub(crate) fn said_in(&self, said: Unit) -> Self {
        let mut kind = self.clone();
        if let (Self::Number { unit, low, high, sense, .. }, Some(basis)) =
            (&mut kind, Basis::of(said))
            && *sense == Sense::Offer
        {
            *sense = Sense::OfferBy(basis);
            if basis != Basis::Moles {
                (*unit, *low, *high) = (said, 0.0, f64::INFINITY);
            }
        }
        kind
    }

    /// The unit a number is shown in; empty for all else.
    #[must_use]
    pub fn unit(&self) -> String {
        match self {
            Self::Number { unit, .. } => unit.to_string(),
            _ => String::new(),
        }
    }
}

fn show(si: f64, unit: Unit) -> String {
    Quantity::from_si(si, unit).rounded().to_string()
}

fn one_of(allowed: &[String]) -> String {
    format!("one of {}", allowed.join(", "))
}

fn not_one_of(got: &str, allowed: &[String]) -> FaultKind {
    let unknown = FaultKind::unknown("name", got, allowed);
    match &unknown {
        FaultKind::UnknownName { nearest, .. } if nearest.is_empty() => {
            FaultKind::Unreadable { got: got.to_owned(), allowed: one_of(allowed) }
        }
        _ => unknown,
    }
}

fn unreadable(got: &Value, allowed: &str) -> FaultKind {
    FaultKind::Unreadable { got: got.to_string(), allowed: allowed.to_owned() }
}

/// What a parameter's numbers may be said in.
fn wanted_of(unit: Unit, sense: Sense) -> Wanted {
    let meaning = match sense {
        Sense::Of(meaning) => Some(meaning),
        Sense::Real(meaning) => meaning,
        Sense::OfferBy(Basis::GrossHeat) => Some(Meaning::Gross),
        Sense::OfferBy(Basis::NetHeat) => Some(Meaning::Net),
        Sense::OfferBy(_) | Sense::Plain | Sense::Offer => None,
    };
    Wanted { dimension: unit.dimension(), meaning, offer: sense == Sense::Offer }
}

/// The fault that a quantity's error is, where something is wanted.
fn quantity_fault(text: &str, error: QuantityError, wanted: Wanted) -> FaultKind {
    let example = wanted.dimension.example();
    match error {
        QuantityError::NotANumber { .. } => FaultKind::Unreadable {
            got: text.to_owned(),
            allowed: format!("{wanted}, such as \"{example}\""),
        },
        QuantityError::NotFinite { .. } => FaultKind::Unreadable {
            got: text.to_owned(),
            allowed: format!("a finite number, such as \"{example}\""),
        },
        QuantityError::ConditionsNotAllowed { at: None, .. } => FaultKind::NotAllowed {
            got: format!("\"{text}\""),
            allowed: "reference conditions after a gas volume only".into(),
        },
        error => error.fault(Some(wanted)),
    }
}

/// The fault that a unit is which measures something else than it should.
pub(crate) fn unfit_unit(unit: Unit, wanted: Wanted) -> Option<FaultKind> {
    (!wanted.allows(unit)).then(|| FaultKind::WrongDimension {
        got: unit.to_string(),
        got_dimension: said(unit),
        allowed: wanted.to_string(),
    })
}

/// The fault that a unit is for the numbers of a parameter that is shown in its `own`.
pub(crate) fn unfit_number(unit: Unit, own: Unit, sense: Sense) -> Option<FaultKind> {
    unfit_unit(unit, wanted_of(own, sense))
        .or_else(|| elsewhere(unit, own, sense).then(|| other_conditions(unit.to_string(), own)))
}

/// Whether a unit counts real gas at other conditions than the one that its parameter is shown in.
fn elsewhere(unit: Unit, own: Unit, sense: Sense) -> bool {
    matches!(sense, Sense::Real(_)) && !counts_alike(unit, own)
}

fn other_conditions(got: String, own: Unit) -> FaultKind {
    let allowed = format!("a number in {own}, or in another unit at the same conditions");
    FaultKind::NotAllowed { got, allowed }
}

/// The fault that a unit's error is, where it may be known what it is wanted for.
pub(crate) fn unit_fault(error: QuantityError, wanted: Option<Wanted>) -> FaultKind {
    error.fault(wanted)
}

/// What a unit measures, and what it says beside that.
fn said(unit: Unit) -> String {
    match unit.meaning() {
        Some(meaning) => format!("{} {meaning}", unit.dimension()),
        None => unit.dimension().to_string(),
    }
}

fn accept_number(kind: &ParameterKind, value: &Value) -> Result<Accepted, FaultKind> {
    let &ParameterKind::Number { unit, low, high, whole, sense, .. } = kind else {
        return Err(unreadable(value, &kind.allowed()));
    };
    let wanted = wanted_of(unit, sense);
    let allowed = || format!("{wanted}, such as \"{}\"", wanted.dimension.example());
    let (quantity, written) = match value {
        Value::Text(text) => {
            let read = Quantity::read(text).map_err(|error| quantity_fault(text, error, wanted));
            (read?, text.trim().to_owned())
        }
        Value::Quantity(quantity) => (*quantity, quantity.to_string()),
        other => return Err(unreadable(other, &allowed())),
    };
    let basis =
        matches!(sense, Sense::Offer | Sense::OfferBy(_)).then(|| Basis::of(quantity.unit()));
    let fits = match (sense, basis) {
        (Sense::Offer, Some(basis)) => basis.is_some(),
        (Sense::OfferBy(wanted), Some(basis)) => basis == Some(wanted),
        _ => wanted.allows_quantity(quantity),
    };
    if !fits {
        return Err(FaultKind::WrongDimension {
            got: written,
            got_dimension: if quantity.unit() == Unit::BARE {
                "a number without a unit".into()
            } else {
                said(quantity.unit())
            },
            allowed: allowed(),
        });
    }
    if elsewhere(quantity.unit(), unit, sense) {
        return Err(other_conditions(written, unit));
    }
    let si = quantity.si();
    if quantity.value().is_finite() && !si.is_finite() {
        let example = wanted.dimension.example();
        let allowed = format!("a finite number, such as \"{example}\"");
        return Err(FaultKind::Unreadable { got: written, allowed });
    }
    let by = basis.flatten().filter(|&basis| basis != Basis::Moles);
    // a range in moles cannot be held against what is said in another way before both are known
    let (low, high, unit) = match by {
        Some(_) if sense == Sense::Offer => (0.0, f64::INFINITY, quantity.unit()),
        _ => (low, high, unit),
    };
    if !(low..=high).contains(&si) || !si.is_finite() {
        return Err(FaultKind::OutOfRange {
            got: written,
            low: show(low, unit),
            high: high.is_finite().then(|| show(high, unit)),
        });
    }
    if whole && si.fract() != 0.0 {
        return Err(FaultKind::Unreadable { got: written, allowed: "a whole number".into() });
    }
    Ok(match (by, sense) {
        (Some(basis), Sense::Offer) => Accepted::Offer(si, basis),
        _ => Accepted::Number(Some(si)),
    })
}

fn accept_order(value: &Value, inlets: &[String]) -> Result<Vec<Vec<usize>>, Vec<FaultKind>> {
    let form = "an order, such as \"ethane > propane + butanes\"";
    let Value::Text(text) = value else { return Err(vec![unreadable(value, form)]) };
    if text.split(['>', '+']).any(|name| name.trim().is_empty()) {
        return Err(vec![unreadable(value, form)]);
    }
    let mut faults = Vec::new();
    let mut seen = vec![false; inlets.len()];
    let mut groups = Vec::new();
    for group in text.split('>') {
        let mut members = Vec::new();
        for name in group.split('+').map(str::trim) {
            match inlets.iter().position(|inlet| inlet == name) {
                None => {
                    let kind = FaultKind::unknown("inlet", name, inlets);
                    // an inlet that is misspelt is not missing as well
                    if let Some(likely) = inlets.iter().position(|i| kind.likely() == Some(i)) {
                        seen[likely] = true;
                    }
                    faults.push(kind);
                }
                Some(index) if seen[index] => faults.push(FaultKind::Duplicate {
                    what: "inlet",
                    name: name.to_owned(),
                    first: None,
                }),
                Some(index) => {
                    seen[index] = true;
                    members.push(index);
                }
            }
        }
        groups.push(members);
    }
    for (index, inlet) in inlets.iter().enumerate() {
        if !seen[index] {
            faults.push(FaultKind::Missing { what: "inlet", name: inlet.clone() });
        }
    }
    if faults.is_empty() { Ok(groups) } else { Err(faults) }
}
