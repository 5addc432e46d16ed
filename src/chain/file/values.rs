//! Values in chain files: with their evidence and source, range and unit.

use crate::chain::build::{Builder, Setting};
use crate::document::{Entry, Node};
use crate::evidence::{Evidence, Provenance};
use crate::fault::{FaultKind, Place};
use crate::measure::Measure;
use crate::param::{BELOW_DETECTION, Value, below_detection, of_shares, unit_fault};
use crate::quantity::{Dimension, Quantity, Unit};
use crate::species::Slate;
use crate::stage::Config;

/// Entries of a table, in the order of the file.
pub(in crate::chain) type Entries = Vec<(String, Entry)>;

/// The entries of a table under `key`; none where it is absent.
pub(in crate::chain) fn table_under(config: &mut Config<'_>, key: &str) -> Entries {
    let entry = config.take(key);
    entry.and_then(|entry| config.as_table(key, entry)).unwrap_or_default()
}

pub(in crate::chain) fn unit(config: &mut Config<'_>, text: &str, place: &Place) -> Option<Unit> {
    match Unit::read(text) {
        Ok(unit) => Some(unit),
        Err(error) => {
            config.faults.push(place.clone(), unit_fault(error, None));
            None
        }
    }
}

/// `evidence` and `source` of a table; assumed where nothing is said.
pub(in crate::chain) fn provenance(config: &mut Config<'_>) -> Provenance {
    let mut evidence = Evidence::Assumed;
    if let Some((text, place)) = config.placed_text("evidence") {
        match Evidence::read(&text) {
            Ok(known) => evidence = known,
            Err(kind) => config.faults.push(place, kind),
        }
    }
    Provenance { evidence, source: config.optional_text("source").unwrap_or_default() }
}

/// What a share of a composition can be.
const SHARE: &str = "a mole fraction, such as 0.92 or \"92 %\"";

/// A value as files write it.
pub(crate) fn value_of(entry: &Entry) -> Result<Value, FaultKind> {
    match &entry.node {
        Node::Text(text) => Ok(Value::Text(text.clone())),
        Node::Number(number) => Ok(Value::Quantity(Quantity::fraction(*number))),
        Node::Flag(flag) => Ok(Value::Flag(*flag)),
        Node::Table(parts) => {
            let mut shares = Vec::new();
            for (species, share) in parts {
                let refused = |got: &str, allowed: &str| FaultKind::NotAllowed {
                    got: format!("{species} is {got}"),
                    allowed: allowed.to_owned(),
                };
                let share = match &share.node {
                    Node::Number(number) => Quantity::fraction(*number),
                    Node::Text(text) if below_detection(text) => {
                        return Err(refused(&format!("\"{text}\""), BELOW_DETECTION));
                    }
                    Node::Text(text) => Quantity::read(text)
                        .ok()
                        .filter(|share| share.fits(Dimension::Fraction))
                        .ok_or_else(|| refused(&format!("\"{text}\""), SHARE))?,
                    node => return Err(refused(node.describe(), SHARE)),
                };
                shares.push((species.clone(), share));
            }
            of_shares(shares)
        }
        Node::List(_) | Node::Other(_) => Err(FaultKind::NotAllowed {
            got: format!("the value is {}", entry.node.describe()),
            allowed: "a text, a number, true or false, or mole fractions by species".into(),
        }),
    }
}

pub(in crate::chain) fn value(
    config: &mut Config<'_>,
    entry: &Entry,
    address: &str,
) -> Option<Value> {
    let place = entry.place.clone().at_address(address);
    value_of(entry).map_err(|kind| config.faults.push(place, kind)).ok()
}

/// `[low, high]` under `range`, with its place.
pub(in crate::chain) fn range(
    config: &mut Config<'_>,
    address: &str,
) -> Option<(Value, Value, Place)> {
    let entry = config.take("range")?;
    let Node::List(ends) = &entry.node else {
        let got = format!("range is {}", entry.node.describe());
        let kind = FaultKind::NotAllowed { got, allowed: "[low, high]".into() };
        config.faults.push(entry.place, kind);
        return None;
    };
    let [low, high] = &ends[..] else {
        let got = format!("range is a list of {}", ends.len());
        let kind = FaultKind::NotAllowed { got, allowed: "[low, high]".into() };
        config.faults.push(entry.place, kind);
        return None;
    };
    Some((value(config, low, address)?, value(config, high, address)?, entry.place))
}

/// A measure by name, with its fault where the name stands.
pub(in crate::chain) fn measure(
    config: &mut Config<'_>,
    text: &str,
    place: Place,
    slate: &Slate,
) -> Option<Measure> {
    Measure::read(text, slate).map_err(|kind| config.faults.push(place, kind)).ok()
}

/// `address = value`, or `address = { value, range, evidence, source }`.
pub(in crate::chain) fn read_setting(
    config: &mut Config<'_>,
    builder: &mut Builder,
    address: String,
    entry: Entry,
) {
    let place = entry.place.clone();
    let detailed = matches!(&entry.node, Node::Table(entries)
        if entries.iter().any(|(key, _)| key == "value"));
    if !detailed && address.rsplit('.').next() != Some("composition") {
        // unquoted: units = 3 under helium is helium.units = 3
        if let Node::Table(entries) = entry.node {
            for (rest, entry) in entries {
                read_setting(config, builder, format!("{address}.{rest}"), entry);
            }
            return;
        }
    }
    let setting = if let (true, Node::Table(entries)) = (detailed, entry.node.clone()) {
        config.inner(entry.place, entries, |inner| {
            let value_entry = inner.take("value")?;
            let range = range(inner, &address);
            let provenance = provenance(inner);
            Some((value(inner, &value_entry, &address)?, range, provenance))
        })
    } else {
        value(config, &entry, &address).map(|value| (value, None, Provenance::assumed()))
    };
    match setting {
        Some((value, range, provenance)) => {
            builder.settings.push(Setting { address, value, provenance, range, place });
        }
        None => builder.broken.push(address),
    }
}
