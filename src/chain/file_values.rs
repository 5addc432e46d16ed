//! Values in chain files: with their evidence and source, range and unit.

use super::blueprint::{Builder, Setting};
use crate::document::{Entry, Node};
use crate::evidence::{Evidence, Provenance};
use crate::fault::{FaultKind, Place};
use crate::param::Value;
use crate::quantity::{Quantity, Unit};
use crate::stage::config::Config;

/// Entries of a table, in the order of the file.
pub(super) type Entries = Vec<(String, Entry)>;

/// The entries of a table under `key`; none where it is absent.
pub(super) fn table_under(config: &mut Config<'_>, key: &str) -> Entries {
    let Some(entry) = config.take(key) else { return Vec::new() };
    match entry.node {
        Node::Table(entries) => entries,
        node => {
            let got = format!("{key} is {}", node.describe());
            let kind = FaultKind::NotAllowed { got, allowed: "a table".into() };
            config.faults.push(entry.place, kind);
            Vec::new()
        }
    }
}

pub(super) fn unit(config: &mut Config<'_>, text: &str, place: &Place) -> Option<Unit> {
    match Unit::parse(text) {
        Ok(unit) => Some(unit),
        Err(error) => {
            let kind = crate::param::unit_fault(text, &error);
            config.faults.push(place.clone(), kind);
            None
        }
    }
}

/// `evidence` and `source` of a table; assumed where nothing is said.
pub(super) fn provenance(config: &mut Config<'_>) -> Provenance {
    let evidence = config.optional_text("evidence").map(|text| text.parse::<Evidence>());
    let source = config.optional_text("source").unwrap_or_default();
    let evidence = match evidence {
        Some(Ok(evidence)) => evidence,
        Some(Err(kind)) => {
            config.fault(kind);
            Evidence::Assumed
        }
        None => Evidence::Assumed,
    };
    Provenance { evidence, source }
}

/// A value as files write it.
pub(crate) fn value_of(entry: &Entry) -> Result<Value, FaultKind> {
    match &entry.node {
        Node::Text(text) => Ok(Value::Text(text.clone())),
        Node::Number(number) => Ok(Value::Quantity(Quantity::fraction(*number))),
        Node::Flag(flag) => Ok(Value::Flag(*flag)),
        Node::Table(parts) => {
            let mut shares = Vec::new();
            for (species, share) in parts {
                let fraction = match &share.node {
                    Node::Number(number) => Some(*number),
                    Node::Text(text) => text.parse::<Quantity>().ok().map(Quantity::si),
                    _ => None,
                };
                let Some(fraction) = fraction else {
                    return Err(FaultKind::NotAllowed {
                        got: format!("{species} is {}", share.node.describe()),
                        allowed: "a mole fraction, such as 0.92 or \"92 %\"".into(),
                    });
                };
                shares.push((species.clone(), fraction));
            }
            Ok(Value::Composition(shares))
        }
        Node::List(_) => Err(FaultKind::NotAllowed {
            got: "a list".into(),
            allowed: "a text, a number, true or false, or mole fractions by species".into(),
        }),
    }
}

pub(super) fn value(config: &mut Config<'_>, entry: &Entry) -> Option<Value> {
    value_of(entry).map_err(|kind| config.faults.push(entry.place.clone(), kind)).ok()
}

/// `[low, high]` under `range`.
pub(super) fn range(config: &mut Config<'_>) -> Option<(Value, Value)> {
    let entry = config.take("range")?;
    let Node::List(ends) = &entry.node else {
        let got = format!("range is {}", entry.node.describe());
        let kind = FaultKind::NotAllowed { got, allowed: "[low, high]".into() };
        config.faults.push(entry.place, kind);
        return None;
    };
    let [low, high] = &ends[..] else {
        let got = format!("range of {} values", ends.len());
        let kind = FaultKind::NotAllowed { got, allowed: "[low, high]".into() };
        config.faults.push(entry.place, kind);
        return None;
    };
    Some((value(config, low)?, value(config, high)?))
}

/// `address = value`, or `address = { value, range, evidence, source }`.
pub(super) fn read_setting(
    config: &mut Config<'_>,
    builder: &mut Builder,
    address: String,
    entry: Entry,
) {
    let place = entry.place.clone();
    let detailed = matches!(&entry.node, Node::Table(entries)
        if entries.iter().any(|(key, _)| key == "value"));
    let setting = if let (true, Node::Table(entries)) = (detailed, entry.node.clone()) {
        config.inner(entry.place, entries, |inner| {
            let value_entry = inner.take("value")?;
            let range = range(inner);
            let provenance = provenance(inner);
            Some((value(inner, &value_entry)?, range, provenance))
        })
    } else {
        value(config, &entry).map(|value| (value, None, Provenance::assumed()))
    };
    if let Some((value, range, provenance)) = setting {
        builder.settings.push(Setting { address, value, provenance, range, place });
    }
}
