//! Judging values: whether one fits its parameter, and if not, every way in which it does not.

use super::{Accepted, ParameterKind, Value};
use crate::document::csv::number::flag;
use crate::fault::FaultKind;
use crate::quantity::{Dimension, Quantity, QuantityError, ReferenceConditions, Unit};

impl ParameterKind {
    /// Judges a value.
    ///
    /// # Errors
    /// Every way in which it does not fit, each naming what was got and what is allowed.
    pub(crate) fn accept(&self, value: &Value) -> Result<Accepted, Vec<FaultKind>> {
        match self {
            Self::Number { none: Some(none), .. } if matches!(value, Value::Text(text) if text.trim() == *none) => {
                Ok(Accepted::Number(None))
            }
            &Self::Number { unit, low, high, whole, .. } => {
                accept_number(value, unit, low, high, whole)
                    .map(|number| Accepted::Number(Some(number)))
                    .map_err(|fault| vec![fault])
            }
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
            Self::Composition { rows, species } => accept_composition(value, rows, species),
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
                let names: Vec<&str> = rows.iter().map(|(name, _)| name.as_str()).collect();
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

/// The fault that a quantity's error is, for a parameter of dimension `wanted`.
fn quantity_fault(text: &str, error: &QuantityError, wanted: Dimension) -> FaultKind {
    match error {
        QuantityError::NotANumber { .. } => FaultKind::Unreadable {
            got: text.to_owned(),
            allowed: format!("{wanted}, such as \"{}\"", wanted.example()),
        },
        QuantityError::NotFinite { .. } => FaultKind::Unreadable {
            got: text.to_owned(),
            allowed: format!("a finite number, such as \"{}\"", wanted.example()),
        },
        error => unit_fault(text, error),
    }
}

/// The fault that a unit is which measures something else than it should.
pub(crate) fn unfit_unit(unit: Unit, wanted: Dimension) -> Option<FaultKind> {
    (unit.dimension() != wanted).then(|| FaultKind::WrongDimension {
        got: unit.to_string(),
        got_dimension: unit.dimension().to_string(),
        allowed: wanted.to_string(),
    })
}

/// The fault that a unit's error is.
pub(crate) fn unit_fault(text: &str, error: &QuantityError) -> FaultKind {
    match error {
        QuantityError::UnknownUnit { got, nearest, .. } => FaultKind::UnknownName {
            what: "unit",
            got: got.clone(),
            nearest: nearest.clone(),
            allowed: Vec::new(),
        },
        QuantityError::UnknownConditions { got } => FaultKind::UnknownName {
            what: "reference conditions",
            got: got.clone(),
            nearest: Vec::new(),
            allowed: ReferenceConditions::NAMED.map(|at| at.to_string()).to_vec(),
        },
        _ => FaultKind::NotAllowed {
            got: format!("\"{text}\""),
            allowed: "reference conditions after a gas volume only".into(),
        },
    }
}

fn accept_number(
    value: &Value,
    unit: Unit,
    low: f64,
    high: f64,
    whole: bool,
) -> Result<f64, FaultKind> {
    let wanted = unit.dimension();
    let allowed = || format!("{wanted}, such as \"{}\"", wanted.example());
    let quantity = match value {
        Value::Text(text) => {
            Quantity::read(text).map_err(|error| quantity_fault(text, &error, wanted))?
        }
        Value::Quantity(quantity) => *quantity,
        other => return Err(unreadable(other, &allowed())),
    };
    if !quantity.fits(wanted) {
        return Err(FaultKind::WrongDimension {
            got: quantity.to_string(),
            got_dimension: if quantity.unit() == Unit::BARE {
                "a number without a unit".into()
            } else {
                quantity.dimension().to_string()
            },
            allowed: allowed(),
        });
    }
    let si = quantity.si();
    if quantity.value().is_finite() && !si.is_finite() {
        let allowed = format!("a finite number, such as \"{}\"", wanted.example());
        return Err(FaultKind::Unreadable { got: quantity.to_string(), allowed });
    }
    if !(low..=high).contains(&si) || !si.is_finite() {
        return Err(FaultKind::OutOfRange {
            got: quantity.to_string(),
            low: show(low, unit),
            high: high.is_finite().then(|| show(high, unit)),
        });
    }
    if whole && si.fract() != 0.0 {
        return Err(FaultKind::Unreadable {
            got: quantity.to_string(),
            allowed: "a whole number".into(),
        });
    }
    Ok(si)
}

/// How far a composition's sum may be from 1.
const COMPOSITION_TOLERANCE: f64 = 1e-6;

fn accept_composition(
    value: &Value,
    rows: &[(String, Vec<f64>)],
    species: &[String],
) -> Result<Accepted, Vec<FaultKind>> {
    let parts = match value {
        Value::Text(name) => {
            let names = || rows.iter().map(|(name, _)| name.as_str());
            return rows
                .iter()
                .find(|(candidate, _)| candidate == name.trim())
                .map(|(_, shares)| Accepted::Composition(shares.clone()))
                .ok_or_else(|| vec![FaultKind::unknown("composition", name, names())]);
        }
        Value::Composition(parts) => parts,
        other => return Err(vec![unreadable(other, "a named row, or mole fractions by species")]),
    };
    let mut faults = Vec::new();
    let mut shares = vec![0.0; species.len()];
    let mut seen = vec![false; species.len()];
    for (name, share) in parts {
        match species.iter().position(|candidate| candidate == name) {
            None => faults.push(FaultKind::unknown("species", name, species)),
            Some(index) if seen[index] => faults.push(FaultKind::Duplicate {
                what: "species",
                name: name.clone(),
                first: None,
            }),
            Some(index) => {
                seen[index] = true;
                shares[index] = *share;
            }
        }
        if !(0.0..=1.0).contains(share) {
            faults.push(FaultKind::OutOfRange {
                got: format!("{name} {share}"),
                low: "0".into(),
                high: Some("1".into()),
            });
        }
    }
    if faults.is_empty() {
        match normalised(&shares) {
            Ok(shares) => return Ok(Accepted::Composition(shares)),
            Err(fault) => faults.push(fault),
        }
    }
    Err(faults)
}

/// Mole fractions divided by their sum.
///
/// # Errors
/// Where the sum is off 1 by more than [`COMPOSITION_TOLERANCE`].
pub(crate) fn normalised(shares: &[f64]) -> Result<Vec<f64>, FaultKind> {
    let sum: f64 = shares.iter().sum();
    if (sum - 1.0).abs() <= COMPOSITION_TOLERANCE {
        Ok(shares.iter().map(|share| share / sum).collect())
    } else {
        Err(FaultKind::CompositionSum { sum: (sum * 1e12).round() / 1e12 })
    }
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
